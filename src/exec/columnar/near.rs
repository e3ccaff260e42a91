//! The nearest row of another table after or before each row, where all dates are exact and what they agree in has codes.
//!
//! Both tables are walked in the order of their days, together: of each key the nearest row so far is known.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::check::BLOCK;
use super::coder::Coder;
use super::frame::{Frame, Vector};
use super::vector;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::ast::Side;
use crate::ir::plan::{Expr, ExprKind, Node};
use crate::store::{Codes, Column, Dictionary, NO_DAY, Store, in_parts};
use crate::value::{Date, Duration, Value};

/// No row, and no key.
const NONE: u32 = u32::MAX;

/// The number of a row that lacks a value; as a key it is [`NONE`].
const NO_KEY: u64 = u64::MAX;

/// So many keys always have a place each, be they more than there are rows.
const FEW_KEYS: usize = 1 << 16;

/// Whether there is a row near enough, as codes of [`WORDS`]; 0 is missing.
const YES: u8 = 1;
const NO: u8 = 2;
const OPEN: u8 = 3;
const WORDS: [&str; 3] = ["yes", "no", "open"];

/// The rows with what was found for each; `None` where dates are known within bounds or keys have no codes.
pub(super) fn near<'a>(
    run: &Run<'a>,
    node: &Node,
    input: &Frame<'a>,
    others: &Frame<'a>,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    let Node::Near { side, within, on, dates, places, shown, end } = node else { return Ok(None) };
    let Some(pairs) = pairs(run.store, input, others, on).filter(|_| within.spread == 0) else { return Ok(None) };
    let Some((mine, theirs, keys)) = keys(&pairs, input.rows, others.rows) else { return Ok(None) };
    let (place, other) = (places.as_ref().map(|places| &places.0), places.as_ref().map(|places| &places.1));
    let (Some(mine), Some(theirs)) =
        (Moments::new(input, &dates.0, place, mine), Moments::new(others, &dates.1, other, theirs))
    else {
        return Ok(None);
    };
    let limit = Limit { within: *within, end: end.unwrap_or(i32::MIN), known: (NO_DAY, NO_DAY) };
    let found = in_parts(input.rows, input.rows + others.rows, |part| match side {
        Side::After => after(&mine, &theirs, keys, limit, part),
        Side::Before => before(&mine, &theirs, keys, limit, part),
    });
    run.check(input.rows)?;
    let (rows, words): (Vec<Vec<u32>>, Vec<Vec<u8>>) = found.into_iter().unzip();
    let (mut rows, mut words) = (rows.concat(), words.concat());
    if let Some(order) = &theirs.rows {
        rows.iter_mut().filter(|row| **row != NONE).for_each(|row| *row = order[*row as usize]);
    }
    if let Some(order) = &mine.rows {
        (rows, words) = (put_back(order, &rows), put_back(order, &words));
    }
    let dictionary = Dictionary::new(WORDS.into_iter().map(Some).collect());
    let mut frame = Frame { table: None, ..input.clone() };
    let shown = vector(run, others, shown)?;
    frame.columns.push(Vector::later(move || taken(&shown, &rows)));
    frame.columns.push(Vector::made(Column::Text(Codes::Narrow(words.into()), Arc::new(dictionary))));
    Ok(Some(frame))
}

/// What stands in an order, where it stood before: the first of the order is the row `order[0]`.
fn put_back<T: Copy + Default>(order: &[u32], ordered: &[T]) -> Vec<T> {
    let mut all = vec![T::default(); order.len()];
    order.iter().zip(ordered).for_each(|(&row, &one)| all[row as usize] = one);
    all
}

/// When the rows of a table are, and their keys, in the order of time.
struct Moments {
    /// The day of each, and the place of its event in the data, or 0 for all.
    times: Vec<(i32, u32)>,
    keys: Vec<u32>,
    /// The row of each, if they stand in another order.
    rows: Option<Vec<u32>>,
    /// How many have a day; they come first.
    dated: usize,
}

