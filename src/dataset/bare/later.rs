//! Files that keep their columns apart and say the types of all: of these each column is read when it is first asked for, the
//! dates before any other, for the order of the rows. A question that needs no order looks at them group by group.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
use crate::store::{self, Damage, Field, Parts, Store, StoredColumn};
use crate::value::{Base, Type};

/// What it takes to read a column later.
struct Later {
    files: Vec<File>,
    options: Options,
    names: IndexSet<String>,
    /// All of them, without values.
    columns: Vec<Column>,
    rows: usize,
    /// The place of the dates by which rows are ordered.
    date: Option<usize>,
    order: OnceLock<Option<Vec<Run>>>,
    /// The dates as the files have them, once they were read for the order.
    dates: Mutex<Option<Joined>>,
    damage: Damage,
}

/// The store of such files; `None` of all others.
pub(super) fn store_of(files: &[File], options: &Options) -> Option<Store> {
    let known = Known { options, preset: None };
    if options.on_error == OnError::Skip || !options.types.is_empty() || !files.iter().all(is_parquet) {
        return None;
    }
    let mut table = Table::of(files, &known, *PIECE.end()).ok()?;
    let columns = table.typed(&known).filter(|_| table.rows > 0)?;
    let mut errors = Errors::of("");
    let whole: Vec<Whole> = columns.iter().map(Whole::of).collect();
    let date = date_of(&table.names, &whole, &known, &mut errors);
    if !errors.is_empty() {
        return None;
    }
    let later = Arc::new(Later {
        files: files.to_vec(),
        options: Options { progress: Arc::default(), ..options.clone() },
        names: table.names,
        columns,
        rows: table.rows,
        date,
        order: OnceLock::new(),
        dates: Mutex::default(),
        damage: Damage::default(),
    });
    let field = |(place, (name, column)): (usize, (&String, &Whole))| {
        let (of, later) = (column.type_of(), later.clone());
        let column = StoredColumn::later(move || later.column(place, of));
        Field { name: name.clone(), of, meaning: format!("The column `{name}`."), column }
    };
    let fields = later.names.iter().zip(&whole).enumerate().map(field).collect();
    let mut about = about_of(files, None);
    about.date = date.map(|place| later.names[place].clone());
    let events = events_of(files.len(), fields, later.rows, None);
    let (damage, parts) = (later.damage.clone(), Parts::new(move |places, look| later.each_piece(places, look)));
    Some(Store { about, tables: vec![events], damage, parts, ..Store::default() })
}

impl Later {
    /// A column in the order of the dates.
    fn column(&self, place: usize, of: Type) -> store::Column {
        let order = self.order.get_or_init(|| {
            let dates = self.values(self.date?, Type::one(Base::Date));
            let order = dates.order();
            *self.dates.lock().unwrap_or_else(PoisonError::into_inner) = Some(dates);
            order
        });
        let dates = || self.dates.lock().unwrap_or_else(PoisonError::into_inner).take();
        let known = if Some(place) == self.date { dates() } else { None };
        known.unwrap_or_else(|| self.values(place, of)).finish(order.as_deref())
    }

    /// The values of a column as the files have them, all missing if it is damaged.
    fn values(&self, place: usize, of: Type) -> Joined {
        self.read(place).unwrap_or_else(|message| {
            self.damage.tell(message);
            Joined::missing(of, self.rows)
        })
    }

    fn read(&self, place: usize) -> Result<Joined, String> {
        let known = Known { options: &self.options, preset: None };
        let mut table = Table::of(&self.files, &known, *PIECE.end()).map_err(|errors| self.told(errors))?;
        table.names.clone_from(&self.names);
        let values = table.read_only(place, &self.columns, &known);
        values.filter(|_| table.rows == self.rows).ok_or_else(|| self.told(table.rejected()))
    }

    fn told(&self, errors: Vec<Diagnostic>) -> String {
        let first = errors.into_iter().next();
        let told = first.map(|error| (error.origin.map_or(String::new(), |of| of.file), error.message));
        let (file, message) = told.unwrap_or_else(|| (self.files[0].name.clone(), "the file has changed".to_owned()));
        format!("`{file}`: {message}")
    }

    fn each_piece(&self, places: &[usize], look: &(dyn Fn(Vec<store::Column>) -> Option<()> + Sync)) -> Option<()> {
        let known = Known { options: &self.options, preset: None };
        let mut table = Table::of(&self.files, &known, *PIECE.end()).ok()?;
        table.names.clone_from(&self.names);
        let finished = |values: Vec<Joined>| look(values.into_iter().map(|values| values.finish(None)).collect());
        table.each_piece(places, &self.columns, &known, &finished)
    }
}
