//! The questions that the benchmarks ask.

/// All of them, as one script.
pub const QUESTIONS: &str = include_str!("../questions.dmq");

/// The name and the text of each: `Q1` and what stands after its line.
pub fn questions() -> impl Iterator<Item = (&'static str, &'static str)> {
    QUESTIONS.split("\n# ").skip(1).map(|part| {
        let (title, question) = part.split_once('\n').expect("a question stands after its name");
        (title.split(' ').next().unwrap_or(title), question)
    })
}
