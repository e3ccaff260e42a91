//! Expressions: operands and the operators between them, which wait for their right side on a list, not on the stack.
//!
//! ```text
//! a or b = -c * 2      waiting: or, =, *      the next operator, or the end, takes from the list what binds tighter
//! ```

use super::expected::Expected;
use super::limit::{begin, end, grow, is_at_end, nest};
use super::operand::{parse_path, starts_operand};
use super::operator::{Binding, Form, accept_operator, is_two_words};
use super::tokens::{Failure, Parse, Tokens, accept_word};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{Expr, ExprKind};
use crate::span::Span;

/// An expression that is whole so far, the place where it starts, how tall its tree is, how often it compares, and
/// the tightest operator that can go on with it: none binds what ended with `..` or `is missing`.
struct Part<'a> {
    value: Expr,
    start: Tokens<'a>,
    height: usize,
    comparisons: usize,
    tightest: Binding,
}

/// An operator that waits for its right side.
struct Waiting<'a> {
    form: Form,
    binding: Binding,
    place: Tokens<'a>,
    left: Option<Part<'a>>,
}

/// Where the list goes on.
enum Step<'a> {
    /// An operand follows.
    Operand(Tokens<'a>),
    /// The expression is whole.
    Done(Tokens<'a>, Part<'a>),
}

type List<'a> = Vec<Waiting<'a>>;
type Attempt<T> = Result<T, nom::Err<Failure>>;

/// How far an expression goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Over every operator.
    Whole,
    /// Over every operator, up to an `in` that would compare a comparison: there the clause `in` starts.
    Clause,
    /// Over the operators that make no predicate.
    Range,
    /// Over the operators that compute.
    Sum,
}

impl Extent {
    fn minimum(self) -> Binding {
        match self {
            Self::Whole | Self::Clause => Binding::Or,
            Self::Range => Binding::Range,
            Self::Sum => Binding::Sum,
        }
    }
}

/// Any expression.
pub(super) fn parse_expression(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    parse_extent(tokens, Extent::Whole)
}

/// The predicate of the clause `where`, which the clause `in` may follow: `venue = abroad in Moscow`.
pub(super) fn parse_predicate_before_in(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    parse_extent(tokens, Extent::Clause)
}

/// An expression without comparison: what a clause takes, `2024-05..today`.
pub(super) fn parse_range(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    parse_extent(tokens, Extent::Range)
}

/// An expression without comparison and range: `30 days`, `year(date)`.
pub(super) fn parse_sum(tokens: Tokens<'_>) -> Parse<'_, Expr> {
    parse_extent(tokens, Extent::Sum)
}

fn parse_extent(tokens: Tokens<'_>, extent: Extent) -> Parse<'_, Expr> {
    let nesting = tokens.context.limits.nesting.get();
    let parsed = parse_parts(tokens, extent);
    tokens.context.limits.nesting.set(nesting);
    parsed
}

fn parse_parts(tokens: Tokens<'_>, extent: Extent) -> Parse<'_, Expr> {
    let mut list = List::new();
    let mut rest = tokens;
    loop {
        let start = push_prefixes(rest, extent.minimum(), &mut list)?;
        let before = begin(start);
        let (after, value) = parse_path(start)?;
        let part = Part { value, start, height: end(start, before), comparisons: 0, tightest: Binding::Sign };
        match push_operator(after, extent, &mut list, part)? {
            Step::Operand(next) => rest = next,
            Step::Done(rest, part) => return Ok((rest, part.value)),
        }
    }
}

/// Puts `not`, `every`, `-` and `..` before an operand on the list.
fn push_prefixes<'a>(tokens: Tokens<'a>, minimum: Binding, list: &mut List<'a>) -> Attempt<Tokens<'a>> {
    let mut rest = tokens;
    loop {
        let outer = list.last().map_or(minimum, |waiting| waiting.binding.max(minimum));
        let is_every = list.last().is_some_and(|waiting| matches!(waiting.form, Form::Every));
        let is_predicate = outer <= Binding::Not && !is_every;
        let (form, binding) = if rest.is_symbol("-") {
            (Form::Negate, Binding::Sign)
        } else if is_predicate && rest.is_keyword("not") {
            (Form::Not, Binding::Not)
        } else if is_predicate && rest.is_keyword("every") {
            (Form::Every, Binding::Not)
        } else if (outer < Binding::Range || minimum <= Binding::Range && list.is_empty()) && rest.is_symbol("..") {
            (Form::RangeTo, Binding::Range)
        } else {
            return Ok(rest);
        };
        if !matches!(form, Form::RangeTo) {
            nest(rest)?;
        }
        list.push(Waiting { form, binding, place: rest, left: None });
        rest = rest.next();
    }
}

/// Puts the operator after an operand on the list, or ends the expression where none stands.
fn push_operator<'a>(tokens: Tokens<'a>, extent: Extent, list: &mut List<'a>, operand: Part<'a>) -> Attempt<Step<'a>> {
    let minimum = extent.minimum();
    let mut part = operand;
    let mut rest = tokens;
    loop {
        if rest.is_keyword("and") || rest.is_keyword("as") {
            part = reduce(rest, list, part, Binding::Range)?;
            if let Some(next) = accept_second(rest, list, &mut part) {
                return Ok(Step::Operand(next));
            }
        }
        let goes_on = |binding| (minimum..=part.tightest).contains(&binding) && !is_second_range(binding, list);
        let Some((next, form, binding)) = accept_operator(rest)?.filter(|(.., binding)| goes_on(*binding)) else {
            note_operators(rest, minimum, list, &part);
            let part = reduce(rest, list, part, Binding::Or)?;
            return Ok(Step::Done(rest, part));
        };
        part = reduce(rest, list, part, binding)?;
        if binding == Binding::Comparison && part.comparisons == 1 {
            if extent == Extent::Clause && rest.is_keyword("in") || is_at_end(rest) {
                let part = reduce(rest, list, part, Binding::Or)?;
                return Ok(Step::Done(rest, part));
            }
            report_chain(rest.span_to(next), rest);
        }
        let has_end = starts_operand(next) && next.is_on_line() && !(minimum == Binding::Or && is_two_words(next));
        let is_open = matches!(form, Form::Range) && !has_end;
        if !is_open && !matches!(form, Form::Is(_)) {
            list.push(Waiting { form, binding, place: rest, left: Some(part) });
            return Ok(Step::Operand(next));
        }
        part = node(rest, next, form, Some(part), None)?;
        rest = next;
    }
}

/// Whether a `..` stands after the end of a range.
fn is_second_range(binding: Binding, list: &List<'_>) -> bool {
    binding == Binding::Range && list.iter().any(|waiting| waiting.binding == Binding::Range)
}

/// The `and` of `between` and the `as of` of `in`: the part becomes a side of the operator that waits.
fn accept_second<'a>(tokens: Tokens<'a>, list: &mut List<'a>, part: &mut Part<'a>) -> Option<Tokens<'a>> {
    let waiting = list.last_mut()?;
    let next = match waiting.form {
        Form::Between(_) => accept_word(tokens, "and")?,
        Form::In(_) => accept_word(accept_word(tokens, "as")?, "of")?,
        _ => return None,
    };
    let side = std::mem::replace(&mut part.value, Expr::new(ExprKind::Invalid, Span::default()));
    if let Some(left) = &mut waiting.left {
        left.height = left.height.max(part.height);
    }
    waiting.form = match waiting.form {
        Form::Between(negated) => Form::BetweenAnd(negated, side),
        _ => Form::AsOf(matches!(waiting.form, Form::In(true)), side),
    };
    Some(next)
}

