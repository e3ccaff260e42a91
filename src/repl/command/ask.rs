//! Commands about the last query and its answer.

use std::time::Instant;

use super::{Outcome, unquoted};
use crate::answer::Line;
use crate::render::{self, Format};
use crate::repl::entry::Repl;
use crate::repl::screen;
use crate::repl::settings::{Rows, Settings};

pub(super) fn explain(repl: &mut Repl<'_>, query: &str) -> Outcome {
    let start = Instant::now();
    let query = query.to_owned();
    let explained = repl.waiting(move |session| match (query.as_str(), session.last()) {
        ("", last) => last.map(|last| last.explain(&|| start.elapsed())),
        (query, _) => Some(session.explain(query, &|| start.elapsed())),
    });
    let Settings { format, color, .. } = repl.settings;
    let Some(explained) = explained else { return interrupted() };
    match explained {
        None => nothing_asked("`:explain` takes a query"),
        Some(Ok(explained)) => Outcome::Told(render::explanation(&explained, format, color, repl.settings.width())),
        Some(Err(trouble)) => repl.trouble(&trouble),
    }
}

pub(super) fn why(repl: &mut Repl<'_>, id: &str) -> Outcome {
    if id.is_empty() {
        return Outcome::Wrong("`:why` takes the id of an event; `| select id` shows them".to_owned());
    }
    let id = unquoted(id).to_owned();
    let Some(why) = repl.waiting(move |session| session.last().map(|last| last.why(&id))) else { return interrupted() };
    match why {
        None => nothing_asked("`:why` speaks of the last query"),
        Some(Ok(why)) => Outcome::Told(render::descriptions(&[why], repl.settings.color, repl.settings.width())),
        Some(Err(trouble)) => repl.trouble(&trouble),
    }
}

pub(super) fn cite(repl: &mut Repl<'_>, _: &str) -> Outcome {
    let Some(cited) = repl.waiting(|session| session.last().map(|last| last.cite())) else { return interrupted() };
    match cited {
        None => nothing_asked("`:cite` speaks of the last answer"),
        Some(Ok(cited)) if cited.citations.is_empty() => Outcome::Wrong("no row of the answer has a source".to_owned()),
        Some(Ok(cited)) => {
            let lines = cited.citations.iter().zip(1..);
            let lines = lines.map(|(citation, number)| Line::new(format!("[{number}]"), "", &citation.text));
            Outcome::Told(repl.listing(&lines.collect::<Vec<_>>()))
        }
        Some(Err(trouble)) => repl.trouble(&trouble),
    }
}

pub(super) fn last(repl: &mut Repl<'_>, _: &str) -> Outcome {
    let Some(last) = repl.session.last() else { return nothing_asked("`:last` shows the last answer") };
    repl.tell(last.text());
    repl.show_answer(repl.settings.prompt.rows);
    Outcome::Answered(0)
}

pub(super) fn all(repl: &mut Repl<'_>, _: &str) -> Outcome {
    if repl.answer.is_none() {
        return nothing_asked("`:all` shows the last answer");
    }
    repl.show_answer(Rows::All);
    Outcome::Answered(0)
}

pub(super) fn undo(repl: &mut Repl<'_>, _: &str) -> Outcome {
    let Some(last) = repl.session.last() else { return nothing_asked("`:undo` shortens the last query") };
    let Some(before) = last.before() else {
        return Outcome::Wrong(format!("`{}` has no stage and no clause", last.text()));
    };
    repl.tell(before.text());
    let asked = before.clone();
    let Some(answer) = repl.waiting(move |session| session.ask_again(&asked)) else { return interrupted() };
    match answer {
        Ok(answer) => {
            repl.answer = Some(answer.into());
            if let Some(place) = repl.statements.iter().rposition(|statement| statement == last.text()) {
                repl.statements.remove(place);
            }
            repl.statements.push(before.text().to_owned());
            repl.show_answer(repl.settings.prompt.rows);
            repl.grade();
            Outcome::Answered(0)
        }
        Err(trouble) => repl.trouble(&trouble),
    }
}

pub(super) fn copy(repl: &mut Repl<'_>, format: &str) -> Outcome {
    let Some(answer) = repl.answer.clone() else { return nothing_asked("`:copy` copies the last answer") };
    let format = match format {
        "" => Format::Markdown,
        _ => match Format::named(format) {
            Some(format) => format,
            None => return super::set::no_format(format),
        },
    };
    let text = render::answer(&answer, format, repl.settings.with_notes, false, repl.settings.width());
    if !screen::copy(&text) {
        return Outcome::Wrong("there is no terminal that has a clipboard".to_owned());
    }
    let rows = if answer.rows.len() == 1 { "row" } else { "rows" };
    Outcome::Told(format!("{} {rows} given to the clipboard as {}\n", answer.rows.len(), format.name()))
}

fn interrupted() -> Outcome {
    Outcome::Wrong("the query was interrupted".to_owned())
}

fn nothing_asked(what: &str) -> Outcome {
    Outcome::Wrong(format!("nothing was asked yet; {what}"))
}
