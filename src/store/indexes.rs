//! What is made of the columns of a store when it is first asked for.

use std::ops::Range;
use std::sync::OnceLock;

use super::column::{Codes, Column, NO_DAY};
use super::days::DayStarts;
use super::rows::RowsByCode;
use super::{Store, Table};
use crate::value::Period;

/// Where each code of a column stands, table by table and field by field.
#[derive(Debug, Clone, Default)]
pub struct Indexes(Vec<Vec<Index>>);

#[derive(Debug, Clone, Default)]
struct Index {
    rows: OnceLock<Option<RowsByCode>>,
    /// The codes of each field of the table in the order in which the rows stand here.
    along: OnceLock<Vec<OnceLock<Codes>>>,
    /// Where each day starts, if this is the column in whose order the rows stand.
    days: OnceLock<Option<DayStarts>>,
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

    /// The codes of one field in the order of the rows by the codes of another, which has many.
    pub fn along(&self, table: usize, by: usize, field: usize) -> Option<(&RowsByCode, &Codes)> {
        let by_code = self.rows_by_code(table, by)?;
        let rows = by_code.listed()?;
        let fields = &self.tables[table].fields;
        let (Column::Text(codes, _) | Column::Coded(_, codes)) = &*fields[field].column else { return None };
        let along = self.indexes.0[table][by].along.get_or_init(|| vec![OnceLock::new(); fields.len()]);
        Some((by_code, along[field].get_or_init(|| codes.at(rows))))
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
