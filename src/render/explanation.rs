//! An explanation: the question, the plan with rows and times, the rules.

use std::time::Duration;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::format::Format;
use super::listing::{terms, wrap};
use super::style::{BOLD, DIM, paint};
use crate::answer::{Explanation, Line, Rule, Step};
use crate::markup::{self, visible_line};

/// An explanation: to read, or for programs an object.
pub fn explanation(explanation: &Explanation, format: Format, color: bool, width: usize) -> String {
    if matches!(format, Format::Json | Format::Jsonl) {
        return as_json(explanation);
    }
    let mut lines: Vec<String> =
        wrap(&visible_line(&explanation.question), width).into_iter().map(|line| paint(&line, BOLD, color)).collect();
    for (name, meaning) in &explanation.definitions {
        lines.extend(wrap(&visible_line(&format!("`{name}` is: {meaning}")), width));
    }
    let columns = explanation.columns.iter().map(|column| format!("{} ({})", column.name, column.kind));
    let columns = wrap(&visible_line(&format!("Columns: {}", columns.collect::<Vec<_>>().join(", "))), width);
    let steps = steps(&explanation.steps, color, width);
    let mut text = format!("{}\n\n{steps}\n{}\n", lines.join("\n"), columns.join("\n"));
    if !explanation.rules.is_empty() {
        let rule = |rule: &Rule| Line::new(&rule.name, "", &rule.reason);
        let rules: Vec<Line> = explanation.rules.iter().map(rule).collect();
        text.push_str(&format!("\nChanged before it ran\n{}", terms(&rules, color, width)));
    }
    text
}

/// A node a line, after its rows and its time, and below it what answered it.
fn steps(steps: &[Step], color: bool, width: usize) -> String {
    let counted: Vec<[String; 2]> = steps.iter().map(|step| [step.rows.to_string(), milliseconds(step.time)]).collect();
    let widest = |place: usize, title: &str| {
        counted.iter().map(|numbers| numbers[place].width()).chain([title.width()]).max().unwrap_or(0)
    };
    let (rows, times) = (widest(0, "rows"), widest(1, "time"));
    let mut text = paint(&format!("{:>rows$}  {:>times$}  plan", "rows", "time"), DIM, color) + "\n";
    for (step, [count, time]) in steps.iter().zip(&counted) {
        let lead = if step.depth == 0 { String::new() } else { format!("{}└ ", "  ".repeat(step.depth - 1)) };
        let indent = rows + times + 4 + lead.width();
        let wrapped = |text: &str| wrap(&visible_line(text), width.saturating_sub(indent).max(20));
        let answered = step.answered.as_deref().map(wrapped).unwrap_or_default();
        let lines = wrapped(&step.text).into_iter().chain(answered.iter().map(|line| paint(line, DIM, color)));
        text.push_str(&format!("{count:>rows$}  {time:>times$}  {lead}"));
        text.push_str(&lines.collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(indent))));
        text.push('\n');
    }
    text
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn as_json(explanation: &Explanation) -> String {
    let Explanation { question, definitions, columns, steps, rules } = explanation;
    let definitions: Vec<_> =
        definitions.iter().map(|(name, meaning)| json!({"name": name, "meaning": meaning})).collect();
    let columns: Vec<_> = columns.iter().map(|column| json!({"name": column.name, "type": column.kind})).collect();
    let step = |step: &Step| {
        let milliseconds = step.time.as_secs_f64() * 1e3;
        json!({
            "depth": step.depth,
            "does": step.text,
            "answered": step.answered,
            "rows": step.rows,
            "milliseconds": milliseconds,
        })
    };
    let rule = |rule: &Rule| json!({"name": rule.name, "reason": rule.reason});
    let value = json!({
        "question": question,
        "definitions": definitions,
        "columns": columns,
        "steps": steps.iter().map(step).collect::<Vec<_>>(),
        "rules": rules.iter().map(rule).collect::<Vec<_>>(),
    });
    format!("{}\n", markup::json(&value.to_string()))
}
