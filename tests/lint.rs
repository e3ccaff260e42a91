//! What no warning is given for: right questions that are close to doubtful ones, the examples, libraries.

use demarche::dataset::built_in;
use demarche::diagnostic::{Diagnostic, Severity, Trouble};
use demarche::session::Session;
use demarche::value::{Value, days};

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

fn no_file(_: &str, path: &str) -> Result<(String, String), String> {
    Err(format!("there is no `{path}`"))
}

fn messages(troubles: &[Trouble]) -> Vec<&str> {
    troubles.iter().flat_map(|trouble| &trouble.diagnostics).map(|diagnostic| diagnostic.message.as_str()).collect()
}

#[test]
fn what_can_well_be_meant_is_not_warned_of() {
    let scripts = [
        "let term = meetings\nterm | count",
        "let term = meetings\nlet term = term where venue = home\nterm | count",
        "let who(x) = meetings with x since 2042\nwho(Xi) | count",
        "let `the term` = meetings\nlet n = (`the term` | count)\nexpect n > 1",
        "let shared = meetings\nlet other = visits",
        "meetings where venue = home or venue = abroad",
        "meetings where venue != home and venue != abroad",
        "meetings where region = \"Asia\" and region = \"Africa\"",
        "meetings where region != \"Asia\"",
        "meetings where not region = \"Asia\" or region = \"Africa\"",
        "meetings where topics contains \"war\" and topics contains \"crimes\"",
        "meetings where every region = \"Asia\"",
        "meetings since 2024-05 until 2024-05",
        "meetings where date >= 2024-05-23 and date <= 2024-05-23",
        "meetings where possibly date >= 2024-06 and date <= 2024-05",
        "meetings | count by month | where count > 3 and count < 5",
        "meetings where venue = $side and venue = home | count",
        "meetings where $all = 1",
        "meetings until today",
        "meetings since 2000-05-07",
        "events where end < 2024-07 and date > 2024-05",
        "leaders where name = Xi and country = China",
        "meetings where occasion is present and occasion = \"sco-summit-astana\"",
        "expect 1 = 1",
        "meetings | derive always = 1 = 1 | where always",
    ];
    let mut session = session();
    session.parameters.insert("side".to_owned(), "abroad".into());
    session.parameters.insert("all".to_owned(), Value::Int(1));
    for script in scripts {
        let found = session.check_script("script", script, &no_file);
        assert_eq!(messages(&found), [""; 0], "{script}");
    }
}

#[test]
fn nothing_is_wrong_or_doubtful_in_the_examples() {
    for (name, text) in
        [("tour", include_str!("../examples/tour.dmq")), ("claims", include_str!("../examples/claims.dmq"))]
    {
        assert_eq!(messages(&session().check_script(name, text, &no_file)), [""; 0], "{name}");
    }
}

#[test]
fn errors_are_told_before_doubts() {
    let text = "let unused = meetings where 1 = 1\nmeetings where venue = abord\nuse \"lost.dmq\"\nvisits | cuont";
    let troubles = session().check_script("script", text, &no_file);
    let severities: Vec<Severity> = troubles[0].diagnostics.iter().map(Diagnostic::severity).collect();
    assert_eq!(
        messages(&troubles),
        [
            "`1 = 1` is true of every row",
            "`venue` has no value `abord`",
            "there is no `lost.dmq`",
            "expected a stage, found `cuont`"
        ]
    );
    assert_eq!(severities[..2], [Severity::Warning, Severity::Error]);
}

#[test]
fn a_file_that_is_used_is_checked_and_its_names_are_known() {
    let files = |_: &str, path: &str| match path {
        "lib.dmq" => Ok((path.to_owned(), "let term = meetings where venue = abord\nlet home = visits".to_owned())),
        "circle.dmq" => Ok((path.to_owned(), "use \"circle.dmq\"".to_owned())),
        _ => no_file("", path),
    };
    let check = |text: &str| session().check_script("script", text, &files);
    let troubles = check("use \"lib.dmq\"\nterm | count\nhome where venue = hom");
    let names: Vec<&str> = troubles.iter().map(|trouble| trouble.name.as_str()).collect();
    assert_eq!(names, ["lib.dmq", "script"]);
    assert_eq!(messages(&troubles), ["`venue` has no value `abord`", "`venue` has no value `hom`"]);
    assert_eq!(messages(&check("use \"circle.dmq\"")), ["`circle.dmq` is a file that uses this one"]);
}

#[test]
fn a_parameter_without_a_value_hides_no_other_mistake() {
    let troubles = session().check_script("script", "meetings with $who where venue = abord", &no_file);
    assert_eq!(messages(&troubles), ["`venue` has no value `abord`"]);
}

#[test]
fn long_texts_are_checked_too() {
    let conditions = |one: &str, with: &str, times: usize| vec![one; times].join(with);
    let stages = format!("meetings{}", " | where venue = home".repeat(400));
    let lets = (1..50).map(|n| format!("let t{n} = t{} where venue = home\n", n - 1)).collect::<String>();
    let texts = [
        stages,
        format!("meetings where {}", conditions("venue != home", " or ", 100)),
        format!("meetings where {}", conditions("venue = home", " and ", 100)),
        format!("meetings where country in ({})", conditions("China", ", ", 20_000)),
        format!("meetings where {}region = \"Asia\"{}", "not (".repeat(60), ")".repeat(60)),
        format!("let t0 = meetings\n{lets}t49 | count"),
    ];
    for text in texts {
        let found = session().check_script("script", &text, &no_file);
        assert_eq!(messages(&found), [""; 0], "{}", &text[..60]);
    }
}
