//! A reader for grammars in the EBNF of the W3C, with the examples that stand in comments under their productions.

use std::collections::BTreeSet;

/// What a production stands for, or a part of it.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// `Query`, `NAME`
    Reference(String),
    /// `'where'`
    Literal(String),
    /// `[a-z]`, `[^"]`: whether it is negated, and its ranges
    Class(bool, Vec<(char, char)>),
    /// `A B`
    Sequence(Vec<Part>),
    /// `A | B`
    Choice(Vec<Part>),
    /// `A?`
    Optional(Box<Part>),
    /// `A*` and `A+`: the least number of times
    Repeated(Box<Part>, usize),
    /// `A - B`
    Except(Box<Part>, Box<Part>),
}

/// A text for a production, and what the parser is to say of it.
#[derive(Debug)]
pub struct Example {
    /// The text, as the production reads it.
    pub text: String,
    /// A whole script with the text in it.
    pub script: String,
    /// Whether it is accepted.
    pub accepted: bool,
}

/// `Name ::= part /* examples */`
#[derive(Debug)]
pub struct Production {
    pub name: String,
    /// All of it, as it is written.
    pub text: String,
    pub part: Part,
    /// The heading above it, if it is the first under one.
    pub heading: Option<String>,
    /// What is said of it beside its examples.
    pub remark: String,
    pub examples: Vec<Example>,
    /// Whether what it reads is part of the language and not at work yet.
    pub is_hole: bool,
}

/// The productions of a file, in its order.
#[derive(Debug)]
pub struct Grammar {
    pub productions: Vec<Production>,
}

/// Whether the production `name` is made of characters, and not of tokens.
pub fn is_lexical(name: &str) -> bool {
    !name.contains(|letter: char| letter.is_lowercase())
}

impl Grammar {
    /// The grammar in `text`; a panic says what is wrong with it.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { rest: text };
        let mut grammar = Self { productions: Vec::new() };
        loop {
            let heading = reader.skip(grammar.productions.last_mut());
            if reader.rest.is_empty() {
                return grammar;
            }
            let start = reader.rest;
            let name = reader.name().unwrap_or_else(|| panic!("no production: {:.40}", reader.rest));
            reader.expect("::=");
            let part = reader.choice();
            let text = start[..start.len() - reader.rest.len()].trim_end().to_owned();
            let (remark, examples) = (String::new(), Vec::new());
            grammar.productions.push(Production { name, text, part, heading, remark, examples, is_hole: false });
        }
    }

    /// The production of this name, which must exist.
    pub fn production(&self, name: &str) -> &Production {
        let found = self.productions.iter().find(|production| production.name == name);
        found.unwrap_or_else(|| panic!("no production defines `{name}`"))
    }

    /// The names of the productions that are used for `start`, `start` included.
    pub fn reachable(&self, start: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(name) = open.pop() {
            let part = &self.production(&name).part;
            if reached.insert(name) {
                part.visit(&mut |part| {
                    if let Part::Reference(name) = part {
                        open.push(name.clone());
                    }
                });
            }
        }
        reached
    }

    /// The words and marks in quotes in the productions that are made of tokens.
    pub fn words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for production in self.productions.iter().filter(|production| !is_lexical(&production.name)) {
            production.part.visit(&mut |part| {
                if let Part::Literal(word) = part {
                    words.insert(word.clone());
                }
            });
        }
        words
    }
}

impl Part {
    /// Shows `see` this part and every part of it.
    pub fn visit(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::Sequence(parts) | Self::Choice(parts) => parts.iter().for_each(|part| part.visit(see)),
            Self::Optional(part) | Self::Repeated(part, _) => part.visit(see),
            Self::Except(part, exception) => {
                part.visit(see);
                exception.visit(see);
            }
            Self::Reference(_) | Self::Literal(_) | Self::Class(..) => {}
        }
    }
}

impl Production {
    /// Takes a remark and the examples from a comment: `in: meetings | …`, then `accepts: count` and `rejects: cuont`.
    fn read_comment(&mut self, comment: &str) {
        let mut context = "…";
        for line in comment.lines().map(str::trim) {
            let mut example = |text: &str, accepted| {
                let text = text.trim().replace(" ⏎ ", "\n").replace('⏎', "\n");
                let script = context.replacen('…', &text, 1);
                self.examples.push(Example { text, script, accepted });
            };
            match line.split_once(':') {
                Some(("in", text)) => context = text.trim(),
                Some(("accepts", text)) => example(text, true),
                Some(("rejects", text)) => example(text, false),
                _ if line == "hole" => self.is_hole = true,
                _ => self.remark.extend([line, "\n"]),
            }
        }
    }
}

