//! The columns of bare files to the fields of a store, with what a preset says of them.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::coded::{coded, countries, country, reference, symbol, texts};
use super::column::Whole;
use super::preset::{CodeTable, Named, Preset, PresetColumn, PresetType};
use super::wish::Known;
use crate::dataset::joined::Joined;
use crate::dataset::lines::{Errors, did_you_mean};
use crate::dataset::{Columns, File};
use crate::diagnostic::Code;
use crate::store::{About, Derived, EVENTS, Field, Found, Kind, Source, Store, StoredColumn, Table, in_order};
use crate::value::{Base, DomainId, Type};

/// A column whose texts are codes: its place, what the preset says of it, and its texts with the names they stand for.
struct Coded<'a> {
    place: usize,
    of: &'a PresetColumn,
    table: Option<&'a CodeTable>,
    names: IndexMap<String, String>,
}

/// The events and what is said of them.
pub(super) fn store_of(
    files: &[File],
    names: &IndexSet<String>,
    columns: Vec<Whole>,
    rows: usize,
    known: &Known<'_>,
    errors: &mut Errors,
) -> Store {
    let date = date_of(names, &columns, known, errors);
    let order = Arc::new(date.and_then(|place| columns[place].values()?.order()));
    let mut about = about_of(files, known.preset);
    about.date = date.map(|place| known.field(&names[place]).to_owned());
    let coded = coded_columns(names, &columns, known);
    let of_countries: Vec<&Coded<'_>> = coded.iter().filter(|one| one.of.of == PresetType::Country).collect();
    let named = of_countries.iter().flat_map(|column| column.names.values().cloned()).collect();
    let mut store = if of_countries.is_empty() { Store::default() } else { reference(&named) };
    let mut made = Vec::new();
    for (place, (column, name)) in columns.into_iter().zip(names).enumerate() {
        if column.has_times() {
            about.notes.push(format!("The times of day in `{name}` are left out: a date is a day."));
        }
        let field = known.field(name);
        let end = column.ends().map(|ends| {
            let name = if Some(place) == date { "end".to_owned() } else { format!("{field}_end") };
            (name, ends)
        });
        let seen = format!("The column `{name}`: {}.", column.described(rows));
        let of_codes: Vec<&Coded<'_>> = coded.iter().filter(|coded| coded.place == place).collect();
        for one in &of_codes {
            let Some(values) = column.values() else { continue };
            let (domain, column) = one.column(values, &mut store, &mut about);
            let of = Type::one(Base::Coded(domain));
            made.push((one.of.field().to_owned(), of, meaning(&one.of.meaning, &seen), column));
        }
        let plain =
            known.of(name).into_iter().filter(|one| !one.is_coded() || known.is_overridden(name)).collect::<Vec<_>>();
        if of_codes.is_empty() || !plain.is_empty() {
            let said = plain.first().map_or("", |one| one.meaning.as_str());
            let (of, name) = (column.type_of(), plain.first().map_or(name.as_str(), |one| one.field()).to_owned());
            made.push((name, of, meaning(said, &seen), column.into_values()));
        }
        match end {
            Some((end, _)) if names.contains(&end) => {
                let note = format!("The ends of the intervals in `{name}` are left out: `{end}` is a column too.");
                about.notes.push(note);
            }
            Some((end, ends)) => {
                let meaning = format!("The ends of the intervals in the column `{name}`.");
                made.push((end, Type::one(Base::Date), meaning, ends));
            }
            None => {}
        }
    }
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (name, of, meaning, values) in made {
        let (is_short, order) = (!values.has_prose(), order.clone());
        let column = StoredColumn::later(move || values.finish(order.as_deref()));
        columns.push((is_short, column.clone()));
        fields.push(Field { name, of, meaning, column });
    }
    if known.options.columns == Columns::AtOnce {
        // What takes longest is begun first.
        columns.sort_by_key(|(is_short, _)| *is_short);
        in_order(columns, |(_, column)| column.make(), |()| ());
    }
    let events = events_of(files.len(), fields, rows, known.preset);
    store.about = about;
    with_events(store, events)
}

/// The table of events that have these fields.
pub(super) fn events_of(files: usize, fields: Vec<Field>, rows: usize, preset: Option<&Preset>) -> Table {
    let meaning = match files {
        1 => "The rows of the file.".to_owned(),
        count => format!("The rows of the {count} files."),
    };
    let of_preset = preset.map_or_else(Vec::new, |preset| preset.show.clone());
    let mut show: Vec<String> =
        of_preset.into_iter().filter(|name| fields.iter().any(|field| field.name == *name)).collect();
    if show.is_empty() {
        show = fields.iter().map(|field| field.name.clone()).collect();
    }
    let derived = preset.map_or_else(Vec::new, |preset| derived_of(preset, &fields));
    Table { name: "events".to_owned(), meaning, rows, domain: None, fields, derived, show }
}

/// The column that says when.
pub(super) fn date_of(
    names: &IndexSet<String>,
    columns: &[Whole],
    known: &Known<'_>,
    errors: &mut Errors,
) -> Option<usize> {
    let options = known.options;
    let types = options.types.iter().map(|(name, _)| name).filter(|name| known.column(name).is_none());
    let wished = [&options.date, &options.kind].into_iter().flatten().chain(types);
    for name in wished.filter(|name| !names.contains(*name)) {
        let help = did_you_mean(name, names.iter().map(String::as_str));
        errors.push(Code::BAD_FIELD, 0, 0, format!("there is no column `{name}`"), help);
    }
    let is_date = |place: &usize| columns[*place].type_of() == Type::one(Base::Date);
    if let Some(place) = known.date().and_then(|name| names.get_index_of(name)) {
        if !is_date(&place) {
            let message = format!("the column `{}` is not one of dates", names[place]);
            let other = columns[place].not_a_date().map(|text| format!("`{text}` is not a date"));
            errors.push(Code::BAD_DATE, 0, 0, message, other);
        }
        return Some(place);
    }
    let mut dates = (0..columns.len()).filter(is_date);
    let named = dates.clone().find(|&place| names[place].eq_ignore_ascii_case("date"));
    named.or_else(|| dates.next().filter(|_| dates.next().is_none()))
}

