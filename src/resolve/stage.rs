//! Stages: from a relation to the next.

use super::query::domain_of;
use super::scope::{Groups, Relation, Scope};
use super::{Resolver, counted};
use crate::builtin::aggregate;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, Column, Query, Stage};
use crate::ir::plan::{Aggregate, Expr, ExprKind, Node, PlanColumn, SortKey};
use crate::span::{Span, Spanned};
use crate::value::{Base, Bucket, Type};

impl Resolver<'_> {
    /// One stage.
    pub(super) fn stage(&mut self, mut relation: Relation, stage: &Spanned<Stage>, query: &Query) -> Option<Relation> {
        let span = stage.span;
        self.one_more_stage(span)?;
        self.spend(relation.scope.columns.len(), span)?;
        let names_columns = !matches!(
            stage.node,
            Stage::Where(_) | Stage::Sort(_) | Stage::Take(_) | Stage::Skip(_) | Stage::Fill { .. } | Stage::Render(_)
        );
        if relation.scope.is_pivoted && names_columns {
            let message = "`pivot` makes columns of values, which no stage can name";
            let help = "after it come `sort`, `take`, `where` and `fill` of the other keys; put the rest before it";
            return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help));
        }
        if !matches!(stage.node, Stage::Cite) {
            relation.scope.picture = None;
        }
        match &stage.node {
            Stage::Invalid | Stage::Hole => None,
            Stage::Pivot(key) => self.pivot(relation, key, span),
            Stage::Fill { from, to } => self.fill(relation, from.as_ref(), to.as_ref(), span),
            Stage::Rolling { window, aggregates, by } => self.rolling(relation, window, aggregates, by, span),
            Stage::Running { aggregates, by } => self.running(relation, aggregates, by),
            Stage::Near { side, query, within, on } => self.near(relation, *side, query, (within, on), span),
            Stage::Combine { how, query } => self.combine(relation, *how, query, span),
            Stage::Join { query, on } => self.join(relation, query, on),
            Stage::Links => self.links(relation, span),
            Stage::Path { from, to } => self.path(relation, from, to, span),
            Stage::Render(picture) => {
                relation.scope.picture = Some(Spanned::new(*picture, span));
                if let (ast::Picture::Timeline, Some(end)) = (picture, relation.scope.end) {
                    let name = relation.scope.columns[end].name.clone();
                    relation.scope.show_also(&name);
                }
                Some(relation)
            }
            Stage::Where(condition) => self.condition(relation, condition),
            Stage::Select(columns) => self.select(relation, columns),
            Stage::Derive(columns) => self.derive(relation, columns),
            Stage::Sort(keys) => {
                let keys: Vec<Option<SortKey>> = keys.iter().map(|key| self.sort_key(key, &relation.scope)).collect();
                let keys = keys.into_iter().collect::<Option<_>>()?;
                Some(same_columns(relation, Node::Sort { keys }))
            }
            Stage::Take(count) => {
                let take = Some(count.node);
                Some(same_columns(relation, Node::Slice { skip: 0, take }))
            }
            Stage::Skip(count) => {
                let skip = count.node;
                Some(same_columns(relation, Node::Slice { skip, take: None }))
            }
            Stage::Top { count, by, per } => {
                let key = self.sort_key(by, &relation.scope)?;
                self.top(relation, count.node, key, per.as_ref())
            }
            Stage::First { count, per } => {
                let value = self.date_of(&relation.scope, span, "first")?;
                self.top(relation, *count, SortKey { value, descending: false }, per.as_ref())
            }
            Stage::Last { count, per } => {
                let value = self.date_of(&relation.scope, span, "last")?;
                let key = SortKey { value, descending: true };
                let by_date = SortKey { descending: false, ..key.clone() };
                let alone = per.is_none();
                let latest = self.top(relation, *count, key, per.as_ref())?;
                if !alone {
                    return Some(latest);
                }
                Some(same_columns(latest, Node::Sort { keys: vec![by_date] }))
            }
            Stage::Distinct(columns) => self.distinct(relation, columns),
            Stage::Expand(value) => {
                let written = value.span;
                let value = self.expression(value, &relation.scope)?;
                if !value.of.many {
                    let found = self.a(value.of);
                    let message = format!("`expand` takes a field with many values, found {found}");
                    return self.mismatch(value.span, message, "such as `expand region`");
                }
                Some(self.expanded(relation, value, written))
            }
            Stage::Count(by) => {
                let count = Aggregate { function: "count", distinct: false, arguments: Vec::new() };
                self.group(relation, vec![("count".to_owned(), count, Type::one(Base::Int))], by)
            }
            Stage::Summarize { aggregates, by } => {
                let named: Vec<Option<_>> =
                    aggregates.iter().map(|column| self.aggregate(column, &relation.scope)).collect();
                let named: Vec<(String, Aggregate, Type)> = named.into_iter().collect::<Option<_>>()?;
                for (place, column) in aggregates.iter().enumerate() {
                    if named[..place].iter().any(|(name, ..)| *name == named[place].0) {
                        return self.two_columns(&named[place].0, column.value.span);
                    }
                }
                self.group(relation, named, by)
            }
            Stage::Gap(by) => self.gap(relation, by, span),
            Stage::Share => {
                let Some(column) = relation.scope.columns.iter().position(|column| column.name == "count") else {
                    let help = "such as `count by region | share`";
                    let message = "`share` needs a column `count` before it";
                    return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help));
                };
                if relation.scope.columns.iter().any(|column| column.name == "share") {
                    return self.two_columns("share", span);
                }
                let place = relation.scope.columns.len();
                relation.scope.add("share", Type::one(Base::Float));
                if let Some(groups) = &mut relation.scope.groups {
                    groups.counts.push(place);
                }
                Some(wrapped(relation, Node::Share { column }))
            }
            Stage::Cite => {
                let is_last = query.stages.last().is_some_and(|last| last.span == span);
                if relation.scope.source.is_none() {
                    let message = "these rows name no sources";
                    return self.fail(
                        Diagnostic::new(Code::STAGE_MISMATCH, span, message)
                            .help("`cite` goes with rows made of events"),
                    );
                }
                if !is_last {
                    let message = "`cite` is the last stage";
                    return self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help("put it at the end"));
                }
                Some(relation)
            }
        }
    }

    fn sort_key(&mut self, key: &ast::SortKey, scope: &Scope) -> Option<SortKey> {
        Some(SortKey { value: self.expression(&key.value, scope)?, descending: key.descending })
    }

    pub(super) fn date_of(&mut self, scope: &Scope, span: Span, stage: &str) -> Option<Expr> {
        match scope.date {
            Some(place) => Some(scope.column(place, span)),
            None => {
                let help = match stage {
                    "first" | "last" => "`take`, or `top 1 by …`, goes with any rows",
                    _ => "put it right after the events, which have one",
                };
                let message = format!("`{stage}` needs rows with a date");
                self.fail(Diagnostic::new(Code::STAGE_MISMATCH, span, message).help(help))
            }
        }
    }

    fn top(&mut self, relation: Relation, count: u64, key: SortKey, per: Option<&ast::Expr>) -> Option<Relation> {
        let per = match per {
            Some(per) => Some(self.expression(per, &relation.scope)?),
            None => None,
        };
        Some(same_columns(relation, Node::Top { count, keys: vec![key], per }))
    }

    /// The name and value of each column, with a name for those without.
    fn columns(&mut self, columns: &[Column], scope: &Scope) -> Option<Vec<(String, Expr)>> {
        let mut named: Vec<(String, Expr)> = Vec::new();
        let mut sound = true;
        for column in columns {
            let Some(value) = self.expression(&column.value, scope) else {
                sound = false;
                continue;
            };
            let name = match (&column.name, &*column.value.kind) {
                (Some(name), _) => name.node.clone(),
                (None, ast::ExprKind::Name(name) | ast::ExprKind::Field(name)) => name.clone(),
                (None, _) => column.value.span.of(&self.text).to_owned(),
            };
            if named.iter().any(|(other, _)| *other == name) {
                let span = column.name.as_ref().map_or(column.value.span, |name| name.span);
                self.two_columns::<()>(&name, span);
                sound = false;
            }
            named.push((name, value));
        }
        sound.then_some(named)
    }

    pub(super) fn two_columns<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let message = format!("there are two columns `{name}`");
        let help = "give one of them another name: `other = …`";
        self.fail(Diagnostic::new(Code::DUPLICATE_NAME, span, message).help(help))
    }

    fn select(&mut self, relation: Relation, columns: &[Column]) -> Option<Relation> {
        let named = self.columns(columns, &relation.scope)?;
        Some(self.projected(relation, named))
    }

    /// The rows with these columns alone, and their sources if they are to be cited.
    fn projected(&mut self, relation: Relation, mut named: Vec<(String, Expr)>) -> Relation {
        let outer = relation.scope;
        let mut source = named.iter().position(|(_, expr)| is_column(expr, outer.source));
        let shown: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
        if let Some(place) = outer.source.filter(|_| self.cites && source.is_none()) {
            source = Some(named.len());
            named.push(("source".to_owned(), outer.column(place, Span::default())));
        }
        let find = |wanted: Option<usize>| named.iter().position(|(_, expr)| is_column(expr, wanted));
        let columns: Vec<PlanColumn> =
            named.iter().map(|(name, expr)| PlanColumn { name: name.clone(), of: expr.of }).collect();
        let show = (shown.len() < named.len()).then_some(shown);
        let scope = Scope {
            columns: columns.clone(),
            date: find(outer.date),
            end: find(outer.end),
            source,
            show,
            ..Scope::default()
        };
        let values = named.into_iter().map(|(_, expr)| expr).collect();
        Relation { plan: relation.plan.then(Node::Project { values }, columns), scope }
    }

    fn derive(&mut self, mut relation: Relation, columns: &[Column]) -> Option<Relation> {
        for column in columns {
            self.spend(relation.scope.columns.len(), column.value.span)?;
            let (name, value) = self.columns(std::slice::from_ref(column), &relation.scope)?.remove(0);
            relation = with_column(relation, &name, value);
        }
        Some(relation)
    }

    /// The relation with a row for each value of a list, which is a column or becomes one, named as it was `written`.
    pub(super) fn expanded(&mut self, mut relation: Relation, list: Expr, written: Span) -> Relation {
        let column = match &list.kind {
            ExprKind::Column(place) => {
                let name = relation.scope.columns[*place].name.clone();
                relation.scope.show_also(&name);
                *place
            }
            _ => {
                let named = relation.scope.derived.iter().find(|(_, expr)| same(expr, &list));
                let text = written.of(&self.text).trim_start_matches('.').to_owned();
                let name = named.map_or(text, |(name, _)| name.clone());
                relation = with_column(relation, &name, list);
                relation.scope.columns.iter().position(|column| column.name == name).unwrap_or(0)
            }
        };
        relation.scope.columns[column].of.many = false;
        relation.scope.groups = None;
        wrapped(relation, Node::Expand { column })
    }

    fn distinct(&mut self, relation: Relation, columns: &[Column]) -> Option<Relation> {
        let named = if columns.is_empty() { relation.scope.shown() } else { self.columns(columns, &relation.scope)? };
        if self.cites {
            return self.grouped(relation, Vec::new(), named);
        }
        let date = named.iter().position(|(_, expr)| is_column(expr, relation.scope.date));
        let single = |of: Type| Type { many: false, ..of };
        let columns: Vec<PlanColumn> =
            named.iter().map(|(name, expr)| PlanColumn { name: name.clone(), of: single(expr.of) }).collect();
        let scope = Scope { columns: columns.clone(), date, ..Scope::default() };
        let values = named.into_iter().map(|(_, expr)| expr).collect();
        Some(Relation { plan: relation.plan.then(Node::Distinct { values }, columns), scope })
    }

    fn group(
        &mut self,
        relation: Relation,
        aggregates: Vec<(String, Aggregate, Type)>,
        by: &[Column],
    ) -> Option<Relation> {
        let keys = self.columns(by, &relation.scope)?;
        let spans = by.iter().map(|key| key.name.as_ref().map_or(key.value.span, |name| name.span));
        for ((name, _), span) in keys.iter().zip(spans) {
            if aggregates.iter().any(|(other, ..)| other == name) {
                return self.two_columns(name, span);
            }
        }
        self.grouped(relation, aggregates, keys)
    }

    fn grouped(
        &mut self,
        relation: Relation,
        mut aggregates: Vec<(String, Aggregate, Type)>,
        keys: Vec<(String, Expr)>,
    ) -> Option<Relation> {
        let shown: Vec<String> =
            keys.iter().map(|(name, _)| name).chain(aggregates.iter().map(|(name, ..)| name)).cloned().collect();
        let mut source = None;
        if let Some(place) = relation.scope.source.filter(|_| self.cites) {
            source = Some(shown.len());
            let arguments = vec![relation.scope.column(place, Span::default())];
            let all = Aggregate { function: "sources", distinct: false, arguments };
            aggregates.push(("source".to_owned(), all, Type::many(Base::Text)));
        }
        let date = keys.iter().position(|(_, expr)| is_column(expr, relation.scope.date));
        let single = |of: Type| Type { many: false, ..of };
        let columns: Vec<PlanColumn> = keys
            .iter()
            .map(|(name, expr)| PlanColumn { name: name.clone(), of: single(expr.of) })
            .chain(aggregates.iter().map(|(name, _, of)| PlanColumn { name: name.clone(), of: *of }))
            .collect();
        let show = (shown.len() < columns.len()).then_some(shown);
        let groups = Groups {
            keys: keys.iter().enumerate().map(|(place, (_, key))| (place, bucket_of(key))).collect(),
            counts: (0..aggregates.len())
                .filter(|&place| aggregates[place].1.function == "count")
                .map(|place| keys.len() + place)
                .collect(),
            absent: None,
        };
        let scope = Scope { columns: columns.clone(), date, source, show, groups: Some(groups), ..Scope::default() };
        let keys = keys.into_iter().map(|(_, expr)| expr).collect();
        let aggregates = aggregates.into_iter().map(|(_, aggregate, _)| aggregate).collect();
        Some(Relation { plan: relation.plan.then(Node::Group { keys, aggregates }, columns), scope })
    }

    pub(super) fn aggregate(&mut self, column: &Column, scope: &Scope) -> Option<(String, Aggregate, Type)> {
        let span = column.value.span;
        let ast::ExprKind::Call { name, distinct, arguments } = &*column.value.kind else {
            let help = match &*column.value.kind {
                ast::ExprKind::Binary(..) => "what is computed of aggregates goes in a `derive` after them",
                _ => "such as `n = count()`",
            };
            return self.mismatch(span, "expected an aggregate", help);
        };
        let Some(record) = aggregate(&name.node) else { return self.unknown_aggregate(name) };
        let wanted = match record.name {
            "count" if !distinct => 0..=1,
            "quantile" => 2..=2,
            _ => 1..=1,
        };
        if !wanted.contains(&arguments.len()) {
            let most = counted(*wanted.end(), "argument");
            let takes = if wanted.start() < wanted.end() { format!("at most {most}") } else { most };
            let message = format!("`{}` takes {takes}, {} given", record.name, arguments.len());
            return self.fail(
                Diagnostic::new(Code::WRONG_ARGUMENTS, span, message).help(format!("it is written `{}`", record.form)),
            );
        }
        if *distinct && record.name != "count" {
            let message = format!("`{}` takes no `distinct`", record.name);
            return self
                .fail(Diagnostic::new(Code::WRONG_ARGUMENTS, span, message).help("such as `count(distinct leader)`"));
        }
        let mut given = Vec::new();
        for argument in arguments {
            given.push(match record.name {
                "any" | "all" => self.predicate(argument, scope)?,
                _ => self.expression(argument, scope)?,
            });
        }
        if let ("quantile", Some(part)) = (record.name, given.get(1))
            && (!part.of.is_number() || part.of.many)
        {
            let found = self.a(part.of);
            return self.mismatch(part.span, format!("expected a number from 0 to 1, found {found}"), record.form);
        }
        if matches!(record.name, "first" | "last") {
            given.push(self.date_of(scope, span, record.name)?);
        }
        let of = given.first().map_or(Type::one(Base::Int), |argument| argument.of);
        let numeric = matches!(record.name, "avg" | "median" | "stddev" | "quantile");
        let fits = !numeric || of.is_number() || of.base == Base::Nothing;
        let fits =
            fits && (record.name != "sum" || of.is_number() || matches!(of.base, Base::Duration | Base::Nothing));
        if !fits {
            let found = self.a(of);
            return self.mismatch(
                span,
                format!("`{}` is computed of numbers, found {found}", record.name),
                format!("it is written `{}`", record.form),
            );
        }
        let of = Type { base: record.gives.unwrap_or(of.base), many: record.many };
        let name = match &column.name {
            Some(name) => name.node.clone(),
            None => span.of(&self.text).to_owned(),
        };
        Some((name, Aggregate { function: record.name, distinct: *distinct, arguments: given }, of))
    }

    /// Keys of single values: a list becomes a row for each of its values.
    pub(super) fn single_keys(&mut self, relation: &mut Relation, by: &[ast::Expr], stage: &str) -> Option<Vec<Expr>> {
        let mut keys = Vec::new();
        for key in by {
            let mut value = self.expression(key, &relation.scope)?;
            if value.of.many {
                *relation = self.expanded(relation.clone(), value, key.span);
                value = self.expression(key, &relation.scope)?;
                if value.of.many {
                    let message = format!("`{stage}` takes a field, not a computed list");
                    return self.mismatch(key.span, message, "name it first with `derive`");
                }
            }
            keys.push(value);
        }
        Some(keys)
    }

    fn gap(&mut self, mut relation: Relation, by: &[ast::Expr], span: Span) -> Option<Relation> {
        let date = self.date_of(&relation.scope, span, "gap")?;
        let keys = self.single_keys(&mut relation, by, "gap by")?;
        if let Some(column) = relation.scope.columns.iter().find(|column| matches!(&*column.name, "previous" | "gap")) {
            let name = column.name.clone();
            return self.two_columns(&name, span);
        }
        relation.scope.add("previous", Type::one(Base::Date));
        relation.scope.add("gap", Type::one(Base::Duration));
        Some(wrapped(relation, Node::Gap { keys, date }))
    }
}

