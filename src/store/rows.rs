//! Sets of rows of a table, and where in a table each code of a column stands.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use multiversion::multiversion;

use super::bits::{BLOCK as BITS_BLOCK, Bits, count, counts_before};
use super::column::{Codes, Column};
use super::fill::fill_pieces;
use super::parts::in_parts;
use super::sorted::Sorted;

/// A set of rows of a table.
#[derive(Debug, Clone)]
pub enum RowSet<'a> {
    /// A bit for each row of the table.
    Bits(Bits<'a>),
    /// Few rows, in their order.
    Rows(Cow<'a, [u32]>),
}

/// The rows of each code of a column.
#[derive(Debug, Clone)]
pub struct RowsByCode {
    rows: usize,
    sets: Sets,
}

#[derive(Debug, Clone)]
enum Sets {
    /// Of few codes: a bit for each row, code after code.
    Bits { words: usize, bits: Vec<u64>, before: Vec<u32> },
    /// Of many codes: the rows of each.
    Rows(Sorted<u32>),
}

/// So many rows are sorted at once.
const BLOCK: usize = 1024;

/// Up to so many codes a bit for each row takes no more room than a number for each row twice.
const MOST_BITS: usize = 64;

/// Where more than one row in so many is in a set, bits are smaller than numbers.
const SPARSE: usize = 32;

/// The bits of codes of which each is below `size`, 64 rows at a time, in as many parts as there are processors.
fn bits_of(codes: &[u8], size: usize) -> Sets {
    let words = codes.len().div_ceil(64);
    let parts = in_parts(words, codes.len(), |part| {
        let mut bits = vec![0_u64; part.len() * size];
        let rows = part.start * 64..codes.len().min(part.end * 64);
        for (word, codes) in codes[rows].chunks(64).enumerate() {
            let mut found = [0_u64; MOST_BITS];
            codes.iter().enumerate().for_each(|(row, &code)| found[usize::from(code) % MOST_BITS] |= 1 << row);
            found[..size].iter().enumerate().for_each(|(code, &found)| bits[code * part.len() + word] = found);
        }
        (part.len(), bits)
    });
    let mut bits = Vec::with_capacity(words * size);
    for code in 0..size {
        parts.iter().for_each(|(words, part)| bits.extend_from_slice(&part[code * words..(code + 1) * words]));
    }
    Sets::of_bits(words, bits)
}

impl Sets {
    /// So many words for each code.
    fn of_bits(words: usize, bits: Vec<u64>) -> Self {
        let before = bits.chunks(words.max(1)).flat_map(counts_before).collect();
        Self::Bits { words, bits, before }
    }
}

impl RowsByCode {
    /// The rows of each code of a column of codes, or of lists of them, of which a row is in the set of each; code 0 has
    /// those that are missing. `None` for any other column.
    pub fn of(column: &Column, size: usize) -> Option<Self> {
        match column {
            Column::Text(Codes::Narrow(codes), _) | Column::Coded(_, Codes::Narrow(codes)) if size <= MOST_BITS => {
                Some(Self { rows: codes.len(), sets: bits_of(codes, size) })
            }
            Column::Text(codes, _) | Column::Coded(_, codes) => {
                let each = |add: &mut dyn FnMut(u32, u32)| match codes {
                    Codes::Narrow(codes) => (0..).zip(codes).for_each(|(row, &code)| add(row, u32::from(code))),
                    Codes::Middle(codes) => (0..).zip(codes).for_each(|(row, &code)| add(row, u32::from(code))),
                    Codes::Wide(codes) => (0..).zip(codes).for_each(|(row, &code)| add(row, code)),
                };
                Some(Self::new(codes.len(), size, each))
            }
            Column::List(starts, items) => {
                let (Column::Text(codes, _) | Column::Coded(_, codes)) = &**items else { return None };
                let each = |add: &mut dyn FnMut(u32, u32)| {
                    for (row, ends) in (0..).zip(starts.windows(2)) {
                        let items = ends[0] as usize..ends[1] as usize;
                        if items.is_empty() {
                            add(row, 0);
                        }
                        items.clone().for_each(|item| {
                            let code = codes.get(item);
                            if !(items.start..item).any(|before| codes.get(before) == code) {
                                add(row, code);
                            }
                        });
                    }
                };
                Some(Self::new(starts.len() - 1, size, each))
            }
            _ => None,
        }
    }

    fn new(rows: usize, size: usize, each: impl Fn(&mut dyn FnMut(u32, u32))) -> Self {
        if size <= MOST_BITS {
            let words = rows.div_ceil(64);
            let mut bits = vec![0_u64; words * size];
            each(&mut |row, code| {
                bits[code as usize * words + row as usize / 64] |= 1 << (row % 64);
            });
            return Self { rows, sets: Sets::of_bits(words, bits) };
        }
        let sorted = Sorted::new(size, |add| {
            let (mut codes, mut rows) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
            each(&mut |row, code| {
                codes.push(code);
                rows.push(row);
                if codes.len() == BLOCK {
                    add(&codes, &|items| items.extend_from_slice(&rows));
                    codes.clear();
                    rows.clear();
                }
            });
            add(&codes, &|items| items.extend_from_slice(&rows));
        });
        Self { rows, sets: Sets::Rows(sorted) }
    }

    /// The rows of a code.
    pub fn of_code(&self, code: u32) -> RowSet<'_> {
        let code = code as usize;
        match &self.sets {
            Sets::Bits { words, bits, before } => {
                let part = |words: usize| code * words..(code + 1) * words;
                let before = &before[part(words.div_ceil(BITS_BLOCK))];
                RowSet::Bits(Bits::counted(&bits[part(*words)], before))
            }
            Sets::Rows(sorted) => RowSet::Rows(Cow::Borrowed(sorted.of(code))),
        }
    }

    /// All rows in the order of their codes, if there are so many codes that rows are listed; a list's row stands there for
    /// each of its items.
    pub(super) fn listed(&self) -> Option<&[u32]> {
        match &self.sets {
            Sets::Bits { .. } => None,
            Sets::Rows(sorted) => Some(sorted.items()),
        }
    }

    /// Where the rows of a code stand among those that are listed.
    pub fn place_of(&self, code: u32) -> Range<usize> {
        match &self.sets {
            Sets::Bits { .. } => 0..0,
            Sets::Rows(sorted) => sorted.place_of(code as usize),
        }
    }

    /// How many rows have a code.
    pub fn count(&self, code: u32) -> usize {
        match &self.sets {
            Sets::Bits { .. } => self.of_code(code).count(0..self.rows),
            Sets::Rows(sorted) => sorted.count(code as usize),
        }
    }

    /// The rows of any of some codes.
    pub fn of_codes(&self, codes: &[u32]) -> RowSet<'_> {
        if let [code] = codes {
            return self.of_code(*code);
        }
        let sets: Vec<RowSet<'_>> = codes.iter().map(|&code| self.of_code(code)).collect();
        RowSet::any(&sets.iter().collect::<Vec<_>>(), self.rows)
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        match &self.sets {
            Sets::Bits { bits, before, .. } => bits.len() * 8 + before.len() * 4,
            Sets::Rows(sorted) => sorted.bytes(),
        }
    }
}

