//! How a query is understood and what its run does: the question in plain English, the plan with rows and times, the rules.

use std::sync::Arc;

use super::{Session, answer, tree};
use crate::answer::{Explanation, Rule, Step};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::english;
use crate::exec::{self, Clock, Run, Watch};
use crate::ir::ast::{Query, Source, Stage, StatementKind};
use crate::plan;
use crate::resolve::{self, Environment, IT, Resolved};
use crate::span::Span;
use crate::syntax;

/// A query with what it needs: its text, and the session in which the `let` statements before it are bound.
pub(super) struct Posed {
    pub session: Session,
    pub text: Arc<str>,
    pub query: Query,
    pub resolved: Resolved,
}

impl Posed {
    /// What is wrong with the query, as it is told.
    pub(super) fn trouble(&self, diagnostic: Diagnostic) -> Trouble {
        let diagnostics = vec![super::placed(diagnostic, self.query.span)];
        Trouble { name: "query".to_owned(), text: self.text.clone(), diagnostics }
    }
}

impl Session {
    /// Explains a query: how it is understood, in plain English; the plan that the optimiser made, and by which rules; and,
    /// as it is run, how many rows each node gave, how long it took by `clock`, and what spared it a look at each row. The text
    /// may open with `let` statements.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, or what stopped its run.
    ///
    /// # Examples
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// # let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let start = std::time::Instant::now();
    /// let text = r#"meetings where region = "Global South" and venue = abroad | count by country"#;
    /// let explained = session.explain(text, &|| start.elapsed())?;
    /// let question = "Meetings of Vladimir Putin with leaders of the Global South, held abroad; \
    ///     how many there are for each country.";
    /// assert_eq!(explained.question, question);
    /// assert_eq!(explained.steps[0].text, "Group count() by leader.country");
    /// assert_eq!(explained.steps[0].rows, 8);
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn explain(&self, text: &str, clock: Clock<'_>) -> Result<Explanation, Trouble> {
        let posed = self.posed(text)?;
        let store = &*self.store;
        let Posed { query, resolved, .. } = &posed;
        let question = english::question(store, &posed.text, query, &resolved.plan);
        let mut definitions = Vec::new();
        define(&posed.session, query, &posed.session.environment, &mut definitions);
        let (plan, rules) = plan::optimise(store, resolved.plan.clone());
        let watch = Watch::new(clock);
        let run = Run { watch: Some(&watch), ..self.a_run() };
        let output = exec::execute(&run, &plan).map_err(|wrong| posed.trouble(wrong))?;
        let rule = |rule: &&plan::Rule| Rule { name: rule.name.to_owned(), reason: rule.reason.to_owned() };
        let steps = tree::nodes(&plan).into_iter().map(|(depth, node)| {
            let (rows, whole) = watch.seen(node).unwrap_or_default();
            let below = node.inputs.iter().filter_map(|input| watch.seen(input)).map(|(_, time)| time).sum();
            Step {
                depth,
                text: tree::line(store, node),
                answered: watch.answered_by(node),
                rows,
                time: whole.saturating_sub(below),
            }
        });
        Ok(Explanation {
            question,
            definitions,
            columns: answer::columns(store, &plan, &output),
            steps: steps.collect(),
            rules: rules.iter().map(rule).collect(),
        })
    }

    /// A query in plain English, as [`explain`](Self::explain) tells it, without running it.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn question(&self, text: &str) -> Result<String, Trouble> {
        let Posed { text, query, resolved, .. } = self.posed(text)?;
        Ok(english::question(&self.store, &text, &query, &resolved.plan))
    }

    /// The plan of a query as it was written, before any rule changes it. The text may open with `let` statements.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn plan(&self, text: &str) -> Result<Resolved, Trouble> {
        self.posed(text).map(|posed| posed.resolved)
    }

    /// The query with which a text ends.
    pub(super) fn posed(&self, text: &str) -> Result<Posed, Trouble> {
        let text: Arc<str> = text.into();
        let mut parsed = syntax::parse(&text);
        let trouble = |diagnostics| Trouble { name: "query".to_owned(), text: text.clone(), diagnostics };
        if !parsed.diagnostics.is_empty() {
            return Err(trouble(self.all_wrong(&text, parsed)));
        }
        let last = parsed.script.statements.pop();
        let mut session = self.clone();
        for statement in &parsed.script.statements {
            if !matches!(statement.kind, StatementKind::Let { .. }) {
                let message = "only `let` may stand before the query";
                return Err(trouble(vec![Diagnostic::new(Code::UNEXPECTED, statement.span, message)]));
            }
            session.check_statement(&text, statement).map_err(trouble)?;
        }
        match last.map(|last| (last.span, last.kind)) {
            Some((_, StatementKind::Query(query))) => {
                let resolved = resolve::resolve_query(session.world(), &session.environment, &text, &query);
                let resolved = resolved.map_err(trouble)?;
                Ok(Posed { session, text, query, resolved })
            }
            last => {
                let span = last.map_or(Span::default(), |(span, _)| span);
                Err(trouble(vec![Diagnostic::new(Code::UNEXPECTED, span, "expected a query")]))
            }
        }
    }
}

/// Adds what the names of a query that are queries stand for, each once, with the names of those.
fn define(session: &Session, query: &Query, environment: &Environment, definitions: &mut Vec<(String, String)>) {
    if let Source::Name(name) = &query.source.node
        && let Some((body, text, inside)) = environment.query(name)
        && (name == IT || !definitions.iter().any(|(defined, _)| defined == name))
        && let Ok(resolved) = resolve::resolve_query(session.world(), &inside, text, body)
    {
        let meaning = english::question(&session.store, text, body, &resolved.plan);
        definitions.push((name.clone(), meaning));
        define(session, body, &inside, definitions);
    }
    if let Source::Query(inner) = &query.source.node {
        define(session, inner, environment, definitions);
    }
    if let Source::Sequence(sequence) = &query.source.node {
        let steps = sequence.steps.iter().map(|step| &step.query);
        steps.chain(&sequence.until).for_each(|step| define(session, step, environment, definitions));
    }
    for stage in &query.stages {
        if let Stage::Near { query, .. } | Stage::Combine { query, .. } | Stage::Join { query, .. } = &stage.node {
            define(session, query, environment, definitions);
        }
    }
}
