//! What could have stood at a place: from the set of choices to the sentence and the help of a diagnostic.

use super::clause::CLAUSES;
use super::stage::STAGES;
use crate::diagnostic::nearest;

/// Something that could stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// This keyword, contextual word or symbol: `by`.
    Word(&'static str),
    /// A name to bind or to use: `leader`.
    Name,
    /// A text: `"Xi"`.
    Text,
    /// A whole number: `3`.
    Count,
    /// A length of time: `30 days`.
    Duration,
    /// An expression: `venue = abroad`.
    Expression,
    /// An operator that makes a comparison: `=`.
    Operator,
    /// A source: `meetings`.
    Source,
    /// A clause: `of Putin`.
    Clause,
    /// A stage: `count by region`.
    Stage,
    /// The end of the statement.
    End,
}

/// The operators which are words.
const OPERATORS: &[&str] = &["and", "or", "in", "not", "between", "contains", "starts", "ends", "matches", "is"];

/// Words of other languages, and what is written here for them: stages, then operators.
const FOREIGN: &[(&str, &str)] = &[
    ("limit", "take 3"),
    ("head", "take 3"),
    ("tail", "last 3"),
    ("filter", "where"),
    ("having", "where"),
    ("order", "sort"),
    ("group", "count by"),
    ("project", "select"),
    ("extend", "derive"),
];
const FOREIGN_OPERATORS: &[(&str, &str)] =
    &[("like", "contains"), ("has", "contains"), ("startswith", "starts with"), ("endswith", "ends with")];

impl Expected {
    fn describe(self) -> String {
        let class = match self {
            Self::Word(word) => return format!("`{word}`"),
            Self::Name => "a name",
            Self::Text => "a text in quotes",
            Self::Count => "a whole number",
            Self::Duration => "a length of time such as `30 days`",
            Self::Expression => "an expression",
            Self::Operator => "an operator",
            Self::Source => "a source",
            Self::Clause => "a clause such as `where`",
            Self::Stage => "a stage",
            Self::End => "the end of the statement",
        };
        class.to_owned()
    }

    fn words(&self) -> &[&'static str] {
        match self {
            Self::Word(word) => std::slice::from_ref(word),
            Self::Operator => OPERATORS,
            Self::Clause => CLAUSES,
            Self::Stage => STAGES,
            _ => &[],
        }
    }
}

/// The sentence that says what was expected, and what was found instead.
pub(super) fn sentence(expected: &[Expected], found: &str) -> String {
    const MOST: usize = 6;
    let operators = expected.contains(&Expected::Operator);
    let is_told = |choice: &&Expected| !(operators && matches!(choice, Expected::Word("and" | "or")));
    let choices: Vec<String> = expected.iter().filter(is_told).map(|choice| choice.describe()).collect();
    let list = match choices.as_slice() {
        [] => "the end of the statement".to_owned(),
        [only] => only.clone(),
        [most @ .., last] if choices.len() <= MOST => format!("{} or {last}", most.join(", ")),
        many => format!("{} and {} more", many[..MOST].join(", "), many.len() - MOST),
    };
    format!("expected {list}, found {found}")
}

/// The expected word nearest to the one that was found.
pub(super) fn nearest_word(expected: &[Expected], found: &str) -> Option<String> {
    const LONGEST: usize = 32;
    if found.len() > LONGEST {
        return None;
    }
    let words = expected.iter().flat_map(Expected::words).copied();
    nearest(found, words.filter(|word| word.len() > 2 || word.eq_ignore_ascii_case(found))).into_iter().next()
}

/// What is written here for a word of another language.
pub(super) fn written_here(expected: &[Expected], found: &str) -> Option<&'static str> {
    let words = match expected {
        [Expected::Stage] => FOREIGN,
        _ if expected.contains(&Expected::Operator) => FOREIGN_OPERATORS,
        _ => return None,
    };
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(found)).map(|(_, written)| *written)
}
