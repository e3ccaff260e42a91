//! The interactive prompt: lines in, answers out, around one session.
#![expect(clippy::disallowed_methods, reason = "an edge: it prints, and keeps its history in a file")]

mod command;
mod editor;
mod history;
mod progress;
mod tutor;

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::{ColorMode, CompletionType, Config, Editor};

use crate::lesson::Course;
use crate::render::style::{DIM, paint};
use crate::render::{self, Format};
use crate::session::{self, Loader, Reply, Session};

pub use command::commands;

use command::Outcome;
use editor::Assistant;
use tutor::Tutor;

/// How answers are written; the caller looks at arguments and environment.
#[derive(Clone)]
pub(crate) struct Settings {
    /// How answers are written until `:format` says otherwise.
    pub format: Format,
    /// Whether JSON has header and notes.
    pub with_notes: bool,
    /// Whether standard output is coloured.
    pub color: bool,
    /// Whether standard error is coloured.
    pub color_errors: bool,
    /// How wide answers may be; asked at each.
    pub width: Rc<dyn Fn() -> usize>,
}

/// A session and how its answers are shown.
struct Repl {
    session: Session,
    /// The query that was answered last; empty before the first.
    last_query: String,
    settings: Settings,
    is_timed: bool,
    /// Whether it tells of what binds or holds, too.
    is_talkative: bool,
    /// The lessons, while they are taken.
    tutor: Option<Tutor>,
}