impl Moments {
    fn new(frame: &Frame<'_>, date: &Expr, place: Option<&Expr>, keys: Vec<u32>) -> Option<Self> {
        let (ExprKind::Column(date), rows) = (&date.kind, frame.rows) else { return None };
        let vector = &frame.columns[*date];
        let Column::Day(days) = &*vector.column else { return None };
        let events = match place.map(|place| &place.kind) {
            Some(ExprKind::Column(place)) => match &*frame.columns[*place].column {
                Column::Coded(_, codes) => Some((codes, &frame.columns[*place].places)),
                _ => return None,
            },
            Some(_) => return None,
            None => None,
        };
        let times = in_parts(rows, rows, |part| {
            let mut times = vec![(0, 0); part.len()];
            vector.places.fill(days, part.clone(), &mut times, |day| (day, 0));
            if let Some((codes, places)) = events {
                times.iter_mut().zip(part).for_each(|(time, row)| time.1 = codes.get(places.of(row)));
            }
            times
        });
        let times = times.concat();
        if place.is_some() && times.iter().any(|(_, event)| *event == 0) {
            return None;
        }
        let mut moments = Self { times, keys, rows: None, dated: 0 };
        if !moments.times.is_sorted() {
            let mut order: Vec<u32> = (0..rows as u32).collect();
            order.sort_by_key(|&row| moments.times[row as usize]);
            moments.times = order.iter().map(|&row| moments.times[row as usize]).collect();
            moments.keys = order.iter().map(|&row| moments.keys[row as usize]).collect();
            moments.rows = Some(order);
        }
        moments.dated = moments.times.partition_point(|(day, _)| *day != NO_DAY);
        Some(moments)
    }
}

/// How long a row stays near.
#[derive(Clone, Copy)]
struct Limit {
    within: Duration,
    /// The day on which the data ends.
    end: i32,
    /// The day that was asked of last, and what was said.
    known: (i32, i32),
}

impl Limit {
    /// The last day that is near enough after a day.
    fn after(&mut self, day: i32) -> i32 {
        if self.known.0 != day {
            self.known = (day, Date::day(day).later_by(self.within).map_or(i32::MAX, |later| later.latest));
        }
        self.known.1
    }
}

/// For rows of the first table the next of the second: from the last row to the first.
fn after(mine: &Moments, theirs: &Moments, keys: usize, mut limit: Limit, part: Range<usize>) -> (Vec<u32>, Vec<u8>) {
    let (mut rows, mut words) = (vec![NONE; part.len()], vec![0; part.len()]);
    let part = part.start..part.end.min(mine.dated).max(part.start);
    let Some(&(last, _)) = mine.times[part.clone()].last() else { return (rows, words) };
    let last = limit.after(last);
    let mut open = theirs.times[..theirs.dated].partition_point(|(day, _)| *day <= last);
    let mut nearest = vec![(0, NONE); keys];
    for (place, row) in part.enumerate().rev() {
        let (time, key) = (mine.times[row], mine.keys[row]);
        while open > 0 && theirs.times[open - 1] > time {
            open -= 1;
            if let Some(nearest) = nearest.get_mut(theirs.keys[open] as usize) {
                *nearest = (theirs.times[open].0, open as u32);
            }
        }
        let last = limit.after(time.0);
        words[place] = match nearest.get(key as usize) {
            Some(&(day, found)) if found != NONE && day <= last => {
                rows[place] = found;
                YES
            }
            _ if last > limit.end => OPEN,
            _ => NO,
        };
    }
    (rows, words)
}

