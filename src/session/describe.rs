//! What a name of the data means: a source, a field, a domain, a value, a period. Plain data, for whoever shows it.

use std::sync::Arc;

use indexmap::IndexSet;

use super::Session;
use crate::answer::{Description, Line};
use crate::ir::ast::{Statement, StatementKind};
use crate::resolve::{self, Environment, IT, KnownField};
use crate::store::{Domain, EVENTS, Found};
use crate::syntax;
use crate::value::{Base, Bucket, Date, DomainId, Value, fold};

impl Session {
    /// The sources that a query can start from.
    pub fn sources_known(&self) -> Vec<Line> {
        let about = &self.store.about;
        let tables = self.store.tables.iter().map(|table| Line::new(&table.name, "", &table.meaning));
        let kinds = about.kinds.iter().map(|kind| Line::new(&kind.plural, "", &kind.meaning));
        let bound = self.names().map(|name| Line::new(name, "", "bound by `let`"));
        let it = self.last().map(|last| Line::new(IT, "", format!("the last answer: `{}`", last.text())));
        tables.chain(kinds).chain(bound).chain(it).collect()
    }

    /// What the data set is, what it holds, and what it cites.
    pub fn about(&self) -> Vec<Description> {
        let store = &*self.store;
        let about = &store.about;
        let title = if about.title.is_empty() { &about.name } else { &about.title };
        let mut facts = vec![Line::new("name", "", &about.name)];
        facts.extend(about.as_of.map(|day| Line::new("as of", "", Bucket::Day.of(day))));
        facts.extend(about.focus.map(|(domain, code)| Line::new("focus", "", store.name(domain, code))));
        facts.push(Line::new("licence", "", &about.licence));
        facts.retain(|fact| !fact.meaning.is_empty());
        let tables =
            store.tables.iter().map(|table| Line::new(&table.name, format!("{} rows", table.rows), &table.meaning));
        let kinds = about.kinds.iter().map(|kind| Line::new(&kind.plural, "", &kind.meaning));
        let periods = about.periods.iter().map(|(name, period)| Line::new(name, "", period));
        let works = about.sources.iter().map(|(id, source)| Line::new(id, "", cited(source)));
        let described = Description { title: title.clone(), meaning: vec![about.description.clone()], lines: facts };
        let list =
            |title: &str, lines: Vec<Line>| Description { title: title.to_owned(), lines, ..Description::default() };
        // Rows that are no entities are known by their columns.
        let plain = store.tables.get(EVENTS).filter(|events| events.domain.is_none());
        let mut fields = plain.map_or_else(Vec::new, |_| self.fields_of(EVENTS));
        fields.retain(|line| plain.is_some_and(|events| events.field(&line.name).is_some()));
        let notes = Description { title: "notes".to_owned(), meaning: about.notes.clone(), lines: Vec::new() };
        let all = [
            described,
            list("sources", tables.collect()),
            list("kinds of events, each a source", kinds.collect()),
            list("fields of events", fields),
            list("periods", periods.collect()),
            notes,
            list("works cited", works.collect()),
        ];
        all.into_iter().filter(|part| !(part.meaning.is_empty() && part.lines.is_empty())).collect()
    }