/// What the files and the preset say of the data set.
pub(super) fn about_of(files: &[File], preset: Option<&Preset>) -> About {
    let first = files.first().map_or("", |file| file.name.as_str());
    let stem = first.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next()).unwrap_or("");
    let title = match files.len() {
        1 => stem.to_owned(),
        2 => format!("{stem} and another file"),
        count => format!("{stem} and {} other files", count - 1),
    };
    let mut about = About { name: stem.to_owned(), title, ..About::default() };
    if let Some(preset) = preset {
        about.title = format!("{}: {}", about.title, preset.title);
        (about.description, about.licence) = (preset.description.clone(), preset.licence.clone());
        about.notes.clone_from(&preset.notes);
        for source in preset.sources.iter().cloned() {
            let work =
                Source { title: source.title, publisher: source.publisher, date: source.date, address: source.address };
            about.sources.insert(source.id, work);
        }
    }
    about
}

fn meaning(said: &str, seen: &str) -> String {
    if said.is_empty() { seen.to_owned() } else { format!("{said} {seen}") }
}

/// The columns whose texts are codes, with what those stand for.
fn coded_columns<'a>(names: &IndexSet<String>, columns: &[Whole], known: &Known<'a>) -> Vec<Coded<'a>> {
    let mut found = Vec::new();
    let mut plain = None;
    for (place, name) in names.iter().enumerate() {
        // A type that the options wish for goes before the preset's.
        for of in known.of(name).into_iter().filter(|of| of.is_coded() && !known.is_overridden(name)) {
            let table = of.values.as_ref().and_then(|values| known.preset?.tables.get(values));
            let mut names = IndexMap::new();
            if of.of == PresetType::Country {
                let store = plain.get_or_insert_with(|| reference(&IndexSet::new()));
                let codes = countries(store, of.by);
                let name = |text: String| (text.clone(), country(&text, of, table, &codes, store));
                names = columns[place].values().map(texts).unwrap_or_default().into_iter().map(name).collect();
            }
            found.push(Coded { place, of, table, names });
        }
    }
    found
}

impl Coded<'_> {
    /// Its texts as codes of a domain, which the store then has.
    fn column(&self, texts: &Joined, store: &mut Store, about: &mut About) -> (DomainId, Joined) {
        if self.of.of == PresetType::Country {
            let id = store.domain_named("country").unwrap_or(DomainId(0));
            let domain = store.domain(id);
            let code = |text: &str| match self.names.get(text).map(|name| domain.find(name)) {
                Some(Found::One(code)) => code,
                Some(Found::Several(codes)) => codes.first().copied().unwrap_or(0),
                _ => 0,
            };
            return (id, coded(texts, id, &mut { code }));
        }
        let field = self.of.field();
        let (mut domain, mut places) = symbol(field, self.table);
        let id = DomainId(store.domains.len() as u16);
        let column = coded(texts, id, &mut |text| {
            let code = self.of.code(text);
            *places.entry(code.to_owned()).or_insert_with(|| domain.add(code, ""))
        });
        if field == "kind" {
            about.kinds = kinds_of(self.table);
        }
        store.domains.push(domain);
        (id, column)
    }
}

/// The kinds that a table names, in the order of their codes.
fn kinds_of(table: Option<&CodeTable>) -> Vec<Kind> {
    let kind = |named: &Named| match named {
        Named::Kind(kind) => Some(Kind {
            name: kind.name.clone(),
            plural: kind.plural.clone(),
            symmetric: false,
            parent: 0,
            meaning: kind.meaning.clone(),
        }),
        Named::Name(_) => None,
    };
    let kinds: Option<Vec<Kind>> = table.into_iter().flatten().map(|(_, named)| kind(named)).collect();
    kinds.unwrap_or_default()
}

/// The derived fields of a preset that are not stored.
fn derived_of(preset: &Preset, fields: &[Field]) -> Vec<Derived> {
    let derived = preset.derived.iter().filter(|derived| fields.iter().all(|field| field.name != derived.name));
    let made = derived.map(|derived| Derived {
        name: derived.name.clone(),
        of: None,
        meaning: derived.meaning.clone(),
        expression: derived.expression.clone(),
    });
    made.collect()
}

/// The store with these events first, and without the tables that have no rows.
fn with_events(mut store: Store, events: Table) -> Store {
    if store.tables.is_empty() {
        store.tables.push(events);
        return store;
    }
    store.tables[EVENTS] = events;
    let mut kept = Vec::new();
    let mut tables = Vec::new();
    for (place, table) in std::mem::take(&mut store.tables).into_iter().enumerate() {
        if place == EVENTS || table.rows > 0 {
            kept.push(place);
            tables.push(table);
        }
    }
    for domain in &mut store.domains {
        domain.table = domain.table.filter(|&table| table != EVENTS).and_then(|table| kept.binary_search(&table).ok());
    }
    store.tables = tables;
    store
}
