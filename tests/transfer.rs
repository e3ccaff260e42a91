//! Import as a user meets it: what it writes, that it is whole or not there, and that it is read again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).args(["--today", "2024-07-11", "--width", "100"]);
    command.stdin(Stdio::null());
    command
}

/// What was printed to standard output and to standard error, and the exit code.
fn run(arguments: &[&str]) -> (String, String, i32) {
    told(command(arguments).output().expect("the command starts"))
}

fn told(output: Output) -> (String, String, i32) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

/// A run that goes well.
fn well(arguments: &[&str]) -> String {
    let (out, error, code) = run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {error}");
    out
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("transfer").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A file of so many rows, some with what is hard to write.
fn planted(folder: &Path, rows: usize) -> PathBuf {
    let mut csv = csv::Writer::from_path(folder.join("talks.csv")).expect("the file can be made");
    csv.write_record(["id", "date", "kind", "hours", "topics", "summary"]).expect("it can be written");
    for row in 0..rows {
        let summary = HARD[row % HARD.len()].replace('#', &row.to_string());
        let (date, hours) = (["2024-05-16", "2024-06", ""][row % 3], ["3", "", "-7"][row % 3]);
        let record =
            [&format!("t{row}"), date, ["visit", "meeting"][row % 2], hours, ["gas;oil", "", "gas"][row % 3], &summary];
        csv.write_record(record).expect("it can be written");
    }
    csv.flush().expect("it can be written");
    folder.join("talks.csv")
}

const HARD: [&str; 6] = [
    "no. #, he said \"no\", twice",
    "two\nlines of #",
    "=SUM(A1:A9)#",
    "<a href=\"x\">&amp; ]]> #</a>",
    "a bell \u{7} and an end \u{1b}[0m #",
    "Łódź — мир #",
];

const QUESTIONS: [&str; 4] = [
    "events | select id, date, kind, hours, topics, summary | sort id",
    "events where summary contains \"=SUM\" and kind = visit | count",
    "events where topics = oil | summarize n = count(), h = sum(hours)",
    "events since 2024-05-17 | count by month",
];

/// The answers of a data set; in Parquet a column of dates that are not all days is one of texts unless it is said to be of dates.
fn answers(data: &Path) -> Vec<String> {
    let typed: &[&str] =
        if data.extension().is_some_and(|ending| ending == "parquet") { &["--type", "date=date"] } else { &[] };
    let ask = |question: &&str| well(&[&["--data", text(data), "ask", question, "--format", "json"], typed].concat());
    QUESTIONS.iter().map(ask).collect()
}

#[test]
fn an_import_answers_as_its_source_and_is_replaced_by_force_alone() {
    let folder = folder("import");
    let (source, data) = (planted(&folder, 600), folder.join("data"));
    let import = ["import", text(&source), "--type", "id=text", "-o", text(&data)];
    well(&import);
    assert_eq!(answers(&data), answers(&source));
    assert_eq!(names(&data).len(), 2);

    let (_, error, code) = run(&import);
    assert!(code == 2 && error.contains("D0414") && error.contains("--force"), "{error}");
    planted(&folder, 300);
    well(&[&import[..], &["--force"]].concat());
    assert_eq!(answers(&data), answers(&source));
    assert_eq!(names(&data).len(), 2, "the old columns are gone");
    assert_eq!(well(&["--data", text(&data), "ask", "events | count", "--format", "csv"]), "count\n300\n");

    let (_, error, code) = run(&["import", "us-diplomacy", "-o", text(&folder), "--force"]);
    assert!(code == 2 && error.contains("no imported data set"), "{error}");
    let (_, error, code) = run(&["--type", "id=text", "ask", "events"]);
    assert!(code == 2 && error.contains("--data events.csv"), "{error}");
}

#[test]
fn a_data_set_that_ships_is_imported_whole() {
    let folder = folder("shipped");
    let data = folder.join("data");
    well(&["import", "us-diplomacy", "-o", text(&data)]);
    for question in ["events | count by kind", "leaders | count by country", "describe"] {
        let asked = |data: &str| match question {
            "describe" => well(&["--data", data, "describe"]),
            question => well(&["--data", data, "ask", question]),
        };
        assert_eq!(asked(text(&data)), asked("us-diplomacy"));
    }
    let head = fs::read_to_string(data.join("imported.json")).expect("the head is text");
    assert!(head.contains("\"name\": \"us-diplomacy\"") && head.contains("little-endian"));

    fs::write(data.join("imported.json"), head.replace("\"version\": 1,", "\"version\": 2,"))
        .expect("it can be written");
    let (_, error, code) = run(&["--data", text(&data), "ask", "events | count"]);
    assert!(code == 2 && error.contains("D0413") && error.contains("version 2"), "{error}");
}

/// The command under a limit of the size of files, which a full disk is like: to write on is an error.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_whole_is_not_there() {
    let folder = folder("full");
    let source = planted(&folder, 20_000);
    let data = folder.join("data");
    let limited = |arguments: &[&str]| {
        let line = format!("ulimit -f 64; exec \"$0\" \"$@\" --data {}", text(&source));
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_demarche")]).args(arguments);
        told(shell.output().expect("the shell starts"))
    };
    let (_, error, code) = limited(&["import", text(&source), "-o", text(&data)]);
    assert!(code == 2 && error.contains("D0414") && error.contains("cannot be written"), "{error}");
    assert_eq!(names(&folder), ["talks.csv"]);
    well(&["import", text(&source), "-o", text(&data)]);
    let before = (names(&data), fs::read(data.join("imported.json")).expect("the head is there"));
    let (_, error, code) = limited(&["import", text(&source), "-o", text(&data), "--force"]);
    assert!(code == 2 && error.contains("D0414"), "{error}");
    assert_eq!((names(&data), fs::read(data.join("imported.json")).expect("the head is there")), before);
}

/// Whenever it is told to end, the old or the new data set is whole, and nothing else is there.
#[cfg(unix)]
#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    let folder = folder("stopped");
    let source = planted(&folder, 60_000);
    let data = folder.join("data");
    let mut stopped = 0;
    for tenths in 0..200 {
        let arguments = ["import", text(&source), "--type", "id=text", "-o", text(&data), "--force"];
        let mut child = command(&arguments).stderr(Stdio::null()).spawn().expect("the command starts");
        std::thread::sleep(Duration::from_millis(40 * tenths));
        let signal = ["-TERM", "-INT", "-HUP"][tenths as usize % 3];
        let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        let status = child.wait().expect("it ends");
        let left = names(&folder);
        if left == ["data", "talks.csv"] {
            assert_eq!(names(&data).len(), 2, "{tenths}");
            assert_eq!(well(&["--data", text(&data), "ask", "events | count", "--format", "csv"]), "count\n60000\n");
        } else {
            assert_eq!(left, ["talks.csv"], "{tenths}");
        }
        if status.success() {
            break;
        }
        stopped += 1;
    }
    assert!(stopped > 0 && data.exists(), "it was never stopped, or never done");
}
