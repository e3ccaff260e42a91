//! Compressed bytes to plain ones: gzip and Zstandard, known by how they begin.

use std::io::{ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use crate::dataset::{File, Progress};
use crate::diagnostic::{Code, Diagnostic};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// How a part begins that Zstandard passes over; the low half of the first byte may be anything.
const SKIPPED: [u8; 3] = [0x2a, 0x4d, 0x18];

/// So many bytes are unpacked before it is asked whether to stop.
const STEP: u64 = 1 << 22;

/// What was unpacked before something was wrong.
struct Broken {
    /// How many bytes of the file were read.
    read: usize,
    /// Nothing if the file just ends.
    message: Option<String>,
}

/// The file with its bytes as they were before they were compressed; less of them where it is stopped.
pub(super) fn unpack(mut file: File, progress: &Progress) -> Result<File, Diagnostic> {
    let told = |message: String, help: &str| {
        Diagnostic::in_file(Code::UNREADABLE, &file.name, 0, 0, message).help(help.to_owned())
    };
    let is_zstandard = file.bytes.starts_with(&ZSTANDARD)
        || file.bytes.first().is_some_and(|first| first >> 4 == 5) && file.bytes[1..].starts_with(&SKIPPED);
    let mut plain = Vec::new();
    let (what, unpacked) = if file.bytes.starts_with(&GZIP) {
        ("gzip", gzip(&file.bytes, &mut plain, progress))
    } else if is_zstandard {
        ("Zstandard", zstandard(&file.bytes, &mut plain, progress))
    } else if let Some(ending) = packed_ending(&file.name) {
        let message = format!("the file is called `.{ending}`, but its bytes are not compressed so");
        return Err(told(message, "a file of plain text is called by what is in it, such as `.csv`"));
    } else {
        return Ok(file);
    };
    if let Err(Broken { read, message }) = unpacked {
        let lines = plain.iter().filter(|&&byte| byte == b'\n').count();
        let got = format!("{read} of its bytes gave {} bytes with {lines} whole lines", plain.len());
        let message = match message {
            Some(message) => format!("the {what} file is broken ({message}): {got}"),
            None => format!("the {what} file ends too early: {got}"),
        };
        return Err(told(message, "fetch or copy it anew; nothing of it was read"));
    }
    file.bytes = plain.into();
    Ok(file)
}

/// The name without the ending that says how it is compressed.
pub(super) fn plain_name(name: &str) -> &str {
    packed_ending(name).map_or(name, |ending| &name[..name.len() - ending.len() - 1])
}

fn packed_ending(name: &str) -> Option<&str> {
    let (_, ending) = name.rsplit_once('.')?;
    ["gz", "zst", "zstd"].iter().any(|known| ending.eq_ignore_ascii_case(known)).then_some(ending)
}

fn read_all(decoder: &mut impl Read, plain: &mut Vec<u8>, progress: &Progress) -> std::io::Result<()> {
    while !progress.is_stopped() && decoder.by_ref().take(STEP).read_to_end(plain)? > 0 {}
    Ok(())
}

fn gzip(bytes: &[u8], plain: &mut Vec<u8>, progress: &Progress) -> Result<(), Broken> {
    let mut decoder = MultiGzDecoder::new(bytes);
    read_all(&mut decoder, plain, progress).map_err(|error| {
        let read = bytes.len() - decoder.get_ref().len();
        Broken { read, message: (error.kind() != ErrorKind::UnexpectedEof).then(|| error.to_string()) }
    })
}

fn zstandard(bytes: &[u8], plain: &mut Vec<u8>, progress: &Progress) -> Result<(), Broken> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let broken = |rest: &[u8], message: String| Broken {
            read: bytes.len() - rest.len(),
            message: (!rest.is_empty()).then_some(message),
        };
        let mut decoder = match StreamingDecoder::new(&mut rest) {
            Ok(decoder) => decoder,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let Some(after) = rest.get(length as usize..) else {
                    return Err(Broken { read: bytes.len(), message: None });
                };
                rest = after;
                continue;
            }
            Err(error) => return Err(broken(rest, error.to_string())),
        };
        let result = read_all(&mut decoder, plain, progress);
        if progress.is_stopped() {
            return Ok(());
        }
        let (said, found) = (decoder.decoder.get_checksum_from_data(), decoder.decoder.get_calculated_checksum());
        if let Err(error) = result {
            return Err(broken(rest, error.to_string()));
        }
        if said.is_some() && said != found {
            let message = Some("the checksum does not fit".to_owned());
            return Err(Broken { read: bytes.len() - rest.len(), message });
        }
    }
    Ok(())
}
