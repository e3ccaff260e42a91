//! Where the entries of before are kept: the user's state directory.

use std::path::PathBuf;

/// The file of the entries of before, in a folder that exists.
pub(super) fn file() -> Option<PathBuf> {
    Some(folder()?.join("history.txt"))
}

/// The folder of what should be known next time, which exists.
pub(super) fn folder() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|state| state.is_absolute());
    let folder = state.or_else(home)?.join("demarche");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}
