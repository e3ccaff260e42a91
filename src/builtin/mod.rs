//! What the language brings along: operators on values, functions, aggregates, and a record of each word.

mod aggregate;
mod function;
mod operator;
mod stage;
mod word;

pub use aggregate::{AGGREGATES, Aggregate, aggregate};
pub use function::{FUNCTIONS, Function, Takes, function};
pub use operator::{arithmetic, compare, negate, order, order_lists};
pub use stage::{CLAUSES, SOURCES, STAGES};
pub use word::{LITERALS, OPERATORS, STATEMENTS, WORDS, Word};

/// What went wrong in a computation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;
