//! Reports: what becomes of a query file, that a page needs nothing else and does nothing, and that it can be repeated.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What was printed to standard output and to standard error, and the exit code.
fn run(arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    command.args(arguments).args(["--today", "2024-07-11"]).current_dir(ROOT).stdin(Stdio::null());
    let output = command.output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The report of a text, and the exit code.
fn report(name: &str, text: &str, more: &[&str]) -> (String, Option<i32>) {
    let file = folder(name).join("file.dmq");
    fs::write(&file, text).expect("it can be written");
    let (page, errors, code) = run(&[&["report", file.to_str().expect("the path is text")], more].concat());
    assert_eq!(errors, "");
    (page, code)
}

/// The names of the tags of a page.
fn tags(page: &str) -> Vec<&str> {
    let tags = page.split('<').skip(1).map(|tag| tag.split([' ', '>', '\n', '/']).find(|name| !name.is_empty()));
    tags.flatten().collect()
}

/// Nothing of a page is fetched, and nothing runs.
fn stands_alone(page: &str) {
    for what in [
        "<script",
        "<link",
        "<img",
        "<iframe",
        "<object",
        "javascript:",
        " src=",
        "url(",
        "@import",
        " onload=",
        " onclick=",
    ] {
        assert!(!page.contains(what), "the page has `{what}`");
    }
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
}

#[test]
fn the_article_is_checked() {
    let (page, _, code) = run(&["report", "examples/claims.dmq"]);
    assert_eq!(code, Some(0));
    stands_alone(&page);
    assert!(page.contains(
        "<h1>The outcast who meets everyone: an article, checked</h1>\n<p class=\"verdict\">All 87 claims hold.</p>"
    ));
    let claims = include_str!("../examples/claims.dmq").matches("\nexpect ").count();
    assert_eq!(
        (page.matches("<li class=\"holds\">").count(), page.matches("<li class=\"fails\">").count()),
        (claims, 0)
    );
    // Every claim shows rows, and every number is that of a note.
    let items = page.split("<li class=\"holds\">").skip(1);
    assert!(items.clone().all(|item| item.contains("class=\"rows\"")));
    let notes = page.matches("<li id=\"note-").count();
    assert!(notes > 50, "{notes}");
    for link in page.split("href=\"#note-").skip(1) {
        let number: usize = link.split('"').next().and_then(|number| number.parse().ok()).expect("it is a number");
        assert!((1..=notes).contains(&number));
    }
    // A remark stands with its claim, and not as prose.
    assert!(
        page.contains("<div class=\"remark\"><p>A new term is checked by the one before it, which began in 2018.</p>")
    );
    assert!(!page.contains("env -S"), "the first line of a program is no prose");
}

#[test]
fn prose_tables_pictures_and_claims_come_in_their_order() {
    let text = "## Term\n#\n# First *words*.\n\nlet term = meetings since 2024-05-07 # not prose\n\n# Before the bars.\nterm | count by month | render bar\n\n\
        term where region = Africa | select date, leader | cite\n\n# It is about two.\nexpect \"two came\": # nor this\n  (term where region = Africa | count) = 2\n\n\
        expect \"he met Erdogan twice\": (term with Erdogan | count) = 2\n\nterm where nowhere = 1\n\n# Last words.\n";
    let (page, code) = report("order", text, &[]);
    assert_eq!(code, Some(2));
    stands_alone(&page);
    let order = [
        "<title>Term</title>",
        "<h1>Term</h1>",
        "1 of 2 claims hold.",
        "<p>First <em>words</em>.</p>",
        "let term = meetings since 2024-05-07",
        "<p>Before the bars.</p>",
        "<svg ",
        "Bar chart of count by month: 2024-05 7; 2024-06 5; 2024-07 9.",
        "The numbers",
        "with their sources",
        "<a href=\"#note-1\">[1]</a>",
        "<p class=\"sentence\"><span class=\"mark\" role=\"img\" aria-label=\"Holds\">✓</span>Two came</p>",
        "It is about two.",
        "2024-06-06: Vladimir Putin and Emmerson Mnangagwa held talks",
        "aria-label=\"Does not hold\">✗</span>He met Erdogan twice",
        "left is 1, right is 2",
        "there is no field `nowhere`",
        "<p>Last words.</p>",
        "<h2>Sources</h2>",
        "<h2>How this was made</h2>",
    ];
    let mut rest = page.as_str();
    for part in order {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("`{part}` does not follow:\n{page}")).1;
    }
    assert!(!page.contains("not prose") && !page.contains("<p>nor this"));
}

#[test]
fn markdown_has_the_same() {
    let text = "## Term\n\n# Some *words*.\n\nmeetings since 2024-07-05 | select date, leader\n\nexpect \"he met Modi\": (meetings with Modi since 2024 | count) = 1\n";
    let (page, code) = report("markdown", text, &["--format", "markdown"]);
    assert_eq!(code, Some(0));
    let start = "# Term\n\nSome *words*.\n\n**Meetings of Vladimir Putin since 2024-07-05; shown as date and leader.**\n\n\
        | date | leader |\n| --- | --- |\n| 2024-07-05 | Viktor Orban |\n| 2024-07-08 | Narendra Modi |\n\n";
    assert!(page.starts_with(start), "{page}");
    assert!(page.contains("\n- ✓ **He met Modi**\n  - 2024-07-08: Vladimir Putin and Narendra Modi met at"), "{page}");
    for number in 1..=3 {
        assert_eq!(
            (page.matches(&format!("[^{number}]")).count(), page.matches(&format!("\n[^{number}]: ")).count()),
            (2, 1)
        );
    }
}

