//! The prompt as a person has it: the program in a pseudo-terminal, keys in, what is seen out; and the same without one.
#![cfg(all(unix, feature = "repl"))]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rexpect::reader::Options;
use rexpect::session::{PtySession, spawn_with_options};

/// Long enough for the slowest machine; nothing waits for it that works.
const PATIENCE: u64 = 120_000;
const PROMPT: &str = "demarche> ";
const ENTER: &str = "\r";
const TAB: &str = "\t";
const UP: &str = "\x1b[A";
/// What is written when a line is read and the terminal is as it was: from here on, Ctrl-C is a signal.
const LINE_IS_READ: &str = "\x1b[?2004l";

/// An empty folder of this name.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repl").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn program(state: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(["--today", "2024-07-11"]).args(arguments);
    command.env("XDG_STATE_HOME", state).env("TERM", "xterm").env("COLUMNS", "100").env_remove("NO_COLOR");
    command.current_dir(state);
    command
}

/// The program in a pseudo-terminal, at its first prompt.
struct Terminal(PtySession);

impl Terminal {
    fn start(state: &Path, arguments: &[&str]) -> Self {
        Self::start_with(state, arguments, true)
    }

    fn start_with(state: &Path, arguments: &[&str], strip: bool) -> Self {
        let options = Options::new().timeout_ms(Some(PATIENCE)).strip_ansi_escape_codes(strip);
        let session = spawn_with_options(program(state, arguments), options).expect("the program starts");
        let mut terminal = Self(session);
        terminal.sees(PROMPT);
        terminal
    }

    fn keys(&mut self, keys: &str) {
        self.0.send(keys).expect("the keys are taken");
        self.0.flush().expect("the keys are taken");
    }

    /// Types an entry and sends it off.
    fn enter(&mut self, entry: &str) {
        self.keys(entry);
        self.keys(ENTER);
    }

    /// Waits for a text; gives what was seen before it.
    fn sees(&mut self, text: &str) -> String {
        self.0.exp_string(text).unwrap_or_else(|error| panic!("no {text:?}: {error}"))
    }

    fn ends(&mut self) {
        self.0.exp_eof().expect("the program ends");
    }
}

#[test]
fn a_question_is_answered() {
    let mut terminal = Terminal::start(&folder("answer"), &[]);
    terminal.enter("meetings since 2024-05-07 | count by venue");
    terminal.sees("told from the side of Vladimir Putin");
    terminal.sees("abroad");
    terminal.sees("2 rows");
    terminal.sees(PROMPT);
    terminal.enter(":quit");
    terminal.ends();
}

#[test]
fn an_entry_goes_on_until_it_is_finished() {
    let mut terminal = Terminal::start(&folder("lines"), &[]);
    terminal.enter("meetings where venue = home |");
    terminal.enter("count");
    terminal.sees("1 row\r\n");
    terminal.enter("let long = \"a");
    terminal.enter("b\"");
    terminal.sees("long is bound");
}

#[test]
fn keys_typed_ahead_are_not_lost() {
    let mut terminal = Terminal::start(&folder("ahead"), &[]);
    terminal.keys("meetings | count\rvisits since 2024-05-07 | count\r:quit\r");
    terminal.sees("27\r\n");
    terminal.sees("6\r\n");
    terminal.ends();
}

#[test]
fn tab_completes_a_word_a_field_and_a_value() {
    let mut terminal = Terminal::start(&folder("tab"), &[]);
    terminal.keys("meetings whe");
    terminal.keys(TAB);
    terminal.sees("where");
    terminal.keys(" ven");
    terminal.keys(TAB);
    terminal.sees("venue");
    terminal.enter(" = abroad | count");
    terminal.sees("16\r\n");
    terminal.keys("meetings with erd");
    terminal.keys(TAB);
    terminal.sees("\"Recep Tayyip Erdogan\"");
    terminal.enter(" | select leader");
    terminal.sees("Recep Tayyip Erdogan\r\n");
    terminal.keys("meetings | s");
    terminal.keys(TAB);
    terminal.sees("Those columns alone");
    terminal.keys("kip 26 | count");
    terminal.enter("");
    terminal.sees("1\r\n");
    terminal.keys(":fo");
    terminal.keys(TAB);
    terminal.enter("jsonl");
    terminal.sees("answers are written as jsonl");
}

