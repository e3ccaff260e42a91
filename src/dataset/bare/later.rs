//! Files that keep their columns apart and say the types of all: of these only the dates are read at once, for the order of
//! the rows, and every other column when it is first asked for.

use std::sync::Arc;

use indexmap::IndexSet;

use super::PIECE;
use super::column::{Column, Whole};
use super::fields::{about_of, date_of, events_of};
use super::pieces::Table;
use super::source::is_parquet;
use super::wish::Known;
use crate::dataset::joined::Joined;
use crate::dataset::lines::Errors;
use crate::dataset::order::Run;
use crate::dataset::{File, OnError, Options};
use crate::diagnostic::Diagnostic;
use crate::store::{self, Damage, Field, Store, StoredColumn};
use crate::value::Type;

/// What it takes to read a column later.
struct Later {
    files: Vec<File>,
    options: Options,
    names: IndexSet<String>,
    /// All of them, without values.
    columns: Vec<Column>,
    rows: usize,
    order: Option<Vec<Run>>,
    damage: Damage,
}

/// The store of such files; `None` of all others, and where anything is wrong with what is read at once.
pub(super) fn store_of(files: &[File], options: &Options) -> Option<Store> {
    let known = Known { options, preset: None };
    if options.on_error == OnError::Skip || !options.types.is_empty() || !files.iter().all(is_parquet) {
        return None;
    }
    let mut table = Table::of(files, &known, *PIECE.end()).ok()?;
    let columns = table.typed(&known)?;
    let mut errors = Errors::of("");
    let whole: Vec<Whole> = columns.iter().map(Whole::of).collect();
    let date = date_of(&table.names, &whole, &known, &mut errors);
    let first = date.unwrap_or(0);
    let values = table.read_only(first, &columns, &known).filter(|_| errors.is_empty() && table.rows > 0)?;
    let later = Arc::new(Later {
        files: files.to_vec(),
        options: Options { progress: Arc::default(), ..options.clone() },
        names: table.names,
        columns,
        rows: table.rows,
        order: date.and_then(|_| values.order()),
        damage: Damage::default(),
    });
    let mut at_once = Some(values.finish(later.order.as_deref()));
    let field = |(place, (name, column)): (usize, (&String, &Whole))| {
        let (of, later) = (column.type_of(), later.clone());
        let now = if place == first { at_once.take() } else { None };
        let column = now.map_or_else(|| StoredColumn::later(move || later.column(place, of)), StoredColumn::from);
        Field { name: name.clone(), of, meaning: format!("The column `{name}`."), column }
    };
    let fields = later.names.iter().zip(&whole).enumerate().map(field).collect();
    let mut about = about_of(files, None);
    about.date = date.map(|place| later.names[place].clone());
    let events = events_of(files.len(), fields, later.rows, None);
    Some(Store { about, tables: vec![events], damage: later.damage.clone(), ..Store::default() })
}

impl Later {
    /// A column, whose values are all missing if it is damaged.
    fn column(&self, place: usize, of: Type) -> store::Column {
        match self.read(place) {
            Ok(values) => values.finish(self.order.as_deref()),
            Err(message) => {
                self.damage.tell(message);
                Joined::missing(of, self.rows).finish(None)
            }
        }
    }

    fn read(&self, place: usize) -> Result<Joined, String> {
        let known = Known { options: &self.options, preset: None };
        let told = |errors: Vec<Diagnostic>| {
            let told = errors
                .into_iter()
                .next()
                .map(|error| (error.origin.map_or(String::new(), |of| of.file), error.message));
            let (file, message) =
                told.unwrap_or_else(|| (self.files[0].name.clone(), "the file has changed".to_owned()));
            format!("`{file}`: {message}")
        };
        let mut table = Table::of(&self.files, &known, *PIECE.end()).map_err(told)?;
        table.names.clone_from(&self.names);
        let values = table.read_only(place, &self.columns, &known);
        values.filter(|_| table.rows == self.rows).ok_or_else(|| told(table.rejected()))
    }
}
