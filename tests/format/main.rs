//! Formatted texts: how they look, and that they mean the same, keep every comment and are left alone a second time.

#[path = "../grammar/ebnf.rs"]
#[expect(dead_code, reason = "the examples of the grammar are tested with it")]
mod ebnf;
#[path = "../grammar/generator.rs"]
mod generator;
#[path = "../grammar/literal.rs"]
mod literal;
#[path = "../grammar/recogniser.rs"]
#[expect(dead_code, reason = "whether a text is a sentence is tested with the grammar")]
mod recogniser;

use std::path::{Path, PathBuf};

use demarche::diagnostic::CODES;
use demarche::ir::token::TokenKind;
use demarche::session::format;
use demarche::syntax::parse;

use ebnf::Grammar;
use generator::{Generator, Random};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file of this package")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder of this package");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

/// The tree of a text, without its spans.
fn tree(text: &str) -> String {
    let debug = format!("{:?}", parse(text).script);
    let mut tree = String::new();
    let mut rest = debug.as_str();
    while let Some((before, after)) = rest.split_once("Span { ") {
        tree.push_str(before);
        rest = after.split_once(" }").expect("a span ends").1;
    }
    tree + rest
}

fn comments(text: &str) -> Vec<String> {
    let tokens = parse(text).tokens;
    let comments = tokens.iter().filter(|token| token.kind == TokenKind::Comment);
    comments.map(|token| token.span.of(text).trim_end().to_owned()).collect()
}

/// Checks what holds of every text; gives whether it is right, so that it was formatted.
fn check(text: &str) -> bool {
    let formatted = match format(text) {
        Ok(formatted) => formatted,
        Err(diagnostics) => {
            assert_eq!(diagnostics, parse(text).diagnostics, "{text}");
            assert!(!diagnostics.is_empty(), "{text}");
            return false;
        }
    };
    assert_eq!(parse(&formatted).diagnostics, [], "\n{text}\nis formatted\n{formatted}");
    assert_eq!(tree(&formatted), tree(text), "\n{text}\nmeans something else as\n{formatted}");
    assert_eq!(comments(&formatted), comments(text), "\n{text}\nhas other comments as\n{formatted}");
    assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "\n{text}\nis formatted\n{formatted}\nand then otherwise");
    assert!(formatted.is_empty() || formatted.ends_with('\n') && !formatted.ends_with("\n\n"), "{formatted:?}");
    true
}

/// The queries written in the documentation, the examples and the tests of this package.
fn written() -> Vec<String> {
    let mut texts: Vec<String> = files("examples").iter().map(|path| read(path)).collect();
    let quoted = regex::Regex::new(r#""((?:[^"\\\n]|\\["\\])*)""#).expect("it is a pattern");
    for path in files("tests") {
        texts.extend(quoted.captures_iter(&read(&path)).map(|found| found[1].replace("\\\"", "\"")));
    }
    for (_, _, page) in CODES {
        texts.extend(page.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned));
    }
    for path in files("").iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let text = read(path);
        let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
        texts.extend(blocks.map(|(_, block)| block.to_owned()));
        texts.extend(text.lines().map(|line| line.trim_start().to_owned()));
    }
    texts
}

fn grammar() -> Grammar {
    Grammar::read(include_str!("../../grammar/demarche.ebnf"))
}

/// `cases.txt` has texts, each with its canonical form after `=>`, and `---` between one and the next.
#[test]
fn texts_look_as_they_should() {
    let path = Path::new(ROOT).join("tests/format/cases.txt");
    let expected = read(&path);
    let mut seen = Vec::new();
    for case in expected.trim_end().split("\n---\n") {
        let text = case.split_once("\n=>\n").map_or(case, |(text, _)| text);
        assert!(check(text), "{text}\n{:?}", format(text));
        seen.push(format!("{text}\n=>\n{}", format(text).expect("it is right").trim_end()));
    }
    let seen = seen.join("\n---\n") + "\n";
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(&path, &seen).expect("it can be written");
    }
    assert_eq!(seen, expected);
}

