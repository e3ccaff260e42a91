//! The tokens as input for nom: a place in the slice, and beside it what was expected at the furthest place reached.

use std::cell::{Cell, RefCell};
use std::iter::{Copied, Enumerate};
use std::slice::Iter;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Input, Needed};

use super::brackets::Brackets;
use super::expected::{Expected, nearest_word, sentence, written_here};
use super::literal::shorten;
use super::stage::STAGES;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::token::{Token, TokenKind};
use crate::span::Span;

/// What a parser gives: the tokens that are left and its value.
pub(super) type Parse<'a, T> = IResult<Tokens<'a>, T, Failure>;

/// Why a parser gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Another token was expected; the context knows which.
    Expected,
    /// A limit was passed, and said so; the statement is given up.
    Fatal,
}

impl ParseError<Tokens<'_>> for Failure {
    fn from_error_kind(_: Tokens<'_>, _: ErrorKind) -> Self {
        Self::Expected
    }

    fn append(_: Tokens<'_>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// What the parsers of one text share.
pub(super) struct Context<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    unclosed: bool,
    pub(super) brackets: Brackets,
    furthest: Cell<usize>,
    expected: RefCell<Vec<Expected>>,
    reported: Cell<Option<usize>>,
    /// What could have stood at the end of the text, where something must.
    awaited: RefCell<Vec<Expected>>,
    pub(super) diagnostics: RefCell<Vec<Diagnostic>>,
    /// Whether something is wrong before the end of the text.
    pub(super) wrong: Cell<bool>,
    /// Whether something is missing at the end of the text.
    pub(super) missing: Cell<bool>,
    /// The place after the last operand that was a bare name.
    pub(super) after_name: Cell<usize>,
    pub(super) limits: super::limit::Limits,
}

impl<'a> Context<'a> {
    /// For `tokens` of `source`, which may hold comments; `unclosed` if the last is a text without its closing quote.
    pub(super) fn new(source: &'a str, tokens: &[Token], unclosed: bool) -> Self {
        let tokens: Vec<Token> = tokens.iter().filter(|token| token.kind != TokenKind::Comment).copied().collect();
        Self {
            source,
            unclosed,
            brackets: Brackets::new(source, &tokens),
            tokens,
            furthest: Cell::new(0),
            expected: RefCell::default(),
            reported: Cell::new(None),
            awaited: RefCell::default(),
            diagnostics: RefCell::default(),
            wrong: Cell::new(false),
            missing: Cell::new(false),
            after_name: Cell::new(usize::MAX),
            limits: super::limit::Limits::default(),
        }
    }

    /// The place of the furthest token that was expected to be another.
    pub(super) fn furthest(&self) -> usize {
        self.furthest.get()
    }

    /// What could have stood where the text ends; nothing if something is wrong before.
    pub(super) fn expected_at_end(&self) -> Vec<Expected> {
        let is_end = self.token(self.furthest.get()).kind == TokenKind::End;
        match (is_end, self.missing.get()) {
            (true, true) => self.awaited.borrow().clone(),
            (true, false) => self.expected.borrow().clone(),
            (false, _) => Vec::new(),
        }
    }

    /// The token at `place`, the end if there is none.
    pub(super) fn token(&self, place: usize) -> Token {
        self.tokens[place.min(self.tokens.len() - 1)]
    }

    /// The text of the token at `place`.
    pub(super) fn text(&self, place: usize) -> &'a str {
        self.token(place).span.of(self.source)
    }

    /// Keeps a diagnostic that says what is wrong.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.wrong.set(true);
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Says what was expected at the furthest place, unless something was said of that place before.
    pub(super) fn report_expected(&self) {
        let place = self.furthest.get();
        if self.reported.replace(Some(place)) == Some(place) {
            return;
        }
        let token = self.token(place);
        match token.kind {
            TokenKind::Invalid => self.wrong.set(true),
            TokenKind::End if self.unclosed => {}
            TokenKind::End => {
                let end = place.checked_sub(1).map_or(0, |last| self.token(last).span.end);
                let message = sentence(&self.expected.borrow(), "the end of the text");
                let diagnostic = Diagnostic::new(Code::UNEXPECTED, Span::new(end, end), message);
                self.missing.set(true);
                self.awaited.borrow_mut().clone_from(&self.expected.borrow());
                self.diagnostics.borrow_mut().push(diagnostic);
            }
            _ => {
                let found = format!("`{}`", shorten(self.text(place)));
                let message = sentence(&self.expected.borrow(), &found);
                let mut diagnostic = Diagnostic::new(Code::UNEXPECTED, token.span, message);
                diagnostic.help = self.help(place);
                self.report(diagnostic);
            }
        }
    }

    fn help(&self, place: usize) -> Option<String> {
        let expected = self.expected.borrow();
        let found = self.text(place);
        match self.token(place).kind {
            TokenKind::Keyword(_) if *expected == [Expected::Name] => {
                return Some(format!("a name that is also a keyword goes in backquotes: `` `{found}` ``"));
            }
            TokenKind::Name => {}
            _ => return None,
        }
        if let Some(written) = written_here(&expected, found) {
            return Some(format!("write `{written}`"));
        }
        if let Some(word) = nearest_word(&expected, found) {
            return Some(format!("did you mean `{word}`?"));
        }
        if self.after_name.get() == place {
            let first = self.text(place - 1);
            if expected.contains(&Expected::Operator) {
                return Some(format!("a comparison has an operator: `{first} = {found}`"));
            }
            let is_more = |at: &usize| self.token(*at).kind == TokenKind::Name && !self.token(*at).after_newline;
            let names: Vec<&str> = (place..place + 4).take_while(is_more).map(|at| self.text(at)).collect();
            return Some(format!(
                "a name of several words goes in quotes: `\"{first} {}\"`",
                shorten(&names.join(" "))
            ));
        }
        let stage = STAGES.contains(&found) && expected.contains(&Expected::Word("|"));
        stage.then(|| format!("a stage stands after `|`: `| {found}`"))
    }
}

