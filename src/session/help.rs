//! What the words of the language mean: clauses, stages, functions and aggregates, from their records.

use indexmap::IndexSet;

use super::Session;
use crate::answer::{Description, Line};
use crate::builtin::{
    AGGREGATES, Aggregate, CLAUSES, FUNCTIONS, Function, LITERALS, OPERATORS, SOURCES, STAGES, STATEMENTS, WORDS, Word,
};
use crate::diagnostic::{Code, Diagnostic, Trouble, nearest};
use crate::span::Span;

/// The topics that stand for many words.
pub const TOPICS: &[(&str, &str)] = &[
    ("sources", "what a query starts from"),
    ("clauses", "what narrows a source, right after it"),
    ("stages", "what stands after `|`"),
    ("operators", "what compares and computes, those that bind most loosely first"),
    ("functions", "what computes a value of values"),
    ("aggregates", "what computes a value of many rows, in `summarize`"),
    ("literals", "how values are written"),
    ("statements", "what a query file holds beside queries"),
    ("words", "the other words that mean something in their place"),
];

/// The lists of words by their topic, and what one of them is.
const LISTS: [(&str, &str, &[Word]); 7] = [
    ("sources", "a source", SOURCES),
    ("clauses", "a clause", CLAUSES),
    ("stages", "a stage", STAGES),
    ("operators", "an operator", OPERATORS),
    ("literals", "a literal", LITERALS),
    ("statements", "a statement", STATEMENTS),
    ("words", "a word", WORDS),
];

impl Session {
    /// What a topic, a word of the language or a name of the data means; nothing if there is no such.
    pub fn help(&self, topic: &str) -> Vec<Description> {
        let wanted = topic.to_lowercase();
        if let Some((title, meaning)) = TOPICS.iter().find(|(name, _)| *name == wanted) {
            let title = (*title).to_owned();
            return vec![Description { lines: self.topic(&title), title, meaning: vec![(*meaning).to_owned()] }];
        }
        let functions = FUNCTIONS.iter().filter(|record| record.name == wanted).map(|record| Description {
            title: format!("{}: a function", record.form),
            meaning: vec![record.summary.to_owned()],
            lines: vec![line("example", &format!("{} is {}", record.example.0, record.example.1))],
        });
        let aggregates = aggregates().filter(|record| record.name == wanted).map(|record| Description {
            title: format!("{}: an aggregate", record.form),
            meaning: vec![record.summary.to_owned()],
            lines: vec![line("example", &format!("meetings since 2024-05-07 | summarize x = {}", record.example.0))],
        });
        let named = words(|word| word.name == wanted).chain(functions).chain(aggregates);
        let mut found: Vec<Description> = named.collect();
        if found.is_empty() {
            found = self.describe(topic);
        }
        if found.is_empty() {
            found = words(|word| has_in_form(word, &wanted)).collect();
        }
        found
    }

    /// The words of a topic, each with its summary.
    fn topic(&self, topic: &str) -> Vec<Line> {
        let known = if topic == "sources" { self.sources_known() } else { Vec::new() };
        let listed = LISTS.iter().filter(|(name, ..)| *name == topic).flat_map(|(.., list)| *list);
        let listed = listed.map(|word| line(word.form, word.summary));
        let functions = FUNCTIONS.iter().filter(|_| topic == "functions");
        let functions = functions.map(|Function { form, summary, .. }| line(form, summary));
        let aggregates = aggregates().filter(|_| topic == "aggregates");
        let aggregates = aggregates.map(|Aggregate { form, summary, .. }| line(form, summary));
        known.into_iter().chain(listed).chain(functions).chain(aggregates).collect()
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
        let listed = LISTS.iter().flat_map(|(.., list)| *list).map(|word| word.name);
        let functions = FUNCTIONS.iter().map(|record| record.name);
        let names = topics.chain(listed).chain(functions).chain(aggregates().map(|record| record.name));
        let names: IndexSet<&str> = names.collect();
        names.into_iter().collect()
    }
}

/// The examples of a topic or a word, each with what it shows.
pub(super) fn examples(topic: &str) -> Vec<(&'static str, &'static str)> {
    let wanted = topic.to_lowercase();
    let is_topic = |list: &str| list == wanted;
    let listed = LISTS.iter().flat_map(|(list, _, words)| words.iter().map(|word| (*list, word)));
    let listed = listed.filter(|(list, word)| is_topic(list) || word.name == wanted);
    listed.map(|(_, word)| (word.example, word.summary)).filter(|(example, _)| !example.is_empty()).collect()
}

/// The words of all lists that are wanted.
fn words(is_wanted: impl Fn(&Word) -> bool) -> impl Iterator<Item = Description> {
    let all = LISTS.iter().flat_map(|(_, what, list)| list.iter().map(move |word| (what, word)));
    all.filter(move |(_, word)| is_wanted(word)).map(|(what, word)| Description {
        title: format!("{}: {what}", word.form),
        meaning: word.meaning(),
        lines: [("example", word.example), ("mistake", word.mistake)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| line(name, text))
            .collect(),
    })
}

/// Whether a word or a mark stands in the form of a record, such as `desc` in `sort a [asc|desc]`, in the singular or the
/// plural. A mark is that of an operator, which others only use.
fn has_in_form(word: &Word, wanted: &str) -> bool {
    if !wanted.starts_with(char::is_alphanumeric) {
        let is_mark = |part: &str| part.trim_matches(char::is_alphanumeric) == wanted;
        return (OPERATORS.contains(word) || WORDS.contains(word)) && word.form.split([' ', ',']).any(is_mark);
    }
    let one = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let mut parts = word.form.split([' ', ',', '(', ')', '[', ']', '|']).filter(|part| part.len() > 1);
    parts.any(|part| one(part) == one(wanted))
}

/// The aggregates that can be written.
fn aggregates() -> impl Iterator<Item = &'static Aggregate> {
    AGGREGATES.iter().filter(|record| record.name != "sources")
}

fn line(name: &str, meaning: &str) -> Line {
    Line { name: name.to_owned(), kind: String::new(), meaning: meaning.to_owned() }
}
