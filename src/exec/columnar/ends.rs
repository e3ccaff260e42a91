//! The first rows of a table by date, or the last, where it stands in that order: the others are not looked at.

use super::frame::Frame;
use super::order;
use super::select::Selected;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::plan::{ExprKind, Plan, SortKey};
use crate::store::Column;

/// The first `count` rows by these keys of those that are selected; `None` where the first key is not the order in which
/// the rows stand.
pub(super) fn top<'a>(
    run: &Run<'a>,
    plan: &Plan,
    table: &Frame<'a>,
    selected: &Selected<'_>,
    keys: &[SortKey],
    count: u64,
) -> Result<Option<Frame<'a>>, Diagnostic> {
    let Some(SortKey { value, descending }) = keys.first() else { return Ok(None) };
    let (ExprKind::Column(place), Some(number)) = (&value.kind, table.table) else { return Ok(None) };
    let (Column::Day(days), Some(range)) = (&*table.columns[*place].column, table.range()) else { return Ok(None) };
    if run.store.ordered_by(number) != Some(*place) {
        return Ok(None);
    }
    run.answered_by(plan, format_args!("from the {}, stopping early", if *descending { "end" } else { "start" }));
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut rows: Vec<u32> = Vec::new();
    for row in selected.iter(*descending).take_while(|_| count > 0) {
        // Those of the day of the last are all needed: the other keys say which of them come first.
        if rows.len() >= count && rows.last().is_some_and(|last| days[*last as usize] != days[row as usize]) {
            break;
        }
        run.check(rows.len())?;
        rows.push(row - range.start as u32);
    }
    rows.sort_unstable();
    let near = table.keep(rows);
    let first = order::sorted(run, &near, keys, count)?;
    Ok(Some(near.keep(first)))
}
