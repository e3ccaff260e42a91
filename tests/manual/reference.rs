//! The pages of the reference, made of the records: each word its form, its meaning, an example and a mistake.

use std::fmt::Write as _;

use demarche::answer::Line;
use demarche::builtin::{
    AGGREGATES, CLAUSES, FUNCTIONS, LITERALS, OPERATORS, SOURCES, STAGES, STATEMENTS, WORDS, Word,
};
use demarche::cli;
use demarche::dataset::built_in;
use demarche::diagnostic::{CODES, Code, Severity};
use demarche::render::Format;
use demarche::repl;
use demarche::session::Session;
use demarche::syntax::{CONTEXTUAL, KEYWORDS};
use demarche::value::days;

/// A page of the reference: its file, and its text before its blocks are run.
pub struct Page {
    pub file: &'static str,
    pub text: String,
}

/// The lists of words: a page each, its title and what its words are.
const LISTS: [(&str, &str, &str, &[Word]); 7] = [
    ("statements.md", "Statements", "What a query file holds beside queries; at the prompt they work too.", STATEMENTS),
    ("clauses.md", "Clauses", "What narrows a source, right after it, in any order.", CLAUSES),
    ("stages.md", "Stages", "What stands after `|`: each takes a table and gives a table.", STAGES),
    ("operators.md", "Operators", "What compares and computes, those that bind most loosely first.", OPERATORS),
    ("literals.md", "Literals", "How values are written.", LITERALS),
    ("words.md", "Other words", "The words that mean something in their place.", WORDS),
    (
        "sources.md",
        "Sources",
        "What a query starts from: `events`, each kind of event in the plural, the tables of entities, a name that `let` \
         bound, a query in parentheses, or a sequence. The first ones are the data set's own: those of the built-in data \
         are on [a page](data.md) of their own.",
        SOURCES,
    ),
];

/// An example of each command of the program.
const COMMANDS: [(&str, &[&str]); 12] = [
    (
        "ask",
        &[
            "demarche ask 'meetings with $who since 2024-05-07 | select date, place' -p who=Xi --format csv",
            "demarche ask 'meetings where venue = ?'",
        ],
    ),
    ("run", &["cat docs/data/trips.dmq", "demarche run docs/data/trips.dmq"]),
    ("check", &["cat docs/data/doubtful.dmq", "demarche check docs/data/doubtful.dmq"]),
    ("fmt", &["demarche fmt --check docs/data/doubtful.dmq"]),
    ("report", &["cat docs/data/africa.dmq", "demarche report docs/data/africa.dmq --format markdown"]),
    ("learn", &["demarche learn 2", "demarche learn --check examples/lessons"]),
    ("completions", &[]),
    ("man", &[]),
    ("import", &["demarche import us-diplomacy -o docs"]),
    ("export", &["demarche export 'countries | take 3' -o docs/book.toml --format csv"]),
    ("describe", &["demarche describe SCO", "demarche describe top"]),
    ("explain", &["demarche explain 'meetings where venue = abroad' --why hamad-moscow", "demarche explain D0204"]),
];

/// Every page.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = LISTS
        .iter()
        .map(|&(file, title, intro, words)| Page {
            file,
            text: head(title, intro) + &words.iter().map(word).collect::<String>(),
        })
        .collect();
    pages.extend([functions(), aggregates(), data(), prompt(), command_line(), codes(Severity::Error)]);
    pages.extend([codes(Severity::Warning), index()]);
    pages
}

fn head(title: &str, intro: &str) -> String {
    format!(
        "# {title}\n\n<!-- Made by tests/manual from the records of the code; BLESS=1 writes it anew. -->\n\n{intro}\n"
    )
}

fn entry(name: &str, anchor: &str, form: &str, meaning: &[String]) -> String {
    let form = if form.is_empty() { String::new() } else { format!("{}\n\n", code(form)) };
    format!("\n## {name} {{#{anchor}}}\n\n{form}{}\n", meaning.join("\n\n"))
}

fn word(word: &Word) -> String {
    let mut text = entry(word.name, word.name, word.form, &word.meaning());
    text.push_str(&example(word.example));
    if !word.mistake.is_empty() {
        write!(text, "\nA mistake:\n{}", example(word.mistake)).expect("text takes all");
    }
    text
}

