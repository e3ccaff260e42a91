//! Import and export as a user meets them: what they write, that it is whole or not there, and that it is read again.

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
    let (data, rows) = (folder.join("data"), folder.join("rows.parquet"));
    let limited = |arguments: &[&str]| {
        let line = format!("ulimit -f 64; exec \"$0\" \"$@\" --data {}", text(&source));
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_demarche")]).args(arguments);
        told(shell.output().expect("the shell starts"))
    };
    for arguments in [["import", text(&source), "-o", text(&data)], ["export", "events", "-o", text(&rows)]] {
        let (_, error, code) = limited(&arguments);
        assert!(code == 2 && error.contains("D0414") && error.contains("cannot be written"), "{error}");
        assert_eq!(names(&folder), ["talks.csv"], "{arguments:?}");
    }
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

#[test]
fn exported_rows_answer_as_their_source() {
    let folder = folder("rows");
    let source = planted(&folder, 60);
    let expected = answers(&source);
    for file in ["all.csv", "all.jsonl", "all.parquet"] {
        let target = folder.join(file);
        well(&["--data", text(&source), "export", "-o", text(&target), "--exact"]);
        assert_eq!(answers(&target), expected, "{file}");
        let (_, error, code) = run(&["--data", text(&source), "export", "events", "-o", text(&target)]);
        assert!(code == 2 && error.contains("D0414") && error.contains("--force"), "{error}");
        well(&[
            "--data",
            text(&source),
            "export",
            "events | select id, date, kind, hours, topics, summary",
            "-o",
            text(&target),
            "--force",
            "--exact",
        ]);
        assert_eq!(answers(&target), expected, "{file} of a query");
    }
    assert_eq!(names(&folder), ["all.csv", "all.jsonl", "all.parquet", "talks.csv"]);
}

#[test]
fn a_whole_data_set_is_a_folder_with_a_file_for_each_table() {
    let folder = folder("whole");
    for format in ["csv", "jsonl", "parquet"] {
        let target = folder.join(format);
        well(&["export", "--format", format, "-o", text(&target)]);
        let files = names(&target);
        let has = |name: &str| files.contains(&format!("{name}.{format}"));
        assert!(["events", "leaders", "places", "countries", "memberships"].iter().all(|name| has(name)), "{files:?}");
        assert_eq!(has("events_participants") && has("kind"), format == "parquet", "{files:?}");
        let events = target.join(format!("events.{format}"));
        let count = |data: &str, source: &str| {
            well(&["--data", data, "ask", &format!("{source} where status = held | count"), "--format", "csv"])
        };
        if format != "parquet" {
            assert_eq!(count(text(&events), "events"), count("putin-2024", "events of anyone"));
        }
    }
    let (_, error, code) = run(&["export", "-o", text(&folder.join("all.csv"))]);
    assert!(code == 2 && error.contains("tables, and this is one file"), "{error}");
    let (_, error, code) = run(&["export", "events", "-o", text(&folder.join("all"))]);
    assert!(code == 2 && error.contains(".parquet"), "{error}");
    let (_, error, code) = run(&["ask", "events", "--format", "parquet"]);
    assert!(code == 2 && error.contains("demarche export"), "{error}");
}

#[test]
fn a_star_joins_by_its_keys() {
    let folder = folder("star");
    well(&["export", "--format", "parquet", "-o", text(&folder.join("star"))]);
    let rows = |file: &str, query: &str| {
        let path = folder.join("star").join(file);
        let json = well(&["--data", text(&path), "ask", query, "--format", "json"]);
        serde_json::from_str::<Vec<serde_json::Value>>(&json).expect("it is JSON")
    };
    let kinds = rows("kind.parquet", "events | select key, name");
    let events = rows("events.parquet", "events | count by kind_key | sort kind_key");
    let named = |key: &serde_json::Value| {
        kinds.iter().find(|kind| kind["key"] == *key).expect("the key is there")["name"].clone()
    };
    let mut joined: Vec<(serde_json::Value, serde_json::Value)> =
        events.iter().map(|row| (named(&row["kind_key"]), row["count"].clone())).collect();
    let source = well(&[
        "ask",
        "events of anyone where status in (held, planned, cancelled) | count by kind",
        "--format",
        "json",
    ]);
    let source: Vec<serde_json::Value> = serde_json::from_str(&source).expect("it is JSON");
    let mut expected: Vec<_> = source.iter().map(|row| (row["kind"].clone(), row["count"].clone())).collect();
    joined.sort_by_key(|(kind, _)| kind.to_string());
    expected.sort_by_key(|(kind, _)| kind.to_string());
    assert_eq!(joined, expected);
}

