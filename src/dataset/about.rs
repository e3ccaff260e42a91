//! What a manifest says of its data set, once its tables are read.

use super::folder::{Cell, Reader, named};
use super::lines::{Errors, did_you_mean, find, position};
use super::manifest::{self, FieldType, Manifest, Sides};
use crate::diagnostic::Code;
use crate::store::{About, Kind, Source};
use crate::value::{Period, parse_edtf, parse_period};

impl Reader<'_> {
    /// Takes what the manifest says of the data set, and says what is wrong with it.
    pub(super) fn about(&mut self, manifest: Manifest) {
        let mut errors = Errors::of(named(self.folder, "dataset.json"));
        let text = self.files.get("dataset.json").map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        only_once(&manifest, text, &mut errors);
        self.own_fields_fit(&manifest, text, &mut errors);
        let mut about = About { name: manifest.name, title: manifest.title, ..About::default() };
        (about.description, about.licence, about.notes) = (manifest.description, manifest.licence, manifest.notes);
        about.as_of = manifest.as_of.and_then(|as_of| {
            let date = parse_edtf(&as_of);
            if date.is_none() {
                let (line, column) = place_of(text, "as_of", &as_of);
                errors.add(Code::BAD_DATE, line, column, format!("`{as_of}` is not a date"));
            }
            date.map(|date| date.end.latest)
        });
        let leader = Self::id("leader");
        about.focus = manifest.focus.and_then(|focus| match find(self.store.domain(leader), &focus) {
            Ok(code) => Some((leader, code)),
            Err((message, help)) => {
                let (line, column) = place_of(text, "focus", &focus);
                errors.push(Code::UNKNOWN_ENTITY, line, column, message, help);
                None
            }
        });
        for (name, extent) in manifest.periods {
            match period(&extent) {
                Some(period) => drop(about.periods.insert(name, period)),
                None => {
                    let (line, column) = place_of(text, &name, &extent);
                    errors.add(Code::BAD_DATE, line, column, format!("`{extent}` is not a period"));
                }
            }
        }
        for source in manifest.sources {
            let manifest::Source { id, title, publisher, date, address, .. } = source;
            about.sources.insert(id, Source { title, publisher, date, address });
        }
        let names: Vec<String> = manifest.kinds.iter().map(|kind| kind.name.clone()).collect();
        for kind in manifest.kinds {
            let parent = kind.parent.as_ref().and_then(|parent| names.iter().position(|name| name == parent));
            if let (Some(parent), None) = (&kind.parent, parent) {
                let (line, column) = place_of(text, "parent", parent);
                let help = did_you_mean(parent, names.iter().map(String::as_str));
                errors.push(Code::UNKNOWN_ENTITY, line, column, format!("there is no kind `{parent}`"), help);
            }
            let parent = parent.map_or(0, |place| place as u32 + 1);
            let symmetric = kind.sides == Sides::Symmetric;
            about.kinds.push(Kind { name: kind.name, plural: kind.plural, symmetric, parent, meaning: kind.meaning });
        }
        for field in manifest.fields {
            about.phrases.extend(field.phrase.map(|phrase| ((field.name, None), phrase)));
        }
        for symbol in manifest.symbols {
            let said = symbol.values.into_iter().filter_map(|value| Some((value.name, value.phrase?)));
            about.phrases.extend(said.map(|(value, phrase)| ((symbol.field.clone(), Some(value)), phrase)));
        }
        for (place, kind) in about.kinds.iter().enumerate() {
            let mut above = kind.parent as usize;
            for _ in &names {
                if above == 0 || above == place + 1 {
                    break;
                }
                above = about.kinds[above - 1].parent as usize;
            }
            if above == place + 1 {
                let (line, column) = place_of(text, "name", &kind.name);
                let message = format!("the kind `{}` includes itself through its parents", kind.name);
                errors.add(Code::BAD_MANIFEST, line, column, message);
            }
        }
        self.store.about = about;
        self.errors.extend(errors.into_list());
    }

    /// Says which fields that the manifest adds to the tables of entities cannot be added.
    fn own_fields_fit(&self, manifest: &Manifest, text: &str, errors: &mut Errors) {
        let tables = &self.store.tables[1..];
        for (name, fields) in &manifest.tables {
            let Some(table) = tables.iter().find(|table| table.name == *name) else {
                let (line, column) = text.find(&format!("\"{name}\"")).map_or((0, 0), |place| position(text, place));
                let help = did_you_mean(name, tables.iter().map(|table| table.name.as_str()));
                errors.push(
                    Code::UNKNOWN_ENTITY,
                    line,
                    column,
                    format!("there is no table `{name}` of entities"),
                    help,
                );
                continue;
            };
            for field in fields {
                let (line, column) = place_of(text, "name", &field.name);
                let has =
                    table.fields.iter().map(|field| &field.name).chain(table.derived.iter().map(|field| &field.name));
                if has.filter(|has| **has == field.name).count() > 1 {
                    let message = format!("`{name}` has a field `{}` already", field.name);
                    errors.add(Code::DUPLICATE_ID, line, column, message);
                }
                if field.expression.is_none() && Cell::of(field).is_none() {
                    let message = format!("`{}` is to be a text, a number, a date or an entity", field.name);
                    errors.add(Code::BAD_MANIFEST, line, column, message);
                }
            }
        }
    }
}

