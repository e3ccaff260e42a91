//! What is planted in data does nothing where it is shown: escape sequences in terminals, tags in HTML, marks and links in
//! Markdown, formulas in spreadsheets. The data set tests/data/planted has them in names, summaries, sources and meanings.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PLANTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/planted");

/// Queries that show all that is planted.
const QUERIES: [&str; 5] = [
    "meetings | cite",
    "meetings | select id, topics, summary, participants, actor, place | cite",
    "meetings | count by topics, leader",
    "leaders",
    "places | select name, country",
];

/// All that was printed, and the exit code.
fn run(arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).args(["--data", PLANTED, "--today", "2024-07-11", "--width", "100", "--color", "never"]);
    let output = command.env_remove("COLUMNS").stdin(Stdio::null()).output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// The answer of a run that goes well; nothing that it prints is obeyed by a terminal.
fn answer(arguments: &[&str]) -> String {
    let (output, errors, code) = run(arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {errors}");
    shows(&errors, arguments);
    shows(&output, arguments);
    output
}

/// No character of a text is one that a terminal obeys.
fn shows(text: &str, arguments: &[&str]) {
    let is_obeyed =
        |letter: char| letter.is_control() && !"\t\n".contains(letter) || "\u{202e}\u{2066}".contains(letter);
    assert_eq!(text.chars().find(|&letter| is_obeyed(letter)), None, "{arguments:?}:\n{text:?}");
}

#[test]
fn the_data_has_what_is_planted() {
    let events = fs::read_to_string(Path::new(PLANTED).join("events.jsonl")).expect("there are events");
    for planted in ["\\u001b[31m", "<script>", "\"+1; =cmd|", "![i](http://", "\\r=x"] {
        assert!(events.contains(planted), "{planted}");
    }
    let leaders = fs::read_to_string(Path::new(PLANTED).join("leaders.jsonl")).expect("there are leaders");
    for planted in ["\"=Focus()|\\u001b[2J\"", "<img", "\"@SUM", "\\u202e", "\"\\t=1+1 \\u009b31m\""] {
        assert!(leaders.contains(planted), "{planted}");
    }
}

#[test]
fn nothing_shown_is_obeyed_by_a_terminal() {
    for query in QUERIES {
        for format in ["table", "json", "jsonl", "csv", "tsv", "markdown", "html"] {
            answer(&["ask", query, "--format", format]);
            answer(&["ask", query, "--format", format, "--with-notes"]);
        }
        answer(&["explain", query]);
        answer(&["explain", query, "--format", "json"]);
    }
    for name in ["meetings", "summary", "status", "=Focus()|\u{1b}[2J", "leader", "work", "e2"] {
        answer(&["describe", name]);
        answer(&["describe", name, "--format", "json"]);
    }
    let about = answer(&["describe"]);
    assert!(about.contains("Planted \\u{1b}[31m<b>title</b>") && about.contains("\\u{202e} turned"), "{about}");
    let why = answer(&["explain", "meetings where place = \"-2+3|`\u{1b}[41m` &amp; **bold**\"", "--why", "e0"]);
    assert!(why.contains("\\u{1b}[41m"), "{why}");
}

#[test]
fn nothing_said_of_what_is_wrong_is_obeyed_by_a_terminal() {
    let wrong = [
        "meetings with \"=Focus()|[2\"",
        "meetings where place = bold",
        "meetings where leader = \"SUM(1)[a](javascript:b) x\"",
        "meetings where \u{1b}[31m = 1",
        "meetings where summary = \"\u{9b}31m\" and nowhere = 1",
        "meetings where summary = \"\u{2028}\u{7f}\u{202e}\" and nowhere = 1",
        "meetings where place = \"\u{9b}2J\"",
        "meetings where leader = ?",
    ];
    for query in wrong {
        for format in ["table", "json"] {
            let (output, errors, code) = run(&["ask", query, "--format", format]);
            assert_eq!(code, Some(2), "{query}: {output}{errors}");
            shows(&(output + &errors), &[query, format]);
        }
    }
    let script = folder("wrong").join("claim\u{1b}[31m.dmq");
    let text =
        "expect \"four \u{1b}[7m\": (meetings where place != \"\u{9b}\" | count) = 4\nmeetings where x\u{1b} = 1\n";
    fs::write(&script, text).expect("it can be written");
    let (output, errors, code) = run(&["run", script.to_str().expect("the path is text")]);
    assert_eq!(code, Some(2), "{errors}");
    shows(&(output + &errors), &["run"]);
    fs::write(&script, "expect \"four \u{1b}[7m\": (meetings | count) = 4").expect("it can be written");
    let (_, errors, code) = run(&["run", script.to_str().expect("the path is text")]);
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("four \\u{1b}[7m"), "{errors}");
    shows(&errors, &["run"]);
}