/// The buckets of time that a key has.
fn bucket_of(key: &Expr) -> Option<Bucket> {
    match &key.kind {
        ExprKind::Call(name, _) => Bucket::named(name),
        _ => None,
    }
}

/// Whether an expression is computed of the column at a place.
fn speaks_of(expr: &Expr, place: usize) -> bool {
    is_column(expr, Some(place)) || expr.parts().into_iter().any(|part| speaks_of(part, place))
}

fn is_column(expr: &Expr, wanted: Option<usize>) -> bool {
    matches!((&expr.kind, wanted), (ExprKind::Column(place), Some(wanted)) if *place == wanted)
}

/// Whether both are the same derived field: equal in all but where they were written.
fn same(left: &Expr, right: &Expr) -> bool {
    domain_of(left) == domain_of(right)
        && matches!((&left.kind, &right.kind),
        (ExprKind::Follow { base: one, table, field }, ExprKind::Follow { base: other, table: also, field: too })
            if table == also && field == too && (same(one, other) || matches!((&one.kind, &other.kind),
                (ExprKind::Column(one), ExprKind::Column(other)) if one == other)))
}

/// The same columns after another node.
pub(super) fn same_columns(relation: Relation, node: Node) -> Relation {
    Relation { plan: relation.plan.then_same(node), scope: relation.scope }
}

