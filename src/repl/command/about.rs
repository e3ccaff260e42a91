//! Commands that say what there is: help, the schema, what a name means, questions to begin with.

use super::{COMMANDS, Outcome, commands, unquoted, written};
use crate::answer::Line;
use crate::render::{self, wrap};
use crate::repl::entry::Repl;
use crate::session::TOPICS;

const INTRODUCTION: &str = "\
A question is a source, clauses, and stages after `|`:
  meetings with China since 2024-05-07
  meetings where region = \"Global South\" and venue = abroad | count by country
  meetings | gap by leader | where gap > 9 months
  it | count by country
  let trips = visits since 2024-05-07
";

const KEYS: &str = "\
Tab completes words, fields and values; the right arrow takes what stands dimmed after the cursor. An entry goes on until it \
is finished: after `|`, in parentheses, in a text; Alt-Enter starts a line anywhere. The up arrow recalls entries, Ctrl-R \
searches them. Ctrl-C clears the line, or stops the query that runs.";

pub(super) fn help(repl: &mut Repl<'_>, topic: &str) -> Outcome {
    let commands = || repl.listing(&commands().map(|line| Line { kind: String::new(), ..line }).collect::<Vec<_>>());
    let topic = unquoted(topic).trim_start_matches(':');
    match topic {
        "" => {
            let topics = TOPICS.iter().map(|(name, meaning)| Line::new(format!(":help {name}"), "", meaning));
            let topics = repl.listing(&topics.collect::<Vec<_>>());
            let keys = wrap(KEYS, repl.settings.width()).join("\n");
            Outcome::Told(format!("{INTRODUCTION}\n{topics}\n{}\n{keys}\n", commands()))
        }
        "commands" => Outcome::Told(commands()),
        _ => {
            let command = COMMANDS.iter().find(|command| command.name == topic);
            match command.filter(|_| repl.session.help(topic).is_empty()) {
                Some(command) => {
                    let lines = command.example.lines().map(|line| Line::new("example", "", line));
                    let examples = repl.listing(&lines.collect::<Vec<_>>());
                    let summary = wrap(command.summary, repl.settings.width()).join("\n");
                    Outcome::Told(format!("{}\n{summary}\n{examples}", written(command)))
                }
                None => found(repl, topic),
            }
        }
    }
}

pub(super) fn schema(repl: &mut Repl<'_>, name: &str) -> Outcome {
    if name.is_empty() { Outcome::Told(repl.listing(&repl.session.sources_known())) } else { describe(repl, name) }
}

pub(super) fn describe(repl: &mut Repl<'_>, name: &str) -> Outcome {
    let name = unquoted(name);
    if name.is_empty() {
        let about = repl.session.about();
        return Outcome::Told(render::descriptions(&about, repl.settings.color, repl.settings.width()));
    }
    found(repl, name)
}

pub(super) fn examples(repl: &mut Repl<'_>, topic: &str) -> Outcome {
    let examples = repl.session.examples(unquoted(topic));
    if examples.is_empty() {
        // Whatever is wrong with the name is told as everywhere.
        return match found(repl, unquoted(topic)) {
            Outcome::Told(_) => Outcome::Wrong(format!("there are no examples of `{}`", unquoted(topic))),
            outcome => outcome,
        };
    }
    let width = repl.settings.width();
    let shown = examples.into_iter().map(|(query, question)| {
        let question = wrap(&question, width.saturating_sub(4).max(20)).into_iter();
        format!("  {query}\n{}", question.map(|line| format!("    {line}\n")).collect::<String>())
    });
    Outcome::Told(shown.collect())
}

/// What was found under a name, or the nearest names.
fn found(repl: &Repl<'_>, name: &str) -> Outcome {
    match repl.session.look_up(name) {
        Ok(found) => Outcome::Told(render::descriptions(&found, repl.settings.color, repl.settings.width())),
        Err(trouble) => {
            let told = trouble.diagnostics.iter().map(|diagnostic| match &diagnostic.help {
                Some(help) => format!("{}; {help}", diagnostic.message),
                None => diagnostic.message.clone(),
            });
            Outcome::Wrong(told.collect())
        }
    }
}
