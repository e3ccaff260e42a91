//! Texts to everything that is wrong or doubtful in them, without running anything.

use std::sync::Arc;

use super::{Loader, Session, picture};
use crate::diagnostic::{Code, Diagnostic, Severity, Trouble};
use crate::exec;
use crate::ir::ast::{LetBody, Statement, StatementKind};
use crate::ir::token::TokenKind;
use crate::lint::{self, Look};
use crate::resolve::{self, World};
use crate::span::Span;
use crate::syntax::{self, Parsed};

impl Session {
    /// Everything that is wrong with a text before it runs, in its order. What comes after a `use` is not looked up,
    /// as no file is read.
    pub fn check(&self, text: &str) -> Vec<Diagnostic> {
        self.all_wrong(&text.into(), syntax::parse(text))
    }

    /// Everything that is wrong or doubtful in a text and in the files that it uses, before anything runs: a trouble
    /// for each text of which something is told. A parameter without a value is not looked at.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::{dataset, diagnostic::Severity, session::Session, value::days};
    ///
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let text = "meetings where venue = home and venue = abroad | count";
    /// let troubles = session.check_script("claims", text, &|_, _| Err("there are no files".to_owned()));
    /// let warning = &troubles[0].diagnostics[0];
    /// assert_eq!(warning.severity(), Severity::Warning);
    /// assert_eq!(warning.message, "no row meets both `venue = home` and `venue = abroad`");
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn check_script(&self, name: &str, text: &str, loader: Loader<'_>) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        self.clone().check_file(name, text, loader, &mut troubles);
        troubles
    }

    /// Checks a text and what it uses, and binds its names; gives those that it leaves unbound.
    fn check_file(&mut self, name: &str, text: &str, loader: Loader<'_>, troubles: &mut Vec<Trouble>) -> Vec<String> {
        let text: Arc<str> = text.into();
        let parsed = syntax::parse(&text);
        self.running.push(name.to_owned());
        let warnings = lint::unused(&text, &parsed.tokens, &parsed.script);
        let (mut diagnostics, unbound) = self.look_over(&text, parsed, |session, statement, unbound| {
            let StatementKind::Use(path) = &statement.kind else {
                return Ok(session.doubts(&text, statement));
            };
            if let Some((file, used)) = session.load(name, path, loader)? {
                unbound.extend(session.check_file(&file, &used, loader, troubles));
            }
            Ok(Vec::new())
        });
        self.running.pop();
        diagnostics.retain(|diagnostic| diagnostic.code != Code::UNKNOWN_PARAMETER);
        if diagnostics.iter().all(|diagnostic| diagnostic.severity() == Severity::Warning) {
            diagnostics.extend(warnings);
            diagnostics.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        }
        if !diagnostics.is_empty() {
            let diagnostics = self.with_choices(&text, diagnostics);
            troubles.push(Trouble { name: name.to_owned(), text, diagnostics });
        }
        unbound
    }

    /// What does not parse, and what is wrong with the names and types of all that does, up to the first `use`.
    pub(super) fn all_wrong(&self, text: &Arc<str>, mut parsed: Parsed) -> Vec<Diagnostic> {
        let is_use = |statement: &Statement| matches!(statement.kind, StatementKind::Use(_));
        if let Some(first) = parsed.script.statements.iter().position(is_use) {
            parsed.script.statements.truncate(first);
        }
        let wrong = self.clone().look_over(text, parsed, |_, _, _| Ok(Vec::new())).0;
        self.with_choices(text, wrong)
    }

    /// Looks up the names of a text, and shows `see` each statement in which nothing is wrong; gives all that was found
    /// and the names that are left unbound.
    fn look_over(
        &mut self,
        text: &Arc<str>,
        parsed: Parsed,
        mut see: impl FnMut(&mut Self, &Statement, &mut Vec<String>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>>,
    ) -> (Vec<Diagnostic>, Vec<String>) {
        let mut found = Vec::new();
        let mut unbound = unbound_names(&parsed, text);
        for statement in &parsed.script.statements {
            let checked = self.check_statement(text, statement).and_then(|()| see(self, statement, &mut unbound));
            match &statement.kind {
                StatementKind::Let { name, .. } if checked.is_err() => unbound.push(name.node.clone()),
                StatementKind::Query(query) if checked.is_ok() => self.answered(query, text),
                _ => {}
            }
            let (Ok(mut diagnostics) | Err(mut diagnostics)) = checked;
            drop_consequences(&mut diagnostics, text, &unbound);
            found.append(&mut diagnostics);
        }
        let mut all = parsed.diagnostics;
        found.retain(|diagnostic| !is_cut_off(diagnostic, &all, text));
        all.append(&mut found);
        all.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        all.dedup();
        (all, unbound)
    }

    /// Looks up the names and types of a statement; binds the name of a `let`.
    pub(super) fn check_statement(&mut self, text: &Arc<str>, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        let world =
            World { store: &self.store, derived: &self.derived, today: self.today, parameters: &self.parameters };
        match &statement.kind {
            StatementKind::Query(query) => {
                let resolved = resolve::resolve_query(world, &self.environment, text, query)?;
                picture::check(&self.store, &resolved).map_err(|wrong| vec![wrong])
            }
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

    /// What is doubtful in a statement in which nothing is wrong.
    fn doubts(&self, text: &Arc<str>, statement: &Statement) -> Vec<Diagnostic> {
        let (world, environment) = (self.world(), &self.environment);
        let run = self.a_run();
        let look = Look {
            store: &self.store,
            text,
            is_bound: &|name| environment.names().any(|bound| bound == name),
            truth: &|predicate| exec::value(&run, predicate).ok().map(|value| value.truth()),
        };
        let query = |query| resolve::resolve_query(world, environment, text, query).map(|found| look.plan(found.plan));
        let value =
            |value| resolve::resolve_expression(world, environment, text, value).map(|found| look.expression(&found));
        let warnings = match &statement.kind {
            StatementKind::Query(asked) => query(asked),
            StatementKind::Let { parameters, body: LetBody::Query(body), .. } if parameters.is_empty() => query(body),
            StatementKind::Let { parameters, body: LetBody::Expr(body), .. } if parameters.is_empty() => value(body),
            StatementKind::Expect { predicate, .. } => value(predicate),
            StatementKind::Let { .. } | StatementKind::Use(_) => return Vec::new(),
        };
        warnings.unwrap_or_default()
    }
}

/// The names of each `let` that did not parse.
fn unbound_names(parsed: &Parsed, text: &str) -> Vec<String> {
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
    after_let
        .map(|pair| pair[1].span)
        .filter(|span| !bound.contains(span))
        .map(|span| span.of(text).to_owned())
        .collect()
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
pub(super) fn drop_consequences(diagnostics: &mut Vec<Diagnostic>, text: &str, unbound: &[String]) {
    const UNKNOWN: [Code; 4] = [Code::UNKNOWN_SOURCE, Code::UNKNOWN_FIELD, Code::UNKNOWN_FUNCTION, Code::UNKNOWN_VALUE];
    diagnostics.retain(|diagnostic| {
        let under = diagnostic.span.map_or("", |span| span.of(text)).split('(').next().unwrap_or("");
        !(UNKNOWN.contains(&diagnostic.code) && unbound.iter().any(|name| name == under))
    });
}
