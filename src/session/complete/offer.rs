//! What could stand at a place, and the best of it for what was typed.

use indexmap::IndexMap;

use super::matching::{fit, quoted};
use super::typed::Typed;
use super::{Candidate, Completions};
use crate::builtin::{AGGREGATES, FUNCTIONS};

/// No more candidates than these are given.
const MOST: usize = 50;

/// Something that could stand at the cursor, before it is held against what was typed.
pub(super) struct Offer {
    pub(super) group: Group,
    /// The name that is matched.
    pub(super) name: String,
    /// What is put there; of a value, its name.
    pub(super) text: String,
    /// Whether it stands in quotes.
    pub(super) is_quoted: bool,
    pub(super) kind: String,
    pub(super) what: String,
    /// The heavier, the likelier.
    pub(super) weight: i64,
    /// How well it fits, where its name does not say.
    pub(super) fit: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// A word of the language, a source, a function.
    Word,
    /// A field.
    Field,
    /// A value of a domain, or a text.
    Value,
    /// A date.
    Time,
}

impl Offer {
    /// Of this kind.
    pub(super) fn kind(self, kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..self }
    }

    /// With the parenthesis that opens its arguments, if it takes any.
    pub(super) fn called(mut self) -> Self {
        let is_function = FUNCTIONS.iter().any(|record| record.name == self.name)
            || AGGREGATES.iter().any(|record| record.name == self.name)
            || self.what.starts_with(&format!("{}(", self.name));
        if is_function {
            self.text.push('(');
        }
        self
    }
}

pub(super) fn word(name: &str, what: &str, weight: i64) -> Offer {
    let (name, what) = (name.to_owned(), what.to_owned());
    Offer {
        group: Group::Word,
        text: name.clone(),
        name,
        is_quoted: false,
        kind: String::new(),
        what,
        weight,
        fit: None,
    }
}

/// The offers that fit what was typed, the best first, each once.
pub(super) fn chosen(offers: Vec<Offer>, typed: &Typed<'_>, closing: Option<char>) -> Completions {
    let wanted = |offer: &Offer| match typed.quote {
        None => true,
        Some('`') => offer.group == Group::Field,
        Some(_) => offer.group == Group::Value,
    };
    let mut fitting: Vec<(u8, i64, Offer)> = Vec::new();
    for offer in offers.into_iter().filter(wanted) {
        let is_alias = offer.fit.is_some();
        let fits = if is_alias && typed.text.is_empty() { None } else { fit(&offer.name, typed.text) };
        if let Some(fits) = fits {
            fitting.push((offer.fit.unwrap_or(fits), -offer.weight, offer));
        }
    }
    fitting.sort_by(|(fit, weight, _), (other_fit, other, _)| fit.cmp(other_fit).then(weight.cmp(other)));
    let mut candidates: IndexMap<String, Candidate> = IndexMap::new();
    for (.., offer) in fitting {
        let mut text = match (typed.quote, offer.group) {
            (Some('`'), _) => format!("`{}`", offer.name),
            (Some(quote), _) => quoted(&offer.text, quote),
            (None, _) if offer.is_quoted => quoted(&offer.text, '"'),
            (None, _) => offer.text,
        };
        if closing.is_some_and(|quote| text.ends_with(quote)) {
            text.pop();
        }
        let candidate = Candidate { text: text.clone(), kind: offer.kind, what: offer.what };
        candidates.entry(text).or_insert(candidate);
        if candidates.len() == MOST {
            break;
        }
    }
    Completions { start: typed.start, candidates: candidates.into_values().collect() }
}
