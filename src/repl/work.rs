//! What may take long, done beside the prompt: Ctrl-C brings the prompt back at once, whatever is being done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::entry::Repl;
use crate::session::Session;

/// It is asked so often whether Ctrl-C was pressed.
const STEP: Duration = Duration::from_millis(10);
/// What was stopped has so long to end by itself.
const PATIENCE: Duration = Duration::from_millis(30);
/// As much as the main thread has on most systems.
const STACK: usize = 8 << 20;

impl Repl<'_> {
    /// Does something with the session that may take long. Nothing comes of it if it is stopped and does not end soon: it is
    /// left to end by itself, and the session is as it was before.
    pub(super) fn waiting<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Session) -> T + Send + 'static,
    ) -> Option<T> {
        let _shown = (self.surroundings.wait)();
        let mut session = self.session.clone();
        let (done, result) = mpsc::channel();
        let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
            let value = work(&mut session);
            // Whoever waited may have gone on.
            let _ = done.send((session, value));
        });
        worker.ok()?;
        let mut stopped: Option<Instant> = None;
        loop {
            match result.recv_timeout(STEP) {
                Ok((session, value)) => {
                    self.session = session;
                    return Some(value);
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            if self.session.interrupt.load(Ordering::Relaxed)
                && stopped.get_or_insert_with(Instant::now).elapsed() >= PATIENCE
            {
                self.leave_behind();
                return None;
            }
        }
    }

    /// Goes on without what was stopped: that keeps the sign to stop, and what comes has another.
    fn leave_behind(&mut self) {
        let interrupt = Arc::new(AtomicBool::new(false));
        (self.surroundings.listen)(&interrupt);
        self.session.interrupt = interrupt.clone();
        self.opened.interrupt = interrupt;
    }
}
