//! Statements, queries, clauses and stages: where each may be broken.

use super::writer::Writer;
use crate::ir::ast::{Clause, Column, Expr, LetBody, Query, Sequence, Source, Stage, Statement, StatementKind};

impl Writer<'_> {
    /// A statement.
    pub(super) fn statement(&mut self, statement: &Statement) {
        self.group(|writer| match &statement.kind {
            StatementKind::Query(query) => {
                if writer.is_operator_word(writer.next()) {
                    // After the statement before it, it would go on with it.
                    writer.quoted();
                }
                writer.query(query);
            }
            StatementKind::Let { name, parameters, body } => {
                writer.until(name.span.end);
                writer.tight();
                if !parameters.is_empty() {
                    writer.bracketed(|writer| writer.items(parameters, |writer, _| writer.token()));
                }
                writer.equals();
                writer.indented(|writer| {
                    writer.line_as_written();
                    match body {
                        LetBody::Query(query) => writer.query(query),
                        LetBody::Expr(value) => writer.value_as_begun(value),
                    }
                });
            }
            StatementKind::Expect { text, predicate } => {
                writer.token();
                writer.indented(|writer| {
                    if text.is_some() {
                        writer.token();
                        writer.token();
                        writer.line_as_written();
                    }
                    writer.value(predicate);
                });
            }
            StatementKind::Use(_) => {}
        });
        self.until(statement.span.end);
    }

    /// A query: broken before each `|` if it does not fit, and before each clause if its head does not.
    pub(super) fn query(&mut self, query: &Query) {
        self.group(|writer| {
            writer.group(|writer| {
                writer.source(&query.source.node);
                writer.until(query.source.span.end);
                writer.indented(|writer| {
                    for clause in &query.clauses {
                        writer.line();
                        writer.clause(&clause.node);
                        writer.until(clause.span.end);
                    }
                });
            });
            writer.indented(|writer| {
                for stage in &query.stages {
                    writer.line();
                    writer.token();
                    writer.group(|writer| writer.indented(|writer| writer.stage(&stage.node)));
                    writer.until(stage.span.end);
                }
            });
        });
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Call(_, arguments) => self.call(arguments),
            Source::Query(query) => self.bracketed(|writer| writer.query(query)),
            Source::Sequence(sequence) => self.sequence(sequence),
            Source::Name(_) | Source::Invalid => {}
        }
    }

    /// A sequence: broken before each step if it does not fit.
    fn sequence(&mut self, sequence: &Sequence) {
        self.token();
        self.indented(|writer| {
            for step in &sequence.steps {
                writer.until(step.span.start);
                writer.line();
                writer.until(step.query.span.start);
                writer.query(&step.query);
                writer.until(step.span.end);
            }
            if let Some(query) = &sequence.until {
                writer.line();
                writer.until(query.span.start);
                writer.query(query);
            }
        });
    }

    fn clause(&mut self, clause: &Clause) {
        match clause {
            Clause::Of(None) => {}
            Clause::In(value) => self.container(value),
            Clause::Where(condition) => self.value(&condition.predicate),
            Clause::Of(Some(value))
            | Clause::With(value)
            | Clause::Since(value)
            | Clause::Until(value)
            | Clause::Before(value)
            | Clause::After(value)
            | Clause::During(value) => self.range(value),
        }
    }

    /// What may be broken or rewritten in a stage; its other words are put out as they stand.
    fn stage(&mut self, stage: &Stage) {
        match stage {
            Stage::Where(condition) => self.value(&condition.predicate),
            Stage::Select(columns) | Stage::Derive(columns) | Stage::Distinct(columns) | Stage::Count(columns) => {
                self.columns(columns);
            }
            Stage::Sort(keys) => self.list(keys, |writer, key| writer.value(&key.value)),
            Stage::Top { by, per, .. } => {
                self.value(&by.value);
                self.values(per.as_slice());
            }
            Stage::First { per, .. } | Stage::Last { per, .. } => self.values(per.as_slice()),
            Stage::Expand(value) => self.value(value),
            Stage::Summarize { aggregates, by } => {
                self.columns(aggregates);
                if !by.is_empty() {
                    self.line();
                }
                self.columns(by);
            }
            Stage::Gap(keys) => self.values(keys),
            Stage::Pivot(key) => self.value(key),
            Stage::Rolling { aggregates, by, .. } | Stage::Running { aggregates, by } => {
                self.columns(aggregates);
                if !by.is_empty() {
                    self.line();
                }
                self.values(by);
            }
            Stage::Near { query, on, .. } | Stage::Join { query, on } => {
                self.until(query.span.start);
                self.query(query);
                self.values(on);
            }
            Stage::Combine { query, .. } => {
                self.until(query.span.start);
                self.query(query);
            }
            Stage::Fill { .. } | Stage::Links | Stage::Path { .. } | Stage::Render(_) => {}
            Stage::Take(_) | Stage::Skip(_) | Stage::Share | Stage::Cite | Stage::Hole | Stage::Invalid => {}
        }
    }

    fn values(&mut self, values: &[Expr]) {
        self.list(values, Self::value);
    }

    fn columns(&mut self, columns: &[Column]) {
        self.list(columns, |writer, column| {
            if let Some(name) = &column.name {
                writer.until(name.span.end);
                writer.equals();
            }
            writer.column(&column.value);
        });
    }

    /// Items after a word: broken after each comma if they do not fit.
    fn list<T>(&mut self, items: &[T], item: impl FnMut(&mut Self, &T)) {
        if !items.is_empty() {
            self.group(|writer| writer.indented(|writer| writer.items(items, item)));
        }
    }

    /// The `=` after a name.
    fn equals(&mut self) {
        self.blank();
        self.token();
    }
}
