//! Random sentences of a grammar, the same on every run, and random changes to them.

use std::collections::{BTreeMap, BTreeSet};

use demarche::syntax::CONTEXTUAL;

use super::ebnf::{Grammar, Part, is_lexical};
use super::literal::exists;

/// A small generator of numbers.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Makes sentences of a grammar.
pub struct Generator<'a> {
    grammar: &'a Grammar,
    pub random: Random,
    /// How many productions deep each production is at the least; those that the sentences do without are not there.
    depths: BTreeMap<&'a str, usize>,
}

impl<'a> Generator<'a> {
    /// For sentences with or `without` holes.
    pub fn new(grammar: &'a Grammar, seed: u64, without_holes: bool) -> Self {
        let mut depths = BTreeMap::new();
        loop {
            let before = depths.len();
            for production in &grammar.productions {
                let is_left_out = without_holes && production.is_hole;
                if let Some(depth) = depth(&depths, &production.part).filter(|_| !is_left_out) {
                    depths.entry(production.name.as_str()).or_insert(depth + 1);
                }
            }
            if depths.len() == before {
                return Self { grammar, random: Random(seed), depths };
            }
        }
    }

    /// The tokens of a sentence of `start`, and the productions that it took. It is at most some fifty productions deep,
    /// and after some forty tokens it ends as soon as it can.
    pub fn sentence(&mut self, start: &'a str) -> (Vec<String>, BTreeSet<&'a str>) {
        let mut sentence = Sentence { most: 1 + self.random.below(40), ..Sentence::default() };
        let depth = 10 + self.random.below(40);
        self.derive(&self.grammar.production(start).part, depth, &mut sentence);
        (sentence.tokens, sentence.productions)
    }

    /// A text that the lexical production `name` spells.
    pub fn lexeme(&mut self, name: &str) -> String {
        loop {
            let mut text = String::new();
            self.spell(&self.grammar.production(name).part, &mut text);
            if exists(&text) {
                return text;
            }
        }
    }

