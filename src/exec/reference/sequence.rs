//! The meaning of `sequence`: for each key, which events make a match, said of every pair of events rather than in one pass.
//!
//! Events are in order by the earliest day on which they can have begun, then by the latest, then by their place in the
//! data. One event serves at most one step of a match. What follows is said of the events of one key.
//!
//! - By `latest` an event ends step k if the last event before it that ended step k-1 is still open: between them there is
//!   no event of step k, which would have taken it, none of `until`, and none that is to be absent.
//! - By `all` every first event goes on with the next event of step 2, that with the next of step 3, and so on.
//! - `until` comes before the steps where one event is both.
//! - An event that is certainly too late ends nothing. A match that only possibly lasts no longer than it may is left out and
//!   counted as possible.
//! - What is absent after the last step is looked for up to the end of `within`, whatever `until` says.

use super::{Row, all, filter, told};
use crate::diagnostic::Diagnostic;
use crate::exec::sequence::{Limit, data_end};
use crate::exec::subquery::answered;
use crate::exec::{Output, Run};
use crate::ir::plan::{Node, Plan, Sequence};
use crate::value::{Date, Truth, Value};

/// An event of an input, for one of its keys.
struct Event {
    moment: Moment,
    date: Date,
    key: Row,
    row: Row,
}

/// When an event is: the earliest and the latest day, and the place in the data.
type Moment = (i32, i32, i64);

/// A match, or the start of one: the place in its input of each step's event, and whether it certainly lasts no longer
/// than it may.
#[derive(Clone)]
struct Match {
    events: Vec<usize>,
    truth: Truth,
}

/// The events of one sequence.
struct Matcher<'a> {
    sequence: &'a Sequence,
    inputs: Vec<Vec<Event>>,
    limit: Limit,
}

