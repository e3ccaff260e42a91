//! The one API: statements in, answers and diagnostics out. It opens no file and knows no terminal and no clock.

mod answer;
mod behind;
mod check;
mod complete;
mod describe;
mod examples;
mod expect;
mod explain;
mod help;
mod hole;
mod last;
mod picture;
mod prepare;
mod tree;
mod why;

pub use behind::Behind;
pub use complete::{Candidate, Completions};
pub use help::TOPICS;
pub use last::Last;
pub use prepare::Prepared;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::{IndexMap, IndexSet};

use crate::answer::{Answer, Cell, Description, Failure};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::exec::{self, Run};
use crate::ir::ast::{self, Script, Statement, StatementKind};
use crate::ir::plan::Plan;
use crate::plan;
use crate::resolve::{self, Environment, Resolved, World};
use crate::span::{Span, Spanned};
use crate::store::Store;
use crate::syntax;
use crate::value::Value;

/// Reads a file that a script uses: the name of the script, and the name written after `use`.
pub type Loader<'a> = &'a dyn Fn(&str, &str) -> Result<(String, String), String>;

/// Takes what a statement replied, and the session after it.
pub type Each<'a> = &'a mut dyn FnMut(&Session, Option<&Statement>, Vec<Reply>);

/// A stage may give so many rows of small tables.
const MOST_ROWS: usize = 10_000_000;
/// Completion may look at so many events.
const MOST_COUNTED: usize = 50_000;

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
    /// How many rows a stage may give: ten million, or as many as the largest table has, unless it is set.
    pub most_rows: usize,
    /// How many events completion may look at to say how many rows have a value: fifty thousand unless it is set.
    pub most_counted: usize,
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
    /// The text has holes, `?`: what could stand in each. Nothing of it was run.
    Holes(Vec<Description>),
}

/// The canonical form of a text, as the module [`format`](crate::format) describes it; no data is needed.
///
/// # Errors
///
/// What does not parse: such a text is not rewritten.
///
/// # Examples
///
/// ```
/// let text = "meetings|count by (region); # so";
/// assert_eq!(demarche::session::format(text).as_deref(), Ok("meetings | count by region # so\n"));
/// ```
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = syntax::parse(text);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    Ok(crate::format::format(text, &parsed.tokens, &parsed.script, syntax::is_plain_name))
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
        let most_rows = store.tables.iter().map(|table| table.rows).fold(MOST_ROWS, usize::max);
        let mut session = Self {
            store: Arc::new(store),
            derived: Arc::new(derived),
            environment: Environment::default(),
            used: IndexSet::new(),
            running: Vec::new(),
            parameters: IndexMap::new(),
            today,
            most_rows,
            most_counted: MOST_COUNTED,
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
        self.environment.names().filter(|name| *name != resolve::IT)
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
        let mut all = Vec::new();
        self.run_each(name, text, loader, &mut |_, _, replies| all.extend(replies));
        all
    }

    /// Runs the statements of a text as [`run`](Self::run) does, and hands over what each replied, with the session as it is
    /// after it. There is no statement where nothing of the text runs.
    pub fn run_each(&mut self, name: &str, text: &str, loader: Loader<'_>, each: Each<'_>) {
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        if !parsed.diagnostics.is_empty() {
            let diagnostics = self.all_wrong(&text, parsed);
            let wrong = || {
                Reply::Wrong(Trouble { name: name.to_owned(), text: text.clone(), diagnostics: diagnostics.clone() })
            };
            let reply = self.holes(&text, &diagnostics).map_or_else(wrong, Reply::Holes);
            return each(self, None, vec![reply]);
        }
        self.run_script(name, &text, &parsed.script, loader, each);
    }

    fn run_script(&mut self, name: &str, text: &Arc<str>, script: &Script, loader: Loader<'_>, each: Each<'_>) {
        let mut unbound = Vec::new();
        self.running.push(name.to_owned());
        for statement in &script.statements {
            let mut replies = Vec::new();
            if let Err(mut diagnostics) = self.statement(name, text, statement, loader, &mut replies) {
                check::drop_consequences(&mut diagnostics, text, &unbound);
                if let StatementKind::Let { name, .. } = &statement.kind {
                    unbound.push(name.node.clone());
                }
                if !diagnostics.is_empty() {
                    replies.push(Reply::Wrong(Trouble { name: name.to_owned(), text: text.clone(), diagnostics }));
                }
            }
            each(self, Some(statement), replies);
        }
        self.running.pop();
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
                picture::check(&self.store, &resolved).map_err(|wrong| vec![wrong])?;
                let answer = self.answer(text, &resolved);
                let drawn = answer.and_then(|answer| self.drawn(text, query, &resolved, answer));
                replies.push(Reply::Answer(Box::new(drawn.map_err(|wrong| vec![placed(wrong, query.span)])?)));
                self.answered(query, text);
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
        let used = self.load(from, path, loader)?;
        Ok(used.map_or_else(Vec::new, |(file, text)| self.run(&file, &text, loader)))
    }

    /// The name and the text of a file that is used for the first time.
    fn load(
        &mut self,
        from: &str,
        path: &Spanned<String>,
        loader: Loader<'_>,
    ) -> Result<Option<(String, String)>, Vec<Diagnostic>> {
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
        Ok(self.used.insert(file.clone()).then_some((file, text)))
    }

    fn answer(&self, text: &str, resolved: &Resolved) -> Result<Answer, Diagnostic> {
        let (plan, _) = plan::optimise(&self.store, resolved.plan.clone());
        self.planned_answer(text, resolved, &plan)
    }

    /// The answer to a query by a plan that was made of what it was resolved to.
    fn planned_answer(&self, text: &str, resolved: &Resolved, plan: &Plan) -> Result<Answer, Diagnostic> {
        let run = self.a_run();
        let output = exec::execute_as(&run, plan, |column, place| Cell::at(&self.store, column, place))?;
        answer::answer(&run, text, resolved, output)
    }
}

/// The diagnostic at `span`, if it has no place of its own.
fn placed(mut diagnostic: Diagnostic, span: Span) -> Diagnostic {
    if diagnostic.span == Some(Span::default()) {
        diagnostic.span = Some(span);
    }
    diagnostic
}
