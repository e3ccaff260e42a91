//! Text, and JSON one object a line: where each value stands, and what is wrong with it.

use std::rc::Rc;
use std::thread;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::line::{Line, Names};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::store::{Domain, Found, in_parts};
use crate::value::{Edtf, parse_edtf};

/// At most so many errors are told of one file.
pub(super) const MOST_ERRORS: usize = 20;

/// So many bytes are worth a thread.
const LARGE: usize = 1 << 20;

/// The errors of one file.
#[derive(Debug)]
pub(super) struct Errors {
    file: String,
    list: Vec<Diagnostic>,
    most: usize,
}

impl Errors {
    pub(super) fn of(file: impl Into<String>) -> Self {
        Self { file: file.into(), list: Vec::new(), most: MOST_ERRORS }
    }

    pub(super) fn add(&mut self, code: Code, line: usize, column: usize, message: impl Into<String>) {
        self.push(code, line, column, message, None);
    }

    pub(super) fn push(
        &mut self,
        code: Code,
        line: usize,
        column: usize,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        if !self.is_full() {
            let mut diagnostic = Diagnostic::in_file(code, &self.file, line, column, message);
            diagnostic.help = help;
            self.list.push(diagnostic);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The lines that something is wrong with.
    pub(super) fn lines(&self) -> std::collections::BTreeSet<usize> {
        self.list.iter().filter_map(|error| error.origin.as_ref().map(|origin| origin.line)).collect()
    }

    /// Adds those of another.
    pub(super) fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// Lets it tell any number.
    pub(super) fn tell_all(&mut self) {
        self.most = usize::MAX;
    }

    /// Them, in the order of the lines.
    pub(super) fn into_list(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|error| error.origin.as_ref().map(|origin| (origin.line, origin.column)));
        self.list
    }

    /// The value if nothing was wrong.
    pub(super) fn unless<T>(self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.list.is_empty() { Ok(value) } else { Err(self.into_list()) }
    }
}

/// The bytes as text, without the mark that some programs put at its start.
pub(super) fn text_of<'a>(bytes: &'a [u8], errors: &mut Errors) -> Option<&'a str> {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let (zero, text) = zero_and_text(bytes);
    let (place, what, from) = match (text, zero) {
        (Some(text), None) => return Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        (Some(_), Some(place)) => (place, "does not stand in text", "utf-16"),
        (None, _) => {
            let good = simdutf8::compat::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            (good, "is not UTF-8", if wide { "utf-16" } else { "latin1" })
        }
    };
    let good = String::from_utf8_lossy(&bytes[..place]);
    let (line, column) = position(good.strip_prefix('\u{feff}').unwrap_or(&good), usize::MAX);
    let message = format!("the byte 0x{:02x} {what}", bytes[place]);
    errors.push(Code::NOT_UTF8, line, column, message, Some(format!("convert it: `iconv -f {from} -t utf-8`")));
    None
}

/// The place of the first zero, and the text if all is UTF-8: only one processor can say that, and of a large file the others
/// look for zeros meanwhile.
fn zero_and_text(bytes: &[u8]) -> (Option<usize>, Option<&str>) {
    let text = || simdutf8::basic::from_utf8(bytes).ok();
    if bytes.len() < LARGE {
        return (zero_in(bytes), text());
    }
    thread::scope(|scope| {
        let zero = scope.spawn(|| zero_in(bytes));
        let text = text();
        (zero.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), text)
    })
}

/// The place of the first zero, which all processors look for.
fn zero_in(bytes: &[u8]) -> Option<usize> {
    let parts = in_parts(bytes.len(), bytes.len(), |part| {
        memchr::memchr(0, &bytes[part.clone()]).map(|place| part.start + place)
    });
    parts.into_iter().flatten().next()
}

/// The lines and columns of places in a text, quick for places that follow one another.
#[derive(Debug)]
pub(super) struct Places<'a> {
    text: &'a str,
    line: usize,
    line_start: usize,
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, line: 1, line_start: 0 }
    }

    /// The line and the column, both from 1, of a byte.
    pub(super) fn position(&mut self, place: usize) -> (usize, usize) {
        let place = (0..=place.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        if place < self.line_start {
            *self = Self::of(self.text);
        }
        while let Some(length) = memchr::memchr(b'\n', &self.text.as_bytes()[self.line_start..place]) {
            self.line += 1;
            self.line_start += length + 1;
        }
        (self.line, self.text[self.line_start..place].chars().count() + 1)
    }
}

