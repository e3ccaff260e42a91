//! Which lessons are solved: a line each in a file of the user's state directory.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// The lessons of one course that are solved.
pub(super) struct Progress {
    file: Option<PathBuf>,
    solved: Vec<String>,
}

impl Progress {
    /// What the file says.
    pub(super) fn read(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
        Self { file, solved: text.lines().map(str::to_owned).collect() }
    }

    pub(super) fn has(&self, lesson: &str) -> bool {
        self.solved.iter().any(|solved| solved == lesson)
    }

    /// A lesson is solved; nothing is lost if another session says so, too.
    pub(super) fn add(&mut self, lesson: &str) {
        if self.has(lesson) {
            return;
        }
        self.solved.push(lesson.to_owned());
        let opened = self.file.as_ref().map(|file| OpenOptions::new().create(true).append(true).open(file));
        if let Some(Ok(mut file)) = opened {
            let _ = file.write_all(format!("{lesson}\n").as_bytes());
        }
    }
}
