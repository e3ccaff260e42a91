//! Which extended dates are read, what they mean, and which are deliberately not read.

use demarche::value::{Edtf, parse_edtf};

const CASES: &str = include_str!("data/edtf_cases.tsv");

/// The cases of the classes that begin with `class`.
fn cases(class: &str) -> Vec<&'static str> {
    let pairs = CASES.lines().skip(2).filter_map(|line| line.split_once('\t'));
    pairs.filter(|(of, _)| of.starts_with(class)).map(|(_, text)| text).collect()
}

/// Valid dates that are not read, and why.
fn why_not(text: &str) -> Option<&'static str> {
    let unsigned = |text: &str| text.trim_start_matches(['-', '?', '~', '%']).to_owned();
    let year = unsigned(text).chars().take(4).collect::<String>();
    let qualified_part = |text: &str| {
        let rest = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
        rest.contains(['?', '~', '%'])
    };
    let unspecified = |text: &str| {
        let plain = unsigned(text.trim_end_matches(['?', '~', '%']));
        let level_1 = ["X", "XX"].iter().any(|end| plain.len() == 4 && plain.ends_with(end))
            || plain.len() > 4 && !plain.trim_end_matches("-XX").contains('X');
        plain.contains('X') && !level_1
    };
    let season = |text: &str| {
        let part = unsigned(text).get(5..).and_then(|part| part.parse::<u32>().ok());
        part.is_some_and(|season| (25..=41).contains(&season))
    };
    if text.starts_with('Y') {
        Some("a year beyond four digits is outside the calendar")
    } else if year.len() == 4 && text.contains('S') {
        Some("significant digits say no bounds")
    } else if text.starts_with('{') {
        Some("all of several days is more than one date")
    } else if text.starts_with('[') && (text.contains(',') || !text.contains("..")) {
        Some("one of several days with gaps between them is not a range")
    } else if text.split('/').any(qualified_part) {
        Some("a part of a date has no mark of its own")
    } else if text.split('/').any(unspecified) {
        Some("only the end of a date may be unspecified")
    } else if season(text) {
        Some("seasons of a hemisphere, quarters and halves have other spellings")
    } else {
        None
    }
}

#[test]
fn valid_dates_are_read_unless_said() {
    assert_eq!(cases("Level0").len() + cases("Level1").len(), 85);
    let mut not_read = Vec::new();
    for text in ["Level0", "Level1", "Level2"].into_iter().flat_map(cases) {
        assert_eq!(parse_edtf(text).is_none(), why_not(text).is_some(), "{text}: {:?}", why_not(text));
        if parse_edtf(text).is_none() && !cases("Level2").contains(&text) {
            not_read.push(text);
        }
    }
    assert_eq!(not_read, ["Y170000002", "Y-170000002"], "of levels 0 and 1 all others are read");
}

#[test]
fn invalid_dates_are_not_read() {
    assert!(cases("invalid").len() > 50);
    for text in cases("invalid") {
        assert_eq!(parse_edtf(text), None, "{text}");
    }
    for text in ["2024-02-30", "2023-02-29", "2024-13", "2024-00", "2024-05-16T", "2024-05-16T9", "2024-05-16T24:00"] {
        assert_eq!(parse_edtf(text), None, "{text}");
    }
    for text in ["1985-04-XX-XX", "20XX-XX", "X", "-", "?", "[]", "[..]", "[2024]", "/2024/", "2024-é", "é"] {
        assert_eq!(parse_edtf(text), None, "{text}");
    }
}

#[test]
fn dates_are_bounds() {
    let bounds = |text: &str| {
        let Edtf { start, end } = parse_edtf(text).expect(text);
        if start == end { format!("{}", start.bounds()) } else { format!("{} to {}", start.bounds(), end.bounds()) }
    };
    for (text, expected) in [
        ("2024-05-16", "2024-05-16"),
        ("2024-05-16T09:30:00+03:00", "2024-05-16"),
        ("2024-06-XX", "2024-06"),
        ("2024-XX-XX", "2024"),
        ("201X", "2010..2019"),
        ("-20XX", "-2099-01-01..-2000-12-31"),
        ("-0999", "-0999"),
        ("2001-21", "2001-03-01..2001-05-31"),
        ("2001-24", "2001-12-01..2002-02-28"),
        ("[2024-05-20..2024-06-03]", "2024-05-20..2024-06-03"),
        ("[..1984]", "..1984-12-31"),
        ("2024-05-23/2024-05-24", "2024-05-23 to 2024-05-24"),
        ("2024-05/..", "2024-05 to 2024-05-01.."),
        ("../2024-05", "..2024-05-31 to 2024-05"),
        ("/..", ".."),
    ] {
        assert_eq!(bounds(text), expected, "{text}");
    }
}

#[test]
fn doubt_is_kept_and_widens_nothing() {
    for (text, shown) in [("2024?", "2024?"), ("2024-06~", "2024-06~"), ("2024-06-11%", "2024-06-11%")] {
        assert_eq!(parse_edtf(text).expect(text).start.to_string(), shown);
    }
}

#[test]
fn what_is_shown_is_read_again() {
    for text in ["Level0", "Level1", "Level2"].into_iter().flat_map(cases) {
        let Some(Edtf { start, .. }) = parse_edtf(text) else { continue };
        let shown = start.to_string();
        let again = parse_edtf(&shown).map(|edtf| edtf.start);
        assert!(again == Some(start) || shown == "[..]", "{text} is shown as {shown}");
    }
}
