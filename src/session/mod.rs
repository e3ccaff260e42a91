//! The one API: statements in, answers and diagnostics out. It opens no file and knows no terminal and no clock.

mod answer;
mod complete;
mod describe;
mod explain;
mod help;
mod prepare;

pub use complete::{Candidate, Completions};
pub use describe::{Description, Line};
pub use help::TOPICS;
pub use prepare::Prepared;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::{IndexMap, IndexSet};

use crate::answer::Answer;
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::exec::{self, Run};
use crate::ir::ast::{self, Script, Statement, StatementKind};
use crate::ir::plan::{Expr, ExprKind};
use crate::plan;
use crate::resolve::{self, Environment, Resolved, World};
use crate::span::Span;
use crate::store::Store;
use crate::syntax::{self, Parsed};
use crate::value::{Truth, Value};

/// Reads a file that a script uses: the name of the script, and the name written after `use`.
pub type Loader<'a> = &'a dyn Fn(&str, &str) -> Result<(String, String), String>;

/// A conversation with one data set: what `let` bound, the parameters, the limits.
///
/// A session is `Send` and `Sync`, and cheap to clone, as clones share the data. What one of them binds the others do not
/// see, but one `interrupt` stops the queries of all.
///
/// # Examples
///
/// The limits are fields; a query that goes beyond one is stopped with an error at its place:
///
/// ```
/// use demarche::{dataset, session::Session, value::days};
///
/// let mut session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// session.most_rows = 1_000;
/// session.parameters.insert("who".to_owned(), "Xi Jinping".into());
/// assert_eq!(session.ask("meetings with $who since 2024-05-07")?.rows.len(), 2);
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    store: Arc<Store>,
    derived: Arc<Vec<Vec<(String, ast::Expr)>>>,
    environment: Environment,
    used: IndexSet<String>,
    /// The values of `$name`.
    pub parameters: IndexMap<String, Value>,
    /// The day that `today` is, in days since 1970-01-01.
    pub today: i32,
    /// How many rows a stage may give.
    pub most_rows: usize,
    /// Set from another thread, it stops the query that runs.
    pub interrupt: Arc<AtomicBool>,
}

/// What a statement gave.
#[derive(Debug, Clone)]
pub enum Reply {
    /// The rows of a query.
    Answer(Box<Answer>),
    /// `let` bound this name.
    Bound(String),
    /// An `expect` holds.
    Met(String),
    /// An `expect` does not hold: its sentence, and what its sides are.
    Failed(String, String),
    /// Something is wrong.
    Wrong(Trouble),
}

impl Session {
    /// A session on a data set; `today` is a day number, see [`crate::value::days`].
    ///
    /// # Errors
    ///
    /// Where a derived field of the data set is no expression of the language.
    pub fn new(mut store: Store, today: i32) -> Result<Self, Trouble> {
        store.index();
        let derived = vec![Vec::new(); store.tables.len()];
        let mut session = Self {
            store: Arc::new(store),
            derived: Arc::new(derived),
            environment: Environment::default(),
            used: IndexSet::new(),
            parameters: IndexMap::new(),
            today,
            most_rows: 10_000_000,
            interrupt: Arc::default(),
        };
        for (place, table) in session.store.clone().tables.iter().enumerate() {
            for field in &table.derived {
                session.derive(place, &table.name, &field.name, &field.expression)?;
            }
        }
        Ok(session)
    }

