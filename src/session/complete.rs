//! What could be put at a place of a text: the words, fields and values that may stand there, the likeliest first.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::IndexMap;

use super::Session;
use super::cursor::{self, Cursor, MARK, Role};
use super::matching::{fit, is_plain, quoted, written_field};
use crate::builtin::{AGGREGATES, CLAUSES, FUNCTIONS, STAGES};
use crate::exec::{self, Run};
use crate::ir::ast::{Clause, Column, Expr, ExprKind, Stage};
use crate::ir::token::{Token, TokenKind};
use crate::resolve::{self, KnownField};
use crate::span::{Span, Spanned};
use crate::store::EVENTS;
use crate::syntax::{self, Expected};
use crate::value::{Base, Type, Value};

/// What could be put at a place of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Where the text that a candidate replaces starts; it ends at the place asked about.
    pub start: usize,
    /// The candidates, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// One thing that could be put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What to put there.
    pub text: String,
    /// What it is, in a few words.
    pub what: String,
}

/// No more candidates than these are given.
const MOST: usize = 50;
/// In more events than these, the values that occur are not counted.
const MOST_COUNTED: usize = 50_000;

/// Something that could stand at the cursor, before it is held against what was typed.
struct Offer {
    kind: Kind,
    /// The name that is matched.
    name: String,
    /// What is put there; of a value, its name.
    text: String,
    /// Whether it stands in quotes.
    is_quoted: bool,
    what: String,
    /// The heavier, the likelier.
    weight: i64,
    /// How well it fits, where its name does not say.
    fit: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word of the language, a source, a function.
    Word,
    /// A field.
    Field,
    /// A value of a domain, or a text.
    Value,
    /// A date.
    Time,
}

