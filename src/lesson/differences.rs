//! How an answer differs from the one that is wanted, in lines to read.

use rustc_hash::FxHashMap;

use super::grade::Asked;
use crate::answer::{Answer, Description, Line};

/// So many rows are shown of each kind.
const SHOWN: usize = 3;

/// The columns of an answer that are wanted.
pub(super) struct Given {
    /// The names of those that it has not.
    pub missing: Vec<String>,
    /// Its rows, of the wanted columns that it has.
    pub rows: Vec<String>,
}

/// The rows of an answer as texts.
pub(super) fn rows(answer: &Answer) -> Vec<String> {
    of_columns(answer, &(0..answer.columns.len()).collect::<Vec<_>>())
}

fn of_columns(answer: &Answer, places: &[usize]) -> Vec<String> {
    let row = |row: &Vec<crate::answer::Cell>| {
        let cells = places.iter().filter_map(|&place| row.get(place)).map(ToString::to_string);
        cells.collect::<Vec<_>>().join(" · ")
    };
    answer.rows.iter().map(row).collect()
}

impl Given {
    /// Finds each wanted column: by its name, else as one of another name with the same values.
    pub(super) fn of(wanted: &Answer, given: &Answer) -> Self {
        let named = |name: &str| given.columns.iter().position(|column| column.name == name);
        let sorted = |answer: &Answer, place: usize| {
            let mut values = of_columns(answer, &[place]);
            values.sort();
            values
        };
        let mut places: Vec<usize> = Vec::new();
        let mut missing = Vec::new();
        for (place, column) in wanted.columns.iter().enumerate() {
            let is_other = |other: &usize| {
                !places.contains(other) && !wanted.columns.iter().any(|of| of.name == given.columns[*other].name)
            };
            let mut others = (0..given.columns.len()).filter(is_other);
            match named(&column.name).or_else(|| others.find(|&other| sorted(given, other) == sorted(wanted, place))) {
                Some(found) => places.push(found),
                None => missing.push(column.name.clone()),
            }
        }
        Self { missing, rows: of_columns(given, &places) }
    }
}

/// What differs: the rows that the answers rest on, the columns, the rows.
pub(super) fn told(wanted: &Asked<'_>, given: &Asked<'_>, columns: &Given) -> Vec<String> {
    let mut lines = behind(wanted, given);
    let columns_missing = columns.missing.iter().map(|name| format!("the column `{name}` is missing"));
    lines.extend(columns_missing);
    if lines.is_empty() {
        let own = rows(&wanted.answer);
        lines.extend(listed("missing", &left(&own, &columns.rows), "row", &|row| (*row).to_owned()));
        lines.extend(listed("too many", &left(&columns.rows, &own), "row", &|row| (*row).to_owned()));
        let rest = given.behind.as_ref().map(|behind| behind.rest.trim()).filter(|rest| !rest.is_empty());
        let has_the_rows = |rest: &str| format!("the right rows are behind it; what differs comes after: `{rest}`");
        lines.extend(rest.filter(|_| wanted.behind.is_some()).map(has_the_rows));
    }
    lines
}

/// What the answers rest on, where they differ in that: with the condition that left a row out, and what a row that is too
/// many is like.
fn behind(wanted: &Asked<'_>, given: &Asked<'_>) -> Vec<String> {
    let (Some(own), Some(other)) = (&wanted.behind, &given.behind) else { return Vec::new() };
    let (missing, surplus) = (left(&own.ids, &other.ids), left(&other.ids, &own.ids));
    let is_comparable =
        |ids: &[&String], of: &Asked<'_>| ids.first().is_none_or(|id| of.session.why(id, of.text).is_ok());
    if !is_comparable(&missing, given) || !is_comparable(&surplus, wanted) {
        return vec!["its rows are of another kind than those asked for".to_owned()];
    }
    let what = if other.is_whole { "row" } else { "row behind it" };
    let left_out = |id: &&String| {
        let why = given.session.why(id, given.text).ok();
        let reason = why.as_ref().and_then(reason).map(|line| {
            let name = line.name.trim();
            let name = if given.text.contains(name) { format!("`{name}`") } else { name.to_owned() };
            let verb = if line.kind == "unknown" { "is not certain of it" } else { "leaves it out" };
            format!("{name} {verb}: {}", first(&line.meaning))
        });
        shown(id, why.as_ref(), reason)
    };
    let let_in = |id: &&String| {
        let why = wanted.session.why(id, wanted.text).ok();
        let reason = why.as_ref().and_then(reason).map(|line| first(&line.meaning).to_owned());
        shown(id, why.as_ref(), reason.filter(|reason| !reason.is_empty()))
    };
    [listed("missing", &missing, what, &left_out), listed("too many", &surplus, what, &let_in)].concat()
}

/// A row in a few words, with a reason.
fn shown(id: &str, why: Option<&Description>, reason: Option<String>) -> String {
    let fact = why.and_then(|why| why.meaning.first()).map_or(id, String::as_str).trim_end_matches('.');
    reason.map_or_else(|| fact.to_owned(), |reason| format!("{fact} ({reason})"))
}

/// The innermost condition that a row does not meet for certain.
fn reason(why: &Description) -> Option<&Line> {
    let depth = |line: &Line| line.name.len() - line.name.trim_start().len();
    let fails = |line: &&Line| line.kind != "yes";
    let mut at = why.lines.iter().position(|line| fails(&line))?;
    loop {
        let own = depth(&why.lines[at]);
        let mut parts = why.lines.iter().enumerate().skip(at + 1).take_while(|(_, line)| depth(line) > own);
        match parts.find(|(_, line)| fails(line) && line.kind == why.lines[at].kind) {
            Some((part, _)) => at = part,
            None => return Some(&why.lines[at]),
        }
    }
}

/// What was seen of the condition itself, without what it rests on.
fn first(meaning: &str) -> &str {
    meaning.split("; ").next().unwrap_or_default()
}

/// How many rows there are, and the first of them.
fn listed<T>(how: &str, rows: &[T], what: &str, shown: &dyn Fn(&T) -> String) -> Vec<String> {
    let mut lines = match (rows, what.split_once(' ')) {
        ([], _) => return Vec::new(),
        ([_], _) => vec![format!("1 {what} is {how}:")],
        (rows, None) => vec![format!("{} {what}s are {how}:", rows.len())],
        (rows, Some((noun, place))) => vec![format!("{} {noun}s {place} are {how}:", rows.len())],
    };
    lines.extend(rows.iter().take(SHOWN).map(|row| format!("  {}", shown(row))));
    lines.extend((rows.len() > SHOWN).then(|| format!("  and {} more", rows.len() - SHOWN)));
    lines
}

/// Those of one list that another lacks, each as often as it lacks it.
fn left<'a>(one: &'a [String], other: &[String]) -> Vec<&'a String> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    other.iter().for_each(|row| *counts.entry(row).or_default() += 1);
    let is_left = |row: &&String| match counts.get_mut(row.as_str()).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            false
        }
        None => true,
    };
    one.iter().filter(is_left).collect()
}

/// The same rows, and where their order differs first.
pub(super) fn in_another_order(wanted: &[String], given: &[String]) -> Vec<String> {
    let first = (1..).zip(wanted.iter().zip(given)).find(|(_, (wanted, given))| wanted != given);
    let place = first.map(|(place, (wanted, _)): (usize, _)| format!("; row {place} should be {wanted}"));
    vec![format!("the rows are right, and their order is not{}", place.unwrap_or_default())]
}
