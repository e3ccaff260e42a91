//! Elements of SVG: the one place where text becomes XML, so that nothing in the data can be more than text.

use std::fmt::{self, Display, Write as _};

/// An element with its attributes and what it holds.
#[derive(Debug, Clone)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new() }
    }

    /// A group, drawn so far from the left and the top.
    pub(super) fn at(left: f64, top: f64) -> Self {
        Self::new("g").with("transform", format_args!("translate({} {})", Px(left), Px(top)))
    }

    /// A rectangle.
    pub(super) fn rectangle(class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self::new("rect").with("class", class).px("x", x).px("y", y).px("width", width).px("height", height)
    }

    /// A line.
    pub(super) fn line(class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> Self {
        Self::new("line").with("class", class).px("x1", x1).px("y1", y1).px("x2", x2).px("y2", y2)
    }

    /// A circle.
    pub(super) fn circle(class: &str, (x, y): (f64, f64), radius: f64) -> Self {
        Self::new("circle").with("class", class).px("cx", x).px("cy", y).px("r", radius)
    }

    /// A text on one line, from its anchor: `start`, `middle` or `end`.
    pub(super) fn text(class: &str, (x, y): (f64, f64), anchor: &'static str, text: &str) -> Self {
        let element = Self::new("text").with("class", class).px("x", x).px("y", y);
        let element = if anchor == "start" { element } else { element.with("text-anchor", anchor) };
        element.saying(text)
    }

    /// With an attribute more.
    pub(super) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// With a length.
    pub(super) fn px(self, name: &'static str, value: f64) -> Self {
        self.with(name, Px(value))
    }

    /// With an element more in it.
    pub(super) fn holding(mut self, child: Self) -> Self {
        self.add(child);
        self
    }

    /// With a text in it.
    pub(super) fn saying(mut self, text: &str) -> Self {
        self.children.push(Child::Text(text.to_owned()));
        self
    }

    /// With a title, which a browser shows under the pointer.
    pub(super) fn titled(self, text: &str) -> Self {
        self.holding(Self::new("title").saying(text))
    }

    pub(super) fn add(&mut self, child: Self) {
        self.children.push(Child::Element(child));
    }

    fn write(&self, out: &mut String, depth: usize) {
        let _ = write!(out, "{}<{}", "  ".repeat(depth), self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escape(value));
        }
        let is_block = self.children.iter().any(|child| matches!(child, Child::Element(_)));
        match self.children.as_slice() {
            [] => out.push_str("/>\n"),
            [Child::Text(text)] => {
                let _ = writeln!(out, ">{}</{}>", escape(text), self.name);
            }
            children => {
                out.push_str(">\n");
                for child in children {
                    match child {
                        Child::Element(element) => element.write(out, depth + 1),
                        Child::Text(text) => out.push_str(&escape(text)),
                    }
                }
                let indent = if is_block { "  ".repeat(depth) } else { String::new() };
                let _ = writeln!(out, "{indent}</{}>", self.name);
            }
        }
    }
}

impl Display for Element {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out, 0);
        formatter.write_str(&out)
    }
}

/// A length, to a tenth of a pixel.
pub(super) struct Px(pub f64);

impl Display for Px {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 10.0).round() / 10.0;
        // No `-0`.
        (rounded + 0.0).fmt(formatter)
    }
}

/// A text as XML: what would be markup is named, and what XML cannot hold is replaced.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' => escaped.push(' '),
            letter if (letter.is_control() && letter != '\n') || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