impl RowSet<'_> {
    /// No row.
    pub const NONE: RowSet<'static> = RowSet::Rows(Cow::Borrowed(&[]));

    /// The rows of a range, of a table of so many.
    pub fn of_range(range: Range<usize>, rows: usize) -> RowSet<'static> {
        RowSet::collect(rows, range.len(), |add| range.for_each(|row| add(row as u32)))
    }

    /// The rows that are in any of these sets, of a table of so many rows.
    fn any(sets: &[&RowSet<'_>], rows: usize) -> RowSet<'static> {
        let sparse: usize = sets.iter().map(|set| if let RowSet::Rows(rows) = set { rows.len() } else { rows }).sum();
        if sparse < rows / SPARSE {
            let mut all: Vec<u32> = Vec::with_capacity(sparse);
            sets.iter().for_each(|set| all.extend_from_slice(&set.rows()));
            all.sort_unstable();
            all.dedup();
            return RowSet::Rows(all.into());
        }
        let mut bits = vec![0_u64; rows.div_ceil(64)];
        for set in sets {
            match set {
                RowSet::Bits(words) => bits.iter_mut().zip(words.iter()).for_each(|(all, word)| *all |= word),
                RowSet::Rows(rows) => rows.iter().for_each(|row| bits[*row as usize / 64] |= 1 << (row % 64)),
            }
        }
        RowSet::Bits(bits.into())
    }

    /// The rows that `each` adds, at most `count` of them, of a table of so many.
    pub(super) fn collect(rows: usize, count: usize, each: impl FnOnce(&mut dyn FnMut(u32))) -> RowSet<'static> {
        if count < rows / SPARSE {
            let mut all: Vec<u32> = Vec::with_capacity(count);
            each(&mut |row| all.push(row));
            if !all.is_sorted() {
                all.sort_unstable();
            }
            all.dedup();
            return RowSet::Rows(all.into());
        }
        let mut bits = vec![0_u64; rows.div_ceil(64)];
        each(&mut |row| bits[row as usize / 64] |= 1 << (row % 64));
        RowSet::Bits(bits.into())
    }

    /// The rows of a table of so many that are in one of both.
    #[must_use]
    pub fn or(&self, other: &RowSet<'_>, rows: usize) -> RowSet<'static> {
        RowSet::any(&[self, other], rows)
    }

    /// The rows of a table of so many that are not in the set.
    #[must_use]
    pub fn complement(&self, rows: usize) -> RowSet<'static> {
        let mut bits: Vec<u64> = match self {
            Self::Bits(words) => words.iter().map(|word| !word).collect(),
            Self::Rows(set) => {
                let mut bits = vec![u64::MAX; rows.div_ceil(64)];
                set.iter().for_each(|row| bits[*row as usize / 64] &= !(1 << (row % 64)));
                bits
            }
        };
        if let Some(last) = bits.last_mut().filter(|_| !rows.is_multiple_of(64)) {
            *last &= u64::MAX >> (64 - rows % 64);
        }
        RowSet::Bits(bits.into())
    }

    /// The rows that are in both.
    #[must_use]
    pub fn and(&self, other: &RowSet<'_>) -> RowSet<'static> {
        match (self, other) {
            (Self::Bits(left), RowSet::Bits(right)) => {
                RowSet::Bits(left.iter().zip(right.iter()).map(|(left, right)| left & right).collect())
            }
            (Self::Rows(few), RowSet::Rows(many)) if few.len() > many.len() => other.and(self),
            (Self::Rows(few), RowSet::Rows(many)) => {
                let mut rest = &many[..];
                let is_in = |row: &&u32| {
                    let near = rest.len().min(16 * many.len() / few.len().max(1) + 16);
                    let within = if rest[..near].last().is_some_and(|last| last >= *row) { near } else { rest.len() };
                    rest = &rest[rest[..within].partition_point(|other| other < *row)..];
                    rest.first() == Some(*row)
                };
                RowSet::Rows(few.iter().filter(is_in).copied().collect())
            }
            (Self::Rows(rows), RowSet::Bits(words)) => RowSet::Rows(rows_with_bits(rows, words).into()),
            (Self::Bits(_), RowSet::Rows(_)) => other.and(self),
        }
    }

    /// The rows that are in this one alone.
    #[must_use]
    pub fn minus(&self, other: &RowSet<'_>) -> RowSet<'static> {
        match (self, other) {
            (Self::Bits(left), RowSet::Bits(right)) => {
                RowSet::Bits(left.iter().zip(right.iter()).map(|(left, right)| left & !right).collect())
            }
            (Self::Bits(left), RowSet::Rows(right)) => {
                let mut bits = left.to_vec();
                right.iter().for_each(|row| bits[*row as usize / 64] &= !(1 << (row % 64)));
                RowSet::Bits(bits.into())
            }
            (Self::Rows(rows), other) => {
                RowSet::Rows(rows.iter().filter(|row| !other.contains(**row)).copied().collect())
            }
        }
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bits(words) => words.iter().all(|word| *word == 0),
            Self::Rows(rows) => rows.is_empty(),
        }
    }

    /// Whether a row is in it.
    pub fn contains(&self, row: u32) -> bool {
        match self {
            Self::Bits(words) => words[row as usize / 64] >> (row % 64) & 1 == 1,
            Self::Rows(rows) => rows.binary_search(&row).is_ok(),
        }
    }

    /// How many of these rows are in it.
    pub fn count(&self, within: Range<usize>) -> usize {
        match self {
            Self::Rows(rows) => {
                let before = |end: usize| rows.partition_point(|row| (*row as usize) < end);
                before(within.end) - before(within.start).min(before(within.end))
            }
            Self::Bits(bits) => bits.count(within),
        }
    }

    /// Its rows, from the first on or from the last back.
    pub fn iter(&self, is_back: bool) -> Box<dyn Iterator<Item = u32> + '_> {
        let of_word = |(place, word): (usize, &u64)| {
            let word = *word;
            let bits = (0..if word == 0 { 0 } else { 64_u32 }).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| place as u32 * 64 + bit)
        };
        match (self, is_back) {
            (Self::Rows(rows), false) => Box::new(rows.iter().copied()),
            (Self::Rows(rows), true) => Box::new(rows.iter().rev().copied()),
            (Self::Bits(words), false) => Box::new(words.iter().enumerate().flat_map(of_word)),
            (Self::Bits(words), true) => {
                let bits_back =
                    move |(place, word): (usize, &u64)| of_word((place, word)).collect::<Vec<_>>().into_iter().rev();
                Box::new(words.iter().enumerate().rev().flat_map(bits_back))
            }
        }
    }

    /// Those of its rows that are in a range, in their order.
    pub fn within(&self, range: Range<usize>) -> Arc<[u32]> {
        match self {
            Self::Rows(rows) => {
                let before = |end: usize| rows.partition_point(|row| (*row as usize) < end);
                let start = before(range.start);
                rows[start..before(range.end).max(start)].into()
            }
            Self::Bits(bits) => rows_of_bits(bits, range),
        }
    }

    /// Its rows, in their order.
    pub fn rows(&self) -> Cow<'_, [u32]> {
        match self {
            Self::Rows(rows) => Cow::Borrowed(rows),
            Self::Bits(words) => {
                let all = 0..words.len() * 64;
                let mut rows = vec![0; count(words, all.clone())];
                write_rows(words, all, &mut rows);
                Cow::Owned(rows)
            }
        }
    }
}

