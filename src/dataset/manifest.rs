//! The manifest of a data set: what `dataset.json` may say.

use indexmap::IndexMap;
use serde::Deserialize;

use super::lines::{Errors, did_you_mean, json_message};
use crate::diagnostic::Code;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub name: String,
    #[serde(default)]
    pub title: String,
    pub as_of: Option<String>,
    pub focus: Option<String>,
    #[serde(default)]
    pub licence: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub show: Vec<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    #[serde(default)]
    pub periods: IndexMap<String, String>,
    #[serde(default)]
    pub sources: Vec<Source>,
    #[serde(default)]
    pub kinds: Vec<Kind>,
    #[serde(default)]
    pub symbols: Vec<Symbol>,
    pub fields: Vec<Field>,
    /// Fields of the tables of entities, beside those that every data set has.
    #[serde(default)]
    pub tables: IndexMap<String, Vec<Field>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub publisher: String,
    #[serde(default)]
    pub date: String,
    #[serde(default)]
    pub address: String,
    /// How the paragraphs that events cite begin.
    #[serde(default, rename = "paragraphs")]
    _paragraphs: IndexMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    pub name: String,
    pub plural: String,
    pub sides: Sides,
    pub parent: Option<String>,
    pub meaning: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sides {
    Symmetric,
    Directed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Symbol {
    pub field: String,
    pub values: Vec<Named>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub name: String,
    pub meaning: String,
    pub phrase: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub of: FieldType,
    pub cardinality: Cardinality,
    pub meaning: String,
    pub phrase: Option<String>,
    pub expression: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Cardinality {
    One,
    Many,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FieldType {
    Text,
    Symbol,
    Date,
    Int,
    Float,
    Bool,
    Leader,
    Country,
    Region,
    Bloc,
    Place,
    Event,
}

impl FieldType {
    /// The domain of entities of this type.
    pub(super) fn entity(self) -> Option<&'static str> {
        match self {
            Self::Leader => Some("leader"),
            Self::Country => Some("country"),
            Self::Region => Some("region"),
            Self::Bloc => Some("bloc"),
            Self::Place => Some("place"),
            Self::Event => Some("event"),
            _ => None,
        }
    }
}

/// The manifest in a text.
pub(super) fn read(text: &str, errors: &mut Errors) -> Option<Manifest> {
    match serde_json::from_str(text) {
        Ok(manifest) => Some(manifest),
        Err(error) => {
            let message = json_message(&error);
            let mut quoted = message.split('`').skip(1).step_by(2);
            let help = match quoted.next() {
                Some(unknown) if message.starts_with("unknown") => did_you_mean(unknown, quoted),
                _ => None,
            };
            let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or("");
            let unknown = message.starts_with("unknown").then(|| message.split('`').nth(1)).flatten();
            let key = unknown.and_then(|unknown| line.find(&format!("\"{unknown}\"")));
            let column = super::lines::column_in(line, key.map_or(error.column(), |place| place + 1));
            let code = if error.is_data() { Code::BAD_MANIFEST } else { Code::BAD_JSON };
            let short = message.split(", expected one of").next().unwrap_or(&message).to_owned();
            errors.push(code, error.line(), column, format!("the manifest is not right: {short}"), help);
            None
        }
    }
}
