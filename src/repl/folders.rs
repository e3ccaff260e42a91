//! Where the prompt keeps what it should know next time: the user's folders, as the XDG convention names them.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// The file of the entries of before, which is there. Several sessions append to it.
pub(super) fn history() -> Option<PathBuf> {
    let file = state()?.join("history");
    // A session that finds no file writes one anew, and two that start at once would write over each other.
    if let Ok(mut made) = OpenOptions::new().write(true).create_new(true).open(&file) {
        made.write_all(b"#V2\n").ok()?;
    }
    Some(file)
}

/// The file of the settings that hold from the start, as it is called, and its text: `NAME VALUE` a line.
pub(super) fn configuration() -> Option<(String, String)> {
    let file = folder("XDG_CONFIG_HOME", ".config")?.join("config");
    let text = std::fs::read_to_string(&file).ok()?;
    let below = std::env::var_os("HOME").and_then(|home| Some(file.strip_prefix(home).ok()?.to_owned()));
    let name = below.map_or_else(|| file.display().to_string(), |below| format!("~/{}", below.display()));
    Some((name, text))
}

/// The folder of what is known next time, which is there.
pub(super) fn state() -> Option<PathBuf> {
    let folder = folder("XDG_STATE_HOME", ".local/state")?;
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder)
}

fn folder(variable: &str, otherwise: &str) -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(otherwise));
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
    Some(named.or_else(home)?.join("demarche"))
}
