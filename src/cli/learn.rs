//! Lessons in the files of a folder.

use std::path::Path;

use super::{alone, read};
use crate::diagnostic::{Code, Diagnostic, Trouble};
use crate::lesson::{Lesson, check};
use crate::session::Session;

/// The lessons of a folder, in the order of their names.
pub(super) fn lessons(folder: &Path) -> Result<Vec<Lesson>, Trouble> {
    let (lessons, wrong) = read_all(folder)?;
    match wrong.into_iter().next() {
        Some(wrong) => Err(wrong),
        None => Ok(lessons),
    }
}

/// What is wrong with the lessons of a folder, and how many there are.
pub(super) fn checked(folder: &Path, session: &Session) -> Result<(Vec<Trouble>, usize), Trouble> {
    let (lessons, mut wrong) = read_all(folder)?;
    let count = lessons.len() + wrong.len();
    let of_lesson = |lesson: &Lesson| check(lesson, session).into_iter().map(|diagnostic| told(folder, diagnostic));
    wrong.extend(lessons.iter().flat_map(of_lesson).collect::<Vec<_>>());
    Ok((wrong, count))
}

fn read_all(folder: &Path) -> Result<(Vec<Lesson>, Vec<Trouble>), Trouble> {
    let name = folder.display().to_string();
    let unreadable = |message: String| alone(&name, Diagnostic::in_file(Code::UNREADABLE, &name, 0, 0, message));
    let entries =
        std::fs::read_dir(folder).map_err(|error| unreadable(format!("the folder cannot be read: {error}")))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    if files.is_empty() {
        return Err(unreadable("the folder has no lessons: files that end with .md".to_owned()));
    }
    let (mut lessons, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match Lesson::read(&stem, &read(&file.display().to_string())?) {
            Ok(lesson) => lessons.push(lesson),
            Err(diagnostic) => wrong.push(told(folder, diagnostic)),
        }
    }
    Ok((lessons, wrong))
}

/// What is wrong with a lesson, in its file.
fn told(folder: &Path, mut diagnostic: Diagnostic) -> Trouble {
    let mut name = String::new();
    if let Some(origin) = &mut diagnostic.origin {
        origin.file = folder.join(format!("{}.md", origin.file)).display().to_string();
        name.clone_from(&origin.file);
    }
    alone(&name, diagnostic)
}
