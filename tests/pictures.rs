//! Each query of `tests/pictures/` as it is drawn: on a terminal, in Unicode and ASCII and at three widths, and as SVG. The
//! pictures stand beside the queries; `BLESS=1` writes what is drawn now.

use std::fs;
use std::path::{Path, PathBuf};

use demarche::answer::{Answer, Cell, Chart, Citation, Header, Parts, Picture, Position, Shown};
use demarche::dataset::built_in;
use demarche::render::{Look, picture, report, svg};
use demarche::session::{Reply, Session};
use demarche::value::{Duration, days};
use roxmltree::{Document, Node};
use unicode_width::UnicodeWidthStr;

const WIDTHS: [usize; 3] = [40, 80, 120];
const PIXELS: [usize; 3] = [360, 720, 1200];

/// The picture of each kind that the manual shows.
const IN_MANUAL: [(&str, &str); 6] = [
    ("bar", "bar-by-two-keys"),
    ("line", "line-of-series"),
    ("timeline", "timeline-of-bounds"),
    ("heatmap", "heatmap-by-month"),
    ("map", "map-of-countries"),
    ("network", "network-of-one"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// Every query: its name, and its answer.
fn answers() -> Vec<(String, Answer)> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "dmq"));
    files.sort();
    assert!(files.len() > 6);
    let mut session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    let answer = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a query is text");
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        match session.run(&name, &text, &|_, _| Err("a picture uses no file".to_owned())).pop() {
            Some(Reply::Answer(answer)) => (name, *answer),
            Some(Reply::Wrong(trouble)) => panic!("{name}: {}", report(&trouble, false, 100)),
            other => panic!("{name}: {other:?}"),
        }
    };
    files.iter().map(answer).collect()
}

/// The pictures of an answer on a terminal, one after another.
fn on_terminals(answer: &Answer) -> String {
    let mut text = String::new();
    for ascii in [false, true] {
        for width in WIDTHS {
            let name = if ascii { "ASCII" } else { "Unicode" };
            let look = Look { width, color: false, ascii };
            let drawn = picture(answer, look).expect("the query is one of a picture");
            text.push_str(&format!("==== {name}, {width} columns\n{drawn}\n"));
        }
    }
    text
}

