//! What completion offers at a place of a text: each case is a text with `▮` where the cursor is, and what comes first.

use demarche::dataset::{File, Options, built_in, read_file};
use demarche::session::Session;
use demarche::value::days;

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

/// The texts offered at the mark, and where what they replace starts.
fn offered(session: &Session, marked: &str) -> (usize, Vec<String>) {
    let position = marked.find('▮').expect("the case has a mark");
    let completions = session.complete(&marked.replace('▮', ""), position);
    (completions.start, completions.candidates.into_iter().map(|candidate| candidate.text).collect())
}

/// Checks that the first candidates are these, in this order.
fn check(marked: &str, first: &[&str]) {
    let (_, texts) = offered(&session(), marked);
    let shown: Vec<&str> = texts.iter().map(String::as_str).take(first.len()).collect();
    assert_eq!(shown, first, "{marked}\nall: {texts:?}");
}

/// Checks that these are among the candidates, and those are not.
fn check_among(marked: &str, among: &[&str], absent: &[&str]) {
    let (_, texts) = offered(&session(), marked);
    for text in among {
        assert!(texts.iter().any(|offered| offered == text), "{marked}: no {text} in {texts:?}");
    }
    for text in absent {
        assert!(!texts.iter().any(|offered| offered == text), "{marked}: {text} in {texts:?}");
    }
}

#[test]
fn a_statement_starts_with_a_source() {
    check("mee▮", &["meetings"]);
    check("cou▮", &["countries"]);
    check_among("▮", &["meetings", "leaders", "let", "expect"], &["where", "|"]);
    check("meetings | count; vis▮", &["visits"]);
    check("countries where name in (meet▮", &["meetings"]);
    check("let x = vis▮", &["visits"]);
}

#[test]
fn names_bound_before_are_sources_and_their_fields_are_known() {
    let mut session = session();
    session.run("test", "let trips = visits | select date, host; let met(who) = meetings with who", &|_, _| {
        Err("no file".to_owned())
    });
    assert_eq!(offered(&session, "tri▮").1, ["trips"]);
    assert_eq!(offered(&session, "met▮").1, ["met("]);
    assert_eq!(offered(&session, "trips | where h▮").1, ["host"]);
    assert_eq!(offered(&session, "let own = trips | select host; own | sort ▮").1[0], "host");
}

#[test]
fn clauses_and_a_pipe_follow_a_source() {
    check("meetings ▮", &["with", "in", "since", "until", "before", "after", "during", "where", "of", "|"]);
    check("meetings wh▮", &["where"]);
    check("countries ▮", &["where", "|"]);
    check("meetings with Xi si▮", &["since"]);
    check("meetings since 2024 w▮", &["with", "where"]);
}

#[test]
fn stages_follow_a_pipe() {
    check("meetings | ▮", &["count", "select", "where", "sort"]);
    check("meetings | co▮", &["count"]);
    check("meetings |co▮", &["count"]);
    check("meetings | count ▮", &["by", "|"]);
    check("meetings | sort date d▮", &["desc"]);
    check_among("meetings | ▮", &["gap", "pivot"], &["|"]);
}

#[test]
fn fields_are_those_of_that_place_in_the_pipeline() {
    check("meetings where ven▮", &["venue"]);
    check("meetings | select d▮", &["date", "day", "decade", "day(", "decade(", "distance("]);
    check("meetings | select place, n = 1 | sort ▮", &["place", "n"]);
    check_among("meetings | select place | where ▮", &["place"], &["date", "venue", "month"]);
    check_among("meetings | count by region | sort c▮", &["count", "coalesce("], &["country"]);
    check("meetings | summarize n = count() by reg▮", &["region"]);
    check("meetings | gap by leader | where ga▮", &["gap"]);
    check("leaders where off▮", &["office"]);
    check_among("meetings where leader.▮", &["country", "office"], &["date"]);
    check_among("meetings where leader.country.c▮", &["capital"], &["country"]);
    check("meetings where .reg▮", &["region"]);
    check("meetings where possi▮", &["possibly"]);
    check_among("meetings where n▮", &["not"], &["possibly"]);
}

