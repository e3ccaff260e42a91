//! Orders: a number for each row and key that sorts as its value does, and the rows in that order.

use super::coder::Coder;
use super::frame::{Frame, Vector};
use super::vector;
use crate::builtin::order;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::plan::{ExprKind, SortKey};
use crate::store::{Column, NO_DAY, Store};
use crate::value::Value;

/// The number of a missing value: it comes last either way.
const LAST: u64 = u64::MAX;

/// So many values are put in order once, be there fewer rows.
const FEW: usize = 1 << 14;

/// The rows in the order of the keys, the first `most` of them; rows that no key tells apart keep their order.
pub(super) fn sorted(run: &Run<'_>, frame: &Frame<'_>, keys: &[SortKey], most: usize) -> Result<Vec<u32>, Diagnostic> {
    if let Some(first) = keys.first().filter(|_| most > 0 && most < frame.rows / 4)
        && let Some(rows) = first_by(frame, first, most).filter(|rows| rows.len() < frame.rows)
    {
        let order = sorted(run, &frame.keep(rows.clone()), keys, most)?;
        return Ok(order.into_iter().map(|place| rows[place as usize]).collect());
    }
    let numbers: Vec<Vec<u64>> = keys.iter().map(|key| numbers(run, frame, key)).collect::<Result<_, _>>()?;
    let mut rows: Vec<u32> = (0..frame.rows as u32).collect();
    let by_keys = |left: &u32, right: &u32| {
        let different = numbers.iter().map(|numbers| numbers[*left as usize].cmp(&numbers[*right as usize]));
        different.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(left.cmp(right))
    };
    if most == 0 {
        return Ok(Vec::new());
    }
    if let ([numbers], true) = (numbers.as_slice(), most >= rows.len()) {
        if !numbers.is_sorted() {
            rows.sort_unstable_by_key(|&row| (numbers[row as usize], row));
        }
        return Ok(rows);
    }
    if most < rows.len() {
        rows.select_nth_unstable_by(most - 1, by_keys);
        rows.truncate(most);
    }
    if !rows.is_sorted_by(|left, right| by_keys(left, right).is_le()) {
        rows.sort_unstable_by(by_keys);
    }
    Ok(rows)
}

/// Whether rows stand in the order of exact days.
pub(super) fn is_in_order(run: &Run<'_>, dates: &Vector<'_>, rows: usize) -> bool {
    let Column::Day(days) = &*dates.column else { return false };
    if dates.stored().is_some_and(|column| run.store.is_order(column)) && dates.places.are_sorted() {
        return true;
    }
    (0..rows).map(|row| days[dates.places.of(row)]).is_sorted()
}

/// The rows that can be among the first `most` by a column of numbers or days, in their order; `None` of another key.
fn first_by(frame: &Frame<'_>, key: &SortKey, most: usize) -> Option<Vec<u32>> {
    let ExprKind::Column(place) = key.value.kind else { return None };
    let vector = &frame.columns[place];
    let places = &vector.places;
    let directed = |number: u64| match number {
        LAST => LAST,
        number if key.descending => LAST - 1 - number,
        number => number,
    };
    match &*vector.column {
        Column::Int(values, None) => Some(least(frame.rows, most, |row| {
            let number = (values[places.of(row)] as u64) ^ (1 << 63);
            if key.descending { !number } else { number }
        })),
        Column::Day(days) | Column::Days(days) => {
            Some(least(frame.rows, most, |row| directed(of_day(days[places.of(row)]))))
        }
        Column::Float(values) => Some(least(frame.rows, most, |row| directed(of_float(values[places.of(row)])))),
        _ => None,
    }
}

/// The rows with one of the `most` least numbers, and those with the same as the last of them.
fn least(rows: usize, most: usize, number: impl Fn(usize) -> u64) -> Vec<u32> {
    let mut limit = u64::MAX;
    let mut near: Vec<u64> = Vec::new();
    let narrow = |near: &mut Vec<u64>| {
        let (_, last, _) = near.select_nth_unstable(most - 1);
        let last = *last;
        near.truncate(most);
        last
    };
    for row in 0..rows {
        let number = number(row);
        if number < limit || near.len() < most {
            near.push(number);
            if near.len() >= 2 * most + 256 {
                limit = narrow(&mut near);
            }
        }
    }
    if near.len() >= most {
        limit = narrow(&mut near);
    }
    (0..rows as u32).filter(|row| number(*row as usize) <= limit).collect()
}

