//! The interactive prompt: lines in, answers out, around one session.
#![expect(
    clippy::disallowed_methods,
    reason = "an edge: it prints, keeps its history in a file and starts the user's programs"
)]

mod command;
mod editor;
mod entry;
mod folders;
mod progress;
mod screen;
mod settings;
mod tutor;
mod work;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::config::Configurer as _;
use rustyline::error::ReadlineError;
use rustyline::{
    Cmd, ColorMode, CompletionType, Config, EditMode, Editor, KeyCode, KeyEvent, Modifiers, history::FileHistory,
};

use crate::diagnostic::Trouble;
use crate::lesson::Course;
use crate::render::style::{DIM, paint};
use crate::session::Session;

pub use command::commands;
pub use settings::settings;
pub(crate) use settings::{Prompt, Settings};

use editor::Assistant;
use entry::{Repl, Then};
use screen::{complain, show};
use settings::Keys;

/// What stands before a line.
const PROMPT: &str = "demarche> ";
/// So many entries are kept.
const MOST_ENTRIES: usize = 10_000;

/// What the prompt needs of whoever opens it.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// Reads a query file: what names it, and its name.
    pub load: fn(&str, &str) -> Result<(String, String), String>,
    /// Opens a data set, as `--data` names it.
    pub open: &'a dyn Fn(&str) -> Result<Session, Trouble>,
    /// Shows that something takes long, until what it gives is dropped.
    pub wait: fn() -> Box<dyn Any>,
    /// Lets Ctrl-C set this from now on.
    pub listen: fn(&Arc<AtomicBool>),
}

/// Reads and answers until `:quit` or the end of the input.
///
/// # Errors
///
/// Where the terminal cannot be used.
pub(crate) fn run(
    session: Session,
    mut settings: Settings,
    course: Option<Course>,
    surroundings: Surroundings<'_>,
) -> Result<(), String> {
    let mut editor = editor().map_err(|error| error.to_string())?;
    let history = folders::history();
    if let Some(file) = &history {
        let _ = editor.load_history(file);
    }
    configure(&mut settings);
    let greeting = paint(&entry::greeting(&session), DIM, settings.color);
    show(&format!("{greeting}\n"));
    let mut repl = Repl::new(session, settings, surroundings, true);
    repl.take(course);
    let repl = Rc::new(RefCell::new(repl));
    editor.set_helper(Some(Assistant::new(repl.clone())));
    let mut typed = String::new();
    loop {
        adapt(&mut editor, &repl.borrow());
        // Not later: Ctrl-C may be pressed as soon as the line is read.
        repl.borrow().session.interrupt.store(false, Ordering::Relaxed);
        let entry = match editor.readline_with_initial(PROMPT, (&std::mem::take(&mut typed), "")) {
            Ok(entry) => entry,
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => continue,
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        let entry = entry.trim();
        if entry.is_empty() {
            continue;
        }
        if let (Ok(true), Some(file)) = (editor.add_history_entry(entry), &history) {
            let _ = editor.append_history(file);
        }
        match repl.borrow_mut().entry("input", entry) {
            Then::GoesOn(_) => {}
            Then::Types(text) => typed = text,
            Then::Ends => return Ok(()),
        }
    }
}

fn editor<'a>() -> rustyline::Result<Editor<Assistant<'a>, FileHistory>> {
    let config = Config::builder().completion_type(CompletionType::List).completion_show_all_if_ambiguous(true);
    let mut editor = Editor::with_config(config.max_history_size(MOST_ENTRIES)?.build())?;
    editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
    Ok(editor)
}

/// Has the editor do as the settings say.
fn adapt(editor: &mut Editor<Assistant<'_>, FileHistory>, repl: &Repl<'_>) {
    let settings = &repl.settings;
    editor.set_color_mode(if settings.color { ColorMode::Forced } else { ColorMode::Disabled });
    editor.set_edit_mode(if settings.prompt.keys == Keys::Vi { EditMode::Vi } else { EditMode::Emacs });
}

/// Sets what the user's file of settings says, and tells what is wrong in it.
fn configure(settings: &mut Settings) {
    let Some((file, text)) = folders::configuration() else { return };
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if let Err(message) = settings.set(name, value.trim()) {
            complain(&format!("{file}:{number}: {message}\n"));
        }
    }
}

/// Answers every entry of a text that no one types, and gives the exit code.
pub(crate) fn answer_all(
    session: Session,
    settings: Settings,
    course: Option<Course>,
    text: &str,
    surroundings: Surroundings<'_>,
) -> u8 {
    let mut repl = Repl::new(session, settings, surroundings, false);
    repl.take(course);
    let mut worst = 0;
    for entry in entries(text) {
        match repl.entry("standard input", &entry) {
            Then::GoesOn(code) => worst = worst.max(code),
            Then::Types(_) => {}
            Then::Ends => break,
        }
    }
    worst
}

/// The commands of a text, and the statements between them.
fn entries(text: &str) -> Vec<String> {
    let mut entries = vec![String::new()];
    for line in text.lines() {
        let is_command = line.trim_start().starts_with(':');
        let Some(last) = entries.last_mut() else { continue };
        if is_command && !crate::syntax::parse(last).unfinished {
            entries.push(line.to_owned());
            entries.push(String::new());
        } else {
            last.push_str(line);
            last.push('\n');
        }
    }
    entries.retain(|entry| !entry.trim().is_empty());
    entries
}
