//! The aggregates: one record each, which help, checks and both evaluators read.

use rustc_hash::FxHashSet;

use super::Overflow;
use super::operator::{arithmetic, order};
use crate::ir::plan::Operation;
use crate::store::Store;
use crate::value::{Base, Truth, Value};

type Body = fn(&Store, &[Vec<Value>]) -> Result<Value, Overflow>;

/// An aggregate of the language.
#[derive(Debug)]
pub struct Aggregate {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it gives, in a sentence.
    pub summary: &'static str,
    /// The type of what it gives; `None` is that of its argument.
    pub gives: Option<Base>,
    /// Whether it gives a list.
    pub many: bool,
    /// An aggregate of the meetings since 2024-05-07 in the built-in data, and what it gives.
    pub example: (&'static str, &'static str),
    /// Computes it of the arguments of each row of a group, those without a missing first one.
    pub body: Body,
}

/// The aggregate of this name.
pub fn aggregate(name: &str) -> Option<&'static Aggregate> {
    AGGREGATES.iter().find(|aggregate| aggregate.name == name)
}

macro_rules! aggregates {
    ($($name:literal ($form:literal) $many:literal -> $gives:expr, $summary:literal, $example:literal => $answer:literal,
        $body:expr;)*) => {
        /// Every aggregate.
        pub const AGGREGATES: &[Aggregate] = &[$(Aggregate {
            name: $name, form: $form, summary: $summary, gives: $gives, many: $many,
            example: ($example, $answer), body: $body,
        }),*];
    };
}

aggregates! {
    "count" ("count(), count(P), count(distinct x)") false -> Some(Base::Int),
        "How many rows; how many for which P is certain, or x is present; how many different x.",
        "count()" => "21", |_, rows| Ok(Value::Int(rows.len() as i64));
    "sum" ("sum(x)") false -> None, "The sum; missing of nothing.", "sum(end - date + 1 day)" => "22 days", |store, rows| sum(store, rows);
    "avg" ("avg(x)") false -> Some(Base::Float), "The mean; missing of nothing.", "avg(distance(place, Moscow))" => "1884.79…",
        |_, rows| Ok(mean(&floats(rows)).map_or(Value::Missing, Value::Float));
    "min" ("min(x)") false -> None, "The smallest.", "min(date)" => "2024-05-08",
        |store, rows| Ok(first(rows).min_by(|left, right| order(store, left, right)).cloned().unwrap_or(Value::Missing));
    "max" ("max(x)") false -> None, "The largest.", "max(date)" => "2024-07-08",
        |store, rows| Ok(first(rows).max_by(|left, right| order(store, left, right)).cloned().unwrap_or(Value::Missing));
    "median" ("median(x)") false -> Some(Base::Float), "The middle value, or the mean of the two in the middle.",
        "median(distance(place, Moscow))" => "2272.54…", |_, rows| Ok(quantile(floats(rows), 0.5));
    "stddev" ("stddev(x)") false -> Some(Base::Float), "The standard deviation of a sample; missing of fewer than two.",
        "stddev(distance(place, Moscow))" => "2128.73…", |_, rows| Ok(deviation(&floats(rows)));
    "quantile" ("quantile(x, p)") false -> Some(Base::Float),
        "The value below which a part p of all lies, with linear interpolation.", "quantile(distance(place, Moscow), 0.9)" => "5793.80…",
        |_, rows| {
            let part = rows.first().and_then(|row| row[1].as_float());
            Ok(part.map_or(Value::Missing, |part| quantile(floats(rows), part)))
        };
    "first" ("first(x)") false -> None, "The value on the earliest date.", "first(place)" => "Moscow",
        |store, rows| Ok(by_date(store, rows).next().map_or(Value::Missing, |row| row[0].clone()));
    "last" ("last(x)") false -> None, "The value on the latest date.", "last(leader)" => "Narendra Modi",
        |store, rows| Ok(by_date(store, rows).next_back().map_or(Value::Missing, |row| row[0].clone()));
    "list" ("list(x)") true -> None, "All the values, in the order of the rows.", "list(weekday)" => "Wednesday, Thursday, …",
        |_, rows| Ok(Value::list(first(rows).flat_map(Value::items).cloned()));
    "any" ("any(P)") false -> Some(Base::Bool), "Whether P holds for any row.", "any(venue = home)" => "true",
        |_, rows| Ok(first(rows).map(Value::truth).fold(Truth::False, Truth::or).into());
    "all" ("all(P)") false -> Some(Base::Bool), "Whether P holds for all rows.", "all(venue = home)" => "false",
        |_, rows| Ok(first(rows).map(Value::truth).fold(Truth::True, Truth::and).into());
    "sources" ("sources(x)") true -> None, "Every different value once, in the order of the rows.",
        "sources(kind)" => "meeting", |_, rows| Ok(distinct(rows));
}

fn first(rows: &[Vec<Value>]) -> impl DoubleEndedIterator<Item = &Value> {
    rows.iter().map(|row| &row[0])
}

fn floats(rows: &[Vec<Value>]) -> Vec<f64> {
    first(rows).filter_map(Value::as_float).collect()
}

fn sum(store: &Store, rows: &[Vec<Value>]) -> Result<Value, Overflow> {
    let mut values = first(rows);
    let Some(start) = values.next() else { return Ok(Value::Missing) };
    values.try_fold(start.clone(), |total, value| arithmetic(store, Operation::Add, &total, value))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn deviation(values: &[f64]) -> Value {
    let Some(mean) = mean(values).filter(|_| values.len() > 1) else { return Value::Missing };
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Value::Float((squares / (values.len() - 1) as f64).sqrt())
}

fn quantile(mut values: Vec<f64>, part: f64) -> Value {
    if values.is_empty() || !(0.0..=1.0).contains(&part) {
        return Value::Missing;
    }
    values.sort_by(f64::total_cmp);
    let place = part * (values.len() - 1) as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    Value::Float(below + (above - below) * place.fract())
}

/// The rows in the order of their dates, which are the second argument.
fn by_date<'a>(store: &Store, rows: &'a [Vec<Value>]) -> std::vec::IntoIter<&'a Vec<Value>> {
    let mut sorted: Vec<&Vec<Value>> = rows.iter().filter(|row| !row[1].is_missing()).collect();
    sorted.sort_by(|left, right| order(store, &left[1], &right[1]));
    sorted.into_iter()
}

fn distinct(rows: &[Vec<Value>]) -> Value {
    let mut seen = FxHashSet::default();
    let values = first(rows).flat_map(Value::items);
    Value::list(values.filter(|value| seen.insert(format!("{value:?}"))).cloned())
}
