//! Query files to their canonical form, in place; or which of them are not in it.

use std::io::Write;
use std::path::Path;

use super::output::Output;
use super::{alone, read};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::session;

/// How many lines of a difference are shown.
const EXCERPT: usize = 4;

/// Formats the files, or checks that they are formatted; gives the exit code.
pub(super) fn format(output: &mut Output, files: &[String], check: bool) -> u8 {
    let mut worst = 0;
    for file in files {
        let code = format_one(output, file, check).unwrap_or_else(|trouble| {
            output.trouble(&trouble);
            2
        });
        worst = worst.max(code);
    }
    worst
}

fn format_one(output: &mut Output, file: &str, check: bool) -> Result<u8, Trouble> {
    let text = read(file)?;
    let formatted = session::format(&text).map_err(|diagnostics| Trouble {
        name: file.to_owned(),
        text: text.as_str().into(),
        diagnostics,
    })?;
    if check {
        if text == formatted {
            return Ok(0);
        }
        output.text(&excerpt(file, &text, &formatted));
        return Ok(1);
    }
    if file == "-" {
        output.text(&formatted);
    } else if text != formatted {
        replace(Path::new(file), &formatted).map_err(|error| {
            let message = format!("the file cannot be written: {error}");
            alone(file, Diagnostic::in_file(Code::UNREADABLE, file, 0, 0, message))
        })?;
    }
    Ok(0)
}

/// The name of the file, and the first lines that would change; none where only line ends would.
fn excerpt(file: &str, text: &str, formatted: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (text.lines().collect(), formatted.lines().collect());
    let same = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
    let ends = before[same..].iter().rev().zip(after[same..].iter().rev());
    let same_end = ends.take_while(|(before, after)| before == after).count();
    let (before, after) = (&before[same..before.len() - same_end], &after[same..after.len() - same_end]);
    let mut shown = format!("{file}\n");
    if !(before.is_empty() && after.is_empty()) {
        shown.push_str(&format!("@@ line {} @@\n", same + 1));
    }
    for (sign, lines) in [('-', before), ('+', after)] {
        shown.extend(lines.iter().take(EXCERPT).map(|line| format!("{sign}{line}\n")));
        if lines.len() > EXCERPT {
            shown.push_str(&format!("{sign}… {} more\n", lines.len() - EXCERPT));
        }
    }
    shown
}

/// Puts `text` in place of what the file holds: all of it or nothing, with the file's permissions.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = file.canonicalize()?;
    let mut aside = file.clone().into_os_string();
    aside.push(format!(".{}", std::process::id()));
    let written = std::fs::File::create_new(&aside).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        std::fs::set_permissions(&aside, std::fs::metadata(&file)?.permissions())?;
        std::fs::rename(&aside, &file)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    written
}
