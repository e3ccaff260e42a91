//! The rows of a Parquet file: its schema says the types, and nothing is inferred.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use indexmap::IndexSet;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::reader::{ReaderIter, TreeBuilder};
use parquet::record::{Field, Row as Record};
use parquet::schema::types::Type;

use super::wish::Wish;
use super::{Cell, Fault, Row, Rows};
use crate::dataset::ColumnType;
use crate::diagnostic::Code;
use crate::value::civil;

const DAY: i64 = 86_400_000_000;

/// The rows of a file. A place in it is a row and a column, both from 1.
pub(super) struct Records {
    reader: SerializedFileReader<Bytes>,
    names: IndexSet<String>,
    columns: Vec<Known>,
    group: usize,
    rows: Option<ReaderIter>,
    row: usize,
}

/// What the schema says of a column.
#[derive(Clone, Copy)]
struct Known {
    of: ColumnType,
    /// Whether its integers are nanoseconds since 1970.
    nanoseconds: bool,
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
        Ok(Self { reader, names, columns, group: 0, rows: None, row: 0 })
    }

    fn at(&self, column: usize) -> usize {
        self.row << 16 | (column + 1).min(0xffff)
    }

    fn next_record(&mut self) -> Option<Result<Record, Fault>> {
        loop {
            let rows = &mut self.rows;
            let record = caught(|| rows.as_mut().and_then(Iterator::next).transpose());
            if let Some(record) = record.transpose() {
                self.row += 1;
                return Some(record.map_err(|message| self.stop(&message)));
            }
            if self.group >= self.reader.num_row_groups() {
                return None;
            }
            let schema = self.reader.metadata().file_metadata().schema_descr_ptr();
            let group = caught(|| {
                let group = self.reader.get_row_group(self.group)?;
                TreeBuilder::new().as_iter(schema, &*group)
            });
            self.group += 1;
            match group {
                Ok(rows) => self.rows = Some(rows),
                Err(message) => return Some(Err(self.stop(&message))),
            }
        }
    }

    /// What is wrong, after which nothing can be read.
    fn stop(&mut self, message: &str) -> Fault {
        (self.rows, self.group) = (None, usize::MAX);
        broken(message, self.row)
    }
}

impl<'a> Rows<'a> for Records {
    fn next(&mut self) -> Option<Result<Row<'a>, Fault>> {
        let record = match self.next_record()? {
            Ok(record) => record,
            Err(fault) => return Some(Err(fault)),
        };
        let mut cells = Vec::with_capacity(self.columns.len());
        for (column, (name, field)) in record.into_columns().into_iter().enumerate() {
            let nanoseconds = self.columns.get(column).is_some_and(|known| known.nanoseconds);
            match cell(field, nanoseconds) {
                Some(cell) => cells.push((column, cell)),
                None => {
                    let message = format!("`{name}` holds bytes that are no text, or a list of lists");
                    return Some(Err(Fault::new(Code::BAD_FIELD, self.at(column), message)));
                }
            }
        }
        Some(Ok(cells))
    }

    fn rewind(&mut self) {
        (self.group, self.rows, self.row) = (0, None, 0);
    }

    fn place(&self, column: usize) -> usize {
        self.at(column)
    }

    fn position(&self, place: usize) -> Option<(usize, usize)> {
        Some((place >> 16, place & 0xffff))
    }

    fn wish(&self, column: usize) -> Option<Wish> {
        let of = self.columns.get(column)?.of;
        Some(Wish { of, separator: String::new(), dates: Vec::new() })
    }

    fn names(&self) -> &IndexSet<String> {
        &self.names
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
