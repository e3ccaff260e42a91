//! A folder of tables and its manifest to a store, over the reference tables of countries, regions and blocs.

use bytes::Bytes;
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::builder::Builder;
use super::lines::{Errors, Record, records, text_of};
use super::manifest::{self, Cardinality, FieldType, Manifest};
use super::{File, Options};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{Column, Derived, Domain, Field, Membership, Store, Table};
use crate::value::{Base, Date, DomainId, Type, Value};

const ENTITIES: [&str; 6] = ["event", "leader", "country", "region", "bloc", "place"];

/// A folder's files to a store, and what was wrong with the events that were skipped.
///
/// # Errors
///
/// Every error of every file, at most twenty a file; with [`super::OnError::Skip`], those of other files than the events'.
pub fn read_folder(
    folder: &str,
    files: Vec<File>,
    options: &Options,
) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let files: IndexMap<String, Bytes> = files.into_iter().map(|file| (file.name, file.bytes)).collect();
    let Some(bytes) = files.get("dataset.json") else {
        let message = "the folder has no `dataset.json`";
        return Err(vec![
            Diagnostic::in_file(Code::NO_MANIFEST, folder, 0, 0, message)
                .help("a data set is a folder with `dataset.json` and `events.jsonl`"),
        ]);
    };
    let mut errors = Errors::of(named(folder, "dataset.json"));
    let manifest = text_of(bytes, &mut errors).and_then(|text| manifest::read(text, &mut errors));
    let Some(manifest) = manifest else { return Err(errors.into_list()) };
    let mut reader = Reader::new(folder, &files);
    reader.own_fields.clone_from(&manifest.tables);
    reader.symbols(&manifest);
    reader.countries();
    reader.people_and_places();
    reader.blocs();
    let skipped = reader.events(&manifest, options.on_error);
    reader.about(manifest);
    let Reader { store, errors, .. } = reader;
    if errors.is_empty() { Ok((store, skipped)) } else { Err(errors) }
}

/// A file's name with its folder's.
pub(super) fn named(folder: &str, file: &str) -> String {
    format!("{folder}/{file}")
}

/// A store in the making.
pub(super) struct Reader<'a> {
    pub(super) folder: &'a str,
    pub(super) files: &'a IndexMap<String, Bytes>,
    pub(super) store: Store,
    pub(super) errors: Vec<Diagnostic>,
    /// The fields that the manifest adds to the tables of entities, by table.
    own_fields: IndexMap<String, Vec<manifest::Field>>,
}

/// What becomes of one key of an entity's record.
pub(super) enum Cell {
    Text,
    Texts,
    Number,
    Date,
    Entity(DomainId),
    Entities(DomainId),
}

