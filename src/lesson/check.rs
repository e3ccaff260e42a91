//! A lesson to what is wrong with it: its solution has to be right, and each wrong answer has to be told what it names.

use super::{Grade, Lesson, Wrong, grade};
use crate::diagnostic::{Code, Diagnostic};
use crate::session::Session;

/// What a teacher should know of a lesson before others take it; nothing if all is well.
pub fn check(lesson: &Lesson, session: &Session) -> Vec<Diagnostic> {
    let told = |line: usize, message: String| Diagnostic::in_file(Code::BAD_LESSON, &lesson.name, line, 0, message);
    match grade(lesson, session, &lesson.solution, session) {
        Ok(Grade::Right) => {}
        Ok(Grade::Wrong(lines)) => return vec![told(0, format!("the solution is not right: {}", lines.join(" ")))],
        Err(trouble) => return vec![told(0, format!("the solution is not right: {trouble}"))],
    }
    let of_wrong = |wrong: &Wrong| {
        let feedback = match grade(lesson, session, &wrong.answer, session) {
            Ok(Grade::Right) => return vec![told(wrong.line, "the wrong answer is right".to_owned())],
            Ok(Grade::Wrong(lines)) => lines.join("\n"),
            Err(trouble) => trouble.to_string(),
        };
        let unsaid = wrong.feedback.iter().filter(|words| !feedback.contains(words.as_str()));
        let unsaid = unsaid.map(|words| {
            let message = format!("of the wrong answer is not said: {words}");
            told(wrong.line, message).help(format!("this is said: {}", feedback.replace('\n', " ")))
        });
        let silent = wrong.feedback.is_empty().then(|| {
            told(wrong.line, "nothing stands under the wrong answer that is to be said of it".to_owned())
                .help(format!("this is said: {}", feedback.replace('\n', " ")))
        });
        unsaid.chain(silent).collect()
    };
    lesson.wrong.iter().flat_map(of_wrong).collect()
}
