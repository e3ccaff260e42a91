//! What a person sees while data is read, and how it is stopped: a bar on the terminal after half a second, and Ctrl-C.

use std::io::IsTerminal as _;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::SIGINT;
use signal_hook::{flag, low_level};

use crate::dataset::Progress;

/// What is read is not worth a bar before.
const PATIENCE: Duration = Duration::from_millis(500);
/// A bar is drawn anew so often.
const STEP: Duration = Duration::from_millis(100);

/// Reads, shows how far that is, and lets Ctrl-C stop it.
pub(super) fn waited_for<T>(what: &str, progress: &Progress, read: impl FnOnce() -> T) -> T {
    let handler = flag::register(SIGINT, progress.stopped());
    let result = shown(what, progress, read);
    if let Ok(handler) = handler {
        low_level::unregister(handler);
    }
    result
}

/// Lets Ctrl-C stop the queries of a session from now on.
pub(super) fn stops_queries(interrupt: &Arc<AtomicBool>) {
    // Where no handler can be set, Ctrl-C ends the process as ever.
    let _ = flag::register(SIGINT, interrupt.clone());
}

fn shown<T>(what: &str, progress: &Progress, read: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return read();
    }
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let is_waiting = |time| waiting.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout);
            if !is_waiting(PATIENCE) {
                return;
            }
            let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{msg} {bar:30} {percent} %");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(format!("Reading {what}"));
            loop {
                bar.set_position((progress.share() * 100.0) as u64);
                if !is_waiting(STEP) {
                    break;
                }
            }
            bar.finish_and_clear();
        });
        let result = read();
        drop(done);
        result
    })
}