/// Reads and answers until `:quit` or the end of the input.
///
/// # Errors
///
/// Where the terminal cannot be used.
pub(crate) fn run(
    session: Session,
    settings: Settings,
    course: Option<Course>,
    loader: Loader<'_>,
) -> Result<(), String> {
    let color = settings.color;
    let config = Config::builder().completion_type(CompletionType::List).completion_show_all_if_ambiguous(true);
    let mut editor = Editor::with_config(config.build()).map_err(|error| error.to_string())?;
    editor.set_color_mode(if color { ColorMode::Forced } else { ColorMode::Disabled });
    let history = history::file();
    if let Some(file) = &history {
        let _ = editor.load_history(file);
    }
    let interrupt = session.interrupt.clone();
    show(&paint(&greeting(&session), DIM, color));
    let repl = Rc::new(RefCell::new(Repl::new(session, settings, course, true)));
    repl.borrow().introduce();
    editor.set_helper(Some(Assistant::new(repl.clone(), color)));
    loop {
        // Not later: Ctrl-C may be pressed as soon as the line is read.
        interrupt.store(false, Ordering::Relaxed);
        let entry = match editor.readline("demarche> ") {
            Ok(entry) => entry,
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        let entry = entry.trim();
        if entry.is_empty() {
            continue;
        }
        if let (Ok(true), Some(file)) = (editor.add_history_entry(entry), &history) {
            let _ = editor.append_history(file);
        }
        if repl.borrow_mut().entry("input", entry, loader).is_none() {
            return Ok(());
        }
    }
}

/// Answers every entry of a text that no one types, and gives the exit code.
pub(crate) fn answer_all(
    session: Session,
    settings: Settings,
    course: Option<Course>,
    text: &str,
    loader: Loader<'_>,
) -> u8 {
    let mut repl = Repl::new(session, settings, course, false);
    repl.introduce();
    let mut worst = 0;
    for entry in entries(text) {
        match repl.entry("standard input", &entry, loader) {
            Some(code) => worst = worst.max(code),
            None => break,
        }
    }
    worst
}

/// The commands of a text, and the statements between them.
fn entries(text: &str) -> Vec<String> {
    let mut entries = vec![String::new()];
    for line in text.lines() {
        let is_command = line.trim_start().starts_with(':');
        let Some(last) = entries.last_mut() else { continue };
        if is_command && !crate::syntax::parse(last).unfinished {
            entries.push(line.to_owned());
            entries.push(String::new());
        } else {
            last.push_str(line);
            last.push('\n');
        }
    }
    entries.retain(|entry| !entry.trim().is_empty());
    entries
}

impl Repl {
    fn new(session: Session, settings: Settings, course: Option<Course>, is_talkative: bool) -> Self {
        let tutor = course.map(|course| Tutor::new(course, &session));
        Self { session, last_query: String::new(), settings, is_timed: false, is_talkative, tutor }
    }

    /// Tells the lesson with which it begins.
    fn introduce(&self) {
        if let Some(tutor) = &self.tutor {
            show(&format!("{}\n", tutor.told(self.settings.color, (self.settings.width)())));
        }
    }

    /// Answers a command or statements; gives the exit code for them, and nothing if it is time to leave.
    fn entry(&mut self, name: &str, entry: &str, loader: Loader<'_>) -> Option<u8> {
        if let Some(command) = entry.trim().strip_prefix(':') {
            match command::run(self, command) {
                Outcome::Told(text) => show(&text),
                Outcome::Wrong(message) => {
                    complain(&format!("{message}\n"));
                    return Some(2);
                }
                Outcome::Left => return None,
            }
            return Some(0);
        }
        self.session.forget_files();
        let start = Instant::now();
        let replies = self.session.run(name, entry, loader);
        let time = start.elapsed();
        if replies.iter().any(|reply| matches!(reply, Reply::Answer(_))) {
            session::last_query(entry).unwrap_or_default().clone_into(&mut self.last_query);
        }
        let worst = replies.iter().map(|reply| self.reply(reply)).max().unwrap_or(0);
        if let Some(tutor) =
            self.tutor.as_mut().filter(|_| replies.iter().any(|reply| matches!(reply, Reply::Answer(_))))
        {
            show(&tutor.said(&self.session, entry, self.settings.color, (self.settings.width)()));
        }
        if self.is_timed && replies.iter().any(|reply| matches!(reply, Reply::Answer(_))) {
            show(&format!("{}\n", paint(&spent(time), DIM, self.settings.color)));
        }
        Some(worst)
    }

    /// Shows what a statement gave, and gives the exit code for it.
    fn reply(&self, reply: &Reply) -> u8 {
        let Settings { format, with_notes, color, color_errors, .. } = self.settings;
        let width = (self.settings.width)();
        let tell = |text: &str| {
            if self.is_talkative {
                show(&format!("{}\n", paint(text, DIM, color)));
            }
        };
        match reply {
            Reply::Answer(answer) => {
                show(&render::answer(answer, format, with_notes, color, width));
                if matches!(format, Format::Table | Format::Ascii | Format::Svg) {
                    show("\n");
                } else if !(with_notes && format == Format::Json) {
                    render::notes(answer)
                        .lines()
                        .for_each(|line| complain(&format!("{}\n", paint(line, DIM, color_errors))));
                }
            }
            Reply::Bound(name) => tell(&format!("{name} is bound")),
            Reply::Met(sentence) => tell(&format!("holds: {sentence}")),
            Reply::Failed(failure) => {
                complain(&render::failure(failure, color_errors, width));
                return 1;
            }
            Reply::Holes(holes) => {
                show(&render::holes(holes, format, color, width));
                return 2;
            }
            Reply::Wrong(trouble) => {
                let is_read_by_a_program = !self.is_talkative && matches!(format, Format::Json | Format::Jsonl);
                complain(&if is_read_by_a_program {
                    render::report_json(std::slice::from_ref(trouble))
                } else {
                    render::report(trouble, color_errors, width)
                });
                return 2;
            }
        }
        0
    }
}

fn greeting(session: &Session) -> String {
    let about = &session.store().about;
    let title = if about.title.is_empty() { &about.name } else { &about.title };
    format!("Démarche {} · {title} · :help explains, Tab completes\n", env!("CARGO_PKG_VERSION"))
}

fn spent(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds => format!("{:.1} ms", seconds * 1000.0),
    }
}

fn show(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
