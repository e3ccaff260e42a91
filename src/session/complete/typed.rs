//! What is typed before the cursor: the word at its end, the names before it, open brackets, whether a predicate is asked.

use crate::builtin::CLAUSES;
use crate::ir::token::{Token, TokenKind};
use crate::syntax;

/// What is typed of the word at the cursor.
pub(super) struct Typed<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
    /// The quote that is open.
    pub(super) quote: Option<char>,
}

/// The word at the end of `head`; none in a comment.
pub(super) fn typed<'a>(head: &'a str, tokens: &[Token]) -> Option<Typed<'a>> {
    let last = tokens.iter().rev().find(|token| token.kind != TokenKind::End);
    let Some(last) = last.filter(|token| token.span.end == head.len()) else {
        return Some(Typed { start: head.len(), text: "", quote: None });
    };
    let text = last.span.of(head);
    let date = head.len() - head.bytes().rev().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let is_date = head[date..].bytes().take_while(u8::is_ascii_digit).count() >= 4;
    Some(match last.kind {
        TokenKind::Comment => return None,
        TokenKind::Invalid if text.starts_with(['"', '\'', '`']) => {
            Typed { start: last.span.start, text: &text[1..], quote: text.chars().next() }
        }
        _ if is_date => Typed { start: date, text: &head[date..], quote: None },
        TokenKind::Name | TokenKind::Keyword(_) | TokenKind::Invalid | TokenKind::Integer => {
            Typed { start: last.span.start, text, quote: None }
        }
        _ => Typed { start: head.len(), text: "", quote: None },
    })
}

/// Where the run of bare names starts that ends with the word at `last`, if it is more than that word.
pub(super) fn start_of_names(tokens: &[Token], last: usize) -> Option<usize> {
    let before = tokens.iter().rev().skip_while(|token| token.span.start >= last);
    let run = before.take_while(|token| token.kind == TokenKind::Name).last();
    run.map(|token| token.span.start)
}

/// What closes the brackets that are open at the end of a text.
pub(super) fn open_brackets(text: &str) -> String {
    let mut open = Vec::new();
    for token in syntax::parse(text).tokens {
        match token.kind {
            TokenKind::Symbol("(") => open.push(')'),
            TokenKind::Symbol("[") => open.push(']'),
            TokenKind::Symbol(")" | "]") => drop(open.pop()),
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// Whether a predicate is being written at the end of `before`.
pub(super) fn asks_predicate(before: &str) -> bool {
    let tokens = syntax::parse(before).tokens;
    let mut rest = tokens.iter().rev();
    while let Some(token) = rest.next() {
        match token.kind {
            TokenKind::Keyword("where" | "and" | "or" | "not" | "every" | "expect") => return true,
            TokenKind::Keyword(word) if word == "by" || CLAUSES.iter().any(|clause| clause.name == word) => {
                return word == "in";
            }
            TokenKind::Symbol("|") => return false,
            TokenKind::Symbol("(") => {
                let called = rest.clone().next().map_or("", |name| name.span.of(before));
                if matches!(called, "if" | "any" | "all" | "count") {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
