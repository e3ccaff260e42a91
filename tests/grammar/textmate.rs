//! `demarche.tmLanguage.json` colours words as the grammar for tree-sitter does.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use demarche::ir::token::TokenKind;
use demarche::syntax::{CONTEXTUAL, KEYWORDS, parse};
use regex::{Captures, Regex};
use serde::Deserialize;

use super::highlights::{captures, query};
use super::{codes, written};

/// Words that a line does not tell from names; it takes them for what they mean more often.
const LIKE_NAMES: [&str; 6] = ["asc", "desc", "ends", "starts", "to", "today"];

/// A grammar, as far as this one makes use of the format.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    first_line_match: String,
    patterns: Vec<Pattern>,
    repository: BTreeMap<String, Pattern>,
}

#[derive(Deserialize, Clone, Default)]
#[serde(default, deny_unknown_fields)]
struct Pattern {
    name: String,
    r#match: String,
    captures: BTreeMap<usize, Pattern>,
    begin: String,
    end: String,
    patterns: Vec<Pattern>,
    include: String,
}

/// A pattern whose expressions are compiled.
struct Rule {
    name: String,
    start: Regex,
    captures: Vec<(usize, String)>,
    /// What ends it, and what stands in it, if it starts a stretch.
    inner: Option<(Regex, Vec<Rule>)>,
}

type Scopes = Vec<(Range<usize>, String)>;

fn compile(patterns: &[Pattern], repository: &BTreeMap<String, Pattern>) -> Vec<Rule> {
    let regex = |text: &str| Regex::new(text).unwrap_or_else(|error| panic!("{error}"));
    let rule = |pattern: &Pattern| {
        let pattern = pattern.include.strip_prefix('#').map_or(pattern, |name| &repository[name]);
        let is_stretch = !pattern.begin.is_empty();
        let captures = pattern.captures.iter().map(|(&number, capture)| (number, capture.name.clone()));
        let inner = is_stretch.then(|| (regex(&pattern.end), compile(&pattern.patterns, repository)));
        let start = if is_stretch { &pattern.begin } else { &pattern.r#match };
        assert!(!start.is_empty());
        let mut names = pattern.captures.values().map(|capture| &capture.name).chain([&pattern.name]);
        assert!(names.all(|name| name.is_empty() || name.ends_with(".demarche")), "a scope is of another language");
        Rule { name: pattern.name.clone(), start: regex(start), captures: captures.collect(), inner }
    };
    patterns.iter().map(rule).collect()
}

fn file() -> File {
    serde_json::from_str(include_str!("../../grammar/demarche.tmLanguage.json")).expect("it has the format")
}

/// The first of `rules` that starts earliest, at or after `place`.
fn next<'r, 't>(rules: &'r [Rule], line: &'t str, place: usize) -> Option<(&'r Rule, Captures<'t>)> {
    let found = rules.iter().filter_map(|rule| Some((rule, rule.start.captures_at(line, place)?)));
    found.min_by_key(|(_, found)| found.get_match().start())
}

/// The stretches of `text` that have a scope, the outer before the inner; like an editor it sees one line at a time.
fn scopes(rules: &[Rule], text: &str) -> Scopes {
    let mut scopes = Vec::new();
    let mut open: Option<&Rule> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let mut place = 0;
        while place < line.len() {
            let mut add = |range: Range<usize>, name: &str| {
                scopes.push((offset + range.start..offset + range.end, name.to_owned()));
            };
            let (end, within) = match open.and_then(|rule| rule.inner.as_ref()) {
                Some((end, within)) => (end.find_at(line, place), within.as_slice()),
                None => (None, rules),
            };
            let found = next(within, line, place);
            let start = found.as_ref().map_or(line.len(), |(_, found)| found.get_match().start());
            let end = end.filter(|end| end.start() <= start);
            if let Some(rule) = open {
                add(place..end.map_or(start, |end| end.end()), &rule.name);
            }
            if let Some(end) = end {
                open = None;
                place = end.end();
            } else if let Some((rule, found)) = found {
                add(found.get_match().range(), &rule.name);
                for (number, name) in &rule.captures {
                    found.get(*number).into_iter().for_each(|part| add(part.range(), name));
                }
                open = if rule.inner.is_some() { Some(rule) } else { open };
                place = found.get_match().end();
            } else {
                place = line.len();
            }
        }
        offset += line.len();
    }
    scopes
}

/// What both call the same, in words of this test.
fn kind(name: &str) -> &'static str {
    let kinds = [
        ("keyword.operator.demarche", "mark"),
        ("operator", "mark"),
        ("character.special", "mark"),
        ("keyword", "keyword"),
        ("number", "number"),
        ("constant.numeric", "number"),
        ("constant.builtin", "constant"),
        ("constant.language", "constant"),
        ("boolean", "constant"),
        ("constant.character", "text"),
        ("constant", "number"),
        ("string", "text"),
        ("entity.name.function", "function"),
        ("function", "function"),
        ("variable.other.member", "field"),
        ("property", "field"),
        ("variable.parameter", "parameter"),
        ("comment", "comment"),
    ];
    kinds.iter().find(|(start, _)| name.starts_with(start)).map_or("", |(_, kind)| kind)
}

/// The innermost scope at `place`.
fn scope_at(scopes: &Scopes, place: usize) -> &str {
    let found = scopes.iter().filter(|(range, name)| range.contains(&place) && !name.is_empty());
    found.min_by_key(|(range, _)| range.len()).map_or("", |(_, name)| name)
}

#[test]
fn a_file_is_known_by_its_first_line() {
    let first = Regex::new(&file().first_line_match).expect("it is a pattern");
    assert!(first.is_match("#!/usr/bin/env -S demarche run"));
    assert!(!first.is_match("# demarche"));
}

#[test]
fn words_have_the_colours_that_tree_sitter_gives_them() {
    let file = file();
    let rules = compile(&file.patterns, &file.repository);
    let query = query();
    let mut words: BTreeSet<&str> = [KEYWORDS, CONTEXTUAL].concat().into_iter().collect();
    let places = ["meetings where a = …", "meetings since 3 …", "meetings | render …"];
    let texts = words.iter().flat_map(|word| places.map(|place| place.replace('…', word))).collect::<Vec<_>>();
    let mut differences = BTreeSet::new();
    for text in texts.into_iter().chain(written::scripts()).chain(written::texts()) {
        if !codes(&text).is_empty() {
            continue;
        }
        let by_line = scopes(&rules, &text);
        let by_tree = captures(&query, &text).into_iter().map(|(name, range)| (range, name)).collect();
        for token in parse(&text).tokens {
            let word = token.span.of(&text);
            let [line, tree] = [&by_line, &by_tree].map(|scopes| kind(scope_at(scopes, token.span.start)));
            let is_like_name = LIKE_NAMES.contains(&word) && tree.is_empty();
            if line == tree {
                words.remove(if line.is_empty() { "" } else { word });
            } else if token.kind != TokenKind::QuotedName && !is_like_name {
                differences.insert(format!("`{word}` is {line:?} and not {tree:?}: {text}"));
            }
        }
    }
    let few: Vec<String> = differences.iter().take(20).cloned().collect();
    assert!(few.is_empty(), "{} differ:\n{}", differences.len(), few.join("\n"));
    assert!(words.is_empty(), "no text has these: {words:?}");
}
