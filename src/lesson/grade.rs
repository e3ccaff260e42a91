//! An answer to whether it is what a lesson asks for, by its rows.

use super::Lesson;
use super::differences::{self, Given, in_another_order};
use crate::answer::Answer;
use crate::diagnostic::Trouble;
use crate::session::{Behind, Session};

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grade {
    /// It is what was asked for.
    Right,
    /// It is not; how it differs, a line each.
    Wrong(Vec<String>),
}

/// What a query gives, and the rows that this rests on.
pub(super) struct Asked<'a> {
    pub session: &'a Session,
    pub text: &'a str,
    pub answer: Answer,
    pub behind: Option<Behind>,
}

impl<'a> Asked<'a> {
    fn new(session: &'a Session, text: &'a str) -> Result<Self, Trouble> {
        Ok(Self { session, text, answer: session.ask(text)?, behind: session.behind(text).unwrap_or_default() })
    }

    /// The rows of the table that are the rows of the answer.
    fn rows(&self) -> Option<&[String]> {
        self.behind.as_ref().filter(|behind| behind.is_whole).map(|behind| behind.ids.as_slice())
    }
}

/// Grades the answer `text` of a session by its result. Where the solution chooses no columns, the rows count and any columns
/// will do; else its columns are asked for, under any names, and others may stand beside them. The order counts where the
/// lesson asks for it. `fresh` is the session in which the solution is asked.
///
/// # Errors
///
/// What is wrong with the answer, or with the solution: a mistake, which no result can be graded of.
///
/// # Examples
///
/// ```
/// use demarche::{dataset, lesson::{Grade, grade, shipped}, session::Session, value::days};
///
/// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
/// let lesson = &shipped()[0];
/// assert_eq!(grade(lesson, &session, &lesson.solution, &session)?, Grade::Right);
/// # Ok::<(), demarche::diagnostic::Trouble>(())
/// ```
pub fn grade(lesson: &Lesson, session: &Session, text: &str, fresh: &Session) -> Result<Grade, Trouble> {
    let wanted = Asked::new(fresh, &lesson.solution)?;
    let given = Asked::new(session, text)?;
    let chooses = wanted.behind.as_ref().is_none_or(|behind| !behind.rest.is_empty());
    let columns = Given::of(&wanted.answer, &given.answer);
    let found = match (wanted.rows(), given.rows()) {
        (Some(wanted), Some(given)) if !chooses => told(wanted, given, lesson.is_ordered),
        _ if !columns.missing.is_empty() => None,
        _ => told(&differences::rows(&wanted.answer), &columns.rows, lesson.is_ordered),
    };
    Ok(found.unwrap_or_else(|| Grade::Wrong(differences::told(&wanted, &given, &columns))))
}

/// Whether the rows are those that are wanted; nothing where they are not, in any order.
fn told(wanted: &[String], given: &[String], is_ordered: bool) -> Option<Grade> {
    let sorted = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort();
        rows
    };
    if sorted(wanted) != sorted(given) {
        return None;
    }
    Some(if is_ordered && wanted != given { Grade::Wrong(in_another_order(wanted, given)) } else { Grade::Right })
}
