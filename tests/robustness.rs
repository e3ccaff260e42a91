//! No text and no list of tokens makes the parser, or a session that looks its names up, panic, loop or overflow the stack.

use std::time::{Duration, Instant};

use demarche::dataset::built_in;
use demarche::session::{Reply, Session};
use demarche::value::days;

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

/// Far more work than any text here is in linear time, far less than in quadratic time.
const QUADRATIC: Duration = Duration::from_secs(120);

/// The time that this thread was at work, so that a busy machine fails no test; else the time that passed.
struct Clock(Instant, Option<u64>);

impl Clock {
    fn start() -> Self {
        Self(Instant::now(), Self::worked())
    }

    fn worked() -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
    }

    fn elapsed(&self) -> Duration {
        let worked = self.1.zip(Self::worked()).map(|(before, now)| Duration::from_nanos(now - before));
        worked.unwrap_or_else(|| self.0.elapsed())
    }
}

/// What holds of every text, of the parser and of what a session finds wrong with its names.
fn check(session: &Session, text: &str) {
    check_syntax(text);
    for diagnostic in session.check(text) {
        let span = diagnostic.span.expect("an error of a text has a place in it");
        assert!(text.get(span.start..span.end).is_some(), "a span is not of the text {text:?}: {diagnostic:?}");
        let message = &diagnostic.message;
        assert!(!message.is_empty() && !message.ends_with('.'), "{text:?}: {message}");
    }
}

/// What holds of every text that is parsed: the tokens cover it in order, each span is of the text, trouble and `unfinished` agree.
fn check_syntax(text: &str) {
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

fn session() -> Session {
    Session::new(built_in(), days(2024, 7, 11)).expect("derived fields are expressions")
}

#[test]
fn random_tokens_are_read() {
    let session = session();
    let mut random = Random(20_240_507);
    for _ in 0..50_000 {
        check(&session, &random.tokens());
    }
}

#[test]
fn mutated_queries_are_read() {
    let session = session();
    let mut random = Random(20_240_711);
    for _ in 0..50_000 {
        check(&session, &random.mutated());
    }
}

#[test]
fn every_prefix_of_a_query_is_read() {
    let session = session();
    for query in QUERIES {
        for (at, _) in query.char_indices() {
            check(&session, &query[..at]);
            highlight(&query[..at]);
        }
    }
}

#[test]
fn depth_is_a_diagnostic() {
    const MANY: usize = 100_000;
    let session = session();
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
        let start = Clock::start();
        let parsed = parse(&text);
        assert!((1..=2).contains(&parsed.diagnostics.len()), "{}: {:?}", &text[..40], parsed.diagnostics.first());
        drop(parsed.clone());
        session.check(&text);
        assert!(start.elapsed() < QUADRATIC, "{} takes {:?}", &text[..40], start.elapsed());
    }
}

/// The codes of what is wrong when a text runs, on a stack such as a main thread has.
fn codes(text: &str) -> Vec<&'static str> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(8 << 20);
        let codes = thread.spawn_scoped(scope, || codes_here(text)).expect("a thread starts");
        codes.join().expect("no panic")
    })
}

fn codes_here(text: &str) -> Vec<&'static str> {
    let replies = session().run("text", text, &|_, _| Err("no file".to_owned()));
    let wrong = replies.iter().filter_map(|reply| match reply {
        Reply::Wrong(trouble) => Some(trouble.diagnostics.iter().map(|diagnostic| diagnostic.code.text())),
        _ => None,
    });
    wrong.flatten().collect()
}

