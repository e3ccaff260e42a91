//! The comments of a query file that are prose, and that prose in HTML and in Markdown. Tags in it are texts, links lead to pages,
//! and pictures, which would come from elsewhere, are their names.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::ir::token::{Token, TokenKind};
use crate::markup::visible;

/// Lines of comment that follow one another.
pub(super) struct Comment {
    /// Where they stand.
    pub place: Range<usize>,
    /// What they say, in Markdown.
    pub text: String,
    /// Where the next line begins.
    next_line: usize,
}

impl Comment {
    /// The text of its first line, if it is a heading of the first level.
    pub(super) fn title(&self) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim)
    }

    /// Whether a statement begins in the next line.
    pub(super) fn stands_above(&self, statement: usize) -> bool {
        self.next_line == statement
    }
}

/// The comments on lines of their own; the first line of a program, `#!`, is none.
pub(super) fn comments(text: &str, tokens: &[Token]) -> Vec<Comment> {
    let mut all: Vec<Comment> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let written = token.span.of(text);
        let is_alone = place == 0 || token.after_newline;
        if token.kind != TokenKind::Comment || !is_alone || token.span.start == 0 && written.starts_with("#!") {
            continue;
        }
        let line = written.strip_prefix('#').unwrap_or(written);
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let start = text[..token.span.start].rfind('\n').map_or(0, |end| end + 1);
        let next_line = text[token.span.end..].find('\n').map_or(text.len(), |end| token.span.end + end + 1);
        match all.last_mut().filter(|last| last.next_line == start) {
            Some(last) => {
                last.text.push_str(&format!("\n{line}"));
                (last.place.end, last.next_line) = (token.span.end, next_line);
            }
            None => all.push(Comment { place: token.span.start..token.span.end, text: line.to_owned(), next_line }),
        }
    }
    all
}

const OPTIONS: Options = Options::ENABLE_TABLES;

/// Prose in HTML.
pub(super) fn html(text: &str) -> String {
    let text = visible(text);
    let options = OPTIONS.union(Options::ENABLE_SMART_PUNCTUATION);
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(&text, options).filter_map(harmless));
    html
}

fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if is_page(&dest_url) { dest_url } else { CowStr::from("#") };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        event => Some(event),
    }
}

/// Prose in Markdown.
pub(super) fn markdown(text: &str) -> String {
    let text = visible(text.trim());
    let mut escaped = String::new();
    let mut done = 0;
    for (event, place) in Parser::new_ext(&text, OPTIONS).into_offset_iter() {
        let (from, to) = match event {
            Event::Html(_) | Event::InlineHtml(_) => (place.start, place.end),
            Event::Start(Tag::Image { .. }) => (place.start, place.start),
            Event::Start(Tag::Link { dest_url, .. }) if !is_page(&dest_url) => (place.start, place.start),
            _ => continue,
        };
        if from >= done {
            escaped.push_str(&text[done..from]);
            escaped.push_str(&if from == to { "\\".to_owned() } else { text[from..to].replace('<', "&lt;") });
            done = to;
        }
    }
    escaped + &text[done..]
}

fn is_page(address: &str) -> bool {
    ["https://", "http://", "mailto:", "#"].iter().any(|start| address.starts_with(start))
}
