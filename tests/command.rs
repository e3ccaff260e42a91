//! The command line as a user meets it: what it prints where, its exit codes, its files and its formats.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A run of the command with a fixed day, width and environment.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).args(["--today", "2024-07-11"]);
    command.env_remove("COLUMNS").env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// What was printed to standard output and to standard error, and the exit code.
fn run(arguments: &[&str]) -> (String, String, i32) {
    told(command(arguments).output().expect("the command starts"))
}

fn told(output: Output) -> (String, String, i32) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(output.stdout), text(output.stderr), output.status.code().expect("it ends by itself"))
}

/// A run with a text as standard input.
fn piped(arguments: &[&str], input: &[u8]) -> (String, String, i32) {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    child.stdin.take().expect("it has an input").write_all(input).expect("it reads its input");
    told(child.wait_with_output().expect("it ends"))
}

/// A folder of this test with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    folder
}

/// A run within such a folder.
fn run_in(folder: &PathBuf, arguments: &[&str]) -> (String, String, i32) {
    told(command(arguments).current_dir(folder).output().expect("the command starts"))
}

const QUERY: &str = "meetings with Xi | gap by leader | select date, region, occasion, gap, n = 1 / 2";

#[test]
fn answers_come_in_seven_formats() {
    let cases = [
        (
            "table",
            "told from the side of Vladimir Putin · as of 2024-07-11 · 1 planned left out
 date         region                       occasion                gap     n
─────────────────────────────────────────────────────────────────────────────
 2024-05-16   Asia, Eastern Asia, Global                                 0.5
              South
 2024-07-03   Asia, Eastern Asia, Global   sco-summit-astana   48 days   0.5
              South
2 rows

",
        ),
        (
            "json",
            r#"[
  {"date":"2024-05-16","region":["Asia","Eastern Asia","Global South"],"occasion":null,"gap":null,"n":0.5},
  {"date":"2024-07-03","region":["Asia","Eastern Asia","Global South"],"occasion":"sco-summit-astana","gap":"P48D","n":0.5}
]
"#,
        ),
        (
            "jsonl",
            r#"{"date":"2024-05-16","region":["Asia","Eastern Asia","Global South"],"occasion":null,"gap":null,"n":0.5}
{"date":"2024-07-03","region":["Asia","Eastern Asia","Global South"],"occasion":"sco-summit-astana","gap":"P48D","n":0.5}
"#,
        ),
        (
            "csv",
            "date,region,occasion,gap,n
2024-05-16,Asia; Eastern Asia; Global South,,,0.5
2024-07-03,Asia; Eastern Asia; Global South,sco-summit-astana,P48D,0.5
",
        ),
        (
            "tsv",
            "date\tregion\toccasion\tgap\tn
2024-05-16\tAsia; Eastern Asia; Global South\t\t\t0.5
2024-07-03\tAsia; Eastern Asia; Global South\tsco-summit-astana\tP48D\t0.5
",
        ),
        (
            "markdown",
            "| date | region | occasion | gap | n |
| --- | --- | --- | --: | --: |
| 2024-05-16 | Asia, Eastern Asia, Global South |  |  | 0.5 |
| 2024-07-03 | Asia, Eastern Asia, Global South | sco-summit-astana | 48 days | 0.5 |
",
        ),
        (
            "html",
            r#"<table>
<thead><tr><th class="date">date</th><th>region</th><th>occasion</th><th class="number">gap</th><th class="number">n</th></tr></thead>
<tbody>
<tr><td class="date">2024-05-16</td><td>Asia, Eastern Asia, Global South</td><td></td><td class="number"></td><td class="number">0.5</td></tr>
<tr><td class="date">2024-07-03</td><td>Asia, Eastern Asia, Global South</td><td>sco-summit-astana</td><td class="number">48 days</td><td class="number">0.5</td></tr>
</tbody>
</table>
"#,
        ),
    ];
    for (format, expected) in cases {
        let (output, notes, code) = run(&["ask", QUERY, "--format", format, "--width", "80"]);
        assert_eq!((output.as_str(), code), (expected, 0), "{format}");
        let has_notes = notes.contains("told from the side of Vladimir Putin");
        assert_eq!(has_notes, format != "table", "{format}: {notes}");
    }
}