    fn derive(&mut self, part: &'a Part, most: usize, sentence: &mut Sentence<'a>) {
        let most = if sentence.tokens.len() > sentence.most { 0 } else { most };
        match part {
            Part::Reference(name) if is_lexical(name) => {
                let is_first = sentence.tokens.last().is_none_or(|token| token.trim().is_empty());
                let token = self.token(name, is_first);
                sentence.tokens.push(token);
            }
            Part::Reference(name) => {
                sentence.productions.insert(name);
                self.derive(&self.grammar.production(name).part, most.saturating_sub(1), sentence);
            }
            Part::Literal(text) => sentence.tokens.push(text.clone()),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.derive(part, most, sentence)),
            Part::Choice(parts) => {
                let deep = |part: &&Part| depth(&self.depths, part);
                let least = parts.iter().filter_map(|part| deep(&part)).min().unwrap_or(0);
                let fits = |part: &&Part| deep(part).is_some_and(|depth| depth <= most.max(least));
                let parts: Vec<&Part> = parts.iter().filter(fits).collect();
                let part = *self.random.pick(&parts);
                self.derive(part, most, sentence);
            }
            Part::Optional(part) => {
                let times = self.random.below(2);
                self.repeat(part, most, 0, times, sentence);
            }
            Part::Repeated(part, least) => {
                let more = self.random.below(3).min(self.random.below(3));
                self.repeat(part, most, *least, more, sentence);
            }
            Part::Class(..) | Part::Except(..) => panic!("characters stand among tokens"),
        }
    }

    /// The part `least` times, and some `more` if it is not too deep.
    fn repeat(&mut self, part: &'a Part, most: usize, least: usize, more: usize, sentence: &mut Sentence<'a>) {
        let fits = depth(&self.depths, part).is_some_and(|depth| depth <= most);
        for _ in 0..if fits { least + more } else { least } {
            self.derive(part, most, sentence);
        }
    }

    /// A token; now and then a name that is a word of the language elsewhere, but not the first of a line, where it
    /// could go on with the line before.
    fn token(&mut self, name: &str, is_first: bool) -> String {
        if name == "NAME" && !is_first && self.random.once_in(6) {
            // A source of that name would begin a sequence.
            return (*self.random.pick(CONTEXTUAL)).replace("sequence", "latest");
        }
        self.lexeme(name)
    }

    fn spell(&mut self, part: &'a Part, text: &mut String) {
        match part {
            Part::Reference(name) => self.spell(&self.grammar.production(name).part, text),
            Part::Literal(literal) => text.push_str(literal),
            Part::Class(negated, ranges) => text.push(self.character(*negated, ranges)),
            Part::Sequence(parts) => parts.iter().for_each(|part| self.spell(part, text)),
            Part::Choice(parts) => {
                let part = self.random.pick(parts);
                self.spell(part, text);
            }
            Part::Optional(part) => (0..self.random.below(2)).for_each(|_| self.spell(part, text)),
            Part::Repeated(part, least) => (0..least + self.random.below(4)).for_each(|_| self.spell(part, text)),
            Part::Except(part, exception) => loop {
                let mut candidate = String::new();
                self.spell(part, &mut candidate);
                if !self.spells(exception, &candidate) {
                    return text.push_str(&candidate);
                }
            },
        }
    }

    fn spells(&self, exception: &Part, text: &str) -> bool {
        let Part::Reference(name) = exception else { panic!("what is excepted has a name") };
        super::recogniser::spells(self.grammar, name, text)
    }

    fn character(&mut self, negated: bool, ranges: &[(char, char)]) -> char {
        const OTHERS: &[char] =
            &[' ', 'a', 'Z', '7', '_', '#', '|', '.', '\'', '"', '`', 'é', 'П', '中', '\u{1f54a}', '\t'];
        if negated {
            let is_in = |letter: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter));
            let others: Vec<char> = OTHERS.iter().copied().filter(|&letter| !is_in(letter)).collect();
            return *self.random.pick(&others);
        }
        let (first, last) = *self.random.pick(ranges);
        let range: Vec<char> = (first..=last).collect();
        *self.random.pick(&range)
    }

    /// The tokens with some of them removed, doubled or exchanged, or a word put between.
    pub fn mutate(&mut self, tokens: &mut Vec<String>, words: &[String]) {
        for _ in 0..=self.random.below(2) {
            if tokens.is_empty() {
                return;
            }
            let at = self.random.below(tokens.len());
            let other = self.random.below(tokens.len());
            match self.random.below(6) {
                0 | 1 => drop(tokens.remove(at)),
                2 => tokens.insert(at, tokens[at].clone()),
                3 => tokens.swap(at, other),
                4 if at > 0 => tokens.swap(at, at - 1),
                _ => tokens.insert(at, self.random.pick(words).clone()),
            }
        }
    }

    /// The tokens as a text, with blanks of all kinds between them.
    pub fn spaced(&mut self, tokens: &[String]) -> String {
        let mut text = String::new();
        let mut open = 0_usize;
        for token in tokens {
            // Where a line may end: not before what could start a statement, and a unit stays with its number.
            let goes_on = ["|", "and", "or", "since", "where", ",", "=", ")"].contains(&token.as_str());
            let is_word = CONTEXTUAL.contains(&token.as_str());
            self.space(goes_on || open > 0 && !is_word, &mut text);
            match token.as_str() {
                "(" => open += 1,
                ")" => open = open.saturating_sub(1),
                _ => {}
            }
            text.push_str(token);
        }
        text.push_str(" # the end");
        text
    }

    fn space(&mut self, may_end_line: bool, text: &mut String) {
        for _ in 0..=self.random.below(3) {
            let blank = self.lexeme("BLANK");
            let ends_line = blank.starts_with('#') || blank.contains(['\n', '\r']);
            match (ends_line, may_end_line) {
                (false, _) => text.push_str(&blank),
                (true, true) => text.extend([blank.as_str(), "\n"]),
                (true, false) => text.push(' '),
            }
        }
    }
}

#[derive(Default)]
struct Sentence<'a> {
    most: usize,
    tokens: Vec<String>,
    productions: BTreeSet<&'a str>,
}

/// How many productions deep a part is at the least, as far as that is known.
fn depth(depths: &BTreeMap<&str, usize>, part: &Part) -> Option<usize> {
    match part {
        Part::Reference(name) => depths.get(name.as_str()).copied(),
        Part::Literal(_) | Part::Class(..) | Part::Optional(_) | Part::Repeated(_, 0) => Some(0),
        Part::Sequence(parts) => {
            parts.iter().map(|part| depth(depths, part)).try_fold(0, |most, one| Some(most.max(one?)))
        }
        Part::Choice(parts) => parts.iter().filter_map(|part| depth(depths, part)).min(),
        Part::Repeated(part, _) | Part::Except(part, _) => depth(depths, part),
    }
}
