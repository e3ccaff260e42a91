//! What a grammar cannot say of a literal: whether its day is in the calendar, its number fits, its character exists.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// Whether the literal spelled `text` stands for something; of any other text that is true.
pub fn exists(text: &str) -> bool {
    match text.chars().next() {
        Some('"' | '\'') => characters_exist(text),
        Some('0'..='9') if text.split_once('-').is_some_and(|(year, _)| year.parse::<u16>().is_ok()) => {
            date_exists(text)
        }
        Some('0'..='9') if text.contains(['.', 'e', 'E']) => {
            text.replace('_', "").parse().is_ok_and(|number: f64| number.is_finite())
        }
        Some('0'..='9') => text.replace('_', "").parse::<i64>().is_ok(),
        _ => true,
    }
}

fn characters_exist(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, escape)) = rest.split_once('\\') {
        let number = escape.strip_prefix("u{").and_then(|number| number.split_once('}'));
        if let Some((number, _)) = number {
            let code = u32::from_str_radix(number, 16).expect("the grammar spells a number");
            if char::from_u32(code).is_none() {
                return false;
            }
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    true
}

fn date_exists(text: &str) -> bool {
    let year = text[..4].parse().expect("the grammar spells a year");
    let number = |part: &str| part.parse::<i8>().expect("the grammar spells two digits");
    if let Some(week) = text[5..].strip_prefix('W') {
        return ISOWeekDate::new(year, number(week), Weekday::Monday).is_ok();
    }
    let decimals = text.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count());
    let day = text.get(8..10).map(number);
    day.is_none_or(|day| Date::new(year, number(&text[5..7]), day).is_ok()) && decimals <= 9
}
