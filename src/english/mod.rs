//! A query to the question in plain English, so that a reader sees how it was understood. It rests on the syntax tree, as
//! the question is read in its own order, and on the plan, which knows what the names turned out to be.

mod condition;
mod stage;
mod understood;

use crate::ir::ast::{Clause, Condition, Expr, ExprKind, Query, Sequence, SequenceStep, Source};
use crate::ir::plan::Plan;
use crate::store::{Found, Store};

use understood::Understood;

/// The question of a query, of which `plan` was made, as a sentence.
pub fn question(store: &Store, text: &str, query: &Query, plan: &Plan) -> String {
    let sentence = Writer { store, text, understood: Understood::of(plan) }.query(query);
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    format!("{}.", first.chain(letters).collect::<String>())
}

struct Writer<'a> {
    store: &'a Store,
    text: &'a str,
    understood: Understood,
}

impl Writer<'_> {
    fn query(&self, query: &Query) -> String {
        let mut sentence = self.source(query);
        for (place, clause) in query.clauses.iter().enumerate() {
            let follows_condition = place > 0 && matches!(query.clauses[place - 1].node, Clause::Where(_));
            let said = self.clause(&clause.node);
            if !said.is_empty() {
                sentence.push_str(if follows_condition { ", " } else { " " });
                sentence.push_str(&said);
            }
        }
        for stage in &query.stages {
            let said = self.stage(&stage.node, stage.span);
            sentence.push_str(&format!("; {said}"));
        }
        sentence
    }

    fn source(&self, query: &Query) -> String {
        let side = query.clauses.iter().find_map(|clause| match &clause.node {
            Clause::Of(side) => Some(side.as_ref()),
            _ => None,
        });
        let of = |told_from: Option<String>| told_from.map(|side| format!(" of {side}")).unwrap_or_default();
        match &query.source.node {
            Source::Name(name) => {
                let is_kind = self.store.about.kinds.iter().any(|kind| kind.plural == *name);
                let is_table = self.store.tables.iter().any(|table| table.name == *name);
                let has_sides = is_kind || self.store.tables.first().is_some_and(|table| table.name == *name);
                let side = match side {
                    Some(Some(side)) => Some(self.side(side)),
                    Some(None) => Some("anyone".to_owned()),
                    None => self.focus().filter(|_| has_sides),
                };
                let named = if is_kind || is_table { name.clone() } else { format!("`{name}`") };
                named + &of(side)
            }
            Source::Query(inner) => {
                let told_from = side.map(|side| side.map_or("anyone".to_owned(), |side| self.side(side)));
                format!("rows of ({}){}", self.query(inner), of(told_from))
            }
            Source::Sequence(sequence) => self.sequence(sequence),
            Source::Call(..) | Source::Invalid => format!("`{}`", query.source.span.of(self.text)),
        }
    }

    fn focus(&self) -> Option<String> {
        self.store.about.focus.map(|(domain, code)| self.store.name(domain, code).to_owned())
    }

    /// From whose side events are told; the plan knows it by its code alone, so names are looked up.
    fn side(&self, side: &Expr) -> String {
        let domain = self.store.about.focus.map(|(domain, _)| domain).or_else(|| self.store.domain_named("leader"));
        let named = |name: &str| match domain.map(|domain| (domain, self.store.domain(domain).find(name))) {
            Some((domain, Found::One(code))) => Some(self.store.name(domain, code).to_owned()),
            _ => None,
        };
        match &*side.kind {
            ExprKind::List(items) => series(items.iter().map(|item| self.side(item)), "or"),
            ExprKind::Name(name) | ExprKind::Text(name) => named(name).unwrap_or_else(|| self.value(side)),
            _ => self.value(side),
        }
    }

    fn clause(&self, clause: &Clause) -> String {
        match clause {
            Clause::Of(_) => String::new(),
            Clause::With(who) => format!("with {}", self.values(who)),
            Clause::In(place) => format!("in {}", self.values(place)),
            Clause::Since(when) => format!("since {}", self.value(when)),
            Clause::Until(when) => format!("until the end of {}", self.value(when)),
            Clause::Before(when) => format!("before {}", self.value(when)),
            Clause::After(when) => format!("after {}", self.value(when)),
            Clause::During(when) => format!("during {}", self.value(when)),
            Clause::Where(condition) => self.filter(condition),
        }
    }

    fn filter(&self, condition: &Condition) -> String {
        let possibly = if condition.possibly { "that may be those " } else { "" };
        format!("{possibly}{}", self.condition(&condition.predicate))
    }

    fn sequence(&self, sequence: &Sequence) -> String {
        let mut sentence = match sequence.by.as_slice() {
            [] => "sequences".to_owned(),
            keys => format!("sequences with the same {}", self.fields(keys)),
        };
        if let Some(within) = &sequence.within {
            sentence.push_str(&format!(" within {}", self.value(&within.node)));
        }
        let steps = sequence.steps.iter().map(|step| self.step(step));
        sentence.push_str(&format!(": {}", steps.collect::<Vec<_>>().join(", then ")));
        if let Some(until) = &sequence.until {
            sentence.push_str(&format!(", unless there are first {}", self.query(until)));
        }
        sentence.push_str(if sequence.all { ", from every start" } else { ", from the latest start" });
        sentence
    }

    fn step(&self, step: &SequenceStep) -> String {
        let absent = if step.absent { "no " } else { "" };
        let times = step.times.as_ref().map(|times| format!("{} ", times.node)).unwrap_or_default();
        let name = step.name.as_ref().map(|name| format!(" (`{}`)", name.node)).unwrap_or_default();
        format!("{absent}{times}{}{name}", self.query(&step.query))
    }
}

/// `a`, `a and b`, `a, b and c`.
fn series(parts: impl Iterator<Item = String>, last: &str) -> String {
    let mut parts: Vec<String> = parts.collect();
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(end) => format!("{} {last} {end}", parts.join(", ")),
        None => String::new(),
    }
}