/// The line and the column, both from 1, of a place in a text.
pub(super) fn position(text: &str, place: usize) -> (usize, usize) {
    let before = text.get(..place).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.bytes().filter(|&byte| byte == b'\n').count() + 1, before[start..].chars().count() + 1)
}

/// The column in characters for one in bytes, both from 1.
pub(super) fn column_in(line: &str, bytes: usize) -> usize {
    line.char_indices().take_while(|(place, _)| *place + 1 < bytes).count() + 1
}

/// What a JSON error says, without its place.
pub(super) fn json_message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned()
}

/// `did you mean …?`
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).first().map(|name| format!("did you mean `{name}`?"))
}

/// One line that is a JSON object.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) line: usize,
    text: &'a str,
    /// Few enough that to look through them is faster than to hash.
    values: Vec<(Rc<str>, Value)>,
}

/// The records of a file of JSON lines; a line that is none is an error, an empty line is nothing. Where the first line is
/// an array of names, each other line is an array of their values.
pub(super) fn records<'a>(text: &'a str, errors: &mut Errors) -> Vec<Record<'a>> {
    let mut records = Vec::new();
    let mut names: Option<Vec<Rc<str>>> = None;
    let mut keys = Names::default();
    for (place, text) in text.lines().enumerate() {
        let line = place + 1;
        if text.trim().is_empty() {
            continue;
        }
        match keys.line(text) {
            Ok(Line::Object(values)) => records.push(Record { line, text, values }),
            Ok(Line::Array(cells)) if records.is_empty() && names.is_none() => match names_of(&cells) {
                Some(found) => {
                    let twice = found.iter().enumerate().find(|(place, name)| found[..*place].contains(name));
                    if let Some((_, name)) = twice {
                        errors.add(Code::DUPLICATE_ID, line, 1, format!("there are two columns `{name}`"));
                    }
                    names = Some(found);
                }
                None => errors.add(Code::BAD_FIELD, line, 1, "expected a JSON object, or an array of names"),
            },
            Ok(Line::Array(cells)) if names.is_some() => {
                let names = names.as_deref().unwrap_or_default();
                if cells.len() != names.len() {
                    let message = format!("expected {} values, one for each name, found {}", names.len(), cells.len());
                    errors.add(Code::BAD_FIELD, line, 1, message);
                    continue;
                }
                let values = names.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_null()).collect();
                records.push(Record { line, text, values });
            }
            Ok(_) => errors.add(Code::BAD_FIELD, line, 1, "expected a JSON object"),
            Err(error) => {
                let column = column_in(text, error.column());
                errors.add(Code::BAD_JSON, line, column, format!("the line is not JSON: {}", json_message(&error)));
            }
        }
    }
    records
}

/// The names of columns, if all the values are such.
fn names_of(cells: &[Value]) -> Option<Vec<Rc<str>>> {
    cells.iter().map(|cell| cell.as_str().map(Rc::from)).collect()
}

