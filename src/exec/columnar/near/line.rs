//! Two tables in the order of time: when each row is, and in what it agrees with rows of the other, as a number.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::NONE;
use crate::exec::Run;
use crate::exec::columnar::check::BLOCK;
use crate::exec::columnar::coder::Coder;
use crate::exec::columnar::frame::{Frame, Places, Vector};
use crate::exec::columnar::order::is_in_order;
use crate::ir::plan::{Expr, ExprKind};
use crate::store::{Codes, Column, NO_DAY, Store, fill_in_parts};

/// The number of a row that lacks a value; as a key it is [`NONE`].
const NO_KEY: u64 = u64::MAX;

/// So many keys always have a place each, be they more than there are rows.
const FEW_KEYS: usize = 1 << 16;

/// The rows of a table in the order of time.
pub(super) struct Line<'a> {
    frame: Frame<'a>,
    /// The columns of the day and, if that tells the order within a day, of the event.
    date: usize,
    event: Option<usize>,
    /// How many have a day; they come first.
    pub(super) dated: usize,
    /// The row of each, if they stand in another order.
    pub(super) order: Option<Arc<[u32]>>,
    keys: Keys<'a>,
}

/// In what rows agree.
enum Keys<'a> {
    /// Codes, of which each combination is a key.
    Codes(Vec<Coder<'a>>),
    /// The key of each row.
    Numbers(Vec<u32>),
}

/// When a row is: on a day, or on a day and there at an event's place in the data.
pub(super) trait Moment: Copy + Ord + Default + Send {
    /// Writes when some rows of a line are.
    fn fill(line: &Line<'_>, rows: Range<usize>, out: &mut [Self]);

    fn day(self) -> i32;

    /// Whether it says all that is to be known.
    fn is_known(self) -> bool;
}

impl Moment for i32 {
    fn fill(line: &Line<'_>, rows: Range<usize>, out: &mut [Self]) {
        let (days, places) = line.days();
        places.fill(days, rows, out, |day| day);
    }

    fn day(self) -> i32 {
        self
    }

    fn is_known(self) -> bool {
        true
    }
}

impl Moment for (i32, u32) {
    fn fill(line: &Line<'_>, rows: Range<usize>, out: &mut [Self]) {
        let (days, places) = line.days();
        places.fill(days, rows.clone(), out, |day| (day, 0));
        if let Some((codes, places)) = line.events() {
            out.iter_mut().zip(rows).for_each(|(time, row)| time.1 = codes.get(places.of(row)));
        }
    }

    fn day(self) -> i32 {
        self.0
    }

    fn is_known(self) -> bool {
        self.1 != 0
    }
}

/// Two tables in the order of time, and how many keys there are; `None` where dates are known within bounds, a row that is
/// to have an event has none, or what rows agree in has no codes that mean the same on both sides.
pub(super) fn lines<'a, M: Moment>(
    run: &Run<'_>,
    (input, others): (&Frame<'a>, &Frame<'a>),
    dates: &(Expr, Expr),
    events: Option<&(Expr, Expr)>,
    on: &[(Expr, Expr)],
) -> Option<(Line<'a>, Line<'a>, usize)> {
    let mut mine = Line::new::<M>(run, input, &dates.0, events.map(|events| &events.0))?;
    let mut theirs = Line::new::<M>(run, others, &dates.1, events.map(|events| &events.1))?;
    let (my_codes, their_codes) = codes(run.store, &mine.frame, &theirs.frame, on)?;
    let size = my_codes.iter().map(|coder| coder.size as u64).try_fold(1_u64, u64::checked_mul)?;
    if size <= (mine.rows() + theirs.rows()).max(FEW_KEYS) as u64 {
        (mine.keys, theirs.keys) = (Keys::Codes(my_codes), Keys::Codes(their_codes));
        return Some((mine, theirs, size as usize));
    }
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
    let (mut my_keys, mut their_keys) = (Vec::with_capacity(mine.rows()), Vec::with_capacity(theirs.rows()));
    each_key(&their_codes, theirs.rows(), |key| {
        let next = numbers.len() as u32;
        their_keys.push(if key == NO_KEY { NONE } else { *numbers.entry(key).or_insert(next) });
    });
    each_key(&my_codes, mine.rows(), |key| my_keys.push(numbers.get(&key).copied().unwrap_or(NONE)));
    (mine.keys, theirs.keys) = (Keys::Numbers(my_keys), Keys::Numbers(their_keys));
    Some((mine, theirs, numbers.len()))
}

impl<'a> Line<'a> {
    /// The rows of a frame, of which no key is known yet.
    fn new<M: Moment>(run: &Run<'_>, frame: &Frame<'a>, date: &Expr, event: Option<&Expr>) -> Option<Self> {
        let place = |expr: &Expr| if let ExprKind::Column(place) = expr.kind { Some(place) } else { None };
        let date = place(date)?;
        let event = event.map(|event| place(event).ok_or(())).transpose().ok()?;
        let is = |place: usize, fits: fn(&Column) -> bool| fits(&frame.columns[place].column);
        if !is(date, |column| matches!(column, Column::Day(_)))
            || event.is_some_and(|event| !is(event, |column| matches!(column, Column::Coded(..))))
        {
            return None;
        }
        let keys = Keys::Codes(Vec::new());
        let mut line = Self { frame: frame.clone(), date, event, dated: 0, order: None, keys };
        if event.is_some() || !is_in_order(run, &frame.columns[date], frame.rows) {
            line.put_in_order::<M>()?;
        }
        line.dated = line.until(|day| day != NO_DAY);
        Some(line)
    }

