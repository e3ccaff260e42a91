//! Data to a store: the built-in data set, a folder with a manifest, a bare file. Bytes come in; no path is opened here.

mod about;
mod bare;
mod builder;
mod events;
mod folder;
mod lines;
mod manifest;

pub use bare::read_file;
pub use folder::read_folder;

use crate::store::Store;

/// One file of a data set.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its name, as errors tell it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How a data set is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The column of a bare file that says when; the one called `date`, or the only one of dates, unless named.
    pub date: Option<String>,
    /// The column of a bare file that says what kind of event a row is; the one called `kind` unless named.
    pub kind: Option<String>,
    /// What becomes of a row that is wrong.
    pub on_error: OnError,
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

/// The data set that comes with the program: Vladimir Putin, May to July 2024.
pub fn built_in() -> Store {
    let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.into() };
    let files = vec![
        file("dataset.json", include_str!("putin-2024/dataset.json")),
        file("events.jsonl", include_str!("putin-2024/events.jsonl")),
        file("leaders.jsonl", include_str!("putin-2024/leaders.jsonl")),
        file("places.jsonl", include_str!("putin-2024/places.jsonl")),
    ];
    // A mistake in it is a mistake of the program, which a test would show.
    read_folder("putin-2024", files, &Options::default()).unwrap_or_default().0
}
