//! The typed plan: what is done to which table, with columns by place and no names left to look up.
//!
//! ```text
//! Group by region, count
//! └ Filter venue = abroad
//!   └ Scan events of kind meeting, told from one side
//! ```

use std::sync::Arc;

use regex::Regex;

use crate::ir::ast::{Combination, Side};
use crate::span::Span;
use crate::value::{Bucket, DomainId, Duration, Period, Type, Value};

/// A node, what it works on, and the columns that it gives.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is done.
    pub node: Node,
    /// To what: nothing for a scan, a plan for each query of a sequence, two for what combines tables, else one.
    pub inputs: Vec<Plan>,
    /// The columns it gives.
    pub columns: Vec<PlanColumn>,
}

/// A column of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: Type,
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Node {
    /// The rows of a table, in its order, with all its stored columns.
    Scan(Scan),
    /// The rows for which all of the predicates hold for certain, or are not known to fail.
    Filter {
        /// The predicates.
        predicates: Vec<Expr>,
        /// Whether rows for which they are unknown are kept.
        possibly: bool,
    },
    /// Columns computed from each row.
    Project {
        /// One for each column.
        values: Vec<Expr>,
    },
    /// The rows in order; stable.
    Sort {
        /// The keys, the first decides first.
        keys: Vec<SortKey>,
    },
    /// Some of the rows.
    Slice {
        /// How many are left out first.
        skip: u64,
        /// How many are kept then, if not all.
        take: Option<u64>,
    },
    /// The first rows of each group in an order; the groups in the order of their keys.
    Top {
        /// How many of each group.
        count: u64,
        /// The order, the first decides first.
        keys: Vec<SortKey>,
        /// What makes a group; all rows are one without.
        per: Option<Expr>,
    },
    /// The rows without repeats of these values, which become the columns.
    Distinct {
        /// The values, single ones.
        values: Vec<Expr>,
    },
    /// A row for each value of a list.
    Expand {
        /// The column of the list.
        column: usize,
    },
    /// A row for each group, with its keys and aggregates.
    Group {
        /// What makes a group; a row is in a group for each value of a list.
        keys: Vec<Expr>,
        /// What is computed of each.
        aggregates: Vec<Aggregate>,
    },
    /// The rows by date, with the date before of the same keys and the time between.
    Gap {
        /// What makes rows the same.
        keys: Vec<Expr>,
        /// The date of a row.
        date: Expr,
    },
    /// Beside a number, its part of the total.
    Share {
        /// The column of the number.
        column: usize,
    },
    /// The values of a key as columns, which only a run knows; they stand after the plan's own.
    Pivot {
        /// The column of the key.
        key: usize,
        /// The column whose values go into the cells.
        value: usize,
        /// The columns that make a row.
        rows: Vec<usize>,
        /// What stands where there is no value.
        absent: Value,
    },
    /// The rows of groups by time, with a row for each bucket between that has none.
    Fill {
        /// The columns of the keys.
        keys: Vec<usize>,
        /// That of the buckets, one of the keys.
        time: usize,
        /// What they are.
        bucket: Bucket,
        /// The first day and the last, where they are said.
        within: (Option<i32>, Option<i32>),
        /// What stands in each column of a row that is filled in, and in those that only a run knows.
        absent: Vec<Value>,
    },
    /// The rows by date, with aggregates of those in the time before each.
    Rolling {
        /// How far back.
        window: Duration,
        /// What makes rows the same.
        keys: Vec<Expr>,
        /// The date of a row.
        date: Expr,
        /// What is computed.
        aggregates: Vec<Aggregate>,
    },
    /// The rows with aggregates of all so far.
    Running {
        /// What makes rows the same.
        keys: Vec<Expr>,
        /// What is computed.
        aggregates: Vec<Aggregate>,
    },
    /// The rows with the nearest row of the second input after or before each, and whether there is one.
    Near {
        /// Which side of a row is looked at.
        side: Side,
        /// How far.
        within: Duration,
        /// In what both agree.
        on: Vec<(Expr, Expr)>,
        /// The date of a row, and of one of the second input.
        dates: (Expr, Expr),
        /// What tells the order of two rows of one date, and of two of the second input.
        places: Option<(Expr, Expr)>,
        /// What is shown of the row found.
        shown: Expr,
        /// The day on which the data ends.
        end: Option<i32>,
    },
    /// Rows of two inputs with the same columns, each once.
    Combine(Combination),
    /// The rows of both inputs that agree.
    Join {
        /// In what both agree.
        on: Vec<(Expr, Expr)>,
        /// What is taken of the second input.
        take: Vec<Expr>,
    },
    /// Pairs of those who took part in one event, with how often, the first time and the last.
    Links {
        /// Who took part.
        members: Expr,
        /// When.
        date: Expr,
        /// The sources of an event, if they are to be cited.
        sources: Option<Expr>,
    },
    /// A shortest chain of events from one who took part to another.
    Path {
        /// Who took part.
        members: Expr,
        /// Where it starts.
        from: Value,
        /// Where it ends.
        to: Value,
        /// What is shown of each event.
        shown: Vec<Expr>,
    },
    /// A row for each match: its keys, the columns of the events of its steps, and `open` if events are to be absent after
    /// the last.
    Sequence(Sequence),
}

