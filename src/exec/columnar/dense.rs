//! Groups of a table's rows by codes: a cell for each group, counted where the codes are stored; rows are not gathered.

mod along;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use self::along::Along;
use super::are_counts;
use super::coder::{Coder, combine};
use super::frame::{Frame, Part, Vector};
use super::ranges::{Counts, Ranges};
use super::select::Selected;
use super::tally::{Beside, Scratch, Tallied, Tally};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::plan::{Aggregate, Expr, ExprKind, Plan};
use crate::store::{Codes, Column, RowsByCode, in_parts};
use crate::value::{Bucket, Value};

/// So many cells are kept at once.
const MOST_CELLS: usize = 1 << 16;

/// So few cells can each have two places near the processor.
const FEW_CELLS: usize = 1 << 11;

/// So many bits tell which values the cells have seen.
const MOST_SEEN: usize = 1 << 26;

/// So many of them stay near the processor.
const MOST_SEEN_NEAR: usize = 1 << 20;

/// So many rows are added to the cells together: what is read of them stays near.
const BLOCK: usize = 1024;

/// The groups of the rows that are selected of a table, one row a group; `None` where its keys or aggregates are of another
/// kind. Of groups that do not have the `most` most rows it may leave out any.
pub(super) fn group<'a>(
    run: &Run<'a>,
    plan: &Plan,
    table: &Frame<'a>,
    selected: &Selected<'_>,
    (keys, aggregates): (&[Expr], &[Aggregate]),
    most: usize,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    if let [key] = keys
        && let Some(groups) = by_time(run, table, selected, key, aggregates)?
    {
        run.answered_by(plan, "by the order of the dates");
        return Ok(Some(groups));
    }
    let Some(cells) = Cells::new(run, table, keys, aggregates) else { return Ok(None) };
    let is_small = cells.size() <= MOST_CELLS && cells.bits() <= MOST_SEEN_NEAR;
    let along = (!is_small).then(|| Along::new(run, table, selected, keys, aggregates)).flatten();
    let groups = if let Some(along) = along {
        run.answered_by(plan, "counted by codes, name by name");
        if cells.has_counts_alone() {
            cells.of_all_counts(run, cells.pairs(&along, most))?
        } else {
            cells.values_beside(&along)
        }
    } else if cells.size() <= MOST_CELLS && cells.bits() <= MOST_SEEN {
        run.answered_by(plan, "counted by codes");
        cells.all_at_once(selected)
    } else if let Some(ranges) = cells.ranges() {
        run.answered_by(plan, "counted by codes, range by range");
        cells.of_all_counts(run, ranges.counted(selected, most, run.interrupt))?
    } else if let Some(by_code) = cells.first_key(run, table, keys, selected) {
        run.answered_by(plan, "counted by codes, name by name");
        cells.by_first_key(selected, by_code)
    } else {
        return Ok(None);
    };
    let rows = groups.iter().map(Groups::rows).sum();
    run.check(rows)?;
    Ok(Some(Frame::new(rows, cells.columns(&groups))))
}

/// Groups by a unit of the calendar, where the rows stand in the order of their dates: each is a range of rows.
fn by_time<'a>(
    run: &Run<'a>,
    table: &Frame<'a>,
    selected: &Selected<'_>,
    key: &Expr,
    aggregates: &[Aggregate],
) -> Result<Option<Frame<'a>>, Diagnostic> {
    let ExprKind::Call(name, arguments) = &key.kind else { return Ok(None) };
    let (Some(bucket), [Expr { kind: ExprKind::Column(place), .. }]) = (Bucket::named(name), arguments.as_slice())
    else {
        return Ok(None);
    };
    let ordered = table.table.filter(|&table| run.store.ordered_by(table) == Some(*place));
    let (Column::Day(days), Some(number), true) = (&*table.columns[*place].column, ordered, are_counts(aggregates))
    else {
        return Ok(None);
    };
    let set = selected.set();
    let (mut values, mut counts) = (Vec::new(), Vec::new());
    let Range { mut start, end } = selected.range();
    while start < end {
        run.check(values.len())?;
        let period = bucket.of(days[start]);
        let next = run.store.rows_within(number, period).map_or(end, |rows| rows.end.min(end));
        let count = set.as_ref().map_or(next - start, |set| set.count(start..next));
        if count > 0 {
            values.push(Value::Period(period));
            counts.push(count as i64);
        }
        start = next;
    }
    let codes: Vec<u32> = (1..=values.len() as u32).collect();
    let periods = Vector::made(Column::Values(Codes::new(&codes), values.into()));
    let counts = Vector::made(Column::Int(counts.into(), None));
    let columns = std::iter::once(periods).chain(aggregates.iter().map(|_| counts.clone()));
    Ok(Some(Frame::new(codes.len(), columns.collect())))
}

