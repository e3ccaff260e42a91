//! Commands that read or write files, or open other data.

use std::path::Path;

use super::{Outcome, unquoted};
use crate::dataset::SHIPPED;
use crate::diagnostic::Severity;
use crate::repl::entry::{Repl, greeting};
use crate::repl::screen;

pub(super) fn save(repl: &mut Repl<'_>, file: &str) -> Outcome {
    let file = unquoted(file);
    if file.is_empty() {
        return Outcome::Wrong("`:save` takes the name of a file".to_owned());
    }
    if repl.statements.is_empty() {
        return Outcome::Wrong("there is nothing to save: nothing was asked or bound yet".to_owned());
    }
    let path = Path::new(file);
    if path.exists() && repl.saved.as_deref() != Some(path) {
        return Outcome::Wrong(format!("`{file}` is there already; save under another name"));
    }
    let statements: String = repl.statements.iter().map(|statement| format!("{statement}\n")).collect();
    let text = format!("# Asked of {}.\n\n{statements}", repl.session.store().about.name);
    if let Err(error) = std::fs::write(path, &text) {
        return Outcome::Wrong(format!("`{file}` cannot be written: {error}"));
    }
    repl.saved = Some(path.to_owned());
    let count = repl.statements.len();
    let said = format!("{count} statement{} in {file}\n", if count == 1 { "" } else { "s" });
    // A name of a file that a statement uses may mean nothing from where the file is.
    let troubles = repl.opened.check_script(file, &text, &repl.surroundings.load);
    let is_wrong = |trouble: &&crate::diagnostic::Trouble| {
        trouble.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    };
    match troubles.iter().find(is_wrong) {
        Some(trouble) => Outcome::Wrong(format!("{said}{}", repl.report(trouble).trim_end())),
        None => Outcome::Told(said),
    }
}

pub(super) fn load(repl: &mut Repl<'_>, file: &str) -> Outcome {
    let file = unquoted(file);
    if file.is_empty() {
        return Outcome::Wrong("`:load` takes the name of a file".to_owned());
    }
    match (repl.surroundings.load)("input", file) {
        Ok((name, text)) => Outcome::Answered(repl.statements(&name, &text)),
        Err(message) => Outcome::Wrong(message),
    }
}

pub(super) fn open(repl: &mut Repl<'_>, data: &str) -> Outcome {
    if data.is_empty() {
        let (open, shipped) = (&repl.session.store().about.name, SHIPPED.join(", "));
        return Outcome::Told(format!("{open} is open; {shipped} come with the program\n"));
    }
    match (repl.surroundings.open)(unquoted(data)) {
        Ok(session) => {
            repl.start(session);
            Outcome::Told(format!("{}\n", greeting(&repl.session)))
        }
        Err(trouble) => repl.trouble(&trouble),
    }
}

pub(super) fn edit(repl: &mut Repl<'_>, file: &str) -> Outcome {
    if !file.is_empty() {
        return match edited(Path::new(unquoted(file))) {
            Ok(()) => Outcome::Answered(0),
            Err(message) => Outcome::Wrong(message),
        };
    }
    let unwritable = |error: std::io::Error| format!("no file can be made to edit: {error}");
    let typed = || {
        let made = tempfile::Builder::new().prefix("demarche-").suffix(".dmq").tempfile().map_err(unwritable)?;
        std::fs::write(made.path(), format!("{}\n", repl.typed)).map_err(unwritable)?;
        edited(made.path())?;
        std::fs::read_to_string(made.path()).map_err(|error| format!("what was edited cannot be read: {error}"))
    };
    match typed() {
        Ok(text) => Outcome::Typed(text.trim().to_owned()),
        Err(message) => Outcome::Wrong(message),
    }
}

/// Has the user's editor open a file, until it ends.
fn edited(file: &Path) -> Result<(), String> {
    let said = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let editor = said.filter(|editor| !editor.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let status = screen::shell(&format!("{editor} \"$1\"")).arg("sh").arg(file).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{editor}` ended with {status}")),
        Err(error) => Err(format!("`{editor}` cannot be started: {error}")),
    }
}
