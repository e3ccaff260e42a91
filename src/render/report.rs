//! What is wrong, with the line it speaks of, for people or for programs.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

use crate::diagnostic::Trouble;

/// Every diagnostic, each with its code, its line and carets, and what helps.
pub fn report(trouble: &Trouble, color: bool, width: usize) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(width);
    let mut text = String::new();
    for diagnostic in &trouble.diagnostics {
        let mut group = Level::ERROR
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code.text())
            .elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0]);
        let place = diagnostic.origin.as_ref().map(|origin| match (origin.line, origin.column) {
            (0, _) => origin.file.clone(),
            (line, 0) => format!("{}:{line}", origin.file),
            (line, column) => format!("{}:{line}:{column}", origin.file),
        });
        if let Some(span) = diagnostic.span.filter(|span| trouble.text.get(span.start..span.end).is_some()) {
            let annotation = AnnotationKind::Primary.span(span.start..span.end).label(diagnostic.label.as_str());
            group = group.element(Snippet::source(&*trouble.text).path(trouble.name.as_str()).annotation(annotation));
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        text.push_str(&renderer.render(&[group]));
        text.push('\n');
        if let Some(place) = place {
            text.push_str(&format!("  --> {place}\n"));
        }
    }
    text
}

/// An array with an object for each diagnostic.
pub fn report_json(trouble: &Trouble) -> String {
    let one = |diagnostic: &crate::diagnostic::Diagnostic| -> Value {
        json!({
            "code": diagnostic.code.text(),
            "message": diagnostic.message,
            "help": diagnostic.help,
            "start": diagnostic.span.map(|span| span.start),
            "end": diagnostic.span.map(|span| span.end),
            "file": diagnostic.origin.as_ref().map_or(&trouble.name, |origin| &origin.file),
            "line": diagnostic.origin.as_ref().map(|origin| origin.line),
            "column": diagnostic.origin.as_ref().map(|origin| origin.column),
        })
    };
    format!("{}\n", Value::Array(trouble.diagnostics.iter().map(one).collect()))
}