#[test]
fn pictures_go_to_files() {
    let folder = folder("pictures", &[("two.dmq", "meetings | count by year | render bar\nvisits | render timeline")]);
    let drawn = "visits since 2024-05-07 | render timeline";
    let (out, error, code) = run_in(&folder, &["ask", drawn, "-o", "visits.svg", "--width", "400"]);
    assert_eq!((out.as_str(), error.as_str(), code), ("", "", 0));
    let svg = fs::read_to_string(folder.join("visits.svg")).expect("the file is there");
    assert!(svg.starts_with("<svg ") && svg.contains(" width=\"400\" ") && svg.ends_with("</svg>\n"), "{svg}");

    let (_, error, code) = run_in(&folder, &["ask", drawn, "-o", "visits.svg"]);
    assert!(code == 2 && error.contains("D0414") && error.contains("--force"), "{error}");
    assert_eq!(run_in(&folder, &["ask", drawn, "-o", "visits.svg", "--force"]).2, 0);
    assert_eq!(
        run_in(&folder, &["ask", drawn, "--format", "svg"]).0,
        fs::read_to_string(folder.join("visits.svg")).expect("it is there")
    );

    let (_, error, code) = run_in(&folder, &["ask", "visits | count", "-o", "none.svg"]);
    assert!(code == 2 && error.contains("no answer is drawn") && error.contains("render"), "{error}");
    let (_, error, code) = run_in(&folder, &["run", "two.dmq", "-o", "two.svg"]);
    assert!(code == 2 && error.contains("2 answers are drawn"), "{error}");
    let (_, _, code) = run_in(&folder, &["ask", "visits where venue = nowhere", "-o", "wrong.csv"]);
    assert_eq!(code, 2);
    assert_eq!(run_in(&folder, &["ask", "visits | count", "-o", "count.csv"]).2, 0);
    assert_eq!(fs::read_to_string(folder.join("count.csv")).expect("the file is there"), "count\n7\n");
    let mut left: Vec<String> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["count.csv", "two.dmq", "visits.svg"], "nothing else is written");
}

#[test]
fn notes_go_with_the_answer_where_asked() {
    let query = "visits of anyone in Russia where date >= 2024-05-23 and date < 2024-06 | count | cite";
    let (output, error, _) = run(&["ask", query, "--format", "csv", "--with-notes"]);
    assert!(output.contains("# 1 more possibly match") && error.is_empty(), "{output}{error}");
    let (output, error, _) = run(&["ask", query, "--format", "json", "--with-notes"]);
    let json: serde_json::Value = serde_json::from_str(&output).expect("it is JSON");
    assert_eq!(json["header"]["as_of"], "2024-07-11");
    assert!(json["notes"][0].as_str().is_some_and(|note| note.starts_with("1 more")) && error.is_empty());
    let (output, error, _) = run(&["ask", query, "--format", "markdown", "--with-notes"]);
    assert!(output.contains("1 more possibly match") && error.is_empty());
    let (output, error, _) = run(&["ask", query, "--format", "csv"]);
    assert!(!output.contains("possibly") && error.contains("1 more possibly match"));
}

#[test]
fn parameters_are_values() {
    let cases = [
        ("meetings with $x since 2024-05-07 | count", "x=Xi Jinping", "2"),
        ("meetings since $x | count", "x=2024-07-05", "2"),
        ("meetings since $x | count", "x=2024", "21"),
        ("meetings | take 1 | select a = $x + 1", "x=41", "42"),
        ("meetings | take 1 | select a = $x * 2", "x=0.25", "0.5"),
        ("meetings | take 1 | select a = if($x, 'yes', 'no')", "x=true", "yes"),
        ("meetings where summary = $x | count", "x=\" or 1 = 1", "0"),
    ];
    for (query, parameter, expected) in cases {
        let (output, error, code) = run(&["ask", query, "-p", parameter, "--format", "csv"]);
        assert_eq!((output.lines().nth(1), code), (Some(expected), 0), "{query} {parameter}: {error}");
    }
    let (_, error, code) = run(&["ask", "meetings", "-p", "x"]);
    assert!(code == 2 && error.contains("write it as name=value"), "{error}");
}

