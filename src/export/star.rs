//! A whole data set as a star of tables that refer to one another by keys, for programs that join.
//!
//! Each table has a `key`, from 1. A field whose values are rows of another table, or names of a closed set, is `FIELD_key`
//! there; a list is a table of its own, `TABLE_FIELD`, with a row for each item.

use super::sheet::{Kind, Sheet, SheetColumn, kind_of};
use crate::answer::Cell;
use crate::store::{Column, Field, Membership, Store, Table};
use crate::value::{Base, Date, DomainId, Type, Value};

/// The sheets of a data set: its tables, the closed sets of names, the lists, and the memberships.
pub fn star(store: &Store) -> Vec<Sheet<'_>> {
    let mut sheets: Vec<Sheet<'_>> = Vec::new();
    for table in store.tables.iter().filter(|table| table.rows > 0) {
        sheets.push(table_of(store, table));
        let lists = table.fields.iter().filter_map(|field| list_of(store, table, field));
        sheets.extend(lists);
    }
    for (place, domain) in store.domains.iter().enumerate().filter(|(_, domain)| domain.table.is_none()) {
        let id = DomainId(place as u16);
        let is_used = |field: &Field| field.of.base == Base::Coded(id);
        if store.tables.iter().flat_map(|table| &table.fields).any(is_used) {
            let mut name = domain.name.clone();
            while sheets.iter().any(|sheet| sheet.name == name) {
                name.push_str("_names");
            }
            sheets.push(names_of(store, id, name));
        }
    }
    sheets.extend(memberships_of(store));
    sheets
}

/// The row's own key.
fn own_key<'a>() -> SheetColumn<'a> {
    SheetColumn::new("key", Kind::Key, |row| Cell::Int(row as i64 + 1))
}

fn key(value: &Value) -> Cell {
    if let Value::Coded(_, code) = value { Cell::Int(i64::from(*code)) } else { Cell::Missing }
}

fn table_of<'a>(store: &'a Store, table: &'a Table) -> Sheet<'a> {
    let mut columns = vec![own_key()];
    for field in table.fields.iter().filter(|field| !field.of.many) {
        columns.extend(columns_of(store, table, &field.name, field.of, &field.column));
    }
    Sheet { name: table.name.clone(), rows: table.rows, columns }
}

/// The columns of a field: a key, a value, or a date with its bounds where some are known only within these.
fn columns_of<'a>(store: &'a Store, table: &Table, name: &str, of: Type, column: &'a Column) -> Vec<SheetColumn<'a>> {
    let shown = |name: &str, kind| SheetColumn::new(name, kind, move |row| Cell::of(store, column.value(row)));
    match (of.base, column) {
        (Base::Coded(domain), _) if table.domain != Some(domain) || !is_own(column) => {
            vec![SheetColumn::new(&format!("{name}_key"), Kind::Key, |row| key(&column.value(row)))]
        }
        (Base::Date, Column::Date(_)) => {
            let bound = |suffix: &str, bound: fn(Date) -> i32| {
                SheetColumn::new(&format!("{name}_{suffix}"), Kind::Day, move |row| match column.value(row) {
                    Value::Date(date) => day(bound(date)),
                    _ => Cell::Missing,
                })
            };
            let (earliest, latest) = (bound("earliest", |date| date.earliest), bound("latest", |date| date.latest));
            vec![shown(name, Kind::Text), earliest, latest]
        }
        _ => vec![shown(name, kind_of(of, column))],
    }
}

/// Whether a column of names of the table's own rows has each row's own.
fn is_own(column: &Column) -> bool {
    (0..column.len()).all(|row| key(&column.value(row)) == Cell::Int(row as i64 + 1))
}

fn day(number: i32) -> Cell {
    if number == i32::MIN || number == i32::MAX { Cell::Missing } else { Cell::Date(Date::day(number)) }
}

/// A row for each item of the lists of a field.
fn list_of<'a>(store: &'a Store, table: &'a Table, field: &'a Field) -> Option<Sheet<'a>> {
    let Column::List(starts, items) = &*field.column else { return None };
    let rows: Vec<u32> =
        (0..).zip(starts.windows(2)).flat_map(|(row, ends)| (ends[0]..ends[1]).map(move |_| row)).collect();
    let count = rows.len();
    let row_key =
        SheetColumn::new(&format!("{}_key", table.name), Kind::Key, move |item| Cell::Int(i64::from(rows[item]) + 1));
    let mut columns = vec![row_key];
    match field.of.base {
        Base::Coded(_) => {
            columns.push(SheetColumn::new(&format!("{}_key", field.name), Kind::Key, |item| key(&items.value(item))));
        }
        base => columns.extend(columns_of(store, table, &field.name, Type::one(base), items)),
    }
    Some(Sheet { name: format!("{}_{}", table.name, field.name), rows: count, columns })
}

/// The names of a closed set and what they mean.
fn names_of(store: &Store, id: DomainId, name: String) -> Sheet<'_> {
    let domain = store.domain(id);
    let text = |name: &str, of: fn(&crate::store::Domain, u32) -> &str| {
        SheetColumn::new(name, Kind::Text, move |row| Cell::Text(of(domain, row as u32 + 1).into()))
    };
    let columns =
        vec![own_key(), text("name", crate::store::Domain::name_of), text("meaning", crate::store::Domain::meaning_of)];
    Sheet { name, rows: domain.len(), columns }
}

/// Who belongs to what: the keys of both and in which tables they are, and the bounds of the first and the last day.
fn memberships_of(store: &Store) -> Option<Sheet<'_>> {
    let entry = |row: usize| &store.memberships[row];
    let table = |name: &str, of: fn(&Membership) -> (DomainId, u32)| {
        SheetColumn::new(name, Kind::Text, move |row| {
            let (domain, _) = of(entry(row));
            let table = store.table_of(domain).map(|table| store.tables[table].name.clone());
            Cell::Text(table.unwrap_or_else(|| store.domain(domain).name.clone()).into())
        })
    };
    let keys = |name: &str, of: fn(&Membership) -> (DomainId, u32)| {
        SheetColumn::new(name, Kind::Key, move |row| Cell::Int(i64::from(of(entry(row)).1)))
    };
    let bound =
        |name: &str, of: fn(&Membership) -> i32| SheetColumn::new(name, Kind::Day, move |row| day(of(entry(row))));
    let columns = vec![
        table("group_table", |entry| entry.group),
        keys("group_key", |entry| entry.group),
        table("member_table", |entry| entry.member),
        keys("member_key", |entry| entry.member),
        bound("from_earliest", |entry| entry.from.earliest),
        bound("from_latest", |entry| entry.from.latest),
        bound("to_earliest", |entry| entry.to.earliest),
        bound("to_latest", |entry| entry.to.latest),
    ];
    let rows = store.memberships.len();
    (rows > 0).then(|| Sheet { name: "memberships".to_owned(), rows, columns })
}