/// A place among the tokens of a text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) place: usize,
    end: usize,
}

impl<'a> Tokens<'a> {
    /// At the first token.
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, place: 0, end: context.tokens.len() }
    }

    /// The token here.
    pub(super) fn token(self) -> Token {
        self.context.token(self.place)
    }

    /// What the token here is.
    pub(super) fn kind(self) -> TokenKind {
        self.token().kind
    }

    /// The text of the token here.
    pub(super) fn text(self) -> &'a str {
        self.context.text(self.place)
    }

    /// One token on.
    pub(super) fn next(self) -> Self {
        self.at(self.place + 1)
    }

    /// At `place`.
    pub(super) fn at(self, place: usize) -> Self {
        Self { place: place.min(self.end), ..self }
    }

    /// The span from here to the last token before `rest`.
    pub(super) fn span_to(self, rest: Self) -> Span {
        let start = self.token().span;
        if rest.place > self.place { start.to(self.context.token(rest.place - 1).span) } else { start }
    }

    /// Whether here stands the keyword `word`.
    pub(super) fn is_keyword(self, word: &str) -> bool {
        matches!(self.kind(), TokenKind::Keyword(keyword) if keyword == word)
    }

    /// Whether here stands the symbol `text`.
    pub(super) fn is_symbol(self, text: &str) -> bool {
        matches!(self.kind(), TokenKind::Symbol(symbol) if symbol == text)
    }

    /// Whether here stands the contextual word `word`.
    pub(super) fn is_word(self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.text() == word
    }

    /// Whether here stands a name, backquoted or not.
    pub(super) fn is_name(self) -> bool {
        matches!(self.kind(), TokenKind::Name | TokenKind::QuotedName)
    }

    /// Whether the token here belongs to the line before, as far as the place of names counts.
    pub(super) fn is_on_line(self) -> bool {
        !self.token().after_newline || self.context.limits.is_in_brackets()
    }

    /// Keeps that `choice` could have stood here.
    pub(super) fn note(self, choice: Expected) {
        let furthest = self.context.furthest.get();
        let mut expected = self.context.expected.borrow_mut();
        if self.place > furthest {
            self.context.furthest.set(self.place);
            expected.clear();
        }
        if self.place >= furthest && !expected.contains(&choice) {
            expected.push(choice);
        }
    }

    /// The failure that `choice` does not stand here.
    pub(super) fn fail<T>(self, choice: Expected) -> Parse<'a, T> {
        self.note(choice);
        Err(nom::Err::Error(Failure::Expected))
    }
}

/// One keyword, contextual word or symbol.
pub(super) fn expect_word<'a>(word: &'static str) -> impl Fn(Tokens<'a>) -> Parse<'a, Token> {
    move |tokens| {
        if is_any(tokens, word) { Ok((tokens.next(), tokens.token())) } else { tokens.fail(Expected::Word(word)) }
    }
}

/// The tokens after `word` if it stands here.
pub(super) fn accept_word<'a>(tokens: Tokens<'a>, word: &'static str) -> Option<Tokens<'a>> {
    expect_word(word)(tokens).ok().map(|(rest, _)| rest)
}

/// Items with commas between them; a comma after the last is left.
///
/// This is `separated_list1` without its frames: lists nest as deep as a text does.
pub(super) fn parse_list<'a, T>(tokens: Tokens<'a>, item: fn(Tokens<'a>) -> Parse<'a, T>) -> Parse<'a, Vec<T>> {
    let mut items = Vec::new();
    let mut start = tokens;
    loop {
        match item(start) {
            Ok((rest, value)) => {
                items.push(value);
                let Some(next) = accept_word(rest, ",") else { return Ok((rest, items)) };
                start = next;
            }
            Err(nom::Err::Error(_)) if !items.is_empty() => return Ok((start.at(start.place - 1), items)),
            Err(failure) => return Err(failure),
        }
    }
}

/// What was parsed, made into something else; `make` also gets the tokens that are left.
pub(super) fn then<'a, T, U>(parsed: Parse<'a, T>, make: impl FnOnce(Tokens<'a>, T) -> U) -> Parse<'a, U> {
    let (rest, value) = parsed?;
    Ok((rest, make(rest, value)))
}

fn is_any(tokens: Tokens<'_>, word: &str) -> bool {
    match tokens.kind() {
        TokenKind::Keyword(text) | TokenKind::Symbol(text) => text == word,
        TokenKind::Name => tokens.text() == word,
        _ => false,
    }
}

impl<'a> Input for Tokens<'a> {
    type Item = Token;
    type Iter = Copied<Iter<'a, Token>>;
    type IterIndices = Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.end - self.place
    }

    fn take(&self, index: usize) -> Self {
        Self { end: self.place + index, ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        Self { place: self.place + index, ..*self }
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.iter_elements().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.context.tokens[self.place..self.end].iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if count <= self.input_len() { Ok(count) } else { Err(Needed::new(count - self.input_len())) }
    }
}