/// What is typed of the word at the cursor.
struct Typed<'a> {
    start: usize,
    text: &'a str,
    /// The quote that is open.
    quote: Option<char>,
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
            offers.retain(|offer| offer.kind == Kind::Value);
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
                Expected::Source => offers.extend(self.sources()),
                Expected::Clause => offers.extend(self.clauses(before)),
                Expected::Stage => {
                    offers.extend(
                        STAGES
                            .iter()
                            .filter(|stage| !stage.is_reserved)
                            .zip(0..)
                            .map(|(stage, place)| word(stage.name, stage.summary, 100 - place)),
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
            session.check(&text, statement);
        }
        Some((session, text, cursor))
    }

    fn sources(&self) -> impl Iterator<Item = Offer> {
        let about = &self.store.about;
        let kinds = about.kinds.iter().map(|kind| (kind.plural.as_str(), kind.meaning.as_str()));
        let tables = self.store.tables.iter().map(|table| (table.name.as_str(), table.meaning.as_str()));
        let stored = kinds.chain(tables).zip(0..).map(|((name, meaning), place)| word(name, meaning, 50 - place));
        let bound = self.names().map(|name| self.bound(name));
        stored.chain(bound).map(|offer| Offer { text: written_field(offer.text.as_str()), ..offer }.called())
    }

    /// A name of `let`.
    fn bound(&self, name: &str) -> Offer {
        match self.environment.parameters(name) {
            [] => word(name, "bound by `let`", 60),
            parameters => word(name, &format!("{name}({})", parameters.join(", ")), 60),
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
        fitting.map(|(clause, place)| word(clause.name, clause.summary, 40 - place)).collect()
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
        operators.into_iter().zip(0..).map(|(text, place)| word(text, "", 70 - place)).collect()
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
            Role::Path(base) => self.entity_fields(text, cursor, base).iter().map(|of| self.field(of)).collect(),
            Role::Field => fields.iter().map(|of| self.field(of)).collect(),
            Role::Aggregate => {
                let aggregates = AGGREGATES.iter().filter(|record| record.name != "sources").zip(0..);
                aggregates.map(|(record, place)| word(record.name, record.summary, 50 - place).called()).collect()
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
        let kind = self.store.type_name(field.of);
        let what = if field.meaning.is_empty() { kind } else { format!("{kind}: {}", field.meaning) };
        let weight = if field.is_shown { 30 } else { 20 };
        Offer { kind: Kind::Field, text: written_field(&field.name), ..word(&field.name, &what, weight) }
    }

    /// Fields, functions and names of `let`.
    fn expressions(&self, fields: &[KnownField]) -> Vec<Offer> {
        let fields = fields.iter().map(|field| self.field(field));
        let functions = FUNCTIONS.iter().map(|record| word(record.name, record.summary, 0).called());
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

    /// The values of a field that holds a person or a place, and of the country, region and bloc of it.
    fn reached(&self, text: &Arc<str>, cursor: &Cursor, start: &str, taken: &dyn Fn(&str) -> bool) -> Vec<Offer> {
        let country = self.store.domain_named("country").and_then(|country| self.store.group_of(country));
        let group = country.map_or("", |group| self.store.domain(group).name.as_str());
        let paths: [&[&str]; 4] =
            [&[start], &[start, "country"], &[start, "country", "region"], &[start, "country", group]];
        paths.iter().flat_map(|names| self.values(text, cursor, &path(names), taken)).collect()
    }

    /// What an expression is compared with.
    fn compared(
        &self,
        text: &Arc<str>,
        cursor: &Cursor,
        left: &Expr,
        typed: &Typed<'_>,
        taken: &dyn Fn(&str) -> bool,
    ) -> Vec<Offer> {
        match self.type_of(text, cursor, left) {
            Some(of) if of.is_time() => self.times(text, cursor, typed),
            Some(Type { base: Base::Bool, .. }) => ["true", "false"].map(|truth| word(truth, "", 0)).into(),
            Some(Type { base: Base::Coded(_) | Base::Text, .. }) => self.values(text, cursor, left, taken),
            _ => Vec::new(),
        }
    }

    /// The values that an expression can have; those that occur in the rows first.
    fn values(&self, text: &Arc<str>, cursor: &Cursor, of: &Expr, taken: &dyn Fn(&str) -> bool) -> Vec<Offer> {
        const LONGEST: usize = 60;
        let counted = self.counted(text, cursor, of);
        let rows = |count: i64| format!("{count} {}", if count == 1 { "row" } else { "rows" });
        let offer = |name: &str, what: &str, weight: i64| Offer { kind: Kind::Value, ..word(name, what, weight) };
        let Some(Type { base: Base::Coded(domain), .. }) = self.type_of(text, cursor, of) else {
            let texts = counted.into_iter().filter_map(|(value, count)| match value {
                Value::Text(text) if text.chars().count() <= LONGEST => {
                    Some(Offer { is_quoted: true, ..offer(&text, &rows(count), 10 + count) })
                }
                _ => None,
            });
            return texts.collect();
        };
        let mut counts: IndexMap<u32, i64> = IndexMap::new();
        for (value, count) in counted {
            if let Value::Coded(_, code) = value {
                counts.insert(code, count);
            }
        }
        let values = self.store.domain(domain);
        let one = |code: u32| {
            let name = values.name_of(code);
            let count = counts.get(&code).copied().unwrap_or(0);
            let meaning = values.meaning_of(code);
            let what = if meaning.is_empty() { &values.name } else { meaning };
            let what = if count > 0 { format!("{what} · {}", rows(count)) } else { what.to_owned() };
            Offer { is_quoted: !is_plain(name) || taken(name), ..offer(name, &what, 10 + count) }
        };
        let all = (1..=values.len() as u32).map(one);
        let others =
            values.other_names().map(|(code, name)| Offer { name: name.to_owned(), fit: Some(2), ..one(code) });
        all.chain(others).collect()
    }

    /// The values of an expression and how many rows have each.
    fn counted(&self, text: &Arc<str>, cursor: &Cursor, of: &Expr) -> Vec<(Value, i64)> {
        let Some(mut query) = cursor.rows.clone() else { return Vec::new() };
        if self.store.tables.get(EVENTS).is_none_or(|events| events.rows > MOST_COUNTED) {
            return Vec::new();
        }
        let name = Some(Spanned::new("value".to_owned(), Span::default()));
        let count = Stage::Count(vec![Column { name, value: of.clone() }]);
        query.stages.push(Spanned::new(count, Span::default()));
        let Ok(resolved) = resolve::resolve_query(self.world(), &self.environment, text, &query) else {
            return Vec::new();
        };
        let never = AtomicBool::new(false);
        let run = Run::new(&self.store, &never, self.most_rows);
        let rows = exec::execute(&run, &resolved.plan).map(|output| output.rows).unwrap_or_default();
        let pair = |row: Vec<Value>| match row.as_slice() {
            [value, Value::Int(count)] => Some((value.clone(), *count)),
            _ => None,
        };
        rows.into_iter().filter_map(pair).collect()
    }

    /// The named periods, words of time, and the dates that occur.
    fn times(&self, text: &Arc<str>, cursor: &Cursor, typed: &Typed<'_>) -> Vec<Offer> {
        const WORDS: &[&str] =
            &["today", "yesterday", "this month", "last month", "this year", "last year", "this week"];
        let time = |name: &str, what: &str, weight: i64| Offer { kind: Kind::Time, ..word(name, what, weight) };
        let periods = self.store.about.periods.iter().zip(0..);
        let mut offers: Vec<Offer> = periods
            .map(|((name, period), place)| Offer {
                kind: Kind::Value,
                is_quoted: true,
                ..word(name, &period.to_string(), 90 - place)
            })
            .collect();
        offers.extend(WORDS.iter().zip(0..).map(|(name, place)| time(name, "", 10 - place)));
        let buckets: &[&str] = if typed.text.len() > 7 { &["day"] } else { &["month", "year"] };
        for bucket in buckets {
            let counted = self.counted(text, cursor, &path(&[bucket]));
            let dated = counted.into_iter().rev().filter(|(value, _)| !value.is_missing()).zip(0..);
            offers.extend(dated.map(|((value, count), place)| {
                let name = self.store.text(&value);
                let rows = if count == 1 { "row" } else { "rows" };
                time(&name, &format!("{count} {rows}"), 50 - place)
            }));
        }
        offers
    }
}

impl Offer {
    /// With the parenthesis that opens its arguments, if it takes any.
    fn called(mut self) -> Self {
        let is_function = FUNCTIONS.iter().any(|record| record.name == self.name)
            || AGGREGATES.iter().any(|record| record.name == self.name)
            || self.what.starts_with(&format!("{}(", self.name));
        if is_function {
            self.text.push('(');
        }
        self
    }
}

fn word(name: &str, what: &str, weight: i64) -> Offer {
    let (name, what) = (name.to_owned(), what.to_owned());
    Offer { kind: Kind::Word, text: name.clone(), name, is_quoted: false, what, weight, fit: None }
}

/// `a.b.c`
fn path(names: &[&str]) -> Expr {
    let name = Expr::new(ExprKind::Name(names[0].to_owned()), Span::default());
    names[1..].iter().fold(name, |base, name| {
        Expr::new(ExprKind::Path(base, Spanned::new((*name).to_owned(), Span::default())), Span::default())
    })
}

/// The word at the end of `head`; none in a comment.
fn typed<'a>(head: &'a str, tokens: &[Token]) -> Option<Typed<'a>> {
    let last = tokens.iter().rev().find(|token| token.kind != TokenKind::End);
    let Some(last) = last.filter(|token| token.span.end == head.len()) else {
        return Some(Typed { start: head.len(), text: "", quote: None });
    };
    let text = last.span.of(head);
    let date = head.len() - head.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let is_date = head[date..].bytes().take_while(u8::is_ascii_digit).count() >= 4;
    Some(match last.kind {
        TokenKind::Comment => return None,
        TokenKind::Invalid if text.starts_with(['"', '\'', '`']) => {
            Typed { start: last.span.start, text: &text[1..], quote: text.chars().next() }
        }
        _ if is_date => Typed { start: date, text: &head[date..], quote: None },
        TokenKind::Name | TokenKind::Keyword(_) | TokenKind::Invalid | TokenKind::Integer => {
            Typed { start: last.span.start, text, quote: None }
        }
        _ => Typed { start: head.len(), text: "", quote: None },
    })
}

