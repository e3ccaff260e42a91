//! How far the reading of data is, told to another thread, which can stop it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// How far the reading of data is. Whoever reads and whoever waits share it.
///
/// ```
/// use demarche::dataset::{File, Options, read_file};
/// use demarche::diagnostic::Code;
///
/// let file = File { name: "talks.csv".to_owned(), bytes: "date,who\n2024-05-02,Ada\n".into() };
/// let options = Options::default();
/// read_file(file.clone(), &options).unwrap();
/// assert_eq!(options.progress.share(), 1.0);
///
/// options.progress.stop();
/// assert_eq!(read_file(file, &options).unwrap_err()[0].code, Code::INTERRUPTED);
/// ```
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    of: AtomicUsize,
    is_stopped: Arc<AtomicBool>,
}

impl Progress {
    /// How much is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        self.done.load(Relaxed) as f64 / self.of.load(Relaxed).max(1) as f64
    }

    /// Stops the reading, which then ends with [`Code::INTERRUPTED`](crate::diagnostic::Code::INTERRUPTED).
    pub fn stop(&self) {
        self.is_stopped.store(true, Relaxed);
    }

    /// What is true once it is to stop, for a handler of signals to set.
    pub fn stopped(&self) -> Arc<AtomicBool> {
        self.is_stopped.clone()
    }

    /// Whether it is to stop.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Relaxed)
    }

    /// So many parts are to be done.
    pub(super) fn begin(&self, parts: usize) {
        self.done.store(0, Relaxed);
        self.of.store(parts, Relaxed);
    }

    /// One part more is done.
    pub(super) fn advance(&self) {
        self.done.fetch_add(1, Relaxed);
    }
}
