//! Random queries as text: a source, clauses and stages, in pieces that can be left out one by one.

use std::fmt;

use demarche::value::{Base, Type};

use super::expression::Writer;
use super::sequence::Sequence;
use super::world::{Scope, name};

/// A query in pieces.
#[derive(Clone)]
pub struct Query {
    /// Where rows come from.
    pub source: Source,
    /// The clauses.
    pub clauses: Vec<Piece>,
    /// The stages.
    pub stages: Vec<Piece>,
}

/// Where rows come from.
#[derive(Clone)]
pub enum Source {
    /// A name, or a call.
    Named(String),
    /// A query in parentheses.
    Inner(Box<Query>),
    /// Events in an order.
    Sequence(Sequence),
}

/// A clause or a stage: `head part joint part … tail`.
#[derive(Clone, Default)]
pub struct Piece {
    head: &'static str,
    parts: Vec<String>,
    joint: &'static str,
    tail: String,
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Named(name) => formatter.write_str(name)?,
            Source::Inner(query) => write!(formatter, "({query})")?,
            Source::Sequence(sequence) => write!(formatter, "{sequence}")?,
        }
        self.clauses.iter().try_for_each(|clause| write!(formatter, " {clause}"))?;
        self.stages.iter().try_for_each(|stage| write!(formatter, " | {stage}"))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [self.head, &self.parts.join(self.joint), &self.tail];
        formatter.write_str(&words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
    }
}

impl Piece {
    /// `head part joint part …`
    pub fn new(head: &'static str, parts: Vec<String>, joint: &'static str) -> Self {
        Self { head, parts, joint, tail: String::new() }
    }

    /// The same with `tail` at its end.
    pub fn tail(self, tail: impl Into<String>) -> Self {
        Self { tail: tail.into(), ..self }
    }

    /// The same with one part less, for each of its parts.
    fn shorter(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for place in 0..self.parts.len() {
            let mut shorter = self.clone();
            shorter.parts.remove(place);
            all.extend((!shorter.parts.is_empty()).then_some(shorter));
        }
        if !self.tail.is_empty() {
            all.push(self.clone().tail(""));
        }
        all
    }
}

impl Query {
    /// Every query that says a little less.
    pub fn shorter(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let pieces: [fn(&mut Self) -> &mut Vec<Piece>; 2] = [|query| &mut query.stages, |query| &mut query.clauses];
        for of in pieces {
            for place in 0..of(&mut self.clone()).len() {
                let mut without = self.clone();
                let piece = of(&mut without).remove(place);
                all.push(without);
                for shorter in piece.shorter() {
                    let mut with = self.clone();
                    of(&mut with)[place] = shorter;
                    all.push(with);
                }
            }
        }
        let shorter: Vec<Source> = match &self.source {
            Source::Named(_) => Vec::new(),
            Source::Inner(inner) => {
                all.push((**inner).clone());
                inner.shorter().into_iter().map(|inner| Source::Inner(Box::new(inner))).collect()
            }
            Source::Sequence(sequence) => sequence.shorter().into_iter().map(Source::Sequence).collect(),
        };
        all.extend(shorter.into_iter().map(|source| Self { source, ..self.clone() }));
        all
    }
}