impl Cell {
    /// What becomes of a field of the manifest in a table of entities; nothing of a type that such tables have not.
    pub(super) fn of(field: &manifest::Field) -> Option<Self> {
        let many = field.cardinality == Cardinality::Many;
        Some(match (field.of, field.of.entity().map(Reader::id), many) {
            (FieldType::Text, _, false) => Self::Text,
            (FieldType::Text, _, true) => Self::Texts,
            (FieldType::Int | FieldType::Float, _, false) => Self::Number,
            (FieldType::Date, _, false) => Self::Date,
            (_, Some(domain), false) => Self::Entity(domain),
            (_, Some(domain), true) => Self::Entities(domain),
            _ => return None,
        })
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(folder: &'a str, files: &'a IndexMap<String, Bytes>) -> Self {
        let mut store = Store::default();
        for (place, name) in ENTITIES.iter().enumerate() {
            store.domains.push(Domain::of_table(name, place));
        }
        for name in ["events", "leaders", "countries", "regions", "blocs", "places"] {
            let domain = Some(DomainId(store.tables.len() as u16));
            let meaning = String::new();
            let (fields, derived, show) = (Vec::new(), Vec::new(), Vec::new());
            store.tables.push(Table { name: name.to_owned(), meaning, rows: 0, domain, fields, derived, show });
        }
        Self { folder, files, store, errors: Vec::new(), own_fields: IndexMap::new() }
    }

    pub(super) fn id(name: &str) -> DomainId {
        DomainId(ENTITIES.iter().position(|entity| *entity == name).unwrap_or(0) as u16)
    }

    /// What the manifest computes, if the field is such.
    pub(super) fn derived(&self, field: &manifest::Field) -> Option<Derived> {
        let (name, meaning) = (field.name.clone(), field.meaning.clone());
        let of = field.of.entity().map(Self::id).or_else(|| self.store.domain_named(&field.name));
        field.expression.clone().map(|expression| Derived { name, of, meaning, expression })
    }

    fn symbols(&mut self, manifest: &Manifest) {
        let mut kinds = Domain::new("kind");
        for kind in &manifest.kinds {
            kinds.add(&kind.name, &kind.meaning);
        }
        self.store.domains.push(kinds);
        for symbol in &manifest.symbols {
            let mut domain = Domain::new(&symbol.field);
            for value in &symbol.values {
                domain.add(&value.name, &value.meaning);
            }
            self.store.domains.push(domain);
        }
    }

    /// The records of a reference table, with what the folder's own file says instead or beyond them.
    fn read<T>(
        &mut self,
        file: &str,
        reference: &str,
        then: impl FnOnce(&mut Self, &[Record<'_>], &mut Errors) -> T,
    ) -> T {
        let mut errors = Errors::of(named(self.folder, file));
        let own = self.files.get(file).and_then(|bytes| text_of(bytes, &mut errors)).unwrap_or("");
        let mut own = records(own, &mut errors);
        let name = |record: &Record<'_>| record.value("name").and_then(Json::as_str).map(str::to_owned);
        let places = own.iter().enumerate().filter_map(|(place, record)| Some((name(record)?, place)));
        let places: FxHashMap<String, usize> = places.collect();
        let mut all = records(reference, &mut errors);
        all.retain(|record| {
            let place = name(record).and_then(|name| places.get(&name));
            place.map(|&place| own[place].over(record)).is_none()
        });
        all.extend(own);
        let value = then(self, &all, &mut errors);
        self.errors.extend(errors.into_list());
        value
    }

    /// Adds the names of the records to a domain.
    fn names(&mut self, domain: DomainId, records: &[Record<'_>], errors: &mut Errors, also: &[&str]) {
        let mut seen = FxHashSet::default();
        for record in records {
            let name = record.required(errors, "name").unwrap_or("");
            let domain = &mut self.store.domains[usize::from(domain.0)];
            if !seen.insert(name) && !name.is_empty() {
                record.wrong(errors, Code::DUPLICATE_ID, "name", format!("there are two `{name}`"));
            }
            let code = domain.add(name, "");
            for alias in record.texts(errors, "names") {
                domain.alias(code, alias);
            }
            for key in also {
                if let Some(alias) = record.text(errors, key) {
                    domain.alias(code, alias);
                }
            }
        }
    }

    /// Fills a table of entities from its records.
    fn entities(
        &mut self,
        table: &str,
        meaning: &str,
        show: &[&str],
        records: &[Record<'_>],
        errors: &mut Errors,
        fields: &[(&str, Cell, &str)],
        ignored: &[&str],
    ) {
        let id = Self::id(table);
        let name = self.store.tables[usize::from(id.0)].name.clone();
        let own_fields = self.own_fields.shift_remove(&name).unwrap_or_default();
        let derived = own_fields.iter().filter_map(|field| self.derived(field)).collect();
        let own_fields = own_fields.iter().filter(|field| field.expression.is_none());
        let own = own_fields.filter_map(|field| Some((field.name.as_str(), Cell::of(field)?, field.meaning.as_str())));
        let own: Vec<_> = own.collect();
        let all = || fields.iter().chain(&own);
        let known = all().map(|(name, ..)| *name).chain(ignored.iter().copied()).chain(["name", "names"]);
        let known: FxHashSet<&str> = known.collect();
        records.iter().for_each(|record| record.only(errors, &known));
        let codes: Vec<Value> = (1..=records.len() as u32).map(|code| Value::Coded(id, code)).collect();
        let name_meaning = format!("The {table} itself, by its name.");
        let mut made = vec![Field {
            name: "name".to_owned(),
            of: Type::one(Base::Coded(id)),
            meaning: name_meaning,
            column: Column::of_values(&codes, false).into(),
        }];
        for (name, cell, meaning) in all() {
            let of = match cell {
                Cell::Text => Type::one(Base::Text),
                Cell::Texts => Type::many(Base::Text),
                Cell::Number => Type::one(Base::Float),
                Cell::Date => Type::one(Base::Date),
                Cell::Entity(domain) => Type::one(Base::Coded(*domain)),
                Cell::Entities(domain) => Type::many(Base::Coded(*domain)),
            };
            let mut column = Builder::new(of);
            for record in records {
                self.cell(record, name, cell, errors, &mut column);
            }
            made.push(Field {
                name: (*name).to_owned(),
                of,
                meaning: (*meaning).to_owned(),
                column: column.finish().into(),
            });
        }
        let table = &mut self.store.tables[usize::from(id.0)];
        table.rows = records.len();
        table.fields = made;
        table.derived = derived;
        meaning.clone_into(&mut table.meaning);
        table.show = show.iter().map(|name| (*name).to_owned()).collect();
    }

    pub(super) fn cell(&self, record: &Record<'_>, name: &str, cell: &Cell, errors: &mut Errors, column: &mut Builder) {
        match cell {
            Cell::Text => match record.text(errors, name) {
                Some(text) => column.text(text),
                None => column.missing(),
            },
            Cell::Number => match record.float(errors, name) {
                Some(number) => column.float(number),
                None => column.missing(),
            },
            Cell::Date => match record.text(errors, name).and_then(|text| record.date(errors, name, text)) {
                Some(date) => column.date(date.start),
                None => column.missing(),
            },
            Cell::Entity(domain) => match record.text(errors, name) {
                Some(text) => column.code(record.code(errors, name, text, self.store.domain(*domain))),
                None => column.missing(),
            },
            Cell::Texts => {
                record.texts(errors, name).iter().for_each(|text| column.items().text(text));
                column.end_list();
            }
            Cell::Entities(domain) => {
                for text in record.texts(errors, name) {
                    let code = record.code(errors, name, text, self.store.domain(*domain));
                    column.items().code(code);
                }
                column.end_list();
            }
        }
    }

    pub(super) fn countries(&mut self) {
        let region = Self::id("region");
        self.read("regions.jsonl", include_str!("reference/regions.jsonl"), |reader, records, errors| {
            reader.names(region, records, errors, &[]);
            let fields =
                [("meaning", Cell::Text, "What counts as part of it."), ("source", Cell::Text, "Where that is said.")];
            let meaning = "Parts of the world: the regions of UN M49, and those that journalists say.";
            reader.entities("region", meaning, &["name", "meaning"], records, errors, &fields, &[]);
        });
        let country = Self::id("country");
        self.read("countries.jsonl", include_str!("reference/countries.jsonl"), |reader, records, errors| {
            reader.names(country, records, errors, &["iso2", "iso3"]);
            let fields = [
                ("region", Cell::Entities(region), "The parts of the world it belongs to, large and small."),
                ("capital", Cell::Text, "The seat of its government."),
                ("latitude", Cell::Number, "Of the capital, in degrees north."),
                ("longitude", Cell::Number, "Of the capital, in degrees east."),
                ("iso2", Cell::Text, "Its two-letter code in ISO 3166-1."),
                ("iso3", Cell::Text, "Its three-letter code in ISO 3166-1."),
                ("numeric", Cell::Text, "Its number in ISO 3166-1 and UN M49."),
                ("note", Cell::Text, "What is contested or out of the ordinary."),
            ];
            let meaning = "The countries and territories of ISO 3166-1, and Kosovo.";
            reader.entities("country", meaning, &["name", "region", "capital", "iso3"], records, errors, &fields, &[]);
        });
    }

    fn people_and_places(&mut self) {
        let country = Self::id("country");
        self.read("leaders.jsonl", "", |reader, records, errors| {
            reader.names(Self::id("leader"), records, errors, &[]);
            let fields = [
                ("country", Cell::Entity(country), "The country led."),
                ("office", Cell::Text, "The office held at the as-of date."),
                ("since", Cell::Date, "Since when, without a break."),
                ("until", Cell::Date, "Until when, if no longer."),
                ("source", Cell::Text, "The source of that."),
            ];
            let show = ["name", "country", "office", "since"];
            reader.entities("leader", "People who lead a country.", &show, records, errors, &fields, &[]);
        });
        self.read("places.jsonl", "", |reader, records, errors| {
            reader.names(Self::id("place"), records, errors, &[]);
            let fields = [
                ("country", Cell::Entity(country), "The country in which it lies."),
                ("latitude", Cell::Number, "In degrees north."),
                ("longitude", Cell::Number, "In degrees east."),
            ];
            let show = ["name", "country", "latitude", "longitude"];
            reader.entities("place", "Cities.", &show, records, errors, &fields, &[]);
        });
    }

    pub(super) fn blocs(&mut self) {
        let (bloc, country) = (Self::id("bloc"), Self::id("country"));
        self.read("blocs.jsonl", include_str!("reference/blocs.jsonl"), |reader, records, errors| {
            reader.names(bloc, records, errors, &[]);
            let fields = [
                ("meaning", Cell::Text, "What it is."),
                ("source", Cell::Text, "Where its membership is recorded."),
                ("note", Cell::Text, "Where sources differ, and what was chosen."),
            ];
            let meaning = "Groups of countries, with dated membership.";
            reader.entities("bloc", meaning, &["name", "meaning", "members"], records, errors, &fields, &["members"]);
            let mut members = Builder::new(Type::many(Base::Coded(country)));
            for (place, record) in records.iter().enumerate() {
                let rows = record.value("members").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
                let mut seen = Vec::new();
                for row in rows {
                    let text = |key: &str| row.get(key).and_then(Json::as_str);
                    let name = text("country").unwrap_or("");
                    let code = record.code(errors, "members", name, reader.store.domain(country));
                    let mut date = |key: &str, open: i32| match text(key) {
                        Some(text) => record.date(errors, key, text).map(|date| date.start),
                        None => Some(Date::day(open)),
                    };
                    let (Some(from), Some(to)) = (date("from", i32::MIN), date("to", i32::MAX)) else { continue };
                    let (group, member) = ((bloc, place as u32 + 1), (country, code));
                    reader.store.memberships.push(Membership { group, member, from, to });
                    if !seen.contains(&code) {
                        seen.push(code);
                        members.items().code(code);
                    }
                }
                members.end_list();
            }
            let of = Type::many(Base::Coded(country));
            let meaning = "Every country that is or was a member.".to_owned();
            let column = members.finish();
            reader.store.tables[usize::from(bloc.0)].fields.push(Field {
                name: "members".to_owned(),
                of,
                meaning,
                column: column.into(),
            });
        });
    }
}
