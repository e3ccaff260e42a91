//! What is put on the terminal: texts, by a pager those that are longer than the screen, and nothing that it would obey.

use std::io::{IsTerminal as _, Write};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How many lines the screen has; none where there is no terminal.
pub(super) fn height() -> Option<usize> {
    let (_, rows) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(rows.0)).filter(|rows| *rows > 0)
}

/// Writes to standard output.
pub(super) fn show(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Writes to standard error.
pub(super) fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to standard output, through the pager what is longer than the screen; `width` is how wide that is.
pub(super) fn page(text: &str, width: usize) {
    let is_long = height().is_some_and(|height| lines(text, width) >= height);
    if !is_long || through_pager(text).is_none() {
        show(text);
    }
}

/// How many lines of a screen a text takes.
pub(super) fn lines(text: &str, width: usize) -> usize {
    let plain = anstream::adapter::strip_str(text).to_string();
    plain.lines().map(|line| line.width().div_ceil(width.max(1)).max(1)).sum()
}

/// Shows a text by `$PAGER`, or else `less`. It has been shown if the pager started, however that ended.
fn through_pager(text: &str) -> Option<()> {
    let mut command = match std::env::var("PAGER") {
        Ok(pager) if matches!(pager.trim(), "" | "cat") => return None,
        Ok(pager) => shell(&pager),
        Err(_) => {
            let mut less = Command::new("less");
            // What is typed ahead is no command for it to run.
            less.env("LESSSECURE", "1");
            less
        }
    };
    if std::env::var_os("LESS").is_none() {
        // Colours as they are, no pager for what fits after all, and the text stays on the screen.
        command.env("LESS", "FRX");
    }
    let mut child = command.stdin(Stdio::piped()).spawn().ok()?;
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(text.as_bytes());
    }
    // The shell's code for a command that is not there.
    let is_missing = child.wait().ok()?.code() == Some(127);
    (!is_missing).then_some(())
}

/// A command that the user wrote, such as `less -S`.
pub(super) fn shell(command: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut made = Command::new(shell);
    made.arg(flag).arg(command);
    made
}

/// Asks the terminal to put a text on the clipboard, by the sequence OSC 52; not where there is none.
pub(super) fn copy(text: &str) -> bool {
    let is_terminal = std::io::stdout().is_terminal();
    if is_terminal {
        show(&format!("\x1b]52;c;{}\x07", STANDARD.encode(text)));
    }
    is_terminal
}

/// A text no wider than this.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = 1;
    let fits = |letter: &char| {
        taken += letter.width().unwrap_or(0);
        taken <= width
    };
    let start: String = text.chars().take_while(fits).collect();
    if width == 0 { String::new() } else { start + "…" }
}
