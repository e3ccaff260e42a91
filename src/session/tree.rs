//! What the nodes of a plan do, in text.

use std::fmt::Write;

use crate::ir::ast::{Combination, Side};
use crate::ir::plan::{Aggregate, Comparison, Expr, ExprKind, Node, Operation, Plan, Sequence, Sides, Status};
use crate::store::{EVENTS, Store};
use crate::value::Value;

/// The nodes of a plan with their depths, what is done last first.
pub(super) fn nodes(plan: &Plan) -> Vec<(usize, &Plan)> {
    let mut nodes = Vec::new();
    let mut next = vec![(0, plan)];
    while let Some((depth, plan)) = next.pop() {
        nodes.push((depth, plan));
        next.extend(plan.inputs.iter().rev().map(|input| (depth + 1, input)));
    }
    nodes
}

/// A plan in one line.
pub(super) fn flat(store: &Store, plan: &Plan) -> String {
    nodes(plan).into_iter().map(|(_, plan)| line(store, plan)).collect::<Vec<_>>().join(" ← ")
}

/// What a node does.
pub(super) fn line(store: &Store, plan: &Plan) -> String {
    let input = plan.input();
    let show = |expr: &Expr| expression(store, input, expr);
    let list = |exprs: &[Expr]| exprs.iter().map(show).collect::<Vec<_>>().join(", ");
    let order = |descending: bool| if descending { " desc" } else { "" };
    match &plan.node {
        Node::Scan(scan) => {
            let mut text = format!("Scan {}", store.tables[scan.table].name);
            if let Some(kinds) = &scan.kinds {
                let names = kinds.iter().filter_map(|&kind| store.about.kinds.get(kind as usize - 1));
                let _ =
                    write!(text, " of kind {}", names.map(|kind| kind.name.as_str()).collect::<Vec<_>>().join(", "));
            }
            let actor = store.tables[EVENTS].field("actor").map(|field| store.tables[EVENTS].fields[field].of.base);
            if let (Sides::Of(sides), Some(crate::value::Base::Coded(domain))) = (&scan.sides, actor) {
                let names: Vec<&str> = sides.iter().map(|&side| store.name(domain, side)).collect();
                let _ = write!(text, ", told from the side of {}", names.join(", "));
            }
            if let Status::Only(_) = scan.status {
                text.push_str(", held");
            }
            if let Some(period) = scan.period {
                let _ = write!(text, ", within {period} by the order of dates");
            }
            text
        }
        Node::Filter { predicates, possibly } => {
            let predicates = predicates.iter().map(show).collect::<Vec<_>>().join(" and ");
            format!("Filter {}{predicates}", if *possibly { "possibly " } else { "" })
        }
        Node::Project { values } => {
            let named = plan.columns.iter().zip(values).map(|(column, value)| {
                let value = show(value);
                if value == column.name { value } else { format!("{} = {value}", column.name) }
            });
            format!("Project {}", named.collect::<Vec<_>>().join(", "))
        }
        Node::Sort { keys } => {
            let keys = keys.iter().map(|key| format!("{}{}", show(&key.value), order(key.descending)));
            format!("Sort {}", keys.collect::<Vec<_>>().join(", "))
        }
        Node::Slice { skip, take } => match take {
            Some(take) if *skip == 0 => format!("Take {take}"),
            Some(take) => format!("Skip {skip}, take {take}"),
            None => format!("Skip {skip}"),
        },
        Node::Top { count, keys, per } => {
            let per = per.as_ref().map(|per| format!(" per {}", show(per))).unwrap_or_default();
            let keys = keys.iter().map(|key| format!("{}{}", show(&key.value), order(key.descending)));
            format!("Top {count} by {}{per}", keys.collect::<Vec<_>>().join(", "))
        }
        Node::Distinct { values } => format!("Distinct {}", list(values)),
        Node::Expand { column } => format!("Expand {}", plan.columns[*column].name),
        Node::Group { keys, aggregates } => {
            let aggregates = aggregates.iter().map(|aggregate| {
                let distinct = if aggregate.distinct { "distinct " } else { "" };
                format!("{}({distinct}{})", aggregate.function, list(&aggregate.arguments))
            });
            let aggregates = aggregates.collect::<Vec<_>>().join(", ");
            if keys.is_empty() {
                format!("Group {aggregates}")
            } else {
                format!("Group {aggregates} by {}", list(keys))
            }
        }
        Node::Gap { keys, .. } => format!("Gap by {}", list(keys)),
        Node::Share { column } => format!("Share of {}", plan.columns[*column].name),
        Node::Sequence(sequence) => steps(store, plan, sequence),
        node => more(store, plan, node),
    }
}

