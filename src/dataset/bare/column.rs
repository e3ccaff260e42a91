//! One column of a piece of a bare file: the type that its values have so far, and those values in that type.
//!
//! A column is the first of `bool`, `int`, `float`, `date` and `text` that all its values are:
//!
//! - `int` and `float` are spelled as JSON spells numbers, so `007`, `+5` and `1,5` are text. An integer that a float
//!   would change stays text in a column that has fractions too; one beyond 64 bits makes its column text. A fraction
//!   is the nearest 64-bit float.
//! - `bool` is `true` or `false`, in CSV also `True` and `TRUE`.
//! - `date` is ISO 8601-2 (EDTF), and only with a `-` or `/` in it, so that years are numbers. A column called `date`,
//!   or named as the one of dates, may be all years; one whose name says `date` or `day` may be all `20240516`, within
//!   the years 1000 to 2999. A time of day may follow after `T` or a blank; it is dropped. The end of an interval
//!   becomes a column of its own.
//! - A JSON string is a date or a text, never a number.
//! - A JSON array makes a list of its column. In CSV a column of texts is a list if they are joined by `;`: at least one
//!   has a `;`, no part is empty, begins or ends with a blank, or is longer than 64 characters.
//! - An empty cell and `null` are missing. A column of nothing else is text.

mod whole;

use super::Cell;
use super::read::{Read, Role, compact, int, plain_day, read, short_float, spelling};
use super::why::is_like_a_number;
use super::wish::{Known, Wish};
use crate::dataset::ColumnType;
use crate::dataset::builder::Builder;
use crate::dataset::words::Key;
use crate::value::{Base, Edtf, Type};

pub(super) use whole::Whole;

/// Parts of a joined text are at most so long.
const LONGEST_PART: usize = 64;

/// A column in the making.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was seen")]
pub(super) struct Column {
    /// Whether it holds all its values, and takes no more.
    pub(super) is_done: bool,
    role: Role,
    /// The types that may still be, the first of which all values seen so far have.
    possible: &'static [Base],
    is_seen: bool,
    many: bool,
    listed: Listed,
    has_times: bool,
    not_a_date: Option<String>,
    /// The type of what is built.
    built: Type,
    /// `None` once a value did not fit.
    builder: Option<Builder>,
    /// The ends of its dates, once one of them is an interval.
    ends: Option<Builder>,
    wish: Option<Wish>,
    seen: Seen,
}

/// What was seen of a column's values, for whoever asks why it has its type.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// How many rows have a value.
    values: usize,
    first: Option<String>,
    /// The type that the values before had, and the value that was not of it.
    against: Option<(Base, String)>,
    has_compact_dates: bool,
}

/// Whether texts are several, joined by `;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Listed {
    /// Nothing speaks for or against it.
    Unknown,
    /// Some are, and nothing speaks against it.
    Yes,
    /// Some text cannot be.
    No,
}

impl Column {
    pub(super) fn new(name: &str, known: &Known<'_>, of_file: Option<Wish>) -> Self {
        let lower = name.to_lowercase();
        let is = |option: Option<&str>, usual: &str| option.map_or(lower == usual, |option| option == name);
        let (role, possible): (_, &[Base]) = if is(known.options.kind.as_deref(), "kind") {
            (Role::Kind, &[Base::Text])
        } else if is(known.date(), "date") {
            (Role::Date, &[Base::Date, Base::Int, Base::Float, Base::Text])
        } else if lower.contains("date") || lower.contains("day") {
            (Role::Day, &[Base::Bool, Base::Date, Base::Int, Base::Float, Base::Text])
        } else {
            (Role::Other, &[Base::Bool, Base::Int, Base::Float, Base::Date, Base::Text])
        };
        let wish = known.wish(name).or(of_file);
        let possible = wish.as_ref().map_or(possible, Wish::bases);
        let built = wish.as_ref().map_or(Type::one(Base::Text), Wish::as_type);
        Self {
            is_done: false,
            role,
            possible,
            is_seen: wish.is_some(),
            many: built.many,
            listed: Listed::Unknown,
            has_times: false,
            not_a_date: None,
            built,
            builder: Some(Builder::new(built)),
            ends: None,
            wish,
            seen: Seen::default(),
        }
    }

