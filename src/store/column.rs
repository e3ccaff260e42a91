//! The values of one field, one after another.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::buffer::Buffer;
use super::interner::Interner;
use super::parts::in_parts;
use super::text::Texts;
use crate::value::{Date, DomainId, Duration, Value, fold};

/// The day that is missing in a column of exact days; later than all others, as missing values are sorted.
pub const NO_DAY: i32 = i32::MAX;

/// The values of one field.
#[derive(Debug, Clone)]
pub enum Column {
    /// Integers, and if any are missing, 1 where one is.
    Int(Buffer<i64>, Option<Buffer<u8>>),
    /// Floats; not a number is missing.
    Float(Buffer<f64>),
    /// Booleans: 0 missing, 1 false, 2 true.
    Bool(Buffer<u8>),
    /// Texts that repeat: their codes in a dictionary.
    Text(Codes, Arc<Dictionary>),
    /// Texts that do not repeat.
    Prose(Texts),
    /// Days known exactly, [`NO_DAY`] where they are missing.
    Day(Buffer<i32>),
    /// Days of which some are known within bounds.
    Date(Buffer<StoredDate>),
    /// Lengths of time in whole days, [`NO_DAY`] where they are missing.
    Days(Buffer<i32>),
    /// Symbols or entities.
    Coded(DomainId, Codes),
    /// Values of any type, by their codes: code 1 is the first.
    Values(Codes, Arc<[Value]>),
    /// Lists: where each starts among the items, and one more for the end.
    List(Buffer<u32>, Box<Column>),
}

/// A date known within bounds as it is stored: its bounds, and the sum of 1 where it is uncertain, 2 where it is
/// approximate and 4 where there is none.
pub type StoredDate = [i32; 3];

const UNCERTAIN: i32 = 1;
const APPROXIMATE: i32 = 2;
const NO_DATE: i32 = 4;

/// Codes from 1, as narrow as they fit; 0 is missing.
#[derive(Debug, Clone)]
pub enum Codes {
    /// At most 255 codes.
    Narrow(Buffer<u8>),
    /// At most 65,535 codes.
    Middle(Buffer<u16>),
    /// Any.
    Wide(Buffer<u32>),
}

/// The distinct texts of a column; code 1 is the first.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    texts: Texts,
    shared: OnceLock<Box<[Arc<str>]>>,
    folded: OnceLock<Vec<Box<str>>>,
    by_folded: OnceLock<FxHashMap<Box<str>, Vec<u32>>>,
    ranks: OnceLock<Vec<u32>>,
}

impl Codes {
    /// The narrowest form for `codes`.
    pub fn new(codes: &[u32]) -> Self {
        let most = codes.iter().copied().max().unwrap_or(0);
        if u8::try_from(most).is_ok() {
            Self::Narrow(codes.iter().map(|&code| code as u8).collect())
        } else if u16::try_from(most).is_ok() {
            Self::Middle(codes.iter().map(|&code| code as u16).collect())
        } else {
            Self::Wide(codes.to_vec().into())
        }
    }

    /// The codes at some places.
    pub(super) fn at(&self, places: &[u32]) -> Self {
        fn gathered<C: Copy + Send + Sync>(codes: &[C], places: &[u32]) -> Buffer<C>
        where
            Vec<C>: Into<Buffer<C>>,
        {
            let part = |part: Range<usize>| places[part].iter().map(|place| codes[*place as usize]).collect::<Vec<C>>();
            in_parts(places.len(), places.len(), part).concat().into()
        }
        match self {
            Self::Narrow(codes) => Self::Narrow(gathered(codes, places)),
            Self::Middle(codes) => Self::Middle(gathered(codes, places)),
            Self::Wide(codes) => Self::Wide(gathered(codes, places)),
        }
    }

