//! What the README shows is what happens: its commands run, its queries answer, its outputs are the real ones.
//!
//! `BLESS=1 cargo test --test readme` writes the real outputs into it. Its Rust runs with the documentation's tests.
#![cfg(feature = "cli")]

use std::process::Command;

use demarche::dataset::built_in;
use demarche::session::{Reply, Session};
use demarche::value::days;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// What the README tells a reader to type that no test can run from within itself.
const BY_HAND: [&str; 1] = ["cargo test"];

/// What a command line gives, standard output before standard error, and whether it ends well.
fn run(line: &str) -> (String, bool) {
    let rest = line.strip_prefix("demarche ").or_else(|| line.strip_prefix("cargo run --release -- "));
    let rest = rest.unwrap_or_else(|| panic!("`{line}` is no command of this program"));
    let output = Command::new(env!("CARGO_BIN_EXE_demarche"))
        .args(words(rest))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", "80")
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).expect("it writes UTF-8").trim_end().to_owned(), output.status.success())
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

/// A console block with the real output after each of its commands.
fn console(block: &str) -> String {
    let commands = block.lines().filter(|line| line.starts_with("$ "));
    let blocks: Vec<String> = commands.map(|line| format!("{line}\n{}\n", run(&line[2..]).0)).collect();
    blocks.join("\n")
}

#[test]
fn outputs_are_real() {
    let text = std::fs::read_to_string(README).expect("there is a README");
    let mut real = String::new();
    let mut consoles = 0;
    for (place, part) in text.split("```").enumerate() {
        let block = (place % 2 == 1).then(|| part.split_once('\n').expect("a fence has a language"));
        match block {
            Some(("console", block)) => {
                consoles += 1;
                real.push_str(&format!("```console\n{}```", console(block)));
            }
            Some(_) => real.push_str(&format!("```{part}```")),
            None => real.push_str(part),
        }
    }
    assert!(consoles > 0);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(README, real).expect("it can be written");
    } else {
        assert!(text == real, "the README shows other outputs than these; BLESS=1 takes them over:\n{real}");
    }
}

#[test]
fn commands_and_queries_run() {
    let text = std::fs::read_to_string(README).expect("there is a README");
    for part in text.split("```").skip(1).step_by(2) {
        match part.split_once('\n').expect("a fence has a language") {
            ("sh", block) => {
                for line in block.lines().filter(|line| !BY_HAND.contains(line)) {
                    let (output, is_well) = run(line);
                    assert!(is_well, "{line}\n{output}");
                }
            }
            ("demarche", block) => {
                let mut session = Session::new(built_in(), days(2024, 7, 11)).expect("fields are expressions");
                for reply in session.run("README", block, &|_, _| Err("no file".to_owned())) {
                    assert!(matches!(reply, Reply::Answer(_) | Reply::Bound(_) | Reply::Met(_)), "{reply:?}");
                }
            }
            ("console" | "rust", _) => {}
            (language, _) => panic!("no test runs a block of `{language}`"),
        }
    }
}
