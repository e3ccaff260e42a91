//! The events of a folder: lines of `events.jsonl` to the columns that the manifest names, in the order of the dates.

use bytes::Bytes;
use indexmap::IndexMap;
use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::OnError;
use super::builder::Builder;
use super::folder::{Cell, Reader, named};
use super::joined::Joined;
use super::lines::{Errors, Record, find, records, text_of};
use super::manifest::{Cardinality, FieldType, Manifest, Sides};
use super::order::Run;
use crate::diagnostic::{Code, Diagnostic};
use crate::store::{Codes, Column, Domain, Field};
use crate::value::{Base, DomainId, Edtf, Type};

impl Reader<'_> {
    /// Reads the events, and gives what is wrong with those that are skipped.
    pub(super) fn events(&mut self, manifest: &Manifest, on_error: OnError) -> Vec<Diagnostic> {
        let mut errors = Errors::of(named(self.folder, "events.jsonl"));
        let empty = Bytes::new();
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
        let known: FxHashSet<&str> = known.collect();
        records.iter().for_each(|record| record.only(errors, &known));
        if known.contains("actor") {
            records.iter().for_each(|record| has_actor(record, manifest, errors));
        }
        let dates: Vec<_> = records
            .iter()
            .map(|record| {
                let text = record.required(errors, "date")?;
                record.date(errors, "date", text)
            })
            .collect();
        let order = Joined::from(Builder::Date(dates.iter().map(|date| date.map(|date| date.start)).collect())).order();
        let mut fields = Vec::new();
        for field in stored {
            let base = match (field.of.entity(), field.of) {
                // As the name of any entity is the entity, the id of an event is the event.
                _ if field.name == "id" => Base::Coded(Self::id("event")),
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
            if field.name == "id" {
                (1..=records.len() as u32).for_each(|code| column.code(code));
            }
            for (record, date) in records.iter().zip(&dates).filter(|_| field.name != "id") {
                self.event_cell(record, &field.name, of, *date, errors, &mut column);
            }
            let (name, meaning) = (field.name.clone(), field.meaning.clone());
            fields.push(Field { name, of, meaning, column: Joined::from(column).finish(order.as_deref()).into() });
        }
        // The codes of the events follow their order in the table.
        if let Some(order) = &order {
            let mut domain = Domain::of_table("event", 0);
            let old = std::mem::take(&mut self.store.domains[0]);
            let mut moved = vec![0_u32; records.len() + 1];
            for place in order.iter().copied().flat_map(Run::rows) {
                moved[place + 1] = domain.add(old.name_of(place as u32 + 1), "");
            }
            self.store.domains[0] = domain;
            for field in &mut fields {
                let column = match field.column.as_mut() {
                    Some(Column::List(_, items)) => Some(&mut **items),
                    column => column,
                };
                if let Some(Column::Coded(DomainId(0), codes)) = column {
                    let now: Vec<u32> = (0..codes.len()).map(|place| moved[codes.get(place) as usize]).collect();
                    *codes = Codes::new(&now);
                }
            }
        }
        let derived = manifest.fields.iter().filter_map(|field| self.derived(field)).collect();
        let table = &mut self.store.tables[0];
        table.rows = records.len();
        table.fields = fields;
        "What happened, in the order of the dates.".clone_into(&mut table.meaning);
        table.show.clone_from(&manifest.show);
        table.derived = derived;
    }

    /// Names the events by their ids.
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
        date: Option<Edtf>,
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
            ("participants", Base::Coded(domain)) if of.many => {
                let texts = record.texts(errors, name);
                let codes = texts.iter().map(|text| record.code(errors, name, text, store.domain(domain)));
                let mut codes: Vec<u32> = codes.collect();
                // The actor takes part whether listed or not; an unknown one is told with `actor`.
                let actor = actor_of(record).and_then(|actor| find(store.domain(domain), actor).ok());
                if let Some(actor) = actor.filter(|actor| !codes.contains(actor)) {
                    codes.insert(0, actor);
                }
                codes.into_iter().for_each(|code| column.items().code(code));
                column.end_list();
            }
            ("leader", Base::Coded(domain)) => {
                // Unknown names were told with the participants.
                let actor = actor_of(record).and_then(|actor| find(store.domain(domain), actor).ok()).unwrap_or(0);
                let participants = record.value("participants").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
                for one in participants.iter().filter_map(Json::as_str) {
                    match find(store.domain(domain), one) {
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
}

fn actor_of<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    record.value("actor").and_then(Json::as_str)
}

/// Says so if the event's kind is told from its actor's side, and not even `null` says who that is.
fn has_actor(record: &Record<'_>, manifest: &Manifest, errors: &mut Errors) {
    let kind = record.value("kind").and_then(Json::as_str).unwrap_or("");
    let is_directed = manifest.kinds.iter().any(|of| of.name == kind && of.sides == Sides::Directed);
    if is_directed && !record.has("actor") {
        let message = format!("a {kind} is told from its actor's side, and `actor` is missing");
        let help = Some("`\"actor\": null` says that it was no leader".to_owned());
        errors.push(Code::BAD_FIELD, record.line, record.column("kind", None), message, help);
    }
}