    /// The code at a place.
    pub fn get(&self, place: usize) -> u32 {
        match self {
            Self::Narrow(codes) => u32::from(codes[place]),
            Self::Middle(codes) => u32::from(codes[place]),
            Self::Wide(codes) => codes[place],
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Middle(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Dictionary {
    /// The dictionary of these texts, of which none is there twice.
    pub fn new(texts: Texts) -> Self {
        Self { texts, ..Self::default() }
    }

    /// The text of a code that is not 0.
    pub fn text(&self, code: u32) -> &Arc<str> {
        let shared = self.shared.get_or_init(|| self.texts.iter().map(Into::into).collect());
        &shared[code as usize - 1]
    }

    /// The texts, in the order of their codes.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The texts folded, in the order of their codes.
    pub fn folded(&self) -> &[Box<str>] {
        self.folded.get_or_init(|| self.texts.iter().map(|text| fold(text).into()).collect())
    }

    /// The codes of the texts that are a folded text when they are folded.
    pub fn of_folded(&self, folded: &str) -> &[u32] {
        let by_folded = self.by_folded.get_or_init(|| {
            let mut codes: FxHashMap<Box<str>, Vec<u32>> = FxHashMap::default();
            (1..).zip(self.folded()).for_each(|(code, text)| codes.entry(text.clone()).or_default().push(code));
            // A text that is here is found as it is, too, without being folded.
            for (text, folded) in self.texts.iter().zip(self.folded()).filter(|(text, folded)| **text != ***folded) {
                if let Some(alike) = codes.get(folded).cloned() {
                    codes.insert(text.into(), alike);
                }
            }
            codes
        });
        by_folded.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The codes of the texts that are the same as a text when both are folded.
    pub fn alike(&self, text: &str) -> &[u32] {
        match self.of_folded(text) {
            [] => self.of_folded(&fold(text)),
            codes => codes,
        }
    }

    /// The rank of each code in the order of texts, folded and then raw; code 1 is the first.
    pub fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| ranks(self.texts.iter()))
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// The rank of each text in the order of texts, folded and then raw.
pub(super) fn ranks<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut sorted: Vec<(String, &str, usize)> =
        texts.enumerate().map(|(place, text)| (fold(text), text, place)).collect();
    sorted.sort_unstable();
    let mut ranks = vec![0; sorted.len()];
    sorted.iter().enumerate().for_each(|(rank, (.., place))| ranks[*place] = rank as u32);
    ranks
}

impl Column {
    /// The value at a place.
    #[inline]
    pub fn value(&self, place: usize) -> Value {
        match self {
            Self::Int(_, Some(missing)) if missing[place] != 0 => Value::Missing,
            Self::Int(values, _) => Value::Int(values[place]),
            Self::Float(values) if values[place].is_nan() => Value::Missing,
            Self::Float(values) => Value::Float(values[place]),
            Self::Bool(values) => match values[place] {
                0 => Value::Missing,
                truth => Value::Bool(truth == 2),
            },
            Self::Text(codes, dictionary) => match codes.get(place) {
                0 => Value::Missing,
                code => Value::Text(dictionary.text(code).clone()),
            },
            Self::Prose(texts) => texts.get(place).map_or(Value::Missing, Value::text),
            Self::Day(days) if days[place] == NO_DAY => Value::Missing,
            Self::Day(days) => Value::Date(Date::day(days[place])),
            Self::Days(days) if days[place] == NO_DAY => Value::Missing,
            Self::Days(days) => Value::Duration(Duration::of_days(days[place])),
            Self::Date(dates) => date(dates[place]).map_or(Value::Missing, Value::Date),
            Self::Coded(domain, codes) => match codes.get(place) {
                0 => Value::Missing,
                code => Value::Coded(*domain, code),
            },
            Self::Values(codes, values) => match codes.get(place) {
                0 => Value::Missing,
                code => values[code as usize - 1].clone(),
            },
            Self::List(starts, items) => {
                let range = starts[place] as usize..starts[place + 1] as usize;
                Value::list(range.map(|item| items.value(item)))
            }
        }
    }

    /// Whether the value at a place is missing, or a list of nothing.
    pub fn is_missing(&self, place: usize) -> bool {
        match self {
            Self::Int(_, missing) => missing.as_ref().is_some_and(|missing| missing[place] != 0),
            Self::Float(values) => values[place].is_nan(),
            Self::Bool(values) => values[place] == 0,
            Self::Text(codes, _) | Self::Coded(_, codes) => codes.get(place) == 0,
            Self::Prose(texts) => texts.is_missing(place),
            Self::Day(days) | Self::Days(days) => days[place] == NO_DAY,
            Self::Date(dates) => date(dates[place]).is_none(),
            Self::Values(..) => self.value(place).is_missing(),
            Self::List(starts, _) => starts[place] == starts[place + 1],
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Int(values, _) => values.len(),
            Self::Float(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(codes, _) | Self::Coded(_, codes) | Self::Values(codes, _) => codes.len(),
            Self::Prose(texts) => texts.len(),
            Self::Day(days) | Self::Days(days) => days.len(),
            Self::Date(dates) => dates.len(),
            Self::List(starts, _) => starts.len().saturating_sub(1),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The column of these values, in the densest form that holds them; `many` makes each a list.
    pub fn of_values(values: &[Value], many: bool) -> Self {
        if many && values.iter().any(|value| !matches!(value, Value::List(_))) {
            return Self::of_any(values);
        }
        if many {
            let mut starts = vec![0];
            let mut items = Vec::new();
            for value in values {
                items.extend_from_slice(value.items());
                starts.push(items.len() as u32);
            }
            return Self::List(starts.into(), Box::new(Self::of_values(&items, false)));
        }
        let mut present = values.iter().filter(|value| **value != Value::Missing);
        let first = present.next();
        if first.is_some_and(|first| present.any(|value| !are_alike(first, value))) {
            return Self::of_any(values);
        }
        match first {
            None | Some(Value::Text(_)) => Self::of_texts(values),
            Some(Value::Bool(_)) => Self::Bool(values.iter().map(|value| value.truth() as u8).map(of_truth).collect()),
            Some(Value::Float(_)) => {
                Self::Float(values.iter().map(|value| value.as_float().unwrap_or(f64::NAN)).collect())
            }
            Some(Value::Int(_)) => {
                let missing: Vec<bool> = values.iter().map(Value::is_missing).collect();
                let ints = values.iter().map(|value| if let Value::Int(value) = value { *value } else { 0 });
                Self::of_ints(ints.collect(), &missing)
            }
            Some(Value::Coded(domain, _)) => {
                let code = |value: &Value| if let Value::Coded(_, code) = value { *code } else { 0 };
                Self::Coded(*domain, Codes::new(&values.iter().map(code).collect::<Vec<_>>()))
            }
            Some(Value::Date(_)) => {
                let date = |value: &Value| if let Value::Date(date) = value { Some(*date) } else { None };
                Self::of_dates(values.iter().map(date).collect())
            }
            Some(_) => Self::of_any(values),
        }
    }

    fn of_any(values: &[Value]) -> Self {
        let mut interner = Interner::default();
        let codes: Vec<u32> = values.iter().map(|value| interner.code(value)).collect();
        Self::Values(Codes::new(&codes), interner.into_values().into())
    }

    /// The column of these integers, and of whether each is missing.
    pub fn of_ints(values: Vec<i64>, missing: &[bool]) -> Self {
        let missing = missing.contains(&true).then(|| missing.iter().map(|&missing| u8::from(missing)).collect());
        Self::Int(values.into(), missing)
    }

    /// The column of these dates, as exact days if they all are.
    pub fn of_dates(dates: Vec<Option<Date>>) -> Self {
        let day = |date: &Option<Date>| match date {
            None => Some(NO_DAY),
            Some(date) => (*date == Date::day(date.earliest) && date.earliest != NO_DAY).then_some(date.earliest),
        };
        let days: Option<Vec<i32>> = dates.iter().map(day).collect();
        match days {
            Some(days) => Self::Day(days.into()),
            None => Self::Date(dates.into_iter().map(stored).collect()),
        }
    }

    fn of_texts(values: &[Value]) -> Self {
        let mut distinct: IndexSet<&str, FxBuildHasher> = IndexSet::default();
        let mut code = |text| distinct.insert_full(text).0 as u32 + 1;
        let codes: Vec<u32> = values.iter().map(|value| text_of(value).map_or(0, &mut code)).collect();
        if distinct.len() > 1000 && distinct.len() * 2 > values.len() {
            return Self::Prose(values.iter().map(text_of).collect());
        }
        let dictionary = Dictionary::new(distinct.into_iter().map(Some).collect());
        Self::Text(Codes::new(&codes), Arc::new(dictionary))
    }
}

fn text_of(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn date([earliest, latest, marks]: StoredDate) -> Option<Date> {
    let (uncertain, approximate) = (marks & UNCERTAIN != 0, marks & APPROXIMATE != 0);
    (marks & NO_DATE == 0).then_some(Date { earliest, latest, uncertain, approximate })
}

fn stored(date: Option<Date>) -> StoredDate {
    let Some(Date { earliest, latest, uncertain, approximate }) = date else { return [0, 0, NO_DATE] };
    [earliest, latest, i32::from(uncertain) * UNCERTAIN + i32::from(approximate) * APPROXIMATE]
}

/// Whether two values fit one column of their type.
fn are_alike(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Coded(domain, _), Value::Coded(other, _)) => domain == other,
        _ => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

/// The stored form of a truth: false and true are 1 and 2, unknown is missing.
fn of_truth(truth: u8) -> u8 {
    match truth {
        0 => 1,
        2 => 2,
        _ => 0,
    }
}
