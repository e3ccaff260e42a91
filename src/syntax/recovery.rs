//! After a mistake: where to go on, so that one mistake hides no other and is told once.

use super::expected::Expected;
use super::limit::{is_at_end, starts_statement};
use super::stage::NEEDS_MORE;
use super::tokens::{Parse, Tokens};
use crate::ir::token::TokenKind;

/// A part of a query, which starts at `start` and ends at `|` or with its query: where it does not, or did not parse,
/// says so, and gives `fallback` up to there.
pub(super) fn recover<'a, T>(start: Tokens<'a>, parsed: Parse<'a, T>, fallback: impl FnOnce() -> T) -> Parse<'a, T> {
    match parsed {
        Ok((rest, value)) if is_settled(rest) => Ok((rest, value)),
        Err(nom::Err::Failure(failure)) => Err(nom::Err::Failure(failure)),
        Ok(_) | Err(_) => {
            start.context.report_expected();
            Ok((skip_to_pipe(start), fallback()))
        }
    }
}

/// Whether a stage could start here, after `|`, or the query ends.
fn is_settled(tokens: Tokens<'_>) -> bool {
    tokens.note(Expected::Word("|"));
    tokens.is_symbol("|") || is_at_end(tokens)
}

/// The next `|` of the same query, or its end, at or after the furthest place reached.
pub(super) fn skip_to_pipe(tokens: Tokens<'_>) -> Tokens<'_> {
    let closing = tokens.context.limits.closing();
    skip(tokens, |here| here.is_symbol("|") || closing.is_some_and(|closing| here.is_symbol(closing)))
}

/// The start of the next statement, or the `;` before it.
pub(super) fn skip_to_statement(tokens: Tokens<'_>) -> Tokens<'_> {
    skip(tokens, |_| false)
}

fn skip<'a>(start: Tokens<'a>, stops: impl Fn(Tokens<'a>) -> bool) -> Tokens<'a> {
    let context = start.context;
    let mut here = start;
    loop {
        let is_past = here.place >= context.furthest();
        if here.kind() == TokenKind::End || is_past && (stops(here) || ends_statement(start, here)) {
            return here;
        }
        here = here.at(context.brackets.partner(here.place).unwrap_or(here.place) + 1);
    }
}

fn ends_statement(start: Tokens<'_>, here: Tokens<'_>) -> bool {
    if here.place == start.place || !starts_statement(here) {
        return here.is_symbol(";");
    }
    matches!(here.kind(), TokenKind::Keyword(_)) || !here.context.limits.is_in_brackets() && is_complete(here)
}

/// Whether what stands before `here` can end a statement.
fn is_complete(here: Tokens<'_>) -> bool {
    use TokenKind::{Comment, End, Keyword, Symbol};
    let before = here.at(here.place.saturating_sub(1));
    let is_stage = here.place > 1 && here.at(here.place - 2).is_symbol("|");
    match before.kind() {
        Keyword(word) => matches!(word, "true" | "false" | "missing"),
        Symbol(symbol) => matches!(symbol, ")" | "]" | "}" | "?"),
        Comment | End => false,
        _ => !(is_stage && NEEDS_MORE.contains(&before.text())),
    }
}
