//! The nearest row of another table after or before each row, where all dates are exact and what they agree in has codes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::coder::Coder;
use super::frame::{Frame, Vector};
use super::vector;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::ast::Side;
use crate::ir::plan::{Expr, ExprKind, Node};
use crate::store::{Codes, Column, Dictionary, NO_DAY, Store, in_parts};
use crate::value::{Date, Duration, Value};

/// A row that may be found: its day, the place of its event in the data, and where it stands.
type Candidate = (i32, u32, u32);

/// What was found for no row, and the list of no key.
const NONE: u32 = u32::MAX;

/// The key of a row that lacks a value.
const NO_KEY: u64 = u64::MAX;

/// Up to so many keys each has a list, be it empty.
const MOST_KEYS: usize = 1 << 20;

/// The rows with what was found for each; `None` where dates are known within bounds or keys have no codes.
pub(super) fn near<'a>(
    run: &Run<'a>,
    node: &Node,
    input: &Frame<'a>,
    others: &Frame<'a>,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    let Node::Near { side, within, on, dates, places, shown, end } = node else { return Ok(None) };
    let (Some(mine), Some(theirs)) = (days(input, &dates.0), days(others, &dates.1)) else { return Ok(None) };
    if within.spread != 0 {
        return Ok(None);
    }
    let Some(keys) = Keys::new(run.store, input, others, on) else { return Ok(None) };
    let (at, those_at) = match places {
        None => (vec![0; input.rows], vec![0; others.rows]),
        Some((place, other)) => match (events(input, place), events(others, other)) {
            (Some(at), Some(those_at)) => (at, those_at),
            _ => return Ok(None),
        },
    };
    let (lists, key_of) = keys.lists(input.rows, &theirs, &those_at);
    let last_day = end.unwrap_or(i32::MIN);
    let found = in_parts(input.rows, input.rows, |part| {
        let mut found = Vec::with_capacity(part.len());
        for row in part {
            let candidates = lists.of(key_of[row]);
            found.push(match mine[row] {
                NO_DAY => (NONE, 0),
                day => match nearest(*side, *within, (day, at[row]), candidates) {
                    Some(other) => (other, 1),
                    None if *side == Side::After && later(day, *within).is_none_or(|later| later > last_day) => {
                        (NONE, 3)
                    }
                    None => (NONE, 2),
                },
            });
        }
        found
    });
    run.check(input.rows)?;
    let (rows, words): (Vec<u32>, Vec<u32>) = found.into_iter().flatten().unzip();
    let mut frame = input.clone();
    frame.table = None;
    frame.columns.push(taken(&vector(run, others, shown)?, &rows));
    let dictionary = Dictionary::new(["yes", "no", "open"].into_iter().map(Some).collect());
    frame.columns.push(Vector::made(Column::Text(Codes::new(&words), Arc::new(dictionary))));
    Ok(Some(frame))
}

/// The exact days of a column.
fn days(frame: &Frame<'_>, date: &Expr) -> Option<Vec<i32>> {
    let ExprKind::Column(place) = date.kind else { return None };
    let vector = &frame.columns[place];
    let Column::Day(days) = &*vector.column else { return None };
    Some((0..frame.rows).map(|row| days[vector.places.of(row)]).collect())
}

/// The places of events in the data, by a column of events; 0 where there is none.
fn events(frame: &Frame<'_>, place: &Expr) -> Option<Vec<u32>> {
    let ExprKind::Column(place) = place.kind else { return None };
    let vector = &frame.columns[place];
    let Column::Coded(_, codes) = &*vector.column else { return None };
    Some((0..frame.rows).map(|row| codes.get(vector.places.of(row))).collect())
}

fn later(day: i32, within: Duration) -> Option<i32> {
    Date::day(day).later_by(within).map(|later| later.latest)
}

/// The nearest of candidates in their order, if it is near enough.
fn nearest(side: Side, within: Duration, row: (i32, u32), candidates: &[Candidate]) -> Option<u32> {
    let (day, place) = row;
    let is_near = |from: i32, to: i32| later(from, within).is_none_or(|last| last >= to);
    match side {
        Side::After => {
            let after = (day, if place == 0 { u32::MAX } else { place });
            let first = candidates.partition_point(|&(day, place, _)| (day, place) <= after);
            candidates.get(first).filter(|(found, ..)| is_near(day, *found)).map(|(.., other)| *other)
        }
        Side::Before => {
            let before = candidates.partition_point(|&(found, at, _)| (found, at) < (day, place));
            let is_before = |(found, at, _): &&Candidate| *found < day || *at > 0;
            let found = candidates[..before].iter().rev().find(is_before);
            found.filter(|(found, ..)| is_near(*found, day)).map(|(.., other)| *other)
        }
    }
}

/// In what rows agree: pairs of columns of codes that mean the same on both sides.
struct Keys<'a>(Vec<(Coder<'a>, Coder<'a>)>);

/// The candidates of each key, in the order of their days.
struct Lists {
    starts: Vec<u32>,
    sorted: Vec<Candidate>,
}

