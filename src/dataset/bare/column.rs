//! One column of a bare file: the type that its values have so far, and those values in that type.
//!
//! A column is the first of `bool`, `int`, `float`, `date` and `text` that all its values are:
//!
//! - `int` and `float` are spelled as JSON spells numbers, so `007`, `+5` and `1,5` are text. An integer that a float
//!   would change stays text in a column that has fractions too; one beyond 64 bits makes its column text. A fraction
//!   is the nearest 64-bit float.
//! - `bool` is `true` or `false`, in CSV also `True` and `TRUE`.
//! - `date` is ISO 8601-2 (EDTF), and only with a `-` or `/` in it, so that years are numbers. A column called `date`,
//!   or named as the one of dates, may be all years; one whose name says `date` or `day` may be all `20240516`, within
//!   the years 1000 to 2999. A time of day may follow after `T` or a blank; it is dropped. The end of an interval
//!   becomes a column of its own.
//! - A JSON string is a date or a text, never a number.
//! - A JSON array makes a list of its column. In CSV a column of texts is a list if they are joined by `;`: at least one
//!   has a `;`, no part is empty, begins or ends with a blank, or is longer than 64 characters.
//! - An empty cell and `null` are missing. A column of nothing else is text.

use super::Cell;
use super::why::{is_like_a_number, shortened, why_text};
use super::wish::{Known, Wish};
use crate::dataset::builder::Builder;
use crate::store::Column as Stored;
use crate::value::{Base, Date, Edtf, Type, days, parse_edtf};

/// Parts of a joined text are at most so long.
const LONGEST_PART: usize = 64;

/// A column in the making.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was seen")]
pub(super) struct Column {
    /// Whether it holds all its values, and takes no more.
    pub(super) is_done: bool,
    role: Role,
    /// The types that may still be, the first of which all values seen so far have.
    possible: &'static [Base],
    is_seen: bool,
    many: bool,
    joined: Joined,
    has_times: bool,
    not_a_date: Option<String>,
    /// The type of what is built.
    built: Type,
    /// `None` once a value did not fit.
    builder: Option<Builder>,
    ends: Vec<Option<Date>>,
    wish: Option<Wish>,
    seen: Seen,
}

/// What was seen of a column's values, for whoever asks why it has its type.
#[derive(Debug, Default)]
struct Seen {
    /// How many rows have a value.
    values: usize,
    first: Option<String>,
    /// The type that the values before had, and the value that was not of it.
    against: Option<(Base, String)>,
    has_compact_dates: bool,
}

/// What the name of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It is the date of the event.
    Date,
    /// It is some date.
    Day,
    /// It is the kind of the event.
    Kind,
    /// Nothing.
    Other,
}

/// Whether texts are several, joined by `;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    /// Nothing speaks for or against it.
    Unknown,
    /// Some are, and nothing speaks against it.
    Yes,
    /// Some text cannot be.
    No,
}

/// A value read as its column's type.
pub(super) enum Read<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Date(Edtf, bool),
    Text(&'a str),
}

impl Column {
    pub(super) fn new(name: &str, known: &Known<'_>, of_file: Option<Wish>) -> Self {
        let lower = name.to_lowercase();
        let is = |option: Option<&str>, usual: &str| option.map_or(lower == usual, |option| option == name);
        let (role, possible): (_, &[Base]) = if is(known.options.kind.as_deref(), "kind") {
            (Role::Kind, &[Base::Text])
        } else if is(known.date(), "date") {
            (Role::Date, &[Base::Date, Base::Int, Base::Float, Base::Text])
        } else if lower.contains("date") || lower.contains("day") {
            (Role::Day, &[Base::Bool, Base::Date, Base::Int, Base::Float, Base::Text])
        } else {
            (Role::Other, &[Base::Bool, Base::Int, Base::Float, Base::Date, Base::Text])
        };
        let wish = known.wish(name).or(of_file);
        let possible = wish.as_ref().map_or(possible, Wish::bases);
        let built = wish.as_ref().map_or(Type::one(Base::Text), Wish::as_type);
        Self {
            is_done: false,
            role,
            possible,
            is_seen: wish.is_some(),
            many: built.many,
            joined: Joined::Unknown,
            has_times: false,
            not_a_date: None,
            built,
            builder: Some(Builder::new(built)),
            ends: Vec::new(),
            wish,
            seen: Seen::default(),
        }
    }

