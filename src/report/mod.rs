//! A query file to a report: its comments as prose, its answers as tables and pictures, its claims with what bears them out.
//!
//! ```
//! use demarche::{dataset, report::Report, session::Session, value::days};
//!
//! let mut session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
//! let text = "## Xi\n\n# They met twice.\n\nexpect \"two meetings\": (meetings with Xi since 2024-05-07 | count) = 2\n";
//! let report = Report::of(&mut session, "xi.dmq", text, &|_, _| Err("there are no files".to_owned()));
//! assert_eq!((report.title.as_str(), report.held, report.claims), ("Xi", 1, 1));
//! assert!(report.markdown(&[]).contains("- ✓ **Two meetings**"));
//! # Ok::<(), demarche::diagnostic::Trouble>(())
//! ```

mod html;
mod markdown;
mod prose;

use std::ops::Range;

use crate::answer::{Answer, Cell, Citation, Side};
use crate::diagnostic::Trouble;
use crate::ir::ast::{Statement, StatementKind};
use crate::session::{Loader, Reply, Session};
use crate::syntax;

use prose::Comment;

/// So many rows of a side of a claim are shown.
const MOST_ROWS: usize = 50;

/// What a query file tells, in its order.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its first heading, or the name of the file.
    pub title: String,
    /// How many claims it has.
    pub claims: usize,
    /// How many of them hold.
    pub held: usize,
    /// How many statements are wrong.
    pub wrong: usize,
    parts: Vec<Part>,
    /// The works cited, the first as note 1.
    notes: Vec<Citation>,
}

#[derive(Debug, Clone)]
enum Part {
    /// Markdown.
    Prose(String),
    /// A `let` as it was written.
    Definition(String),
    /// A query, what it asks in plain English, and its answer.
    Answer {
        question: String,
        query: String,
        answer: Box<Answer>,
    },
    Claim(Claim),
    /// What is wrong with a statement.
    Wrong(Trouble),
}

/// An `expect`.
#[derive(Debug, Clone)]
struct Claim {
    sentence: String,
    /// The predicate as it was written.
    written: String,
    /// What the comment right above it says, in Markdown.
    remark: String,
    /// What its sides are, where it does not hold.
    fails: Option<String>,
    evidence: Vec<Evidence>,
}

/// What one side of a claim rests on.
#[derive(Debug, Clone)]
struct Evidence {
    value: String,
    rows: Vec<Row>,
    /// How many rows more there are.
    more: Option<String>,
}

/// A row in a few words, and its sources by the numbers of their notes.
#[derive(Debug, Clone)]
struct Row {
    text: String,
    notes: Vec<usize>,
}

impl Report {
    /// Runs a query file. A comment on lines of its own is prose: without its first `#` and a blank it is Markdown, so that
    /// `## Title` is a heading. One that stands right above an `expect` belongs to it.
    pub fn of(session: &mut Session, name: &str, text: &str, loader: Loader<'_>) -> Self {
        let comments = prose::comments(text, &syntax::parse(text).tokens);
        let title = comments.iter().find_map(|comment| comment.title()).unwrap_or(name).to_owned();
        let mut report = Self { title, claims: 0, held: 0, wrong: 0, parts: Vec::new(), notes: Vec::new() };
        let mut told = 0;
        session.run_each(name, text, loader, &mut |session, statement, replies| {
            let place = statement.map_or(0..text.len(), |statement| statement.span.start..statement.span.end);
            let remark = report.prose(&comments, told, &place, statement);
            told = place.end;
            for reply in replies {
                report.reply(session, text, statement, reply, &remark);
            }
        });
        report.prose(&comments, told, &(text.len()..text.len()), None);
        report
    }

    /// Adds the comments from a place up to a statement; gives the one that belongs to it.
    fn prose(&mut self, all: &[Comment], from: usize, place: &Range<usize>, of: Option<&Statement>) -> String {
        let mut remark = String::new();
        for comment in all.iter().filter(|comment| (from..place.start.max(from + 1)).contains(&comment.place.start)) {
            let is_claim = of.is_some_and(|of| matches!(of.kind, StatementKind::Expect { .. }));
            if is_claim && comment.stands_above(place.start) {
                remark.clone_from(&comment.text);
            } else {
                self.parts.push(Part::Prose(comment.text.clone()));
            }
        }
        remark
    }

