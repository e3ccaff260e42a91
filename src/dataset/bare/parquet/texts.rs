//! A column of texts, or of lists of them, page by page, so that a text of the file's dictionary is looked up once, not
//! once a row.
//!
//! Pages and their encodings are as the [Parquet format](https://parquet.apache.org/docs/file-format/data-pages/) has them.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};

use super::chunks::Levels;
use super::hybrid::Hybrid;
use crate::dataset::builder::Builder;

/// A page that says to have more values is not read here.
const MOST_VALUES: usize = 1 << 24;

/// The texts of a dictionary page, and the code in the column of those that were met; 0 is none yet.
#[derive(Default)]
struct Dictionary {
    page: Bytes,
    texts: Vec<std::ops::Range<usize>>,
    codes: Vec<u32>,
}

/// What a page of data has.
struct Data {
    /// Whether a row begins, of a list.
    repetitions: Vec<u32>,
    /// What is there, where anything is missing.
    definitions: Vec<u32>,
    values: Bytes,
    encoding: Encoding,
    count: usize,
}

/// Where texts go.
struct Filling<'b> {
    builder: &'b mut Builder,
    levels: Levels,
    first: &'b mut dyn FnMut(&str),
    rows: usize,
    present: usize,
    /// Whether a list is begun.
    is_open: bool,
    /// Where the texts of a page are put one after another, and where each ends.
    page: (Vec<u8>, Vec<usize>),
}

/// Adds so many rows, and says how many have a text or a list; `None` where pages are encoded otherwise or are broken.
pub(super) fn fill(
    mut pages: Box<dyn PageReader>,
    rows: usize,
    levels: Levels,
    builder: &mut Builder,
    first: &mut dyn FnMut(&str),
) -> Option<usize> {
    let mut dictionary = Dictionary::default();
    let mut filling = Filling { builder, levels, first, rows: 0, present: 0, is_open: false, page: Default::default() };
    while let Some(page) = pages.get_next_page().ok()? {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => dictionary = Dictionary::of(buf, num_values)?,
            page => filling.page(&Data::of(page, levels)?, &mut dictionary)?,
        }
    }
    if filling.is_open {
        filling.builder.end_list();
    }
    (filling.rows == rows).then_some(filling.present)
}

impl Data {
    fn of(page: Page, levels: Levels) -> Option<Self> {
        let (repetitions, definitions, values, encoding, count) = match page {
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, .. } => {
                let is_known = |is_there: bool, encoding| !is_there || encoding == Encoding::RLE;
                if !is_known(levels.is_list, rep_level_encoding) || !is_known(levels.most > 0, def_level_encoding) {
                    return None;
                }
                let mut rest = buf;
                let mut next = |is_there: bool| if is_there { cut(&mut rest) } else { Some(Bytes::new()) };
                let (repetitions, definitions) = (next(levels.is_list)?, next(levels.most > 0)?);
                (repetitions, definitions, rest, encoding, num_values)
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let repetitions = rep_levels_byte_len as usize;
                let values = repetitions.checked_add(def_levels_byte_len as usize).filter(|&end| end <= buf.len())?;
                let parts = (buf.slice(..repetitions), buf.slice(repetitions..values), buf.slice(values..));
                (parts.0, parts.1, parts.2, encoding, num_values)
            }
            Page::DictionaryPage { .. } => return None,
        };
        let count = usize::try_from(count).ok().filter(|count| *count <= MOST_VALUES)?;
        let decoded = |bytes: &Bytes, is_there: bool, width| {
            if is_there { Hybrid::new(bytes, width, count).decoded() } else { Some(Vec::new()) }
        };
        let width = 16 - levels.most.leading_zeros() as u8;
        let lacks = levels.most > 0 && !Hybrid::new(&definitions, width, count).all_are(levels.most as u32);
        Some(Self {
            repetitions: decoded(&repetitions, levels.is_list, 1)?,
            definitions: decoded(&definitions, lacks, width)?,
            values,
            encoding,
            count,
        })
    }
}

