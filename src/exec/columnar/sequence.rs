//! Matches of a sequence in one pass: the events of all inputs in their order, and for each key what is open.
//!
//! ```text
//! a1 b2 a3 b4 c5    [a] [b] [c]    after a1: {a1}   b2: {a1 b2}   a3: {a3} {a1 b2}   b4: {a3 b4}   c5: the match a3 b4 c5
//! ```
//!
//! What is kept is what is open: by `latest` at most one for each key and step, by `all` one for each start. What it means
//! says [`reference`](crate::exec::reference).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::coder::by_code;
use super::frame::{Frame, Places, Vector};
use crate::diagnostic::Diagnostic;
use crate::exec::evaluate::evaluate;
use crate::exec::sequence::{Limit, data_end};
use crate::exec::{Output, Run};
use crate::ir::plan::{Expr, Sequence};
use crate::store::{Column, Interner, NO_DAY};
use crate::value::{Date, Period, Truth, Value};

/// The events of an input, in order.
struct Events {
    /// The days between which each row is.
    days: Vec<(i32, i32)>,
    /// The place of each row in the data.
    places: Vec<u32>,
    /// The rows in order, each once for each of its keys.
    entries: Vec<Entry>,
    /// The first entry that is not passed.
    next: usize,
    /// The entries of the event at hand end here.
    end: usize,
}

/// A row for one of its keys.
#[derive(Clone, Copy)]
struct Entry {
    row: u32,
    key: u32,
}

/// A match so far.
struct Open {
    /// The entry of its first event.
    start: u32,
    first: Date,
    /// Whether it certainly lasts no longer than it may.
    is_certain: bool,
    /// The row of each step's event.
    rows: Vec<u32>,
}

/// The keys, each different one with a number.
struct Keys {
    /// What the codes of each part of a key stand for, less 1.
    parts: Vec<Interner>,
    /// Numbers for a key so far and the code of its next part.
    numbers: Vec<FxHashMap<(u32, u32), u32>>,
}

/// The pass: what is open, and what is done.
struct Pass<'s> {
    sequence: &'s Sequence,
    limit: Limit,
    /// For each key and step what ended the step and waits for the next.
    open: Vec<Vec<Open>>,
    done: Vec<(Open, u32)>,
    /// Rows of what was dropped, to be used again.
    spare: Vec<Vec<u32>>,
}

/// A row for each match, in the order of their first events.
pub(super) fn matches<'a>(
    run: &Run<'a>,
    inputs: &[Frame<'a>],
    sequence: &Sequence,
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    let mut keys = Keys::new(sequence.keys.first().map_or(0, Vec::len));
    let mut events = Vec::with_capacity(inputs.len());
    for (place, (frame, exprs)) in inputs.iter().zip(&sequence.keys).enumerate() {
        let of_input = Events::new(frame, sequence.date, keys.entries(run, frame, exprs)?);
        output.repeated += if sequence.steps.contains(&place) { of_input.repeated() } else { 0 };
        events.push(of_input);
    }
    let limit = Limit::new(run, sequence)?;
    let open = std::iter::repeat_with(Vec::new).take(keys.size() * sequence.steps.len()).collect();
    let mut pass = Pass { sequence, limit, open, done: Vec::new(), spare: Vec::new() };
    pass.run(run, &mut events)?;
    let (certain, possible): (Vec<_>, Vec<_>) = pass.done.into_iter().partition(|(one, _)| one.is_certain);
    if let Some(within) = sequence.within.as_ref().filter(|_| !possible.is_empty()) {
        output.add_possible(within.span, possible.len());
    }
    run.check(certain.len())?;
    Ok(table(run, inputs, sequence, &keys, &pass.limit, certain))
}

/// The columns of the matches.
fn table<'a>(
    run: &Run<'a>,
    inputs: &[Frame<'a>],
    sequence: &Sequence,
    keys: &Keys,
    limit: &Limit,
    mut done: Vec<(Open, u32)>,
) -> Frame<'a> {
    done.sort_unstable_by_key(|(one, _)| one.start);
    let of_keys: Vec<u32> = done.iter().map(|(_, key)| *key).collect();
    let mut columns = keys.columns(&of_keys);
    for (step, &input) in sequence.steps.iter().enumerate() {
        let rows: Arc<[u32]> = done.iter().map(|(one, _)| one.rows[step]).collect();
        columns.extend(inputs[input].keep(rows).columns);
    }
    if sequence.ends_with_absence() {
        let end = data_end(run.store, sequence.date);
        let is_open = done.iter().map(|(one, _)| 1 + u8::from(limit.is_open(one.first, end)));
        columns.push(Vector::made(Column::Bool(is_open.collect())));
    }
    Frame::new(done.len(), columns)
}

