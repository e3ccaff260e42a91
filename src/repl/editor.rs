//! What the line editor asks while a line is typed: whether it is finished, what could follow, and how it is coloured.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use anstyle::{AnsiColor, Style};
use rustyline::completion::{Candidate, Completer};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::{Repl, command};
use crate::render::style::{BOLD, DIM, paint};
use crate::syntax::{self, Tag};

/// The helper of the line editor.
pub(super) struct Assistant {
    repl: Rc<RefCell<Repl>>,
    color: bool,
}

/// A candidate as it is put and as it is listed.
pub(super) struct Listed {
    replacement: String,
    display: String,
}

impl Candidate for Listed {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

impl Assistant {
    pub(super) fn new(repl: Rc<RefCell<Repl>>, color: bool) -> Self {
        Self { repl, color }
    }
}

impl Helper for Assistant {}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let is_open = !is_command(context.input()) && syntax::parse(context.input()).unfinished;
        Ok(if is_open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant {
    type Candidate = Listed;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Listed>)> {
        /// With more candidates than these, they are listed without what they are.
        const EXPLAINED: usize = 20;
        let repl = self.repl.borrow();
        let completions = if is_command(line) {
            command::complete(&repl.session, line, position)
        } else {
            repl.session.complete(line, position)
        };
        let candidates = completions.candidates;
        let widest = candidates.iter().map(|candidate| candidate.text.chars().count()).max().unwrap_or(0);
        let room = (repl.settings.width)().saturating_sub(widest + 5);
        let is_explained = candidates.len() <= EXPLAINED && room > 20;
        let listed = candidates.into_iter().map(|candidate| {
            let what: String = candidate.what.chars().take(room).collect();
            let display = if is_explained && !what.is_empty() {
                format!("{:widest$}  {what}", candidate.text)
            } else {
                candidate.text.clone()
            };
            Listed { replacement: candidate.text, display }
        });
        Ok((completions.start, listed.collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        let hint = HistoryHinter::new().hint(line, position, context)?;
        // A hint of several lines would move what stands below.
        (self.color && !line.contains('\n') && !hint.contains('\n')).then_some(hint)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.color {
            return Cow::Borrowed(line);
        }
        if is_command(line) {
            let end = line.find(char::is_whitespace).unwrap_or(line.len());
            let known = command::is_name(line[..end].trim_start_matches(':'));
            let style = if known { style_of(Tag::Keyword) } else { Style::new() };
            return Cow::Owned(format!("{}{}", paint(&line[..end], style, true), &line[end..]));
        }
        let mut text = String::with_capacity(line.len() * 2);
        let mut end = 0;
        for (span, tag) in syntax::highlight(line) {
            text.push_str(&line[end..span.start]);
            text.push_str(&paint(span.of(line), style_of(tag), true));
            end = span.end;
        }
        text.push_str(&line[end..]);
        Cow::Owned(text)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(paint(prompt, BOLD, self.color))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(paint(hint, DIM, self.color))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.color && kind != CmdKind::MoveCursor
    }
}

fn is_command(line: &str) -> bool {
    line.trim_start().starts_with(':')
}

fn style_of(tag: Tag) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match tag {
        Tag::Keyword => color(AnsiColor::Blue).bold(),
        Tag::Text => color(AnsiColor::Green),
        Tag::Number | Tag::Date => color(AnsiColor::Cyan),
        Tag::Parameter => color(AnsiColor::Magenta),
        Tag::Comment => DIM,
        Tag::Invalid => color(AnsiColor::Red),
        Tag::Name | Tag::Symbol => Style::new(),
    }
}
