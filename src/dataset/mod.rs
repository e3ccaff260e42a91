//! Data to a store: the built-in data set, a folder with a manifest, a bare file. Bytes come in; no path is opened here.

mod bare;
mod builder;
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
    read_folder("putin-2024", files).unwrap_or_default()
}
