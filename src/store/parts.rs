//! Work on many rows, split among the processors.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;

/// So many rows are not worth a thread of their own.
pub(super) const LEAST: usize = 1 << 16;

/// How many processors there are to work with, as was found when it was first asked.
pub fn processors() -> usize {
    static PROCESSORS: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));
    *PROCESSORS
}

/// In how many parts so many things are worked on, if so many rows are looked at in all.
pub(super) fn parts(count: usize, weight: usize) -> usize {
    processors().min(weight / LEAST).min(count).max(1)
}

/// What `work` gives for each part of `0..count`, in order; `weight` rows are looked at in all.
pub fn in_parts<T: Send>(count: usize, weight: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let parts = parts(count, weight);
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

/// Works on each task, each processor on the next one when it is free, and gives the results to `take` in the order of the
/// tasks, one at a time, while others are worked on.
pub fn in_order<T: Send, R: Send>(tasks: Vec<T>, work: impl Fn(T) -> R + Sync, take: impl FnMut(R) + Send) {
    let processors = processors().min(tasks.len());
    let tasks = Mutex::new(tasks.into_iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let taking = Mutex::new((0, take));
    let next_done = |next: usize| lock(&done).remove(&next);
    let take_what_is_next = || {
        // Whoever finds another one taking leaves its result to that one, which looks again when it is through.
        while let Ok(mut taking) = taking.try_lock()
            && let Some(result) = next_done(taking.0)
        {
            taking.0 += 1;
            (taking.1)(result);
        }
    };
    let take_turns = || {
        loop {
            let next = lock(&tasks).next();
            let Some((place, task)) = next else { return };
            let result = work(task);
            lock(&done).insert(place, result);
            take_what_is_next();
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..processors).map(|_| scope.spawn(take_turns)).collect();
        take_turns();
        for other in others {
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
    take_what_is_next();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
