//! A table of many rows and many names: what is counted by codes, in parts and from indexes is what the reference counts.

use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;

use demarche::dataset::{File, Options, read_file};
use demarche::exec::{Run, execute, reference};
use demarche::plan::optimise;
use demarche::session::Session;
use demarche::value::{Value, days};

/// Enough for several processors to have a part each.
const ROWS: u32 = 150_000;

const KINDS: &[&str] = &["meeting", "visit", "agreement", "threat", ""];
const WORDS: &[&str] =
    &["Łódź", "gas deal", "the harvest", "border-crossing", "ÉLYSÉE", "2024 talks", "ceasefire's end", "…"];

/// Questions of each kind that is answered without gathering rows; none of them takes the reference long.
const QUERIES: &[&str] = &[
    "events where kind = visit and region = R3 | count",
    "events where kind != visit and not (region = R3 or actor = A7) | count by kind",
    "events where possibly kind = visit | count by region, kind",
    "events where kind = meeting | count by month",
    "events where actor = A7 and date between 2010 and 2012-06 | select id, date, target",
    "events where kind = agreement and actor in (A1, a2, A299) | sort date desc, id desc | take 9 | select id",
    "events | top 5 by date asc | select id",
    "events | summarize n = count(), mean = avg(tone), different = count(distinct target) by region",
    "events | count by actor, target | sort count desc, actor, target | take 12",
    "events | summarize n = count(distinct target) by actor | sort n desc, actor | take 5",
    "events | summarize n = count(distinct code), rows = count() by actor | sort n desc, actor | take 5",
    "events | summarize n = count(distinct actor) by code | sort n desc, code | take 5",
    "events | summarize n = count(distinct actor) by code | sort n, code desc | take 5",
    "events | count by code, actor | sort count, code, actor | take 12",
    "events | count by actor, code | sort code, actor desc | take 12",
    "events where kind = visit | count by actor, target | sort count desc, target desc | take 7",
    "events where kind = visit | count by actor, target | sort count desc | take 3",
    "events where region = R3 | count by actor, target, region | take 200",
    "events where region = R3 or actor = A7 | count by actor, target, kind | top 9 by count",
    "events where actor = A7 | count by target, actor, region | sort count desc | take 2",
    "events where topic = t3 | count by year",
    "events where topic = t3 or topic = t5 and kind = visit | count",
    "events where kind = meeting | gap by actor, target | where gap > 400 days | count",
    "events where kind = visit | gap by actor, target, kind | where gap < 3 days | select id, previous, gap",
    "events where kind = meeting | gap by actor, target | where gap > 400 days and code != C7 | count",
    "events where kind = meeting | gap by actor, target | where possibly gap > 400 days | count",
    "events where kind != visit | gap by actor, region | where gap = 3 days | count",
    "events | gap by code, kind | where not gap < 800 days | count",
    "events | gap by code, kind | where gap > 1_000 days | count",
    "events where kind = meeting | gap by actor | where gap between 2 days and 9 days | distinct actor, region | count",
    "events where region = R3 | sort id desc | gap by target | where gap > 45 days | take 30 | select id, previous",
    "events where kind = visit and actor = A7 | followed by (events where kind = agreement and target = A8) within 60 days \
     on region | count by followed",
    "events where kind = agreement and actor = A7 | preceded by (events where kind = visit and actor = A9) within 2 months \
     on region | take 40 | select id, previous",
    "events where kind = visit and actor = A7 | sort id desc | followed by (events where kind = meeting and actor = A8 \
     | sort tone) within 1 month on region | take 60 | select id, next, followed",
    "events where actor = A7 | preceded by (events where actor = A9 | sort tone desc) within 20 days \
     | where preceded = yes | select id, previous",
    "events where actor = A7 | followed by (events where actor = A9 or actor = A11) within 2000 days on actor, target, \
     region | count by followed",
    "events where kind = agreement and actor = A7 | preceded by (events where kind = visit and actor = A9) within 900 days \
     on code | count by preceded",
    "events where tone > 1.5 | count",
    "events where tone > 1.5 and code != C7 | count by kind",
    "events where possibly kind = visit and tone > 4 | distinct kind, region",
    "events | distinct region, kind",
    "events where tone > 4.5 | distinct code, kind | take 40",
    "events | distinct actor, target | count",
    "events where kind = meeting and actor = A5 and target in (events where actor = A6 | distinct target) \
     | distinct target | sort target",
    "events where summary contains \"CEASE\" | count",
    "events where summary contains \"s deal of L\" and kind = visit | count by kind",
    "events where summary contains \"elysee\" or summary contains \"g-c\" | count",
    "events where possibly summary contains \"…\" | count",
    "events where summary contains \"4 t\" | first 3 | select id, summary",
];

