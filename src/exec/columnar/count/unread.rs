//! How many rows of a table conditions leave, where that can be told without its rows in their order: by the words of a
//! text, or part by part before the columns are read.

use std::sync::{Mutex, PoisonError};

use super::kept;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::columnar::coder::add_columns;
use crate::exec::columnar::frame::{Frame, Vector};
use crate::exec::columnar::select;
use crate::ir::plan::{Expr, Plan};
use crate::store::{Column, EVENTS};

/// How many rows, and for how many each condition is the first that is not known.
type Counted = (usize, Vec<usize>);

/// How many rows of a table the conditions of a filter leave; `None` where the rows are to be asked.
pub(in crate::exec::columnar) fn at_once(
    run: &Run<'_>,
    filter: &Plan,
    table: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
) -> Result<Option<Counted>, Diagnostic> {
    if let Some(counted) = by_parts(run, table, predicates, possibly) {
        run.answered_by(filter, "part by part, before columns are read");
        return counted.map(Some);
    }
    if let ([only], false) = (predicates, possibly)
        && let Some((count, unknown)) = select::count(table, only)
    {
        select::tell(run, filter, table, predicates, &[]);
        return Ok(Some((count, vec![unknown])));
    }
    Ok(None)
}

/// By a look at each part of the events, in no order.
fn by_parts(
    run: &Run<'_>,
    table: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
) -> Option<Result<Counted, Diagnostic>> {
    let events = &run.store.tables[EVENTS];
    let mut places = Vec::new();
    predicates.iter().for_each(|predicate| add_columns(predicate, &mut places));
    let are_there = places.is_empty() || places.iter().any(|&place| events.fields[place].column.there().is_some());
    let is_whole = table.table == Some(EVENTS) && table.rows == events.rows;
    if are_there || !is_whole || !predicates.iter().all(Expr::is_safe) {
        return None;
    }
    let (store, interrupt, most_rows) = (run.store, run.interrupt, run.most_rows);
    let nothing = || Vector::made(Column::Bool(Vec::new().into()));
    let look = |columns: Vec<Column>| {
        let rows = columns.first().map_or(0, Column::len);
        let mut part = Frame::new(rows, events.fields.iter().map(|_| nothing()).collect());
        places.iter().zip(columns).for_each(|(&place, column)| part.columns[place] = Vector::made(column));
        kept(&Run::new(store, interrupt, most_rows), &part, predicates, possibly)
    };
    let all = Mutex::new(Ok((0, vec![0; predicates.len()])));
    let is_read = store.parts.look(&places, &|columns| {
        let found = look(columns);
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *all, found) {
            (Ok((counts, unknowns)), Ok((count, unknown))) => {
                *counts += count;
                unknowns.iter_mut().zip(unknown).for_each(|(all, more)| *all += more);
                return Some(());
            }
            (_, Err(stopped)) => *all = Err(stopped),
            (Err(_), Ok(_)) => {}
        }
        None
    });
    match all.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Ok(counted) => is_read.map(|()| Ok(counted)),
        Err(stopped) => Some(Err(stopped)),
    }
}
