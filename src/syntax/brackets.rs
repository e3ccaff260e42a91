//! Which bracket closes which, and which parentheses hold a query: found in one pass, so that no parser looks far ahead.

use super::clause::CLAUSES;
use crate::ir::token::{Token, TokenKind};

/// The brackets of one text.
pub(super) struct Brackets {
    partners: Vec<usize>,
    queries: Vec<bool>,
}

impl Brackets {
    /// The brackets among `tokens`; none reaches over a `;`, or over a new line that starts with `let`, `expect` or `use`.
    pub(super) fn new(source: &str, tokens: &[Token]) -> Self {
        let mut partners = vec![0; tokens.len()];
        let mut queries = vec![false; tokens.len()];
        let mut open: Vec<(usize, &str, bool)> = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            let before = |word: &str| place > 0 && tokens[place - 1].span.of(source) == word;
            match token.kind {
                TokenKind::Symbol("(") => open.push((place, ")", false)),
                TokenKind::Symbol("[") => open.push((place, "]", false)),
                TokenKind::Symbol("{") => open.push((place, "}", false)),
                TokenKind::Symbol(close @ (")" | "]" | "}")) => {
                    if let Some((start, _, query)) = open.pop_if(|(_, partner, _)| *partner == close) {
                        partners[start] = place;
                        queries[start] = query;
                    }
                }
                TokenKind::Symbol(";") => open.clear(),
                TokenKind::Keyword("with")
                    if (before("starts") || before("ends")) && place > 1 && ends_operand(tokens[place - 2].kind) => {}
                TokenKind::Keyword("of") if before("as") => {}
                TokenKind::Keyword("in") => {}
                TokenKind::Keyword("let" | "expect" | "use") if token.after_newline => open.clear(),
                TokenKind::Symbol(word) | TokenKind::Keyword(word) if word == "|" || CLAUSES.contains(&word) => {
                    if let Some((_, _, query)) = open.last_mut() {
                        *query = true;
                    }
                }
                _ => {}
            }
        }
        Self { partners, queries }
    }

    /// The place of the bracket that closes the one at `place`.
    pub(super) fn partner(&self, place: usize) -> Option<usize> {
        self.partners.get(place).copied().filter(|&partner| partner > place)
    }

    /// Whether the brackets at `place` directly hold a `|`, or a clause other than `in`, which is an operator too.
    pub(super) fn holds_query(&self, place: usize) -> bool {
        self.queries.get(place).copied().unwrap_or(false)
    }
}

/// Whether an operand can end with a token, so that `starts with` after it is an operator and `starts` no name.
pub(super) fn ends_operand(kind: TokenKind) -> bool {
    use TokenKind::{Date, Float, Integer, Keyword, Name, Parameter, QuotedName, Symbol, Text};
    match kind {
        Name | QuotedName | Text | Integer | Float | Date | Parameter => true,
        Symbol(symbol) => matches!(symbol, ")" | "?" | ".."),
        Keyword(word) => matches!(word, "true" | "false" | "missing"),
        _ => false,
    }
}
