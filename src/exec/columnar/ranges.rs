//! Rows put together by ranges of their first key: what is kept of each key of one range is small enough to stay near.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::check::BLOCK;
use super::coder::Coder;
use super::frame::Part;
use super::select::Selected;
use crate::store::{Sorted, in_parts};

/// So many cells one range has at most.
const MOST_CELLS: usize = 1 << 18;

/// A range of fewer rows for its cells is sorted.
const SPARSE: usize = 32;

/// Keys whose codes are numbered, and the ranges of the first of them.
pub(super) struct Ranges<'k, 'a> {
    keys: &'k [Coder<'a>],
    /// The range of each code of the first key, and its number there.
    first: Vec<(u32, u32)>,
    /// The number of each code of each other key.
    others: Vec<Vec<u32>>,
    /// How many cells a range has.
    pub(super) cells: usize,
    /// How many ranges there are.
    pub(super) count: usize,
}

/// Groups with how many rows each has, in the order of the numbers of their keys.
#[derive(Default)]
pub(super) struct Counts {
    /// The numbers of each group, key by key.
    pub(super) numbers: Vec<Vec<u32>>,
    pub(super) rows: Vec<i64>,
    /// How many groups there are, with those that are left out.
    pub(super) groups: usize,
}

impl<'k, 'a> Ranges<'k, 'a> {
    /// The ranges of keys; `None` of keys of which even one number of the first has too many cells.
    pub(super) fn new(keys: &'k [Coder<'a>], mut numbers: Vec<Vec<u32>>) -> Option<Self> {
        let rest = keys.get(1..)?.iter().map(|key| key.size).fold(1, usize::saturating_mul);
        let width = MOST_CELLS / rest;
        if width == 0 {
            return None;
        }
        let first: Vec<u32> = numbers.remove(0);
        let count = first.len().div_ceil(width);
        let first = first.iter().map(|&number| (number / width as u32, number % width as u32)).collect();
        Some(Self { keys, first, others: numbers, cells: width * rest, count })
    }

    /// What `write` makes of blocks of rows and their cells, by the ranges; `read` writes the codes of a key.
    pub(super) fn sorted<T: Copy + Default>(
        &self,
        rows: Range<usize>,
        read: impl Fn(&Coder<'a>, Range<usize>, &mut [u32]),
        write: impl Fn(Range<usize>, &[u32], &mut Vec<T>),
    ) -> Sorted<T> {
        Sorted::new(self.count, |add| {
            let (mut codes, mut ranges) = ([0; BLOCK], [0; BLOCK]);
            for start in rows.clone().step_by(BLOCK) {
                let block = start..rows.end.min(start + BLOCK);
                let (codes, ranges) = (&mut codes[..block.len()], &mut ranges[..block.len()]);
                read(&self.keys[0], block.clone(), codes);
                ranges.iter_mut().zip(codes.iter()).for_each(|(range, code)| *range = self.first[*code as usize].0);
                let write = |items: &mut Vec<T>| {
                    let (mut cells, mut others) = ([0; BLOCK], [0; BLOCK]);
                    let (cells, others) = (&mut cells[..block.len()], &mut others[..block.len()]);
                    cells.iter_mut().zip(codes.iter()).for_each(|(cell, code)| *cell = self.first[*code as usize].1);
                    for (key, numbers) in self.keys[1..].iter().zip(&self.others) {
                        read(key, block.clone(), others);
                        let size = key.size as u32;
                        for (cell, code) in cells.iter_mut().zip(others.iter()) {
                            *cell = *cell * size + numbers[*code as usize];
                        }
                    }
                    write(block.clone(), cells, items);
                };
                add(ranges, &write);
            }
        })
    }

    /// The groups of the rows that are selected. Of those that are not of the `most` most rows it may leave out any.
    pub(super) fn counted(&self, selected: &Selected<'_>, most: usize, interrupt: &AtomicBool) -> Vec<Counts> {
        let chosen = (!selected.is_range()).then(|| selected.rows());
        let rows = chosen.as_ref().map_or(selected.range().len(), |chosen| chosen.len());
        let sorted = in_parts(rows, rows, |part| {
            let read = |key: &Coder<'a>, rows: Range<usize>, codes: &mut [u32]| match &chosen {
                Some(chosen) => key.fill_at(Part::At(&chosen[rows]), codes),
                None => key.fill_at(Part::From(selected.range().start + rows.start), codes),
            };
            self.sorted(part, read, |_, cells, items| items.extend_from_slice(cells))
        });
        in_parts(self.count, rows, |part| {
            let mut largest = Largest::new(most);
            let mut table = vec![0_u32; self.cells];
            for range in part {
                if interrupt.load(Ordering::Relaxed) {
                    break;
                }
                let pieces: Vec<&[u32]> = sorted.iter().map(|sorted| sorted.of(range)).collect();
                largest.add_range(range * self.cells, &pieces, &mut table);
            }
            largest.counts(self.keys)
        })
    }
}

