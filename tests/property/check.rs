//! What must hold of an evaluator for a query on some data, and the smallest query and data for which it does not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;

use demarche::diagnostic::{Code, Diagnostic};
use demarche::exec::{Output, Run, execute, reference};
use demarche::ir::plan::Plan;
use demarche::session::Session;
use demarche::value::{Base, Type, Value};

use super::data::Data;
use super::query::Query;
use super::world::World;

/// What runs a plan.
pub type Evaluator = fn(&Run<'_>, &Plan) -> Result<Output, Diagnostic>;

/// Everything that must agree with the reference.
pub const EVALUATORS: &[(&str, Evaluator)] = &[("exec::execute", execute), ("plan::optimise", optimised)];

/// Runs what the optimiser makes of a plan.
fn optimised(run: &Run<'_>, plan: &Plan) -> Result<Output, Diagnostic> {
    execute(run, &demarche::plan::optimise(run.store, plan.clone()).0)
}

/// More rows than these stop a run; where on the way that happens may differ.
const MOST_ROWS: usize = 10_000;

/// What a run came to: its output, or the code of what stopped it.
type Outcome = Result<Output, String>;

/// A query on some data.
#[derive(Clone)]
pub struct Case {
    /// The data.
    pub data: Data,
    /// The query.
    pub query: Query,
}

/// Runs the plan of a query; a panic is an outcome too.
pub fn run(session: &Session, plan: &Plan, evaluator: Evaluator) -> Outcome {
    let interrupt = AtomicBool::new(false);
    let run = Run::new(session.store(), &interrupt, MOST_ROWS);
    match catch_unwind(AssertUnwindSafe(|| evaluator(&run, plan))) {
        Ok(done) => done.map_err(|diagnostic| diagnostic.code.text().to_owned()),
        Err(_) => Err("a panic".to_owned()),
    }
}

/// The rows of a query; none if it does not resolve or its run was stopped.
pub fn rows(session: &Session, query: &str) -> Option<Vec<Vec<Value>>> {
    let plan = session.plan(query).ok()?.plan;
    run(session, &plan, execute).ok().map(|output| output.rows)
}

/// Where an evaluator and the reference differ about a query, or the reference and the types that were promised.
pub fn disagreement(session: &Session, query: &str, evaluators: &[(&str, Evaluator)]) -> Option<String> {
    let plan = session.plan(query).ok()?.plan;
    let expected = run(session, &plan, reference::execute);
    match &expected {
        Err(code) if code == "a panic" => return Some("the reference panics".to_owned()),
        Ok(output) => {
            if let Some(misfit) = misfit(&plan, output) {
                return Some(misfit);
            }
        }
        Err(_) => {}
    }
    for (name, evaluator) in evaluators {
        let found = run(session, &plan, *evaluator);
        if !agree(&expected, &found) {
            let (expected, found) = (shown(session, &expected), shown(session, &found));
            return Some(format!("--- the reference gives\n{expected}--- {name} gives\n{found}"));
        }
    }
    None
}

/// The first value that is not of its column's type.
fn misfit(plan: &Plan, output: &Output) -> Option<String> {
    let columns: Vec<_> = plan.columns.iter().chain(&output.extra).collect();
    for row in &output.rows {
        if row.len() != columns.len() {
            return Some(format!("{} values stand in {} columns", row.len(), columns.len()));
        }
        for (value, column) in row.iter().zip(&columns) {
            if !fits(value, column.of) {
                return Some(format!("`{}` is to be {:?} and holds {value:?}", column.name, column.of));
            }
        }
    }
    None
}

/// Whether a value is of a type; a date may be told as an extent of days.
fn fits(value: &Value, of: Type) -> bool {
    match (value, of.base) {
        (Value::Missing, _) => true,
        (Value::List(items), base) => of.many && items.iter().all(|item| fits(item, Type::one(base))),
        (Value::Bool(_), Base::Bool) | (Value::Int(_), Base::Int) | (Value::Float(_), Base::Float) => true,
        (Value::Text(_), Base::Text) | (Value::Duration(_), Base::Duration) => true,
        (Value::Date(_) | Value::Period(_), Base::Date) | (Value::Period(_), Base::Period) => true,
        (Value::Coded(domain, _), Base::Coded(wanted)) => *domain == wanted,
        _ => false,
    }
}

fn agree(expected: &Outcome, found: &Outcome) -> bool {
    match (expected, found) {
        (Ok(expected), Ok(found)) => {
            let mut notes = (expected.possible.clone(), found.possible.clone());
            notes.0.sort_by_key(|(span, _)| (span.start, span.end));
            notes.1.sort_by_key(|(span, _)| (span.start, span.end));
            notes.0 == notes.1
                && expected.repeated == found.repeated
                && expected.extra == found.extra
                && are_same_rows(&expected.rows, &found.rows)
        }
        (Err(expected), Err(found)) => expected == found,
        (Err(stopped), _) | (_, Err(stopped)) => stopped == Code::TOO_MANY_ROWS.text(),
    }
}

/// Whether both are the same rows in the same order.
pub fn are_same_rows(left: &[Vec<Value>], right: &[Vec<Value>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| are_same(left, right))
}

fn are_same(left: &[Value], right: &[Value]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
}

/// Whether both are the same value; floats may differ in their last digits.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => (left - right).abs() <= 1e-9 * left.abs().max(right.abs()),
        (Value::List(left), Value::List(right)) => are_same(left, right),
        _ => left == right,
    }
}

fn shown(session: &Session, outcome: &Outcome) -> String {
    const MOST: usize = 30;
    let output = match outcome {
        Ok(output) => output,
        Err(code) => return format!("{code}\n"),
    };
    let mut text =
        format!("{} rows, {} repeated, possible: {:?}\n", output.rows.len(), output.repeated, output.possible);
    for row in output.rows.iter().take(MOST) {
        let cells = row.iter().map(|value| match value {
            Value::Missing => "missing".to_owned(),
            Value::List(_) => format!("[{}]", session.store().text(value)),
            value => session.store().text(value),
        });
        text.push_str(&format!("  {}\n", cells.collect::<Vec<_>>().join(" | ")));
    }
    text
}

/// The smallest case found for which something still fails, and how it does.
pub fn shrink(case: Case, fails: impl Fn(&Session, &str) -> Option<String>) -> (Case, String) {
    let try_case = |case: &Case| fails(&World::new(&case.data).session, &case.query.to_string());
    let Some(mut reason) = try_case(&case) else { return (case, "it does not fail again".to_owned()) };
    let mut smallest = case;
    loop {
        let world = World::new(&smallest.data);
        let query = smallest.query.shorter().into_iter().find_map(|query| {
            let reason = fails(&world.session, &query.to_string())?;
            Some((Case { query, data: smallest.data.clone() }, reason))
        });
        let found = query.or_else(|| {
            smallest.data.smaller().into_iter().find_map(|data| {
                let case = Case { data, query: smallest.query.clone() };
                try_case(&case).map(|reason| (case, reason))
            })
        });
        match found {
            Some(found) => (smallest, reason) = found,
            None => return (smallest, reason),
        }
    }
}

/// A failure as a text from which it can be looked into.
pub fn told(case: &Case, reason: &str, how_to_run: &str) -> String {
    const MOST: usize = 6000;
    let mut text = format!("{how_to_run}\n--- query\n{}\n{reason}\n", case.query);
    for (name, content) in case.data.files().iter().rev() {
        let cut = content.char_indices().nth(MOST).map_or(content.len(), |(place, _)| place);
        text.push_str(&format!("--- {name}\n{}\n", &content[..cut]));
    }
    text
}
