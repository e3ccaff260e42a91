//! The rows of a Parquet file: its schema says the types, and nothing is inferred.

mod chunks;
mod hybrid;
mod texts;

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use indexmap::IndexSet;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::{ReaderIter, TreeBuilder};
use parquet::schema::types::{Type, TypePtr};

use super::column::Column;
use super::source::{Rows, Source};
use super::wish::Wish;
use super::{Cell, Fault};
use crate::dataset::ColumnType;
use crate::diagnostic::Code;
use crate::value::{self, civil};

const DAY: i64 = 86_400_000_000;
/// Beyond it a float is not every integer.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The rows of a file, whose pieces are its row groups. The place of a row is its number, from 0; that of a value has the
/// row and the column, both from 1.
pub(super) struct Records {
    reader: SerializedFileReader<Bytes>,
    names: IndexSet<String>,
    columns: Vec<Known>,
    /// Where each group of rows begins.
    groups: Vec<usize>,
}

/// What the schema says of a column.
#[derive(Clone, Copy)]
struct Known {
    of: ColumnType,
    /// Whether its integers are nanoseconds since 1970.
    nanoseconds: bool,
}

/// The rows of some groups.
struct RecordRows<'s> {
    of: &'s Records,
    rows: Option<ReaderIter>,
    group: usize,
    at: usize,
    stop: usize,
}

impl Records {
    pub(super) fn of(bytes: Bytes) -> Result<Self, Fault> {
        let reader = caught(|| SerializedFileReader::new(bytes)).map_err(|message| broken(&message, 0))?;
        let schema = reader.metadata().file_metadata().schema_descr().root_schema().get_fields();
        let (mut names, mut columns) = (IndexSet::new(), Vec::new());
        for of in schema {
            let Some(known) = known(of) else {
                let message = format!("`{}` holds groups, and a column holds values or lists of them", of.name());
                return Err(Fault::new(Code::BAD_FIELD, 0, message));
            };
            if !names.insert(of.name().to_owned()) {
                return Err(Fault::new(Code::BAD_FIELD, 0, format!("there are two columns `{}`", of.name())));
            }
            columns.push(known);
        }
        let starts = reader.metadata().row_groups().iter().scan(0, |start, group| {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            Some(std::mem::replace(start, *start + rows))
        });
        let groups = starts.collect();
        Ok(Self { reader, names, columns, groups })
    }
}

impl RecordRows<'_> {
    fn record(&mut self) -> Option<Result<parquet::record::Row, Fault>> {
        while self.at < self.stop {
            let rows = &mut self.rows;
            let record = caught(|| rows.as_mut().and_then(Iterator::next).transpose());
            if let Some(record) = record.transpose() {
                self.at += 1;
                return Some(record.map_err(|message| self.stopped(&message)));
            }
            if self.group >= self.of.groups.len() {
                return None;
            }
            let reader = &self.of.reader;
            let schema = reader.metadata().file_metadata().schema_descr_ptr();
            let group = caught(|| TreeBuilder::new().as_iter(schema, &*reader.get_row_group(self.group)?));
            self.group += 1;
            match group {
                Ok(rows) => self.rows = Some(rows),
                Err(message) => return Some(Err(self.stopped(&message))),
            }
        }
        None
    }

    /// What is wrong, after which nothing can be read.
    fn stopped(&mut self, message: &str) -> Fault {
        (self.rows, self.group) = (None, usize::MAX);
        broken(message, self.at)
    }
}

impl<'a> Rows<'a> for RecordRows<'_> {
    fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<(), Fault>> {
        let record = match self.record()? {
            Ok(record) => record,
            Err(fault) => return Some(Err(fault)),
        };
        for (column, (name, field)) in record.into_columns().into_iter().enumerate() {
            let nanoseconds = self.of.columns.get(column).is_some_and(|known| known.nanoseconds);
            match cell(field, nanoseconds) {
                Some(cell) => cells.push(cell),
                None => {
                    let message = format!("`{name}` holds bytes that are no text, or a list of lists");
                    return Some(Err(Fault::new(Code::BAD_FIELD, self.of.place(self.row(), &name), message)));
                }
            }
        }
        Some(Ok(()))
    }

    fn row(&self) -> usize {
        self.at.saturating_sub(1)
    }

    fn end(&self) -> usize {
        self.at
    }

    fn names(&self) -> &IndexSet<String> {
        &self.of.names
    }
}

