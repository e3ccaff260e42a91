//! Pictures as SVG that stands alone: title, notes, sources and alternative text are in it, and it goes by the reader's choice
//! of light or dark.

mod bar;
mod element;
mod heatmap;
mod line;
mod map;
mod network;
mod timeline;

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use unicode_width::UnicodeWidthStr;

use super::super::listing::wrap;
use super::{Drawing, Frame, broken};
use crate::answer::Answer;

use element::{Element, Px};

/// A picture is no narrower and no wider, in pixels.
const WIDTHS: std::ops::RangeInclusive<usize> = 280..=4000;
/// So many sources are named below a picture.
const MOST_SOURCES: usize = 4;
/// How wide a letter is, for one pixel of size; it is not known which font a reader has.
const LETTER: f64 = 0.58;
/// The distance from the edge.
const MARGIN: f64 = 16.0;
/// The size of most texts.
const SMALL: f64 = 12.0;
const TINY: f64 = 11.0;
const TITLE: f64 = 16.0;

/// The picture that an answer wishes for, as an SVG document so many pixels wide; nothing if the query does not end with
/// `render`.
///
/// It has a title and a description for those who do not see it, needs no file beside it, and can stand in a page of HTML as
/// it is. Whatever the data holds is text in it.
///
/// # Examples
///
/// ```
/// use demarche::{dataset, render, session::Session, value::days};
///
/// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// let answer = session.ask("meetings since 2024-05-07 | count by month | render bar")?;
/// let svg = render::svg(&answer, 720).unwrap();
/// assert!(svg.starts_with("<svg ") && svg.contains("Bar chart of count by month: 2024-05 7; 2024-06 5; 2024-07 9."));
///
/// let answer = session.ask("meetings since 2024-05-07 | count by month")?;
/// assert_eq!(render::svg(&answer, 720), None);
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
pub fn svg(answer: &Answer, width: usize) -> Option<String> {
    let (frame, drawing) = Drawing::of(answer)?;
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end()) as f64;
    let inner = width - 2.0 * MARGIN;
    let mut page = Element::new("g").with("class", "dm-text");
    let mut top = MARGIN;
    top = paragraph(&mut page, top, inner, "dm-ink dm-title", TITLE, &frame.title);
    if let Some(told) = &frame.told {
        top = paragraph(&mut page, top, inner, "dm-soft dm-small", SMALL, told);
    }
    top += 10.0;
    if drawing.is_empty() {
        top = paragraph(&mut page, top, inner, "dm-ink dm-small", SMALL, "no rows");
    } else {
        let (drawn, height) = match &drawing {
            Drawing::Bars(bars) => bar::draw(bars, inner),
            Drawing::Lines(lines) => line::draw(lines, inner),
            Drawing::Timeline(timeline) => timeline::draw(timeline, inner),
            Drawing::Heatmap(map) => heatmap::draw(map, inner),
            Drawing::Map(map) => map::draw(map, inner),
            Drawing::Network(network) => network::draw(network, inner),
        };
        page.add(Element::at(MARGIN, top).holding(drawn));
        top += height;
    }
    top += 10.0;
    for note in &frame.notes {
        top = paragraph(&mut page, top, inner, "dm-ink dm-tiny", TINY, note);
    }
    top += 6.0;
    for source in frame.sources(MOST_SOURCES) {
        top = paragraph(&mut page, top, inner, "dm-soft dm-tiny", TINY, &source) + 2.0;
    }
    let height = (top + MARGIN).ceil();
    Some(document(&frame, &drawing, page, width, height))
}