/// Events in an order. Its inputs are filters over scans of the events.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// Whether every start is paired, rather than the latest.
    pub all: bool,
    /// For each input, what makes its events belong together; an event belongs to each value of a list.
    pub keys: Vec<Vec<Expr>>,
    /// The column of the date, in each input.
    pub date: usize,
    /// How long a match lasts at most, from its first event on.
    pub within: Option<Expr>,
    /// The input of each step, in order.
    pub steps: Vec<usize>,
    /// The inputs of which there is to be no event, each with the step before which; the number of steps is after the last.
    pub absent: Vec<(usize, usize)>,
    /// The input of the events that end what is begun.
    pub until: Option<usize>,
}

impl Sequence {
    /// Whether there is to be no event of some kind after the last step.
    pub fn ends_with_absence(&self) -> bool {
        self.absent.iter().any(|(before, _)| *before == self.steps.len())
    }
}

/// A table as a source.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Its place in the store.
    pub table: usize,
    /// The kinds of event; all without.
    pub kinds: Option<Vec<u32>>,
    /// From whose side events are told.
    pub sides: Sides,
    /// Which events by their status.
    pub status: Status,
    /// Only rows that began in this period can matter; found by the optimiser where rows stand in the order of dates.
    pub period: Option<Period>,
}

impl Scan {
    /// Whether it gives each row of the table once and as it stands there, but for those beyond its period.
    pub fn has_every_row(&self) -> bool {
        self.kinds.is_none() && self.sides == Sides::Recorded && self.status == Status::Any
    }
}

/// From whose side events are told.
#[derive(Debug, Clone, PartialEq)]
pub enum Sides {
    /// As they were recorded.
    Recorded,
    /// From the side of each of these.
    Of(Vec<u32>),
}

/// Which events by their status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All of them.
    Any,
    /// Those with this code alone: they took place.
    Only(u32),
    /// Those without this code: what an answer leaves out.
    Except(u32),
}

/// A sort key.
#[derive(Debug, Clone)]
pub struct SortKey {
    /// By what.
    pub value: Expr,
    /// Whether the largest comes first; missing comes last either way.
    pub descending: bool,
}

/// What is computed of a group.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// The aggregate's name in the table of builtins.
    pub function: &'static str,
    /// Whether repeats of the argument count once.
    pub distinct: bool,
    /// The arguments for each row.
    pub arguments: Vec<Expr>,
}

