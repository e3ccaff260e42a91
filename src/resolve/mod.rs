//! Names to columns, entities and types: from the syntax tree to the typed plan, and every message about a name.

mod compare;
mod expression;
mod fields;
mod name;
mod network;
mod query;
mod scope;
mod sequence;
mod series;
mod stage;
mod suggest;
mod tables;

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, LetBody};
use crate::ir::plan::{Expr, Plan};
use crate::span::{Span, Spanned};
use crate::store::Store;
use crate::value::{DomainId, Value};

pub use fields::{KnownField, fields_after, type_after};
use scope::Scope;

/// What names can mean, apart from those that a text binds.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The data.
    pub store: &'a Store,
    /// The derived fields of each table, parsed.
    pub derived: &'a [Vec<(String, ast::Expr)>],
    /// The day that `today` is.
    pub today: i32,
    /// The values of `$name`.
    pub parameters: &'a IndexMap<String, Value>,
}

/// The name of the query that was answered last.
pub const IT: &str = "it";

/// The names bound by `let`, in the order in which they were bound; a later one hides an earlier one of its name.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    bindings: Arc<Bindings>,
    visible: usize,
}

#[derive(Debug, Clone, Default)]
struct Bindings {
    all: Vec<Arc<Binding>>,
    /// Where each name was bound, the first first.
    places: IndexMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Binding {
    name: String,
    parameters: Vec<String>,
    body: LetBody,
    text: Arc<str>,
    /// How many names its body may use: those that were bound before.
    before: usize,
}

/// A query that can run.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What to do.
    pub plan: Plan,
    /// Whether the last column is `source`, to be cited.
    pub cites: bool,
    /// How the rows are wished to be drawn, and where that is said.
    pub picture: Option<Spanned<ast::Picture>>,
}

impl Environment {
    /// The names, the last bound first.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.bindings.all[..self.visible].iter().rev().map(|binding| binding.name.as_str())
    }

    /// Whether it is another's clone, to which no name was given since.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bindings, &other.bindings) && self.visible == other.visible
    }

    /// The arguments of a name; none for one that takes none.
    pub fn parameters(&self, name: &str) -> &[String] {
        self.get(name).map_or(&[], |binding| &binding.parameters)
    }

    /// The query for which a name without arguments stands, its text, and what its own names mean.
    pub fn query(&self, name: &str) -> Option<(&ast::Query, &Arc<str>, Self)> {
        let binding = self.get(name).filter(|binding| binding.parameters.is_empty())?;
        let LetBody::Query(query) = &binding.body else { return None };
        Some((query, &binding.text, self.inside(binding)))
    }

    /// Gives one more name a meaning, or another meaning. What was bound before keeps its meaning of then.
    pub fn bind(&mut self, name: &str, parameters: &[Spanned<String>], body: LetBody, text: &Arc<str>) {
        let parameters = parameters.iter().map(|parameter| parameter.node.clone()).collect();
        let (name, text, before) = (name.to_owned(), text.clone(), self.visible);
        self.push(Binding { name, parameters, body, text, before });
    }

    /// Gives a name the meaning of a query whose own names mean what they meant in `then`, an earlier state of this.
    pub fn bind_as_then(&mut self, then: &Self, name: &str, query: ast::Query, text: &Arc<str>) {
        let (name, text, before) = (name.to_owned(), text.clone(), then.visible.min(self.visible));
        self.push(Binding { name, parameters: Vec::new(), body: LetBody::Query(query), text, before });
    }

    fn push(&mut self, binding: Binding) {
        let bindings = Arc::make_mut(&mut self.bindings);
        if bindings.all.len() > self.visible {
            bindings.all.truncate(self.visible);
            bindings.places.values_mut().for_each(|places| places.retain(|place| *place < self.visible));
        }
        bindings.places.entry(binding.name.clone()).or_default().push(self.visible);
        bindings.all.push(Arc::new(binding));
        self.visible += 1;
    }

    fn get(&self, name: &str) -> Option<&Arc<Binding>> {
        let place = self.bindings.places.get(name)?.iter().rfind(|place| **place < self.visible)?;
        self.bindings.all.get(*place)
    }

    /// What the body of a binding may use.
    fn inside(&self, binding: &Binding) -> Self {
        Self { bindings: self.bindings.clone(), visible: binding.before }
    }
}

/// A query's plan, or what is wrong with it.
pub fn resolve_query(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    query: &ast::Query,
) -> Result<Resolved, Vec<Diagnostic>> {
    let mut resolver = Resolver::new(world, environment, text);
    let relation = resolver.query(query);
    let asks_to_cite = query.stages.iter().any(|stage| matches!(stage.node, ast::Stage::Cite));
    resolver.finish(relation.map(|relation| {
        let picture = relation.scope.picture.clone();
        let has_works = relation.scope.source.is_some() && !world.store.about.sources.is_empty();
        let cites = asks_to_cite || (picture.is_some() && has_works);
        Resolved { plan: relation.shown(cites), cites, picture }
    }))
}

