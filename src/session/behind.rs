//! Which rows of a table an answer rests on, by their names.

use super::Session;
use crate::answer::Cell;
use crate::diagnostic::Trouble;
use crate::ir::ast::Stage;
use crate::span::Spanned;

/// The rows of a table that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Their ids, or their names, in the order of the answer; one that stands in several rows stands here as often.
    pub ids: Vec<String>,
    /// The rest of the query, from the first stage after which a row is none of the table's any more, as it is written.
    pub rest: String,
    /// Whether each row of the answer is one of these, in this order: nothing but the columns is chosen after them.
    pub is_whole: bool,
}

/// The columns that name a row of a table.
const KEYS: [&str; 2] = ["id", "name"];

impl Session {
    /// The rows of a table that the answer to a query rests on, as far as its stages leave them rows of that table; `None` of
    /// a query that has none, such as a sequence. The text may open with `let` statements.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, or what stopped its run.
    ///
    /// # Examples
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// # let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let behind = session.behind("meetings with Xi since 2024-05-07 | count by place")?;
    /// let behind = behind.ok_or("it has rows of events")?;
    /// assert_eq!(behind.ids, ["xi-beijing", "xi-astana"]);
    /// assert_eq!(behind.rest, "count by place");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn behind(&self, text: &str) -> Result<Option<Behind>, Trouble> {
        let query = self.posed(text)?.query;
        for kept in (0..=query.stages.len()).rev() {
            let rest = query.stages.get(kept..).unwrap_or_default();
            let head = rest.first().map_or(query.span.end, |stage| stage.span.start);
            let (head, tail) = (text.get(..head).unwrap_or(text), text.get(head..query.span.end).unwrap_or_default());
            let bar = if rest.is_empty() { "\n|" } else { "" };
            let named = KEYS.iter().find_map(|key| self.ask(&format!("{head}{bar} select {key}")).ok());
            if let Some(answer) = named {
                let ids = answer.rows.iter().filter_map(|row| row.first()).map(Cell::to_string).collect();
                let chooses =
                    |stage: &Spanned<Stage>| matches!(stage.node, Stage::Select(_) | Stage::Cite | Stage::Render(_));
                return Ok(Some(Behind { ids, rest: tail.to_owned(), is_whole: rest.iter().all(chooses) }));
            }
        }
        Ok(None)
    }
}