/// An expression with its type.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub of: Type,
    /// Where it was written.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A value.
    Literal(Value),
    /// A column of the row.
    Column(usize),
    /// A field of the entity, or of each entity, that the base is: `leader.country`.
    Follow {
        /// The entity.
        base: Box<Expr>,
        /// Its table.
        table: usize,
        /// The field's place there.
        field: usize,
    },
    /// The groups that the entities belong to on a date: `country.bloc`.
    Groups {
        /// The entities.
        member: Box<Expr>,
        /// Which groups.
        domain: DomainId,
        /// When.
        on: Box<Expr>,
    },
    /// Whether entities belong to one of some groups on a date: `country in BRICS`.
    IsMember {
        /// The entities.
        member: Box<Expr>,
        /// The groups.
        groups: Box<Expr>,
        /// When.
        on: Box<Expr>,
        /// Whether each of the entities must, rather than any.
        every: bool,
    },
    /// `a = b`; of lists, whether any value does.
    Compare {
        /// How.
        operator: Comparison,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
        /// Whether each value of the left side must, rather than any.
        every: bool,
    },
    /// `a between b and c`, of lists: whether one value is within both bounds. Of single values it is two comparisons.
    Between {
        /// The list.
        value: Box<Expr>,
        /// The lower bound.
        from: Box<Expr>,
        /// The upper bound.
        to: Box<Expr>,
        /// Whether each value must, rather than any.
        every: bool,
    },
    /// `a matches "…"`
    Matches {
        /// The text.
        value: Box<Expr>,
        /// The pattern.
        pattern: Arc<Regex>,
        /// Whether each value must, rather than any.
        every: bool,
    },
    /// `a is missing`
    IsMissing(Box<Expr>),
    /// `a and b`
    And(Vec<Expr>),
    /// `a or b`
    Or(Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a + b`
    Arithmetic(Operation, Box<Expr>, Box<Expr>),
    /// `year(date)`: a function of the table of builtins.
    Call(&'static str, Vec<Expr>),
    /// `(a, b)`
    List(Vec<Expr>),
    /// `(meetings | count)`: the one value of a query.
    Scalar(Box<Plan>),
    /// `(meetings | distinct country)`: the values of a query's one column.
    Column1(Box<Plan>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
}

/// An arithmetic operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Plan {
    /// A plan that reads a table.
    pub fn scan(scan: Scan, columns: Vec<PlanColumn>) -> Self {
        Self { node: Node::Scan(scan), inputs: Vec::new(), columns }
    }

    /// What `node` makes of this plan.
    #[must_use]
    pub fn then(self, node: Node, columns: Vec<PlanColumn>) -> Self {
        Self { node, inputs: vec![self], columns }
    }

    /// What `node`, which changes no column, makes of this plan.
    #[must_use]
    pub fn then_same(self, node: Node) -> Self {
        let columns = self.columns.clone();
        self.then(node, columns)
    }

    /// The first plan that this one works on.
    pub fn input(&self) -> Option<&Plan> {
        self.inputs.first()
    }

    /// The scan at the bottom, through the first inputs.
    pub fn scan_mut(&mut self) -> Option<&mut Scan> {
        match &mut self.node {
            Node::Scan(scan) => Some(scan),
            _ => self.inputs.first_mut()?.scan_mut(),
        }
    }
}

impl Node {
    /// Whether it takes rows one by one, as nothing is gained from columns.
    pub fn is_by_rows(&self) -> bool {
        matches!(
            self,
            Self::Pivot { .. }
                | Self::Fill { .. }
                | Self::Rolling { .. }
                | Self::Running { .. }
                | Self::Near { .. }
                | Self::Combine(_)
                | Self::Join { .. }
                | Self::Links { .. }
                | Self::Path { .. }
        )
    }

    /// The expressions that it computes itself, to change them.
    pub fn expressions_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::Scan(_)
            | Self::Slice { .. }
            | Self::Expand { .. }
            | Self::Share { .. }
            | Self::Pivot { .. }
            | Self::Fill { .. }
            | Self::Combine(_) => Vec::new(),
            Self::Filter { predicates: values, .. } | Self::Project { values } | Self::Distinct { values } => {
                values.iter_mut().collect()
            }
            Self::Sort { keys } => keys.iter_mut().map(|key| &mut key.value).collect(),
            Self::Top { keys, per, .. } => keys.iter_mut().map(|key| &mut key.value).chain(per).collect(),
            Self::Group { keys, aggregates } => keys.iter_mut().chain(arguments(aggregates)).collect(),
            Self::Gap { keys, date } => keys.iter_mut().chain([date]).collect(),
            Self::Sequence(sequence) => sequence.keys.iter_mut().flatten().chain(&mut sequence.within).collect(),
            Self::Rolling { keys, date, aggregates, .. } => {
                keys.iter_mut().chain([date]).chain(arguments(aggregates)).collect()
            }
            Self::Running { keys, aggregates } => keys.iter_mut().chain(arguments(aggregates)).collect(),
            Self::Near { on, dates, places, shown, .. } => {
                let pairs = on.iter_mut().chain([dates]).chain(places);
                pairs.flat_map(|(left, right)| [left, right]).chain([shown]).collect()
            }
            Self::Join { on, take } => on.iter_mut().flat_map(|(left, right)| [left, right]).chain(take).collect(),
            Self::Links { members, date, sources } => [members, date].into_iter().chain(sources).collect(),
            Self::Path { members, shown, .. } => std::iter::once(members).chain(shown).collect(),
        }
    }
}

fn arguments(aggregates: &mut [Aggregate]) -> impl Iterator<Item = &mut Expr> {
    aggregates.iter_mut().flat_map(|aggregate| &mut aggregate.arguments)
}

impl Expr {
    /// The expressions that it is made of.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Scalar(_) | ExprKind::Column1(_) => Vec::new(),
            ExprKind::Follow { base: one, .. }
            | ExprKind::Matches { value: one, .. }
            | ExprKind::IsMissing(one)
            | ExprKind::Not(one) => vec![one],
            ExprKind::Groups { member, on, .. } => vec![member, on],
            ExprKind::IsMember { member, groups, on, .. } => vec![member, groups, on],
            ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic(_, left, right) => vec![left, right],
            ExprKind::Between { value, from, to, .. } => vec![value, from, to],
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) | ExprKind::List(parts) => {
                parts.iter().collect()
            }
        }
    }

    /// The expressions that it is made of, to change them.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Scalar(_) | ExprKind::Column1(_) => Vec::new(),
            ExprKind::Follow { base: one, .. }
            | ExprKind::Matches { value: one, .. }
            | ExprKind::IsMissing(one)
            | ExprKind::Not(one) => vec![one],
            ExprKind::Groups { member, on, .. } => vec![member, on],
            ExprKind::IsMember { member, groups, on, .. } => vec![member, groups, on],
            ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic(_, left, right) => vec![left, right],
            ExprKind::Between { value, from, to, .. } => vec![value, from, to],
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) | ExprKind::List(parts) => {
                parts.iter_mut().collect()
            }
        }
    }

    /// Whether it can be asked of any row without an error.
    pub fn is_safe(&self) -> bool {
        const SAFE: &[&str] =
            &["year", "quarter", "month", "week", "day", "weekday", "decade", "start", "end", "certainty"];
        let is_safe_itself = match &self.kind {
            ExprKind::Arithmetic(..) | ExprKind::Scalar(_) | ExprKind::Column1(_) => false,
            ExprKind::Call(name, _) => SAFE.contains(name),
            _ => true,
        };
        is_safe_itself && self.parts().into_iter().all(Self::is_safe)
    }

    /// A value.
    pub fn literal(value: Value, of: Type, span: Span) -> Self {
        Self { kind: ExprKind::Literal(value), of, span }
    }
}
