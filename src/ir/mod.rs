//! The trees that pass between stages: tokens, syntax tree, typed plan. Plain data, no logic of a stage.

pub mod ast;
pub mod plan;
pub mod token;
