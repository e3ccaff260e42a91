//! An `expect` to whether it holds, and if it does not, to its sides and the rows behind them.

use std::sync::Arc;

use super::{Reply, Session, placed};
use crate::answer::{Answer, Cell, Failure, Side};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::exec;
use crate::ir::ast::{BinaryOperator, Expr, ExprKind};
use crate::resolve;
use crate::value::Truth;

/// How many rows of a side are shown.
const MOST_ROWS: usize = 10;

impl Session {
    /// What an `expect` of a text replies.
    pub(super) fn expect(
        &self,
        name: &str,
        text: &Arc<str>,
        sentence: Option<&str>,
        predicate: &Expr,
    ) -> Result<Reply, Vec<Diagnostic>> {
        let truth = self.truth(text, predicate)?;
        let sentence = sentence.unwrap_or_else(|| predicate.span.of(text)).to_owned();
        if truth == Truth::True {
            return Ok(Reply::Met(sentence));
        }
        let failing = self.failing(text, predicate);
        let span = if let [only] = failing.as_slice() { only.span } else { predicate.span };
        let compared: Vec<Vec<Side>> = failing.iter().map(|part| self.sides(text, part)).collect();
        let told: Vec<String> = compared.iter().map(|sides| tell(sides)).collect();
        let verb = if truth == Truth::Unknown { "is not known to hold" } else { "does not hold" };
        let message = format!("`{sentence}` {verb}");
        let diagnostic = Diagnostic::new(Code::EXPECTATION, span, message).help(told.join("; "));
        let trouble = Trouble { name: name.to_owned(), text: text.clone(), diagnostics: vec![diagnostic] };
        let sides = compared.into_iter().flatten().collect();
        Ok(Reply::Failed(Box::new(Failure { sentence, trouble, sides })))
    }

    fn truth(&self, text: &Arc<str>, predicate: &Expr) -> Result<Truth, Vec<Diagnostic>> {
        let resolved = resolve::resolve_predicate(self.world(), &self.environment, text, predicate)?;
        let value = exec::value(&self.a_run(), &resolved);
        value.map(|value| value.truth()).map_err(|diagnostic| vec![placed(diagnostic, predicate.span)])
    }

    /// The parts of a predicate for which it does not hold.
    fn failing<'a>(&self, text: &Arc<str>, predicate: &'a Expr) -> Vec<&'a Expr> {
        match &*predicate.kind {
            ExprKind::Binary(BinaryOperator::And, left, right) => [left, right]
                .into_iter()
                .filter(|part| self.truth(text, part) != Ok(Truth::True))
                .flat_map(|part| self.failing(text, part))
                .collect(),
            ExprKind::Binary(BinaryOperator::Or, left, right) => {
                [self.failing(text, left), self.failing(text, right)].concat()
            }
            _ => vec![predicate],
        }
    }

    /// What is compared in a part of a predicate.
    fn sides(&self, text: &Arc<str>, part: &Expr) -> Vec<Side> {
        let rows = |side: &Expr| {
            let resolved = resolve::resolve_rows(self.world(), &self.environment, text, side)?;
            self.answer(text, &resolved).ok().map(|answer| cut(answer, MOST_ROWS))
        };
        compared(part).into_iter().map(|side| Side { rows: rows(side), ..self.side(text, side) }).collect()
    }

    /// What an `expect` of a text compares, and the rows that bear it out with what they cite, so many at most of each side.
    pub fn evidence(&self, text: &Arc<str>, predicate: &Expr, most: usize) -> Vec<Side> {
        if let ExprKind::Binary(BinaryOperator::And | BinaryOperator::Or, left, right) = &*predicate.kind {
            return [left, right].into_iter().flat_map(|part| self.evidence(text, part, most)).collect();
        }
        let rows = |side: &Expr| {
            let resolved = resolve::resolve_evidence(self.world(), &self.environment, text, side)?;
            self.answer(text, &resolved).ok().map(|answer| cut(answer, most))
        };
        let compared = compared(predicate);
        compared.into_iter().map(|side| Side { rows: rows(side), ..self.side(text, side) }).collect()
    }

    fn side(&self, text: &Arc<str>, side: &Expr) -> Side {
        let written = side.span.of(text).to_owned();
        let resolved = resolve::resolve_expression(self.world(), &self.environment, text, side);
        let value = resolved.ok().and_then(|resolved| exec::value(&self.a_run(), &resolved).ok());
        // A word whose meaning hangs on the other side is told as it was written.
        let value = value.map_or_else(|| Cell::Text(written.as_str().into()), |value| Cell::of(&self.store, value));
        Side { text: written, value, rows: None }
    }
}

/// What is compared in a part of a predicate.
fn compared(part: &Expr) -> Vec<&Expr> {
    match &*part.kind {
        ExprKind::Binary(_, left, right) | ExprKind::In { value: left, within: right, .. } => vec![left, right],
        ExprKind::Not(inner) | ExprKind::Every(inner) => compared(inner),
        ExprKind::Between(_, value, ..) | ExprKind::Is(_, value) => vec![value],
        _ => vec![part],
    }
}

/// The first rows of an answer, and how many more there are.
fn cut(mut answer: Answer, most: usize) -> Answer {
    let more = answer.rows.len().saturating_sub(most);
    answer.rows.truncate(most);
    if more > 0 {
        answer.notes.insert(0, format!("and {more} more"));
    }
    answer
}

/// `left is 27, right is 1000`
fn tell(sides: &[Side]) -> String {
    let names: &[&str] = if sides.len() == 1 { &["it"] } else { &["left", "right"] };
    let told = names.iter().zip(sides).map(|(name, side)| format!("{name} is {}", shorten(&side.value)));
    told.collect::<Vec<_>>().join(", ")
}

fn shorten(value: &Cell) -> String {
    const MOST: usize = 6;
    match value {
        Cell::Missing => "missing".to_owned(),
        Cell::List(items) if items.is_empty() => "an empty list".to_owned(),
        Cell::List(items) if items.len() > MOST => {
            let shown = Cell::List(items[..MOST].to_vec());
            format!("{shown} and {} more", items.len() - MOST)
        }
        value => value.to_string(),
    }
}
