//! The commands of the prompt, which start with `:`: one record each, which the prompt, help and completion read.

use std::time::Instant;

use super::tutor::Tutor;
use super::{Repl, Settings};
use crate::answer::Line;
use crate::diagnostic::{Trouble, nearest};
use crate::lesson::Course;
use crate::render::{self, Format, wrap};
use crate::session::{Candidate, Completions, Session, TOPICS};
use crate::value::fold;

/// What a command did.
pub(super) enum Outcome {
    /// It tells this.
    Told(String),
    /// It could not be done, for this reason.
    Wrong(String),
    /// The session ends.
    Left,
}

/// A command.
struct Command {
    name: &'static str,
    /// What it takes, as it is written.
    takes: &'static str,
    summary: &'static str,
    example: &'static str,
    run: fn(&mut Repl, &str) -> Outcome,
    arguments: Arguments,
}

/// What could be said to a command.
enum Arguments {
    None,
    Query,
    Names(fn(&Session) -> Vec<Candidate>),
}

const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        takes: "[TOPIC]",
        summary: "What can be asked; what a topic or any word of the language means.",
        example: ":help gap",
        run: help,
        arguments: Arguments::Names(|session| plain(session.help_topics().into_iter().chain(["commands"]))),
    },
    Command {
        name: "schema",
        takes: "[NAME]",
        summary: "The sources; the fields of a source; the values of a field such as `venue`.",
        example: ":schema venue",
        run: schema,
        arguments: Arguments::Names(|session| plain(session.describable())),
    },
    Command {
        name: "describe",
        takes: "NAME",
        summary: "What a name of the data means: a leader, a country, a region, a bloc, a place, a period.",
        example: ":describe SCO",
        run: describe,
        arguments: Arguments::Names(|session| plain(session.describable())),
    },
    Command {
        name: "explain",
        takes: "[QUERY]",
        summary: "How a query, or the last one, is understood, how it is answered and what that takes.",
        example: ":explain meetings where venue = abroad | count",
        run: explain,
        arguments: Arguments::Query,
    },
    Command {
        name: "why",
        takes: "ID",
        summary: "Why the answer to the last query has the event with this id, or has it not.",
        example: ":why kim-pyongyang",
        run: why,
        arguments: Arguments::Names(|session| plain(ids(session))),
    },
    Command {
        name: "format",
        takes: "[table|ascii|svg|json|jsonl|csv|tsv|markdown]",
        summary: "How answers are written from now on.",
        example: ":format csv",
        run: format,
        arguments: Arguments::Names(|_| plain(Format::ALL.iter().map(|(name, _)| *name))),
    },
    Command {
        name: "timer",
        takes: "[on|off]",
        summary: "Whether each answer is followed by the time it took.",
        example: ":timer on",
        run: timer,
        arguments: Arguments::Names(|_| plain(["on", "off"])),
    },
    Command {
        name: "learn",
        takes: "[NUMBER|list|off]",
        summary: "The lessons: go on with the next, take one of them, see all, or leave them.",
        example: ":learn 4",
        run: learn,
        arguments: Arguments::Names(|_| plain(["list", "off"])),
    },
    Command {
        name: "hint",
        takes: "",
        summary: "What helps with the lesson at hand; more each time.",
        example: ":hint",
        run: |repl, _| taught(repl, Tutor::hint),
        arguments: Arguments::None,
    },
    Command {
        name: "solution",
        takes: "",
        summary: "An answer to the lesson at hand that is right.",
        example: ":solution",
        run: |repl, _| taught(repl, |tutor, _, _| tutor.solution()),
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

/// Every command: how it is written, an example, and what it does.
pub fn commands() -> impl Iterator<Item = Line> {
    COMMANDS.iter().map(|command| Line {
        name: format!(":{} {}", command.name, command.takes).trim_end().to_owned(),
        kind: command.example.to_owned(),
        meaning: command.summary.to_owned(),
    })
}

/// Runs a command, written without its `:`; the start of a name does where only one has it.
pub(super) fn run(repl: &mut Repl, entry: &str) -> Outcome {
    let (name, argument) = entry.trim().split_once(char::is_whitespace).unwrap_or((entry.trim(), ""));
    let mut started = COMMANDS.iter().filter(|command| !name.is_empty() && command.name.starts_with(name));
    match (started.next(), started.next()) {
        (Some(command), None) => (command.run)(repl, argument.trim()),
        _ => {
            let near = nearest(name, COMMANDS.iter().map(|command| command.name));
            let help = match near.first() {
                Some(near) => format!("did you mean `:{near}`?"),
                None => format!("commands: {}", COMMANDS.iter().map(|of| of.name).collect::<Vec<_>>().join(", ")),
            };
            Outcome::Wrong(format!("there is no command `:{name}`; {help}"))
        }
    }
}

/// Whether a word is the name of a command.
pub(super) fn is_name(name: &str) -> bool {
    COMMANDS.iter().any(|command| command.name == name)
}

/// What could be put at `position` in a line that starts with `:`.
pub(super) fn complete(session: &Session, line: &str, position: usize) -> Completions {
    let head = line.get(..position).unwrap_or(line);
    let colon = head.find(':').map_or(0, |at| at + 1);
    let Some(blank) = head[colon..].find(char::is_whitespace).map(|at| colon + at) else {
        let fitting = COMMANDS.iter().filter(|command| command.name.starts_with(&head[colon..]));
        let candidates = fitting.map(|command| Candidate {
            text: format!("{}{}", command.name, if command.takes.is_empty() { "" } else { " " }),
            what: command.summary.to_owned(),
        });
        return Completions { start: colon, candidates: candidates.collect() };
    };
    let start = head.len() - head[blank..].trim_start().len();
    let typed = fold(head[start..].trim_matches('"'));
    let known = COMMANDS.iter().find(|command| command.name == &head[colon..blank]);
    let all = match known.map_or(&Arguments::None, |command| &command.arguments) {
        Arguments::None => Vec::new(),
        Arguments::Query => {
            let Completions { start: at, candidates } = session.complete(&head[start..], head.len() - start);
            return Completions { start: start + at, candidates };
        }
        Arguments::Names(names) => names(session),
    };
    let starts = |name: &str| fold(name).starts_with(&typed);
    let (mut candidates, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|candidate| starts(&candidate.text));
    let has_word = |name: &str| fold(name).split([' ', '-']).any(|word| word.starts_with(&typed));
    candidates.extend(rest.into_iter().filter(|candidate| has_word(&candidate.text)));
    candidates.truncate(50);
    Completions { start, candidates }
}

fn plain(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<Candidate> {
    names.into_iter().map(|name| Candidate { text: name.into(), what: String::new() }).collect()
}

impl Repl {
    fn listing(&self, lines: &[Line]) -> String {
        render::terms(lines, self.settings.color, (self.settings.width)())
    }

    fn trouble(&self, trouble: &Trouble) -> Outcome {
        let report = render::report(trouble, self.settings.color_errors, (self.settings.width)());
        Outcome::Wrong(report.trim_end().to_owned())
    }

    /// What was found under a name, or the nearest names.
    fn found(&self, name: &str) -> Outcome {
        match self.session.look_up(name) {
            Ok(found) => Outcome::Told(render::descriptions(&found, self.settings.color, (self.settings.width)())),
            Err(trouble) => {
                let told = trouble.diagnostics.iter().map(|diagnostic| match &diagnostic.help {
                    Some(help) => format!("{}; {help}", diagnostic.message),
                    None => diagnostic.message.clone(),
                });
                Outcome::Wrong(told.collect())
            }
        }
    }
}

fn help(repl: &mut Repl, topic: &str) -> Outcome {
    let commands = || repl.listing(&commands().map(|line| Line { kind: String::new(), ..line }).collect::<Vec<_>>());
    let topic = unquoted(topic).trim_start_matches(':');
    match topic {
        "" => {
            let topics = TOPICS.iter().map(|(name, meaning)| Line {
                name: format!(":help {name}"),
                kind: String::new(),
                meaning: (*meaning).to_owned(),
            });
            let topics = repl.listing(&topics.collect::<Vec<_>>());
            let keys = wrap(KEYS, (repl.settings.width)()).join("\n");
            Outcome::Told(format!("{INTRODUCTION}\n{topics}\n{}\n{keys}\n", commands()))
        }
        "commands" => Outcome::Told(commands()),
        _ => {
            let command = COMMANDS.iter().find(|command| command.name == topic);
            match command.filter(|_| repl.session.help(topic).is_empty()) {
                Some(command) => {
                    let usage = format!(":{} {}", command.name, command.takes);
                    let (usage, Command { summary, example, .. }) = (usage.trim_end(), command);
                    Outcome::Told(format!("{usage}\n{summary}\n  example  {example}\n"))
                }
                None => repl.found(topic),
            }
        }
    }
}

const INTRODUCTION: &str = "\
A question is a source, clauses, and stages after `|`:
  meetings with China since 2024-05-07
  meetings where region = \"Global South\" and venue = abroad | count by country
  meetings | gap by leader | where gap > 9 months
  let trips = visits since 2024-05-07
";

const KEYS: &str = "\
Tab completes words, fields and values. An entry goes on until it is finished: after `|`, in parentheses, in a text. \
Ctrl-C clears the line, or stops the query that runs.";

fn schema(repl: &mut Repl, name: &str) -> Outcome {
    if name.is_empty() { Outcome::Told(repl.listing(&repl.session.sources_known())) } else { describe(repl, name) }
}

fn describe(repl: &mut Repl, name: &str) -> Outcome {
    let name = unquoted(name);
    if name.is_empty() {
        let about = repl.session.about();
        return Outcome::Told(render::descriptions(&about, repl.settings.color, (repl.settings.width)()));
    }
    repl.found(name)
}

fn explain(repl: &mut Repl, query: &str) -> Outcome {
    let query = if query.is_empty() { repl.last_query.clone() } else { query.to_owned() };
    let start = Instant::now();
    let Settings { format, color, .. } = repl.settings;
    let width = (repl.settings.width)();
    match repl.session.explain(&query, &|| start.elapsed()) {
        _ if query.is_empty() => Outcome::Wrong("nothing was asked yet; `:explain` takes a query".to_owned()),
        Ok(explained) => Outcome::Told(render::explanation(&explained, format, color, width)),
        Err(trouble) => repl.trouble(&trouble),
    }
}

fn why(repl: &mut Repl, id: &str) -> Outcome {
    if repl.last_query.is_empty() {
        return Outcome::Wrong("nothing was asked yet; `:why` speaks of the last query".to_owned());
    }
    match repl.session.why(unquoted(id), &repl.last_query) {
        _ if id.is_empty() => Outcome::Wrong("`:why` takes the id of an event; `| select id` shows them".to_owned()),
        Ok(why) => Outcome::Told(render::descriptions(&[why], repl.settings.color, (repl.settings.width)())),
        Err(trouble) => repl.trouble(&trouble),
    }
}

fn ids(session: &Session) -> impl Iterator<Item = &str> {
    let store = session.store();
    let events = store.domain_named("event").map(|events| store.domain(events).names());
    events.into_iter().flatten()
}

fn format(repl: &mut Repl, name: &str) -> Outcome {
    if let Some(format) = Format::named(name) {
        repl.settings.format = format;
    } else if !name.is_empty() {
        let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
        return Outcome::Wrong(format!("there is no format `{name}`; formats: {}", names.join(", ")));
    }
    Outcome::Told(format!("answers are written as {}\n", repl.settings.format.name()))
}

fn timer(repl: &mut Repl, state: &str) -> Outcome {
    repl.is_timed = match state {
        "on" => true,
        "off" => false,
        "" => !repl.is_timed,
        _ => return Outcome::Wrong(format!("`:timer` takes `on` or `off`, not `{state}`")),
    };
    Outcome::Told(format!("the timer is {}\n", if repl.is_timed { "on" } else { "off" }))
}

fn learn(repl: &mut Repl, argument: &str) -> Outcome {
    if argument == "off" {
        repl.tutor = None;
        return Outcome::Told("the lessons are left; `:learn` goes on with them\n".to_owned());
    }
    let is_new = repl.tutor.is_none();
    if is_new {
        match Course::shipped(&repl.session) {
            Ok(course) => repl.tutor = Some(Tutor::new(course, &repl.session)),
            Err(message) => return Outcome::Wrong(message),
        }
    }
    let (color, width) = (repl.settings.color, (repl.settings.width)());
    match repl.tutor.as_mut().map(|tutor| tutor.learn(argument, color, width)) {
        Some(Ok(told)) => Outcome::Told(told),
        Some(Err(message)) => Outcome::Wrong(message),
        None => Outcome::Told(String::new()),
    }
}

/// What the tutor tells, if lessons are taken.
fn taught(repl: &mut Repl, tell: impl Fn(&mut Tutor, bool, usize) -> String) -> Outcome {
    let (color, width) = (repl.settings.color, (repl.settings.width)());
    match &mut repl.tutor {
        Some(tutor) => Outcome::Told(tell(tutor, color, width)),
        None => Outcome::Wrong("no lesson is taken; `:learn` begins".to_owned()),
    }
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(['"', '\'', '`'])
}
