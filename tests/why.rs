//! `why` says of every event what the answer says.

use demarche::answer::Cell;
use demarche::dataset::built_in;
use demarche::session::Session;
use demarche::value::days;

/// Queries whose rows are events, so that each event is in the answer or is not.
const QUERIES: &[&str] = &[
    "meetings",
    "meetings where region = \"Global South\" and venue = abroad",
    "events of anyone",
    "events since 2024-05-07 until 2024-06",
    "visits of anyone with Xi",
    "meetings of (Putin, Orban) | distinct id",
    "events where status = planned",
    "meetings where status = planned and date > 2024-10-05",
    "meetings where possibly status = planned and date > 2024-10-05",
    "meetings where not (country in BRICS or country in NATO)",
    "meetings where every country in BRICS",
    "meetings where country in (meetings of Orban | distinct country)",
    "meetings | expand region | where region = Asia",
    "meetings | gap by leader | where gap > 9 months",
    "meetings | derive y = year(date) | where y < 2024 | sort y desc | skip 1 | take 3",
    "meetings | top 1 by date per venue",
    "meetings | first per region",
    "meetings | last 4",
    "visits | followed by meetings within 2 days on country | where followed = yes",
    "visits | preceded by meetings within 30 days",
    "meetings | rolling 30 days n = count() | where n > 5",
    "meetings | running n = count() by venue | where n = 2",
    "meetings | select id, date | union (visits | select id, date)",
    "meetings | select id, date | except (meetings where venue = home | select id, date)",
    "meetings | select id, date | intersect (meetings where venue = home | select id, date)",
    "meetings | join visits on country",
    "meetings | distinct id, country | where country in BRICS",
];

#[test]
fn an_event_is_in_the_answer_where_why_says_so() {
    let session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    let ids = ids(&session, "events of anyone where status is missing or status is present");
    assert!(ids.len() > 40, "{ids:?}");
    for query in QUERIES {
        let answered = self::ids(&session, query);
        assert!(!answered.is_empty() || query.contains("2024-10-05"), "{query} has no rows");
        for id in &ids {
            let why = session.why(id, query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}"));
            let is_in = why.title.contains(" is in the answer");
            assert_eq!(is_in, answered.contains(id), "{query}: {} {:#?}", why.title, why.lines);
            let keeps_out = why.lines.iter().any(|line| line.kind != "yes");
            assert!(is_in || keeps_out, "{query}: nothing keeps it out: {} {:#?}", why.title, why.lines);
        }
    }
}

/// The events of an answer, and those that were found for its rows.
fn ids(session: &Session, query: &str) -> Vec<String> {
    let found = [("followed by", ", next"), ("preceded by", ", previous")];
    let found = found.iter().find(|(stage, _)| query.contains(stage)).map_or("", |(_, column)| column);
    let query = format!("{query} | select id{found}");
    let answer = session.ask(&query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}"));
    answer.rows.iter().flatten().filter(|cell| **cell != Cell::Missing).map(ToString::to_string).collect()
}

#[test]
fn what_cannot_be_asked_is_told() {
    let session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    for (id, query, message) in [
        ("", "meetings", "no row of `events` has the id ``"),
        ("putin-chin", "meetings", "no row of `events` has the id `putin-chin`"),
        ("putin-china", "leaders", "no row of `leaders` has the id `putin-china`"),
        ("putin-china", "meetings where", "expected an expression"),
        ("putin-china", "expect 1 = 1", "expected a query"),
    ] {
        let wrong = session.why(id, query).expect_err("it cannot be answered");
        assert!(wrong.diagnostics[0].message.contains(message), "{query}: {wrong:?}");
    }
}
