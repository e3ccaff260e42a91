//! What is made of the columns of a store when it is first asked for.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::column::{Column, NO_DAY};
use super::days::DayStarts;
use super::later::StoredColumn;
use super::rows::RowsByCode;
use super::{Store, Table};
use crate::value::Period;

/// Where each code of a column stands, table by table and field by field.
#[derive(Debug, Clone, Default)]
pub struct Indexes(Vec<Vec<Index>>);

#[derive(Debug, Clone, Default)]
struct Index {
    rows: OnceLock<Option<RowsByCode>>,
    /// The fields of the table in the order in which the rows stand here.
    along: OnceLock<Vec<Along>>,
    /// Where each day starts, if this is the column in whose order the rows stand.
    days: OnceLock<Option<DayStarts>>,
}

/// The codes of a field in the order of the rows by the codes of another.
#[derive(Debug, Clone, Default)]
struct Along {
    column: OnceLock<StoredColumn>,
    /// Of how many rows it could have been asked so far.
    wanted: Arc<AtomicUsize>,
}

impl Indexes {
    /// None is made yet.
    pub(super) fn of(tables: &[Table]) -> Self {
        Self(tables.iter().map(|table| vec![Index::default(); table.fields.len()]).collect())
    }
}

impl Store {
    /// The rows of each code of a column of codes or of lists of them, once the store is [indexed](Self::index).
    pub fn rows_by_code(&self, table: usize, field: usize) -> Option<&RowsByCode> {
        let index = self.indexes.0.get(table)?.get(field)?;
        let column: &Column = &self.tables[table].fields[field].column;
        index.rows.get_or_init(|| RowsByCode::of(column, self.codes_of(column)?)).as_ref()
    }

    /// The rows of a period, where the rows of a table stand in the order of their dates.
    pub fn rows_within(&self, table: usize, period: Period) -> Option<Range<usize>> {
        let field = self.ordered_by(table)?;
        let Column::Day(days) = &*self.tables[table].fields[field].column else { return None };
        let starts = self.indexes.0.get(table)?.get(field)?.days.get_or_init(|| DayStarts::new(days));
        if let Some(starts) = starts {
            return Some(starts.rows(period.first, period.last));
        }
        let start = days.partition_point(|&day| day < period.first);
        Some(start..days.partition_point(|&day| day <= period.last && day != NO_DAY).max(start))
    }

    /// One field, which has codes, in the order of the rows by the codes of another, which has many.
    pub fn along(&self, table: usize, by: usize, field: usize) -> Option<&StoredColumn> {
        let rows = self.rows_by_code(table, by)?.listed()?;
        let column: &Column = &self.tables[table].fields[field].column;
        let (Column::Text(codes, _) | Column::Coded(_, codes)) = column else { return None };
        Some(self.along_of(table, by, field).column.get_or_init(|| {
            let codes = codes.at(rows);
            let column = match column {
                Column::Text(_, dictionary) => Column::Text(codes, dictionary.clone()),
                Column::Coded(domain, _) => Column::Coded(*domain, codes),
                other => other.clone(),
            };
            column.into()
        }))
    }

    /// The [same](Self::along) for a question of some rows, once such questions were of as many rows as the table has: it
    /// takes no longer to make it than they took without.
    pub fn along_if_worth(&self, table: usize, by: usize, field: usize, rows: usize) -> Option<&StoredColumn> {
        let along = self.along_of(table, by, field);
        if along.column.get().is_none() && along.wanted.fetch_add(rows, Ordering::Relaxed) < self.tables[table].rows {
            return None;
        }
        self.along(table, by, field)
    }

    fn along_of(&self, table: usize, by: usize, field: usize) -> &Along {
        let fields = self.tables[table].fields.len();
        &self.indexes.0[table][by].along.get_or_init(|| (0..fields).map(|_| Along::default()).collect())[field]
    }

    /// How many codes a column of codes, or of lists of them, can have, with that of what is missing.
    fn codes_of(&self, column: &Column) -> Option<usize> {
        match column {
            Column::Text(_, dictionary) => Some(dictionary.len() + 1),
            Column::Coded(domain, _) => Some(self.domain(*domain).len() + 1),
            Column::List(_, items) => self.codes_of(items),
            _ => None,
        }
    }
}