fn note_operators<'a>(tokens: Tokens<'a>, minimum: Binding, list: &List<'a>, part: &Part<'a>) {
    if minimum > Binding::Comparison {
        return;
    }
    let mut inner = list.iter().rev().take_while(|waiting| waiting.binding >= Binding::Comparison);
    if part.comparisons == 0 && !inner.any(|waiting| waiting.binding == Binding::Comparison) {
        tokens.note(Expected::Operator);
    }
    tokens.note(Expected::Word("and"));
    tokens.note(Expected::Word("or"));
}

fn report_chain(span: Span, tokens: Tokens<'_>) {
    let diagnostic = Diagnostic::new(Code::CHAINED, span, "a comparison cannot be compared again");
    tokens.context.report(diagnostic.help("write both: `a < b and b < c`, or `b between a and c`"));
}

/// Takes from the list what binds at least as tightly as `binding`; `tokens` is after the part.
fn reduce<'a>(tokens: Tokens<'a>, list: &mut List<'a>, part: Part<'a>, binding: Binding) -> Attempt<Part<'a>> {
    let mut part = part;
    while let Some(waiting) = list.pop_if(|waiting| waiting.binding >= binding) {
        if matches!(waiting.form, Form::Between(_)) {
            return tokens.fail(Expected::Word("and")).map(|(_, part)| part);
        }
        if matches!(waiting.form, Form::Not | Form::Every | Form::Negate) {
            let nesting = &tokens.context.limits.nesting;
            nesting.set(nesting.get().saturating_sub(1));
        }
        let comparisons = match waiting.binding {
            Binding::Comparison => waiting.left.as_ref().map_or(0, |left| left.comparisons) + 1,
            _ => 0,
        };
        part = Part { comparisons, ..node(waiting.place, tokens, waiting.form, waiting.left, Some(part))? };
    }
    Ok(part)
}

/// The expression that an operator makes of its sides.
fn node<'a>(
    place: Tokens<'a>,
    rest: Tokens<'a>,
    form: Form,
    left: Option<Part<'a>>,
    right: Option<Part<'a>>,
) -> Attempt<Part<'a>> {
    let start = left.as_ref().map_or(place, |left| left.start);
    let tallest = left.iter().chain(&right).map(|part| part.height).max().unwrap_or(0);
    let height = grow(place, tallest)?;
    let span = start.span_to(rest);
    let comparisons = left.as_ref().filter(|_| matches!(form, Form::Is(_))).map_or(0, |left| left.comparisons + 1);
    let is_ended = matches!(form, Form::Range | Form::RangeTo | Form::Is(_));
    let tightest = if is_ended { Binding::Comparison } else { Binding::Sign };
    let kind = form.build(left.map(|part| part.value), right.map(|part| part.value));
    Ok(Part { value: Expr::new(kind, span), start, height, comparisons, tightest })
}