/// What is left of the text.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Skips blanks and comments; one of a single line is a heading, and the others are the production's.
    fn skip(&mut self, mut production: Option<&mut Production>) -> Option<String> {
        let mut heading = None;
        self.rest = self.rest.trim_start();
        while let Some(comment) = self.rest.strip_prefix("/*") {
            let (comment, rest) = comment.split_once("*/").expect("a comment is closed");
            if !comment.contains('\n') {
                heading = Some(comment.trim().to_owned());
            } else if let Some(production) = &mut production {
                production.read_comment(comment);
            }
            self.rest = rest.trim_start();
        }
        heading
    }

    fn accept(&mut self, mark: &str) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, mark: &str) {
        assert!(self.accept(mark), "`{mark}` is missing: {:.40}", self.rest);
    }

    fn name(&mut self) -> Option<String> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn choice(&mut self) -> Part {
        let mut choices = vec![self.sequence()];
        while self.accept("|") {
            choices.push(self.sequence());
        }
        if choices.len() == 1 { choices.remove(0) } else { Part::Choice(choices) }
    }

    fn sequence(&mut self) -> Part {
        let mut parts = Vec::new();
        while let Some(part) = self.item() {
            let part = if self.accept("-") {
                let exception = self.item().expect("something is excepted");
                Part::Except(Box::new(part), Box::new(exception))
            } else {
                part
            };
            parts.push(part);
        }
        if parts.len() == 1 { parts.remove(0) } else { Part::Sequence(parts) }
    }

    /// One item with the `?`, `*` or `+` after it; none where a sequence ends.
    fn item(&mut self) -> Option<Part> {
        self.rest = self.rest.trim_start();
        let part = match self.rest.chars().next()? {
            '(' => {
                self.expect("(");
                let part = self.choice();
                self.expect(")");
                part
            }
            '\'' => Part::Literal(self.until("'", "'").to_owned()),
            '"' => Part::Literal(self.until("\"", "\"").to_owned()),
            '[' => read_class(self.until("[", "]")),
            letter if letter.is_ascii_alphabetic() => {
                let before = self.rest;
                let name = self.name()?;
                if self.rest.trim_start().starts_with("::=") {
                    self.rest = before;
                    return None;
                }
                Part::Reference(name)
            }
            _ => return None,
        };
        Some(match self.rest.chars().next() {
            Some('?') if self.accept("?") => Part::Optional(Box::new(part)),
            Some('*') if self.accept("*") => Part::Repeated(Box::new(part), 0),
            Some('+') if self.accept("+") => Part::Repeated(Box::new(part), 1),
            _ => part,
        })
    }

    /// What stands between `open` and `close`.
    fn until(&mut self, open: &str, close: &str) -> &'a str {
        let (inner, rest) = self.rest[open.len()..].split_once(close).expect("quotes and brackets are closed");
        self.rest = rest;
        inner
    }
}

/// A class from what stands in its brackets: `^a-z`, `#xA#xD`.
fn read_class(text: &str) -> Part {
    let negated = text.starts_with('^');
    let mut rest = text.trim_start_matches('^');
    let mut ranges = Vec::new();
    while let Some(first) = read_character(&mut rest) {
        let last = match rest.strip_prefix('-') {
            Some(after) if !after.is_empty() => {
                rest = after;
                read_character(&mut rest)
            }
            _ => None,
        };
        ranges.push((first, last.unwrap_or(first)));
    }
    Part::Class(negated, ranges)
}

/// `a`, or `#x61`.
fn read_character(rest: &mut &str) -> Option<char> {
    if let Some(number) = rest.strip_prefix("#x") {
        let end = number.find(|digit: char| !digit.is_ascii_hexdigit()).unwrap_or(number.len());
        let code = u32::from_str_radix(&number[..end], 16).expect("a number follows `#x`");
        *rest = &number[end..];
        return Some(char::from_u32(code).expect("the number is that of a character"));
    }
    let mut letters = rest.chars();
    let letter = letters.next();
    *rest = letters.as_str();
    letter
}
