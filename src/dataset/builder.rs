//! Columns of a known type, built row by row; `joined` puts together what was built in pieces.

use super::joined::Joined;
use super::prose::Prose;
use super::words::{Key, Words};
use crate::store::{Column, NO_DAY};
use crate::value::{Base, Date, DomainId, Type};

/// More distinct texts than these are kept one after another; the codes of fewer fit 16 bits.
pub(super) const MOST_DISTINCT: usize = u16::MAX as usize;
/// In columns longer than this, texts of which more than half are distinct are kept one after another.
pub(super) const FEW_ROWS: usize = 10_000;

/// A column in the making.
#[derive(Debug, Clone)]
pub(super) enum Builder {
    /// Integers, and whether each is missing, up to the last one that is.
    Int(Vec<i64>, Vec<bool>),
    Float(Vec<f64>),
    Bool(Vec<u8>),
    Text(Vec<u16>, Words),
    Prose(Prose),
    /// Dates as long as all are exact days.
    Day(Vec<i32>),
    Date(Vec<Option<Date>>),
    Coded(DomainId, Vec<u32>),
    List(Vec<u32>, Box<Builder>),
}

impl Builder {
    pub(super) fn new(of: Type) -> Self {
        if of.many {
            return Self::List(vec![0], Box::new(Self::new(Type::one(of.base))));
        }
        match of.base {
            Base::Int => Self::Int(Vec::new(), Vec::new()),
            Base::Float => Self::Float(Vec::new()),
            Base::Bool => Self::Bool(Vec::new()),
            Base::Date => Self::Day(Vec::new()),
            Base::Coded(domain) => Self::Coded(domain, Vec::new()),
            Base::Text | Base::Nothing | Base::Period | Base::Duration => Self::Text(Vec::new(), Words::default()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Int(values, _) => values.len(),
            Self::Float(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(codes, _) => codes.len(),
            Self::Coded(_, codes) => codes.len(),
            Self::Prose(texts) => texts.len(),
            Self::Day(days) => days.len(),
            Self::Date(dates) => dates.len(),
            Self::List(starts, _) => starts.len() - 1,
        }
    }

    pub(super) fn missing(&mut self) {
        match self {
            Self::Int(values, missing) => {
                missing.resize(values.len(), false);
                missing.push(true);
                values.push(0);
            }
            Self::Float(values) => values.push(f64::NAN),
            Self::Bool(values) => values.push(0),
            Self::Text(codes, _) => codes.push(0),
            Self::Coded(_, codes) => codes.push(0),
            Self::Prose(texts) => texts.push(None),
            Self::Day(days) => days.push(NO_DAY),
            Self::Date(dates) => dates.push(None),
            Self::List(..) => self.end_list(),
        }
    }

    /// Makes it so long, by missing values.
    pub(super) fn fill(&mut self, length: usize) {
        while self.len() < length {
            self.missing();
        }
    }

    pub(super) fn int(&mut self, value: i64) {
        match self {
            Self::Int(values, _) => values.push(value),
            Self::Float(values) => values.push(value as f64),
            Self::Text(..) | Self::Prose(_) => self.text(&value.to_string()),
            _ => self.missing(),
        }
    }

    pub(super) fn float(&mut self, value: f64) {
        match self {
            Self::Float(values) => values.push(value),
            Self::Text(..) | Self::Prose(_) => self.text(&value.to_string()),
            _ => self.missing(),
        }
    }

    pub(super) fn truth(&mut self, value: bool) {
        match self {
            Self::Bool(values) => values.push(if value { 2 } else { 1 }),
            Self::Text(..) | Self::Prose(_) => self.text(if value { "true" } else { "false" }),
            _ => self.missing(),
        }
    }

    pub(super) fn date(&mut self, value: Date) {
        match self {
            Self::Day(days) if is_exact(value) => days.push(value.earliest),
            Self::Day(days) => {
                let mut dates = dates_of(days);
                dates.push(Some(value));
                *self = Self::Date(dates);
            }
            Self::Date(dates) => dates.push(Some(value)),
            _ => self.missing(),
        }
    }

    /// Adds exact days.
    #[cfg(feature = "parquet")]
    pub(super) fn days_known(&mut self, values: &[i32]) {
        match self {
            Self::Day(days) if !values.contains(&NO_DAY) => days.extend_from_slice(values),
            _ => values.iter().for_each(|&day| self.date(Date::day(day))),
        }
    }

    pub(super) fn code(&mut self, value: u32) {
        match self {
            Self::Coded(_, codes) => codes.push(value),
            _ => self.missing(),
        }
    }

    pub(super) fn text(&mut self, value: &str) {
        self.text_is_new(value);
    }

    /// Adds a text, and says whether it was not there yet, as far as that is known.
    pub(super) fn text_is_new(&mut self, value: &str) -> bool {
        self.keyed_is_new(value, &if let Self::Text(..) = self { Key::of(value) } else { Key::default() })
    }

    /// Adds a text that has this key, and says whether it was not there yet, as far as that is known.
    #[inline]
    pub(super) fn keyed_is_new(&mut self, value: &str, key: &Key) -> bool {
        match self {
            Self::Text(codes, words) => {
                let known = words.len();
                let code = words.insert_by(key, value);
                // The code of the text that is one too many does not fit, nor does any after it come here.
                codes.push(code as u16);
                if words.len() > MOST_DISTINCT {
                    codes.pop();
                    let mut texts = prose_of(codes, words);
                    texts.push(Some(value));
                    *self = Self::Prose(texts);
                    return true;
                }
                code as usize > known
            }
            Self::Prose(texts) => {
                texts.push(Some(value));
                true
            }
            _ => {
                self.missing();
                false
            }
        }
    }

    /// The builder of the items of a list; of anything else, itself.
    pub(super) fn items(&mut self) -> &mut Self {
        match self {
            Self::List(_, items) => items,
            one => one,
        }
    }

    /// Ends one list; of anything else, does nothing.
    pub(super) fn end_list(&mut self) {
        if let Self::List(starts, items) = self {
            starts.push(items.len() as u32);
        }
    }

    /// Whether most of its texts are distinct, so that looking them up is in vain.
    pub(super) fn is_like_prose(&self) -> bool {
        match self {
            Self::Text(codes, words) => is_mostly_distinct(codes, words),
            Self::Prose(_) => true,
            _ => false,
        }
    }

    /// Keeps texts one after another, without looking whether they repeat, until they are joined.
    pub(super) fn into_prose(self) -> Self {
        match self {
            Self::Text(codes, words) => Self::Prose(prose_of(&codes, &words)),
            other => other,
        }
    }

    /// Its dates, if they are all exact days.
    pub(super) fn days(&self) -> Option<&[i32]> {
        if let Self::Day(days) = self { Some(days) } else { None }
    }

    /// Its dates, if it has any.
    pub(super) fn into_dates(self) -> Vec<Option<Date>> {
        match self {
            Self::Day(days) => dates_of(&days),
            Self::Date(dates) => dates,
            _ => Vec::new(),
        }
    }

    /// The column, as its rows stand.
    pub(super) fn finish(self) -> Column {
        Joined::from(self).finish(None)
    }
}

/// What adds texts by the codes of a dictionary that the file has.
#[cfg(feature = "parquet")]
impl Builder {
    /// Adds a text again that repeats, by its code; whether it could.
    pub(super) fn text_again(&mut self, code: u32) -> bool {
        match self {
            Self::Text(codes, _) if code > 0 => {
                codes.push(code as u16);
                true
            }
            _ => false,
        }
    }

    /// Adds texts again as long as they repeat, by the codes that these indices have, and says how many.
    pub(super) fn texts_again(&mut self, indices: &[u32], known: &[u32]) -> usize {
        let Self::Text(codes, _) = self else { return 0 };
        let is_new = |&index: &u32| known.get(index as usize).is_none_or(|&code| code == 0);
        let again = &indices[..indices.iter().position(is_new).unwrap_or(indices.len())];
        codes.extend(again.iter().map(|&index| known[index as usize] as u16));
        again.len()
    }

    /// Adds texts that stand one after another, an empty one as missing, and says how many are not; `None` where they are to
    /// be looked up, or one ends within a letter.
    pub(super) fn texts_in_one(&mut self, all: &str, ends: &[usize]) -> Option<usize> {
        let Self::Prose(texts) = self else { return None };
        texts.push_all(all, ends)
    }

    /// Adds integers.
    pub(super) fn ints(&mut self, all: impl ExactSizeIterator<Item = i64>) {
        match self {
            Self::Int(values, _) => values.extend(all),
            _ => all.for_each(|value| self.int(value)),
        }
    }

    /// Adds floats that are numbers.
    pub(super) fn floats(&mut self, all: &[f64]) {
        match self {
            Self::Float(values) => values.extend_from_slice(all),
            _ => all.iter().for_each(|&value| self.float(value)),
        }
    }

    /// Makes room for so many more rows.
    pub(super) fn reserve(&mut self, rows: usize) {
        match self {
            Self::Int(values, _) => values.reserve(rows),
            Self::Float(values) => values.reserve(rows),
            Self::Bool(values) => values.reserve(rows),
            Self::Text(codes, _) => codes.reserve(rows),
            Self::Coded(_, codes) => codes.reserve(rows),
            Self::Prose(texts) => texts.reserve(rows),
            Self::Day(days) => days.reserve(rows),
            Self::Date(dates) => dates.reserve(rows),
            Self::List(starts, _) => starts.reserve(rows),
        }
    }

    /// The code of the text added last, 0 where texts are not looked up.
    pub(super) fn last_code(&self) -> u32 {
        match self {
            Self::Text(codes, _) => codes.last().copied().map_or(0, u32::from),
            _ => 0,
        }
    }
}

fn is_exact(date: Date) -> bool {
    date == Date::day(date.earliest) && date.earliest != NO_DAY
}

fn is_mostly_distinct(codes: &[u16], words: &Words) -> bool {
    codes.len() > FEW_ROWS && words.len() * 2 > codes.len()
}

fn dates_of(days: &[i32]) -> Vec<Option<Date>> {
    days.iter().map(|&day| (day != NO_DAY).then(|| Date::day(day))).collect()
}

fn prose_of(codes: &[u16], words: &Words) -> Prose {
    let mut texts = Prose::default();
    codes.iter().for_each(|&code| texts.push((code > 0).then(|| words.text(u32::from(code)))));
    texts
}
