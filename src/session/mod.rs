//! The one API: statements in, answers and diagnostics out. It opens no file and knows no terminal and no clock.

mod answer;
mod describe;
mod expect;
mod explain;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::{IndexMap, IndexSet};

use crate::answer::{Answer, Failure};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::exec::{self, Run};
use crate::ir::ast::{self, Statement, StatementKind};
use crate::ir::token::TokenKind;
use crate::resolve::{self, Environment, Resolved, World};
use crate::span::{Span, Spanned};
use crate::store::Store;
use crate::syntax::{self, Parsed};
use crate::value::Value;

/// Reads a file that a script uses: the name of the script, and the name written after `use`.
pub type Loader<'a> = &'a dyn Fn(&str, &str) -> Result<(String, String), String>;

/// A conversation with one data set: what `let` bound, the parameters, the limits.
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
    pub fn new(store: Store, today: i32) -> Result<Self, Trouble> {
        let mut derived = Vec::new();
        for table in &store.tables {
            let mut fields = Vec::new();
            for field in &table.derived {
                let text = format!("expect {}", field.expression);
                let parsed = syntax::parse(&text);
                let Some(Statement { kind: StatementKind::Expect { predicate, .. }, .. }) =
                    parsed.script.statements.into_iter().next()
                else {
                    let name = format!("the field `{}`", field.name);
                    return Err(Trouble { name, text: text.into(), diagnostics: parsed.diagnostics });
                };
                fields.push((field.name.clone(), predicate));
            }
            derived.push(fields);
        }
        Ok(Self {
            store: Arc::new(store),
            derived: Arc::new(derived),
            environment: Environment::default(),
            used: IndexSet::new(),
            running: Vec::new(),
            parameters: IndexMap::new(),
            today,
            most_rows: 10_000_000,
            interrupt: Arc::default(),
        })
    }

    /// The data.
    pub fn store(&self) -> &Store {
        &self.store
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

    /// Answers one query.
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::days};
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11)).unwrap();
    /// let answer = session.ask("visits of Putin since 2024-05-07 | count").unwrap();
    /// assert_eq!(answer.rows[0][0].to_string(), "6");
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with the text, or what stopped its run.
    pub fn ask(&self, text: &str) -> Result<Answer, Trouble> {
        let mut replies = self.clone().run("query", text, &|_, _| Err("a single query uses no file".to_owned()));
        let wrong = replies.iter().position(|reply| matches!(reply, Reply::Wrong(_)));
        let trouble = |message: &str| Trouble {
            name: "query".to_owned(),
            text: text.into(),
            diagnostics: vec![Diagnostic::new(Code::UNEXPECTED, Span::default(), message)],
        };
        match wrong.map(|place| replies.swap_remove(place)).or_else(|| replies.pop()) {
            Some(Reply::Answer(answer)) => Ok(*answer),
            Some(Reply::Wrong(trouble)) => Err(trouble),
            _ => Err(trouble("expected a query")),
        }
    }

    /// Runs the statements of a text, each of which may use the names that those before it bound.
    ///
    /// If anything in the text does not parse, nothing of it runs. A statement that is wrong in another way leaves
    /// nothing behind, and those after it run.
    pub fn run(&mut self, name: &str, text: &str, loader: Loader<'_>) -> Vec<Reply> {
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        let trouble = |diagnostics| Reply::Wrong(Trouble { name: name.to_owned(), text: text.clone(), diagnostics });
        if !parsed.diagnostics.is_empty() {
            return vec![trouble(self.all_wrong(&text, parsed))];
        }
        let mut replies = Vec::new();
        let mut unbound = Vec::new();
        self.running.push(name.to_owned());
        for statement in &parsed.script.statements {
            if let Err(mut diagnostics) = self.statement(name, &text, statement, loader, &mut replies) {
                drop_consequences(&mut diagnostics, &text, &unbound);
                if let StatementKind::Let { name, .. } = &statement.kind {
                    unbound.push(name.node.as_str());
                }
                if !diagnostics.is_empty() {
                    replies.push(trouble(diagnostics));
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
        let output = exec::execute(&run, &resolved.plan)?;
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
    pub fn explain(&self, text: &str) -> Result<String, Trouble> {
        Ok(explain::tree(&self.store, &self.plan(text)?.plan))
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
