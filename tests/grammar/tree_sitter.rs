//! `grammar/tree-sitter-demarche` reads what the parser reads, and nothing else.

use std::collections::BTreeSet;

use ::tree_sitter::{Parser, Tree};
use demarche::ir::token::TokenKind;
use demarche::syntax::{CONTEXTUAL, KEYWORDS, parse};

use super::ebnf::Grammar;
use super::generator::{Generator, Random};
use super::recogniser::spells;
use super::{HOLE, codes, grammar, tokens, written};

/// Statements that go on, or end, or are in the middle of something: after them a word can mean this or that.
const STARTS: &[&str] = &[
    "meetings",
    "meetings where a",
    "meetings where a = b",
    "meetings where a in b",
    "meetings where a is",
    "meetings where a between f",
    "meetings where a ..",
    "meetings where a.",
    "meetings where (a",
    "meetings where a in (b",
    "meetings since a",
    "meetings since 3",
    "meetings since 3 days",
    "meetings since last",
    "meetings since today",
    "meetings | count",
    "meetings | derive a",
    "meetings | distinct",
    "meetings | fill",
    "meetings | fill from a",
    "meetings | fill from a to b",
    "meetings | first",
    "meetings | followed by a",
    "meetings | followed by a within b",
    "meetings | gap by a",
    "meetings | join b",
    "meetings | path from a",
    "meetings | render",
    "meetings | rolling $d",
    "meetings | rolling 3 days",
    "meetings | select",
    "meetings | select a",
    "meetings | sort date",
    "meetings | take 3",
    "meetings | top 3 by a",
    "meetings | union b",
    "meetings | ?",
    "let a",
    "let a =",
    "let a = b",
    "expect",
    "expect a",
    "sequence",
    "sequence latest",
    "sequence [a",
    "sequence [a]",
    "sequence [a where b in c",
    "(",
    "(a",
    "?",
    "a.",
];

/// What can follow such a word and decide what it was.
const ENDS: &[&str] =
    &["", "3", "(b)", "b", "with b", "[b]", "not [b]", "= b", "of b", "by b", "| count", ")", "\n)", "..", "..b"];

/// Tokens that are no words of the language.
const OTHERS: &[&str] = &["x", "`x`", "(", "?", "3", "-", "\"x\"", "$x", "..", ".", "2024-05"];

/// The tree of `text`.
pub fn tree(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_demarche::LANGUAGE.into()).expect("the versions fit");
    parser.parse(text, None).expect("nothing stops it")
}

/// Whether tree-sitter reads `text` without an error, and without a token that it put in.
fn is_accepted(text: &str) -> bool {
    !tree(text).root_node().has_error()
}

/// Whether a literal in `text` is spelled as one and stands for nothing, such as the 30th of February: no grammar knows.
fn has_empty_literal(grammar: &Grammar, text: &str) -> bool {
    let spelled =
        |literal: &str| ["TEXT", "INTEGER", "FLOAT", "DATE"].iter().any(|name| spells(grammar, name, literal));
    let mut tokens = parse(text).tokens.into_iter();
    tokens.any(|token| token.kind == TokenKind::Invalid && spelled(token.span.of(text)))
}

/// Checks that tree-sitter and the parser agree on each of `texts`, of which some are read and some are not. The parser
/// passes over what follows the hole of a stage, so there it may read more.
fn check_all(grammar: &Grammar, texts: impl IntoIterator<Item = String>) {
    let mut differences = BTreeSet::new();
    let mut counts = [0, 0];
    for text in texts {
        let codes = codes(&text);
        let is_read = codes.iter().all(|code| *code == HOLE);
        let is_accepted = is_accepted(&text);
        counts[usize::from(is_accepted)] += 1;
        let is_passed_over = || is_read && tokens(&text).windows(2).any(|pair| pair == ["|", "?"]);
        if is_accepted != is_read && !is_passed_over() && !has_empty_literal(grammar, &text) {
            differences.insert(format!("{}, {codes:?}: {text}", if is_accepted { "accepted" } else { "rejected" }));
        }
    }
    let few: Vec<String> = differences.iter().take(20).cloned().collect();
    assert!(few.is_empty(), "{} differ:\n{}", differences.len(), few.join("\n---\n"));
    assert!(counts.iter().all(|count| count * 20 > counts[0] + counts[1]), "rejected and accepted: {counts:?}");
}

#[test]
fn examples_of_the_grammar_are_accepted_and_rejected_alike() {
    let grammar = grammar();
    let examples = grammar.productions.iter().flat_map(|production| &production.examples);
    check_all(&grammar, examples.map(|example| example.script.clone()));
}

#[test]
fn what_is_written_elsewhere_is_accepted_and_rejected_alike() {
    check_all(&grammar(), written::texts());
    for script in written::scripts() {
        assert!(is_accepted(&script), "{script}");
    }
}

#[test]
fn sentences_of_the_grammar_are_accepted() {
    let grammar = grammar();
    for (start, without_holes) in [("Script", true), ("Query", true), ("Query", false)] {
        let mut generator = Generator::new(&grammar, 3024, without_holes);
        for _ in 0..1_000 {
            let (tokens, _) = generator.sentence(start);
            let text = generator.spaced(&tokens);
            assert!(is_accepted(&text), "{}\n{text}", tree(&text).root_node().to_sexp());
        }
    }
}

#[test]
fn changed_sentences_and_their_lines_are_accepted_and_rejected_alike() {
    let grammar = grammar();
    let words: Vec<String> = grammar.words().into_iter().collect();
    let mut texts = Vec::new();
    let mut random = Random(7);
    for (start, without_holes) in [("Script", true), ("Let", true), ("Expect", true), ("Query", true), ("Query", false)]
    {
        let mut generator = Generator::new(&grammar, 3025, without_holes);
        for turn in 0..1_500 {
            let (mut tokens, _) = generator.sentence(start);
            if turn % 3 > 0 {
                generator.mutate(&mut tokens, &words);
            }
            let tokens_a_line = 2 + random.below(20);
            let blank = |_: &String| if random.below(tokens_a_line) == 0 { "\n" } else { " " };
            let blanks: Vec<&str> = tokens.iter().map(blank).collect();
            texts.push(tokens.iter().zip(blanks).flat_map(|(token, blank)| [token.as_str(), blank]).collect());
        }
    }
    check_all(&grammar, texts);
}

#[test]
fn words_mean_the_same_wherever_they_stand() {
    let mut random = Random(11);
    let mut texts = Vec::new();
    for start in STARTS {
        for word in [KEYWORDS, CONTEXTUAL, OTHERS].concat() {
            for blank in [" ", "\n"] {
                let first = random.below(7);
                texts.extend(ENDS.iter().skip(first).step_by(7).map(|end| format!("{start}{blank}{word} {end}")));
            }
        }
    }
    check_all(&grammar(), texts);
}

#[test]
fn tokens_are_spelled_alike() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 2026, false);
    let terminals = ["NAME", "TEXT", "PARAMETER", "INTEGER", "FLOAT", "DATE"];
    let others = ["_", ".", "-", "e", "Q", "1", "0", "9", "T", ":", "Z", "\\", "\"", "'", "`", "$", "é", " ", "#"];
    let others = others.map(str::to_owned);
    let texts = (0..6_000).map(|turn| {
        let text = generator.lexeme(terminals[turn % terminals.len()]);
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        if turn % 3 > 0 {
            generator.mutate(&mut characters, &others);
        }
        format!("meetings where x = {}", characters.concat())
    });
    check_all(&grammar, texts);
}
