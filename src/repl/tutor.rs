//! Lessons at the prompt: what is told of a lesson, and of each answer.

use super::folders;
use super::progress::Progress;
use crate::lesson::{Course, Grade, Lesson, grade};
use crate::markup::visible;
use crate::render::style::{BOLD, paint};
use crate::render::wrap;
use crate::session::{Last, Session};

/// So many letters of the name of a course are in the name of its file, the last ones.
const LONGEST: usize = 60;

/// A course as far as it is taken.
pub(super) struct Tutor {
    lessons: Vec<Lesson>,
    progress: Progress,
    /// The place of the lesson at hand.
    at: usize,
    /// How many of its hints were told.
    hints: usize,
    /// Whether it is solved, so that nothing else is graded.
    is_done: bool,
}

impl Tutor {
    pub(super) fn new(course: Course) -> Self {
        let Course { name, lessons, first } = course;
        let letter = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
        let name: Vec<char> = name.chars().map(letter).collect();
        let name: String = name[name.len().saturating_sub(LONGEST)..].iter().collect();
        let progress = Progress::read(folders::state().map(|folder| folder.join(format!("lessons-{name}.txt"))));
        let mut tutor = Self { lessons, progress, at: 0, hints: 0, is_done: false };
        tutor.at = first.map_or_else(|| tutor.unsolved().unwrap_or(0), |number| number.saturating_sub(1));
        tutor.at = tutor.at.min(tutor.lessons.len().saturating_sub(1));
        tutor
    }

    /// Does what `:learn` is asked to do, and tells it.
    pub(super) fn learn(&mut self, argument: &str, color: bool, width: usize) -> Result<String, String> {
        match argument {
            "" => match self.unsolved() {
                None if self.is_done => return Ok("all lessons are solved; `:learn list` shows them\n".to_owned()),
                Some(next) if self.is_done => self.turn_to(next),
                _ => {}
            },
            "list" => return Ok(self.list()),
            number => match number.parse::<usize>() {
                Ok(number) if (1..=self.lessons.len()).contains(&number) => self.turn_to(number - 1),
                _ => return Err(format!("`:learn` takes a number up to {}, `list` or `off`", self.lessons.len())),
            },
        }
        Ok(self.told(color, width))
    }

    /// The lesson at hand: title, story and task.
    pub(super) fn told(&self, color: bool, width: usize) -> String {
        let Some(lesson) = self.lessons.get(self.at) else { return String::new() };
        let title =
            visible(&format!("Lesson {} of {}: {}", self.at + 1, self.lessons.len(), lesson.title)).into_owned();
        let story = paragraphs(&lesson.story, color, width);
        let task = paragraphs(&format!("Task: {}", lesson.task), color, width);
        let help = paragraphs("`:hint` helps, `:solution` tells, `:learn list` shows all lessons.", color, width);
        format!("{}\n\n{story}\n{task}{help}", paint(&title, BOLD, color))
    }

    /// The next hint, or the last again.
    pub(super) fn hint(&mut self, color: bool, width: usize) -> String {
        let Some(lesson) = self.lessons.get(self.at) else { return String::new() };
        self.hints = (self.hints + 1).min(lesson.hints.len());
        let hint = lesson.hints.get(self.hints.saturating_sub(1)).map_or("", String::as_str);
        paragraphs(&format!("Hint {} of {}: {hint}", self.hints, lesson.hints.len()), color, width)
    }

    /// What is right.
    pub(super) fn solution(&self) -> String {
        let solution = self.lessons.get(self.at).map_or("", |lesson| lesson.solution.as_str());
        let lines = solution.lines().map(|line| format!("  {}\n", visible(line)));
        lines.collect()
    }

    /// What is said to a query that was answered, or nothing; in the session `fresh` the solution is asked.
    pub(super) fn said(&mut self, last: &Last, fresh: &Session, color: bool, width: usize) -> String {
        let Some(lesson) = self.lessons.get(self.at).filter(|_| !self.is_done) else { return String::new() };
        match grade(lesson, last.session(), last.text(), fresh) {
            Ok(Grade::Right) => {
                let remark = lesson.remark.clone();
                self.progress.add(&lesson.name);
                self.is_done = true;
                let right = paint("Right.", BOLD, color);
                format!(
                    "{right}\n{}{}\n",
                    paragraphs(&remark, color, width),
                    paragraphs(&self.what_next(), color, width)
                )
            }
            Ok(Grade::Wrong(lines)) => {
                let lines = lines.iter().flat_map(|line| indented(&visible(line), width));
                format!("{}\n{}\n\n", paint("Not yet.", BOLD, color), lines.collect::<Vec<_>>().join("\n"))
            }
            Err(trouble) => format!("{trouble}\n"),
        }
    }

    fn what_next(&self) -> String {
        let solved = self.lessons.iter().filter(|lesson| self.progress.has(&lesson.name)).count();
        match self.unsolved() {
            Some(next) => format!(
                "{solved} of {} lessons are solved. `:learn` goes on with lesson {}: {}.",
                self.lessons.len(),
                next + 1,
                self.lessons[next].title
            ),
            None => format!("All {solved} lessons are solved."),
        }
    }

    fn list(&self) -> String {
        let line = |(number, lesson): (usize, &Lesson)| {
            let is_solved = if self.progress.has(&lesson.name) { "✓" } else { " " };
            let is_here = if number == self.at + 1 { ">" } else { " " };
            format!("{is_here}{is_solved} {number:>2}  {}\n", visible(&lesson.title))
        };
        (1..).zip(&self.lessons).map(line).collect()
    }

    /// The next lesson from here on that is not solved, or the first.
    fn unsolved(&self) -> Option<usize> {
        let all = (self.at..self.lessons.len()).chain(0..self.at);
        all.into_iter().find(|&place| !self.progress.has(&self.lessons[place].name))
    }

    fn turn_to(&mut self, place: usize) {
        (self.at, self.hints, self.is_done) = (place, 0, false);
    }
}

/// Paragraphs of Markdown in lines no wider than `width`; what is code in them is bold where there is colour.
fn paragraphs(text: &str, color: bool, width: usize) -> String {
    let text = visible(text);
    let paragraph = |paragraph: &str| {
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        let lines: Vec<String> = wrap(&words.join(" "), width);
        let mut is_code = false;
        let painted = lines.iter().map(|line| {
            let parts = line.split('`').enumerate().map(|(place, part)| {
                is_code ^= place > 0;
                if color && is_code { paint(part, BOLD, color) } else { part.to_owned() }
            });
            parts.collect::<Vec<_>>().join(if color { "" } else { "`" })
        });
        painted.collect::<Vec<_>>().join("\n") + "\n"
    };
    text.split("\n\n").filter(|text| !text.trim().is_empty()).map(paragraph).collect::<Vec<_>>().join("\n")
}

/// A line in lines no wider than `width`, each indented as it is.
fn indented(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let (first, rest) = (" ".repeat(indent), " ".repeat(indent + 2));
    let lines = wrap(line.trim_start(), width.saturating_sub(indent + 2).max(20));
    (0..)
        .zip(lines)
        .map(|(place, line): (usize, String)| format!("{}{line}", if place == 0 { &first } else { &rest }))
        .collect()
}
