//! Rows to be written, their cells made when they are asked for.

use crate::answer::{Answer, Cell};
use crate::markup;
use crate::store::{Column, Membership, Store, Table};
use crate::value::{Base, Date, DomainId, Period, Type};

/// A table to be written.
pub struct Sheet<'a> {
    /// What it is called.
    pub name: String,
    /// How many rows it has.
    pub rows: usize,
    /// Its columns.
    pub columns: Vec<SheetColumn<'a>>,
}

/// A column of a table to be written.
pub struct SheetColumn<'a> {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    cell: Box<dyn Fn(usize) -> Cell + 'a>,
}

/// What the values of a column are, for the formats that have types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whether something is.
    Bool,
    /// The number of a row in another table, from 1.
    Key,
    /// Integers.
    Int,
    /// Floats.
    Float,
    /// Texts.
    Text,
    /// Days, as ISO 8601 writes them.
    Day,
    /// Lists of texts.
    List,
}

impl<'a> SheetColumn<'a> {
    /// A column of the cell that each row has.
    pub fn new(name: &str, kind: Kind, cell: impl Fn(usize) -> Cell + 'a) -> Self {
        Self { name: name.to_owned(), kind, cell: Box::new(cell) }
    }

    /// The cell of a row.
    pub fn cell(&self, row: usize) -> Cell {
        (self.cell)(row)
    }
}

impl<'a> Sheet<'a> {
    /// The rows of an answer.
    pub fn of_answer(name: &str, answer: &'a Answer) -> Self {
        let column = |(place, shown): (usize, &crate::answer::Shown)| {
            let cells = || answer.rows.iter().map(|row| &row[place]);
            let kind = match shown.kind.as_str() {
                "bool" => Kind::Bool,
                "int" => Kind::Int,
                "float" => Kind::Float,
                "date" if cells().all(is_day) => Kind::Day,
                list if list.starts_with("list of ") => Kind::List,
                _ => Kind::Text,
            };
            SheetColumn::new(&shown.name, kind, move |row| answer.rows[row][place].clone())
        };
        let columns = answer.columns.iter().enumerate().map(column).collect();
        Self { name: name.to_owned(), rows: answer.rows.len(), columns }
    }

    /// The same rows for a spreadsheet: no text of them is taken for a formula, see [`markup::sheet`].
    #[must_use]
    pub fn without_formulas(self) -> Self {
        let column = |column: SheetColumn<'a>| {
            let name = markup::sheet(&column.name).into_owned();
            SheetColumn { name, kind: column.kind, cell: Box::new(move |row| without_formula(column.cell(row))) }
        };
        Self { columns: self.columns.into_iter().map(column).collect(), ..self }
    }

    /// The rows of a table, with its stored fields.
    pub fn of_table(store: &'a Store, table: &'a Table) -> Self {
        let columns = table.fields.iter().map(|field| {
            let kind = kind_of(field.of, &field.column);
            SheetColumn::new(&field.name, kind, |row| Cell::of(store, field.column.value(row)))
        });
        Self { name: table.name.clone(), rows: table.rows, columns: columns.collect() }
    }

    /// Who belongs to what, and when, by name; `None` where nobody does.
    pub fn of_memberships(store: &'a Store) -> Option<Self> {
        let of = |entry: &Membership| (entry.group, entry.member);
        let side = |name: &str, side: fn(((DomainId, u32), (DomainId, u32))) -> (DomainId, u32)| {
            SheetColumn::new(name, Kind::Text, move |row| {
                let (domain, code) = side(of(&store.memberships[row]));
                Cell::Text(store.shared_name(domain, code))
            })
        };
        let date = |name: &str, date: fn(&Membership) -> Date| {
            SheetColumn::new(name, Kind::Text, move |row| bounded(date(&store.memberships[row])))
        };
        let columns = vec![
            side("group", |(group, _)| group),
            side("member", |(_, member)| member),
            date("from", |entry| entry.from),
            date("to", |entry| entry.to),
        ];
        let rows = store.memberships.len();
        (rows > 0).then(|| Self { name: "memberships".to_owned(), rows, columns })
    }
}

fn without_formula(cell: Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(markup::sheet(&text).into()),
        Cell::List(items) => Cell::List(items.into_iter().map(without_formula).collect()),
        cell => cell,
    }
}

/// What the values of a stored column are, names as texts.
pub(super) fn kind_of(of: Type, column: &Column) -> Kind {
    match of.base {
        _ if of.many => Kind::List,
        Base::Bool => Kind::Bool,
        Base::Int => Kind::Int,
        Base::Float => Kind::Float,
        Base::Date if matches!(column, Column::Day(_)) => Kind::Day,
        _ => Kind::Text,
    }
}

/// A date as it is written; nothing where it is without bound.
pub(super) fn bounded(date: Date) -> Cell {
    let Period { first, last } = date.bounds();
    if first == i32::MIN && last == i32::MIN || first == i32::MAX && last == i32::MAX {
        return Cell::Missing;
    }
    Cell::Date(date)
}

fn is_day(cell: &Cell) -> bool {
    match cell {
        Cell::Missing => true,
        Cell::Date(date) => date.as_day().is_some(),
        _ => false,
    }
}
