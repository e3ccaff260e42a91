//! Days in JSON, as ISO 8601 writes them; those without bound are `-infinity` and `infinity`.

use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

use super::calendar::{civil, days};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(super) fn serialize<S: Serializer>(day: &i32, serializer: S) -> Result<S::Ok, S::Error> {
    match *day {
        i32::MIN => serializer.serialize_str("-infinity"),
        i32::MAX => serializer.serialize_str("infinity"),
        day => {
            let (year, month, day) = civil(day);
            serializer.collect_str(&format_args!("{year:04}-{month:02}-{day:02}"))
        }
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
    let text = String::deserialize(deserializer)?;
    let day = match text.as_str() {
        "-infinity" => Some(i32::MIN),
        "infinity" => Some(i32::MAX),
        text => day_of(text),
    };
    day.ok_or_else(|| D::Error::custom(format_args!("`{text}` is no day")))
}

fn day_of(text: &str) -> Option<i32> {
    let (rest, day) = text.rsplit_once('-')?;
    let (year, month) = rest.rsplit_once('-')?;
    let (year, month, day): (i32, i32, i32) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let is_one = year.abs() <= 99_999 && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_one.then(|| days(year, month, day))
}
