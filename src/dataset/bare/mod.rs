//! A bare CSV, TSV, JSON or JSONL file to a store: its columns become fields with inferred types.
//!
//! A type is one that every value of the column has, never that of a sample. A pass over the rows fills the columns with
//! the types seen so far; a value that does not fit widens its column, which a further pass then fills. A pass goes over
//! pieces of the files at the same time (`pieces`), over each of them some rows at a time (`block`).

mod block;
mod coded;
mod column;
mod fields;
mod flat;
mod json;
mod later;
mod marks;
#[cfg(feature = "parquet")]
mod parquet;
mod pieces;
mod preset;
mod read;
mod separated;
mod source;
#[cfg(test)]
mod tests;
mod unpack;
mod why;
mod wish;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::lines::Errors;
use super::{Columns, File, OnError, Options, PresetChoice};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{Store, processors};
use pieces::Table;
use unpack::{plain_name, unpack};
use wish::Known;

pub use preset::Preset;

/// Files are read in pieces of so many bytes, at least and at most.
const PIECE: RangeInclusive<usize> = 2 << 20..=32 << 20;
/// About so many pieces are read by each processor, so that all end at about the same time.
const PIECES: usize = 16;

/// By so much of its start a file's format is recognised.
const START: usize = 1 << 16;

/// One value as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
enum Cell<'a> {
    /// An empty cell, `null`
    Missing,
    /// A cell of CSV or TSV: it may be anything.
    Plain(Cow<'a, str>),
    /// A JSON string.
    Text(Cow<'a, str>),
    /// A JSON number, as it is spelled.
    Number(&'a str),
    /// `true`, `false`
    Bool(bool),
    /// A JSON array.
    List(Vec<Cell<'a>>),
}

impl Cell<'_> {
    /// Whether it has memory of its own.
    fn owns(&self) -> bool {
        matches!(self, Self::Plain(Cow::Owned(_)) | Self::Text(Cow::Owned(_)) | Self::List(_))
    }
}

/// What is wrong with a row, and the byte at which.
#[derive(Debug)]
struct Fault {
    code: Code,
    place: usize,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(code: Code, place: usize, message: impl Into<String>) -> Self {
        Self { code, place, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A bare file to a store, by the ending of its name, and what was wrong with the rows that were skipped.
///
/// # Errors
///
/// What is wrong with the file, at most twenty things; with [`OnError::Skip`], only what is wrong with all of it.
pub fn read_file(file: File, options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    read_files(vec![file], options)
}

/// Bare files to a store, the rows of all in one table. A column that only some of them have is missing in the others.
///
/// ```
/// use demarche::dataset::{File, Options, read_files};
///
/// let file = |name: &str, text: &'static str| File { name: name.to_owned(), bytes: text.into() };
/// let files = vec![file("may.csv", "date,who\n2024-05-02,Ada\n"), file("june.csv", "who,hours,date\nGrace,2,2024-06-06\n")];
/// let (store, _) = read_files(files, &Options::default()).unwrap();
/// assert_eq!(store.tables[0].rows, 2);
/// assert_eq!(store.about.notes, ["Missing in `may.csv`: `hours`."]);
/// ```
///
/// # Errors
///
/// What is wrong with the files, at most twenty things of each; with [`OnError::Skip`], only what is wrong with all of one.
pub fn read_files(files: Vec<File>, options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    read_in_pieces(files, options, (bytes / (PIECES * processors())).clamp(*PIECE.start(), *PIECE.end()))
}

fn read_in_pieces(
    files: Vec<File>,
    options: &Options,
    piece: usize,
) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut plain = Vec::new();
    for file in files {
        match unpack(file, &options.progress) {
            Ok(file) => plain.push(file),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    stopped(plain.first().map_or("", |file| file.name.as_str()), options)?;
    let preset = match &options.preset {
        PresetChoice::Recognised => plain.first().and_then(recognised),
        PresetChoice::Nothing => None,
        PresetChoice::Given(preset) => Some((**preset).clone()),
    };
    let known = Known { options, preset: preset.as_ref() };
    if options.columns == Columns::WhenAsked
        && let Some(store) = later::store_of(&plain, options)
    {
        return Ok((store, Vec::new()));
    }
    let mut table = Table::of(&plain, &known, piece)?;
    let rejected = table.read(&known);
    let first = plain.first().map_or("", |file| file.name.as_str());
    stopped(first, options)?;
    if options.on_error == OnError::Stop && !rejected.is_empty() {
        return Err(rejected);
    }
    let mut errors = Errors::of(first);
    if table.rows == 0 && rejected.is_empty() {
        errors.add(Code::EMPTY, 0, 0, "the file has no rows");
        return Err(errors.into_list());
    }
    let notes = table.notes();
    let mut store = fields::store_of(&plain, &table.names, table.columns, table.rows, &known, &mut errors);
    store.about.notes.extend(notes);
    errors.unless((store, rejected))
}

/// An error if the reading was stopped.
fn stopped(name: &str, options: &Options) -> Result<(), Vec<Diagnostic>> {
    if options.progress.is_stopped() {
        return Err(vec![Diagnostic::in_file(Code::INTERRUPTED, name, 0, 0, "stopped while it was read")]);
    }
    Ok(())
}

/// The preset that the start of a file fits.
fn recognised(file: &File) -> Option<Preset> {
    let name = plain_name(&file.name).to_ascii_lowercase();
    if [".json", ".jsonl", ".ndjson"].iter().any(|ending| name.ends_with(ending)) {
        return None;
    }
    let start = &file.bytes[..file.bytes.len().min(START)];
    let whole = if start.len() < START { start.len() } else { memchr::memrchr(b'\n', start)? };
    let text = std::str::from_utf8(&start[..whole]).ok()?;
    Preset::recognise(text.strip_prefix('\u{feff}').unwrap_or(text))
}
