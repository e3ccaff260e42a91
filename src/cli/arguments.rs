//! What the command line takes.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Parser, Subcommand, ValueEnum};

use crate::dataset::ColumnType;
use crate::export;
use crate::render::Format;

/// Ask event data who met whom, where, when, and for how long not.
///
/// Without a command it opens a prompt, on the data set that comes with it unless --data names another.
#[derive(Debug, Clone, Parser)]
#[command(name = "demarche", version, about, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A data set: putin-2024 or us-diplomacy, which ship; a folder with dataset.json; or CSV, TSV, JSON, JSONL or Parquet
    /// files, compressed as .gz or .zst or not; given more than once, or with `*` in it, the rows of all files are one table
    #[arg(long, global = true, value_name = "NAME|PATH")]
    pub data: Vec<PathBuf>,
    /// The column of a file that says when; unless named, the one called `date` or the only one of dates
    #[arg(long, global = true, value_name = "COLUMN")]
    pub date: Option<String>,
    /// The column of a file that says what kind of event a row is; unless named, the one called `kind`
    #[arg(long, global = true, value_name = "COLUMN")]
    pub kind: Option<String>,
    /// The type of a column of a file, instead of the one that its values have: text, int, float, bool, date or list, which
    /// is texts joined by `;`
    #[arg(long = "type", global = true, value_name = "COLUMN=TYPE", value_parser = typed)]
    pub types: Vec<(String, ColumnType)>,
    /// The format of the files: one that comes with the program, a file that describes another, or `none`; unless given, it
    /// is recognised
    #[arg(long, global = true, value_name = "NAME")]
    pub preset: Option<String>,
    /// What becomes of a row of the data that is wrong
    #[arg(long, global = true, value_enum, default_value_t = OnError::Stop)]
    pub on_error: OnError,
    /// How answers are written, a table unless given, or into which files `export` writes
    #[arg(long, global = true, value_parser = formats())]
    pub format: Option<Form>,
    /// The day that `today` is, such as 2024-07-11; the clock says unless given
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<String>,
    /// How wide tables and errors may be; the terminal's width unless given
    #[arg(long, global = true, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// When to colour errors; `auto` is on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Put header, notes and citations into JSON, and after CSV, TSV and Markdown, rather than on standard error
    #[arg(long, global = true)]
    pub with_notes: bool,
}

impl Arguments {
    /// Whether it says how files are read.
    pub(super) fn speaks_of_files(&self) -> bool {
        !self.types.is_empty() || [&self.date, &self.kind, &self.preset].iter().any(|option| option.is_some())
    }
}

const AFTER_HELP: &str = "\
Answers go to standard output, errors and notes to standard error.
Exit code: 0 all is well, 1 an expectation does not hold, 2 something is wrong.

  demarche ask 'meetings where region = \"Global South\" and venue = abroad'
  demarche ask 'meetings with $who since 2024-05-07' -p who=Xi --format json
  demarche run claims.dmq
  demarche describe \"Global South\"";

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Answer a query
    Ask {
        /// Such as 'meetings where venue = abroad'
        query: String,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
    },
    /// Run query files
    Run {
        /// The files; `-` is standard input
        #[arg(required = true)]
        files: Vec<String>,
        /// Give $NAME a value: a number, a date, true, false, or else a text
        #[arg(short, value_name = "NAME=VALUE", value_parser = named)]
        parameters: Vec<(String, String)>,
    },
    /// Tell what is wrong or doubtful in query files, and in those that they use, without running them
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
    /// Put query files into their canonical form; comments stay
    Fmt {
        /// Change nothing; tell which files are not in that form, and exit with 1 if any is
        #[arg(long)]
        check: bool,
        /// The files; `-` is standard input to standard output
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// Make a folder of a data set that opens at once, however many rows it has: `--data FOLDER`
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
    /// Write the data set, or the rows of a query, to files for other programs
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
    /// Say what the data set is, or what a name in it means
    Describe {
        /// A source, field, value, function or period, such as meetings or 'Global South'; or a file, as with --data
        name: Option<String>,
    },
    /// Say how a query is understood, how it is answered and what that takes; or what an error code means
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
