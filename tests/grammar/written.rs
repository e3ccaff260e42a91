//! The queries that are written in this package: examples, records, pages of errors, and what tests expect.

use std::path::{Path, PathBuf};

use demarche::builtin::{AGGREGATES, CLAUSES, FUNCTIONS, SOURCES, STAGES};
use demarche::diagnostic::CODES;
use demarche::syntax::parse;
use regex::Regex;

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).expect("a text of this package")
}

/// What stands between lines that only `fences` are on, and every line of it.
fn blocks(text: &str, fences: &str) -> Vec<String> {
    let fence = Regex::new(&format!("(?m)^(?:{fences})$")).expect("it is a pattern");
    fence.split(text).flat_map(|block| block.lines().chain([block.trim()])).map(str::to_owned).collect()
}

/// The query files, whole.
pub fn scripts() -> Vec<String> {
    let scripts: Vec<String> =
        files("examples").iter().filter(|path| path.extension().is_some_and(|end| end == "dmq")).map(read).collect();
    assert!(scripts.len() > 1);
    scripts
}

/// Queries and whatever else stands where they do; most of it is read without an error, and some is not.
pub fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for script in scripts() {
        let statements = parse(&script).script.statements;
        assert!(!statements.is_empty(), "{script}");
        texts.extend(statements.iter().map(|statement| statement.span.of(&script).to_owned()));
    }
    let quoted = Regex::new(r#""((?:[^"\\\n]|\\["\\])*)""#).expect("it is a pattern");
    for path in files("tests").iter().chain(&files("examples")) {
        let source = read(path);
        texts.extend(quoted.captures_iter(&source).map(|found| found[1].replace("\\\"", "\"")));
    }
    for path in files("tests/scripts").iter().chain(&files("tests/format")) {
        texts.extend(blocks(&read(path), "=>|-+|=+"));
    }
    texts.extend(blocks(&read(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")), "```.*"));
    for (_, _, page) in CODES {
        texts.extend(page.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned));
    }
    texts.extend([CLAUSES, SOURCES, STAGES].concat().iter().map(|step| step.example.to_owned()));
    texts.extend(FUNCTIONS.iter().map(|function| format!("meetings | derive x = {}", function.example.0)));
    texts.extend(AGGREGATES.iter().map(|aggregate| format!("meetings | summarize {}", aggregate.example.0)));
    texts.retain(|text| !text.is_empty());
    assert!(texts.len() > 2_000, "{}", texts.len());
    texts
}
