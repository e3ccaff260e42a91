//! A name to what it means, as plain text no wider than asked: the data set, a source, a field, a value, an entity, a
//! function, a period, a cited work. It runs no query.

use unicode_width::UnicodeWidthStr;

use super::Session;
use crate::builtin::{AGGREGATES, FUNCTIONS};
use crate::diagnostic::{Code, Diagnostic, Trouble, nearest};
use crate::span::Span;
use crate::store::{Domain, EVENTS, Found, Store, Table};
use crate::value::{Bucket, DomainId, Value, fold};

/// Text in the making: paragraphs, and terms with what is said of them.
struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn new(width: usize) -> Self {
        Self { text: String::new(), width: width.max(40) }
    }

    fn paragraph(&mut self, text: &str) {
        self.wrapped("", 0, text);
    }

    fn heading(&mut self, text: &str) {
        self.text.push_str(&format!("\n{text}\n"));
    }

    /// Terms in a column, and beside each what is said of it.
    fn terms(&mut self, terms: &[(String, String)]) {
        let longest = terms.iter().map(|(term, _)| term.width()).max().unwrap_or(0).min(self.width / 3);
        for (term, text) in terms {
            self.wrapped(&format!("  {term}"), longest + 4, text);
        }
    }

    /// A text after a first word, with every line from the same column on.
    fn wrapped(&mut self, first: &str, indent: usize, text: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        let pad = |line: &mut String| line.extend(std::iter::repeat_n(' ', indent.saturating_sub(line.width())));
        if line.width() >= indent && indent > 0 && !text.is_empty() {
            self.text.push_str(&format!("{line}\n"));
            line.clear();
        }
        pad(&mut line);
        for word in text.split_whitespace() {
            if !is_empty && line.width() + 1 + word.width() > self.width {
                self.text.push_str(&format!("{}\n", line.trim_end()));
                line.clear();
                pad(&mut line);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.text.push_str(&format!("{}\n", line.trim_end()));
    }
}

impl Session {
    /// What a name means, in every sense that it has here; without a name, what the data set is.
    ///
    /// # Errors
    ///
    /// Where nothing has the name.
    pub fn describe(&self, name: Option<&str>, width: usize) -> Result<String, Trouble> {
        let mut page = Page::new(width);
        match name.map(str::trim).filter(|name| !name.is_empty()) {
            None => data_set(&self.store, &mut page),
            Some(name) => {
                self.meanings(name, &mut page);
                if page.text.is_empty() {
                    return Err(self.unknown(name));
                }
            }
        }
        Ok(page.text)
    }

    fn meanings(&self, name: &str, page: &mut Page) {
        let store = &*self.store;
        let next = |page: &mut Page, what: String, meaning: &str| {
            if !page.text.is_empty() {
                page.text.push('\n');
            }
            page.paragraph(&what);
            if !meaning.is_empty() {
                page.paragraph(meaning);
            }
        };
        for table in store.tables.iter().filter(|table| table.name == name) {
            next(page, format!("{name}: a source of {} rows", table.rows), &table.meaning);
            fields(store, table, page);
        }
        for kind in store.about.kinds.iter().filter(|kind| kind.plural == name || kind.name == name) {
            next(page, format!("{}: a source, the events of the kind {}", kind.plural, kind.name), &kind.meaning);
            page.paragraph(if kind.symmetric {
                "Each of its participants is a side from which it can be told."
            } else {
                "It is told from its actor's side only."
            });
            let parent = (kind.parent as usize).checked_sub(1).and_then(|parent| store.about.kinds.get(parent));
            if let Some(parent) = parent {
                page.paragraph(&format!("It is one of the {}.", parent.plural));
            }
            page.paragraph("Its fields are those of `events`.");
        }
        for table in &store.tables {
            for field in table.fields.iter().filter(|field| field.name == name) {
                let what = format!("{name}: a field of {}, {}", table.name, store.type_name(field.of));
                next(page, what, &field.meaning);
                if let crate::value::Base::Coded(domain) = field.of.base
                    && store.table_of(domain).is_none()
                {
                    values(store.domain(domain), page);
                }
            }
            for field in table.derived.iter().filter(|field| field.name == name) {
                next(page, format!("{name}: a field of {}, = {}", table.name, field.expression), &field.meaning);
                if let Some(domain) = store.domain_named(name).map(|domain| store.domain(domain))
                    && domain.table.is_none()
                {
                    values(domain, page);
                }
            }
        }
        for (place, domain) in store.domains.iter().enumerate().filter(|(_, domain)| domain.name != "kind") {
            let codes = match domain.find(name) {
                Found::One(code) => vec![code],
                Found::Several(codes) => codes,
                Found::Nothing => Vec::new(),
            };
            for code in codes {
                let called = domain.name_of(code);
                match domain.table.map(|table| &store.tables[table]) {
                    Some(table) => {
                        next(page, format!("{called}: a {}", domain.name), "");
                        entity(store, table, DomainId(place as u16), code, page);
                    }
                    None => next(page, format!("{called}: a value of {}", domain.name), domain.meaning_of(code)),
                }
            }
        }
        for function in FUNCTIONS.iter().filter(|function| function.name == name) {
            next(page, format!("{}: a function", function.form), function.summary);
            page.paragraph(&format!("{} is {}", function.example.0, function.example.1));
        }
        for record in AGGREGATES.iter().filter(|record| record.name == name) {
            next(page, format!("{}: an aggregate, for `summarize`", record.form), record.summary);
        }
        let wanted = fold(name);
        for (period, extent) in store.about.periods.iter().filter(|(period, _)| fold(period) == wanted) {
            next(page, format!("{period}: a period, {extent}"), "");
        }
        if let Some(source) = store.about.sources.get(name) {
            next(page, format!("{name}: a work that events cite"), &cited(source));
        }
    }

    fn unknown(&self, name: &str) -> Trouble {
        let store = &*self.store;
        let tables = store.tables.iter().flat_map(|table| {
            let stored = table.fields.iter().map(|field| &field.name);
            stored.chain(table.derived.iter().map(|field| &field.name)).chain([&table.name])
        });
        let kinds = store.about.kinds.iter().map(|kind| &kind.plural);
        let periods = store.about.periods.keys();
        let values = store.domains.iter().flat_map(Domain::names);
        let names = tables.chain(kinds).chain(periods).chain(values).map(String::as_str);
        let functions = FUNCTIONS.iter().map(|function| function.name);
        let near = nearest(name, names.chain(functions));
        let message = format!("nothing here is called `{name}`");
        let diagnostic = Diagnostic::new(Code::UNKNOWN_VALUE, Span::new(0, name.len()), message);
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "without a name, `describe` lists what there is".to_owned(),
        };
        Trouble { name: "name".to_owned(), text: name.into(), diagnostics: vec![diagnostic.help(help)] }
    }
}

