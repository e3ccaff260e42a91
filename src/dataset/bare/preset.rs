//! Presets: what is known of a format before a file of it is opened. Each is data, in JSON; the code knows none of them.

use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;

use super::wish::Wish;
use super::{Cell, Fault};
use crate::dataset::lines::{Errors, column_in, did_you_mean, json_message, text_of};
use crate::dataset::manifest::Source;
use crate::dataset::{ColumnType, File};
use crate::diagnostic::{Code, Diagnostic};

/// Those that come with the program, the more particular first.
const SHIPPED: [(&str, &str); 6] = [
    ("gdelt-1", include_str!("../presets/gdelt-1.json")),
    ("gdelt-2", include_str!("../presets/gdelt-2.json")),
    ("icews", include_str!("../presets/icews.json")),
    ("acled", include_str!("../presets/acled.json")),
    ("ucdp-ged", include_str!("../presets/ucdp-ged.json")),
    ("quadruples", include_str!("../presets/quadruples.json")),
];

/// Tables of codes that presets use.
const TABLES: [(&str, &str); 2] =
    [("cameo", include_str!("../presets/tables/cameo.json")), ("fips", include_str!("../presets/tables/fips.json"))];

/// So many rows are looked at to recognise a file without a header.
const ROWS_LOOKED_AT: usize = 5;

/// What is known of a format: its columns with their types and meanings, and tables of its codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    pub(super) title: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) licence: String,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
    /// Whether the first line names the columns.
    pub(super) header: bool,
    /// The columns by which a header is recognised.
    #[serde(default)]
    recognise: Vec<String>,
    /// What stands between the cells of a file without a header.
    #[serde(default = "tab")]
    separator: char,
    /// Whether a cell may stand in double quotes.
    #[serde(default)]
    pub(super) quotes: bool,
    #[serde(default)]
    pub(super) show: Vec<String>,
    pub(super) columns: Vec<PresetColumn>,
    /// Fields that are expressions of others.
    #[serde(default)]
    pub(super) derived: Vec<PresetDerived>,
    /// The shipped tables that it uses beside its own.
    #[serde(default)]
    uses: Vec<String>,
    #[serde(default)]
    pub(super) tables: IndexMap<String, CodeTable>,
}

/// Codes and what they stand for.
pub(super) type CodeTable = IndexMap<String, Named>;

/// What a code stands for.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Named {
    Name(String),
    Kind(Kind),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    pub(super) name: String,
    /// The source of such events, for a kind.
    #[serde(default)]
    pub(super) plural: String,
    #[serde(default)]
    pub(super) meaning: String,
}

impl Named {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Kind(kind) => &kind.name,
        }
    }
}

/// A column of the files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresetColumn {
    pub(super) name: String,
    /// What the field is called, if not as the column is.
    pub(super) field: Option<String>,
    #[serde(rename = "type")]
    pub(super) of: PresetType,
    #[serde(default)]
    pub(super) meaning: String,
    /// The table of its codes.
    pub(super) values: Option<String>,
    /// For a country, the kind of code that it is: `name` unless given; with `table`, only the table says.
    #[serde(default)]
    pub(super) by: By,
    /// As many letters of the cell are the code; all unless given.
    pub(super) letters: Option<usize>,
    /// What joins the texts of a list; nothing if each cell is one text.
    #[serde(default)]
    separator: String,
    /// How dates are written, beside ISO 8601, as `strptime` has it.
    #[serde(default)]
    dates: Vec<String>,
    /// Whether rows without a header may end before it.
    #[serde(default)]
    optional: bool,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PresetType {
    Text,
    Int,
    Float,
    Bool,
    Date,
    List,
    Symbol,
    Country,
}

/// What names a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum By {
    #[default]
    Name,
    Iso2,
    Iso3,
    Numeric,
    Table,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresetDerived {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) expression: String,
}

fn tab() -> char {
    '\t'
}

impl Preset {
    /// The names of those that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// The one of this name that comes with the program.
    pub fn named(name: &str) -> Option<Self> {
        // A mistake in it is a mistake of the program, which a test would show.
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        serde_json::from_str::<Self>(text).ok()?.complete(&mut Errors::of(name))
    }

