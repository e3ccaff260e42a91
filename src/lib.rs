//! An embedded query language for event data.

pub mod builtin;
pub mod diagnostic;
pub mod exec;
pub mod ir;
pub mod resolve;
pub mod span;
pub mod store;
pub mod syntax;
pub mod value;