    /// It, where it is known that all its values have this type.
    pub(super) fn of_type(self, of: Type) -> Self {
        Self { many: of.many, built: of, builder: Some(Builder::new(of)), ..self }
    }

    /// Whether a type is wished for, which its values may not have.
    pub(super) fn has_wish(&self) -> bool {
        self.wish.is_some()
    }

    /// The first value of a cell that is not of the type wished for, and that type.
    pub(super) fn misfit<'a>(&self, cell: &'a Cell<'_>) -> Option<(&'a str, &'static str)> {
        let wish = self.wish.as_ref()?;
        wish.misfit(cell).map(|text| (text, wish.of.name()))
    }

    /// The type that all values seen so far have.
    pub(super) fn of(&self) -> Type {
        let base = if self.is_seen { self.possible.first().copied().unwrap_or(Base::Text) } else { Base::Text };
        Type { base, many: self.many || base == Base::Text && self.listed == Listed::Yes }
    }

    /// An empty one, of the type seen so far.
    pub(super) fn restarted(&self) -> Self {
        let seen = Seen { values: 0, ..self.seen.clone() };
        let (not_a_date, wish, built) = (self.not_a_date.clone(), self.wish.clone(), self.of());
        Self { built, builder: Some(Builder::new(built)), ends: None, not_a_date, wish, seen, ..*self }
    }

    /// An empty one that takes nothing, for passes that fill others.
    pub(super) fn done(&self) -> Self {
        Self { is_done: true, ..self.restarted() }
    }

    /// Its texts are mostly distinct, so that none need be looked up.
    pub(super) fn is_like_prose(&self) -> bool {
        self.builder.as_ref().is_some_and(Builder::is_like_prose)
    }

    /// Takes texts without looking whether they repeat.
    pub(super) fn take_as_prose(&mut self) {
        self.builder = self.builder.take().map(Builder::into_prose);
    }

    /// The type that is wished for.
    pub(super) fn wish(&self) -> Option<Wish> {
        self.wish.clone()
    }

    /// Makes it so long, by missing values, unless it takes none.
    pub(super) fn fill(&mut self, rows: usize) {
        if self.is_done {
            return;
        }
        self.builder.iter_mut().chain(&mut self.ends).for_each(|builder| builder.fill(rows));
    }

    /// Takes the values of the next rows.
    pub(super) fn take_all<'c, 'a: 'c>(&mut self, mut cells: impl Iterator<Item = &'c Cell<'a>>) {
        loop {
            let takes_texts = matches!(self.builder, Some(Builder::Text(..))) && self.is_seen && self.wishes_text();
            let unusual = if takes_texts { self.take_texts(&mut cells) } else { self.take_usual(&mut cells) };
            let Some(cell) = unusual else { return };
            self.take(cell);
        }
    }

    /// Whether texts are taken as they stand.
    fn wishes_text(&self) -> bool {
        self.wish.as_ref().is_none_or(|wish| wish.of == ColumnType::Text)
    }

    /// Whether a text may be several, joined by `;`.
    fn may_be_listed(&self) -> bool {
        self.role != Role::Kind && self.wish.is_none()
    }

    /// Takes texts that may repeat, as long as there are any, and gives the first value that is not one. Those of many rows
    /// are looked up together, so that none waits for the memory that another one needs.
    fn take_texts<'c, 'a: 'c>(&mut self, cells: &mut impl Iterator<Item = &'c Cell<'a>>) -> Option<&'c Cell<'a>> {
        const BATCH: usize = 64;
        let mut batch = [(None, Key::default()); BATCH];
        loop {
            let (mut length, mut unusual) = (0, None);
            for (to, cell) in batch.iter_mut().zip(cells.by_ref()) {
                *to = match cell {
                    Cell::Missing => (None, Key::default()),
                    Cell::Plain(text) | Cell::Text(text) => (Some((&**text, cell)), Key::of(text)),
                    _ => {
                        unusual = Some(cell);
                        break;
                    }
                };
                length += 1;
            }
            for (text, key) in &batch[..length] {
                match (text, &mut self.builder) {
                    (None, Some(builder)) => builder.missing(),
                    (Some((text, cell)), Some(builder)) => {
                        let is_new = builder.keyed_is_new(text, key);
                        self.seen.values += 1;
                        if is_new && self.may_be_listed() && matches!(cell, Cell::Plain(_)) {
                            self.listed = self.listed.and(text);
                            self.builder = self.builder.take().filter(|_| self.listed != Listed::Yes);
                        }
                    }
                    (Some((_, cell)), None) => self.take(cell),
                    (None, None) => {}
                }
            }
            if unusual.is_some() || length < BATCH {
                return unusual;
            }
        }
    }

    /// Takes values as long as they are of the type that is built and spelled as most are, of which there is nothing to be
    /// learnt, and gives the first that is not.
    fn take_usual<'c, 'a: 'c>(&mut self, cells: &mut impl Iterator<Item = &'c Cell<'a>>) -> Option<&'c Cell<'a>> {
        let (may_be_listed, wishes_text) = (self.may_be_listed(), self.wishes_text());
        let is_list = self.many && may_be_listed && self.listed != Listed::Yes && self.built == Type::many(Base::Text);
        let Some(builder) = self.builder.as_mut().filter(|_| self.is_seen && self.ends.is_none()) else {
            return cells.next();
        };
        let mut count = 0;
        let mut is_stale = false;
        let mut usual = |cell: &Cell<'_>, builder: &mut Builder| -> Option<()> {
            match (builder, cell) {
                (builder, Cell::Missing) => {
                    builder.missing();
                    return Some(());
                }
                (Builder::Int(values, _), Cell::Plain(_) | Cell::Number(_)) => {
                    values.push(spelling(cell).and_then(int)?);
                }
                (Builder::Float(values), Cell::Plain(_) | Cell::Number(_)) => {
                    values.push(spelling(cell).and_then(short_float)?);
                }
                (Builder::Day(days), Cell::Plain(text) | Cell::Text(text)) => days.push(plain_day(text)?),
                (Builder::List(starts, items), Cell::Plain(text))
                    if may_be_listed && self.listed == Listed::Yes && text.len() <= LONGEST_PART =>
                {
                    parts(text).all(is_part).then_some(())?;
                    parts(text).for_each(|part| items.text(part));
                    starts.push(items.len() as u32);
                }
                (Builder::List(starts, items), Cell::List(cells)) if is_list && are_texts(cells) => {
                    cells.iter().filter_map(spelling).for_each(|text| items.text(text));
                    starts.push(items.len() as u32);
                }
                (Builder::Prose(texts), Cell::Plain(text) | Cell::Text(text)) if wishes_text && !is_stale => {
                    texts.push(Some(text));
                    if may_be_listed && matches!(cell, Cell::Plain(_)) {
                        self.listed = self.listed.and(text);
                        is_stale = self.listed == Listed::Yes;
                    }
                }
                _ => return None,
            }
            count += 1;
            Some(())
        };
        let unusual = cells.find(|cell| usual(cell, builder).is_none());
        self.seen.values += count;
        if is_stale {
            self.builder = None;
        }
        unusual
    }

    fn take(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Missing => {
                self.builder.iter_mut().chain(&mut self.ends).for_each(Builder::missing);
                return;
            }
            Cell::List(items) => {
                self.many = true;
                items.iter().for_each(|item| self.one(item));
            }
            one => self.one(one),
        }
        self.seen.values += 1;
        if self.built != self.of() {
            self.builder = None;
        } else if let Some(builder) = &mut self.builder {
            builder.end_list();
        }
    }

    fn one(&mut self, cell: &Cell<'_>) {
        let was_seen = std::mem::replace(&mut self.is_seen, true);
        if self.seen.first.is_none() {
            self.seen.first = spelling(cell).map(str::to_owned);
        }
        let read = loop {
            let base = self.possible.first().copied().unwrap_or(Base::Text);
            let found = match &self.wish {
                Some(wish) => wish.read(cell),
                None => read(base, cell, self.role),
            };
            match found.filter(|read| !self.many || !read.is_interval()) {
                Some(read) => break read,
                None if base == Base::Text || self.wish.is_some() => return,
                None => {
                    if base == Base::Date && self.role == Role::Date {
                        self.not_a_date = spelling(cell).map(str::to_owned);
                    }
                    let text = spelling(cell).unwrap_or_default();
                    let is_last = self.seen.against.as_ref().is_none_or(|(_, before)| before != text);
                    if is_last && (was_seen || base == Base::Int && is_like_a_number(text)) {
                        self.seen.against = Some((base, text.to_owned()));
                    }
                    self.possible = &self.possible[1..];
                }
            }
        };
        if let (Read::Text(text), Cell::Plain(_), true) = (&read, cell, self.role != Role::Kind && self.wish.is_none())
        {
            self.listed = self.listed.and(text);
        }
        self.has_times |= matches!(read, Read::Date(_, true));
        if let (Read::Date(..), Some(text)) = (&read, spelling(cell)) {
            self.seen.has_compact_dates |= compact(text).is_some();
        }
        if self.built != self.of() {
            self.builder = None;
        }
        let Some(builder) = &mut self.builder else { return };
        match read {
            Read::Bool(value) => builder.items().truth(value),
            Read::Int(value) => builder.items().int(value),
            Read::Float(value) => builder.items().float(value),
            Read::Text(text) if self.wish.as_ref().is_some_and(Wish::is_list) => {
                let parts = self.wish.iter().flat_map(|wish| wish.parts(text));
                parts.for_each(|part| builder.items().text(part));
            }
            Read::Text(text) if self.listed == Listed::Yes => {
                parts(text).for_each(|part| builder.items().text(part));
            }
            Read::Text(text) => builder.items().text(text),
            Read::Date(Edtf { start, end }, _) => {
                if start != end && self.ends.is_none() {
                    self.ends = Some(builder.clone());
                }
                if let Some(ends) = &mut self.ends {
                    ends.date(end);
                }
                builder.items().date(start);
            }
        }
    }
}

