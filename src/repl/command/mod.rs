//! The commands of the prompt, which start with `:`: one record each, which the prompt, help and completion read.

mod about;
mod ask;
mod complete;
mod file;
mod learn;
mod set;

use super::entry::Repl;
use crate::answer::Line;
use crate::diagnostic::{Trouble, nearest};
use crate::render;
use crate::session::{Candidate, Session};

pub(super) use complete::{complete, is_name, usage};

use complete::{events, named};

/// What a command did.
pub(super) enum Outcome {
    /// It tells this.
    Told(String),
    /// It has shown what there is to show; this is the exit code.
    Answered(u8),
    /// It could not be done, for this reason.
    Wrong(String),
    /// This is typed already at the next prompt.
    Typed(String),
    /// The session ends.
    Left,
}

/// A command.
struct Command {
    name: &'static str,
    /// What it takes, as it is written.
    takes: &'static str,
    summary: &'static str,
    /// Entries that show it, a line each.
    example: &'static str,
    run: fn(&mut Repl<'_>, &str) -> Outcome,
    arguments: Arguments,
}

/// What could be said to a command.
enum Arguments {
    None,
    Query,
    /// The path of a file.
    File,
    /// A data set that comes with the program, or its path.
    Data,
    /// The name of a setting, and a value of it.
    Setting,
    Names(fn(&Session) -> Vec<Candidate>),
}

const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        takes: "[TOPIC]",
        summary: "What can be asked; what a topic or any word of the language means.",
        example: ":help gap",
        run: about::help,
        arguments: Arguments::Names(|session| named(session.help_topics().into_iter().chain(["commands"]))),
    },
    Command {
        name: "schema",
        takes: "[NAME]",
        summary: "The sources; the fields of a source; the values of a field such as `venue`.",
        example: ":schema venue",
        run: about::schema,
        arguments: Arguments::Names(|session| named(session.describable())),
    },
    Command {
        name: "describe",
        takes: "[NAME]",
        summary: "The data set; what a name of it means: a leader, a country, a region, a bloc, a place, a period.",
        example: ":describe SCO",
        run: about::describe,
        arguments: Arguments::Names(|session| named(session.describable())),
    },
    Command {
        name: "examples",
        takes: "[TOPIC]",
        summary: "Questions to begin with: of the data set, of a name in it, of a topic or a word of the language.",
        example: ":examples NATO",
        run: about::examples,
        arguments: Arguments::Names(|session| {
            named(session.help_topics().into_iter().map(str::to_owned).chain(session.describable()))
        }),
    },
    Command {
        name: "explain",
        takes: "[QUERY]",
        summary: "How a query, or the last one, is understood, how it is answered and what that takes.",
        example: ":explain meetings where venue = abroad | count",
        run: ask::explain,
        arguments: Arguments::Query,
    },
    Command {
        name: "why",
        takes: "ID",
        summary: "Why the answer to the last query has the event with this id, or has it not.",
        example: "meetings where venue = abroad | count\n:why kim-pyongyang",
        run: ask::why,
        arguments: Arguments::Names(|session| named(events(session))),
    },
    Command {
        name: "cite",
        takes: "",
        summary: "The sources of the last answer, numbered.",
        example: "visits of Putin in \"North Korea\" | count\n:cite",
        run: ask::cite,
        arguments: Arguments::None,
    },
    Command {
        name: "last",
        takes: "",
        summary: "The last query and its answer once more, as `:set` says now.",
        example: "meetings | count\n:last",
        run: ask::last,
        arguments: Arguments::None,
    },
    Command {
        name: "all",
        takes: "",
        summary: "All rows of the last answer.",
        example: "meetings since 2024-07-04 | select date, leader\n:all",
        run: ask::all,
        arguments: Arguments::None,
    },
    Command {
        name: "undo",
        takes: "",
        summary: "Takes the last stage off the last query, or else its last clause, and asks it again.",
        example: "meetings since 2024-05-07 | count by venue | share\n:undo",
        run: ask::undo,
        arguments: Arguments::None,
    },
    Command {
        name: "copy",
        takes: "[FORMAT]",
        summary: "Puts the last answer on the clipboard, in Markdown unless another format is named; the terminal does it, by OSC 52.",
        example: ":copy csv",
        run: ask::copy,
        arguments: Arguments::Names(|_| named(crate::render::Format::ALL.iter().map(|(name, _)| *name))),
    },
    Command {
        name: "save",
        takes: "FILE",
        summary: "Writes what was asked and bound in this session as a query file, which `demarche run` runs.",
        example: ":save questions.dmq",
        run: file::save,
        arguments: Arguments::File,
    },
    Command {
        name: "load",
        takes: "FILE",
        summary: "Runs a query file as if it were typed here.",
        example: ":load trips.dmq",
        run: file::load,
        arguments: Arguments::File,
    },
    Command {
        name: "open",
        takes: "[DATA]",
        summary: "Opens another data set, as `--data` names it; without one, says which come with the program.",
        example: ":open us-diplomacy\nvisits | count",
        run: file::open,
        arguments: Arguments::Data,
    },
    Command {
        name: "edit",
        takes: "[FILE]",
        summary: "Opens the last statements, or a file, in `$VISUAL` or `$EDITOR`; what is saved there stands at the prompt, or in the file.",
        example: ":edit",
        run: file::edit,
        arguments: Arguments::File,
    },
    Command {
        name: "set",
        takes: "[NAME] [VALUE]",
        summary: "What is set; how answers are written and how the prompt behaves from now on.",
        example: ":set rows 10",
        run: set::set,
        arguments: Arguments::Setting,
    },
    Command {
        name: "format",
        takes: "[FORMAT]",
        summary: "How answers are written from now on, as `:set format` does.",
        example: ":format csv",
        run: set::format,
        arguments: Arguments::Names(|_| named(crate::render::Format::ALL.iter().map(|(name, _)| *name))),
    },
    Command {
        name: "timer",
        takes: "[on|off]",
        summary: "Whether each answer is followed by the time it took.",
        example: ":timer on",
        run: set::timer,
        arguments: Arguments::Names(|_| named(["on", "off"])),
    },
    Command {
        name: "learn",
        takes: "[NUMBER|list|off]",
        summary: "The lessons: go on with the next, take one of them, see all, or leave them.",
        example: ":learn 4",
        run: learn::learn,
        arguments: Arguments::Names(|_| named(["list", "off"])),
    },
    Command {
        name: "hint",
        takes: "",
        summary: "What helps with the lesson at hand; more each time.",
        example: ":learn 2\n:hint",
        run: learn::hint,
        arguments: Arguments::None,
    },
    Command {
        name: "solution",
        takes: "",
        summary: "An answer to the lesson at hand that is right.",
        example: ":learn 2\n:solution",
        run: learn::solution,
        arguments: Arguments::None,
    },
    Command {
        name: "quit",
        takes: "",
        summary: "Leave; so does Ctrl-D.",
        example: ":quit",
        run: |_, _| Outcome::Left,
        arguments: Arguments::None,
    },
];

