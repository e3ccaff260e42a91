//! Work on many rows, split among the processors.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

/// So many rows are not worth a thread of their own.
const LEAST: usize = 1 << 16;

/// What `work` gives for each part of `0..count`, in order; `weight` rows are looked at in all.
pub fn in_parts<T: Send>(count: usize, weight: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let parts = processors.min(weight / LEAST).min(count).max(1);
    if parts == 1 {
        return vec![work(0..count)];
    }
    let part = |number: usize| count * number / parts..count * (number + 1) / parts;
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = (1..parts).map(|number| scope.spawn(move || work(part(number)))).collect();
        let first = work(part(0));
        let others =
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(first).chain(others).collect()
    })
}
