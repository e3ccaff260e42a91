//! The code blocks of Markdown pages: each runs, and under it stands what it gives.
//!
//! - `console`: lines `$ demarche …` or `$ cat FILE`, each followed by what it prints; lines `demarche> …` are typed at one
//!   prompt. Words in single quotes may have blanks.
//! - `sh`: commands of this program that must end well; `sh,written` are such that write, and run in a folder of their own.
//! - `demarche`: statements, those of one page in one session. A `text` block right after them is what they reply, mistakes
//!   included; without one they must answer. A `text,checked` block is what is doubtful in them, a `text,picture` block the
//!   answer drawn along time. It may be `:explain QUERY`, or `:why ID` of the query before, as at the prompt; the clock then
//!   goes on by a millisecond whenever it is looked at.
//! - `rust` runs with the documentation's tests, `text,recorded` stands in another test, `text,drawn` is drawn by hand, and
//!   `sql`, `eql` and `kql` are of other languages.
//!
//! `<!-- data: FILE -->` puts the blocks after it on another data set, `<!-- data: built-in -->` back on this one. Today
//! is 2024-07-11, the parameter `$who` is Xi, a table is at most 80 wide.

mod picture;

use std::cell::Cell;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use demarche::answer::Answer;
use demarche::dataset::{File, Options, built_in, read_file};
use demarche::render::{self, Format, descriptions, explanation, failure, holes, report};
use demarche::session::{Reply, Session};
use demarche::value::days;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WIDTH: usize = 80;
const PROMPT: &str = "demarche> ";

/// What a reader is told to type that no test can run from within itself.
const BY_HAND: [&str; 2] = ["cargo test", "cargo install --path ."];

/// Compares a page with what it should be, or writes it where `BLESS` is set.
pub fn compare(file: &Path, real: &str) {
    let shown = std::fs::read_to_string(file).unwrap_or_default();
    if std::env::var_os("BLESS").is_some() {
        if shown != real {
            std::fs::write(file, real).expect("the page can be written");
        }
        return;
    }
    if let Some((place, (shown, real))) =
        shown.lines().zip(real.lines()).enumerate().find(|(_, (one, other))| one != other)
    {
        panic!("{}:{}: BLESS=1 makes of\n{shown}\nthis:\n{real}", file.display(), place + 1);
    }
    assert!(shown == real, "{} is longer or shorter than it should be; BLESS=1 writes it", file.display());
}

/// The page with what its blocks really give; fails where one does not run.
pub fn real(page: &str) -> String {
    let parts: Vec<&str> = page.split("```").collect();
    let mut session = session(None);
    let mut replies = Vec::new();
    let mut asked = "";
    let mut told = String::new();
    let mut real = String::new();
    for (place, part) in parts.iter().enumerate() {
        if place % 2 == 0 {
            if let Some(data) = part.rsplit_once("<!-- data: ").and_then(|(_, rest)| rest.split_once(" -->")) {
                session = self::session((data.0 != "built-in").then_some(data.0));
            }
            real.push_str(part);
            continue;
        }
        let (language, block) = part.split_once('\n').expect("a fence has a language");
        let is_shown = parts.get(place + 2).is_some_and(|next| next.starts_with("text"));
        let is_shown = is_shown && parts[place + 1].trim().is_empty();
        let given = match language {
            "console" => console(block),
            "demarche" => {
                asked = block.trim_end();
                if let Some(about) = about(&session, asked) {
                    told = about;
                } else {
                    replies = session.run("query", asked, &load);
                    told = said(&replies);
                    let is_well = |reply: &Reply| matches!(reply, Reply::Answer(_) | Reply::Bound(_) | Reply::Met(_));
                    assert!(is_shown || replies.iter().all(is_well), "{block}\n{told}");
                }
                block.to_owned()
            }
            "text" => told.clone(),
            "text,checked" => session
                .check_script("query", asked, &load)
                .iter()
                .map(|trouble| report(trouble, false, WIDTH))
                .collect(),
            "text,picture" => picture::draw(&session, answer(&replies)),
            "sh" | "sh,written" => {
                let scratch = tempfile::tempdir().expect("a folder can be made");
                let folder = if language == "sh" { Path::new(ROOT) } else { scratch.path() };
                for line in block.lines().filter(|line| !BY_HAND.contains(line)) {
                    let (output, is_well) = run_in(folder, line, "");
                    assert!(is_well, "{line}\n{output}");
                }
                block.to_owned()
            }
            "rust" | "sql" | "eql" | "kql" | "text,recorded" | "text,drawn" => block.to_owned(),
            _ => panic!("no test runs a block of `{language}`"),
        };
        real.push_str(&format!("```{language}\n{given}```"));
    }
    real
}

