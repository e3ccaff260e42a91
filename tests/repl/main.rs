//! The prompt as a person has it: the program in a pseudo-terminal, keys in, what the screen shows out; and the same without one.
#![cfg(all(unix, feature = "repl"))]

mod lessons;
mod screens;
mod terminal;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use terminal::{CTRL_C, CTRL_L, PROMPT, Terminal, folder, program};

const SIZE: (u16, u16) = (30, 100);
/// A wide screen and a narrow one.
const SIZES: [(u16, u16); 2] = [(24, 80), (12, 40)];

#[test]
fn keys_typed_ahead_are_not_lost() {
    let terminal = Terminal::at_prompt(&folder("ahead"), &[], SIZE);
    terminal.keys("meetings | count\rvisits since 2024-05-07 | count\r:quit\r");
    terminal.sees("27");
    terminal.sees(" 6");
    terminal.ends();
}

#[test]
fn a_file_is_used_from_the_current_folder_and_read_again() {
    let home = folder("use");
    fs::write(home.join("names.dmq"), "let trips = visits since 2024-05-07\n").expect("it is written");
    let terminal = Terminal::at_prompt(&home, &[], SIZE);
    terminal.enter("use \"names.dmq\"");
    terminal.sees("trips is bound");
    terminal.enter("trips | count");
    terminal.sees(" 6");
    fs::write(home.join("names.dmq"), "let journeys = visits since 2024-05-07\n").expect("it is written");
    terminal.enter("use \"names.dmq\"");
    terminal.sees("journeys is bound");
    terminal.enter("use \"other.dmq\"");
    terminal.sees("`other.dmq`");
}

#[test]
fn ctrl_c_clears_the_line() {
    let terminal = Terminal::at_prompt(&folder("clear"), &[], SIZE);
    terminal.keys("meetings with");
    terminal.sees("meetings with");
    terminal.keys(CTRL_C);
    terminal.sees(&format!("meetings with\n{PROMPT}"));
    terminal.enter("meetings | count");
    terminal.sees("27");
}

/// Each does most of its work somewhere else, and takes seconds where nothing is optimised.
const LONG: [&str; 4] = [
    "events where text contains (events | take 2000 | select text) | count",
    "events | sort text desc | take 1",
    "events | distinct text, number | count",
    "events | count by text, number | pivot number",
];
/// As a person feels it at once; the machine may be busy.
const SOON: Duration = Duration::from_millis(500);

#[test]
fn a_long_query_is_shown_and_ctrl_c_stops_it_and_the_session_answers_after_it() {
    let home = folder("stop");
    let row = |row: usize| format!("2024-01-{:02},row {row} of many,{}\n", row % 28 + 1, row * 31 % 1013);
    let rows: String = (0..100_000).map(row).collect();
    fs::write(home.join("long.csv"), format!("date,text,number\n{rows}")).expect("it is written");
    let terminals = SIZES.map(|size| Terminal::at_prompt(&home, &["--data", "long.csv"], size));
    for (terminal, query) in terminals.iter().flat_map(|terminal| LONG.map(|query| (terminal, query))) {
        terminal.keys(CTRL_L);
        terminal.enter(query);
        terminal.sees("Answering");
        let start = Instant::now();
        terminal.keys(CTRL_C);
        terminal.sees("interrupted");
        assert!(start.elapsed() < SOON, "it was stopped after {:?}: {query}", start.elapsed());
        terminal.enter("events where number = 1 | count");
        terminal.sees(" 98");
        assert!(!terminal.contents().contains("Answering"), "the bar is gone:\n{}", terminal.contents());
    }
}

#[test]
fn a_long_reading_is_shown_and_ctrl_c_stops_it() {
    let home = folder("reading");
    let rows: String = (1..=28).map(|day| format!("2024-01-{day:02},\"one, row\",of many;others\n")).collect();
    fs::write(home.join("long.csv"), format!("date,text,list\n{}", rows.repeat(60_000))).expect("it is written");
    for size in SIZES {
        let terminal = Terminal::start(program(&home, &["--data", "long.csv"]), size);
        terminal.sees("Reading");
        terminal.keys(CTRL_C);
        terminal.sees("stopped");
    }
}

#[test]
fn history_is_kept_in_the_state_folder_and_recalled() {
    let home = folder("kept");
    let file = home.join("state/demarche/history");
    let terminal = Terminal::at_prompt(&home, &[], SIZE);
    terminal.keys("visits since 2024-05-07 |\rcount\r");
    terminal.sees(" 6");
    terminal.leaves();
    let kept = fs::read_to_string(&file).expect("there is a history");
    assert!(kept.contains("visits since 2024-05-07 |\\ncount"), "{kept}");

    let terminal = Terminal::at_prompt(&home, &[], SIZE);
    terminal.keys("\x1b[A\r");
    terminal.sees(" 6");
    terminal.enter(":quit");
    terminal.ends();
    let kept = fs::read_to_string(&file).expect("there is a history");
    assert_eq!(kept.matches("visits since").count(), 1, "{kept}");
}

#[test]
fn two_sessions_at_once_keep_what_was_typed_in_both() {
    let home = folder("both");
    let sessions = [(); 2].map(|()| Terminal::at_prompt(&home, &[], SIZE));
    for round in 1..=3 {
        for (session, name) in sessions.iter().zip(["one", "two"]) {
            session.enter(&format!("let {name}{round} = {round}"));
            session.sees(&format!("{name}{round} is bound"));
        }
    }
    for session in sessions {
        session.leaves();
    }
    let kept = fs::read_to_string(home.join("state/demarche/history")).expect("there is a history");
    let entries: Vec<&str> = kept.lines().skip(1).collect();
    let typed: Vec<String> =
        (1..=3).flat_map(|round| ["one", "two"].map(|name| format!("let {name}{round} = {round}"))).collect();
    assert_eq!(entries, typed);
}

