//! Data to a store: the data sets that ship, a folder with a manifest, a bare file. Bytes come in; no path is opened here.
//!
//! The columns of a bare CSV, TSV, JSON or JSONL file become the fields of `events`, each of the type that all its values
//! fit:
//!
//! ```
//! use demarche::{dataset::{File, Options, read_file}, diagnostic::Trouble, session::Session, value::days};
//!
//! let bytes = b"date,who,hours\n2024-05-02,Ada,3\n2024-05-09,Grace,2\n".to_vec();
//! let file = File { name: "talks.csv".to_owned(), bytes: bytes.into() };
//! let (store, _) = read_file(file, &Options::default()).map_err(Trouble::from)?;
//! let session = Session::new(store, days(2024, 7, 11))?;
//! let hours: Vec<f64> = session.ask("events since 2024-05-07 | select hours")?.rows_as()?;
//! assert_eq!(hours, [2.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A folder with a manifest, `dataset.json`, has kinds of events, sides, leaders, places and sources too. Its tables are
//! JSON lines: objects, or arrays of values below an array of their names. What is wrong with it is told by file, line and
//! column, all at once:
//!
//! ```
//! use demarche::dataset::{Options, read_folder};
//!
//! let errors = read_folder("empty", Vec::new(), &Options::default()).unwrap_err();
//! assert_eq!(errors[0].message, "the folder has no `dataset.json`");
//! ```

mod about;
mod bare;
mod builder;
mod events;
mod folder;
mod imported;
mod joined;
mod line;
mod lines;
mod manifest;
mod order;
mod progress;
mod prose;
mod words;

pub use bare::{Preset, read_file, read_files};
pub use folder::read_folder;
pub use imported::{IMPORTED, columns_of, open_imported, write_imported};
pub use progress::Progress;

use std::sync::Arc;

use bytes::Bytes;

use crate::store::Store;

/// One file of a data set.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its name, as errors tell it.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// How a data set is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The column of a bare file that says when; the one called `date`, or the only one of dates, unless named.
    pub date: Option<String>,
    /// The column of a bare file that says what kind of event a row is; the one called `kind` unless named.
    pub kind: Option<String>,
    /// The types of columns of a bare file, by their names, instead of those that their values have.
    pub types: Vec<(String, ColumnType)>,
    /// The format of bare files.
    pub preset: PresetChoice,
    /// What becomes of a row that is wrong.
    pub on_error: OnError,
    /// When the columns of bare files are read.
    pub columns: Columns,
    /// How far the reading of bare files is.
    pub progress: Arc<Progress>,
}

/// When the columns are read of Parquet files, which keep them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// All of them at once.
    #[default]
    AtOnce,
    /// Each when a query first asks for it: read, if the files are Parquet, and of other files, all of which is read at once,
    /// put together in the order of the dates. Where a column turns out to be damaged, no query is answered from then on.
    /// Parquet files with types that take converting, options that say types, and rows that may be skipped are read at once.
    WhenAsked,
}

/// By which preset bare files are read.
#[derive(Debug, Clone, Default)]
pub enum PresetChoice {
    /// The one that comes with the program and that the first file fits; without one, types are those that values have.
    #[default]
    Recognised,
    /// None.
    Nothing,
    /// This one.
    Given(Box<Preset>),
}

/// The type of a column of a bare file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Texts as they stand.
    #[default]
    Text,
    /// Integers, with leading zeros or not.
    Int,
    /// Numbers.
    Float,
    /// `true` and `false`, or `1` and `0`.
    Bool,
    /// Dates.
    Date,
    /// Texts joined by `;`.
    List,
}

impl ColumnType {
    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 6] = [
        ("text", Self::Text),
        ("int", Self::Int),
        ("float", Self::Float),
        ("bool", Self::Bool),
        ("date", Self::Date),
        ("list", Self::List),
    ];

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, of)| *of)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, of)| *of == self).map_or("", |(name, _)| name)
    }
}

/// What becomes of a row that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// It is an error, and nothing is read.
    #[default]
    Stop,
    /// It is left out, and told beside the store.
    Skip,
}

/// The names of the data sets that come with the program; the first is the one that [`built_in`] opens.
pub const SHIPPED: [&str; 2] = ["putin-2024", "us-diplomacy"];

/// The data set of this name that comes with the program.
///
/// ```
/// let store = demarche::dataset::shipped("us-diplomacy").unwrap();
/// assert_eq!(store.about.name, "us-diplomacy");
/// assert!(demarche::dataset::shipped("us-weather").is_none());
/// ```
pub fn shipped(name: &str) -> Option<Store> {
    match name {
        "putin-2024" => Some(built_in()),
        "us-diplomacy" => Some(of_texts(
            name,
            [
                ("dataset.json", include_str!("us-diplomacy/dataset.json")),
                ("events.jsonl", include_str!("us-diplomacy/events.jsonl")),
                ("leaders.jsonl", include_str!("us-diplomacy/leaders.jsonl")),
                ("places.jsonl", include_str!("us-diplomacy/places.jsonl")),
                ("countries.jsonl", include_str!("us-diplomacy/countries.jsonl")),
            ],
        )),
        _ => None,
    }
}

/// The data set that opens unless another is named: Vladimir Putin, May to July 2024.
///
/// ```
/// let store = demarche::dataset::built_in();
/// assert_eq!(store.about.name, "putin-2024");
/// assert_eq!(store.tables[demarche::store::EVENTS].name, "events");
/// ```
pub fn built_in() -> Store {
    of_texts(
        "putin-2024",
        [
            ("dataset.json", include_str!("putin-2024/dataset.json")),
            ("events.jsonl", include_str!("putin-2024/events.jsonl")),
            ("leaders.jsonl", include_str!("putin-2024/leaders.jsonl")),
            ("places.jsonl", include_str!("putin-2024/places.jsonl")),
        ],
    )
}

/// A mistake in the texts is a mistake of the program, which a test would show.
fn of_texts<const N: usize>(name: &str, texts: [(&str, &'static str); N]) -> Store {
    let files = texts.map(|(name, text)| File { name: name.to_owned(), bytes: text.into() });
    read_folder(name, files.into(), &Options::default()).unwrap_or_default().0
}
