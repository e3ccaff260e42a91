//! What a query gives to whoever asked: plain cells, a header, notes and citations. Data alone; [`session`](crate::session)
//! makes it and [`render`](crate::render) shows it.

mod description;
mod explanation;
mod picture;
mod rows;

pub use description::{Description, Line};
pub use explanation::{Explanation, Rule, Step};
pub use picture::{Chart, Parts, Picture, Position, Undrawable};
pub use rows::Misfit;

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Trouble;
use crate::store::{Column, Store};
use crate::value::{Date, Duration, Period, Value};

/// The rows that answer a query, and what should be known about them.
///
/// ```
/// use demarche::{answer::Cell, dataset, session::Session, value::days};
///
/// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// let answer = session.ask("meetings since 2024-05-07 | count by venue")?;
/// assert_eq!(answer.columns[0].name, "venue");
/// assert_eq!(answer.rows[0], [Cell::Text("abroad".into()), Cell::Int(12)]);
/// assert_eq!(answer.header.side.as_deref(), Some("Vladimir Putin"));
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<Shown>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// How the rows are told.
    pub header: Header,
    /// What else should be known, a sentence each.
    pub notes: Vec<String>,
    /// The works that the rows cite, by number from 1.
    pub citations: Vec<Citation>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// What its values are: `date`, `leader`, `list of country`.
    pub kind: String,
    /// Whether they are numbers or durations, to be set to the right.
    pub numeric: bool,
}

/// How the rows of an answer are told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Header {
    /// From whose side.
    pub side: Option<String>,
    /// The day up to which the data tells.
    pub as_of: Option<String>,
    /// How many events were left out by their status.
    pub left_out: Vec<(String, usize)>,
    /// How the rows are wished to be drawn.
    pub picture: Option<Picture>,
}

/// A work that rows cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The id in the data, with its paragraph.
    pub id: String,
    /// Its title, publisher, date and address, as far as the data has them.
    pub text: String,
}

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Missing,
    /// A truth.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text or a name, shared with the data where it stands there.
    Text(Arc<str>),
    /// A date, written as ISO 8601-2 has it.
    Date(Date),
    /// An extent of days, written as a query has it.
    Period(Period),
    /// A duration, which can also be had as ISO 8601 writes it.
    Duration(Duration),
    /// Several values.
    List(Vec<Cell>),
}

impl Cell {
    /// The values of a list; any other cell is its own only one, and a missing one is none.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Missing => &[],
            Self::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// The cell that shows a value; its text is shared with the store.
    #[inline]
    pub fn of(store: &Store, value: Value) -> Self {
        match value {
            Value::Missing => Self::Missing,
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Float(value) => Self::Float(value),
            Value::Text(text) => Self::Text(text),
            Value::Coded(domain, code) => Self::Text(store.shared_name(domain, code)),
            Value::Duration(duration) => Self::Duration(duration),
            Value::List(items) => Self::List(items.iter().map(|item| Self::of(store, item.clone())).collect()),
            Value::Date(date) => Self::Date(date),
            Value::Period(period) => Self::Period(period),
        }
    }

    /// The cell that shows the value at a place of a column.
    pub fn at(store: &Store, column: &Column, place: usize) -> Self {
        match column {
            Column::List(starts, items) => {
                let items = (starts[place]..starts[place + 1]).map(|item| Self::at(store, items, item as usize));
                Self::List(items.collect())
            }
            Column::Text(codes, dictionary) => match codes.get(place) {
                0 => Self::Missing,
                code => Self::Text(dictionary.text(code).clone()),
            },
            Column::Coded(domain, codes) => match codes.get(place) {
                0 => Self::Missing,
                code => Self::Text(store.shared_name(*domain, code)),
            },
            _ => Self::of(store, column.value(place)),
        }
    }
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What was expected: the sentence given, or the predicate as it was written.
    pub sentence: String,
    /// Where it stands, and what its sides are.
    pub trouble: Trouble,
    /// The sides of the comparisons that do not hold.
    pub sides: Vec<Side>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// As it was written.
    pub text: String,
    /// What it is.
    pub value: Cell,
    /// The first rows behind it, where it is a query: those that it counts, or gives.
    pub rows: Option<Answer>,
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Bool(value) => value.fmt(formatter),
            Self::Int(value) => value.fmt(formatter),
            Self::Float(value) => {
                let rounded = (value * 1e6).round() / 1e6;
                if value.abs() < 1e9 { rounded.fmt(formatter) } else { value.fmt(formatter) }
            }
            Self::Text(text) => formatter.write_str(text),
            Self::Date(date) => date.fmt(formatter),
            Self::Period(period) => period.fmt(formatter),
            Self::Duration(duration) => duration.fmt(formatter),
            Self::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    formatter.write_str(if place > 0 { ", " } else { "" })?;
                    item.fmt(formatter)?;
                }
                Ok(())
            }
        }
    }
}
