//! The command line: arguments, files, streams and exit codes around a session.
#![expect(clippy::disallowed_methods, reason = "an edge: it reads files, streams, the environment and the clock")]

mod arguments;
mod aside;
mod data;
mod export;
mod fmt;
mod import;
mod learn;
mod manual;
mod map;
mod memory;
mod output;
mod report;
mod waiting;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use clap::{CommandFactory as _, Parser as _};

use crate::dataset::{Columns, OnError, Options};
use crate::diagnostic::{CODES, Code, Diagnostic, Severity, Trouble};
use crate::lesson::Course;
use crate::session::{Reply, Session};
use crate::span::Span;
use crate::value::{Value, parse_period};

pub use map::bytes as mapped;
pub use memory::give_back;

use arguments::{Arguments, Command, Form};
use export::Export;
use output::Output;

/// What the command line takes, for whoever makes a manual or completions of it.
pub fn definition() -> clap::Command {
    Arguments::command()
}

/// Runs the command of the process's arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(&arguments);
    match run(&arguments, &mut output) {
        Ok(_) if output.is_broken() => ExitCode::from(2),
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            output.trouble(&trouble);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments, output: &mut Output) -> Result<u8, Trouble> {
    if let (Some(Form::Export(_)), false) =
        (arguments.format, matches!(arguments.command, Some(Command::Export { .. })))
    {
        let help = "`demarche export QUERY -o FILE` writes files of this format".to_owned();
        let error = Diagnostic::in_file(Code::UNWRITABLE, "--format", 0, 0, "no answer is written so");
        return Err(alone("--format", error.help(help)));
    }
    match &arguments.command {
        Some(Command::Ask { query, parameters, target }) => {
            output.go_to(target, arguments.format)?;
            let mut session = open(arguments, output)?;
            bind(&mut session, parameters);
            let worst = replies(output, answered(|| session.run("query", query, &no_file)));
            output.finish()?;
            Ok(worst)
        }
        Some(Command::Explain { query, why, parameters }) => {
            if let Some(page) = page(query)? {
                output.text(&page);
                return Ok(0);
            }
            let mut session = open(arguments, output)?;
            bind(&mut session, parameters);
            let start = Instant::now();
            match why {
                Some(id) => output.descriptions(&[session.why(id, query)?]),
                None => output.explanation(&session.explain(query, &|| start.elapsed())?),
            }
            Ok(0)
        }
        Some(Command::Run { files, parameters, target }) => {
            output.go_to(target, arguments.format)?;
            let mut session = open(arguments, output)?;
            bind(&mut session, parameters);
            let mut worst = 0;
            for file in files {
                if output.is_closed() {
                    break;
                }
                worst = worst.max(match read(file) {
                    Ok(text) => replies(output, answered(|| session.run(&called(file), &text, &load))),
                    Err(trouble) => {
                        output.trouble(&trouble);
                        2
                    }
                });
            }
            output.finish()?;
            output.summary();
            Ok(worst)
        }
        Some(Command::Check { files, parameters, deny_warnings }) => {
            let mut session = open(arguments, output)?;
            bind(&mut session, parameters);
            let mut troubles = Vec::new();
            for file in files {
                let found = match read(file) {
                    Ok(text) => session.check_script(&called(file), &text, &load),
                    Err(trouble) => vec![trouble],
                };
                // A file that several use is told of once.
                let found: Vec<Trouble> = found.into_iter().filter(|trouble| !troubles.contains(trouble)).collect();
                troubles.extend(found);
            }
            output.troubles(&troubles);
            let mut all = troubles.iter().flat_map(|trouble| &trouble.diagnostics);
            let fails = |severity| severity == Severity::Error || *deny_warnings;
            Ok(if all.any(|diagnostic| fails(diagnostic.severity())) { 2 } else { 0 })
        }
        Some(Command::Fmt { files, check }) => Ok(fmt::format(output, files, *check)),
        Some(Command::Report { file, output: target, force, parameters }) => {
            let mut session = open(arguments, output)?;
            bind(&mut session, parameters);
            report::write(arguments, session, file, target.as_deref(), *force, output)
        }
        Some(Command::Completions { shell }) => {
            output.text(&manual::completions(*shell));
            Ok(0)
        }
        Some(Command::Man { output: None }) => {
            output.text(&manual::page());
            Ok(0)
        }
        Some(Command::Man { output: Some(folder) }) => manual::pages(folder).map(|()| 0),
        Some(Command::Learn { check: Some(folder), .. }) => {
            let (wrong, count) = learn::checked(folder, &open(arguments, output)?)?;
            if wrong.is_empty() {
                output.text(&format!("{count} lesson{} are as they should be\n", if count == 1 { "" } else { "s" }));
            }
            wrong.iter().for_each(|trouble| output.trouble(trouble));
            Ok(if wrong.is_empty() { 0 } else { 2 })
        }
        Some(Command::Learn { lesson, lessons, check: None }) => {
            teach(open(arguments, output)?, arguments, output, lessons.as_deref(), *lesson)
        }
        Some(Command::Describe { name }) => {
            let named = name.as_deref().filter(|name| arguments.data.is_empty() && data::is_path(name));
            let session = match named {
                Some(path) => open_data(arguments, &[PathBuf::from(path)], output)?,
                None => open(arguments, output)?,
            };
            let found = match name {
                Some(name) if named.is_none() => session.look_up(name)?,
                _ => session.about(),
            };
            output.descriptions(&found);
            Ok(0)
        }
        Some(Command::Export { query, output: target, force, parameters }) => {
            let export = Export::of(arguments, query.as_deref(), parameters, target, *force)?;
            if let Some(answer) = export.write(open(arguments, output)?)? {
                Output::notes(&answer);
            }
            Ok(0)
        }
        Some(Command::Import { sources, output: target, force }) => {
            let trouble = |error| alone("import", error);
            import::check(target, *force).map_err(trouble)?;
            let session = open_data(arguments, sources, output)?;
            import::write(session.store(), target).map_err(trouble)?;
            Ok(0)
        }
        None => interactive(open(arguments, output)?, arguments, output, None),
    }
}

