//! The engine inside a program: open data, prepare a query once, run it with several values, take rows into a struct.
//!
//! ```sh
//! cargo run --example embed
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use std::error::Error;

use demarche::dataset;
use demarche::render;
use demarche::session::Session;
use demarche::value::{Date, days};

#[derive(serde::Deserialize)]
struct Meeting {
    date: String,
    country: Vec<String>,
    place: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    // The library reads no clock: what `today` is comes from outside, and so do the bytes of a data set.
    let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;

    let query = session.prepare("meetings with $who since $from | select date, country, place")?;
    let from = Date::day(days(2024, 5, 7));
    for who in ["Xi Jinping", "Viktor Orban", "ISR"] {
        let answer = query.run(&session, &[("who", who.into()), ("from", from.into())])?;
        println!("{who}: {}", answer.rows.len());
        for meeting in answer.rows_as::<Meeting>()? {
            println!("  {} {} ({})", meeting.date, meeting.place.as_deref().unwrap_or("?"), meeting.country.join(", "));
        }
    }

    // An error is data: a code, a message, a span, help. `render` makes text of it.
    if let Err(trouble) = query.run(&session, &[("who", "Xi Jingping".into()), ("from", from.into())]) {
        println!("{}", render::report(&trouble, false, 80));
    }

    // A data set of your own is bytes: a folder's files with `read_folder`, or one table.
    let bytes = b"date,who,hours\n2024-05-02,Ada,3\n2024-05-09,Grace,2\n".to_vec();
    let file = dataset::File { name: "talks.csv".to_owned(), bytes: bytes.into() };
    let (store, _) =
        dataset::read_file(file, &dataset::Options::default()).map_err(demarche::diagnostic::Trouble::from)?;
    let mut talks = Session::new(store, days(2024, 7, 11))?;
    talks.most_rows = 1_000;
    let hours: Vec<f64> = talks.ask("events during 2024-05 | summarize hours = sum(hours)")?.rows_as()?;
    println!("hours: {}", hours[0]);
    Ok(())
}
