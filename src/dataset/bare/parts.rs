//! The files of a table: their rows one after another, under the columns that any of them has.

use indexmap::IndexSet;

use super::preset::Preset;
use super::unpack::plain_name;
use super::wish::{Known, Wish};
use super::{Fault, Row, Rows, json, separated};
use crate::dataset::File;
use crate::dataset::lines::{Errors, Places, text_of};
use crate::diagnostic::{Code, Diagnostic};

/// As many columns or files are told by name.
const MOST_TOLD: usize = 6;

/// One file.
struct Part<'a> {
    name: &'a str,
    places: Places<'a>,
    rows: Box<dyn Rows<'a> + 'a>,
    /// The places in the table of its own columns.
    columns: Vec<usize>,
    rejected: Errors,
}

/// All files of a table.
pub(super) struct Parts<'a> {
    files: Vec<Part<'a>>,
    at: usize,
    pub(super) names: IndexSet<String>,
}

impl<'a> Parts<'a> {
    /// The files, or what is wrong with all of one.
    pub(super) fn of(files: &'a [File], known: &Known<'_>, tells_all: bool) -> Result<Self, Vec<Diagnostic>> {
        let (mut parts, mut errors) = (Vec::new(), Vec::new());
        for file in files {
            match Part::of(file, known) {
                Ok(mut part) => {
                    if tells_all {
                        part.rejected.tell_all();
                    }
                    parts.push(part);
                }
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(Self { files: parts, at: 0, names: IndexSet::new() }) } else { Err(errors) }
    }

    /// Goes back to the first row of the first file.
    pub(super) fn rewind(&mut self) {
        self.at = 0;
        self.files.iter_mut().for_each(|part| part.rows.rewind());
    }

    /// The next row, its cells at the places of the table's columns.
    pub(super) fn next(&mut self) -> Option<Result<Row<'a>, Fault>> {
        loop {
            let part = self.files.get_mut(self.at)?;
            let row = part.rows.next();
            let known = part.columns.len();
            part.columns.extend(part.rows.names().iter().skip(known).map(|name| match self.names.get_index_of(name) {
                Some(place) => place,
                None => self.names.insert_full(name.clone()).0,
            }));
            match row {
                None => self.at += 1,
                Some(Ok(mut row)) => {
                    // The places of the first file are those of the table.
                    if self.at > 0 {
                        row.iter_mut().for_each(|(place, _)| *place = part.columns[*place]);
                    }
                    return Some(Ok(row));
                }
                Some(Err(fault)) => return Some(Err(fault)),
            }
        }
    }

    /// Where the value of a column begins in the row just given.
    pub(super) fn place(&self, column: usize) -> usize {
        self.files.get(self.at).map_or(0, |part| {
            let own = part.columns.iter().position(|place| *place == column).unwrap_or(0);
            part.rows.place(own)
        })
    }

    /// The type that the file being read gives a column.
    pub(super) fn wish(&self, column: usize) -> Option<Wish> {
        let part = self.files.get(self.at).or(self.files.last())?;
        part.rows.wish(part.columns.iter().position(|place| *place == column)?)
    }

    /// Tells what is wrong with the row just given; whether more may be told of its file.
    pub(super) fn reject(&mut self, fault: Fault) -> bool {
        let Some(part) = self.files.get_mut(self.at) else { return false };
        let of_rows = part.rows.position(fault.place);
        let (line, column) = of_rows.unwrap_or_else(|| part.places.position(fault.place));
        part.rejected.push(fault.code, line, column, fault.message, fault.help);
        !part.rejected.is_full()
    }

    /// What was told.
    pub(super) fn rejected(&mut self) -> Vec<Diagnostic> {
        let take = |part: &mut Part<'_>| std::mem::replace(&mut part.rejected, Errors::of(part.name)).into_list();
        self.files.iter_mut().flat_map(take).collect()
    }

