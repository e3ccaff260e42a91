//! A table in flight: columns, stored or made, each seen through the places of the rows that are left of it.

use std::ops::{Deref, Range};
use std::sync::{Arc, LazyLock};

use crate::exec::evaluate::Row;
use crate::store::{Column, Store, StoredColumn, fill_in_parts};
use crate::value::Value;

/// The rows and columns at one point of a plan; nothing is copied until a value is asked for.
#[derive(Clone, Default)]
pub(super) struct Frame<'a> {
    pub(super) rows: usize,
    pub(super) columns: Vec<Vector<'a>>,
    /// The table of which these are the fields, if the rows stand there one after another.
    pub(super) table: Option<usize>,
}

/// A column seen through places.
#[derive(Clone)]
pub(super) struct Vector<'a> {
    pub(super) column: Held<'a>,
    pub(super) places: Places,
}

/// A column of the store, one made on the way, or the items of one made on the way.
#[derive(Clone)]
pub(super) enum Held<'a> {
    Stored(&'a StoredColumn),
    /// The items of one of the store.
    StoredItems(&'a StoredColumn),
    Made(Arc<Column>),
    Items(Arc<Column>),
    /// One that is made when it is first asked for.
    Later(Arc<Later<'a>>),
}

type Later<'a> = LazyLock<Column, Box<dyn FnOnce() -> Column + Send + 'a>>;

/// Where in a column each row's value stands.
#[derive(Clone)]
pub(super) enum Places {
    /// One after another, from here on.
    From(usize),
    /// Anywhere.
    At(Arc<[u32]>),
}

/// The places of some rows.
#[derive(Clone, Copy)]
pub(super) enum Part<'p> {
    /// One after another, from here on.
    From(usize),
    /// Anywhere.
    At(&'p [u32]),
}

impl Deref for Held<'_> {
    type Target = Column;

    fn deref(&self) -> &Column {
        match self {
            Self::Stored(column) => column,
            Self::Made(column) => column,
            Self::Later(column) => column,
            Self::StoredItems(list) => items(list),
            Self::Items(list) => items(list),
        }
    }
}

fn items(column: &Column) -> &Column {
    if let Column::List(_, items) = column { items } else { column }
}

impl Places {
    /// The place of a row.
    pub(super) fn of(&self, row: usize) -> usize {
        match self {
            Self::From(start) => start + row,
            Self::At(places) => places[row] as usize,
        }
    }

    /// Whether no row stands before the one before it.
    pub(super) fn are_sorted(&self) -> bool {
        match self {
            Self::From(_) => true,
            Self::At(places) => places.is_sorted(),
        }
    }

    fn keep(&self, rows: &Arc<[u32]>) -> Self {
        if let Self::From(0) = self {
            return Self::At(rows.clone());
        }
        let mut kept: Arc<[u32]> = std::iter::repeat_n(0, rows.len()).collect();
        if let Some(kept) = Arc::get_mut(&mut kept) {
            fill_in_parts(kept, rows.len(), |part, kept| match self {
                Self::From(start) => {
                    kept.iter_mut().zip(&rows[part]).for_each(|(kept, row)| *kept = row + *start as u32);
                }
                Self::At(places) => Part::At(&rows[part]).fill(places, kept, |place| place),
            });
        }
        Self::At(kept)
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::From(start), Self::From(other)) => start == other,
            (Self::At(places), Self::At(other)) => Arc::ptr_eq(places, other),
            _ => false,
        }
    }

    /// The places of some rows.
    pub(super) fn part(&self, rows: Range<usize>) -> Part<'_> {
        match self {
            Self::From(start) => Part::From(start + rows.start),
            Self::At(places) => Part::At(&places[rows]),
        }
    }

    /// Writes what `read` makes of the value of each of `rows`.
    #[inline]
    pub(super) fn fill<T: Copy, U>(&self, values: &[T], rows: Range<usize>, out: &mut [U], read: impl Fn(T) -> U) {
        self.part(rows).fill(values, out, read);
    }
}

