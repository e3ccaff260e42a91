//! Operands: literals, names, calls, parentheses, and the paths that go on from them.

use nom::Parser;
use nom::combinator::opt;

use super::clause::{parse_query, starts_call, starts_query};
use super::expected::Expected;
use super::expression::parse_expression;
use super::limit::{begin, bracketed, end, grow};
use super::literal::{float, integer, period, unescape, unit};
use super::sequence::begins_sequence;
use super::tokens::{Parse, Tokens, expect_word, parse_list, then};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{Expr, ExprKind, Unit};
use crate::ir::token::TokenKind;
use crate::span::{Span, Spanned};

/// Whether an operand can start here.
pub(super) fn starts_operand(tokens: Tokens<'_>) -> bool {
    use TokenKind::{Date, Float, Integer, Invalid, Keyword, Name, Parameter, QuotedName, Symbol, Text};
    match tokens.kind() {
        Name | QuotedName | Text | Integer | Float | Date | Parameter | Invalid => true,
        Symbol(symbol) => matches!(symbol, "(" | "-" | "." | ".." | "?"),
        Keyword(word) => matches!(word, "true" | "false" | "missing"),
        _ => false,
    }
}

/// Whether an expression can start here.
pub(super) fn starts_expression(tokens: Tokens<'_>) -> bool {
    starts_operand(tokens) || tokens.is_keyword("not") || tokens.is_keyword("every")
}

/// An operand and the path after it: `leader.country.capital`.
pub(super) fn parse_path(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    let before = begin(tokens);
    let (rest, value) = parse_operand(tokens)?;
    let height = end(tokens, before);
    if rest.is_symbol(".") { parse_fields(tokens, rest, value, height) } else { Ok((rest, value)) }
}

/// The fields after an operand that starts at `start` and is so tall.
fn parse_fields<'a>(start: Tokens<'a>, tokens: Tokens<'a>, operand: Expr, tall: usize) -> Parse<'a, Expr> {
    let (mut rest, mut value, mut height) = (tokens, operand, tall);
    while rest.is_symbol(".") {
        height = grow(rest, height)?;
        let (next, name) = expect_field(rest.next())?;
        value = Expr::new(ExprKind::Path(value, name), start.span_to(next));
        rest = next;
    }
    Ok((rest, value))
}