fn document(frame: &Frame, drawing: &Drawing, page: Element, width: f64, height: f64) -> String {
    let said = drawing.said();
    // Names of its own in a page that holds several pictures.
    let mut hasher = FxHasher::default();
    (&frame.title, &said).hash(&mut hasher);
    let id = format!("dm-{:08x}", hasher.finish() as u32);
    let sources = format!(" Sources: {}.", frame.sources(MOST_SOURCES).join("; "));
    let document = Element::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("viewBox", format_args!("0 0 {} {}", Px(width), Px(height)))
        .px("width", width)
        .px("height", height)
        .with("style", "max-width:100%;height:auto")
        .with("role", "img")
        .with("aria-labelledby", format_args!("{id}-title {id}-desc"))
        .holding(Element::new("title").with("id", format_args!("{id}-title")).saying(&frame.title))
        .holding(Element::new("desc").with("id", format_args!("{id}-desc")).saying(&format!("{said}{sources}")))
        .holding(Element::new("style").saying(include_str!("style.css").trim()))
        .holding(Element::rectangle("dm-paper", (0.0, 0.0), (width, height)))
        .holding(page);
    document.to_string()
}

/// Writes a text below `top` in lines no longer than `inner`, all but the first set in a little, and gives where it ends.
fn paragraph(page: &mut Element, top: f64, inner: f64, class: &str, size: f64, text: &str) -> f64 {
    // The letters of a title are heavier.
    let letter = if size == TITLE { LETTER * 1.07 } else { LETTER };
    let letters = ((inner - 10.0) / (size * letter)).floor().max(10.0) as usize;
    let mut bottom = top;
    let indent = if size == TINY { 10.0 } else { 0.0 };
    for (place, line) in wrap(text, letters).iter().flat_map(|line| broken(line, letters)).enumerate() {
        let left = if place > 0 { MARGIN + indent } else { MARGIN };
        page.add(Element::text(class, (left, bottom + size), "start", &line));
        bottom += (size * 1.4).round();
    }
    bottom
}

/// About how wide a text is.
fn wide(text: &str, size: f64) -> f64 {
    text.width() as f64 * size * LETTER
}

/// As much of a text as fits.
fn fitting(text: &str, size: f64, most: f64) -> String {
    if wide(text, size) <= most {
        return text.to_owned();
    }
    let letters = (most / (size * LETTER)).floor().max(2.0) as usize;
    let start = broken(text, letters - 1).into_iter().next().unwrap_or_default();
    format!("{}…", start.trim_end())
}

/// A label that is cut to fit; the whole of it is its title.
fn label(class: &str, at: (f64, f64), anchor: &'static str, text: &str, most: f64) -> Element {
    let size = if class.contains("dm-tiny") { TINY } else { SMALL };
    let shown = fitting(text, size, most);
    let element = Element::text(class, at, anchor, &shown);
    if shown == text { element } else { element.titled(text) }
}

/// A square of colour and a name for each series, in as many lines as they need; gives its height.
fn legend(into: &mut Element, names: &[String], width: f64) -> f64 {
    let (mut x, mut y) = (0.0, 0.0);
    for (place, name) in names.iter().enumerate() {
        let shown = fitting(name, SMALL, width - 30.0);
        let needs = wide(&shown, SMALL) + 30.0;
        if x > 0.0 && x + needs > width {
            (x, y) = (0.0, y + 18.0);
        }
        into.add(Element::rectangle(&format!("dm-f{place}"), (x, y), (10.0, 10.0)));
        into.add(Element::text("dm-ink dm-small", (x + 15.0, y + 9.5), "start", &shown));
        x += needs;
    }
    y + 22.0
}

/// The shades of a scale from the lightest to the darkest, each with up to how much it says; gives where they end.
fn shades(into: &mut Element, top: f64, width: f64, measure: &str, most: &[(usize, String)]) -> f64 {
    let field = (width / most.len().max(1) as f64).min(64.0);
    for (place, (shade, said)) in most.iter().enumerate() {
        let left = place as f64 * field;
        into.add(Element::rectangle(&format!("dm-q{shade}"), (left, top), (field - 1.0, 10.0)));
        into.add(Element::text("dm-soft dm-tiny", (left + field - 2.0, top + 22.0), "end", said));
    }
    let end = field * most.len() as f64 + 8.0;
    let said = if measure.is_empty() { "up to".to_owned() } else { format!("{measure}, up to") };
    if end + wide(&said, TINY) <= width {
        into.add(Element::text("dm-soft dm-tiny", (end, top + 9.0), "start", &said));
    }
    top + 28.0
}
