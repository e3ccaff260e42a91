//! What a person sees while data is read or a query runs, and how it is stopped: a bar on the terminal after half a second,
//! and Ctrl-C.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;
use signal_hook::{flag, low_level};
use unicode_width::UnicodeWidthChar as _;

use crate::dataset::Progress;

/// What is read or answered is not worth a bar before.
const PATIENCE: Duration = Duration::from_millis(500);
/// A bar is drawn anew so often.
const STEP: Duration = Duration::from_millis(100);
/// So wide is a bar.
const BAR: usize = 20;

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

/// A bar that shows that a query takes long, until this is dropped.
pub(super) struct Answering(Option<(mpsc::Sender<()>, thread::JoinHandle<()>)>);

/// Shows from half a second on that a query takes long. How much is still to do is not known, so its bar only moves.
pub(super) fn answering() -> Answering {
    if !std::io::stderr().is_terminal() {
        return Answering(None);
    }
    let (done, waiting) = mpsc::channel();
    let thread = thread::spawn(move || {
        let start = Instant::now();
        draw(&waiting, || {
            let time = start.elapsed();
            let at = (time.as_millis() / STEP.as_millis()) as usize % BAR;
            format!("Answering {} {} s · Ctrl-C stops it", bar(at, at + BAR / 5), time.as_secs())
        });
    });
    Answering(Some((done, thread)))
}

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.0.take() {
            drop(done);
            let _ = thread.join();
        }
    }
}

fn shown<T>(what: &str, progress: &Progress, read: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return read();
    }
    let what = what.replace(char::is_control, " ");
    let (done, waiting) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            draw(&waiting, || {
                let share = progress.share().clamp(0.0, 1.0);
                let bar = bar(0, (share * BAR as f64) as usize);
                format!("Reading {bar} {} % of {what}", (share * 100.0) as usize)
            });
        });
        let result = read();
        drop(done);
        result
    })
}

/// A bar that is full between two places; beyond its end it goes on at its start.
fn bar(start: usize, end: usize) -> String {
    let is_full = |place: usize| (start..end).contains(&place) || (start..end).contains(&(place + BAR));
    (0..BAR).map(|place| if is_full(place) { '━' } else { '─' }).collect()
}

/// Draws a line on the terminal, anew at each step, until the sender is dropped; none if that is soon.
fn draw(waiting: &mpsc::Receiver<()>, line: impl Fn() -> String) {
    let is_waiting = |time| waiting.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout);
    if !is_waiting(PATIENCE) {
        return;
    }
    loop {
        let size = terminal_size::terminal_size_of(std::io::stderr());
        // The terminal shows `^C` after it, and must have room for that: a line that is full goes on in the next.
        let room = size.map_or(80, |(columns, _)| usize::from(columns.0)).saturating_sub(3);
        let mut width = 0;
        let fits = |letter: &char| {
            width += letter.width().unwrap_or(0);
            width <= room
        };
        write(&line().chars().take_while(fits).collect::<String>());
        if !is_waiting(STEP) {
            break;
        }
    }
    write("");
}

/// Writes a line over the one at the cursor.
fn write(line: &str) {
    let _ = write!(std::io::stderr().lock(), "\r{line}\x1b[K");
}
