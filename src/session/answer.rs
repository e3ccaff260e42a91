//! What a query gives to whoever asked: plain cells, a header, notes and citations.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::exec::{Output, Run, reference};
use crate::ir::plan::{Node, Plan, Scan, Sides, Status};
use crate::resolve::Resolved;
use crate::store::{EVENTS, Store};
use crate::value::{Bucket, Value};

/// The rows that answer a query, and what should be known about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<Shown>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// How the rows are told.
    pub header: Header,
    /// What else should be known, a sentence each.
    pub notes: Vec<String>,
    /// The works that the rows cite, by number from 1.
    pub citations: Vec<Citation>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// What its values are: `date`, `leader`, `list of country`.
    pub kind: String,
    /// Whether they are numbers or durations, to be set to the right.
    pub numeric: bool,
}

/// How the rows of an answer are told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// From whose side.
    pub side: Option<String>,
    /// The day up to which the data tells.
    pub as_of: Option<String>,
    /// How many events were left out by their status.
    pub left_out: Vec<(String, usize)>,
}

/// A work that rows cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The id in the data, with its paragraph.
    pub id: String,
    /// Its title, publisher, date and address, as far as the data has them.
    pub text: String,
}

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Missing,
    /// A truth.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text, a name, a date as ISO 8601-2 writes it.
    Text(String),
    /// A duration: as it is said, and as ISO 8601 writes it.
    Duration(String, String),
    /// Several values.
    List(Vec<Cell>),
}

impl Cell {
    fn new(store: &Store, value: &Value) -> Self {
        match value {
            Value::Missing => Self::Missing,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::Float(*value),
            Value::Duration(duration) => Self::Duration(duration.to_string(), duration.iso()),
            Value::List(items) => Self::List(items.iter().map(|item| Self::new(store, item)).collect()),
            other => Self::Text(store.text(other)),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Bool(value) => value.fmt(formatter),
            Self::Int(value) => value.fmt(formatter),
            Self::Float(value) => {
                let rounded = (value * 1e6).round() / 1e6;
                if value.abs() < 1e9 { rounded.fmt(formatter) } else { value.fmt(formatter) }
            }
            Self::Text(text) | Self::Duration(text, _) => formatter.write_str(text),
            Self::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    formatter.write_str(if place > 0 { ", " } else { "" })?;
                    item.fmt(formatter)?;
                }
                Ok(())
            }
        }
    }
}

impl Answer {
    pub(super) fn new(run: &Run<'_>, text: &str, resolved: &Resolved, output: Output) -> Result<Self, Diagnostic> {
        let store = run.store;
        let plan = &resolved.plan;
        let columns = plan.columns.iter().map(|column| Shown {
            name: column.name.clone(),
            kind: store.type_name(column.of),
            numeric: !column.of.many && (column.of.is_number() || column.of.base == crate::value::Base::Duration),
        });
        let mut answer = Self {
            columns: columns.collect(),
            rows: output.rows.iter().map(|row| row.iter().map(|value| Cell::new(store, value)).collect()).collect(),
            header: Header::default(),
            notes: Vec::new(),
            citations: Vec::new(),
        };
        let (scan, bottom) = bottom(plan);
        answer.header = header(run, scan, bottom)?;
        if resolved.cites {
            answer.cite(store);
        }
        let possible: usize = output.possible.iter().map(|(_, count)| count).sum();
        if possible > 0 {
            let by = output.possible.iter().map(|(span, count)| format!("{count} by `{}`", span.of(text)));
            let by = by.collect::<Vec<_>>().join(", ");
            answer.notes.push(format!("{possible} more possibly match: {by} (add `possibly`)"));
        }
        if output.repeated > 0 {
            let rows = if output.repeated == 1 {
                "row has several values and counts".to_owned()
            } else {
                format!("{} rows have several values and count", output.repeated)
            };
            let rows = if output.repeated == 1 { format!("1 {rows}") } else { rows };
            answer.notes.push(format!("{rows} once for each"));
        }
        if answer.rows.is_empty() {
            answer.notes.extend(funnel(run, text, scan, bottom)?);
        }
        Ok(answer)
    }

