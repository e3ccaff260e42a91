//! One entry, a command or statements, to what is shown of it and what is remembered.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Surroundings;
use super::command::{self, Outcome};
use super::screen::{self, complain, show};
use super::settings::{Rows, Settings};
use super::tutor::Tutor;
use crate::answer::Answer;
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::lesson::Course;
use crate::markup::visible_line;
use crate::render::style::{DIM, paint};
use crate::render::{self, Format};
use crate::session::{Reply, Session};
use crate::span::Span;
use crate::syntax;

/// What `:all` is told beside a table that is cut.
const HOW_TO_SEE_ALL: &str = "`:all` shows them";
/// However high the screen is, no more rows are shown.
const MOST: usize = 40;
/// So many lines stand around the rows of a table: header, names, rule, count, and the prompt.
const AROUND: usize = 6;

/// A session, how its answers are shown, and what was asked.
pub(super) struct Repl<'a> {
    pub(super) session: Session,
    pub(super) settings: Settings,
    pub(super) surroundings: Surroundings<'a>,
    /// The session as it was opened, to which no name was given.
    pub(super) opened: Session,
    /// What was answered or bound, as it was typed.
    pub(super) statements: Vec<String>,
    /// The entry before that was no command.
    pub(super) typed: String,
    /// The last answer.
    pub(super) answer: Option<Arc<Answer>>,
    /// The file in which the session was saved.
    pub(super) saved: Option<PathBuf>,
    /// The lessons, while they are taken.
    pub(super) tutor: Option<Tutor>,
    /// Whether a person types.
    pub(super) is_interactive: bool,
}

/// What comes after an entry.
pub(super) enum Then {
    /// The next; this is the exit code for the entry.
    GoesOn(u8),
    /// The next, of which this is typed already.
    Types(String),
    /// Nothing.
    Ends,
}

impl<'a> Repl<'a> {
    pub(super) fn new(
        session: Session,
        settings: Settings,
        surroundings: Surroundings<'a>,
        is_interactive: bool,
    ) -> Self {
        Self {
            opened: session.clone(),
            session,
            settings,
            surroundings,
            statements: Vec::new(),
            typed: String::new(),
            answer: None,
            saved: None,
            tutor: None,
            is_interactive,
        }
    }

    /// Goes on with another session, of which nothing was asked yet.
    pub(super) fn start(&mut self, session: Session) {
        let settings = self.settings.clone();
        *self = Self::new(session, settings, self.surroundings, self.is_interactive);
    }

    /// Takes lessons, and tells the one with which they begin.
    pub(super) fn take(&mut self, course: Option<Course>) {
        self.tutor = course.map(Tutor::new);
        if let Some(tutor) = &self.tutor {
            self.put(&format!("{}\n", tutor.told(self.settings.color, self.settings.width())));
        }
    }

    /// Answers a command or statements.
    pub(super) fn entry(&mut self, name: &str, entry: &str) -> Then {
        let Some(command) = entry.trim().strip_prefix(':') else {
            entry.trim().clone_into(&mut self.typed);
            return Then::GoesOn(self.statements(name, entry));
        };
        match command::run(self, command) {
            Outcome::Told(text) => {
                self.put(&text);
                Then::GoesOn(0)
            }
            Outcome::Wrong(message) => {
                complain(&format!("{message}\n"));
                Then::GoesOn(2)
            }
            Outcome::Answered(code) => Then::GoesOn(code),
            Outcome::Typed(text) => Then::Types(text),
            Outcome::Left => Then::Ends,
        }
    }

    /// Runs statements, shows what they give and keeps those that are right.
    pub(super) fn statements(&mut self, name: &str, text: &str) -> u8 {
        self.session.forget_files();
        let start = Instant::now();
        let load = self.surroundings.load;
        let (called, asked) = (name.to_owned(), text.to_owned());
        let Some(replies) = self.waiting(move |session| session.run(&called, &asked, &load)) else {
            return self.reply(Reply::Wrong(interrupted(name, text)));
        };
        let time = start.elapsed();
        self.statements.extend(right(text, &replies));
        let is_answered = replies.iter().any(|reply| matches!(reply, Reply::Answer(_)));
        let worst = replies.into_iter().map(|reply| self.reply(reply)).max().unwrap_or(0);
        if is_answered {
            self.grade();
        }
        if is_answered && self.settings.prompt.timer {
            self.tell_time(time);
        }
        worst
    }

    /// Shows what a statement gave, and gives the exit code for it.
    fn reply(&mut self, reply: Reply) -> u8 {
        let width = self.settings.width();
        let Settings { format, color, color_errors, .. } = self.settings;
        match reply {
            Reply::Answer(answer) => {
                self.answer = Some(answer.into());
                self.show_answer(self.settings.prompt.rows);
            }
            Reply::Bound(name) => self.tell(&format!("{name} is bound")),
            Reply::Met(sentence) => self.tell(&format!("holds: {sentence}")),
            Reply::Failed(failure) => {
                complain(&render::failure(&failure, color_errors, width));
                return 1;
            }
            Reply::Holes(holes) => {
                self.put(&render::holes(&holes, format, color, width));
                return 2;
            }
            Reply::Wrong(trouble) => {
                complain(&self.report(&trouble));
                return 2;
            }
        }
        0
    }

