//! Queries and what they answer, on the built-in data; a reader can learn the language from them.

use demarche::dataset::{File, Options, built_in, read_file};
use demarche::render::{delimited, report};
use demarche::session::Session;
use demarche::value::days;

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

/// Checks the rows of an answer, cells by `,` and rows by ` / `, without the header.
fn check(query: &str, expected: &str) {
    match session().ask(query) {
        Ok(answer) => {
            let text = delimited(&answer, b',');
            let rows: Vec<&str> = text.lines().skip(1).collect();
            assert_eq!(rows.join(" / "), expected, "{query}");
        }
        Err(trouble) => panic!("{}", report(&trouble, false, 100)),
    }
}

/// Checks the codes, messages and help of what is wrong with a query.
fn check_error(query: &str, expected: &[&str]) {
    let trouble = session().ask(query).expect_err(query);
    let seen = trouble.diagnostics.iter().map(|diagnostic| {
        let under = diagnostic.span.map_or("", |span| span.of(query));
        let help = diagnostic.help.as_deref().unwrap_or("");
        format!("{} `{under}` {}; {help}", diagnostic.code.text(), diagnostic.message)
    });
    assert_eq!(seen.collect::<Vec<_>>(), expected, "{query}");
}

#[test]
fn counts_of_the_term() {
    check("meetings of Putin since 2024-05-07 | count", "21");
    check("visits of Putin since 2024-05-07 | count", "6");
    check("meetings since 2024-05-07 | count by venue | share", "abroad,12,0.571429 / home,9,0.428571");
    check("meetings during \"new term\" | summarize n = count(), who = count(distinct leader)", "21,20");
}

#[test]
fn the_first_questions_of_the_language_are_answered() {
    check(
        "meetings since 2024-05-07 where region = \"Global South\" and venue = abroad | select leader",
        "Xi Jinping / Kim Jong Un / To Lam / Ukhnaagiin Khurelsukh / Ilham Aliyev / Shehbaz Sharif / Xi Jinping / \
         Tamim bin Hamad Al Thani",
    );
    check(
        "meetings with \"Xi Jinping\" since 2024-05-07 | select date, place, occasion",
        "2024-05-16,Beijing, / 2024-07-03,Astana,sco-summit-astana",
    );
    check("visits of Putin since 2024-05 | count", "6");
    check("meetings | count by region | sort count desc | take 3", "Asia,21 / Global South,20 / former Soviet Union,6");
    check(
        "meetings | gap by leader | where gap > 9 months | select date, leader",
        "2021-12-06,Narendra Modi / 2022-09-16,Narendra Modi / 2024-07-03,Recep Tayyip Erdogan / \
         2024-07-08,Narendra Modi",
    );
    check(
        "countries where name in BRICS and name not in (meetings | distinct country) | select name",
        "Brazil / Egypt / Ethiopia / Iran / Russia / South Africa / United Arab Emirates",
    );
    check(
        "events where topics contains \"nuclear\" | select date, kind | cite",
        "2024-06-06,meeting,[1]; [2]; [3] / 2024-07-03,meeting,[4]; [5]; [6]",
    );
}

#[test]
fn sides_change_who_the_leader_is() {
    check(
        "meetings of Orban | select date, leader, venue",
        "2024-07-02,Volodymyr Zelenskiy,abroad / 2024-07-05,Vladimir Putin,abroad / 2024-07-08,Xi Jinping,abroad",
    );
    check("meetings of Orban with \"Путин\" | count", "1");
    check("meetings with China since 2024-05-07 | count", "2");
}

#[test]
fn gaps_say_how_long_it_was() {
    check("visits in \"North Korea\" | gap by host | select previous, gap", ", / 2000-07-19,P8736D");
    check("meetings with \"Erdoğan\" | gap by leader | where gap > 9 months | select previous", "2023-09-04");
}

#[test]
fn membership_is_as_of_the_date() {
    check("countries where name in BRICS as of 2023-12-31 | count", "5");
    check("countries where name in BRICS | count", "9");
    check("meetings since 2024-05-07 where country in NATO | select leader", "Recep Tayyip Erdogan / Viktor Orban");
}

#[test]
fn what_is_uncertain_is_said() {
    let query = "visits of anyone in Russia where date >= 2024-05-23 and date < 2024-06 | count";
    check(query, "0");
    let notes = session().ask(query).expect("it answers").notes;
    assert_eq!(notes, ["1 more possibly match: 1 by `date >= 2024-05-23` (add `possibly`)"]);
    check(
        "visits of anyone in Russia where possibly date >= 2024-05-23 and date < 2024-06 | select date",
        "[2024-05-22..2024-05-23]",
    );
}