#[test]
fn a_report_is_repeated_by_what_stands_at_its_end() {
    let folder = folder("again");
    let target = folder.join("page.html");
    let target = target.to_str().expect("the path is text");
    let (_, errors, code) = run(&["report", "examples/tour.dmq", "-o", target]);
    assert_eq!((errors.as_str(), code), ("", Some(0)));
    let page = fs::read_to_string(target).expect("it is there");
    let again =
        page.split("<dt>Again</dt><dd>").nth(1).and_then(|rest| rest.split("</dd>").next()).expect("it says how");
    assert_eq!(again, "demarche report examples/tour.dmq --today 2024-07-11");
    let words: Vec<&str> = again.split(' ').skip(1).take(2).collect();
    assert_eq!(run(&words).0, page);
    for fact in [
        "<dt>As of</dt><dd>2024-07-11</dd>",
        "putin-2024, Vladimir Putin, May to July 2024",
        concat!("Démarche ", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(page.contains(fact), "{fact}");
    }
    let (_, errors, code) = run(&["report", "examples/tour.dmq", "-o", target]);
    assert!(code == Some(2) && errors.contains("`--force` writes over it"), "{errors}");
    let (_, errors, code) = run(&["report", "examples/tour.dmq", "--format", "csv"]);
    assert!(code == Some(2) && errors.contains("a report is written in HTML or Markdown"), "{errors}");
    let (_, errors, code) = run(&["report", "nowhere.dmq"]);
    assert!(code == Some(2) && errors.contains("D0401"), "{errors}");
}

/// The hash is of the rows alone, whatever file they came in, and another if one of them is.
#[test]
fn the_hash_is_of_the_data() {
    let folder = folder("hash");
    let hash = |name: &str, text: &str| {
        let (data, file) = (folder.join(name), folder.join("count.dmq"));
        fs::write(&data, text).expect("it can be written");
        fs::write(&file, "events | count").expect("it can be written");
        let path = |path: &Path| path.to_str().expect("the path is text").to_owned();
        let (page, errors, _) = run(&["report", &path(&file), "--data", &path(&data)]);
        let hash = page.split("SHA-256 of its rows</dt><dd>").nth(1).unwrap_or_else(|| panic!("{errors}"));
        hash[..64].to_owned()
    };
    let csv = hash("a.csv", "date,kind\n2024-05-16,visit\n2024-05-17,talk\n");
    assert_eq!(
        csv,
        hash("a.jsonl", "{\"date\":\"2024-05-16\",\"kind\":\"visit\"}\n{\"date\":\"2024-05-17\",\"kind\":\"talk\"}\n")
    );
    assert_ne!(csv, hash("b.csv", "date,kind\n2024-05-16,visit\n2024-05-18,talk\n"));
}

/// A file that is cut anywhere has a page.
#[test]
fn no_text_makes_it_panic() {
    use demarche::{dataset::built_in, report::Report, session::Session, value::days};
    let session = Session::new(built_in(), days(2024, 7, 11)).expect("it opens");
    let text = "#!/usr/bin/env -S demarche run\n## Ü <b>\n#\n# [a](b) `c` ![d](e)\n# last\nexpect \"é\": # x\n (visits | count) = 7 and 1 < 2\n\n# é\nlet a = visits; a | take 1 | cite # é\nuse \"x\"\n#";
    let mut held = 0;
    for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let report = Report::of(&mut session.clone(), "file", &text[..end], &|_, _| Err("no files".to_owned()));
        assert!(report.html(&[]).contains("<h1>") && !report.markdown(&[]).contains("<b>"));
        held = held.max(report.held);
    }
    assert_eq!(held, 1);
}

#[test]
fn nothing_of_a_strangers_file_or_data_does_anything() {
    let text = "## A <script>alert(1)</script>\n\n# [bad](javascript:alert(1)), ![p](http://e.example/p.png), <img src=x onerror=alert(1)>\n#\n# <iframe src=\"//e.example\">\n\n\
        meetings | cite\n\nmeetings | count by place | render bar\n\nmeetings | links | render network\n\n\
        expect \"<b>three</b> \u{1b}[31m\": (meetings | count) = 3\nexpect (leaders | count) = 4\nexpect \"=no\": (meetings where topics = \"<b>b</b>\" | count) = 4\n";
    let planted = ["--data", "tests/data/planted"];
    let (page, _) = report("planted", text, &planted);
    let known = [
        "!DOCTYPE",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "a",
        "ul",
        "ol",
        "li",
        "span",
        "sup",
        "div",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "pre",
        "code",
        "section",
        "footer",
        "dl",
        "dt",
        "dd",
        "svg",
        "desc",
        "g",
        "rect",
        "text",
        "tspan",
        "path",
        "line",
        "circle",
        "polyline",
    ];
    let foreign: Vec<&str> = tags(&page).into_iter().filter(|tag| !known.contains(tag)).collect();
    assert_eq!(foreign, [""; 0]);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("href=\"#\">bad</a>"), "{page}");
    assert!(!page.contains("href=\"javascript") && !page.contains("e.example/p.png\""));
    let (markdown, _) = report("planted", text, &[&planted[..], &["--format", "markdown"]].concat());
    let is_obeyed = |letter: char| !"\t\n".contains(letter) && letter.is_control() || letter == '\u{202e}';
    for tag in ["<script", "<img", "<iframe", "<b>"] {
        assert!(!markdown.contains(tag), "{markdown}");
    }
    assert!(markdown.contains("\\[bad](javascript:alert(1)), \\![p](http://e.example/p.png)"), "{markdown}");
    for text in [&page, &markdown] {
        assert_eq!(text.chars().find(|&letter| is_obeyed(letter)), None);
    }
}