impl Record<'_> {
    /// Takes from another record of the same thing what this one does not say, and all its other names.
    pub(super) fn over(&mut self, other: &Self) {
        for (key, value) in &other.values {
            match (self.values.iter_mut().find(|(own, _)| own == key), value) {
                (Some((_, Value::Array(own))), Value::Array(names)) if &**key == "names" => {
                    own.extend(names.iter().cloned());
                }
                (Some(_), _) => {}
                (None, value) => self.values.push((key.clone(), value.clone())),
            }
        }
    }

    /// The column of a key, or of a text among its values.
    pub(super) fn column(&self, key: &str, text: Option<&str>) -> usize {
        let quote = |text: &str| serde_json::to_string(text).unwrap_or_default();
        // In an array of values no key stands.
        let start = self.text.find(&quote(key));
        let after = start.map_or(0, |start| start + key.len() + 2);
        let found = text.and_then(|text| self.text[after..].find(&quote(text)));
        position(self.text, found.map_or(start.unwrap_or(0), |place| after + place)).1
    }

    /// An error about the value of a key.
    pub(super) fn wrong(&self, errors: &mut Errors, code: Code, key: &str, message: impl Into<String>) {
        errors.add(code, self.line, self.column(key, None), message);
    }

    /// Says which keys are none of `known`.
    pub(super) fn only(&self, errors: &mut Errors, known: &FxHashSet<&str>) {
        for key in self.values.iter().map(|(key, _)| &**key).filter(|key| !known.contains(key)) {
            let help = did_you_mean(key, known.iter().copied());
            let column = self.column(key, None);
            errors.push(Code::BAD_FIELD, self.line, column, format!("there is no field `{key}`"), help);
        }
    }

    /// Whether it has the key, be it with `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.values.iter().any(|(own, _)| &**own == key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(own, _)| &**own == key).map(|(_, value)| value).filter(|value| !value.is_null())
    }

    fn mistyped(&self, errors: &mut Errors, key: &str, expected: &str) {
        self.wrong(errors, Code::BAD_FIELD, key, format!("`{key}` is to be {expected}"));
    }

    pub(super) fn text(&self, errors: &mut Errors, key: &str) -> Option<&str> {
        let text = self.value(key)?.as_str();
        if text.is_none() {
            self.mistyped(errors, key, "a text");
        }
        text
    }

    /// A text that may not be missing.
    pub(super) fn required(&self, errors: &mut Errors, key: &str) -> Option<&str> {
        if self.value(key).is_none_or(|value| value.as_str() == Some("")) {
            let column = if self.has(key) { self.column(key, None) } else { 1 };
            errors.add(Code::BAD_FIELD, self.line, column, format!("`{key}` is missing"));
            return None;
        }
        self.text(errors, key)
    }

    pub(super) fn texts(&self, errors: &mut Errors, key: &str) -> Vec<&str> {
        let items = match self.value(key) {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        items.unwrap_or_else(|| {
            self.mistyped(errors, key, "a list of texts");
            Vec::new()
        })
    }

    pub(super) fn float(&self, errors: &mut Errors, key: &str) -> Option<f64> {
        let number = self.value(key)?.as_f64();
        if number.is_none() {
            self.mistyped(errors, key, "a number");
        }
        number
    }

    pub(super) fn int(&self, errors: &mut Errors, key: &str) -> Option<i64> {
        let number = self.value(key)?.as_i64();
        if number.is_none() {
            self.mistyped(errors, key, "an integer of 64 bits");
        }
        number
    }

    pub(super) fn truth(&self, errors: &mut Errors, key: &str) -> Option<bool> {
        let truth = self.value(key)?.as_bool();
        if truth.is_none() {
            self.mistyped(errors, key, "`true` or `false`");
        }
        truth
    }

    /// The date that `text`, a value of `key`, says.
    pub(super) fn date(&self, errors: &mut Errors, key: &str, text: &str) -> Option<Edtf> {
        let date = parse_edtf(text);
        if date.is_none() {
            let column = self.column(key, Some(text));
            let is_turned =
                text.split_once('/').is_some_and(|(start, end)| parse_edtf(&format!("{end}/{start}")).is_some());
            let message = if is_turned { "ends before it begins" } else { "is not a date" };
            errors.add(Code::BAD_DATE, self.line, column, format!("`{text}` {message}"));
        }
        date
    }

    /// The code of the one thing that `name`, a value of `key`, names in a domain; 0 if it names none.
    pub(super) fn code(&self, errors: &mut Errors, key: &str, name: &str, domain: &Domain) -> u32 {
        find(domain, name).unwrap_or_else(|(message, help)| {
            errors.push(Code::UNKNOWN_ENTITY, self.line, self.column(key, Some(name)), message, help);
            0
        })
    }
}

/// The code of a name, or what is wrong with it and what would help.
pub(super) fn find(domain: &Domain, name: &str) -> Result<u32, (String, Option<String>)> {
    let codes = match domain.find(name) {
        Found::One(code) => return Ok(code),
        Found::Several(codes) => codes,
        Found::Nothing => Vec::new(),
    };
    let what = &domain.name;
    if codes.is_empty() {
        let near = nearest(name, domain.all_names());
        let near = near.first().map(|near| match domain.find(near) {
            Found::One(code) => domain.name_of(code).to_owned(),
            _ => near.clone(),
        });
        return Err((format!("there is no {what} `{name}`"), near.map(|near| format!("did you mean `{near}`?"))));
    }
    let names: Vec<String> = codes.iter().map(|&code| format!("`{}`", domain.name_of(code))).collect();
    Err((format!("`{name}` is the name of more than one {what}"), Some(format!("one of {}", names.join(", ")))))
}