#[test]
fn an_empty_answer_shows_where_the_rows_went() {
    let answer =
        session().ask("meetings since 2024-05-07 where venue = abroad and region = Oceania").expect("it answers");
    assert_eq!(
        answer.notes,
        ["27 meetings, 21 after `since 2024-05-07`, 12 after `venue = abroad`, 0 after `region = Oceania`"]
    );
}

#[test]
fn the_header_says_whose_side_and_what_is_left_out() {
    let header = session().ask("meetings").expect("it answers").header;
    assert_eq!(header.side.as_deref(), Some("Vladimir Putin"));
    assert_eq!(header.left_out, [("planned".to_owned(), 8)]);
}

#[test]
fn rows_cite_their_sources() {
    let answer = session().ask("meetings with Modi since 2024-05-07 | cite").expect("it answers");
    assert!(
        answer.citations.iter().any(|citation| citation.id == "article#6" && citation.text.contains("paragraph 6"))
    );
    let counted = session().ask("meetings since 2024-05-07 | count by venue | cite").expect("it answers");
    assert!(counted.citations.len() > 10 && counted.columns.last().is_some_and(|column| column.name == "source"));
}

#[test]
fn every_function_gives_what_its_record_says() {
    for function in demarche::builtin::FUNCTIONS {
        let (example, expected) = function.example;
        check(&format!("meetings | take 1 | select x = {example}"), expected);
    }
}

#[test]
fn mistakes_are_placed_and_helped() {
    check_error(
        "meetings where venue = abord and regoin = Asia",
        &[
            "D0204 `abord` `venue` has no value `abord`; did you mean `abroad`? values: abroad, home, online",
            "D0202 `regoin` there is no field `regoin`; did you mean `region`?",
        ],
    );
    check_error("meeting | count", &["D0201 `meeting` there is no source `meeting`; did you mean `meetings`?"]);
    check_error(
        "meetings with Erdogn",
        &["D0204 `Erdogn` there is no leader, country or region `Erdogn`; did you mean `\"Recep Tayyip Erdogan\"`?"],
    );
    check_error(
        "meetings | share",
        &["D0215 `share` `share` needs a column `count` before it; such as `count by region | share`"],
    );
    check_error(
        "meetings where country = Congo",
        &[
            "D0205 `Congo` `Congo` fits more than one country; write one of: \"Democratic Republic of the Congo\", \"Republic of the Congo\"",
        ],
    );
    check_error(
        "meetings where month = 5",
        &[
            "D0206 `5` a date cannot be compared with an int; a date is written `2024`, `2024-05` or `2024-05-16`; so is a month: `month = 2024-05`",
        ],
    );
    check_error(
        "meetings where date = $when",
        &["D0208 `$when` `$when` has no value; give it one with `-p when=value`"],
    );
}

#[test]
fn a_bare_file_has_typed_columns() {
    let bytes = b"date,who,n\n2024-02-01,B,2\n2024-01-31,A,3\n".to_vec();
    let file = File { name: "talks.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it is a data set");
    let session = Session::new(store, days(2024, 7, 11)).expect("it has no derived fields");
    let answer = session.ask("events where date < 2024-02 and who = a | select n = n * 2, month").expect("it answers");
    assert_eq!(delimited(&answer, b','), "n,month\n6,2024-01\n");
}

#[test]
fn a_row_without_a_date_possibly_lies_in_any_period() {
    let bytes = b"date,who\n2024-02-01,A\n2024-03-01,B\n,C\n".to_vec();
    let file = File { name: "talks.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it is a data set");
    let session = Session::new(store, days(2024, 7, 11)).expect("it opens");
    let answer = session.ask("events since 2024-03 | select who").expect("it answers");
    assert_eq!(delimited(&answer, b','), "who\nB\n");
    assert_eq!(answer.notes, ["1 more possibly match: 1 by `since 2024-03` (add `possibly`)"]);
    let answer = session.ask("events where possibly date >= 2024-03 | select who").expect("it answers");
    assert_eq!(delimited(&answer, b','), "who\nB\nC\n");
}

#[test]
fn no_text_of_the_data_commands_the_terminal() {
    let bytes = b"date,who\n2024-02-01,\x1b[31mred\x07\n".to_vec();
    let file = File { name: "talks.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it is a data set");
    let answer = Session::new(store, days(2024, 7, 11)).expect("it opens").ask("events").expect("it answers");
    let shown = demarche::render::table(&answer, false, 80);
    assert!(shown.contains(r"\u{1b}[31mred\u{7}") && !shown.contains('\u{1b}'), "{shown}");
    assert!(!delimited(&answer, b',').contains('\u{1b}'));
    let exact = demarche::render::delimited_exact(&answer, b',');
    assert!(exact.contains("\u{1b}[31mred"), "other programs get the text as it is");
}