/// A session on the data set that the arguments name.
fn open(arguments: &Arguments, output: &Output) -> Result<Session, Trouble> {
    open_data(arguments, &arguments.data, output)
}

/// A session on the data set of these paths; on the built-in one if there are none.
fn open_data(arguments: &Arguments, paths: &[PathBuf], output: &Output) -> Result<Session, Trouble> {
    let today = match &arguments.today {
        Some(text) => {
            let wrong = |message: &str| {
                let span = Span::new(0, text.len());
                let diagnostics = vec![Diagnostic::new(Code::BAD_LITERAL, span, message)];
                Trouble { name: "--today".to_owned(), text: text.as_str().into(), diagnostics }
            };
            let day = parse_period(text).filter(|period| period.first == period.last);
            day.ok_or_else(|| wrong(&format!("`{text}` is no day: write it as `2024-07-11`")))?.first
        }
        None => {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            i32::try_from(since.as_secs() / 86_400).unwrap_or(0)
        }
    };
    let store = match paths {
        [] if arguments.speaks_of_files() => {
            let help = "name the files: `--data events.csv`".to_owned();
            let message = "--date, --kind, --type and --preset speak of files, and none is named";
            return Err(alone("--data", Diagnostic::in_file(Code::UNREADABLE, "--data", 0, 0, message).help(help)));
        }
        [] => crate::dataset::built_in(),
        [first, ..] => {
            let name = first.display().to_string();
            let trouble = |diagnostics| Trouble { name: name.clone(), text: "".into(), diagnostics };
            let options = options(arguments)?;
            let read = || data::open(paths, &options);
            let (store, skipped) = waiting::waited_for(&name, &options.progress, read).map_err(trouble)?;
            let rows = data::rows(paths, &skipped);
            output.skipped(&trouble(skipped), rows);
            store
        }
    };
    let session = Session::new(store, today)?;
    waiting::stops_queries(&session.interrupt);
    Ok(session)
}

fn options(arguments: &Arguments) -> Result<Options, Trouble> {
    let on_error = match arguments.on_error {
        arguments::OnError::Stop => OnError::Stop,
        arguments::OnError::Skip => OnError::Skip,
    };
    let (date, kind, types) = (arguments.date.clone(), arguments.kind.clone(), arguments.types.clone());
    let preset = data::preset(arguments.preset.as_deref()).map_err(|errors| Trouble {
        name: "--preset".to_owned(),
        text: "".into(),
        diagnostics: errors,
    })?;
    // What tells of all columns, or copies them, reads them at once.
    let columns = match arguments.command {
        Some(Command::Describe { .. } | Command::Import { .. } | Command::Export { .. }) => Columns::AtOnce,
        _ => Columns::WhenAsked,
    };
    Ok(Options { date, kind, types, preset, on_error, columns, ..Options::default() })
}

#[cfg(feature = "repl")]
fn interactive(
    session: Session,
    arguments: &Arguments,
    output: &Output,
    course: Option<Course>,
) -> Result<u8, Trouble> {
    let open = |data: &str| {
        // How the files of before are read says nothing of others.
        let mut any = arguments.clone();
        (any.date, any.kind, any.preset, any.types) = Default::default();
        let session = open_data(&any, &[PathBuf::from(data)], output);
        give_back();
        session
    };
    let surroundings = crate::repl::Surroundings {
        load,
        open: &open,
        wait: || Box::new(waiting::answering()),
        listen: waiting::stops_queries,
    };
    if !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        let text = read("-")?;
        return Ok(crate::repl::answer_all(session, output.settings(), course, &text, surroundings));
    }
    give_back();
    crate::repl::run(session, output.settings(), course, surroundings)
        .map(|()| 0)
        .map_err(|message| alone("terminal", Diagnostic::new(Code::UNREADABLE, Span::default(), message)))
}