/// A name, backquoted or not.
pub(super) fn expect_name(tokens: Tokens<'_>) -> Parse<'_, Spanned<String>> {
    if !tokens.is_name() {
        return tokens.fail(Expected::Name);
    }
    let name = tokens.text().trim_matches('`').to_owned();
    Ok((tokens.next(), Spanned::new(name, tokens.token().span)))
}

fn expect_field(tokens: Tokens<'_>) -> Parse<'_, Spanned<String>> {
    if tokens.is_symbol("?") {
        hole(tokens);
        return Ok((tokens.next(), Spanned::new("?".to_owned(), tokens.token().span)));
    }
    expect_name(tokens)
}

/// Says that a hole stands here.
pub(super) fn hole(tokens: Tokens<'_>) {
    let message = "`?` is a hole, and nothing is chosen for it yet";
    tokens.context.report(Diagnostic::new(Code::HOLE, tokens.token().span, message));
}

fn parse_operand(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    let text = tokens.text();
    let kind = match tokens.kind() {
        TokenKind::Name => return parse_word(tokens),
        TokenKind::QuotedName => return parse_name_or_call(tokens),
        TokenKind::Integer | TokenKind::Float => return Ok(parse_number(tokens)),
        TokenKind::Symbol("(") => return parse_parentheses(tokens),
        TokenKind::Symbol(".") => {
            let (rest, name) = expect_field(tokens.next())?;
            return Ok((rest, Expr::new(ExprKind::Field(name.node), tokens.span_to(rest))));
        }
        TokenKind::Symbol("?") => {
            hole(tokens);
            ExprKind::Hole
        }
        TokenKind::Keyword("true") => ExprKind::Bool(true),
        TokenKind::Keyword("false") => ExprKind::Bool(false),
        TokenKind::Keyword("missing") => ExprKind::Missing,
        TokenKind::Text => ExprKind::Text(unescape(text)),
        TokenKind::Date => ExprKind::Date(text.to_owned()),
        TokenKind::Parameter => ExprKind::Parameter(text.trim_start_matches('$').to_owned()),
        TokenKind::Invalid => ExprKind::Invalid,
        _ => return tokens.fail(Expected::Expression),
    };
    Ok(leaf(tokens, kind, 1))
}

/// The operand `kind` of so many tokens.
fn leaf(tokens: Tokens<'_>, kind: ExprKind, length: usize) -> (Tokens<'_>, Expr) {
    let rest = tokens.at(tokens.place + length);
    (rest, Expr::new(kind, tokens.span_to(rest)))
}

fn parse_number(tokens: Tokens<'_>) -> (Tokens<'_>, Expr) {
    let number = float(tokens.text()).unwrap_or_default();
    match accept_unit(tokens.next(), unit) {
        Some(unit) if is_word_on_line(tokens.at(tokens.place + 2), "ago") => {
            leaf(tokens, ExprKind::Ago(number, unit), 3)
        }
        Some(unit) => leaf(tokens, ExprKind::Duration(number, unit), 2),
        None if tokens.kind() == TokenKind::Float => leaf(tokens, ExprKind::Float(number), 1),
        None => leaf(tokens, integer(tokens.text()).map_or(ExprKind::Invalid, ExprKind::Int), 1),
    }
}

/// A length of time, or a parameter for one: what an expression may stand right after.
pub(super) fn parse_duration(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    match tokens.kind() {
        TokenKind::Parameter => Ok(leaf(tokens, ExprKind::Parameter(tokens.text()[1..].to_owned()), 1)),
        TokenKind::Integer | TokenKind::Float => match accept_unit(tokens.next(), unit) {
            Some(unit) => Ok(leaf(tokens, ExprKind::Duration(float(tokens.text()).unwrap_or_default(), unit), 2)),
            None => tokens.fail(Expected::Duration),
        },
        _ => tokens.fail(Expected::Duration),
    }
}

fn accept_unit(tokens: Tokens<'_>, unit: fn(&str) -> Option<Unit>) -> Option<Unit> {
    let is_word = tokens.kind() == TokenKind::Name && !tokens.token().after_newline;
    is_word.then(|| unit(tokens.text())).flatten()
}

fn is_word_on_line(tokens: Tokens<'_>, word: &str) -> bool {
    tokens.is_word(word) && !tokens.token().after_newline
}

/// The word of time that starts here, and its length in tokens: `today`, `last month`.
pub(super) fn accept_time(tokens: Tokens<'_>) -> Option<(ExprKind, usize)> {
    let next = tokens.next();
    match tokens.text() {
        "today" if !starts_call(next) => Some((ExprKind::Today, 1)),
        "yesterday" if !starts_call(next) => Some((ExprKind::Yesterday, 1)),
        word @ ("this" | "last") => accept_unit(next, period).map(|unit| (ExprKind::Relative(word == "this", unit), 2)),
        _ => None,
    }
}

fn parse_word(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    match accept_time(tokens) {
        Some((kind, length)) => Ok(leaf(tokens, kind, length)),
        None => parse_name_or_call(tokens),
    }
}

fn parse_name_or_call(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    let (next, name) = expect_name(tokens)?;
    if !starts_call(next) {
        tokens.context.after_name.set(next.place);
        return Ok(leaf(tokens, ExprKind::Name(name.node), 1));
    }
    let distinct = next.next().is_keyword("distinct");
    let arguments = if distinct { bracketed(next, parse_distinct) } else { parse_arguments(next) };
    then(arguments, |rest, arguments| Expr::new(ExprKind::Call { name, distinct, arguments }, tokens.span_to(rest)))
}

fn parse_distinct(tokens: Tokens<'_>) -> Parse<'_, Vec<Expr>> {
    then(parse_expression(tokens.next()), |_, argument| vec![argument])
}

/// `(a, b)`, after the name of a function or a `let`.
pub(super) fn parse_arguments(tokens: Tokens<'_>) -> Parse<'_, Vec<Expr>> {
    let inner = tokens.next();
    if inner.is_symbol(")") {
        return Ok((inner.next(), Vec::new()));
    }
    inner.note(Expected::Word(")"));
    bracketed(tokens, parse_expressions)
}

/// A query, a list, or an expression in parentheses.
fn parse_parentheses(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    let brackets = &tokens.context.brackets;
    let is_query = match brackets.partner(tokens.place) {
        Some(_) => brackets.holds_query(tokens.place) || begins_sequence(tokens.next(), true),
        None => starts_query(tokens.next()),
    };
    if is_query {
        then(bracketed(tokens, parse_query), |rest, query| Expr::new(ExprKind::Query(query), tokens.span_to(rest)))
    } else {
        then(bracketed(tokens, parse_values), |rest, values| list_or_value(tokens.span_to(rest), values))
    }
}

fn list_or_value(span: Span, (mut values, comma): (Vec<Expr>, bool)) -> Expr {
    match values.pop() {
        Some(value) if values.is_empty() && !comma => value,
        last => {
            values.extend(last);
            Expr::new(ExprKind::List(values), span)
        }
    }
}

/// The values of a list, and whether a comma stands after the last.
fn parse_values(tokens: Tokens<'_>) -> Parse<'_, (Vec<Expr>, bool)> {
    let (rest, values) = parse_expressions(tokens)?;
    let (rest, comma) = opt(expect_word(",")).parse(rest)?;
    Ok((rest, (values, comma.is_some())))
}

/// Expressions with commas between them.
pub(super) fn parse_expressions(tokens: Tokens<'_>) -> Parse<'_, Vec<Expr>> {
    parse_list(tokens, parse_expression)
}
