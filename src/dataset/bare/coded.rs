//! Texts of a column to codes of a domain, by the tables of a preset; a text that no table has stays as it is.

use bytes::Bytes;
use indexmap::{IndexMap, IndexSet};

use super::preset::{By, CodeTable, Kind, Named, PresetColumn};
use crate::dataset::builder::Builder;
use crate::dataset::folder::Reader;
use crate::dataset::joined::Joined;
use crate::store::{Domain, Found, Store};
use crate::value::DomainId;

/// A store with the reference tables, and with the countries that only these texts name.
pub(super) fn reference(texts: &IndexSet<String>) -> Store {
    let read = |own: &IndexMap<String, Bytes>| {
        let mut reader = Reader::new("reference", own);
        reader.countries();
        reader.blocs();
        reader.store
    };
    let store = read(&IndexMap::new());
    let Some(countries) = store.domain_named("country") else { return store };
    let is_unknown = |text: &&String| store.domain(countries).find(text) == Found::Nothing;
    let unknown = texts.iter().filter(is_unknown).map(|text| format!("{}\n", serde_json::json!({ "name": text })));
    let unknown: String = unknown.collect();
    if unknown.is_empty() {
        return store;
    }
    read(&IndexMap::from([("countries.jsonl".to_owned(), unknown.into())]))
}

/// The names of countries by their codes, as the column has them.
pub(super) fn countries(store: &Store, by: By) -> IndexMap<String, String> {
    let field = match by {
        By::Name | By::Table => return IndexMap::new(),
        By::Iso2 => "iso2",
        By::Iso3 => "iso3",
        By::Numeric => "numeric",
    };
    let table = store.domain_named("country").and_then(|country| store.table_of(country)).map(|at| &store.tables[at]);
    let Some((table, code)) = table.and_then(|table| Some((table, table.field(field)?))) else {
        return IndexMap::new();
    };
    let name = |row: usize, field: usize| store.text(&table.fields[field].column.value(row));
    (0..table.rows).map(|row| (name(row, code), name(row, 0))).filter(|(code, _)| !code.is_empty()).collect()
}

/// The name of the country that a text of a column stands for.
pub(super) fn country(
    text: &str,
    column: &PresetColumn,
    table: Option<&CodeTable>,
    codes: &IndexMap<String, String>,
    store: &Store,
) -> String {
    let text = column.code(text);
    if let Some(named) = table.and_then(|table| table.get(text)) {
        return named.name().to_owned();
    }
    let found = match column.by {
        By::Table => None,
        By::Name => store.domain_named("country").map(|country| store.domain(country)).and_then(|domain| match domain
            .find(text)
        {
            Found::One(code) => Some(domain.name_of(code).to_owned()),
            _ => None,
        }),
        _ => codes.get(text).cloned(),
    };
    found.unwrap_or_else(|| text.to_owned())
}

/// The domain of a symbol with what its table has, and the places there of the codes.
pub(super) fn symbol(name: &str, table: Option<&CodeTable>) -> (Domain, IndexMap<String, u32>) {
    let mut domain = Domain::new(name);
    let mut places = IndexMap::new();
    for (code, named) in table.into_iter().flatten() {
        let known = places.values().find(|&&place| domain.name_of(place) == named.name()).copied();
        let meaning = if let Named::Kind(Kind { meaning, .. }) = named { meaning } else { "" };
        let place = known.unwrap_or_else(|| domain.add(named.name(), meaning));
        if code != named.name() {
            domain.alias(place, code);
        }
        places.insert(code.clone(), place);
    }
    (domain, places)
}

/// Every text that a column holds, once.
pub(super) fn texts(column: &Joined) -> IndexSet<String> {
    let mut all = IndexSet::new();
    column.0.iter().for_each(|piece| add_texts(piece, &mut all));
    all
}

fn add_texts(piece: &Builder, all: &mut IndexSet<String>) {
    let mut add = |text: &str| {
        if !all.contains(text) {
            all.insert(text.to_owned());
        }
    };
    match piece {
        Builder::Text(_, words) => (1..=words.len() as u32).for_each(|code| add(words.text(code))),
        Builder::Prose(prose) => (0..piece.len()).filter_map(|row| prose.get(row)).for_each(add),
        Builder::List(_, items) => add_texts(items, all),
        _ => {}
    }
}

/// A column of texts as one of codes.
pub(super) fn coded(column: &Joined, domain: DomainId, code_of: &mut dyn FnMut(&str) -> u32) -> Joined {
    Joined(column.0.iter().map(|piece| coded_piece(piece, domain, code_of)).collect())
}

fn coded_piece(piece: &Builder, domain: DomainId, code_of: &mut dyn FnMut(&str) -> u32) -> Builder {
    match piece {
        Builder::Text(codes, words) => {
            let new: Vec<u32> = (1..=words.len() as u32).map(|code| code_of(words.text(code))).collect();
            let code = |&code: &u16| usize::from(code).checked_sub(1).map_or(0, |place| new[place]);
            Builder::Coded(domain, codes.iter().map(code).collect())
        }
        Builder::Prose(prose) => {
            Builder::Coded(domain, (0..piece.len()).map(|row| prose.get(row).map_or(0, &mut *code_of)).collect())
        }
        other => {
            let mut missing = Builder::Coded(domain, Vec::new());
            missing.fill(other.len());
            missing
        }
    }
}