/// The columns of the scope after another node.
pub(super) fn wrapped(relation: Relation, node: Node) -> Relation {
    let columns = relation.scope.columns.clone();
    Relation { plan: relation.plan.then(node, columns), scope: relation.scope }
}

/// The rows with one more column, or with another value for it.
pub(super) fn with_column(relation: Relation, name: &str, value: Expr) -> Relation {
    let Relation { plan, mut scope } = relation;
    let value_of = value.of;
    let mut values: Vec<Expr> = (0..scope.columns.len()).map(|place| scope.column(place, Span::default())).collect();
    match scope.columns.iter().position(|column| column.name == name) {
        Some(place) => {
            if scope.columns[place].of.base != value.of.base {
                scope.derived.retain(|(_, expr)| !speaks_of(expr, place));
            }
            scope.columns[place].of = value.of;
            scope.groups = scope.groups.filter(|groups| !groups.is_key(place)).map(|groups| groups.without(place));
            let still = |of: Type| move |&at: &usize| at != place || value_of == of;
            scope.date = scope.date.filter(still(Type::one(Base::Date)));
            scope.end = scope.end.filter(still(Type::one(Base::Date)));
            scope.source = scope.source.filter(still(Type::many(Base::Text)));
            values[place] = value;
            scope.show_also(name);
        }
        None => {
            scope.derived.retain(|(of, _)| of != name);
            scope.add(name, value.of);
            values.push(value);
        }
    }
    let columns = scope.columns.clone();
    Relation { plan: plan.then(Node::Project { values }, columns), scope }
}
