//! What could be put at a place of a text: the words, fields and values that may stand there, the likeliest first.

mod cursor;
mod matching;
mod offer;
mod typed;
mod values;

use std::sync::Arc;

use super::Session;
use crate::builtin::{AGGREGATES, CLAUSES, FUNCTIONS, SOURCES, STAGES};
use crate::ir::ast::{Clause, Expr, ExprKind, StatementKind};
use crate::resolve::{self, IT, KnownField};
use crate::span::{Span, Spanned};
use crate::syntax::{self, Expected};
use crate::value::{Base, Type};

use cursor::{Cursor, MARK, Role};
use matching::written_field;
use offer::{Group, Offer, chosen, word};
use typed::{Typed, asks_predicate, open_brackets, start_of_names, typed};
use values::path;

/// What could be put at a place of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Where the text that a candidate replaces starts; it ends at the place asked about.
    pub start: usize,
    /// The candidates, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// One thing that could be put there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// What to put there.
    pub text: String,
    /// What kind of thing it is: `stage`, `source`; the type of a field; of a value, what it names.
    pub kind: String,
    /// What it means, in a few words; of a value, how many rows have it, too.
    pub what: String,
}

impl Session {
    /// What could be put at `position` in `text`, in place of the part of a word before it.
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::days};
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11)).unwrap();
    /// let completions = session.complete("meetings with erd", 17);
    /// assert_eq!(completions.candidates[0].text, "\"Recep Tayyip Erdogan\"");
    /// ```
    pub fn complete(&self, text: &str, position: usize) -> Completions {
        let Some(head) = text.get(..position) else { return Completions::default() };
        let tokens = syntax::parse(head).tokens;
        let Some(typed) = typed(head, &tokens) else { return Completions::default() };
        let closes = typed.quote.filter(|quote| text[position..].starts_with(*quote));
        let run = start_of_names(&tokens, typed.start).filter(|_| typed.quote.is_none() && !typed.text.is_empty());
        if let Some(start) = run {
            let whole = Typed { start, text: &head[start..], quote: None };
            let mut offers = self.offers(head, &whole);
            offers.retain(|offer| offer.group == Group::Value);
            let completions = chosen(offers, &whole, None);
            if !completions.candidates.is_empty() {
                return completions;
            }
        }
        chosen(self.offers(head, &typed), &typed, closes)
    }

    fn offers(&self, head: &str, typed: &Typed<'_>) -> Vec<Offer> {
        let before = &head[..typed.start];
        let mut offers = Vec::new();
        let mut expected = syntax::expected_after(before);
        // The parser takes `distinct` alone for a name, and awaits one after a dot.
        if before.trim_end().ends_with("(distinct") || before.ends_with('.') && expected == [Expected::Name] {
            expected = vec![Expected::Expression];
        }
        for expected in expected {
            match expected {
                Expected::Source => {
                    offers.extend(self.sources());
                    let is_step = before.trim_end().ends_with('[');
                    let written = SOURCES.iter().filter(|source| !is_step && source.name != IT);
                    offers.extend(written.map(|source| word(source.name, source.summary, 0).kind("source")));
                }
                Expected::Clause => offers.extend(self.clauses(before)),
                Expected::Stage => {
                    offers.extend(
                        STAGES
                            .iter()
                            .zip(0..)
                            .map(|(stage, place)| word(stage.name, stage.summary, 100 - place).kind("stage")),
                    );
                }
                Expected::Operator => offers.extend(self.operators(before)),
                Expected::Word("and" | "or") if !asks_predicate(before) => {}
                Expected::Word("|") if typed.text.is_empty() => offers.push(word("|", "a stage follows", -5)),
                Expected::Word(text) if text.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                    offers.push(word(text, "", 0));
                }
                Expected::Expression => {
                    let marked = self.marked(before, "").or_else(|| self.marked(before, " and 1"));
                    if let Some((session, text, cursor)) = marked {
                        offers.extend(session.at_cursor(&text, &cursor, typed));
                        let in_parentheses = before.trim_end().ends_with('(');
                        if in_parentheses && !matches!(cursor.role, Role::Argument | Role::Aggregate | Role::Source) {
                            offers.extend(self.sources().map(|offer| Offer { weight: -20, ..offer }));
                        }
                    }
                }
                _ => {}
            }
        }
        offers
    }

    /// The place of a mark after `before`, in a session that knows what the statements before it bound.
    fn marked(&self, before: &str, after: &str) -> Option<(Session, Arc<str>, Cursor)> {
        let blank = if before.ends_with(['.', '`']) { "" } else { " " };
        let mut text = format!("{before}{blank}{MARK}{after}");
        let open: String = open_brackets(&text);
        text.push_str(&open);
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        let (last, others) = parsed.script.statements.split_last()?;
        let cursor = cursor::find(last)?;
        let mut session = self.clone();
        for statement in others {
            if let (Ok(()), StatementKind::Query(query)) = (session.check_statement(&text, statement), &statement.kind)
            {
                session.answered(query, &text);
            }
        }
        Some((session, text, cursor))
    }

    fn sources(&self) -> impl Iterator<Item = Offer> {
        let about = &self.store.about;
        let kinds = about.kinds.iter().map(|kind| (kind.plural.as_str(), kind.meaning.as_str()));
        let tables = self.store.tables.iter().map(|table| (table.name.as_str(), table.meaning.as_str()));
        let stored =
            kinds.chain(tables).zip(0..).map(|((name, meaning), place)| word(name, meaning, 50 - place).kind("source"));
        let bound = self.names().map(|name| self.bound(name));
        let it = self.last().map(|last| word(IT, last.text(), 70).kind("the last answer"));
        stored.chain(bound).chain(it).map(|offer| Offer { text: written_field(offer.text.as_str()), ..offer }.called())
    }

    /// A name of `let`.
    fn bound(&self, name: &str) -> Offer {
        match self.environment.parameters(name) {
            [] => word(name, "bound by `let`", 60).kind("name"),
            parameters => word(name, &format!("{name}({})", parameters.join(", ")), 60).kind("name"),
        }
    }

    /// The clauses that go with the rows of the query at the end of `before`.
    fn clauses(&self, before: &str) -> Vec<Offer> {
        let marked = self.marked(&format!("{before} where"), "");
        let fields = marked.map_or_else(Vec::new, |(session, text, cursor)| session.fields(&text, &cursor));
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let fits = |clause: &str| match clause {
            "where" => true,
            "of" => has("actor"),
            "with" => has("participants") || has("leader"),
            "in" => has("place"),
            _ => has("date"),
        };
        let fitting = CLAUSES.iter().filter(|clause| fits(clause.name)).zip(0..);
        fitting.map(|(clause, place)| word(clause.name, clause.summary, 40 - place).kind("clause")).collect()
    }

    /// The operators that go with the expression at the end of `before`.
    fn operators(&self, before: &str) -> Vec<Offer> {
        const OF_NAMES: &[&str] = &["=", "!=", "in", "not in", "is missing", "is present"];
        const OF_TEXTS: &[&str] = &["contains", "starts with", "ends with", "matches"];
        const OF_SIZES: &[&str] = &["=", "!=", "<", "<=", ">", ">=", "between", "in", "is missing", "is present"];
        if !asks_predicate(before) {
            return Vec::new();
        }
        let Some((session, text, cursor)) = self.marked(&format!("{before} ="), "") else { return Vec::new() };
        let Role::Compared(left) = &cursor.role else { return Vec::new() };
        let of = session.type_of(&text, &cursor, left);
        let operators = match of.map(|of| of.base) {
            None => return Vec::new(),
            Some(Base::Text) => [OF_TEXTS, OF_NAMES].concat(),
            Some(Base::Coded(_)) => [OF_NAMES, OF_TEXTS].concat(),
            Some(Base::Bool) => vec!["is missing", "is present"],
            Some(_) => OF_SIZES.to_vec(),
        };
        operators.into_iter().zip(0..).map(|(text, place)| word(text, "", 70 - place).kind("operator")).collect()
    }

    fn at_cursor(&self, text: &Arc<str>, cursor: &Cursor, typed: &Typed<'_>) -> Vec<Offer> {
        let fields = self.fields(text, cursor);
        let taken = |name: &str| fields.iter().any(|field| field.name == name) || self.names().any(|own| own == name);
        let mut offers = match &cursor.role {
            Role::Source => self.sources().collect(),
            Role::Side => {
                let anyone = Spanned::new(Clause::Of(None), Span::default());
                let mut all = cursor.clone();
                all.rows.iter_mut().for_each(|rows| rows.clauses.push(anyone.clone()));
                let mut offers = self.values(text, &all, &path(&["participants"]), &taken);
                offers.push(word("anyone", "as the events were recorded", 5));
                offers
            }
            Role::Participant => self.reached(text, cursor, "leader", &taken),
            Role::Place => self.reached(text, cursor, "place", &taken),
            Role::Time => self.times(text, cursor, typed),
            Role::Compared(left) => self.compared(text, cursor, left, typed, &taken),
            Role::Member(left) => {
                let mut offers = self.compared(text, cursor, left, typed, &taken);
                for field in self.entity_fields(text, cursor, left) {
                    if matches!(field.of.base, Base::Coded(_)) && field.name != "name" {
                        let name = Spanned::new(field.name, Span::default());
                        let expr = Expr::new(ExprKind::Path(left.clone(), name), Span::default());
                        offers.extend(self.values(text, cursor, &expr, &taken));
                    }
                }
                offers
            }
            Role::Path(base) => {
                let prefix = format!("{}.", base.span.of(text));
                let of_step = fields.iter().filter_map(|field| {
                    Some(KnownField { name: field.name.strip_prefix(&prefix)?.to_owned(), ..field.clone() })
                });
                of_step.chain(self.entity_fields(text, cursor, base)).map(|of| self.field(&of)).collect()
            }
            Role::Field => fields.iter().map(|of| self.field(of)).collect(),
            Role::Aggregate => {
                let aggregates = AGGREGATES.iter().filter(|record| record.name != "sources").zip(0..);
                aggregates
                    .map(|(record, place)| word(record.name, record.summary, 50 - place).kind("aggregate").called())
                    .collect()
            }
            Role::Predicate | Role::Argument | Role::Value => self.expressions(&fields),
        };
        match &cursor.role {
            Role::Predicate => {
                offers.push(word("not", "the predicate does not hold", -1));
                offers.push(word("every", "it holds for each of several values", -2));
                if text.split(MARK).next().is_some_and(|before| before.trim_end().ends_with("where")) {
                    offers.push(word("possibly", "and the rows for which it is unknown", -3));
                }
            }
            Role::Argument => offers.push(word("distinct", "each value once", 10)),
            Role::Compared(left) | Role::Member(left) if !typed.text.is_empty() => {
                let of = self.type_of(text, cursor, left);
                let alike = fields.iter().filter(|field| of.is_some_and(|of| of.base == field.of.base));
                offers.extend(alike.map(|field| Offer { weight: -9, ..self.field(field) }));
                offers.extend(self.names().map(|name| Offer { weight: -8, ..self.bound(name).called() }));
            }
            _ => {}
        }
        offers
    }

    fn fields(&self, text: &Arc<str>, cursor: &Cursor) -> Vec<KnownField> {
        let Some(rows) = &cursor.rows else { return Vec::new() };
        resolve::fields_after(self.world(), &self.environment, text, rows)
    }

    fn type_of(&self, text: &Arc<str>, cursor: &Cursor, expr: &Expr) -> Option<Type> {
        resolve::type_after(self.world(), &self.environment, text, cursor.rows.as_ref()?, expr)
    }

    fn field(&self, field: &KnownField) -> Offer {
        let of = self.store.type_name(field.of);
        let weight = if field.is_shown { 30 } else { 20 };
        Offer { group: Group::Field, text: written_field(&field.name), ..word(&field.name, &field.meaning, weight) }
            .kind(&of)
    }

    /// Fields, functions and names of `let`.
    fn expressions(&self, fields: &[KnownField]) -> Vec<Offer> {
        let fields = fields.iter().map(|field| self.field(field));
        let functions = FUNCTIONS.iter().map(|record| word(record.name, record.summary, 0).kind("function").called());
        let bound = self.names().map(|name| Offer { weight: 5, ..self.bound(name).called() });
        fields.chain(functions).chain(bound).collect()
    }

    /// The fields of the entity that an expression is.
    fn entity_fields(&self, text: &Arc<str>, cursor: &Cursor, base: &Expr) -> Vec<KnownField> {
        let store = &self.store;
        let Some(Type { base: Base::Coded(domain), many }) = self.type_of(text, cursor, base) else {
            return Vec::new();
        };
        let Some(table) = store.table_of(domain) else { return Vec::new() };
        let stored = store.tables[table].fields.iter().map(|field| KnownField {
            name: field.name.clone(),
            of: Type { many: many || field.of.many, ..field.of },
            meaning: field.meaning.clone(),
            is_shown: store.tables[table].show.contains(&field.name),
        });
        let group = store.group_of(domain).map(|group| KnownField {
            name: store.domain(group).name.clone(),
            of: Type::many(Base::Coded(group)),
            meaning: format!("Each {} to which it belongs.", store.domain(group).name),
            is_shown: true,
        });
        group.into_iter().chain(stored).collect()
    }
}