    /// Puts the rows in their order; `None` if it is not known of one where it belongs.
    fn put_in_order<M: Moment>(&mut self) -> Option<()> {
        let mut times = vec![M::default(); self.rows()];
        fill_in_parts(&mut times, self.rows(), |part, times| M::fill(self, part, times));
        if !times.iter().all(|time| time.is_known()) {
            return None;
        }
        if !times.is_sorted() {
            let mut order: Vec<u32> = (0..self.rows() as u32).collect();
            order.sort_by_key(|&row| times[row as usize]);
            let order: Arc<[u32]> = order.into();
            self.frame = self.frame.keep(order.clone());
            self.order = Some(order);
        }
        Some(())
    }

    pub(super) fn rows(&self) -> usize {
        self.frame.rows
    }

    /// How many rows come first whose day is such as `is_before` says.
    pub(super) fn until(&self, is_before: impl Fn(i32) -> bool) -> usize {
        let (days, places) = self.days();
        let (mut start, mut end) = (0, self.rows());
        while start < end {
            let middle = start + (end - start) / 2;
            if is_before(days[places.of(middle)]) {
                start = middle + 1;
            } else {
                end = middle;
            }
        }
        start
    }

    pub(super) fn day(&self, row: usize) -> i32 {
        let (days, places) = self.days();
        days[places.of(row)]
    }

    fn days(&self) -> (&[i32], &Places) {
        let Vector { column, places } = &self.frame.columns[self.date];
        (if let Column::Day(days) = &**column { days } else { &[] }, places)
    }

    fn events(&self) -> Option<(&Codes, &Places)> {
        let Vector { column, places } = &self.frame.columns[self.event?];
        if let Column::Coded(_, codes) = &**column { Some((codes, places)) } else { None }
    }

    /// Writes the keys of some rows, [`NONE`] for one that lacks a value or, in the first table, has one that the second
    /// has not.
    fn fill_keys(&self, rows: Range<usize>, keys: &mut [u32]) {
        let coders = match &self.keys {
            Keys::Codes(coders) => coders,
            Keys::Numbers(numbers) => return keys.copy_from_slice(&numbers[rows]),
        };
        keys.fill(0);
        let mut codes = [0; BLOCK];
        let codes = &mut codes[..keys.len()];
        for coder in coders {
            coder.fill(rows.clone(), codes);
            let size = coder.size as u32;
            for (key, code) in keys.iter_mut().zip(codes.iter()) {
                let is_none = *code == 0 || *key == NONE;
                *key = if is_none { NONE } else { key.wrapping_mul(size).wrapping_add(*code) };
            }
        }
    }
}

/// One row after another of a part of a line, forward or back.
pub(super) struct Walk<'l, 'a, M> {
    line: &'l Line<'a>,
    is_back: bool,
    /// The rows that are still to be read.
    left: Range<usize>,
    /// Those that are read: the row of the first, when each is, and its key.
    first: usize,
    times: Vec<M>,
    keys: Vec<u32>,
    /// How many of these are passed.
    passed: usize,
}

/// A row on the way.
pub(super) struct Step<M> {
    pub(super) row: usize,
    pub(super) time: M,
    pub(super) key: u32,
}

impl<'l, 'a, M: Moment> Walk<'l, 'a, M> {
    pub(super) fn new(line: &'l Line<'a>, rows: Range<usize>, is_back: bool) -> Self {
        Self { line, is_back, left: rows, first: 0, times: Vec::new(), keys: Vec::new(), passed: 0 }
    }

    /// The next row, if it is at a time that is wanted.
    #[inline]
    pub(super) fn next_if(&mut self, is_wanted: impl Fn(M) -> bool) -> Option<Step<M>> {
        if self.passed == self.times.len() {
            self.read();
        }
        let time = self.times.get(self.passed).copied().filter(|time| is_wanted(*time))?;
        let key = self.keys[self.passed];
        let row = if self.is_back { self.first - self.passed } else { self.first + self.passed };
        self.passed += 1;
        Some(Step { row, time, key })
    }

    /// Reads the next block of rows.
    #[cold]
    fn read(&mut self) {
        let Range { start, end } = self.left;
        let block =
            if self.is_back { end.saturating_sub(BLOCK).max(start)..end } else { start..end.min(start + BLOCK) };
        self.left = if self.is_back { start..block.start } else { block.end..end };
        self.times.resize(block.len(), M::default());
        self.keys.resize(block.len(), NONE);
        self.passed = 0;
        if block.is_empty() {
            return;
        }
        M::fill(self.line, block.clone(), &mut self.times);
        self.line.fill_keys(block.clone(), &mut self.keys);
        self.first = block.start;
        if self.is_back {
            self.first = block.end - 1;
            self.times.reverse();
            self.keys.reverse();
        }
    }
}

/// The codes of the columns in which each table agrees with the other; `None` unless they mean the same on both sides.
fn codes<'a>(
    store: &Store,
    input: &Frame<'a>,
    others: &Frame<'a>,
    on: &[(Expr, Expr)],
) -> Option<(Vec<Coder<'a>>, Vec<Coder<'a>>)> {
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

/// Calls `give` with one number for what each row has in all columns, [`NO_KEY`] where it lacks a value.
fn each_key(coders: &[Coder<'_>], rows: usize, mut give: impl FnMut(u64)) {
    let (mut keys, mut codes) = (vec![0_u64; BLOCK], vec![0; BLOCK]);
    for start in (0..rows).step_by(BLOCK) {
        let block = start..rows.min(start + BLOCK);
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