    /// The first value of a cell that is not of the type wished for, and that type.
    pub(super) fn misfit<'a>(&self, cell: &'a Cell<'_>) -> Option<(&'a str, &'static str)> {
        let wish = self.wish.as_ref()?;
        wish.misfit(cell).map(|text| (text, wish.of.name()))
    }

    /// The type that all values seen so far have.
    pub(super) fn of(&self) -> Type {
        let base = if self.is_seen { self.possible.first().copied().unwrap_or(Base::Text) } else { Base::Text };
        Type { base, many: self.many || base == Base::Text && self.joined == Joined::Yes }
    }

    /// Whether some value did not fit, so that it is to be filled again.
    pub(super) fn is_stale(&self) -> bool {
        self.builder.is_none()
    }

    /// Makes it empty, of the type seen so far.
    pub(super) fn restart(&mut self) {
        self.built = self.of();
        self.builder = Some(Builder::new(self.built));
        self.ends.clear();
        self.seen.values = 0;
    }

    /// What its values are, and why they have their type.
    pub(super) fn described(&self, rows: usize) -> String {
        let Seen { values, first, against, has_compact_dates } = &self.seen;
        let Some(first) = first else { return "no values".to_owned() };
        let missing = rows - values;
        let count = if *values == 1 { "1 value".to_owned() } else { format!("{values} values") };
        let missing = if missing > 0 { format!(", {missing} missing") } else { String::new() };
        let reason = match (self.of().base, against) {
            _ if self.wish.is_some() => String::new(),
            (Base::Text, _) if self.joined == Joined::Yes => "; lists, joined by `;`".to_owned(),
            (Base::Text, Some((base, text))) => format!("; text, as {}", why_text(text, *base)),
            (Base::Date, _) if *has_compact_dates => "; dates as `20240516`".to_owned(),
            _ => String::new(),
        };
        format!("{count}{missing}, the first `{}`{reason}", shortened(first))
    }

    /// Whether it is a date with a time of day, which is dropped.
    pub(super) fn has_times(&self) -> bool {
        self.has_times && self.of().base == Base::Date
    }

    /// The first value that is not a date, of a column that was to be one of dates.
    pub(super) fn not_a_date(&self) -> Option<&str> {
        self.not_a_date.as_deref()
    }

    /// The dates, if it is a column of them.
    pub(super) fn dates(&self) -> &[Option<Date>] {
        self.builder.as_ref().map_or(&[], Builder::dates)
    }

    /// The ends of its intervals, if it has any.
    pub(super) fn take_ends(&mut self) -> Option<Builder> {
        self.ends.resize(if self.ends.is_empty() { 0 } else { self.dates().len() }, None);
        (!self.ends.is_empty()).then(|| Builder::Date(std::mem::take(&mut self.ends)))
    }

    /// What is built, where it is texts.
    pub(super) fn texts(&self) -> &Builder {
        const NONE: &Builder = &Builder::Bool(Vec::new());
        self.builder.as_ref().unwrap_or(NONE)
    }

    /// The column, its rows in the order given.
    pub(super) fn finish(self, order: Option<&[u32]>) -> Stored {
        self.builder.unwrap_or_else(|| Builder::new(self.built)).finish(order)
    }

    /// Makes it so long, by missing values.
    pub(super) fn fill(&mut self, rows: usize) {
        if let Some(builder) = &mut self.builder {
            builder.fill(rows);
        }
    }

    /// Takes the value of a row.
    pub(super) fn take(&mut self, row: usize, cell: &Cell<'_>) {
        if self.is_done {
            return;
        }
        self.fill(row);
        match cell {
            Cell::Missing => return,
            Cell::List(items) => {
                self.seen.values += 1;
                self.many = true;
                items.iter().for_each(|item| self.one(item));
            }
            one => {
                self.seen.values += 1;
                self.one(one);
            }
        }
        if self.built != self.of() {
            self.builder = None;
        } else if let Some(builder) = &mut self.builder {
            builder.end_list();
        }
    }

    fn one(&mut self, cell: &Cell<'_>) {
        let was_seen = std::mem::replace(&mut self.is_seen, true);
        if self.seen.first.is_none() {
            self.seen.first = spelling(cell).map(str::to_owned);
        }
        let read = loop {
            let base = self.possible.first().copied().unwrap_or(Base::Text);
            let found = match &self.wish {
                Some(wish) => wish.read(cell),
                None => read(base, cell, self.role),
            };
            match found.filter(|read| !self.many || !read.is_interval()) {
                Some(read) => break read,
                None if base == Base::Text || self.wish.is_some() => return,
                None => {
                    if base == Base::Date && self.role == Role::Date {
                        self.not_a_date = spelling(cell).map(str::to_owned);
                    }
                    let text = spelling(cell).unwrap_or_default();
                    let is_last = self.seen.against.as_ref().is_none_or(|(_, before)| before != text);
                    if is_last && (was_seen || base == Base::Int && is_like_a_number(text)) {
                        self.seen.against = Some((base, text.to_owned()));
                    }
                    self.possible = &self.possible[1..];
                }
            }
        };
        if let (Read::Text(text), Cell::Plain(_), true) = (&read, cell, self.role != Role::Kind && self.wish.is_none())
        {
            self.joined = self.joined.and(text);
        }
        self.has_times |= matches!(read, Read::Date(_, true));
        if let (Read::Date(..), Some(text)) = (&read, spelling(cell)) {
            self.seen.has_compact_dates |= compact(text).is_some();
        }
        if self.built != self.of() {
            self.builder = None;
        }
        let Some(builder) = &mut self.builder else { return };
        match read {
            Read::Bool(value) => builder.items().truth(value),
            Read::Int(value) => builder.items().int(value),
            Read::Float(value) => builder.items().float(value),
            Read::Text(text) if self.wish.as_ref().is_some_and(Wish::is_list) => {
                let parts = self.wish.iter().flat_map(|wish| wish.parts(text));
                parts.for_each(|part| builder.items().text(part));
            }
            Read::Text(text) if self.joined == Joined::Yes => {
                text.split(';').for_each(|part| builder.items().text(part));
            }
            Read::Text(text) => builder.items().text(text),
            Read::Date(Edtf { start, end }, _) => {
                builder.items().date(start);
                if start != end || !self.ends.is_empty() {
                    self.ends.extend_from_slice(&builder.dates()[self.ends.len()..]);
                    self.ends.pop();
                    self.ends.push(Some(end));
                }
            }
        }
    }
}