/// The typed form of a predicate on its own, as in `expect`.
pub fn resolve_predicate(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    expr: &ast::Expr,
) -> Result<Expr, Vec<Diagnostic>> {
    let mut resolver = Resolver::new(world, environment, text);
    let resolved = resolver.predicate(expr, &Scope::default());
    resolver.finish(resolved)
}

/// The typed form of an expression on its own, such as one side of a predicate.
pub fn resolve_expression(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    expr: &ast::Expr,
) -> Result<Expr, Vec<Diagnostic>> {
    let mut resolver = Resolver::new(world, environment, text);
    let resolved = resolver.expression(expr, &Scope::default());
    resolver.finish(resolved)
}

/// The rows behind an expression that is made of one query: those which the query counts or sums, or gives.
pub fn resolve_rows(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    expr: &ast::Expr,
) -> Option<Resolved> {
    let relation = Resolver::new(world, environment, text).rows_behind(expr)?;
    Some(Resolved { plan: relation.shown(false), cites: false, picture: None })
}

/// The same rows as what bears an expression out: cited, and each in a sentence where it has one.
pub fn resolve_evidence(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    expr: &ast::Expr,
) -> Option<Resolved> {
    let mut resolver = Resolver::new(world, environment, text);
    resolver.cites = true;
    let mut relation = resolver.rows_behind(expr)?;
    if let Some(table) = relation.scope.table {
        relation.scope.show_briefly(&world.store.tables[table].show);
    }
    let cites = relation.scope.source.is_some();
    Some(Resolved { plan: relation.shown(cites), cites, picture: None })
}

/// The body of a `let` for [`Environment::bind`], or what is wrong with it; one with arguments is checked where it is
/// used. A single word that is no source becomes an expression.
pub fn define(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    name: &str,
    parameters: &[Spanned<String>],
    body: &LetBody,
) -> Result<LetBody, Vec<Diagnostic>> {
    let mut resolver = Resolver::new(world, environment, text);
    resolver.defining = Some(name.to_owned());
    for (place, parameter) in parameters.iter().enumerate() {
        if parameters[..place].iter().any(|before| before.node == parameter.node) {
            let message = format!("there are two arguments `{}`", parameter.node);
            let help = "give one of them another name";
            resolver.fail::<()>(Diagnostic::new(Code::DUPLICATE_NAME, parameter.span, message).help(help));
        }
    }
    let body = match body {
        LetBody::Query(query) if resolver.is_expression_let(query) => LetBody::Expr(name::as_expression(query)),
        body => body.clone(),
    };
    let done = match &body {
        _ if !parameters.is_empty() => Some(()),
        LetBody::Query(query) => resolver.query(query).map(drop),
        LetBody::Expr(expr) if resolver.names_values(expr) => Some(()),
        LetBody::Expr(expr) => resolver.expression(expr, &Scope::default()).map(drop),
    };
    resolver.finish(done.map(|()| body))
}

/// The parts of the date that are plain fields of an event.
const CALENDAR: &[&str] = &["year", "quarter", "month", "week", "day", "weekday", "decade"];

/// How deep expressions and queries may stand in one another, with what their names stand for.
const DEEPEST: usize = 512;
/// So many levels is the body of a `let` deeper than its use.
const LEVELS_OF_LET: usize = 8;
/// How many expressions a statement may be, with what its names stand for.
const MOST_EXPRESSIONS: usize = 600_000;
/// How many stages a statement may have, with what its names stand for.
const MOST_STAGES: usize = 500;

/// The arguments of a `let`, by their names.
type Arguments = Arc<IndexMap<String, Argument>>;

/// An argument of a `let`, with what its own names mean.
#[derive(Clone)]
struct Argument {
    expr: ast::Expr,
    environment: Environment,
    arguments: Arguments,
    text: Arc<str>,
    pinned: Option<Span>,
}

struct Resolver<'a> {
    world: World<'a>,
    environment: Environment,
    text: Arc<str>,
    /// The arguments of the `let` whose body is resolved.
    arguments: Arguments,
    diagnostics: Vec<Diagnostic>,
    /// The use of a `let` whose body is resolved: what is wrong in the body is told there.
    pinned: Option<Span>,
    /// Whether the query at hand speaks of `status`.
    speaks_of_status: bool,
    /// Whether the query at hand cites its sources.
    cites: bool,
    /// The name of the `let` that is defined.
    defining: Option<String>,
    /// How deep it is here.
    depth: usize,
    /// How many expressions and stages there are so far.
    expressions: usize,
    stages: usize,
    /// Whether a limit was met: nothing more is looked at.
    is_stopped: bool,
}