fn data_set(store: &Store, page: &mut Page) {
    let about = &store.about;
    page.paragraph(if about.title.is_empty() { &about.name } else { &about.title });
    if !about.description.is_empty() {
        page.paragraph(&about.description);
    }
    page.text.push('\n');
    let mut facts = vec![("name".to_owned(), about.name.clone())];
    facts.extend(about.as_of.map(|day| ("as of".to_owned(), Bucket::Day.of(day).to_string())));
    facts.extend(about.focus.map(|(domain, code)| ("focus".to_owned(), store.name(domain, code).to_owned())));
    facts.push(("licence".to_owned(), about.licence.clone()));
    facts.retain(|(_, text)| !text.is_empty());
    page.terms(&facts);
    let list = |page: &mut Page, heading: &str, terms: Vec<(String, String)>| {
        if !terms.is_empty() {
            page.heading(heading);
            page.terms(&terms);
        }
    };
    let rows = |table: &Table| format!("{} rows. {}", table.rows, table.meaning);
    list(page, "sources", store.tables.iter().map(|table| (table.name.clone(), rows(table))).collect());
    let kinds = about.kinds.iter().map(|kind| (kind.plural.clone(), kind.meaning.clone()));
    list(page, "kinds of events, each a source", kinds.collect());
    let periods = about.periods.iter().map(|(name, period)| (name.clone(), period.to_string()));
    list(page, "periods", periods.collect());
    list(page, "notes", about.notes.iter().map(|note| ("-".to_owned(), note.clone())).collect());
    let works = about.sources.iter().map(|(id, source)| (id.clone(), cited(source)));
    list(page, "works cited", works.collect());
}

fn cited(source: &crate::store::Source) -> String {
    let parts = [&source.title, &source.publisher, &source.date, &source.address];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(". ")
}

fn fields(store: &Store, table: &Table, page: &mut Page) {
    page.heading("fields");
    let stored = table.fields.iter().map(|field| {
        let text = format!("{}. {}", store.type_name(field.of), field.meaning);
        (field.name.clone(), text)
    });
    let derived = table.derived.iter().map(|field| {
        let text = format!("= {}. {}", field.expression, field.meaning);
        (field.name.clone(), text)
    });
    page.terms(&stored.chain(derived).collect::<Vec<_>>());
}

fn values(domain: &Domain, page: &mut Page) {
    let meaning = |code: usize| domain.meaning_of(code as u32 + 1).to_owned();
    let values = domain.names().iter().enumerate().map(|(place, name)| (name.clone(), meaning(place)));
    page.terms(&values.collect::<Vec<_>>());
}

/// The row of an entity, its other names, and the groups that it belongs to at the end of the data.
fn entity(store: &Store, table: &Table, domain: DomainId, code: u32, page: &mut Page) {
    let mut terms: Vec<(String, String)> = Vec::new();
    for field in table.fields.iter().filter(|field| field.name != "name" && field.name != "members") {
        let value = field.column.value(code as usize - 1);
        let is_own_name = table.name == store.tables[EVENTS].name && field.name == "id";
        if !value.is_missing() && !is_own_name {
            terms.push((field.name.clone(), store.text(&value)));
        }
    }
    if let Some(day) = store.about.as_of {
        let on = crate::value::Date::day(day);
        let holds = |entry: &&crate::store::Membership| entry.covers(on) == crate::value::Truth::True;
        let now = || store.memberships.iter().filter(holds);
        let date = Value::Date(on);
        let groups = now().filter(|entry| entry.member == (domain, code)).map(|entry| entry.group);
        let members = now().filter(|entry| entry.group == (domain, code)).map(|entry| entry.member);
        for (what, found) in [("in", groups.collect::<Vec<_>>()), ("members", members.collect())] {
            let names: Vec<&str> = found.iter().map(|(domain, code)| store.name(*domain, *code)).collect();
            if !names.is_empty() {
                terms.push((what.to_owned(), format!("{} (as of {})", names.join(", "), store.text(&date))));
            }
        }
    }
    page.terms(&terms);
}
