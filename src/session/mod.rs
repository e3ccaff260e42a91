//! The one API: statements in, answers and diagnostics out. It opens no file and knows no terminal and no clock.

mod answer;
mod complete;
mod describe;
mod expect;
mod explain;
mod help;
mod prepare;

pub use complete::{Candidate, Completions};
pub use help::TOPICS;
pub use prepare::Prepared;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::{IndexMap, IndexSet};

use crate::answer::{Answer, Failure};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::exec::{self, Run};
use crate::ir::ast::{self, Script, Statement, StatementKind};
use crate::ir::token::TokenKind;
use crate::plan;
use crate::resolve::{self, Environment, Resolved, World};
use crate::span::{Span, Spanned};
use crate::store::Store;
use crate::syntax::{self, Parsed};
use crate::value::Value;

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
    /// The files that were used.
    used: IndexSet<String>,
    /// The texts that run now, each used by the one before.
    running: Vec<String>,
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
    /// An `expect` does not hold.
    Failed(Box<Failure>),
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
            running: Vec::new(),
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

    fn run_script(&mut self, name: &str, text: &Arc<str>, script: &Script, loader: Loader<'_>) -> Vec<Reply> {
        let mut replies = Vec::new();
        let mut unbound = Vec::new();
        self.running.push(name.to_owned());
        for statement in &script.statements {
            if let Err(mut diagnostics) = self.statement(name, text, statement, loader, &mut replies) {
                drop_consequences(&mut diagnostics, text, &unbound);
                if let StatementKind::Let { name, .. } = &statement.kind {
                    unbound.push(name.node.as_str());
                }
                if !diagnostics.is_empty() {
                    replies.push(Reply::Wrong(Trouble { name: name.to_owned(), text: text.clone(), diagnostics }));
                }
            }
        }
        self.running.pop();
        replies
    }

    /// Everything that is wrong with a text before it runs, in its order. What comes after a `use` is not looked up,
    /// as no file is read.
    pub fn check(&self, text: &str) -> Vec<Diagnostic> {
        self.all_wrong(&text.into(), syntax::parse(text))
    }

    /// What does not parse, and what is wrong with the names and types of all that does.
    fn all_wrong(&self, text: &Arc<str>, parsed: Parsed) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut sketch = self.clone();
        let mut unbound = unbound_names(&parsed, text);
        for statement in &parsed.script.statements {
            if matches!(statement.kind, StatementKind::Use(_)) {
                break;
            }
            let mut diagnostics = sketch.check_statement(text, statement).err().unwrap_or_default();
            if let (StatementKind::Let { name, .. }, false) = (&statement.kind, diagnostics.is_empty()) {
                unbound.push(name.node.as_str());
            }
            drop_consequences(&mut diagnostics, text, &unbound);
            found.append(&mut diagnostics);
        }
        let mut all = parsed.diagnostics;
        found.retain(|diagnostic| !is_cut_off(diagnostic, &all, text));
        all.append(&mut found);
        all.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        all.dedup();
        all
    }

    /// Looks up the names and types of a statement; binds the name of a `let`.
    fn check_statement(&mut self, text: &Arc<str>, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        let world =
            World { store: &self.store, derived: &self.derived, today: self.today, parameters: &self.parameters };
        match &statement.kind {
            StatementKind::Query(query) => resolve::resolve_query(world, &self.environment, text, query).map(drop),
            StatementKind::Expect { predicate, .. } => {
                resolve::resolve_predicate(world, &self.environment, text, predicate).map(drop)
            }
            StatementKind::Use(_) => Ok(()),
            StatementKind::Let { name, parameters, body } => {
                let body = resolve::define(world, &self.environment, text, &name.node, parameters, body)?;
                self.environment.bind(&name.node, parameters, body, text);
                Ok(())
            }
        }
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
                let answer = self.answer(text, &resolved);
                replies.push(Reply::Answer(Box::new(answer.map_err(|wrong| vec![placed(wrong, query.span)])?)));
            }
            StatementKind::Let { name, .. } => {
                self.check_statement(text, statement)?;
                replies.push(Reply::Bound(name.node.clone()));
            }
            StatementKind::Expect { text: sentence, predicate } => {
                replies.push(self.expect(name, text, sentence.as_deref(), predicate)?);
            }
            StatementKind::Use(path) => replies.extend(self.use_file(name, path, loader)?),
        }
        Ok(())
    }

    /// Runs a file, unless it was used before.
    fn use_file(
        &mut self,
        from: &str,
        path: &Spanned<String>,
        loader: Loader<'_>,
    ) -> Result<Vec<Reply>, Vec<Diagnostic>> {
        const MOST: usize = 64;
        let wrong = |code: Code, message: String, help: &str| {
            let diagnostic = Diagnostic::new(code, path.span, message);
            Err(vec![if help.is_empty() { diagnostic } else { diagnostic.help(help) }])
        };
        let (file, text) = match loader(from, &path.node) {
            Ok(used) => used,
            Err(message) => return wrong(Code::UNREADABLE, message, ""),
        };
        if self.running.contains(&file) {
            let help = "what both need goes in a file of its own";
            return wrong(Code::RECURSION, format!("`{}` is a file that uses this one", path.node), help);
        }
        if self.running.len() >= MOST {
            let help = "a file may `use` several";
            return wrong(Code::TOO_DEEP, format!("files use one another more than {MOST} deep"), help);
        }
        if !self.used.insert(file.clone()) {
            return Ok(Vec::new());
        }
        Ok(self.run(&file, &text, loader))
    }

    fn answer(&self, text: &str, resolved: &Resolved) -> Result<Answer, Diagnostic> {
        let run = self.a_run();
        let (plan, _) = plan::optimise(&self.store, resolved.plan.clone());
        let output = exec::execute(&run, &plan)?;
        answer::answer(&run, text, resolved, output)
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
            return Err(trouble(self.all_wrong(&shared, parsed)));
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

/// The diagnostic at `span`, if it has no place of its own.
fn placed(mut diagnostic: Diagnostic, span: Span) -> Diagnostic {
    if diagnostic.span == Some(Span::default()) {
        diagnostic.span = Some(span);
    }
    diagnostic
}

/// The names of each `let` that did not parse.
fn unbound_names<'a>(parsed: &Parsed, text: &'a str) -> Vec<&'a str> {
    let bound: Vec<Span> = parsed
        .script
        .statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Let { name, .. } => Some(name.span),
            _ => None,
        })
        .collect();
    let after_let = parsed.tokens.windows(2).filter(|pair| pair[0].kind == TokenKind::Keyword("let"));
    after_let.map(|pair| pair[1].span).filter(|span| !bound.contains(span)).map(|span| span.of(text)).collect()
}

/// Whether a diagnostic speaks of what a place that does not parse stands in or right after: of a part of what was meant.
fn is_cut_off(diagnostic: &Diagnostic, unparsed: &[Diagnostic], text: &str) -> bool {
    let Some(span) = diagnostic.span else { return false };
    unparsed.iter().filter_map(|other| other.span).any(|other| {
        let between = text.get(span.end..other.start);
        (span.start..span.end).contains(&other.start) || between.is_some_and(|between| between.trim().is_empty())
    })
}

/// Drops what is wrong only because a `let` before is: one cause, one message.
fn drop_consequences(diagnostics: &mut Vec<Diagnostic>, text: &str, unbound: &[&str]) {
    const UNKNOWN: [Code; 4] = [Code::UNKNOWN_SOURCE, Code::UNKNOWN_FIELD, Code::UNKNOWN_FUNCTION, Code::UNKNOWN_VALUE];
    diagnostics.retain(|diagnostic| {
        let under = diagnostic.span.map_or("", |span| span.of(text)).split('(').next().unwrap_or("");
        !(UNKNOWN.contains(&diagnostic.code) && unbound.contains(&under))
    });
}
