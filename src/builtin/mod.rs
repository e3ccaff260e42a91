//! What the language brings along: operators on values, functions, aggregates, stages. Each is one record.

mod aggregate;
mod function;
mod operator;
mod stage;

pub use aggregate::{AGGREGATES, Aggregate, aggregate};
pub use function::{FUNCTIONS, Function, Takes, function};
pub use operator::{arithmetic, compare, negate, order, order_lists};
pub use stage::{CLAUSES, SOURCES, STAGES, Step};

/// What went wrong in a computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;