    /// Adds a derived field to a table.
    fn derive(&mut self, place: usize, table: &str, name: &str, expression: &str) -> Result<(), Trouble> {
        const BEFORE: &str = "expect ";
        let trouble = |mut diagnostics: Vec<Diagnostic>| {
            for span in diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.span.as_mut()) {
                let shift = |place: usize| place.saturating_sub(BEFORE.len()).min(expression.len());
                *span = Span::new(shift(span.start), shift(span.end));
            }
            Trouble { name: format!("the field `{name}` of the manifest"), text: expression.into(), diagnostics }
        };
        let parsed = syntax::parse(&format!("{BEFORE}{expression}"));
        match parsed.script.statements.as_slice() {
            [Statement { kind: StatementKind::Expect { predicate, .. }, .. }] if parsed.diagnostics.is_empty() => {
                Arc::make_mut(&mut self.derived)[place].push((name.to_owned(), predicate.clone()));
            }
            _ => return Err(trouble(parsed.diagnostics)),
        }
        // Whatever is wrong with its names is told when the rows of its table are asked for.
        self.plan(table).map(drop).map_err(|wrong| trouble(wrong.diagnostics))
    }

    /// The data.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Forgets which files were used, so that the next `use` of one reads it again.
    pub fn forget_files(&mut self) {
        self.used.clear();
    }

    /// The names bound by `let`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.environment.names()
    }

    fn world(&self) -> World<'_> {
        World { store: &self.store, derived: &self.derived, today: self.today, parameters: &self.parameters }
    }

    fn a_run(&self) -> Run<'_> {
        Run::new(&self.store, &self.interrupt, self.most_rows)
    }

    /// Runs the statements of a text, each of which may use the names that those before it bound.
    ///
    /// There is one reply for each statement that ran, in order, and one for each that is wrong: the others run all the
    /// same. If anything in the text does not parse, nothing of it runs. `loader` reads the files that `use` names; a
    /// caller without files gives one that fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::{dataset, session::{Reply, Session}, value::days};
    ///
    /// let mut session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let text = "let term = meetings since 2024-05-07
    ///     expect \"to be exact, 21 meetings\": (term | count) = 21";
    /// let replies = session.run("claims", text, &|_, _| Err("there are no files".to_owned()));
    /// assert!(matches!(replies.as_slice(), [Reply::Bound(_), Reply::Met(_)]));
    /// assert!(session.names().eq(["term"]));
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn run(&mut self, name: &str, text: &str, loader: Loader<'_>) -> Vec<Reply> {
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        if !parsed.diagnostics.is_empty() {
            let diagnostics = self.all_wrong(&text, parsed);
            return vec![Reply::Wrong(Trouble { name: name.to_owned(), text, diagnostics })];
        }
        self.run_script(name, &text, &parsed.script, loader)
    }

    /// What is wrong with a text that does not parse: its names are looked up too, so that all is told at once.
    fn all_wrong(&self, text: &Arc<str>, parsed: Parsed) -> Vec<Diagnostic> {
        let mut diagnostics = parsed.diagnostics;
        let mut sketch = self.clone();
        for statement in &parsed.script.statements {
            diagnostics.extend(sketch.check(text, statement));
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        diagnostics.dedup();
        diagnostics
    }

    fn run_script(&mut self, name: &str, text: &Arc<str>, script: &Script, loader: Loader<'_>) -> Vec<Reply> {
        let mut replies = Vec::new();
        for statement in &script.statements {
            if let Err(diagnostics) = self.statement(name, text, statement, loader, &mut replies) {
                replies.push(Reply::Wrong(Trouble { name: name.to_owned(), text: text.clone(), diagnostics }));
            }
        }
        replies
    }

    /// What is wrong with the names and types of a statement.
    fn check(&mut self, text: &Arc<str>, statement: &Statement) -> Vec<Diagnostic> {
        let world = self.world();
        let checked = match &statement.kind {
            StatementKind::Query(query) => resolve::resolve_query(world, &self.environment, text, query).map(drop),
            StatementKind::Expect { predicate, .. } => {
                resolve::resolve_expression(world, &self.environment, text, predicate).map(drop)
            }
            StatementKind::Use(_) => Ok(()),
            StatementKind::Let { name, parameters, body } => {
                let parameters: Vec<String> = parameters.iter().map(|parameter| parameter.node.clone()).collect();
                let done = resolve::check_let(world, &self.environment, text, &name.node, &parameters, body);
                self.environment = self.environment.bind(&name.node, parameters, body.clone(), text.clone());
                done
            }
        };
        checked.err().unwrap_or_default()
    }

    fn statement(
        &mut self,
        name: &str,
        text: &Arc<str>,
        statement: &Statement,
        loader: Loader<'_>,
        replies: &mut Vec<Reply>,
    ) -> Result<(), Vec<Diagnostic>> {
        match &statement.kind {
            StatementKind::Query(query) => {
                let resolved = resolve::resolve_query(self.world(), &self.environment, text, query)?;
                replies.push(Reply::Answer(Box::new(self.answer(text, &resolved)?)));
            }
            StatementKind::Let { name, parameters, body } => {
                let mut sketch = self.clone();
                let wrong = sketch.check(text, statement);
                if !wrong.is_empty() {
                    return Err(wrong);
                }
                let parameters: Vec<String> = parameters.iter().map(|parameter| parameter.node.clone()).collect();
                self.environment = self.environment.bind(&name.node, parameters, body.clone(), text.clone());
                replies.push(Reply::Bound(name.node.clone()));
            }
            StatementKind::Expect { text: sentence, predicate } => {
                let resolved = resolve::resolve_expression(self.world(), &self.environment, text, predicate)?;
                let sentence = sentence.clone().unwrap_or_else(|| predicate.span.of(text).to_owned());
                let run = self.a_run();
                let value = exec::value(&run, &resolved).map_err(|diagnostic| vec![diagnostic])?;
                replies.push(match value.truth() {
                    Truth::True => Reply::Met(sentence),
                    _ => Reply::Failed(sentence, self.sides(&run, &resolved)),
                });
            }
            StatementKind::Use(path) => {
                let (file, used) = loader(name, &path.node)
                    .map_err(|message| vec![Diagnostic::new(Code::UNREADABLE, path.span, message)])?;
                if self.used.insert(file.clone()) {
                    replies.extend(self.run(&file, &used, loader));
                }
            }
        }
        Ok(())
    }

    /// Both sides of a comparison that does not hold.
    fn sides(&self, run: &Run<'_>, expr: &Expr) -> String {
        let text = |side: &Expr| match exec::value(run, side) {
            Ok(Value::Missing) => "missing".to_owned(),
            Ok(value) => self.store.text(&value),
            Err(diagnostic) => diagnostic.message,
        };
        match &expr.kind {
            ExprKind::Compare { left, right, .. } => format!("left is {}, right is {}", text(left), text(right)),
            ExprKind::Not(inner) => self.sides(run, inner),
            _ => format!("it is {}", text(expr)),
        }
    }

    fn answer(&self, text: &str, resolved: &Resolved) -> Result<Answer, Vec<Diagnostic>> {
        let run = self.a_run();
        let (plan, _) = plan::optimise(&self.store, resolved.plan.clone());
        let output = exec::execute(&run, &plan).map_err(|diagnostic| vec![diagnostic])?;
        let answer = answer::answer(&run, text, resolved, output);
        answer.map_err(|diagnostic| vec![diagnostic])
    }

    /// What would be done for the one query of a text.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn plan(&self, text: &str) -> Result<Resolved, Trouble> {
        let shared: Arc<str> = text.into();
        let parsed = syntax::parse(text);
        let trouble = |diagnostics| Trouble { name: "query".to_owned(), text: shared.clone(), diagnostics };
        if !parsed.diagnostics.is_empty() {
            return Err(trouble(parsed.diagnostics));
        }
        match parsed.script.statements.as_slice() {
            [Statement { kind: StatementKind::Query(query), .. }] => {
                resolve::resolve_query(self.world(), &self.environment, &shared, query).map_err(trouble)
            }
            _ => Err(trouble(vec![Diagnostic::new(Code::UNEXPECTED, Span::default(), "expected one query")])),
        }
    }

    /// The plan of a query as a tree.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    ///
    /// # Examples
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// # let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let tree = session.explain("countries where name in BRICS | count")?;
    /// assert!(tree.starts_with("Group count()"));
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn explain(&self, text: &str) -> Result<String, Trouble> {
        let (plan, rules) = plan::optimise(&self.store, self.plan(text)?.plan);
        let rules = rules.iter().map(|rule| format!("\n{}: {}", rule.name, rule.reason));
        Ok(explain::tree(&self.store, &plan) + &rules.collect::<String>())
    }
}
