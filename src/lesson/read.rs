//! The text of a lesson to its parts.

use crate::diagnostic::{Code, Diagnostic};

/// One lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The name of its file without the ending; lessons are taken in the order of their names.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it tells, in Markdown.
    pub story: String,
    /// What is asked for, in Markdown.
    pub task: String,
    /// What helps, more and more.
    pub hints: Vec<String>,
    /// A query that is right.
    pub solution: String,
    /// Whether the order of the rows is asked for.
    pub is_ordered: bool,
    /// What is said once it is solved, in Markdown.
    pub remark: String,
    /// Answers that are wrong.
    pub wrong: Vec<Wrong>,
}

/// An answer that is wrong, and what has to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The answer.
    pub answer: String,
    /// Words that the feedback has.
    pub feedback: Vec<String>,
    /// The line of the file that it begins in.
    pub line: usize,
}

/// A heading with the lines under it, each with its number.
struct Section<'a> {
    heading: &'a str,
    line: usize,
    lines: Vec<(usize, &'a str)>,
}

/// A block of a section.
enum Block {
    Prose(String),
    Items(Vec<String>),
    Query(usize, String),
}

impl Lesson {
    /// Reads a lesson: a title `# …` and a story, then the sections `## Task`, `## Hints` with a list, `## Solution` with a
    /// query in a fence and what to say about it, and `## Wrong answers`, each a fence followed by a list of words that the
    /// feedback has. `## Solution in order` asks for the order of the rows, too.
    ///
    /// # Errors
    ///
    /// What is missing or cannot be understood, with its line.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::lesson::Lesson;
    ///
    /// let text = "# At home\n\nWho came?\n\n## Task\n\nThe meetings at home.\n\n## Hints\n\n1. `venue` says where.\n\
    ///     \n## Solution\n\n```demarche\nmeetings where venue = home\n```\n";
    /// let lesson = Lesson::read("01-at-home", text).map_err(|wrong| wrong.message)?;
    /// assert_eq!((lesson.title.as_str(), lesson.solution.as_str()), ("At home", "meetings where venue = home"));
    /// # Ok::<(), String>(())
    /// ```
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let wrong = |line: usize, message: &str| {
            let diagnostic = Diagnostic::in_file(Code::BAD_LESSON, name, line, 0, message);
            diagnostic.help("a lesson has a title, a story, and the sections Task, Hints, Solution and Wrong answers")
        };
        let (head, sections) = sections(text);
        let title = head.heading.to_owned();
        if title.is_empty() {
            return Err(wrong(1, "the lesson has no title: `# …` in its first line"));
        }
        let mut lesson = Self {
            name: name.to_owned(),
            title,
            story: prose(&head),
            task: String::new(),
            hints: Vec::new(),
            solution: String::new(),
            is_ordered: false,
            remark: String::new(),
            wrong: Vec::new(),
        };
        for section in sections {
            match section.heading {
                "Task" => lesson.task = prose(&section),
                "Hints" => lesson.hints = items(&section),
                "Solution" | "Solution in order" => {
                    lesson.is_ordered = section.heading != "Solution";
                    for block in blocks(&section) {
                        match block {
                            Block::Query(_, query) if lesson.solution.is_empty() => lesson.solution = query,
                            Block::Query(line, _) => return Err(wrong(line, "there is a second solution")),
                            Block::Prose(text) => add_paragraph(&mut lesson.remark, &text),
                            Block::Items(_) => return Err(wrong(section.line, "a list stands in the solution")),
                        }
                    }
                }
                "Wrong answers" => {
                    for block in blocks(&section) {
                        match (block, lesson.wrong.last_mut()) {
                            (Block::Query(line, answer), _) => {
                                lesson.wrong.push(Wrong { answer, feedback: Vec::new(), line });
                            }
                            (Block::Items(words), Some(wrong)) => wrong.feedback.extend(words),
                            (Block::Items(_), None) => {
                                return Err(wrong(section.line, "a list has no answer before it"));
                            }
                            (Block::Prose(_), _) => {}
                        }
                    }
                }
                heading => return Err(wrong(section.line, &format!("no lesson has a section `{heading}`"))),
            }
        }
        let has = [
            ("story", !lesson.story.is_empty()),
            ("section Task", !lesson.task.is_empty()),
            ("list of Hints", !lesson.hints.is_empty()),
            ("query in a fence under Solution", !lesson.solution.is_empty()),
        ];
        match has.iter().find(|(_, has)| !has) {
            Some((what, _)) => Err(wrong(0, &format!("the lesson has no {what}"))),
            None => Ok(lesson),
        }
    }
}

/// What stands under the title, and the sections.
fn sections(text: &str) -> (Section<'_>, Vec<Section<'_>>) {
    let mut head = Section { heading: "", line: 1, lines: Vec::new() };
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut is_fenced = false;
    for (number, line) in (1..).zip(text.lines()) {
        is_fenced ^= is_fence(line);
        match (line.strip_prefix("## "), line.strip_prefix("# ")) {
            (Some(heading), _) if !is_fenced => {
                sections.push(Section { heading: heading.trim(), line: number, lines: Vec::new() });
            }
            (_, Some(title)) if !is_fenced && number == 1 => head.heading = title.trim(),
            _ => sections.last_mut().unwrap_or(&mut head).lines.push((number, line)),
        }
    }
    (head, sections)
}

fn prose(section: &Section<'_>) -> String {
    let lines: Vec<&str> = section.lines.iter().map(|(_, line)| *line).collect();
    lines.join("\n").trim().to_owned()
}

fn items(section: &Section<'_>) -> Vec<String> {
    let items = blocks(section)
        .into_iter()
        .filter_map(|block| if let Block::Items(items) = block { Some(items) } else { None });
    items.flatten().collect()
}

fn blocks(section: &Section<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = section.lines.iter().peekable();
    while let Some((number, line)) = lines.next() {
        if is_fence(line) {
            let mut query: Vec<&str> = Vec::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| !is_fence(line)) {
                query.push(line);
            }
            lines.next();
            blocks.push(Block::Query(*number, query.join("\n").trim().to_owned()));
            continue;
        }
        match (item(line), blocks.last_mut()) {
            (Some(text), Some(Block::Items(items))) => items.push(text.to_owned()),
            (Some(text), _) => blocks.push(Block::Items(vec![text.to_owned()])),
            (None, _) if line.trim().is_empty() => {
                if let Some(Block::Prose(text)) = blocks.last_mut() {
                    text.push_str("\n\n");
                }
            }
            (None, Some(Block::Items(items))) if line.starts_with(' ') => {
                if let Some(last) = items.last_mut() {
                    *last = format!("{last} {}", line.trim());
                }
            }
            (None, Some(Block::Prose(text))) => text.push_str(&format!("\n{line}")),
            (None, _) => blocks.push(Block::Prose((*line).to_owned())),
        }
    }
    blocks
}

/// Whether a line opens or closes a query.
fn is_fence(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~")
}

/// The text of an item of a list: `- …` or `1. …`.
fn item(line: &str) -> Option<&str> {
    let numbered = || line.split_once(". ").filter(|(number, _)| number.bytes().all(|digit| digit.is_ascii_digit()));
    line.strip_prefix("- ").or_else(|| numbered().filter(|(number, _)| !number.is_empty()).map(|(_, text)| text))
}

fn add_paragraph(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more.trim());
}