/// For rows of the first table the one before of the second: from the first row to the last.
fn before(mine: &Moments, theirs: &Moments, keys: usize, mut limit: Limit, part: Range<usize>) -> (Vec<u32>, Vec<u8>) {
    let (mut rows, mut words) = (vec![NONE; part.len()], vec![0; part.len()]);
    let part = part.start..part.end.min(mine.dated).max(part.start);
    let Some(&(first, _)) = mine.times[part.clone()].first() else { return (rows, words) };
    let mut open = theirs.times[..theirs.dated].partition_point(|(day, _)| limit.after(*day) < first);
    let mut nearest = vec![(0, NONE); keys];
    for (place, row) in part.enumerate() {
        let (time, key) = (mine.times[row], mine.keys[row]);
        while open < theirs.dated && theirs.times[open] < time {
            if let Some(nearest) = nearest.get_mut(theirs.keys[open] as usize) {
                *nearest = (limit.after(theirs.times[open].0), open as u32);
            }
            open += 1;
        }
        words[place] = match nearest.get(key as usize) {
            Some(&(last, found)) if found != NONE && last >= time.0 => {
                rows[place] = found;
                YES
            }
            _ => NO,
        };
    }
    (rows, words)
}

/// A column of each table in which rows agree.
type Pair<'a> = (Coder<'a>, Coder<'a>);

/// In what rows agree; `None` unless these are columns of codes that mean the same on both sides.
fn pairs<'a>(store: &Store, input: &Frame<'a>, others: &Frame<'a>, on: &[(Expr, Expr)]) -> Option<Vec<Pair<'a>>> {
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
    on.iter().map(pair).collect()
}

/// The keys of the rows of both tables, from 0 on, and how many there are; [`NONE`] for a row that lacks a value, and for one
/// of the first table whose key the second has not.
fn keys(pairs: &[Pair<'_>], rows: usize, others: usize) -> Option<(Vec<u32>, Vec<u32>, usize)> {
    let size = pairs.iter().map(|(mine, _)| mine.size as u64).try_fold(1_u64, u64::checked_mul)?;
    let (mine, theirs): (Vec<&Coder<'_>>, Vec<&Coder<'_>>) = pairs.iter().map(|(mine, theirs)| (mine, theirs)).unzip();
    if size <= (rows + others).max(FEW_KEYS) as u64 {
        let numbers = |coders: &[&Coder<'_>], rows| {
            in_parts(rows, rows, |part| {
                let mut keys = Vec::with_capacity(part.len());
                each_key(coders, part, |key| keys.push(key as u32));
                keys
            })
            .concat()
        };
        return Some((numbers(&mine, rows), numbers(&theirs, others), size as usize));
    }
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
    let (mut keys, mut other_keys) = (Vec::with_capacity(rows), Vec::with_capacity(others));
    each_key(&theirs, 0..others, |key| {
        let next = numbers.len() as u32;
        other_keys.push(if key == NO_KEY { NONE } else { *numbers.entry(key).or_insert(next) });
    });
    each_key(&mine, 0..rows, |key| {
        keys.push(numbers.get(&key).copied().unwrap_or(NONE));
    });
    Some((keys, other_keys, numbers.len()))
}

/// Calls `give` with one number for what each row has in all columns, [`NO_KEY`] where it lacks a value.
fn each_key(coders: &[&Coder<'_>], rows: Range<usize>, mut give: impl FnMut(u64)) {
    let (mut keys, mut codes) = (vec![0_u64; BLOCK], vec![0; BLOCK]);
    for start in rows.clone().step_by(BLOCK) {
        let block = start..rows.end.min(start + BLOCK);
        let (keys, codes) = (&mut keys[..block.len()], &mut codes[..block.len()]);
        keys.fill(0);
        for coder in coders {
            coder.fill(block.clone(), codes);
            for (key, code) in keys.iter_mut().zip(codes.iter()) {
                let is_none = *code == 0 || *key == NO_KEY;
                *key = if is_none { NO_KEY } else { *key * coder.size as u64 + u64::from(*code) };
            }
        }
        keys.iter().for_each(|key| give(*key));
    }
}

/// The values of a vector at some rows; missing where there is none.
fn taken(vector: &Vector<'_>, rows: &[u32]) -> Column {
    let place = |row: u32| (row != NONE).then(|| vector.places.of(row as usize));
    let code = |codes: &Codes| {
        Codes::new(&rows.iter().map(|&row| place(row).map_or(0, |at| codes.get(at))).collect::<Vec<_>>())
    };
    match &*vector.column {
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
    }
}
