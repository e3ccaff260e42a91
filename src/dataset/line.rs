//! A line of JSON whose object is kept as a list: its names are few, and the same in most lines.

use std::fmt;
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// What a line holds.
pub(super) enum Line {
    Object(Vec<(Rc<str>, Value)>),
    Array(Vec<Value>),
    Other,
}

/// The names met so far, each kept once.
#[derive(Default)]
pub(super) struct Names(Vec<Rc<str>>);

impl Names {
    /// The line of a text; of a name that stands twice the last value holds.
    pub(super) fn line(&mut self, text: &str) -> serde_json::Result<Line> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let line = deserializer.deserialize_any(OfLine(self))?;
        deserializer.end().map(|()| line)
    }

    fn of(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.0.iter().find(|known| ***known == *name) {
            return known.clone();
        }
        self.0.push(name.into());
        self.0[self.0.len() - 1].clone()
    }
}

struct OfLine<'n>(&'n mut Names);

impl<'de> Visitor<'de> for OfLine<'_> {
    type Value = Line;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut values: Vec<(Rc<str>, Value)> = Vec::with_capacity(map.size_hint().unwrap_or(8));
        while let Some(name) = map.next_key_seed(OfName(&mut *self.0))? {
            let value = map.next_value()?;
            match values.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => values.push((name, value)),
            }
        }
        Ok(Line::Object(values))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Line, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Line::Array(values))
    }

    fn visit_unit<E>(self) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Line, E> {
        Ok(Line::Other)
    }
}

struct OfName<'n>(&'n mut Names);

impl<'de> DeserializeSeed<'de> for OfName<'_> {
    type Value = Rc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Rc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for OfName<'_> {
    type Value = Rc<str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Rc<str>, E> {
        Ok(self.0.of(name))
    }
}