    /// Turns the last column, the sources, into numbers of notes.
    fn cite(&mut self, store: &Store) {
        for row in &mut self.rows {
            let Some(Cell::List(sources)) = row.last_mut() else { continue };
            for source in sources {
                let id = source.to_string();
                let number = match self.citations.iter().position(|citation| citation.id == id) {
                    Some(place) => place + 1,
                    None => {
                        self.citations.push(Citation { text: cited(store, &id), id });
                        self.citations.len()
                    }
                };
                *source = Cell::Text(format!("[{number}]"));
            }
        }
    }
}

fn cited(store: &Store, id: &str) -> String {
    let (work, paragraph) = id.split_once('#').map_or((id, None), |(work, paragraph)| (work, Some(paragraph)));
    let Some(source) = store.about.sources.get(work) else { return id.to_owned() };
    let mut parts = vec![source.title.clone(), source.publisher.clone(), source.date.clone(), source.address.clone()];
    parts.extend(paragraph.map(|paragraph| format!("paragraph {paragraph}")));
    parts.retain(|part| !part.is_empty());
    parts.join(". ")
}

/// The scan at the bottom of a plan, and the filter right above it if there is one.
fn bottom(plan: &Plan) -> (&Plan, Option<&Plan>) {
    let mut above = None;
    let mut at = plan;
    while let Some(input) = at.input() {
        above = Some(at);
        at = input;
    }
    (at, above.filter(|plan| matches!(plan.node, Node::Filter { .. })))
}

fn header(run: &Run<'_>, plan: &Plan, filter: Option<&Plan>) -> Result<Header, Diagnostic> {
    let store = run.store;
    let as_of = store.about.as_of.map(|day| Bucket::Day.of(day).to_string());
    let Node::Scan(scan) = &plan.node else { return Ok(Header { as_of, ..Header::default() }) };
    if scan.table != EVENTS {
        return Ok(Header { as_of, ..Header::default() });
    }
    let actors = store.tables[EVENTS].field("actor").map(|field| store.tables[EVENTS].fields[field].of.base);
    let side = match (&scan.sides, actors) {
        (Sides::Of(sides), Some(crate::value::Base::Coded(domain))) => {
            Some(sides.iter().map(|&code| store.name(domain, code)).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    Ok(Header { side, as_of, left_out: left_out(run, plan, scan, filter)? })
}

/// How many events of each other status the query would have.
fn left_out(
    run: &Run<'_>,
    plan: &Plan,
    scan: &Scan,
    filter: Option<&Plan>,
) -> Result<Vec<(String, usize)>, Diagnostic> {
    let (Status::Only(held), Some(field)) = (scan.status, run.store.tables[EVENTS].field("status")) else {
        return Ok(Vec::new());
    };
    let others = Node::Scan(Scan { status: Status::Except(held), ..scan.clone() });
    let mut others = Plan { node: others, columns: plan.columns.clone() };
    if let Some(Plan { node: Node::Filter { predicates, possibly, .. }, columns }) = filter {
        let (predicates, possibly) = (predicates.clone(), *possibly);
        let node = Node::Filter { input: Box::new(others), predicates, possibly };
        others = Plan { node, columns: columns.clone() };
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in reference::execute(run, &others)?.rows {
        let status = run.store.text(&row[field]);
        match counts.iter_mut().find(|(of, _)| *of == status) {
            Some((_, count)) => *count += 1,
            None => counts.push((status, 1)),
        }
    }
    Ok(counts)
}

/// Where the rows went: how many are left after each condition.
fn funnel(run: &Run<'_>, text: &str, scan: &Plan, filter: Option<&Plan>) -> Result<Option<String>, Diagnostic> {
    let Node::Scan(source) = &scan.node else { return Ok(None) };
    let name = match &source.kinds {
        Some(kinds) => run.store.about.kinds.get(kinds[0] as usize - 1).map_or("", |kind| &kind.plural),
        None => &run.store.tables[source.table].name,
    };
    let mut steps = vec![format!("{} {name}", reference::execute(run, scan)?.rows.len())];
    if let Some(Plan { node: Node::Filter { predicates, possibly, .. }, columns }) = filter {
        for last in 1..=predicates.len() {
            let (input, predicates) = (Box::new(scan.clone()), predicates[..last].to_vec());
            let span = predicates[last - 1].span;
            let node = Node::Filter { input, predicates, possibly: *possibly };
            let rows = reference::execute(run, &Plan { node, columns: columns.clone() })?.rows.len();
            steps.push(format!("{rows} after `{}`", span.of(text)));
        }
    }
    Ok(Some(steps.join(", ")))
}
