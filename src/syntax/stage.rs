//! The stages of a pipeline, each by its first word.

use nom::Parser;
use nom::combinator::opt;

use super::clause::{parse_condition, parse_stage_query};
use super::expected::Expected;
use super::expression::{parse_expression, parse_sum};
use super::literal::integer;
use super::operand::{expect_name, hole, parse_duration, parse_expressions, starts_expression};
use super::recovery::skip_to_pipe;
use super::tokens::{Parse, Tokens, accept_word, expect_word, parse_list, then};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{Column, Combination, Expr, Picture, Side, SortKey, Stage};
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
pub(super) const NEEDS_MORE: &[&str] = &[
    "select",
    "derive",
    "sort",
    "take",
    "skip",
    "top",
    "expand",
    "summarize",
    "gap",
    "pivot",
    "rolling",
    "running",
    "followed",
    "preceded",
    "union",
    "intersect",
    "except",
    "join",
    "path",
    "render",
];

/// What parses a stage after its first word.
type StageParser = for<'a> fn(Tokens<'a>) -> Parse<'a, Stage>;

/// One stage, after `|`.
pub(super) fn parse_stage(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    match stage_parser(tokens) {
        Some(parser) => parser(tokens.next()),
        None if tokens.is_symbol("?") => {
            hole(tokens);
            Ok((skip_to_pipe(tokens.next()), Stage::Hole))
        }
        None => tokens.fail(Expected::Stage),
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
        "pivot" => |rest| then(parse_expression(rest), |_, key| Stage::Pivot(key)),
        "fill" => parse_fill,
        "rolling" => parse_rolling,
        "running" => parse_running,
        "followed" => |rest| parse_near(rest, Side::After),
        "preceded" => |rest| parse_near(rest, Side::Before),
        "union" => |rest| parse_combine(rest, Combination::Union),
        "intersect" => |rest| parse_combine(rest, Combination::Intersect),
        "except" => |rest| parse_combine(rest, Combination::Except),
        "join" => parse_join,
        "links" => |rest| Ok((rest, Stage::Links)),
        "path" => parse_path,
        "render" => parse_render,
        _ => return None,
    };
    Some(parser)
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

fn parse_fill(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, from) = parse_after(tokens, "from")?;
    then(parse_after(rest, "to"), |_, to| Stage::Fill { from, to })
}

/// What stands after `word`, if it stands here.
fn parse_after<'a>(tokens: Tokens<'a>, word: &'static str) -> Parse<'a, Option<Expr>> {
    match accept_word(tokens, word) {
        Some(rest) => then(parse_sum(rest), |_, value| Some(value)),
        None => Ok((tokens, None)),
    }
}

fn parse_rolling(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, window) = parse_duration(tokens)?;
    then(parse_windowed(rest), |_, (aggregates, by)| Stage::Rolling { window, aggregates, by })
}

fn parse_running(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    then(parse_windowed(tokens), |_, (aggregates, by)| Stage::Running { aggregates, by })
}

/// `agg [by a]`, after `rolling D` or `running`.
fn parse_windowed(tokens: Tokens<'_>) -> Parse<'_, (Vec<Column>, Vec<Expr>)> {
    let (rest, aggregates) = parse_columns(tokens)?;
    match accept_word(rest, "by") {
        Some(keys) => then(parse_expressions(keys), |_, by| (aggregates, by)),
        None => Ok((rest, (aggregates, Vec::new()))),
    }
}

/// `by Q within D [on a]`, after `followed` or `preceded`.
fn parse_near(tokens: Tokens<'_>, side: Side) -> Parse<'_, Stage> {
    let (rest, _) = expect_word("by")(tokens)?;
    let (rest, query) = parse_stage_query(rest)?;
    let (rest, _) = expect_word("within")(rest)?;
    let (rest, within) = parse_sum(rest)?;
    match accept_word(rest, "on") {
        Some(keys) => then(parse_expressions(keys), |_, on| Stage::Near { side, query, within, on }),
        None => Ok((rest, Stage::Near { side, query, within, on: Vec::new() })),
    }
}

fn parse_combine(tokens: Tokens<'_>, how: Combination) -> Parse<'_, Stage> {
    then(parse_stage_query(tokens), |_, query| Stage::Combine { how, query })
}

fn parse_join(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, query) = parse_stage_query(tokens)?;
    let (rest, _) = expect_word("on")(rest)?;
    then(parse_expressions(rest), |_, on| Stage::Join { query, on })
}

fn parse_path(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    let (rest, _) = expect_word("from")(tokens)?;
    let (rest, from) = parse_sum(rest)?;
    let (rest, _) = expect_word("to")(rest)?;
    then(parse_sum(rest), |_, to| Stage::Path { from, to })
}

fn parse_render(tokens: Tokens<'_>) -> Parse<'_, Stage> {
    for (name, picture) in Picture::ALL {
        if let Some(rest) = accept_word(tokens, name) {
            return Ok((rest, Stage::Render(picture)));
        }
    }
    tokens.fail(Expected::Word("bar"))
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