    /// Everything that has a name, whatever its case and diacritics; nothing if nothing has.
    pub fn describe(&self, name: &str) -> Vec<Description> {
        let wanted = fold(name);
        let store = &self.store;
        let mut found = Vec::new();
        for kind in store.about.kinds.iter().filter(|kind| fold(&kind.plural) == wanted || fold(&kind.name) == wanted) {
            let below = store
                .about
                .kinds
                .iter()
                .filter(|below| below.parent > 0 && store.about.kinds[below.parent as usize - 1].name == kind.name);
            let below: Vec<&str> = below.map(|below| below.plural.as_str()).collect();
            let told = if kind.symmetric {
                "It belongs to each of its participants, and is told from one side."
            } else {
                "It is told from the side of its actor alone."
            };
            let mut meaning = vec![kind.meaning.clone(), told.to_owned()];
            if !below.is_empty() {
                meaning.push(format!("It includes {}.", below.join(", ")));
            }
            found.push(Description {
                title: format!("{}: a kind of events", kind.plural),
                meaning,
                lines: self.fields_of(EVENTS),
            });
        }
        for (place, table) in store.tables.iter().enumerate().filter(|(_, table)| fold(&table.name) == wanted) {
            let title = format!("{}: {} rows", table.name, table.rows);
            found.push(Description { title, meaning: vec![table.meaning.clone()], lines: self.fields_of(place) });
        }
        if found.is_empty() {
            found.extend(self.field_named(&wanted));
        }
        for place in 0..store.domains.len() {
            let domain = DomainId(place as u16);
            let codes = match store.domain(domain).find(name) {
                Found::One(code) => vec![code],
                Found::Several(codes) => codes,
                Found::Nothing => Vec::new(),
            };
            let is_kind = store.domain(domain).name == "kind" && !found.is_empty();
            found.extend(codes.into_iter().filter(|_| !is_kind).map(|code| self.value_named(domain, code)));
        }
        for (name, period) in store.about.periods.iter().filter(|(name, _)| fold(name) == wanted) {
            let meaning = vec![format!("From {} to {}.", Date::day(period.first), Date::day(period.last))];
            found.push(Description { title: format!("{name}: a period"), meaning, lines: Vec::new() });
        }
        if let Some(source) = store.about.sources.get(name) {
            let title = format!("{name}: a work that events cite");
            found.push(Description { title, meaning: vec![cited(source)], lines: Vec::new() });
        }
        found
    }

    /// Every name that [`describe`](Self::describe) knows as it is written, the sources first.
    pub fn describable(&self) -> Vec<String> {
        let store = &self.store;
        let mut names: IndexSet<String> = self.sources_known().into_iter().map(|line| line.name).collect();
        names.extend(self.fields_of(EVENTS).into_iter().map(|line| line.name));
        names.extend(store.about.periods.keys().cloned());
        let (events, others): (Vec<&Domain>, Vec<&Domain>) =
            store.domains.iter().partition(|domain| domain.table == Some(EVENTS));
        names.extend(others.into_iter().chain(events).flat_map(|domain| domain.names().map(str::to_owned)));
        names.into_iter().collect()
    }

    fn fields_of(&self, table: usize) -> Vec<Line> {
        let Some(table) = self.store.tables.get(table) else { return Vec::new() };
        let text: Arc<str> = format!("`{}`", table.name).into();
        let Some(Statement { kind: StatementKind::Query(query), .. }) = syntax::parse(&text).script.statements.pop()
        else {
            return Vec::new();
        };
        let fields = resolve::fields_after(self.world(), &Environment::default(), &text, &query);
        let line = |field: KnownField| {
            let derived = table.derived.iter().find(|derived| derived.name == field.name);
            let expression = derived.map(|derived| format!(" It is `{}`.", derived.expression)).unwrap_or_default();
            Line::new(field.name, self.store.type_name(field.of), format!("{}{expression}", field.meaning))
        };
        fields.into_iter().map(line).collect()
    }

    /// A field of the events, or the values of a domain.
    fn field_named(&self, wanted: &str) -> Option<Description> {
        let store = &self.store;
        let line = self.fields_of(EVENTS).into_iter().find(|line| fold(&line.name) == wanted);
        let field = store.tables.get(EVENTS).and_then(|table| table.fields.get(table.field(&line.as_ref()?.name)?));
        let domain = match field.map(|field| field.of.base) {
            Some(Base::Coded(domain)) => Some(domain),
            _ => {
                store.domains.iter().position(|domain| fold(&domain.name) == wanted).map(|place| DomainId(place as u16))
            }
        };
        let values =
            domain.map(|domain| store.domain(domain)).filter(|values| values.table.is_none() || values.len() <= 60);
        let lines = values.map_or_else(Vec::new, |values| {
            let codes = 1..=values.len() as u32;
            codes.map(|code| Line::new(values.name_of(code), "", self.meaning_of(domain, code))).collect()
        });
        let called =
            line.as_ref().map(|line| line.name.clone()).or(domain.map(|domain| store.domain(domain).name.clone()))?;
        let title = match &line {
            Some(line) => format!("{called}: a field of events, {}", line.kind),
            None => called,
        };
        Some(Description { title, meaning: line.map(|line| line.meaning).into_iter().collect(), lines })
    }

