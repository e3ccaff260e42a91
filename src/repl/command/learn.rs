//! Commands about the lessons.

use super::Outcome;
use crate::lesson::Course;
use crate::repl::entry::Repl;
use crate::repl::tutor::Tutor;

pub(super) fn learn(repl: &mut Repl<'_>, argument: &str) -> Outcome {
    if argument == "off" {
        repl.tutor = None;
        return Outcome::Told("the lessons are left; `:learn` goes on with them\n".to_owned());
    }
    if repl.tutor.is_none() {
        match Course::shipped(&repl.session) {
            Ok(course) => repl.tutor = Some(Tutor::new(course)),
            Err(message) => return Outcome::Wrong(message),
        }
    }
    let (color, width) = (repl.settings.color, repl.settings.width());
    match repl.tutor.as_mut().map(|tutor| tutor.learn(argument, color, width)) {
        Some(Ok(told)) => Outcome::Told(told),
        Some(Err(message)) => Outcome::Wrong(message),
        None => Outcome::Told(String::new()),
    }
}

pub(super) fn hint(repl: &mut Repl<'_>, _: &str) -> Outcome {
    taught(repl, Tutor::hint)
}

pub(super) fn solution(repl: &mut Repl<'_>, _: &str) -> Outcome {
    taught(repl, |tutor, _, _| tutor.solution())
}

/// What the tutor tells, if lessons are taken.
fn taught(repl: &mut Repl<'_>, tell: impl Fn(&mut Tutor, bool, usize) -> String) -> Outcome {
    let (color, width) = (repl.settings.color, repl.settings.width());
    match &mut repl.tutor {
        Some(tutor) => Outcome::Told(tell(tutor, color, width)),
        None => Outcome::Wrong("no lesson is taken; `:learn` begins".to_owned()),
    }
}