    /// Which columns only some files have, in a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let lacking = |place: usize| {
            let without = self.files.iter().filter(|part| !part.columns.contains(&place)).map(|part| part.name);
            without.collect::<Vec<_>>()
        };
        let mut notes: indexmap::IndexMap<Vec<&str>, Vec<&str>> = indexmap::IndexMap::new();
        for (place, name) in self.names.iter().enumerate() {
            notes.entry(lacking(place)).or_default().push(name);
        }
        let without = notes.into_iter().filter(|(files, _)| !files.is_empty());
        without
            .map(|(files, columns)| {
                format!("Missing in {}: {}.", several(&files, "files"), several(&columns, "columns"))
            })
            .collect()
    }
}

impl<'a> Part<'a> {
    fn of(file: &'a File, known: &Known<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Errors::of(file.name.as_str());
        if file.bytes.starts_with(b"PAR1") {
            return Self::of_parquet(file);
        }
        let Some(text) = text_of(&file.bytes, &mut errors) else { return Err(errors.into_list()) };
        if text.trim().is_empty() {
            errors.add(Code::EMPTY, 0, 0, "the file is empty");
            return Err(errors.into_list());
        }
        let mut places = Places::of(text);
        match rows_of(&file.name, text, known.preset) {
            Ok(rows) => {
                let rejected = Errors::of(file.name.as_str());
                Ok(Self { name: &file.name, places, rows, columns: Vec::new(), rejected })
            }
            Err(faults) => {
                for fault in faults {
                    let (line, column) = places.position(fault.place);
                    errors.push(fault.code, line, column, fault.message, fault.help);
                }
                Err(errors.into_list())
            }
        }
    }

    #[cfg(feature = "parquet")]
    fn of_parquet(file: &'a File) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Errors::of(file.name.as_str());
        match super::parquet::Records::of(file.bytes.clone()) {
            Ok(rows) => Ok(Self {
                name: &file.name,
                places: Places::of(""),
                rows: Box::new(rows),
                columns: Vec::new(),
                rejected: errors,
            }),
            Err(fault) => {
                errors.push(fault.code, 0, 0, fault.message, fault.help);
                Err(errors.into_list())
            }
        }
    }

    #[cfg(not(feature = "parquet"))]
    fn of_parquet(file: &File) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Errors::of(file.name.as_str());
        let help = Some("build it with the feature `parquet`".to_owned());
        errors.push(Code::UNREADABLE, 0, 0, "this program was built without Parquet", help);
        Err(errors.into_list())
    }
}

fn rows_of<'a>(name: &str, text: &'a str, preset: Option<&Preset>) -> Result<Box<dyn Rows<'a> + 'a>, Vec<Fault>> {
    let ending = plain_name(name).rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let is_json = ["json", "jsonl", "ndjson"].contains(&ending.as_str());
    if let Some(preset) = preset.filter(|_| !is_json) {
        let usual = if ["tsv", "tab"].contains(&ending.as_str()) { b'\t' } else { b',' };
        let by = preset.separator_in(text).unwrap_or(usual);
        if !preset.header {
            let names = preset.places().iter().map(|column| column.name.clone()).collect();
            return Ok(Box::new(separated::Separated::without_header(
                text,
                by,
                names,
                preset.lengths(),
                preset.quotes,
            )));
        }
        let rows = separated::Separated::new(text, by)?;
        return preset.lacking(rows.names()).map_or_else(|| Ok(Box::new(rows) as _), |fault| Err(vec![fault]));
    }
    Ok(match ending.as_str() {
        "json" => Box::new(json::Objects::of_array(text).map_err(|fault| vec![fault])?),
        "jsonl" | "ndjson" => Box::new(json::Objects::of_lines(text)),
        "tsv" | "tab" => Box::new(separated::Separated::new(text, b'\t')?),
        _ => Box::new(separated::Separated::new(text, b',')?),
    })
}

/// Them by name, as far as they are few.
fn several(names: &[&str], what: &str) -> String {
    let told: Vec<String> = names.iter().take(MOST_TOLD).map(|name| format!("`{name}`")).collect();
    match names.len() - told.len() {
        0 => told.join(", "),
        more => format!("{} and {more} more {what}", told.join(", ")),
    }
}