#[test]
fn commands_explain_and_set() {
    let mut terminal = Terminal::start(&folder("commands"), &[]);
    terminal.enter(":help");
    terminal.sees(":help stages");
    terminal.sees(":schema [NAME]");
    terminal.enter(":help gap");
    terminal.sees("gap by a, b: a stage");
    terminal.enter(":schema");
    terminal.sees("People who lead a country.");
    terminal.enter(":schema venue");
    terminal.sees("By telephone or video, in no place.");
    terminal.enter(":describe Global South");
    terminal.sees("Group of 77");
    terminal.enter(":schma");
    terminal.sees("did you mean `:schema`?");
    terminal.enter(":format json");
    terminal.sees("answers are written as json");
    terminal.enter("meetings | count");
    terminal.sees("{\"count\":27}");
    terminal.enter(":timer on");
    terminal.sees("the timer is on");
    terminal.enter("visits | count");
    terminal.sees("{\"count\":");
    terminal.0.exp_regex("[0-9.]+ m?s\r\n").expect("the time is told");
    terminal.enter(":timer off");
    terminal.sees("the timer is off");
    terminal.enter(":q");
    terminal.ends();
}

#[test]
fn the_last_query_is_explained() {
    let mut terminal = Terminal::start(&folder("explained"), &[]);
    terminal.enter(":why putin-china");
    terminal.sees("nothing was asked yet");
    terminal.enter(":explain");
    terminal.sees("nothing was asked yet");
    terminal.enter("visits | count; visits where venue = abroad since 2024-06");
    terminal.sees("3 rows");
    terminal.enter(":explain");
    terminal.sees("Visits of Vladimir Putin held abroad, since 2024-06.");
    terminal.sees("Scan events of kind visit");
    terminal.keys(":why putin-ch");
    terminal.keys(TAB);
    terminal.enter("");
    terminal.sees("`putin-china` is not in the answer");
    terminal.sees("date is 2024-05-16");
    terminal.keys(":explain meetings where ven");
    terminal.keys(TAB);
    terminal.enter("= home");
    terminal.sees("Meetings of Vladimir Putin held at home.");
    terminal.enter(":why nobody");
    terminal.sees("no row of `events` has the id `nobody`");
    terminal.enter(":q");
    terminal.ends();
}

#[test]
fn a_mistake_is_helped_and_the_session_goes_on() {
    let mut terminal = Terminal::start(&folder("mistake"), &[]);
    terminal.enter("meetings where venue = abord | count");
    terminal.sees("D0204");
    terminal.sees("did you mean `abroad`?");
    terminal.enter("meetings where venue = abroad | count");
    terminal.sees("16\r\n");
    terminal.enter("expect \"many\": (meetings | count) > 100");
    terminal.sees("many");
    terminal.enter("meetings | count");
    terminal.sees("27\r\n");
}

#[test]
fn a_file_is_used_from_the_current_folder_and_read_again() {
    let state = folder("use");
    fs::write(state.join("names.dmq"), "let trips = visits since 2024-05-07\n").expect("it is written");
    let mut terminal = Terminal::start(&state, &[]);
    terminal.enter("use \"names.dmq\"");
    terminal.sees("trips is bound");
    terminal.enter("trips | count");
    terminal.sees("6\r\n");
    fs::write(state.join("names.dmq"), "let journeys = visits since 2024-05-07\n").expect("it is written");
    terminal.enter("use \"names.dmq\"");
    terminal.sees("journeys is bound");
    terminal.enter("use \"other.dmq\"");
    terminal.sees("`other.dmq`");
}

