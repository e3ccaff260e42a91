//! Lessons: those that ship are right, each answer is told what it should be, and a teacher's own are checked and taken.
#![cfg(all(unix, feature = "repl"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use demarche::dataset::built_in;
use demarche::lesson::{Grade, Lesson, SHIPPED, grade, shipped};
use demarche::session::Session;
use demarche::value::days;

fn command(state: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).args(["--today", "2024-07-11", "--color", "never"]);
    command.env("XDG_STATE_HOME", state).env("TERM", "xterm").env("COLUMNS", "100").env_remove("NO_COLOR");
    command
}

/// What was printed, and the exit code, with a text as standard input.
fn run(state: &Path, arguments: &[&str], input: &str) -> (String, i32) {
    let file = state.join("input.txt");
    fs::write(&file, input).expect("it can be written");
    let input = fs::File::open(file).expect("it is there");
    let output = command(state, arguments).stdin(Stdio::from(input)).output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(output.stdout) + &text(output.stderr), output.status.code().expect("it ends by itself"))
}

/// A folder of this test with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lessons").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("the file can be written");
    }
    folder
}

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("it opens")
}

#[test]
fn the_lessons_that_ship_are_those_of_the_folder() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lessons");
    let entries = fs::read_dir(&examples).expect("there are lessons");
    let mut files: Vec<String> =
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    let names: Vec<String> = SHIPPED.iter().map(|(name, _)| format!("{name}.md")).collect();
    assert_eq!(names, files);
    assert!(shipped().len() == SHIPPED.len() && SHIPPED.len() >= 12);
    for lesson in shipped() {
        assert!(lesson.hints.len() >= 3, "{} has few hints", lesson.name);
        assert!(lesson.wrong.len() >= 2 || lesson.name.starts_with("01"), "{} has few wrong answers", lesson.name);
    }
}

#[test]
fn the_lessons_that_ship_are_right() {
    let state = folder("check", &[]);
    let lessons = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/lessons");
    assert_eq!(run(&state, &["learn", "--check", lessons], ""), ("18 lessons are as they should be\n".to_owned(), 0));
}

fn lesson(solution: &str) -> Lesson {
    let text = format!("# T\n\nS\n\n## Task\n\nT\n\n## Hints\n\n- H\n\n## Solution\n\n```demarche\n{solution}\n```\n");
    Lesson::read("lesson", &text).expect("it is a lesson")
}

/// What is said of an answer; nothing if it is right.
fn said(lesson: &Lesson, answer: &str) -> String {
    match grade(lesson, &session(), answer, &session()).expect("it answers") {
        Grade::Right => String::new(),
        Grade::Wrong(lines) => lines.join("\n"),
    }
}

#[test]
fn an_answer_is_graded_by_its_result() {
    let of_rows = lesson("meetings where venue = abroad");
    for right in [
        "meetings where not venue = home",
        "meetings where host != Russia | sort leader desc",
        "meetings | where venue = abroad | select leader",
        "meetings where venue = abroad | derive n = 1 | cite",
    ] {
        assert_eq!(said(&of_rows, right), "", "{right}");
    }
    assert!(said(&of_rows, "visits where venue = abroad").contains("too many"));
    assert!(said(&of_rows, "meetings where venue = abroad | count").contains("the column `date` is missing"));

    let of_columns = lesson("meetings since 2024-05-07 | count by venue");
    for right in [
        "meetings since 2024-05-07 | count by venue | sort count",
        "meetings since 2024-05-07 | summarize n = count() by venue",
        "meetings since 2024-05-07 | count by venue | share",
        "(meetings since 2024-05-07 where venue = home | count by venue)
            | union (meetings since 2024-05-07 where venue = abroad | count by venue)",
    ] {
        assert_eq!(said(&of_columns, right), "", "{right}");
    }
    let half = said(&of_columns, "meetings since 2024-05-07 | count by venue | where count > 10");
    assert_eq!(
        half,
        "1 row is missing:\n  home · 9\nthe right rows are behind it; what differs comes after: `count by venue | where count > 10`"
    );
}

#[test]
fn the_order_counts_only_where_it_is_asked_for() {
    let (query, other) = ("visits of Putin | select date", "visits of Putin | select date | sort date desc");
    let plain = lesson(query);
    let ordered = Lesson { is_ordered: true, ..plain.clone() };
    assert_eq!(said(&plain, other), "");
    assert_eq!(said(&ordered, query), "");
    assert!(
        said(&ordered, other).starts_with("the rows are right, and their order is not; row 1 should be 2000-07-19")
    );
    let of_rows = Lesson { is_ordered: true, ..lesson("visits of Putin | sort date desc") };
    assert_eq!(said(&of_rows, "visits of Putin | sort date desc | select place"), "");
    assert!(said(&of_rows, "visits of Putin").contains("row 1 should be putin-kazakhstan"));
}

#[test]
fn rows_that_stand_too_often_are_too_many() {
    let once = lesson("meetings since 2024-07-04");
    assert!(said(&once, "meetings since 2024-07-04 | expand region").contains("too many"));
    let texts = lesson("meetings since 2024-07-04 | select place");
    assert_eq!(
        said(&texts, "meetings since 2024-07-04 | distinct place"),
        "1 row is missing:\n  Moscow\nthe right rows are behind it; what differs comes after: `distinct place`"
    );
}

