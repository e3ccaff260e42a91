//! Pictures as lines of text, in blocks of Unicode or in ASCII alone.

mod bar;
mod canvas;
mod heatmap;
mod line;
mod map;
mod network;
mod timeline;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::listing::wrap;
use super::super::style::{BOLD, DIM, paint};
use super::{Drawing, Frame, broken};
use crate::answer::Answer;

/// How a picture may look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How wide it may be, in columns.
    pub width: usize,
    /// Whether it may be coloured.
    pub color: bool,
    /// Whether it is of ASCII alone, but for the names in the data.
    pub ascii: bool,
}

/// So many sources are named below a picture.
const MOST_SOURCES: usize = 2;
/// A picture is no narrower.
const NARROWEST: usize = 24;

/// The picture that an answer wishes for, to be read on a terminal; nothing if the query does not end with `render`.
///
/// # Examples
///
/// ```
/// use demarche::{dataset, render::{Look, picture}, session::Session, value::days};
///
/// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// let answer = session.ask("meetings since 2024-05-07 | count by venue | render bar")?;
/// let text = picture(&answer, Look { width: 40, color: false, ascii: true }).unwrap();
/// assert!(text.contains("\nabroad |############################# 12\n"), "{text}");
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
pub fn picture(answer: &Answer, look: Look) -> Option<String> {
    let (frame, drawing) = Drawing::of(answer)?;
    let look = Look { width: look.width.max(NARROWEST), ..look };
    let mut lines: Vec<String> = Vec::new();
    lines.extend(wrapped(&frame.title, look.width).iter().map(|line| look.paint(line, BOLD)));
    let told = frame.told.iter().flat_map(|told| wrapped(told, look.width));
    lines.extend(told.map(|line| look.paint(&line, DIM)));
    if drawing.is_empty() {
        lines.push("no rows".to_owned());
    } else {
        lines.push(String::new());
        lines.extend(match &drawing {
            Drawing::Bars(bars) => bar::lines(bars, look),
            Drawing::Lines(lines) => line::lines(lines, look),
            Drawing::Timeline(timeline) => timeline::lines(timeline, look),
            Drawing::Heatmap(map) => heatmap::lines(map, look),
            Drawing::Map(map) => map::lines(map, look),
            Drawing::Network(network) => network::lines(network, look),
        });
        lines.push(String::new());
    }
    lines.extend(foot(&frame, look));
    let text: String = lines.iter().map(|line| format!("{}\n", line.trim_end())).collect();
    Some(if look.ascii { plain(&text) } else { text })
}

/// A text in lines; only an address stays whole whatever its width, to be followed.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let lines = wrap(text, width).into_iter();
    lines.flat_map(|line| if line.contains("://") { vec![line] } else { broken(&line, width) }).collect()
}

/// The notes and the sources.
fn foot(frame: &Frame, look: Look) -> Vec<String> {
    let under = |text: &String| {
        let lines = wrapped(text, look.width - 2);
        lines.into_iter().enumerate().map(|(place, line)| if place > 0 { format!("  {line}") } else { line })
    };
    let sources = frame.sources(MOST_SOURCES);
    frame.notes.iter().chain(&sources).flat_map(under).map(|line| look.paint(&line, DIM)).collect()
}

/// The signs of this program in ASCII; the names in the data stay as they are.
fn plain(text: &str) -> String {
    text.replace('·', "-").replace('…', "~").replace('–', "-")
}

impl Look {
    fn paint(self, text: &str, style: Style) -> String {
        paint(text, style, self.color)
    }

    /// A text in the colour of a series.
    fn in_series(self, text: &str, place: usize) -> String {
        const COLORS: [AnsiColor; 6] =
            [AnsiColor::Blue, AnsiColor::Yellow, AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Red, AnsiColor::Cyan];
        self.paint(text, Style::new().fg_color(Some(COLORS[place % COLORS.len()].into())))
    }

    /// What a bar or a line of a series is made of, so that series differ without colour, too.
    fn fill(self, place: usize) -> char {
        let fills =
            if self.ascii { ['#', '=', '+', 'o', '-', '.'] } else { ['█', '▒', '▓', '░', '■', '□'] };
        fills[place % fills.len()]
    }

    /// The names of the series, each after what it is made of.
    fn legend(self, names: &[String]) -> Vec<String> {
        self.keys(names, |place| self.fill(place))
    }

    /// Names of series, each after its sign.
    fn keys(self, names: &[String], sign: impl Fn(usize) -> char) -> Vec<String> {
        let shown = names.iter().map(|name| fitting(name, self.width - 2));
        let entries = shown.enumerate().map(|(place, name)| {
            let colored = format!("{} {name}", self.in_series(&sign(place).to_string(), place));
            (name.width() + 2, colored)
        });
        flowed(entries, self.width)
    }
}

/// Entries beside one another, in as many lines as they need.
fn flowing(entries: &[String], width: usize) -> Vec<String> {
    let fitting = entries.iter().map(|entry| fitting(entry, width));
    flowed(fitting.map(|entry| (entry.width(), entry)), width)
}

/// Entries, each with its width, beside one another.
fn flowed(entries: impl Iterator<Item = (usize, String)>, width: usize) -> Vec<String> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (wide, entry) in entries {
        match lines.last_mut() {
            Some((before, line)) if *before + 2 + wide <= width => {
                *before += 2 + wide;
                line.push_str("  ");
                line.push_str(&entry);
            }
            _ => lines.push((wide, entry)),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The sign of a shade: 0 is nothing, then from light to dark.
fn shade(level: usize, look: Look) -> char {
    let signs = if look.ascii { ['.', '-', '+', '%', '#'] } else { ['·', '░', '▒', '▓', '█'] };
    signs[level.min(signs.len() - 1)]
}

/// The signs of the shades, each with up to how much it says.
fn shades(most: &[(usize, String)], look: Look) -> Vec<String> {
    let said = most.iter().map(|(level, most)| {
        let sign = look.in_series(&shade(*level, look).to_string().repeat(2), 0);
        (most.width() + 9, format!("{sign} up to {most}"))
    });
    flowed(said, look.width)
}

/// As much of a text as fits into so many columns.
fn fitting(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut width = 1;
    for letter in text.chars() {
        width += letter.width().unwrap_or(0);
        if width > columns {
            break;
        }
        shown.push(letter);
    }
    format!("{}…", shown.trim_end())
}

/// A text in so many columns, cut or with blanks after it.
fn column(text: &str, columns: usize) -> String {
    let shown = fitting(text, columns);
    let blanks = columns.saturating_sub(shown.width());
    format!("{shown}{}", " ".repeat(blanks))
}

/// The widest of these texts, but no wider than that.
fn widest<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or(0).min(most)
}
