//! What a name of a field can mean at one place of a pipeline.

use std::ops::Range;

use crate::ir::ast::Picture;
use crate::ir::plan::{Expr, ExprKind, Node, Plan, PlanColumn};
use crate::span::{Span, Spanned};
use crate::value::{Bucket, Type, Value};

/// The columns at one place of a pipeline, and what is computed of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The columns of the plan so far.
    pub columns: Vec<PlanColumn>,
    /// Fields that are expressions of them.
    pub derived: Vec<(String, Expr)>,
    /// The column that says when.
    pub date: Option<usize>,
    /// The column that says when an event ended.
    pub end: Option<usize>,
    /// The column that says where a row comes from.
    pub source: Option<usize>,
    /// The table whose rows these are, as long as they are.
    pub table: Option<usize>,
    /// The steps of a sequence, in order.
    pub steps: Vec<StepColumns>,
    /// What an answer shows; all columns without.
    pub show: Option<Vec<String>>,
    /// What the rows are groups by, as long as they are groups.
    pub groups: Option<Groups>,
    /// Whether there are columns that only a run knows.
    pub is_pivoted: bool,
    /// How the rows are wished to be drawn, and where that is said.
    pub picture: Option<Spanned<Picture>>,
}

/// What rows are groups by.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// The columns of the keys, each with the buckets of time that it has, if it has.
    pub keys: Vec<(usize, Option<Bucket>)>,
    /// The columns that are 0 where there are no rows.
    pub counts: Vec<usize>,
    /// What stands where there are no rows in the columns that only a run knows, if there are any.
    pub absent: Option<Value>,
}

/// The columns of the event of one step.
#[derive(Debug, Clone)]
pub(super) struct StepColumns {
    /// The name of the step: its columns are called by it, `trip.date`.
    pub name: String,
    /// Where they are.
    pub columns: Range<usize>,
    /// The one that says when.
    pub date: usize,
}

/// A plan, and what names mean after it.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub plan: Plan,
    pub scope: Scope,
}

impl Scope {
    /// The column or derived field of this name.
    pub(super) fn field(&self, name: &str, span: Span) -> Option<Expr> {
        if let Some(place) = self.columns.iter().position(|column| column.name == name) {
            return Some(self.column(place, span));
        }
        let derived = self.derived.iter().find(|(of, _)| of == name)?;
        Some(Expr { span, ..derived.1.clone() })
    }

    /// The column at a place.
    pub(super) fn column(&self, place: usize, span: Span) -> Expr {
        Expr { kind: ExprKind::Column(place), of: self.columns[place].of, span }
    }

    /// The column that says when: of the event that an expression speaks of, or of the row.
    pub(super) fn date_of(&self, expr: &Expr) -> Option<usize> {
        let column = first_column(expr);
        let step = self.steps.iter().find(|step| column.is_some_and(|column| step.columns.contains(&column)));
        step.map(|step| step.date).or(self.date)
    }

    /// The names of all columns and derived fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str()).chain(self.derived.iter().map(|(name, _)| name.as_str()))
    }

    /// What an answer shows, by name.
    pub(super) fn shown(&self) -> Vec<(String, Expr)> {
        match &self.show {
            Some(names) => {
                names.iter().filter_map(|name| Some((name.clone(), self.field(name, Span::default())?))).collect()
            }
            None => (0..self.columns.len())
                .map(|place| (self.columns[place].name.clone(), self.column(place, Span::default())))
                .collect(),
        }
    }

    /// Lets an answer show a column or derived field too.
    pub(super) fn show_also(&mut self, name: &str) {
        if let Some(show) = self.show.as_mut().filter(|show| !show.iter().any(|shown| shown == name)) {
            show.push(name.to_owned());
        }
    }

    /// Lets an answer show what the rows of a table are in short, a summary with its date or a name, instead of the fields that
    /// the table shows.
    pub(super) fn show_briefly(&mut self, of_table: &[String]) {
        let has = |names: &[&str]| names.iter().all(|name| self.names().any(|own| own == *name));
        let briefly: &[&str] = match () {
            () if has(&["date", "summary"]) => &["date", "summary"],
            () if has(&["name"]) => &["name"],
            () => return,
        };
        if let Some(show) = &mut self.show {
            show.retain(|shown| !of_table.contains(shown));
            show.splice(0..0, briefly.iter().map(|name| (*name).to_owned()));
        }
    }

    /// Adds a column at the end.
    pub(super) fn add(&mut self, name: &str, of: Type) {
        self.columns.push(PlanColumn { name: name.to_owned(), of });
        self.show_also(name);
    }
}

fn first_column(expr: &Expr) -> Option<usize> {
    match expr.kind {
        ExprKind::Column(place) => Some(place),
        _ => expr.parts().into_iter().find_map(first_column),
    }
}

impl Relation {
    /// The plan with the columns that an answer shows; `source` is the last of them if it is cited.
    pub(super) fn shown(self, cites: bool) -> Plan {
        let Self { plan, scope } = self;
        let mut chosen = scope.shown();
        if let Some(source) = scope.source.filter(|_| cites) {
            chosen.retain(|(_, expr)| !matches!(expr.kind, ExprKind::Column(place) if place == source));
            chosen.push(("source".to_owned(), scope.column(source, Span::default())));
        }
        let is_all = chosen.len() == scope.columns.len()
            && chosen
                .iter()
                .enumerate()
                .all(|(at, (_, expr))| matches!(expr.kind, ExprKind::Column(place) if place == at));
        if is_all {
            return plan;
        }
        let columns = chosen.iter().map(|(name, expr)| PlanColumn { name: name.clone(), of: expr.of }).collect();
        let values = chosen.into_iter().map(|(_, expr)| expr).collect();
        plan.then(Node::Project { values }, columns)
    }
}
