//! One query, parsed once and run as often as wanted, each time with other values for its parameters.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use indexmap::IndexMap;

use super::{Reply, Session, picture, placed};
use crate::answer::Answer;
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::ir::ast::{Query, Script, StatementKind};
use crate::ir::plan::Plan;
use crate::ir::token::TokenKind;
use crate::plan;
use crate::resolve::{self, Environment, Resolved};
use crate::span::Span;
use crate::store::Store;
use crate::syntax;
use crate::value::Value;

/// The name under which errors speak of a query that stands in no file.
const NAME: &str = "query";

/// A query that is parsed, and bound to no session and no values yet.
///
/// [`Session::prepare`] makes it. It is cheap to clone, and several threads may run it at once.
#[derive(Debug, Clone)]
pub struct Prepared {
    text: Arc<str>,
    script: Arc<Script>,
    parameters: Arc<[String]>,
    planned: Arc<Mutex<Option<Arc<Planned>>>>,
}

/// What a query was resolved and optimised to, and all that this depends on.
#[derive(Debug)]
struct Planned {
    store: Weak<Store>,
    environment: Environment,
    today: i32,
    parameters: IndexMap<String, Value>,
    resolved: Resolved,
    plan: Plan,
}

impl Planned {
    /// Whether it holds for a session too.
    fn is_of(&self, session: &Session) -> bool {
        let (mine, theirs) = (&self.parameters, &session.parameters);
        std::ptr::eq(self.store.as_ptr(), Arc::as_ptr(&session.store))
            && self.environment.is_same(&session.environment)
            && self.today == session.today
            && mine.len() == theirs.len()
            && mine.iter().zip(theirs).all(|((name, value), (other, others))| name == other && value.is_same(others))
    }
}

impl Session {
    /// Answers one query: [`prepare`](Self::prepare) and [`run`](Prepared::run) in one.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, or what stopped its run.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::days};
    ///
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let answer = session.ask("visits of Putin since 2024-05-07 | count")?;
    /// assert_eq!(answer.rows[0][0].to_string(), "6");
    ///
    /// let trouble = session.ask("visits where venue = abord").unwrap_err();
    /// assert_eq!(trouble.diagnostics[0].message, "`venue` has no value `abord`");
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn ask(&self, text: &str) -> Result<Answer, Trouble> {
        self.prepare(text)?.run(self, &[])
    }

    /// Parses one query. The text may open with `let` statements; what it ends with is the query.
    ///
    /// Names are looked up when the query runs, since its parameters decide what some of them can mean.
    ///
    /// # Errors
    ///
    /// What does not parse, and a text that does not end with a query.
    ///
    /// # Examples
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// # let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let query = session.prepare("meetings with $who since 2024-05-07 | count")?;
    /// assert!(query.parameters().eq(["who"]));
    /// assert_eq!(query.run(&session, &[("who", "Xi".into())])?.rows[0][0].to_string(), "2");
    /// assert_eq!(query.run(&session, &[("who", "Viktor Orban".into())])?.rows[0][0].to_string(), "1");
    ///
    /// assert!(session.prepare("meetings with").is_err());
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn prepare(&self, text: &str) -> Result<Prepared, Trouble> {
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        let trouble = |diagnostics| Trouble { name: NAME.to_owned(), text: text.clone(), diagnostics };
        if !parsed.diagnostics.is_empty() {
            let mut diagnostics = self.all_wrong(&text, parsed);
            diagnostics.retain(|diagnostic| diagnostic.code != Code::UNKNOWN_PARAMETER);
            return Err(trouble(diagnostics));
        }
        match parsed.script.statements.last() {
            Some(last) if matches!(last.kind, StatementKind::Query(_)) => {}
            last => return Err(no_query(&text, last.map_or(Span::default(), |last| last.span))),
        }
        let mut parameters: Vec<String> = Vec::new();
        for token in parsed.tokens.iter().filter(|token| token.kind == TokenKind::Parameter) {
            let name = token.span.of(&text).trim_start_matches('$');
            if !parameters.iter().any(|parameter| parameter == name) {
                parameters.push(name.to_owned());
            }
        }
        Ok(Prepared { script: Arc::new(parsed.script), parameters: parameters.into(), text, planned: Arc::default() })
    }
}