/// The rows of a range whose bits are set, found in as many parts as there are processors.
fn rows_of_bits(words: &[u64], range: Range<usize>) -> Arc<[u32]> {
    if range.is_empty() {
        return Arc::default();
    }
    let start = range.start / 64;
    let parts = in_parts(range.end.div_ceil(64) - start, range.len(), |part| {
        let part = range.start.max((start + part.start) * 64)..range.end.min((start + part.end) * 64);
        (part.clone(), count(words, part))
    });
    let mut rows: Arc<[u32]> = std::iter::repeat_n(0, parts.iter().map(|(_, count)| count).sum()).collect();
    if let Some(rows) = Arc::get_mut(&mut rows) {
        fill_pieces(rows, parts.iter().map(|(_, count)| *count), range.len(), |number, rows| {
            write_rows(words, parts[number].0.clone(), rows);
        });
    }
    rows
}

/// Writes the rows of a range whose bits are set, as many as there is room for.
#[multiversion(targets("x86_64+bmi1+bmi2"))]
fn write_rows(words: &[u64], range: Range<usize>, rows: &mut [u32]) {
    if rows.is_empty() {
        return;
    }
    let (first, last) = (range.start / 64, (range.end - 1) / 64);
    let mut rows = rows.iter_mut();
    for (place, &word) in (first..).zip(&words[first..=last]) {
        let from = if place == first { u64::MAX << (range.start % 64) } else { u64::MAX };
        let to = if place == last { u64::MAX >> (63 - (range.end - 1) % 64) } else { u64::MAX };
        let mut word = word & from & to;
        while word != 0
            && let Some(row) = rows.next()
        {
            *row = place as u32 * 64 + word.trailing_zeros();
            word &= word - 1;
        }
    }
}

