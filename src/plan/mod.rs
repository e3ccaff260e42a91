//! The typed plan to one that gives the same and costs less: a list of named rules, each of which can be read alone.

mod rules;

use crate::ir::plan::{Expr, ExprKind, Plan};
use crate::store::Store;

/// A way to make a plan better.
pub struct Rule {
    /// What it does, in a few words.
    pub name: &'static str,
    /// Why that is better.
    pub reason: &'static str,
    /// The plan changed at its top, or as it was.
    apply: fn(&Store, Plan) -> Result<Plan, Plan>,
}

/// Every rule, in the order in which they are tried.
pub const RULES: &[Rule] = &[
    Rule { name: "filter before sort", reason: "fewer rows are put in order", apply: rules::filter_before_sort },
    Rule {
        name: "filter before columns",
        reason: "columns are computed for the rows that are left",
        apply: rules::filter_before_project,
    },
    Rule {
        name: "slice before columns",
        reason: "columns are computed for the rows that are left",
        apply: rules::slice_before_project,
    },
    Rule {
        name: "top for sort and take",
        reason: "only the first rows are put in order",
        apply: rules::top_for_sort_and_slice,
    },
    Rule { name: "count without order", reason: "a count is the same in any order", apply: rules::count_without_sort },
    Rule {
        name: "period of the scan",
        reason: "the rows stand in the order of their dates, so those of a period are found without a look at the others",
        apply: rules::period_of_scan,
    },
];

/// The best plan that the rules make of one, and the rules that changed it.
pub fn optimise(store: &Store, plan: Plan) -> (Plan, Vec<&'static Rule>) {
    let mut used: Vec<&'static Rule> = Vec::new();
    let plan = improve(store, plan, &mut used);
    (plan, used)
}

fn improve(store: &Store, mut plan: Plan, used: &mut Vec<&'static Rule>) -> Plan {
    // Each rule moves a node down or takes one away, so this comes to an end.
    loop {
        let mut changed = false;
        for rule in RULES {
            plan = match (rule.apply)(store, plan) {
                Ok(better) => {
                    changed = true;
                    if !used.iter().any(|other| other.name == rule.name) {
                        used.push(rule);
                    }
                    better
                }
                Err(same) => same,
            };
        }
        if !changed {
            break;
        }
    }
    plan.inputs = plan.inputs.into_iter().map(|input| improve(store, input, used)).collect();
    plan.node.expressions_mut().into_iter().for_each(|expr| improve_queries(store, expr, used));
    plan
}

/// The queries within an expression.
fn improve_queries(store: &Store, expr: &mut Expr, used: &mut Vec<&'static Rule>) {
    match &mut expr.kind {
        ExprKind::Scalar(plan) | ExprKind::Column1(plan) => **plan = improve(store, (**plan).clone(), used),
        _ => expr.parts_mut().into_iter().for_each(|part| improve_queries(store, part, used)),
    }
}
