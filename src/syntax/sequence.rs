//! The source `sequence`: how it matches, its keys, its steps in brackets, and what ends it.

use super::clause::{parse_condition, parse_rows};
use super::expected::Expected;
use super::expression::parse_sum;
use super::limit::enclosed;
use super::operand::expect_name;
use super::recovery::recover;
use super::stage::expect_count;
use super::tokens::{Parse, Tokens, accept_word, expect_word, parse_list, then};
use crate::ir::ast::{Expr, Query, Sequence, SequenceStep, Source, Stage};
use crate::span::Spanned;

const BRACKETS: [&str; 2] = ["[", "]"];

/// Whether a sequence starts here, and no source that is called so.
pub(super) fn starts_sequence(tokens: Tokens<'_>) -> bool {
    begins_sequence(tokens, tokens.next().is_on_line())
}

/// The same for a place that is looked ahead at, where whoever asks knows whether line ends count.
pub(super) fn begins_sequence(tokens: Tokens<'_>, is_on_line: bool) -> bool {
    let next = tokens.next();
    let is_word = |word: &'static str| accept_word(next, word).is_some();
    tokens.is_word("sequence")
        && (is_on_line && (is_word("latest") || is_word("all"))
            || ["within", "by", "["].into_iter().any(is_word)
            || (next.is_keyword("not") || next.is_keyword("until")) && next.next().is_symbol("["))
}

/// `sequence [latest|all] [by a, …] [within D] [q1] [q2] … [until [q]]`.
pub(super) fn parse_sequence(tokens: Tokens<'_>) -> Parse<'_, Source> {
    let (rest, _) = expect_word("sequence")(tokens)?;
    let (rest, all) = match accept_word(rest, "all") {
        Some(rest) => (rest, true),
        None => (accept_word(rest, "latest").unwrap_or(rest), false),
    };
    let (rest, by) = match accept_word(rest, "by") {
        Some(rest) => parse_list(rest, parse_sum)?,
        None => (rest, Vec::new()),
    };
    let (rest, within) = parse_within(rest)?;
    let (rest, steps) = parse_steps(rest)?;
    let (rest, until) = match accept_word(rest, "until") {
        Some(rest) => then(enclosed(rest, BRACKETS, parse_step_query), |_, query| Some(query))?,
        None => (rest, None),
    };
    Ok((rest, Source::Sequence(Box::new(Sequence { all, by, within, steps, until }))))
}

fn parse_within(tokens: Tokens<'_>) -> Parse<'_, Option<Spanned<Expr>>> {
    match accept_word(tokens, "within") {
        Some(rest) => then(parse_sum(rest), |rest, value| Some(Spanned::new(value, tokens.span_to(rest)))),
        None => Ok((tokens, None)),
    }
}

fn parse_steps(tokens: Tokens<'_>) -> Parse<'_, Vec<SequenceStep>> {
    let mut steps = Vec::new();
    let mut rest = tokens;
    loop {
        let is_step = accept_word(rest, "[").is_some() || accept_word(rest, "not").is_some();
        if !is_step && !steps.is_empty() {
            return Ok((rest, steps));
        }
        let (next, step) = parse_step(rest)?;
        steps.push(step);
        rest = next;
    }
}

/// `[not] [q [as name]] [{N}]`.
fn parse_step(tokens: Tokens<'_>) -> Parse<'_, SequenceStep> {
    let start = accept_word(tokens, "not");
    let (rest, (query, name)) = enclosed(start.unwrap_or(tokens), BRACKETS, |inner| {
        let (rest, query) = parse_step_query(inner)?;
        match accept_word(rest, "as") {
            Some(rest) => then(expect_name(rest), |_, name| (query, Some(name))),
            None => Ok((rest, (query, None))),
        }
    })?;
    let (rest, times) = match accept_word(rest, "{") {
        Some(rest) => {
            let (rest, times) = expect_count(rest)?;
            then(expect_word("}")(rest), |_, _| Some(times))?
        }
        None => (rest, None),
    };
    Ok((rest, SequenceStep { absent: start.is_some(), query, name, times, span: tokens.span_to(rest) }))
}

/// A source with its clauses, and no stage but `where`.
fn parse_step_query(tokens: Tokens<'_>) -> Parse<'_, Query> {
    let (mut rest, (source, clauses)) = parse_rows(tokens)?;
    let mut stages = Vec::new();
    while let Some(start) = accept_word(rest, "|") {
        let (next, stage) = recover(start, parse_where(start), || Stage::Invalid)?;
        stages.push(Spanned::new(stage, start.span_to(next)));
        rest = next;
    }
    rest.note(Expected::Word("]"));
    Ok((rest, Query { source, clauses, stages, span: tokens.span_to(rest) }))
}

fn parse_where(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, _) = expect_word("where")(tokens)?;
    then(parse_condition(rest), |_, condition| Stage::Where(condition))
}
