//! Expressions: blanks around operators, long chains broken before each, and no parentheses that do nothing.

use super::writer::Writer;
use crate::ir::ast::{BinaryOperator, Expr, ExprKind};
use crate::ir::token::TokenKind;

/// How tightly an expression holds together; each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Range,
    Sum,
    Product,
    Sign,
    Operand,
}

impl Binding {
    /// What the right side of an operator holds together by, at the least.
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Comparison,
            Self::Comparison => Self::Range,
            Self::Range => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Sign,
            Self::Sign | Self::Operand => Self::Operand,
        }
    }
}

fn binding(value: &Expr) -> Binding {
    match &*value.kind {
        ExprKind::Binary(operator, ..) => operator_binding(*operator),
        ExprKind::Not(_) | ExprKind::Every(_) => Binding::Not,
        ExprKind::Between(..) | ExprKind::In { .. } | ExprKind::Is(..) => Binding::Comparison,
        ExprKind::Range(..) => Binding::Range,
        ExprKind::Negate(_) => Binding::Sign,
        _ => Binding::Operand,
    }
}

fn operator_binding(operator: BinaryOperator) -> Binding {
    use BinaryOperator::{Add, And, Divide, Multiply, Or, Remainder, Subtract};
    match operator {
        Or => Binding::Or,
        And => Binding::And,
        Add | Subtract => Binding::Sum,
        Multiply | Divide | Remainder => Binding::Product,
        _ => Binding::Comparison,
    }
}

/// When parentheses stay, if there are any.
#[derive(Clone, Copy)]
enum Stay {
    /// Where what they hold binds less tightly than this.
    Below(Binding),
    /// Always: they are there for the reader.
    Always,
}

