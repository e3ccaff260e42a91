//! The nearest row of another table after or before each row, where all dates are exact and what they agree in has codes.
//!
//! Both tables are walked in the order of their days, together: of each key the nearest row so far is known.

mod line;

use std::ops::Range;
use std::sync::Arc;

use super::frame::{Frame, Vector};
use super::vector;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::ast::Side;
use crate::ir::plan::Node;
use crate::store::{Codes, Column, Dictionary, NO_DAY, fill_in_parts};
use crate::value::{Date, Duration, Value};

use line::{Line, Moment, Walk, lines};

/// No row, and no key.
const NONE: u32 = u32::MAX;

/// What is found for a row: another row, or one of these; [`NONE`] for a row without a day.
const NO: u32 = u32::MAX - 1;
const OPEN: u32 = u32::MAX - 2;

/// Whether there is a row near enough.
const WORDS: [&str; 3] = ["yes", "no", "open"];

/// The rows with what was found for each; `None` where dates are known within bounds or keys have no codes.
pub(super) fn near<'a>(
    run: &Run<'a>,
    node: &Node,
    input: &Frame<'a>,
    others: &Frame<'a>,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    let Node::Near { side, within, on, dates, places, shown, end } = node else { return Ok(None) };
    if within.spread != 0 {
        return Ok(None);
    }
    let limit = Limit { within: *within, end: end.unwrap_or(i32::MIN), known: (NO_DAY, NO_DAY) };
    let tables = (input, others);
    let found = match places {
        None => lines::<i32>(run, tables, dates, None, on).map(|lines| found::<i32>(&lines, *side, limit)),
        Some(_) => lines::<(i32, u32)>(run, tables, dates, places.as_ref(), on)
            .map(|lines| found::<(i32, u32)>(&lines, *side, limit)),
    };
    let Some(found) = found.map(Arc::new) else { return Ok(None) };
    run.check(input.rows)?;
    let mut frame = Frame { table: None, ..input.clone() };
    let (shown, rows) = (vector(run, others, shown)?, found.clone());
    frame.columns.push(Vector::later(move || taken(&shown, &rows)));
    frame.columns.push(Vector::later(move || words(&found)));
    Ok(Some(frame))
}

/// What is found for each row of the first table.
fn found<M: Moment>((mine, theirs, keys): &(Line<'_>, Line<'_>, usize), side: Side, limit: Limit) -> Vec<u32> {
    let mut found = vec![NONE; mine.rows()];
    fill_in_parts(&mut found, mine.rows() + theirs.rows(), |part, found| match side {
        Side::After => after::<M>(mine, theirs, *keys, limit, part, found),
        Side::Before => before::<M>(mine, theirs, *keys, limit, part, found),
    });
    if let Some(order) = &theirs.order {
        let rows = found.iter_mut().filter(|row| **row < OPEN);
        rows.for_each(|row| *row = order[*row as usize]);
    }
    if let Some(order) = &mine.order {
        let mut put_back = vec![NONE; found.len()];
        order.iter().zip(found).for_each(|(&row, found)| put_back[row as usize] = found);
        return put_back;
    }
    found
}

