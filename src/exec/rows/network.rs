//! Who took part with whom, and the shortest chain of events from one to another.

use std::collections::VecDeque;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::{Row, all};
use crate::builtin::{order, order_lists};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::plan::Expr;
use crate::store::Interner;
use crate::value::Value;

type Map<K, V> = IndexMap<K, V, FxBuildHasher>;

/// The different members of each row, as codes in the order in which they come.
fn members(run: &Run<'_>, rows: &[Row], members: &Expr) -> Result<(Vec<Vec<u32>>, Vec<Value>), Diagnostic> {
    let mut interner = Interner::default();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        run.check(0)?;
        let value = evaluate(run, members, row)?;
        let mut codes: Vec<u32> = Vec::new();
        for code in value.items().iter().map(|item| interner.code(item)) {
            if code != 0 && !codes.contains(&code) {
                codes.push(code);
            }
        }
        all.push(codes);
    }
    Ok((all, interner.into_values()))
}

/// A row for each pair, in the order of the names.
pub(super) fn links(
    run: &Run<'_>,
    rows: &[Row],
    who: &Expr,
    date: &Expr,
    sources: Option<&Expr>,
) -> Result<Vec<Row>, Diagnostic> {
    let (members, values) = members(run, rows, who)?;
    let before = |left: u32, right: u32| order(run.store, &values[left as usize - 1], &values[right as usize - 1]);
    let mut pairs: Map<(u32, u32), Vec<usize>> = Map::default();
    for (place, codes) in members.iter().enumerate() {
        run.check(pairs.len())?;
        for (at, &one) in codes.iter().enumerate() {
            for &other in &codes[at + 1..] {
                let pair = if before(one, other).is_le() { (one, other) } else { (other, one) };
                pairs.entry(pair).or_default().push(place);
            }
        }
    }
    let mut linked = Vec::with_capacity(pairs.len());
    for ((one, other), places) in pairs {
        let mut dates = Vec::new();
        let mut cited: Vec<Value> = Vec::new();
        for &place in &places {
            dates.push(evaluate(run, date, &rows[place])?);
            if let Some(sources) = sources {
                for source in evaluate(run, sources, &rows[place])?.items() {
                    if !cited.contains(source) {
                        cited.push(source.clone());
                    }
                }
            }
        }
        dates.retain(|date| !date.is_missing());
        dates.sort_by(|left, right| order(run.store, left, right));
        let edge = |date: Option<&Value>| date.cloned().unwrap_or(Value::Missing);
        let mut row = vec![values[one as usize - 1].clone(), values[other as usize - 1].clone()];
        row.extend([Value::Int(places.len() as i64), edge(dates.first()), edge(dates.last())]);
        if sources.is_some() {
            row.push(Value::list(cited));
        }
        linked.push(row);
    }
    linked.sort_by(|left, right| order_lists(run.store, &left[..2], &right[..2]));
    Ok(linked)
}

/// A row for each step of a chain that no other is shorter than; of several events the earliest in the table.
pub(super) fn path(
    run: &Run<'_>,
    rows: &[Row],
    who: &Expr,
    (from, to): (&Value, &Value),
    shown: &[Expr],
) -> Result<Vec<Row>, Diagnostic> {
    let (members, values) = members(run, rows, who)?;
    let code = |wanted: &Value| {
        let is_it = |value: &Value| order(run.store, value, wanted).is_eq();
        values.iter().position(is_it).map(|place| place as u32 + 1)
    };
    let (Some(from), Some(to)) = (code(from), code(to)) else { return Ok(Vec::new()) };
    let mut events: Map<u32, Vec<usize>> = Map::default();
    for (place, codes) in members.iter().enumerate() {
        codes.iter().for_each(|&code| events.entry(code).or_default().push(place));
    }
    let mut reached: Map<u32, (u32, usize)> = Map::default();
    let mut waiting = VecDeque::from([from]);
    while let Some(one) = waiting.pop_front() {
        run.check(0)?;
        if one == to {
            break;
        }
        for &place in events.get(&one).into_iter().flatten() {
            for &other in &members[place] {
                if other != from && !reached.contains_key(&other) {
                    reached.insert(other, (one, place));
                    waiting.push_back(other);
                }
            }
        }
    }
    let mut steps = Vec::new();
    let mut at = to;
    while at != from {
        let Some(&(before, place)) = reached.get(&at) else { return Ok(Vec::new()) };
        steps.push((before, at, place));
        at = before;
    }
    let mut chain = Vec::with_capacity(steps.len());
    for (step, (one, other, place)) in steps.into_iter().rev().enumerate() {
        let mut row =
            vec![Value::Int(step as i64 + 1), values[one as usize - 1].clone(), values[other as usize - 1].clone()];
        row.extend(all(run, shown, &rows[place])?);
        chain.push(row);
    }
    Ok(chain)
}
