//! Standard output and standard error: answers to the one, what is wrong to the other.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::alone;
use super::arguments::{Arguments, Color, Form, Target};
use super::aside::{self, Stop};
use crate::answer::{Answer, Description, Explanation};
use crate::diagnostic::Trouble;
use crate::markup::visible_line;
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
    /// How CSV and TSV are written.
    delimited: fn(&Answer, u8) -> String,
    color: bool,
    color_errors: bool,
    met: usize,
    failed: usize,
    answered: usize,
    drawn: usize,
    reader: Reader,
    /// What goes to a file rather than to standard output.
    file: Option<File>,
}

/// A file that is written when all of it is there.
struct File {
    path: PathBuf,
    text: String,
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
            delimited: if arguments.exact { render::delimited_exact } else { render::delimited },
            color: colors(std::io::stdout().is_terminal()),
            color_errors: colors(std::io::stderr().is_terminal()),
            met: 0,
            failed: 0,
            answered: 0,
            drawn: 0,
            reader: Reader::Listens,
            file: None,
        }
    }

    /// Sends what follows to a file, if one is named, in the format that its name says unless another is given.
    pub(super) fn go_to(&mut self, target: &Target, said: Option<Form>) -> Result<(), Trouble> {
        let Some(path) = &target.output else { return Ok(()) };
        if path.exists() && !target.force {
            let error = aside::unwritable(path, "something is there already");
            return Err(alone("--output", error.help("`--force` writes over it")));
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if let (None, Some(format)) = (said, Format::of_ending(ending)) {
            self.format = format;
        }
        self.color = false;
        self.file = Some(File { path: path.clone(), text: String::new() });
        Ok(())
    }

    /// Writes the file, once everything is answered.
    pub(super) fn finish(&mut self) -> Result<(), Trouble> {
        let path = self.file.as_ref().map_or(Path::new("--format"), |file| &file.path);
        if self.format == Format::Svg && self.answered > 0 && self.drawn == 0 {
            let help = "end the query with `render`: `… | count by month | render bar`";
            return Err(alone("svg", aside::unwritable(path, "no answer is drawn").help(help)));
        }
        let Some(file) = self.file.take().filter(|_| self.answered > 0) else { return Ok(()) };
        if self.format == Format::Svg && self.drawn > 1 {
            let message = format!("{} answers are drawn, and the file holds one picture", self.drawn);
            return Err(alone("svg", aside::unwritable(&file.path, message)));
        }
        let written = aside::write(&file.path, &Stop::listen(), |out| out.write_all(file.text.as_bytes()));
        written.map_err(|error| {
            alone("--output", aside::unwritable(&file.path, format!("the file cannot be written: {error}")))
        })
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
        if let Some(file) = &mut self.file {
            file.text.push_str(text);
            return;
        }
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
            Self::error(&format!(
                "{}: {rows} row{} skipped\n",
                visible_line(&trouble.name),
                if rows == 1 { "" } else { "s" }
            ));
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
        self.answered += 1;
        if self.format == Format::Svg {
            let svg = render::svg(answer, self.width.unwrap_or(render::PIXELS));
            self.drawn += usize::from(svg.is_some());
            return self.text(&svg.unwrap_or_default());
        }
        let text = match self.format {
            Format::Csv => (self.delimited)(answer, b','),
            Format::Tsv => (self.delimited)(answer, b'\t'),
            format => render::answer(answer, format, self.with_notes, self.color, width(self.width)),
        };
        if matches!(self.format, Format::Table | Format::Ascii) {
            return self.text(&(text + "\n"));
        }
        self.text(&text);
        match (self.with_notes, self.format) {
            (true, Format::Json) => {}
            (true, Format::Markdown | Format::Html | Format::Csv | Format::Tsv) => {
                self.text(&render::notes_after(answer, self.format));
            }
            _ => Self::error(&render::notes(answer)),
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
