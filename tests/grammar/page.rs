//! `docs/src/reference/grammar.md` is what the grammar says, with a diagram and links for each production.
//!
//! `BLESS=1 cargo test --test grammar page` writes it.

use std::collections::BTreeSet;

use railroad::{
    Choice, Comment, Diagram, Empty, LabeledBox, Link, Node, NonTerminal, Optional, Repeat, Sequence, SimpleEnd,
    SimpleStart, Stack, Terminal,
};
use regex::{Captures, Regex};

use super::ebnf::{Grammar, Part, Production};
use super::grammar;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/reference/grammar.md");

/// What stands above the productions; the lines are drawn in the colour of the text, whether the page is light or dark.
const START: &str = "# Grammar

The language, rule by rule. A name with small letters is made of tokens, a name IN CAPITALS of characters. In the text
`|` stands between choices, `?` after what may be left out, `*` and `+` after what may be repeated, `A - B` for an A that
is no B. The examples under a rule are whole queries.

<style>
div.railroad { overflow-x: auto; }
svg.railroad { max-width: none; }
svg.railroad path { fill: none; stroke: currentColor; stroke-width: 2px; }
svg.railroad rect { fill: none; stroke: currentColor; stroke-width: 1.5px; }
svg.railroad rect.railroad_canvas { stroke: none; }
svg.railroad .terminal rect { fill: currentColor; fill-opacity: 0.12; }
svg.railroad .labeledbox > rect { stroke-dasharray: 4px; }
svg.railroad text { fill: currentColor; font: 14px monospace; text-anchor: middle; }
</style>
";

/// How wide a diagram may be, if it can be broken.
const WIDTH: i64 = 640;

fn id(name: &str) -> String {
    name.to_lowercase()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of a production, in which every name but its own is a link.
fn linked(grammar: &Grammar, production: &Production) -> String {
    let words = Regex::new(r#"'[^']*'|"[^"]*"|\[[^\]]*\]|[A-Za-z_]+|."#).expect("it is a pattern");
    let linked = words.replace_all(&production.text, |found: &Captures<'_>| {
        let word = &found[0];
        if found.get_match().start() > 0 && grammar.productions.iter().any(|other| other.name == word) {
            return format!("<a href=\"#{}\">{word}</a>", id(word));
        }
        escaped(word)
    });
    linked.into_owned()
}

/// A class of characters, as it is written: `[^"\]`.
fn class(negated: bool, ranges: &[(char, char)]) -> String {
    let character = |letter: char| match letter {
        '!'..='~' => letter.to_string(),
        _ => format!("#x{:X}", u32::from(letter)),
    };
    let range = |&(first, last): &(char, char)| {
        let more = if first == last { String::new() } else { format!("-{}", character(last)) };
        character(first) + &more
    };
    format!("[{}{}]", if negated { "^" } else { "" }, ranges.iter().map(range).collect::<String>())
}

/// The separator of a list, if `part` is what repeats after `item`: `( ',' item )*`.
fn separator<'p>(item: &Part, part: &'p Part) -> Option<&'p Part> {
    let Part::Repeated(again, 0) = part else { return None };
    match again.as_ref() {
        Part::Sequence(parts) => match parts.as_slice() {
            [separator, last] if last == item => Some(separator),
            _ => None,
        },
        _ => None,
    }
}

fn sequence(parts: &[Part]) -> Vec<Box<dyn Node>> {
    let mut nodes: Vec<Box<dyn Node>> = Vec::new();
    let mut rest = parts;
    while let [part, after @ ..] = rest {
        let separator = after.first().and_then(|next| separator(part, next));
        nodes.push(separator.map_or_else(|| node(part), |mark| Box::new(Repeat::new(node(part), node(mark)))));
        rest = &after[usize::from(separator.is_some())..];
    }
    nodes
}

