//! The interactive prompt: lines in, answers out, around one session.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use rustyline::error::ReadlineError;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Completer, Editor, Helper, Highlighter, Hinter};

use crate::render;
use crate::session::{Reply, Session};
use crate::syntax;

/// Asks the parser whether an entry is finished.
#[derive(Completer, Helper, Highlighter, Hinter)]
struct Finished;

impl Validator for Finished {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let is_command = context.input().trim_start().starts_with(':');
        let is_open = !is_command && syntax::parse(context.input()).unfinished;
        Ok(if is_open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Reads and answers until `:quit` or the end of the input.
///
/// # Errors
///
/// Where the terminal cannot be used.
pub fn run(mut session: Session, width: usize) -> Result<(), String> {
    let mut editor = Editor::new().map_err(|error| error.to_string())?;
    editor.set_helper(Some(Finished));
    let history = history();
    if let Some(file) = &history {
        let _ = editor.load_history(file);
    }
    let interrupt = session.interrupt.clone();
    let _ = ctrlc::set_handler(move || interrupt.store(true, Ordering::Relaxed));
    show(&format!("Démarche {} · {} · :help\n", env!("CARGO_PKG_VERSION"), session.store().about.title));
    loop {
        let line = match editor.readline("demarche> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.to_string()),
        };
        let _ = editor.add_history_entry(line.as_str());
        match line.trim() {
            "" => {}
            ":quit" => break,
            ":help" => show(HELP),
            command if command.starts_with(":schema") => show(&schema(&session, command[7..].trim())),
            command if command.starts_with(':') => {
                show(&format!("there is no command `{command}`; :help lists them\n"));
            }
            _ => {
                session.interrupt.store(false, Ordering::Relaxed);
                let replies = session.run("input", &line, &|_, _| Err("`use` stands in a query file".to_owned()));
                replies.iter().for_each(|reply| show(&text(reply, width)));
            }
        }
    }
    if let Some(file) = &history {
        let _ = editor.save_history(file);
    }
    Ok(())
}

const HELP: &str = "\
A query is a source, clauses and stages:  meetings of Putin since 2024-05-07 where venue = abroad | count by country
  :schema         the sources
  :schema events  the fields of a source
  :quit           leave
";

fn text(reply: &Reply, width: usize) -> String {
    match reply {
        Reply::Answer(answer) => render::table(answer, width),
        Reply::Bound(name) => format!("{name} is bound\n"),
        Reply::Met(sentence) => format!("holds: {sentence}\n"),
        Reply::Failed(failure) => render::failure(failure, false, width),
        Reply::Wrong(trouble) => render::report(trouble, false, width),
    }
}

/// The sources, or the fields of one.
fn schema(session: &Session, name: &str) -> String {
    let store = session.store();
    let about = &store.about;
    if name.is_empty() {
        let kinds = about.kinds.iter().map(|kind| (&kind.plural, &kind.meaning));
        let tables = store.tables.iter().map(|table| (&table.name, &table.meaning));
        return tables.chain(kinds).map(|(name, meaning)| format!("{name:16} {meaning}\n")).collect();
    }
    let is_kind = about.kinds.iter().any(|kind| kind.plural == name);
    let Some(table) = store.tables.iter().find(|table| table.name == name || is_kind) else {
        return format!("there is no source `{name}`; :schema lists them\n");
    };
    let stored = table.fields.iter().map(|field| (&field.name, store.type_name(field.of), &field.meaning));
    let derived = table.derived.iter().map(|field| (&field.name, format!("= {}", field.expression), &field.meaning));
    stored.chain(derived).map(|(name, kind, meaning)| format!("{name:14} {kind:18} {meaning}\n")).collect()
}

fn show(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// The file of the entries of before, in the user's state directory.
fn history() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    let state =
        std::env::var_os("XDG_STATE_HOME").filter(|state| !state.is_empty()).map(PathBuf::from).or_else(home)?;
    let folder = state.join("demarche");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history.txt"))
}
