//! The manual under docs/: its reference is what the records say, its blocks give what it shows, its links lead somewhere.
//!
//! `BLESS=1 cargo test --test manual` writes the reference and the outputs of the guide anew.
#![cfg(feature = "repl")]

#[path = "../shown/mod.rs"]
mod shown;

mod links;
mod reference;

use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src")
}

/// Every page of a folder and of those in it.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    let of = |path: PathBuf| if path.is_dir() { pages(&path) } else { vec![path] };
    let mut found: Vec<PathBuf> = paths.into_iter().flat_map(of).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    found
}

#[test]
fn the_reference_is_what_the_records_say() {
    for page in reference::pages() {
        shown::compare(&folder().join("reference").join(page.file), &shown::real(&page.text));
    }
}

#[test]
fn the_guide_shows_what_is_given() {
    for page in pages(&folder()).into_iter().filter(|page| !page.starts_with(folder().join("reference"))) {
        let text = std::fs::read_to_string(&page).expect("a page is text");
        shown::compare(&page, &shown::real(&text));
    }
}

#[test]
fn every_page_is_in_the_summary_and_every_link_leads_somewhere() {
    let summary = std::fs::read_to_string(folder().join("SUMMARY.md")).expect("there is a summary");
    let listed = links::of(&summary);
    for page in pages(&folder()) {
        let name = page.strip_prefix(folder()).expect("it is in the folder").to_string_lossy().replace('\\', "/");
        assert!(name == "SUMMARY.md" || listed.contains(&name.as_str()), "{name} is not in the summary");
        let text = std::fs::read_to_string(&page).expect("a page is text");
        for link in links::of(&text) {
            links::check(&page, link).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        }
    }
}