/// The diagram of a part; what is too wide goes on in the next line.
fn node(part: &Part) -> Box<dyn Node> {
    match part {
        Part::Reference(name) => Box::new(Link::new(NonTerminal::new(name.clone()), format!("#{}", id(name)))),
        Part::Literal(text) => Box::new(Terminal::new(text.clone())),
        Part::Class(negated, ranges) => Box::new(Terminal::new(class(*negated, ranges))),
        Part::Sequence(parts) => {
            let whole = Sequence::new(sequence(parts));
            if whole.width() <= WIDTH {
                return Box::new(whole);
            }
            let mut lines: Vec<Vec<Box<dyn Node>>> = vec![Vec::new()];
            for node in sequence(parts) {
                let line = lines.last_mut().expect("there is a line");
                let width: i64 = line.iter().map(|node| node.width() + 10).sum();
                if width + node.width() > WIDTH { lines.push(vec![node]) } else { line.push(node) }
            }
            Box::new(Stack::new(lines.into_iter().map(Sequence::new).collect()))
        }
        Part::Choice(parts) => Box::new(Choice::new(parts.iter().map(node).collect())),
        Part::Optional(part) => Box::new(Optional::new(node(part))),
        Part::Repeated(part, 0) => Box::new(Optional::new(Repeat::new(node(part), Empty))),
        Part::Repeated(part, _) => Box::new(Repeat::new(node(part), Empty)),
        Part::Except(part, exception) => {
            let Part::Reference(name) = exception.as_ref() else { panic!("what is excepted has a name") };
            Box::new(LabeledBox::new(node(part), Comment::new(format!("no {name}"))))
        }
    }
}

fn diagram(part: &Part) -> String {
    let ends: [Box<dyn Node>; 2] = [Box::new(SimpleStart), Box::new(SimpleEnd)];
    let [start, end] = ends;
    let mut diagram = Diagram::new(Sequence::new(vec![start, node(part), end]));
    for (name, size) in [("width", diagram.width()), ("height", diagram.height())] {
        diagram.attr(name.to_owned()).or_insert(size.to_string());
    }
    diagram.to_string().replace('\n', "")
}

fn section(grammar: &Grammar, production: &Production) -> String {
    let heading = production.heading.iter().map(|heading| format!("\n## {heading}\n")).collect::<String>();
    let name = &production.name;
    let text = linked(grammar, production);
    let diagram = diagram(&production.part);
    let mut section = format!(
        "{heading}\n### {name}\n\n<pre><code>{text}</code></pre>\n\n<div class=\"railroad\">\n{diagram}\n</div>\n"
    );
    if !production.remark.is_empty() {
        section.extend(["\n", &production.remark]);
    }
    let examples = production.examples.iter().filter(|example| example.accepted);
    let examples: Vec<&str> = examples.map(|example| example.script.as_str()).collect();
    section.extend(["\n```text\n", &examples.join("\n"), "\n```\n"]);
    section
}

fn page() -> String {
    let grammar = grammar();
    let sections = grammar.productions.iter().map(|production| section(&grammar, production));
    START.to_owned() + &sections.collect::<String>()
}

#[test]
fn the_page_of_the_grammar_is_current() {
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, &page).expect("it can be written");
    }
    let written = std::fs::read_to_string(PAGE).expect("there is a page");
    assert!(written == page, "the page is not what the grammar says");
}

#[test]
fn every_link_leads_to_one_heading() {
    let page = page();
    let headings: Vec<String> =
        page.lines().filter(|line| line.starts_with('#')).map(|line| id(line.trim_start_matches(['#', ' ']))).collect();
    let link = Regex::new("href=\"#([^\"]*)\"").expect("it is a pattern");
    let targets: BTreeSet<String> = link.captures_iter(&page).map(|found| found[1].to_owned()).collect();
    assert!(targets.len() > 90, "{}", targets.len());
    for target in targets {
        assert_eq!(headings.iter().filter(|heading| **heading == target).count(), 1, "{target}");
    }
}
