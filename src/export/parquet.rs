//! Rows to Parquet, with snappy, without Arrow: a column after the other within each group of rows.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::text::text;
use super::{Kind, Sheet, SheetColumn};
use crate::answer::Cell;

/// So many rows are written together.
const GROUP: usize = 1 << 18;

pub(super) fn write(sheet: &Sheet<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
    written(sheet, out).map_err(|error| match error {
        // The writer wraps what the file said.
        ParquetError::External(error) => io::Error::other(error),
        error => io::Error::other(error),
    })
}

fn written(sheet: &Sheet<'_>, out: &mut (dyn Write + Send)) -> Result<(), ParquetError> {
    let fields: Result<Vec<TypePtr>, ParquetError> = sheet.columns.iter().map(|column| field(column)).collect();
    let schema = Type::group_type_builder("schema").with_fields(fields?).build()?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    for start in (0..sheet.rows).step_by(GROUP) {
        let rows = start..(start + GROUP).min(sheet.rows);
        let mut group = writer.next_row_group()?;
        for column in &sheet.columns {
            let cells: Vec<Cell> = rows.clone().map(|row| column.cell(row)).collect();
            let mut writer =
                group.next_column()?.ok_or_else(|| ParquetError::General("a column is too many".to_owned()))?;
            if column.kind == Kind::List {
                lists(&mut writer, &cells)?;
            } else {
                values(&mut writer, column.kind, &cells)?;
            }
            writer.close()?;
        }
        group.close()?;
    }
    writer.close().map(drop)
}

fn field(column: &SheetColumn<'_>) -> Result<TypePtr, ParquetError> {
    let one = |name: &str, kind: Kind| {
        let (physical, logical) = match kind {
            Kind::Bool => (Physical::BOOLEAN, None),
            Kind::Key => (Physical::INT32, None),
            Kind::Int => (Physical::INT64, None),
            Kind::Float => (Physical::DOUBLE, None),
            Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
            Kind::Text | Kind::List => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        builder.with_logical_type(logical).build().map(Arc::new)
    };
    if column.kind != Kind::List {
        return one(&column.name, column.kind);
    }
    let items = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
    let items = items.with_fields(vec![one("element", Kind::Text)?]).build()?;
    let list = Type::group_type_builder(&column.name).with_repetition(Repetition::OPTIONAL);
    let list = list.with_logical_type(Some(LogicalType::List)).with_converted_type(ConvertedType::LIST);
    list.with_fields(vec![Arc::new(items)]).build().map(Arc::new)
}

/// Writes the cells that are not missing, and which those are.
fn values(writer: &mut SerializedColumnWriter<'_>, kind: Kind, cells: &[Cell]) -> Result<(), ParquetError> {
    let present = || cells.iter().filter(|cell| !is_missing(cell, kind));
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(!is_missing(cell, kind))).collect();
    match writer.untyped() {
        ColumnWriter::BoolColumnWriter(writer) => {
            let values: Vec<bool> = present().map(|cell| *cell == Cell::Bool(true)).collect();
            writer.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::Int32ColumnWriter(writer) => {
            let values: Vec<i32> = present().filter_map(int32).collect();
            writer.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::Int64ColumnWriter(writer) => {
            let values: Vec<i64> = present().map(|cell| if let Cell::Int(value) = cell { *value } else { 0 }).collect();
            writer.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            let values: Vec<f64> = present().filter_map(float).collect();
            writer.write_batch(&values, Some(&levels), None)?;
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let values: Vec<ByteArray> = present().map(|cell| ByteArray::from(text(cell).into_bytes())).collect();
            writer.write_batch(&values, Some(&levels), None)?;
        }
        _ => {}
    }
    Ok(())
}

/// Whether a cell has no value of its column's kind.
fn is_missing(cell: &Cell, kind: Kind) -> bool {
    match kind {
        Kind::Key | Kind::Day => int32(cell).is_none(),
        Kind::Float => float(cell).is_none(),
        Kind::Bool => !matches!(cell, Cell::Bool(_)),
        Kind::Int => !matches!(cell, Cell::Int(_)),
        Kind::Text | Kind::List => matches!(cell, Cell::Missing),
    }
}

fn int32(cell: &Cell) -> Option<i32> {
    match cell {
        Cell::Int(value) => i32::try_from(*value).ok(),
        Cell::Date(date) => date.as_day(),
        _ => None,
    }
}

fn float(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Float(value) => Some(*value),
        Cell::Int(value) => Some(*value as f64),
        _ => None,
    }
}

/// Writes lists of texts: level 0 has no list, 1 an empty one, 2 an item that is missing, 3 one that is not.
fn lists(writer: &mut SerializedColumnWriter<'_>, cells: &[Cell]) -> Result<(), ParquetError> {
    let (mut values, mut levels, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let items = match cell {
            Cell::List(items) => items.as_slice(),
            Cell::Missing => &[],
            one => std::slice::from_ref(one),
        };
        if items.is_empty() {
            levels.push(i16::from(matches!(cell, Cell::List(_))));
            repeated.push(0);
        }
        for (place, item) in items.iter().enumerate() {
            repeated.push(i16::from(place > 0));
            levels.push(if *item == Cell::Missing { 2 } else { 3 });
            if *item != Cell::Missing {
                values.push(ByteArray::from(text(item).into_bytes()));
            }
        }
    }
    if let ColumnWriter::ByteArrayColumnWriter(writer) = writer.untyped() {
        writer.write_batch(&values, Some(&levels), Some(&repeated))?;
    }
    Ok(())
}
