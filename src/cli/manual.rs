//! Completions for shells and pages for `man`, of what the command line takes.

use std::io;
use std::path::Path;

use clap_complete::Shell;
use clap_mangen::Man;

use super::aside::unwritable;
use super::{alone, definition};
use crate::diagnostic::Trouble;

/// The completions for a shell.
pub(super) fn completions(shell: Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut definition(), "demarche", &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// The page of the whole program.
pub(super) fn page() -> String {
    let mut text = Vec::new();
    // To write to memory does not fail.
    let _ = Man::new(definition()).render(&mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Writes the pages of the program and of each command to a folder.
pub(super) fn pages(folder: &Path) -> Result<(), Trouble> {
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(definition(), folder)
    };
    write().map_err(|error| alone("man", unwritable(folder, format!("the pages cannot be written: {error}"))))
}
