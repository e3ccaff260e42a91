//! Text to tokens and a syntax tree, with diagnostics beside them; it looks no name up, and no text makes it fail.

mod brackets;
mod clause;
mod expected;
mod expression;
mod lexer;
mod limit;
mod literal;
mod operand;
mod operator;
mod recovery;
mod sequence;
mod stage;
mod statement;
mod tokens;

#[cfg(test)]
mod tests;

pub use expected::Expected;

use crate::diagnostic::Diagnostic;
use crate::ir::ast::Script;
use crate::ir::token::{Token, TokenKind};
use crate::span::Span;

/// What [`parse`] gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Every token, comments included, and the end last.
    pub tokens: Vec<Token>,
    /// The statements that could be read; what could not is [`Stage::Invalid`](crate::ir::ast::Stage::Invalid) or left out.
    pub script: Script,
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the only trouble is that the text ends too early: after `|` or `and`, in a text, in parentheses.
    pub unfinished: bool,
}

/// The words that are no names: a field of such a name goes in backquotes.
pub const KEYWORDS: &[&str] = &[
    "after", "and", "anyone", "as", "before", "between", "by", "contains", "distinct", "during", "every", "expect",
    "false", "in", "is", "let", "matches", "missing", "not", "of", "on", "or", "per", "possibly", "since", "true",
    "until", "use", "where", "with", "within",
];

/// The words that mean something in their place and are names elsewhere.
pub const CONTEXTUAL: &[&str] = &[
    "ago",
    "all",
    "asc",
    "bar",
    "cite",
    "count",
    "day",
    "days",
    "derive",
    "desc",
    "ends",
    "except",
    "expand",
    "fill",
    "first",
    "followed",
    "from",
    "gap",
    "heatmap",
    "hour",
    "hours",
    "intersect",
    "join",
    "last",
    "latest",
    "line",
    "links",
    "map",
    "month",
    "months",
    "network",
    "path",
    "pivot",
    "preceded",
    "present",
    "quarter",
    "quarters",
    "render",
    "rolling",
    "running",
    "select",
    "sequence",
    "share",
    "skip",
    "sort",
    "starts",
    "summarize",
    "take",
    "this",
    "timeline",
    "to",
    "today",
    "top",
    "union",
    "week",
    "weeks",
    "year",
    "years",
    "yesterday",
];

/// The operators and marks; one that starts another stands after it.
pub const SYMBOLS: &[&str] = &[
    "..", "!=", "<=", ">=", "|", ";", ",", ".", "(", ")", "[", "]", "{", "}", "=", "<", ">", "+", "-", "*", "/", "%",
    "?", ":",
];

/// Whether `word` is a name that means the same without backquotes, wherever it stands.
pub fn is_plain_name(word: &str) -> bool {
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let starts = word.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    is_word && starts && !KEYWORDS.contains(&word) && !CONTEXTUAL.contains(&word)
}

/// Reads `text`; whatever is wrong with it, the rest is read.
///
/// ```
/// let parsed = demarche::syntax::parse("meetings where venue = abroad | count by");
/// assert!(parsed.unfinished);
/// assert_eq!(parsed.diagnostics[0].message, "expected an expression, found the end of the text");
/// ```
pub fn parse(text: &str) -> Parsed {
    let lexed = lexer::lex(text);
    let context = tokens::Context::new(text, &lexed.tokens, lexed.unclosed);
    let script = statement::parse_script(tokens::Tokens::new(&context));
    let wrong = context.wrong.get() || lexed.diagnostics.len() > usize::from(lexed.unclosed);
    let missing = context.missing.get() || lexed.unclosed;
    let mut diagnostics = lexed.diagnostics;
    diagnostics.append(&mut context.diagnostics.borrow_mut());
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    Parsed { tokens: lexed.tokens, script, diagnostics, unfinished: missing && !wrong }
}

/// What could stand after `text`, for whoever completes it; nothing if something is wrong in it.
///
/// ```
/// use demarche::syntax::{Expected, expected_after};
/// assert_eq!(expected_after("meetings | "), [Expected::Stage]);
/// ```
pub fn expected_after(text: &str) -> Vec<Expected> {
    let lexed = lexer::lex(text);
    let context = tokens::Context::new(text, &lexed.tokens, lexed.unclosed);
    let before = lexed.tokens.iter().rev().find(|token| !matches!(token.kind, TokenKind::End | TokenKind::Comment));
    if before.is_none_or(|token| token.kind == TokenKind::Symbol(";")) {
        return vec![Expected::Source, Expected::Word("let"), Expected::Word("expect"), Expected::Word("use")];
    }
    statement::parse_script(tokens::Tokens::new(&context));
    context.expected_at_end()
}

/// What a stretch of text is, for whoever colours it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// A keyword, `where`, or the word of a stage, `count`.
    Keyword,
    /// A name, `leader`.
    Name,
    /// A text, `"Xi"`.
    Text,
    /// A number, `12`.
    Number,
    /// A date, `2024-05`.
    Date,
    /// A parameter, `$who`.
    Parameter,
    /// An operator or a mark, `<=`.
    Symbol,
    /// A comment, `# so`.
    Comment,
    /// What is no token.
    Invalid,
}

/// The tokens of `text` with what they are; white space is left out.
pub fn highlight(text: &str) -> Vec<(Span, Tag)> {
    let tokens = lexer::lex(text).tokens;
    let before = std::iter::once(None).chain(tokens.iter().map(Some));
    let tags = tokens.iter().zip(before).filter_map(|(token, before)| {
        let after_pipe = before.is_some_and(|before| before.kind == TokenKind::Symbol("|"));
        let tag = match token.kind {
            TokenKind::End => return None,
            TokenKind::Name if after_pipe && CONTEXTUAL.contains(&token.span.of(text)) => Tag::Keyword,
            TokenKind::Keyword(_) => Tag::Keyword,
            TokenKind::Name | TokenKind::QuotedName => Tag::Name,
            TokenKind::Text => Tag::Text,
            TokenKind::Integer | TokenKind::Float => Tag::Number,
            TokenKind::Date => Tag::Date,
            TokenKind::Parameter => Tag::Parameter,
            TokenKind::Symbol(_) => Tag::Symbol,
            TokenKind::Comment => Tag::Comment,
            TokenKind::Invalid => Tag::Invalid,
        };
        Some((token.span, tag))
    });
    tags.collect()
}
