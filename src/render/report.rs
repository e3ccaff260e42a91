//! What is wrong, with the line it speaks of, for people or for programs.

use std::borrow::Cow;

use annotate_snippets::{Annotation, AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::{export, table};
use crate::answer::{Failure, Side};
use crate::diagnostic::{Diagnostic, Severity, Trouble};
use crate::markup::{self, visible, visible_line};
use crate::span::Span;

/// Every diagnostic, each with its code, its line and carets, and what helps: beside the carets where there is room.
pub fn report(trouble: &Trouble, color: bool, width: usize) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(width);
    let text = &*source(&trouble.text);
    let path = visible_line(&trouble.name);
    let mut report = String::new();
    for diagnostic in &trouble.diagnostics {
        let level = match diagnostic.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level
            .primary_title(visible(&diagnostic.message))
            .id(diagnostic.code.text())
            .elements([] as [Snippet<'_, Annotation<'_>>; 0]);
        let mut help = diagnostic.help.as_deref().map(visible);
        if let Some(span) = diagnostic.span.filter(|span| !text.is_empty() && text.get(span.start..span.end).is_some())
        {
            let mut annotation = AnnotationKind::Primary.span(span.start..span.end);
            if let Some(beside) = help.take_if(|help| fits(text, span, help, width)) {
                annotation = annotation.label(beside);
            }
            group = group.element(Snippet::source(text).path(&*path).annotation(annotation));
        }
        if let Some(origin) = &diagnostic.origin {
            let mut place = Origin::path(visible_line(&origin.file));
            if origin.line > 0 {
                place = place.line(origin.line);
                place = if origin.column > 0 { place.char_column(origin.column) } else { place };
            }
            group = group.element(place);
        }
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help));
        }
        report.push_str(&renderer.render(&[group]));
        report.push('\n');
    }
    report
}

/// A source whose characters that a terminal obeys are others of the same length; the renderer replaces the rest of them.
fn source(text: &str) -> Cow<'_, str> {
    if !text.contains(|letter| matches!(letter, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}')) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|letter| match letter {
        '\u{80}'..='\u{9f}' => '·',
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        letter => letter,
    });
    Cow::Owned(shown.collect())
}

/// Whether a help fits beside the carets under `span`.
fn fits(text: &str, span: Span, help: &str, width: usize) -> bool {
    let start = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let under = &text[span.start..span.end];
    let lines = text[..start].matches('\n').count() + 1;
    let gutter = lines.to_string().len() + 3;
    let carets = under.width().max(1);
    !under.contains('\n') && gutter + text[start..span.start].width() + carets + 1 + help.width() <= width
}

/// An expectation that does not hold, with its sides and the rows behind them.
pub fn failure(failure: &Failure, color: bool, width: usize) -> String {
    let mut text = report(&failure.trouble, color, width);
    for Side { text: side, rows, .. } in &failure.sides {
        if let Some(rows) = rows {
            text.push_str(&format!("the rows of `{}`:\n{}", visible(side), table::table(rows, color, width)));
        }
    }
    text
}

/// An array with an object for each diagnostic.
pub fn report_json(troubles: &[Trouble]) -> String {
    let all =
        troubles.iter().flat_map(|trouble| trouble.diagnostics.iter().map(|diagnostic| object(trouble, diagnostic)));
    format!("{}\n", markup::json(&Value::Array(all.collect()).to_string()))
}

/// An array with one object: what [`report_json`] gives, and the sides.
pub fn failure_json(failure: &Failure) -> String {
    let sides: Vec<Value> = failure
        .sides
        .iter()
        .map(|side| {
            let rows = side
                .rows
                .as_ref()
                .map(|answer| answer.rows.iter().map(|row| export::object(answer, row)).collect::<Vec<_>>());
            json!({"text": side.text, "value": export::cell(&side.value), "rows": rows})
        })
        .collect();
    let all = failure.trouble.diagnostics.iter().map(|diagnostic| {
        let mut object = object(&failure.trouble, diagnostic);
        object["sides"] = Value::Array(sides.clone());
        object
    });
    format!("{}\n", markup::json(&Value::Array(all.collect()).to_string()))
}

fn object(trouble: &Trouble, diagnostic: &Diagnostic) -> Value {
    let origin = diagnostic.origin.as_ref();
    let file = origin.map_or(&trouble.name, |origin| &origin.file);
    let place = match (origin, diagnostic.span.filter(|_| !trouble.text.is_empty())) {
        (Some(origin), _) => Some((origin.line, origin.column)),
        (None, span) => span.map(|span| line_and_column(&trouble.text, span.start)),
    };
    json!({
        "code": diagnostic.code.text(),
        "severity": diagnostic.severity().text(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": file,
        "line": place.map(|place| place.0),
        "column": place.map(|place| place.1),
        "start": diagnostic.span.map(|span| span.start),
        "end": diagnostic.span.map(|span| span.end),
    })
}

/// The line and the column in characters, both from 1.
fn line_and_column(text: &str, place: usize) -> (usize, usize) {
    let before = text.get(..place).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
