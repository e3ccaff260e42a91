//! An embedded query language for event data.

pub mod diagnostic;
pub mod ir;
pub mod span;
pub mod store;
pub mod syntax;
pub mod value;
