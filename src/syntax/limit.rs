//! The limits of nesting: how deep a parser may go, and how tall the tree may grow that it leaves behind.

use std::cell::Cell;

use super::expected::Expected;
use super::tokens::{Failure, Parse, Tokens, expect_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::token::TokenKind;

/// How deep parentheses, prefixes and sub-queries may nest.
pub(super) const NESTING: usize = 128;
/// How tall a tree may be: a chain such as `a + b + c` nests to the left without any parenthesis.
pub(super) const HEIGHT: usize = 400;
/// How many bytes a statement may have.
pub(super) const STATEMENT: usize = 1 << 20;

/// Where the parsers are between the limits.
#[derive(Default)]
pub(super) struct Limits {
    /// How deep it is here.
    pub(super) nesting: Cell<usize>,
    /// What closes the innermost brackets.
    closing: Cell<Option<&'static str>>,
    height: Cell<usize>,
}

impl Limits {
    /// Whether a closing bracket is awaited, so that line ends mean nothing.
    pub(super) fn is_in_brackets(&self) -> bool {
        self.closing.get().is_some()
    }

    /// The bracket that is awaited.
    pub(super) fn closing(&self) -> Option<&'static str> {
        self.closing.get()
    }
}

/// Goes one level deeper; whoever calls it goes up again.
pub(super) fn nest(tokens: Tokens<'_>) -> Result<(), nom::Err<Failure>> {
    let nesting = &tokens.context.limits.nesting;
    if nesting.get() >= NESTING {
        let message = format!("this nests more than {NESTING} deep");
        let diagnostic = Diagnostic::new(Code::TOO_DEEP, tokens.token().span, message);
        tokens.context.report(diagnostic.help("give a part its own name with `let`"));
        return Err(nom::Err::Failure(Failure::Fatal));
    }
    nesting.set(nesting.get() + 1);
    Ok(())
}

/// What stands between the parenthesis here and the one that closes it, where line ends mean nothing.
pub(super) fn bracketed<'a, T>(tokens: Tokens<'a>, parser: fn(Tokens<'a>) -> Parse<'a, T>) -> Parse<'a, T> {
    enclosed(tokens, ["(", ")"], parser)
}

/// What stands between a bracket here and the one that closes it.
pub(super) fn enclosed<'a, T>(
    tokens: Tokens<'a>,
    [opening, closing]: [&'static str; 2],
    parser: fn(Tokens<'a>) -> Parse<'a, T>,
) -> Parse<'a, T> {
    let limits = &tokens.context.limits;
    let (inner, _) = expect_word(opening)(tokens)?;
    nest(tokens)?;
    let outer = limits.closing.replace(Some(closing));
    let before = begin(tokens);
    let parsed = parser(inner);
    let height = end(tokens, before);
    limits.closing.set(outer);
    limits.nesting.set(limits.nesting.get().saturating_sub(1));
    let (rest, value) = parsed?;
    grow(tokens, height)?;
    let (rest, _) = expect_word(closing)(rest)?;
    Ok((rest, value))
}

/// Starts to measure a tree; gives what [`end`] needs.
pub(super) fn begin(tokens: Tokens<'_>) -> usize {
    tokens.context.limits.height.replace(0)
}

/// How tall the tree is that grew since [`begin`].
pub(super) fn end(tokens: Tokens<'_>, before: usize) -> usize {
    let height = &tokens.context.limits.height;
    let measure = height.get();
    height.set(before.max(measure));
    measure
}

/// The height of a node whose tallest child is `height` tall; `tokens` is where a node too tall is complained of.
pub(super) fn grow(tokens: Tokens<'_>, height: usize) -> Result<usize, nom::Err<Failure>> {
    let cell = &tokens.context.limits.height;
    if height >= HEIGHT {
        let message = format!("more than {HEIGHT} operations hang together here");
        let diagnostic = Diagnostic::new(Code::TOO_LONG, tokens.token().span, message);
        tokens.context.report(diagnostic.help("compare with a list, `x in (a, b)`, or name a part with `let`"));
        return Err(nom::Err::Failure(Failure::Fatal));
    }
    cell.set(cell.get().max(height + 1));
    Ok(height + 1)
}

/// Whether a query ends here, or a statement.
pub(super) fn is_at_end(tokens: Tokens<'_>) -> bool {
    if let Some(closing) = tokens.context.limits.closing() {
        // The query of a step may have a name: `[visits as trip]`.
        let is_named = closing == "]" && tokens.is_keyword("as");
        tokens.note(Expected::Word(closing));
        return is_named || tokens.is_symbol(closing) || tokens.kind() == TokenKind::End;
    }
    tokens.note(Expected::End);
    tokens.is_symbol(";") || tokens.kind() == TokenKind::End || starts_statement(tokens)
}

/// Whether the token here stands on a new line and can only be the first of a statement.
pub(super) fn starts_statement(tokens: Tokens<'_>) -> bool {
    use TokenKind::{Invalid, Keyword, Name, QuotedName, Symbol};
    let token = tokens.token();
    let starts =
        matches!(token.kind, Name | QuotedName | Invalid | Symbol("(" | "?") | Keyword("let" | "expect" | "use"));
    token.after_newline && starts
}