impl Writer<'_> {
    /// A query of at most so many stages, and the fields that it gives.
    pub fn query(&mut self, most_stages: usize) -> (Query, Scope) {
        let (source, mut scope) = if self.depth > 0 && self.random.one_in(12) {
            self.depth -= 1;
            let most = self.random.below(3);
            let (inner, scope) = self.query(most);
            self.depth += 1;
            (Source::Inner(Box::new(inner)), scope)
        } else if self.random.one_in(8)
            && let Some((sequence, scope)) = self.sequence()
        {
            (Source::Sequence(sequence), scope)
        } else {
            let (source, scope) = self.random.pick(&self.world.sources).clone();
            (Source::Named(source), scope)
        };
        let mut query = Query { source, clauses: Vec::new(), stages: Vec::new() };
        if !matches!(query.source, Source::Sequence(_)) && self.random.one_in(2) {
            for _ in 0..=self.random.below(2) {
                let clause = self.clause(&query, &scope);
                query.clauses.extend(clause);
            }
        }
        for place in 1..=most_stages {
            let Some(stage) = self.stage(&query, &scope, place == most_stages) else { continue };
            query.stages.push(stage);
            match self.after(&query, &scope) {
                Some(after) => scope = after,
                None => break,
            }
        }
        (query, scope)
    }

    /// A clause that can be added to a query over rows with these fields.
    pub fn clause(&mut self, query: &Query, scope: &Scope) -> Option<Piece> {
        let one = |head, operand| Some(Piece::new(head, vec![operand], ""));
        let has = |wanted: &str| scope.fields.iter().any(|(name, _)| name == wanted);
        match self.random.below(11) {
            0 | 1 if scope.sided && !query.clauses.iter().any(|clause| clause.head == "of") => {
                let side = if self.random.one_in(4) { "anyone".to_owned() } else { self.some_of("leader") };
                one("of", side)
            }
            2 if has("participants") => {
                let kind = *self.random.pick(&["leader", "leader", "country", "region", "bloc"]);
                one("with", self.some_of(kind))
            }
            3 if has("place") && !query.clauses.iter().any(|clause| clause.head.starts_with("where")) => {
                let kind = *self.random.pick(&["place", "country", "region", "bloc"]);
                one("in", self.some_of(kind))
            }
            4..9 if scope.dated => {
                let head = *self.random.pick(&["since", "until", "before", "after", "during"]);
                one(head, self.period())
            }
            _ => Some(self.condition(scope)),
        }
    }

    fn condition(&mut self, scope: &Scope) -> Piece {
        let parts = (0..=self.random.below(2)).map(|_| self.predicate(scope, 2)).collect();
        let head = if self.random.one_in(5) { "where possibly" } else { "where" };
        Piece::new(head, parts, " and ")
    }

    fn count(&mut self) -> String {
        self.random.pick(&["0", "1", "2", "3", "5", "8", "40"]).to_string()
    }

    fn stage(&mut self, query: &Query, scope: &Scope, is_last: bool) -> Option<Piece> {
        let has_count = scope.fields.contains(&("count".to_owned(), Type::one(Base::Int)));
        let weights = [
            (6, "where"),
            (4, "select"),
            (5, "derive"),
            (5, "sort"),
            (2, "take"),
            (2, "skip"),
            (3, "top"),
            (if scope.dated { 2 } else { 0 }, "first"),
            (if scope.dated { 2 } else { 0 }, "last"),
            (3, "distinct"),
            (3, "expand"),
            (4, "count"),
            (5, "summarize"),
            (if scope.dated { 3 } else { 0 }, "gap"),
            (if has_count { 8 } else { 0 }, "share"),
            (if scope.sourced && is_last { 6 } else { 0 }, "cite"),
        ];
        let weights: Vec<(usize, &'static str)> = weights.into_iter().chain(self.weights_by_rows(scope)).collect();
        let after_pivot = ["where", "sort", "take", "skip", "fill"];
        let can_stand = |head: &str| !scope.groups.pivoted || after_pivot.contains(&head);
        let weights: Vec<(usize, &'static str)> = weights.into_iter().filter(|(_, head)| can_stand(head)).collect();
        let several = |writer: &mut Self, most: usize, one: &dyn Fn(&mut Self) -> String| {
            let mut parts: Vec<String> = Vec::new();
            for _ in 0..=writer.random.below(most) {
                let part = one(writer);
                let of = |part: &str| part.split(" = ").next().map(str::to_owned);
                if !parts.iter().any(|other| of(other) == of(&part)) {
                    parts.push(part);
                }
            }
            parts
        };
        let head = self.random.weighted(&weights);
        Some(match head {
            "where" => self.condition(scope),
            "select" => Piece::new(head, several(self, 5, &|writer| writer.column(scope)), ", "),
            "derive" => Piece::new(head, several(self, 2, &|writer| writer.named(scope)), ", "),
            "sort" => Piece::new(head, several(self, 3, &|writer| writer.sort_key(scope)), ", "),
            "take" | "skip" => Piece::new(head, Vec::new(), "").tail(self.count()),
            "top" => {
                let (count, key) = (self.count(), self.any(scope, true));
                let order = *self.random.pick(&["", " asc", " desc"]);
                Piece::new(head, vec![format!("{count} by {key}{order}")], "").tail(self.per(scope))
            }
            "first" | "last" => {
                let count = if self.random.one_in(3) { String::new() } else { self.count() };
                Piece::new(head, vec![count], "").tail(self.per(scope))
            }
            "distinct" if self.random.one_in(4) => Piece::new(head, Vec::new(), ""),
            "distinct" => Piece::new(head, several(self, 2, &|writer| writer.column(scope)), ", "),
            "expand" => Piece::new(head, vec![self.list(scope)?], ""),
            "count" if self.random.one_in(4) => Piece::new(head, Vec::new(), ""),
            "count" => Piece::new("count by", several(self, 3, &|writer| writer.column(scope)), ", "),
            "summarize" => {
                let aggregates = several(self, 3, &|writer| writer.aggregate(scope));
                let keys = if self.random.one_in(4) { Vec::new() } else { several(self, 3, &|w| w.column(scope)) };
                let tail = if keys.is_empty() { String::new() } else { format!("by {}", keys.join(", ")) };
                Piece::new(head, aggregates, ", ").tail(tail)
            }
            "gap" => Piece::new("gap by", several(self, 2, &|writer| writer.key(scope)), ", "),
            "pivot" | "fill" | "rolling" | "running" => self.series(head, scope),
            "followed by" | "preceded by" => self.near(head, scope),
            "union" | "intersect" | "except" => self.combination(head, query, scope),
            "join" => self.join(scope)?,
            "path" => {
                let leader = Base::Coded(self.world.domain("leader")?);
                Piece::new("path from", vec![self.literal(leader)], "").tail(format!("to {}", self.literal(leader)))
            }
            _ => Piece::new(head, Vec::new(), ""),
        })
    }

    fn per(&mut self, scope: &Scope) -> String {
        if self.random.one_in(2) { format!("per {}", self.any(scope, true)) } else { String::new() }
    }

    fn sort_key(&mut self, scope: &Scope) -> String {
        let key = self.any(scope, true);
        format!("{key}{}", self.random.pick(&["", " asc", " desc"]))
    }

    /// A field, to group by.
    pub fn key(&mut self, scope: &Scope) -> String {
        self.field(scope, |_| true).unwrap_or_else(|| "1".to_owned())
    }

    /// A column without a name if it is a field or a path, else one with a name.
    fn column(&mut self, scope: &Scope) -> String {
        match self.field(scope, |_| true) {
            // A name with backquotes in it could not be written again.
            Some(field) if !field.contains('`') && !self.random.one_in(3) => field,
            _ => self.named(scope),
        }
    }

    fn named(&mut self, scope: &Scope) -> String {
        let value = self.any(scope, true);
        let taken = self.random.pick(&scope.fields).0.clone();
        let new = if self.random.one_in(8) { taken } else { self.new_name() };
        format!("{} = {value}", name(&new))
    }

    /// An aggregate, named or not.
    pub fn aggregate(&mut self, scope: &Scope) -> String {
        let call = self.aggregate_call(scope);
        if self.random.one_in(6) && !call.contains('`') { call } else { format!("{} = {call}", self.new_name()) }
    }

    /// The fields after the last stage of a query; none if it is wrong.
    fn after(&self, query: &Query, before: &Scope) -> Option<Scope> {
        let mut scope = before.clone();
        let stage = query.stages.last()?;
        let same = ["sort", "take", "skip", "top", "first", "last", "where", "where possibly", "fill"];
        if same.contains(&stage.head) {
            return Some(scope);
        }
        let columns = self.world.columns(&query.to_string());
        if columns.is_empty() {
            return None;
        }
        let aggregates = match stage.head {
            "count by" => Some(1),
            "summarize" => Some(stage.parts.len()),
            _ => None,
        };
        match aggregates {
            Some(aggregates) => scope.groups.keys = columns[..columns.len().saturating_sub(aggregates)].to_vec(),
            // A key may have got another value, or be gone.
            None => scope.groups.keys.retain(|(key, _)| columns.iter().any(|(column, _)| column == key)),
        }
        scope.groups.pivoted |= stage.head == "pivot";
        let longer =
            ["derive", "expand", "gap by", "share", "rolling", "running", "followed by", "preceded by", "join"];
        let has_own_date = matches!(stage.head, "union" | "intersect" | "except" | "path from");
        if longer.contains(&stage.head) {
            // What is not shown is still there.
            scope.fields.retain(|(name, _)| !columns.iter().any(|(column, _)| column == name));
        } else {
            scope.fields.clear();
            scope.dated &=
                has_own_date || stage.parts.iter().any(|part| part == "date") || stage.to_string().ends_with("by date");
            scope.sided = false;
            scope.sourced &= !matches!(stage.head, "pivot" | "union" | "intersect" | "except");
        }
        scope.fields.extend(columns);
        scope.dated &= scope.fields.contains(&("date".to_owned(), Type::one(Base::Date)));
        Some(scope)
    }
}
