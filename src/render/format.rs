//! The formats in which an answer can be written.

use super::export::{delimited, html, json, json_lines, markdown};
use super::picture::{Look, picture, svg};
use super::table::table;
use crate::answer::Answer;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A table for reading, with header and notes.
    #[default]
    Table,
    /// The same, drawn in ASCII where it is a picture.
    Ascii,
    /// A picture as SVG.
    Svg,
    /// An array of objects.
    Json,
    /// An object a line.
    Jsonl,
    /// Values with commas between them.
    Csv,
    /// Values with tabs between them.
    Tsv,
    /// A table in Markdown.
    Markdown,
    /// A table in HTML.
    Html,
}

impl Format {
    /// Every format and its name.
    pub const ALL: &[(&'static str, Self)] = &[
        ("table", Self::Table),
        ("ascii", Self::Ascii),
        ("svg", Self::Svg),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
    ];

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, format)| *format)
    }

    /// The format of files with this ending, if it is one of theirs.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        Self::named(if ending == "md" { "markdown" } else { &ending })
    }

    /// What an answer is in it, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Table => "A table to read, with header and notes; after `render` a picture.",
            Self::Ascii => "The same, with pictures drawn in ASCII alone.",
            Self::Svg => "The picture of a query that ends with `render`, as SVG that stands alone.",
            Self::Json => "An array of objects; with notes, an object that has the array as `rows`.",
            Self::Jsonl => "An object a line.",
            Self::Csv => "Values with commas between them, the names of the columns first.",
            Self::Tsv => "Values with tabs between them, the names of the columns first.",
            Self::Markdown => "A table in Markdown.",
            Self::Html => {
                "A table in HTML, after `render` below its picture, to stand in a page; `demarche report` makes whole pages."
            }
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }
}

/// How wide a picture in SVG is unless it is said, in pixels.
pub const PIXELS: usize = 720;

/// An answer in a format; a table has its notes, and JSON has them `with_notes`. An answer that is not to be drawn is a table
/// where a picture is asked for.
pub fn answer(answer: &Answer, format: Format, with_notes: bool, color: bool, width: usize) -> String {
    let look = Look { width, color, ascii: format == Format::Ascii };
    match format {
        Format::Table | Format::Ascii => picture(answer, look).unwrap_or_else(|| table(answer, color, width)),
        Format::Svg => svg(answer, PIXELS).unwrap_or_else(|| table(answer, false, width)),
        Format::Json => json(answer, with_notes),
        Format::Jsonl => json_lines(answer),
        Format::Csv => delimited(answer, b','),
        Format::Tsv => delimited(answer, b'\t'),
        Format::Markdown => markdown(answer),
        Format::Html => svg(answer, PIXELS).map(|svg| svg + "\n").unwrap_or_default() + &html(answer),
    }
}
