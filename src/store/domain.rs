//! A closed set of names: canonical ones by code, and every other name of the same.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::column::ranks;
use crate::value::fold;

/// The values of a symbol, or the entities of a table.
#[derive(Debug, Clone, Default)]
pub struct Domain {
    /// What one of them is: `venue`, `leader`.
    pub name: String,
    /// The table with a row for each, if they are entities.
    pub table: Option<usize>,
    names: Vec<String>,
    meanings: Vec<String>,
    others: Vec<(u32, String)>,
    lookup: IndexMap<String, Vec<u32>, FxBuildHasher>,
    ranks: OnceLock<Vec<u32>>,
}

/// What a name was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The one thing of this name.
    One(u32),
    /// Several things have it.
    Several(Vec<u32>),
    /// Nothing has it.
    Nothing,
}

impl Domain {
    /// A domain without values yet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A domain of the entities of a table, without any yet.
    pub fn of_table(name: &str, table: usize) -> Self {
        Self { table: Some(table), ..Self::new(name) }
    }

    /// Adds a value under its canonical name and gives its code.
    pub fn add(&mut self, name: &str, meaning: &str) -> u32 {
        self.ranks.take();
        self.names.push(name.to_owned());
        self.meanings.push(meaning.to_owned());
        let code = self.names.len() as u32;
        self.index(code, name);
        code
    }

    /// Gives a value another name.
    pub fn alias(&mut self, code: u32, name: &str) {
        self.index(code, name);
        self.others.push((code, name.to_owned()));
    }

    fn index(&mut self, code: u32, name: &str) {
        let codes = self.lookup.entry(fold(name)).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }

    /// What has this name, whatever its case and diacritics; a canonical name goes before all others.
    pub fn find(&self, name: &str) -> Found {
        match self.lookup.get(&fold(name)).map(Vec::as_slice) {
            None | Some([]) => Found::Nothing,
            Some([code]) => Found::One(*code),
            Some(codes) => {
                let folded = fold(name);
                let canonical: Vec<u32> =
                    codes.iter().copied().filter(|&code| fold(self.name_of(code)) == folded).collect();
                match canonical.as_slice() {
                    [code] => Found::One(*code),
                    _ => Found::Several(codes.to_vec()),
                }
            }
        }
    }

    /// The canonical name of a code; empty for none.
    pub fn name_of(&self, code: u32) -> &str {
        (code as usize).checked_sub(1).and_then(|place| self.names.get(place)).map_or("", String::as_str)
    }

    /// What a value means.
    pub fn meaning_of(&self, code: u32) -> &str {
        (code as usize).checked_sub(1).and_then(|place| self.meanings.get(place)).map_or("", String::as_str)
    }

    /// The canonical names, in the order of the codes.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rank of each code in the order of names, folded and then raw; code 1 is the first.
    pub fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| ranks(self.names.iter().map(String::as_str)))
    }

    /// The names of all values other than the canonical ones, as they are written, with their codes.
    pub fn other_names(&self) -> impl Iterator<Item = (u32, &str)> {
        self.others.iter().map(|(code, name)| (*code, name.as_str()))
    }

    /// Every name, folded.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.lookup.keys().map(String::as_str)
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
