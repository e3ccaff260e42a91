//! The functions: one record each, which help, completion, checks and both evaluators read.

use super::Overflow;
use crate::store::Store;
use crate::value::{Base, Bucket, Certainty, Date, Value, weekday};

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Text, or the name of a symbol or an entity.
    Text,
    /// An int or a float.
    Number,
    /// An int.
    Int,
    /// A date or a period.
    Time,
    /// A place, or another entity with a latitude and a longitude.
    Place,
    /// A predicate.
    Condition,
    /// Anything that goes with the other arguments.
    Any,
}

type Body = fn(&Store, &[Value]) -> Result<Value, Overflow>;

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub takes: &'static [Takes],
    /// Whether the last argument may be repeated.
    pub variadic: bool,
    /// The type of what it gives; `None` is that of its arguments.
    pub gives: Option<Base>,
    /// How it is written.
    pub form: &'static str,
    /// What it gives, in a sentence.
    pub summary: &'static str,
    /// An expression, and what it gives.
    pub example: (&'static str, &'static str),
    /// Computes it; unless it takes `Any`, it is not asked where an argument is missing.
    pub body: Body,
}

impl Function {
    /// Whether it decides itself what a missing argument means.
    pub fn takes_missing(&self) -> bool {
        self.takes.contains(&Takes::Any)
    }
}

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

macro_rules! functions {
    ($($name:literal ($form:literal) [$($takes:ident),*] $variadic:literal -> $gives:expr, $summary:literal,
        $example:literal => $answer:literal, $body:expr;)*) => {
        /// Every function.
        pub const FUNCTIONS: &[Function] = &[$(Function {
            name: $name, form: $form, takes: &[$(Takes::$takes),*], variadic: $variadic, gives: $gives,
            summary: $summary, example: ($example, $answer), body: $body,
        }),*];
    };
}

