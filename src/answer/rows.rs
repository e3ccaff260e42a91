//! The rows of an answer to values of Rust: each row into a struct, a tuple, or for one column a single value.

use std::fmt;

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Answer, Cell, Shown};

/// Why a row does not fit what it was to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The row, from 0.
    pub row: usize,
    /// The column, where it is about one.
    pub column: Option<String>,
    /// What was wanted and what was there.
    pub message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "row {}", self.row + 1)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column `{column}`")?;
        }
        write!(formatter, ": {}", self.message)
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { row: 0, column: None, message: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match found {
            Unexpected::Unit => Self::custom(format!("expected {expected}, and the value is missing")),
            found => Self::custom(format!("expected {expected}, found {found}")),
        }
    }
}

impl Answer {
    /// Each row as a `T`: a struct or a map takes the columns by name, a tuple by place, and a single value takes the
    /// only column.
    ///
    /// Names and dates are text, dates and durations as ISO 8601 writes them; a list is a `Vec`; what is missing is
    /// `None`. A struct may leave columns out.
    ///
    /// # Errors
    ///
    /// The first row and column that does not fit, and how.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::days};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Meeting {
    ///     date: String,
    ///     leader: Vec<String>,
    ///     place: String,
    ///     occasion: Option<String>,
    /// }
    ///
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let answer = session.ask("meetings since 2024-05-07 | select date, leader, place, occasion")?;
    /// let meetings: Vec<Meeting> = answer.rows_as()?;
    /// assert_eq!(meetings.len(), 21);
    /// let first = &meetings[0];
    /// assert_eq!((first.date.as_str(), first.place.as_str()), ("2024-05-08", "Moscow"));
    /// assert_eq!(first.leader, ["Nikol Pashinyan"]);
    /// assert_eq!(first.occasion.as_deref(), Some("eaeu-summit-moscow"));
    ///
    /// let counts: Vec<(String, u32)> = session.ask("meetings since 2024-05-07 | count by venue")?.rows_as()?;
    /// assert_eq!(counts, [("abroad".to_owned(), 12), ("home".to_owned(), 9)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rows_as<'de, T: Deserialize<'de>>(&'de self) -> Result<Vec<T>, Misfit> {
        let rows = self.rows.iter().enumerate().map(|(place, cells)| {
            T::deserialize(Row { columns: &self.columns, cells }).map_err(|misfit| Misfit { row: place, ..misfit })
        });
        rows.collect()
    }
}

/// One row, and the names of its cells.
#[derive(Clone, Copy)]
struct Row<'de> {
    columns: &'de [Shown],
    cells: &'de [Cell],
}

impl<'de> Row<'de> {
    fn only(self) -> Result<&'de Cell, Misfit> {
        match self.cells {
            [cell] => Ok(cell),
            cells => Err(Misfit::custom(format!("a row of {} columns is no single value", cells.len()))),
        }
    }
}

/// The methods that take a row for its only cell.
macro_rules! only {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            self.only()?.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Row<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(Cells { row: self, next: 0 })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(Cells { row: self, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Misfit> {
        if length != self.cells.len() {
            return Err(Misfit::custom(format!("a row of {} columns is no tuple of {length}", self.cells.len())));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    only! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32
        deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_option
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct map struct identifier ignored_any }
}

/// The cells of a row, one after another.
struct Cells<'de> {
    row: Row<'de>,
    next: usize,
}

impl<'de> Cells<'de> {
    /// Hands the next cell over; what is wrong with it is told of its column.
    fn take<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        let Some(cell) = self.row.cells.get(self.next) else { return Ok(None) };
        let column = self.row.columns.get(self.next);
        self.next += 1;
        let value = seed.deserialize(cell);
        value.map(Some).map_err(|misfit| Misfit { column: column.map(|column| column.name.clone()), ..misfit })
    }
}

impl<'de> SeqAccess<'de> for Cells<'de> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        self.take(seed)
    }
}

impl<'de> MapAccess<'de> for Cells<'de> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit> {
        let column = self.row.columns.get(self.next);
        column.map(|column| seed.deserialize(StrDeserializer::new(&column.name))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        self.take(seed)?.ok_or_else(|| Misfit::custom("the row has no such cell"))
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for &'de Cell {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Cell {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Cell::Missing => visitor.visit_unit(),
            Cell::Bool(value) => visitor.visit_bool(*value),
            Cell::Int(value) => visitor.visit_i64(*value),
            Cell::Float(value) => visitor.visit_f64(*value),
            Cell::Text(text) => visitor.visit_borrowed_str(text),
            Cell::Date(date) => visitor.visit_string(date.to_string()),
            Cell::Period(period) => visitor.visit_string(period.to_string()),
            Cell::Duration(duration) => visitor.visit_string(duration.iso()),
            Cell::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if *self == Cell::Missing { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    /// Nothing is a list of nothing.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let nothing = SeqDeserializer::<std::slice::Iter<'de, Cell>, Misfit>::new([].iter());
        if *self == Cell::Missing { visitor.visit_seq(nothing) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self {
            Cell::Text(text) => visitor.visit_enum(StrDeserializer::<Misfit>::new(text)),
            cell => Err(Misfit::custom(format!("expected a name, found `{cell}`"))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}
