//! Text to tokens, comments included; it never fails, and says beside the tokens which of them are none.

use super::literal::{scan_escape, scan_number, shorten};
use super::{KEYWORDS, SYMBOLS};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::token::{Token, TokenKind};
use crate::span::Span;

/// What [`lex`] gives.
pub(super) struct Lexed {
    /// Every token, comments included, and [`TokenKind::End`] last.
    pub(super) tokens: Vec<Token>,
    /// What is wrong with the invalid ones.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether the last token is a text without its closing quote.
    pub(super) unclosed: bool,
}

/// Marks of other languages, and what is written here.
const FOREIGN: &[(&str, &str)] =
    &[("==", "="), ("<>", "!="), ("&&", "and"), ("&", "and"), ("!", "not"), ("=>", ">="), ("=<", "<="), ("**", "*")];

/// The tokens of `text`.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed { tokens: Vec::new(), diagnostics: Vec::new(), unclosed: false };
    let mut position = 0;
    let mut after_newline = false;
    while let Some(first) = text[position..].chars().next() {
        if first.is_whitespace() || first == '\u{feff}' {
            after_newline |= matches!(first, '\n' | '\r');
            position += first.len_utf8();
            continue;
        }
        let (kind, length) = scan_token(&text[position..], position, first, &mut lexed);
        let span = Span::new(position, position + length);
        lexed.tokens.push(Token { kind, span, after_newline });
        position = span.end;
        after_newline = false;
    }
    let span = Span::new(text.len(), text.len());
    lexed.tokens.push(Token { kind: TokenKind::End, span, after_newline });
    lexed
}

fn scan_token(rest: &str, start: usize, first: char, lexed: &mut Lexed) -> (TokenKind, usize) {
    match first {
        '#' => (TokenKind::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len())),
        '"' | '\'' => scan_text(rest, start, first, lexed),
        '`' => scan_quoted_name(rest, start, lexed),
        '$' => scan_parameter(rest, start, lexed),
        '0'..='9' => {
            let (kind, length, diagnostic) = scan_number(rest, start);
            lexed.diagnostics.extend(diagnostic);
            (kind, length)
        }
        _ if first == '_' || first.is_alphanumeric() => scan_word(rest, start, lexed),
        _ => scan_symbol(rest, start, lexed),
    }
}

fn scan_text(rest: &str, start: usize, quote: char, lexed: &mut Lexed) -> (TokenKind, usize) {
    let mut kind = TokenKind::Text;
    let mut position = 1;
    while let Some(found) = rest[position..].find([quote, '\\']) {
        let at = position + found;
        if rest[at..].starts_with(quote) {
            return (kind, at + 1);
        }
        let (length, value) = scan_escape(&rest[at..]);
        if value.is_none() && at + length < rest.len() {
            kind = TokenKind::Invalid;
            let message = format!("`{}` is no escape", shorten(&rest[at..at + length]));
            let help = r#"escapes are `\n`, `\t`, `\\`, `\"`, `\'` and `\u{…}`"#;
            let span = Span::new(start + at, start + at + length);
            lexed.diagnostics.push(Diagnostic::new(Code::BAD_LITERAL, span, message).help(help));
        }
        position = at + length;
    }
    let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let help = format!("close it with `{quote}`");
    let span = Span::new(start, start + line);
    lexed.diagnostics.push(Diagnostic::new(Code::UNCLOSED_TEXT, span, "the text has no closing quote").help(help));
    lexed.unclosed = true;
    (TokenKind::Invalid, rest.len())
}

fn scan_quoted_name(rest: &str, start: usize, lexed: &mut Lexed) -> (TokenKind, usize) {
    let end = 1 + rest[1..].find(['`', '\n', '\r']).unwrap_or(rest.len() - 1);
    let (length, code, message) = match (rest[end..].starts_with('`'), end) {
        (true, 1) => (2, Code::BAD_LITERAL, "the name in backquotes is empty"),
        (true, _) => return (TokenKind::QuotedName, end + 1),
        (false, _) => (end, Code::UNCLOSED_TEXT, "the name has no closing backquote"),
    };
    lexed.diagnostics.push(Diagnostic::new(code, Span::new(start, start + length), message));
    (TokenKind::Invalid, length)
}

fn scan_parameter(rest: &str, start: usize, lexed: &mut Lexed) -> (TokenKind, usize) {
    let length = 1 + rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    if length > 1 && !rest.as_bytes()[1].is_ascii_digit() {
        return (TokenKind::Parameter, length);
    }
    let span = Span::new(start, start + length);
    let diagnostic =
        Diagnostic::new(Code::STRAY_CHARACTER, span, format!("`{}` has no name", shorten(&rest[..length])));
    lexed.diagnostics.push(diagnostic.help("a parameter is `$` and a name: `$who`"));
    (TokenKind::Invalid, length)
}

fn scan_word(rest: &str, start: usize, lexed: &mut Lexed) -> (TokenKind, usize) {
    let length = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
    let word = &rest[..length];
    if word.is_ascii() {
        let keyword = KEYWORDS.iter().find(|keyword| **keyword == word);
        return (keyword.map_or(TokenKind::Name, |keyword| TokenKind::Keyword(keyword)), length);
    }
    let shown = shorten(word);
    let message = format!("`{shown}` has letters that a bare word has not");
    let help = format!("a value goes in quotes: `\"{shown}\"`; a field goes in backquotes: `` `{shown}` ``");
    let span = Span::new(start, start + length);
    lexed.diagnostics.push(Diagnostic::new(Code::STRAY_CHARACTER, span, message).help(help));
    (TokenKind::Invalid, length)
}

fn scan_symbol(rest: &str, start: usize, lexed: &mut Lexed) -> (TokenKind, usize) {
    let foreign = FOREIGN.iter().find(|(mark, _)| rest.starts_with(mark) && !rest.starts_with("!="));
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).filter(|_| foreign.is_none()) {
        return (TokenKind::Symbol(symbol), symbol.len());
    }
    let length = foreign.map_or_else(|| stray_length(rest), |(mark, _)| mark.len());
    let message = format!("`{}` is not part of the language", shorten(&rest[..length]));
    let diagnostic = Diagnostic::new(Code::STRAY_CHARACTER, Span::new(start, start + length), message);
    lexed.diagnostics.push(match foreign {
        Some((_, written)) => diagnostic.help(format!("write `{written}`")),
        None => diagnostic,
    });
    (TokenKind::Invalid, length)
}

/// The length of the run of characters that start no token.
fn stray_length(rest: &str) -> usize {
    let starts_token = |(at, c): (usize, char)| {
        c.is_whitespace()
            || c.is_alphanumeric()
            || matches!(c, '_' | '#' | '"' | '\'' | '`' | '$')
            || SYMBOLS.iter().any(|symbol| rest[at..].starts_with(symbol))
    };
    let next = rest.char_indices().skip(1).find(|&place| starts_token(place));
    next.map_or(rest.len(), |(at, _)| at)
}
