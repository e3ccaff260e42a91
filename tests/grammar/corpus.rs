//! The texts of `test/corpus`, in the format that tree-sitter's own tests have, have the trees that stand under them.
//!
//! `BLESS=1 cargo test --test grammar corpus` writes the trees.

use std::path::Path;

use regex::Regex;

use super::tree_sitter::tree;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/tree-sitter-demarche/test/corpus");

/// A tree on lines of its own: `(a b: (c))` is `(a` and below it, further in, `b: (c))`.
fn indented(tree: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    for word in tree.split(' ') {
        match (text.is_empty(), text.ends_with(':')) {
            (true, _) => {}
            (_, true) => text.push(' '),
            _ => text.extend(["\n", &"  ".repeat(depth)]),
        }
        text.push_str(word);
        depth += word.matches('(').count();
        depth -= word.matches(')').count();
    }
    text
}

/// The file with the trees that its texts have.
fn blessed(file: &str) -> String {
    let case = Regex::new(r"(?s)(===+\n(.+?)\n===+\n\n(.+?)\n\n---+\n\n)(.+?)\n(?:\n|\z)").expect("it is a pattern");
    let cases = case
        .captures_iter(file)
        .map(|found| format!("{}{}\n", &found[1], indented(&tree(&found[3]).root_node().to_sexp())));
    cases.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_text_of_the_corpus_has_its_tree() {
    let mut cases = 0;
    for entry in std::fs::read_dir(FOLDER).expect("there is a corpus") {
        let path = entry.expect("a file").path();
        let file = std::fs::read_to_string(&path).expect("a text");
        let blessed = blessed(&file);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &blessed).expect("it can be written");
        } else {
            assert!(file == blessed, "{} is not this:\n{blessed}", Path::new(&path).display());
        }
        cases += blessed.matches("\n---").count();
    }
    assert!(cases > 70, "{cases}");
}
