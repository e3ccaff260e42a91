//! How a query was understood and what its run did, as plain data.

use std::time::Duration;

use super::Shown;

/// How a query was understood, what was done for it, and what that took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The question in plain English.
    pub question: String,
    /// Each `let` that the query uses, and what it stands for in plain English.
    pub definitions: Vec<(String, String)>,
    /// The columns of the answer.
    pub columns: Vec<Shown>,
    /// The plan as it ran, what was done last first.
    pub steps: Vec<Step>,
    /// The rules that changed the plan before it ran.
    pub rules: Vec<Rule>,
}

/// A node of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How many nodes it stands below.
    pub depth: usize,
    /// What it does.
    pub text: String,
    /// What answered it, `by the rows of kind` say; nothing if it looked at each row.
    pub answered: Option<String>,
    /// How many rows it gave.
    pub rows: usize,
    /// How long it took, without the nodes below it.
    pub time: Duration,
}

/// A rule of the optimiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Why the changed plan is better.
    pub reason: String,
}
