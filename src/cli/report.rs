//! A query file to a page in HTML or Markdown.

use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::arguments::{Arguments, Form};
use super::aside::{self, Stop, unwritable};
use super::{alone, called, load, output::Output, read};
use crate::answer::Line;
use crate::diagnostic::Trouble;
use crate::export::{self, tables};
use crate::render::Format;
use crate::report::Report;
use crate::session::Session;
use crate::store::Store;
use crate::value::Bucket;

/// Writes the report of a file, and gives the exit code: 1 if a claim does not hold, 2 if a statement is wrong.
pub(super) fn write(
    arguments: &Arguments,
    mut session: Session,
    file: &str,
    target: Option<&Path>,
    force: bool,
    output: &mut Output,
) -> Result<u8, Trouble> {
    if let Some(target) = target.filter(|target| target.exists() && !force) {
        let error = unwritable(target, "something is there already");
        return Err(alone("report", error.help("`--force` writes over it")));
    }
    let ending = target.and_then(Path::extension).and_then(|ending| ending.to_str()).and_then(Format::of_ending);
    let format = arguments.format.and_then(Form::answer).or(ending).unwrap_or(Format::Html);
    let report = Report::of(&mut session, &called(file), &read(file)?, &load);
    let colophon = colophon(arguments, &session, file);
    let page = match format {
        Format::Html => report.html(&colophon),
        Format::Markdown => report.markdown(&colophon),
        _ => {
            let error = unwritable(target.unwrap_or(Path::new("--format")), "a report is written in HTML or Markdown");
            return Err(alone("report", error.help("end the name with .html or .md")));
        }
    };
    match target {
        None => output.text(&page),
        Some(target) => aside::write(target, &Stop::listen(), |out| out.write_all(page.as_bytes()))
            .map_err(|error| alone("report", unwritable(target, format!("the report cannot be written: {error}"))))?,
    }
    Ok(match () {
        () if report.wrong > 0 => 2,
        () if report.held < report.claims => 1,
        () => 0,
    })
}

/// What the report was made of and how it is made again.
fn colophon(arguments: &Arguments, session: &Session, file: &str) -> Vec<Line> {
    let about = &session.store().about;
    let today = Bucket::Day.of(session.today).to_string();
    let title = if about.title.is_empty() { String::new() } else { format!(", {}", about.title) };
    let data: String = arguments.data.iter().map(|data| format!(" --data {}", data.display())).collect();
    let mut lines = vec![Line::new("Questions", "", file), Line::new("Data set", "", format!("{}{title}", about.name))];
    lines.extend(about.as_of.map(|day| Line::new("As of", "", Bucket::Day.of(day))));
    lines.push(Line::new("SHA-256 of its rows", "", hash(session.store())));
    lines.push(Line::new("Licence of the data", "", &about.licence));
    lines.push(Line::new("Today is", "", &today));
    lines.push(Line::new("Made by", "", format!("Démarche {}", env!("CARGO_PKG_VERSION"))));
    lines.push(Line::new("Again", "", format!("demarche{data} report {file} --today {today}")));
    lines.retain(|line| !line.meaning.is_empty());
    lines
}

/// The hash of all stored rows, as `demarche export --format jsonl` writes them, one table after the other.
fn hash(store: &Store) -> String {
    let mut hashed = Hashed(Sha256::new());
    for sheet in tables(store) {
        // To hash does not fail.
        let _ = export::write(&sheet, export::Format::Jsonl, &mut hashed);
    }
    hashed.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
