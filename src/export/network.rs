//! A network of pairs to N-Triples and GraphML: who with whom, how often, first and last.

use std::io::{self, Write};

use indexmap::IndexSet;

use crate::answer::{Answer, Cell};
use crate::markup::is_obeyed;

/// The stage whose rows are a network: a pair, a count, the first date and the last.
pub const LINKS: &str = "links";

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// A pair: the places of both among the names, how often, and the first and the last date.
struct Link<'a> {
    one: usize,
    other: usize,
    count: i64,
    first: &'a Cell,
    last: &'a Cell,
}

/// The names and the pairs of the rows of [`LINKS`].
fn links(answer: &Answer) -> (IndexSet<String>, Vec<Link<'_>>) {
    let mut names = IndexSet::new();
    let links = answer.rows.iter().filter_map(|row| match row.as_slice() {
        [one, other, Cell::Int(count), first, last, ..] => Some(Link {
            one: names.insert_full(one.to_string()).0,
            other: names.insert_full(other.to_string()).0,
            count: *count,
            first,
            last,
        }),
        _ => None,
    });
    let links = links.collect();
    (names, links)
}

/// Writes the rows of [`LINKS`] as [N-Triples](https://www.w3.org/TR/n-triples/): each name is a node with a label, and each
/// pair one with its two members, the count and the dates. A date that is a day is an `xsd:date`, another a text.
///
/// # Errors
///
/// Where the bytes cannot be written.
pub fn ntriples(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let (names, links) = links(answer);
    let node = |place: usize| format!("<urn:demarche:name:{}>", percent(&names[place]));
    for (place, name) in names.iter().enumerate() {
        writeln!(out, "{} <{RDFS}label> {} .", node(place), literal(name))?;
    }
    for (place, link) in links.iter().enumerate() {
        let subject = format!("<urn:demarche:link:{}>", place + 1);
        writeln!(out, "{subject} <{RDF}type> <urn:demarche:Link> .")?;
        for member in [link.one, link.other] {
            writeln!(out, "{subject} <urn:demarche:member> {} .", node(member))?;
        }
        writeln!(out, "{subject} <urn:demarche:count> \"{}\"^^<{XSD}integer> .", link.count)?;
        for (name, date) in [("first", link.first), ("last", link.last)] {
            let is_day = matches!(date, Cell::Date(date) if date.as_day().is_some());
            let of = if is_day { format!("^^<{XSD}date>") } else { String::new() };
            if *date != Cell::Missing {
                writeln!(out, "{subject} <urn:demarche:{name}> {}{of} .", literal(&date.to_string()))?;
            }
        }
    }
    Ok(())
}

/// A name as a part of an IRI: unreserved characters of ASCII as they are, the bytes of others in hexadecimal.
fn percent(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

/// A text in quotes, with the escapes of N-Triples.
fn literal(text: &str) -> String {
    let letter = |letter: char| match letter {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        letter if is_obeyed(letter) => format!("\\u{:04X}", letter as u32),
        letter => letter.to_string(),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

/// Writes the rows of [`LINKS`] as [GraphML](http://graphml.graphdrawing.org): an undirected graph of nodes with a name, and
/// edges with a count and dates.
///
/// # Errors
///
/// Where the bytes cannot be written.
pub fn graphml(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="count" for="edge" attr.name="count" attr.type="int"/>
  <key id="first" for="edge" attr.name="first" attr.type="string"/>
  <key id="last" for="edge" attr.name="last" attr.type="string"/>
  <graph id="links" edgedefault="undirected">
"#;
    let (names, links) = links(answer);
    out.write_all(HEAD.as_bytes())?;
    for (place, name) in names.iter().enumerate() {
        writeln!(out, "    <node id=\"n{place}\"><data key=\"name\">{}</data></node>", escaped(name))?;
    }
    for Link { one, other, count, first, last } in links {
        write!(out, "    <edge source=\"n{one}\" target=\"n{other}\"><data key=\"count\">{count}</data>")?;
        for (key, date) in [("first", first), ("last", last)].into_iter().filter(|(_, date)| **date != Cell::Missing) {
            write!(out, "<data key=\"{key}\">{}</data>", escaped(&date.to_string()))?;
        }
        writeln!(out, "</edge>")?;
    }
    out.write_all(b"  </graph>\n</graphml>\n")
}

/// A text within an element of XML 1.0; a character that XML cannot have is the replacement character.
fn escaped(text: &str) -> String {
    let letter = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        // A line end would be read as another one than it was.
        '\r' => "&#13;".to_owned(),
        '\t' | '\n' => letter.to_string(),
        letter if is_obeyed(letter) || matches!(letter, '\u{fffe}' | '\u{ffff}') => '\u{fffd}'.to_string(),
        letter => letter.to_string(),
    };
    text.chars().map(letter).collect()
}
