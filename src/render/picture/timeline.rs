//! A time line: in which lane each row stands, from when to when it was, and how certain that is.

use indexmap::IndexMap;

use super::{clean, counted, time};
use crate::answer::{Answer, Cell};
use crate::value::{Date, Period};

/// So many rows are drawn.
const MOST_ROWS: usize = 5000;
/// So many lanes are drawn.
const MOST_LANES: usize = 100;

/// Lanes one below the other, along one time.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    /// What the lanes are by; empty where there is one lane.
    pub by: String,
    /// The lanes, in the order of the rows.
    pub lanes: Vec<Lane>,
    /// From the first day to the last.
    pub days: Period,
}

/// The marks of one name.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// The name.
    pub name: String,
    /// What happened.
    pub marks: Vec<Mark>,
}

/// A row at its time.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// When it began.
    pub start: Date,
    /// When it ended.
    pub end: Date,
    /// The whole row.
    pub label: String,
}

impl Mark {
    /// All the days that it may have taken.
    pub(super) fn possible(&self) -> Period {
        Period { first: self.start.earliest, last: self.end.latest }
    }

    /// The days that it certainly took; nothing where it is not known which.
    pub(super) fn certain(&self) -> Option<Period> {
        let certain = Period { first: self.start.latest, last: self.end.earliest };
        (certain.first <= certain.last).then_some(certain)
    }
}

impl Timeline {
    /// The time line of an answer, and what should be said of it.
    pub(super) fn of(answer: &Answer, start: usize, end: Option<usize>, lane: Option<usize>) -> (Self, Vec<String>) {
        let mut lanes: IndexMap<String, Vec<Mark>> = IndexMap::new();
        let (mut undated, mut repeated) = (0, 0);
        for row in answer.rows.iter().take(MOST_ROWS) {
            let Some((from, to)) = time::extent(&row[start], &answer.columns[start].kind) else {
                undated += 1;
                continue;
            };
            let ended = end.and_then(|end| time::extent(&row[end], &answer.columns[end].kind));
            // An end before the start would be a mistake of the data, and is not drawn.
            let to = ended.map(|(_, end)| end).filter(|end| end.latest >= from.latest).unwrap_or(to);
            let shown = row.iter().map(ToString::to_string).filter(|text| !text.is_empty());
            let mark = Mark { start: from, end: to, label: clean(&shown.collect::<Vec<_>>().join(" · ")) };
            let names: Vec<String> =
                lane.map_or(&[] as &[Cell], |lane| row[lane].items()).iter().map(ToString::to_string).collect();
            repeated += usize::from(names.len() > 1);
            match names.as_slice() {
                [] => lanes
                    .entry(if lane.is_some() { "missing".to_owned() } else { String::new() })
                    .or_default()
                    .push(mark),
                names => names.iter().for_each(|name| lanes.entry(clean(name)).or_default().push(mark.clone())),
            }
        }
        let mut notes = Vec::new();
        if answer.rows.len() > MOST_ROWS {
            notes.push(format!("the first {MOST_ROWS} of {} rows are drawn", answer.rows.len()));
        }
        if undated > 0 {
            let verb = if undated == 1 { "has" } else { "have" };
            notes.push(format!("{} {verb} no date within bounds and cannot be drawn", counted(undated, "row")));
        }
        if repeated > 0 {
            let verb = if repeated == 1 { "has several values and stands" } else { "have several values and stand" };
            notes.push(format!("{} {verb} in the lane of each", counted(repeated, "row")));
        }
        let mut lanes: Vec<Lane> = lanes.into_iter().map(|(name, marks)| Lane { name, marks }).collect();
        let more = lanes.len().saturating_sub(MOST_LANES);
        if more > 0 {
            lanes.truncate(MOST_LANES);
            notes.push(format!("the first {MOST_LANES} of {} lanes are drawn", MOST_LANES + more));
        }
        let all = lanes.iter().flat_map(|lane| &lane.marks);
        let is_doubtful = |date: Date| date.uncertain || date.approximate;
        let doubtful = all.clone().filter(|mark| is_doubtful(mark.start) || is_doubtful(mark.end)).count();
        if doubtful > 0 {
            let verb = if doubtful == 1 { "has" } else { "have" };
            notes.push(format!(
                "{} {verb} a date that its source calls uncertain or approximate",
                counted(doubtful, "mark")
            ));
        }
        if all.clone().any(|mark| mark.certain() != Some(mark.possible())) {
            notes
                .push("dates known within bounds are drawn from the first day to the last that they may be".to_owned());
        }
        let days = all
            .map(Mark::possible)
            .reduce(|all, one| Period { first: all.first.min(one.first), last: all.last.max(one.last) });
        let by = lane.map(|lane| clean(&answer.columns[lane].name)).unwrap_or_default();
        (Self { by, lanes, days: days.unwrap_or(Period::ALWAYS) }, notes)
    }

    /// What it shows, in words.
    pub(super) fn said(&self) -> String {
        const MOST: usize = 12;
        let of = |lane: &Lane| match lane.marks.as_slice() {
            [mark] => format!("{} {}", lane.name, mark.possible()).trim_start().to_owned(),
            marks => format!("{} {} times", lane.name, marks.len()).trim_start().to_owned(),
        };
        let mut said: Vec<String> = self.lanes.iter().take(MOST).map(of).collect();
        let more = self.lanes.len().saturating_sub(MOST);
        said.extend((more > 0).then(|| format!("and {more} more lanes")));
        let by = if self.by.is_empty() { String::new() } else { format!(" by {}", self.by) };
        format!(
            "Time line{by} from {} to {}: {}.",
            self.day(self.days.first),
            self.day(self.days.last),
            said.join("; ")
        )
    }

    fn day(&self, day: i32) -> String {
        Period { first: day, last: day }.to_string()
    }
}
