//! Bars: what each is of and how long it is, in groups where two keys say what a bar is of.

use indexmap::{IndexMap, IndexSet};

use super::amount::Amount;
use super::scale::{Scale, index};
use super::{clean, counted, named, some_of, time};
use crate::answer::Answer;
use crate::value::{Bucket, Period};

/// So many groups of bars are drawn.
const MOST_GROUPS: usize = 500;
/// So many bars stand in a group.
const MOST_SERIES: usize = 6;

/// Bars in groups; a group has a bar for each of the series.
#[derive(Debug, Clone)]
pub(super) struct Bars {
    /// What the groups are by.
    pub by: String,
    /// What the bars measure.
    pub measure: String,
    /// The names of the series; one without a name where a group is a bar.
    pub series: Vec<String>,
    /// What is said where a bar has no number.
    pub absent: &'static str,
    /// The groups, in the order of the rows.
    pub groups: Vec<Group>,
    /// The unit of the calendar that each group is.
    pub calendar: Option<Bucket>,
    /// From the shortest bar to the longest.
    pub scale: Scale,
}

/// The bars of one label.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// What they are of.
    pub label: String,
    /// When, where the groups are by time.
    pub period: Option<Period>,
    /// How long each is.
    pub values: Vec<Option<Amount>>,
}

impl Bars {
    /// The bars of an answer, and what should be said of them.
    pub(super) fn of(answer: &Answer, labels: &[usize], values: &[usize]) -> (Self, Vec<String>) {
        let name = |place: usize| clean(&answer.columns[place].name);
        let mut bars = match (labels, values) {
            (&[label, series], &[value]) => by_two_keys(answer, label, series, value),
            _ => None,
        }
        .unwrap_or_else(|| Self {
            by: labels.iter().map(|&label| name(label)).collect::<Vec<_>>().join(", "),
            measure: values.iter().map(|&value| name(value)).collect::<Vec<_>>().join(", "),
            series: if values.len() > 1 {
                values.iter().map(|&value| name(value)).collect()
            } else {
                vec![String::new()]
            },
            absent: "missing",
            groups: (0..answer.rows.len()).map(|row| group(answer, row, labels, values)).collect(),
            calendar: None,
            scale: Scale::of(std::iter::empty()),
        });
        let mut notes = Vec::new();
        let more = bars.groups.len().saturating_sub(MOST_GROUPS);
        if more > 0 {
            bars.groups.truncate(MOST_GROUPS);
            notes.push(format!("the first {MOST_GROUPS} of {} are drawn", counted(MOST_GROUPS + more, "row")));
        }
        let missing: Vec<String> = bars
            .groups
            .iter()
            .filter(|group| group.values.iter().all(Option::is_none))
            .map(|group| group.label.clone())
            .collect();
        if !missing.is_empty() {
            notes.push(format!("without {}: {}", bars.measure, some_of(&missing)));
        }
        let periods: Option<Vec<Period>> = bars.groups.iter().map(|group| group.period).collect();
        let in_order = periods.filter(|periods| periods.is_sorted_by(|one, next| one.first < next.first));
        bars.calendar = in_order.and_then(|periods| time::unit(&periods));
        bars.scale = Scale::of(bars.groups.iter().flat_map(|group| &group.values).flatten().map(|amount| amount.size));
        (bars, notes)
    }

    /// How many units of the calendar without rows lie between a group and the one before it.
    pub(super) fn empty_before(&self, place: usize) -> i64 {
        let days = |place: usize| self.groups[place].period.map(|period| period.first);
        match (self.calendar, place.checked_sub(1).and_then(days), days(place)) {
            (Some(unit), Some(before), Some(day)) => (index(unit, day) - index(unit, before) - 1).max(0),
            _ => 0,
        }
    }

    /// What they show, in words.
    pub(super) fn said(&self) -> String {
        const MOST: usize = 12;
        let of = |group: &Group| {
            let value = |(series, amount): (&String, &Option<Amount>)| {
                let size = amount.as_ref().map_or(self.absent, |amount| &amount.text);
                if series.is_empty() { size.to_owned() } else { format!("{series} {size}") }
            };
            let values: Vec<String> = self.series.iter().zip(&group.values).map(value).collect();
            format!("{} {}", group.label, values.join(", "))
        };
        let mut said: Vec<String> = self.groups.iter().take(MOST).map(of).collect();
        let more = self.groups.len().saturating_sub(MOST);
        said.extend((more > 0).then(|| format!("and {more} more")));
        let by = if self.by.is_empty() { String::new() } else { format!(" by {}", self.by) };
        format!("Bar chart of {}{by}: {}.", self.measure, said.join("; "))
    }
}

/// The bars of a row.
fn group(answer: &Answer, row: usize, labels: &[usize], values: &[usize]) -> Group {
    let cells = &answer.rows[row];
    let label: Vec<String> = labels.iter().map(|&label| named(&cells[label].to_string())).collect();
    let label =
        if label.is_empty() { values.iter().map(|&value| clean(&answer.columns[value].name)).collect() } else { label };
    let period = match labels {
        &[label] if answer.columns[label].kind == "period" || answer.columns[label].kind == "date" => {
            time::period(&cells[label])
        }
        _ => None,
    };
    Group { label: label.join(" · "), period, values: values.iter().map(|&value| Amount::of(&cells[value])).collect() }
}

/// A group for each value of one key and a bar in it for each value of the other, if those are few.
fn by_two_keys(answer: &Answer, label: usize, series: usize, value: usize) -> Option<Bars> {
    // Times stand side by side and the other key makes the series, whichever is written first.
    let is_time = |place: usize| ["period", "date"].contains(&answer.columns[place].kind.as_str());
    let (label, series) = if is_time(series) && !is_time(label) { (series, label) } else { (label, series) };
    let mut names: IndexSet<String> = IndexSet::new();
    let mut groups: IndexMap<String, Group> = IndexMap::new();
    for (row, cells) in answer.rows.iter().enumerate() {
        let (place, _) = names.insert_full(named(&cells[series].to_string()));
        if names.len() > MOST_SERIES {
            return None;
        }
        let mut new = group(answer, row, &[label], &[value]);
        let amount = new.values.pop().flatten();
        let values = &mut groups.entry(new.label.clone()).or_insert(new).values;
        values.resize(values.len().max(place + 1), None);
        if values[place].replace(amount?).is_some() {
            return None;
        }
    }
    if groups.len() == answer.rows.len() {
        return None;
    }
    groups.values_mut().for_each(|group| group.values.resize(names.len(), None));
    Some(Bars {
        by: format!("{} and {}", clean(&answer.columns[label].name), clean(&answer.columns[series].name)),
        measure: clean(&answer.columns[value].name),
        series: names.into_iter().collect(),
        absent: "no rows",
        groups: groups.into_values().collect(),
        calendar: None,
        scale: Scale::of(std::iter::empty()),
    })
}
