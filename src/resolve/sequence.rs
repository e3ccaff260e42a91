//! The source `sequence`: its steps, keys and limit to one plan node, and what its columns are called.
//!
//! A match has its keys by their names, then the columns of each step's event: `trip.date` of the step `[visits as trip]`,
//! `2.date` of the second, named or not. A repeated step is as many steps; its name stands for the list of them. A step
//! alone, `trip`, is its date. `span` is the time from the first date to the last, and `open` says that the data ends
//! before it could be known that nothing came after the last.
//!
//! A key is looked up in each step; each step is told from a side, and without what did not take place, as any source is.

use super::scope::{Relation, Scope, StepColumns};
use super::stage::with_column;
use super::suggest::{did_you_mean, several};
use super::{CALENDAR, Resolver};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::ir::ast::{self, SequenceStep};
use crate::ir::plan::{Expr, ExprKind, Node, Operation, Plan, Sequence, Status};
use crate::span::{Span, Spanned};
use crate::store::EVENTS;
use crate::value::{Base, Type, Value};

/// How many steps a sequence has at most, as many as Event Query Language allows a step to run.
const MOST_STEPS: usize = 100;

impl Resolver<'_> {
    /// The matches of a sequence.
    pub(super) fn sequence(&mut self, sequence: &ast::Sequence, span: Span) -> Option<Relation> {
        let queries = sequence.steps.iter().map(|step| &step.query).chain(&sequence.until);
        let inputs: Vec<Option<Relation>> = queries.map(|query| self.events_of(query)).collect();
        let within = match &sequence.within {
            Some(within) => self.limit(within).map(Some),
            None => Some(None),
        };
        let order = self.order(sequence);
        let mut inputs = inputs.into_iter().collect::<Option<Vec<Relation>>>()?;
        let keys = self.sequence_keys(&sequence.by, &mut inputs)?;
        let (within, (steps, absent)) = (within?, order?);
        let until = sequence.until.as_ref().map(|_| inputs.len() - 1);
        let names = self.step_names(sequence, &steps)?;
        let date = inputs[0].scope.date?;
        let node = Sequence { all: sequence.all, keys, date, within, steps, absent, until };
        let scope = scope_of(sequence, &node, &names, &inputs, span, &self.text);
        let columns = scope.columns.clone();
        let inputs = inputs.into_iter().map(|relation| relation.plan).collect();
        let relation = Relation { plan: Plan { node: Node::Sequence(node), inputs, columns }, scope };
        Some(if self.cites { citing(relation) } else { relation })
    }

    /// The events of one step.
    fn events_of(&mut self, query: &ast::Query) -> Option<Relation> {
        let relation = self.query(query)?;
        let mut plan = &relation.plan;
        while let (Node::Filter { .. }, Some(input)) = (&plan.node, plan.input()) {
            plan = input;
        }
        let are_events = matches!(&plan.node, Node::Scan(scan) if scan.table == EVENTS);
        if !are_events || relation.scope.date.is_none() {
            let message = "a step is made of events with a date, and has no stage but `where`";
            let help = "such as `[visits where venue = abroad]`";
            return self.fail(Diagnostic::new(Code::BAD_SEQUENCE, query.span, message).help(help));
        }
        Some(relation)
    }

    /// `within D`.
    fn limit(&mut self, within: &Spanned<ast::Expr>) -> Option<Expr> {
        let value = self.expression(&within.node, &Scope::default())?;
        let is_negative = matches!(&value.kind, ExprKind::Literal(Value::Duration(limit)) if limit.nominal() < 0.0);
        if value.of != Type::one(Base::Duration) || is_negative {
            let found = if is_negative { "one below zero".to_owned() } else { self.a(value.of) };
            let message = format!("`within` takes a duration, found {found}");
            return self.mismatch(within.node.span, message, "such as `within 30 days`");
        }
        Some(Expr { span: self.pinned.unwrap_or(within.span), ..value })
    }

    /// The input of each step, and the inputs of what is absent before which step.
    fn order(&mut self, sequence: &ast::Sequence) -> Option<(Vec<usize>, Vec<(usize, usize)>)> {
        let (mut steps, mut absent) = (Vec::new(), Vec::new());
        let mut sound = true;
        for (input, step) in sequence.steps.iter().enumerate() {
            let times = step.times.as_ref().map_or(1, |times| usize::try_from(times.node).unwrap_or(usize::MAX));
            let (span, message, help) = match step {
                _ if times == 0 => (step.span, "a step is there at least once", "`[calls]{2}` is two of them running"),
                _ if times.saturating_add(steps.len()) > MOST_STEPS => {
                    (step.span, "a sequence has at most 100 steps", "`[calls]{2}` counts as two")
                }
                SequenceStep { absent: false, .. } => {
                    steps.extend(std::iter::repeat_n(input, times));
                    continue;
                }
                _ if steps.is_empty() => {
                    (step.span, "a sequence does not start with `not`", "`not [threats]` stands after a step")
                }
                SequenceStep { name: Some(name), .. } => {
                    (name.span, "what is absent has no name", "leave it out: there is nothing to call")
                }
                SequenceStep { times: Some(times), .. } => {
                    (times.span, "what is absent is not repeated", "leave it out: `not [calls]` is none of them")
                }
                _ => {
                    absent.push((steps.len(), input));
                    continue;
                }
            };
            sound = false;
            self.fail::<()>(Diagnostic::new(Code::BAD_SEQUENCE, span, message).help(help));
        }
        if let Some(last) = sequence.steps.last().filter(|last| last.absent && sequence.within.is_none()) {
            let help = "say for how long nothing is to come: `sequence within 30 days …`";
            let message = "`not` after the last step needs a `within`";
            return self.fail(Diagnostic::new(Code::BAD_SEQUENCE, last.span, message).help(help));
        }
        sound.then_some((steps, absent))
    }

    /// The keys in each input. Where they speak of `status`, every step has the events of all.
    fn sequence_keys(&mut self, by: &[ast::Expr], inputs: &mut [Relation]) -> Option<Vec<Vec<Expr>>> {
        let outer = std::mem::take(&mut self.speaks_of_status);
        let mut resolve = |input: &Relation| -> Option<Vec<Expr>> {
            let keys: Vec<Option<Expr>> = by.iter().map(|key| self.expression(key, &input.scope)).collect();
            keys.into_iter().collect()
        };
        let keys: Vec<Option<Vec<Expr>>> = inputs.iter().map(&mut resolve).collect();
        if std::mem::replace(&mut self.speaks_of_status, outer) {
            inputs.iter_mut().filter_map(|input| input.plan.scan_mut()).for_each(|scan| scan.status = Status::Any);
        }
        keys.into_iter().collect()
    }

    /// What each step is called: its name, or its number.
    fn step_names(&mut self, sequence: &ast::Sequence, steps: &[usize]) -> Option<Vec<String>> {
        let mut taken: Vec<String> = sequence.by.iter().map(|key| key_name(key, &self.text)).collect();
        taken.extend(["span", "open"].map(str::to_owned));
        for step in &sequence.steps {
            let Some(name) = &step.name else { continue };
            if taken.contains(&name.node) {
                let message = format!("there are two columns `{}`", name.node);
                let help = "give the step another name: `[visits as trip]`";
                return self.fail(Diagnostic::new(Code::DUPLICATE_NAME, name.span, message).help(help));
            }
            taken.push(name.node.clone());
        }
        let name = |(place, input): (usize, &usize)| {
            let is_alone = steps.iter().filter(|other| *other == input).count() == 1;
            let name = sequence.steps[*input].name.as_ref().filter(|_| is_alone);
            name.map_or_else(|| (place + 1).to_string(), |name| name.node.clone())
        };
        Some(steps.iter().enumerate().map(name).collect())
    }

    /// Whether `base.name` is a field of a step's event: `trip.date`, `2.date`.
    pub(super) fn is_step(&self, base: &ast::Expr, name: &Spanned<String>, scope: &Scope) -> bool {
        let Some(called) = called(base) else { return false };
        let is_argument = matches!(&*base.kind, ast::ExprKind::Name(word) if self.arguments.contains_key(word));
        let is_number = matches!(&*base.kind, ast::ExprKind::Int(_)) && !scope.steps.is_empty();
        let full = format!("{called}.{}", name.node);
        let is_named = scope.steps.iter().any(|step| step.name == called) || scope.names().any(|field| field == full);
        !is_argument && (is_number || is_named)
    }

    /// The field of a step's event.
    pub(super) fn step_field(
        &mut self,
        base: &ast::Expr,
        name: &Spanned<String>,
        span: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        let mut called = called(base)?;
        let numbered = match &*base.kind {
            ast::ExprKind::Int(number) => scope.steps.get(usize::try_from(*number).ok()?.wrapping_sub(1)),
            _ => None,
        };
        let step = numbered.or_else(|| scope.steps.iter().find(|step| step.name == called));
        if let Some(step) = step {
            called.clone_from(&step.name);
        }
        if let Some(field) = scope.field(&format!("{called}.{}", name.node), span) {
            return Some(field);
        }
        let Some(step) = step else {
            let names: Vec<&str> = scope.steps.iter().map(|step| step.name.as_str()).collect();
            let diagnostic = Diagnostic::new(Code::UNKNOWN_FIELD, base.span, format!("there is no step `{called}`"));
            return self.fail(diagnostic.help(format!("steps: {}", several(&names))));
        };
        if let Some(part) = CALENDAR.iter().find(|part| **part == name.node) {
            let base = if *part == "weekday" { Base::Text } else { Base::Period };
            let kind = ExprKind::Call(part, vec![scope.column(step.date, span)]);
            return Some(Expr { kind, of: Type::one(base), span });
        }
        let prefix = format!("{called}.");
        let fields: Vec<&str> = scope.names().filter_map(|field| field.strip_prefix(&prefix)).collect();
        let near = nearest(&name.node, fields.iter().copied());
        let help = if near.is_empty() { format!("fields: {}", several(&fields)) } else { did_you_mean(near) };
        let message = format!("the step `{called}` has no field `{}`", name.node);
        self.fail(Diagnostic::new(Code::UNKNOWN_FIELD, name.span, message).help(help))
    }
}

