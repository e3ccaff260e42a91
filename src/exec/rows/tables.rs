//! Rows of two tables: in both, in either, or those that agree.

use rustc_hash::FxHashMap;

use super::{Row, all, sides, widened};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::ast::Combination;
use crate::ir::plan::Expr;
use crate::store::Interner;
use crate::value::Value;

/// The rows of both tables, of the first that the second has, or of the first that the second has not, each once.
pub(super) fn combine(
    run: &Run<'_>,
    rows: Vec<Row>,
    others: Vec<Row>,
    how: Combination,
) -> Result<Vec<Row>, Diagnostic> {
    let mut interner = Interner::default();
    // A list of nothing is missing.
    let exact = |value: &Value| if value.is_missing() { Value::Missing } else { value.clone() };
    let mut code = |row: &Row| interner.code(&Value::list(row.iter().map(exact))) as usize;
    let theirs: Vec<usize> = others.iter().map(&mut code).collect();
    let mine: Vec<usize> = rows.iter().map(&mut code).collect();
    let most = theirs.iter().chain(&mine).max().map_or(0, |most| most + 1);
    let mut is_theirs = vec![false; most];
    theirs.iter().for_each(|&code| is_theirs[code] = true);
    let mut is_taken = vec![false; most];
    let mut combined = Vec::new();
    for (row, code) in rows.into_iter().zip(mine) {
        run.check(combined.len())?;
        let is_wanted = match how {
            Combination::Union => true,
            Combination::Intersect => is_theirs[code],
            Combination::Except => !is_theirs[code],
        };
        if is_wanted && !std::mem::replace(&mut is_taken[code], true) {
            combined.push(row);
        }
    }
    if how == Combination::Union {
        for (row, code) in others.into_iter().zip(theirs) {
            run.check(combined.len())?;
            if !std::mem::replace(&mut is_taken[code], true) {
                combined.push(row);
            }
        }
    }
    Ok(combined)
}

/// A row for each pair of rows that agree: lists in any of their values, and what is missing with nothing.
pub(super) fn join(
    run: &Run<'_>,
    rows: Vec<Row>,
    others: Vec<Row>,
    on: &[(Expr, Expr)],
    take: &[Expr],
) -> Result<Vec<Row>, Diagnostic> {
    let (mine, theirs) = sides(on);
    let mut interner = Interner::default();
    let mut known: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    let mut keys = Vec::with_capacity(others.len());
    let mut taken = Vec::with_capacity(others.len());
    for (place, other) in others.iter().enumerate() {
        let values = widened(run, &theirs, other)?;
        let codes: Vec<Vec<u32>> =
            values.iter().map(|value| value.items().iter().map(|item| interner.code(item)).collect()).collect();
        for &code in codes.first().into_iter().flatten() {
            let places = known.entry(code).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        keys.push(codes);
        taken.push(all(run, take, other)?);
    }
    let mut joined = Vec::new();
    for row in rows {
        let values = widened(run, &mine, &row)?;
        let codes: Vec<Vec<u32>> =
            values.iter().map(|value| value.items().iter().map(|item| interner.code(item)).collect()).collect();
        let mut near: Vec<usize> =
            codes.first().into_iter().flatten().filter_map(|code| known.get(code)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        for place in near {
            run.check(joined.len())?;
            let agrees =
                codes.iter().zip(&keys[place]).all(|(mine, theirs)| mine.iter().any(|code| theirs.contains(code)));
            if agrees {
                joined.push([row.as_slice(), &taken[place]].concat());
            }
        }
    }
    Ok(joined)
}
