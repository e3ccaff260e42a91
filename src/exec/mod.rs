//! Running a plan over a store: a table of values, and what should be known about it.

mod columnar;
mod evaluate;
pub mod reference;
mod rows;
mod sequence;
mod subquery;
mod trace;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::plan::{Expr, Plan, PlanColumn};
use crate::span::Span;
use crate::store::{Column, Store};
use crate::value::Value;

pub use trace::{Asked, Seen, seen};
pub use watch::{Clock, Watch};

/// What a run may use and how far it may go.
#[derive(Debug)]
pub struct Run<'a> {
    /// The data.
    pub store: &'a Store,
    /// Set from outside to stop the run.
    pub interrupt: &'a AtomicBool,
    /// How many rows a stage may give.
    pub most_rows: usize,
    /// Is told what each node gives.
    pub watch: Option<&'a Watch<'a>>,
}

/// What a plan gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Output<T = Value> {
    /// The rows, a value for each column.
    pub rows: Vec<Vec<T>>,
    /// How many rows each predicate left out because it is unknown for them, by the predicate's place in the text.
    pub possible: Vec<(Span, usize)>,
    /// How many rows were counted in more than one group.
    pub repeated: usize,
    /// The columns that only a run knows; they stand after those of the plan.
    pub extra: Vec<PlanColumn>,
}

/// Runs a plan.
///
/// # Errors
///
/// What stopped the run: an overflow, a sub-query of more than one row, a limit, an interrupt, a column that turned out to be
/// damaged.
pub fn execute(run: &Run<'_>, plan: &Plan) -> Result<Output, Diagnostic> {
    execute_as(run, plan, Column::value)
}

/// Runs a plan, and makes of each value of a column, by its place, what `read` makes of it.
///
/// # Errors
///
/// As [`execute`] has them.
pub fn execute_as<T>(run: &Run<'_>, plan: &Plan, read: impl Fn(&Column, usize) -> T) -> Result<Output<T>, Diagnostic> {
    let output = columnar::execute_as(run, plan, read)?;
    match run.store.damage.told() {
        Some(message) => Err(Diagnostic::new(Code::UNREADABLE, Span::default(), message)),
        None => Ok(output),
    }
}

/// The value of an expression that speaks of no row.
///
/// # Errors
///
/// As [`execute`] has them.
pub fn value(run: &Run<'_>, expr: &Expr) -> Result<Value, Diagnostic> {
    let mut expr = expr.clone();
    subquery::answer_queries(run, &mut expr, execute)?;
    evaluate::evaluate(run, &expr, &evaluate::NoRow)
}

impl<T> Default for Output<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), possible: Vec::new(), repeated: 0, extra: Vec::new() }
    }
}

impl<T> Output<T> {
    fn add_possible(&mut self, predicate: Span, count: usize) {
        match self.possible.iter_mut().find(|(of, _)| *of == predicate) {
            Some((_, before)) => *before += count,
            None => self.possible.push((predicate, count)),
        }
    }
}

impl<'a> Run<'a> {
    /// A run over `store` that `interrupt` stops.
    pub fn new(store: &'a Store, interrupt: &'a AtomicBool, most_rows: usize) -> Self {
        Self { store, interrupt, most_rows, watch: None }
    }

    /// Stops where the run was interrupted, or gives more rows than it may.
    fn check(&self, rows: usize) -> Result<(), Diagnostic> {
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(Diagnostic::new(Code::INTERRUPTED, Span::default(), "the query was interrupted"));
        }
        if rows > self.most_rows {
            let message = format!("the query gives more than {} rows", self.most_rows);
            return Err(
                Diagnostic::new(Code::TOO_MANY_ROWS, Span::default(), message).help("ask for fewer with `take`")
            );
        }
        Ok(())
    }
}
