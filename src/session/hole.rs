//! A `?` in a text to what could stand there: sources, stages with their forms, fields, values with their counts.

use super::{Candidate, Session};
use crate::answer::{Description, Line};
use crate::builtin::STAGES;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::token::TokenKind;
use crate::syntax;

/// How many choices an error names.
const MOST_NAMED: usize = 6;

impl Session {
    /// What could stand in each hole of a text, if holes are all that keeps it from being run.
    pub(super) fn holes(&self, text: &str, diagnostics: &[Diagnostic]) -> Option<Vec<Description>> {
        let is_hole = |diagnostic: &&Diagnostic| diagnostic.code == Code::HOLE;
        if diagnostics.is_empty() || !diagnostics.iter().all(|diagnostic| is_hole(&diagnostic)) {
            return None;
        }
        let spans = diagnostics.iter().filter_map(|diagnostic| diagnostic.span);
        let described = spans.map(|span| {
            let line = text[..span.start].lines().count().max(1);
            let title = match diagnostics.len() {
                1 => "here could stand".to_owned(),
                _ => format!("for the `?` at {} of line {line} could stand", column(text, span.start)),
            };
            Description { title, meaning: Vec::new(), lines: self.choices(text, span.start) }
        });
        Some(described.collect())
    }

    /// The diagnostics, those of holes with what could stand there.
    pub(super) fn with_choices(&self, text: &str, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.code == Code::HOLE) {
            let choices = diagnostic.span.map(|span| self.choices(text, span.start)).unwrap_or_default();
            let named: Vec<&str> = choices.iter().take(MOST_NAMED).map(|choice| choice.name.as_str()).collect();
            let more = choices.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            diagnostic.help = (!named.is_empty()).then(|| format!("here could stand: {}{more}", named.join(", ")));
        }
        diagnostics
    }

    fn choices(&self, text: &str, position: usize) -> Vec<Line> {
        if text[..position].trim_end().ends_with('|') {
            return STAGES.iter().map(|stage| Line::new(stage.form, "", stage.summary)).collect();
        }
        let before = filled(&text[..position]);
        let candidates = self.complete(&before, before.len()).candidates;
        let line = |candidate: Candidate| Line::new(candidate.text.trim_end(), candidate.kind, candidate.what);
        candidates.into_iter().map(line).collect()
    }
}

/// The text with something in its holes that leaves what comes after them open.
fn filled(text: &str) -> String {
    let holes = syntax::parse(text).tokens.into_iter().filter(|token| token.kind == TokenKind::Symbol("?"));
    let mut filled = String::new();
    let mut end = 0;
    for hole in holes {
        filled.push_str(&text[end..hole.span.start]);
        let before = filled.trim_end();
        filled.push_str(if before.is_empty() || before.ends_with(['(', '[', ';']) {
            "events"
        } else if before.ends_with('|') {
            "distinct"
        } else if before.ends_with(" of") {
            "anyone"
        } else {
            "missing"
        });
        end = hole.span.end;
    }
    filled + &text[end..]
}

fn column(text: &str, position: usize) -> usize {
    let start = text[..position].rfind('\n').map_or(0, |end| end + 1);
    text[start..position].chars().count() + 1
}
