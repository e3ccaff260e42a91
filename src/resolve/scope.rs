//! What a name of a field can mean at one place of a pipeline.

use crate::ir::plan::{Expr, ExprKind, Node, Plan, PlanColumn};
use crate::span::Span;
use crate::value::Type;

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
    /// What an answer shows; all columns without.
    pub show: Option<Vec<String>>,
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

    /// The names of all columns and derived fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str()).chain(self.derived.iter().map(|(name, _)| name.as_str()))
    }

    /// Adds a column at the end.
    pub(super) fn add(&mut self, name: &str, of: Type) {
        self.columns.push(PlanColumn { name: name.to_owned(), of });
        if let Some(show) = &mut self.show {
            show.push(name.to_owned());
        }
    }
}

impl Relation {
    /// The plan with the columns that an answer shows; `source` is the last of them if it is cited.
    pub(super) fn shown(self, cites: bool) -> Plan {
        let Self { plan, scope } = self;
        let mut chosen: Vec<(String, Expr)> = match &scope.show {
            Some(names) => {
                let field = |name: &String| Some((name.clone(), scope.field(name, Span::default())?));
                names.iter().filter(|name| !(cites && *name == "source")).filter_map(field).collect()
            }
            None => (0..scope.columns.len())
                .filter(|&place| !(cites && scope.source == Some(place)))
                .map(|place| (scope.columns[place].name.clone(), scope.column(place, Span::default())))
                .collect(),
        };
        if let Some(source) = scope.source.filter(|_| cites) {
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
