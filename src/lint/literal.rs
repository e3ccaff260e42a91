//! Dates that are written and lie before the data begins or after it ends.

use super::Look;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Expr, ExprKind};
use crate::store::{EVENTS, Store};
use crate::value::{Bucket, Period, Value};

impl Look<'_> {
    /// Looks at predicates of events as they are stored.
    pub(super) fn dates(self, all: &[&Expr], warnings: &mut Vec<Diagnostic>) {
        let columns = times(self.store);
        let mut extent = None;
        let mut told = Vec::new();
        for one in all {
            let ExprKind::Compare { left, right, .. } = &one.kind else { continue };
            let (ExprKind::Column(column), ExprKind::Literal(Value::Period(period))) = (&left.kind, &right.kind) else {
                continue;
            };
            // What `today` or a name stands for was not chosen with this data in mind.
            let is_written = self.written(right).starts_with(|first: char| first.is_ascii_digit() || first == '.');
            if !columns.contains(column) || !is_written || told.contains(&right.span) {
                continue;
            }
            let Some(extent) = *extent.get_or_insert_with(|| of_data(self.store, &columns)) else { return };
            let (verb, day) = match period {
                _ if period.last < extent.first => ("begins", extent.first),
                _ if period.first > extent.last => ("ends", extent.last),
                _ => continue,
            };
            told.push(right.span);
            let side = if verb == "begins" { "before" } else { "after" };
            let day = Bucket::Day.of(day);
            let message = format!("`{}` is {side} the data {verb}, on {day}", self.written(right));
            self.warn(warnings, Code::OUTSIDE_DATA, right, message, "");
        }
    }
}

/// The columns of an event that say when it began and ended.
fn times(store: &Store) -> Vec<usize> {
    let table = &store.tables[EVENTS];
    let began = store.about.date.as_deref().unwrap_or("date");
    [began, "end"].iter().filter_map(|name| table.field(name)).collect()
}

/// From the day when the first event can have begun to the day when the last can have ended.
fn of_data(store: &Store, columns: &[usize]) -> Option<Period> {
    let table = &store.tables[EVENTS];
    let mut extent: Option<Period> = None;
    for &column in columns {
        for row in 0..table.rows {
            let Value::Date(date) = table.fields[column].column.value(row) else { continue };
            let date = date.bounds();
            let known = extent.unwrap_or(date);
            extent = Some(Period { first: known.first.min(date.first), last: known.last.max(date.last) });
        }
    }
    extent
}
