//! Tokens, as the lexer gives them.

use crate::span::Span;

/// One token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// Whether a line break stands between the token before and this one.
    pub after_newline: bool,
}

/// What a token is; its text is the source under its span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword of the language, such as `where`.
    Keyword(&'static str),
    /// A name, `leader`.
    Name,
    /// A name in backquotes, `` `Event Date` ``.
    QuotedName,
    /// Text in quotes, `"Xi"` or `'Xi'`.
    Text,
    /// A whole number, `1_000`.
    Integer,
    /// A number with a fraction or exponent, `2.5`, `1e6`.
    Float,
    /// A date that is not a bare year, `2024-05`; a bare year is an integer.
    Date,
    /// A parameter, `$name`.
    Parameter,
    /// An operator or punctuation mark, such as `<=` or `|`.
    Symbol(&'static str),
    /// A comment, `# …` to the end of the line.
    Comment,
    /// Something that is no token: an unclosed text, a stray character.
    Invalid,
    /// The end of the text.
    End,
}
