//! An embedded query language for event data: who met whom, where, when, and for how long not.
//!
//! ```
//! use demarche::{dataset, session::Session, value::days};
//!
//! #[derive(serde::Deserialize)]
//! struct Meeting {
//!     date: String,
//!     place: Option<String>,
//! }
//!
//! let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
//! let query = session.prepare("meetings with $who since 2024-05-07 | select date, place")?;
//! let answer = query.run(&session, &[("who", "Xi Jinping".into())])?;
//! let meetings: Vec<Meeting> = answer.rows_as()?;
//! assert_eq!(meetings[0].date, "2024-05-16");
//! assert_eq!(meetings[0].place.as_deref(), Some("Beijing"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A program needs four modules: [`dataset`] makes a [`Store`](store::Store) of bytes, a [`session`] asks it, an
//! [`answer`] is what comes back, and [`render`] makes text of answers and of what is [wrong](diagnostic::Trouble).
//! The others are the stages between a text and its answer, each usable alone.
//!
//! The library opens no file, reads no clock and no environment, and prints nothing: the bytes of the data, the day
//! that `today` is, the limits of a run and the width of a table are parameters. No text makes it panic. With
//! `default-features = false` it brings no command line and no terminal.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]
#![warn(clippy::expect_used, clippy::panic, clippy::unreachable, clippy::unimplemented)]

pub mod answer;
pub mod builtin;
#[cfg(feature = "cli")]
pub mod cli;
pub mod dataset;
pub mod diagnostic;
pub mod english;
pub mod exec;
pub mod export;
pub mod format;
pub mod ir;
pub mod lesson;
pub mod lint;
pub mod markup;
pub mod plan;
pub mod render;
#[cfg(feature = "repl")]
pub mod repl;
#[cfg(feature = "cli")]
pub mod report;
pub mod resolve;
pub mod session;
pub mod span;
pub mod store;
pub mod syntax;
pub mod value;

/// The examples of the README are compiled and run with the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