/// Whether a row is found for each.
fn words(found: &[u32]) -> Column {
    let mut codes = vec![0_u8; found.len()];
    fill_in_parts(&mut codes, found.len(), |part, codes| {
        for (code, found) in codes.iter_mut().zip(&found[part]) {
            *code = match *found {
                NONE => 0,
                NO => 2,
                OPEN => 3,
                _ => 1,
            };
        }
    });
    let dictionary = Dictionary::new(WORDS.into_iter().map(Some).collect());
    Column::Text(Codes::Narrow(codes.into()), Arc::new(dictionary))
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
fn after<M: Moment>(
    mine: &Line<'_>,
    theirs: &Line<'_>,
    keys: usize,
    mut limit: Limit,
    part: Range<usize>,
    out: &mut [u32],
) {
    let dated = part.start..part.end.min(mine.dated).max(part.start);
    let Some(last) = dated.clone().next_back() else { return };
    let last = limit.after(mine.day(last));
    let mut open = Walk::<M>::new(theirs, 0..theirs.until(|day| day <= last).min(theirs.dated), true);
    let mut nearest = vec![(NO_DAY, NONE); keys];
    let mut now = Walk::<M>::new(mine, dated, true);
    while let Some(row) = now.next_if(|_| true) {
        while let Some(next) = open.next_if(|time| time > row.time) {
            if let Some(nearest) = nearest.get_mut(next.key as usize) {
                *nearest = (next.time.day(), next.row as u32);
            }
        }
        let last = limit.after(row.time.day());
        let (day, found) = nearest.get(row.key as usize).copied().unwrap_or((NO_DAY, NONE));
        // No row is found on the day that is missing.
        let is_near = day <= last.min(NO_DAY - 1);
        let none = if last > limit.end { OPEN } else { NO };
        out[row.row - part.start] = if is_near { found } else { none };
    }
}

/// For rows of the first table the one before of the second: from the first row to the last.
fn before<M: Moment>(
    mine: &Line<'_>,
    theirs: &Line<'_>,
    keys: usize,
    mut limit: Limit,
    part: Range<usize>,
    out: &mut [u32],
) {
    let dated = part.start..part.end.min(mine.dated).max(part.start);
    let Some(first) = dated.clone().next() else { return };
    let first = mine.day(first);
    let start = theirs.until(|day| day != NO_DAY && Limit { ..limit }.after(day) < first);
    let mut open = Walk::<M>::new(theirs, start..theirs.dated, false);
    let mut nearest = vec![(i32::MIN, NONE); keys];
    let mut now = Walk::<M>::new(mine, dated, false);
    while let Some(row) = now.next_if(|_| true) {
        while let Some(next) = open.next_if(|time| time < row.time) {
            if let Some(nearest) = nearest.get_mut(next.key as usize) {
                *nearest = (limit.after(next.time.day()), next.row as u32);
            }
        }
        let (last, found) = nearest.get(row.key as usize).copied().unwrap_or((i32::MIN, NONE));
        out[row.row - part.start] = if last >= row.time.day() { found } else { NO };
    }
}

/// The values of a vector at the rows that are found; missing where none is.
fn taken(vector: &Vector<'_>, rows: &[u32]) -> Column {
    let place = |row: u32| (row < OPEN).then(|| vector.places.of(row as usize));
    let code = |codes: &Codes| {
        Codes::new(&rows.iter().map(|&row| place(row).map_or(0, |at| codes.get(at))).collect::<Vec<_>>())
    };
    match &*vector.column {
        Column::Text(codes, dictionary) => Column::Text(code(codes), dictionary.clone()),
        Column::Coded(domain, codes) => Column::Coded(*domain, code(codes)),
        Column::Int(values, None) => {
            let missing: Vec<bool> = rows.iter().map(|row| *row >= OPEN).collect();
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::ir::plan::{Expr, ExprKind};
    use crate::span::Span;
    use crate::store::Store;
    use crate::value::{Base, Type};

    /// Rows of a day and a key, of which some have neither.
    fn table<'a>(rows: usize, seed: usize, dictionary: &Arc<Dictionary>) -> Frame<'a> {
        let number = |row: usize| (row * 7919 + seed) * 104_729 % 1009;
        let day = |row: usize| if number(row) % 17 == 0 { NO_DAY } else { (row / 3 + number(row) % 5) as i32 };
        let days = Column::Day((0..rows).map(day).collect());
        let codes: Vec<u32> = (0..rows).map(|row| (number(row) % 4) as u32).collect();
        let keys = Column::Text(Codes::new(&codes), dictionary.clone());
        Frame::new(rows, vec![Vector::made(days), Vector::made(keys)])
    }

    #[test]
    fn what_is_found_does_not_depend_on_the_parts() {
        let dictionary = Arc::new(Dictionary::new(["a", "b", "c"].into_iter().map(Some).collect()));
        let (mine, theirs) = (table(400, 1, &dictionary), table(300, 5, &dictionary));
        let (store, interrupt) = (Store::default(), AtomicBool::new(false));
        let run = Run::new(&store, &interrupt, usize::MAX);
        let column = |place| Expr { kind: ExprKind::Column(place), of: Type::one(Base::Text), span: Span::default() };
        let (dates, on) = ((column(0), column(0)), [(column(1), column(1))]);
        let (mine, theirs, keys) = lines::<i32>(&run, (&mine, &theirs), &dates, None, &on).expect("it has codes");
        let limit = Limit { within: Duration::of_days(4), end: 120, known: (NO_DAY, NO_DAY) };
        for find in [after::<i32>, before::<i32>] {
            let mut whole = vec![NONE; mine.rows()];
            find(&mine, &theirs, keys, limit, 0..mine.rows(), &mut whole);
            for found in [NO, NONE] {
                assert!(whole.contains(&found) && whole.iter().any(|found| *found < OPEN));
            }
            for length in [1, 7, 64, 399] {
                let mut parts = vec![NONE; mine.rows()];
                for (number, part) in parts.chunks_mut(length).enumerate() {
                    let start = number * length;
                    find(&mine, &theirs, keys, limit, start..start + part.len(), part);
                }
                assert_eq!(parts, whole, "in parts of {length}");
            }
        }
    }
}
