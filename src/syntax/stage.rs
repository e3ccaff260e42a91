//! The stages of a pipeline, each by its first word.

use nom::Parser;
use nom::combinator::opt;

use super::clause::parse_condition;
use super::expected::Expected;
use super::expression::parse_expression;
use super::literal::integer;
use super::operand::{expect_name, hole, parse_expressions, starts_expression};
use super::recovery::skip_to_pipe;
use super::tokens::{Parse, Tokens, accept_word, expect_word, parse_list, then};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{Column, Expr, SortKey, Stage};
use crate::ir::token::TokenKind;
use crate::span::Spanned;

/// The words that start a stage.
pub(super) const STAGES: &[&str] = &[
    "where",
    "select",
    "derive",
    "sort",
    "take",
    "skip",
    "top",
    "first",
    "last",
    "distinct",
    "expand",
    "count",
    "summarize",
    "gap",
    "share",
    "cite",
];

/// The words of stages that are not at work yet.
pub(super) const RESERVED_STAGES: &[&str] = &[
    "pivot",
    "fill",
    "rolling",
    "running",
    "followed",
    "preceded",
    "union",
    "intersect",
    "except",
    "join",
    "links",
    "path",
    "render",
];

/// The stages that cannot end with their first word.
pub(super) const NEEDS_MORE: &[&str] =
    &["select", "derive", "sort", "take", "skip", "top", "expand", "summarize", "gap"];

/// What parses a stage after its first word.
type StageParser = for<'a> fn(Tokens<'a>) -> Parse<'a, Stage>;

/// One stage, after `|`.
pub(super) fn parse_stage(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    match stage_parser(tokens) {
        Some(parser) => parser(tokens.next()),
        None => parse_reserved(tokens),
    }
}

fn stage_parser(tokens: Tokens<'_>) -> Option<StageParser> {
    if !matches!(tokens.kind(), TokenKind::Keyword(_) | TokenKind::Name) {
        return None;
    }
    let parser: StageParser = match tokens.text() {
        "where" => |rest| then(parse_condition(rest), |_, condition| Stage::Where(condition)),
        "select" => |rest| then(parse_columns(rest), |_, columns| Stage::Select(columns)),
        "derive" => |rest| then(parse_list(rest, parse_named_column), |_, columns| Stage::Derive(columns)),
        "sort" => |rest| then(parse_sort_keys(rest), |_, keys| Stage::Sort(keys)),
        "take" => |rest| then(expect_count(rest), |_, count| Stage::Take(count)),
        "skip" => |rest| then(expect_count(rest), |_, count| Stage::Skip(count)),
        "top" => parse_top,
        "first" => |rest| then(parse_first(rest), |_, (count, per)| Stage::First { count, per }),
        "last" => |rest| then(parse_first(rest), |_, (count, per)| Stage::Last { count, per }),
        "distinct" => |rest| then(parse_distinct_columns(rest), |_, columns| Stage::Distinct(columns)),
        "expand" => |rest| then(parse_expression(rest), |_, list| Stage::Expand(list)),
        "count" => |rest| then(parse_keys(rest), |_, by| Stage::Count(by)),
        "summarize" => parse_summarize,
        "gap" => parse_gap,
        "share" => |rest| Ok((rest, Stage::Share)),
        "cite" => |rest| Ok((rest, Stage::Cite)),
        _ => return None,
    };
    Some(parser)
}

/// A stage that is reserved: its text runs to the next `|`.
fn parse_reserved(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    if tokens.is_symbol("?") {
        hole(tokens);
        return Ok((skip_to_pipe(tokens.next()), Stage::Reserved("?")));
    }
    let word = RESERVED_STAGES.iter().find(|word| tokens.is_word(word));
    let Some(word) = word else { return tokens.fail(Expected::Stage) };
    reserved(tokens);
    Ok((skip_to_pipe(tokens.next()), Stage::Reserved(word)))
}

/// Says that the word here is reserved.
fn reserved(tokens: Tokens<'_>) {
    let message = format!("`{}` is reserved and not at work yet", tokens.text());
    tokens.context.report(Diagnostic::new(Code::RESERVED, tokens.token().span, message));
}

