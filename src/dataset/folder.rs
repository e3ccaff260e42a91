//! A folder of tables and its manifest to a store, over the reference tables of countries, regions and blocs.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::builder::{Builder, order_of};
use super::lines::{Errors, Record, did_you_mean, records, text_of};
use super::manifest::{self, Cardinality, FieldType, Manifest, Sides};
use super::{File, OnError, Options};
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{About, Column, Derived, Domain, Field, Kind, Membership, Source, Store, Table};
use crate::value::{Base, Date, DomainId, Period, Type, Value, parse_edtf, parse_period};

const ENTITIES: [&str; 6] = ["event", "leader", "country", "region", "bloc", "place"];

/// A folder's files to a store, and what was wrong with the events that were skipped.
///
/// # Errors
///
/// Every error of every file, at most twenty a file; with [`OnError::Skip`], those of other files than the events'.
pub fn read_folder(
    folder: &str,
    files: Vec<File>,
    options: &Options,
) -> Result<(Store, Vec<Diagnostic>), Vec<Diagnostic>> {
    let files: IndexMap<String, Vec<u8>> = files.into_iter().map(|file| (file.name, file.bytes)).collect();
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
    reader.symbols(&manifest);
    reader.countries();
    reader.people_and_places();
    reader.blocs();
    let skipped = reader.events(&manifest, options.on_error);
    reader.about(manifest);
    let Reader { store, errors, .. } = reader;
    if errors.is_empty() { Ok((store, skipped)) } else { Err(errors) }
}

fn named(folder: &str, file: &str) -> String {
    format!("{folder}/{file}")
}

struct Reader<'a> {
    folder: &'a str,
    files: &'a IndexMap<String, Vec<u8>>,
    store: Store,
    errors: Vec<Diagnostic>,
}

/// What becomes of one key of an entity's record.
enum Cell {
    Text,
    Texts,
    Number,
    Date,
    Entity(DomainId),
    Entities(DomainId),
}

impl<'a> Reader<'a> {
    fn new(folder: &'a str, files: &'a IndexMap<String, Vec<u8>>) -> Self {
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
        Self { folder, files, store, errors: Vec::new() }
    }

