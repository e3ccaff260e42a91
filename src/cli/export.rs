//! A data set, or the rows of a query, to files for other programs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::arguments::Arguments;
use super::aside::{self, Stop, unwritable};
use super::{alone, bind};
use crate::answer::Answer;
use crate::diagnostic::{Diagnostic, Trouble};
use crate::export::{Format, LINKS, Sheet, graphml, ntriples, star, tables, write};
use crate::session::Session;

/// How a file is called until all are whole.
const PARTIAL: (&str, &str) = (".exported-", ".partial");

/// What is to be written, and where.
pub(super) struct Export<'a> {
    pub query: Option<&'a str>,
    pub parameters: &'a [(String, String)],
    pub target: &'a Path,
    format: Format,
    exact: bool,
}

impl<'a> Export<'a> {
    /// What the arguments ask for; an error where the format is not known or something is there already.
    pub(super) fn of(
        arguments: &Arguments,
        query: Option<&'a str>,
        parameters: &'a [(String, String)],
        target: &'a Path,
        force: bool,
    ) -> Result<Self, Trouble> {
        let ending = || target.extension().and_then(|ending| Format::of_ending(ending.to_str()?));
        let (format, message) = match arguments.format {
            Some(form) => (form.export(), "answers are written in that format, and files are not"),
            None => (ending(), "the name does not say in which format"),
        };
        let Some(format) = format else {
            let help = "end it with .csv, .jsonl, .parquet, .nt or .graphml, or add `--format parquet`".to_owned();
            return Err(alone("export", unwritable(target, message).help(help)));
        };
        if target.exists() && !force {
            let error = unwritable(target, "something is there already").help("`--force` writes over it".to_owned());
            return Err(alone("export", error));
        }
        Ok(Self { query, parameters, target, format, exact: arguments.exact })
    }

    /// Writes it, and gives the answer that was written.
    pub(super) fn write(&self, mut session: Session) -> Result<Option<Answer>, Trouble> {
        bind(&mut session, self.parameters);
        let unwritten = |error: io::Error| {
            alone("export", unwritable(self.target, format!("the export cannot be written: {error}")))
        };
        if self.format.is_network() {
            let answer = session.ask(&format!("({}\n) | {LINKS}", self.query.unwrap_or("events of anyone")))?;
            let stop = Stop::listen();
            aside::write(self.target, &stop, |out| network(&answer, self.format, out)).map_err(unwritten)?;
            return Ok(Some(answer));
        }
        if let Some(query) = self.query {
            let answer = session.ask(query)?;
            let sheet = self.as_read(Sheet::of_answer("rows", &answer));
            aside::write(self.target, &Stop::listen(), |out| write(&sheet, self.format, out)).map_err(unwritten)?;
            drop(sheet);
            return Ok(Some(answer));
        }
        let is_star = self.format == Format::Parquet && !self.is_file();
        let sheets = if is_star { star(session.store()) } else { tables(session.store()) };
        let sheets: Vec<Sheet<'_>> = sheets.into_iter().map(|sheet| self.as_read(sheet)).collect();
        match sheets.as_slice() {
            [sheet] if self.is_file() => {
                aside::write(self.target, &Stop::listen(), |out| write(sheet, self.format, out)).map_err(unwritten)?;
            }
            _ if self.is_file() => return Err(alone("export", self.needs_a_folder(sheets.len()))),
            _ => self.write_folder(&sheets).map_err(unwritten)?,
        }
        Ok(None)
    }

    /// The sheet as whoever opens the file should read it: CSV is opened in spreadsheets.
    fn as_read<'b>(&self, sheet: Sheet<'b>) -> Sheet<'b> {
        if self.format == Format::Csv && !self.exact { sheet.without_formulas() } else { sheet }
    }

    /// Whether the target is called as a file is.
    fn is_file(&self) -> bool {
        self.target.extension().is_some() && !self.target.is_dir()
    }

    fn needs_a_folder(&self, tables: usize) -> Diagnostic {
        let name = self.format.ending();
        let help = format!(
            "ask for one of them, `demarche export events -o …`, or name a folder: `-o FOLDER --format {name}`"
        );
        unwritable(self.target, format!("the data set is {tables} tables, and this is one file")).help(help)
    }

    /// A file for each sheet; none is put in its place before all are whole.
    fn write_folder(&self, sheets: &[Sheet<'_>]) -> io::Result<()> {
        let is_new = !self.target.exists();
        if is_new {
            std::fs::create_dir(self.target)?;
        }
        let written = self.write_files(sheets);
        if written.is_err() && is_new {
            let _ = std::fs::remove_dir(self.target);
        }
        written
    }

    fn write_files(&self, sheets: &[Sheet<'_>]) -> io::Result<()> {
        let stop = Stop::listen();
        let mut files = Vec::new();
        for sheet in sheets {
            let (file, ()) = aside::written(self.target, PARTIAL, &stop, |_, out| write(sheet, self.format, out))?;
            files.push((file, self.path_of(sheet)));
        }
        for (file, path) in files {
            file.persist(path)?;
        }
        aside::sync(self.target)
    }

    /// The file of a sheet: a name may hold what a path may not.
    fn path_of(&self, sheet: &Sheet<'_>) -> PathBuf {
        let letter = |letter: char| if letter.is_alphanumeric() || "_- ".contains(letter) { letter } else { '_' };
        let name: String = sheet.name.chars().map(letter).collect();
        self.target.join(format!("{name}.{}", self.format.ending()))
    }
}

fn network(answer: &Answer, format: Format, out: &mut dyn Write) -> io::Result<()> {
    if format == Format::GraphMl { graphml(answer, out) } else { ntriples(answer, out) }
}
