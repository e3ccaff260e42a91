//! A column of all pieces of the files.

use super::{Column, Listed, Seen};
use crate::dataset::bare::why::{shortened, why_text};
use crate::dataset::builder::Builder;
use crate::dataset::joined::Joined;
use crate::value::{Base, Type};

/// The column of the pieces so far, in their order.
#[derive(Debug)]
pub(in crate::dataset::bare) struct Whole {
    /// What was seen of their values.
    column: Column,
    /// The values of each piece; `None` once they were not all of one type.
    values: Option<Joined>,
    /// The ends of the dates of each piece in which one is an interval.
    ends: Vec<Option<Builder>>,
}

impl Whole {
    /// Before any piece, each of which begins as this column does.
    pub(in crate::dataset::bare) fn of(column: &Column) -> Self {
        Self { column: column.clone(), values: Some(Joined::default()), ends: Vec::new() }
    }

    /// Adds the piece that follows; it is stale from then on if they are not all of one type.
    pub(in crate::dataset::bare) fn append(&mut self, mut piece: Column) {
        if self.column.is_done {
            return;
        }
        let (values, ends, built) = (piece.builder.take(), piece.ends.take(), piece.built);
        self.see(piece);
        let is_of_one_type = built == self.column.built && built == self.column.of();
        match (&mut self.values, values.filter(|_| is_of_one_type)) {
            (Some(all), Some(values)) => {
                all.0.push(values);
                self.ends.push(ends);
            }
            _ => self.values = None,
        }
    }

    /// Adds a piece without values for each of these counts of rows, as far as there are fewer pieces.
    pub(in crate::dataset::bare) fn fill(&mut self, rows: &[usize]) {
        let Some(all) = self.values.as_mut().filter(|_| !self.column.is_done) else { return };
        for &rows in &rows[all.0.len()..] {
            all.0.extend(Joined::missing(self.column.built, rows).0);
            self.ends.push(None);
        }
    }

    /// Learns what was seen of values that follow.
    fn see(&mut self, other: Column) {
        let column = &mut self.column;
        if other.possible.len() < column.possible.len() {
            let before = column.possible.first().filter(|_| column.is_seen).copied();
            column.seen.against = match (before, other.seen.against) {
                (Some(base), Some((_, text))) => Some((base, text)),
                (_, against) => against,
            };
            column.possible = other.possible;
        }
        column.is_seen |= other.is_seen;
        column.many |= other.many;
        column.listed = column.listed.max(other.listed);
        column.has_times |= other.has_times;
        column.not_a_date = column.not_a_date.take().or(other.not_a_date);
        column.seen.values += other.seen.values;
        column.seen.first = column.seen.first.take().or(other.seen.first);
        column.seen.has_compact_dates |= other.seen.has_compact_dates;
    }

    /// Whether some value did not fit, so that it is to be filled again.
    pub(in crate::dataset::bare) fn is_stale(&self) -> bool {
        self.values.is_none()
    }

    /// The column with which pieces begin when they are read again: one that takes nothing unless this one is stale.
    pub(in crate::dataset::bare) fn restarted(&self) -> Column {
        if self.is_stale() { self.column.restarted() } else { self.column.done() }
    }

    /// The type that all values have.
    pub(in crate::dataset::bare) fn type_of(&self) -> Type {
        self.column.of()
    }

    /// What its values are, and why they have their type.
    pub(in crate::dataset::bare) fn described(&self, rows: usize) -> String {
        let Seen { values, first, against, has_compact_dates } = &self.column.seen;
        let Some(first) = first else { return "no values".to_owned() };
        let missing = rows - values;
        let count = if *values == 1 { "1 value".to_owned() } else { format!("{values} values") };
        let missing = if missing > 0 { format!(", {missing} missing") } else { String::new() };
        let reason = match (self.column.of().base, against) {
            _ if self.column.wish.is_some() => String::new(),
            (Base::Text, _) if self.column.listed == Listed::Yes => "; lists, joined by `;`".to_owned(),
            (Base::Text, Some((base, text))) => format!("; text, as {}", why_text(text, *base)),
            (Base::Date, _) if *has_compact_dates => "; dates as `20240516`".to_owned(),
            _ => String::new(),
        };
        format!("{count}{missing}, the first `{}`{reason}", shortened(first))
    }

    /// Whether it is a date with a time of day, which is dropped.
    pub(in crate::dataset::bare) fn has_times(&self) -> bool {
        self.column.has_times && self.column.of().base == Base::Date
    }

    /// The first value that is not a date, of a column that was to be one of dates.
    pub(in crate::dataset::bare) fn not_a_date(&self) -> Option<&str> {
        self.column.not_a_date.as_deref()
    }

    /// Its values, unless it is stale.
    pub(in crate::dataset::bare) fn values(&self) -> Option<&Joined> {
        self.values.as_ref()
    }

    /// Its values.
    pub(in crate::dataset::bare) fn into_values(self) -> Joined {
        self.values.unwrap_or_default()
    }

    /// Its values, once.
    pub(in crate::dataset::bare) fn take_values(&mut self) -> Joined {
        self.values.take().unwrap_or_default()
    }

    /// The ends of its intervals, if it has any.
    pub(in crate::dataset::bare) fn ends(&self) -> Option<Joined> {
        let has_any = self.ends.iter().any(Option::is_some);
        let all = self.values.iter().flat_map(|values| &values.0).zip(&self.ends);
        has_any.then(|| Joined(all.map(|(values, ends)| ends.as_ref().unwrap_or(values).clone()).collect()))
    }
}