/// A text that runs, and room for what it gives.
fn example(text: &str) -> String {
    format!("\n```demarche\n{text}\n```\n\n```text\n```\n")
}

fn console(commands: &[&str]) -> String {
    let lines: String = commands.iter().map(|command| format!("$ {command}\n")).collect();
    format!("\n```console\n{lines}```\n")
}

/// A form as code; those with backquotes stand between two.
fn code(form: &str) -> String {
    if form.contains('`') { format!("`` {form} ``") } else { format!("`{form}`") }
}

fn functions() -> Page {
    let intro = "What computes a value of values. Where an argument is missing, so is the value, but for `if` and \
                 `coalesce`. A function of a field with many values is computed of each.";
    let mut text = head("Functions", intro);
    for function in FUNCTIONS {
        let (expression, value) = function.example;
        let example = format!("{} gives `{value}`.", code(expression));
        text.push_str(&entry(function.name, function.name, function.form, &[function.summary.to_owned(), example]));
    }
    text.push_str("\n## Mistakes {#mistakes}\n");
    for mistake in ["meetings | select lenght(summary)", "meetings | select length()", "meetings | select length(date)"]
    {
        text.push_str(&example(mistake));
    }
    Page { file: "functions.md", text }
}

fn aggregates() -> Page {
    let intro = "What computes a value of many rows, in `summarize`, `rolling` and `running`. All but `count()` leave \
                 missing values out.";
    let mut text = head("Aggregates", intro);
    for aggregate in AGGREGATES.iter().filter(|aggregate| aggregate.name != "sources") {
        text.push_str(&entry(aggregate.name, aggregate.name, aggregate.form, &[aggregate.summary.to_owned()]));
        let expression = aggregate.example.0;
        text.push_str(&example(&format!("meetings since 2024-05-07 | summarize x = {expression}")));
    }
    text.push_str("\n## Mistakes {#mistakes}\n");
    for mistake in ["meetings | summarize sum(date)", "meetings where count(leader) > 3"] {
        text.push_str(&example(mistake));
    }
    Page { file: "aggregates.md", text }
}

fn data() -> Page {
    let intro = "The data set that comes with the program, and that every example of this manual asks. `demarche describe` \
                 says the same of any data set, and `demarche describe NAME` of any name in it.";
    let session = Session::new(built_in(), days(2024, 7, 11)).expect("fields are expressions");
    let mut text = head("The built-in data", intro);
    for described in session.about() {
        write!(text, "\n## {}\n\n{}\n", described.title, described.meaning.join("\n\n")).expect("text takes all");
        text.push_str(&table(described.lines.iter().map(|line| [&line.name, &line.kind, &line.meaning])));
    }
    for name in ["meetings", "leaders", "countries", "blocs", "places", "venue", "status"] {
        for described in session.describe(name) {
            write!(text, "\n## {}\n\n{}\n", described.title, described.meaning.join("\n\n")).expect("text takes all");
            text.push_str(&table(described.lines.iter().map(|line| [&line.name, &line.kind, &line.meaning])));
        }
    }
    Page { file: "data.md", text }
}

/// Rows of up to three cells, the first as code; a column of nothing is left out.
fn table<'a>(rows: impl Iterator<Item = [&'a String; 3]>) -> String {
    let rows: Vec<[&String; 3]> = rows.collect();
    let shown: Vec<usize> = (0..3).filter(|&place| rows.iter().any(|row| !row[place].is_empty())).collect();
    if rows.is_empty() {
        return String::new();
    }
    let line = |cell: &dyn Fn(usize) -> String| shown.iter().map(|&place| format!("| {} ", cell(place))).collect();
    let mut lines: Vec<String> = vec![line(&|_| String::new()), line(&|_| "---".to_owned())];
    for row in &rows {
        lines.push(line(&|place| match place {
            0 => code(row[0]).replace('|', "\\|"),
            _ => row[place].replace('|', "\\|").replace('<', "&lt;"),
        }));
    }
    lines.iter().fold("\n".to_owned(), |text, line| format!("{text}{line}|\n"))
}

