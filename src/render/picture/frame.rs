//! What stands around a picture whatever it shows: the title above, notes and sources below.

use indexmap::IndexMap;

use super::super::export::header_line;
use super::clean;
use crate::answer::{Answer, Citation, Picture};

/// The lines around a picture.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The question.
    pub title: String,
    /// From whose side and as of when it is told.
    pub told: Option<String>,
    /// What should be known.
    pub notes: Vec<String>,
    /// The works that the rows rest on.
    pub works: Vec<String>,
    /// The data set.
    pub data: String,
}

impl Frame {
    /// The frame of an answer, with what the drawing itself has to say.
    pub(super) fn of(answer: &Answer, picture: &Picture, drawing_notes: Vec<String>) -> Self {
        let notes = answer.notes.iter().map(|note| clean(note)).chain(drawing_notes);
        Self {
            title: clean(&picture.title),
            told: header_line(answer).map(|line| clean(&line)),
            notes: notes.map(|note| capital(&note)).collect(),
            works: works(&picture.sources),
            data: format!("Data: {}", clean(&picture.data)),
        }
    }

    /// The first so many works, how many there are beside them, and the data set: what is said to be the source of a picture.
    pub(super) fn sources(&self, most: usize) -> Vec<String> {
        let more = self.works.len().saturating_sub(most);
        let mut sources: Vec<String> = self.works.iter().take(most).cloned().collect();
        if more > 0 {
            let works = if more == 1 { "work" } else { "works" };
            sources.push(format!("and {more} more {works}, which `cite` lists without `render`"));
        }
        sources.push(self.data.clone());
        sources
    }
}

/// Each work once, whatever paragraphs of it are cited.
fn works(sources: &[Citation]) -> Vec<String> {
    let mut works: IndexMap<&str, String> = IndexMap::new();
    for citation in sources {
        let work = citation.id.split('#').next().unwrap_or_default();
        let text = citation.text.split(". paragraph ").next().unwrap_or_default();
        works.entry(work).or_insert_with(|| clean(text));
    }
    works.into_values().collect()
}

/// A sentence with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