/// A data set of two people whose names are hard to write.
fn hard_names(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    fs::create_dir_all(&data).expect("the folder can be made");
    let manifest = serde_json::json!({"name": "hard", "title": "Hard", "description": "Hard names.", "as_of": "2024-07-11",
        "licence": "CC0-1.0", "kinds": [{"name": "meeting", "plural": "meetings", "sides": "symmetric", "meaning": "A meeting."}],
        "fields": [
            {"name": "id", "type": "text", "cardinality": "one", "meaning": "Its id."},
            {"name": "kind", "type": "symbol", "cardinality": "one", "meaning": "Its kind."},
            {"name": "date", "type": "date", "cardinality": "one", "meaning": "When."},
            {"name": "participants", "type": "leader", "cardinality": "many", "meaning": "Who."},
            {"name": "actor", "type": "leader", "cardinality": "one", "meaning": "Whose side."},
            {"name": "leader", "type": "leader", "cardinality": "many", "meaning": "The others."},
        ], "symbols": [], "show": ["date", "participants"]});
    let names = ["A \"<&>\"\u{7}\\\n'", "Б é"];
    let leaders: String = names.iter().map(|name| format!("{}\n", serde_json::json!({"name": name}))).collect();
    let event = |id: &str, date: &str| {
        format!(
            "{}\n",
            serde_json::json!({"id": id, "kind": "meeting", "date": date, "participants": names, "actor": names[0]})
        )
    };
    fs::write(data.join("dataset.json"), manifest.to_string()).expect("it can be written");
    fs::write(data.join("leaders.jsonl"), leaders).expect("it can be written");
    fs::write(data.join("events.jsonl"), event("a", "2024-05") + &event("b", "2024-06-02")).expect("it can be written");
    data
}

#[test]
fn a_network_escapes_what_its_format_gives_a_meaning() {
    let folder = folder("network");
    let data = hard_names(&folder);
    let written = |file: &str| {
        well(&["--data", text(&data), "export", "meetings of anyone", "-o", text(&folder.join(file))]);
        fs::read_to_string(folder.join(file)).expect("it is text")
    };
    let triples = written("network.nt");
    let expected = [
        r#"<urn:demarche:name:A%20%22%3C%26%3E%22%07%5C%0A%27> <http://www.w3.org/2000/01/rdf-schema#label> "A \"<&>\"\u0007\\\n'" ."#,
        r#"<urn:demarche:name:%D0%91%20%C3%A9> <http://www.w3.org/2000/01/rdf-schema#label> "Б é" ."#,
        r"<urn:demarche:link:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:demarche:Link> .",
        r"<urn:demarche:link:1> <urn:demarche:member> <urn:demarche:name:A%20%22%3C%26%3E%22%07%5C%0A%27> .",
        r"<urn:demarche:link:1> <urn:demarche:member> <urn:demarche:name:%D0%91%20%C3%A9> .",
        r#"<urn:demarche:link:1> <urn:demarche:count> "2"^^<http://www.w3.org/2001/XMLSchema#integer> ."#,
        r#"<urn:demarche:link:1> <urn:demarche:first> "2024-05" ."#,
        r#"<urn:demarche:link:1> <urn:demarche:last> "2024-06-02"^^<http://www.w3.org/2001/XMLSchema#date> ."#,
    ];
    assert_eq!(triples.lines().collect::<Vec<_>>(), expected);
    let graph = written("network.graphml");
    assert!(
        graph.contains("<node id=\"n0\"><data key=\"name\">A &quot;&lt;&amp;&gt;&quot;\u{fffd}\\\n'</data></node>"),
        "{graph}"
    );
    assert!(
        graph.contains(
            "<edge source=\"n0\" target=\"n1\"><data key=\"count\">2</data><data key=\"first\">2024-05</data>"
        )
    );
    let (_, error, code) = run(&["export", "countries", "-o", text(&folder.join("wrong.nt"))]);
    assert!(code == 2 && error.contains("D02"), "{error}");
    assert_eq!(names(&folder), ["data", "network.graphml", "network.nt"]);
}
