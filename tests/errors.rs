//! Every error as it is shown, in `tests/errors/CODE.txt`: texts, and under each what is said of it.
//!
//! Cases stand between lines of `====`, and a line of `----` between a text and what is said. Lines that begin with
//! `#!` set the scene: `#! most_rows N`, `#! interrupted`, `#! parameter NAME TEXT`, and `#! file NAME`, which is
//! followed by the content of a file of data or of a file to `use`; `#! query` ends the last of them. After `#! command` the
//! text is a command, which runs in the folder of the project. `BLESS=1` writes what is said now.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use demarche::dataset::{File, IMPORTED, Options, built_in, open_imported, read_file, read_folder};
use demarche::diagnostic::{CODES, Code, Diagnostic, Trouble};
use demarche::render::{failure, report};
use demarche::session::{Reply, Session};
use demarche::value::{Value, days};

const WIDTH: usize = 80;

/// A text and what surrounds it.
#[derive(Default)]
struct Scene {
    query: String,
    files: Vec<(String, String)>,
    most_rows: Option<usize>,
    interrupted: bool,
    is_command: bool,
    parameters: Vec<(String, String)>,
}

fn scene(text: &str) -> Scene {
    let mut scene = Scene::default();
    let mut file: Option<(String, String)> = None;
    for line in text.lines() {
        if let Some(directive) = line.strip_prefix("#! ") {
            scene.files.extend(file.take());
            match directive.split(' ').collect::<Vec<_>>().as_slice() {
                ["most_rows", count] => scene.most_rows = count.parse().ok(),
                ["interrupted"] => scene.interrupted = true,
                ["command"] => scene.is_command = true,
                ["parameter", name, text @ ..] => scene.parameters.push(((*name).to_owned(), text.join(" "))),
                ["file", name] => file = Some(((*name).to_owned(), String::new())),
                ["query"] => {}
                _ => panic!("no such directive: {line}"),
            }
        } else {
            let into = file.as_mut().map_or(&mut scene.query, |(_, content)| content);
            into.push_str(line);
            into.push('\n');
        }
    }
    scene.files.extend(file);
    scene.query = scene.query.trim_end().to_owned();
    scene
}

/// The bytes of a file; `\xff` stands for a byte that is no UTF-8, and `(empty)` for nothing.
fn bytes(content: &str) -> Vec<u8> {
    match content.trim_end() {
        "(empty)" => Vec::new(),
        _ => content.split("\\xff").map(str::as_bytes).collect::<Vec<_>>().join(&0xff),
    }
}

fn is_script(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|ending| ending == "dmq")
}

/// What is said of the data files of a scene, or of its text when it runs, or else when it is checked.
fn said(scene: &Scene) -> String {
    if scene.is_command {
        return of_command(&scene.query);
    }
    let data: Vec<File> = scene
        .files
        .iter()
        .filter(|(name, _)| !is_script(name))
        .map(|(name, content)| File { name: name.clone(), bytes: bytes(content).into() })
        .collect();
    let store = match data.as_slice() {
        [] => Ok(built_in()),
        [file] if file.name == IMPORTED => {
            open_imported("talks", &file.bytes, Bytes::new()).map_err(|error| vec![error])
        }
        [file] if file.name != "dataset.json" && file.name != "leaders.jsonl" => {
            read_file(file.clone(), &Options::default()).map(|(store, _)| store)
        }
        _ => read_folder("talks", data, &Options::default()).map(|(store, _)| store),
    };
    let store = match store {
        Ok(store) => store,
        Err(diagnostics) => return shown(diagnostics),
    };
    let mut session = Session::new(store, days(2024, 7, 11)).expect("derived fields are expressions");
    session.most_rows = scene.most_rows.unwrap_or(session.most_rows);
    session.interrupt.store(scene.interrupted, Ordering::Relaxed);
    for (name, text) in &scene.parameters {
        session.parameters.insert(name.clone(), Value::text(text.as_str()));
    }
    let load = |_: &str, path: &str| match scene.files.iter().find(|(name, _)| name == path) {
        Some((name, content)) => Ok((name.clone(), content.clone())),
        None => Err(format!("`{path}` cannot be read: there is no such file")),
    };
    let doubts = session.check_script("query", &scene.query, &load);
    let replies = session.run("query", &scene.query, &load);
    let said: String = replies
        .iter()
        .map(|reply| match reply {
            Reply::Wrong(trouble) => report(trouble, false, WIDTH),
            Reply::Failed(failed) => failure(failed, false, WIDTH),
            Reply::Answer(_) | Reply::Bound(_) | Reply::Met(_) | Reply::Holes(_) => String::new(),
        })
        .collect();
    if said.is_empty() { doubts.iter().map(|trouble| report(trouble, false, WIDTH)).collect() } else { said }
}