fn parse_columns(tokens: Tokens<'_>) -> Parse<'_, Vec<Column>> {
    parse_list(tokens, parse_column)
}

fn parse_column(tokens: Tokens<'_>) -> Parse<'_, Column> {
    if tokens.is_name() && tokens.next().is_symbol("=") {
        return parse_named_column(tokens);
    }
    then(parse_expression(tokens), |_, value| Column { name: None, value })
}

fn parse_named_column(tokens: Tokens<'_>) -> Parse<'_, Column> {
    let (rest, name) = expect_name(tokens)?;
    let (rest, _) = expect_word("=")(rest)?;
    then(parse_expression(rest), |_, value| Column { name: Some(name), value })
}

fn parse_distinct_columns(tokens: Tokens<'_>) -> Parse<'_, Vec<Column>> {
    if starts_expression(tokens) && tokens.is_on_line() { parse_columns(tokens) } else { Ok((tokens, Vec::new())) }
}

fn parse_keys(tokens: Tokens<'_>) -> Parse<'_, Vec<Column>> {
    match accept_word(tokens, "by") {
        Some(rest) => parse_columns(rest),
        None => Ok((tokens, Vec::new())),
    }
}

fn parse_summarize(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, aggregates) = parse_columns(tokens)?;
    then(parse_keys(rest), |_, by| Stage::Summarize { aggregates, by })
}

fn parse_gap(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, _) = expect_word("by")(tokens)?;
    then(parse_expressions(rest), |_, keys| Stage::Gap(keys))
}

fn parse_sort_keys(tokens: Tokens<'_>) -> Parse<'_, Vec<SortKey>> {
    let mut keys = tokens;
    if tokens.is_keyword("by") {
        let diagnostic = Diagnostic::new(Code::UNEXPECTED, tokens.token().span, "`sort` takes no `by`");
        keys = tokens.next();
        tokens.context.report(diagnostic.help("the columns stand right after `sort`: `sort date desc`"));
    }
    parse_list(keys, parse_sort_key)
}

fn parse_sort_key(tokens: Tokens<'_>) -> Parse<'_, SortKey> {
    let (rest, value) = parse_expression(tokens)?;
    let (rest, descending) = accept_order(rest);
    Ok((rest, SortKey { value, descending: descending.unwrap_or(false) }))
}

/// `asc` or `desc`, if one of them stands here: whether it is `desc`.
fn accept_order(tokens: Tokens<'_>) -> (Tokens<'_>, Option<bool>) {
    if let Some(rest) = accept_word(tokens, "asc") {
        return (rest, Some(false));
    }
    accept_word(tokens, "desc").map_or((tokens, None), |rest| (rest, Some(true)))
}

fn parse_top(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, count) = expect_count(tokens)?;
    let (rest, _) = expect_word("by")(rest)?;
    let (rest, value) = parse_expression(rest)?;
    let (rest, descending) = accept_order(rest);
    let by = SortKey { value, descending: descending.unwrap_or(true) };
    then(parse_per(rest), |_, per| Stage::Top { count, by, per })
}

/// `[N] [per a]`, after `first` or `last`.
fn parse_first(tokens: Tokens<'_>) -> Parse<'_, (u64, Option<Expr>)> {
    let (rest, count) = opt(expect_count).parse(tokens)?;
    then(parse_per(rest), |_, per| (count.map_or(1, |count| count.node), per))
}

fn parse_per(tokens: Tokens<'_>) -> Parse<'_, Option<Expr>> {
    match accept_word(tokens, "per") {
        Some(rest) => then(parse_expression(rest), |_, key| Some(key)),
        None => Ok((tokens, None)),
    }
}

/// A whole number.
pub(super) fn expect_count(tokens: Tokens<'_>) -> Parse<'_, Spanned<u64>> {
    let count = integer(tokens.text()).and_then(|count| u64::try_from(count).ok());
    match count.filter(|_| tokens.kind() == TokenKind::Integer) {
        Some(count) => Ok((tokens.next(), Spanned::new(count, tokens.token().span))),
        None => tokens.fail(Expected::Count),
    }
}
