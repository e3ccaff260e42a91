//! What the parser makes of texts, right and wrong.

use std::fmt::Write as _;

use super::{CONTEXTUAL, KEYWORDS, SYMBOLS, Tag, highlight, parse, stage};
use crate::ir::ast::{Clause, Expr, ExprKind, LetBody, Source, Stage, StatementKind};

/// The expression after `expect`, with all its parentheses.
fn shape(text: &str) -> String {
    let parsed = parse(&format!("expect {text}"));
    assert_eq!(parsed.diagnostics, [], "{text}");
    match parsed.script.statements.as_slice() {
        [statement] => match &statement.kind {
            StatementKind::Expect { predicate, .. } => show(predicate),
            other => panic!("{text}: {other:?}"),
        },
        other => panic!("{text}: {other:?}"),
    }
}

fn show(value: &Expr) -> String {
    let list = |values: &[Expr]| values.iter().map(show).collect::<Vec<_>>().join(", ");
    let optional = |value: &Option<Expr>| value.as_ref().map(show).unwrap_or_default();
    match &*value.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field(name) => format!(".{name}"),
        ExprKind::Date(date) => date.clone(),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Range(start, end) => format!("[{}..{}]", optional(start), optional(end)),
        ExprKind::List(values) => format!("list({})", list(values)),
        ExprKind::Path(inner, field) => format!("{}.{}", show(inner), field.node),
        ExprKind::Call { name, distinct, arguments } => {
            format!("{}({}{})", name.node, if *distinct { "distinct " } else { "" }, list(arguments))
        }
        ExprKind::Negate(inner) => format!("(-{})", show(inner)),
        ExprKind::Not(inner) => format!("(not {})", show(inner)),
        ExprKind::Every(inner) => format!("(every {})", show(inner)),
        ExprKind::Binary(operator, left, right) => format!("({} {} {})", show(left), operator.text(), show(right)),
        ExprKind::Between(negated, inner, low, high) => {
            format!("({} {}between {} {})", show(inner), if *negated { "not " } else { "" }, show(low), show(high))
        }
        ExprKind::In { negated, value, within, as_of } => {
            let not = if *negated { "not " } else { "" };
            let as_of = as_of.as_ref().map(|date| format!(" as of {}", show(date))).unwrap_or_default();
            format!("({} {not}in {}{as_of})", show(value), show(within))
        }
        ExprKind::Is(present, inner) => {
            format!("({} is {})", show(inner), if *present { "present" } else { "missing" })
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_bind_as_the_language_says() {
    let cases = [
        ("a or b and not c = d + e * -f.g", "(a or (b and (not (c = (d + (e * (-f.g)))))))"),
        ("a - b - c = d", "(((a - b) - c) = d)"),
        ("not not a and b", "((not (not a)) and b)"),
        ("every a = b and c", "((every (a = b)) and c)"),
        ("a in BRICS as of 2023-12-31 and b", "((a in BRICS as of 2023-12-31) and b)"),
        ("a not in (b, c) or d in (e)", "((a not in list(b, c)) or (d in e))"),
        ("a between 1 and 2 + 3 and b", "((a between 1 (2 + 3)) and b)"),
        ("a not between b and c", "(a not between b c)"),
        ("a starts with b or c ends with d", "((a starts with b) or (c ends with d))"),
        ("a is missing or not b is present", "((a is missing) or (not (b is present)))"),
        ("a in 2024-05..2024-07", "(a in [2024-05..2024-07])"),
        ("a in 2024.. and b in ..2024-Q2", "((a in [2024..]) and (b in [..2024-Q2]))"),
        ("a = b - 30 days ago", "(a = (b - Ago(30.0, Day)))"),
        ("a > last month and b = last(c)", "((a > Relative(false, Month)) and (b = last(c)))"),
        ("this = today - 1.5 hours", "(this = (Today - Duration(1.5, Hour)))"),
        ("count(distinct a.b) > if(a, 1, 2)", "(count(distinct a.b) > if(a, 1, 2))"),
        ("(a,) = .first", "(list(a) = .first)"),
        ("'it\\'s \\u{e9}' = $who", "(Text(\"it's é\") = Parameter(\"who\"))"),
        ("a in 2024.. as of 2025 or 2024.. starts with b", "((a in [2024..] as of 2025) or ([2024..] starts with b))"),
        ("(..a)..b = c", "([[..a]..b] = c)"),
        ("count(distinct not a) = 1", "(count(distinct (not a)) = 1)"),
        ("2024 - 5 = 1_000", "((2024 - 5) = 1000)"),
    ];
    for (text, expected) in cases {
        assert_eq!(shape(text), expected, "{text}");
    }
}

#[test]
fn parentheses_hold_a_query_where_a_stage_or_clause_says_so() {
    let cases = [
        ("(meetings | count)", true),
        ("(meetings of Putin)", true),
        ("(met(Xi, (a)) since 2024)", true),
        ("((meetings) | count)", true),
        ("(name in BRICS as of 2024)", false),
        ("(name starts with 'x')", false),
        ("(starts with Xi)", true),
        ("(met in last.starts with Xi)", true),
        ("(a = (meetings | count))", false),
        ("((meetings | count) > 3)", false),
    ];
    for (text, is_query) in cases {
        assert_eq!(shape(text).starts_with("Query"), is_query, "{text}");
    }
}

#[test]
fn a_let_is_a_query_unless_it_can_only_be_an_expression() {
    let cases = [
        ("meetings", true),
        ("met(a, b)", true),
        ("meetings in Moscow", true),
        ("(meetings | count)", true),
        ("(meetings | count) | share", true),
        ("who | count", true),
        ("who in BRICS in Asia", true),
        ("(meetings) in Moscow | count", true),
        ("(meetings in\nMoscow in Russia)", true),
        ("(meetings | count) + 1", false),
        ("big in (1, 2) and true", false),
        ("big in BRICS as of 2024", false),
        ("count(distinct leader)", false),
        ("a.b", false),
        ("who in BRICS", false),
        ("this month", false),
        ("today", false),
        ("30 days", false),
        ("(a, b)", false),
    ];
    for (text, is_query) in cases {
        let parsed = parse(&format!("let x(who) = {text}\nlet y = 1"));
        assert_eq!(parsed.diagnostics, [], "{text}");
        let body = match &parsed.script.statements[0].kind {
            StatementKind::Let { body, .. } => body,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(matches!(body, LetBody::Query(_)), is_query, "{text}");
    }
}

#[test]
fn what_has_ended_takes_no_tighter_operator() {
    for text in ["a.. / 2 = b", "a is missing + 1", "a is present..b", "a..b..c", "a.. ..c", "a is missing is present"]
    {
        assert!(!parse(&format!("expect {text}")).diagnostics.is_empty(), "{text}");
    }
}

#[test]
fn clauses_stand_in_any_order() {
    let cases = [
        ("meetings where a = b in Moscow since 2024", 3),
        ("meetings where a in b in Moscow", 2),
        ("meetings where not a between 1 and 2 or b is missing in Moscow where c in Moscow", 3),
        ("meetings where possibly a in Moscow of anyone", 2),
    ];
    for (text, count) in cases {
        let parsed = parse(text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        let StatementKind::Query(query) = &parsed.script.statements[0].kind else { panic!("{text}: no query") };
        assert_eq!(query.clauses.len(), count, "{text}");
    }
}

#[test]
fn a_statement_ends_where_a_new_line_cannot_continue_it() {
    let cases = [
        ("meetings | count\nvisits | count", 2),
        ("meetings\n  of Putin\n  | count\n  by region\n| sort count\n  desc", 1),
        ("let x = meetings where a = b\nand c = d", 1),
        ("meetings | distinct\nvisits", 2),
        ("meetings where x in (visits\n | distinct\n country)\nvisits", 2),
        ("meetings\n(visits | count) where a = b; # so\n; visits", 3),
        ("#!/usr/bin/env demarche\n\nuse \"a.dmq\"\nexpect a\nlet b = c", 3),
        ("meetings since 2024-05..\nvisits", 2),
    ];
    for (text, count) in cases {
        let parsed = parse(text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        assert_eq!(parsed.script.statements.len(), count, "{text}");
    }
}

#[test]
fn a_mistake_leaves_the_rest_of_its_query() {
    let parsed = parse("meetings of Putin with Xi Jinping | cuont | take 3");
    let StatementKind::Query(query) = &parsed.script.statements[0].kind else { panic!("no query") };
    assert_eq!(query.source.node, Source::Name("meetings".to_owned()));
    assert!(matches!(query.clauses.as_slice(), [of, with]
        if matches!(of.node, Clause::Of(Some(_))) && matches!(with.node, Clause::With(_))));
    assert!(matches!(query.stages.as_slice(), [wrong, take]
        if wrong.node == Stage::Invalid && matches!(take.node, Stage::Take(_))));
    let messages: Vec<&str> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
}

/// Checks the errors of the lines of `text`; a line of text starts with a blank; under it
/// stand, after `~`, the carets, the message and the help of each of its errors.
fn check_error(expected: &str) {
    let is_note = |line: &&str| line.starts_with('~');
    let text: Vec<&str> = expected.lines().filter(|line| !is_note(line)).map(|line| &line[1..]).collect();
    let source = text.join("\n");
    let mut seen = String::new();
    let mut start = 0;
    let diagnostics = parse(&source).diagnostics;
    for line in text {
        let _ = writeln!(seen, " {line}");
        let end = start + line.len();
        for diagnostic in &diagnostics {
            let Some(span) = diagnostic.span.filter(|span| (start..=end).contains(&span.start)) else { continue };
            let code = diagnostic.code.text();
            let carets = "^".repeat(span.of(&source).chars().count().max(1));
            let help = diagnostic.help.as_ref().map(|help| format!("\n~ {help}")).unwrap_or_default();
            let message = &diagnostic.message;
            let indent = " ".repeat(line[..span.start - start].chars().count());
            let _ = writeln!(seen, "~{indent}{carets}\n~ {code} {message}{help}");
        }
        start = end + 1;
    }
    assert_eq!(seen.trim_end(), expected.trim_end(), "\nseen:\n{seen}");
}

#[test]
fn errors_stand_where_they_are_and_say_what_helps() {
    let text = include_str!("errors.txt");
    for case in text.split("\n---\n") {
        check_error(case);
    }
}

#[test]
fn a_text_is_unfinished_where_only_its_end_is_wrong() {
    let unfinished = [
        "meetings |",
        "meetings where",
        "meetings where a and",
        "meetings where a = (b",
        "let x =",
        "expect",
        "use",
        "meetings | select a,",
        "meetings where a = \"b",
        "meetings | top 3",
        "visits\nmeetings | count by # so",
        "meetings where x in (visits | distinct c",
        "let f(a",
        "meetings of",
        "meetings where a is",
        "expect \"x\":",
        "meetings where a between 1",
        "meetings where not",
        "meetings where a.",
    ];
    for text in unfinished {
        let parsed = parse(text);
        assert!(parsed.unfinished && parsed.diagnostics.len() == 1, "{text}: {:?}", parsed.diagnostics);
    }
    let finished = [
        "",
        "meetings",
        "meetings | count",
        "meetings | cuont |",
        "meetings where )",
        "meetings O'Brien",
        "meetings where a = 2024-13 and",
        "meetings | count;",
        "# so",
        "meetings | pivot a | (",
        "let x = ;",
    ];
    for text in finished {
        assert!(!parse(text).unfinished, "{text}");
    }
}

#[test]
fn limits_are_diagnostics() {
    let deep = |levels: usize| format!("meetings where {}x{}", "(".repeat(levels), ")".repeat(levels));
    let codes = |text: &str| -> Vec<&str> { parse(text).diagnostics.iter().map(|found| found.code.text()).collect() };
    assert_eq!(codes(&deep(128)), [""; 0]);
    assert_eq!(codes(&format!("{}\nvisits | cuont", deep(129))), ["D0104", "D0101"]);
    assert_eq!(codes(&format!("expect {}x", "not ".repeat(128))), [""; 0]);
    assert_eq!(codes(&format!("expect {}x", "not ".repeat(129))), ["D0104"]);
    assert_eq!(codes(&format!("expect 1{} > 0", " + 1".repeat(300))), [""; 0]);
    assert_eq!(codes(&format!("expect 1{} > 0", " + 1".repeat(500))), ["D0105"]);
}

#[test]
fn words_and_symbols_are_in_their_tables() {
    assert!(KEYWORDS.is_sorted() && CONTEXTUAL.is_sorted());
    assert!(KEYWORDS.iter().all(|word| !CONTEXTUAL.contains(word)));
    for word in stage::STAGES {
        assert!(CONTEXTUAL.contains(word) || KEYWORDS.contains(word), "{word}");
    }
    for (place, symbol) in SYMBOLS.iter().enumerate() {
        assert!(SYMBOLS[..place].iter().all(|before| !symbol.starts_with(before)), "{symbol} is never reached");
    }
}

#[test]
fn highlighting_covers_every_token() {
    let text = "meetings where a = 'b' # so\n| count by 2024-05, 3, $x €";
    let tags: Vec<(&str, Tag)> = highlight(text).into_iter().map(|(span, tag)| (span.of(text), tag)).collect();
    let expected = [
        ("meetings", Tag::Name),
        ("where", Tag::Keyword),
        ("a", Tag::Name),
        ("=", Tag::Symbol),
        ("'b'", Tag::Text),
        ("# so", Tag::Comment),
        ("|", Tag::Symbol),
        ("count", Tag::Keyword),
        ("by", Tag::Keyword),
        ("2024-05", Tag::Date),
        (",", Tag::Symbol),
        ("3", Tag::Number),
        (",", Tag::Symbol),
        ("$x", Tag::Parameter),
        ("€", Tag::Invalid),
    ];
    assert_eq!(tags, expected);
}