/// Where the run of bare names starts that ends with the word at `last`, if it is more than that word.
fn start_of_names(tokens: &[Token], last: usize) -> Option<usize> {
    let before = tokens.iter().rev().skip_while(|token| token.span.start >= last);
    let run = before.take_while(|token| token.kind == TokenKind::Name).last();
    run.map(|token| token.span.start)
}

/// What closes the brackets that are open at the end of a text.
fn open_brackets(text: &str) -> String {
    let mut open = Vec::new();
    for token in syntax::parse(text).tokens {
        match token.kind {
            TokenKind::Symbol("(") => open.push(')'),
            TokenKind::Symbol("[") => open.push(']'),
            TokenKind::Symbol(")" | "]") => drop(open.pop()),
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// Whether a predicate is being written at the end of `before`.
fn asks_predicate(before: &str) -> bool {
    let tokens = syntax::parse(before).tokens;
    let mut rest = tokens.iter().rev();
    while let Some(token) = rest.next() {
        match token.kind {
            TokenKind::Keyword("where" | "and" | "or" | "not" | "every" | "expect") => return true,
            TokenKind::Keyword(word) if word == "by" || CLAUSES.iter().any(|clause| clause.name == word) => {
                return word == "in";
            }
            TokenKind::Symbol("|") => return false,
            TokenKind::Symbol("(") => {
                let called = rest.clone().next().map_or("", |name| name.span.of(before));
                if matches!(called, "if" | "any" | "all" | "count") {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// The offers that fit what was typed, the best first, each once.
fn chosen(offers: Vec<Offer>, typed: &Typed<'_>, closing: Option<char>) -> Completions {
    let wanted = |offer: &Offer| match typed.quote {
        None => true,
        Some('`') => offer.kind == Kind::Field,
        Some(_) => offer.kind == Kind::Value,
    };
    let mut fitting: Vec<(u8, i64, Offer)> = Vec::new();
    for offer in offers.into_iter().filter(wanted) {
        let is_alias = offer.fit.is_some();
        let fits = if is_alias && typed.text.is_empty() { None } else { fit(&offer.name, typed.text) };
        if let Some(fits) = fits {
            fitting.push((offer.fit.unwrap_or(fits), -offer.weight, offer));
        }
    }
    fitting.sort_by(|(fit, weight, _), (other_fit, other, _)| fit.cmp(other_fit).then(weight.cmp(other)));
    let mut candidates: IndexMap<String, String> = IndexMap::new();
    for (.., offer) in fitting {
        let mut text = match (typed.quote, offer.kind) {
            (Some('`'), _) => format!("`{}`", offer.name),
            (Some(quote), _) => quoted(&offer.text, quote),
            (None, _) if offer.is_quoted => quoted(&offer.text, '"'),
            (None, _) => offer.text,
        };
        if closing.is_some_and(|quote| text.ends_with(quote)) {
            text.pop();
        }
        candidates.entry(text).or_insert(offer.what);
        if candidates.len() == MOST {
            break;
        }
    }
    let candidates = candidates.into_iter().map(|(text, what)| Candidate { text, what }).collect();
    Completions { start: typed.start, candidates }
}
