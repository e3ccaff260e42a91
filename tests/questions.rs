//! The twelve questions of `examples/questions.dmq` and their answers, as `tests/questions.txt` records them; `BLESS=1`
//! writes what they answer now.

use demarche::dataset::built_in;
use demarche::render::{report, table};
use demarche::session::{Reply, Session};
use demarche::value::days;

#[test]
fn twelve_questions_are_answered_as_recorded() {
    let mut session = Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions");
    let replies = session.run("questions", include_str!("../examples/questions.dmq"), &|_, _| Err(String::new()));
    let answers: Vec<String> = replies
        .iter()
        .map(|reply| match reply {
            Reply::Answer(answer) => table(answer, false, 100),
            Reply::Wrong(trouble) => panic!("{}", report(trouble, false, 100)),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(answers.len(), 12);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/questions.txt");
    let said = answers.join("\n");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, &said).expect("the answers can be written");
    }
    assert_eq!(said, std::fs::read_to_string(file).expect("the answers are recorded"));
}
