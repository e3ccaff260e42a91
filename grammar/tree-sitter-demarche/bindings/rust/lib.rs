//! The query language Démarche for [tree-sitter](https://tree-sitter.github.io): its parser, and what editors ask of it.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_demarche() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
// SAFETY: the generated parser exports this function, and what it gives lives as long as the program.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_demarche) };

/// What each part of a text is, for whoever colours it.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