#[test]
fn a_spreadsheet_finds_no_formula() {
    for query in QUERIES {
        for (format, by) in [("csv", b','), ("tsv", b'\t')] {
            let text = answer(&["ask", query, "--format", format, "--with-notes"]);
            for cell in cells(&text, by) {
                assert!(!is_formula(&cell), "{query}: {cell:?}");
            }
            let exact = run(&["ask", query, "--format", format, "--exact"]).0;
            assert!(cells(&exact, by).iter().any(|cell| is_formula(cell)), "{query}: this test could not fail");
        }
    }
}

#[test]
fn numbers_stay_numbers() {
    let query =
        "meetings | take 1 | select a = -1, b = -2.5, c = date - date, d = \"-7\", e = \"+49\", f = \"-7 or so\"";
    assert_eq!(answer(&["ask", query, "--format", "csv"]), "a,b,c,d,e,f\n-1,-2.5,P0D,-7,+49,'-7 or so\n");
}

#[test]
fn a_program_can_have_each_text_as_it_is() {
    let query = "meetings | select summary";
    let json = answer(&["ask", query, "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("it is JSON");
    let texts: Vec<&str> = rows.iter().map(|row| row["summary"].as_str().expect("it is a text")).collect();
    assert_eq!(texts[0], "+1; =cmd|' /C calc'!A0");
    assert!(texts[2].contains("\r=x \u{1b}[31m"));
    for (format, by) in [("csv", b','), ("tsv", b'\t')] {
        let exact = run(&["ask", query, "--format", format, "--exact"]).0;
        assert_eq!(cells(&exact, by)[1..], texts);
    }
}

/// Only the tags of the table and its notes are tags.
#[test]
fn no_tag_comes_from_the_data() {
    for query in QUERIES {
        let html = answer(&["ask", query, "--format", "html", "--with-notes"]);
        let tags = html.split('<').skip(1).map(|tag| tag.split(['>', ' ']).next().unwrap_or_default());
        let known = ["table", "thead", "tbody", "tr", "th", "td", "p"];
        let foreign: Vec<&str> = tags.filter(|tag| !known.contains(&tag.trim_start_matches('/'))).collect();
        assert_eq!(foreign, [""; 0], "{html}");
        assert!(!html.contains("`\\u{1b}[41m` &amp; "), "{html}");
    }
}

/// Markdown with its escapes undone, and each mark of it that is left as an escape put before it would have hidden it.
#[test]
fn no_mark_comes_from_the_data() {
    for query in QUERIES {
        let markdown = answer(&["ask", query, "--format", "markdown", "--with-notes"]);
        let columns = markdown.lines().next().map(bars).expect("there is a head");
        for line in markdown.lines() {
            let bare = without_escapes(line);
            assert!(!bare.contains(['<', '`', '*', '[', ']']), "{line}");
            assert!(!line.starts_with('|') || bars(line) == columns, "{line}");
        }
    }
}

#[test]
fn exported_files_are_inert_too() {
    let folder = folder("export");
    let path = |name: &str| folder.join(name);
    let export = |query: &str, name: &str, exact: bool| {
        let target = path(name);
        let target = target.to_str().expect("the path is text");
        let exact = if exact { &["--exact"][..] } else { &[] };
        answer(&[&["export", query, "-o", target, "--force"], exact].concat());
        fs::read_to_string(target).expect("it is there")
    };
    for query in QUERIES {
        let csv = export(query, "rows.csv", false);
        shows(&csv, &[query]);
        assert_eq!(cells(&csv, b',').iter().find(|cell| is_formula(cell)), None);
        let exact = export(query, "exact.csv", true);
        assert!(cells(&exact, b',').iter().any(|cell| is_formula(cell)), "{query}");
        shows(&export(query, "rows.jsonl", false), &[query]);
    }
    for (name, is_xml) in [("network.nt", false), ("network.graphml", true)] {
        let network = export("meetings", name, false);
        shows(&network, &[name]);
        assert!(!is_xml || !network.contains("<img"), "{network}");
    }
    let target = path("whole");
    answer(&["export", "--format", "csv", "-o", target.to_str().expect("the path is text")]);
    for file in fs::read_dir(&target).expect("it is there") {
        let file = file.expect("it can be read").path();
        let csv = fs::read_to_string(&file).expect("it is text");
        shows(&csv, &["whole"]);
        assert_eq!(cells(&csv, b',').iter().find(|cell| is_formula(cell)), None, "{}", file.display());
    }
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inert").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The cells of CSV or TSV as a spreadsheet has them.
fn cells(text: &str, by: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(by).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("it can be read"));
    rows.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a spreadsheet would compute a cell.
fn is_formula(cell: &str) -> bool {
    cell.trim_start().starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err()
}

/// How many unescaped bars a line has.
fn bars(line: &str) -> usize {
    without_escapes(line).matches('|').count()
}

fn without_escapes(line: &str) -> String {
    let mut bare = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else {
            bare.push(letter);
        }
    }
    bare
}