impl Pass<'_> {
    fn run(&mut self, run: &Run<'_>, inputs: &mut [Events]) -> Result<(), Diagnostic> {
        let sequence = self.sequence;
        let last = sequence.steps.len();
        while let Some(moment) = inputs.iter().filter_map(Events::moment).min() {
            run.check(self.done.len())?;
            inputs.iter_mut().for_each(|events| events.take(moment));
            if let Some(until) = sequence.until {
                inputs[until].at_hand().iter().for_each(|entry| self.end(entry.key));
            }
            // From the last step to the first, so that no event serves two steps of a match.
            for step in (0..=last).rev() {
                if let Some(&input) = sequence.steps.get(step) {
                    let events = &inputs[input];
                    for (place, entry) in (events.next as u32..).zip(events.at_hand()) {
                        match step {
                            0 => self.start(place, *entry, events.date(entry.row)),
                            _ => self.go_on(step, *entry, events.date(entry.row)),
                        }
                    }
                }
                for (_, input) in sequence.absent.iter().filter(|(before, _)| *before == step) {
                    let events = &inputs[*input];
                    for entry in events.at_hand() {
                        if step == last {
                            self.settle(entry.key, events.date(entry.row));
                        } else {
                            self.drop_at(entry.key, step - 1);
                        }
                    }
                }
            }
            inputs.iter_mut().for_each(|events| events.next = events.end);
        }
        if sequence.ends_with_absence() {
            for key in 0..self.open.len() / last {
                let slot = key * last + last - 1;
                let waiting = self.open[slot].drain(..);
                self.done.extend(waiting.map(|one| (one, key as u32)));
            }
        }
        Ok(())
    }

    /// Where what ended a step stands for a key.
    fn slot(&self, key: u32, step: usize) -> usize {
        key as usize * self.sequence.steps.len() + step
    }

    fn start(&mut self, place: u32, entry: Entry, date: Date) {
        let mut rows = self.spare.pop().unwrap_or_default();
        rows.push(entry.row);
        let one = Open { start: place, first: date, is_certain: true, rows };
        self.put(entry.key, 0, one);
    }

    /// What waits for this step goes on, unless the event is certainly too late.
    fn go_on(&mut self, step: usize, entry: Entry, date: Date) {
        let slot = self.slot(entry.key, step - 1);
        while let Some(mut one) = self.open[slot].pop() {
            match self.limit.holds(one.first, date) {
                Truth::False => self.drop(one),
                truth => {
                    one.is_certain &= truth == Truth::True;
                    one.rows.push(entry.row);
                    self.put(entry.key, step, one);
                }
            }
        }
    }

    /// A match up to a step: done, or open; by `latest` it replaces the one before.
    fn put(&mut self, key: u32, step: usize, one: Open) {
        let is_last = step + 1 == self.sequence.steps.len();
        if is_last && !self.sequence.ends_with_absence() {
            self.done.push((one, key));
            return;
        }
        if !is_last && !self.sequence.all {
            self.drop_at(key, step);
        }
        let slot = self.slot(key, step);
        self.open[slot].push(one);
    }

    /// An event came that is to be absent after the last step.
    fn settle(&mut self, key: u32, date: Date) {
        let slot = self.slot(key, self.sequence.steps.len() - 1);
        let mut place = 0;
        while place < self.open[slot].len() {
            match self.limit.holds(self.open[slot][place].first, date) {
                Truth::True => {
                    let one = self.open[slot].swap_remove(place);
                    self.drop(one);
                }
                Truth::False => {
                    let one = self.open[slot].swap_remove(place);
                    self.done.push((one, key));
                }
                Truth::Unknown => {
                    self.open[slot][place].is_certain = false;
                    place += 1;
                }
            }
        }
    }

    /// Nothing of a key stays open but what waits for an end without more.
    fn end(&mut self, key: u32) {
        (0..self.sequence.steps.len() - 1).for_each(|step| self.drop_at(key, step));
    }

    fn drop_at(&mut self, key: u32, step: usize) {
        let slot = self.slot(key, step);
        while let Some(one) = self.open[slot].pop() {
            self.drop(one);
        }
    }

    fn drop(&mut self, mut one: Open) {
        one.rows.clear();
        self.spare.push(one.rows);
    }
}

impl Events {
    fn new(frame: &Frame<'_>, date: usize, mut entries: Vec<Entry>) -> Self {
        let vector = &frame.columns[date];
        let days: Vec<(i32, i32)> = match &*vector.column {
            Column::Day(days) => (0..frame.rows).map(|row| days[vector.places.of(row)]).map(|day| (day, day)).collect(),
            _ => (0..frame.rows)
                .map(|row| match vector.value(row) {
                    Value::Date(date) => (date.earliest, date.latest),
                    _ => (NO_DAY, NO_DAY),
                })
                .collect(),
        };
        let places = (0..frame.rows).map(|row| vector.places.of(row) as u32).collect();
        let is_dated = |row: usize| match &*vector.column {
            Column::Day(_) => days[row].0 != NO_DAY,
            column => !column.is_missing(vector.places.of(row)),
        };
        entries.retain(|entry| is_dated(entry.row as usize));
        let mut events = Self { days, places, entries: Vec::new(), next: 0, end: 0 };
        if !entries.is_sorted_by_key(|entry| events.moment_of(*entry)) {
            entries.sort_by_key(|entry| events.moment_of(*entry));
        }
        events.entries = entries;
        events
    }

