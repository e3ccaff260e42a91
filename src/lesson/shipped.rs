//! The lessons that come with the program, on the built-in data.

use super::Lesson;
use crate::session::Session;

/// The data set that the lessons that ship are on.
const SHIPPED_ON: &str = "putin-2024";

/// Lessons to be taken.
#[derive(Debug, Clone)]
pub struct Course {
    /// What its progress is kept by.
    pub name: String,
    /// The lessons, in their order.
    pub lessons: Vec<Lesson>,
    /// The number, from 1, of the lesson with which to begin; the first that is not solved unless given.
    pub first: Option<usize>,
}

impl Course {
    /// The lessons that ship.
    ///
    /// # Errors
    ///
    /// That they are on other data than those of the session.
    pub fn shipped(session: &Session) -> Result<Self, String> {
        let name = &session.store().about.name;
        if name != SHIPPED_ON {
            return Err(format!("the lessons are on another data set, `{SHIPPED_ON}`: `demarche learn` opens it"));
        }
        Ok(Self { name: name.clone(), lessons: shipped(), first: None })
    }
}

macro_rules! lessons {
    ($($name:literal)*) => {
        /// Each lesson that ships: the name of its file, and its text.
        pub const SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../examples/lessons/", $name, ".md")))),*];
    };
}

lessons! {
    "01-meetings"
    "02-where"
    "03-clauses"
    "04-dates"
    "05-names"
    "06-and-or"
    "07-select-sort"
    "08-count"
    "09-groups"
    "10-sides"
    "11-anyone"
    "12-membership"
    "13-absence"
    "14-gaps"
    "15-followed-by"
    "16-sequences"
    "17-possibly"
    "18-sources"
}

/// The lessons that ship, in their order; they are on the built-in data.
pub fn shipped() -> Vec<Lesson> {
    SHIPPED.iter().filter_map(|(name, text)| Lesson::read(name, text).ok()).collect()
}
