//! Standard output and standard error: answers to the one, what is wrong to the other.

use std::io::{ErrorKind, IsTerminal, Write};

use super::arguments::{Arguments, Color, Format};
use crate::answer::Answer;
use crate::diagnostic::Trouble;
use crate::render;
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
    width: usize,
    with_notes: bool,
    color: bool,
    met: usize,
    failed: usize,
    reader: Reader,
}

impl Output {
    pub(super) fn new(arguments: &Arguments) -> Self {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            format: arguments.format,
            width: arguments.width.or(columns).unwrap_or_else(terminal_width),
            with_notes: arguments.with_notes,
            color: match arguments.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => !no_color && std::io::stderr().is_terminal(),
            },
            met: 0,
            failed: 0,
            reader: Reader::Listens,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
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
            Format::Json | Format::Jsonl => Self::error(&render::report_json(trouble)),
            _ => Self::error(&render::report(trouble, self.color, self.width)),
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
                    _ => render::failure(failure, self.color, self.width),
                });
            }
            Reply::Wrong(trouble) => self.trouble(trouble),
        }
    }

    fn answer(&mut self, answer: &Answer) {
        let text = match self.format {
            Format::Table => return self.text(&(render::table(answer, self.width) + "\n")),
            Format::Json => render::json(answer, self.with_notes),
            Format::Jsonl => render::json_lines(answer),
            Format::Csv => render::delimited(answer, b','),
            Format::Tsv => render::delimited(answer, b'\t'),
            Format::Markdown => render::markdown(answer),
        };
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

/// The terminal's width, 100 where it has none; 120 where there is no terminal.
fn terminal_width() -> usize {
    if !std::io::stdout().is_terminal() {
        return 120;
    }
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}