/// A row for each match, in the order of their first events.
pub(super) fn matches(
    run: &Run<'_>,
    plans: &[Plan],
    sequence: &Sequence,
    output: &mut Output,
) -> Result<Vec<Row>, Diagnostic> {
    let mut inputs = Vec::new();
    for (place, plan) in plans.iter().enumerate() {
        let is_step = sequence.steps.contains(&place);
        let repeated = output.repeated;
        inputs.push(events(run, plan, sequence, place, output)?);
        if !is_step {
            output.repeated = repeated;
        }
    }
    let matcher = Matcher { sequence, inputs, limit: Limit::new(run, sequence)? };
    let end = data_end(run.store, sequence.date);
    let mut rows = Vec::new();
    for start in 0..matcher.inputs[sequence.steps[0]].len() {
        run.check(rows.len())?;
        let found = if sequence.all { matcher.nearest(start) } else { matcher.latest(start) };
        let Some(found) = found.and_then(|found| matcher.without_the_absent(found)) else { continue };
        let first = matcher.event(0, start);
        match (found.truth, &sequence.within) {
            (Truth::True, _) => {}
            (_, Some(within)) => {
                output.add_possible(within.span, 1);
                continue;
            }
            (_, None) => continue,
        }
        let mut row = first.key.clone();
        let events = found.events.iter().enumerate();
        events.for_each(|(step, &event)| row.extend_from_slice(&matcher.event(step, event).row));
        if sequence.ends_with_absence() {
            row.push(Value::Bool(matcher.limit.is_open(first.date, end)));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The events of an input in their order, each once for each of its keys; one without a date or a key is left out.
fn events(
    run: &Run<'_>,
    plan: &Plan,
    sequence: &Sequence,
    input: usize,
    output: &mut Output,
) -> Result<Vec<Event>, Diagnostic> {
    let mut events = Vec::new();
    for mut row in placed(run, plan, output)? {
        let Some(Value::Int(place)) = row.pop() else { continue };
        let Value::Date(date) = row[sequence.date] else { continue };
        let mut keys: Vec<Row> = vec![Vec::new()];
        for value in all(run, &sequence.keys[input], &row)? {
            let longer = |key: &Row| -> Vec<Row> {
                value.items().iter().map(|item| [key.as_slice(), std::slice::from_ref(item)].concat()).collect()
            };
            keys = keys.iter().flat_map(longer).collect();
        }
        let mut different: Vec<Row> = Vec::new();
        for key in keys {
            if !different.contains(&key) {
                different.push(key);
            }
        }
        output.repeated += usize::from(different.len() > 1);
        let moment = (date.earliest, date.latest, place);
        events.extend(different.into_iter().map(|key| Event { moment, date, key, row: row.clone() }));
    }
    events.sort_by_key(|event| event.moment);
    Ok(events)
}

/// The rows of a filter over a scan, with the place of each in its table as one more value.
fn placed(run: &Run<'_>, plan: &Plan, output: &mut Output) -> Result<Vec<Row>, Diagnostic> {
    match (&answered(run, &plan.node, super::execute)?, plan.input()) {
        (Node::Scan(scan), _) => {
            let places = 0..run.store.tables[scan.table].rows;
            let with_place = |place: usize| {
                told(run, scan, place).into_iter().map(move |mut row| {
                    row.push(Value::Int(place as i64));
                    row
                })
            };
            Ok(places.flat_map(with_place).collect())
        }
        (Node::Filter { predicates, possibly }, Some(input)) => {
            let rows = placed(run, input, output)?;
            filter(run, rows, predicates, *possibly, output)
        }
        _ => Ok(Vec::new()),
    }
}

impl Matcher<'_> {
    fn event(&self, step: usize, place: usize) -> &Event {
        &self.inputs[self.sequence.steps[step]][place]
    }

    /// Whether an event of `input` with this key is at a moment that `is_there`.
    fn any(&self, input: usize, key: &Row, is_there: impl Fn(Moment) -> bool) -> bool {
        self.inputs[input].iter().any(|event| event.key == *key && is_there(event.moment))
    }

    /// Whether an event that is to be absent before a step stands between two others.
    fn is_barred(&self, before: usize, key: &Row, from: Moment, to: Moment) -> bool {
        let inputs = self.sequence.absent.iter().filter(|(step, _)| *step == before);
        inputs.into_iter().any(|(_, input)| self.any(*input, key, |moment| from < moment && moment < to))
    }

    /// Whether what is open after `from` is ended up to `to`.
    fn is_ended(&self, key: &Row, from: Moment, to: Moment) -> bool {
        self.sequence.until.is_some_and(|until| self.any(until, key, |moment| from < moment && moment <= to))
    }

    /// The match with one more event, unless that is certainly too late.
    fn with(&self, found: &Match, step: usize, event: usize) -> Option<Match> {
        let first = self.event(0, found.events[0]).date;
        let truth = found.truth.and(self.limit.holds(first, self.event(step, event).date));
        let events = [found.events.as_slice(), &[event]].concat();
        (truth != Truth::False).then_some(Match { events, truth })
    }

    /// By `all`: the match of a first event with the nearest events after it.
    fn nearest(&self, start: usize) -> Option<Match> {
        let mut found = Match { events: vec![start], truth: Truth::True };
        let first = self.event(0, start);
        for step in 1..self.sequence.steps.len() {
            let before = self.event(step - 1, *found.events.last()?).moment;
            let mut events = self.inputs[self.sequence.steps[step]].iter();
            let next = events.position(|event| event.key == first.key && event.moment > before)?;
            let moment = self.event(step, next).moment;
            if self.is_barred(step, &first.key, before, moment) || self.is_ended(&first.key, first.moment, moment) {
                return None;
            }
            found = self.with(&found, step, next)?;
        }
        Some(found)
    }

    /// By `latest`: the match that a first event comes to, if it does.
    fn latest(&self, start: usize) -> Option<Match> {
        let last = self.sequence.steps.len() - 1;
        let ends = 0..self.inputs[self.sequence.steps[last]].len();
        ends.filter_map(|end| self.partial(last, end)).find(|found| found.events[0] == start)
    }

    /// By `latest`: the match up to a step that an event of the step ends.
    fn partial(&self, step: usize, end: usize) -> Option<Match> {
        let event = self.event(step, end);
        if step == 0 {
            return Some(Match { events: vec![end], truth: Truth::True });
        }
        // Of an event that is told from several sides the first telling goes on, and the last is the one that stays open.
        let mut same = self.inputs[self.sequence.steps[step]][..end].iter();
        if same.any(|other| other.moment == event.moment && other.key == event.key) {
            return None;
        }
        let before = (0..self.inputs[self.sequence.steps[step - 1]].len()).rev();
        let mut before = before.filter(|&place| {
            let other = self.event(step - 1, place);
            other.key == event.key && other.moment < event.moment
        });
        let found = before.find_map(|place| self.partial(step - 1, place))?;
        let from = self.event(step - 1, *found.events.last()?).moment;
        let is_taken = self.any(self.sequence.steps[step], &event.key, |moment| from < moment && moment < event.moment);
        let is_closed = self.is_barred(step, &event.key, from, event.moment);
        if is_taken || is_closed || self.is_ended(&event.key, from, event.moment) {
            return None;
        }
        self.with(&found, step, end)
    }

    /// The match if nothing came in time after the last step that is to be absent there.
    fn without_the_absent(&self, mut found: Match) -> Option<Match> {
        let last = found.events.len();
        let (first, end) = (self.event(0, found.events[0]), self.event(last - 1, found.events[last - 1]));
        for (_, input) in self.sequence.absent.iter().filter(|(step, _)| *step == last) {
            for event in self.inputs[*input].iter().filter(|event| event.key == first.key && event.moment > end.moment)
            {
                found.truth = found.truth.and(!self.limit.holds(first.date, event.date));
            }
        }
        (found.truth != Truth::False).then_some(found)
    }
}