#[test]
fn today_width_and_data_are_said() {
    let (output, ..) = run(&["ask", "meetings | take 1 | select a = today", "--format", "csv"]);
    assert_eq!(output, "a\n2024-07-11\n");
    let narrow = run(&["ask", "meetings", "--width", "50"]).0;
    assert!(narrow.lines().skip(1).take(30).all(|line| line.chars().count() <= 50), "{narrow}");
    let folder = folder("data", &[("talks.csv", "date,who\n2024-01-01,Ann\n2024-01-02,Bo\n")]);
    let (output, _, code) = run_in(&folder, &["ask", "events | count", "--data", "talks.csv", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n2\n", 0));
    let (_, error, code) = run_in(&folder, &["ask", "events", "--data", "nowhere"]);
    assert!(code == 2 && error.starts_with("error[D0401]: the file cannot be read"), "{error}");
    let (_, error, code) = told(
        Command::new(env!("CARGO_BIN_EXE_demarche"))
            .args(["ask", "meetings", "--today", "soon"])
            .output()
            .expect("it starts"),
    );
    assert!(code == 2 && error.contains("`soon` is no day"), "{error}");
}

#[test]
fn errors_go_to_standard_error() {
    let (output, error, code) = run(&["ask", "meetings where venue = abord", "--width", "90"]);
    let expected = "\
error[D0204]: `venue` has no value `abord`
 --> query:1:24
  |
1 | meetings where venue = abord
  |                        ^^^^^ did you mean `abroad`? values: abroad, home, online
";
    assert_eq!((output.as_str(), error.as_str(), code), ("", expected, 2));
}

#[test]
fn errors_are_json_where_answers_are() {
    let query = "meetings\n  where ü = 1 and `ö` = abord | select dat";
    let (output, error, code) = run(&["ask", query, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&error).expect("it is JSON");
    let first = &json[0];
    assert_eq!((output.as_str(), code), ("", 2));
    assert_eq!(first["code"], "D0108");
    assert_eq!((&first["line"], &first["column"]), (&2.into(), &9.into()));
    assert_eq!((&first["start"], &first["end"]), (&17.into(), &19.into()));
    assert_eq!(first["file"], "query");
    assert!(json.as_array().is_some_and(|all| all.iter().any(|one| one["column"] == 19)), "{json}");
    let (_, error, code) = run(&["ask", "expect (meetings with Xi | count) > 3", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&error).expect("it is JSON");
    let sides = &json[0]["sides"];
    assert_eq!((&json[0]["code"], &sides[0]["value"], code), (&"D0305".into(), &2.into(), 1));
    assert_eq!(sides[0]["rows"].as_array().map(Vec::len), Some(2));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let escape = '\u{1b}';
    assert!(!run(&["ask", "meetngs"]).1.contains(escape));
    assert!(run(&["ask", "meetngs", "--color", "always"]).1.contains(escape));
    assert!(!run(&["ask", "meetngs", "--color", "never"]).1.contains(escape));
    let output = command(&["ask", "meetngs", "--color", "auto"]).env("NO_COLOR", "1").output().expect("it starts");
    assert!(!told(output).1.contains(escape));
}

#[test]
fn a_script_goes_on_after_a_failed_expectation() {
    let script = "expect \"ten\": (meetings with Xi | count) = 10\nexpect 1 = 1\nmeetings with Xi | count\n";
    let folder = folder("failed", &[("a.dmq", script)]);
    let (output, error, code) = run_in(&folder, &["run", "a.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n2\n", 1), "{error}");
    assert!(error.starts_with("error[D0305]: `ten` does not hold\n --> a.dmq:1:15\n"), "{error}");
    assert!(error.ends_with("1 of 2 expectations hold\n"), "{error}");
}

#[test]
fn a_statement_that_is_wrong_leaves_the_others() {
    let folder = folder(
        "wrong",
        &[
            (
                "names.dmq",
                "let term = meetings where venu = home\nterm | count\nvisits of Putin since 2024-05-07 | count\n",
            ),
            ("parse.dmq", "visits | count\nlet term = meetings with Kim Jong Un\nterm | take 1\n"),
        ],
    );
    let (output, error, code) = run_in(&folder, &["run", "names.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n6\n", 2));
    assert_eq!(error.matches("error[").count(), 1, "one cause, one message: {error}");
    let (output, error, code) = run_in(&folder, &["run", "parse.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("", 2), "nothing runs of what does not parse");
    assert_eq!(error.matches("error[").count(), 1, "{error}");
}

#[test]
fn several_files_share_their_names_and_an_unreadable_one_leaves_the_others() {
    let folder =
        folder("several", &[("a.dmq", "let term = meetings with Xi\n"), ("b.dmq", "term | count\n"), ("c.dmq", "")]);
    let (output, _, code) = run_in(&folder, &["run", "a.dmq", "c.dmq", "b.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n2\n", 0));
    let (output, error, code) = run_in(&folder, &["run", "a.dmq", "nowhere.dmq", "b.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n2\n", 2));
    assert!(error.contains("error[D0401]"), "{error}");
    let (output, error, code) = run_in(&folder, &["run", "c.dmq"]);
    assert_eq!((output.as_str(), error.as_str(), code), ("", "", 0));
}

#[test]
fn standard_input_is_a_file() {
    let (output, error, code) = piped(&["run", "-", "--format", "csv", "-p", "who=Xi"], b"meetings with $who | count");
    assert_eq!((output.as_str(), code), ("count\n2\n", 0), "{error}");
    let (_, error, code) = piped(&["run", "-"], b"meetngs");
    assert!(code == 2 && error.contains(" --> standard input:1:1"), "{error}");
    let (_, error, code) = piped(&["run", "-"], b"meetings\n# \xff\n");
    assert!(code == 2 && error.starts_with("error[D0409]") && error.contains(":2"), "{error}");
}

#[test]
fn files_use_files_once_and_never_in_a_circle() {
    let folder = folder(
        "use",
        &[
            ("main.dmq", "use \"lib/terms.dmq\"\nuse \"lib/../lib/terms.dmq\"\nterm | count\n"),
            ("lib/terms.dmq", "use \"more.dmq\"\nlet term = base with Xi\nvisits of Putin since 2024-05-07 | count\n"),
            ("lib/more.dmq", "let base = meetings\n"),
            ("a.dmq", "use \"b.dmq\"\nmeetings with Xi | count\n"),
            ("b.dmq", "use \"a.dmq\"\n"),
            ("lost.dmq", "use \"nowhere.dmq\"\n"),
            ("self.dmq", "use \"./self.dmq\"\n"),
        ],
    );
    let (output, error, code) = run_in(&folder, &["run", "main.dmq", "--format", "csv"]);
    assert_eq!((output.as_str(), code), ("count\n6\ncount\n2\n", 0), "{error}");
    let (output, error, code) = run_in(&folder, &["run", "./a.dmq", "--format", "csv"]);
    assert!(error.starts_with("error[D0212]: `a.dmq` is a file that uses this one\n --> b.dmq:1:5"), "{error}");
    assert_eq!((output.as_str(), code), ("count\n2\n", 2));
    let (_, error, code) = run_in(&folder, &["run", "self.dmq"]);
    assert!(code == 2 && error.starts_with("error[D0212]"), "{error}");
    let (_, error, code) = run_in(&folder, &["run", "lost.dmq"]);
    assert!(code == 2 && error.starts_with("error[D0401]: `nowhere.dmq` cannot be read"), "{error}");
    let (_, error, code) = run(&["ask", "use \"a.dmq\""]);
    assert!(code == 2 && error.contains("`use` stands in a query file"), "{error}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let many = "expect 1 = 1\ncountries | select name, region, capital\n".repeat(200);
    let folder = folder("pipe", &[("many.dmq", &many)]);
    let mut child = command(&["run", "many.dmq", "--format", "csv"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut output = BufReader::new(child.stdout.take().expect("it has an output"));
    let mut line = String::new();
    output.read_line(&mut line).expect("it prints a line");
    assert_eq!(line, "name,region,capital\n");
    drop(output);
    let mut error = String::new();
    child.stderr.take().expect("it has errors").read_to_string(&mut error).expect("they are text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(!error.contains("panicked") && !error.contains("Broken pipe"), "{error}");
}

#[test]
fn codes_and_plans_are_explained() {
    let (output, _, code) = run(&["explain", "d0204"]);
    assert_eq!(code, 0);
    assert!(output.starts_with("D0204: no such value\n\nA symbol or an entity is one of a known set"), "{output}");
    let (_, error, code) = run(&["explain", "D9999"]);
    assert!(code == 2 && error.contains("there is no code `D9999`"), "{error}");
    let (output, ..) = run(&["explain", "meetings where venue = abroad | count"]);
    assert!(output.starts_with("Meetings of Vladimir Putin held abroad; how many there are."), "{output}");
    assert!(output.contains("Filter") && output.contains("Scan events of kind meeting"), "{output}");
    let (output, ..) = run(&["explain", "--format", "json", "meetings where country = $c", "-p", "c=China"]);
    let explained: serde_json::Value = serde_json::from_str(&output).expect("it is JSON");
    assert_eq!(explained["steps"][0]["rows"], 2, "{output}");
    let (output, ..) = run(&["explain", "--why", "putin-china", "visits where country in BRICS"]);
    assert!(output.contains("`putin-china` is in the answer, in row 1 of 1"), "{output}");
    assert!(output.contains("China in BRICS from 2009-06-16"), "{output}");
    let (output, ..) = run(&["--format", "json", "explain", "--why", "putin-china", "meetings"]);
    let why: serde_json::Value = serde_json::from_str(&output).expect("it is JSON");
    let line = serde_json::json!({"name": "kind meeting", "kind": "no", "meaning": "its kind is visit"});
    assert_eq!(why[0]["lines"][0], line, "{output}");
    let (_, error, code) = run(&["explain", "--why", "putin-chin", "visits"]);
    assert!(code == 2 && error.contains("did you mean `putin-china`?"), "{error}");
}

#[test]
fn names_are_described() {
    let (output, _, code) = run(&["describe"]);
    assert_eq!(code, 0);
    for word in ["Vladimir Putin, May to July 2024", "as of", "focus", "meetings", "notes", "works cited"] {
        assert!(output.contains(word), "{word}: {output}");
    }
    let cases = [
        ("meetings", "meetings: a kind of events"),
        ("events", "participants"),
        ("venue", "Whether the actor was at home"),
        ("abroad", "abroad: a value of venue"),
        ("Путин", "Vladimir Putin: a leader"),
        ("Russia", "Moscow"),
        ("global south", "Membership of the Group of 77, or China."),
        ("BRICS", "members"),
        ("round", "round(number, digits): a function"),
        ("median", "median(x): an aggregate"),
        ("new term", "From 2024-05-07 to 2024-07-11."),
        ("article", "a work that events cite"),
    ];
    for (name, expected) in cases {
        let (output, error, code) = run(&["describe", name, "--width", "80"]);
        assert!(code == 0 && output.contains(expected), "{name}: {output}{error}");
        let longest = output.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(80), "{name}: {output}");
    }
    let (_, error, code) = run(&["describe", "vneue"]);
    assert!(code == 2 && error.contains("did you mean `venue`?"), "{error}");
}

#[test]
fn help_fits_a_screen_and_shows_examples() {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_demarche")).args(arguments).env("COLUMNS", "80").output();
        told(output.expect("it starts")).0
    };
    for flag in ["-h", "--help"] {
        let text = help(&[flag]);
        assert!(text.lines().count() <= 24 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("\n  demarche ask '"), "{text}");
    }
    for command in ["ask", "run", "import", "export", "report", "learn", "describe", "completions", "man"] {
        let (short, long) = (help(&[command, "-h"]), help(&[command, "--help"]));
        assert!(short.lines().count() <= 40 && short.lines().count() < long.lines().count(), "{short}");
        assert!(short.contains(&format!("\n  demarche {command}")), "{command}: {short}");
        assert!(short.contains("--data") && !short.contains("--preset") && long.contains("--preset"), "{short}");
    }
}

#[test]
fn shells_and_man_have_what_help_has() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (completions, error, code) = run(&["completions", shell]);
        assert_eq!((error.as_str(), code), ("", 0));
        for word in ["report", "learn", "preset", "us-diplomacy", "jsonl"] {
            let is_said = completions.contains(word) || word == "us-diplomacy" && shell == "bash";
            assert!(is_said, "{shell}: no {word}");
        }
    }
    let (page, error, code) = run(&["man"]);
    assert!(
        code == 0 && error.is_empty() && page.contains(".TH demarche 1") && page.contains("demarche\\-report(1)"),
        "{page}"
    );
    let target = folder("man", &[]).join("man1");
    let (output, error, code) = run(&["man", "-o", target.to_str().expect("the path is text")]);
    assert_eq!((output.as_str(), error.as_str(), code), ("", "", 0));
    let page = fs::read_to_string(target.join("demarche-report.1")).expect("each command has a page");
    assert!(
        page.contains("Make a page of a query file") && page.contains("demarche report examples/claims.dmq"),
        "{page}"
    );
}

/// Where bash is, it takes its completions.
#[test]
fn bash_completes() {
    let (completions, ..) = run(&["completions", "bash"]);
    let script = format!(
        "{completions}\nCOMP_WORDS=(demarche re); COMP_CWORD=1; _demarche demarche re demarche; echo \"${{COMPREPLY[@]}}\""
    );
    match Command::new("bash").args(["-c", &script]).output() {
        Ok(output) => assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "report"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
    }
}

/// A query file runs by itself by its first line, which the formatter keeps.
#[cfg(unix)]
#[test]
fn a_query_file_can_be_executed() {
    use std::os::unix::fs::PermissionsExt as _;
    let text = "#!/usr/bin/env -S demarche run\n# A claim.\nexpect \"27 meetings\": (meetings|count)=27\nmeetings with Xi|count\n";
    let folder = folder("executed", &[("claim", text)]);
    let file = folder.join("claim");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be made so");
    let programs = Path::new(env!("CARGO_BIN_EXE_demarche")).parent().expect("it has a folder");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let executed = || told(Command::new(&file).env("PATH", &path).output().expect("it starts"));
    let (output, error, code) = executed();
    assert!(
        code == 0 && output.contains("\n     2\n1 row") && error == "1 of 1 expectations hold\n",
        "{output}{error}"
    );
    assert_eq!(run_in(&folder, &["fmt", "claim"]).2, 0);
    let formatted = fs::read_to_string(&file).expect("it is there");
    assert!(formatted.starts_with("#!/usr/bin/env -S demarche run\n# A claim.\nexpect"), "{formatted}");
    assert_eq!(executed().2, 0, "it may still be executed");
    assert_eq!(run_in(&folder, &["check", "--deny-warnings", "claim"]).2, 0);
}

#[test]
fn help_says_what_there_is_and_slips_are_told() {
    for arguments in
        [&["--help"][..], &["ask", "--help"], &["run", "--help"], &["explain", "--help"], &["describe", "--help"]]
    {
        let (output, error, code) =
            told(Command::new(env!("CARGO_BIN_EXE_demarche")).args(arguments).output().expect("it starts"));
        assert!(code == 0 && output.contains("Usage: demarche") && error.is_empty(), "{arguments:?}: {output}");
    }
    let help = told(Command::new(env!("CARGO_BIN_EXE_demarche")).arg("--help").output().expect("it starts")).0;
    for word in ["ask", "run", "describe", "explain", "--data", "--format", "Exit code"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for arguments in [&["ask"][..], &["run"], &["ask", "meetings", "--colour"], &["ask", "meetings", "--format", "xml"]]
    {
        let (output, error, code) = run(arguments);
        assert!(code == 2 && output.is_empty() && !error.is_empty(), "{arguments:?}: {error}");
    }
}

#[test]
fn files_are_formatted_in_place() {
    let long = "meetings where region = \"Asia\" # so\n";
    let folder =
        folder("formatted", &[("loose.dmq", "meetings|count"), ("right.dmq", long), ("wrong.dmq", "meetings|cuont")]);
    let read = |file: &str| fs::read_to_string(folder.join(file)).expect("it is there");
    let time = |file: &str| fs::metadata(folder.join(file)).expect("it is there").modified().expect("it has a time");
    let files = ["loose.dmq", "right.dmq", "wrong.dmq"];
    let (written, before) = (files.map(read), time("right.dmq"));

    let (output, errors, code) = run_in(&folder, &["fmt", "--check", "right.dmq", "loose.dmq"]);
    assert_eq!(
        (output.as_str(), errors.as_str(), code),
        ("loose.dmq\n@@ line 1 @@\n-meetings|count\n+meetings | count\n", "", 1)
    );
    assert_eq!(files.map(read), written, "a check writes nothing");

    let (output, errors, code) = run_in(&folder, &["fmt", "loose.dmq", "right.dmq", "wrong.dmq"]);
    assert!(output.is_empty() && errors.contains("wrong.dmq:1:10") && errors.contains("`count`"), "{errors}");
    assert_eq!(code, 2);
    assert_eq!(files.map(read), ["meetings | count\n", long, "meetings|cuont"]);
    assert_eq!(time("right.dmq"), before, "a file that does not change is not written");
    assert_eq!(fs::read_dir(&folder).expect("it is there").count(), 3, "nothing is left beside the files");
    assert_eq!(run_in(&folder, &["fmt", "--check", "loose.dmq", "right.dmq"]), (String::new(), String::new(), 0));
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    assert_eq!(piped(&["fmt", "-"], b"meetings|count"), ("meetings | count\n".to_owned(), String::new(), 0));
    assert_eq!(piped(&["fmt", "--check", "-"], b"meetings | count\n").2, 0);
    assert_eq!(piped(&["fmt", "--check", "-"], b"meetings|count\n").2, 1);
    let (output, errors, code) = piped(&["fmt", "-"], b"meetings |");
    assert!(output.is_empty() && errors.contains("D0101"), "{errors}");
    assert_eq!(code, 2);
}

#[test]
fn files_are_checked_without_running() {
    let folder = folder(
        "checked",
        &[
            ("right.dmq", "meetings | count\n"),
            ("doubtful.dmq", "meetings where 1 = 1\n"),
            ("wrong.dmq", "use \"doubtful.dmq\"\nmeetings with $who where venue = abord\n"),
        ],
    );
    assert_eq!(run_in(&folder, &["check", "right.dmq"]), (String::new(), String::new(), 0));
    let (output, errors, code) = run_in(&folder, &["check", "doubtful.dmq"]);
    assert!(output.starts_with("warning[D0602]: `1 = 1` is true of every row\n --> doubtful.dmq:1:16\n"), "{output}");
    assert_eq!((errors.as_str(), code), ("", 0));
    assert_eq!(run_in(&folder, &["check", "--deny-warnings", "doubtful.dmq"]).2, 2);
    let (output, errors, code) =
        run_in(&folder, &["check", "--format", "json", "wrong.dmq", "doubtful.dmq", "lost.dmq"]);
    let found: serde_json::Value = serde_json::from_str(&output).expect("it is JSON");
    let found: Vec<[&str; 3]> = found
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|one| ["file", "severity", "code"].map(|field| one[field].as_str().expect("it is a text")))
        .collect();
    let expected =
        [["doubtful.dmq", "warning", "D0602"], ["wrong.dmq", "error", "D0204"], ["lost.dmq", "error", "D0401"]];
    assert_eq!(found, expected, "a file that another uses is told of once");
    assert_eq!((errors.as_str(), code), ("", 2));
    assert_eq!(run_in(&folder, &["check", "--format", "json", "right.dmq"]).0, "[]\n");
}

#[test]
fn a_data_set_that_ships_opens_by_its_name_and_a_name_near_it_is_told() {
    let (answer, _, code) = run(&["--data", "putin-2024", "ask", "meetings with Xi | count", "--format", "csv"]);
    assert_eq!((answer.as_str(), code), ("count\n2\n", 0));
    let (answer, _, code) = run(&["--data", "us-diplomacy", "ask", "visits of Putin | count", "--format", "csv"]);
    assert_eq!((answer.as_str(), code), ("count\n7\n", 0));
    let (_, error, code) = run(&["--data", "us-diplomaty", "ask", "visits | count"]);
    let expected = "error[D0401]: the file cannot be read: No such file or directory (os error 2)
 --> us-diplomaty
  = help: did you mean `us-diplomacy`, which comes with the program?
";
    assert_eq!((error.as_str(), code), (expected, 2));
    // What is there goes before what ships.
    let here = folder("shipped", &[("us-diplomacy", "{\"n\": 1}\n")]);
    let (_, error, code) = run_in(&here, &["--data", "us-diplomacy", "ask", "events | count"]);
    assert!(code == 2 && !error.contains("comes with the program"), "{error}");
}

#[test]
fn data_is_opened_from_many_files_with_types_and_presets() {
    let folder = folder(
        "formats",
        &[
            ("may.csv", "date,who,n\n2024-05-02,Ada,007\n"),
            ("june.csv", "n,date,who\n8,2024-06-02,Bo\n"),
            ("other/odd.csv", "day;who\n02.07.2024;Cy\n"),
            (
                "odd.json",
                r#"{"title": "odd", "header": true, "recognise": ["day"], "columns":
                    [{"name": "day", "field": "date", "type": "date", "dates": ["%d.%m.%Y"]}]}"#,
            ),
        ],
    );
    let ask = |arguments: &[&str], query: &str| {
        let (output, error, code) = run_in(&folder, &[arguments, &["ask", query, "--format", "csv"]].concat());
        assert_eq!(code, 0, "{arguments:?} {query}: {error}");
        output
    };
    let all = "events | select date, who, n";
    assert_eq!(ask(&["--data", "*.csv"], all), "date,who,n\n2024-05-02,Ada,007\n2024-06-02,Bo,8\n");
    assert_eq!(ask(&["--data", "may.csv", "--data", "june.csv"], "events | count"), "count\n2\n");
    assert_eq!(ask(&["--data", "*.csv", "--type", "n=int"], "events | select n"), "n\n7\n8\n");
    let odd = ["--data", "other/odd.csv", "--preset", "odd.json"];
    assert_eq!(ask(&odd, "events | select date, who"), "date,who\n2024-07-02,Cy\n");

    let (_, error, code) = run_in(&folder, &["--data", "other", "ask", "events"]);
    assert!(code == 2 && error.contains("it has one file: `--data 'other/odd.csv'`"), "{error}");
    let (_, error, code) = run_in(&folder, &["--data", "may.csv", "--data", "other", "ask", "events"]);
    assert!(code == 2 && error.contains("a folder does not go with other data"), "{error}");
    let (_, error, code) = run_in(&folder, &["--data", "may.csv", "--type", "n=number", "ask", "events"]);
    assert!(code == 2 && error.contains("`number` is no type of a column: text, int"), "{error}");
    let (_, error, code) = run_in(&folder, &["--data", "may.csv", "--preset", "odd", "ask", "events"]);
    assert!(code == 2 && error.contains("there is no preset `odd`") && error.contains("gdelt-1"), "{error}");
    let (_, error, code) = run_in(&folder, &["--data", "may.csv", "--preset", "odd.json", "ask", "events"]);
    assert!(code == 2 && error.contains("may.csv") && error.contains("it lacks `day`"), "{error}");

    let (described, _, code) = run_in(&folder, &["describe", "may.csv", "--width", "100"]);
    assert!(code == 0 && described.contains("the first `007`; text, as `007` has leading"), "{described}");
    let (described, _, _) = run_in(&folder, &["--data", "*.csv", "describe", "n"]);
    assert!(described.starts_with("n: a field of events, text"), "{described}");
}