/// Those of some rows whose bits are set.
#[multiversion(targets("x86_64+bmi1+bmi2"))]
fn rows_with_bits(rows: &[u32], words: &[u64]) -> Vec<u32> {
    // Which they are is nothing that a processor could guess, so each is written and few are kept.
    let mut both = vec![0; rows.len()];
    let mut count = 0;
    for &row in rows {
        both[count] = row;
        count += (words[row as usize / 64] >> (row % 64) & 1) as usize;
    }
    both.truncate(count);
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_range_are_found_by_bits_and_in_lists() {
        let rows: Vec<u32> = (0..200_000).filter(|row| row % 7 == 2 || row % 64 == 63).collect();
        let mut bits = vec![0_u64; 200_000_usize.div_ceil(64)];
        rows.iter().for_each(|row| bits[*row as usize / 64] |= 1 << (row % 64));
        let (by_bits, listed) = (RowSet::Bits(bits.into()), RowSet::Rows(rows.clone().into()));
        for range in [0..200_000, 1..199_999, 63..64, 64..128, 100..100, 65..70_001, 131_000..200_000] {
            let expected: Vec<u32> = rows.iter().copied().filter(|row| range.contains(&(*row as usize))).collect();
            assert_eq!(*by_bits.within(range.clone()), *expected, "{range:?}");
            assert_eq!(*listed.within(range.clone()), *expected, "{range:?}");
        }
    }
}