impl Prepared {
    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the parameters in the text, each once, without `$`.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(String::as_str)
    }

    /// Runs the query on the data of `session`, with the names and limits of `session`, which stays as it is.
    ///
    /// Each of `parameters` is a name without `$` and its value; it goes before a parameter that the session has. A
    /// value is never parsed as text of the language, so a stranger's words are safe here. A text compared with an
    /// entity is looked up as a name of it, so `$who` can be `"Xi"`.
    ///
    /// # Errors
    ///
    /// A name that the data does not have, types that do not go together, a parameter without a value, and what stops
    /// a run: a limit, an interrupt, an overflow.
    ///
    /// # Examples
    ///
    /// Texts, numbers, truths, dates, and lists of them become values by `into`:
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::{Date, days}};
    ///
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let query = session.prepare("meetings with $who since $from | select date, place")?;
    /// let from = Date::day(days(2024, 5, 7));
    /// let answer = query.run(&session, &[("who", "Xi Jinping".into()), ("from", from.into())])?;
    /// assert_eq!(answer.rows.len(), 2);
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    ///
    /// A limit of the session holds for the run:
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// let mut session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// session.most_rows = 10;
    /// let trouble = session.prepare("meetings")?.run(&session, &[]).unwrap_err();
    /// assert_eq!(trouble.diagnostics[0].code.text(), "D0303");
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn run(&self, session: &Session, parameters: &[(&str, Value)]) -> Result<Answer, Trouble> {
        if parameters.is_empty() {
            return self.run_in(session);
        }
        let mut session = session.clone();
        session.parameters.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.run_in(&session)
    }

    /// Runs the query with the parameters that a session has.
    fn run_in(&self, session: &Session) -> Result<Answer, Trouble> {
        if let [only] = self.script.statements.as_slice()
            && let StatementKind::Query(query) = &only.kind
            && let Some(planned) = self.planned(session, query)
        {
            let resolved = &planned.resolved;
            let answer = session.planned_answer(&self.text, resolved, &planned.plan);
            let answer = answer.and_then(|answer| session.drawn(&self.text, query, resolved, answer));
            return answer.map_err(|wrong| self.trouble(vec![placed(wrong, query.span)]));
        }
        let mut session = session.clone();
        let no_file = |_: &str, _: &str| Err("`use` stands in a query file".to_owned());
        let mut last = None;
        let mut replies = Vec::new();
        session.run_script(NAME, &self.text, &self.script, &no_file, &mut |_, _, of_one| replies.extend(of_one));
        for reply in replies {
            match reply {
                Reply::Wrong(trouble) => return Err(trouble),
                Reply::Answer(answer) => last = Some(*answer),
                Reply::Bound(_) | Reply::Met(_) | Reply::Failed(..) | Reply::Holes(_) => {}
            }
        }
        last.ok_or_else(|| no_query(&self.text, Span::default()))
    }

    /// The plan of the only query for a session: that of the last run if nothing is different on which it depends. `None`
    /// of a query that is wrong.
    fn planned(&self, session: &Session, query: &Query) -> Option<Arc<Planned>> {
        let mut kept = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(planned) = kept.as_ref().filter(|planned| planned.is_of(session)) {
            return Some(planned.clone());
        }
        let resolved = resolve::resolve_query(session.world(), &session.environment, &self.text, query).ok()?;
        picture::check(&session.store, &resolved).ok()?;
        let (plan, _) = plan::optimise(&session.store, resolved.plan.clone());
        let planned = Arc::new(Planned {
            store: Arc::downgrade(&session.store),
            environment: session.environment.clone(),
            today: session.today,
            parameters: session.parameters.clone(),
            resolved,
            plan,
        });
        *kept = Some(planned.clone());
        Some(planned)
    }

    fn trouble(&self, diagnostics: Vec<Diagnostic>) -> Trouble {
        Trouble { name: NAME.to_owned(), text: self.text.clone(), diagnostics }
    }
}

fn no_query(text: &Arc<str>, span: Span) -> Trouble {
    let diagnostics = vec![Diagnostic::new(Code::UNEXPECTED, span, "expected a query")];
    Trouble { name: NAME.to_owned(), text: text.clone(), diagnostics }
}
