//! Tokens to pieces: a cursor over the tokens that puts out each in its turn, with the comments that stand there.

use std::borrow::Cow;

use super::layout::Piece;
use super::spelling;
use crate::ir::token::{Token, TokenKind};
use crate::span::Span;

/// A place among the tokens, and the pieces of those before it.
pub(super) struct Writer<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// The next token, which may be a comment.
    pub(super) place: usize,
    /// The place of a parenthesis that stays, whatever it holds.
    pub(super) fixed: Option<usize>,
    pieces: Vec<Piece<'a>>,
    /// What stands before the next token.
    space: Option<Piece<'a>>,
    is_plain: fn(&str) -> bool,
}

impl<'a> Writer<'a> {
    /// At the first token; `is_plain` tells which names mean the same without backquotes.
    pub(super) fn new(text: &'a str, tokens: &'a [Token], is_plain: fn(&str) -> bool) -> Self {
        Self { text, tokens, place: 0, fixed: None, pieces: Vec::new(), space: None, is_plain }
    }

    /// The place of the next token that is no comment.
    pub(super) fn next(&self) -> usize {
        self.after(self.place)
    }

    /// The place of the first token at or after `place` that is no comment.
    pub(super) fn after(&self, place: usize) -> usize {
        let comments = self.tokens[place..].iter().take_while(|token| token.kind == TokenKind::Comment).count();
        (place + comments).min(self.tokens.len() - 1)
    }

    /// Whether the token at `place` is this symbol.
    pub(super) fn is_symbol(&self, place: usize, symbol: &str) -> bool {
        matches!(self.tokens[place].kind, TokenKind::Symbol(found) if found == symbol)
    }

    /// Whether the words at `place` could be the operator `starts with` or `ends with`.
    pub(super) fn is_operator_word(&self, place: usize) -> bool {
        let token = self.tokens[place];
        let next = self.tokens[self.after((place + 1).min(self.tokens.len() - 1))];
        let is_word = token.kind == TokenKind::Name && ["starts", "ends"].contains(&token.span.of(self.text));
        is_word && next.kind == TokenKind::Keyword("with")
    }

    /// Puts out the next token.
    pub(super) fn token(&mut self) {
        let place = self.next();
        let token = self.tokens[place];
        if matches!(token.kind, TokenKind::Symbol("," | ")" | "]" | "{" | "}" | ":"))
            && matches!(self.space, Some(Piece::Blank))
        {
            self.space = None;
        }
        self.flush();
        let written = token.span.of(self.text);
        self.pieces.push(Piece::Text(match token.kind {
            TokenKind::Text => spelling::text(written),
            TokenKind::QuotedName => Cow::Borrowed(spelling::quoted_name(written, self.is_plain)),
            _ => Cow::Borrowed(written),
        }));
        let is_opening = matches!(token.kind, TokenKind::Symbol("(" | "[" | "{"));
        self.space = (!is_opening).then_some(Piece::Blank);
        self.place = place + 1;
        self.trailing_comments();
    }

    /// Leaves out the next token, but not the comments before it.
    pub(super) fn skip(&mut self) {
        self.comments();
        self.place += 1;
        self.trailing_comments();
    }

    /// Puts out the tokens before the byte `position`.
    pub(super) fn until(&mut self, position: usize) {
        while self.tokens[self.next()].span.start < position {
            self.token();
        }
    }

    /// Puts out the tokens before the token at `place`.
    pub(super) fn until_place(&mut self, place: usize) {
        while self.next() < place {
            self.token();
        }
    }

    /// The pairs of parentheses around nothing but `span`, from within.
    pub(super) fn parentheses(&self, span: Span) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let mut open = self.tokens.partition_point(|token| token.span.start < span.start);
        let mut close = self.tokens.partition_point(|token| token.span.start < span.end);
        loop {
            let before =
                self.tokens[self.place.min(open)..open].iter().rposition(|token| token.kind != TokenKind::Comment);
            let Some(before) = before else { return pairs };
            open = self.place + before;
            close = self.after(close);
            if !self.is_symbol(open, "(") || !self.is_symbol(close, ")") {
                return pairs;
            }
            pairs.push((open, close));
            close += 1;
        }
    }

    fn trailing_comments(&mut self) {
        while let Some(token) = self.tokens.get(self.place).filter(|token| is_trailing(token)) {
            self.pieces.push(Piece::Comment(token.span.of(self.text).trim_end(), false));
            self.place += 1;
        }
    }

    /// Puts out what stands before the next token: blanks, and the comments on lines of their own.
    fn flush(&mut self) {
        self.pieces.extend(self.space.take());
        self.comments();
    }

    /// Puts out the comments before the next token.
    fn comments(&mut self) {
        for token in &self.tokens[self.place..self.next()] {
            self.pieces.push(Piece::Comment(token.span.of(self.text).trim_end(), true));
        }
        self.place = self.next();
    }

    /// The pieces so far; the next text starts anew.
    pub(super) fn take(&mut self) -> Vec<Piece<'a>> {
        self.space = None;
        std::mem::take(&mut self.pieces)
    }

    /// Puts out the next token, a word, in backquotes.
    pub(super) fn quoted(&mut self) {
        let word = self.tokens[self.next()].span.of(self.text);
        self.flush();
        self.pieces.push(Piece::Text(Cow::Owned(format!("`{word}`"))));
        self.space = Some(Piece::Blank);
        self.skip();
    }

    /// A blank stands before the next token.
    pub(super) fn blank(&mut self) {
        self.space = Some(Piece::Blank);
    }

    /// Nothing stands between the token before and the next.
    pub(super) fn tight(&mut self) {
        self.space = None;
    }

    /// A line can end before the next token.
    pub(super) fn line(&mut self) {
        self.space = Some(Piece::Line);
    }

    /// A line ends before the next token if it does so in the text, and can end there else.
    pub(super) fn line_as_written(&mut self) {
        let is_written = self.tokens[self.place..=self.next()].iter().any(|token| token.after_newline);
        self.space = Some(if is_written { Piece::Break } else { Piece::Line });
    }

    /// What `inside` puts out is a group.
    pub(super) fn group(&mut self, inside: impl FnOnce(&mut Self)) {
        self.flush();
        self.pieces.push(Piece::Open);
        inside(self);
        self.pieces.push(Piece::Close);
    }

    /// What `inside` puts out is indented.
    pub(super) fn indented(&mut self, inside: impl FnOnce(&mut Self)) {
        self.pieces.push(Piece::Indent);
        inside(self);
        self.pieces.push(Piece::Dedent);
    }

    /// An opening bracket, what `inside` puts out, and the closing bracket.
    pub(super) fn bracketed(&mut self, inside: impl FnOnce(&mut Self)) {
        self.group(|writer| {
            writer.token();
            writer.indented(|writer| {
                writer.space = Some(Piece::Fold);
                inside(writer);
                writer.comments();
            });
            writer.space = Some(Piece::Fold);
            writer.token();
        });
    }

    /// Items with commas between them.
    pub(super) fn items<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        for (place, one) in items.iter().enumerate() {
            item(self, one);
            if place + 1 < items.len() {
                while !self.is_symbol(self.next(), ",") {
                    self.token();
                }
                self.token();
                self.line();
            }
        }
    }
}

/// Whether a comment stands on the line of the token before it.
fn is_trailing(token: &Token) -> bool {
    token.kind == TokenKind::Comment && !token.after_newline
}
