//! Expressions: each to its typed form.

use super::compare::between;
use super::scope::Scope;
use super::suggest::did_you_mean;
use super::{Resolver, counted};
use crate::builtin::{Takes, function};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::ir::ast::{self, BinaryOperator, Unit};
use crate::ir::plan::{Expr, ExprKind, Node, Operation};
use crate::span::{Span, Spanned};
use crate::store::Found;
use crate::value::{Base, Bucket, DomainId, Duration, Period, Type, Value, parse_period};

impl Resolver<'_> {
    /// The typed form of an expression.
    pub(super) fn expression(&mut self, expr: &ast::Expr, scope: &Scope) -> Option<Expr> {
        self.expecting(expr, scope, None)
    }

    /// The typed form of an expression, in which a word may be a value of the domain expected.
    pub(super) fn expecting(&mut self, expr: &ast::Expr, scope: &Scope, expected: Option<DomainId>) -> Option<Expr> {
        let span = self.pinned.unwrap_or(expr.span);
        self.deeper(1, span, |resolver| resolver.typed(expr, span, scope, expected))
    }

    /// The name that a difference is, where a name is expected.
    fn name_with_hyphens(&self, expr: &ast::Expr, expected: Option<DomainId>) -> Option<String> {
        let written = expr.span.of(&self.text);
        let found = self.world.store.domain(expected?).find(written);
        (matches!(&*expr.kind, ast::ExprKind::Binary(BinaryOperator::Subtract, ..)) && matches!(found, Found::One(_)))
            .then(|| written.to_owned())
    }

    fn typed(&mut self, expr: &ast::Expr, span: Span, scope: &Scope, expected: Option<DomainId>) -> Option<Expr> {
        use ast::ExprKind as Ast;
        match &*expr.kind {
            Ast::Invalid | Ast::Hole => None,
            Ast::Name(name) => self.named(name, span, scope, expected),
            Ast::Field(name) => match self.field_named(name, span, scope) {
                Some(field) => Some(field),
                None => self.named(name, span, scope, None),
            },
            Ast::List(items) => {
                let items: Vec<Option<Expr>> = items.iter().map(|item| self.expecting(item, scope, expected)).collect();
                self.listed(items.into_iter().collect::<Option<_>>()?, span)
            }
            Ast::Query(query) => self.sub_query(query, span, false),
            Ast::Path(base, name) if self.is_step(base, name, scope) => self.step_field(base, name, span, scope),
            Ast::Path(base, name) => {
                let base = self.expression(base, scope)?;
                self.follow(base, &name.node, name.span, span, scope)
            }
            Ast::Call { name, distinct, arguments } => self.call(name, *distinct, arguments, span, scope, expected),
            Ast::Negate(value) => {
                let value = self.expression(value, scope)?;
                self.negated(value, span)
            }
            Ast::Not(value) => {
                let value = self.predicate(value, scope)?;
                Some(Expr { kind: ExprKind::Not(Box::new(value)), of: Type::one(Base::Bool), span })
            }
            Ast::Every(value) => {
                let value = self.predicate(value, scope)?;
                self.every(value, span)
            }
            Ast::Binary(BinaryOperator::And, left, right) => {
                let (left, right) = (self.predicate(left, scope), self.predicate(right, scope));
                Some(Expr { kind: ExprKind::And(vec![left?, right?]), of: Type::one(Base::Bool), span })
            }
            Ast::Binary(BinaryOperator::Or, left, right) => {
                let (left, right) = (self.predicate(left, scope), self.predicate(right, scope));
                Some(Expr { kind: ExprKind::Or(vec![left?, right?]), of: Type::one(Base::Bool), span })
            }
            Ast::Binary(operator, left, right) => {
                let operation = match operator {
                    BinaryOperator::Add => Operation::Add,
                    BinaryOperator::Subtract => Operation::Subtract,
                    BinaryOperator::Multiply => Operation::Multiply,
                    BinaryOperator::Divide => Operation::Divide,
                    BinaryOperator::Remainder => Operation::Remainder,
                    _ => return self.comparison(*operator, left, right, span, scope),
                };
                if let Some(name) = self.name_with_hyphens(expr, expected) {
                    let message = format!("`{name}` is read as a difference");
                    let help = format!("a name with `-` in it stands in quotes: `\"{name}\"`");
                    return self.fail(Diagnostic::new(Code::UNKNOWN_VALUE, span, message).help(help));
                }
                let (left, right) = (self.expression(left, scope), self.expression(right, scope));
                self.arithmetic(operation, left?, right?, span)
            }
            Ast::Between(negated, value, from, to) => {
                let from = self.comparison(BinaryOperator::GreaterOrEqual, value, from, span, scope);
                let to = self.comparison(BinaryOperator::LessOrEqual, value, to, span, scope);
                Some(negate_if(*negated, between(from?, to?, span)))
            }
            Ast::In { negated, value, within, as_of } => {
                let found = self.membership(value, within, as_of.as_ref(), span, scope)?;
                Some(negate_if(*negated, found))
            }
            Ast::Is(present, value) => {
                let value = self.expression(value, scope)?;
                let missing = Expr { kind: ExprKind::IsMissing(Box::new(value)), of: Type::one(Base::Bool), span };
                Some(negate_if(*present, missing))
            }
            Ast::Text(_) | Ast::Int(_) | Ast::Float(_) | Ast::Bool(_) | Ast::Missing | Ast::Parameter(_) => {
                self.constant(expr, span, expected)
            }
            Ast::Date(_) | Ast::Range(..) | Ast::Duration(..) | Ast::Ago(..) => self.constant(expr, span, expected),
            Ast::Today | Ast::Yesterday | Ast::Relative(..) => self.constant(expr, span, expected),
        }
    }

    /// A literal, a relative date or a parameter.
    fn constant(&mut self, expr: &ast::Expr, span: Span, expected: Option<DomainId>) -> Option<Expr> {
        use ast::ExprKind as Ast;
        let literal = |value: Value, base: Base| Some(Expr::literal(value, Type::one(base), span));
        let period = |period: Period| literal(Value::Period(period), Base::Period);
        match &*expr.kind {
            Ast::Text(text) => match expected {
                Some(domain) => self.value(domain, text, span),
                None => literal(Value::text(text.as_str()), Base::Text),
            },
            Ast::Int(value) => literal(Value::Int(*value), Base::Int),
            Ast::Float(value) => literal(Value::Float(*value), Base::Float),
            Ast::Bool(value) => literal(Value::Bool(*value), Base::Bool),
            Ast::Missing => literal(Value::Missing, Base::Nothing),
            Ast::Date(text) => match parse_period(text) {
                Some(found) => period(found),
                None => {
                    self.fail(Diagnostic::new(Code::BAD_LITERAL, span, format!("the date `{text}` does not exist")))
                }
            },
            Ast::Range(from, to) => {
                let from = match from {
                    Some(from) => self.bound(from)?,
                    None => Period::ALWAYS,
                };
                let to = match to {
                    Some(to) => self.bound(to)?,
                    None => Period::ALWAYS,
                };
                if from.first > to.last {
                    let help = "the earlier date comes first";
                    return self.mismatch(span, "the range ends before it begins", help);
                }
                period(from.to(to))
            }
            Ast::Duration(count, unit) => {
                let duration = self.duration(*count, *unit, span)?;
                literal(Value::Duration(duration), Base::Duration)
            }
            Ast::Ago(count, unit) => {
                let back = self.duration(*count, *unit, span)?.negate();
                let today = crate::value::Date::day(self.world.today);
                match back.and_then(|back| today.later_by(back)) {
                    Some(date) => period(date.bounds()),
                    None => self.fail(
                        Diagnostic::new(Code::OVERFLOW, span, "the date is out of the calendar")
                            .help("the calendar ends with the year 99999"),
                    ),
                }
            }
            Ast::Today => period(Bucket::Day.of(self.world.today)),
            Ast::Yesterday => period(Bucket::Day.of(self.world.today - 1)),
            Ast::Relative(this, unit) => {
                let bucket = match unit {
                    Unit::Year => Bucket::Year,
                    Unit::Quarter => Bucket::Quarter,
                    Unit::Month => Bucket::Month,
                    Unit::Week => Bucket::Week,
                    Unit::Day | Unit::Hour => Bucket::Day,
                };
                let now = bucket.of(self.world.today);
                period(if *this { now } else { bucket.of(now.first - 1) })
            }
            Ast::Parameter(name) => match self.world.parameters.get(name).cloned() {
                Some(Value::Text(text)) => match expected {
                    Some(domain) => self.value(domain, &text, span),
                    None => literal(Value::Text(text), Base::Text),
                },
                Some(value) => {
                    let of = type_of(&value);
                    Some(Expr::literal(value, of, span))
                }
                None => {
                    let near = nearest(name, self.world.parameters.keys().map(String::as_str));
                    let help = if near.is_empty() {
                        format!("give it one with `-p {name}=value`")
                    } else {
                        did_you_mean(near.iter().map(|near| format!("${near}")).collect())
                    };
                    let message = format!("`${name}` has no value");
                    self.fail(Diagnostic::new(Code::UNKNOWN_PARAMETER, span, message).help(help))
                }
            },
            _ => None,
        }
    }

    fn negated(&mut self, value: Expr, span: Span) -> Option<Expr> {
        if !value.of.is_number() && value.of.base != Base::Duration {
            let found = self.one(value.of);
            return self.mismatch(span, format!("{found} has no sign"), "`-` goes with numbers and durations");
        }
        let zero = match value.of.base {
            Base::Duration => Value::Duration(Duration::default()),
            _ => Value::Int(0),
        };
        if let (ExprKind::Literal(literal), false) = (&value.kind, value.of.many)
            && let Ok(negated) = crate::builtin::negate(literal)
        {
            return Some(Expr::literal(negated, value.of, span));
        }
        let zero = Expr::literal(zero, Type { many: false, ..value.of }, span);
        self.arithmetic(Operation::Subtract, zero, value, span)
    }

    fn bound(&mut self, expr: &ast::Expr) -> Option<Period> {
        let value = self.period(expr)?;
        match value.kind {
            ExprKind::Literal(Value::Period(period)) => Some(period),
            _ => self.mismatch(
                expr.span,
                "the ends of a range are dates",
                "such as `2024-05..2024-07` or `2024-05..today`",
            ),
        }
    }

    fn duration(&mut self, count: f64, unit: Unit, span: Span) -> Option<Duration> {
        let (months, hours) = match unit {
            Unit::Hour => (0, 1),
            Unit::Day => (0, 24),
            Unit::Week => (0, 7 * 24),
            Unit::Month => (1, 0),
            Unit::Quarter => (3, 0),
            Unit::Year => (12, 0),
        };
        let duration = Duration::of_units(count, months, hours);
        duration.or_else(|| {
            let diagnostic = Diagnostic::new(Code::OVERFLOW, span, "the duration is too long");
            self.fail(diagnostic.help("the calendar ends with the year 99999"))
        })
    }

    fn arithmetic(&mut self, operation: Operation, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        use Operation::{Add, Divide, Multiply, Remainder, Subtract};
        let is_year = |side: &Expr| matches!(side.kind, ExprKind::Literal(Value::Int(1000..=9999)));
        let year = |resolver: &mut Self, side: Expr, other: &Expr| match other.of.base {
            Base::Date | Base::Period if is_year(&side) => resolver.timed(side),
            Base::Duration if is_year(&side) && matches!(operation, Add | Subtract) => resolver.timed(side),
            _ => Some(side),
        };
        let (left, right) = (scalar(left), scalar(right));
        let left = Self::as_date(year(self, left, &right)?);
        let right = Self::as_date(year(self, right, &left)?);
        if left.of.many || right.of.many {
            let found = self.a(if left.of.many { left.of } else { right.of });
            let message = format!("arithmetic takes single values, found {found}");
            return self.mismatch(span, message, "`expand` makes a row of each value of a list");
        }
        let time = |base: Base| matches!(base, Base::Date | Base::Period);
        let number = |base: Base| matches!(base, Base::Int | Base::Float | Base::Nothing);
        let text = |base: Base| matches!(base, Base::Text | Base::Coded(_));
        let base = match (operation, left.of.base, right.of.base) {
            (Divide, one, other) if number(one) && number(other) => Base::Float,
            (_, Base::Int, Base::Int) => Base::Int,
            (_, one, other) if number(one) && number(other) => Base::Float,
            (Add | Subtract, one, Base::Duration) if time(one) => Base::Date,
            (Add, Base::Duration, other) if time(other) => Base::Date,
            (Subtract, one, other) if time(one) && time(other) => Base::Duration,
            (Add | Subtract, Base::Duration, Base::Duration) => Base::Duration,
            (Multiply | Divide, Base::Duration, other) if number(other) => Base::Duration,
            (Multiply, one, Base::Duration) if number(one) => Base::Duration,
            (Add, one, other) if text(one) && (text(other) || number(other)) || number(one) && text(other) => {
                Base::Text
            }
            _ => {
                let sign = match operation {
                    Add => "+",
                    Subtract => "-",
                    Multiply => "*",
                    Divide => "/",
                    Remainder => "%",
                };
                let (one, other) = (self.a(left.of), self.a(right.of));
                let help = if (time(left.of.base) || left.of.base == Base::Duration) && number(right.of.base) {
                    "a length of time has its unit: `3 days`"
                } else {
                    "`+` and `-` go with numbers, durations and dates; `+` joins texts"
                };
                return self.mismatch(span, format!("`{sign}` does not go with {one} and {other}"), help);
            }
        };
        let kind = ExprKind::Arithmetic(operation, Box::new(left), Box::new(right));
        Some(Expr { kind, of: Type::one(base), span })
    }

    /// A query in parentheses: its one value, or the list of its one column.
    pub(super) fn sub_query(&mut self, query: &ast::Query, span: Span, list: bool) -> Option<Expr> {
        let span = self.pinned.unwrap_or(span);
        let outer = std::mem::take(&mut self.cites);
        let relation = self.query(query);
        self.cites = outer;
        let relation = relation?;
        if relation.scope.is_pivoted {
            let message = "a query in parentheses gives one column, `pivot` makes many";
            let help = "end it with `count`, or with `distinct` or `select` of one column";
            return self.fail(Diagnostic::new(Code::NOT_ONE_COLUMN, span, message).help(help));
        }
        let entity = relation.scope.table.filter(|_| relation.scope.show.is_some());
        let entity =
            entity.filter(|&table| table != crate::store::EVENTS && self.world.store.tables[table].domain.is_some());
        let plan = match entity {
            Some(_) => {
                let mut relation = relation;
                relation.scope.show = Some(vec!["name".to_owned()]);
                relation.shown(false)
            }
            None => relation.shown(false),
        };
        let [column] = plan.columns.as_slice() else {
            let names: Vec<&str> = plan.columns.iter().map(|column| column.name.as_str()).collect();
            let message = format!("a query in parentheses gives one column, this one gives {}", names.len());
            let diagnostic = Diagnostic::new(Code::NOT_ONE_COLUMN, span, message);
            return self.fail(diagnostic.help("end it with `count`, or with `distinct` or `select` of one column"));
        };
        let is_one_row = match &plan.node {
            Node::Group { keys, .. } => keys.is_empty(),
            Node::Slice { take, .. } => *take == Some(1),
            _ => false,
        };
        let of = column.of;
        if is_one_row && !list {
            return Some(Expr { kind: ExprKind::Scalar(Box::new(plan)), of, span });
        }
        Some(Expr { kind: ExprKind::Column1(Box::new(plan)), of: Type { many: true, ..of }, span })
    }

    fn call(
        &mut self,
        name: &Spanned<String>,
        distinct: bool,
        arguments: &[ast::Expr],
        span: Span,
        scope: &Scope,
        expected: Option<DomainId>,
    ) -> Option<Expr> {
        if let Some(binding) = self.environment.get(&name.node).cloned() {
            return self.bound_value(&binding, arguments, span, expected);
        }
        if self.defining.as_deref() == Some(name.node.as_str()) {
            return self.needs_itself(&name.node, span);
        }
        let Some(record) = function(&name.node) else { return self.unknown_function(name, distinct) };
        if distinct {
            let message = format!("`{}` takes no `distinct`", record.name);
            return self
                .fail(Diagnostic::new(Code::WRONG_ARGUMENTS, span, message).help("such as `count(distinct leader)`"));
        }
        let wanted = record.takes.len();
        if arguments.len() < wanted || arguments.len() > wanted && !record.variadic {
            let more = if record.variadic { " or more" } else { "" };
            let takes = counted(wanted, "argument");
            let message = format!("`{}` takes {takes}{more}, {} given", record.name, arguments.len());
            return self.fail(
                Diagnostic::new(Code::WRONG_ARGUMENTS, span, message).help(format!("it is written `{}`", record.form)),
            );
        }
        let mut given = Vec::new();
        let mut sound = true;
        for (place, argument) in arguments.iter().enumerate() {
            let takes = record.takes[place.min(wanted - 1)];
            match self.argument(takes, argument, scope, expected, record.form) {
                Some(argument) => given.push(argument),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let mut of = match record.gives {
            Some(base) => Type::one(base),
            None => {
                let mut of = Type::one(Base::Nothing);
                for (place, argument) in given.iter().enumerate() {
                    if record.takes[place.min(wanted - 1)] == Takes::Condition {
                        continue;
                    }
                    match of.join(argument.of) {
                        Some(joined) => of = joined,
                        None => {
                            let (one, other) = (self.a(of), self.a(argument.of));
                            let message = format!("`{}` cannot give both {one} and {other}", record.name);
                            return self.mismatch(argument.span, message, "all its values are of one type");
                        }
                    }
                }
                of
            }
        };
        of.many |= record.name == "split" || !record.takes_missing() && given.iter().any(|argument| argument.of.many);
        Some(Expr { kind: ExprKind::Call(record.name, given), of, span })
    }

    fn argument(
        &mut self,
        takes: Takes,
        argument: &ast::Expr,
        scope: &Scope,
        expected: Option<DomainId>,
        form: &str,
    ) -> Option<Expr> {
        let value = match takes {
            Takes::Condition => return self.predicate(argument, scope),
            Takes::Any => return self.expecting(argument, scope, expected),
            Takes::Time => {
                let value = match self.word(argument).filter(|_| matches!(&*argument.kind, ast::ExprKind::Text(_))) {
                    Some(word) => self.period_named(&word, argument.span)?,
                    None => self.expression(argument, scope)?,
                };
                return self.timed(value);
            }
            Takes::Place => {
                let places = self.world.store.domain_named("place").filter(|_| self.is_value_word(argument, scope));
                let countries = self.world.store.domain_named("country");
                let known = |domain: &DomainId| {
                    let word = self.word(argument).unwrap_or_default();
                    self.world.store.domain(*domain).find(&word) != crate::store::Found::Nothing
                };
                let domain = places.filter(known).or(countries.filter(|_| places.is_some()).filter(known)).or(places);
                self.expecting(argument, scope, domain)?
            }
            Takes::Text | Takes::Number | Takes::Int => self.expression(argument, scope)?,
        };
        let value = scalar(value);
        let fits = match (takes, value.of.base) {
            (_, Base::Nothing) => true,
            (Takes::Text, Base::Text | Base::Coded(_)) => true,
            (Takes::Number, base) => matches!(base, Base::Int | Base::Float),
            (Takes::Int, base) => base == Base::Int,
            (Takes::Place, Base::Coded(domain)) => {
                let store = self.world.store;
                store.table_of(domain).is_some_and(|table| store.tables[table].field("latitude").is_some())
            }
            _ => false,
        };
        if fits {
            return Some(value);
        }
        let wanted = match takes {
            Takes::Text => "a text",
            Takes::Number => "a number",
            Takes::Int => "an int",
            _ => "a place",
        };
        let found = self.a(value.of);
        self.mismatch(argument.span, format!("expected {wanted}, found {found}"), format!("it is written `{form}`"))
    }
}

fn negate_if(negated: bool, predicate: Expr) -> Expr {
    if !negated {
        return predicate;
    }
    let span = predicate.span;
    Expr { kind: ExprKind::Not(Box::new(predicate)), of: Type::one(Base::Bool), span }
}

/// A query's column where one value is needed: the run says if it has more.
fn scalar(value: Expr) -> Expr {
    match value.kind {
        ExprKind::Column1(plan) => {
            let many = plan.columns.first().is_some_and(|column| column.of.many);
            let of = Type { many, ..value.of };
            Expr { kind: ExprKind::Scalar(plan), of, span: value.span }
        }
        _ => value,
    }
}

/// The type of a value.
fn type_of(value: &Value) -> Type {
    Type::one(match value {
        Value::Missing => Base::Nothing,
        Value::Bool(_) => Base::Bool,
        Value::Int(_) => Base::Int,
        Value::Float(_) => Base::Float,
        Value::Text(_) => Base::Text,
        Value::Date(_) => Base::Date,
        Value::Period(_) => Base::Period,
        Value::Duration(_) => Base::Duration,
        Value::Coded(domain, _) => Base::Coded(*domain),
        Value::List(items) => {
            let base = items.first().map_or(Base::Nothing, |item| type_of(item).base);
            return Type::many(base);
        }
    })
}