#[test]
fn pictures_are_drawn_as_recorded() {
    let mut differ = Vec::new();
    for (name, answer) in answers() {
        let drawn = [("txt", on_terminals(&answer)), ("svg", svg(&answer, 720).expect("it is a picture"))];
        let files = drawn.map(|(ending, drawn)| (folder().join(format!("{name}.{ending}")), drawn));
        let in_manual = IN_MANUAL.iter().filter(|(_, of)| *of == name).map(|(kind, _)| {
            let file = format!("docs/src/guide/pictures/{kind}.svg");
            (Path::new(env!("CARGO_MANIFEST_DIR")).join(file), svg(&answer, 640).expect("it is a picture"))
        });
        for (path, drawn) in files.into_iter().chain(in_manual) {
            if std::env::var_os("BLESS").is_some() {
                fs::write(&path, drawn).expect("the picture can be written");
            } else if fs::read_to_string(&path).unwrap_or_default() != drawn {
                differ.push(format!("{} differs; BLESS=1 writes what is drawn now:\n{drawn}", path.display()));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Words such as addresses are not broken, so only what is drawn is held to the width.
#[test]
fn pictures_fit_the_width() {
    for (name, answer) in answers() {
        for (width, ascii) in WIDTHS.into_iter().flat_map(|width| [(width, false), (width, true)]) {
            let drawn = picture(&answer, Look { width, color: false, ascii }).expect("it is a picture");
            let wide = drawn.lines().find(|line| line.width() > width && !line.trim_start().starts_with("http"));
            assert_eq!(wide, None, "{name} at {width}");
        }
    }
}

/// Colour adds to what is said, and says nothing alone.
#[test]
fn colour_changes_no_letter() {
    for (name, answer) in answers() {
        let look = Look { width: 80, color: false, ascii: false };
        let plain = picture(&answer, look).expect("it is a picture");
        let colored = picture(&answer, Look { color: true, ..look }).expect("it is a picture");
        assert!(colored.contains('\u{1b}'), "{name}");
        let stripped = colored.split('\u{1b}').enumerate().map(|(place, part)| match part.split_once('m') {
            Some((_, rest)) if place > 0 => rest,
            _ => part,
        });
        let stripped: String = stripped.collect();
        assert!(stripped.lines().map(str::trim_end).eq(plain.lines()), "{name}: {stripped}");
    }
}

fn text_of(document: &Document<'_>, name: &str) -> String {
    let is_it = |node: &Node<'_, '_>| node.has_tag_name(("http://www.w3.org/2000/svg", name));
    let found = document.root_element().children().find(is_it);
    found.and_then(|node| node.text()).unwrap_or_default().to_owned()
}

/// All texts that are shown, joined.
fn shown(document: &Document<'_>) -> String {
    let texts = document.descendants().filter(|node| node.tag_name().name() == "text");
    texts.filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_svg_stands_alone() {
    for (name, answer) in answers() {
        for pixels in PIXELS {
            let text = svg(&answer, pixels).expect("it is a picture");
            let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"), "{name}");
            assert_eq!(root.attribute("width"), Some(pixels.to_string().as_str()), "{name}");
            let labels: Vec<&str> = root.attribute("aria-labelledby").unwrap_or_default().split(' ').collect();
            for label in labels {
                assert!(root.children().any(|node| node.attribute("id") == Some(label)), "{name}: {label}");
            }
            let picture = answer.header.picture.as_ref().expect("it is a picture");
            assert_eq!(text_of(&document, "title"), picture.title, "{name}");
            assert!(text_of(&document, "desc").len() > 40, "{name}");
            assert!(shown(&document).contains("Data: Vladimir Putin, May to July 2024"), "{name}");
            if let Some(citation) = picture.sources.first() {
                let start = citation.text.split(' ').next().expect("a citation has a word");
                assert!(shown(&document).contains(start), "{name}: {start}");
            }
            assert!(text.contains("prefers-color-scheme:dark"), "{name}");
            let links = ["href", "url(", "@import", "<image", "<script", "<foreignObject"];
            assert!(links.iter().all(|link| !text.contains(link)), "{name} needs something else");
        }
    }
}

/// Nothing of a picture lies outside of it.
#[test]
fn nothing_is_drawn_outside() {
    for (name, answer) in answers() {
        for pixels in PIXELS {
            let text = svg(&answer, pixels).expect("it is a picture");
            let document = Document::parse(&text).expect("it is XML");
            let height: f64 =
                document.root_element().attribute("height").and_then(|height| height.parse().ok()).expect("a number");
            for node in document.descendants() {
                let number = |name: &str| node.attribute(name).and_then(|value| value.parse::<f64>().ok());
                let ends = [
                    (number("x").map(|x| x + number("width").unwrap_or(0.0)), pixels as f64),
                    (number("y").map(|y| y + number("height").unwrap_or(0.0)), height),
                    (number("cx"), pixels as f64),
                    (number("cy"), height),
                    (number("x2"), pixels as f64),
                    (number("y2"), height),
                ];
                for (end, limit) in ends {
                    assert!(end.is_none_or(|end| (-1.0..=limit + 1.0).contains(&end)), "{name} at {pixels}: {node:?}");
                }
            }
        }
    }
}

/// Texts that would do something, were they not shown as text.
const PLANTED: [&str; 4] = [
    "<script>alert(1)</script>",
    "\u{1b}]0;taken\u{7}\u{1b}[2J",
    "\"/><image href='x' onerror='alert(1)'/>",
    "a\u{0}b]]>&amp;\r\n\u{9b}31m",
];

/// An answer whose every text is planted, drawn as each kind of picture.
fn planted(chart: Chart) -> Answer {
    let column = |name: &str, kind: &str, numeric| Shown { name: name.to_owned(), kind: kind.to_owned(), numeric };
    let columns = vec![
        column(&format!("place{}", PLANTED[0]), "place", false),
        column(&format!("other{}", PLANTED[1]), "place", false),
        column("date", "date", false),
        column(PLANTED[2], "int", true),
        column(PLANTED[3], "int", true),
    ];
    let row = |place: usize| {
        let text = |shift: usize| Cell::Text(PLANTED[(place + shift) % PLANTED.len()].into());
        let date = Cell::Text(format!("2024-0{}-01", place + 1).as_str().into());
        vec![text(0), text(1), date, Cell::Int(3), Cell::Int(place as i64)]
    };
    let position = |name: &str| Position { name: name.to_owned(), latitude: 50.0, longitude: 9.0, country: None };
    let picture = Picture {
        parts: Parts::of(chart, &columns).expect("the columns are of all kinds"),
        title: PLANTED.concat(),
        data: PLANTED[1].to_owned(),
        sources: PLANTED.map(|text| Citation { id: text.to_owned(), text: text.to_owned() }).to_vec(),
        positions: PLANTED.map(position).to_vec(),
    };
    Answer {
        rows: (0..PLANTED.len()).map(row).collect(),
        columns,
        header: Header { side: Some(PLANTED[1].to_owned()), picture: Some(picture), ..Header::default() },
        notes: PLANTED.map(str::to_owned).to_vec(),
        citations: Vec::new(),
    }
}

#[test]
fn planted_texts_are_inert() {
    for (name, chart) in Chart::ALL {
        let answer = planted(chart);
        let text = svg(&answer, 720).expect("it is a picture");
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let elements: Vec<&str> = document.descendants().map(|node| node.tag_name().name()).collect();
        assert!(!elements.contains(&"script") && !elements.contains(&"image"), "{name}");
        assert!(shown(&document).contains("<script>"), "{name} shows it as text");
        let acts = |letter: char| letter.is_control() && letter != '\n';
        assert!(!text.contains(acts), "{name}");
        for ascii in [false, true] {
            let text = picture(&answer, Look { width: 80, color: false, ascii }).expect("it is a picture");
            assert!(!text.contains(acts), "{name}: {text:?}");
            assert!(text.contains("<script>"), "{name}");
        }
    }
}

/// Numbers that are drawn at random, the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A cell of this type, or nothing; often an extreme one.
    fn cell(&mut self, kind: &str) -> Cell {
        const DATES: [&str; 8] = [
            "2024-05-16",
            "2024-06",
            "2024~",
            "[2024-05-22..2024-05-23]",
            "[..2024]",
            "-0044-03-15",
            "9999-12-31",
            "soon",
        ];
        const PERIODS: [&str; 7] =
            ["2024-05", "2024-06", "2025-01", "2024-W20", "0001", "9990..9999", "2024-05-07..2024-07-11"];
        const NAMES: [&str; 6] =
            ["Xi Jinping", "习近平", "", "محمد بن سلمان", "👩‍👩‍👧", "a very long name that goes on and on and on"];
        if self.below(8) == 0 {
            return Cell::Missing;
        }
        let text = |text: &&str| Cell::Text((*text).into());
        match kind {
            "date" => text(self.one_of(&DATES)),
            "period" => text(self.one_of(&PERIODS)),
            "int" => Cell::Int(*self.one_of(&[0, 1, 2, 3, 1000, -7, i64::MAX, i64::MIN])),
            "float" => {
                Cell::Float(*self.one_of(&[0.0, 0.5, -1e-300, 1e300, f64::MAX, f64::MIN, f64::NAN, f64::INFINITY]))
            }
            "duration" => {
                let of = |months, days, hours, spread| Duration { months, days, hours, spread };
                Cell::Duration(*self.one_of(&[
                    of(0, 30, 0, 0),
                    of(12, 0, 0, 365),
                    of(0, 4, 0, u32::MAX),
                    of(0, 0, 6, 0),
                ]))
            }
            "list of place" => Cell::List((0..self.below(4)).map(|_| text(self.one_of(&NAMES))).collect()),
            _ => text(self.one_of(&NAMES)),
        }
    }

    fn answer(&mut self) -> Option<Answer> {
        let kinds = ["date", "period", "int", "float", "duration", "list of place", "country", "leader"];
        let names = ["count", "end", "latitude", "longitude", "a", "b", "c"];
        let column = |random: &mut Self| {
            let kind = *random.one_of(&kinds);
            let numeric = ["int", "float", "duration"].contains(&kind);
            Shown { name: (*random.one_of(&names)).to_owned(), kind: kind.to_owned(), numeric }
        };
        let columns: Vec<Shown> = (0..=self.below(5)).map(|_| column(self)).collect();
        let (_, chart) = *self.one_of(&Chart::ALL);
        let parts = Parts::of(chart, &columns).ok()?;
        let rows = *self.one_of(&[0, 1, 2, 7, 60]);
        let rows = (0..rows).map(|_| columns.iter().map(|column| self.cell(&column.kind)).collect()).collect();
        let position = |name: &str| Position {
            name: name.to_owned(),
            latitude: 1e9,
            longitude: -0.0,
            country: Some("156".to_owned()),
        };
        let positions = vec![position("习近平"), Position { latitude: 40.0, country: None, ..position("Xi Jinping") }];
        let picture = Picture { parts, title: String::new(), data: String::new(), sources: Vec::new(), positions };
        let header = Header { picture: Some(picture), ..Header::default() };
        Some(Answer { columns, rows, header, notes: Vec::new(), citations: Vec::new() })
    }
}

/// Whatever the rows hold, something is drawn, of the width that was asked for.
#[test]
fn any_answer_can_be_drawn() {
    let mut random = Random(7);
    let mut drawn = [0; Chart::ALL.len()];
    for _ in 0..1200 {
        let Some(answer) = random.answer() else { continue };
        let chart = answer.header.picture.as_ref().expect("it has one").parts.chart();
        drawn[chart as usize] += 1;
        let text = svg(&answer, random.below(2000)).expect("it is a picture");
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{answer:?}\n{text}"));
        let mut values = document.descendants().flat_map(|node| node.attributes()).map(|attribute| attribute.value());
        assert!(!values.any(|value| value.contains("NaN") || value.contains("inf")), "{answer:?}\n{text}");
        let look = Look { width: 32 + random.below(130), color: false, ascii: random.below(2) == 0 };
        let text = picture(&answer, look).expect("it is a picture");
        let wide = text.lines().find(|line| line.width() > look.width);
        assert_eq!(wide, None, "{look:?}\n{answer:?}\n{text}");
        assert!(picture(&answer, Look { width: 0, ..look }).is_some());
    }
    assert!(drawn.iter().all(|&count| count > 20), "{drawn:?}");
}

/// What cannot be drawn is said where the wish stands, before anything runs.
#[test]
fn what_cannot_be_drawn_is_told() {
    let session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    let cases = [
        ("meetings | select leader | render bar", "a bar is as long as a number, and no column is one"),
        (
            "meetings | count by venue | render line",
            "a line goes through numbers along a time, and the columns have not both",
        ),
        ("meetings | count by venue | render timeline", "a time line needs a date, and no column is one"),
        (
            "meetings | count by venue | render heatmap",
            "a heat map needs two keys and a number, and the columns have not all",
        ),
        ("meetings | count by venue | render map", "a map needs a place, and no column is one"),
        (
            "meetings | render network",
            "a network needs two columns of the same kind of name, or no more than two of names",
        ),
        (
            "meetings | count by venue | render network",
            "a network needs two columns of the same kind of name, or no more than two of names",
        ),
    ];
    for (query, message) in cases {
        let trouble = session.ask(query).expect_err(query);
        let [wrong] = trouble.diagnostics.as_slice() else { panic!("{query}: {trouble:?}") };
        assert_eq!(wrong.message, message, "{query}");
        assert!(wrong.span.is_some_and(|span| span.of(query).starts_with("render ")), "{query}: {:?}", wrong.span);
        assert_eq!(session.check(query), trouble.diagnostics, "{query}");
    }
}
