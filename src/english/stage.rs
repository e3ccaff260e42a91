//! Stages in words: `top 3 by count` is `the 3 with the largest count`.

use super::{Writer, series};
use crate::ir::ast::{Column, Combination, Expr, Picture, Side, SortKey, Stage};
use crate::span::Span;

impl Writer<'_> {
    pub(super) fn stage(&self, stage: &Stage, span: Span) -> String {
        match stage {
            Stage::Where(condition) => format!("of these, the ones {}", self.filter(condition)),
            Stage::Select(columns) => format!("shown as {}", self.columns(columns)),
            Stage::Derive(columns) => format!("with {}", self.columns(columns)),
            Stage::Sort(keys) => format!("ordered by {}", series(keys.iter().map(|key| self.key(key)), "and then by")),
            Stage::Take(count) => format!("the first {}", count.node),
            Stage::Skip(count) => format!("without the first {}", count.node),
            Stage::Top { count, by, per } => {
                let end = if by.descending { "largest" } else { "smallest" };
                format!("{}the {} with the {end} {}", self.each(per.as_ref()), count.node, self.field(&by.value))
            }
            Stage::First { count, per } => format!("{}{}", self.each(per.as_ref()), end(*count, "earliest")),
            Stage::Last { count, per } => format!("{}{}", self.each(per.as_ref()), end(*count, "latest")),
            Stage::Distinct(columns) if columns.is_empty() => "each different row once".to_owned(),
            Stage::Distinct(columns) => format!("each different {} once", self.columns(columns)),
            Stage::Expand(list) => format!("with a row for each {}", self.field(list)),
            Stage::Count(by) if by.is_empty() => "how many there are".to_owned(),
            Stage::Count(by) => format!("how many there are for each {}", self.columns(by)),
            Stage::Summarize { aggregates, by } if by.is_empty() => format!("in all: {}", self.columns(aggregates)),
            Stage::Summarize { aggregates, by } => {
                format!("for each {}: {}", self.columns(by), self.columns(aggregates))
            }
            Stage::Gap(by) => format!("with the time since the one before{}", self.same(by)),
            Stage::Share => "with the part that each is of the total".to_owned(),
            Stage::Cite => "with their sources".to_owned(),
            Stage::Pivot(key) => format!("with a column for each {}", self.field(key)),
            Stage::Fill { from, to } => {
                let from = from.as_ref().map(|from| format!(" from {}", self.value(from))).unwrap_or_default();
                let to = to.as_ref().map(|to| format!(" to {}", self.value(to))).unwrap_or_default();
                format!("with a row for each time between that has none{from}{to}")
            }
            Stage::Rolling { window, aggregates, by } => {
                format!("with {} over the {} up to each{}", self.columns(aggregates), self.value(window), self.same(by))
            }
            Stage::Running { aggregates, by } => {
                format!("with {} up to each{}", self.columns(aggregates), self.same(by))
            }
            Stage::Near { side, query, within, on } => {
                let (which, where_to) = match side {
                    Side::After => ("first", "after"),
                    Side::Before => ("last", "before"),
                };
                let (query, within) = (self.query(query), self.value(within));
                format!("with the {which} of the {query} within {within} {where_to} each{}", self.same(on))
            }
            Stage::Combine { how, query } => match how {
                Combination::Union => format!("together with the {}", self.query(query)),
                Combination::Intersect => format!("those that are also among the {}", self.query(query)),
                Combination::Except => format!("without the {}", self.query(query)),
            },
            Stage::Join { query, on } => format!("with what the {} say{}", self.query(query), self.same(on)),
            Stage::Links => "the pairs of those who took part, with how often, first and last".to_owned(),
            Stage::Path { from, to } => {
                format!("the shortest chain of them from {} to {}", self.value(from), self.value(to))
            }
            Stage::Render(picture) => format!("drawn as a {}", drawing(*picture)),
            Stage::Hole | Stage::Invalid => format!("`{}`", span.of(self.text)),
        }
    }

    fn columns(&self, columns: &[Column]) -> String {
        let one = |column: &Column| match &column.name {
            Some(name) => format!("{} = `{}`", name.node, column.value.span.of(self.text)),
            None => self.field(&column.value),
        };
        series(columns.iter().map(one), "and")
    }

    fn key(&self, key: &SortKey) -> String {
        let order = if key.descending { ", the largest first" } else { "" };
        format!("{}{order}", self.field(&key.value))
    }

    fn each(&self, per: Option<&Expr>) -> String {
        per.map(|per| format!("for each {}, ", self.field(per))).unwrap_or_default()
    }

    fn same(&self, keys: &[Expr]) -> String {
        if keys.is_empty() { String::new() } else { format!(" with the same {}", self.fields(keys)) }
    }
}

fn end(count: u64, which: &str) -> String {
    if count == 1 { format!("the {which}") } else { format!("the {count} {which}") }
}

fn drawing(picture: Picture) -> &'static str {
    match picture {
        Picture::Bar => "bar chart",
        Picture::Line => "line chart",
        Picture::Timeline => "time line",
        Picture::Heatmap => "heat map",
        Picture::Map => "map",
        Picture::Network => "network",
    }
}
