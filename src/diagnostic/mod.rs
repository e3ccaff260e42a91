//! What is wrong and what would help: a code, a span, a message, help; and the nearest name.

mod codes;
mod nearest;

pub use codes::{CODES, Code};
pub use nearest::nearest;

use std::fmt;
use std::sync::Arc;

use crate::span::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It can be meant, and hardly is.
    Warning,
    /// Nothing comes of it.
    Error,
}

impl Severity {
    /// Its word: `error`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Its code, such as `D0204`.
    pub code: Code,
    /// One sentence: lower case, no full stop.
    pub message: String,
    /// Where in the text, if it has a place there.
    pub span: Option<Span>,
    /// One sentence that helps.
    pub help: Option<String>,
    /// The text, file and place it speaks of, when that is not the statement itself.
    pub origin: Option<Origin>,
}

/// Where in a file a diagnostic belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file's name.
    pub file: String,
    /// Line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// Column in characters, from 1; 0 when it is about the whole line.
    pub column: usize,
}

impl Diagnostic {
    /// An error about the text under `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: Some(span), help: None, origin: None }
    }

    /// An error about a place in a data file.
    pub fn in_file(code: Code, file: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        let origin = Some(Origin { file: file.to_owned(), line, column });
        Self { code, message: message.into(), span: None, help: None, origin }
    }

    /// How bad it is, by its code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// With a sentence that helps.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Diagnostics and the text that they speak of.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The name of the text.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
    /// What is wrong in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is wrong with a file of data.
impl From<Vec<Diagnostic>> for Trouble {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self { name: "data".to_owned(), text: "".into(), diagnostics }
    }
}

/// A line for each diagnostic: code, message and help. With the text and carets it is shown by
/// [`render::report`](crate::render::report).
impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, diagnostic) in self.diagnostics.iter().enumerate() {
            let separator = if place > 0 { "\n" } else { "" };
            write!(formatter, "{separator}{}: {}", diagnostic.code.text(), diagnostic.message)?;
            if let Some(help) = &diagnostic.help {
                write!(formatter, "; {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Trouble {}