    fn id(name: &str) -> DomainId {
        DomainId(ENTITIES.iter().position(|entity| *entity == name).unwrap_or(0) as u16)
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

    /// The records of a reference table, those of the folder's own file instead of or after them.
    fn read<T>(
        &mut self,
        file: &str,
        reference: &str,
        then: impl FnOnce(&mut Self, &[Record<'_>], &mut Errors) -> T,
    ) -> T {
        let mut errors = Errors::of(named(self.folder, file));
        let own = self.files.get(file).and_then(|bytes| text_of(bytes, &mut errors)).unwrap_or("");
        let own = records(own, &mut errors);
        let own_names: Vec<String> =
            own.iter().filter_map(|record| record.value("name")?.as_str().map(str::to_owned)).collect();
        let mut all = records(reference, &mut errors);
        all.retain(|record| {
            !record.value("name").and_then(Json::as_str).is_some_and(|name| own_names.iter().any(|own| own == name))
        });
        all.extend(own);
        let value = then(self, &all, &mut errors);
        self.errors.extend(errors.into_list());
        value
    }

    /// Adds the names of the records to a domain.
    fn names(&mut self, domain: DomainId, records: &[Record<'_>], errors: &mut Errors, also: &[&str]) {
        for record in records {
            let name = record.required(errors, "name").unwrap_or("").to_owned();
            let domain = &mut self.store.domains[usize::from(domain.0)];
            if domain.names().contains(&name) {
                record.wrong(errors, Code::DUPLICATE_ID, "name", format!("there are two `{name}`"));
            }
            let code = domain.add(&name, "");
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
        for record in records {
            let known = fields.iter().map(|(name, ..)| *name).chain(ignored.iter().copied()).chain(["name", "names"]);
            record.only(errors, known);
        }
        let codes: Vec<Value> = (1..=records.len() as u32).map(|code| Value::Coded(id, code)).collect();
        let name_meaning = format!("The {table} itself, by its name.");
        let mut made = vec![Field {
            name: "name".to_owned(),
            of: Type::one(Base::Coded(id)),
            meaning: name_meaning,
            column: Column::of_values(&codes, false),
        }];
        for (name, cell, meaning) in fields {
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
                column: column.finish(None),
            });
        }
        let table = &mut self.store.tables[usize::from(id.0)];
        table.rows = records.len();
        table.fields = made;
        meaning.clone_into(&mut table.meaning);
        table.show = show.iter().map(|name| (*name).to_owned()).collect();
    }

    fn cell(&self, record: &Record<'_>, name: &str, cell: &Cell, errors: &mut Errors, column: &mut Builder) {
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

    fn countries(&mut self) {
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

    fn blocs(&mut self) {
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
            let column = members.finish(None);
            reader.store.tables[usize::from(bloc.0)].fields.push(Field {
                name: "members".to_owned(),
                of,
                meaning,
                column,
            });
        });
    }

    /// Reads the events, and gives what is wrong with those that are skipped.
    fn events(&mut self, manifest: &Manifest, on_error: OnError) -> Vec<Diagnostic> {
        let mut errors = Errors::of(named(self.folder, "events.jsonl"));
        let empty = Vec::new();
        let text = text_of(self.files.get("events.jsonl").unwrap_or(&empty), &mut errors);
        if text.is_some_and(|text| text.trim().is_empty()) {
            let help = Some("one event a line, as a JSON object".to_owned());
            errors.push(Code::EMPTY, 0, 0, "there are no events", help);
        }
        let Some(text) = text.filter(|_| errors.is_empty()) else {
            self.errors.extend(errors.into_list());
            return Vec::new();
        };
        if on_error == OnError::Skip {
            errors.tell_all();
        }
        let mut records = records(text, &mut errors);
        if on_error == OnError::Stop {
            self.fill_events(&records, manifest, &mut errors);
            self.errors.extend(errors.into_list());
            return Vec::new();
        }
        // An event whose occasion is skipped is skipped too, so it takes as many rounds as such a chain is long.
        loop {
            let mut found = Errors::of(named(self.folder, "events.jsonl"));
            found.tell_all();
            self.fill_events(&records, manifest, &mut found);
            if found.is_empty() {
                return errors.into_list();
            }
            let lines = found.lines();
            records.retain(|record| !lines.contains(&record.line));
            errors.extend(found);
        }
    }

    fn fill_events(&mut self, records: &[Record<'_>], manifest: &Manifest, errors: &mut Errors) {
        self.store.domains[0] = Domain::of_table("event", 0);
        self.event_ids(records, errors);
        let stored: Vec<_> = manifest.fields.iter().filter(|field| field.expression.is_none()).collect();
        let computed = ["end", "leader"];
        let known = stored.iter().map(|field| field.name.as_str()).filter(|name| !computed.contains(name));
        records.iter().for_each(|record| record.only(errors, known.clone()));
        let dates: Vec<_> = records
            .iter()
            .map(|record| {
                let text = record.required(errors, "date")?;
                record.date(errors, "date", text)
            })
            .collect();
        let starts: Vec<Option<Date>> = dates.iter().map(|date| date.map(|date| date.start)).collect();
        let order = order_of(&starts);
        let mut fields = Vec::new();
        for field in stored {
            let base = match (field.of.entity(), field.of) {
                (Some(entity), _) => Base::Coded(Self::id(entity)),
                (None, FieldType::Symbol) => match self.store.domain_named(&field.name) {
                    Some(domain) => Base::Coded(domain),
                    None => continue,
                },
                (None, FieldType::Date) => Base::Date,
                (None, FieldType::Int) => Base::Int,
                (None, FieldType::Float) => Base::Float,
                (None, FieldType::Bool) => Base::Bool,
                _ => Base::Text,
            };
            let of = Type { base, many: field.cardinality == Cardinality::Many };
            let mut column = Builder::new(of);
            for (record, date) in records.iter().zip(&dates) {
                self.event_cell(record, &field.name, of, *date, errors, &mut column);
            }
            let (name, meaning) = (field.name.clone(), field.meaning.clone());
            fields.push(Field { name, of, meaning, column: column.finish(order.as_deref()) });
        }
        // The codes of the events follow their order in the table.
        if let Some(order) = &order {
            let mut domain = Domain::of_table("event", 0);
            let old = std::mem::take(&mut self.store.domains[0]);
            for &place in order {
                domain.add(old.name_of(place + 1), "");
            }
            let mut moved = vec![0_u32; order.len() + 1];
            order.iter().enumerate().for_each(|(now, &before)| moved[before as usize + 1] = now as u32 + 1);
            self.store.domains[0] = domain;
            for field in &mut fields {
                if let Column::Coded(DomainId(0), codes) = &field.column {
                    let codes: Vec<u32> = (0..codes.len()).map(|place| moved[codes.get(place) as usize]).collect();
                    field.column = Column::Coded(DomainId(0), crate::store::Codes::new(&codes));
                }
            }
        }
        let table = &mut self.store.tables[0];
        table.rows = records.len();
        table.fields = fields;
        "What happened, in the order of the dates.".clone_into(&mut table.meaning);
        table.show.clone_from(&manifest.show);
        let derived = |field: &manifest::Field| {
            let (name, meaning) = (field.name.clone(), field.meaning.clone());
            field.expression.clone().map(|expression| Derived { name, meaning, expression })
        };
        table.derived = manifest.fields.iter().filter_map(derived).collect();
    }

    fn event_ids(&mut self, records: &[Record<'_>], errors: &mut Errors) {
        let mut lines: IndexMap<&str, usize> = IndexMap::new();
        for record in records {
            let id = record.required(errors, "id").unwrap_or("");
            if let Some(first) = lines.get(id).filter(|_| !id.is_empty()) {
                let message = format!("the id `{id}` stands in line {first} too");
                errors.add(Code::DUPLICATE_ID, record.line, record.column("id", Some(id)), message);
            }
            lines.entry(id).or_insert(record.line);
            self.store.domains[0].add(id, "");
        }
    }

    fn event_cell(
        &self,
        record: &Record<'_>,
        name: &str,
        of: Type,
        date: Option<crate::value::Edtf>,
        errors: &mut Errors,
        column: &mut Builder,
    ) {
        let store = &self.store;
        match (name, of.base) {
            ("date", _) => match date {
                Some(date) => column.date(date.start),
                None => column.missing(),
            },
            ("end", _) => match date {
                Some(date) => column.date(date.end),
                None => column.missing(),
            },
            ("leader", Base::Coded(domain)) => {
                // Unknown names were told with the participants.
                let actor = record.value("actor").and_then(Json::as_str).unwrap_or("");
                let actor = super::lines::find(store.domain(domain), actor).unwrap_or(0);
                let participants = record.value("participants").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
                for one in participants.iter().filter_map(Json::as_str) {
                    match super::lines::find(store.domain(domain), one) {
                        Ok(code) if code != actor => column.items().code(code),
                        _ => {}
                    }
                }
                column.end_list();
            }
            (_, Base::Coded(domain)) if of.many => self.cell(record, name, &Cell::Entities(domain), errors, column),
            ("kind", Base::Coded(domain)) => match record.required(errors, name) {
                Some(text) => column.code(record.code(errors, name, text, store.domain(domain))),
                None => column.missing(),
            },
            (_, Base::Coded(domain)) => self.cell(record, name, &Cell::Entity(domain), errors, column),
            (_, Base::Date) => self.cell(record, name, &Cell::Date, errors, column),
            (_, Base::Int) => match record.int(errors, name) {
                Some(value) => column.int(value),
                None => column.missing(),
            },
            (_, Base::Float) => self.cell(record, name, &Cell::Number, errors, column),
            (_, Base::Bool) => match record.truth(errors, name) {
                Some(value) => column.truth(value),
                None => column.missing(),
            },
            _ if of.many => self.cell(record, name, &Cell::Texts, errors, column),
            _ => self.cell(record, name, &Cell::Text, errors, column),
        }
    }

    fn about(&mut self, manifest: Manifest) {
        let mut errors = Errors::of(named(self.folder, "dataset.json"));
        let text = self.files.get("dataset.json").map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let place = |word: &str| {
            let quoted = serde_json::to_string(word).unwrap_or_default();
            text.find(&quoted).map_or((0, 0), |at| super::lines::position(&text, at))
        };
        let mut about = About { name: manifest.name, title: manifest.title, ..About::default() };
        (about.description, about.licence, about.notes) = (manifest.description, manifest.licence, manifest.notes);
        about.as_of = manifest.as_of.and_then(|as_of| {
            let date = parse_edtf(&as_of);
            if date.is_none() {
                let (line, column) = place(&as_of);
                errors.add(Code::BAD_DATE, line, column, format!("`{as_of}` is not a date"));
            }
            date.map(|date| date.end.latest)
        });
        let leader = Self::id("leader");
        about.focus = manifest.focus.and_then(|focus| match super::lines::find(self.store.domain(leader), &focus) {
            Ok(code) => Some((leader, code)),
            Err((message, help)) => {
                let (line, column) = place(&focus);
                errors.push(Code::UNKNOWN_ENTITY, line, column, message, help);
                None
            }
        });
        for (name, text) in manifest.periods {
            match period(&text) {
                Some(period) => drop(about.periods.insert(name, period)),
                None => {
                    let (line, column) = place(&text);
                    errors.add(Code::BAD_DATE, line, column, format!("`{text}` is not a period"));
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
                let (line, column) = place(parent);
                let help = did_you_mean(parent, names.iter().map(String::as_str));
                errors.push(Code::UNKNOWN_ENTITY, line, column, format!("there is no kind `{parent}`"), help);
            }
            let parent = parent.map_or(0, |place| place as u32 + 1);
            let symmetric = kind.sides == Sides::Symmetric;
            about.kinds.push(Kind { name: kind.name, plural: kind.plural, symmetric, parent, meaning: kind.meaning });
        }
        self.store.about = about;
        self.errors.extend(errors.into_list());
    }
}

/// `2024-05-07..2024-07-11`, or one date.
fn period(text: &str) -> Option<Period> {
    let Some((from, to)) = text.split_once("..") else { return parse_period(text) };
    let first = if from.is_empty() { i32::MIN } else { parse_period(from)?.first };
    let last = if to.is_empty() { i32::MAX } else { parse_period(to)?.last };
    (first <= last).then_some(Period { first, last })
}
