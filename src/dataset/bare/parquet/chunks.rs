//! The columns of a group of rows, each by itself, where the file keeps plain values of a column's own type.

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{BoolType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::{ColumnDescriptor, Type};

use super::{day, known, texts};
use crate::dataset::bare::column::Column;
use crate::dataset::builder::Builder;

/// So many rows are read at a time.
const ROWS: usize = 8192;

/// Whatever a file says, room is made for no more rows before they are there.
const MOST_RESERVED: usize = 1 << 22;

/// What the levels of a column say.
#[derive(Clone, Copy)]
pub(super) struct Levels {
    pub(super) is_list: bool,
    /// Whether the value, or the list, may be missing.
    pub(super) is_optional: bool,
    /// The definition level of a value that is there.
    pub(super) most: i16,
}

/// Fills a column from a group of rows, so many; `None` where it is to be read row by row.
pub(super) fn fill(
    group: &dyn RowGroupReader,
    place: usize,
    rows: usize,
    field: &Type,
    column: &mut Column,
) -> Option<()> {
    if column.is_done {
        return Some(());
    }
    let chunk = group.metadata().column(place);
    let descriptor = chunk.column_descr();
    let is_list = field.is_group();
    let info = field.get_basic_info();
    if !is_plain(descriptor) || info.has_repetition() && info.repetition() == Repetition::REPEATED {
        return None;
    }
    let is_optional = info.has_repetition() && info.repetition() == Repetition::OPTIONAL;
    let levels = Levels { is_list, is_optional, most: descriptor.max_def_level() };
    let is_date = descriptor.converted_type() == ConvertedType::DATE;
    let mut first = None;
    let wants_first = !column.has_first();
    let builder = column.built_as(known(field)?.of, is_list)?;
    builder.reserve(rows.min(MOST_RESERVED));
    let mut tell = |spelled: &dyn Fn() -> String| {
        if wants_first && first.is_none() {
            first = Some(spelled());
        }
    };
    if descriptor.physical_type() == Physical::BYTE_ARRAY {
        let pages = group.get_column_page_reader(place).ok()?;
        let values = texts::fill(pages, rows, levels, builder, &mut |text| tell(&|| text.to_owned()))?;
        column.saw(values, first);
        return Some(());
    }
    let values = match group.get_column_reader(place).ok()? {
        ColumnReader::BoolColumnReader(reader) => each::<BoolType>(reader, rows, levels, builder, |builder, values| {
            tell(&|| values[0].to_string());
            values.iter().for_each(|&value| builder.truth(value));
            Some(())
        }),
        ColumnReader::Int32ColumnReader(reader) => {
            each::<Int32Type>(reader, rows, levels, builder, |builder, values| {
                if is_date {
                    tell(&|| day(i64::from(values[0])));
                    builder.days_known(values);
                } else {
                    tell(&|| values[0].to_string());
                    builder.ints(values.iter().map(|&value| i64::from(value)));
                }
                Some(())
            })
        }
        ColumnReader::Int64ColumnReader(reader) => {
            each::<Int64Type>(reader, rows, levels, builder, |builder, values| {
                tell(&|| values[0].to_string());
                builder.ints(values.iter().copied());
                Some(())
            })
        }
        ColumnReader::DoubleColumnReader(reader) => {
            each::<DoubleType>(reader, rows, levels, builder, |builder, values| {
                tell(&|| values[0].to_string());
                let are_finite = values.iter().all(|value| value.is_finite());
                are_finite.then(|| builder.floats(values))
            })
        }
        _ => None,
    }?;
    column.saw(values, first);
    Some(())
}

/// Whether values are what they are without being converted.
pub(super) fn is_plain(descriptor: &ColumnDescriptor) -> bool {
    let (converted, logical) = (descriptor.converted_type(), descriptor.logical_type_ref());
    match descriptor.physical_type() {
        Physical::BOOLEAN | Physical::DOUBLE => true,
        Physical::INT32 => {
            matches!(
                converted,
                ConvertedType::NONE
                    | ConvertedType::INT_8
                    | ConvertedType::INT_16
                    | ConvertedType::INT_32
                    | ConvertedType::DATE
            )
        }
        Physical::INT64 => {
            matches!(converted, ConvertedType::NONE | ConvertedType::INT_64)
                && !matches!(logical, Some(LogicalType::Timestamp(_) | LogicalType::Time(_) | LogicalType::Decimal(_)))
        }
        Physical::BYTE_ARRAY => {
            matches!(converted, ConvertedType::UTF8) && matches!(logical, None | Some(LogicalType::String))
        }
        _ => false,
    }
}

/// Gives the values of so many rows to the builder, one or more at a time, and says how many rows have one.
fn each<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    levels: Levels,
    builder: &mut Builder,
    mut add: impl FnMut(&mut Builder, &[T::T]) -> Option<()>,
) -> Option<usize> {
    let (mut definitions, mut repetitions, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let (mut read, mut present) = (0, 0);
    while read < rows {
        definitions.clear();
        repetitions.clear();
        values.clear();
        let wanted = ROWS.min(rows - read);
        let (found, ..) =
            reader.read_records(wanted, Some(&mut definitions), Some(&mut repetitions), &mut values).ok()?;
        if found == 0 {
            return None;
        }
        read += found;
        if values.len() == found && !levels.is_list {
            present += found;
            add(builder, &values)?;
            continue;
        }
        let mut values = values.chunks(1);
        for (place, &definition) in definitions.iter().enumerate() {
            let begins = !levels.is_list || repetitions[place] == 0;
            present += usize::from(begins && !(levels.is_optional && definition == 0));
            if levels.is_list && begins && place > 0 {
                builder.end_list();
            }
            if definition == levels.most {
                add(if levels.is_list { builder.items() } else { builder }, values.next()?)?;
            } else if !levels.is_list {
                builder.missing();
            }
        }
        if levels.is_list {
            builder.end_list();
        }
    }
    Some(present)
}
