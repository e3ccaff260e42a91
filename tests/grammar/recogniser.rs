//! Whether a grammar derives a list of tokens, or a token's characters: every reading is followed, none is preferred.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::ebnf::{Grammar, Part, is_lexical};

/// Whether the production `start` derives these tokens.
pub fn derives(grammar: &Grammar, start: &str, tokens: &[&str]) -> bool {
    Recogniser::new(grammar, Input::Tokens(tokens)).accepts(start, tokens.len())
}

/// Whether the lexical production `start` derives `text`.
pub fn spells(grammar: &Grammar, start: &str, text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    Recogniser::new(grammar, Input::Characters(&characters)).accepts(start, characters.len())
}

#[derive(Clone, Copy)]
enum Input<'a> {
    Tokens(&'a [&'a str]),
    Characters(&'a [char]),
}

type Places = BTreeSet<usize>;

struct Recogniser<'a> {
    grammar: &'a Grammar,
    input: Input<'a>,
    /// Where each production that starts at a place can end.
    known: RefCell<HashMap<(&'a str, usize), Rc<Places>>>,
}

impl<'a> Recogniser<'a> {
    fn new(grammar: &'a Grammar, input: Input<'a>) -> Self {
        Self { grammar, input, known: RefCell::default() }
    }

    fn accepts(&self, start: &str, length: usize) -> bool {
        self.ends(&self.grammar.production(start).part, 0).contains(&length)
    }

    /// The places where `part` can end if it starts at `place`.
    fn ends(&self, part: &'a Part, place: usize) -> Places {
        match part {
            Part::Reference(name) => (*self.ends_of(name, place)).clone(),
            Part::Literal(text) => self.literal(text, place).into_iter().collect(),
            Part::Class(negated, ranges) => {
                let Input::Characters(characters) = self.input else { panic!("a class stands among tokens") };
                let is_in = |letter: &char| ranges.iter().any(|(first, last)| (first..=last).contains(&letter));
                let found = characters.get(place).is_some_and(|letter| is_in(letter) != *negated);
                found.then_some(place + 1).into_iter().collect()
            }
            Part::Sequence(parts) => {
                parts.iter().fold(Places::from([place]), |places, part| self.after_each(&places, part))
            }
            Part::Choice(parts) => parts.iter().flat_map(|part| self.ends(part, place)).collect(),
            Part::Optional(part) => &self.ends(part, place) | &Places::from([place]),
            Part::Repeated(part, least) => {
                let mut last = if *least == 0 { Places::from([place]) } else { self.ends(part, place) };
                let mut all = last.clone();
                while !last.is_empty() {
                    last = &self.after_each(&last, part) - &all;
                    all.extend(&last);
                }
                all
            }
            Part::Except(part, exception) => &self.ends(part, place) - &self.ends(exception, place),
        }
    }

    fn after_each(&self, places: &Places, part: &'a Part) -> Places {
        places.iter().flat_map(|&place| self.ends(part, place)).collect()
    }

    fn ends_of(&self, name: &'a str, place: usize) -> Rc<Places> {
        if let Some(known) = self.known.borrow().get(&(name, place)) {
            return Rc::clone(known);
        }
        let ends = match self.input {
            Input::Tokens(tokens) if is_lexical(name) => {
                let found = tokens.get(place).is_some_and(|token| spells(self.grammar, name, token));
                found.then_some(place + 1).into_iter().collect()
            }
            _ => self.ends(&self.grammar.production(name).part, place),
        };
        let ends = Rc::new(ends);
        self.known.borrow_mut().insert((name, place), Rc::clone(&ends));
        ends
    }

    fn literal(&self, text: &str, place: usize) -> Option<usize> {
        match self.input {
            Input::Tokens(tokens) => (*tokens.get(place)? == text).then_some(place + 1),
            Input::Characters(characters) => {
                let end = place + text.chars().count();
                let found = characters.get(place..end)?;
                found.iter().copied().eq(text.chars()).then_some(end)
            }
        }
    }
}
