//! A heat map: a field for each pair of keys, and how dark it is.

use indexmap::IndexSet;

use super::amount::Amount;
use super::scale::{Shades, index};
use super::{clean, named, time};
use crate::answer::Answer;
use crate::value::Period;

/// So many rows and columns are drawn.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 120;

/// Fields in rows and columns.
#[derive(Debug, Clone)]
pub(super) struct Heatmap {
    /// What the rows and the columns are by.
    pub by: String,
    /// What the fields measure.
    pub measure: String,
    /// The names of the rows.
    pub rows: IndexSet<String>,
    /// The names of the columns.
    pub columns: IndexSet<String>,
    /// The fields, row by row; nothing where there are no rows.
    pub fields: Vec<Vec<Option<Amount>>>,
    /// How dark they are.
    pub shades: Shades,
}

impl Heatmap {
    /// The heat map of an answer, and what should be said of it.
    pub(super) fn of(answer: &Answer, row: usize, column: Option<usize>, values: &[usize]) -> (Self, Vec<String>) {
        let name = |place: usize| clean(&answer.columns[place].name);
        let mut map = Self {
            by: column.map_or(name(row), |column| format!("{} and {}", name(row), name(column))),
            measure: column.map_or(String::new(), |_| name(values[0])),
            rows: IndexSet::new(),
            columns: values.iter().filter(|_| column.is_none()).map(|&value| name(value)).collect(),
            fields: Vec::new(),
            shades: Shades::of(std::iter::empty()),
        };
        let calendar = column.and_then(|column| calendar(answer, column));
        let leaves_out_empty = calendar.as_ref().is_some_and(IndexSet::is_empty);
        map.columns.extend(calendar.into_iter().flatten());
        for cells in &answer.rows {
            let at = map.rows.insert_full(named(&cells[row].to_string())).0;
            let fields: Vec<(usize, Option<Amount>)> = match column {
                Some(column) => {
                    let at = map.columns.insert_full(named(&cells[column].to_string())).0;
                    vec![(at, Amount::of(&cells[values[0]]))]
                }
                None => values.iter().map(|&value| Amount::of(&cells[value])).enumerate().collect(),
            };
            map.fields.resize(map.rows.len().min(MOST_ROWS), Vec::new());
            let Some(row) = map.fields.get_mut(at) else { continue };
            for (column, amount) in fields.into_iter().filter(|(column, _)| *column < MOST_COLUMNS) {
                row.resize(row.len().max(column + 1), None);
                row[column] = amount;
            }
        }
        let mut notes = map.cut();
        if leaves_out_empty {
            notes.push("times without rows are too many, and are left out".to_owned());
        }
        let amounts = map.fields.iter().flatten().flatten();
        map.shades = Shades::of(amounts.map(|amount| amount.size));
        (map, notes)
    }

    /// Makes all rows as long as there are columns, and drops those that are too many.
    fn cut(&mut self) -> Vec<String> {
        let mut notes = Vec::new();
        for (names, most, what) in [(&mut self.rows, MOST_ROWS, "rows"), (&mut self.columns, MOST_COLUMNS, "columns")] {
            if names.len() > most {
                notes.push(format!("the first {most} of {} {what} are drawn", names.len()));
                names.truncate(most);
            }
        }
        self.fields.iter_mut().for_each(|row| row.resize(self.columns.len(), None));
        if self.fields.iter().flatten().any(Option::is_none) {
            notes.push("a field without a number has no rows".to_owned());
        }
        notes
    }

    /// What it shows, in words.
    pub(super) fn said(&self) -> String {
        const MOST: usize = 6;
        let mut fields: Vec<(f64, String)> = Vec::new();
        for (row, amounts) in self.rows.iter().zip(&self.fields) {
            for (column, amount) in self.columns.iter().zip(amounts) {
                fields.extend(amount.as_ref().map(|amount| (amount.size, format!("{row}, {column} {}", amount.text))));
            }
        }
        fields.sort_by(|one, other| other.0.total_cmp(&one.0));
        let largest: Vec<String> = fields.into_iter().take(MOST).map(|(_, said)| said).collect();
        let measure = if self.measure.is_empty() { String::new() } else { format!(" of {}", self.measure) };
        let (rows, columns) = (self.rows.len(), self.columns.len());
        format!(
            "Heat map{measure} by {}, {rows} rows and {columns} columns; the largest: {}.",
            self.by,
            largest.join("; ")
        )
    }
}

/// All units of the calendar from the first of a column to the last, the empty ones too; none if they are too many. `None` if
/// the column is no calendar.
fn calendar(answer: &Answer, column: usize) -> Option<IndexSet<String>> {
    if answer.columns[column].kind != "period" {
        return None;
    }
    let mut periods: Vec<Period> = answer.rows.iter().map(|row| time::period(&row[column])).collect::<Option<_>>()?;
    periods.sort_by_key(|period| period.first);
    let unit = time::unit(&periods)?;
    let (first, last) = (periods.first()?, periods.last()?);
    let count = index(unit, last.first) - index(unit, first.first) + 1;
    if count as usize > MOST_COLUMNS {
        return Some(IndexSet::new());
    }
    Some(
        std::iter::successors(Some(*first), |period| Some(unit.of(period.last + 1)))
            .take(count as usize)
            .map(|period| period.to_string())
            .collect(),
    )
}