    /// The meaning of a value: its own, or that of the row of its table.
    fn meaning_of(&self, domain: Option<DomainId>, code: u32) -> String {
        let Some(domain) = domain else { return String::new() };
        let own = self.store.domain(domain).meaning_of(code);
        let table = self.store.table_of(domain).map(|table| &self.store.tables[table]);
        let row =
            table.and_then(|table| Some(table.fields.get(table.field("meaning")?)?.column.value(code as usize - 1)));
        if own.is_empty() { row.map_or_else(String::new, |value| self.store.text(&value)) } else { own.to_owned() }
    }

    /// A symbol or an entity: its meaning, its other names, its fields, where it belongs and what belongs to it.
    fn value_named(&self, domain: DomainId, code: u32) -> Description {
        let store = &self.store;
        let values = store.domain(domain);
        let mut lines = Vec::new();
        let others: Vec<&str> = values.other_names().filter(|(of, _)| *of == code).map(|(_, name)| name).collect();
        if !others.is_empty() {
            lines.push(Line::new("also", "", others.join(", ")));
        }
        if let Some(table) = store.table_of(domain).map(|table| &store.tables[table]) {
            for field in table.fields.iter().filter(|field| !matches!(field.name.as_str(), "name" | "meaning")) {
                let value = field.column.value(code as usize - 1);
                if !value.is_missing() {
                    lines.push(Line::new(&field.name, "", store.text(&value)));
                }
            }
        }
        for spell in store.memberships.iter().filter(|spell| spell.member == (domain, code)) {
            let group = &store.domain(spell.group.0).name;
            let until = if spell.to.latest == i32::MAX { String::new() } else { format!(" until {}", spell.to) };
            let from = if spell.from.earliest == i32::MIN { String::new() } else { format!(" from {}", spell.from) };
            lines.push(Line::new(group, "", format!("{}{from}{until}", store.name(spell.group.0, spell.group.1))));
        }
        lines.extend(self.belonging_to(domain, code));
        let meaning = self.meaning_of(Some(domain), code);
        let what = match (values.table, values.name.starts_with(['a', 'e', 'i', 'o', 'u'])) {
            (None, _) => "a value of",
            (Some(_), true) => "an",
            (Some(_), false) => "a",
        };
        let title = format!("{}: {what} {}", values.name_of(code), values.name);
        let meaning = if meaning.is_empty() { Vec::new() } else { vec![meaning] };
        Description { title, meaning, lines }
    }

    /// The entities of each table that name a value in one of their fields.
    fn belonging_to(&self, domain: DomainId, code: u32) -> Vec<Line> {
        let store = &self.store;
        let mut lines = Vec::new();
        for table in store.tables.iter().skip(EVENTS + 1).filter(|table| table.domain != Some(domain)) {
            let name = |row: usize| table.domain.map_or("", |own| store.name(own, row as u32 + 1));
            for field in table.fields.iter().filter(|field| field.of.base == Base::Coded(domain)) {
                let holds = |row: &usize| field.column.value(*row).items().contains(&Value::Coded(domain, code));
                let names: Vec<&str> = (0..table.rows).filter(holds).map(name).collect();
                if !names.is_empty() && field.name != "members" {
                    lines.push(Line::new(&table.name, "", names.join(", ")));
                }
            }
        }
        lines
    }
}

/// A work as it is cited.
fn cited(source: &crate::store::Source) -> String {
    let parts = [&source.title, &source.publisher, &source.date, &source.address];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(". ")
}