#[cfg(not(feature = "repl"))]
fn interactive(
    mut session: Session,
    _: &Arguments,
    output: &mut Output,
    course: Option<Course>,
) -> Result<u8, Trouble> {
    if course.is_some() {
        let message = "lessons are taken at the prompt, and the program is built without it";
        return Err(alone("learn", Diagnostic::new(Code::UNREADABLE, Span::default(), message)));
    }
    let text = read("-")?;
    Ok(replies(output, session.run("standard input", &text, &load)))
}

/// Takes lessons: those of a folder, or those that ship.
fn teach(
    session: Session,
    arguments: &Arguments,
    output: &mut Output,
    lessons: Option<&Path>,
    first: Option<usize>,
) -> Result<u8, Trouble> {
    let course = match lessons {
        None => Course::shipped(&session).map(|course| Course { first, ..course }),
        Some(folder) => {
            let name = folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).display().to_string();
            Ok(Course { name, lessons: learn::lessons(folder)?, first })
        }
    };
    let wrong = |message| alone("learn", Diagnostic::new(Code::BAD_LESSON, Span::default(), message));
    interactive(session, arguments, output, Some(course.map_err(wrong)?))
}

/// What comes of a work that may take long, which is shown meanwhile.
fn answered<T>(work: impl FnOnce() -> T) -> T {
    let _shown = waiting::answering();
    work()
}

/// Shows what the statements gave, and gives the exit code.
fn replies(output: &mut Output, replies: Vec<Reply>) -> u8 {
    let mut worst = 0;
    for reply in replies {
        if output.is_closed() {
            break;
        }
        worst = worst.max(match &reply {
            Reply::Failed(..) => 1,
            Reply::Wrong(_) | Reply::Holes(_) => 2,
            Reply::Answer(_) | Reply::Bound(_) | Reply::Met(_) => 0,
        });
        output.reply(&reply);
    }
    worst
}

/// The page of a code, if the text is one.
fn page(text: &str) -> Result<Option<String>, Trouble> {
    if let Some((code, title, page)) = Code::find(text).and_then(|code| CODES.iter().find(|entry| entry.0 == code)) {
        return Ok(Some(format!("{}: {title}\n\n{}\n", code.text(), page.trim())));
    }
    let digits = text.strip_prefix(['D', 'd']).unwrap_or_default();
    if digits.len() != 4 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(None);
    }
    let message = format!("there is no code `{text}`");
    let diagnostic = Diagnostic::new(Code::UNKNOWN_VALUE, Span::new(0, text.len()), message);
    let diagnostics = vec![diagnostic.help("an error bears its code in brackets, such as `error[D0204]`")];
    Err(Trouble { name: "code".to_owned(), text: text.into(), diagnostics })
}

fn bind(session: &mut Session, parameters: &[(String, String)]) {
    for (name, text) in parameters {
        session.parameters.insert(name.clone(), parameter(text));
    }
}

/// A number, a date or a truth where the text is one, else the text.
fn parameter(text: &str) -> Value {
    if let Ok(value) = text.parse() {
        return Value::Int(value);
    }
    match (text, text.parse::<f64>()) {
        ("true", _) => Value::Bool(true),
        ("false", _) => Value::Bool(false),
        (_, Ok(value)) if value.is_finite() => Value::Float(value),
        _ => parse_period(text).map_or_else(|| Value::text(text), Value::Period),
    }
}

fn alone(name: &str, diagnostic: Diagnostic) -> Trouble {
    Trouble { name: name.to_owned(), text: "".into(), diagnostics: vec![diagnostic] }
}

fn no_file(_: &str, _: &str) -> Result<(String, String), String> {
    Err("`use` stands in a query file".to_owned())
}

/// Reads a query file, or standard input for `-`.
fn read(file: &str) -> Result<String, Trouble> {
    let bytes = if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    let unreadable = |message: String| alone(file, Diagnostic::in_file(Code::UNREADABLE, file, 0, 0, message));
    let bytes = bytes.map_err(|error| unreadable(format!("the file cannot be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..place].iter().filter(|&&byte| byte == b'\n').count() + 1;
        alone(file, Diagnostic::in_file(Code::NOT_UTF8, file, line, 0, "the file is not UTF-8"))
    })
}

/// Reads a file that a query file uses, relative to it.
fn load(from: &str, path: &str) -> Result<(String, String), String> {
    let file = Path::new(from).parent().unwrap_or(Path::new("")).join(path);
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok((called(&file.display().to_string()), text)),
        Err(error) => Err(format!("`{path}` cannot be read: {error}")),
    }
}

/// The one name of a file, however its path was written: from the working directory on, where it lies below.
fn called(file: &str) -> String {
    if file == "-" {
        return "standard input".to_owned();
    }
    let Ok(whole) = Path::new(file).canonicalize() else { return file.to_owned() };
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    whole.strip_prefix(&here).unwrap_or(&whole).display().to_string()
}