    /// Shows so many rows of the last answer.
    pub(super) fn show_answer(&mut self, rows: Rows) {
        let Some(answer) = self.answer.clone() else { return };
        let (settings, height) = (self.settings.clone(), screen::height().filter(|_| self.is_interactive));
        let rows = if self.is_interactive { rows } else { Rows::All };
        let shown = answer.clone();
        let Some(text) = self.waiting(move |_| written(&shown, rows, &settings, height)) else {
            return complain("the answer is not shown: it was interrupted\n");
        };
        self.put(&text);
        let Settings { format, with_notes, color_errors, .. } = self.settings;
        let has_notes = is_read(format) || with_notes && format == Format::Json;
        if !has_notes {
            let notes = render::notes(&answer);
            notes.lines().for_each(|line| complain(&format!("{}\n", paint(line, DIM, color_errors))));
        }
    }

    /// Shows a text that may be long.
    pub(super) fn put(&self, text: &str) {
        if self.is_interactive && self.settings.prompt.pager {
            screen::page(text, (self.settings.measured)());
        } else {
            show(text);
        }
    }

    /// Says something that only a person wants to know.
    pub(super) fn tell(&self, text: &str) {
        if self.is_interactive {
            show(&format!("{}\n", paint(&visible_line(text), DIM, self.settings.color)));
        }
    }

    /// Says what the last query is worth as an answer to the lesson at hand.
    pub(super) fn grade(&mut self) {
        let (color, width) = (self.settings.color, self.settings.width());
        if let (Some(tutor), Some(last)) = (&mut self.tutor, self.session.last()) {
            show(&tutor.said(&last, &self.opened, color, width));
        }
    }

    fn tell_time(&self, time: Duration) {
        let spent = match time.as_secs_f64() {
            seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
            seconds => format!("{:.1} ms", seconds * 1000.0),
        };
        show(&format!("{}\n", paint(&spent, DIM, self.settings.color)));
    }

    /// What is told of what is wrong.
    pub(super) fn report(&self, trouble: &Trouble) -> String {
        if !self.is_interactive && matches!(self.settings.format, Format::Json | Format::Jsonl) {
            return render::report_json(std::slice::from_ref(trouble));
        }
        render::report(trouble, self.settings.color_errors, self.settings.width())
    }
}

/// An answer, or so many rows of its table. A picture is of all of them.
fn written(answer: &Answer, rows: Rows, settings: &Settings, height: Option<usize>) -> String {
    let (format, color, width) = (settings.format, settings.color, settings.width());
    let all = || render::answer(answer, format, settings.with_notes, color, width);
    if !is_read(format) {
        return all();
    }
    let (mut most, fewest) = match (rows, height) {
        _ if answer.header.picture.is_some() => return all() + "\n",
        (Rows::Most(most), _) => (most, most),
        (Rows::Screen, Some(height)) => (height.saturating_sub(AROUND).clamp(1, MOST), 1),
        _ => return all() + "\n",
    };
    most = most.min(answer.rows.len());
    loop {
        let is_cut = most < answer.rows.len();
        let text = if is_cut { render::table_start(answer, most, HOW_TO_SEE_ALL, color, width) } else { all() } + "\n";
        let lines = screen::lines(&text, width) + 1;
        match height {
            Some(height) if lines > height && most > fewest => most = (most * height / lines).clamp(fewest, most - 1),
            _ => return text,
        }
    }
}

/// Whether what is written so is for reading, a table or a picture, and has its notes.
fn is_read(format: Format) -> bool {
    matches!(format, Format::Table | Format::Ascii | Format::Svg)
}

/// What is told of statements that were stopped.
fn interrupted(name: &str, text: &str) -> Trouble {
    let diagnostic = Diagnostic::new(Code::INTERRUPTED, Span::new(0, text.len()), "the query was interrupted");
    Trouble { name: name.to_owned(), text: text.into(), diagnostics: vec![diagnostic] }
}

/// What is said of a session that opens.
pub(super) fn greeting(session: &Session) -> String {
    let about = &session.store().about;
    let title = visible_line(if about.title.is_empty() { &about.name } else { &about.title });
    format!("Démarche {} · {title} · :help explains", env!("CARGO_PKG_VERSION"))
}

/// The statements of a text in which nothing is wrong.
fn right(text: &str, replies: &[Reply]) -> Vec<String> {
    let parsed = syntax::parse(text);
    if !parsed.diagnostics.is_empty() {
        return Vec::new();
    }
    let wrong = replies.iter().filter_map(|reply| match reply {
        Reply::Wrong(trouble) if *trouble.text == *text => Some(&trouble.diagnostics),
        _ => None,
    });
    let places: Vec<usize> = wrong.flatten().filter_map(|diagnostic| Some(diagnostic.span?.start)).collect();
    let statements = parsed.script.statements.iter().map(|statement| statement.span);
    let right = statements.filter(|span| !places.iter().any(|place| (span.start..=span.end).contains(place)));
    right.map(|span| span.of(text).to_owned()).collect()
}