/// What is kept for each cell beside the number of its rows.
enum Kept<'a> {
    Count,
    Mean(Vector<'a>),
    Distinct(Coder<'a>),
}

/// How the groups are made.
struct Cells<'a> {
    keys: Vec<Coder<'a>>,
    /// The codes of each key in the order of its values.
    orders: Vec<Vec<u32>>,
    kept: Vec<Kept<'a>>,
    interrupt: &'a AtomicBool,
}

/// Groups in the order of their keys.
struct Groups {
    codes: Vec<Vec<u32>>,
    counts: Vec<i64>,
    kept: Vec<Given>,
}

enum Given {
    Count,
    Mean(Vec<f64>),
    Distinct(Vec<i64>),
}

impl<'a> Cells<'a> {
    fn new(run: &Run<'a>, table: &Frame<'a>, keys: &[Expr], aggregates: &[Aggregate]) -> Option<Self> {
        let coder = |expr: &Expr| Coder::of_names(run.store, table, expr);
        let kept = |aggregate: &Aggregate| match (aggregate.function, aggregate.arguments.as_slice()) {
            ("count", []) => Some(Kept::Count),
            ("count", [of]) if aggregate.distinct => coder(of).map(Kept::Distinct),
            ("avg", [Expr { kind: ExprKind::Column(place), .. }]) if !aggregate.distinct => {
                let vector = &table.columns[*place];
                matches!(&*vector.column, Column::Int(_, None) | Column::Float(_)).then(|| Kept::Mean(vector.clone()))
            }
            _ => None,
        };
        let keys: Vec<Coder<'a>> = keys.iter().map(coder).collect::<Option<_>>()?;
        let kept = aggregates.iter().map(kept).collect::<Option<_>>()?;
        let order = |coder: &Coder<'_>| {
            let ranks = coder.ranks(run.store);
            let mut order: Vec<u32> = (0..ranks.len() as u32).collect();
            order.sort_unstable_by_key(|&code| (ranks[code as usize], code));
            order
        };
        let orders = keys.iter().map(order).collect();
        (!keys.is_empty()).then_some(Self { keys, orders, kept, interrupt: run.interrupt })
    }

    fn has_counts_alone(&self) -> bool {
        self.kept.iter().all(|kept| matches!(kept, Kept::Count))
    }

    fn size(&self) -> usize {
        self.keys.iter().map(|key| key.size).fold(1, usize::saturating_mul)
    }

    /// How many bits tell which values the cells have seen.
    fn bits(&self) -> usize {
        let sizes = self.kept.iter().map(|kept| if let Kept::Distinct(coder) = kept { coder.size } else { 0 });
        sizes.sum::<usize>().saturating_mul(self.size())
    }

    /// Where the rows of each code of the first key stand, if the cells of one such code are few.
    fn first_key(
        &self,
        run: &Run<'a>,
        table: &Frame<'a>,
        keys: &[Expr],
        selected: &Selected<'_>,
    ) -> Option<&'a RowsByCode> {
        let ExprKind::Column(place) = keys[0].kind else { return None };
        if self.size() / self.keys[0].size > MOST_CELLS || !selected.has_bits_alone() {
            return None;
        }
        run.store.rows_by_code(table.table?, place)
    }

    fn all_at_once(&self, selected: &Selected<'_>) -> Vec<Groups> {
        let size = self.size();
        let keys: Vec<&Coder<'_>> = self.keys.iter().collect();
        let rows = selected.set().map(|_| selected.rows());
        let count = rows.as_ref().map_or(selected.range().len(), |rows| rows.len());
        let tallies = in_parts(count, count, |part| {
            let mut tally = self.tally(size);
            if size <= FEW_CELLS {
                tally.widen();
            }
            for start in part.clone().step_by(BLOCK) {
                if self.interrupt.load(Ordering::Relaxed) {
                    break;
                }
                let end = part.end.min(start + BLOCK);
                match &rows {
                    Some(rows) => self.add(&keys, Part::At(&rows[start..end]), end - start, &mut tally),
                    None => self.add(&keys, Part::From(selected.range().start + start), end - start, &mut tally),
                }
            }
            tally.narrow();
            tally
        });
        let mut tallies = tallies.into_iter();
        let mut tally = tallies.next().unwrap_or_else(|| self.tally(size));
        tallies.for_each(|other| tally.join(&other));
        let mut groups = self.no_groups();
        self.groups(&mut groups, &[], &self.orders, &mut tally);
        vec![groups]
    }

    /// Ranges of the first key, if there is nothing but rows to be counted.
    fn ranges(&self) -> Option<Ranges<'_, 'a>> {
        let ranks = self.orders.iter().map(|order| inverse(order)).collect();
        self.has_counts_alone().then(|| Ranges::new(&self.keys, ranks)).flatten()
    }

    /// The groups of what was counted part by part, if they are not too many.
    fn of_all_counts(&self, run: &Run<'_>, counts: Vec<Counts>) -> Result<Vec<Groups>, Diagnostic> {
        run.check(counts.iter().map(|counts| counts.groups).sum())?;
        Ok(counts.into_iter().map(|counts| self.of_counts(counts)).collect())
    }

    /// The groups of what was counted by the ranks of codes.
    fn of_counts(&self, Counts { numbers, rows, .. }: Counts) -> Groups {
        let codes = |(ranks, order): (Vec<u32>, &Vec<u32>)| ranks.iter().map(|&rank| order[rank as usize]).collect();
        let codes = numbers.into_iter().zip(&self.orders).map(codes).collect();
        Groups { codes, counts: rows, kept: self.kept.iter().map(|_| Given::Count).collect() }
    }

    /// The groups of one code of the first key after the other.
    fn by_first_key(&self, selected: &Selected<'_>, by_code: &RowsByCode) -> Vec<Groups> {
        let first = &self.orders[0];
        let (keys, orders): (Vec<&Coder<'_>>, _) = (self.keys[1..].iter().collect(), &self.orders[1..]);
        let size: usize = keys.iter().map(|key| key.size).product();
        let ranks = orders.last().map_or_else(Vec::new, |order| inverse(order));
        in_parts(first.len(), selected.range().len(), |part| {
            let mut groups = self.no_groups();
            let mut tally = self.tally(size);
            for &code in &first[part] {
                if self.interrupt.load(Ordering::Relaxed) {
                    break;
                }
                let set = by_code.of_code(code);
                let rows = selected.of(&set);
                for block in rows.chunks(BLOCK) {
                    self.add(&keys, Part::At(block), block.len(), &mut tally);
                }
                if rows.len() < size / 8 && keys.len() == 1 {
                    let mut cells = vec![0; rows.len()];
                    keys[0].fill_at(Part::At(&rows), &mut cells);
                    cells.sort_unstable_by_key(|cell| ranks[*cell as usize]);
                    cells.dedup();
                    cells.iter().for_each(|cell| self.take(&mut groups, &[code, *cell], *cell as usize, &mut tally));
                } else if !rows.is_empty() {
                    self.groups(&mut groups, &[code], orders, &mut tally);
                }
            }
            groups
        })
    }

    fn tally(&self, size: usize) -> Tally {
        let kept = self.kept.iter().map(|kept| match kept {
            Kept::Count => Tallied::Count,
            Kept::Mean(_) => Tallied::Mean(vec![0.0; size], vec![0; size]),
            Kept::Distinct(coder) => Tallied::Distinct(vec![0; size * coder.size.div_ceil(64)]),
        });
        let scratch = Scratch { cells: vec![0; BLOCK], codes: vec![0; BLOCK], numbers: vec![0.0; BLOCK] };
        let are_counted = self.kept.iter().any(|kept| !matches!(kept, Kept::Distinct(_)));
        let counts = vec![0; if are_counted { size } else { 0 }];
        Tally { cells: size, counts, beside: Beside::default(), kept: kept.collect(), scratch }
    }

    /// Adds rows, at most a block of them.
    fn add(&self, keys: &[&Coder<'_>], places: Part<'_>, rows: usize, tally: &mut Tally) {
        let Scratch { cells, codes, .. } = &mut tally.scratch;
        let (cells, codes) = (&mut cells[..rows], &mut codes[..rows]);
        for (place, key) in keys.iter().enumerate() {
            if place == 0 {
                key.fill_at(places, cells);
                continue;
            }
            key.fill_at(places, codes);
            combine(cells, key.size as u32, codes);
        }
        if let (Some(numbers), Part::From(start)) = (self.only_mean(), places) {
            return tally.add_numbers(&numbers[start..start + rows]);
        }
        if !tally.counts.is_empty() {
            tally.count(rows);
        }
        let Scratch { cells, codes, numbers } = &mut tally.scratch;
        let (cells, codes) = (&mut cells[..rows], &mut codes[..rows]);
        for (kept, tallied) in self.kept.iter().zip(&mut tally.kept) {
            match (kept, tallied) {
                (Kept::Mean(vector), Tallied::Mean(sums, missing)) => {
                    let numbers = &mut numbers[..rows];
                    let values = match (&*vector.column, places) {
                        (Column::Float(stored), Part::From(start)) => &stored[start..start + rows],
                        (Column::Float(stored), places) => {
                            places.fill(stored, numbers, |number| number);
                            numbers
                        }
                        (Column::Int(stored, _), places) => {
                            places.fill(stored, numbers, |number| number as f64);
                            numbers
                        }
                        _ => numbers,
                    };
                    // All are counted, which is faster than to stop at the first.
                    if values.iter().filter(|value| value.is_nan()).count() == 0 {
                        cells.iter().zip(values).for_each(|(cell, value)| sums[*cell as usize] += value);
                        continue;
                    }
                    for (cell, value) in cells.iter().zip(values) {
                        if value.is_nan() {
                            missing[*cell as usize] += 1;
                        } else {
                            sums[*cell as usize] += value;
                        }
                    }
                }
                (Kept::Distinct(coder), Tallied::Distinct(seen)) => {
                    let bits = coder.size.next_multiple_of(64);
                    coder.fill_at(places, codes);
                    for (cell, code) in cells.iter().zip(codes.iter()) {
                        let bit = *cell as usize * bits + *code as usize;
                        seen[bit / 64] |= 1 << (bit % 64);
                    }
                }
                _ => {}
            }
        }
    }

    /// The numbers of which there is a mean, if nothing else is kept beside counts.
    fn only_mean(&self) -> Option<&[f64]> {
        let mut others = self.kept.iter().filter(|kept| !matches!(kept, Kept::Count));
        match (others.next(), others.next()) {
            (Some(Kept::Mean(vector)), None) => match &*vector.column {
                Column::Float(numbers) => Some(numbers),
                _ => None,
            },
            _ => None,
        }
    }

    fn no_groups(&self) -> Groups {
        let kept = self.kept.iter().map(|kept| match kept {
            Kept::Count => Given::Count,
            Kept::Mean(_) => Given::Mean(Vec::new()),
            Kept::Distinct(_) => Given::Distinct(Vec::new()),
        });
        Groups { codes: vec![Vec::new(); self.keys.len()], counts: Vec::new(), kept: kept.collect() }
    }

    /// Adds a group for each cell that has rows, in the order of the keys, and empties it.
    fn groups(&self, groups: &mut Groups, first: &[u32], orders: &[Vec<u32>], tally: &mut Tally) {
        if let (true, [order], [before @ .., last]) = (self.has_counts_alone(), orders, groups.codes.as_mut_slice()) {
            for &code in order {
                let count = std::mem::take(&mut tally.counts[code as usize]);
                if count > 0 {
                    last.push(code);
                    groups.counts.push(i64::from(count));
                }
            }
            before.iter_mut().zip(first).for_each(|(codes, code)| codes.resize(last.len(), *code));
            return;
        }
        let mut chosen = first.to_vec();
        each_cell(orders, 0, &mut chosen, &mut |cell, codes| self.take(groups, codes, cell, tally));
    }

    /// Adds the group of a cell, if it has rows, and empties it.
    fn take(&self, groups: &mut Groups, codes: &[u32], cell: usize, tally: &mut Tally) {
        if !tally.has_rows(cell) {
            return;
        }
        let count = tally.counts.get_mut(cell).map_or(0, std::mem::take);
        groups.codes.iter_mut().zip(codes).for_each(|(all, code)| all.push(*code));
        groups.counts.push(i64::from(count));
        for ((kept, given), tallied) in self.kept.iter().zip(&mut groups.kept).zip(&mut tally.kept) {
            match (kept, given, tallied) {
                (_, Given::Mean(means), Tallied::Mean(sums, missing)) => {
                    let (sum, count) = (std::mem::take(&mut sums[cell]), count - std::mem::take(&mut missing[cell]));
                    means.push(if count == 0 { f64::NAN } else { sum / f64::from(count) });
                }
                (Kept::Distinct(coder), Given::Distinct(counts), Tallied::Distinct(seen)) => {
                    let words = coder.size.div_ceil(64);
                    let seen = &mut seen[cell * words..(cell + 1) * words];
                    // Code 0 is no value.
                    seen[0] &= !1;
                    counts.push(seen.iter().map(|word| i64::from(word.count_ones())).sum());
                    seen.fill(0);
                }
                _ => {}
            }
        }
    }

    fn columns(&self, groups: &[Groups]) -> Vec<Vector<'a>> {
        let key = |(place, coder): (usize, &Coder<'_>)| {
            let codes = groups.iter().map(|groups| groups.codes[place].as_slice()).collect::<Vec<_>>().concat();
            Vector::made(coder.column(&codes))
        };
        let mut columns: Vec<Vector<'a>> = self.keys.iter().enumerate().map(key).collect();
        let counts = groups.iter().map(|groups| groups.counts.as_slice()).collect::<Vec<_>>().concat();
        let counts = Vector::made(Column::Int(counts.into(), None));
        for place in 0..self.kept.len() {
            let mut means = Vec::new();
            let mut distinct = Vec::new();
            for groups in groups {
                match &groups.kept[place] {
                    Given::Count => {}
                    Given::Mean(values) => means.extend_from_slice(values),
                    Given::Distinct(values) => distinct.extend_from_slice(values),
                }
            }
            columns.push(match &self.kept[place] {
                Kept::Count => counts.clone(),
                Kept::Mean(_) => Vector::made(Column::Float(means.into())),
                Kept::Distinct(_) => Vector::made(Column::Int(distinct.into(), None)),
            });
        }
        columns
    }
}

/// Calls `act` with each cell and the codes of its keys, in the order of the keys.
fn each_cell(orders: &[Vec<u32>], cell: usize, codes: &mut Vec<u32>, act: &mut impl FnMut(usize, &[u32])) {
    let Some((order, rest)) = orders.split_first() else { return act(cell, codes) };
    for &code in order {
        codes.push(code);
        each_cell(rest, cell * order.len() + code as usize, codes, act);
        codes.pop();
    }
}

/// Where each code stands in an order.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    (0..).zip(order).for_each(|(rank, code)| ranks[*code as usize] = rank);
    ranks
}

impl Groups {
    fn rows(&self) -> usize {
        self.counts.len()
    }
}