/// Cells with their counts, of which those may be left out that are not among the `most` largest.
pub(super) struct Largest {
    most: usize,
    /// What a cell needs to be one of them, as far as it is known.
    least: u32,
    groups: usize,
    found: Vec<(usize, u32)>,
    /// With so many cells those are looked for that can be left out.
    enough: usize,
}

impl Largest {
    pub(super) fn new(most: usize) -> Self {
        Self { most, least: 1, groups: 0, found: Vec::new(), enough: most.saturating_mul(2) }
    }

    /// The cells that are left, as the numbers of their keys.
    pub(super) fn counts(self, keys: &[Coder<'_>]) -> Counts {
        let mut numbers = vec![Vec::with_capacity(self.found.len()); keys.len()];
        for (cell, _) in &self.found {
            let mut left = *cell;
            for (numbers, key) in numbers.iter_mut().zip(keys).skip(1).rev() {
                numbers.push((left % key.size) as u32);
                left /= key.size;
            }
            numbers[0].push(left as u32);
        }
        let rows = self.found.iter().map(|(_, count)| i64::from(*count)).collect();
        Counts { numbers, rows, groups: self.groups }
    }

    /// Counts the cells of a range, which start at `first`; the table is empty before and after.
    pub(super) fn add_range(&mut self, first: usize, pieces: &[&[u32]], table: &mut [u32]) {
        const CHUNK: usize = 64;
        let rows: usize = pieces.iter().map(|piece| piece.len()).sum();
        if rows < table.len() / SPARSE {
            let mut cells = pieces.concat();
            cells.sort_unstable();
            for same in cells.chunk_by(|one, other| one == other) {
                self.groups += 1;
                self.add(first + same[0] as usize, same.len() as u32);
            }
            return;
        }
        pieces.iter().for_each(|piece| piece.iter().for_each(|cell| table[*cell as usize] += 1));
        for (place, chunk) in table.chunks(CHUNK).enumerate() {
            // Signed numbers are compared many at once.
            let least = i32::try_from(self.least).unwrap_or(i32::MAX);
            let add = |(groups, large): (i32, i32), &count: &u32| {
                (groups + i32::from(count as i32 > 0), large + i32::from(count as i32 >= least))
            };
            let (groups, large) = chunk.iter().fold((0, 0), add);
            self.groups += groups as usize;
            if large > 0 {
                (first + place * CHUNK..).zip(chunk).for_each(|(cell, count)| self.add(cell, *count));
            }
        }
        table.fill(0);
    }

    fn add(&mut self, cell: usize, count: u32) {
        if count < self.least {
            return;
        }
        self.found.push((cell, count));
        if self.found.len() >= self.enough.max(1024) {
            let mut counts: Vec<u32> = self.found.iter().map(|(_, count)| *count).collect();
            self.least = *counts.select_nth_unstable_by(self.most - 1, |one, other| other.cmp(one)).1;
            self.found.retain(|(_, count)| *count >= self.least);
            self.enough = self.found.len() * 2;
        }
    }
}
