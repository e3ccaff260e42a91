//! Values to small numbers: equal values get the same, from 1 in the order in which they come.

use std::hash::{Hash, Hasher};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::value::Value;

/// The distinct values seen so far; `missing` is always 0.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    values: IndexSet<Exact, FxBuildHasher>,
}

/// A value that equals another only if nothing tells them apart; the two zeros of a float are one.
#[derive(Debug, Clone, PartialEq)]
struct Exact(Value);

impl Eq for Exact {}

impl Hash for Exact {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Missing => 0.hash(state),
        Value::Bool(value) => value.hash(state),
        Value::Int(value) => value.hash(state),
        Value::Float(value) => (value + 0.0).to_bits().hash(state),
        Value::Text(text) => text.hash(state),
        Value::Date(date) => date.hash(state),
        Value::Period(period) => period.hash(state),
        Value::Duration(duration) => (duration.months, duration.days, duration.hours, duration.spread).hash(state),
        Value::Coded(domain, code) => (domain, code).hash(state),
        Value::List(items) => items.iter().for_each(|item| hash(item, state)),
    }
}

impl Interner {
    /// The code of a value, new or not.
    pub fn code(&mut self, value: &Value) -> u32 {
        if *value == Value::Missing {
            return 0;
        }
        let exact = Exact(value.clone());
        let place = match self.values.get_index_of(&exact) {
            Some(place) => place,
            None => self.values.insert_full(exact).0,
        };
        place as u32 + 1
    }

    /// The values, in the order of their codes.
    pub fn into_values(self) -> Vec<Value> {
        self.values.into_iter().map(|exact| exact.0).collect()
    }
}