impl Part<'_> {
    /// Writes what `read` makes of the value at each place.
    #[inline]
    pub(super) fn fill<T: Copy, U>(self, values: &[T], out: &mut [U], read: impl Fn(T) -> U) {
        match self {
            Self::From(start) => {
                let values = &values[start..start + out.len()];
                out.iter_mut().zip(values).for_each(|(out, &value)| *out = read(value));
            }
            Self::At(places) => {
                out.iter_mut().zip(places).for_each(|(out, &place)| *out = read(values[place as usize]));
            }
        }
    }
}

impl<'a> Vector<'a> {
    /// A column made for these rows.
    pub(super) fn made(column: Column) -> Self {
        Self { column: Held::Made(Arc::new(column)), places: Places::From(0) }
    }

    /// A column for these rows, made when it is first asked for.
    pub(super) fn later(make: impl FnOnce() -> Column + Send + 'a) -> Self {
        Self { column: Held::Later(Arc::new(LazyLock::new(Box::new(make)))), places: Places::From(0) }
    }

    /// The value of a row.
    pub(super) fn value(&self, row: usize) -> Value {
        self.column.value(self.places.of(row))
    }

    /// The column, if it is the store's.
    pub(super) fn stored(&self) -> Option<&'a Column> {
        if let Held::Stored(column) = self.column { Some(column) } else { None }
    }

    /// The items of a column of lists, at these places.
    pub(super) fn items(&self, places: Vec<u32>) -> Self {
        let column = match &self.column {
            Held::Stored(list) => Held::StoredItems(list),
            Held::Made(list) => Held::Items(list.clone()),
            other => other.clone(),
        };
        Self { column, places: Places::At(places.into()) }
    }
}

impl<'a> Frame<'a> {
    /// Rows of a table that stand together.
    pub(super) fn of_table(store: &'a Store, table: usize, range: Range<usize>) -> Self {
        let vector = |column| Vector { column: Held::Stored(column), places: Places::From(range.start) };
        let columns = store.tables[table].fields.iter().map(|field| vector(&field.column)).collect();
        Self { rows: range.len(), columns, table: Some(table) }
    }

    /// A frame of columns alone.
    pub(super) fn new(rows: usize, columns: Vec<Vector<'a>>) -> Self {
        Self { rows, columns, table: None }
    }

    /// Where its rows stand in the table of which they are rows.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        self.table?;
        match self.columns.first()?.places {
            Places::From(start) => Some(start..start + self.rows),
            Places::At(_) => None,
        }
    }

    /// These rows alone, in this order; one may stand there more than once.
    pub(super) fn keep(&self, rows: impl Into<Arc<[u32]>>) -> Self {
        let rows: Arc<[u32]> = rows.into();
        let mut moved: Vec<(&Places, Places)> = Vec::new();
        let columns = self.columns.iter().map(|vector| {
            let known = moved.iter().find(|(before, _)| before.is_same(&vector.places));
            let places = match known {
                Some((_, places)) => places.clone(),
                None => {
                    let places = vector.places.keep(&rows);
                    moved.push((&vector.places, places.clone()));
                    places
                }
            };
            Vector { column: vector.column.clone(), places }
        });
        Self { columns: columns.collect(), rows: rows.len(), table: None }
    }

    /// The rows from `start` to `end`.
    pub(super) fn slice(&self, start: usize, end: usize) -> Self {
        let (start, end) = (start.min(self.rows), end.min(self.rows));
        if (start, end) == (0, self.rows) {
            return self.clone();
        }
        self.keep((start as u32..end.max(start) as u32).collect::<Arc<[u32]>>())
    }

    /// A row, its values read when they are asked for.
    pub(super) fn row(&self, row: usize) -> FrameRow<'_, 'a> {
        FrameRow { frame: self, row }
    }

    /// The values of a row.
    pub(super) fn values(&self, row: usize) -> Vec<Value> {
        self.columns.iter().map(|vector| vector.value(row)).collect()
    }
}

/// One row of a frame.
pub(super) struct FrameRow<'f, 'a> {
    frame: &'f Frame<'a>,
    row: usize,
}

impl Row for FrameRow<'_, '_> {
    fn value(&self, place: usize) -> Value {
        self.frame.columns[place].value(self.row)
    }
}
