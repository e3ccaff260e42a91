//! Slices written in as many parts as there are processors, so that nothing is put together afterwards.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::parts::{in_parts, parts};

/// Has each processor write a part of a slice; `weight` rows are looked at in all.
pub(crate) fn fill_in_parts<T: Send>(out: &mut [T], weight: usize, write: impl Fn(Range<usize>, &mut [T]) + Sync) {
    let parts = parts(out.len(), weight);
    let rows = out.len();
    let start = |number: usize| rows * number / parts;
    let lengths = (0..parts).map(|number| start(number + 1) - start(number));
    fill_pieces(out, lengths, weight, |number, piece| write(start(number)..start(number + 1), piece));
}

/// Has the processors write the pieces of a slice, which are so long, by their numbers.
pub(super) fn fill_pieces<T: Send>(
    out: &mut [T],
    lengths: impl Iterator<Item = usize>,
    weight: usize,
    write: impl Fn(usize, &mut [T]) + Sync,
) {
    let mut rest = out;
    let next = |length: usize| {
        let (piece, others) = std::mem::take(&mut rest).split_at_mut(length);
        rest = others;
        Mutex::new(piece)
    };
    let pieces: Vec<Mutex<&mut [T]>> = lengths.map(next).collect();
    in_parts(pieces.len(), weight, |part| {
        for number in part {
            write(number, &mut pieces[number].lock().unwrap_or_else(PoisonError::into_inner));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::parts::LEAST;

    #[test]
    fn each_place_is_written_once_by_the_part_that_it_is_in() {
        for length in [0, 1, 2, 5, 1000] {
            for weight in [0, LEAST, 64 * LEAST] {
                let mut out = vec![0; length];
                fill_in_parts(&mut out, weight, |part, out| {
                    out.iter_mut().zip(part).for_each(|(out, place)| *out += place + 1);
                });
                assert_eq!(out, (1..=length).collect::<Vec<_>>(), "{length} of weight {weight}");
            }
        }
    }
}
