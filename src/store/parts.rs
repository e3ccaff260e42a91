//! Work on many rows, split among the processors.

use std::num::NonZero;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
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

/// What `work` gives for each task, in their order; each processor takes the next one when it is free.
pub fn in_turn<T: Send, R: Send>(tasks: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get).min(tasks.len());
    if processors <= 1 {
        return tasks.into_iter().map(work).collect();
    }
    let queue = Mutex::new(tasks.into_iter().enumerate());
    let take_turns = || {
        let mut done = Vec::new();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, task)) = next else { return done };
            done.push((place, work(task)));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..processors).map(|_| scope.spawn(take_turns)).collect();
        let mut done = take_turns();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
