//! What both evaluators know of a sequence: how long a match may last, and where the data ends.

use super::Run;
use super::evaluate::{NoRow, evaluate};
use crate::diagnostic::Diagnostic;
use crate::ir::plan::Sequence;
use crate::store::{EVENTS, Store};
use crate::value::{Date, Duration, Truth, Value};

/// How long a match may last, counted from its first event, inclusive.
pub(super) enum Limit {
    /// As long as it likes.
    Endless,
    /// So long.
    Within(Duration),
    /// The limit is missing.
    Unknown,
}

impl Limit {
    /// The limit of a sequence.
    pub(super) fn new(run: &Run<'_>, sequence: &Sequence) -> Result<Self, Diagnostic> {
        let Some(within) = &sequence.within else { return Ok(Self::Endless) };
        Ok(match evaluate(run, within, &NoRow)? {
            Value::Duration(limit) => Self::Within(limit),
            _ => Self::Unknown,
        })
    }

    /// Whether an event is not too late for a match that begins with `first`.
    pub(super) fn holds(&self, first: Date, date: Date) -> Truth {
        match self {
            Self::Endless => Truth::True,
            Self::Within(limit) => first.later_by(*limit).map_or(Truth::True, |last| !last.less(date)),
            Self::Unknown => Truth::Unknown,
        }
    }

    /// Whether the data may end before it is known what came in time for a match that begins with `first`.
    pub(super) fn is_open(&self, first: Date, end: Option<i32>) -> bool {
        let Self::Within(limit) = self else { return true };
        first.later_by(*limit).is_none_or(|last| end.is_none_or(|end| end < last.latest))
    }
}

/// The day with which the data ends: that up to which it tells, or where it does not say so that of its last event.
pub(super) fn data_end(store: &Store, date: usize) -> Option<i32> {
    let days = || {
        let column = &store.tables[EVENTS].fields[date].column;
        let days = (0..column.len()).filter_map(|place| match column.value(place) {
            Value::Date(date) => Some(date.earliest),
            _ => None,
        });
        days.max()
    };
    store.about.as_of.or_else(days)
}
