//! A bare file as rows that can be read from several places on.

use std::ops::Range;

use bytes::Bytes;
use indexmap::IndexSet;

use super::column::Column;
use super::preset::Preset;
use super::separated::Separated;
use super::unpack::plain_name;
use super::wish::{Known, Wish};
use super::{Cell, Fault, json};
use crate::dataset::File;
use crate::dataset::lines::{Errors, Places, text_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Type;

/// The rows of a file. A place is what its format makes of it: a byte of a text, the number of a row.
pub(super) trait Source: Sync {
    /// Where pieces of about so many bytes begin, the first row first.
    fn pieces(&self, bytes: usize) -> Vec<usize>;
    /// The rows that begin in a piece.
    fn rows(&self, piece: Range<usize>) -> Box<dyn Rows<'_> + '_>;
    /// Fills the columns that the file has, in its order, with all rows of a piece where it keeps them column by column, and
    /// says how many; `None` where rows are to be read.
    fn columns(&self, _piece: &Range<usize>, _columns: &mut [&mut Column]) -> Option<usize> {
        None
    }
    /// The columns, where they are known before any row is read.
    fn names(&self) -> Option<&IndexSet<String>> {
        None
    }
    /// The types of its columns and how many rows it has, where it says them and keeps columns apart.
    fn typed(&self) -> Option<(Vec<Type>, usize)> {
        None
    }
    /// Where the value of a column begins in the row at a place.
    fn place(&self, row: usize, column: &str) -> usize;
    /// The type that the file itself gives a column.
    fn wish(&self, _column: &str) -> Option<Wish> {
        None
    }
    /// The line and the column of a place, where it is no byte of a text.
    fn position(&self, _place: usize) -> Option<(usize, usize)> {
        None
    }
}

/// The rows of a piece, one after another.
pub(super) trait Rows<'a> {
    /// Adds to `cells` one for each column met so far, in their order: those of the next row. After a row that is wrong, and
    /// of which any may have been added, the next is the one that follows it.
    fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<(), Fault>>;
    /// Where the row just given begins.
    fn row(&self) -> usize;
    /// Where the next row begins, or the file ends.
    fn end(&self) -> usize;
    /// The names of the columns met so far.
    fn names(&self) -> &IndexSet<String>;
}

/// A file, its rows, and what is wrong with some of them.
pub(super) struct Opened<'a> {
    pub(super) name: &'a str,
    pub(super) source: Box<dyn Source + 'a>,
    places: Places<'a>,
    pub(super) rejected: Errors,
}

impl<'a> Opened<'a> {
    /// The file's rows, or what is wrong with all of it.
    pub(super) fn of(file: &'a File, known: &Known<'_>) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Errors::of(file.name.as_str());
        if is_parquet(file) {
            return match of_parquet(file.bytes.clone()) {
                Ok(source) => Ok(Self { name: &file.name, source, places: Places::of(""), rejected: errors }),
                Err(fault) => {
                    errors.push(fault.code, 0, 0, fault.message, fault.help);
                    Err(errors.into_list())
                }
            };
        }
        let Some(text) = text_of(&file.bytes, &mut errors) else { return Err(errors.into_list()) };
        if text.trim_start().is_empty() {
            errors.add(Code::EMPTY, 0, 0, "the file is empty");
            return Err(errors.into_list());
        }
        let mut places = Places::of(text);
        match of_text(&file.name, text, known.preset) {
            Ok(source) => Ok(Self { name: &file.name, source, places, rejected: errors }),
            Err(faults) => {
                for fault in faults {
                    let (line, column) = places.position(fault.place);
                    errors.push(fault.code, line, column, fault.message, fault.help);
                }
                Err(errors.into_list())
            }
        }
    }

    /// What was told of its rows.
    pub(super) fn take_rejected(&mut self) -> Vec<Diagnostic> {
        std::mem::replace(&mut self.rejected, Errors::of(self.name)).into_list()
    }

    /// Tells what is wrong with a row.
    pub(super) fn reject(&mut self, fault: Fault) {
        let position = self.source.position(fault.place);
        let (line, column) = position.unwrap_or_else(|| self.places.position(fault.place));
        self.rejected.push(fault.code, line, column, fault.message, fault.help);
    }
}

/// Whether a file is Parquet, by its first bytes.
pub(super) fn is_parquet(file: &File) -> bool {
    file.bytes.starts_with(b"PAR1")
}

#[cfg(feature = "parquet")]
fn of_parquet<'a>(bytes: Bytes) -> Result<Box<dyn Source + 'a>, Fault> {
    Ok(Box::new(super::parquet::Records::of(bytes)?))
}

#[cfg(not(feature = "parquet"))]
fn of_parquet<'a>(_: Bytes) -> Result<Box<dyn Source + 'a>, Fault> {
    let fault = Fault::new(Code::UNREADABLE, 0, "this program was built without Parquet");
    Err(fault.help("build it with the feature `parquet`"))
}

fn of_text<'a>(name: &str, text: &'a str, preset: Option<&Preset>) -> Result<Box<dyn Source + 'a>, Vec<Fault>> {
    let ending = plain_name(name).rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let is_json = ["json", "jsonl", "ndjson"].contains(&ending.as_str());
    if let Some(preset) = preset.filter(|_| !is_json) {
        let usual = if ["tsv", "tab"].contains(&ending.as_str()) { b'\t' } else { b',' };
        let by = preset.separator_in(text).unwrap_or(usual);
        if !preset.header {
            let names = preset.places().iter().map(|column| column.name.clone()).collect();
            return Ok(Box::new(Separated::without_header(text, by, names, preset.lengths(), preset.quotes)));
        }
        let rows = Separated::new(text, by)?;
        let lacking = rows.names().and_then(|names| preset.lacking(names));
        return lacking.map_or_else(|| Ok(Box::new(rows) as _), |fault| Err(vec![fault]));
    }
    Ok(match ending.as_str() {
        "json" => Box::new(json::Array::of(text).map_err(|fault| vec![fault])?),
        "jsonl" | "ndjson" => Box::new(json::Lines::of(text)),
        "tsv" | "tab" => Box::new(Separated::new(text, b'\t')?),
        _ => Box::new(Separated::new(text, b',')?),
    })
}
