//! An imported data set answers as its source does, is whole or not there, and panics whatever is done to its bytes.

use bytes::Bytes;
use demarche::dataset::{File, OnError, Options, built_in, open_imported, read_file, shipped, write_imported};
use demarche::session::Session;
use demarche::store::{EVENTS, Store};
use demarche::value::{Base, days};

/// A head and the bytes of its columns.
fn written(store: &Store) -> (String, Vec<u8>) {
    let mut columns = Vec::new();
    let head = write_imported(store, "columns.bin", &mut columns).expect("it can be written");
    (head, columns)
}

fn session(store: Store) -> Session {
    Session::new(store, days(2024, 7, 11)).expect("its derived fields are expressions")
}

/// Every type of column, with values missing and dates that are known within bounds.
fn bare() -> Store {
    let mut text = "date,kind,hours,tone,open,met,topics,summary\n".to_owned();
    for row in 0..2500 {
        let date = ["2024-05-16", "2024-06", "2024?", "2024-05-20/2024-05-23", ""][row % 5];
        let (hours, tone) = (["3", "", "-40"][row % 3], ["1.5", "", "-2e10"][row % 3]);
        let (open, met) = (["true", "false", ""][row % 3], ["2023-01-02", ""][row % 2]);
        let topics = ["gas;oil", "", "gas", "Łódź;oil;gas"][row % 4];
        let summary = if row % 7 == 0 { String::new() } else { format!("Talks no. {row} in Łódź — of «peace»") };
        text += &format!("{date},k{},{hours},{tone},{open},{met},{topics},{summary}\n", row % 300);
    }
    let file = File { name: "talks.csv".to_owned(), bytes: text.into() };
    read_file(file, &Options { on_error: OnError::Skip, ..Options::default() }).expect("it is a data set").0
}

/// Questions that look at every field of every table, in the ways there are.
fn questions(session: &Session) -> Vec<String> {
    let store = session.store();
    let mut questions = vec!["events | count".to_owned()];
    for table in store.tables.iter().filter(|table| !table.fields.is_empty()) {
        let source = &table.name;
        let derived = table.derived.iter().map(|field| &field.name);
        let names: Vec<String> =
            table.fields.iter().map(|field| &field.name).chain(derived).map(|name| format!(".`{name}`")).collect();
        let named: Vec<String> = names.iter().enumerate().map(|(place, name)| format!("f{place} = {name}")).collect();
        questions.push(format!("{source} | select {}", named.join(", ")));
        for (name, of) in names.iter().zip(table.fields.iter().map(|field| field.of)) {
            questions.push(format!("{source} | count by f = {name} | sort count desc, f"));
            questions.push(format!("{source} where {name} is missing | count"));
            questions.push(format!("{source} | sort {name} desc | take 7 | select f = {name}"));
            match of.base {
                Base::Text | Base::Coded(_) => questions.push(format!("{source} where {name} contains \"a\" | count")),
                Base::Int | Base::Float => {
                    questions.push(format!("{source} | summarize n = avg({name}), m = max({name})"));
                }
                Base::Date => {
                    questions.push(format!("{source} where {name} >= 2024-05-17 and {name} < 2024-06-20 | count"));
                    questions.push(format!("{source} | count by month({name})"));
                }
                _ => {}
            }
        }
    }
    questions.extend(
        [
            "events since 2024-05-17 until 2024-06-30 | count",
            "events | gap by kind | select kind, gap",
            "events where summary contains \"peace\" | count",
            "meetings where region = \"Global South\" and venue = abroad | select date, leader, place",
            "meetings with Xi | gap by leader",
            "meetings | count by bloc",
            "meetings where country in BRICS | count",
            "leaders where name = \"Erdogan\"",
        ]
        .map(str::to_owned),
    );
    questions
}

/// The answer as plain data, or what is wrong.
fn answer(session: &Session, question: &str) -> String {
    session.ask(question).map_or_else(|trouble| trouble.to_string(), |answer| format!("{answer:?}"))
}

#[test]
fn an_imported_data_set_answers_as_its_source() {
    for store in [built_in(), shipped("us-diplomacy").expect("it ships"), bare()] {
        let (head, columns) = written(&store);
        let source = session(store);
        let copy = session(open_imported("copy", head.as_bytes(), columns.into()).expect("it opens"));
        for table in 0..source.store().tables.len() {
            assert_eq!(copy.store().ordered_by(table), source.store().ordered_by(table));
        }
        let mut answered = 0;
        for question in questions(&source) {
            assert_eq!(answer(&copy, &question), answer(&source, &question), "{question}");
            answered += usize::from(source.ask(&question).is_ok());
        }
        assert!(answered > 20, "hardly any question fits the data");
        assert_eq!(format!("{:?}", copy.about()), format!("{:?}", source.about()));
        assert_eq!(copy.describable(), source.describable());
        let (again, bytes) = written(copy.store());
        assert!(again == head && bytes.len() == written(source.store()).1.len(), "an import of an import differs");
    }
}

