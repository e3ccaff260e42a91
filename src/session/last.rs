//! The query that was answered last: what `it` stands for, what can be asked about it, and how one goes back from it.

use std::sync::Arc;

use super::Session;
use crate::answer::{Answer, Description, Explanation};
use crate::diagnostic::Trouble;
use crate::exec::Clock;
use crate::ir::ast::{LetBody, Query, Source, Stage, StatementKind};
use crate::resolve::IT;
use crate::span::Span;
use crate::syntax;

/// A query that was answered, with the meaning that its names had then.
///
/// # Examples
///
/// ```
/// use demarche::{dataset, session::Session, value::days};
///
/// let mut session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// let no_file = |_: &str, _: &str| Err("there are no files".to_owned());
/// session.run("input", "meetings since 2024-05-07 | count by venue | share", &no_file);
/// let last = session.last().expect("a query was answered");
/// assert_eq!(last.text(), "meetings since 2024-05-07 | count by venue | share");
/// let before = last.before().expect("it has a stage");
/// assert_eq!(before.text(), "meetings since 2024-05-07 | count by venue");
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
#[derive(Debug, Clone)]
pub struct Last {
    session: Session,
    text: String,
}

impl Session {
    /// The query that was answered last, for which `it` stands.
    pub fn last(&self) -> Option<Last> {
        let (query, text, environment) = self.environment.query(IT)?;
        let session = Self { environment, ..self.clone() };
        Some(Last { session, text: query.span.of(text).to_owned() })
    }

    /// Lets `it` stand for a query of a text from now on.
    pub(super) fn answered(&mut self, query: &Query, text: &Arc<str>) {
        self.environment.bind(IT, &[], LetBody::Query(query.clone()), text);
    }

    /// Answers a query of before with the meaning that its names had then; `it` stands for it from now on.
    ///
    /// # Errors
    ///
    /// What is wrong with the query, or what stopped its run.
    pub fn ask_again(&mut self, last: &Last) -> Result<Answer, Trouble> {
        let answer = last.session.ask(&last.text)?;
        let text: Arc<str> = last.text.as_str().into();
        if let Some(query) = last.query() {
            self.environment.bind_as_then(&last.session.environment, IT, query, &text);
        }
        Ok(answer)
    }
}

impl Last {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The session in which its names mean what they meant then.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// How it is understood and what its run does, as [`Session::explain`] tells.
    ///
    /// # Errors
    ///
    /// What stopped its run.
    pub fn explain(&self, clock: Clock<'_>) -> Result<Explanation, Trouble> {
        self.session.explain(&self.text, clock)
    }

    /// Why its answer has an event, or has it not, as [`Session::why`] tells.
    ///
    /// # Errors
    ///
    /// Where there is no event with this id, and what stopped its run.
    pub fn why(&self, id: &str) -> Result<Description, Trouble> {
        self.session.why(id, &self.text)
    }

    /// Its rows with their sources.
    ///
    /// # Errors
    ///
    /// Where its rows have none, and what stopped its run.
    pub fn cite(&self) -> Result<Answer, Trouble> {
        let cites = |query: Query| query.stages.iter().any(|stage| stage.node == Stage::Cite);
        if self.query().is_some_and(cites) {
            return self.session.ask(&self.text);
        }
        self.session.ask(&format!("{}\n| cite", self.text))
    }

    /// The query without its last stage; without its last clause if it has no stage; and where `it` is all of it, the one
    /// before, without the same. Nothing of a query that is a source alone.
    pub fn before(&self) -> Option<Self> {
        let query = self.query()?;
        let last = query.stages.len() + query.clauses.len();
        if last == 0 {
            return match &query.source.node {
                Source::Name(name) if name == IT => self.session.last()?.before(),
                Source::Query(inner) => self.of(inner.span).before(),
                _ => None,
            };
        }
        let clauses = query.clauses.iter().map(|clause| clause.span.end);
        let ends = clauses.chain(query.stages.iter().map(|stage| stage.span.end));
        let end = if last == 1 { query.source.span.end } else { ends.take(last - 1).max()? };
        let before = self.of(Span::new(query.span.start, end));
        if before.text == IT { before.session.last() } else { Some(before) }
    }

    fn of(&self, span: Span) -> Self {
        Self { session: self.session.clone(), text: span.of(&self.text).to_owned() }
    }

    fn query(&self) -> Option<Query> {
        let statement = syntax::parse(&self.text).script.statements.pop()?;
        if let StatementKind::Query(query) = statement.kind { Some(query) } else { None }
    }
}
