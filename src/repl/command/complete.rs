//! What could be put in a line that starts with `:`.

use rustyline::completion::FilenameCompleter;

use super::{Arguments, COMMANDS, Command, written};
use crate::dataset::SHIPPED;
use crate::repl::settings::SETTINGS;
use crate::session::{Candidate, Completions, Session};
use crate::value::fold;

/// Whether a word is the name of a command.
pub(in crate::repl) fn is_name(name: &str) -> bool {
    known(name).is_some()
}

/// How a command is written.
pub(in crate::repl) fn usage(name: &str) -> Option<String> {
    known(name).map(written)
}

fn known(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// What could be put at `position` in a line that starts with `:`.
pub(in crate::repl) fn complete(session: &Session, line: &str, position: usize) -> Completions {
    let head = line.get(..position).unwrap_or(line);
    let colon = head.find(':').map_or(0, |at| at + 1);
    let Some(blank) = head[colon..].find(char::is_whitespace).map(|at| colon + at) else {
        let fitting = COMMANDS.iter().filter(|command| command.name.starts_with(&head[colon..]));
        let candidates = fitting.map(|command| Candidate {
            text: format!("{}{}", command.name, if command.takes.is_empty() { "" } else { " " }),
            kind: command.takes.to_owned(),
            what: command.summary.to_owned(),
        });
        return Completions { start: colon, candidates: candidates.collect() };
    };
    let start = head.len() - head[blank..].trim_start().len();
    let typed = &head[start..];
    match known(&head[colon..blank]).map_or(&Arguments::None, |command| &command.arguments) {
        Arguments::None => Completions::default(),
        Arguments::Query => {
            let Completions { start: at, candidates } = session.complete(typed, typed.len());
            Completions { start: start + at, candidates }
        }
        Arguments::Data => {
            let shipped = SHIPPED.iter().filter(|name| name.starts_with(typed)).copied();
            Completions { start, candidates: named(shipped).into_iter().chain(files(typed)).collect() }
        }
        Arguments::File => Completions { start, candidates: files(typed) },
        Arguments::Setting => match typed.split_once(char::is_whitespace) {
            None => {
                let settings = SETTINGS.iter().map(|setting| Candidate {
                    text: format!("{} ", setting.name),
                    kind: (setting.values)(),
                    what: setting.summary.to_owned(),
                });
                Completions { start, candidates: fitting(settings.collect(), typed) }
            }
            Some((name, value)) => {
                let setting = SETTINGS.iter().find(|setting| setting.name == name);
                let values = setting.map(|setting| (setting.values)()).unwrap_or_default();
                let values = values.split('|').filter(|value| !value.starts_with(char::is_uppercase));
                Completions { start: head.len() - value.len(), candidates: fitting(named(values), value) }
            }
        },
        Arguments::Names(names) => Completions { start, candidates: fitting(names(session), typed) },
    }
}

/// Those that start so, then those of which a word does.
fn fitting(all: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let typed = fold(typed.trim_matches('"'));
    let starts = |name: &str| fold(name).starts_with(&typed);
    let (mut candidates, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|candidate| starts(&candidate.text));
    let has_word = |name: &str| fold(name).split([' ', '-']).any(|word| word.starts_with(&typed));
    candidates.extend(rest.into_iter().filter(|candidate| has_word(&candidate.text)));
    candidates
}

/// Paths that go on with what is typed.
fn files(typed: &str) -> Vec<Candidate> {
    let found = FilenameCompleter::new().complete_path(typed, typed.len());
    let (start, pairs) = found.unwrap_or_default();
    let before = typed.get(..start).unwrap_or_default();
    named(pairs.into_iter().map(|pair| format!("{before}{}", pair.replacement)))
}

/// Candidates that are names alone.
pub(super) fn named(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<Candidate> {
    names.into_iter().map(|name| Candidate { text: name.into(), ..Candidate::default() }).collect()
}

/// The ids of the events.
pub(super) fn events(session: &Session) -> impl Iterator<Item = &str> {
    let store = session.store();
    let events = store.domain_named("event").map(|events| store.domain(events).names());
    events.into_iter().flatten()
}
