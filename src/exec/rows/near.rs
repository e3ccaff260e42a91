//! The nearest row of another table after or before each row.

use rustc_hash::FxHashMap;

use super::{Row, sides, widened};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::ast::Side;
use crate::ir::plan::Expr;
use crate::store::Interner;
use crate::value::{Date, Duration, Truth, Value};

/// What is looked for.
pub(super) struct Near<'a> {
    pub side: Side,
    pub within: Duration,
    pub on: &'a [(Expr, Expr)],
    pub dates: &'a (Expr, Expr),
    pub places: Option<&'a (Expr, Expr)>,
    pub shown: &'a Expr,
    pub end: Option<i32>,
}

/// A row that may be found.
struct Candidate {
    date: Date,
    place: Value,
    shown: Value,
}

impl Near<'_> {
    /// The rows, each with what was found and `yes`, `no`, or `open` where the data ends before the time does; missing
    /// where it is not known.
    pub(super) fn execute(&self, run: &Run<'_>, rows: Vec<Row>, others: Vec<Row>) -> Result<Vec<Row>, Diagnostic> {
        let mut interner = Interner::default();
        let (mine, theirs) = sides(self.on);
        let mut known: FxHashMap<Vec<u32>, Vec<usize>> = FxHashMap::default();
        let mut candidates = Vec::new();
        for other in others {
            let Value::Date(date) = evaluate(run, &self.dates.1, &other)? else { continue };
            for key in choices(&mut interner, &widened(run, &theirs, &other)?) {
                known.entry(key).or_default().push(candidates.len());
            }
            let place = match self.places {
                Some((_, place)) => evaluate(run, place, &other)?,
                None => Value::Missing,
            };
            candidates.push(Candidate { date, place, shown: evaluate(run, self.shown, &other)? });
        }
        for places in known.values_mut() {
            places.sort_by_key(|&place| (candidates[place].date.earliest, candidates[place].date.latest, place));
        }
        let mut given = Vec::with_capacity(rows.len());
        for mut row in rows {
            run.check(given.len())?;
            let found = match evaluate(run, &self.dates.0, &row)? {
                Value::Date(date) => {
                    let place = match self.places {
                        Some((place, _)) => evaluate(run, place, &row)?,
                        None => Value::Missing,
                    };
                    let mut near = Vec::new();
                    for key in choices(&mut interner, &widened(run, &mine, &row)?) {
                        let places = known.get(&key).map_or(&[][..], Vec::as_slice);
                        near.extend(self.around(places, &candidates, date));
                    }
                    near.sort_unstable();
                    near.dedup();
                    self.found(date, &place, &near, &candidates)
                }
                _ => [Value::Missing, Value::Missing],
            };
            row.extend(found);
            given.push(row);
        }
        Ok(given)
    }

    /// Those that may be near enough, of candidates in the order of their dates.
    fn around(&self, places: &[usize], candidates: &[Candidate], date: Date) -> Vec<usize> {
        let longest = (self.within.nominal().ceil() + f64::from(self.within.spread)).min(1e9) as i32;
        let (from, to) = match self.side {
            Side::After => (date.earliest, date.latest.saturating_add(longest).saturating_add(31)),
            Side::Before => (date.earliest.saturating_sub(longest).saturating_sub(31), date.latest),
        };
        let end = places.partition_point(|&place| candidates[place].date.earliest <= to);
        let is_near = |place: &&usize| candidates[**place].date.latest >= from;
        places[..end].iter().filter(is_near).copied().collect()
    }

    fn found(&self, date: Date, place: &Value, near: &[usize], candidates: &[Candidate]) -> [Value; 2] {
        let mut best: Option<&Candidate> = None;
        let mut is_possible = false;
        for candidate in near.iter().map(|&place| &candidates[place]) {
            let (earlier, later) = match self.side {
                Side::After => ((date, place), (candidate.date, &candidate.place)),
                Side::Before => ((candidate.date, &candidate.place), (date, place)),
            };
            match follows(earlier, later).and(self.is_within(earlier.0, later.0)) {
                Truth::False => {}
                Truth::Unknown => is_possible = true,
                Truth::True => {
                    let key = |candidate: &Candidate| {
                        (candidate.date.earliest, candidate.date.latest, code_of(&candidate.place))
                    };
                    let is_nearer = best.is_none_or(|best| match self.side {
                        Side::After => key(candidate) < key(best),
                        Side::Before => key(candidate) >= key(best),
                    });
                    if is_nearer {
                        best = Some(candidate);
                    }
                }
            }
        }
        match best {
            Some(candidate) => [candidate.shown.clone(), Value::text("yes")],
            None if is_possible => [Value::Missing, Value::Missing],
            None if self.is_open(date) => [Value::Missing, Value::text("open")],
            None => [Value::Missing, Value::text("no")],
        }
    }

    fn is_within(&self, earlier: Date, later: Date) -> Truth {
        earlier.later_by(self.within).map_or(Truth::True, |last| !last.less(later))
    }

    /// Whether the data ends before the time after a date does.
    fn is_open(&self, date: Date) -> bool {
        let last = date.later_by(self.within).map_or(i32::MAX, |last| last.latest);
        self.side == Side::After && self.end.is_none_or(|end| last > end)
    }
}

/// The place of an event in the data.
fn code_of(place: &Value) -> u32 {
    if let Value::Coded(_, code) = place { *code } else { 0 }
}

/// Whether one row comes after another: by date, and on one date by its place in the data; no event comes after itself.
fn follows(earlier: (Date, &Value), later: (Date, &Value)) -> Truth {
    match (earlier.1, later.1) {
        (Value::Coded(_, one), Value::Coded(_, other)) if one == other => Truth::False,
        (Value::Coded(_, one), Value::Coded(_, other)) if earlier.0.equal(later.0) == Truth::True => {
            Truth::from_bool(one < other)
        }
        _ => earlier.0.less(later.0),
    }
}

/// The keys of a row: one for each choice of the values of its lists, none where a value is missing.
fn choices(interner: &mut Interner, values: &[Value]) -> Vec<Vec<u32>> {
    let mut choices = vec![Vec::new()];
    for value in values {
        let codes: Vec<u32> = value.items().iter().map(|item| interner.code(item)).collect();
        choices = choices
            .iter()
            .flat_map(|before: &Vec<u32>| codes.iter().map(move |code| [before.as_slice(), &[*code]].concat()))
            .collect();
    }
    choices
}
