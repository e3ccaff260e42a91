//! Statements, and the script that they make.

use nom::Parser;
use nom::combinator::map;
use nom::multi::separated_list1;

use super::brackets::ends_operand;
use super::clause::{after_source_name, goes_on_as_query, parse_query, starts_query};
use super::expected::Expected;
use super::expression::parse_expression;
use super::limit::{STATEMENT, bracketed, is_at_end, starts_statement};
use super::literal::unescape;
use super::operand::{accept_time, expect_name};
use super::operator::is_two_words;
use super::recovery::skip_to_statement;
use super::sequence::begins_sequence;
use super::tokens::{Parse, Tokens, accept_word, expect_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{LetBody, Script, Statement, StatementKind};
use crate::ir::token::TokenKind;
use crate::span::{Span, Spanned};

/// Every statement; those that did not parse are left out, and the context knows why.
pub(super) fn parse_script(tokens: Tokens<'_>) -> Script {
    let mut script = Script::default();
    let mut rest = tokens;
    loop {
        while rest.is_symbol(";") {
            rest = rest.next();
        }
        if rest.kind() == TokenKind::End {
            return script;
        }
        let told = rest.context.diagnostics.borrow().len();
        let (next, statement) = parse_or_skip(rest);
        let next = if next.place > rest.place { next } else { rest.next() };
        let span = rest.span_to(next);
        if span.end - span.start > STATEMENT {
            rest.context.diagnostics.borrow_mut().truncate(told);
            report_length(rest, next);
        } else {
            script.statements.extend(statement);
        }
        rest = next;
    }
}

fn report_length<'a>(tokens: Tokens<'a>, rest: Tokens<'a>) {
    let limit = tokens.token().span.start + STATEMENT;
    let places = tokens.place..rest.place;
    let span = places.map(|place| tokens.at(place).token().span).find(|span| span.end > limit);
    let span = span.map_or(tokens.token().span, |span| Span::new(span.start, span.end.min(span.start + 1)));
    let diagnostic = Diagnostic::new(Code::TOO_LONG, span, "the statement is longer than 1 MiB");
    tokens.context.report(diagnostic.help("split it with `let`"));
}

fn parse_or_skip(tokens: Tokens<'_>) -> (Tokens<'_>, Option<Statement>) {
    match parse_statement(tokens) {
        Ok((rest, kind)) if is_at_end(rest) => (rest, Some(Statement { kind, span: tokens.span_to(rest) })),
        Err(nom::Err::Failure(_)) => (skip_to_statement(tokens), None),
        Ok(_) | Err(_) => {
            tokens.context.report_expected();
            (skip_to_statement(tokens), None)
        }
    }
}

fn parse_statement(tokens: Tokens<'_>) -> Parse<'_, StatementKind> {
    if let Some(rest) = accept_word(tokens, "let") {
        return parse_let(rest);
    }
    if let Some(rest) = accept_word(tokens, "expect") {
        return parse_expect(rest);
    }
    if let Some(rest) = accept_word(tokens, "use") {
        return map(expect_text, StatementKind::Use).parse(rest);
    }
    map(parse_query, StatementKind::Query).parse(tokens)
}

fn expect_text(tokens: Tokens<'_>) -> Parse<'_, Spanned<String>> {
    if tokens.kind() != TokenKind::Text {
        return tokens.fail(Expected::Text);
    }
    Ok((tokens.next(), Spanned::new(unescape(tokens.text()), tokens.token().span)))
}

fn parse_expect(tokens: Tokens<'_>) -> Parse<'_, StatementKind> {
    let is_told = tokens.kind() == TokenKind::Text && tokens.next().is_symbol(":");
    let (rest, text) =
        if is_told { (tokens.at(tokens.place + 2), Some(unescape(tokens.text()))) } else { (tokens, None) };
    let (rest, predicate) = parse_expression(rest)?;
    Ok((rest, StatementKind::Expect { text, predicate }))
}

fn parse_let(tokens: Tokens<'_>) -> Parse<'_, StatementKind> {
    let (rest, name) = expect_name(tokens)?;
    let (rest, parameters) =
        if accept_word(rest, "(").is_some() { bracketed(rest, parse_parameters)? } else { (rest, Vec::new()) };
    let (rest, _) = expect_word("=")(rest)?;
    let (rest, body) = if is_query(rest, &parameters) {
        map(parse_query, LetBody::Query).parse(rest)?
    } else {
        map(parse_expression, LetBody::Expr).parse(rest)?
    };
    Ok((rest, StatementKind::Let { name, parameters, body }))
}

fn parse_parameters(tokens: Tokens<'_>) -> Parse<'_, Vec<Spanned<String>>> {
    separated_list1(expect_word(","), expect_name).parse(tokens)
}

/// Whether the right side of a `let` is a query: it directly holds what only a query can; or it could be either, and is
/// a source of that name.
fn is_query(body: Tokens<'_>, parameters: &[Spanned<String>]) -> bool {
    let mut start = body;
    loop {
        let after = match start.kind() {
            TokenKind::Name if begins_sequence(start, start.next().is_on_line() || start.place != body.place) => {
                return true;
            }
            TokenKind::Name | TokenKind::QuotedName => after_source_name(start),
            TokenKind::Symbol("(") => start.context.brackets.partner(start.place).map(|close| start.at(close + 1)),
            TokenKind::Symbol("?") => Some(start.next()),
            _ => return goes_on_as_query(start.next()),
        };
        let Some(after) = after else { return !start.is_symbol("(") || starts_query(start.next()) };
        let in_brackets = start.place != body.place;
        match only_query(after, in_brackets) {
            Some(is_query) => return is_query,
            None if start.is_symbol("(") => start = start.next(),
            None => {
                let is_argument = parameters.iter().any(|parameter| start.text() == parameter.node);
                let is_value =
                    is_argument || accept_time(start).is_some() || start.next().next().is_keyword("distinct");
                return start.is_name() && !in_brackets && !is_value;
            }
        }
    }
}

/// Whether what follows a source makes it a query, `| count`, or an expression, `+ 1`; nothing if it could be either.
fn only_query(tokens: Tokens<'_>, in_brackets: bool) -> Option<bool> {
    let mut here = tokens;
    let mut within = false;
    loop {
        let is_after_operand = ends_operand(here.at(here.place.saturating_sub(1)).kind());
        match here.kind() {
            TokenKind::Keyword("in") if within => return Some(true),
            TokenKind::Keyword("in") => within = true,
            TokenKind::Keyword("true" | "false" | "missing") => {}
            TokenKind::Keyword("let" | "expect" | "use" | "by") => return None,
            TokenKind::Keyword(_) => return Some(goes_on_as_query(here)),
            TokenKind::Symbol("|") => return Some(true),
            TokenKind::End | TokenKind::Symbol(";" | ")" | "]" | "}") => return None,
            TokenKind::Symbol("(" | "[" | "{") => here = here.at(here.context.brackets.partner(here.place)?),
            TokenKind::Symbol("=" | "!=" | "<" | "<=" | ">" | ">=" | ",") => return Some(false),
            TokenKind::Symbol(_) if !within => return Some(false),
            TokenKind::Name if is_two_words(here) && is_after_operand => return Some(false),
            _ if !in_brackets && starts_statement(here) && is_after_operand => return None,
            _ => {}
        }
        here = here.next();
    }
}