impl Writer<'_> {
    /// An expression that stands alone: in a list, after `where`.
    pub(super) fn value(&mut self, value: &Expr) {
        self.operand(value, Stay::Below(Binding::Or), None);
    }

    /// What a clause takes.
    pub(super) fn range(&mut self, value: &Expr) {
        self.operand(value, Stay::Below(Binding::Range), None);
    }

    /// What `in` takes, a list of one perhaps.
    pub(super) fn container(&mut self, value: &Expr) {
        self.operand(value, Stay::Always, None);
    }

    /// What a column holds: `(a = b)` compares, and `a = b` names the column.
    pub(super) fn column(&mut self, value: &Expr) {
        if binding(value) > Binding::Comparison { self.value(value) } else { self.value_as_begun(value) }
    }

    /// An expression whose first parenthesis says what it is, as after `let`.
    pub(super) fn value_as_begun(&mut self, value: &Expr) {
        while self.tokens[self.next()].span.start < value.span.start && !self.is_symbol(self.next(), "(") {
            self.token();
        }
        self.fixed = Some(self.next());
        self.value(value);
    }

    /// What stands before an expression, and it, with the parentheses around it that stay; `chain` is the operator of a
    /// chain that it goes on with.
    fn operand(&mut self, value: &Expr, stay: Stay, chain: Option<Binding>) {
        let pairs = self.parentheses(value.span);
        let Some(&(open, close)) = pairs.last() else {
            self.until(value.span.start);
            return self.expression(value, chain);
        };
        self.until_place(open);
        let has_comment = self.tokens[open..close].iter().any(|token| token.kind == TokenKind::Comment);
        let stays = self.fixed == Some(open)
            || self.runs_on(value.span.end, close)
            || match stay {
                Stay::Below(least) => binding(value) < least,
                Stay::Always => true,
            };
        let kept = if has_comment { pairs.len() } else { usize::from(stays) };
        self.parenthesised(value, kept, if stays || has_comment { None } else { chain });
        while !has_comment && self.next() <= close {
            self.skip();
        }
    }

    fn parenthesised(&mut self, value: &Expr, levels: usize, chain: Option<Binding>) {
        if levels > 0 {
            return self.bracketed(|writer| writer.parenthesised(value, levels - 1, None));
        }
        while self.tokens[self.next()].span.start < value.span.start {
            self.skip();
        }
        self.expression(value, chain);
    }

    /// Whether what ends at the byte `end`, before the parenthesis at `close`, would go on with what follows: `(2024..) desc`.
    fn runs_on(&self, end: usize, close: usize) -> bool {
        let is_open = self.text.get(..end).is_some_and(|before| before.ends_with(".."));
        let next = self.tokens[self.after(close + 1)];
        let goes_on = ["asc", "desc", "starts", "ends"].contains(&next.span.of(self.text));
        is_open || next.kind == TokenKind::Name && !next.after_newline && !goes_on
    }

    fn expression(&mut self, value: &Expr, chain: Option<Binding>) {
        let own = binding(value);
        match &*value.kind {
            ExprKind::Binary(_, left, right) if own == Binding::Comparison => self.comparison(left, right),
            ExprKind::Binary(_, left, right) if chain == Some(own) => self.links(own, left, right),
            ExprKind::Binary(_, left, right) => self.group(|writer| writer.links(own, left, right)),
            ExprKind::Range(start, end) => self.bounds(start.as_ref(), end.as_ref()),
            ExprKind::Negate(inner) => {
                self.token();
                self.tight();
                self.operand(inner, Stay::Below(Binding::Sign), None);
            }
            ExprKind::Not(inner) | ExprKind::Every(inner) => self.operand(inner, Stay::Always, None),
            ExprKind::Between(_, inner, low, high) => {
                self.range(inner);
                self.range(low);
                self.range(high);
            }
            ExprKind::In { value: inner, within, as_of, .. } => {
                self.range(inner);
                self.container(within);
                as_of.iter().for_each(|date| self.range(date));
            }
            ExprKind::Is(_, inner) => self.range(inner),
            ExprKind::Path(base, _) => {
                self.operand(base, Stay::Below(Binding::Operand), None);
                self.tight();
                self.token();
                self.tight();
            }
            ExprKind::Field(_) => {
                self.token();
                self.tight();
            }
            ExprKind::Call { arguments, .. } => self.call(arguments),
            ExprKind::List(values) => self.bracketed(|writer| {
                writer.items(values, Self::value);
                let comma = writer.next();
                if writer.is_symbol(comma, ",") {
                    if values.len() > 1 { writer.skip() } else { writer.token() }
                }
            }),
            ExprKind::Query(query) => self.bracketed(|writer| writer.query(query)),
            _ => {}
        }
        self.until(value.span.end);
    }

    /// Both sides of a comparison, which can be broken before the operator where two queries are compared.
    fn comparison(&mut self, left: &Expr, right: &Expr) {
        if !matches!(&*right.kind, ExprKind::Query(_)) {
            self.range(left);
            return self.range(right);
        }
        self.group(|writer| {
            writer.range(left);
            writer.indented(|writer| {
                writer.line();
                writer.range(right);
            });
        });
    }

    /// A name and its arguments.
    pub(super) fn call(&mut self, arguments: &[Expr]) {
        self.token();
        self.tight();
        self.bracketed(|writer| writer.items(arguments, Self::value));
    }

    /// Both sides of an operator that makes chains, which can be broken before it.
    fn links(&mut self, own: Binding, left: &Expr, right: &Expr) {
        // `and` binds more tightly than `or`, and not all readers know.
        let stay = |side: &Expr, least| match (own, binding(side)) {
            (Binding::Or, Binding::And) => Stay::Always,
            _ => Stay::Below(least),
        };
        self.operand(left, stay(left, own), Some(own));
        self.indented(|writer| {
            writer.line();
            writer.operand(right, stay(right, own.tighter()), None);
        });
    }

    /// A range, without blanks between single words and where it is open.
    fn bounds(&mut self, start: Option<&Expr>, end: Option<&Expr>) {
        let is_word = |side: &Expr| {
            let is_words = matches!(&*side.kind, ExprKind::Duration(..) | ExprKind::Ago(..) | ExprKind::Relative(..));
            binding(side) >= Binding::Sign && !is_words
        };
        let is_spaced = match (start, end) {
            (Some(start), Some(end)) => !is_word(start) || !is_word(end) || matches!(&*end.kind, ExprKind::Field(_)),
            _ => false,
        };
        if let Some(start) = start {
            self.operand(start, Stay::Below(Binding::Sum), None);
            if !is_spaced {
                self.tight();
            }
        }
        self.token();
        if let Some(end) = end {
            if !is_spaced {
                self.tight();
            }
            self.operand(end, Stay::Below(Binding::Sum), None);
        }
    }
}
