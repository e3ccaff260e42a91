//! Why a predicate holds for a row or does not: its truth, that of its parts, and the values they saw.

use super::evaluate::evaluate;
use super::{Run, execute, subquery};
use crate::diagnostic::Diagnostic;
use crate::ir::plan::{Expr, ExprKind};
use crate::store::Membership;
use crate::value::{Truth, Value};

/// What was seen of a predicate at one row.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The predicate.
    pub predicate: Expr,
    /// Whether it holds.
    pub truth: Truth,
    /// The values it compared that were not written in the query, each with what it is the value of.
    pub values: Vec<(Expr, Value)>,
    /// Of a question of membership: who was asked about, in which groups, and all spells that they have there.
    pub membership: Option<Asked>,
    /// What was seen of the predicates that it joins by `and`, `or` and `not`.
    pub parts: Vec<Seen>,
}

/// A question of membership.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The members.
    pub members: Value,
    /// The groups.
    pub groups: Value,
    /// The date.
    pub on: Value,
    /// The spells of any of the members in any of the groups.
    pub spells: Vec<Membership>,
}

/// What is seen of a predicate at a row.
///
/// # Errors
///
/// As [`execute`] has them.
pub fn seen(run: &Run<'_>, predicate: &Expr, row: &Vec<Value>) -> Result<Seen, Diagnostic> {
    let mut answered = predicate.clone();
    subquery::answer_queries(run, &mut answered, execute)?;
    let truth = evaluate(run, &answered, row)?.truth();
    let mut seen =
        Seen { predicate: predicate.clone(), truth, values: Vec::new(), membership: None, parts: Vec::new() };
    match &answered.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            seen.parts = parts.iter().map(|part| self::seen(run, part, row)).collect::<Result<_, _>>()?;
        }
        ExprKind::Not(part) => seen.parts = vec![self::seen(run, part, row)?],
        ExprKind::IsMember { member, groups, on, .. } => {
            let (members, on) = (evaluate(run, member, row)?, evaluate(run, on, row)?);
            let groups = evaluate(run, groups, row)?;
            let is_of = |value: &Value, of| matches!(value, Value::Coded(domain, code) if (*domain, *code) == of);
            let spells = run.store.memberships.iter().filter(|spell| {
                members.items().iter().any(|member| is_of(member, spell.member))
                    && groups.items().iter().any(|group| is_of(group, spell.group))
            });
            seen.values.push(((**member).clone(), members.clone()));
            seen.membership = Some(Asked { spells: spells.copied().collect(), members, groups, on });
        }
        ExprKind::Literal(_) => {}
        ExprKind::Column(_) | ExprKind::Follow { .. } => {
            seen.values.push((answered.clone(), evaluate(run, &answered, row)?));
        }
        _ => {
            for part in answered.parts() {
                if !matches!(part.kind, ExprKind::Literal(_) | ExprKind::List(_)) {
                    seen.values.push((part.clone(), evaluate(run, part, row)?));
                }
                for field in fields(part) {
                    seen.values.push((field.clone(), evaluate(run, field, row)?));
                }
            }
        }
    }
    Ok(seen)
}

/// The fields of which a value is computed.
fn fields(computed: &Expr) -> Vec<&Expr> {
    let is_field = |expr: &Expr| matches!(expr.kind, ExprKind::Column(_) | ExprKind::Follow { .. });
    if is_field(computed) {
        return Vec::new();
    }
    let of = |part| if is_field(part) { vec![part] } else { fields(part) };
    computed.parts().into_iter().flat_map(of).collect()
}
