//! Tables and answers in the formats of other programs: rows to CSV, JSON lines and Parquet, a network to N-Triples and
//! GraphML. What is written goes to whatever takes bytes.
//!
//! ```
//! use demarche::{dataset, export::{Format, Sheet, write}, session::Session, value::days};
//!
//! let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
//! let answer = session.ask("meetings with Xi since 2024-05-07 | select date, place")?;
//! let mut csv = Vec::new();
//! write(&Sheet::of_answer("meetings", &answer), Format::Csv, &mut csv).unwrap();
//! assert_eq!(csv, b"date,place\n2024-05-16,Beijing\n2024-07-03,Astana\n");
//! # Ok::<(), demarche::diagnostic::Trouble>(())
//! ```

mod network;
#[cfg(feature = "parquet")]
mod parquet;
mod sheet;
mod star;
mod text;

use std::io::{self, Write};

pub use network::{LINKS, graphml, ntriples};
pub use sheet::{Kind, Sheet, SheetColumn};
pub use star::star;

use crate::store::Store;

/// A form in which rows, or a network, leave the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// An object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
    /// A network as N-Triples of RDF.
    NTriples,
    /// A network as GraphML.
    GraphMl,
}

impl Format {
    /// Each format, its name, and the ending of its files.
    pub const ALL: [(&'static str, &'static str, Self); 5] = [
        ("csv", "csv", Self::Csv),
        ("jsonl", "jsonl", Self::Jsonl),
        ("parquet", "parquet", Self::Parquet),
        ("ntriples", "nt", Self::NTriples),
        ("graphml", "graphml", Self::GraphMl),
    ];

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, ..)| *own == name).map(|(.., format)| *format)
    }

    /// The format of files with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own, _)| own.eq_ignore_ascii_case(ending)).map(|(.., format)| *format)
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        Self::ALL.iter().find(|(.., format)| *format == self).map_or("", |(_, ending, _)| ending)
    }

    /// Whether it is one of networks, not of rows.
    pub fn is_network(self) -> bool {
        matches!(self, Self::NTriples | Self::GraphMl)
    }
}

/// The sheets of a whole data set: each table that has rows, and who belongs to what, by name.
pub fn tables(store: &Store) -> Vec<Sheet<'_>> {
    let tables = store.tables.iter().filter(|table| table.rows > 0).map(|table| Sheet::of_table(store, table));
    tables.chain(Sheet::of_memberships(store)).collect()
}

/// Writes rows in a format of rows.
///
/// # Errors
///
/// Where the bytes cannot be written, the format is one of networks, or the program is built without Parquet.
pub fn write(sheet: &Sheet<'_>, format: Format, out: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        Format::Csv => text::csv(sheet, out),
        Format::Jsonl => text::json_lines(sheet, out),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::write(sheet, out),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(io::Error::other("the program is built without `parquet`")),
        Format::NTriples | Format::GraphMl => Err(io::Error::other("rows are no network")),
    }
}
