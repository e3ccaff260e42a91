//! Names to columns, entities and types: from the syntax tree to the typed plan, and every message about a name.

mod compare;
mod expression;
mod fields;
mod name;
mod query;
mod scope;
mod stage;

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{self, LetBody};
use crate::ir::plan::{Expr, Plan};
use crate::span::Span;
use crate::store::Store;
use crate::value::Value;

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

/// The names bound by `let`.
#[derive(Debug, Clone, Default)]
pub struct Environment(Arc<IndexMap<String, Arc<Binding>>>);

#[derive(Debug)]
struct Binding {
    parameters: Vec<String>,
    body: LetBody,
    text: Arc<str>,
    environment: Environment,
}

/// A query that can run.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What to do.
    pub plan: Plan,
    /// Whether the last column is `source`, to be cited.
    pub cites: bool,
}

impl Environment {
    /// The names, in the order in which they were bound.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The arguments of a name; none for one that takes none.
    pub fn parameters(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], |binding| &binding.parameters)
    }

    /// With one more name, or another meaning for it. What the body uses keeps its meaning of now.
    #[must_use]
    pub fn bind(&self, name: &str, parameters: Vec<String>, body: LetBody, text: Arc<str>) -> Self {
        let mut names = (*self.0).clone();
        names.insert(name.to_owned(), Arc::new(Binding { parameters, body, text, environment: self.clone() }));
        Self(Arc::new(names))
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
    let cites = query.stages.iter().any(|stage| matches!(stage.node, ast::Stage::Cite));
    resolver.finish(relation.map(|relation| Resolved { plan: relation.shown(cites), cites }))
}

/// The typed form of an expression on its own, such as that of `expect`.
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

/// What is wrong with a `let`; one with arguments is checked where it is used.
pub fn check_let(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    name: &str,
    parameters: &[String],
    body: &LetBody,
) -> Result<(), Vec<Diagnostic>> {
    if !parameters.is_empty() {
        return Ok(());
    }
    let mut resolver = Resolver::new(world, environment, text);
    resolver.defining = Some(name.to_owned());
    let done = match body {
        LetBody::Query(query) if resolver.is_expression_let(query) => Some(()),
        LetBody::Query(query) => resolver.query(query).map(drop),
        LetBody::Expr(expr) => resolver.expression(expr, &Scope::default()).map(drop),
    };
    resolver.finish(done)
}

struct Resolver<'a> {
    world: World<'a>,
    environment: Environment,
    text: Arc<str>,
    /// The arguments of the `let` whose body is resolved, each with the names and the text of its caller.
    arguments: Arc<IndexMap<String, (ast::Expr, Environment, Arc<str>)>>,
    diagnostics: Vec<Diagnostic>,
    /// The use of a `let` whose body is resolved: what is wrong in the body is told there.
    pinned: Option<Span>,
    /// Whether the query at hand speaks of `status`.
    speaks_of_status: bool,
    /// Whether the query at hand cites its sources.
    cites: bool,
    defining: Option<String>,
    depth: usize,
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

    /// Runs `inside` with the names, text and arguments of a `let`, used at `span`.
    fn inside_let<T>(
        &mut self,
        binding: &Binding,
        arguments: &[ast::Expr],
        span: Span,
        inside: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if binding.parameters.len() != arguments.len() {
            let wanted = binding.parameters.len();
            let message = format!("{wanted} arguments are needed here, {} given", arguments.len());
            return self.fail(Diagnostic::new(Code::WRONG_ARGUMENTS, span, message));
        }
        if self.depth > 64 {
            return self.fail(Diagnostic::new(Code::TOO_DEEP, span, "names stand for names more than 64 deep"));
        }
        let caller = (self.environment.clone(), self.text.clone());
        let mut bound = IndexMap::new();
        for (name, argument) in binding.parameters.iter().zip(arguments) {
            let argument = match &*argument.kind {
                ast::ExprKind::Name(inner) if self.arguments.contains_key(inner) => self.arguments[inner].clone(),
                _ => (argument.clone(), caller.0.clone(), caller.1.clone()),
            };
            bound.insert(name.clone(), argument);
        }
        let outer_arguments = std::mem::replace(&mut self.arguments, Arc::new(bound));
        self.environment = binding.environment.clone();
        self.text = binding.text.clone();
        let outer_pin = self.pinned;
        self.pinned = Some(outer_pin.unwrap_or(span));
        self.depth += 1;
        let value = inside(self);
        self.depth -= 1;
        self.pinned = outer_pin;
        (self.environment, self.text) = caller;
        self.arguments = outer_arguments;
        value
    }
}
