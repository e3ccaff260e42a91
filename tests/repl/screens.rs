//! Each file under `screens/` is a feature as keys and the screens after them, on a screen of 80 × 24 and one of 40 × 12.
//!
//! The first line says what the feature is. Then stand, one a line:
//!
//! - `file NAME`, with its text on the lines after it that begin with `│`, in the folder where the program runs;
//! - `environment NAME=VALUE` and `arguments WORDS`;
//! - `styles`, which shows under each line how it is painted: `b`old, `d`immed, `u`nderlined, or its colour;
//! - `keys KEYS`, with `<Tab>`, `<Enter>`, `<C-r>` and such for what is no letter; each begins a step. After it the screens,
//!   with `▮` before the cell where the cursor is, which are written by `BLESS=1`.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use regex::Regex;
use vt100::{Color, Screen};

use crate::terminal::{Terminal, folder, program};

const SIZES: [(u16, u16); 2] = [(24, 80), (12, 40)];
const NAMED: &[(&str, &str)] = &[
    ("Tab", "\t"),
    ("Enter", "\r"),
    ("A-Enter", "\x1b\r"),
    ("Up", "\x1b[A"),
    ("Down", "\x1b[B"),
    ("Right", "\x1b[C"),
    ("Left", "\x1b[D"),
    ("Home", "\x1b[H"),
    ("End", "\x1b[F"),
    ("Esc", "\x1b"),
    ("Backspace", "\x7f"),
];

/// A step: its keys, and the screen of each size after it.
#[derive(Default)]
struct Step {
    keys: String,
    screens: [String; 2],
}

#[derive(Default)]
struct Feature {
    /// The lines before the first step, as they are.
    head: String,
    files: Vec<(String, String)>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    has_styles: bool,
    steps: Vec<Step>,
}

fn read(text: &str) -> Feature {
    let mut feature = Feature::default();
    let mut size = None;
    for line in text.lines() {
        if let Some(keys) = line.strip_prefix("keys ") {
            feature.steps.push(Step { keys: keys.to_owned(), ..Step::default() });
            size = None;
            continue;
        }
        if let Some(step) = feature.steps.last_mut() {
            match (SIZES.iter().position(|(rows, columns)| line == format!("{columns}×{rows}")), size) {
                (Some(place), _) => size = Some(place),
                (None, Some(place)) if !line.is_empty() => step.screens[place].push_str(&format!("{line}\n")),
                _ => {}
            }
            continue;
        }
        feature.head.push_str(&format!("{line}\n"));
        if let Some(name) = line.strip_prefix("file ") {
            feature.files.push((name.to_owned(), String::new()));
        } else if let (Some(text), Some((_, file))) = (line.strip_prefix('│'), feature.files.last_mut()) {
            file.push_str(&format!("{}\n", text.replace("\\e", "\x1b")));
        } else if let Some((name, value)) = line.strip_prefix("environment ").and_then(|pair| pair.split_once('=')) {
            feature.environment.push((name.to_owned(), value.to_owned()));
        } else if let Some(words) = line.strip_prefix("arguments ") {
            feature.arguments.extend(words.split(' ').map(str::to_owned));
        } else if line == "styles" {
            feature.has_styles = true;
        }
    }
    feature
}

/// Keys as the terminal sends them.
fn sent(keys: &str) -> String {
    let named = Regex::new("<([^<>]+)>").expect("it is a pattern");
    let key = |found: &regex::Captures<'_>| {
        let name = &found[1];
        if let Some(letter) = name.strip_prefix("C-") {
            return char::from(letter.as_bytes()[0] & 0x1f).to_string();
        }
        let known = NAMED.iter().find(|(known, _)| *known == name);
        known.unwrap_or_else(|| panic!("no key is called <{name}>")).1.to_owned()
    };
    named.replace_all(keys, key).into_owned()
}

