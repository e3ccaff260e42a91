//! A column that is there, or is read when it is first asked for.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

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

/// A column that is read when it is first asked for, unless it is there.
///
/// ```
/// use demarche::store::{Column, StoredColumn};
///
/// let column = StoredColumn::later(|| Column::Bool(vec![2].into()));
/// assert_eq!(column.len(), 1);
/// ```
#[derive(Clone)]
pub struct StoredColumn {
    column: OnceLock<Column>,
    read: Option<Arc<dyn Fn() -> Column + Send + Sync>>,
}

impl StoredColumn {
    /// The column that `read` gives, which has as many values as the table has rows.
    pub fn later(read: impl Fn() -> Column + Send + Sync + 'static) -> Self {
        Self { column: OnceLock::new(), read: Some(Arc::new(read)) }
    }

    /// The column, to be changed, unless it is still to be read.
    pub fn as_mut(&mut self) -> Option<&mut Column> {
        self.column.get_mut()
    }
}

impl From<Column> for StoredColumn {
    fn from(column: Column) -> Self {
        Self { column: column.into(), read: None }
    }
}

impl Deref for StoredColumn {
    type Target = Column;

    fn deref(&self) -> &Column {
        self.column.get_or_init(|| self.read.as_ref().map_or_else(|| Column::Bool(Vec::new().into()), |read| read()))
    }
}

impl std::fmt::Debug for StoredColumn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column.get() {
            Some(column) => column.fmt(formatter),
            None => formatter.write_str("not read yet"),
        }
    }
}