#[test]
fn line_ends_and_what_stands_around_a_text_are_one() {
    assert_eq!(format("").as_deref(), Ok(""));
    assert_eq!(format("\n \n").as_deref(), Ok(""));
    assert_eq!(format("# so\r\n\r\n\r\nmeetings\r\n  | count").as_deref(), Ok("# so\n\nmeetings | count\n"));
    assert_eq!(
        format("\u{feff}#!/usr/bin/env demarche\rmeetings ").as_deref(),
        Ok("#!/usr/bin/env demarche\nmeetings\n")
    );
    assert_eq!(format("meetings # so \t\n\n\n").as_deref(), Ok("meetings # so\n"));
    let text = "meetings where summary contains \"one\r\ntwo  \n\"\n";
    assert_eq!(format(text).as_deref(), Ok(text), "the line ends within a text belong to it");
}

#[test]
fn a_statement_does_not_grow_beyond_its_limit() {
    let text = format!("meetings where country in ({}China) # so\n", "China, ".repeat(100_000));
    assert!(format(&text).as_ref() == Ok(&text));
}

#[test]
fn the_examples_are_in_canonical_form() {
    for path in files("examples").iter().filter(|path| path.extension().is_some_and(|ending| ending == "dmq")) {
        let text = read(path);
        assert!(format(&text).as_ref() == Ok(&text), "{}: run `demarche fmt` on it", path.display());
    }
}

#[test]
fn what_is_written_elsewhere_keeps_its_meaning() {
    let count = written().iter().filter(|text| check(text)).count();
    assert!(count > 300, "{count}");
}

#[test]
fn sentences_of_the_grammar_keep_their_meaning() {
    let grammar = grammar();
    let words: Vec<String> = grammar.words().into_iter().collect();
    let (mut count, mut changed) = (0, 0);
    for start in ["Script", "Let", "Expect", "Query"] {
        let mut generator = Generator::new(&grammar, 1_814, true);
        for _ in 0..1_000 {
            let (mut tokens, _) = generator.sentence(start);
            count += usize::from(check(&generator.spaced(&tokens)));
            count += usize::from(check(&tokens.join(" ")));
            generator.mutate(&mut tokens, &words);
            changed += usize::from(check(&tokens.join(" ")));
        }
    }
    assert!(count > 7_000 && changed > 500, "{count} {changed}");
}

/// The text with parentheses, line ends and comments put at some places between its tokens.
fn disturbed(random: &mut Random, text: &str) -> String {
    let tokens = parse(text).tokens;
    let mut disturbed = String::new();
    let mut end = 0;
    let rare = 2 + random.below(12);
    for (place, token) in tokens.iter().enumerate() {
        disturbed.push_str(&text[end..token.span.start]);
        match random.below(rare * 4) {
            0 => disturbed.push_str(&format!(" # {place}\n")),
            1 => disturbed.push_str(&format!("\n   # {place} \r\n\n")),
            2 => disturbed.push('\n'),
            3 => disturbed.push_str(" \t "),
            _ => {}
        }
        let is_held = random.below(rare) == 0;
        let held = token.span.of(text);
        disturbed.push_str(&if is_held { format!("({held})") } else { held.to_owned() });
        end = token.span.end;
    }
    disturbed
}

#[test]
fn comments_and_line_ends_anywhere_are_kept_or_made_regular() {
    let grammar = grammar();
    let mut generator = Generator::new(&grammar, 1_815, true);
    let mut texts: Vec<String> = written().into_iter().filter(|text| format(text).is_ok()).collect();
    texts.extend((0..1_500).map(|_| generator.sentence("Script").0.join(" ")));
    let mut random = Random(1_816);
    let mut count = 0;
    for text in texts {
        for _ in 0..6 {
            count += usize::from(check(&disturbed(&mut random, &text)));
        }
    }
    assert!(count > 3_000, "{count}");
}

#[test]
fn no_list_of_tokens_makes_it_panic() {
    let mut words: Vec<String> = grammar().words().into_iter().collect();
    let literals = [
        "meetings",
        "x",
        "`Event Date`",
        "`x`",
        "\"a\"",
        "'a\"b'",
        "12",
        "2.5",
        "2024-05",
        "$who",
        "# so\n",
        "\n",
        "ü",
    ];
    words.extend(literals.map(str::to_owned));
    let mut random = Random(1_817);
    let mut count = 0;
    for _ in 0..20_000 {
        let length = random.below(10);
        let tokens: Vec<&str> = (0..length).map(|_| words[random.below(words.len())].as_str()).collect();
        count +=
            usize::from(check(&format!("{}{}", ["", "meetings | ", "expect "][random.below(3)], tokens.join(" "))));
    }
    assert!(count > 500, "{count}");
}
