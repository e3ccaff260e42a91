//! A closed set of names: canonical ones by code, and every other name of the same.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::column::ranks;
use super::text::Texts;
use crate::value::fold;

/// The values of a symbol, or the entities of a table.
#[derive(Debug, Clone, Default)]
pub struct Domain {
    /// What one of them is: `venue`, `leader`.
    pub name: String,
    /// The table with a row for each, if they are entities.
    pub table: Option<usize>,
    names: Texts,
    /// What those mean that have a meaning, by their codes.
    meanings: Vec<(u32, String)>,
    /// The other names, and of which codes they are.
    others: (Vec<u32>, Texts),
    lookup: OnceLock<IndexMap<String, Named, FxBuildHasher>>,
    ranks: OnceLock<Vec<u32>>,
    /// The canonical names for answers to share, made when the first is asked for.
    shared: OnceLock<Vec<Arc<str>>>,
}

/// The codes that have a name.
#[derive(Debug, Clone)]
struct Named {
    first: u32,
    others: Vec<u32>,
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

    /// The domain of these canonical names, in the order of the codes.
    pub fn of_names(name: &str, table: Option<usize>, names: Texts) -> Self {
        Self { table, names, ..Self::new(name) }
    }

    /// Adds a value under its canonical name and gives its code.
    pub fn add(&mut self, name: &str, meaning: &str) -> u32 {
        self.ranks.take();
        self.lookup.take();
        self.shared.take();
        self.names.push(Some(name));
        let code = self.names.len() as u32;
        if !meaning.is_empty() {
            self.meanings.push((code, meaning.to_owned()));
        }
        code
    }

    /// Gives a value another name.
    pub fn alias(&mut self, code: u32, name: &str) {
        self.lookup.take();
        self.others.0.push(code);
        self.others.1.push(Some(name));
    }

    /// The codes of every name, folded; made when it is first asked for.
    fn lookup(&self) -> &IndexMap<String, Named, FxBuildHasher> {
        self.lookup.get_or_init(|| {
            let most = self.names.len() + self.others.0.len();
            let mut lookup: IndexMap<String, Named, _> = IndexMap::with_capacity_and_hasher(most, FxBuildHasher);
            for (code, name) in (1..).zip(self.names()).chain(self.other_names()) {
                let named = lookup.entry(fold(name)).or_insert(Named { first: code, others: Vec::new() });
                if named.first != code && !named.others.contains(&code) {
                    named.others.push(code);
                }
            }
            lookup
        })
    }

    /// What has this name, whatever its case and diacritics; a canonical name goes before all others.
    pub fn find(&self, name: &str) -> Found {
        let folded = fold(name);
        match self.lookup().get(&folded) {
            None => Found::Nothing,
            Some(Named { first, others }) if others.is_empty() => Found::One(*first),
            Some(Named { first, others }) => {
                let mut codes = vec![*first];
                codes.extend_from_slice(others);
                codes.sort_unstable();
                let is_canonical = |code: &u32| fold(self.name_of(*code)) == folded;
                let canonical: Vec<u32> = codes.iter().copied().filter(is_canonical).collect();
                match canonical.as_slice() {
                    [code] => Found::One(*code),
                    _ => Found::Several(codes),
                }
            }
        }
    }

    /// The canonical name of a code; empty for none.
    pub fn name_of(&self, code: u32) -> &str {
        let place = (code as usize).checked_sub(1).filter(|&place| place < self.names.len());
        place.and_then(|place| self.names.get(place)).unwrap_or_default()
    }

    /// The canonical name of a code, to share; empty for none.
    pub fn shared_name(&self, code: u32) -> Arc<str> {
        let shared = self.shared.get_or_init(|| self.names().map(Into::into).collect());
        (code as usize).checked_sub(1).and_then(|place| shared.get(place)).cloned().unwrap_or_default()
    }

    /// What a value means.
    pub fn meaning_of(&self, code: u32) -> &str {
        let place = self.meanings.binary_search_by_key(&code, |(code, _)| *code);
        place.map_or("", |place| &self.meanings[place].1)
    }

    /// The canonical names, in the order of the codes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }

    /// The canonical names as they are stored.
    pub fn texts(&self) -> &Texts {
        &self.names
    }

    /// The rank of each code in the order of names, folded and then raw; code 1 is the first.
    pub fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| ranks(self.names()))
    }

    /// The names of all values other than the canonical ones, as they are written, with their codes.
    pub fn other_names(&self) -> impl Iterator<Item = (u32, &str)> {
        self.others.0.iter().copied().zip(self.others.1.iter())
    }

    /// Every name, folded.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.lookup().keys().map(String::as_str)
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