/// Every command: how it is written, entries that show it, and what it does.
pub fn commands() -> impl Iterator<Item = Line> {
    COMMANDS.iter().map(|command| Line::new(written(command), command.example, command.summary))
}

fn written(command: &Command) -> String {
    format!(":{} {}", command.name, command.takes).trim_end().to_owned()
}

/// Runs a command, written without its `:`; the start of a name does where only one has it.
pub(super) fn run(repl: &mut Repl<'_>, entry: &str) -> Outcome {
    let (name, argument) = entry.trim().split_once(char::is_whitespace).unwrap_or((entry.trim(), ""));
    let started: Vec<&Command> =
        COMMANDS.iter().filter(|command| !name.is_empty() && command.name.starts_with(name)).collect();
    match started.as_slice() {
        [command] => return (command.run)(repl, argument.trim()),
        [] => {}
        several => {
            let names: Vec<String> = several.iter().map(|command| format!("`:{}`", command.name)).collect();
            return Outcome::Wrong(format!("`:{name}` can be {}", names.join(" or ")));
        }
    }
    let help = match nearest(name, COMMANDS.iter().map(|command| command.name)).first() {
        Some(near) => format!("did you mean `:{near}`?"),
        None => "`:help commands` lists them".to_owned(),
    };
    Outcome::Wrong(format!("there is no command `:{name}`; {help}"))
}

impl Repl<'_> {
    fn listing(&self, lines: &[Line]) -> String {
        render::terms(lines, self.settings.color, self.settings.width())
    }

    fn trouble(&self, trouble: &Trouble) -> Outcome {
        Outcome::Wrong(self.report(trouble).trim_end().to_owned())
    }
}

/// What a name means that may be in quotes.
fn unquoted(name: &str) -> &str {
    name.trim_matches(['"', '\'', '`'])
}