impl Source for Records {
    fn pieces(&self, _bytes: usize) -> Vec<usize> {
        if self.groups.is_empty() { vec![0] } else { self.groups.clone() }
    }

    fn rows(&self, piece: Range<usize>) -> Box<dyn Rows<'_> + '_> {
        let group = self.groups.partition_point(|start| *start < piece.start);
        Box::new(RecordRows { of: self, rows: None, group, at: piece.start, stop: piece.end })
    }

    fn columns(&self, piece: &Range<usize>, columns: &mut [&mut Column]) -> Option<usize> {
        let schema = self.reader.metadata().file_metadata().schema_descr().root_schema();
        let mut all = 0;
        for (number, _) in self.groups.iter().enumerate().filter(|(_, start)| piece.contains(start)) {
            let rows = usize::try_from(self.reader.metadata().row_group(number).num_rows()).ok()?;
            let filled = caught(|| {
                let group = self.reader.get_row_group(number)?;
                let mut fields = schema.get_fields().iter().zip(columns.iter_mut()).enumerate();
                Ok(fields.try_for_each(|(place, (field, column))| chunks::fill(&*group, place, rows, field, column)))
            });
            filled.ok()??;
            all += rows;
        }
        Some(all)
    }

    fn typed(&self) -> Option<(Vec<value::Type>, usize)> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let fields = schema.root_schema().get_fields().iter().zip(&self.columns).enumerate();
        let of = |(place, (field, known)): (usize, (&TypePtr, &Known))| {
            let wish = Wish { of: known.of, separator: String::new(), dates: Vec::new() };
            chunks::is_plain(&schema.column(place)).then(|| value::Type { many: field.is_group(), ..wish.as_type() })
        };
        let types = (schema.num_columns() == self.columns.len()).then(|| fields.map(of).collect::<Option<_>>());
        // What is said of the rows of a group is believed if it is said of each of its columns too.
        let rows = self.reader.metadata().row_groups().iter().map(|group| {
            let fields = schema.root_schema().get_fields().iter().zip(group.columns());
            let mut values = fields.map(|(field, chunk)| (field.is_group(), chunk.num_values()));
            let are_there = |(is_list, values): (bool, i64)| {
                if is_list { values >= group.num_rows() } else { values == group.num_rows() }
            };
            u32::try_from(group.num_rows()).ok().filter(|_| values.all(are_there))
        });
        let rows = rows.reduce(|all, more| all?.checked_add(more?)).unwrap_or(Some(0))?;
        Some((types??, rows as usize))
    }

    fn names(&self) -> Option<&IndexSet<String>> {
        Some(&self.names)
    }

    fn place(&self, row: usize, column: &str) -> usize {
        (row + 1) << 16 | (self.names.get_index_of(column).unwrap_or(0) + 1).min(0xffff)
    }

    fn position(&self, place: usize) -> Option<(usize, usize)> {
        Some((place >> 16, place & 0xffff))
    }

    fn wish(&self, column: &str) -> Option<Wish> {
        let of = self.columns.get(self.names.get_index_of(column)?)?.of;
        Some(Wish { of, separator: String::new(), dates: Vec::new() })
    }
}

fn broken(message: &str, row: usize) -> Fault {
    Fault::new(Code::UNREADABLE, row << 16, format!("the Parquet file cannot be read: {message}"))
}

/// What the crate gives, or why not: it panics over some files that are broken.
fn caught<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it is broken".to_owned()),
    }
}