    fn moment_of(&self, entry: Entry) -> (i32, i32, u32) {
        let (earliest, latest) = self.days[entry.row as usize];
        (earliest, latest, self.places[entry.row as usize])
    }

    /// How many rows have several keys.
    fn repeated(&self) -> usize {
        self.entries.chunk_by(|one, other| one.row == other.row).filter(|same| same.len() > 1).count()
    }

    /// When the next event is.
    fn moment(&self) -> Option<(i32, i32, u32)> {
        self.entries.get(self.next).map(|entry| self.moment_of(*entry))
    }

    /// Makes the entries of one moment those at hand.
    fn take(&mut self, moment: (i32, i32, u32)) {
        let more = self.entries[self.next..].iter().take_while(|entry| self.moment_of(**entry) == moment).count();
        self.end = self.next + more;
    }

    /// The entries of the event at hand.
    fn at_hand(&self) -> &[Entry] {
        &self.entries[self.next..self.end]
    }

    fn date(&self, row: u32) -> Date {
        let (first, last) = self.days[row as usize];
        Date::within(Period { first, last })
    }
}

impl Keys {
    fn new(parts: usize) -> Self {
        Self { parts: vec![Interner::default(); parts], numbers: vec![FxHashMap::default(); parts] }
    }

    /// How many different keys there are.
    fn size(&self) -> usize {
        self.numbers.last().map_or(1, FxHashMap::len)
    }

    /// The rows of an input, each once for each of its keys.
    fn entries(&mut self, run: &Run<'_>, frame: &Frame<'_>, exprs: &[Expr]) -> Result<Vec<Entry>, Diagnostic> {
        let mut entries: Vec<Entry> = (0..frame.rows as u32).map(|row| Entry { row, key: 0 }).collect();
        for (part, expr) in exprs.iter().enumerate() {
            let codes = self.codes_of(run, frame, expr, part)?;
            let mut longer = Vec::with_capacity(entries.len());
            for entry in entries {
                for &code in codes.of(entry.row as usize) {
                    let numbers = &mut self.numbers[part];
                    let next = numbers.len() as u32;
                    let key = *numbers.entry((entry.key, code)).or_insert(next);
                    longer.push(Entry { key, ..entry });
                }
            }
            entries = longer;
        }
        Ok(entries)
    }

    /// The different codes of each row's values of one part of the key.
    fn codes_of(&mut self, run: &Run<'_>, frame: &Frame<'_>, expr: &Expr, part: usize) -> Result<Listed, Diagnostic> {
        let interner = &mut self.parts[part];
        let mut listed = Listed { starts: None, codes: Vec::with_capacity(frame.rows) };
        if !expr.of.many
            && let Some((coder, values)) = by_code(run, frame, expr)
        {
            let codes: Vec<u32> = values.iter().map(|value| interner.code(value)).collect();
            listed.codes = coder.codes(frame.rows);
            listed.codes.iter_mut().for_each(|code| *code = codes[*code as usize]);
            return Ok(listed);
        }
        let mut starts = vec![0];
        for row in 0..frame.rows {
            run.check(0)?;
            let value = evaluate(run, expr, &frame.row(row))?;
            let start = listed.codes.len();
            for item in value.items() {
                let code = interner.code(item);
                if !listed.codes[start..].contains(&code) {
                    listed.codes.push(code);
                }
            }
            starts.push(listed.codes.len() as u32);
        }
        listed.starts = Some(starts);
        Ok(listed)
    }

    /// The values of these keys, a column for each part.
    fn columns<'a>(&self, keys: &[u32]) -> Vec<Vector<'a>> {
        let before: Vec<Vec<(u32, u32)>> = self.numbers.iter().map(in_order).collect();
        let mut columns = Vec::new();
        let mut keys = keys.to_vec();
        for (part, values) in before.iter().zip(&self.parts).rev() {
            let places: Vec<u32> = keys.iter().map(|&key| part[key as usize].1 - 1).collect();
            keys.iter_mut().for_each(|key| *key = part[*key as usize].0);
            let values = values.clone().into_values();
            let vector = Vector::made(Column::of_values(&values, false));
            columns.push(Vector { places: Places::At(places.into()), ..vector });
        }
        columns.reverse();
        columns
    }
}

/// The pairs in the order of their numbers.
fn in_order(numbers: &FxHashMap<(u32, u32), u32>) -> Vec<(u32, u32)> {
    let mut pairs = vec![(0, 0); numbers.len()];
    numbers.iter().for_each(|(pair, number)| pairs[*number as usize] = *pair);
    pairs
}

/// The codes of each row.
struct Listed {
    /// Where the codes of each row start; a row has one without.
    starts: Option<Vec<u32>>,
    codes: Vec<u32>,
}

impl Listed {
    /// The codes of a row, without that of missing.
    fn of(&self, row: usize) -> &[u32] {
        match &self.starts {
            Some(starts) => &self.codes[starts[row] as usize..starts[row + 1] as usize],
            None if self.codes[row] == 0 => &[],
            None => &self.codes[row..=row],
        }
    }
}
