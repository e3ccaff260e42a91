//! A report as one page of HTML that needs nothing else.

use super::prose::html as prose;
use super::{Claim, Evidence, Part, Report, Row};
use crate::answer::{Answer, Line};
use crate::markup::html as plain;
use crate::render;

/// So many rows of a claim are seen at once; more are opened.
const SEEN: usize = 3;

impl Report {
    /// The report as a page: legible in light and dark and on paper, without script, and with nothing from elsewhere.
    /// `colophon` says how it can be repeated.
    pub fn html(&self, colophon: &[Line]) -> String {
        let mut body = String::new();
        let mut is_listed = false;
        let mut has_title = false;
        for part in &self.parts {
            let is_claim = matches!(part, Part::Claim(_));
            if is_claim != is_listed {
                body.push_str(if is_claim { "<ul class=\"claims\">\n" } else { "</ul>\n" });
                is_listed = is_claim;
            }
            body.push_str(&match part {
                Part::Prose(text) => {
                    let mut told = prose(text);
                    if let Some(end) = told.find("</h1>\n").filter(|_| !has_title) {
                        has_title = true;
                        told.insert_str(end + "</h1>\n".len(), &self.headline());
                    }
                    told
                }
                Part::Definition(written) => code(written),
                Part::Answer { question, query, answer } => figure(question, query, answer),
                Part::Claim(claim) => told(claim),
                Part::Wrong(trouble) => {
                    format!("<pre class=\"wrong\">{}</pre>\n", plain(&render::report(trouble, false, 100)))
                }
            });
        }
        if is_listed {
            body.push_str("</ul>\n");
        }
        if !has_title {
            body.insert_str(0, &format!("<h1>{}</h1>\n{}", plain(&self.title), self.headline()));
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{body}{}{}</main>\n</body>\n</html>\n",
            plain(&self.title),
            include_str!("page.css"),
            self.sources(),
            repeated(colophon),
        )
    }

    fn headline(&self) -> String {
        self.verdict().map_or_else(String::new, |verdict| format!("<p class=\"verdict\">{verdict}</p>\n"))
    }

    fn sources(&self) -> String {
        if self.notes.is_empty() {
            return String::new();
        }
        let note = |(number, text): (usize, &str)| format!("<li id=\"note-{number}\">{}</li>\n", linked(text));
        let notes: String = (1..).zip(self.notes.iter().map(|note| note.text.as_str())).map(note).collect();
        format!("<section class=\"notes\">\n<h2>Sources</h2>\n<ol>\n{notes}</ol>\n</section>\n")
    }
}

fn code(query: &str) -> String {
    format!("<pre><code>{}</code></pre>\n", plain(query))
}

fn figure(question: &str, query: &str, answer: &Answer) -> String {
    let picture = render::svg(answer, render::PIXELS);
    let table = if answer.rows.is_empty() {
        "<p>no rows</p>\n".to_owned()
    } else {
        format!("<div class=\"wide\">{}</div>\n", linked_notes(&render::html(answer)))
    };
    // A picture has its title, and its numbers can be opened.
    let (caption, shown) = match picture {
        Some(svg) => (String::new(), format!("{svg}\n<details><summary>The numbers</summary>\n{table}</details>\n")),
        None => (format!("<figcaption>{}</figcaption>\n", plain(question)), table),
    };
    let notes = answer.notes.iter().map(|note| format!("<p class=\"note\">{}</p>\n", plain(note)));
    let notes: String = notes.collect();
    format!(
        "<figure>\n{caption}{shown}{notes}<details><summary>The query</summary>\n{}</details>\n</figure>\n",
        code(query)
    )
}

fn told(claim: &Claim) -> String {
    let (class, mark, word) =
        if claim.fails.is_some() { ("fails", "✗", "Does not hold") } else { ("holds", "✓", "Holds") };
    let remark = if claim.remark.is_empty() {
        String::new()
    } else {
        format!("<div class=\"remark\">{}</div>\n", prose(&claim.remark))
    };
    let fails =
        claim.fails.iter().map(|fails| format!("<p class=\"remark\">{}</p>\n", plain(fails))).collect::<String>();
    let several = claim.evidence.len() > 1;
    let evidence: String = claim.evidence.iter().map(|side| rows(side, several)).collect();
    let count: usize = claim.evidence.iter().map(|side| side.rows.len()).sum();
    let query = if claim.written.is_empty() { String::new() } else { code(&claim.written) };
    let shown = if count <= SEEN {
        format!("{evidence}<details><summary>The query</summary>\n{query}</details>\n")
    } else {
        format!("<details><summary>{count} rows, and the query</summary>\n{evidence}{query}</details>\n")
    };
    format!(
        "<li class=\"{class}\">\n<p class=\"sentence\"><span class=\"mark\" role=\"img\" aria-label=\"{word}\">{mark}</span>{}</p>\n\
         {fails}{remark}{shown}</li>\n",
        plain(&claim.sentence)
    )
}

/// The rows of a side; names alone stand in one line.
fn rows(side: &Evidence, several: bool) -> String {
    let value = if several { format!("{}: ", plain(&side.value)) } else { String::new() };
    let more = side.more.as_deref().unwrap_or_default();
    if side.rows.iter().all(|row| row.notes.is_empty()) && !side.rows.is_empty() {
        let names: Vec<&str> = side.rows.iter().map(|row| row.text.as_str()).collect();
        return format!("<p class=\"rows\">{value}{} {more}</p>\n", plain(&names.join(", ")));
    }
    let row = |row: &Row| format!("<li>{}{}</li>\n", plain(&row.text), numbers(&row.notes));
    let mut items: String = side.rows.iter().map(row).collect();
    if !more.is_empty() {
        items.push_str(&format!("<li>{}</li>\n", plain(more)));
    }
    format!("<ul class=\"rows\">\n{items}</ul>\n")
}

fn numbers(notes: &[usize]) -> String {
    let links: Vec<String> = notes.iter().map(|number| format!("<a href=\"#note-{number}\">{number}</a>")).collect();
    if links.is_empty() { String::new() } else { format!("<sup>{}</sup>", links.join(", ")) }
}

/// The numbers of notes in a table as links.
fn linked_notes(table: &str) -> String {
    let mut parts = table.split('[');
    let mut linked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part
            .split_once(']')
            .filter(|(number, _)| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
        {
            Some((number, rest)) => linked.push_str(&format!("<a href=\"#note-{number}\">[{number}]</a>{rest}")),
            None => linked.push_str(&format!("[{part}")),
        }
    }
    linked
}

/// A text whose addresses of pages are links.
fn linked(text: &str) -> String {
    let word = |word: &str| {
        let address = word.trim_end_matches(['.', ',', ';']);
        if address.starts_with("https://") || address.starts_with("http://") {
            let rest = &word[address.len()..];
            format!("<a href=\"{0}\">{0}</a>{rest}", plain(address))
        } else {
            plain(word).into_owned()
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn repeated(colophon: &[Line]) -> String {
    if colophon.is_empty() {
        return String::new();
    }
    let line = |line: &Line| format!("<dt>{}</dt><dd>{}</dd>\n", plain(&line.name), plain(&line.meaning));
    let lines: String = colophon.iter().map(line).collect();
    format!("<footer>\n<h2>How this was made</h2>\n<dl>\n{lines}</dl>\n</footer>\n")
}
