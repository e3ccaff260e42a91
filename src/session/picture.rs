//! The wish to be drawn: whether the columns of a query can be, and with the rows what the picture needs beside them.

use std::collections::BTreeSet;

use super::answer::shown;
use crate::answer::{Answer, Chart, Parts, Picture, Position, Shown, Undrawable};
use crate::diagnostic::{Code, Diagnostic};
use crate::english;
use crate::ir::ast::{self, Query, Stage};
use crate::ir::plan::{Node, Plan};
use crate::resolve::Resolved;
use crate::span::Spanned;
use crate::store::Store;
use crate::value::Value;

/// What is wrong with the wish, as far as that is known before the query runs: columns of `pivot` are not.
pub(super) fn check(store: &Store, resolved: &Resolved) -> Result<(), Diagnostic> {
    match &resolved.picture {
        Some(wish) if !is_pivoted(&resolved.plan) => {
            let columns: Vec<_> = resolved.plan.columns.iter().map(|column| shown(store, column)).collect();
            parts(wish, &columns).map(drop)
        }
        _ => Ok(()),
    }
}

/// The answer with its picture, if one is wished. The sources of its rows are those of the picture, and of the rows only where
/// the query asks for them.
pub(super) fn drawn(
    store: &Store,
    (text, query): (&str, &Query),
    resolved: &Resolved,
    mut answer: Answer,
) -> Result<Answer, Diagnostic> {
    let Some(wish) = &resolved.picture else { return Ok(answer) };
    let sources = answer.citations.clone();
    if resolved.cites && !query.stages.iter().any(|stage| matches!(stage.node, Stage::Cite)) {
        answer.citations.clear();
        answer.columns.pop();
        answer.rows.iter_mut().for_each(|row| drop(row.pop()));
    }
    let parts = parts(wish, &answer.columns)?;
    let mut asked = query.clone();
    asked.stages.retain(|stage| !matches!(stage.node, Stage::Render(_) | Stage::Cite));
    let question = english::question(store, text, &asked, &resolved.plan);
    let about = &store.about;
    let name = if about.title.is_empty() { &about.name } else { &about.title };
    let positions = match parts {
        Parts::Map { place: Some(place), degrees: None, .. } => positions(store, &answer, place),
        _ => Vec::new(),
    };
    let title = question.trim_end_matches('.').to_owned();
    answer.header.picture = Some(Picture { parts, title, data: name.clone(), sources, positions });
    Ok(answer)
}

fn parts(wish: &Spanned<ast::Picture>, columns: &[Shown]) -> Result<Parts, Diagnostic> {
    Parts::of(chart(wish.node), columns)
        .map_err(|Undrawable { message, help }| Diagnostic::new(Code::STAGE_MISMATCH, wish.span, message).help(help))
}

fn chart(picture: ast::Picture) -> Chart {
    match picture {
        ast::Picture::Bar => Chart::Bar,
        ast::Picture::Line => Chart::Line,
        ast::Picture::Timeline => Chart::Timeline,
        ast::Picture::Heatmap => Chart::Heatmap,
        ast::Picture::Map => Chart::Map,
        ast::Picture::Network => Chart::Network,
    }
}

fn is_pivoted(plan: &Plan) -> bool {
    matches!(plan.node, Node::Pivot { .. }) || plan.input().is_some_and(is_pivoted)
}

/// Where the names of a column lie, as far as their table says.
fn positions(store: &Store, answer: &Answer, column: usize) -> Vec<Position> {
    let kind = answer.columns[column].kind.trim_start_matches("list of ");
    let Some(domain) = store.domain_named(kind) else { return Vec::new() };
    let Some(table) = store.table_of(domain).map(|table| &store.tables[table]) else { return Vec::new() };
    let value = |field: &str, row: usize| {
        table.field(field).map_or(Value::Missing, |place| table.fields[place].column.value(row))
    };
    let names: BTreeSet<String> =
        answer.rows.iter().flat_map(|row| row[column].items()).map(ToString::to_string).collect();
    let position = |row: usize| {
        let name = store.name(domain, row as u32 + 1).to_owned();
        let (north, east) = (value("latitude", row).as_float(), value("longitude", row).as_float());
        let (latitude, longitude) = north.zip(east).filter(|_| names.contains(&name))?;
        let country = Some(store.text(&value("numeric", row))).filter(|number| !number.is_empty());
        Some(Position { name, latitude, longitude, country })
    };
    (0..table.rows).filter_map(position).collect()
}
