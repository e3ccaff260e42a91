//! The operators: how they are written, how tightly they bind, and what they make of their sides.

use super::tokens::{Failure, Tokens, accept_word, expect_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{BinaryOperator, Expr, ExprKind};
use crate::ir::token::TokenKind;
use crate::span::Span;

/// How tightly an operator binds; each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    /// `or`
    Or,
    /// `and`
    And,
    /// `not`, `every`
    Not,
    /// `=`, `in`, `is missing`
    Comparison,
    /// `..`
    Range,
    /// `+`, `-`
    Sum,
    /// `*`, `/`, `%`
    Product,
    /// `-` before an operand
    Sign,
}

/// What an operator makes, with what stands between its left and its right side.
pub(super) enum Form {
    /// `not p`
    Not,
    /// `every p`
    Every,
    /// `-x`
    Negate,
    /// `..b`
    RangeTo,
    /// `a..b`, `a..`
    Range,
    /// `a + b`
    Binary(BinaryOperator),
    /// `x in y`, `x not in y`
    In(bool),
    /// `x in y as of d`: here are `not` and `y`
    AsOf(bool, Expr),
    /// `x between a`: the `and` is still to come
    Between(bool),
    /// `x is missing`, `x is present`
    Is(bool),
    /// `x between a and b`: here are `not` and `a`
    BetweenAnd(bool, Expr),
}

impl Form {
    /// The expression of this form with its sides; a side that it needs and does not get is invalid.
    pub(super) fn build(self, left: Option<Expr>, right: Option<Expr>) -> ExprKind {
        let or_invalid = |side: Option<Expr>| side.unwrap_or_else(|| Expr::new(ExprKind::Invalid, Span::default()));
        match self {
            Self::Not => ExprKind::Not(or_invalid(right)),
            Self::Every => ExprKind::Every(or_invalid(right)),
            Self::Negate => ExprKind::Negate(or_invalid(right)),
            Self::RangeTo | Self::Range => ExprKind::Range(left, right),
            Self::Binary(operator) => ExprKind::Binary(operator, or_invalid(left), or_invalid(right)),
            Self::In(negated) => {
                ExprKind::In { negated, value: or_invalid(left), within: or_invalid(right), as_of: None }
            }
            Self::AsOf(negated, within) => ExprKind::In { negated, value: or_invalid(left), within, as_of: right },
            Self::Is(present) => ExprKind::Is(present, or_invalid(left)),
            Self::Between(_) => ExprKind::Invalid,
            Self::BetweenAnd(negated, low) => ExprKind::Between(negated, or_invalid(left), low, or_invalid(right)),
        }
    }
}

type Accepted<'a> = Result<Option<(Tokens<'a>, Form, Binding)>, nom::Err<Failure>>;

/// The operator after an operand, if one stands here, and the tokens after it.
pub(super) fn accept_operator(tokens: Tokens<'_>) -> Accepted<'_> {
    let next = tokens.next();
    let form = match tokens.kind() {
        TokenKind::Symbol("..") => return Ok(Some((next, Form::Range, Binding::Range))),
        TokenKind::Keyword("in") => Form::In(false),
        TokenKind::Keyword("between") => Form::Between(false),
        TokenKind::Keyword("is") => {
            let (rest, present) = expect_state(next)?;
            return Ok(Some((rest, Form::Is(present), Binding::Comparison)));
        }
        // A step of a sequence follows.
        TokenKind::Keyword("not") if next.is_symbol("[") => return Ok(None),
        TokenKind::Keyword("not") => return accept_negated(next),
        TokenKind::Name if tokens.is_on_line() || next.is_keyword("with") => return accept_two_words(tokens),
        TokenKind::Symbol(word) | TokenKind::Keyword(word) => {
            return Ok(binary(word).map(|(operator, binding)| (next, Form::Binary(operator), binding)));
        }
        _ => return Ok(None),
    };
    Ok(Some((next, form, Binding::Comparison)))
}

fn binary(word: &str) -> Option<(BinaryOperator, Binding)> {
    let found = match word {
        "or" => (BinaryOperator::Or, Binding::Or),
        "and" => (BinaryOperator::And, Binding::And),
        "=" => (BinaryOperator::Equal, Binding::Comparison),
        "!=" => (BinaryOperator::NotEqual, Binding::Comparison),
        "<" => (BinaryOperator::Less, Binding::Comparison),
        "<=" => (BinaryOperator::LessOrEqual, Binding::Comparison),
        ">" => (BinaryOperator::Greater, Binding::Comparison),
        ">=" => (BinaryOperator::GreaterOrEqual, Binding::Comparison),
        "contains" => (BinaryOperator::Contains, Binding::Comparison),
        "matches" => (BinaryOperator::Matches, Binding::Comparison),
        "+" => (BinaryOperator::Add, Binding::Sum),
        "-" => (BinaryOperator::Subtract, Binding::Sum),
        "*" => (BinaryOperator::Multiply, Binding::Product),
        "/" => (BinaryOperator::Divide, Binding::Product),
        "%" => (BinaryOperator::Remainder, Binding::Product),
        _ => return None,
    };
    Some(found)
}

/// After `not`: `in` or `between`.
fn accept_negated(tokens: Tokens<'_>) -> Accepted<'_> {
    if let Some(rest) = accept_word(tokens, "in") {
        return Ok(Some((rest, Form::In(true), Binding::Comparison)));
    }
    let (rest, _) = expect_word("between")(tokens)?;
    Ok(Some((rest, Form::Between(true), Binding::Comparison)))
}

/// Whether `starts with` or `ends with` stands here.
pub(super) fn is_two_words(tokens: Tokens<'_>) -> bool {
    (tokens.is_word("starts") || tokens.is_word("ends")) && tokens.next().is_keyword("with")
}

/// `starts with` and `ends with`.
fn accept_two_words(tokens: Tokens<'_>) -> Accepted<'_> {
    let operator = match tokens.text() {
        "starts" => BinaryOperator::StartsWith,
        "ends" => BinaryOperator::EndsWith,
        _ => return Ok(None),
    };
    let (rest, _) = expect_word("with")(tokens.next())?;
    Ok(Some((rest, Form::Binary(operator), Binding::Comparison)))
}

/// After `is`: whether it goes on with `present`, and the tokens after it.
fn expect_state(tokens: Tokens<'_>) -> Result<(Tokens<'_>, bool), nom::Err<Failure>> {
    let negated = tokens.is_keyword("not");
    let Some(rest) = accept_word(if negated { tokens.next() } else { tokens }, "missing") else {
        let (rest, _) = expect_word("present")(tokens)?;
        return Ok((rest, true));
    };
    if negated {
        let diagnostic =
            Diagnostic::new(Code::UNEXPECTED, tokens.span_to(rest), "`is not` is not part of the language");
        tokens.context.report(diagnostic.help("write `is present`"));
    }
    Ok((rest, negated))
}
