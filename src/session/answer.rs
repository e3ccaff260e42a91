//! From the rows of a run to an answer: cells, the header, notes, citations, and where the rows of an empty answer went.

use crate::answer::{Answer, Cell, Citation, Header, Shown};
use crate::diagnostic::Diagnostic;
use crate::exec::{self, Output, Run};
use crate::ir::plan::{Aggregate, Node, Plan, PlanColumn, Scan, Sequence, Sides, Status};
use crate::resolve::Resolved;
use crate::span::Span;
use crate::store::{EVENTS, Store};
use crate::value::{Base, Bucket, Type, Value};

/// The columns of an answer.
pub(super) fn columns<T>(store: &Store, plan: &Plan, output: &Output<T>) -> Vec<Shown> {
    plan.columns.iter().chain(&output.extra).map(|column| shown(store, column)).collect()
}

/// A column as an answer has it.
pub(super) fn shown(store: &Store, column: &PlanColumn) -> Shown {
    Shown {
        name: column.name.clone(),
        kind: store.type_name(column.of),
        numeric: !column.of.many && (column.of.is_number() || column.of.base == Base::Duration),
    }
}

/// The answer that a run of a query gives.
pub(super) fn answer(
    run: &Run<'_>,
    text: &str,
    resolved: &Resolved,
    mut output: Output<Cell>,
) -> Result<Answer, Diagnostic> {
    let store = run.store;
    let plan = &resolved.plan;
    let bottoms = bottoms(store, plan);
    let rows = std::mem::take(&mut output.rows);
    let mut answer = Answer {
        columns: columns(store, plan, &output),
        rows,
        header: headers(run, &bottoms)?,
        notes: Vec::new(),
        citations: Vec::new(),
    };
    if resolved.cites {
        cite(store, &mut answer);
    }
    answer.notes.extend(possible_note(&output, plan, text));
    answer.notes.extend(repeated_note(output.repeated));
    if answer.rows.is_empty() {
        let funnels = bottoms.iter().map(|(scan, filter)| funnel(run, text, scan, *filter));
        let funnels: Vec<String> = funnels.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        answer.notes.extend((!funnels.is_empty()).then(|| funnels.join("; ")));
    }
    Ok(answer)
}

/// How many rows more possibly match, and by which conditions.
fn possible_note(output: &Output<Cell>, plan: &Plan, text: &str) -> Option<String> {
    let possible: usize = output.possible.iter().map(|(_, count)| count).sum();
    let by = output.possible.iter().map(|(span, count)| format!("{count} by `{}`", span.of(text)));
    let by = by.collect::<Vec<_>>().join(", ");
    let is_where = output.possible.iter().any(|(span, _)| !is_limit(plan, *span));
    let advice = if is_where { " (add `possibly`)" } else { "" };
    (possible > 0).then(|| format!("{possible} more possibly match: {by}{advice}"))
}

/// Whether a sequence has its limit at a place of the text.
fn is_limit(plan: &Plan, span: Span) -> bool {
    let is_here = matches!(&plan.node, Node::Sequence(Sequence { within: Some(within), .. }) if within.span == span);
    is_here || plan.inputs.iter().any(|input| is_limit(input, span))
}

/// How many rows were counted in more than one group.
fn repeated_note(repeated: usize) -> Option<String> {
    match repeated {
        0 => None,
        1 => Some("1 row has several values and counts once for each".to_owned()),
        rows => Some(format!("{rows} rows have several values and count once for each")),
    }
}

/// Turns the last column, the sources, into numbers of notes.
pub(super) fn cite(store: &Store, answer: &mut Answer) {
    for row in &mut answer.rows {
        let Some(Cell::List(sources)) = row.last_mut() else { continue };
        for source in sources.iter_mut() {
            let id = source.to_string();
            let number = match answer.citations.iter().position(|citation| citation.id == id) {
                Some(place) => place + 1,
                None => {
                    answer.citations.push(Citation { text: cited(store, &id), id });
                    answer.citations.len()
                }
            };
            *source = Cell::Text(format!("[{number}]").into());
        }
        let mut seen = Vec::new();
        sources.retain(|source| {
            let is_new = !seen.contains(source);
            seen.extend(is_new.then(|| source.clone()));
            is_new
        });
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
type Bottom<'a> = (&'a Plan, Option<&'a Plan>);

/// The bottom of a plan; of a sequence, those of its inputs, each different one once.
fn bottoms<'a>(store: &Store, plan: &'a Plan) -> Vec<Bottom<'a>> {
    let mut above = None;
    let mut at = plan;
    loop {
        if let Node::Sequence(_) = at.node {
            let mut seen = Vec::new();
            let is_new = |input: &&Plan| {
                let text = super::tree::flat(store, input);
                let is_new = !seen.contains(&text);
                seen.push(text);
                is_new
            };
            return at.inputs.iter().filter(is_new).flat_map(|input| bottoms(store, input)).collect();
        }
        let Some(input) = at.input() else { break };
        above = Some(at);
        at = input;
    }
    vec![(at, above.filter(|plan| matches!(plan.node, Node::Filter { .. })))]
}

/// One header of several bottoms: all sides, and all that was left out.
fn headers(run: &Run<'_>, bottoms: &[Bottom<'_>]) -> Result<Header, Diagnostic> {
    let mut all = Header::default();
    let mut sides: Vec<String> = Vec::new();
    for (scan, filter) in bottoms {
        let one = header(run, scan, *filter)?;
        all.as_of = one.as_of;
        sides.extend(one.side.filter(|side| !sides.contains(side)));
        for (status, count) in one.left_out {
            match all.left_out.iter_mut().find(|(of, _)| *of == status) {
                Some((_, before)) => *before += count,
                None => all.left_out.push((status, count)),
            }
        }
    }
    all.side = (!sides.is_empty()).then(|| sides.join(", "));
    Ok(all)
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
        (Sides::Of(sides), Some(Base::Coded(domain))) => {
            Some(sides.iter().map(|&code| store.name(domain, code)).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    Ok(Header { side, as_of, left_out: left_out(run, plan, scan, filter)?, ..Header::default() })
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
    let mut others = Plan { node: others, ..plan.clone() };
    if let Some(filter) = filter {
        others = others.then_same(filter.node.clone());
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in exec::execute(run, &others)?.rows {
        let status = match run.store.text(&row[field]) {
            status if status.is_empty() => "without status".to_owned(),
            status => status,
        };
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
    let mut steps = vec![format!("{} {name}", count(run, scan.clone())?)];
    if let Some(Node::Filter { predicates, possibly }) = filter.map(|filter| &filter.node) {
        for last in 1..=predicates.len() {
            let (predicates, possibly) = (predicates[..last].to_vec(), *possibly);
            let span = predicates[last - 1].span;
            let rows = count(run, scan.clone().then_same(Node::Filter { predicates, possibly }))?;
            steps.push(format!("{rows} after `{}`", span.of(text)));
        }
    }
    Ok(Some(steps.join(", ")))
}

/// How many rows a plan gives.
fn count(run: &Run<'_>, plan: Plan) -> Result<i64, Diagnostic> {
    let counting = Aggregate { function: "count", distinct: false, arguments: Vec::new() };
    let column = PlanColumn { name: "count".to_owned(), of: Type::one(Base::Int) };
    let plan = plan.then(Node::Group { keys: Vec::new(), aggregates: vec![counting] }, vec![column]);
    let rows = exec::execute(run, &plan)?.rows;
    Ok(if let Some([Value::Int(count)]) = rows.first().map(Vec::as_slice) { *count } else { 0 })
}