functions! {
    "year" ("year(date)") [Time] false -> Some(Base::Period), "The calendar year of a date, if it is certain.",
        "year(2024-05-16)" => "2024", |_, given| Ok(bucket(&given[0], Bucket::Year));
    "quarter" ("quarter(date)") [Time] false -> Some(Base::Period), "The quarter of a date, if it is certain.",
        "quarter(2024-05-16)" => "2024-Q2", |_, given| Ok(bucket(&given[0], Bucket::Quarter));
    "month" ("month(date)") [Time] false -> Some(Base::Period), "The month of a date, with its year, if it is certain.",
        "month(2024-05-16)" => "2024-05", |_, given| Ok(bucket(&given[0], Bucket::Month));
    "week" ("week(date)") [Time] false -> Some(Base::Period), "The ISO 8601 week of a date, if it is certain.",
        "week(2024-05-16)" => "2024-W20", |_, given| Ok(bucket(&given[0], Bucket::Week));
    "day" ("day(date)") [Time] false -> Some(Base::Period), "The day of a date, if it is certain.",
        "day(2024-05-16)" => "2024-05-16", |_, given| Ok(bucket(&given[0], Bucket::Day));
    "weekday" ("weekday(date)") [Time] false -> Some(Base::Text), "The day of the week of a date, if it is certain.",
        "weekday(2024-05-16)" => "Thursday", |_, given| Ok(name_of_weekday(&given[0]));
    "decade" ("decade(date)") [Time] false -> Some(Base::Period), "The ten calendar years that a date falls into, if it is certain.",
        "decade(2024-05-16)" => "2020..2029", |_, given| Ok(bucket(&given[0], Bucket::Decade));
    "start" ("start(date)") [Time] false -> Some(Base::Date), "The first day that a date may be, or of a period.",
        "start(2024-Q2)" => "2024-04-01", |_, given| Ok(edge(&given[0], false));
    "end" ("end(date)") [Time] false -> Some(Base::Date), "The last day that a date may be, or of a period.",
        "end(2024-Q2)" => "2024-06-30", |_, given| Ok(edge(&given[0], true));
    "certainty" ("certainty(date)") [Time] false -> Some(Base::Text), "How precisely a date is known: day, month, year or range.",
        "certainty(2024-05)" => "month", |_, given| Ok(certainty(&given[0]));
    "lower" ("lower(text)") [Text] false -> Some(Base::Text), "The text in lower case.",
        "lower('BRICS')" => "brics", |store, given| Ok(Value::text(store.text(&given[0]).to_lowercase()));
    "upper" ("upper(text)") [Text] false -> Some(Base::Text), "The text in upper case.",
        "upper('Xi')" => "XI", |store, given| Ok(Value::text(store.text(&given[0]).to_uppercase()));
    "trim" ("trim(text)") [Text] false -> Some(Base::Text), "The text without white space at its ends.",
        "trim(' Xi ')" => "Xi", |store, given| Ok(Value::text(store.text(&given[0]).trim()));
    "length" ("length(text)") [Text] false -> Some(Base::Int), "How many characters a text has.",
        "length('Orbán')" => "5", |store, given| Ok(Value::Int(store.text(&given[0]).chars().count() as i64));
    "concat" ("concat(a, b, …)") [Text] true -> Some(Base::Text), "The texts, one after another.",
        "concat('a', 'b', 'c')" => "abc",
        |store, given| Ok(Value::text(given.iter().map(|value| store.text(value)).collect::<String>()));
    "substring" ("substring(text, from, length)") [Text, Int, Int] false -> Some(Base::Text),
        "So many characters of a text, from a place that counts from 1.",
        "substring('Kazan', 1, 3)" => "Kaz", substring;
    "replace" ("replace(text, old, new)") [Text, Text, Text] false -> Some(Base::Text),
        "The text with every `old`, exactly so written, replaced by `new`.",
        "replace('a-b', '-', '+')" => "a+b",
        |store, given| Ok(Value::text(replace(&store.text(&given[0]), &store.text(&given[1]), &store.text(&given[2]))));
    "split" ("split(text, by)") [Text, Text] false -> Some(Base::Text), "The parts of a text between each `by`, as a list.",
        "split('a;b', ';')" => "a; b", split;
    "abs" ("abs(number)") [Number] false -> None, "The number without its sign.",
        "abs(-3)" => "3", |_, given| match &given[0] {
            Value::Int(value) => value.checked_abs().map(Value::Int).ok_or(Overflow),
            value => Ok(float(value, f64::abs)),
        };
    "round" ("round(number, digits)") [Number, Int] false -> Some(Base::Float), "The number with so many digits after the point.",
        "round(2.346, 2)" => "2.35", round;
    "floor" ("floor(number)") [Number] false -> Some(Base::Int), "The largest integer that is not above the number.",
        "floor(2.7)" => "2", |_, given| whole(&given[0], f64::floor);
    "ceil" ("ceil(number)") [Number] false -> Some(Base::Int), "The smallest integer that is not below the number.",
        "ceil(2.1)" => "3", |_, given| whole(&given[0], f64::ceil);
    "sqrt" ("sqrt(number)") [Number] false -> Some(Base::Float), "The square root; missing of a negative number.",
        "sqrt(9)" => "3", |_, given| Ok(float(&given[0], f64::sqrt));
    "ln" ("ln(number)") [Number] false -> Some(Base::Float), "The natural logarithm; missing unless the number is positive.",
        "ln(1)" => "0", |_, given| Ok(float(&given[0], f64::ln));
    "if" ("if(condition, then, else)") [Condition, Any, Any] false -> None,
        "One value where the condition is certain, the other where it fails for certain, else missing.",
        "if(1 < 2, 'yes', 'no')" => "yes", |_, given| Ok(match &given[0] {
            Value::Bool(true) => given[1].clone(),
            Value::Bool(false) => given[2].clone(),
            _ => Value::Missing,
        });
    "coalesce" ("coalesce(a, b, …)") [Any] true -> None, "The first of the values that is not missing.",
        "coalesce(missing, 2)" => "2",
        |_, given| Ok(given.iter().find(|value| !value.is_missing()).cloned().unwrap_or(Value::Missing));
    "distance" ("distance(place, place)") [Place, Place] false -> Some(Base::Float),
        "The great-circle distance of two places in kilometres, on a sphere of radius 6371.0088 km.",
        "round(distance(Moscow, Beijing), 0)" => "5794", distance;
}

