//! A data set to a folder that opens at once.

use std::io;
use std::path::Path;

use super::aside::{self, Stop, unwritable};
use super::map;
use crate::dataset::{IMPORTED, columns_of, write_imported};
use crate::diagnostic::Diagnostic;
use crate::store::Store;

/// How the file of columns is called; the head tells which of that name is its own.
const COLUMNS: (&str, &str) = ("columns-", ".bin");
/// How the head is called until it is whole.
const PARTIAL: (&str, &str) = (".imported-", ".partial");

/// Whether a data set may be imported to this folder: where there is none yet, or one that is to be replaced.
pub(super) fn check(target: &Path, force: bool) -> Result<(), Diagnostic> {
    if !target.exists() || is_left_over(target) {
        return Ok(());
    }
    if !target.join(IMPORTED).is_file() {
        let message = "something is there that is no imported data set";
        return Err(unwritable(target, message).help("name a folder that is not there yet".to_owned()));
    }
    let error = unwritable(target, "an imported data set is there already");
    if force { Ok(()) } else { Err(error.help("`--force` replaces it".to_owned())) }
}

/// Writes a store to a folder. Whoever opens it meanwhile finds the data set that was there before, if any.
pub(super) fn write(store: &Store, target: &Path) -> Result<(), Diagnostic> {
    let stop = Stop::listen();
    let is_new = !target.exists();
    let written = written(store, target, is_new, &stop);
    if written.is_err() && is_new {
        let _ = std::fs::remove_dir(target);
    }
    written.map_err(|error| unwritable(target, format!("the data set cannot be written: {error}")))
}

fn written(store: &Store, target: &Path, is_new: bool, stop: &Stop) -> io::Result<()> {
    if is_new {
        std::fs::create_dir(target)?;
    }
    let replaced = left_behind(target);
    let (columns, head) = aside::written(target, COLUMNS, stop, |path, out| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        write_imported(store, &name, out)
    })?;
    let (file, ()) = aside::written(target, PARTIAL, stop, |_, out| out.write_all(head.as_bytes()))?;
    // From here on the folder is the new data set: its head names the new columns.
    file.persist(target.join(IMPORTED))?;
    columns.keep()?;
    aside::sync(target)?;
    if is_new {
        aside::sync(&aside::folder_of(target))?;
    }
    for old in replaced {
        let _ = std::fs::remove_file(target.join(old));
    }
    Ok(())
}

/// The files that a folder needs no more once it has another head: the columns of this one, or what an import left that was
/// ended from without.
fn left_behind(target: &Path) -> Vec<String> {
    match map::bytes(&target.join(IMPORTED)) {
        Ok(head) => columns_of("", &head).into_iter().collect(),
        Err(_) => names(target).filter(|name| is_part(name)).collect(),
    }
}

/// Whether a folder is empty but for what an import left that was ended from without.
fn is_left_over(target: &Path) -> bool {
    target.is_dir() && names(target).all(|name| is_part(&name))
}

fn is_part(name: &str) -> bool {
    [COLUMNS, PARTIAL].iter().any(|(prefix, suffix)| name.starts_with(prefix) && name.ends_with(suffix))
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
}
