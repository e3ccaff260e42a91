//! What the records of the language say of it: every example runs, every word is explained, every name is described.

use demarche::builtin::{AGGREGATES, CLAUSES, FUNCTIONS, SOURCES, STAGES, Step};
use demarche::dataset::built_in;
use demarche::render::report;
use demarche::session::{Session, TOPICS};
use demarche::value::days;

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

fn steps() -> impl Iterator<Item = &'static Step> {
    SOURCES.iter().chain(CLAUSES).chain(STAGES)
}

#[test]
fn every_example_of_a_clause_or_stage_runs() {
    let session = session();
    for step in steps() {
        assert!(step.example.contains(step.name), "{} is not in its example", step.name);
        match session.ask(step.example) {
            Ok(answer) => assert!(!answer.rows.is_empty(), "{}", step.example),
            Err(trouble) => panic!("{}", report(&trouble, false, 100)),
        }
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
    assert_eq!(session.help("nothing of the sort"), []);
}

#[test]
fn a_sentence_ends_with_a_full_stop_and_has_one_line() {
    let steps = steps().map(|step| step.summary);
    let summaries = steps.chain(FUNCTIONS.iter().map(|record| record.summary));
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
