//! Lessons: Markdown to a story, a task, hints and a solution; and an answer to what is right or wrong about it. It opens no
//! file.

mod check;
mod differences;
mod grade;
mod read;
mod shipped;

pub use check::check;
pub use grade::{Grade, grade};
pub use read::{Lesson, Wrong};
pub use shipped::{Course, SHIPPED, shipped};
