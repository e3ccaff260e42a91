//! No text and no list of tokens makes the parser panic, loop or overflow the stack.

use std::time::{Duration, Instant};

use demarche::syntax::{CONTEXTUAL, KEYWORDS, SYMBOLS, highlight, parse};

const LITERALS: &[&str] = &[
    "meetings",
    "venue",
    "Xi",
    "`Event Date`",
    "\"Xi Jinping\"",
    "'a\\n'",
    "\"open",
    "`open",
    "12",
    "1_000",
    "2.5",
    "1e6",
    "2024-05",
    "2024-Q2",
    "2024-W20",
    "2024-05-16T09:30Z",
    "2024-13",
    "3x",
    "$who",
    "$",
    "ü",
    "€",
    "\\",
    "# so\n",
    "\n",
    "==",
    "&&",
    "99999999999999999999",
];

const QUERIES: &[&str] = &[
    "meetings where region = \"Global South\" and venue = abroad",
    "meetings with \"Xi Jinping\" since 2024-05-07 | select date, place, n = year(date)",
    "visits of Putin since 2024-05 | count by region, m = month | sort count desc | top 3 by count per m",
    "countries where name in BRICS as of 2023-12-31 and name not in (meetings | distinct country)",
    "let met(who, from) = meetings with who since from\nexpect \"x\": (met(Xi, 2024) | count) > 20; use \"a.dmq\"",
    "meetings where not every a between 1 and -2 * (3 + 4) or b is missing or c starts with 'x' | first 3 per leader",
    "sequence by country within 1 year [meetings] [visits as trip] | summarize a = count(distinct x), b = sum(y) by z",
    "meetings during 2024-05..today where date > 30 days ago and .x in (this month, last year, ..2024-05) # note",
];

/// A small generator: the same texts on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn word(&mut self) -> &'static str {
        match self.below(5) {
            0 => self.pick(KEYWORDS),
            1 => self.pick(CONTEXTUAL),
            2 | 3 => self.pick(LITERALS),
            _ => self.pick(SYMBOLS),
        }
    }

    fn tokens(&mut self) -> String {
        let length = self.below(24);
        let separator = if self.below(8) == 0 { "" } else { " " };
        let words: Vec<&str> = (0..length).map(|_| self.word()).collect();
        words.join(separator)
    }

    fn mutated(&mut self) -> String {
        let mut text = self.pick(QUERIES).to_owned();
        for _ in 0..=self.below(3) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let at = places[self.below(places.len())];
            match self.below(4) {
                0 => text.truncate(at),
                1 => text.insert_str(at, self.word()),
                2 => text = format!("{}{}", &text[..at], &text[places[self.below(places.len())]..]),
                _ => drop(text.remove(at)),
            }
            if text.is_empty() {
                text.push('|');
            }
        }
        text
    }
}

/// What holds of every text: the tokens cover it in order, each span is of the text, trouble and `unfinished` agree.
fn check(text: &str) {
    let parsed = parse(text);
    let mut end = 0;
    for token in &parsed.tokens {
        let gap = text.get(end..token.span.start).unwrap_or("?");
        let is_blank = gap.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
        assert!(is_blank, "a token is out of place in {text:?}: {token:?}");
        end = token.span.end;
    }
    assert_eq!(end, text.len(), "the tokens do not reach the end of {text:?}");
    for diagnostic in &parsed.diagnostics {
        let span = diagnostic.span.expect("a syntax error has a place");
        assert!(text.get(span.start..span.end).is_some(), "a span is not of the text {text:?}: {diagnostic:?}");
        assert!(!diagnostic.message.is_empty(), "{text:?}");
    }
    assert!(!parsed.unfinished || !parsed.diagnostics.is_empty(), "unfinished without a word: {text:?}");
    let is_silent = format!("{:?}", parsed.script).contains("Invalid") && parsed.diagnostics.is_empty();
    assert!(!is_silent, "something is invalid, and nothing says so: {text:?}");
}

#[test]
fn random_tokens_and_mutated_queries_are_read() {
    let mut random = Random(20_240_507);
    for _ in 0..50_000 {
        check(&random.tokens());
        check(&random.mutated());
    }
}

#[test]
fn every_prefix_of_a_query_is_read() {
    for query in QUERIES {
        for (at, _) in query.char_indices() {
            check(&query[..at]);
            highlight(&query[..at]);
        }
    }
}

#[test]
fn depth_is_a_diagnostic() {
    const MANY: usize = 100_000;
    let deep = |prefix: &str, part: &str, suffix: &str| format!("{prefix}{}{suffix}", part.repeat(MANY));
    let closed = format!("meetings where {}x{}", "(".repeat(MANY), ")".repeat(MANY));
    let texts = [
        closed,
        deep("", "(", ""),
        deep("meetings where ", "(", "x"),
        deep("meetings where ", "not ", "x"),
        deep("meetings where ", "every ", "x"),
        deep("meetings where x = ", "-", "x"),
        deep("meetings where x = ", "- ", "x"),
        deep("meetings where ", "f(", "x"),
        deep("meetings where ", "x in (visits where ", "x"),
        deep("meetings where ", "not (1 + -f(", "x"),
        deep("meetings where x = 1", " + 1", ""),
        deep("meetings where x", " and x", ""),
        deep("meetings where x", " or x and x = 1 + 2 * 3", ""),
        deep("meetings where x", " < x", ""),
        deep("meetings where x", ".y", ""),
        deep("let x = ", "(", ""),
        deep("", "met(", ""),
        deep("", "[", ""),
    ];
    for text in texts {
        let start = Instant::now();
        let parsed = parse(&text);
        assert!((1..=2).contains(&parsed.diagnostics.len()), "{}: {:?}", &text[..40], parsed.diagnostics.first());
        drop(parsed.clone());
        assert!(start.elapsed() < Duration::from_secs(3), "{} takes {:?}", &text[..40], start.elapsed());
    }
}

#[test]
fn the_deepest_tree_allowed_fits_the_stack() {
    let parts =
        ["(", "not (", "-(", "f(", "1 + 2 * (", "a or b and c = (", "x in (visits where ", "(visits | derive y = "];
    for part in parts {
        let opening = part.matches(['(']).count() + usize::from(part.starts_with("not") || part.starts_with('-'));
        let levels = 96 / opening;
        let text = format!("meetings where {}x{}", part.repeat(levels), ")".repeat(levels));
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, [], "{part}");
        assert!(!format!("{:?}", parsed.clone()).is_empty());
    }
}

#[test]
fn long_texts_take_linear_time() {
    let long = |part: &str| part.repeat(900_000 / part.len());
    let parts = [
        "meetings | cuont\n",
        "€ € ",
        "`a` ",
        "\"a\" ",
        "(a ",
        "meetings (",
        "a, ",
        "| count ",
        "2024-05 ",
        ") ",
        "; ",
    ];
    for part in parts {
        let text = long(part);
        let start = Instant::now();
        let parsed = parse(&text);
        assert!(parsed.tokens.len() > 1);
        assert!(start.elapsed() < Duration::from_secs(10), "{part:?} takes {:?}", start.elapsed());
    }
    let parsed = parse(&format!("meetings where x in ({}1) | count\nvisits | cuont", "1, ".repeat(400_000)));
    let codes: Vec<&str> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.text()).collect();
    assert_eq!(codes, ["D0105", "D0101"]);
}
