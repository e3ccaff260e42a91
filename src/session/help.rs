//! What the words of the language mean: clauses, stages, functions and aggregates, from their records.

use indexmap::IndexSet;

use super::Session;
use crate::answer::{Description, Line};
use crate::builtin::{AGGREGATES, CLAUSES, FUNCTIONS, SOURCES, STAGES, Step};
use crate::diagnostic::{Code, Diagnostic, Trouble, nearest};
use crate::span::Span;

/// The topics that stand for many words.
pub const TOPICS: &[(&str, &str)] = &[
    ("sources", "what a query starts from"),
    ("clauses", "what narrows a source, right after it"),
    ("stages", "what stands after `|`"),
    ("functions", "what computes a value of values"),
    ("aggregates", "what computes a value of many rows, in `summarize`"),
];

impl Session {
    /// What a topic, a word of the language or a name of the data means; nothing if there is no such.
    pub fn help(&self, topic: &str) -> Vec<Description> {
        let wanted = topic.to_lowercase();
        let about = |lines: Vec<Line>| {
            let meaning = TOPICS.iter().find(|(name, _)| *name == wanted).map(|(_, meaning)| (*meaning).to_owned());
            vec![Description { title: wanted.clone(), meaning: meaning.into_iter().collect(), lines }]
        };
        match wanted.as_str() {
            "sources" => return about(self.sources_known().into_iter().chain(SOURCES.iter().map(step_line)).collect()),
            "clauses" => return about(CLAUSES.iter().map(step_line).collect()),
            "stages" => {
                return about(STAGES.iter().map(step_line).collect());
            }
            "functions" => return about(FUNCTIONS.iter().map(|of| line(of.form, of.summary)).collect()),
            "aggregates" => {
                let known = AGGREGATES.iter().filter(|record| record.name != "sources");
                return about(known.map(|record| line(record.form, record.summary)).collect());
            }
            _ => {}
        }
        let steps = |kind: &'static str, steps: &'static [Step]| {
            steps.iter().filter(|step| step.name == wanted).map(move |step| Description {
                title: format!("{}: a {kind}", step.form),
                meaning: vec![summary(step)],
                lines: vec![line("example", step.example)],
            })
        };
        let functions = FUNCTIONS.iter().filter(|record| record.name == wanted).map(|record| Description {
            title: format!("{}: a function", record.form),
            meaning: vec![record.summary.to_owned()],
            lines: vec![line("example", &format!("{} is {}", record.example.0, record.example.1))],
        });
        let aggregates = AGGREGATES.iter().filter(|record| record.name == wanted).map(|record| Description {
            title: format!("{}: an aggregate", record.form),
            meaning: vec![record.summary.to_owned()],
            lines: vec![line("example", &format!("meetings | summarize x = {}", record.example.0))],
        });
        let steps = steps("source", SOURCES).chain(steps("clause", CLAUSES)).chain(steps("stage", STAGES));
        let words = steps.chain(functions).chain(aggregates);
        let found: Vec<Description> = words.collect();
        if found.is_empty() { self.describe(topic) } else { found }
    }

    /// What a topic, a word or a name means, or that nothing is called so and what is near.
    ///
    /// # Errors
    ///
    /// Where nothing is called so.
    pub fn look_up(&self, name: &str) -> Result<Vec<Description>, Trouble> {
        let found = self.help(name);
        if !found.is_empty() {
            return Ok(found);
        }
        let known: Vec<String> = self.help_topics().into_iter().map(str::to_owned).chain(self.describable()).collect();
        let mut near = nearest(name, known.iter().map(String::as_str));
        let word = nearest(name, known.iter().flat_map(|known| known.split(' '))).into_iter().next();
        near.extend(known.into_iter().filter(|known| known.split(' ').any(|part| Some(part) == word.as_deref())));
        let near: IndexSet<String> = near.into_iter().collect();
        let near: Vec<String> = near.iter().take(3).map(|near| format!("`{near}`")).collect();
        let message = format!("there is nothing called `{name}`");
        let diagnostic = Diagnostic::new(Code::UNKNOWN_VALUE, Span::new(0, name.len()), message);
        let help = match near.as_slice() {
            [] => "without a name, `describe` lists what there is".to_owned(),
            _ => format!("did you mean {}?", near.join(" or ")),
        };
        Err(Trouble { name: "name".to_owned(), text: name.into(), diagnostics: vec![diagnostic.help(help)] })
    }

    /// Every topic and word of the language that [`help`](Self::help) explains.
    pub fn help_topics(&self) -> Vec<&'static str> {
        let topics = TOPICS.iter().map(|(name, _)| *name);
        let steps = SOURCES.iter().chain(CLAUSES).chain(STAGES).map(|step| step.name);
        let functions = FUNCTIONS.iter().map(|record| record.name);
        let aggregates = AGGREGATES.iter().map(|record| record.name).filter(|name| *name != "sources");
        let mut names: Vec<&str> = topics.chain(steps).chain(functions).chain(aggregates).collect();
        let mut seen = IndexSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }
}

fn line(name: &str, meaning: &str) -> Line {
    Line { name: name.to_owned(), kind: String::new(), meaning: meaning.to_owned() }
}

fn step_line(step: &Step) -> Line {
    line(step.form, &summary(step))
}

fn summary(step: &Step) -> String {
    step.summary.to_owned()
}
