//! A bare CSV, TSV, JSON or JSONL file to a store: its columns become fields with inferred types.
//!
//! A type is one that every value of the column has, never that of a sample. A pass over the rows fills the columns with
//! the types seen so far; a value that does not fit widens its column, which a further pass then fills.

mod column;
mod json;
mod separated;

use std::borrow::Cow;

use indexmap::IndexSet;

use super::builder::order_of;
use super::lines::{Errors, Places, did_you_mean, text_of};
use super::{File, OnError, Options};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{About, Field, Store, Table};
use crate::value::{Base, Type};
use column::Column;

/// So many rows are looked at before columns are filled, so that the first full pass is mostly the last.
const FIRST_LOOK: usize = 1000;

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
    /// The names of the columns met so far.
    fn names(&self) -> &IndexSet<String>;
}

/// A bare file to a store, by the ending of its name, and what was wrong with the rows that were skipped.
///
/// # Errors
///
/// What is wrong with the file, at most twenty things; with [`OnError::Skip`], only what is wrong with all of it.
pub fn read_file(file: File, options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut errors = Errors::of(file.name.as_str());
    let Some(text) = text_of(&file.bytes, &mut errors) else { return Err(errors.into_list()) };
    if text.trim().is_empty() {
        errors.add(Code::EMPTY, 0, 0, "the file is empty");
        return Err(errors.into_list());
    }
    let mut places = Places::of(text);
    let mut tell = |errors: &mut Errors, fault: Fault| {
        let (line, column) = places.position(fault.place);
        errors.push(fault.code, line, column, fault.message, fault.help);
    };
    let mut rows = match rows_of(&file.name, text) {
        Ok(rows) => rows,
        Err(faults) => {
            faults.into_iter().for_each(|fault| tell(&mut errors, fault));
            return Err(errors.into_list());
        }
    };
    let skips = options.on_error == OnError::Skip;
    let mut rejected = Errors::of(file.name.as_str());
    if skips {
        rejected.tell_all();
    }
    let mut columns = Vec::new();
    pass(&mut *rows, options, &mut columns, FIRST_LOOK, &mut |_| true);
    columns.iter_mut().for_each(Column::restart);
    let count = pass(&mut *rows, options, &mut columns, usize::MAX, &mut |fault| {
        tell(&mut rejected, fault);
        !rejected.is_full()
    });
    let rejected = rejected.into_list();
    if !skips && !rejected.is_empty() {
        return Err(rejected);
    }
    if count == 0 && rejected.is_empty() {
        errors.add(Code::EMPTY, 0, 0, "the file has no rows");
        return Err(errors.into_list());
    }
    while columns.iter().any(Column::is_stale) {
        for column in &mut columns {
            if column.is_stale() { column.restart() } else { column.is_done = true }
        }
        pass(&mut *rows, options, &mut columns, usize::MAX, &mut |_| true);
    }
    let store = store_of(&file.name, rows.names(), columns, count, options, &mut errors);
    errors.unless((store, rejected))
}

fn rows_of<'a>(name: &str, text: &'a str) -> Result<Box<dyn Rows<'a> + 'a>, Vec<Fault>> {
    let ending = name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    Ok(match ending.as_str() {
        "json" => Box::new(json::Objects::of_array(text).map_err(|fault| vec![fault])?),
        "jsonl" | "ndjson" => Box::new(json::Objects::of_lines(text)),
        "tsv" | "tab" => Box::new(separated::Separated::new(text, b'\t')?),
        _ => Box::new(separated::Separated::new(text, b',')?),
    })
}

/// Gives each row to the columns, until `most` rows are read or `reject` wants no more; and says how many were right.
fn pass(
    rows: &mut dyn Rows<'_>,
    options: &Options,
    columns: &mut Vec<Column>,
    most: usize,
    reject: &mut dyn FnMut(Fault) -> bool,
) -> usize {
    rows.rewind();
    let mut count = 0;
    while count < most
        && let Some(row) = rows.next()
    {
        match row {
            Ok(cells) => {
                if cells.iter().any(|(place, _)| *place >= columns.len()) {
                    let new = rows.names().iter().skip(columns.len());
                    columns.extend(new.map(|name| Column::new(name, options)));
                }
                cells.iter().for_each(|(place, cell)| columns[*place].take(count, cell));
                count += 1;
            }
            Err(fault) => {
                if !reject(fault) {
                    break;
                }
            }
        }
    }
    let new = rows.names().iter().skip(columns.len());
    columns.extend(new.map(|name| Column::new(name, options)));
    columns.iter_mut().for_each(|column| column.fill(count));
    count
}

fn store_of(
    file: &str,
    names: &IndexSet<String>,
    columns: Vec<Column>,
    rows: usize,
    options: &Options,
    errors: &mut Errors,
) -> Store {
    for name in [&options.date, &options.kind].into_iter().flatten().filter(|name| !names.contains(*name)) {
        let help = did_you_mean(name, names.iter().map(String::as_str));
        errors.push(Code::BAD_FIELD, 0, 0, format!("there is no column `{name}`"), help);
    }
    let is_date = |place: &usize| columns[*place].of() == Type::one(Base::Date);
    let date = match options.date.as_ref().and_then(|name| names.get_index_of(name)) {
        Some(place) => {
            if !is_date(&place) {
                let message = format!("the column `{}` is not one of dates", names[place]);
                let other = columns[place].not_a_date().map(|text| format!("`{text}` is not a date"));
                errors.push(Code::BAD_DATE, 0, 0, message, other);
            }
            Some(place)
        }
        None => {
            let mut dates = (0..columns.len()).filter(is_date);
            let named = dates.clone().find(|&place| names[place].eq_ignore_ascii_case("date"));
            named.or_else(|| dates.next().filter(|_| dates.next().is_none()))
        }
    };
    let order = date.and_then(|place| order_of(columns[place].dates()));
    let mut about = About { date: date.map(|place| names[place].clone()), ..About::default() };
    let mut fields = Vec::new();
    for (place, (mut column, name)) in columns.into_iter().zip(names).enumerate() {
        if column.has_times() {
            about.notes.push(format!("The times of day in `{name}` are left out: a date is a day."));
        }
        let end = column.take_ends().map(|ends| {
            let name = if Some(place) == date { "end".to_owned() } else { format!("{name}_end") };
            (name, ends)
        });
        let (of, meaning) = (column.of(), format!("The column `{name}` of the file."));
        fields.push(Field { name: name.clone(), of, meaning, column: column.finish(order.as_deref()) });
        match end {
            Some((end, _)) if names.contains(&end) => {
                about
                    .notes
                    .push(format!("The ends of the intervals in `{name}` are left out: `{end}` is a column too."));
            }
            Some((end, ends)) => {
                let meaning = format!("The ends of the intervals in the column `{name}` of the file.");
                fields.push(Field { name: end, of, meaning, column: ends.finish(order.as_deref()) });
            }
            None => {}
        }
    }
    let stem = file.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next()).unwrap_or("");
    (about.name, about.title) = (stem.to_owned(), stem.to_owned());
    let (name, meaning) = ("events".to_owned(), "The rows of the file.".to_owned());
    let show = fields.iter().map(|field| field.name.clone()).collect();
    let events = Table { name, meaning, rows, domain: None, fields, derived: Vec::new(), show };
    Store { about, tables: vec![events], ..Store::default() }
}
