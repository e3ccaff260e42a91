//! A path, or the name of a data set that ships, to the data set.

use std::collections::BTreeSet;
use std::path::Path;

use crate::dataset::{File, Options, SHIPPED, read_file, read_folder, shipped};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::store::Store;

const TABLES: [&str; 7] = [
    "dataset.json",
    "events.jsonl",
    "leaders.jsonl",
    "places.jsonl",
    "countries.jsonl",
    "regions.jsonl",
    "blocs.jsonl",
];

/// The data set in a folder or a file, or the one that ships under this name, and what was wrong with the rows that were
/// skipped.
pub(super) fn open(path: &Path, options: &Options) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let name = path.display().to_string();
    if let Some(store) = (!path.exists()).then(|| shipped(&name)).flatten() {
        return Ok((store, Vec::new()));
    }
    if !path.is_dir() {
        let bytes = read(path)?;
        return read_file(File { name, bytes }, options);
    }
    let mut files = Vec::new();
    for table in TABLES {
        let file = path.join(table);
        if file.exists() {
            files.push(File { name: table.to_owned(), bytes: read(&file)? });
        }
    }
    read_folder(&name, files, options)
}

/// How many rows these speak of: one each in a file, and in a folder as many as there are lines.
pub(super) fn rows(path: &Path, skipped: &[Diagnostic]) -> usize {
    let lines: BTreeSet<_> = skipped.iter().filter_map(|one| Some(one.origin.as_ref()?.line)).collect();
    if path.is_dir() { lines.len() } else { skipped.len() }
}

fn read(path: &Path) -> Result<Vec<u8>, Vec<Diagnostic>> {
    std::fs::read(path).map_err(|error| {
        let (name, message) = (path.display().to_string(), format!("the file cannot be read: {error}"));
        let diagnostic = Diagnostic::in_file(Code::UNREADABLE, &name, 0, 0, message);
        match nearest(&name, SHIPPED).first() {
            Some(near) => vec![diagnostic.help(format!("did you mean `{near}`, which comes with the program?"))],
            None => vec![diagnostic],
        }
    })
}