/// Whether a number leaves room for that of a missing value, either way round.
fn is_inner(value: i64) -> bool {
    value > i64::MIN && value < i64::MAX - 1
}

fn of_day(day: i32) -> u64 {
    if day == NO_DAY { LAST } else { (i64::from(day) - i64::from(i32::MIN)) as u64 }
}

fn of_float(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    match value {
        value if value.is_nan() => LAST,
        _ if bits >> 63 == 1 => !bits,
        _ => bits | 1 << 63,
    }
}

/// A number for each row that sorts as its value under the key does.
fn numbers(run: &Run<'_>, frame: &Frame<'_>, key: &SortKey) -> Result<Vec<u64>, Diagnostic> {
    let vector = vector(run, frame, &key.value)?;
    let mut numbers = ascending(run.store, &vector, frame.rows);
    if key.descending {
        numbers.iter_mut().filter(|number| **number != LAST).for_each(|number| *number = LAST - 1 - *number);
    }
    Ok(numbers)
}

fn ascending(store: &Store, vector: &Vector<'_>, rows: usize) -> Vec<u64> {
    let places = &vector.places;
    let mut numbers = vec![0; rows];
    match &*vector.column {
        Column::Day(days) | Column::Days(days) => places.fill(days, 0..rows, &mut numbers, of_day),
        Column::Float(values) => places.fill(values, 0..rows, &mut numbers, of_float),
        Column::Int(values, None) if (0..rows).all(|row| is_inner(values[places.of(row)])) => {
            places.fill(values, 0..rows, &mut numbers, |value| (value as u64) ^ (1 << 63));
        }
        _ => match Coder::new(store, vector, rows, rows.saturating_mul(4).max(FEW)) {
            Some(coder) => {
                let ranks = coder.ranks(store);
                let last = ranks[0];
                let ranks: Vec<u64> =
                    ranks.iter().map(|&rank| if rank == last { LAST } else { u64::from(rank) }).collect();
                numbers.iter_mut().zip(coder.codes(rows)).for_each(|(number, code)| *number = ranks[code as usize]);
            }
            None => by_value(store, vector, rows, &mut numbers),
        },
    }
    numbers
}

/// The numbers by comparing values.
fn by_value(store: &Store, vector: &Vector<'_>, rows: usize, numbers: &mut [u64]) {
    if let Column::Prose(texts) = &*vector.column {
        let key = |row: usize| (texts.folded(vector.places.of(row)), texts.get(vector.places.of(row)));
        let mut sorted: Vec<usize> = (0..rows).filter(|&row| key(row).1.is_some()).collect();
        sorted.sort_unstable_by(|&left, &right| key(left).cmp(&key(right)));
        numbers.fill(LAST);
        let mut rank = 0;
        for (at, &row) in sorted.iter().enumerate() {
            rank += u64::from(at > 0 && key(sorted[at - 1]) != key(row));
            numbers[row] = rank;
        }
        return;
    }
    let values: Vec<Value> = (0..rows).map(|row| vector.value(row)).collect();
    let ranks = ranks(store, &values);
    for ((number, value), rank) in numbers.iter_mut().zip(&values).zip(ranks) {
        *number = if value.is_missing() { LAST } else { u64::from(rank) };
    }
}

/// The rank of each value in the order of values; equal values share one.
pub(super) fn ranks(store: &Store, values: &[Value]) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..values.len()).collect();
    sorted.sort_by(|&left, &right| order(store, &values[left], &values[right]));
    let mut ranks = vec![0; values.len()];
    let mut rank = 0;
    for (at, &place) in sorted.iter().enumerate() {
        let is_more = at > 0 && order(store, &values[sorted[at - 1]], &values[place]).is_lt();
        rank += u32::from(is_more);
        ranks[place] = rank;
    }
    ranks
}
