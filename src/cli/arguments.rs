//! What the command line takes.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::dataset::ColumnType;
use crate::export;
use crate::render::Format;

/// Ask event data who met whom, where, when, and for how long not
#[derive(Debug, Clone, Parser)]
#[command(name = "demarche", version, help_template = TEMPLATE, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A data set: putin-2024 or us-diplomacy, which ship; a folder with dataset.json; or CSV, TSV, JSON, JSONL or Parquet
    /// files, compressed as .gz or .zst or not; given more than once, or with `*` in it, the rows of all files are one table
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "NAME|PATH")]
    pub data: Vec<PathBuf>,
    /// The column of a file that says when; unless named, the one called `date` or the only one of dates
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "COLUMN")]
    pub date: Option<String>,
    /// The column of a file that says what kind of event a row is; unless named, the one called `kind`
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "COLUMN")]
    pub kind: Option<String>,
    /// The type of a column of a file, instead of the one that its values have: text, int, float, bool, date or list, which
    /// is texts joined by `;`
    #[arg(long = "type", global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "COLUMN=TYPE", value_parser = typed)]
    pub types: Vec<(String, ColumnType)>,
    /// The format of the files: one that comes with the program, a file that describes another, or `none`; unless given, it
    /// is recognised
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "NAME")]
    pub preset: Option<String>,
    /// What becomes of a row of the data that is wrong
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_enum, default_value_t = OnError::Stop)]
    pub on_error: OnError,
    /// How answers are written, a table unless given, or into which files `export` writes
    #[arg(long, global = true, help_heading = GLOBAL, value_parser = formats())]
    pub format: Option<Form>,
    /// The day that `today` is, such as 2024-07-11; the clock says unless given
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "DATE")]
    pub today: Option<String>,
    /// How wide tables, pictures and errors may be; the terminal's width unless given. A picture in SVG is so many pixels wide
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// When to colour errors; `auto` is on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Put header, notes and citations into JSON, and after CSV, TSV, Markdown and HTML, rather than on standard error
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true)]
    pub with_notes: bool,
    /// Write texts in CSV and TSV as they are, for a program; else one that a spreadsheet would take for a formula has `'`
    /// before it, and control characters are shown by their numbers
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true)]
    pub exact: bool,
}

impl Arguments {
    /// Whether it says how files are read.
    pub(super) fn speaks_of_files(&self) -> bool {
        !self.types.is_empty() || [&self.date, &self.kind, &self.preset].iter().any(|option| option.is_some())
    }
}

/// What the options of all commands stand under.
const GLOBAL: &str = "Options of all commands";

/// What `demarche --help` shows: it fits a screen, and the help of a command has the options.
const TEMPLATE: &str = "\
{about}

{usage-heading} {usage}

Commands:
{subcommands}{after-help}";

const AFTER_HELP: &str = "\
Without a command it opens a prompt. `demarche ask --help` tells all options.
Exit code: 0 all is well, 1 an expectation does not hold, 2 something is wrong.

  demarche ask 'meetings where region = \"Global South\" and venue = abroad'
  demarche --data events.csv ask 'events | count by kind' --format json";

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Answer a query
    #[command(after_help = "\
  demarche ask 'meetings where region = \"Global South\" and venue = abroad'
  demarche ask 'meetings with $who since 2024-05-07' -p who=Xi --format json
  demarche ask 'meetings since 2024-05-07 | count by month | render bar' -o months.svg")]
    Ask {
        /// Such as 'meetings where venue = abroad'
        query: String,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
        #[command(flatten)]
        target: Target,
    },
    /// Run query files
    #[command(after_help = "\
