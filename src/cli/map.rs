//! A file to its bytes without reading it first: the system reads the parts that are looked at.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;
use memmap2::Mmap;

/// The bytes of a file; those of a pipe, and of whatever else cannot be mapped, are read.
///
/// # Errors
///
/// Where the file cannot be opened or read.
pub fn bytes(path: &Path) -> io::Result<Bytes> {
    let mut file = File::open(path)?;
    let is_mappable = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
    if let Some(map) = is_mappable.then(|| mapped(&file)).and_then(Result::ok) {
        return Ok(Bytes::from_owner(map));
    }
    let mut read = Vec::new();
    file.read_to_end(&mut read)?;
    Ok(read.into())
}

#[expect(
    unsafe_code,
    reason = "a map is what makes ten million rows open at once; a file that another program shortens meanwhile ends the \
              process, and one that it changes is read as changed. So nothing here changes a file in place: what is \
              written is written aside and renamed"
)]
fn mapped(file: &File) -> io::Result<Mmap> {
    // SAFETY: the map is read-only, and outlives nothing that is made of it, as `Bytes` owns it.
    unsafe { Mmap::map(file) }
}
