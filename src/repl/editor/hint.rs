//! What could come next, dimmed after the cursor: the rest of a word, the form of a stage, the words that may follow.

use unicode_width::UnicodeWidthStr as _;

use super::{completions, is_command};
use crate::builtin::{SOURCES, STAGES};
use crate::repl::entry::Repl;
use crate::repl::screen::cut;
use crate::repl::{PROMPT, command};
use crate::session::{Candidate, Completions};

/// A hint is made at each key, so it looks at no more events.
const MOST_COUNTED: usize = 2_000;
/// So many words that may follow are shown.
const MOST: usize = 5;

/// A hint.
pub(in crate::repl) struct Hint {
    shown: String,
    /// What the right arrow puts at the cursor, if it is a text to put there.
    put: Option<String>,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.put.as_deref()
    }
}

impl Hint {
    /// A text that can be taken.
    pub(super) fn of(text: String) -> Self {
        Self { shown: text.clone(), put: Some(text) }
    }

    fn only_shown(shown: String) -> Self {
        Self { shown, put: None }
    }

    /// The hint as far as there is room after a line.
    pub(super) fn within(mut self, width: usize, line: &str) -> Option<Self> {
        let before = match line.rsplit_once('\n') {
            Some((_, last)) => last.width(),
            None => PROMPT.width() + line.width(),
        };
        let room = width.checked_sub(before + 1)?;
        self.shown = cut(&self.shown, room);
        (room > 1).then_some(self)
    }
}

/// What could come next in a line at its end.
pub(super) fn next(repl: &Repl<'_>, line: &str) -> Option<Hint> {
    let after_blank = line.ends_with(char::is_whitespace);
    if after_blank && let Some(form) = form(line) {
        return Some(Hint::only_shown(form));
    }
    let mut quick = repl.session.clone();
    quick.most_counted = MOST_COUNTED;
    let Completions { start, candidates } = completions(&quick, line, line.len());
    let typed = line.get(start..)?;
    if !typed.is_empty() {
        return rest_of_word(&candidates, typed);
    }
    if !after_blank || is_command(line) {
        return None;
    }
    let words: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).take(MOST).collect();
    let more = if candidates.len() > MOST { " · …" } else { "" };
    (!words.is_empty()).then(|| Hint::only_shown(format!("{}{more}", words.join(" · "))))
}

/// The rest of the likeliest word, or the word if it is written otherwise.
fn rest_of_word(candidates: &[Candidate], typed: &str) -> Option<Hint> {
    let likeliest = candidates.first().filter(|likeliest| likeliest.text != typed)?;
    match likeliest.text.strip_prefix(typed) {
        Some("") => None,
        Some(rest) => Some(Hint::of(rest.trim_end().to_owned())),
        None if candidates.len() == 1 || likeliest.text.starts_with('"') => {
            Some(Hint::only_shown(format!(" → {}", likeliest.text)))
        }
        None => None,
    }
}

/// The rest of the form of the command, stage or source with which a line ends.
fn form(line: &str) -> Option<String> {
    let line = line.trim_end();
    if let Some(name) = line.trim_start().strip_prefix(':') {
        return Some(command::usage(name)?.strip_prefix(line.trim_start())?.trim_start().to_owned())
            .filter(|rest| !rest.is_empty());
    }
    let start = line.rfind(|letter: char| !letter.is_alphanumeric()).map_or(0, |at| at + 1);
    let (before, word) = line.split_at(start);
    let records = if before.trim_end().ends_with('|') { STAGES } else { SOURCES };
    let record = records.iter().find(|record| record.name == word)?;
    let rest = record.form.split(',').next()?.strip_prefix(word)?.trim_start();
    (!rest.is_empty()).then(|| rest.to_owned())
}
