//! The wish to be drawn: whether the columns of a query can be, and with the rows what the picture needs beside them.

use std::collections::BTreeSet;

use super::Session;
use super::answer::{cite, shown};
use crate::answer::{Answer, Cell, Chart, Citation, Header, Parts, Picture, Position, Shown, Undrawable};
use crate::diagnostic::{Code, Diagnostic};
use crate::english;
use crate::exec;
use crate::ir::ast::{self, Query, Source, Stage};
use crate::ir::plan::{Node, Plan};
use crate::plan;
use crate::resolve::{self, Environment, Resolved};
use crate::span::Spanned;
use crate::store::Store;
use crate::value::Value;

/// What is wrong with the wish, as far as that is known before the query runs: columns of `pivot` are not.
pub(super) fn check(store: &Store, resolved: &Resolved) -> Result<(), Diagnostic> {
    match &resolved.picture {
        Some(wish) if pivoted(&resolved.plan).is_none() => {
            let columns: Vec<_> = resolved.plan.columns.iter().map(|column| shown(store, column)).collect();
            parts(wish, &columns).map(drop)
        }
        _ => Ok(()),
    }
}

impl Session {
    /// The answer with its picture, if one is wished. The sources of its rows are those of the picture, and of the rows only
    /// where the query asks for them.
    pub(super) fn drawn(
        &self,
        text: &str,
        query: &Query,
        resolved: &Resolved,
        mut answer: Answer,
    ) -> Result<Answer, Diagnostic> {
        let Some(wish) = &resolved.picture else { return Ok(answer) };
        let mut sources = answer.citations.clone();
        if resolved.cites && !query.stages.iter().any(|stage| matches!(stage.node, Stage::Cite)) {
            answer.citations.clear();
            answer.columns.pop();
            answer.rows.iter_mut().for_each(|row| drop(row.pop()));
        }
        if let Some(groups) = pivoted(&resolved.plan) {
            sources = self.sources_of(groups)?;
        }
        let parts = parts(wish, &answer.columns)?;
        let about = &self.store.about;
        let data = if about.title.is_empty() { &about.name } else { &about.title }.clone();
        let positions = match parts {
            Parts::Map { place: Some(place), degrees: None, .. } => positions(&self.store, &answer, place),
            _ => Vec::new(),
        };
        let mut asked = query.clone();
        asked.stages.retain(|stage| !matches!(stage.node, Stage::Render(_) | Stage::Cite));
        let title = self.title(text, &asked, &resolved.plan, &self.environment);
        answer.header.picture = Some(Picture { parts, title, data, sources, positions });
        Ok(answer)
    }

    /// The question of a query; what it asks by a name of `let` is asked in full.
    fn title(&self, text: &str, query: &Query, plan: &Plan, environment: &Environment) -> String {
        let question = english::question(&self.store, text, query, plan);
        let question = question.trim_end_matches('.');
        if let Source::Name(name) = &query.source.node
            && let Some((body, text, inside)) = environment.query(name)
            && let Some(rest) = question.strip_prefix(&format!("`{name}`"))
            && let Ok(resolved) = resolve::resolve_query(self.world(), &inside, text, body)
        {
            return self.title(text, body, &resolved.plan, &inside) + rest;
        }
        question.to_owned()
    }

    /// What the groups cite of which `pivot` made columns, as its own rows do not.
    fn sources_of(&self, groups: &Plan) -> Result<Vec<Citation>, Diagnostic> {
        let Some(source) = groups.columns.iter().position(|column| column.name == "source" && column.of.many) else {
            return Ok(Vec::new());
        };
        let (plan, _) = plan::optimise(&self.store, groups.clone());
        let rows = exec::execute(&self.a_run(), &plan)?.rows;
        let cells = rows.into_iter().filter_map(|row| Some(vec![Cell::of(&self.store, row.into_iter().nth(source)?)]));
        let mut cited = Answer {
            columns: Vec::new(),
            rows: cells.collect(),
            header: Header::default(),
            notes: Vec::new(),
            citations: Vec::new(),
        };
        cite(&self.store, &mut cited);
        Ok(cited.citations)
    }
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

/// The groups of which `pivot` makes columns.
fn pivoted(plan: &Plan) -> Option<&Plan> {
    let input = plan.input()?;
    if matches!(plan.node, Node::Pivot { .. }) { Some(input) } else { pivoted(input) }
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