#[test]
fn what_the_parser_lets_through_runs() {
    let nested = |part: &str, close: &str, levels: usize| {
        format!("meetings where {}venue = home{} | count", part.repeat(levels), close.repeat(levels))
    };
    let texts = [
        nested("(", ")", 128),
        nested("not ", "", 127),
        nested("not (", ")", 63),
        nested("if(true, ", ", false)", 127),
        nested("leader in (meetings where ", ")", 20).replace(')', " | distinct leader)"),
        format!("meetings where venue = home{} | count", " and venue = home".repeat(390)),
        format!("meetings where venue = home{} | count", " or not venue = home and venue = abroad".repeat(190)),
        format!("meetings | derive x = 1{} | take 1", " + 1".repeat(390)),
        format!("meetings {} | count", "where venue = home ".repeat(5_000)),
        format!("meetings{}", " | derive x = 1".repeat(300)),
    ];
    for text in texts {
        let clock = Instant::now();
        assert_eq!(codes(&text), [""; 0], "{}", &text[..80]);
        assert!(clock.elapsed() < QUADRATIC, "{} takes {:?}", &text[..80], clock.elapsed());
    }
}

#[test]
fn names_that_stand_for_names_are_limited() {
    let chain = |length: usize, body: fn(usize) -> String, first: &str, last: &str| {
        let lets: String = (1..=length).map(|place| format!("let x{place} = {}\n", body(place - 1))).collect();
        format!("{first}\n{lets}{}", last.replace('X', &format!("x{length}")))
    };
    let apply = |levels: usize| format!("let b(x) = x + x\nexpect {}1{} > 0", "b(".repeat(levels), ")".repeat(levels));
    let cases: [(String, &[&str]); 14] = [
        (chain(40, |before| format!("x{before} + 1"), "let x0 = 1", "expect X > 0"), &[]),
        (chain(1_000, |before| format!("x{before} + 1"), "let x0 = 1", "expect X > 0"), &["D0104"]),
        (chain(1_000, |before| format!("x{before} | take 3"), "let x0 = meetings", "X | count"), &["D0104"]),
        (chain(1_000, |before| format!("x{before}"), "let x0 = meetings", "X | count"), &["D0104"]),
        (chain(1_000, |before| format!("x{before}"), "let x0 = Xi", "meetings with X | count"), &["D0104"]),
        (chain(10, |before| format!("x{before} + x{before}"), "let x0 = 1", "expect X > 0"), &[]),
        (chain(60, |before| format!("x{before} + x{before}"), "let x0 = 1", "expect X > 0"), &["D0105"]),
        (
            chain(
                60,
                |before| format!("meetings where leader in (x{before}) or leader in (x{before}) | distinct leader"),
                "let x0 = meetings | distinct leader",
                "X | count",
            ),
            &["D0105"],
        ),
        (format!("meetings{}", " | take 3".repeat(100_000)), &["D0105"]),
        (
            format!("meetings | derive {}a = 1", (0..100_000).map(|at| format!("x{at} = 1, ")).collect::<String>()),
            &["D0105"],
        ),
        (apply(10), &[]),
        (apply(100), &["D0104"]),
        (apply(22), &["D0105"]),
        (
            format!(
                "let f0(x) = x\n{}expect f{}(1) > 0",
                (1..=1_000).map(|place| format!("let f{place}(x) = f{}(x)\n", place - 1)).collect::<String>(),
                1_000
            ),
            &["D0104"],
        ),
    ];
    for (text, expected) in cases {
        let clock = Instant::now();
        let mut seen = codes(&text);
        seen.dedup();
        assert_eq!(seen, expected, "{}", &text[..60]);
        assert!(clock.elapsed() < QUADRATIC, "{} takes {:?}", &text[..60], clock.elapsed());
    }
}

#[test]
fn many_names_are_bound_and_dropped() {
    let lets: String = (0..20_000).map(|place| format!("let x{place} = meetings\n")).collect();
    assert_eq!(codes(&(lets + "x0 | count")), [""; 0]);
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
        let start = Clock::start();
        let parsed = parse(&text);
        assert!(parsed.tokens.len() > 1);
        assert!(start.elapsed() < QUADRATIC, "{part:?} takes {:?}", start.elapsed());
    }
    let parsed = parse(&format!("meetings where x in ({}1) | count\nvisits | cuont", "1, ".repeat(400_000)));
    let codes: Vec<&str> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.text()).collect();
    assert_eq!(codes, ["D0105", "D0101"]);
}