/// Rows that are always the same, in the order of their dates.
fn table() -> Vec<u8> {
    let mut seed = 20_240_711_u64;
    let mut below = |limit: u32| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32 % limit
    };
    let mut text = "id,date,kind,actor,target,region,tone,topic,code,summary\n".to_owned();
    for row in 0..ROWS {
        let date = demarche::value::civil(days(2008, 1, 1) + (row / 25) as i32);
        let (actor, target, region, tone) = (below(300), below(300), below(9), below(1000));
        let code = if row % 41 == 0 { String::new() } else { format!("C{}", row * 31 % 6007 % 4003) };
        let topics: Vec<String> = (0..below(3)).map(|_| format!("t{}", below(8))).collect();
        let kind = KINDS[below(KINDS.len() as u32) as usize];
        let words: Vec<&str> = (0..below(4)).map(|_| WORDS[below(WORDS.len() as u32) as usize]).collect();
        let summary = if words.is_empty() { String::new() } else { format!("{} of {row}", words.join(" of ")) };
        let _ = writeln!(
            text,
            "{},{:04}-{:02}-{:02},{kind},A{actor},A{target},R{region},{:.2},{},{code},{summary}",
            row + 1,
            date.0,
            date.1,
            date.2,
            f64::from(tone) / 100.0 - 5.0,
            topics.join(";"),
        );
    }
    text.into_bytes()
}

fn session() -> Session {
    let file = File { name: "large.csv".to_owned(), bytes: table().into() };
    let (store, _) = read_file(file, &Options::default()).expect("the table is a data set");
    Session::new(store, days(2024, 7, 11)).expect("it has no derived fields")
}

#[test]
fn what_is_counted_by_codes_is_what_the_reference_counts() {
    let session = session();
    let interrupt = AtomicBool::new(false);
    let run = Run::new(session.store(), &interrupt, usize::MAX);
    for query in QUERIES {
        let plan = session.plan(query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}")).plan;
        let expected = reference::execute(&run, &plan).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
        assert!(!expected.rows.is_empty() && expected.rows[0] != [Value::Int(0)], "{query} asks nothing");
        let (best, _) = optimise(session.store(), plan.clone());
        for plan in [&plan, &best] {
            let found = execute(&run, plan).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
            assert_eq!(rounded(&found.rows), rounded(&expected.rows), "{query}");
            assert_eq!(found.possible, expected.possible, "{query}");
        }
    }
}

#[test]
fn what_was_asked_of_a_name_often_enough_is_answered_alike_from_then_on() {
    const QUERIES: &[&str] = &[
        "events where actor = A7 and kind = visit and target in (events where actor = A9 | distinct target) \
         | distinct target | sort target",
        "events where kind != visit and actor = A8 | select id, kind, region, target, tone, topic | sort id desc",
        "events where possibly kind = visit and actor = A11 and region in (R1, R2) | select id, date, code, summary",
    ];
    let session = session();
    let interrupt = AtomicBool::new(false);
    let run = Run::new(session.store(), &interrupt, usize::MAX);
    for query in QUERIES {
        let plan = session.plan(query).unwrap_or_else(|trouble| panic!("{query}: {trouble:?}")).plan;
        let expected = reference::execute(&run, &plan).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
        let (plan, _) = optimise(session.store(), plan);
        // Each name has some five hundred rows.
        for time in 0..=ROWS / 400 {
            let found = execute(&run, &plan).unwrap_or_else(|wrong| panic!("{query}: {wrong:?}"));
            assert_eq!(found.possible, expected.possible, "{query}, time {time}");
            assert_eq!(found.rows, expected.rows, "{query}, time {time}");
        }
    }
}

/// The rows, with floats to so many digits as an order of summing leaves.
fn rounded(rows: &[Vec<Value>]) -> Vec<Vec<String>> {
    let value = |value: &Value| match value {
        Value::Float(value) => format!("{value:.9}"),
        value => format!("{value:?}"),
    };
    rows.iter().map(|row| row.iter().map(value).collect()).collect()
}