impl Filling<'_> {
    fn page(&mut self, data: &Data, dictionary: &mut Dictionary) -> Option<()> {
        let there = match &data.definitions[..] {
            [] => data.count,
            definitions => definitions.iter().filter(|&&level| level == self.levels.most as u32).count(),
        };
        let is_plain = !self.levels.is_list && there == data.count;
        match data.encoding {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let width = *data.values.first().filter(|width| **width <= 32)?;
                let indices = Hybrid::new(&data.values[1..], width, there);
                if is_plain {
                    return indices.each_block(|indices| self.all_of(indices, dictionary));
                }
                let mut indices = indices.decoded()?.into_iter();
                self.rows(data, |filling| dictionary.add(indices.next()?, filling))
            }
            Encoding::PLAIN => {
                let mut at = 0;
                if is_plain && self.builder.is_like_prose() {
                    return self.all_plain(data);
                }
                self.rows(data, |filling| filling.add(&data.values[plain(&data.values, &mut at)?]))
            }
            _ => None,
        }
    }

    /// Adds a text of the dictionary for each row.
    fn all_of(&mut self, indices: &[u32], dictionary: &mut Dictionary) -> Option<()> {
        let mut rest = indices;
        while let Some(&index) = rest.first() {
            let again = self.builder.texts_again(rest, &dictionary.codes);
            (self.present, rest) = (self.present + again, &rest[again..]);
            if again == 0 {
                (self.present, rest) = (self.present + dictionary.add(index, self)?, &rest[1..]);
            }
        }
        self.rows += indices.len();
        Some(())
    }

    /// Adds a text for each row, of which none was looked up before; it is seen at once whether all are UTF-8.
    fn all_plain(&mut self, data: &Data) -> Option<()> {
        let (mut all, mut ends) = std::mem::take(&mut self.page);
        all.clear();
        ends.clear();
        let mut at = 0;
        for _ in 0..data.count {
            all.extend_from_slice(&data.values[plain(&data.values, &mut at)?]);
            ends.push(all.len());
        }
        let text = simdutf8::basic::from_utf8(&all).ok()?;
        let mut texts = std::iter::once(&0).chain(&ends).zip(&ends).map(|(&start, &end)| text.get(start..end));
        if let Some(added) = self.builder.texts_in_one(text, &ends) {
            self.present += added;
            texts.flatten().find(|text| !text.is_empty()).into_iter().for_each(|text| (self.first)(text));
        } else {
            texts.try_for_each(|text| {
                self.present += self.add_text(text?);
                Some(())
            })?;
        }
        self.page = (all, ends);
        self.rows += data.count;
        Some(())
    }

    /// Adds a text where there is one, by `add`, which says how many that makes.
    fn rows(&mut self, data: &Data, mut add: impl FnMut(&mut Self) -> Option<usize>) -> Option<()> {
        let most = self.levels.most as u32;
        for place in 0..data.count {
            let definition = data.definitions.get(place).copied().unwrap_or(most);
            if !self.levels.is_list {
                self.rows += 1;
                if definition == most {
                    self.present += add(self)?;
                } else {
                    self.builder.missing();
                }
                continue;
            }
            if data.repetitions.get(place) == Some(&0) {
                if std::mem::replace(&mut self.is_open, true) {
                    self.builder.end_list();
                }
                self.rows += 1;
                self.present += usize::from(!self.levels.is_optional || definition > 0);
            }
            if definition == most {
                add(self)?;
            }
        }
        Some(())
    }

    /// Adds a text, unless it is empty and thus missing, and says how many that makes.
    fn add(&mut self, text: &[u8]) -> Option<usize> {
        simdutf8::basic::from_utf8(text).ok().map(|text| self.add_text(text))
    }

    fn add_text(&mut self, text: &str) -> usize {
        if !text.is_empty() {
            (self.first)(text);
            self.builder.items().text(text);
        } else if !self.levels.is_list {
            self.builder.missing();
        }
        usize::from(!text.is_empty())
    }
}

impl Dictionary {
    fn of(page: Bytes, count: u32) -> Option<Self> {
        let mut at = 0;
        let texts: Option<Vec<_>> = (0..count).map(|_| plain(&page, &mut at)).collect();
        Some(Self { page, texts: texts?, codes: vec![0; count as usize] })
    }

    fn add(&mut self, index: u32, filling: &mut Filling<'_>) -> Option<usize> {
        let code = self.codes.get_mut(index as usize)?;
        if filling.builder.items().text_again(*code) {
            return Some(1);
        }
        let added = filling.add(&self.page[self.texts.get(index as usize)?.clone()])?;
        *code = if added > 0 { filling.builder.items().last_code() } else { 0 };
        Some(added)
    }
}

/// Where the next text is of those that stand one after another, each after its length.
fn plain(page: &[u8], at: &mut usize) -> Option<std::ops::Range<usize>> {
    let start = *at + 4;
    let length = u32::from_le_bytes(page.get(*at..start)?.try_into().ok()?) as usize;
    *at = start.checked_add(length).filter(|&end| end <= page.len())?;
    Some(start..*at)
}

/// The bytes at the start that stand after their length.
fn cut(rest: &mut Bytes) -> Option<Bytes> {
    let mut end = 0;
    let part = plain(rest, &mut end)?;
    let part = rest.slice(part);
    *rest = rest.slice(end..);
    Some(part)
}
