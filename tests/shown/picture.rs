//! An answer along time: the dates of each row, from its first to its last, under the days of the data.

use demarche::answer::{Answer, Cell};
use demarche::session::Session;
use demarche::value::{Bucket, parse_edtf};

/// As many characters as a picture is wide, beside the names of its rows.
const WIDTH: usize = 60;

/// The rows of an answer as lines, `└───┘`; one that has no last date goes on as `┄`.
pub fn draw(session: &Session, answer: &Answer) -> String {
    let is_date = |place: &usize| answer.columns[*place].kind == "date";
    let dates: Vec<usize> = (0..answer.columns.len()).filter(is_date).collect();
    let day = |cell: &Cell| parse_edtf(&cell.to_string()).map(|date| date.start.earliest);
    let rows: Vec<Vec<Option<i32>>> =
        answer.rows.iter().map(|row| dates.iter().map(|&place| day(&row[place])).collect()).collect();
    let names: Vec<String> = match answer.columns.first().map(|column| column.kind == "date") {
        Some(false) => answer.rows.iter().map(|row| row[0].to_string()).collect(),
        _ => (1..=answer.rows.len()).map(|number| number.to_string()).collect(),
    };
    let events = events(session);
    let all = rows.iter().flatten().flatten().chain(events.iter().map(|(day, _)| day)).copied();
    let (first, last) = (all.clone().min().expect("it has dates"), all.max().expect("it has dates"));
    let days = usize::try_from(last - first).expect("time goes on");
    let step = (WIDTH / days.max(1)).clamp(1, 4);
    let place = |day: i32| usize::try_from(day - first).expect("it is within") * step;
    let margin = names.iter().map(|name| name.chars().count()).max().unwrap_or(0) + 2;
    let line = |name: &str, drawn: Vec<char>| {
        let drawn: String = drawn.into_iter().collect();
        format!("{name:margin$}{}\n", drawn.trim_end())
    };
    let mut text = match events.as_slice() {
        [] => {
            let (start, end) = (Bucket::Day.of(first).to_string(), Bucket::Day.of(last).to_string());
            line("", format!("{start}{end:>width$}", width = (days * step + 1).saturating_sub(10)).chars().collect())
        }
        _ => {
            let mut drawn = vec![' '; days * step + 1];
            events.iter().for_each(|(day, kind)| drawn[place(*day)] = *kind);
            line("", drawn)
        }
    };
    for (name, row) in names.iter().zip(&rows) {
        let mut drawn = vec![' '; days * step + 1];
        let known: Vec<usize> = row.iter().flatten().map(|&day| place(day)).collect();
        let (start, end) = (known[0], known[known.len() - 1]);
        drawn[start..=end].fill('─');
        known.iter().for_each(|&at| drawn[at] = '┴');
        (drawn[start], drawn[end]) = if start == end { ('╵', '╵') } else { ('└', '┘') };
        if row.contains(&None) {
            drawn[start..].fill('┄');
            drawn[start] = '└';
        }
        text.push_str(&line(name, drawn));
    }
    text
}

/// The day and the kind of each event of a small data set of which kinds are letters.
fn events(session: &Session) -> Vec<(i32, char)> {
    let Ok(answer) = session.ask("events | select date, kind") else { return Vec::new() };
    let event = |row: &Vec<Cell>| {
        let mut kind = row[1].to_string().chars().collect::<Vec<_>>().into_iter();
        match (parse_edtf(&row[0].to_string()), kind.next(), kind.next()) {
            (Some(date), Some(kind), None) => Some((date.start.earliest, kind)),
            _ => None,
        }
    };
    answer.rows.iter().map(event).collect::<Option<_>>().unwrap_or_default()
}