/// What needs a terminal or writes a file is shown at the prompt's own tests.
const BY_HAND: [&str; 4] = [":copy", ":save", ":load", ":edit"];

/// Entries as they are typed.
fn typed(entries: &str) -> String {
    entries.lines().map(|entry| format!("demarche> {entry}\n")).collect()
}

fn prompt() -> Page {
    let intro = "`demarche` alone opens a prompt. What begins with `:` is a command to it, and the start of a name does \
                 where only one has it. [At the prompt](../guide/prompt.md) tells of its keys.";
    let mut text = head("The prompt", intro);
    for command in repl::commands() {
        let name = command.name.split(' ').next().expect("a command has a name");
        text.push_str(&entry(&code(name), &name[1..], &command.name, std::slice::from_ref(&command.meaning)));
        match name {
            ":explain" | ":why" => command.kind.lines().for_each(|line| text.push_str(&example(line))),
            _ => {
                let language = if BY_HAND.contains(&name) { "text,recorded" } else { "console" };
                write!(text, "\n```{language}\n{}```\n", typed(&command.kind)).expect("text takes all");
            }
        }
        if name == ":set" {
            let lines: Vec<Line> = repl::settings().collect();
            text.push_str(&table(lines.iter().map(|line| [&line.name, &line.kind, &line.meaning])));
        }
    }
    text.push_str("\n## Mistakes {#mistakes}\n\n```console\ndemarche> :schma\ndemarche> :describe Erdgan\n```\n");
    Page { file: "prompt.md", text }
}

fn command_line() -> Page {
    let mut definition = cli::definition();
    definition.build();
    let about = definition.get_about().expect("the program says what it is for");
    let intro = format!(
        "{about}. Without a command it opens a prompt. Answers go to standard output, errors and notes to standard error. The exit code is 0 where all is well, \
         1 where an expectation does not hold, 2 where something is wrong."
    );
    let mut text = head("The command line", &intro);
    for command in definition.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = command.get_name();
        let (_, examples) = COMMANDS.iter().find(|(own, _)| *own == name).expect("each command has an example");
        let own = command.get_arguments().filter(|argument| !argument.is_global_set() && argument.get_id() != "help");
        let own: Vec<&clap::Arg> = own.collect();
        let form = own.iter().map(|argument| format!(" {argument}")).collect::<String>();
        let about = command.get_long_about().or(command.get_about()).expect("each command says what it does");
        let about = about.to_string().trim_end_matches('.').replace("\n\n", ". ") + ".";
        text.push_str(&entry(&format!("demarche {name}"), name, &format!("demarche {name}{form}"), &[about]));
        text.push_str(&arguments(&own));
        text.push_str(&match *examples {
            [] => format!("\n```text,drawn\n{}\n```\n", command.get_after_help().expect("it has an example")),
            examples => console(examples),
        });
    }
    text.push_str("\n## Options of all commands {#options}\n");
    let global = definition.get_arguments().filter(|argument| argument.is_global_set());
    text.push_str(&arguments(&global.collect::<Vec<_>>()));
    text.push_str("\n## Formats {#formats}\n");
    for (name, format) in Format::ALL {
        write!(text, "\n`{name}`: {}\n", format.meaning()).expect("text takes all");
        let query = match format {
            Format::Ascii => "meetings since 2024-07 | count by venue | render bar",
            _ => "meetings since 2024-07-05 | select date, leader, occasion",
        };
        text.push_str(&console(&[&format!("demarche ask '{query}' --format {name}")]));
    }
    text.push_str("\n## Mistakes {#mistakes}\n");
    text.push_str(&console(&["demarche ask 'meetings' --format yaml", "demarche --data nowhere.csv ask events"]));
    Page { file: "command-line.md", text }
}

