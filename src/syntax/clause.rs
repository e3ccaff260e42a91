//! A query: its source, the clauses after it, and the pipeline.

use super::expected::Expected;
use super::expression::{parse_expression, parse_predicate_before_in, parse_range};
use super::limit::bracketed;
use super::operand::{expect_name, hole, parse_arguments};
use super::recovery::{recover, skip_to_pipe};
use super::sequence::{parse_sequence, starts_sequence};
use super::stage::parse_stage;
use super::tokens::{Failure, Parse, Tokens, accept_word, then};
use crate::ir::ast::{Clause, Condition, Expr, Query, Source, Stage};
use crate::ir::token::TokenKind;
use crate::span::{Span, Spanned};

/// The keywords that start a clause.
pub(super) const CLAUSES: &[&str] = &["of", "with", "in", "since", "until", "before", "after", "during", "where"];

/// A query up to its end; only a limit can stop it.
pub(super) fn parse_query(tokens: Tokens<'_>) -> Parse<'_, Query> {
    let (rest, (source, clauses)) = if starts_sequence(tokens) {
        let parsed = recover(tokens, parse_sequence(tokens), || Source::Invalid);
        then(parsed, |rest, source| (Spanned::new(source, tokens.span_to(rest)), Vec::new()))?
    } else {
        parse_rows(tokens)?
    };
    let (rest, stages) = parse_stages(rest)?;
    Ok((rest, Query { source, clauses, stages, span: tokens.span_to(rest) }))
}

/// A source and the clauses after it.
pub(super) fn parse_rows(tokens: Tokens<'_>) -> Parse<'_, (Spanned<Source>, Vec<Spanned<Clause>>)> {
    let (rest, source) = parse_source_or_recover(tokens)?;
    let (rest, clauses) = parse_clauses(rest)?;
    let (rest, ()) = recover(rest, Ok((rest, ())), || ())?;
    Ok((rest, (source, clauses)))
}

/// A query within a stage: a source and its clauses, as a `|` goes on with the pipeline that the stage is of.
pub(super) fn parse_stage_query(tokens: Tokens<'_>) -> Parse<'_, Query> {
    let (rest, source) = parse_source(tokens)?;
    let (rest, clauses) = parse_clauses(rest)?;
    Ok((rest, Query { source, clauses, stages: Vec::new(), span: tokens.span_to(rest) }))
}

fn parse_source_or_recover(tokens: Tokens<'_>) -> Parse<'_, Spanned<Source>> {
    match parse_source(tokens) {
        Err(nom::Err::Error(Failure::Expected)) => {
            tokens.context.report_expected();
            let rest = skip_to_pipe(tokens);
            let start = tokens.token().span.start;
            let end = if rest.place > tokens.place { tokens.span_to(rest).end } else { start };
            Ok((rest, Spanned::new(Source::Invalid, Span::new(start, end))))
        }
        parsed => parsed,
    }
}

/// The clauses up to the pipeline; one that does not parse is left out, with what follows it.
fn parse_clauses(tokens: Tokens<'_>) -> Parse<'_, Vec<Spanned<Clause>>> {
    let mut clauses = Vec::new();
    let mut rest = tokens;
    while let TokenKind::Keyword(keyword) = rest.kind() {
        if !CLAUSES.contains(&keyword) {
            break;
        }
        match parse_clause(rest, keyword) {
            Ok((next, clause)) => {
                clauses.push(Spanned::new(clause, rest.span_to(next)));
                rest = next;
            }
            Err(nom::Err::Error(_)) => {
                rest.context.report_expected();
                return Ok((skip_to_pipe(rest), clauses));
            }
            Err(failure) => return Err(failure),
        }
    }
    rest.note(Expected::Clause);
    Ok((rest, clauses))
}

fn parse_clause<'a>(tokens: Tokens<'a>, keyword: &str) -> Parse<'a, Clause> {
    let operand = tokens.next();
    let clause: fn(Expr) -> Clause = match keyword {
        "where" => return then(parse_clause_condition(operand), |_, condition| Clause::Where(condition)),
        "of" if operand.is_keyword("anyone") => return Ok((operand.next(), Clause::Of(None))),
        "of" => |side| Clause::Of(Some(side)),
        "with" => Clause::With,
        "in" => Clause::In,
        "since" => Clause::Since,
        "until" => Clause::Until,
        "before" => Clause::Before,
        "after" => Clause::After,
        _ => Clause::During,
    };
    then(parse_range(operand), |_, value| clause(value))
}

/// `[possibly] P`, after `where`.
pub(super) fn parse_condition(tokens: Tokens<'_>) -> Parse<'_, Condition> {
    parse_possibly(tokens, parse_expression)
}

/// `[possibly] P`, after the `where` of a clause, which the clause `in` may follow.
fn parse_clause_condition(tokens: Tokens<'_>) -> Parse<'_, Condition> {
    parse_possibly(tokens, parse_predicate_before_in)
}

fn parse_possibly<'a>(tokens: Tokens<'a>, parser: fn(Tokens<'a>) -> Parse<'a, Expr>) -> Parse<'a, Condition> {
    let possibly = tokens.is_keyword("possibly");
    then(parser(if possibly { tokens.next() } else { tokens }), |_, predicate| Condition { possibly, predicate })
}

fn parse_stages(tokens: Tokens<'_>) -> Parse<'_, Vec<Spanned<Stage>>> {
    let mut stages = Vec::new();
    let mut rest = tokens;
    while let Some(start) = accept_word(rest, "|") {
        let (next, stage) = recover(start, parse_stage(start), || Stage::Invalid)?;
        stages.push(Spanned::new(stage, start.span_to(next)));
        rest = next;
    }
    Ok((rest, stages))
}

fn parse_source(tokens: Tokens<'_>) -> Parse<'_, Spanned<Source>> {
    let parsed = match tokens.kind() {
        TokenKind::Name | TokenKind::QuotedName => parse_named_source(tokens),
        TokenKind::Symbol("(") => parse_parenthesised(tokens),
        TokenKind::Symbol("?") => {
            hole(tokens);
            Ok((tokens.next(), Source::Invalid))
        }
        TokenKind::Invalid => Ok((tokens.next(), Source::Invalid)),
        _ => return tokens.fail(Expected::Source),
    };
    then(parsed, |rest, source| Spanned::new(source, tokens.span_to(rest)))
}

fn parse_named_source(tokens: Tokens<'_>) -> Parse<'_, Source> {
    let (rest, name) = expect_name(tokens)?;
    if starts_call(rest) {
        then(parse_arguments(rest), |_, arguments| Source::Call(name, arguments))
    } else {
        Ok((rest, Source::Name(name.node)))
    }
}

fn parse_parenthesised(tokens: Tokens<'_>) -> Parse<'_, Source> {
    then(bracketed(tokens, parse_query), |_, query| Source::Query(Box::new(query)))
}

/// Whether arguments stand here, right after a name: parentheses on a new line start a statement.
pub(super) fn starts_call(tokens: Tokens<'_>) -> bool {
    tokens.is_symbol("(") && tokens.is_on_line()
}

/// Whether a query starts here, rather than an expression: for parentheses that are not closed.
pub(super) fn starts_query(tokens: Tokens<'_>) -> bool {
    let after = match tokens.kind() {
        TokenKind::Name | TokenKind::QuotedName => after_source_name(tokens),
        TokenKind::Symbol("(") => tokens.context.brackets.partner(tokens.place).map(|close| tokens.at(close + 1)),
        _ => None,
    };
    after.is_some_and(goes_on_as_query) || starts_sequence(tokens)
}

/// The place after a name and its arguments, if they are closed.
pub(super) fn after_source_name(tokens: Tokens<'_>) -> Option<Tokens<'_>> {
    let next = tokens.next();
    if !starts_call(next) {
        return Some(next);
    }
    tokens.context.brackets.partner(next.place).map(|close| tokens.at(close + 1))
}

/// Whether a `|` or a clause other than `in` stands here.
pub(super) fn goes_on_as_query(tokens: Tokens<'_>) -> bool {
    match tokens.kind() {
        TokenKind::Symbol(symbol) => symbol == "|",
        TokenKind::Keyword(keyword) => keyword != "in" && CLAUSES.contains(&keyword),
        _ => false,
    }
}
