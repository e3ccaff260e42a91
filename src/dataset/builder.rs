//! Columns of a known type, built row by row, joined where they were built in pieces, and then put in order.

use std::sync::Arc;

use super::prose::Prose;
use super::words::Words;
use crate::store::{Codes, Column, NO_DAY, Sorted};
use crate::value::{Base, Date, DomainId, Type};

/// More distinct texts than these are kept one after another; the codes of fewer fit 16 bits.
const MOST_DISTINCT: usize = u16::MAX as usize;
/// In columns longer than this, texts of which more than half are distinct are kept one after another.
const FEW_ROWS: usize = 10_000;

/// A column in the making.
#[derive(Debug, Clone)]
pub(super) enum Builder {
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
                values.push(0);
                missing.push(true);
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
    #[inline]
    pub(super) fn text_is_new(&mut self, value: &str) -> bool {
        match self {
            Self::Text(codes, words) => {
                let known = words.len();
                let code = words.insert(value);
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

    /// Keeps texts one after another, without looking whether they repeat, until [`Self::settled`] does.
    pub(super) fn into_prose(self) -> Self {
        match self {
            Self::Text(codes, words) => Self::Prose(prose_of(&codes, &words)),
            other => other,
        }
    }

    /// Adds the values of a column of the same type at the end.
    pub(super) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Int(values, missing), Self::Int(more, more_missing)) => {
                values.extend(more);
                missing.extend(more_missing);
            }
            (Self::Float(values), Self::Float(more)) => values.extend(more),
            (Self::Bool(values), Self::Bool(more)) => values.extend(more),
            (Self::Day(days), Self::Day(more)) => days.extend(more),
            (Self::Date(dates), Self::Date(more)) => dates.extend(more),
            (Self::Coded(_, codes), Self::Coded(_, more)) => codes.extend(more),
            (Self::Prose(texts), Self::Prose(more)) => texts.append(&more),
            (Self::List(starts, items), Self::List(more, more_items)) => {
                let before = items.len() as u32;
                starts.extend(more[1..].iter().map(|start| before + start));
                items.append(*more_items);
            }
            (this @ Self::Text(..), Self::Text(more, more_words)) => this.append_texts(&more, &more_words),
            (this @ Self::Prose(_), more @ Self::Text(..)) => this.append(more.into_prose()),
            (this @ Self::Text(..), more @ Self::Prose(_)) => {
                *this = std::mem::replace(this, Self::Bool(Vec::new())).into_prose();
                this.append(more);
            }
            (Self::Date(dates), Self::Day(more)) => dates.extend(dates_of(&more)),
            (this @ Self::Day(_), Self::Date(more)) => {
                let mut dates = if let Self::Day(days) = &*this { dates_of(days) } else { Vec::new() };
                dates.extend(more);
                *this = Self::Date(dates);
            }
            (this, more) => this.fill(this.len() + more.len()),
        }
    }

    fn append_texts(&mut self, more: &[u16], more_words: &Words) {
        let Self::Text(codes, words) = self else { return };
        let places: Vec<u32> = (1..=more_words.len() as u32).map(|code| words.insert(more_words.text(code))).collect();
        if words.len() > MOST_DISTINCT {
            let mut texts = prose_of(codes, words);
            texts.append(&prose_of(more, more_words));
            *self = Self::Prose(texts);
            return;
        }
        codes.extend(more.iter().map(|&code| usize::from(code).checked_sub(1).map_or(0, |place| places[place] as u16)));
    }

    /// Texts that were kept one after another and do repeat, by their codes.
    pub(super) fn settled(self) -> Self {
        let texts = match self {
            Self::Prose(texts) => texts,
            Self::List(starts, items) => return Self::List(starts, Box::new(items.settled())),
            other => return other,
        };
        let (mut words, mut codes) = (Words::default(), Vec::new());
        for place in 0..texts.len() {
            codes.push(texts.get(place).map_or(0, |text| words.insert(text)) as u16);
            if words.len() > MOST_DISTINCT {
                return Self::Prose(texts);
            }
        }
        Self::Text(codes, words)
    }

    /// The column, its rows in the order given.
    pub(super) fn finish(self, order: Option<&[u32]>) -> Column {
        match self {
            Self::Int(values, missing) => Column::of_ints(in_order(values, order), &in_order(missing, order)),
            Self::Float(values) => Column::Float(in_order(values, order).into()),
            Self::Bool(values) => Column::Bool(in_order(values, order).into()),
            Self::Text(codes, words) if is_mostly_distinct(&codes, &words) => {
                Column::Prose(prose_of(&codes, &words).finish(order))
            }
            Self::Text(codes, words) => {
                let codes = in_order(codes, order);
                let codes = match u8::try_from(words.len()) {
                    Ok(_) => Codes::Narrow(codes.into_iter().map(|code| code as u8).collect()),
                    Err(_) => Codes::Middle(codes.into()),
                };
                Column::Text(codes, Arc::new(words.into_dictionary()))
            }
            Self::Prose(prose) => Column::Prose(prose.finish(order)),
            Self::Day(days) => Column::Day(in_order(days, order).into()),
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

    /// The order of the rows by these dates, see [`order_of`].
    pub(super) fn order(&self) -> Option<Vec<u32>> {
        match self {
            Self::Day(days) => order_of_days(days),
            Self::Date(dates) => order_of(dates),
            _ => None,
        }
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

fn in_order<T: Copy>(values: Vec<T>, order: Option<&[u32]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|&place| values[place as usize]).collect(),
        None => values,
    }
}

/// The order of rows by their dates, those without one last; `None` if they stand in it.
pub(super) fn order_of(dates: &[Option<Date>]) -> Option<Vec<u32>> {
    order_by(dates, |date| date.map_or((true, 0, 0), |date| (false, date.earliest, date.latest)))
}

/// The order of rows by their days, those without one last; `None` if they stand in it.
fn order_of_days(days: &[i32]) -> Option<Vec<u32>> {
    if days.is_sorted() {
        return None;
    }
    let known = || days.iter().copied().filter(|day| *day != NO_DAY);
    let (first, last) = (known().min()?, known().max()?);
    let span = i64::from(last) - i64::from(first) + 1;
    let Some(span) = usize::try_from(span).ok().filter(|span| *span <= days.len()) else {
        return order_by(days, |day| *day);
    };
    let number = |&day: &i32| if day == NO_DAY { span as u32 } else { day.wrapping_sub(first) as u32 };
    let numbers: Vec<u32> = days.iter().map(number).collect();
    Some(Sorted::of_numbers(span + 1, &numbers, |place| place as u32).into_items())
}

fn order_by<T, K: Ord>(values: &[T], key: impl Fn(&T) -> K) -> Option<Vec<u32>> {
    if values.is_sorted_by_key(&key) {
        return None;
    }
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by_key(|&place| key(&values[place as usize]));
    Some(order)
}