#[test]
fn what_is_in_the_columns_is_not_looked_at_before_it_is_asked_for() {
    let (head, mut columns) = written(&bare());
    let length = columns.len();
    columns[..length - 12].fill(0xff);
    let store = open_imported("copy", head.as_bytes(), columns.into()).expect("only the trailer is looked at");
    assert_eq!(store.tables[EVENTS].rows, 2500);
}

/// What is wrong with these two files.
fn wrong(head: &str, columns: &[u8]) -> String {
    let error = open_imported("copy", head.as_bytes(), Bytes::copy_from_slice(columns)).expect_err("it is damaged");
    assert_eq!(error.code.text(), "D0413");
    assert!(error.help.is_some_and(|help| help.contains("demarche import")));
    error.message
}

#[test]
fn a_damaged_data_set_is_told_so() {
    let (head, columns) = written(&bare());
    assert!(wrong(&head, &columns[..columns.len() - 1]).ends_with(&format!("says {}", columns.len())));
    assert!(wrong(&head, &[]).starts_with("the file has 0 bytes"));
    assert!(wrong(&head[..head.len() / 2], &columns).starts_with("the file is not the head"));
    assert!(wrong(&head.replace("talks", "walks"), &columns).starts_with("the file is not that of this"));
    let version = head.replace("\"version\": 1,", "\"version\": 9,");
    assert_eq!(wrong(&version, &columns), "the data set is of version 9, and this program reads version 1");
    let order = head.replace("little-endian", "big-endian");
    assert!(wrong(&order, &columns).contains("byte order"));
    let path = head.replace("columns.bin", "../columns.bin");
    assert_eq!(wrong(&path, &columns), "the name of the file of columns is none");
}

/// What is found to be damaged only when it is read: no answer is given from then on.
#[test]
fn damage_within_the_columns_is_told_when_they_are_read() {
    let (head, mut columns) = written(&bare());
    let body = columns.len() - 12;
    columns[..body].fill(0xff);
    let store = open_imported("copy", head.as_bytes(), columns.into()).expect("only the trailer is looked at");
    let session = Session::new(store, days(2024, 7, 11)).expect("it has no derived fields");
    let trouble = session.ask("events").expect_err("it is damaged");
    assert_eq!(trouble.diagnostics[0].code.text(), "D0401");
    assert!(trouble.diagnostics[0].message.contains("demarche import"), "{trouble}");
}

/// How many cases are tried of each data set, unless `DEMARCHE_CASES` says.
fn cases(usual: usize) -> usize {
    std::env::var("DEMARCHE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A small generator: the same numbers on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Asks what opens of these two files everything; whatever comes of it, it is no panic.
fn try_all(head: &str, columns: &[u8]) -> bool {
    let Ok(store) = open_imported("copy", head.as_bytes(), Bytes::copy_from_slice(columns)) else { return false };
    let Ok(session) = Session::new(store, days(2024, 7, 11)) else { return false };
    for question in questions(&session) {
        answer(&session, &question);
    }
    true
}

#[test]
fn no_bytes_in_the_columns_make_it_panic() {
    let mut random = Random(1);
    for store in [bare(), built_in()] {
        let (head, columns) = written(&store);
        let body = columns.len() - 12;
        for round in 0..cases(12) {
            let mut damaged = columns.clone();
            for _ in 0..=random.below(6) * 40 {
                let at = random.below(body);
                let length = (1 + random.below(if round % 3 == 0 { 4000 } else { 8 })).min(body - at);
                let byte = [0, 1, 0x7f, 0x80, 0xff, random.below(256) as u8][random.below(6)];
                damaged[at..at + length].fill(byte);
            }
            assert!(try_all(&head, &damaged), "only the trailer is looked at");
        }
    }
}

#[test]
fn no_head_makes_it_panic() {
    let mut random = Random(2);
    for store in [bare(), built_in()] {
        let (head, columns) = written(&store);
        let numbers: Vec<(usize, usize)> = numbers(&head);
        let mut opened = 0;
        for _ in 0..cases(30) {
            let (start, end) = numbers[random.below(numbers.len())];
            let number = ["0", "1", "2", "3", "63", "65535", "4294967296", "18446744073709551615"][random.below(8)];
            let damaged = format!("{}{number}{}", &head[..start], &head[end..]);
            // The trailer is made to fit, as whoever damages a head on purpose would.
            let mut sum = flate2::Crc::new();
            sum.update(damaged.as_bytes());
            let mut columns = columns.clone();
            let at = columns.len() - 4;
            columns[at..].copy_from_slice(&sum.sum().to_le_bytes());
            opened += usize::from(try_all(&damaged, &columns));
        }
        assert!(opened > 0, "no damage was looked past");
    }
}

/// Where the numbers of a JSON text stand that are values.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let starts = text.match_indices(": ").map(|(place, _)| place + 2);
    let end = |start: usize| start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
    starts.map(|start| (start, end(start))).filter(|(start, end)| start < end).collect()
}
