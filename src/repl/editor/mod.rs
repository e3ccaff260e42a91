//! What the line editor asks while a line is typed: whether it is finished, what could follow, and how it is coloured.

mod highlight;
mod hint;
mod listing;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::entry::Repl;
use super::{command, screen};
use crate::markup::visible_line;
use crate::render::style::{BOLD, DIM, paint};
use crate::session::{Completions, Session};
use crate::syntax;

use hint::Hint;
use listing::Listed;

/// The helper of the line editor.
pub(super) struct Assistant<'a>(Rc<RefCell<Repl<'a>>>);

impl<'a> Assistant<'a> {
    pub(super) fn new(repl: Rc<RefCell<Repl<'a>>>) -> Self {
        Self(repl)
    }

    fn color(&self) -> bool {
        self.0.borrow().settings.color
    }
}

impl Helper for Assistant<'_> {}

impl Validator for Assistant<'_> {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let is_open = !is_command(context.input()) && syntax::parse(context.input()).unfinished;
        Ok(if is_open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant<'_> {
    type Candidate = Listed;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Listed>)> {
        let repl = self.0.borrow();
        let Completions { start, candidates } = completions(&repl.session, line, position);
        let size = ((repl.settings.measured)(), screen::height().unwrap_or(24));
        Ok((start, listing::listed(candidates, size, repl.settings.color)))
    }
}

impl Hinter for Assistant<'_> {
    type Hint = Hint;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<Hint> {
        let repl = self.0.borrow();
        // Without colour a hint would look as if it were typed.
        if !repl.settings.color || position < line.len() || line.trim().is_empty() {
            return None;
        }
        let entry = HistoryHinter::new().hint(line, position, context).filter(|entry| !entry.contains('\n'));
        let hint = entry.map(Hint::of).or_else(|| hint::next(&repl, line))?;
        hint.within((repl.settings.measured)(), line)
    }
}

impl Highlighter for Assistant<'_> {
    fn highlight<'l>(&self, line: &'l str, position: usize) -> Cow<'l, str> {
        let repl = self.0.borrow();
        match (repl.settings.color, is_command(line)) {
            (false, _) => highlight::plain(line),
            (true, true) => Cow::Owned(highlight::command(line)),
            (true, false) => Cow::Owned(highlight::query(&repl.session, line, position)),
        }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(paint(prompt, BOLD, self.color()))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(paint(&visible_line(hint), DIM, self.color()))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        // Not only what is typed: a bracket is marked with its other when the cursor comes to it.
        self.color()
    }
}

/// What could be put at a place of a line.
fn completions(session: &Session, line: &str, position: usize) -> Completions {
    if is_command(line) { command::complete(session, line, position) } else { session.complete(line, position) }
}

fn is_command(line: &str) -> bool {
    line.trim_start().starts_with(':')
}
