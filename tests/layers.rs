//! The table of modules in ARCHITECTURE.md is what the source does: who uses whom, what the core never touches, how long
//! files are, and what the library brings along without its features. CONTRIBUTING.md gives each dependency its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The modules that may touch the world.
const EDGES: [&str; 2] = ["cli", "repl"];

/// What the core does not know: files, the environment, the network, clocks, streams.
const WORLD: [&str; 12] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "SystemTime",
    "Instant",
    "stdin(",
    "stdout(",
    "stderr(",
    "print!(",
    "println!(",
    "dbg!(",
];

/// Crates of arguments and terminals.
const TERMINAL: [&str; 8] =
    ["clap", "rustyline", "anstream", "ctrlc", "terminal_size", "crossterm", "termcolor", "libc"];

/// A file of the library: its path under `src`, and its text without comments.
struct Source {
    path: String,
    text: String,
    lines: usize,
}

impl Source {
    /// The module directly under `src` that it belongs to; none for `lib.rs` and `main.rs`.
    fn module(&self) -> Option<&str> {
        let module = self.path.split(['/', '.']).next().expect("a path has a first part");
        (module != "lib" && module != "main").then_some(module)
    }
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![Path::new(ROOT).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("source is UTF-8");
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                let inside = path.strip_prefix(Path::new(ROOT).join("src")).expect("it is under `src`");
                sources.push(Source {
                    path: inside.to_string_lossy().replace('\\', "/"),
                    text: code.collect::<Vec<_>>().join("\n"),
                    lines: text.lines().count(),
                });
            }
        }
    }
    assert!(sources.len() > 20);
    sources
}

fn architecture() -> String {
    std::fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).expect("there is an ARCHITECTURE.md")
}

/// Each module of the table, in its order, and the modules that it may use.
fn table() -> Vec<(String, BTreeSet<String>)> {
    let text = architecture();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")).map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let names = cells[2].split(',').map(str::trim).filter(|name| !name.is_empty());
        (cells[0].trim_end_matches('`').to_owned(), names.map(str::to_owned).collect())
    });
    rows.collect()
}

/// The names that follow `crate::` in a text, those of a group `crate::{a, b::c}` included.
fn used(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, path) in text.match_indices("crate::") {
        let rest = &text[at + path.len()..];
        let word = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        };
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (place, c) in group.char_indices() {
            if start && depth == 0 && c.is_ascii_alphabetic() {
                names.insert(word(&group[place..]));
                start = false;
            }
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ => {}
            }
        }
    }
    names
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let names = |text: &str| used(text).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(names("use crate::ir::ast; fn f(x: &crate::store::Store) {}"), "ir store");
    assert_eq!(
        names("use crate::{\n  exec::{self, Run},\n  value,\n  span::Span};\nfn f() { g(a, b) }"),
        "exec span value"
    );
}

#[test]
fn each_module_uses_what_its_row_allows() {
    let table = table();
    let allowed: BTreeMap<&str, &BTreeSet<String>> = table.iter().map(|(name, uses)| (name.as_str(), uses)).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(module) = source.module() else { continue };
        let Some(may_use) = allowed.get(module) else {
            wrong.push(format!("{}: `{module}` has no row in ARCHITECTURE.md", source.path));
            continue;
        };
        for name in used(&source.text) {
            if name != module && !may_use.contains(&name) {
                wrong.push(format!("{}: `{module}` may not use `{name}`", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_row_uses_a_row_below_it() {
    let mut above = BTreeSet::new();
    for (name, uses) in table() {
        let below: Vec<&String> = uses.difference(&above).collect();
        assert!(below.is_empty(), "`{name}` uses {below:?}, which no row above describes");
        assert!(above.insert(name.clone()), "`{name}` has two rows");
    }
    assert!(EDGES.iter().all(|edge| above.contains(*edge)));
}

/// A module may be left by `crate::` alone, where the table sees it.
#[test]
fn no_module_is_left_by_super() {
    let names: Vec<String> = table().into_iter().map(|(name, _)| format!("super::{name}::")).collect();
    for source in sources() {
        let depth = source.path.trim_end_matches("/mod.rs").split('/').count();
        let up = "super::".repeat(depth.saturating_sub(1));
        let left = names.iter().find(|name| source.text.contains(&format!("{up}{name}")));
        assert_eq!(left, None, "{} leaves its module", source.path);
    }
}

#[test]
fn the_core_touches_nothing_of_the_world() {
    let mut wrong = Vec::new();
    for source in sources() {
        if source.module().is_some_and(|module| !EDGES.contains(&module)) {
            let touched = WORLD.iter().filter(|what| source.text.contains(*what));
            wrong.extend(touched.map(|what| format!("{}: `{what}`", source.path)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn long_files_have_a_reason() {
    let text = architecture();
    let list = text.split("## Long files").nth(1).expect("there is a section on long files");
    let listed: BTreeSet<&str> =
        list.lines().filter_map(|line| line.strip_prefix("- `src/")?.split_once("`: ")).map(|entry| entry.0).collect();
    let sources = sources();
    let too_long: Vec<&str> =
        sources.iter().filter(|source| source.lines > 800).map(|source| source.path.as_str()).collect();
    assert_eq!(too_long, [""; 0], "split what has more than 800 lines");
    let long: BTreeSet<&str> =
        sources.iter().filter(|source| source.lines > 500).map(|source| source.path.as_str()).collect();
    assert_eq!(long, listed, "files over 500 lines, and those that ARCHITECTURE.md gives a reason for");
}

/// The names of the crates that the library needs, with these features.
fn crates(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it writes UTF-8");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn the_library_alone_brings_no_terminal() {
    let found = |arguments: &[&str]| -> Vec<&str> {
        let crates = crates(arguments);
        TERMINAL.into_iter().filter(|name| crates.contains(*name)).collect()
    };
    assert_eq!(found(&["--no-default-features"]), [""; 0]);
    assert!(found(&[]).contains(&"rustyline"), "the command brings one, so this test can see it");
}

/// The names of the dependencies, those of tests included.
fn dependencies() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).expect("there is a manifest");
    let sections = manifest.split("\n[").filter(|section| section.contains("dependencies]\n"));
    let lines = sections.flat_map(|section| section.lines().skip(1));
    lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn each_dependency_has_a_reason() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).expect("there is a CONTRIBUTING.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let named = rows.map(|(names, _)| names).filter(|names| !names.starts_with("crate") && !names.starts_with("---"));
    let explained: BTreeSet<String> = named.flat_map(|names| names.split(", ")).map(str::to_owned).collect();
    assert_eq!(dependencies(), explained, "Cargo.toml and the table of dependencies in CONTRIBUTING.md");
}