impl<'a> Resolver<'a> {
    fn new(world: World<'a>, environment: &Environment, text: &Arc<str>) -> Self {
        Self {
            world,
            environment: environment.clone(),
            text: text.clone(),
            arguments: Arc::default(),
            diagnostics: Vec::new(),
            pinned: None,
            speaks_of_status: false,
            cites: false,
            defining: None,
            depth: 0,
            expressions: 0,
            stages: 0,
            is_stopped: false,
        }
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.diagnostics.is_empty() => Ok(value),
            _ => Err(self.diagnostics),
        }
    }

    /// Keeps a diagnostic, and gives nothing.
    fn fail<T>(&mut self, mut diagnostic: Diagnostic) -> Option<T> {
        self.is_stopped |= matches!(diagnostic.code, Code::TOO_DEEP | Code::TOO_LONG);
        if let Some(span) = self.pinned {
            diagnostic.span = Some(span);
        }
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
        None
    }

    fn mismatch<T>(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.fail(Diagnostic::new(Code::TYPE_MISMATCH, span, message).help(help))
    }

    /// Goes so many levels deeper, as long as the limits allow.
    fn deeper<T>(&mut self, levels: usize, span: Span, inside: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.is_stopped {
            return None;
        }
        self.spend(1, span)?;
        if self.depth + levels > DEEPEST {
            let message = format!("this is more than {DEEPEST} levels deep with what its names stand for");
            let help = format!("each `let` that is used by another adds {LEVELS_OF_LET} levels");
            return self.fail(Diagnostic::new(Code::TOO_DEEP, span, message).help(help));
        }
        self.depth += levels;
        let value = inside(self);
        self.depth -= levels;
        value
    }

    /// Counts expressions that are made, as long as the limit allows.
    fn spend(&mut self, expressions: usize, span: Span) -> Option<()> {
        self.expressions = self.expressions.saturating_add(expressions);
        if self.expressions > MOST_EXPRESSIONS {
            let message = format!("this stands for more than {MOST_EXPRESSIONS} expressions");
            let help = "a `let` stands for its whole body wherever it is used, and each `derive` keeps all columns";
            return self.fail(Diagnostic::new(Code::TOO_LONG, span, message).help(help));
        }
        Some(())
    }

    /// Counts a stage, as long as the limit allows.
    fn one_more_stage(&mut self, span: Span) -> Option<()> {
        self.stages += 1;
        if self.stages > MOST_STAGES {
            let message = format!("this has more than {MOST_STAGES} stages with what its names stand for");
            return self.fail(Diagnostic::new(Code::TOO_LONG, span, message).help("split it into several statements"));
        }
        Some(())
    }

    /// Runs `inside` with the names, text and arguments of a `let`, used at `span`.
    fn inside_let<T>(
        &mut self,
        binding: &Binding,
        arguments: &[ast::Expr],
        span: Span,
        inside: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let Binding { name, parameters, .. } = binding;
        if parameters.len() != arguments.len() {
            let takes = counted(parameters.len(), "argument");
            let message = format!("`{name}` takes {takes}, {} given", arguments.len());
            let form = if parameters.is_empty() { name.clone() } else { format!("{name}({})", parameters.join(", ")) };
            let help = format!("it is written `{form}`");
            return self.fail(Diagnostic::new(Code::WRONG_ARGUMENTS, span, message).help(help));
        }
        let closure = |expr: &ast::Expr| Argument {
            expr: expr.clone(),
            environment: self.environment.clone(),
            arguments: self.arguments.clone(),
            text: self.text.clone(),
            pinned: self.pinned,
        };
        let given: IndexMap<String, Argument> = parameters.iter().cloned().zip(arguments.iter().map(closure)).collect();
        let environment = self.environment.inside(binding);
        let pinned = self.pinned.or(Some(span));
        self.elsewhere(environment, Arc::new(given), binding.text.clone(), pinned, |inside_it| {
            inside_it.deeper(LEVELS_OF_LET, span, inside)
        })
    }

    /// The typed form of an argument, whose names mean what they do where it was written.
    fn argument_value(&mut self, argument: Argument, span: Span, expected: Option<DomainId>) -> Option<Expr> {
        let Argument { expr, environment, arguments, text, pinned } = argument;
        self.deeper(LEVELS_OF_LET, span, |resolver| {
            resolver.elsewhere(environment, arguments, text, pinned, |inside| {
                inside.expecting(&expr, &Scope::default(), expected)
            })
        })
    }

    /// Runs `inside` where names have another meaning, and what is wrong is told at `pinned`.
    fn elsewhere<T>(
        &mut self,
        environment: Environment,
        arguments: Arguments,
        text: Arc<str>,
        pinned: Option<Span>,
        inside: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let environment = std::mem::replace(&mut self.environment, environment);
        let arguments = std::mem::replace(&mut self.arguments, arguments);
        let text = std::mem::replace(&mut self.text, text);
        let pinned = std::mem::replace(&mut self.pinned, pinned);
        let value = inside(self);
        (self.environment, self.arguments, self.text, self.pinned) = (environment, arguments, text, pinned);
        value
    }
}

/// `1 argument`, `2 arguments`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