#[test]
fn ctrl_c_clears_the_line() {
    let mut terminal = Terminal::start(&folder("clear"), &[]);
    terminal.keys("meetings with");
    terminal.sees("meetings with");
    terminal.0.send_control('c').expect("it is sent");
    terminal.sees(PROMPT);
    terminal.enter("meetings | count");
    terminal.sees("27\r\n");
}

#[test]
fn ctrl_c_stops_a_query_and_the_session_answers_after_it() {
    let state = folder("stop");
    let data = state.join("long.csv");
    let rows = (0..50_000).map(|row| format!("2024-01-{:02},row {row} of many\n", row % 28 + 1));
    fs::write(&data, format!("date,text\n{}", rows.collect::<String>())).expect("it is written");
    let data = data.display().to_string();
    let mut terminal = Terminal::start_with(&state, &["--data", &data, "--color", "never"], false);
    terminal.enter("events where text contains (events | take 2000 | select text) | count");
    terminal.sees(LINE_IS_READ);
    terminal.0.send_control('c').expect("it is sent");
    terminal.sees("D0304");
    terminal.sees(PROMPT);
    terminal.enter("events | count");
    terminal.sees("50000\r\n");
}

#[test]
fn a_long_reading_is_shown_and_ctrl_c_stops_it() {
    let state = folder("reading");
    let data = state.join("long.csv");
    let rows: String = (1..=28).map(|day| format!("2024-01-{day:02},\"one, row\",of many;others\n")).collect();
    fs::write(&data, format!("date,text,list\n{}", rows.repeat(60_000))).expect("it is written");
    let data = data.display().to_string();
    let options = Options::new().timeout_ms(Some(PATIENCE)).strip_ansi_escape_codes(true);
    let session = spawn_with_options(program(&state, &["--data", &data]), options).expect("the program starts");
    let mut terminal = Terminal(session);
    terminal.sees("Reading");
    terminal.0.send_control('c').expect("it is sent");
    terminal.sees("stopped while it was read");
    terminal.ends();
}

#[test]
fn history_is_kept_in_the_state_folder_and_recalled() {
    let state = folder("history");
    let mut terminal = Terminal::start(&state, &[]);
    terminal.enter("visits since 2024-05-07 |");
    terminal.enter("count");
    terminal.sees("6\r\n");
    terminal.sees(PROMPT);
    terminal.0.send_control('d').expect("it is sent");
    terminal.ends();
    let kept = fs::read_to_string(state.join("demarche/history.txt")).expect("there is a history");
    assert!(kept.contains("visits since 2024-05-07 |\\ncount"), "{kept}");
    let here: Vec<_> = fs::read_dir(&state).expect("it can be read").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(here, ["demarche"]);

    let mut terminal = Terminal::start(&state, &[]);
    terminal.keys(UP);
    terminal.sees("visits since 2024-05-07 |");
    terminal.keys(ENTER);
    terminal.sees("6\r\n");
    terminal.sees(PROMPT);
    terminal.enter(":quit");
    terminal.ends();
    let kept = fs::read_to_string(state.join("demarche/history.txt")).expect("there is a history");
    assert_eq!(kept.matches("visits since").count(), 1, "{kept}");
}

#[test]
fn colour_is_as_the_terminal_the_environment_and_the_flag_say() {
    let state = folder("colour");
    let painted = "\x1b[";
    let mut terminal = Terminal::start_with(&state, &[], false);
    terminal.enter("meetings | count");
    assert!(terminal.sees("27\r\n").contains("\x1b[1m"), "names of columns are bold");
    let mut terminal = Terminal::start_with(&state, &["--color", "never"], false);
    terminal.enter("meetings | count");
    assert!(!terminal.sees("27\r\n").contains("\x1b[1m"));

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
