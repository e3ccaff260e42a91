//! `highlights.scm` gives every token but a bare name one colour, and each the one that it should have.

use ::tree_sitter::{Node, Query, QueryCursor, StreamingIterator};
use demarche::syntax::{CONTEXTUAL, KEYWORDS};

use super::tree_sitter::tree;
use super::{codes, written};

/// The captures of `text`: what each is called, and its place.
pub fn captures(query: &Query, text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let tree = tree(text);
    let mut cursor = QueryCursor::new();
    let mut found = cursor.captures(query, tree.root_node(), text.as_bytes());
    let mut captures = Vec::new();
    while let Some((matched, place)) = found.next() {
        let capture = matched.captures[*place];
        captures.push((query.capture_names()[capture.index as usize].to_owned(), capture.node.byte_range()));
    }
    captures
}

/// The query that colours.
pub fn query() -> Query {
    Query::new(&tree_sitter_demarche::LANGUAGE.into(), tree_sitter_demarche::HIGHLIGHTS_QUERY).expect("it is a query")
}

/// The tokens of a tree; a text is one, and its escapes are part of it.
fn leaves<'a>(node: Node<'a>, leaves: &mut Vec<Node<'a>>) {
    if node.child_count() == 0 || node.kind() == "text" {
        return leaves.push(node);
    }
    node.children(&mut node.walk()).for_each(|child| self::leaves(child, leaves));
}

#[test]
fn every_token_has_one_colour() {
    let query = query();
    let mut words = [KEYWORDS, CONTEXTUAL].concat();
    let places = ["meetings where a = …", "meetings since 3 …", "meetings | render …"];
    let texts = words.iter().flat_map(|word| places.map(|place| place.replace('…', word))).collect::<Vec<_>>();
    for text in texts.into_iter().chain(written::texts()).filter(|text| codes(text).is_empty()) {
        let captures = captures(&query, &text);
        let tree = tree(&text);
        let mut tokens = Vec::new();
        leaves(tree.root_node(), &mut tokens);
        for token in tokens.into_iter().filter(|token| !token.byte_range().is_empty()) {
            let mut colours: Vec<&str> = captures
                .iter()
                .filter(|(_, place)| *place == token.byte_range())
                .map(|(name, _)| name.as_str())
                .collect();
            colours.dedup();
            let is_bare = ["name", "quoted_name"].contains(&token.kind()) && colours.is_empty();
            assert!(colours.len() == 1 || is_bare, "{colours:?} for `{}`: {text}", &text[token.byte_range()]);
            if !token.kind().ends_with("name") {
                words.retain(|word| !text[token.byte_range()].split_whitespace().any(|part| part == *word));
            }
        }
    }
    assert_eq!(words, [""; 0], "no text has these");
}

#[test]
fn words_are_coloured_by_what_they_mean() {
    let query = query();
    for (text, word, colour) in [
        ("meetings", "meetings", "type"),
        ("meetings | count", "count", "keyword"),
        ("meetings | select n = count()", "count", "function"),
        ("meetings | count by leader.count", "count", "keyword property"),
        ("meetings in Moscow", "in", "keyword"),
        ("meetings where a in Moscow", "in", "keyword.operator"),
        ("meetings | last", "last", "keyword"),
        ("meetings since last month", "last", "constant.builtin"),
        ("sequence [visits] not [calls]", "not", "keyword"),
        ("meetings where not a", "not", "keyword.operator"),
        ("meetings where a is missing", "missing", "constant.builtin"),
        ("meetings | derive map = 1 | render map", "map", "variable constant.builtin"),
        ("let since_then(x) = meetings since x", "x", "variable.parameter"),
        ("meetings with \"a\\n\"", "\\n", "string.escape"),
        ("let a = sequence.sequence", "sequence", "property"),
    ] {
        let found = captures(&query, text).into_iter().filter(|(_, place)| &text[place.clone()] == word);
        let colours: Vec<String> = found.map(|(name, _)| name).collect();
        assert_eq!(colours.join(" "), colour, "`{word}`: {text}");
    }
}
