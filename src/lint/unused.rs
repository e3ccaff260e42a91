//! Each `let` whose name stands nowhere after it.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ast::{Script, StatementKind};
use crate::ir::token::{Token, TokenKind};
use crate::span::{Span, Spanned};

/// Warns of each `let` that no statement after it uses. A text that only binds names is there for others to use.
pub fn unused(text: &str, tokens: &[Token], script: &Script) -> Vec<Diagnostic> {
    let asks = |kind: &StatementKind| matches!(kind, StatementKind::Query(_) | StatementKind::Expect { .. });
    if !script.statements.iter().any(|statement| asks(&statement.kind)) {
        return Vec::new();
    }
    let lets: Vec<(&Spanned<String>, Span)> = script
        .statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::Let { name, .. } => Some((name, statement.span)),
            _ => None,
        })
        .collect();
    let mut warnings = Vec::new();
    for (place, (name, span)) in lets.iter().enumerate() {
        // Until another takes the name, whose own body may use it.
        let next = lets[place + 1..].iter().find(|(other, _)| other.node == name.node);
        let (end, but) = next.map_or((text.len(), None), |(other, span)| (span.end, Some(other.span)));
        let after = tokens.windows(2).filter(|pair| pair[1].span.start >= span.end && pair[1].span.end <= end);
        let is_used = after.into_iter().any(|pair| {
            let is_name = matches!(pair[1].kind, TokenKind::Name | TokenKind::QuotedName);
            let is_field = pair[0].kind == TokenKind::Symbol(".");
            let written = pair[1].span.of(text).trim_matches('`');
            is_name && !is_field && written == name.node && Some(pair[1].span) != but
        });
        if !is_used {
            let message = format!("nothing uses `{}`", name.node);
            warnings.push(Diagnostic::new(Code::UNUSED_LET, name.span, message));
        }
    }
    warnings
}
