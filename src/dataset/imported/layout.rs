//! Columns to parts of a file, and parts of a file to columns.

use std::io::{self, Write};
use std::sync::Arc;

use bytemuck::Pod;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{HELP, mend};
use crate::store::{Buffer, Codes, Column, Damage, Dictionary, Ends, Texts};
use crate::value::{Base, DomainId, Type};

/// Each part begins at a multiple of so many bytes.
const ALIGNMENT: u64 = 64;

/// Numbers in the file: where the first begins, how many there are, and how many bytes each has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Part {
    at: u64,
    count: u64,
    width: u64,
}

/// Texts one after another in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TextParts {
    text: Part,
    ends: Part,
    missing: Part,
}

/// Where the values of a column lie.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Layout {
    Int { values: Part, missing: Option<Part> },
    Float(Part),
    Bool(Part),
    Text { codes: Part, texts: TextParts },
    Prose(TextParts),
    Day(Part),
    Date(Part),
    Coded { domain: DomainId, codes: Part },
    List { starts: Part, items: Box<Layout> },
}

/// The file of columns as it is written.
pub(super) struct Columns<'w> {
    out: &'w mut dyn Write,
    at: u64,
}

impl<'w> Columns<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, at: 0 }
    }

    /// How many bytes were written.
    pub(super) fn bytes(&self) -> u64 {
        self.at
    }

    fn part<T: Pod>(&mut self, numbers: &[T]) -> io::Result<Part> {
        let at = self.at.next_multiple_of(ALIGNMENT);
        self.out.write_all(&[0; ALIGNMENT as usize][..(at - self.at) as usize])?;
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        self.out.write_all(bytes)?;
        self.at = at + bytes.len() as u64;
        Ok(Part { at, count: numbers.len() as u64, width: size_of::<T>() as u64 })
    }

    pub(super) fn texts(&mut self, texts: &Texts) -> io::Result<TextParts> {
        let (text, ends, missing) = texts.buffers();
        let text = self.part(text)?;
        let ends = match ends {
            Ends::Narrow(ends) => self.part(ends)?,
            Ends::Wide(ends) => self.part(ends)?,
        };
        Ok(TextParts { text, ends, missing: self.part(missing)? })
    }

    fn codes(&mut self, codes: &Codes) -> io::Result<Part> {
        match codes {
            Codes::Narrow(codes) => self.part(codes),
            Codes::Middle(codes) => self.part(codes),
            Codes::Wide(codes) => self.part(codes),
        }
    }

    pub(super) fn column(&mut self, column: &Column) -> io::Result<Layout> {
        Ok(match column {
            Column::Int(values, missing) => {
                let values = self.part(values)?;
                Layout::Int { values, missing: missing.as_ref().map(|missing| self.part(missing)).transpose()? }
            }
            Column::Float(values) => Layout::Float(self.part(values)?),
            Column::Bool(values) => Layout::Bool(self.part(values)?),
            Column::Text(codes, dictionary) => {
                Layout::Text { codes: self.codes(codes)?, texts: self.texts(dictionary.texts())? }
            }
            Column::Prose(texts) => Layout::Prose(self.texts(texts)?),
            Column::Day(days) => Layout::Day(self.part(days)?),
            Column::Date(dates) => Layout::Date(self.part(dates)?),
            Column::Coded(domain, codes) => Layout::Coded { domain: *domain, codes: self.codes(codes)? },
            Column::List(starts, items) => {
                Layout::List { starts: self.part(starts)?, items: Box::new(self.column(items)?) }
            }
            Column::Days(_) | Column::Values(..) => {
                return Err(io::Error::other("durations, and values of several types, are in no file"));
            }
        })
    }
}

/// The file of columns as it is read: only what is asked of it is looked at.
pub(super) struct Stored<'b> {
    pub(super) bytes: &'b Bytes,
    /// How many names each domain has.
    pub(super) sizes: Vec<usize>,
    /// Is told of numbers that cannot be right.
    pub(super) damage: Damage,
}

