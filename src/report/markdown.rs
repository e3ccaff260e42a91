//! A report in Markdown.

use super::{Claim, Part, Report, Row, prose};
use crate::answer::Line;
use crate::markup::markdown as plain;
use crate::render;

impl Report {
    /// The report in Markdown, with footnotes. `colophon` says how it can be repeated.
    pub fn markdown(&self, colophon: &[Line]) -> String {
        let mut text = String::new();
        let mut was_claim = false;
        for part in &self.parts {
            let is_claim = matches!(part, Part::Claim(_));
            if !(text.is_empty() || is_claim && was_claim) {
                text.push('\n');
            }
            was_claim = is_claim;
            text.push_str(&match part {
                Part::Prose(text) => format!("{}\n", prose::markdown(text)),
                Part::Definition(written) => fenced(written),
                Part::Answer { question, query, answer } => {
                    let notes = render::notes_after(answer, render::Format::Markdown);
                    let rows = if answer.rows.is_empty() { "no rows\n".to_owned() } else { render::markdown(answer) };
                    format!("**{}**\n\n{rows}{notes}\n{}", plain(question), fenced(query))
                }
                Part::Claim(claim) => told(claim),
                Part::Wrong(trouble) => format!("> {}\n", plain(&trouble.to_string())),
            });
        }
        if let Some(verdict) = self.verdict() {
            text.push_str(&format!("\n**{verdict}**\n"));
        }
        for (number, note) in (1..).zip(&self.notes) {
            text.push_str(&format!("\n[^{number}]: {}", plain(&note.text)));
        }
        if !colophon.is_empty() {
            text.push_str(if self.notes.is_empty() { "\n---\n\n" } else { "\n\n---\n\n" });
        }
        text.extend(colophon.iter().map(|line| format!("- {}: {}\n", plain(&line.name), plain(&line.meaning))));
        text
    }
}

fn fenced(query: &str) -> String {
    format!("~~~demarche\n{}\n~~~\n", query.replace("~~~", "~ ~ ~"))
}

fn told(claim: &Claim) -> String {
    let mark = if claim.fails.is_some() { "✗" } else { "✓" };
    let mut text = format!("- {mark} **{}**", plain(&claim.sentence));
    if let Some(fails) = &claim.fails {
        text.push_str(&format!(", but {}", plain(fails)));
    }
    text.push('\n');
    if !claim.remark.is_empty() {
        text.push_str(&format!("  {}\n", prose::markdown(&claim.remark).replace('\n', "\n  ")));
    }
    for side in &claim.evidence {
        text.extend(side.rows.iter().map(|row| format!("  - {}{}\n", plain(&row.text), notes(row))));
        text.extend(side.more.iter().map(|more| format!("  - {}\n", plain(more))));
    }
    text
}

fn notes(row: &Row) -> String {
    row.notes.iter().map(|number| format!("[^{number}]")).collect()
}
