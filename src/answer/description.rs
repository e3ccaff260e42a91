//! What a name means, as plain data: a title, sentences, and lines of terms.

use std::fmt::Display;

/// One line of a list: a name, what kind of thing it is, and what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The name.
    pub name: String,
    /// Its kind or type; empty where there is nothing to say.
    pub kind: String,
    /// What it means, in a sentence.
    pub meaning: String,
}

/// What one name means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// The name as the data has it, and what it is.
    pub title: String,
    /// What it means, a sentence a line.
    pub meaning: Vec<String>,
    /// What it has: the fields of a source, the values of a domain, the facts of an entity.
    pub lines: Vec<Line>,
}

impl Line {
    /// A line of these three.
    pub fn new(name: impl Display, kind: impl Display, meaning: impl Display) -> Self {
        Self { name: name.to_string(), kind: kind.to_string(), meaning: meaning.to_string() }
    }
}
