//! Standard output and standard error: answers to the one, what is wrong to the other.

use std::io::{ErrorKind, IsTerminal, Write};

use super::arguments::{Arguments, Color, Form};
use crate::answer::{Answer, Description, Explanation};
use crate::diagnostic::Trouble;
use crate::render::{self, Format};
use crate::session::Reply;

/// Whoever reads standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Listens,
    /// It closed the pipe, and wants no more.
    IsGone,
    /// It cannot be written to, such as a full disk.
    IsLost,
}

/// Where answers and errors go, and how they are written.
pub(super) struct Output {
    format: Format,
    width: Option<usize>,
    with_notes: bool,
    color: bool,
    color_errors: bool,
    met: usize,
    failed: usize,
    reader: Reader,
}

impl Output {
    pub(super) fn new(arguments: &Arguments) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colors = |is_terminal: bool| match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !no_color && !is_dumb,
        };
        Self {
            format: arguments.format.and_then(Form::answer).unwrap_or_default(),
            width: arguments.width,
            with_notes: arguments.with_notes,
            color: colors(std::io::stdout().is_terminal()),
            color_errors: colors(std::io::stderr().is_terminal()),
            met: 0,
            failed: 0,
            reader: Reader::Listens,
        }
    }

    /// What the prompt goes by.
    #[cfg(feature = "repl")]
    pub(super) fn settings(&self) -> crate::repl::Settings {
        crate::repl::Settings {
            format: self.format,
            with_notes: self.with_notes,
            color: self.color,
            color_errors: self.color_errors,
            width: self.width,
            measured: || width(None),
            prompt: crate::repl::Prompt::default(),
        }
    }

    /// Whether nobody reads standard output any more, so that nothing else needs to be done.
    pub(super) fn is_closed(&self) -> bool {
        self.reader != Reader::Listens
    }

    /// Whether standard output could not be written.
    pub(super) fn is_broken(&self) -> bool {
        self.reader == Reader::IsLost
    }

    /// Writes to standard output; whoever closed it wants no more.
    pub(super) fn text(&mut self, text: &str) {
        let mut output = std::io::stdout().lock();
        match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.reader = Reader::IsGone,
            Err(error) => {
                self.reader = Reader::IsLost;
                Self::error(&format!("standard output cannot be written: {error}\n"));
            }
        }
    }

    fn error(text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    pub(super) fn trouble(&self, trouble: &Trouble) {
        match self.format {
            Format::Json | Format::Jsonl => Self::error(&render::report_json(std::slice::from_ref(trouble))),
            _ => Self::error(&render::report(trouble, self.color_errors, width(self.width))),
        }
    }

    /// Writes what was found to standard output.
    pub(super) fn troubles(&mut self, troubles: &[Trouble]) {
        let width = width(self.width);
        self.text(&match self.format {
            Format::Json | Format::Jsonl => render::report_json(troubles),
            _ => troubles.iter().map(|trouble| render::report(trouble, self.color, width)).collect(),
        });
    }

    /// Tells which rows of the data were skipped, and how many.
    pub(super) fn skipped(&self, trouble: &Trouble, rows: usize) {
        if rows > 0 {
            self.trouble(trouble);
            Self::error(&format!("{}: {rows} row{} skipped\n", trouble.name, if rows == 1 { "" } else { "s" }));
        }
    }

    pub(super) fn reply(&mut self, reply: &Reply) {
        match reply {
            Reply::Answer(answer) => self.answer(answer),
            Reply::Bound(_) => {}
            Reply::Met(_) => self.met += 1,
            Reply::Failed(failure) => {
                self.failed += 1;
                Self::error(&match self.format {
                    Format::Json | Format::Jsonl => render::failure_json(failure),
                    _ => render::failure(failure, self.color_errors, width(self.width)),
                });
            }
            Reply::Wrong(trouble) => self.trouble(trouble),
            Reply::Holes(holes) => {
                self.text(&render::holes(holes, self.format, self.color, width(self.width)));
            }
        }
    }

    pub(super) fn descriptions(&mut self, found: &[Description]) {
        self.text(&match self.format {
            Format::Json | Format::Jsonl => render::descriptions_json(found),
            _ => render::descriptions(found, self.color, width(self.width)),
        });
    }

    pub(super) fn explanation(&mut self, explanation: &Explanation) {
        self.text(&render::explanation(explanation, self.format, self.color, width(self.width)));
    }

    /// Writes what should be known of an answer to standard error.
    pub(super) fn notes(answer: &Answer) {
        Self::error(&render::notes(answer));
    }

    fn answer(&mut self, answer: &Answer) {
        let text = render::answer(answer, self.format, self.with_notes, self.color, width(self.width));
        if self.format == Format::Table {
            return self.text(&(text + "\n"));
        }
        self.text(&text);
        let notes = render::notes(answer);
        match (self.with_notes, self.format) {
            (true, Format::Json) => {}
            (true, Format::Markdown) => self.text(&format!("\n{notes}")),
            (true, Format::Csv | Format::Tsv) => {
                self.text(&notes.lines().map(|line| format!("# {line}\n")).collect::<String>());
            }
            _ => Self::error(&notes),
        }
    }

    /// Says how many expectations hold.
    pub(super) fn summary(&self) {
        let is_text = !matches!(self.format, Format::Json | Format::Jsonl);
        if is_text && self.met + self.failed > 0 {
            Self::error(&format!("{} of {} expectations hold\n", self.met, self.met + self.failed));
        }
    }
}

/// As said, else that of the terminal, else as the environment says.
fn width(said: Option<usize>) -> usize {
    let terminal = || {
        terminal_size::terminal_size_of(std::io::stdout())
            .map(|(columns, _)| usize::from(columns.0))
            .filter(|&width| width > 0)
    };
    let columns = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(terminal).or_else(columns).unwrap_or(120)
}
