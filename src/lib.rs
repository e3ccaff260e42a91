//! An embedded query language for event data.

pub mod answer;
pub mod builtin;
#[cfg(feature = "cli")]
pub mod cli;
pub mod dataset;
pub mod diagnostic;
pub mod exec;
pub mod ir;
pub mod plan;
pub mod render;
#[cfg(feature = "repl")]
mod repl;
pub mod resolve;
pub mod session;
pub mod span;
pub mod store;
pub mod syntax;
pub mod value;
