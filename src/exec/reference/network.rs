//! The meaning of `links` and `path`: said of each pair of those who took part.

use super::{Row, all};
use crate::builtin::{order, order_lists};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::plan::Expr;
use crate::value::Value;

/// Who took part in each row, each once, and all of them in the order of their names.
fn members(run: &Run<'_>, rows: &[Row], members: &Expr) -> Result<(Vec<Vec<Value>>, Vec<Value>), Diagnostic> {
    let different = |values: &[Value]| {
        let mut different: Vec<Value> = Vec::new();
        for value in values {
            if !different.contains(value) {
                different.push(value.clone());
            }
        }
        different
    };
    let mut of_rows = Vec::new();
    for row in rows {
        of_rows.push(different(evaluate(run, members, row)?.items()));
    }
    let mut everyone = different(&of_rows.concat());
    everyone.sort_by(|left, right| order(run.store, left, right));
    Ok((of_rows, everyone))
}

/// For each two who took part in one row, in the order of their names: in how many, on the first date and the last, and the
/// different sources.
pub(super) fn links(
    run: &Run<'_>,
    rows: &[Row],
    who: &Expr,
    date: &Expr,
    sources: Option<&Expr>,
) -> Result<Vec<Row>, Diagnostic> {
    let (members, everyone) = members(run, rows, who)?;
    let mut links = Vec::new();
    for (place, one) in everyone.iter().enumerate() {
        for other in &everyone[place + 1..] {
            let shared: Vec<&Row> = rows
                .iter()
                .zip(&members)
                .filter(|(_, members)| members.contains(one) && members.contains(other))
                .map(|(row, _)| row)
                .collect();
            if shared.is_empty() {
                continue;
            }
            let mut dates = Vec::new();
            let mut cited: Vec<Value> = Vec::new();
            for row in shared.iter().copied() {
                dates.push(evaluate(run, date, row)?);
                for source in sources.map_or(Ok(Value::Missing), |sources| evaluate(run, sources, row))?.items() {
                    if !cited.contains(source) {
                        cited.push(source.clone());
                    }
                }
            }
            dates.retain(|date| !date.is_missing());
            let by_order = |left: &&Value, right: &&Value| order(run.store, left, right);
            let first = dates.iter().min_by(by_order).cloned().unwrap_or(Value::Missing);
            let last = dates.iter().max_by(by_order).cloned().unwrap_or(Value::Missing);
            let mut link = vec![one.clone(), other.clone(), Value::Int(shared.len() as i64), first, last];
            link.extend(sources.map(|_| Value::list(cited)));
            links.push(link);
            run.check(links.len())?;
        }
    }
    links.sort_by(|left, right| order_lists(run.store, &left[..2], &right[..2]));
    Ok(links)
}

/// A chain of rows from one to another of which each shares someone with the next, as short as any. Of several that one
/// whose first row is the earliest in the table, then whose second is; in a row those named first come first.
pub(super) fn path(
    run: &Run<'_>,
    rows: &[Row],
    who: &Expr,
    (from, to): (&Value, &Value),
    shown: &[Expr],
) -> Result<Vec<Row>, Diagnostic> {
    let (members, everyone) = members(run, rows, who)?;
    // By how many steps at least someone can reach the end: those of the rows in which someone is who needs one less.
    let mut steps: Vec<Vec<Value>> = vec![everyone.iter().filter(|one| *one == to).cloned().collect()];
    while let Some(reached) = steps.last().filter(|reached| !reached.is_empty() && !reached.contains(from)) {
        run.check(0)?;
        let is_near =
            |one: &Value| members.iter().any(|row| row.contains(one) && row.iter().any(|of| reached.contains(of)));
        let is_new = |one: &Value| !steps.concat().contains(one);
        steps.push(everyone.iter().filter(|one| is_new(one) && is_near(one)).cloned().collect());
    }
    steps.pop();
    let mut chain = Vec::new();
    let mut one = from.clone();
    if !everyone.contains(from) {
        return Ok(chain);
    }
    for reached in steps.iter().rev() {
        let next = rows.iter().zip(&members).filter(|(_, members)| members.contains(&one));
        let next = next.filter_map(|(row, members)| Some((row, members.iter().find(|other| reached.contains(other))?)));
        let Some((row, other)) = next.into_iter().next() else { return Ok(Vec::new()) };
        let mut step = vec![Value::Int(chain.len() as i64 + 1), one, other.clone()];
        step.extend(all(run, shown, row)?);
        chain.push(step);
        one = other.clone();
    }
    Ok(chain)
}