A file runs by itself if it may be executed and its first line is `#!/usr/bin/env -S demarche run`.

  demarche run claims.dmq
  demarche run trips.dmq -p who=Orban --format json")]
    Run {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<String>,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
        #[command(flatten)]
        target: Target,
    },
    /// Tell what is wrong or doubtful in query files; they do not run
    ///
    /// So it does of the files that they use.
    Check {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<String>,
        /// Give `$name` a value; what a parameter without one stands in is not checked
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
        /// Exit with 2 for a warning, too
        #[arg(long)]
        deny_warnings: bool,
    },
    /// Put query files into their canonical form
    ///
    /// Comments stay.
    Fmt {
        /// Change nothing; tell which files are not in that form, and exit with 1 if any is
        #[arg(long)]
        check: bool,
        /// The files; `-` is standard input to standard output
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Make a folder of a data set that opens at once
    ///
    /// However many rows it has, `--data FOLDER` opens it within milliseconds.
    #[command(after_help = "\
What is read is what --data opens: files with all their options, a folder, a name. The folder is for this machine and this
version of the program; what is to go elsewhere is written by `export`.

  demarche import 'events_2024-*.csv.gz' --type code=text -o events
  demarche --data events ask 'events | count by kind'")]
    Import {
        /// The data set, as --data names it
        #[arg(required = true, value_name = "NAME|PATH")]
        sources: Vec<PathBuf>,
        /// The folder, which is made
        #[arg(short, long, value_name = "FOLDER")]
        output: PathBuf,
        /// Replace the imported data set that is there
        #[arg(long)]
        force: bool,
    },
    /// Write the data set, or the rows of a query, for other programs
    #[command(after_help = "\
The target's name says the format, or --format does: CSV (.csv), JSON lines (.jsonl), Parquet (.parquet); or of who took part
with whom N-Triples (.nt) and GraphML (.graphml). Without a query all stored fields of all tables are written, in a folder a
file for each table; in Parquet these refer to one another by keys.

  demarche export 'meetings since 2024-05-07 | select date, leader, place' -o meetings.csv
  demarche export --format parquet -o star
  demarche export 'meetings of anyone' -o network.graphml")]
    Export {
        /// What is asked for; everything unless given
        query: Option<String>,
        /// The file, or the folder of a whole data set
        #[arg(short, long, value_name = "PATH")]
        output: PathBuf,
        /// Write over what is there
        #[arg(long)]
        force: bool,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
    },
    /// Make a page of a query file: prose, tables, pictures, claims
    ///
    /// Each claim stands there with the rows that bear it out, and their sources.
    #[command(after_help = "\
Comments on lines of their own are the prose, in Markdown: `## Title` is a heading. A comment right above an `expect` belongs to
it. The page says at its end which data it was made of, by a hash, and how it is made again.

  demarche report examples/claims.dmq -o claims.html
  demarche report examples/claims.dmq -o claims.md")]
    Report {
        /// The file; `-` is standard input
        file: String,
        /// The page, .html or .md; standard output unless given, in HTML or as --format says
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Write over the file that is there
        #[arg(long, requires = "output")]
        force: bool,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
    },
    /// Learn the language by questions, with hints
    #[command(after_help = "\
Without options it goes on with the first lesson that is not solved. The prompt takes an answer, and :hint, :solution, :learn
NUMBER, :learn list and :quit. What is solved is kept in $XDG_STATE_HOME/demarche.

A folder of lessons is made for any data set, see the guide; --check tells whether it is right.

  demarche learn
  demarche learn 4
  demarche learn --lessons course --data events.csv")]
    Learn {
        /// The number of a lesson
        lesson: Option<usize>,
        /// A folder of lessons in Markdown, instead of those that come with the program
        #[arg(long, value_name = "FOLDER")]
        lessons: Option<PathBuf>,
        /// Take no lesson; tell what is wrong with those of a folder, and exit with 2 if anything is
        #[arg(long, value_name = "FOLDER", conflicts_with_all = ["lesson", "lessons"])]
        check: Option<PathBuf>,
    },
    /// Say what the data set is, or what a name in it means
    #[command(after_help = "\
  demarche describe
  demarche describe 'Global South'
  demarche describe events.csv")]
    Describe {
        /// A source, field, value, function or period, such as meetings or 'Global South'; or a file, as with --data
        name: Option<String>,
    },
    /// Say how a query is understood and answered, or what a code means
    ///
    /// It is told in plain English, with the plan and what each step takes; `--why` tells of one event.
    Explain {
        /// A query, or a code such as D0204
        query: String,
        /// Say instead why the answer has the event with this id, or has it not
        #[arg(long, value_name = "ID")]
        why: Option<String>,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
    },
    /// Print completions for a shell
    #[command(after_help = "\
  demarche completions bash > ~/.local/share/bash-completion/completions/demarche
  demarche completions zsh > ~/.zfunc/_demarche
  demarche completions fish > ~/.config/fish/completions/demarche.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write those of all commands
    #[command(after_help = "\
  demarche man | man -l -
  demarche man -o ~/.local/share/man/man1")]
    Man {
        /// A folder for the pages of all commands, which is made
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
}

/// A file that answers go to.
#[derive(Debug, Clone, Args)]
pub(super) struct Target {
    /// Write the answers to this file; its name says the format where --format does not: .svg, .json, .jsonl, .csv, .tsv, .md
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over the file that is there
    #[arg(long, requires = "output")]
    pub force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnError {
    /// It is told, and nothing is answered
    Stop,
    /// It is told and left out
    Skip,
}

/// What `--format` says: how an answer is written, or what files are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Answer(Format),
    Export(export::Format),
}

impl Form {
    fn named(name: &str) -> Option<Self> {
        Format::named(name).map(Self::Answer).or_else(|| export::Format::named(name).map(Self::Export))
    }

    /// How an answer is written.
    pub(super) fn answer(self) -> Option<Format> {
        if let Self::Answer(format) = self { Some(format) } else { None }
    }

    /// The format of files that it is.
    pub(super) fn export(self) -> Option<export::Format> {
        match self {
            Self::Answer(format) => export::Format::named(format.name()),
            Self::Export(format) => Some(format),
        }
    }
}

fn formats() -> impl clap::builder::TypedValueParser<Value = Form> {
    let value = |(name, format): &(&'static str, Format)| {
        PossibleValue::new(*name).help(format.meaning().trim_end_matches('.'))
    };
    let files = export::Format::ALL.iter().filter(|(name, ..)| Format::named(name).is_none());
    let files = files.map(|(name, ..)| PossibleValue::new(*name).help("Files of `export`"));
    PossibleValuesParser::new(Format::ALL.iter().map(value).chain(files))
        .map(|name| Form::named(&name).unwrap_or(Form::Answer(Format::Table)))
}

fn named(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "write it as name=value".to_owned())
}

fn typed(text: &str) -> Result<(String, ColumnType), String> {
    let names = ColumnType::ALL.map(|(name, _)| name).join(", ");
    let (column, name) = text.rsplit_once('=').ok_or_else(|| "write it as column=type".to_owned())?;
    let of = ColumnType::named(name).ok_or_else(|| format!("`{name}` is no type of a column: {names}"))?;
    Ok((column.to_owned(), of))
}