/// The nodes that take rows one by one.
fn more(store: &Store, plan: &Plan, node: &Node) -> String {
    let input = plan.input();
    let show = |expr: &Expr| expression(store, input, expr);
    let name = |column: usize| input.and_then(|input| input.columns.get(column)).map_or("", |column| &column.name);
    let by = |keys: &[Expr]| match keys {
        [] => String::new(),
        keys => format!(" by {}", keys.iter().map(show).collect::<Vec<_>>().join(", ")),
    };
    let on = |pairs: &[(Expr, Expr)]| match pairs {
        [] => String::new(),
        pairs => format!(" on {}", pairs.iter().map(|(one, _)| show(one)).collect::<Vec<_>>().join(", ")),
    };
    let aggregates = |aggregates: &[Aggregate]| {
        let one = |aggregate: &Aggregate| {
            let distinct = if aggregate.distinct { "distinct " } else { "" };
            let arguments = aggregate.arguments.iter().map(show).collect::<Vec<_>>().join(", ");
            format!("{}({distinct}{arguments})", aggregate.function)
        };
        aggregates.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match node {
        Node::Pivot { key, value, .. } => format!("Pivot {} into columns of {}", name(*key), name(*value)),
        Node::Fill { time, .. } => format!("Fill the empty buckets of {}", name(*time)),
        Node::Rolling { window, keys, aggregates: all, .. } => {
            format!("Rolling {window} {}{}", aggregates(all), by(keys))
        }
        Node::Running { keys, aggregates: all } => format!("Running {}{}", aggregates(all), by(keys)),
        Node::Near { side, within, on: pairs, .. } => {
            let side = if *side == Side::After { "Followed" } else { "Preceded" };
            format!("{side} within {within}{}", on(pairs))
        }
        Node::Combine(Combination::Union) => "Union".to_owned(),
        Node::Combine(Combination::Intersect) => "Intersect".to_owned(),
        Node::Combine(Combination::Except) => "Except".to_owned(),
        Node::Join { on: pairs, .. } => format!("Join{}", on(pairs)),
        Node::Links { members, .. } => format!("Links of {}", show(members)),
        Node::Path { from, to, .. } => format!("Path from {} to {}", store.text(from), store.text(to)),
        _ => String::new(),
    }
}

/// The steps of a sequence by the inputs below it, and the rule for events of one date.
fn steps(store: &Store, plan: &Plan, sequence: &Sequence) -> String {
    let mut parts = Vec::new();
    for step in 0..=sequence.steps.len() {
        let absent = sequence.absent.iter().filter(|(before, _)| *before == step);
        parts.extend(absent.map(|(_, input)| format!("not {}", input + 1)));
        parts.extend(sequence.steps.get(step).map(|input| (input + 1).to_string()));
    }
    let mut text = format!("Sequence {} of {}", if sequence.all { "all" } else { "latest" }, parts.join(", "));
    let show = |expr: &Expr| expression(store, plan.input(), expr);
    if let Some(keys) = sequence.keys.first().filter(|keys| !keys.is_empty()) {
        let _ = write!(text, " by {}", keys.iter().map(show).collect::<Vec<_>>().join(", "));
    }
    if let Some(within) = &sequence.within {
        let _ = write!(text, " within {}", show(within));
    }
    if let Some(until) = sequence.until {
        let _ = write!(text, " until {}", until + 1);
    }
    text + ", events of one date in the order of the data"
}

/// An expression over the columns of `input`.
pub(super) fn expression(store: &Store, input: Option<&Plan>, expr: &Expr) -> String {
    let show = |expr: &Expr| expression(store, input, expr);
    let list = |exprs: &[Expr], by: &str| exprs.iter().map(show).collect::<Vec<_>>().join(by);
    let all = |every: bool| if every { "every " } else { "" };
    match &expr.kind {
        ExprKind::Literal(Value::Missing) => "missing".to_owned(),
        ExprKind::Literal(value @ Value::Text(_)) => format!("{:?}", store.text(value)),
        ExprKind::Literal(Value::List(items)) => {
            format!("({})", items.iter().map(|item| store.text(item)).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Literal(value) => store.text(value),
        ExprKind::Column(place) => match input.and_then(|input| input.columns.get(*place)) {
            Some(column) => column.name.clone(),
            None => format!("column {place}"),
        },
        ExprKind::Follow { base, table, field } => {
            format!("{}.{}", show(base), store.tables[*table].fields[*field].name)
        }
        ExprKind::Groups { member, domain, on } => {
            format!("{}.{} as of {}", show(member), store.domain(*domain).name, show(on))
        }
        ExprKind::IsMember { member, groups, on, every } => {
            format!("{}{} in {} as of {}", all(*every), show(member), show(groups), show(on))
        }
        ExprKind::Compare { operator, left, right, every } => {
            let sign = match operator {
                Comparison::Equal => "=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
                Comparison::Contains => "contains",
                Comparison::StartsWith => "starts with",
                Comparison::EndsWith => "ends with",
            };
            format!("{}{} {sign} {}", all(*every), show(left), show(right))
        }
        ExprKind::Between { value, from, to, every } => {
            format!("{}{} between {} and {}", all(*every), show(value), show(from), show(to))
        }
        ExprKind::Matches { value, pattern, every } => {
            format!("{}{} matches {:?}", all(*every), show(value), pattern.as_str())
        }
        ExprKind::IsMissing(value) => format!("{} is missing", show(value)),
        ExprKind::And(parts) => format!("({})", list(parts, " and ")),
        ExprKind::Or(parts) => format!("({})", list(parts, " or ")),
        ExprKind::Not(part) => format!("not ({})", show(part)),
        ExprKind::Arithmetic(operation, left, right) => {
            let sign = match operation {
                Operation::Add => "+",
                Operation::Subtract => "-",
                Operation::Multiply => "*",
                Operation::Divide => "/",
                Operation::Remainder => "%",
            };
            format!("({} {sign} {})", show(left), show(right))
        }
        ExprKind::Call(name, arguments) => format!("{name}({})", list(arguments, ", ")),
        ExprKind::List(items) => format!("({})", list(items, ", ")),
        ExprKind::Scalar(plan) | ExprKind::Column1(plan) => format!("({})", flat(store, plan)),
    }
}