/// What a command says of what is wrong.
fn of_command(line: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(line.split_whitespace().skip(1)).args(["--width", &WIDTH.to_string()]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("it starts");
    String::from_utf8(output.stderr).expect("it writes UTF-8")
}

fn shown(diagnostics: Vec<Diagnostic>) -> String {
    report(&Trouble { name: "talks".to_owned(), text: "".into(), diagnostics }, false, WIDTH)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

/// The cases of each code, by the name of its file.
fn files() -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder()).expect("the folder of cases is there");
    entries
        .map(|entry| {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("cases are text"))
        })
        .filter(|(name, _)| name != "poor.txt")
        .collect()
}

fn cases(text: &str) -> Vec<&str> {
    text.split("====\n").collect()
}

#[test]
fn every_error_is_shown_as_recorded() {
    let is_update = std::env::var_os("BLESS").is_some();
    for (name, text) in files() {
        let mut seen: Vec<String> = Vec::new();
        for case in cases(&text) {
            let (query, _) = case.split_once("----\n").unwrap_or((case, ""));
            seen.push(format!("{}\n----\n{}", query.trim_end(), said(&scene(query))));
        }
        let seen = seen.join("====\n");
        if is_update {
            fs::write(folder().join(&name), &seen).expect("the case can be written");
        } else {
            assert!(seen == text, "{name} differs; BLESS=1 writes what is said now:\n{seen}");
        }
    }
}

#[test]
fn every_code_has_cases_and_no_case_is_of_no_code() {
    let files = files();
    for (code, ..) in CODES {
        let name = format!("{}.txt", code.text());
        let text = files.get(&name).unwrap_or_else(|| panic!("{name} is missing"));
        for case in cases(text) {
            let shown = case.split_once("----\n").map_or("", |(_, shown)| shown);
            let first = format!("{}[{}]", code.severity().text(), code.text());
            assert!(shown.starts_with(&first), "{name} holds a case of another code:\n{case}");
        }
    }
    for name in files.keys() {
        let code = name.strip_suffix(".txt").and_then(Code::find);
        assert!(code.is_some(), "{name} is of no code");
    }
}

#[test]
fn messages_keep_the_rules() {
    for (name, text) in files() {
        for line in text
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("warning[") || line.starts_with("  = help: "))
        {
            let said = line.split_once(": ").map_or("", |(_, said)| said);
            let first = said.chars().next().unwrap_or(' ');
            assert!(!first.is_uppercase() && !said.ends_with('.'), "{name}: {line}");
            let words = said.split(|letter: char| !letter.is_alphanumeric());
            for word in words.filter(|word| ["you", "your"].contains(word)) {
                assert!(word == "you" && said.contains("did you mean"), "{name}: {line}");
            }
            let has = |wrong: &str| said.contains(wrong);
            assert!(!has(" a int") && !has(" a event") && !has(" a object"), "{name}: {line}");
        }
    }
}

/// The examples in the page of a code: its indented lines.
fn examples(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("    ")).collect()
}

#[test]
fn the_example_of_each_page_is_such_an_error() {
    for (code, title, page) in CODES {
        assert!(!title.is_empty() && page.len() > 60, "{} says too little", code.text());
        for example in examples(page) {
            let said = said(&Scene { query: example.to_owned(), ..Scene::default() });
            assert!(
                said.contains(&format!("{}[{}]", code.severity().text(), code.text())),
                "{}: {example}\n{said}",
                code.text()
            );
        }
        let has_example = !examples(page).is_empty();
        let is_of_data = ("D0402".."D0500").contains(&code.text());
        let is_of_limits = [Code::TOO_DEEP, Code::TOO_LONG, Code::TOO_MANY_ROWS, Code::INTERRUPTED].contains(code);
        assert_eq!(has_example, !is_of_data && !is_of_limits, "{}", code.text());
    }
}

#[test]
fn a_code_is_found_in_any_case() {
    assert_eq!(Code::find("d0204"), Some(Code::UNKNOWN_VALUE));
    assert_eq!(Code::find("D9999"), None);
}
