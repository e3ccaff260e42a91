//! Values and their types, dates that may be known only within bounds, and the three truths.

mod calendar;
mod convert;
mod date;
mod duration;
mod fold;
mod iso;
mod truth;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use calendar::{Bucket, civil, days, weekday};
pub use date::{Certainty, Date, Edtf, Period, parse_edtf, parse_period};
pub use duration::Duration;
pub use fold::fold;
pub use truth::Truth;

/// A closed set of names: the values of a symbol, or the entities of a table; a place in the store's list of domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DomainId(pub u16);

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `missing`
    Missing,
    /// `true`
    Bool(bool),
    /// `12`
    Int(i64),
    /// `2.5`
    Float(f64),
    /// `"Xi"`
    Text(Arc<str>),
    /// A day, known exactly or within bounds.
    Date(Date),
    /// An extent of days: `2024-05`.
    Period(Period),
    /// `30 days`
    Duration(Duration),
    /// A symbol or an entity: its domain, and its place there from 1.
    Coded(DomainId, u32),
    /// `(China, India)`
    List(Arc<[Value]>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// Whether there is nothing here: `missing`, or a list of nothing.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// The values of a list; any other value is its own only one, and `missing` is none.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::Missing => &[],
            Self::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// The truth of a boolean; anything else is unknown.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Bool(true) => Truth::True,
            Self::Bool(false) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Whether nothing tells both apart: equal values, and floats that are the same to the bit.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one.to_bits() == other.to_bits(),
            (Self::List(items), Self::List(others)) => {
                items.len() == others.len() && items.iter().zip(others.iter()).all(|(one, other)| one.is_same(other))
            }
            _ => self == other,
        }
    }

    /// A number as a float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            Truth::Unknown => Self::Missing,
        }
    }
}

/// The type of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// Of `missing` alone: agrees with every other.
    Nothing,
    /// `true`, `false`
    Bool,
    /// 64-bit integer.
    Int,
    /// 64-bit float.
    Float,
    /// Text.
    Text,
    /// A day, known exactly or within bounds.
    Date,
    /// An extent of days.
    Period,
    /// A length of time.
    Duration,
    /// A symbol or an entity of this domain.
    Coded(DomainId),
}

/// The type of a column or an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Type {
    /// Of each value.
    pub base: Base,
    /// Whether it is a list of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub many: bool,
}

impl Type {
    /// One value of `base`.
    pub const fn one(base: Base) -> Self {
        Self { base, many: false }
    }

    /// A list of `base`.
    pub const fn many(base: Base) -> Self {
        Self { base, many: true }
    }

    /// Whether it is a number.
    pub fn is_number(self) -> bool {
        matches!(self.base, Base::Int | Base::Float)
    }

    /// Whether it is a date or an extent of days.
    pub fn is_time(self) -> bool {
        matches!(self.base, Base::Date | Base::Period)
    }

    /// The type of a list or choice of both, if they go together.
    pub fn join(self, other: Self) -> Option<Self> {
        let base = match (self.base, other.base) {
            (left, right) if left == right => left,
            (Base::Nothing, base) | (base, Base::Nothing) => base,
            (Base::Int, Base::Float) | (Base::Float, Base::Int) => Base::Float,
            (Base::Text, Base::Coded(_)) | (Base::Coded(_), Base::Text | Base::Coded(_)) => Base::Text,
            (Base::Date, Base::Period) | (Base::Period, Base::Date) => Base::Date,
            _ => return None,
        };
        Some(Self { base, many: self.many || other.many })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nothing => "missing",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "text",
            Self::Date => "date",
            Self::Period => "period",
            Self::Duration => "duration",
            Self::Coded(_) => "name",
        })
    }
}