fn as_date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Period(period) => Some(Date::within(*period)),
        _ => None,
    }
}

fn bucket(value: &Value, bucket: Bucket) -> Value {
    as_date(value).and_then(|date| date.bucket(bucket)).map_or(Value::Missing, Value::Period)
}

fn name_of_weekday(value: &Value) -> Value {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let day = as_date(value).and_then(|date| date.bucket(Bucket::Day));
    day.map_or(Value::Missing, |day| Value::text(NAMES[weekday(day.first) as usize]))
}

fn edge(value: &Value, last: bool) -> Value {
    as_date(value).map_or(Value::Missing, |date| match if last { date.latest } else { date.earliest } {
        i32::MIN | i32::MAX => Value::Missing,
        day => Value::Date(Date::day(day)),
    })
}

fn certainty(value: &Value) -> Value {
    as_date(value).map_or(Value::Missing, |date| {
        Value::text(match date.certainty() {
            Certainty::Day => "day",
            Certainty::Month => "month",
            Certainty::Year => "year",
            Certainty::Range => "range",
        })
    })
}

fn int(value: &Value) -> i64 {
    if let Value::Int(value) = value { *value } else { 0 }
}

fn substring(store: &Store, given: &[Value]) -> Result<Value, Overflow> {
    let (from, length) = (int(&given[1]), int(&given[2]));
    let text = store.text(&given[0]);
    let skipped = usize::try_from(from.saturating_sub(1)).unwrap_or(0);
    Ok(Value::text(text.chars().skip(skipped).take(usize::try_from(length).unwrap_or(0)).collect::<String>()))
}

fn replace(text: &str, old: &str, new: &str) -> String {
    if old.is_empty() { text.to_owned() } else { text.replace(old, new) }
}

fn split(store: &Store, given: &[Value]) -> Result<Value, Overflow> {
    let (text, by) = (store.text(&given[0]), store.text(&given[1]));
    Ok(if by.is_empty() { Value::list([Value::text(text)]) } else { Value::list(text.split(&by).map(Value::text)) })
}

fn float(value: &Value, compute: fn(f64) -> f64) -> Value {
    value.as_float().map(compute).filter(|value| value.is_finite()).map_or(Value::Missing, Value::Float)
}

fn round(_: &Store, given: &[Value]) -> Result<Value, Overflow> {
    let factor = 10_f64.powi(int(&given[1]).clamp(-300, 300) as i32);
    let value = given[0].as_float().unwrap_or(0.0);
    let rounded = (value * factor).round() / factor;
    Ok(Value::Float(if rounded.is_finite() { rounded } else { value }))
}

fn whole(value: &Value, compute: fn(f64) -> f64) -> Result<Value, Overflow> {
    match value {
        Value::Float(value) => {
            let whole = compute(*value);
            if whole.abs() < 9.2e18 { Ok(Value::Int(whole as i64)) } else { Err(Overflow) }
        }
        value => Ok(value.clone()),
    }
}

fn distance(store: &Store, given: &[Value]) -> Result<Value, Overflow> {
    let ends = position(store, &given[0]).zip(position(store, &given[1]));
    Ok(ends.map_or(Value::Missing, |((latitude, longitude), (other_latitude, other_longitude))| {
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let chord =
            half(other_latitude - latitude) + latitude.cos() * other_latitude.cos() * half(other_longitude - longitude);
        Value::Float(2.0 * 6371.0088 * chord.sqrt().min(1.0).asin())
    }))
}

/// The latitude and longitude of an entity, in radians.
fn position(store: &Store, value: &Value) -> Option<(f64, f64)> {
    let Value::Coded(domain, code) = value else { return None };
    let table = &store.tables[store.table_of(*domain)?];
    let degrees = |name: &str| table.fields[table.field(name)?].column.value(*code as usize - 1).as_float();
    Some((degrees("latitude")?.to_radians(), degrees("longitude")?.to_radians()))
}
