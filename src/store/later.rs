//! A column that is there, or is read when it is first asked for; and rows that are looked at in parts before that.

use std::fmt::{self, Debug, Formatter};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::column::Column;

/// What turned out wrong with a column when it was read; clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Damage(Arc<OnceLock<String>>);

impl Damage {
    /// Tells what is wrong, unless something was told before.
    pub fn tell(&self, message: String) {
        self.0.get_or_init(|| message);
    }

    /// What was told.
    pub fn told(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

/// A column that is read when it is first asked for, unless it is there; clones are the same one.
///
/// ```
/// use demarche::store::{Column, StoredColumn};
///
/// let column = StoredColumn::later(|| Column::Bool(vec![2].into()));
/// assert_eq!(column.len(), 1);
/// ```
#[derive(Clone)]
pub struct StoredColumn(Arc<Stored>);

struct Stored {
    column: OnceLock<Column>,
    read: Mutex<Option<Read>>,
}

type Read = Box<dyn FnOnce() -> Column + Send>;

impl StoredColumn {
    /// The column that `read` gives, which has as many values as the table has rows.
    pub fn later(read: impl FnOnce() -> Column + Send + 'static) -> Self {
        Self(Arc::new(Stored { column: OnceLock::new(), read: Mutex::new(Some(Box::new(read))) }))
    }

    /// Reads the column now, unless it is there.
    pub fn make(&self) {
        let _: &Column = self;
    }

    /// The column, unless it is still to be read.
    pub fn there(&self) -> Option<&Column> {
        self.0.column.get()
    }

    /// The column, to be changed, unless it is still to be read or has clones.
    pub fn as_mut(&mut self) -> Option<&mut Column> {
        Arc::get_mut(&mut self.0)?.column.get_mut()
    }
}

impl From<Column> for StoredColumn {
    fn from(column: Column) -> Self {
        Self(Arc::new(Stored { column: column.into(), read: Mutex::default() }))
    }
}

impl Deref for StoredColumn {
    type Target = Column;

    #[expect(clippy::expect_used, reason = "another column would be an answer that looks right")]
    fn deref(&self) -> &Column {
        self.0.column.get_or_init(|| {
            let read = self.0.read.lock().unwrap_or_else(PoisonError::into_inner).take();
            read.expect("a column whose reading ended in a panic is not asked for again")()
        })
    }
}

impl Debug for StoredColumn {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self.there() {
            Some(column) => column.fmt(formatter),
            None => formatter.write_str("not read yet"),
        }
    }
}

/// Rows in parts, in no order that matters: one question can look at each of them before columns are read, which takes less
/// time and memory. Whoever asks again is better served by the columns.
#[derive(Clone, Default)]
pub struct Parts {
    each: Option<Arc<EachPart>>,
    are_seen: Arc<AtomicBool>,
}

/// Gives the columns at some places, part by part, to what looks at them; `None` if any cannot be read or it wants no more.
type EachPart = dyn Fn(&[usize], &Look<'_>) -> Option<()> + Send + Sync;

/// Looks at the columns of a part, and gives `None` if it wants no more of them.
type Look<'l> = dyn Fn(Vec<Column>) -> Option<()> + Sync + 'l;

impl Parts {
    /// The parts of which `each` gives the columns at some places to what looks at them, until that gives `None`.
    pub fn new(each: impl Fn(&[usize], &Look<'_>) -> Option<()> + Send + Sync + 'static) -> Self {
        Self { each: Some(Arc::new(each)), are_seen: Arc::default() }
    }

    /// Gives the columns at these places to `look`, part by part, several at a time, until it gives `None`. `None` then, and
    /// if there are no parts, if they were seen before, or if some cannot be read: what was seen of others is void.
    pub fn look(&self, columns: &[usize], look: &Look<'_>) -> Option<()> {
        let each = self.each.as_ref().filter(|_| !self.are_seen.swap(true, Relaxed))?;
        each(columns, look)
    }
}

impl Debug for Parts {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.each.is_some() { "in parts" } else { "none" })
    }
}