    /// The one in a file.
    ///
    /// # Errors
    ///
    /// The file is no preset.
    pub fn read(file: &File) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Errors::of(file.name.as_str());
        let Some(text) = text_of(&file.bytes, &mut errors) else { return Err(errors.into_list()) };
        let preset = match serde_json::from_str::<Self>(text) {
            Ok(preset) => preset.complete(&mut errors),
            Err(error) => {
                let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or("");
                let code = if error.is_data() { Code::BAD_MANIFEST } else { Code::BAD_JSON };
                let message = format!("the preset is not right: {}", json_message(&error));
                errors.add(code, error.line(), column_in(line, error.column()), message);
                None
            }
        };
        preset.ok_or_else(|| errors.into_list())
    }

    /// With the tables that it uses; says which it has not.
    fn complete(mut self, errors: &mut Errors) -> Option<Self> {
        for name in &self.uses {
            let Some((_, text)) = TABLES.iter().find(|(known, _)| known == name) else {
                let help = did_you_mean(name, TABLES.map(|(known, _)| known));
                errors.push(Code::BAD_MANIFEST, 0, 0, format!("no tables are called `{name}`"), help);
                continue;
            };
            let tables: IndexMap<String, CodeTable> = serde_json::from_str(text).unwrap_or_default();
            for (name, table) in tables {
                self.tables.entry(name).or_insert(table);
            }
        }
        for values in self.columns.iter().filter_map(|column| column.values.as_ref()) {
            if !self.tables.contains_key(values) {
                let help = did_you_mean(values, self.tables.keys().map(String::as_str));
                errors.push(Code::BAD_MANIFEST, 0, 0, format!("there is no table `{values}`"), help);
            }
        }
        errors.is_empty().then_some(self)
    }

    /// The shipped one that a text of comma- or tab-separated values fits.
    pub(super) fn recognise(text: &str) -> Option<Self> {
        let fits = |(name, text_of_it): &(&str, &str)| {
            let preset: Self = serde_json::from_str(text_of_it).ok()?;
            preset.fits(text).then(|| Self::named(name)).flatten()
        };
        SHIPPED.iter().find_map(fits)
    }

    fn fits(&self, text: &str) -> bool {
        if self.header {
            return self.separator_in(text).is_some();
        }
        let mut lines = text.lines().filter(|line| !line.is_empty()).take(ROWS_LOOKED_AT).peekable();
        lines.peek().is_some() && lines.all(|line| self.fits_row(line))
    }

    fn fits_row(&self, line: &str) -> bool {
        let cells: Vec<&str> = line.split(self.separator).collect();
        let places = self.places();
        let fits = |(cell, column): (&&str, &&PresetColumn)| {
            let cell = if cell.is_empty() { Cell::Missing } else { Cell::Plain((*cell).into()) };
            let is_missing_date = cell == Cell::Missing && column.of == PresetType::Date;
            !is_missing_date && column.wish().misfit(&cell).is_none()
        };
        self.lengths().contains(&cells.len()) && cells.iter().zip(&places).all(fits)
    }

    /// What stands between the cells of a text whose header this preset knows.
    pub(super) fn separator_in(&self, text: &str) -> Option<u8> {
        if !self.header {
            return u8::try_from(self.separator).ok();
        }
        let line = text.lines().next()?;
        let has_all = |by: &u8| {
            let names: Vec<&str> = line.split(char::from(*by)).map(|name| name.trim_matches('"')).collect();
            !self.recognise.is_empty() && self.recognise.iter().all(|name| names.contains(&name.as_str()))
        };
        [b'\t', b',', b';'].into_iter().find(has_all)
    }

    /// What is wrong with a header that is not this preset's.
    pub(super) fn lacking(&self, names: &IndexSet<String>) -> Option<Fault> {
        let lacking: Vec<&String> = self.recognise.iter().filter(|name| !names.contains(*name)).collect();
        let first = lacking.first()?;
        let told: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the header is not that of {}: it lacks {}", self.title, told.join(", "));
        let mut fault = Fault::new(Code::BAD_FIELD, 0, message);
        fault.help = did_you_mean(first, names.iter().map(String::as_str));
        Some(fault)
    }

    /// How many cells a row without a header may have.
    pub(super) fn lengths(&self) -> std::ops::RangeInclusive<usize> {
        let places = self.places();
        let most = places.len();
        most - places.iter().rev().take_while(|column| column.optional).count()..=most
    }

    /// The columns in their order, each once.
    pub(super) fn places(&self) -> Vec<&PresetColumn> {
        let mut places: IndexMap<&str, &PresetColumn> = IndexMap::new();
        for column in &self.columns {
            places.entry(&column.name).or_insert(column);
        }
        places.into_values().collect()
    }

    /// What is said of a column; more than one thing if it makes several fields.
    pub(super) fn of(&self, name: &str) -> Vec<&PresetColumn> {
        self.columns.iter().filter(|column| column.name == name).collect()
    }
}

impl PresetColumn {
    /// The name of its field.
    pub(super) fn field(&self) -> &str {
        self.field.as_deref().unwrap_or(&self.name)
    }

    /// The type that its values are to have in the file.
    pub(super) fn wish(&self) -> Wish {
        let of = match self.of {
            PresetType::Text | PresetType::Symbol | PresetType::Country => ColumnType::Text,
            PresetType::Int => ColumnType::Int,
            PresetType::Float => ColumnType::Float,
            PresetType::Bool => ColumnType::Bool,
            PresetType::Date => ColumnType::Date,
            PresetType::List => ColumnType::List,
        };
        Wish { of, separator: self.separator.clone(), dates: self.dates.clone() }
    }

    /// Whether its texts are codes of something.
    pub(super) fn is_coded(&self) -> bool {
        matches!(self.of, PresetType::Symbol | PresetType::Country)
    }

    /// The code in a cell.
    pub(super) fn code<'a>(&self, text: &'a str) -> &'a str {
        let end = self.letters.and_then(|letters| text.char_indices().nth(letters));
        end.map_or(text, |(place, _)| &text[..place])
    }
}
