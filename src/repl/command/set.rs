//! Commands that change how the prompt behaves.

use super::Outcome;
use crate::answer::Line;
use crate::render::Format;
use crate::repl::entry::Repl;
use crate::repl::settings::{SETTINGS, settings};

pub(super) fn set(repl: &mut Repl<'_>, argument: &str) -> Outcome {
    let (name, value) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    match (setting, value.trim()) {
        (None, "") if name.is_empty() => {
            let values = SETTINGS.iter().map(|setting| (setting.value)(&repl.settings));
            let lines = settings().zip(values).map(|(line, value)| Line::new(line.name, value, line.meaning));
            Outcome::Told(repl.listing(&lines.collect::<Vec<_>>()))
        }
        (Some(setting), "") => Outcome::Told(format!("{name} is {}\n", (setting.value)(&repl.settings))),
        (_, value) => match repl.settings.set(name, value) {
            Ok(()) => Outcome::Told(format!("{name} is {value} from now on\n")),
            Err(message) => Outcome::Wrong(message),
        },
    }
}

pub(super) fn format(repl: &mut Repl<'_>, name: &str) -> Outcome {
    if !name.is_empty() {
        match Format::named(name) {
            Some(format) => repl.settings.format = format,
            None => return no_format(name),
        }
    }
    Outcome::Told(format!("answers are written as {}\n", repl.settings.format.name()))
}

pub(super) fn no_format(name: &str) -> Outcome {
    let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
    Outcome::Wrong(format!("there is no format `{name}`; formats: {}", names.join(", ")))
}

pub(super) fn timer(repl: &mut Repl<'_>, state: &str) -> Outcome {
    let timer = &mut repl.settings.prompt.timer;
    *timer = match state {
        "on" => true,
        "off" => false,
        "" => !*timer,
        _ => return Outcome::Wrong(format!("`:timer` takes `on` or `off`, not `{state}`")),
    };
    Outcome::Told(format!("the timer is {}\n", if *timer { "on" } else { "off" }))
}