#[test]
fn what_is_copied_is_the_whole_answer() {
    let terminal = Terminal::at_prompt(&folder("clipboard"), &[], (12, 40));
    terminal.enter("meetings | select id, date");
    terminal.sees("`:all`");
    terminal.enter(":copy csv");
    terminal.sees("27 rows given to the clipboard as csv");
    let copied = terminal.clipboard();
    let expected = piped(&["--format", "csv"], "meetings | select id, date").0;
    assert_eq!(copied, base64(expected.as_bytes()));
}

#[test]
fn the_last_query_is_explained() {
    for size in [(24, 80), (40, 40)] {
        let terminal = Terminal::at_prompt(&folder(&format!("explained-{}", size.1)), &[], size);
        terminal.enter(":explain");
        terminal.sees("nothing was asked yet");
        terminal.enter("visits | count; visits where venue = abroad since 2024-06 | count");
        terminal.sees("    3");
        terminal.enter("it | where count > 2");
        terminal.sees("1 row\n\n");
        terminal.enter(":explain");
        terminal.sees("`it` is: Visits of Vladimir Putin held");
        terminal.sees("Filter count > 2");
        terminal.sees("Columns: count (int)");
        terminal.enter(":explain meetings where ven\t= home | count");
        terminal.sees("Meetings of Vladimir Putin held at home");
    }
}

/// By the definition of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = |chunk: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        let letter = move |at: usize| if at > chunk.len() { b'=' } else { LETTERS[bits >> (18 - 6 * at) & 63] };
        [0, 1, 2, 3].map(|at| char::from(letter(at)))
    };
    bytes.chunks(3).flat_map(letters).collect()
}

#[test]
fn a_saved_session_runs() {
    let home = folder("saved");
    let terminal = Terminal::at_prompt(&home, &[], SIZE);
    for entry in
        ["let trips = visits since 2024-05-07", "trips | count", "trps | count", "it | where count > 3", ":undo"]
    {
        terminal.enter(entry);
    }
    terminal.enter("expect \"six\": (it | select count) = 6");
    terminal.sees("holds: six");
    terminal.enter(":save session.dmq");
    terminal.sees("4 statements in session.dmq");
    let output = program(&home, &["--format", "csv", "run", "session.dmq"]).output().expect("it runs");
    let (answers, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(answers, "count\n6\ncount\n6\n", "{errors}");
    assert!(output.status.success() && errors.contains("1 of 1 expectations hold"), "{errors}");
}

#[test]
fn colour_is_as_the_terminal_the_environment_and_the_flag_say() {
    let state = folder("colour");
    let painted = "\x1b[";
    for (color, is_bold) in [("auto", true), ("never", false)] {
        let terminal = Terminal::at_prompt(&state, &["--color", color], SIZE);
        terminal.enter("meetings | count");
        terminal.sees("1 row");
        assert_eq!(terminal.is_bold("count"), is_bold, "names of columns are bold with {color}");
    }

    let ask = |color: &str, query: &str| {
        let output = program(&state, &["--color", color, "ask", query]).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8") + &String::from_utf8(output.stderr).expect("UTF-8")
    };
    let codes = regex::Regex::new("\x1b\\[[0-9;]*m").expect("it is a pattern");
    for query in ["meetings | count by venue", "meetings | cuont", "events where topics contains \"nuclear\" | cite"] {
        let (plain, colored) = (ask("never", query), ask("always", query));
        assert_eq!(plain, ask("auto", query));
        assert!(!plain.contains(painted) && colored.contains(painted), "{colored}");
        let stripped: Vec<String> =
            codes.replace_all(&colored, "").lines().map(|line| line.trim_end().into()).collect();
        assert_eq!(stripped, plain.lines().map(str::trim_end).collect::<Vec<_>>());
    }
}

/// The program with `input` on its standard input.
fn piped(arguments: &[&str], input: &str) -> (String, String, i32) {
    let state = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut command = program(state, arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("it starts");
    child.stdin.take().expect("it has an input").write_all(input.as_bytes()).expect("it reads");
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(stdout), text(stderr), status.code().expect("it ends by itself"))
}

#[test]
fn piped_questions_are_answered_without_a_prompt() {
    let (answers, errors, code) = piped(&["--format", "csv"], "meetings\n| count\nlet trips = visits\n");
    assert_eq!((answers.as_str(), code), ("count\n27\n", 0));
    assert!(errors.starts_with("told from the side of Vladimir Putin") && errors.lines().count() == 1, "{errors}");
    let (answers, _, code) = piped(&[], ":format json\nvisits since 2024-05-07 | count\n:help take\n");
    assert!(answers.contains("{\"count\":6}") && answers.contains("take N: a stage"), "{answers}");
    assert_eq!(code, 0);
}

#[test]
fn piped_mistakes_and_failed_expectations_have_their_exit_codes() {
    let (answers, errors, code) = piped(&[], "meetings | cuont\n");
    assert!(answers.is_empty() && errors.contains("did you mean `count`?"), "{errors}");
    assert_eq!(code, 2);
    assert_eq!(piped(&[], "expect (meetings | count) > 100\nmeetings | count\n").2, 1);
    assert_eq!(piped(&[], ":nothing\n").2, 2);
    assert_eq!(piped(&[], "").2, 0);
    let (_, errors, _) = piped(&["--format", "json"], "meetings | cuont");
    assert!(errors.starts_with("[{\"code\":\"D0101\""), "{errors}");
}
