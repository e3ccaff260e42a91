//! A line in colours: the words of the language by what they are, and the brackets that belong together.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};

use crate::ir::token::TokenKind;
use crate::render::style::{BOLD, DIM, paint};
use crate::repl::command::is_name;
use crate::session::Session;
use crate::syntax::{self, Tag};

/// A bracket and its other.
const MATCHED: Style = BOLD.underline();

/// A command: its name, if it is one, and the rest.
pub(super) fn command(line: &str) -> String {
    let end = line
        .trim_start()
        .find(char::is_whitespace)
        .map_or(line.len(), |end| line.len() - line.trim_start().len() + end);
    let style = if is_name(line[..end].trim().trim_start_matches(':')) { style_of(Tag::Keyword) } else { Style::new() };
    format!("{}{}", paint(&plain(&line[..end]), style, true), plain(&line[end..]))
}

/// Statements with the cursor at a place.
pub(super) fn query(session: &Session, line: &str, cursor: usize) -> String {
    let brackets = brackets(line);
    let is_here = |at: usize| cursor == at || cursor == at + 1;
    // The bracket at the cursor goes before the one that was just typed.
    let at_cursor = |place: usize| brackets.iter().find(|pair| pair.0 == place || pair.1 == Some(place));
    let pair = at_cursor(cursor).or_else(|| at_cursor(cursor.checked_sub(1)?));
    let is_known = |name: &str| name == "it" && session.last().is_some() || session.names().any(|known| known == name);
    let mut text = String::with_capacity(line.len() * 2);
    let mut end = 0;
    for (span, tag) in syntax::highlight(line) {
        text.push_str(&plain(&line[end..span.start]));
        let word = span.of(line);
        let style = match pair {
            Some((open, Some(close))) if span.start == *open || span.start == *close => MATCHED,
            Some((open, None)) if span.start == *open && is_here(*open) => style_of(Tag::Invalid),
            _ if tag == Tag::Name && is_known(word) => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
            _ => style_of(tag),
        };
        text.push_str(&paint(&plain(word), style, true));
        end = span.end;
    }
    text.push_str(&plain(&line[end..]));
    text
}

/// Where each bracket opens and where it is closed, if it is; one that closes none has no other.
fn brackets(line: &str) -> Vec<(usize, Option<usize>)> {
    let mut pairs = Vec::new();
    let mut open: Vec<(usize, &str)> = Vec::new();
    for token in syntax::parse(line).tokens {
        match token.kind {
            TokenKind::Symbol("(") => open.push((token.span.start, ")")),
            TokenKind::Symbol("[") => open.push((token.span.start, "]")),
            TokenKind::Symbol(close @ (")" | "]")) => match open.last() {
                Some((start, awaited)) if *awaited == close => {
                    pairs.push((*start, Some(token.span.start)));
                    open.pop();
                }
                _ => pairs.push((token.span.start, None)),
            },
            _ => {}
        }
    }
    pairs
}

/// A text as it is, with pictures for what the terminal would obey: such letters can be pasted.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let is_obeyed = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let pictured = |letter: char| match letter as u32 {
        _ if !is_obeyed(letter) => letter,
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('?'),
        _ => '?',
    };
    Cow::Owned(text.chars().map(pictured).collect())
}

fn style_of(tag: Tag) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match tag {
        Tag::Keyword => color(AnsiColor::Blue).bold(),
        Tag::Text => color(AnsiColor::Green),
        Tag::Number | Tag::Date => color(AnsiColor::Cyan),
        Tag::Parameter => color(AnsiColor::Magenta),
        Tag::Comment => DIM,
        Tag::Invalid => color(AnsiColor::Red),
        Tag::Name | Tag::Symbol => Style::new(),
    }
}