/// What the schema says of a column, if it is one of values or of lists of them.
fn known(of: &Type) -> Option<Known> {
    if of.is_group() {
        let is_list = of.get_basic_info().converted_type() == ConvertedType::LIST
            || of.get_basic_info().logical_type_ref() == Some(&LogicalType::List);
        let [inner] = of.get_fields() else { return None };
        let item = if inner.is_group() { inner.get_fields() } else { std::slice::from_ref(inner) };
        return match item {
            [item] if is_list && !item.is_group() => known(item),
            _ => None,
        };
    }
    let (converted, logical) = (of.get_basic_info().converted_type(), of.get_basic_info().logical_type_ref());
    let nanoseconds = matches!(logical, Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS);
    let of = match (converted, of.get_physical_type()) {
        (ConvertedType::DECIMAL, _) => ColumnType::Float,
        (ConvertedType::DATE | ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS, _) => {
            ColumnType::Date
        }
        (ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS, _) => ColumnType::Text,
        (_, Physical::INT96) => ColumnType::Date,
        (_, Physical::INT64) if nanoseconds => ColumnType::Date,
        (_, Physical::BOOLEAN) => ColumnType::Bool,
        (_, Physical::INT32 | Physical::INT64) => ColumnType::Int,
        (_, Physical::FLOAT | Physical::DOUBLE) => ColumnType::Float,
        _ if logical == Some(&LogicalType::Float16) => ColumnType::Float,
        _ => ColumnType::Text,
    };
    Some(Known { of, nanoseconds })
}

/// A value as it would be written in text, if it is one.
fn cell(field: Field, nanoseconds: bool) -> Option<Cell<'static>> {
    let text = match field {
        Field::Null => return Some(Cell::Missing),
        Field::ListInternal(list) => {
            let items = list.elements().iter().map(|item| cell(item.clone(), nanoseconds));
            let items: Option<Vec<Cell<'static>>> = items.collect();
            let items = items?.into_iter().filter(|item| *item != Cell::Missing).collect::<Vec<_>>();
            return (!items.iter().any(|item| matches!(item, Cell::List(_)))).then_some(Cell::List(items));
        }
        // A number that is none is missing.
        Field::Float(value) if value.is_nan() => return Some(Cell::Missing),
        Field::Double(value) if value.is_nan() => return Some(Cell::Missing),
        Field::Bool(value) => value.to_string(),
        Field::Byte(value) => value.to_string(),
        Field::Short(value) => value.to_string(),
        Field::Int(value) => value.to_string(),
        Field::Long(value) if nanoseconds => moment(value.div_euclid(1000)),
        Field::Long(value) => value.to_string(),
        Field::UByte(value) => value.to_string(),
        Field::UShort(value) => value.to_string(),
        Field::UInt(value) => value.to_string(),
        Field::ULong(value) => value.to_string(),
        Field::Float16(value) => value.to_f32().to_string(),
        Field::Float(value) => value.to_string(),
        // An integer that long is spelled with an exponent, as what it says is not all of its digits.
        Field::Double(value) if value.abs() >= LARGEST_WHOLE => format!("{value:e}"),
        Field::Double(value) => value.to_string(),
        Field::Str(text) => text,
        Field::Bytes(bytes) => String::from_utf8(bytes.data().to_vec()).ok()?,
        Field::Date(days) => day(i64::from(days)),
        Field::TimestampMillis(value) => moment(value.saturating_mul(1000)),
        Field::TimestampMicros(value) => moment(value),
        Field::TimeMillis(value) => time(i64::from(value) * 1000),
        Field::TimeMicros(value) => time(value),
        decimal @ Field::Decimal(_) => decimal.to_string(),
        Field::Group(_) | Field::MapInternal(_) => return None,
    };
    Some(if text.is_empty() { Cell::Missing } else { Cell::Plain(Cow::Owned(text)) })
}

/// The day so many days after the first of 1970.
fn day(days: i64) -> String {
    let (year, month, day) = civil(i32::try_from(days).unwrap_or(i32::MAX));
    format!("{year:04}-{month:02}-{day:02}")
}

/// A day and, unless it is midnight, the time of day.
fn moment(microseconds: i64) -> String {
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    if rest == 0 { day(days) } else { format!("{}T{}", day(days), time(rest)) }
}

fn time(microseconds: i64) -> String {
    let seconds = microseconds / 1_000_000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
