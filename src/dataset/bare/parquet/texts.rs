//! A column of texts page by page, so that a text of the file's dictionary is looked up once, not once a row.
//!
//! Pages and their encodings are as the [Parquet format](https://parquet.apache.org/docs/file-format/data-pages/) has them.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};

use super::hybrid::Hybrid;
use crate::dataset::builder::Builder;

/// The texts of a dictionary page, and the code in the column of those that were met; 0 is none yet.
struct Dictionary {
    texts: Vec<Bytes>,
    codes: Vec<u32>,
}

/// Adds so many rows, and says how many have a text; `None` where pages are encoded otherwise or are broken.
pub(super) fn fill(
    mut pages: Box<dyn PageReader>,
    rows: usize,
    is_optional: bool,
    builder: &mut Builder,
    first: &mut dyn FnMut(&str),
) -> Option<usize> {
    let mut dictionary = Dictionary { texts: Vec::new(), codes: Vec::new() };
    let (mut read, mut present) = (0, 0);
    while let Some(page) = pages.get_next_page().ok()? {
        let (levels, values, encoding, count) = match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                let mut rest = buf;
                let texts: Option<Vec<Bytes>> = (0..num_values).map(|_| plain(&mut rest)).collect();
                dictionary = Dictionary { texts: texts?, codes: vec![0; num_values as usize] };
                continue;
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                if !is_optional {
                    (Bytes::new(), buf, encoding, num_values)
                } else if def_level_encoding == Encoding::RLE {
                    let length = u32::from_le_bytes(*buf.first_chunk()?) as usize;
                    let values = 4_usize.checked_add(length).filter(|&end| end <= buf.len())?;
                    (buf.slice(4..values), buf.slice(values..), encoding, num_values)
                } else {
                    return None;
                }
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let length = def_levels_byte_len as usize;
                if rep_levels_byte_len > 0 || length > buf.len() {
                    return None;
                }
                (buf.slice(..length), buf.slice(length..), encoding, num_values)
            }
        };
        let count = usize::try_from(count).ok().filter(|count| *count <= rows - read)?;
        let levels =
            if is_optional && !levels.is_empty() { Some(Hybrid::new(&levels, 1, count).decoded()?) } else { None };
        let is_there = |row: usize| levels.as_ref().is_none_or(|levels| levels[row] == 1);
        let there = (0..count).filter(|&row| is_there(row)).count();
        read += count;
        match encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let width = *values.first().filter(|width| **width <= 32 || there == 0)?;
                let indices = Hybrid::new(&values[1..], width, there).decoded()?;
                let mut indices = indices.into_iter();
                for row in 0..count {
                    if is_there(row) {
                        present += dictionary.add(indices.next()?, builder, first)?;
                    } else {
                        builder.missing();
                    }
                }
            }
            Encoding::PLAIN => {
                let mut rest = values;
                for row in 0..count {
                    if is_there(row) {
                        present += add(&plain(&mut rest)?, builder, first)?;
                    } else {
                        builder.missing();
                    }
                }
            }
            _ => return None,
        }
    }
    (read == rows).then_some(present)
}

impl Dictionary {
    /// Adds one of its texts, and says how many that makes.
    fn add(&mut self, index: u32, builder: &mut Builder, first: &mut dyn FnMut(&str)) -> Option<usize> {
        let code = self.codes.get_mut(index as usize)?;
        if builder.text_again(*code) {
            return Some(1);
        }
        let added = add(self.texts.get(index as usize)?, builder, first)?;
        *code = builder.last_code();
        Some(added)
    }
}

/// Adds a text, unless it is empty and thus missing, and says how many that makes.
fn add(text: &Bytes, builder: &mut Builder, first: &mut dyn FnMut(&str)) -> Option<usize> {
    let text = std::str::from_utf8(text).ok()?;
    if text.is_empty() {
        builder.missing();
        return Some(0);
    }
    first(text);
    builder.text(text);
    Some(1)
}

/// The next text of those that stand one after another, each after its length.
fn plain(rest: &mut Bytes) -> Option<Bytes> {
    let length = u32::from_le_bytes(*rest.first_chunk()?) as usize;
    let end = 4_usize.checked_add(length).filter(|&end| end <= rest.len())?;
    let text = rest.slice(4..end);
    *rest = rest.slice(end..);
    Some(text)
}