/// The lines of a screen down to the cursor or the last that is not empty, with the cursor in them.
fn lines(screen: &Screen) -> Vec<String> {
    let (row, column) = screen.cursor_position();
    let (_, columns) = screen.size();
    let mut lines: Vec<String> = screen.rows(0, columns).map(|line| line.trim_end().to_owned()).collect();
    let before: String = screen.contents_between(row, 0, row, column);
    let line = &mut lines[usize::from(row)];
    let after = line.get(before.len()..).unwrap_or_default().to_owned();
    *line = format!("{before}▮{after}");
    while lines.len() > usize::from(row) + 1 && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let time = Regex::new(r"^\d+(\.\d+)? m?s$").expect("it is a pattern");
    lines.into_iter().map(|line| time.replace(&line, "0.0 ms").into_owned()).collect()
}

fn plain(screen: &Screen) -> String {
    lines(screen).into_iter().map(|line| format!("│{line}\n")).collect()
}

fn styled(screen: &Screen) -> String {
    let (_, columns) = screen.size();
    let style = |row: usize, column: u16| {
        let Some(cell) = screen.cell(row as u16, column).filter(|cell| cell.has_contents()) else { return ' ' };
        match cell.fgcolor() {
            _ if cell.underline() => 'u',
            Color::Idx(color) => ['k', 'r', 'g', 'y', 'l', 'm', 'c', 'w'][usize::from(color) % 8],
            _ if cell.dim() => 'd',
            _ if cell.bold() => 'b',
            _ => ' ',
        }
    };
    let line = |(row, text): (usize, String)| {
        let styles: String = (0..columns).map(|column| style(row, column)).collect();
        let styles = styles.trim_end();
        if styles.is_empty() { format!("│{text}\n") } else { format!("│{text}\n╎{styles}\n") }
    };
    lines(screen).into_iter().enumerate().map(line).collect()
}

/// The steps of a feature on a screen of one size, and the screens that there are.
fn run(name: &str, feature: &Feature, size: usize, bless: bool) -> Vec<String> {
    let (rows, columns) = SIZES[size];
    let home = folder(&format!("{name}-{columns}"));
    for (file, text) in &feature.files {
        let file = home.join(file);
        fs::create_dir_all(file.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(file, text).expect("it is written");
    }
    let arguments: Vec<&str> = feature.arguments.iter().map(String::as_str).collect();
    let mut command = program(&home, &arguments);
    command.envs(feature.environment.iter().map(|(name, value)| (name, value)));
    let terminal = Terminal::start(command, (rows, columns));
    terminal.sees("demarche> ");
    let read = if feature.has_styles { styled } else { plain };
    let step = |step: &Step| {
        terminal.keys(&sent(&step.keys));
        if bless { terminal.settled(read) } else { terminal.becomes(&step.screens[size], read) }
    };
    feature.steps.iter().map(step).collect()
}

fn check(file: &Path, bless: bool) -> Result<(), String> {
    let name = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(file).expect("it can be read");
    let feature = read(&text);
    assert!(!feature.steps.is_empty(), "{name} has no keys");
    let mut real = feature.head.clone();
    let screens: Vec<Vec<String>> = (0..SIZES.len()).map(|size| run(&name, &feature, size, bless)).collect();
    for (place, step) in feature.steps.iter().enumerate() {
        real.push_str(&format!("keys {}\n", step.keys));
        for ((rows, columns), screens) in SIZES.iter().zip(&screens) {
            real.push_str(&format!("{columns}×{rows}\n{}", screens[place]));
        }
        real.push('\n');
    }
    let real = format!("{}\n", real.trim_end());
    if bless && real != text {
        fs::write(file, &real).expect("it is written");
    } else if real != text {
        return Err(format!("{}: the screens are\n{real}", file.display()));
    }
    Ok(())
}

#[test]
fn each_feature_is_seen_on_a_wide_and_on_a_narrow_screen() {
    let only = std::env::var("SCREEN").ok();
    let bless = std::env::var_os("BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/repl/screens");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    files.retain(|file| only.as_ref().is_none_or(|only| file.file_stem().is_some_and(|stem| stem == only.as_str())));
    assert!(!files.is_empty());
    let (files, failures) = (Mutex::new(files), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(file) = files.lock().expect("no thread panics with it").pop() else { break };
                    if let Err(failure) = check(&file, bless) {
                        failures.lock().expect("no thread panics with it").push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no thread panics with it");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
