//! What is known of a column before its values are looked at, and a value as the type that is wished for.

use super::Cell;
use super::preset::{Preset, PresetColumn};
use super::read::{Read, date, float, int, spelling};
use crate::dataset::{ColumnType, Options};
use crate::value::{Base, Date, Edtf, Type, days};

/// What options and preset say of the columns.
pub(super) struct Known<'a> {
    pub(super) options: &'a Options,
    pub(super) preset: Option<&'a Preset>,
}

impl<'a> Known<'a> {
    /// What the preset says of a column.
    pub(super) fn of(&self, name: &str) -> Vec<&'a PresetColumn> {
        self.preset.map_or_else(Vec::new, |preset| preset.of(name))
    }

    /// What the field of a column is called.
    pub(super) fn field<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.of(name).first().map_or(name, |column| column.field())
    }

    /// The column of a field that the preset names.
    pub(super) fn column(&self, field: &str) -> Option<&'a str> {
        let column = self.preset?.columns.iter().find(|column| column.field() == field);
        column.map(|column| column.name.as_str())
    }

    /// The column that is named as the one that says when.
    pub(super) fn date(&self) -> Option<&'a str> {
        self.options.date.as_deref().or_else(|| self.column("date"))
    }

    /// Whether the options wish for a type of this column.
    pub(super) fn is_overridden(&self, name: &str) -> bool {
        self.overriding(name).is_some()
    }

    fn overriding(&self, name: &str) -> Option<ColumnType> {
        let is_it = |wished: &str| wished == name || self.of(name).iter().any(|column| column.field() == wished);
        self.options.types.iter().rev().find(|(wished, _)| is_it(wished)).map(|(_, of)| *of)
    }

    /// The type that a column is to have.
    pub(super) fn wish(&self, name: &str) -> Option<Wish> {
        let of_options = self.overriding(name).map(|of| Wish { of, separator: ";".to_owned(), dates: Vec::new() });
        of_options.or_else(|| self.of(name).first().map(|column| column.wish()))
    }
}

/// The type that a column is to have.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) of: ColumnType,
    /// What joins the texts of a list; nothing if each cell is one of its texts.
    pub(super) separator: String,
    /// How dates are written, beside ISO 8601.
    pub(super) dates: Vec<String>,
}

impl Wish {
    /// The type of its values.
    pub(super) fn as_type(&self) -> Type {
        match self.of {
            ColumnType::Text => Type::one(Base::Text),
            ColumnType::Int => Type::one(Base::Int),
            ColumnType::Float => Type::one(Base::Float),
            ColumnType::Bool => Type::one(Base::Bool),
            ColumnType::Date => Type::one(Base::Date),
            ColumnType::List => Type::many(Base::Text),
        }
    }

    /// The bases that the column may have.
    pub(super) fn bases(&self) -> &'static [Base] {
        match self.of {
            ColumnType::Text | ColumnType::List => &[Base::Text],
            ColumnType::Int => &[Base::Int],
            ColumnType::Float => &[Base::Float],
            ColumnType::Bool => &[Base::Bool],
            ColumnType::Date => &[Base::Date],
        }
    }

    /// Whether a text holds several.
    pub(super) fn is_list(&self) -> bool {
        self.of == ColumnType::List
    }

    /// A single value as this type, if it is one.
    pub(super) fn read<'a>(&self, cell: &'a Cell<'_>) -> Option<Read<'a>> {
        let text = spelling(cell)?;
        match self.of {
            ColumnType::Text | ColumnType::List => Some(Read::Text(text)),
            ColumnType::Int => int(&plain_number(text)).map(Read::Int),
            ColumnType::Float => float(&plain_number(text)).map(Read::Float),
            ColumnType::Bool => match text {
                "true" | "True" | "TRUE" | "1" => Some(Read::Bool(true)),
                "false" | "False" | "FALSE" | "0" => Some(Read::Bool(false)),
                _ => None,
            },
            ColumnType::Date => date(text).or_else(|| self.other_date(text)),
        }
    }

    fn other_date(&self, text: &str) -> Option<Read<'static>> {
        let date = self.dates.iter().find_map(|form| jiff::civil::Date::strptime(form, text).ok())?;
        let date = Date::day(days(date.year().into(), date.month().into(), date.day().into()));
        Some(Read::Date(Edtf { start: date, end: date }, false))
    }

    /// Whether all of a cell is of this type, and if not, what is not.
    pub(super) fn misfit<'a>(&self, cell: &'a Cell<'_>) -> Option<&'a str> {
        match cell {
            Cell::Missing => None,
            Cell::List(items) => items.iter().find_map(|item| self.misfit(item)),
            one => {
                if self.read(one).is_some() {
                    None
                } else {
                    spelling(one)
                }
            }
        }
    }

    /// The texts that a text of a list holds.
    pub(super) fn parts<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let separator = if self.separator.is_empty() { "\u{0}" } else { &self.separator };
        text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
    }
}

/// A number without a plus and without zeros before its first digit.
fn plain_number(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    // One zero stays where no other digit follows.
    let kept = if digits[zeros..].starts_with(|letter: char| letter.is_ascii_digit()) {
        zeros
    } else {
        zeros.saturating_sub(1)
    };
    match (sign, &digits[kept..]) {
        ("-", "0") => "0".to_owned(),
        (sign, digits) => format!("{sign}{digits}"),
    }
}