/// Arguments with their help, their values and what holds without them.
fn arguments(arguments: &[&clap::Arg]) -> String {
    let rows: Vec<[String; 3]> = arguments
        .iter()
        .map(|argument| {
            let mut help = argument.get_help().map(|help| format!("{help}.")).unwrap_or_default();
            let values = argument.get_possible_values();
            if argument.get_action().takes_values() && !values.is_empty() {
                let values: Vec<String> = values.iter().map(|value| format!("`{}`", value.get_name())).collect();
                write!(help, " One of {}.", values.join(", ")).expect("text takes all");
            }
            if let Some(default) =
                argument.get_default_values().first().filter(|_| argument.get_action().takes_values())
            {
                write!(help, " Unless given, `{}`.", default.to_string_lossy()).expect("text takes all");
            }
            [argument.to_string(), String::new(), help]
        })
        .collect();
    table(rows.iter().map(|[name, kind, help]| [name, kind, help]))
}

/// The codes of a severity: each its page, with what is really said of the examples in it.
fn codes(severity: Severity) -> Page {
    let (file, title, intro) = match severity {
        Severity::Error => (
            "errors.md",
            "Errors",
            "What is wrong, by code. A code is never used for another thing; `demarche explain D0204` shows its page. The \
             first digit says where it comes from: 1 the grammar, 2 names and types, 3 the run, 4 the data.",
        ),
        Severity::Warning => (
            "warnings.md",
            "Warnings",
            "What can be meant, and hardly is. `demarche check` tells it; a query with a warning runs. With \
             `--deny-warnings` it is an error.",
        ),
    };
    let mut text = head(title, intro);
    for (code, title, page) in CODES.iter().filter(|(code, ..)| code.severity() == severity) {
        write!(text, "\n## {}: {title} {{#{}}}\n", code.text(), code.text()).expect("text takes all");
        let is_example = |part: &&str| part.starts_with("    ");
        for part in page.split("\n\n") {
            if is_example(&part) {
                for line in part.lines() {
                    let given = if severity == Severity::Warning { "text,checked" } else { "text" };
                    write!(text, "\n```demarche\n{}\n```\n\n```{given}\n```\n", line.trim()).expect("text takes all");
                }
            } else {
                write!(text, "\n{part}\n").expect("text takes all");
            }
        }
        if !page.split("\n\n").any(|part| is_example(&part)) {
            write!(text, "\n```text,recorded\n{}```\n", recorded(*code)).expect("text takes all");
        }
    }
    Page { file, text }
}

/// What is said in the first case of a code in tests/errors.
fn recorded(code: Code) -> String {
    let file = format!("{}/tests/errors/{}.txt", env!("CARGO_MANIFEST_DIR"), code.text());
    let cases = std::fs::read_to_string(file).expect("each code has its cases");
    let case = cases.split("====\n").next().expect("there is a first case");
    case.split_once("----\n").map_or("", |(_, said)| said).to_owned()
}

/// Every word of the language, and where it is explained.
fn index() -> Page {
    let mut places: Vec<(&str, String)> = Vec::new();
    for &(file, title, _, words) in &LISTS {
        for word in words {
            let link = format!("[{}]({file}#{})", title.to_lowercase(), word.name);
            places.push((word.name, link.clone()));
            let parts = word.form.split(|letter: char| !letter.is_alphanumeric());
            let others =
                parts.filter(|part| *part != word.name && (KEYWORDS.contains(part) || CONTEXTUAL.contains(part)));
            places.extend(others.map(|part| (part, link.replacen(&title.to_lowercase(), word.name, 1))));
        }
    }
    places.extend(FUNCTIONS.iter().map(|one| (one.name, format!("[functions](functions.md#{})", one.name))));
    let aggregates = AGGREGATES.iter().filter(|one| one.name != "sources");
    places.extend(aggregates.map(|one| (one.name, format!("[aggregates](aggregates.md#{})", one.name))));
    let mut words: Vec<&str> = places.iter().map(|(word, _)| *word).collect();
    words.sort_unstable();
    words.dedup();
    let mut text = head("All words", "Every word of the language, and where it is explained.");
    text.push('\n');
    for word in words {
        let mut links: Vec<&str> = Vec::new();
        for (_, link) in places.iter().filter(|(own, _)| *own == word) {
            if !links.contains(&link.as_str()) {
                links.push(link);
            }
        }
        writeln!(text, "- `{word}`: {}", links.join(", ")).expect("text takes all");
    }
    Page { file: "index.md", text }
}
