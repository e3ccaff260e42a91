//! What the records of the language say of it: every example runs, every word is explained, every name is described.

use demarche::builtin::{
    AGGREGATES, CLAUSES, FUNCTIONS, LITERALS, OPERATORS, SOURCES, STAGES, STATEMENTS, WORDS, Word,
};
use demarche::dataset::{built_in, shipped};
use demarche::render::report;
use demarche::session::{Reply, Session, TOPICS};
use demarche::syntax::{CONTEXTUAL, KEYWORDS};
use demarche::value::days;

const LISTS: [&[Word]; 7] = [SOURCES, CLAUSES, STAGES, OPERATORS, LITERALS, STATEMENTS, WORDS];

fn session() -> Session {
    let mut session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    session.parameters.insert("who".to_owned(), "Xi".into());
    session
}

fn words() -> impl Iterator<Item = &'static Word> {
    LISTS.into_iter().flatten()
}

/// What is replied to a text; the one file that it can use binds a name.
fn replies(text: &str) -> Vec<Reply> {
    session().run("example", text, &|_, path| match path {
        "term.dmq" => Ok((path.to_owned(), "let term = meetings".to_owned())),
        _ => Err("there is no such file".to_owned()),
    })
}

#[test]
fn every_example_of_a_word_answers() {
    for word in words() {
        for reply in replies(word.example) {
            match reply {
                Reply::Answer(answer) => assert!(!answer.rows.is_empty(), "{}", word.example),
                Reply::Bound(_) | Reply::Met(_) => {}
                Reply::Holes(_) => assert_eq!(word.name, "hole"),
                Reply::Wrong(trouble) => panic!("{}", report(&trouble, false, 100)),
                Reply::Failed(failure) => panic!("{failure:?}"),
            }
        }
    }
    for word in [SOURCES, CLAUSES, STAGES, STATEMENTS].into_iter().flatten() {
        assert!(word.example.contains(word.name), "{} is not in its example", word.name);
    }
}

#[test]
fn every_mistake_of_a_word_is_one() {
    for word in words().filter(|word| !word.mistake.is_empty()) {
        let replies = replies(word.mistake);
        assert!(matches!(replies.as_slice(), [Reply::Wrong(_) | Reply::Failed(_)]), "{}: {replies:?}", word.mistake);
    }
}

#[test]
fn every_word_of_the_grammar_is_explained() {
    let session = session();
    for word in KEYWORDS.iter().chain(CONTEXTUAL) {
        assert!(!session.help(word).is_empty(), "`:help {word}` says nothing");
    }
    for mark in ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "..", "?"] {
        assert_eq!(session.help(mark).len(), if mark == "-" { 2 } else { 1 }, "{mark}");
    }
}

#[test]
fn every_example_of_an_aggregate_gives_what_its_record_says() {
    for record in AGGREGATES.iter().filter(|record| record.name != "sources") {
        let (example, expected) = record.example;
        let query = format!("meetings since 2024-05-07 | summarize x = {example}");
        let answer = session().ask(&query).unwrap_or_else(|trouble| panic!("{}", report(&trouble, false, 100)));
        let given = answer.rows[0][0].to_string();
        let fits = expected.strip_suffix('…').map_or(given == expected, |start| given.starts_with(start));
        assert!(fits, "{query}: {given}");
    }
}

#[test]
fn help_explains_every_word_and_every_topic() {
    let session = session();
    for topic in session.help_topics() {
        let found = session.help(topic);
        assert!(found.iter().all(|one| !one.meaning.is_empty() && !one.lines.is_empty()), "{topic}");
        assert!(!found.is_empty(), "{topic}");
    }
    assert_eq!(session.help("count").len(), 2, "a stage and an aggregate");
    assert_eq!(session.help("functions")[0].lines.len(), FUNCTIONS.len());
    assert!(TOPICS.iter().all(|(name, _)| session.help(name).len() == 1));
    assert!(session.help("fill")[0].meaning[1].contains("each other key"), "the details follow the summary");
    assert_eq!(session.help("nothing of the sort"), []);
}

#[test]
fn a_sentence_ends_with_a_full_stop_and_has_one_line() {
    let words = words().flat_map(|word| [word.summary, word.details]).filter(|text| !text.is_empty());
    let summaries = words.chain(FUNCTIONS.iter().map(|record| record.summary));
    for summary in summaries.chain(AGGREGATES.iter().map(|record| record.summary)) {
        assert!(summary.ends_with('.') && !summary.contains('\n'), "{summary}");
    }
}

/// The value beside a name in what describes `name`.
fn fact(name: &str, of: &str) -> String {
    let found = session().describe(name);
    let lines = found.iter().flat_map(|one| &one.lines);
    lines.filter(|line| line.name == of).map(|line| line.meaning.clone()).collect::<Vec<_>>().join("; ")
}

#[test]
fn names_of_the_data_are_described() {
    assert_eq!(session().describe("venue")[0].lines.len(), 3);
    assert!(fact("Xi", "also").contains("Си Цзиньпин"));
    assert_eq!(fact("xi jinping", "country"), "China");
    assert!(fact("China", "bloc").contains("BRICS from 2009"));
    assert!(fact("China", "leaders").contains("Xi Jinping"));
    assert!(fact("Global South", "countries").contains("India"));
    assert!(session().describe("Global South")[0].meaning[0].contains("Group of 77"));
    assert_eq!(session().describe("new term")[0].title, "new term: a period");
    assert!(session().describe("meetings")[0].lines.iter().any(|line| line.name == "region"));
    assert_eq!(session().describe("meeting")[0].title, session().describe("meetings")[0].title);
    assert_eq!(session().describe("Erdgan"), []);
}

#[test]
fn everything_that_can_be_described_is() {
    let session = session();
    for name in session.describable() {
        assert!(!session.describe(&name).is_empty(), "{name}");
    }
}

#[test]
fn questions_to_begin_with_are_answered() {
    for (name, topics) in [
        ("putin-2024", ["", "visits", "Xi Jinping", "NATO", "venue"]),
        ("us-diplomacy", ["", "trips", "Japan", "Paris", "role"]),
    ] {
        let session = Session::new(shipped(name).expect("it ships"), days(2024, 7, 11)).expect("nothing is wrong");
        for topic in topics {
            let examples = session.examples(topic);
            assert!(!examples.is_empty(), "{name} has no examples of `{topic}`");
            for (query, question) in examples {
                let answer = session.ask(&query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}"));
                assert!(!question.is_empty() && !answer.columns.is_empty(), "{query}");
            }
        }
        assert!(session.examples("nothing is called so").is_empty());
    }
}
