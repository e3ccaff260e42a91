//! What a run tells of each node of its plan: how many rows it gave, how long that took, and what spared it a look at each.

use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

use super::Run;
use crate::ir::plan::Plan;

/// The time since a moment that stays the same.
pub type Clock<'a> = &'a dyn Fn() -> Duration;

/// Keeps what a run tells of the nodes of a plan.
pub struct Watch<'a> {
    clock: Clock<'a>,
    passages: RefCell<Vec<Passage>>,
    /// What answered a node, where that was not a look at each row.
    answered: RefCell<Vec<(*const Plan, String)>>,
}

/// What was seen of one node, which is told from others by where it lies in memory.
struct Passage {
    node: *const Plan,
    rows: usize,
    time: Duration,
}

impl<'a> Watch<'a> {
    /// Nothing was seen yet.
    pub fn new(clock: Clock<'a>) -> Self {
        Self { clock, passages: RefCell::default(), answered: RefCell::default() }
    }

    /// How many rows a node gave, and how long that took with its inputs; nothing if it did not run.
    pub fn seen(&self, plan: &Plan) -> Option<(usize, Duration)> {
        let passages = self.passages.borrow();
        let passage = passages.iter().find(|passage| std::ptr::eq(passage.node, plan))?;
        Some((passage.rows, passage.time))
    }

    /// What answered a node, `by the rows of kind` say; nothing if it looked at each row.
    pub fn answered_by(&self, plan: &Plan) -> Option<String> {
        let answered = self.answered.borrow();
        answered.iter().find(|(node, _)| std::ptr::eq(*node, plan)).map(|(_, by)| by.clone())
    }

    pub(super) fn now(&self) -> Duration {
        (self.clock)()
    }

    pub(super) fn tell(&self, plan: &Plan, rows: usize, since: Duration) {
        let time = self.now().saturating_sub(since);
        self.passages.borrow_mut().push(Passage { node: plan, rows, time });
    }
}

impl Run<'_> {
    /// Tells whoever watches what answers a node without a look at each row.
    pub(super) fn answered_by(&self, plan: &Plan, by: impl fmt::Display) {
        if let Some(watch) = self.watch {
            watch.answered.borrow_mut().push((plan, by.to_string()));
        }
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}