/// A lesson that is cut anywhere, or lacks a line, is a lesson or is told to be none.
#[test]
fn no_text_of_a_lesson_makes_it_panic() {
    let text = SHIPPED[2].1;
    let cuts = text.char_indices().map(|(end, _)| text[..end].to_owned());
    let lines: Vec<&str> = text.lines().collect();
    let gaps = (0..lines.len()).map(|gap| [&lines[..gap], &lines[gap + 1..]].concat().join("\n"));
    let read: Vec<bool> = cuts.chain(gaps).map(|text| Lesson::read("lesson", &text).is_ok()).collect();
    assert!(read.contains(&true) && read.contains(&false));
}

const TEACHER: &str = "# Letters\n\nSomeone wrote letters.\n\n## Task\n\nThe letters of kind a.\n\n## Hints\n\n1. `kind`\n\n\
    ## Solution\n\n```demarche\nevents where kind = a\n```\n\nWell done.\n\n## Wrong answers\n\n```demarche\nevents\n```\n\n- too many\n";

const LETTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/data/letters.csv");

#[test]
fn a_teacher_is_told_what_is_wrong_with_a_lesson() {
    let wrong = |name: &str, from: &str, to: &str| {
        let text = TEACHER.replace(from, to);
        assert_ne!(text, TEACHER);
        let folder = folder("teacher", &[("1.md", &text)]);
        let (told, code) =
            run(&folder, &["learn", "--check", folder.to_str().expect("it is text"), "--data", LETTERS], "");
        assert_eq!(code, 2, "{name}: {told}");
        told
    };
    assert!(wrong("no title", "# Letters", "Letters").contains("the lesson has no title"));
    assert!(wrong("no task", "## Task", "## Tusk").contains("no lesson has a section `Tusk`"));
    assert!(wrong("no hints", "1. `kind`", "none").contains("the lesson has no list of Hints"));
    assert!(wrong("no query", "```demarche\nevents where kind = a\n```", "a").contains("no query in a fence"));
    let mistake = wrong("mistake", "kind = a", "kin = a");
    assert!(mistake.contains("the solution is not right") && mistake.contains("there is no field `kin`"), "{mistake}");
    assert!(
        wrong("right", "```demarche\nevents\n", "```demarche\nevents where kind = a\n")
            .contains("the wrong answer is right")
    );
    let unsaid = wrong("unsaid", "- too many", "- too few");
    assert!(unsaid.contains("of the wrong answer is not said: too few") && unsaid.contains("1.md:23"), "{unsaid}");
    assert!(wrong("silent", "- too many\n", "").contains("nothing stands under the wrong answer"));
    let empty = folder("empty", &[]);
    assert!(
        run(&empty, &["learn", "--check", empty.to_str().expect("it is text")], "")
            .0
            .contains("the folder has no lessons")
    );
}

#[test]
fn a_teacher_writes_lessons_for_other_data() {
    let folder = folder(
        "own",
        &[("1.md", TEACHER), ("2.md", &TEACHER.replace("kind = a", "kind = b").replace("Letters", "More"))],
    );
    let path = folder.to_str().expect("it is text");
    assert_eq!(
        run(&folder, &["learn", "--check", path, "--data", LETTERS], ""),
        ("2 lessons are as they should be\n".to_owned(), 0)
    );
    let course = ["learn", "--lessons", path, "--data", LETTERS];
    let (told, code) = run(&folder, &course, "events where kind = b\n:hint\nevents where kind = a\n:learn\n");
    for words in [
        "Lesson 1 of 2: Letters",
        "Not yet.",
        "Hint 1 of 1: `kind`",
        "Right.\nWell done.",
        "1 of 2 lessons are solved",
        "Lesson 2 of 2: More",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(code, 0);
    // Another day it goes on where it was.
    let (told, _) = run(&folder, &course, ":learn list\nevents where kind = b");
    assert!(told.starts_with("Lesson 2 of 2: More") && told.contains(" ✓  1  Letters\n>   2  More"), "{told}");
    assert!(told.contains("All 2 lessons are solved."), "{told}");
    let (told, _) = run(&folder, &[&course[..], &["1"]].concat(), "");
    assert!(told.starts_with("Lesson 1 of 2"), "{told}");
}

#[test]
fn the_prompt_has_lessons_too() {
    let state = folder("prompt", &[]);
    let (told, code) =
        run(&state, &[], ":learn 2\n:solution\nmeetings where venue = abroad\n:learn off\nmeetings | count\n");
    assert!(
        told.contains("Lesson 2 of 18") && told.contains("  meetings where venue = abroad") && told.contains("Right."),
        "{told}"
    );
    assert!(!told.contains("Not yet.") && code == 0, "{told}");
    let (told, code) = run(&state, &[], ":hint\n");
    assert!(told.contains("no lesson is taken; `:learn` begins") && code == 2, "{told}");
    let (told, code) = run(&state, &["--data", LETTERS], ":learn\n");
    assert!(told.contains("the lessons are on another data set") && code == 2, "{told}");
    let (told, code) = run(&state, &[], ":learn 99\n");
    assert!(told.contains("`:learn` takes a number up to 18") && code == 2, "{told}");
}
