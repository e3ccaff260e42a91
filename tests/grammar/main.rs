//! `grammar/demarche.ebnf` and the parser say the same: of its examples, of texts made from it, of what is written elsewhere.

mod corpus;
mod ebnf;
mod generator;
mod highlights;
mod literal;
mod page;
mod recogniser;
mod textmate;
mod tree_sitter;
mod written;

use std::collections::BTreeSet;

use demarche::ir::token::TokenKind;
use demarche::syntax::{CONTEXTUAL, KEYWORDS, SYMBOLS, parse};

use ebnf::{Grammar, is_lexical};
use generator::Generator;
use literal::exists;
use recogniser::{derives, spells};

/// Where the grammar starts: with the tokens, and with what stands between them.
const STARTS: [&str; 2] = ["Script", "BLANK"];
/// The code of a hole.
const HOLE: &str = "D0106";
/// The code of a literal that stands for nothing.
const BAD_LITERAL: &str = "D0103";

fn grammar() -> Grammar {
    Grammar::read(include_str!("../../grammar/demarche.ebnf"))
}

/// The codes of what is wrong with `text`.
fn codes(text: &str) -> Vec<&'static str> {
    parse(text).diagnostics.iter().map(|diagnostic| diagnostic.code.text()).collect()
}

/// The tokens of `text`, without comments.
fn tokens(text: &str) -> Vec<&str> {
    let is_token = |kind| !matches!(kind, TokenKind::Comment | TokenKind::End);
    parse(text).tokens.iter().filter(|token| is_token(token.kind)).map(|token| token.span.of(text)).collect()
}

/// Checks that the grammar derives the tokens of `text`, which is one statement or ends each with `;`, just when the
/// parser reads them. A hole the parser passes over, so there it may read more.
fn check_agreement(grammar: &Grammar, text: &str) {
    let tokens = tokens(text);
    let line = tokens.join(" ");
    let codes = codes(&line);
    if codes.contains(&BAD_LITERAL) {
        return;
    }
    let is_hole = codes.contains(&HOLE);
    let is_read = codes.iter().all(|code| *code == HOLE);
    let is_derived = derives(grammar, "Script", &tokens);
    assert!(
        is_derived == is_read || is_hole && !is_derived,
        "the grammar {} what the parser answers with {codes:?}: {line}",
        if is_derived { "derives" } else { "does not derive" }
    );
}

#[test]
fn every_production_is_defined_once_and_used() {
    let grammar = grammar();
    let names: BTreeSet<String> = grammar.productions.iter().map(|production| production.name.clone()).collect();
    assert_eq!(names.len(), grammar.productions.len(), "a production is defined twice");
    let reachable: BTreeSet<String> = STARTS.iter().flat_map(|start| grammar.reachable(start)).collect();
    assert_eq!(names.difference(&reachable).collect::<Vec<_>>(), [""; 0], "these are never used");
}

#[test]
fn the_words_and_marks_are_those_of_the_lexer() {
    let grammar = grammar();
    let known: BTreeSet<String> =
        [KEYWORDS, CONTEXTUAL, SYMBOLS].concat().iter().map(|&word| word.to_owned()).collect();
    assert_eq!(
        grammar.words().symmetric_difference(&known).collect::<Vec<_>>(),
        [""; 0],
        "these are in one of the two"
    );
    for word in KEYWORDS {
        assert!(spells(&grammar, "KEYWORD", word), "KEYWORD does not list `{word}`");
    }
    for word in CONTEXTUAL {
        assert!(spells(&grammar, "NAME", word), "`{word}` is no name");
    }
}

#[test]
fn every_example_is_answered_as_it_says() {
    let grammar = grammar();
    for production in &grammar.productions {
        let name = &production.name;
        let has = |accepted| production.examples.iter().any(|example| example.accepted == accepted);
        assert!(has(true), "{name} has no example");
        assert!(has(false) || production.is_hole, "{name} has no example that is rejected");
        for example in &production.examples {
            let script = &example.script;
            let codes = codes(script);
            let (is_read, expected) = if production.is_hole {
                (!codes.is_empty() && codes.iter().all(|code| *code == HOLE), "a hole")
            } else {
                (codes.is_empty(), "accepted")
            };
            assert_eq!(is_read, example.accepted, "{name}: is it {expected}? {codes:?}: {script}");
            if !example.text.contains('\n') && !codes.contains(&BAD_LITERAL) {
                let text = &example.text;
                let is_derived = if is_lexical(name) {
                    spells(&grammar, name, text)
                } else {
                    derives(&grammar, name, &tokens(text))
                };
                assert_eq!(is_derived, example.accepted, "{name} is to derive just what is accepted: {text}");
                check_agreement(&grammar, script);
            }
        }
    }
}

#[test]
fn what_the_grammar_derives_is_read() {
    let grammar = grammar();
    let mut taken = BTreeSet::from(["Script"]);
    for (start, without_holes) in [("Script", true), ("Query", true), ("Query", false)] {
        let mut generator = Generator::new(&grammar, 2024, without_holes);
        for _ in 0..2_000 {
            let (tokens, productions) = generator.sentence(start);
            let is_hole = productions.iter().any(|name| grammar.production(name).is_hole);
            let text = generator.spaced(&tokens);
            let codes = codes(&text);
            assert!(codes.iter().all(|code| is_hole && *code == HOLE), "{codes:?}: {text}");
            assert_eq!(codes.is_empty(), !is_hole, "{text}");
            taken.extend(productions);
        }
    }
    for production in grammar.productions.iter().filter(|production| !is_lexical(&production.name)) {
        assert!(taken.contains(production.name.as_str()), "no sentence has a {}", production.name);
    }
}

#[test]
fn changed_sentences_are_derived_just_when_they_are_read() {
    let grammar = grammar();
    let words: Vec<String> = grammar.words().into_iter().collect();
    for (start, without_holes) in [("Let", true), ("Expect", true), ("Query", true), ("Query", false)] {
        let mut generator = Generator::new(&grammar, 2025, without_holes);
        for _ in 0..300 {
            let (mut tokens, _) = generator.sentence(start);
            check_agreement(&grammar, &tokens.join(" "));
            generator.mutate(&mut tokens, &words);
            check_agreement(&grammar, &tokens.join(" "));
        }
    }
}

#[test]
fn what_is_written_elsewhere_is_derived_just_when_it_is_read() {
    let grammar = grammar();
    for text in written::texts() {
        check_agreement(&grammar, &text);
    }
}

#[test]
fn tokens_are_spelled_as_the_grammar_says() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 2026, false);
    let words = grammar.words();
    let terminals = ["NAME", "TEXT", "PARAMETER", "INTEGER", "FLOAT", "DATE"];
    let mut changed = 0;
    for turn in 0..12_000 {
        let text = generator.lexeme(terminals[turn % terminals.len()]);
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        if turn % 3 > 0 {
            let others =
                ["_", ".", "-", "e", "Q", "1", "0", "9", "T", ":", "Z", "\\", "\"", "'", "`", "$", "é", " ", "#"];
            generator.mutate(&mut characters, &others.map(str::to_owned));
        }
        let text = characters.concat();
        let parsed = parse(&text).tokens;
        let is_token = matches!(parsed.as_slice(), [token, _end]
            if token.span.of(&text) == text && !matches!(token.kind, TokenKind::Invalid | TokenKind::Comment));
        let is_spelled = words.contains(&text) || terminals.iter().any(|terminal| spells(&grammar, terminal, &text));
        assert_eq!(is_token, is_spelled && exists(&text), "{text}");
        changed += usize::from(!is_token);
    }
    assert!(changed > 1_000, "{changed}");
}