/// Says which names stand more than once among those of their sort, and which symbols have no values.
fn only_once(manifest: &Manifest, text: &str, errors: &mut Errors) {
    let mut check = |what: &str, key: &str, names: Vec<&str>| {
        for (place, name) in names.iter().enumerate().filter(|(place, name)| names[..*place].contains(name)) {
            let (line, column) = place_of(text, key, name);
            if !names[..place].iter().skip_while(|one| *one != name).skip(1).any(|one| one == name) {
                errors.add(Code::DUPLICATE_ID, line, column, format!("there are two {what} `{name}`"));
            }
        }
    };
    check("kinds", "name", manifest.kinds.iter().map(|kind| kind.name.as_str()).collect());
    check("kinds of the plural", "plural", manifest.kinds.iter().map(|kind| kind.plural.as_str()).collect());
    check("fields", "name", manifest.fields.iter().map(|field| field.name.as_str()).collect());
    check("symbols", "field", manifest.symbols.iter().map(|symbol| symbol.field.as_str()).collect());
    check("sources", "id", manifest.sources.iter().map(|source| source.id.as_str()).collect());
    for symbol in &manifest.symbols {
        check("values", "name", symbol.values.iter().map(|value| value.name.as_str()).collect());
    }
    let has_values = |name: &str| name == "kind" || manifest.symbols.iter().any(|symbol| symbol.field == name);
    let symbols = manifest.fields.iter().filter(|field| field.of == FieldType::Symbol);
    for field in symbols.filter(|field| !has_values(&field.name)) {
        let (line, column) = place_of(text, "name", &field.name);
        errors.add(
            Code::BAD_MANIFEST,
            line,
            column,
            format!("`{}` is a symbol, and `symbols` has no values of it", field.name),
        );
    }
}

/// The line and column of the last value of a key that is this text.
fn place_of(text: &str, key: &str, value: &str) -> (usize, usize) {
    let quote = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let (key, value) = (quote(key), quote(value));
    let is_of_key = |&(place, _): &(usize, &str)| {
        let before = text[..place].trim_end().strip_suffix(':');
        before.is_some_and(|before| before.trim_end().ends_with(&key))
    };
    text.rmatch_indices(&value).find(is_of_key).map_or((0, 0), |(place, _)| position(text, place))
}

/// `2024-05-07..2024-07-11`, or one date.
fn period(text: &str) -> Option<Period> {
    let Some((from, to)) = text.split_once("..") else { return parse_period(text) };
    let first = if from.is_empty() { i32::MIN } else { parse_period(from)?.first };
    let last = if to.is_empty() { i32::MAX } else { parse_period(to)?.last };
    (first <= last).then_some(Period { first, last })
}