/// What a step could be called.
fn called(base: &ast::Expr) -> Option<String> {
    match &*base.kind {
        ast::ExprKind::Name(word) | ast::ExprKind::Field(word) => Some(word.clone()),
        ast::ExprKind::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The name of the column of a key.
fn key_name(key: &ast::Expr, text: &str) -> String {
    match &*key.kind {
        ast::ExprKind::Name(name) | ast::ExprKind::Field(name) => name.clone(),
        _ => key.span.of(text).to_owned(),
    }
}

/// The columns of the matches and what they are called.
fn scope_of(
    sequence: &ast::Sequence,
    node: &Sequence,
    names: &[String],
    inputs: &[Relation],
    span: Span,
    text: &str,
) -> Scope {
    let mut scope = Scope::default();
    for (key, expr) in sequence.by.iter().zip(&node.keys[0]) {
        scope.add(&key_name(key, text), Type { many: false, ..expr.of });
    }
    let mut show: Vec<String> = scope.columns.iter().map(|column| column.name.clone()).collect();
    for (name, &input) in names.iter().zip(&node.steps) {
        let events = &inputs[input].scope;
        let start = scope.columns.len();
        events.columns.iter().for_each(|column| scope.add(&format!("{name}.{}", column.name), column.of));
        let date = start + node.date;
        scope.derived.push((name.clone(), scope.column(date, span)));
        let derived = events.derived.iter().map(|(field, expr)| (format!("{name}.{field}"), shifted(expr, start)));
        scope.derived.extend(derived);
        scope.steps.push(StepColumns { name: name.clone(), columns: start..scope.columns.len(), date });
        show.push(name.clone());
    }
    let repeated: Vec<(String, Expr)> = sequence
        .steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.times.is_some())
        .filter_map(|(input, step)| Some(lists(&scope, node, input, &step.name.as_ref()?.node)))
        .flatten()
        .collect();
    scope.derived.extend(repeated);
    if let (Some(first), Some(last)) = (scope.steps.first(), scope.steps.last()) {
        (scope.date, scope.end) = (Some(first.date), Some(last.date));
        let dates = [last, first].map(|step| Box::new(scope.column(step.date, span)));
        let [last, first] = dates;
        let kind = ExprKind::Arithmetic(Operation::Subtract, last, first);
        scope.derived.push(("span".to_owned(), Expr { kind, of: Type::one(Base::Duration), span }));
    }
    show.push("span".to_owned());
    if node.ends_with_absence() {
        scope.add("open", Type::one(Base::Bool));
        show.push("open".to_owned());
    }
    scope.show = Some(show);
    scope
}

/// The fields of a repeated step that has a name: the list of each field of its events.
fn lists(scope: &Scope, node: &Sequence, input: usize, name: &str) -> Vec<(String, Expr)> {
    let mine = scope.steps.iter().zip(&node.steps).filter(|(_, of)| **of == input);
    let prefixes: Vec<&str> = mine.map(|(step, _)| step.name.as_str()).collect();
    let Some(first) = prefixes.first().filter(|_| prefixes.len() > 1) else { return Vec::new() };
    let fields = scope.names().filter_map(|field| field.strip_prefix(first));
    let list = |field: &str| {
        let items: Option<Vec<Expr>> =
            prefixes.iter().map(|prefix| scope.field(&format!("{prefix}{field}"), Span::default())).collect();
        let items = items?;
        let of = Type::many(items.first()?.of.base);
        Some((format!("{name}{field}"), Expr { kind: ExprKind::List(items), of, span: Span::default() }))
    };
    fields.filter(|field| field.is_empty() || field.starts_with('.')).filter_map(list).collect()
}

/// The expression about columns that stand so much further on.
fn shifted(expr: &Expr, by: usize) -> Expr {
    let mut expr = expr.clone();
    shift(&mut expr, by);
    expr
}

fn shift(expr: &mut Expr, by: usize) {
    match &mut expr.kind {
        ExprKind::Column(place) => *place += by,
        _ => expr.parts_mut().into_iter().for_each(|part| shift(part, by)),
    }
}

/// The matches with the sources of all their events.
fn citing(relation: Relation) -> Relation {
    let scope = &relation.scope;
    let names = scope.steps.iter().map(|step| format!("{}.source", step.name));
    let sources: Vec<Expr> = names.filter_map(|name| scope.field(&name, Span::default())).collect();
    if sources.is_empty() {
        return relation;
    }
    let list = Expr { kind: ExprKind::List(sources), of: Type::many(Base::Text), span: Span::default() };
    let mut relation = with_column(relation, "source", list);
    relation.scope.source = relation.scope.columns.iter().position(|column| column.name == "source");
    relation
}
