//! All lessons, by keys: hints, each wrong answer, the solution, a right answer.

use demarche::lesson::shipped;

use crate::terminal::{PROMPT, Terminal, folder, program};

/// High enough for the longest reply.
const SIZE: (u16, u16) = (200, 100);

/// A text in one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn all_lessons_are_taken_by_keys() {
    let terminal = Terminal::start(program(&folder("lessons"), &["learn", "--color", "never"]), SIZE);
    terminal.sees(PROMPT);
    assert!(terminal.contents().contains("Lesson 1 of"), "{}", terminal.contents());
    let enters = |entry: &str| words(&terminal.reply(&words(entry)));
    let lessons = shipped();
    let all = lessons.len();
    for (place, lesson) in lessons.iter().enumerate() {
        if place > 0 {
            let told = enters(":learn");
            let (title, task) = (format!("Lesson {} of {all}: {}", place + 1, lesson.title), words(&lesson.task));
            assert!(told.contains(&title) && told.contains(&format!("Task: {task}")), "{told}");
        }
        for (number, hint) in lesson.hints.iter().enumerate() {
            let told = enters(":hint");
            let hint = format!("Hint {} of {}: {}", number + 1, lesson.hints.len(), words(hint));
            assert!(told.contains(&hint), "{told}\n{hint}");
        }
        for wrong in &lesson.wrong {
            let told = enters(&wrong.answer);
            assert!(!told.contains("Right."), "{}: {told}", wrong.answer);
            assert!(wrong.feedback.iter().all(|feedback| told.contains(&words(feedback))), "{}: {told}", wrong.answer);
        }
        let solution = enters(":solution");
        assert!(solution.contains(&words(&lesson.solution)), "{solution}");
        let told = enters(&lesson.solution);
        let solved =
            if place + 1 == all { format!("All {all} lessons") } else { format!("{} of {all} lessons", place + 1) };
        assert!(told.contains("Right.") && told.contains(&format!("{solved} are solved.")), "{}: {told}", lesson.name);
    }
    let told = enters(":learn list");
    assert_eq!(told.matches('✓').count(), all, "{told}");
}
