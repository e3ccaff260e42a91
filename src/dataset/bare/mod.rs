//! A bare CSV, TSV, JSON or JSONL file to a store: its columns become fields with inferred types.
//!
//! A type is one that every value of the column has, never that of a sample. A pass over the rows fills the columns with
//! the types seen so far; a value that does not fit widens its column, which a further pass then fills.

mod coded;
mod column;
mod fields;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod parts;
mod preset;
mod separated;
mod unpack;
mod why;
mod wish;

use std::borrow::Cow;

use indexmap::IndexSet;

use super::lines::Errors;
use super::{File, OnError, Options, PresetChoice};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::Store;
use column::Column;
use parts::Parts;
use unpack::{plain_name, unpack};
use why::shortened;
use wish::{Known, Wish};

pub use preset::Preset;

/// So many rows are looked at before columns are filled, so that the first full pass is mostly the last.
const FIRST_LOOK: usize = 1000;

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

/// The cells of a row, each with the place of its column.
type Row<'a> = Vec<(usize, Cell<'a>)>;

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

/// The rows of a file, which can be read again.
trait Rows<'a> {
    /// The next row. After one that is wrong, the next is the one that follows it.
    fn next(&mut self) -> Option<Result<Row<'a>, Fault>>;
    /// Goes back to the first row.
    fn rewind(&mut self);
    /// Where the value of a column begins in the row just given.
    fn place(&self, column: usize) -> usize;
    /// The line and the column of a place, where it is no byte of a text.
    fn position(&self, _place: usize) -> Option<(usize, usize)> {
        None
    }
    /// The type that the file itself gives a column.
    fn wish(&self, _column: usize) -> Option<Wish> {
        None
    }
    /// The names of the columns met so far.
    fn names(&self) -> &IndexSet<String>;
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
    let mut errors = Vec::new();
    let mut plain = Vec::new();
    for file in files {
        match unpack(file) {
            Ok(file) => plain.push(file),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let skips = options.on_error == OnError::Skip;
    let preset = match &options.preset {
        PresetChoice::Recognised => plain.first().and_then(recognised),
        PresetChoice::Nothing => None,
        PresetChoice::Given(preset) => Some((**preset).clone()),
    };
    let known = Known { options, preset: preset.as_ref() };
    let mut rows = Parts::of(&plain, &known, skips)?;
    let mut columns = Vec::new();
    pass(&mut rows, &known, &mut columns, FIRST_LOOK, false);
    columns.iter_mut().for_each(Column::restart);
    let count = pass(&mut rows, &known, &mut columns, usize::MAX, true);
    let rejected = rows.rejected();
    if !skips && !rejected.is_empty() {
        return Err(rejected);
    }
    let first = plain.first().map_or("", |file| file.name.as_str());
    let mut errors = Errors::of(first);
    if count == 0 && rejected.is_empty() {
        errors.add(Code::EMPTY, 0, 0, "the file has no rows");
        return Err(errors.into_list());
    }
    while columns.iter().any(Column::is_stale) {
        for column in &mut columns {
            if column.is_stale() { column.restart() } else { column.is_done = true }
        }
        pass(&mut rows, &known, &mut columns, usize::MAX, false);
    }
    let mut store = fields::store_of(&plain, &rows.names, columns, count, &known, &mut errors);
    store.about.notes.extend(rows.notes());
    errors.unless((store, rejected))
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

/// Gives each row to the columns, until `most` rows are read, and says how many were right; `tells` what is wrong with the
/// others, as long as more may be told.
fn pass(rows: &mut Parts<'_>, known: &Known<'_>, columns: &mut Vec<Column>, most: usize, tells: bool) -> usize {
    rows.rewind();
    let mut count = 0;
    while count < most
        && let Some(row) = rows.next()
    {
        match row {
            Ok(cells) => {
                if cells.iter().any(|(place, _)| *place >= columns.len()) {
                    add_columns(rows, known, columns);
                }
                let misfit = cells.iter().find_map(|(place, cell)| Some((*place, columns[*place].misfit(cell)?)));
                let Some((place, (text, of))) = misfit else {
                    cells.iter().for_each(|(place, cell)| columns[*place].take(count, cell));
                    count += 1;
                    continue;
                };
                let code = if of == "date" { Code::BAD_DATE } else { Code::BAD_FIELD };
                let message =
                    format!("`{}` in the column `{}` is not of the type {of}", shortened(text), rows.names[place]);
                if tells && !rows.reject(Fault::new(code, rows.place(place), message)) {
                    break;
                }
            }
            Err(fault) => {
                if tells && !rows.reject(fault) {
                    break;
                }
            }
        }
    }
    add_columns(rows, known, columns);
    columns.iter_mut().for_each(|column| column.fill(count));
    count
}

/// Adds the columns that were met since.
fn add_columns(rows: &Parts<'_>, known: &Known<'_>, columns: &mut Vec<Column>) {
    let new = rows.names.iter().enumerate().skip(columns.len());
    columns.extend(new.map(|(place, name)| Column::new(name, known, rows.wish(place))));
}
