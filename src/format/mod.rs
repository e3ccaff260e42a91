//! A text and its tree to the same text in its one canonical form, with every comment; it reads no text that is wrong.
//!
//! - A statement starts a line, without `;`. Blank lines between statements stay, one at a time.
//! - A line has up to 100 columns. A query that is longer is broken before each `|`, two columns in; its clauses stay on
//!   the line of the source if they fit there, and else have a line each. Long chains are broken before `and`, `or` and
//!   the signs of arithmetic, long lists after each comma.
//! - After the `=` of `let` and the `:` of `expect` a line ends if one ended there before, or if the rest does not fit.
//! - Texts are in double quotes, in single ones where that saves escapes; names have backquotes only where they need them.
//!   Numbers, dates and words stay as written.
//! - Parentheses that change nothing go. For the reader's sake stay those of an `and` within an `or`, after `not`, `every`
//!   and `in`, at the start of a column that compares and of what `let` binds, and those that hold a comment.
//! - A comment stays at the end of its line, or on a line of its own; one that is indented under a statement stays so.

mod expression;
mod layout;
mod query;
mod spelling;
mod writer;

use crate::ir::ast::Script;
use crate::ir::token::{Token, TokenKind};
use writer::Writer;

/// How many bytes a statement may have: one that would have more in canonical form stays as it is.
const MOST: usize = 1 << 20;

/// The canonical form of `text`, which has these tokens and parses as `script` without a diagnostic. `is_plain` tells
/// which names mean the same without backquotes.
pub fn format(text: &str, tokens: &[Token], script: &Script, is_plain: fn(&str) -> bool) -> String {
    let mut writer = Writer::new(text, tokens, is_plain);
    let mut lines = Lines { text, out: String::new(), end: 0, is_commented: false, is_below_statement: false };
    for statement in &script.statements {
        lines.between(&mut writer, statement.span.start);
        writer.statement(statement);
        let last = tokens[writer.place - 1];
        let printed = layout::print(&writer.take());
        let written = text.get(statement.span.start..last.span.end).unwrap_or("");
        lines.start(statement.span.start, if printed.len() > MOST { written } else { &printed });
        lines.ended(last);
        lines.is_below_statement = true;
    }
    lines.between(&mut writer, text.len());
    if !lines.out.is_empty() {
        lines.out.push('\n');
    }
    lines.out
}

/// The lines so far, without the end of the last.
struct Lines<'a> {
    text: &'a str,
    out: String,
    /// Where the text ends that they stand for.
    end: usize,
    /// Whether the last ends with a comment.
    is_commented: bool,
    /// Whether the last belongs to a statement, so that an indented comment can go on with it.
    is_below_statement: bool,
}

impl Lines<'_> {
    /// Puts out what stands before the byte `position`, between statements: comments; each `;` goes.
    fn between(&mut self, writer: &mut Writer<'_>, position: usize) {
        while let Some(token) = writer.tokens.get(writer.place).filter(|token| token.span.start < position) {
            writer.place += 1;
            if token.kind == TokenKind::Comment {
                self.comment(*token);
            }
        }
    }

    fn comment(&mut self, token: Token) {
        let comment = token.span.of(self.text).trim_end();
        if !token.after_newline && !self.is_commented && !self.out.is_empty() {
            self.out.extend([" ", comment]);
        } else {
            let is_indented = self.text[..token.span.start].ends_with([' ', '\t']);
            self.is_below_statement &= is_indented && !self.is_apart(token.span.start);
            let indent = if self.is_below_statement { "  " } else { "" };
            self.start(token.span.start, &[indent, comment].concat());
        }
        self.ended(token);
    }

    /// Starts a line with what stands at `position`.
    fn start(&mut self, position: usize, line: &str) {
        if !self.out.is_empty() {
            self.out.push_str(if self.is_apart(position) { "\n\n" } else { "\n" });
        }
        self.out.push_str(line);
    }

    fn ended(&mut self, last: Token) {
        self.end = last.span.end;
        self.is_commented = last.kind == TokenKind::Comment;
    }

    /// Whether a blank line stands between the end and `position`.
    fn is_apart(&self, position: usize) -> bool {
        let between = self.text.get(self.end..position).unwrap_or("").replace("\r\n", "\n");
        between.matches(['\n', '\r']).count() > 1
    }
}