impl Stored<'_> {
    fn part<T: Pod>(
        &self,
        part: Part,
        count: Option<usize>,
        mend: impl Fn(&[T]) -> Option<Vec<T>> + Send + Sync + 'static,
    ) -> Result<Buffer<T>, String> {
        let width = size_of::<T>() as u64;
        let end = part.count.checked_mul(width).and_then(|bytes| part.at.checked_add(bytes));
        let end = end.filter(|&end| end <= self.bytes.len() as u64 && part.width == width);
        let fits = count.is_none_or(|count| part.count == count as u64);
        match end {
            Some(end) if fits => {
                let damage = self.damage.clone();
                let told = move |numbers: &[T]| {
                    let mended = mend(numbers)?;
                    damage.tell(format!("the imported data set is damaged: {HELP}"));
                    Some(mended)
                };
                Ok(Buffer::shared(self.bytes.slice(part.at as usize..end as usize), told))
            }
            _ => Err("the head names a part that the file has not".to_owned()),
        }
    }

    /// Texts, of which none ends before the one before it unless the file is damaged: such a text is empty.
    pub(super) fn texts(&self, parts: &TextParts, count: Option<usize>) -> Result<Texts, String> {
        let rows = parts.ends.count as usize;
        let text = self.part(parts.text, None, mend::nothing)?;
        let ends = match parts.ends.width {
            4 => Ends::Narrow(self.part(parts.ends, count, mend::ends::<u32>(parts.text.count))?),
            _ => Ends::Wide(self.part(parts.ends, count, mend::ends::<u64>(parts.text.count))?),
        };
        Ok(Texts::of_buffers(text, ends, self.part(parts.missing, None, mend::rows(rows))?))
    }

    fn codes(&self, part: Part, rows: usize, most: usize) -> Result<Codes, String> {
        Ok(match part.width {
            1 => Codes::Narrow(self.part(part, Some(rows), mend::codes(u8::try_from(most).unwrap_or(u8::MAX)))?),
            2 => Codes::Middle(self.part(part, Some(rows), mend::codes(u16::try_from(most).unwrap_or(u16::MAX)))?),
            _ => Codes::Wide(self.part(part, Some(rows), mend::codes(u32::try_from(most).unwrap_or(u32::MAX)))?),
        })
    }

    /// The column of so many rows and of this type; days stand in their order if they are said to.
    pub(super) fn column(&self, layout: &Layout, of: Type, rows: usize, is_ordered: bool) -> Result<Column, String> {
        if let (Layout::List { starts, items }, true) = (layout, of.many) {
            let count = items.rows();
            let items = self.column(items, Type::one(of.base), count, false)?;
            return Ok(Column::List(self.part(*starts, Some(rows + 1), mend::starts(count))?, Box::new(items)));
        }
        Ok(match (layout, of.base) {
            _ if of.many && rows > 0 => return Err(unfit()),
            (Layout::Int { values, missing }, Base::Int) => {
                let missing = missing.map(|missing| self.part(missing, Some(rows), mend::nothing)).transpose()?;
                Column::Int(self.part(*values, Some(rows), mend::nothing)?, missing)
            }
            (Layout::Float(values), Base::Float) => Column::Float(self.part(*values, Some(rows), mend::nothing)?),
            (Layout::Bool(values), Base::Bool) => Column::Bool(self.part(*values, Some(rows), mend::codes(2))?),
            (Layout::Day(days), Base::Date) if is_ordered => {
                Column::Day(self.part(*days, Some(rows), mend::in_order)?)
            }
            (Layout::Day(days), Base::Date) => Column::Day(self.part(*days, Some(rows), mend::days)?),
            (Layout::Date(dates), Base::Date) => Column::Date(self.part(*dates, Some(rows), mend::dates)?),
            (Layout::Coded { domain, codes }, Base::Coded(of)) if *domain == of => {
                let most = *self.sizes.get(usize::from(domain.0)).ok_or_else(unfit)?;
                Column::Coded(of, self.codes(*codes, rows, most)?)
            }
            (Layout::Prose(texts), base) if is_text(base) => Column::Prose(self.texts(texts, Some(rows))?),
            // A column without rows says nothing of its values.
            (Layout::Text { codes, texts }, base) if is_text(base) || rows == 0 => {
                let dictionary = Dictionary::new(self.texts(texts, None)?);
                Column::Text(self.codes(*codes, rows, dictionary.len())?, Arc::new(dictionary))
            }
            _ => return Err(unfit()),
        })
    }
}

impl Layout {
    /// How many values there are, as the head says.
    fn rows(&self) -> usize {
        let count = match self {
            Self::Int { values: part, .. }
            | Self::Float(part)
            | Self::Bool(part)
            | Self::Day(part)
            | Self::Date(part)
            | Self::Text { codes: part, .. }
            | Self::Coded { codes: part, .. }
            | Self::Prose(TextParts { ends: part, .. }) => part.count,
            Self::List { starts, .. } => starts.count.saturating_sub(1),
        };
        count as usize
    }
}

fn is_text(base: Base) -> bool {
    matches!(base, Base::Text | Base::Nothing | Base::Period | Base::Duration)
}

fn unfit() -> String {
    "a column is not of the type that the head says".to_owned()
}
