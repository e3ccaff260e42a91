//! A store to a readable head and the bytes of its columns, and back, without looking at a column before it is asked for.
//!
//! An imported data set is a folder of two files. `imported.json` is the head: what the data set says of itself, its tables,
//! fields and names, the number of the format's version, and where in the other file each column lies. The other file has
//! the numbers of all columns, little-endian, each column aligned, and ends with a trailer that says of which head it is.
//!
//! ```
//! use demarche::dataset::{built_in, open_imported, write_imported};
//!
//! let mut columns = Vec::new();
//! let head = write_imported(&built_in(), "columns.bin", &mut columns).unwrap();
//! let store = open_imported("copy", head.as_bytes(), columns.into()).unwrap();
//! assert_eq!(store.about.name, "putin-2024");
//! ```

mod head;
mod layout;
mod mend;

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Crc;
use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic};
use crate::store::Store;
use head::Head;
use layout::Columns;

/// The file of an imported data set that says what it is.
pub const IMPORTED: &str = "imported.json";

/// What a head says it is.
const FORMAT: &str = "demarche imported data set";
/// The version of the format; any change of the head or the columns is a new one.
const VERSION: u32 = 1;
/// The byte order of the columns.
const BYTE_ORDER: &str = "little-endian";
/// The first bytes of the trailer.
const MAGIC: &[u8; 8] = b"demarche";
/// The trailer: these, and the checksum of the head.
const TRAILER: usize = MAGIC.len() + size_of::<u32>();

/// What is read of a head before all else.
#[derive(Deserialize)]
struct Stamp {
    format: String,
    version: u32,
    byte_order: String,
    columns: String,
    bytes: u64,
}

/// Writes the columns of a store, which are to be in a file of this name, and gives the text of the head.
///
/// # Errors
///
/// Where the bytes cannot be written, or the machine is not little-endian.
pub fn write_imported(store: &Store, columns: &str, out: &mut dyn Write) -> io::Result<String> {
    if cfg!(target_endian = "big") {
        return Err(io::Error::other("imported data sets are little-endian, and this machine is not"));
    }
    let mut written = Columns::new(out);
    let head = Head::of(store, columns, &mut written)?;
    let text = serde_json::to_string_pretty(&head)? + "\n";
    out.write_all(MAGIC)?;
    out.write_all(&checksum(text.as_bytes()).to_le_bytes())?;
    Ok(text)
}

/// The name of the file beside a head that has the columns.
///
/// # Errors
///
/// Where the head is none, or of another version.
pub fn columns_of(folder: &str, head: &[u8]) -> Result<String, Diagnostic> {
    stamp(folder, head).map(|stamp| stamp.columns)
}

/// An imported data set by its head and the bytes of its columns, of which only the last few are looked at.
///
/// # Errors
///
/// Where the head is of another version, or one of both is cut, damaged or not of the other.
pub fn open_imported(folder: &str, head: &[u8], columns: Bytes) -> Result<Store, Diagnostic> {
    let stamp = stamp(folder, head)?;
    let damaged = |what: &str| damaged(folder, &stamp.columns, what);
    if columns.len() as u64 != stamp.bytes + TRAILER as u64 {
        let (has, should) = (columns.len(), stamp.bytes + TRAILER as u64);
        return Err(damaged(&format!("the file has {has} bytes, and its head says {should}")));
    }
    let (columns, trailer) = (columns.slice(..columns.len() - TRAILER), columns.slice(columns.len() - TRAILER..));
    if trailer[..MAGIC.len()] != MAGIC[..] || trailer[MAGIC.len()..] != checksum(head).to_le_bytes() {
        return Err(damaged(&format!("the file is not that of this `{IMPORTED}`, or one of both was changed")));
    }
    let head: Head = serde_json::from_slice(head).map_err(|error| not_a_head(folder, &error))?;
    head.into_store(&columns).map_err(|what| damaged(&what))
}

fn stamp(folder: &str, head: &[u8]) -> Result<Stamp, Diagnostic> {
    let stamp: Stamp = serde_json::from_slice(head).map_err(|error| not_a_head(folder, &error))?;
    let wrong = |what: &str| damaged(folder, IMPORTED, what);
    if stamp.format != FORMAT {
        return Err(wrong("the file is not the head of an imported data set"));
    }
    if stamp.version != VERSION {
        let version = stamp.version;
        return Err(wrong(&format!("the data set is of version {version}, and this program reads version {VERSION}")));
    }
    if stamp.byte_order != BYTE_ORDER || cfg!(target_endian = "big") {
        return Err(wrong("an imported data set is opened on a machine of its own byte order alone, little-endian"));
    }
    if stamp.columns.is_empty() || stamp.columns.contains(['/', '\\', ':']) || stamp.columns.starts_with('.') {
        return Err(wrong("the name of the file of columns is none"));
    }
    Ok(stamp)
}

fn not_a_head(folder: &str, error: &serde_json::Error) -> Diagnostic {
    let name = format!("{folder}/{IMPORTED}");
    let message = "the file is not the head of an imported data set, or is damaged";
    Diagnostic::in_file(Code::BAD_IMPORT, &name, error.line(), error.column(), message).help(HELP.to_owned())
}

const HELP: &str = "import the data again: `demarche import SOURCE -o FOLDER --force`";

fn damaged(folder: &str, file: &str, what: &str) -> Diagnostic {
    Diagnostic::in_file(Code::BAD_IMPORT, &format!("{folder}/{file}"), 0, 0, what).help(HELP.to_owned())
}

fn checksum(head: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(head);
    sum.sum()
}