/// What is said to `:explain QUERY`, and to `:why ID` after a query.
fn about(session: &Session, asked: &str) -> Option<String> {
    let lookups = Cell::new(0);
    let clock = || {
        lookups.set(lookups.get() + 1);
        Duration::from_millis(lookups.get())
    };
    let said = match asked.split_once(' ')? {
        (":explain", query) => {
            session.explain(query, &clock).map(|explained| explanation(&explained, Format::Table, false, WIDTH))
        }
        (":why", id) => session.last()?.why(id).map(|why| descriptions(&[why], false, WIDTH)),
        _ => return None,
    };
    Some(without_trailing_blanks(&said.unwrap_or_else(|trouble| report(&trouble, false, WIDTH))))
}

/// A session on a file, or on the built-in data.
pub fn session(file: Option<&str>) -> Session {
    let store = match file {
        None => built_in(),
        Some(name) => {
            let bytes = std::fs::read(Path::new(ROOT).join(name)).expect("the file of data is there");
            read_file(File { name: name.to_owned(), bytes: bytes.into() }, &Options::default()).expect("it is right").0
        }
    };
    let mut session = Session::new(store, days(2024, 7, 11)).expect("fields are expressions");
    session.parameters.insert("who".to_owned(), "Xi".into());
    session
}

fn load(_: &str, path: &str) -> Result<(String, String), String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/data").join(path));
    text.map(|text| (path.to_owned(), text)).map_err(|_| format!("`{path}` cannot be read: there is no such file"))
}

/// What the prompt says to statements, without blanks at the ends of lines; an empty line after what has several.
pub fn said(replies: &[Reply]) -> String {
    let said = replies.iter().map(|reply| match reply {
        Reply::Answer(answer) => render::answer(answer, Format::Table, false, false, WIDTH),
        Reply::Bound(name) => format!("{name} is bound\n"),
        Reply::Met(sentence) => format!("holds: {sentence}\n"),
        Reply::Failed(failed) => failure(failed, false, WIDTH),
        Reply::Wrong(trouble) => report(trouble, false, WIDTH),
        Reply::Holes(found) => holes(found, Format::Table, false, WIDTH),
    });
    let said: Vec<String> = said.map(|said| if said.lines().count() > 1 { said + "\n" } else { said }).collect();
    without_trailing_blanks(&said.concat())
}

fn answer(replies: &[Reply]) -> &Answer {
    match replies.last() {
        Some(Reply::Answer(answer)) => answer,
        _ => panic!("a picture is of an answer"),
    }
}

fn without_trailing_blanks(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A console block with the real output after each of its commands.
fn console(block: &str) -> String {
    let entries: Vec<&str> = block.lines().filter(|line| line.starts_with(PROMPT)).collect();
    if !entries.is_empty() {
        return prompt(&entries);
    }
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    let blocks: Vec<String> = commands.map(|line| format!("$ {line}\n{}", run(line, "").0)).collect();
    blocks.join("\n")
}

/// Entries at one prompt, each with what it adds to the output.
fn prompt(entries: &[&str]) -> String {
    let mut typed = String::new();
    let mut before = String::new();
    let mut shown = Vec::new();
    for entry in entries {
        typed.push_str(&format!("{}\n", &entry[PROMPT.len()..]));
        let (output, _) = run("demarche --today 2024-07-11", &typed);
        shown.push(format!("{entry}\n{}", output.strip_prefix(&before).unwrap_or(&output)));
        before = output;
    }
    shown.join("\n")
}

/// What a command line gives, standard output before standard error, and whether it ends well.
fn run(line: &str, typed: &str) -> (String, bool) {
    run_in(Path::new(ROOT), line, typed)
}

fn run_in(folder: &Path, line: &str, typed: &str) -> (String, bool) {
    if let Some(file) = line.strip_prefix("cat ") {
        let text = std::fs::read_to_string(Path::new(ROOT).join(file));
        return (text.unwrap_or_else(|error| panic!("{file}: {error}")), true);
    }
    let rest = line.strip_prefix("demarche").or_else(|| line.strip_prefix("cargo run --release -- "));
    let rest = rest.unwrap_or_else(|| panic!("`{line}` is no command of this program"));
    let state = tempfile::tempdir().expect("a folder can be made");
    let mut child = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(words(rest))
        .current_dir(folder)
        .env("COLUMNS", WIDTH.to_string())
        .env("NO_COLOR", "1")
        .env("XDG_STATE_HOME", state.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("it has an input");
    std::io::Write::write_all(&mut input, typed.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("it writes UTF-8");
    (without_trailing_blanks(&text), output.status.success())
}

/// The words of a command line; one in single quotes may have blanks.
fn words(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    let words = quoted.flat_map(|(place, part)| match place % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}