impl Lists {
    fn of(&self, key: u32) -> &[Candidate] {
        if key == NONE {
            return &[];
        }
        &self.sorted[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }
}

impl<'a> Keys<'a> {
    fn new(store: &Store, input: &Frame<'a>, others: &Frame<'a>, on: &[(Expr, Expr)]) -> Option<Self> {
        let pair = |(mine, theirs): &(Expr, Expr)| {
            let (ExprKind::Column(mine), ExprKind::Column(theirs)) = (&mine.kind, &theirs.kind) else { return None };
            let (mine, theirs) = (&input.columns[*mine], &others.columns[*theirs]);
            let is_same = match (&*mine.column, &*theirs.column) {
                (Column::Text(_, mine), Column::Text(_, theirs)) => Arc::ptr_eq(mine, theirs),
                (Column::Coded(mine, _), Column::Coded(theirs, _)) => mine == theirs,
                _ => false,
            };
            let coder = |vector, rows| Coder::new(store, vector, rows, usize::MAX);
            is_same.then(|| Some((coder(mine, input.rows)?, coder(theirs, others.rows)?))).flatten()
        };
        let pairs: Vec<(Coder<'a>, Coder<'a>)> = on.iter().map(pair).collect::<Option<_>>()?;
        let mut sizes = pairs.iter().map(|(mine, _)| mine.size as u64);
        sizes.try_fold(1_u64, u64::checked_mul)?;
        Some(Self(pairs))
    }

    /// The lists of the candidates on these days, and which of them each row of the first table is to look at.
    fn lists(&self, rows: usize, days: &[i32], places: &[u32]) -> (Lists, Vec<u32>) {
        let (mut mine, mut theirs) = (self.combined(true, rows), self.combined(false, days.len()));
        let keys = self.0.iter().map(|(mine, _)| mine.size).product::<usize>();
        let lists = if keys <= MOST_KEYS { keys } else { number(&mut theirs, &mut mine) };
        let mut starts = vec![0_u32; lists + 1];
        let is_dated = |(key, day): (&u64, &i32)| *key != NO_KEY && *day != NO_DAY;
        let dated = || (0..).zip(theirs.iter().zip(days)).filter(|(_, pair)| is_dated(*pair));
        dated().for_each(|(_, (key, _))| starts[*key as usize + 1] += 1);
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut sorted: Vec<Candidate> = vec![(0, 0, 0); starts[lists] as usize];
        for (row, (key, day)) in dated() {
            let place = &mut next[*key as usize];
            sorted[*place as usize] = (*day, places[row as usize], row);
            *place += 1;
        }
        for ends in starts.windows(2) {
            let list = &mut sorted[ends[0] as usize..ends[1] as usize];
            if !list.is_sorted() {
                list.sort_unstable();
            }
        }
        let key_of = mine.into_iter().map(|key| if key == NO_KEY { NONE } else { key as u32 }).collect();
        (Lists { starts, sorted }, key_of)
    }

    /// One number for what a row has in all columns, [`NO_KEY`] where it has no value.
    fn combined(&self, is_first: bool, rows: usize) -> Vec<u64> {
        let mut combined = vec![0_u64; rows];
        for (mine, theirs) in &self.0 {
            let (coder, size) = (if is_first { mine } else { theirs }, mine.size as u64);
            for (key, code) in combined.iter_mut().zip(coder.codes(rows)) {
                *key = if code == 0 || *key == NO_KEY { NO_KEY } else { *key * size + u64::from(code) };
            }
        }
        combined
    }
}

/// Puts numbers from 0 on in the place of keys; a key that is not among `theirs` is none. Gives how many there are.
fn number(theirs: &mut [u64], mine: &mut [u64]) -> usize {
    let mut numbers: FxHashMap<u64, u64> = FxHashMap::default();
    for key in theirs.iter_mut().filter(|key| **key != NO_KEY) {
        let next = numbers.len() as u64;
        *key = *numbers.entry(*key).or_insert(next);
    }
    mine.iter_mut().for_each(|key| *key = numbers.get(key).copied().unwrap_or(NO_KEY));
    numbers.len()
}

/// The values of a vector at some rows; missing where there is none.
fn taken<'a>(vector: &Vector<'a>, rows: &[u32]) -> Vector<'a> {
    let place = |row: u32| (row != NONE).then(|| vector.places.of(row as usize));
    let code = |codes: &Codes| {
        Codes::new(&rows.iter().map(|&row| place(row).map_or(0, |at| codes.get(at))).collect::<Vec<_>>())
    };
    Vector::made(match &*vector.column {
        Column::Text(codes, dictionary) => Column::Text(code(codes), dictionary.clone()),
        Column::Coded(domain, codes) => Column::Coded(*domain, code(codes)),
        Column::Int(values, None) => {
            let missing: Vec<bool> = rows.iter().map(|row| *row == NONE).collect();
            let values = rows.iter().map(|&row| place(row).map_or(0, |at| values[at])).collect();
            Column::of_ints(values, &missing)
        }
        Column::Day(days) => Column::Day(rows.iter().map(|&row| place(row).map_or(NO_DAY, |at| days[at])).collect()),
        column => {
            let values: Vec<Value> =
                rows.iter().map(|&row| place(row).map_or(Value::Missing, |at| column.value(at))).collect();
            Column::of_values(&values, false)
        }
    })
}
