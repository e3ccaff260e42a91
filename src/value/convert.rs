//! Plain Rust values to values of the language, as whoever binds a parameter has them.

use std::sync::Arc;

use super::{Date, Duration, Period, Value};

macro_rules! convert {
    ($($from:ty => $make:expr;)*) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                $make(value)
            }
        })*
    };
}

convert! {
    bool => Self::Bool;
    i32 => |value: i32| Self::Int(value.into());
    u32 => |value: u32| Self::Int(value.into());
    i64 => Self::Int;
    f64 => |value: f64| if value.is_finite() { Self::Float(value) } else { Self::Missing };
    &str => Self::text;
    &String => |value: &String| Self::text(value.as_str());
    String => Self::text;
    Arc<str> => Self::Text;
    Date => Self::Date;
    Period => Self::Period;
    Duration => Self::Duration;
}

/// `None` is `missing`.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// Several values are a list.
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::list(values.into_iter().map(Into::into))
    }
}
