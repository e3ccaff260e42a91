//! Random sequences: steps of events, keys, a limit, what is absent and what ends them.

use std::fmt;

use demarche::store::EVENTS;
use demarche::value::{Base, Type};

use super::expression::Writer;
use super::query::{Query, Source};
use super::world::Scope;

const MOST_EVENTS: usize = 200;

/// A sequence in pieces.
#[derive(Clone)]
pub struct Sequence {
    head: &'static str,
    keys: Vec<String>,
    within: Option<String>,
    steps: Vec<Step>,
    until: Option<Box<Query>>,
}

#[derive(Clone)]
struct Step {
    is_absent: bool,
    query: Query,
    name: Option<String>,
    times: usize,
}

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.head)?;
        if !self.keys.is_empty() {
            write!(formatter, " by {}", self.keys.join(", "))?;
        }
        self.within.iter().try_for_each(|within| write!(formatter, " within {within}"))?;
        self.steps.iter().try_for_each(|step| write!(formatter, " {step}"))?;
        self.until.iter().try_for_each(|until| write!(formatter, " until [{until}]"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}[{}", if self.is_absent { "not " } else { "" }, self.query)?;
        self.name.iter().try_for_each(|name| write!(formatter, " as {name}"))?;
        formatter.write_str("]")?;
        if self.times > 1 { write!(formatter, "{{{}}}", self.times) } else { Ok(()) }
    }
}

impl Sequence {
    /// Every sequence that says a little less.
    pub fn shorter(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut shorter = self.clone();
            change(&mut shorter);
            all.push(shorter);
        };
        for place in 0..self.keys.len() {
            add(&|shorter| drop(shorter.keys.remove(place)));
        }
        if self.within.is_some() {
            add(&|shorter| shorter.within = None);
        }
        if let Some(until) = &self.until {
            add(&|shorter| shorter.until = None);
            for query in until.shorter() {
                add(&|shorter| shorter.until = Some(Box::new(query.clone())));
            }
        }
        for (place, step) in self.steps.iter().enumerate() {
            if self.steps.len() > 1 {
                add(&|shorter| drop(shorter.steps.remove(place)));
            }
            if step.times > 1 {
                add(&|shorter| shorter.steps[place].times -= 1);
            }
            for query in step.query.shorter() {
                add(&|shorter| shorter.steps[place].query = query.clone());
            }
        }
        all
    }
}

impl Writer<'_> {
    /// A sequence and the fields of its matches; none where the data has no events with a date, or so many that the
    /// reference would take its time over them.
    pub fn sequence(&mut self) -> Option<(Sequence, Scope)> {
        if self.world.session.store().tables[EVENTS].rows > MOST_EVENTS {
            return None;
        }
        let of_events = self.world.sources.iter().filter(|(_, scope)| scope.dated);
        let sources: Vec<(String, Scope)> = of_events.cloned().collect();
        let events = sources.first()?.1.clone();
        let keys = match self.random.below(4) {
            0 => Vec::new(),
            1 | 2 => vec![self.key(&events)],
            _ => vec![self.key(&events), self.key(&events)],
        };
        let within = (!self.random.one_in(3)).then(|| self.literal(Base::Duration));
        let head = *self.random.pick(&["sequence", "sequence latest", "sequence all"]);
        let mut steps: Vec<Step> = Vec::new();
        for place in 0..=self.random.below(3) {
            let is_absent = place > 0 && self.random.one_in(4);
            let name = (!is_absent && self.random.one_in(2)).then(|| self.new_name());
            let times = if is_absent || !self.random.one_in(5) { 1 } else { 2 };
            let query = self.step(&sources);
            steps.push(Step { is_absent, query, name, times });
        }
        let until = self.random.one_in(4).then(|| Box::new(self.step(&sources)));
        let sequence = Sequence { head, keys, within, steps, until };
        let mut fields = self.world.columns(&sequence.to_string());
        for step in sequence.steps.iter().filter(|step| step.times == 1) {
            let Some(called) = &step.name else { continue };
            let own = events.fields.iter().map(|(field, of)| (format!("{called}.{field}"), *of));
            let unknown = |(field, _): &(String, Type)| !fields.iter().any(|(known, _)| known == field);
            fields.extend(own.filter(unknown).collect::<Vec<_>>());
        }
        let scope = Scope { fields, sourced: events.sourced, ..Scope::default() };
        (!scope.fields.is_empty()).then_some((sequence, scope))
    }

    fn step(&mut self, sources: &[(String, Scope)]) -> Query {
        let (source, scope) = self.random.pick(sources).clone();
        let mut query = Query { source: Source::Named(source), clauses: Vec::new(), stages: Vec::new() };
        if self.random.one_in(2) {
            query.clauses.extend(self.clause(&query, &scope));
        }
        query
    }
}