impl Joined {
    fn and(self, text: &str) -> Self {
        if self == Self::No || text.len() <= LONGEST_PART && !text.contains(';') {
            return self;
        }
        let fits = |part: &str| !part.is_empty() && part.trim() == part && part.chars().count() <= LONGEST_PART;
        match text.split(';').all(fits) {
            false => Self::No,
            true if text.contains(';') => Self::Yes,
            true => self,
        }
    }
}

impl Read<'_> {
    fn is_interval(&self) -> bool {
        matches!(self, Self::Date(date, _) if date.start != date.end)
    }
}

/// A value as this type, if it is one.
fn read<'a>(base: Base, cell: &'a Cell<'_>, role: Role) -> Option<Read<'a>> {
    match (base, cell) {
        (Base::Bool, Cell::Bool(value)) => Some(Read::Bool(*value)),
        (Base::Bool, Cell::Plain(text)) => match &**text {
            "true" | "True" | "TRUE" => Some(Read::Bool(true)),
            "false" | "False" | "FALSE" => Some(Read::Bool(false)),
            _ => None,
        },
        (Base::Int, Cell::Number(_) | Cell::Plain(_)) => int(spelling(cell)?).map(Read::Int),
        (Base::Float, Cell::Number(_) | Cell::Plain(_)) => float(spelling(cell)?).map(Read::Float),
        (Base::Date, Cell::Number(text)) if role != Role::Other => compact(text).map(|date| Read::Date(date, false)),
        (Base::Date, Cell::Plain(text) | Cell::Text(text)) => date_of(text, role),
        (Base::Text, _) => spelling(cell).map(Read::Text),
        _ => None,
    }
}

/// A single value as it is spelled.
pub(super) fn spelling<'a>(cell: &'a Cell<'_>) -> Option<&'a str> {
    match cell {
        Cell::Plain(text) | Cell::Text(text) => Some(text),
        Cell::Number(text) => Some(text),
        Cell::Bool(value) => Some(if *value { "true" } else { "false" }),
        Cell::Missing | Cell::List(_) => None,
    }
}

/// Whether these digits are spelled as a number's are, without needless zeros.
fn is_whole(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.is_empty()
        && (digits == "0" || !digits.starts_with('0'))
}

pub(super) fn int(text: &str) -> Option<i64> {
    let is_spelled = is_whole(text.strip_prefix('-').unwrap_or(text)) && text != "-0";
    is_spelled.then(|| text.parse().ok()).flatten()
}

pub(super) fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole(whole) || !is_digits(fraction) || !is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
        return None;
    }
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let is_kept = unsigned.contains(['.', 'e', 'E']) || value.abs() < 9_007_199_254_740_992.0;
    is_kept.then_some(value)
}

/// A date that stands where only dates do.
pub(super) fn date(text: &str) -> Option<Read<'static>> {
    date_of(text, Role::Date)
}

/// A date, and whether it has a time of day.
fn date_of(text: &str, role: Role) -> Option<Read<'static>> {
    if let Some(date) = compact(text).filter(|_| role != Role::Other) {
        return Some(Read::Date(date, false));
    }
    let is_marked = text.get(1..).is_some_and(|rest| rest.contains(['-', '/']));
    if role != Role::Date && !is_marked {
        return None;
    }
    match text.split_once(' ') {
        Some((day, time)) => parse_edtf(&format!("{day}T{time}")).map(|date| Read::Date(date, true)),
        None => parse_edtf(text).map(|date| Read::Date(date, text.contains('T'))),
    }
}

/// `20240516`, of the years 1000 to 2999.
fn compact(text: &str) -> Option<Edtf> {
    let is_day = text.len() == 8 && text.starts_with(['1', '2']) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from: usize, to: usize| text[from..to].parse::<i32>().ok();
    let (year, month, day) = if is_day { (number(0, 4)?, number(4, 6)?, number(6, 8)?) } else { return None };
    let day_number = days(year, month.clamp(1, 12), day);
    let date = Date::day(day_number);
    (crate::value::civil(day_number) == (year, month, day)).then_some(Edtf { start: date, end: date })
}