    fn reply(&mut self, session: &Session, text: &str, statement: Option<&Statement>, reply: Reply, remark: &str) {
        let written = statement.map_or("", |statement| statement.span.of(text));
        match reply {
            Reply::Answer(mut answer) => {
                self.number(&mut answer);
                let question = session.question(written).unwrap_or_default();
                self.parts.push(Part::Answer { question, query: written.to_owned(), answer });
            }
            Reply::Bound(_) => self.parts.push(Part::Definition(written.to_owned())),
            Reply::Met(sentence) => {
                self.held += 1;
                self.claim(session, text, statement, sentence, None, remark);
            }
            Reply::Failed(failure) => {
                let help = failure.trouble.diagnostics.first().and_then(|diagnostic| diagnostic.help.clone());
                self.claim(session, text, statement, failure.sentence, Some(help.unwrap_or_default()), remark);
            }
            Reply::Wrong(trouble) => {
                self.wrong += 1;
                self.parts.push(Part::Wrong(trouble));
            }
            Reply::Holes(_) => self.wrong += 1,
        }
    }

    fn claim(
        &mut self,
        session: &Session,
        text: &str,
        statement: Option<&Statement>,
        sentence: String,
        fails: Option<String>,
        remark: &str,
    ) {
        self.claims += 1;
        let (mut written, mut evidence) = (String::new(), Vec::new());
        // One of a file that is used stands elsewhere.
        if let Some(StatementKind::Expect { predicate, .. }) = statement.map(|statement| &statement.kind) {
            predicate.span.of(text).clone_into(&mut written);
            let sides = session.evidence(&text.into(), predicate, MOST_ROWS);
            evidence = sides.into_iter().filter_map(|side| self.evidence(side)).collect();
        }
        let sentence = if sentence == written { sentence } else { capital(&sentence) };
        self.parts.push(Part::Claim(Claim { sentence, written, remark: remark.to_owned(), fails, evidence }));
    }

    fn evidence(&mut self, side: Side) -> Option<Evidence> {
        let mut answer = side.rows?;
        self.number(&mut answer);
        let is_cited = !answer.citations.is_empty();
        let columns = answer.columns.len() - usize::from(is_cited);
        let row = |row: &Vec<Cell>| {
            let own = row.iter().zip(&answer.columns).take(columns);
            let own =
                own.map(|(cell, column)| (cell.to_string(), column.name.as_str())).filter(|(cell, _)| !cell.is_empty());
            let told = own.map(|(cell, name)| match name {
                "date" => format!("{cell}:"),
                "summary" | "name" => cell,
                _ if columns == 1 => cell,
                name => format!("{name} {cell}"),
            });
            let notes = row.last().filter(|_| is_cited).map(numbers).unwrap_or_default();
            Row { text: told.collect::<Vec<_>>().join(" "), notes }
        };
        let more = answer.notes.iter().find(|note| note.starts_with("and ")).cloned();
        Some(Evidence { value: side.value.to_string(), rows: answer.rows.iter().map(row).collect(), more })
    }

    /// Gives the notes of an answer the numbers that they have in the report.
    fn number(&mut self, answer: &mut Answer) {
        let numbers_here: Vec<usize> = answer.citations.iter().map(|citation| self.note(citation)).collect();
        if numbers_here.is_empty() {
            return;
        }
        for row in &mut answer.rows {
            let Some(Cell::List(sources)) = row.last_mut() else { continue };
            for source in sources {
                let number = numbers(source).first().and_then(|number| numbers_here.get(number - 1));
                *source = number.map_or(Cell::Missing, |number| Cell::Text(format!("[{number}]").into()));
            }
        }
    }

    /// The number of a note.
    fn note(&mut self, citation: &Citation) -> usize {
        match self.notes.iter().position(|note| note.id == citation.id) {
            Some(place) => place + 1,
            None => {
                self.notes.push(citation.clone());
                self.notes.len()
            }
        }
    }

    /// How many claims hold, in words.
    fn verdict(&self) -> Option<String> {
        match (self.held, self.claims) {
            (_, 0) => None,
            (1, 1) => Some("The claim holds.".to_owned()),
            (held, all) if held == all => Some(format!("All {all} claims hold.")),
            (held, all) => Some(format!("{held} of {all} claims hold.")),
        }
    }
}

/// A sentence with a capital at its beginning.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The numbers of notes in a cell: `[1], [2]`.
fn numbers(cell: &Cell) -> Vec<usize> {
    let text = cell.to_string();
    text.split(", ")
        .filter_map(|part| part.trim_matches(['[', ']']).parse().ok())
        .filter(|number| *number > 0)
        .collect()
}