#[test]
fn functions_and_aggregates_stand_where_they_may() {
    check("meetings | derive n = leng▮", &["length("]);
    check("meetings | summarize n = cou▮", &["count("]);
    check("meetings | summarize n = count(dis▮", &["distinct", "distance("]);
    check("meetings | summarize n = count(distinct lea▮", &["leader"]);
    check_among("meetings | summarize n = ▮", &["median("], &["sources(", "length(", "date"]);
    check_among("meetings | derive n = ▮", &["length("], &["median("]);
}

#[test]
fn operators_go_with_the_type_of_the_field() {
    check("meetings where venue ▮", &["=", "!=", "in"]);
    check("meetings where date b▮", &["between"]);
    check("meetings where summary con▮", &["contains"]);
    check("meetings where venue = abroad an▮", &["and"]);
    check_among("meetings | sort date ▮", &["asc", "desc", "|"], &["=", "and"]);
    check("meetings where date between 2024-05 a▮", &["and"]);
}

#[test]
fn values_are_those_that_fit_and_occur() {
    check("meetings with erd▮", &["\"Recep Tayyip Erdogan\""]);
    check("meetings with Erdoğ▮", &["\"Recep Tayyip Erdogan\""]);
    check("meetings with orb▮", &["\"Viktor Orban\""]);
    check("meetings with Пут▮", &["\"Vladimir Putin\""]);
    check("meetings with Chi▮", &["China"]);
    check("meetings with BR▮", &["BRICS", "Brazil"]);
    check("meetings in ▮", &["Moscow", "Astana"]);
    check("meetings with south af▮", &["\"South Africa\""]);
    check("meetings in mos▮", &["Moscow"]);
    check("visits in vie▮", &["Vietnam"]);
    check("meetings of vlad▮", &["\"Vladimir Putin\""]);
    check("meetings of any▮", &["anyone"]);
    check("meetings where venue = ▮", &["abroad", "home", "online"]);
    check("meetings where venue != h▮", &["home"]);
    check("meetings where venue in (abroad, h▮", &["home"]);
    check("meetings where region = glo▮", &["\"Global South\""]);
    check("meetings where country in br▮", &["BRICS", "Brazil"]);
    check("countries where name in bri▮", &["BRICS"]);
    check("events where topics contains \"nuc▮", &["\"nuclear energy\""]);
    check("events where kind = vi▮", &["visit"]);
    check("meetings where leader.country = chi▮", &["China"]);
}

#[test]
fn an_open_text_goes_on() {
    check("meetings with \"Xi Ji▮", &["\"Xi Jinping\""]);
    check("meetings with 'xi▮", &["'Xi Jinping'"]);
    check("meetings with \"Xi▮\" | count", &["\"Xi Jinping"]);
    assert_eq!(offered(&session(), "meetings with \"Xi Ji▮").0, "meetings with ".len());
    assert_eq!(offered(&session(), "meetings with south af▮").0, "meetings with ".len());
}

#[test]
fn time_has_names_and_dates() {
    check("meetings since ▮", &["\"new term\""]);
    check("meetings during new▮", &["\"new term\""]);
    check("meetings since 2024-▮", &["2024-07", "2024-06", "2024-05"]);
    check("meetings until 2024-07-▮", &["2024-07-08"]);
    check("meetings where date < tod▮", &["today"]);
    check("meetings where month = 2024-0▮", &["2024-07"]);
}

#[test]
fn nothing_is_offered_in_a_comment_or_after_a_mistake() {
    for marked in ["meetings # cou▮", "meetings ) cou▮", "meetings | take ▮", "let ▮"] {
        assert_eq!(offered(&session(), marked).1, [""; 0], "{marked}");
    }
}

#[test]
fn completion_answers_at_every_place_of_any_text() {
    let session = session();
    for text in [
        "let met(a) = meetings with a since 2024-05-07 | select n = if(venue = home, 'ä', \"b\") | count by n",
        "countries where name in (meetings where date between 2024 and 2025 | distinct country) and `x` = 'é",
        "|||)( where = \" ` $ 2024-99 é",
    ] {
        for position in 0..=text.len() + 1 {
            let completions = session.complete(text, position);
            assert!(completions.candidates.len() <= 50);
            assert!(completions.start <= position.min(text.len()));
        }
    }
}

