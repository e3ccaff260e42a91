//! Columns of a known type, built row by row and then put in order.

use std::sync::Arc;

use super::words::Words;
use crate::store::{Codes, Column};
use crate::value::{Base, Date, DomainId, Type};

/// More distinct texts than these are kept one after another.
const MOST_DISTINCT: usize = 65_535;
/// In columns longer than this, texts of which more than half are distinct are kept one after another.
const FEW_ROWS: usize = 10_000;

/// A column in the making.
#[derive(Debug)]
pub(super) enum Builder {
    Int(Vec<i64>, Vec<bool>),
    Float(Vec<f64>),
    Bool(Vec<u8>),
    Text(Vec<u32>, Words),
    Prose(Prose),
    Date(Vec<Option<Date>>),
    Coded(DomainId, Vec<u32>),
    List(Vec<u32>, Box<Builder>),
}

/// Texts one after another.
#[derive(Debug, Default)]
pub(super) struct Prose {
    text: String,
    ends: Vec<usize>,
    missing: Vec<bool>,
}

impl Prose {
    fn push(&mut self, text: Option<&str>) {
        self.text.push_str(text.unwrap_or_default());
        self.ends.push(self.text.len());
        self.missing.push(text.is_none());
    }

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        (!self.missing[place]).then(|| &self.text[start..self.ends[place]])
    }
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
            Base::Date => Self::Date(Vec::new()),
            Base::Coded(domain) => Self::Coded(domain, Vec::new()),
            Base::Text | Base::Nothing | Base::Period | Base::Duration => Self::Text(Vec::new(), Words::default()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Int(values, _) => values.len(),
            Self::Float(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(codes, _) | Self::Coded(_, codes) => codes.len(),
            Self::Prose(texts) => texts.ends.len(),
            Self::Date(dates) => dates.len(),
            Self::List(starts, _) => starts.len() - 1,
        }
    }

    pub(super) fn missing(&mut self) {
        match self {
            Self::Int(values, missing) => {
                values.push(0);
                missing.push(true);
            }
            Self::Float(values) => values.push(f64::NAN),
            Self::Bool(values) => values.push(0),
            Self::Text(codes, _) | Self::Coded(_, codes) => codes.push(0),
            Self::Prose(texts) => texts.push(None),
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
            Self::Int(values, missing) => {
                values.push(value);
                missing.push(false);
            }
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
            Self::Date(dates) => dates.push(Some(value)),
            _ => self.missing(),
        }
    }

    pub(super) fn code(&mut self, value: u32) {
        match self {
            Self::Coded(_, codes) => codes.push(value),
            _ => self.missing(),
        }
    }

    pub(super) fn text(&mut self, value: &str) {
        match self {
            Self::Prose(texts) => texts.push(Some(value)),
            Self::Text(codes, words) => {
                codes.push(words.insert(value));
                if words.len() > MOST_DISTINCT {
                    *self = Self::Prose(prose_of(codes, words));
                }
            }
            _ => self.missing(),
        }
    }

    /// The builder of the items of a list; of anything else, itself.
    pub(super) fn items(&mut self) -> &mut Self {
        match self {
            Self::List(_, items) => items,
            one => one,
        }
    }

    /// The dates, if it is of dates.
    pub(super) fn dates(&self) -> &[Option<Date>] {
        if let Self::Date(dates) = self { dates } else { &[] }
    }

    /// Ends one list; of anything else, does nothing.
    pub(super) fn end_list(&mut self) {
        if let Self::List(starts, items) = self {
            starts.push(items.len() as u32);
        }
    }

    /// The column, its rows in the order given.
    pub(super) fn finish(self, order: Option<&[u32]>) -> Column {
        match self {
            Self::Int(values, missing) => Column::of_ints(in_order(values, order), &in_order(missing, order)),
            Self::Float(values) => Column::Float(in_order(values, order).into()),
            Self::Bool(values) => Column::Bool(in_order(values, order).into()),
            Self::Text(codes, words) if codes.len() > FEW_ROWS && words.len() * 2 > codes.len() => {
                Self::Prose(prose_of(&codes, &words)).finish(order)
            }
            Self::Text(codes, words) => {
                Column::Text(Codes::new(&in_order(codes, order)), Arc::new(words.into_dictionary()))
            }
            Self::Prose(prose) => Column::Prose(match order {
                Some(order) => order.iter().map(|&place| prose.get(place as usize)).collect(),
                None => (0..prose.ends.len()).map(|place| prose.get(place)).collect(),
            }),
            Self::Date(dates) => Column::of_dates(in_order(dates, order)),
            Self::Coded(domain, codes) => Column::Coded(domain, Codes::new(&in_order(codes, order))),
            Self::List(starts, items) => {
                let Some(order) = order else {
                    return Column::List(starts.into(), Box::new(items.finish(None)));
                };
                let mut moved = Vec::with_capacity(starts.len());
                moved.push(0);
                let mut places = Vec::with_capacity(items.len());
                for &row in order {
                    places.extend(starts[row as usize]..starts[row as usize + 1]);
                    moved.push(places.len() as u32);
                }
                Column::List(moved.into(), Box::new(items.finish(Some(&places))))
            }
        }
    }
}

fn prose_of(codes: &[u32], words: &Words) -> Prose {
    let mut prose = Prose::default();
    codes.iter().for_each(|&code| prose.push((code > 0).then(|| words.text(code))));
    prose
}

fn in_order<T: Copy>(values: Vec<T>, order: Option<&[u32]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|&place| values[place as usize]).collect(),
        None => values,
    }
}

/// The order of rows by their dates, those without one last; `None` if they stand in it.
pub(super) fn order_of(dates: &[Option<Date>]) -> Option<Vec<u32>> {
    let key = |date: &Option<Date>| date.map_or((true, 0, 0), |date| (false, date.earliest, date.latest));
    if dates.is_sorted_by_key(key) {
        return None;
    }
    let mut order: Vec<u32> = (0..dates.len() as u32).collect();
    order.sort_by_key(|&place| key(&dates[place as usize]));
    Some(order)
}