/// What fills it without cells, as a file does that keeps columns apart.
#[cfg(feature = "parquet")]
impl Column {
    /// Whether a value was seen.
    pub(super) fn has_first(&self) -> bool {
        self.seen.first.is_some()
    }

    /// What is built, if it is of this type, as wished for: values of it can be added as they are.
    pub(super) fn built_as(&mut self, of: ColumnType, many: bool) -> Option<&mut Builder> {
        let is_wished = self.wish.as_ref().is_some_and(|wish| wish.of == of);
        let builder = self.builder.as_mut().filter(|_| is_wished && self.ends.is_none())?;
        (matches!(builder, Builder::List(..)) == many).then_some(builder)
    }

    /// So many values were added, the first of them spelled like this.
    pub(super) fn saw(&mut self, values: usize, first: Option<String>) {
        self.seen.values += values;
        self.is_seen |= values > 0;
        self.seen.first = self.seen.first.take().or(first);
    }
}

/// Whether all items of a list are texts.
fn are_texts(items: &[Cell<'_>]) -> bool {
    items.iter().all(|item| matches!(item, Cell::Text(_)))
}

impl Listed {
    fn and(self, text: &str) -> Self {
        if self == Self::No || text.len() <= LONGEST_PART && memchr::memchr(b';', text.as_bytes()).is_none() {
            return self;
        }
        match parts(text).all(is_part) {
            false => Self::No,
            true if text.contains(';') => Self::Yes,
            true => self,
        }
    }
}

/// What stands between the semicolons of a text.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b';', text.as_bytes()).chain([text.len()]);
    ends.map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

fn is_part(part: &str) -> bool {
    !part.is_empty() && part.trim() == part && part.chars().count() <= LONGEST_PART
}