#[test]
fn columns_of_a_bare_file_complete_too() {
    let bytes = "date,city,`odd name\n2024-05-01,Bern,1\n2024-05-02,Berlin,2\n2024-05-03,Berlin,3\n".replace('`', "");
    let file = File { name: "trips.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("it reads");
    let session = Session::new(store, days(2024, 7, 11)).expect("it starts");
    assert_eq!(offered(&session, "events where ci▮").1, ["city"]);
    assert_eq!(offered(&session, "events where city = be▮").1, ["\"Berlin\"", "\"Bern\""]);
    assert_eq!(offered(&session, "events | sort od▮").1, ["`odd name`"]);
    assert_eq!(offered(&session, "events | sort `od▮").1, ["`odd name`"]);
    assert_eq!(offered(&session, "events ▮").1, ["since", "until", "before", "after", "during", "where", "|"]);
}

#[test]
fn a_sequence_has_steps_whose_fields_are_known() {
    check("seq▮", &["sequence"]);
    check_among("sequence ▮", &["latest", "all", "by", "within"], &[]);
    check_among("sequence [meet▮", &["meetings"], &["sequence"]);
    check("sequence [meetings where ven▮", &["venue"]);
    check("sequence by coun▮ [meetings]", &[]);
    check_among("sequence [meetings] [visits as trip] | select trip.▮", &["date", "place", "country"], &["trip.date"]);
    check_among("sequence [meetings] [visits as trip] | select ▮", &["trip", "trip.date", "1.date", "span"], &[]);
}

/// The first candidate at the mark: its text, its kind and what it is.
fn first(session: &Session, marked: &str) -> [String; 3] {
    let position = marked.find('▮').expect("the case has a mark");
    let candidates = session.complete(&marked.replace('▮', ""), position).candidates;
    let first = candidates.into_iter().next().expect("there is a candidate");
    [first.text, first.kind, first.what]
}

#[test]
fn a_candidate_says_what_it_is() {
    let mut session = session();
    assert_eq!(first(&session, "visi▮")[1], "source");
    assert_eq!(first(&session, "meetings | cou▮")[..2], ["count", "stage"]);
    assert_eq!(first(&session, "meetings sin▮")[..2], ["since", "clause"]);
    assert_eq!(first(&session, "meetings where ven▮")[..2], ["venue", "venue"]);
    let [text, kind, what] = first(&session, "meetings with Orb▮");
    assert_eq!([text.as_str(), kind.as_str(), what.as_str()], ["\"Viktor Orban\"", "leader", "1 row"]);
    let [text, _, what] = first(&session, "meetings with Эрдоган▮");
    assert_eq!(text, "\"Recep Tayyip Erdogan\"");
    assert!(what.starts_with('`') && what.ends_with("2 rows"), "by which name it was found: {what}");
    session.run("test", "meetings | count by venue", &|_, _| Err("no file".to_owned()));
    assert_eq!(first(&session, "i▮"), ["it", "the last answer", "meetings | count by venue"]);
    assert_eq!(first(&session, "it | where v▮")[..2], ["venue", "venue"]);
}

#[test]
fn what_is_put_into_a_line_has_no_control_characters() {
    let bytes = "date,text\n2024-01-01,\"a\u{1b}[31mb\"\n";
    let file = File { name: "odd.csv".to_owned(), bytes: bytes.into() };
    let (store, _) = read_file(file, &Options::default()).expect("nothing is wrong with it");
    let session = Session::new(store, days(2024, 7, 11)).expect("nothing is derived");
    let [text, ..] = first(&session, "events where text = ▮");
    assert_eq!(text, "\"a\\u{1b}[31mb\"");
    assert_eq!(session.ask(&format!("events where text = {text}")).expect("it is a query").rows.len(), 1);
}
