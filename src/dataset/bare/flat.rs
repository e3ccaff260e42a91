//! A JSON object of plain values, as most lines are, in one pass: what `serde_json` would find, or nothing where it is to
//! be asked, as with escapes, nested objects and whatever is wrong.

use std::borrow::Cow;

use super::Cell;
use super::marks::Marks;

/// The members of an object, one after another.
pub(super) struct Members<'a> {
    text: &'a str,
    at: usize,
    /// Where a text may end, and what may not stand in it as it is.
    marks: Marks<'a, true>,
    /// Whether a member was there already.
    is_begun: bool,
}

/// The rest of the text is not such an object.
pub(super) struct NotPlain;

impl<'a> Members<'a> {
    /// The members of the object that a text is.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let marks = Marks::of(text, [b'"', b'\\', b'"']);
        let mut members = Self { text, at: 0, marks, is_begun: false };
        members.byte(b'{').then_some(members)
    }

    /// Whether the next member is surely of this name, which has no escapes; if so, its value is to be read next.
    pub(super) fn is_named(&mut self, name: &str) -> bool {
        let bytes = self.text.as_bytes();
        let start = if self.is_begun { self.at + 1 } else { self.at };
        let start = start + usize::from(bytes.get(start) == Some(&b' '));
        let end = start + name.len() + 1;
        let is_it = (!self.is_begun || bytes.get(self.at) == Some(&b','))
            && bytes.get(start) == Some(&b'"')
            && bytes.get(start + 1..end) == Some(name.as_bytes())
            && bytes.get(end..end + 2) == Some(b"\":");
        if is_it {
            (self.at, self.is_begun) = (end + 2, true);
        }
        is_it
    }

    /// The name of the next member, whose value is then to be read; nothing after the last.
    pub(super) fn name(&mut self) -> Result<Option<&'a str>, NotPlain> {
        if self.byte(b'}') {
            self.skip_blanks();
            return if self.at == self.text.len() { Ok(None) } else { Err(NotPlain) };
        }
        if std::mem::replace(&mut self.is_begun, true) && !self.byte(b',') {
            return Err(NotPlain);
        }
        let name = self.string().ok_or(NotPlain)?;
        if self.byte(b':') { Ok(Some(name)) } else { Err(NotPlain) }
    }

    /// Adds the value of the member that was named; nothing where it is not plain.
    pub(super) fn value(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<()> {
        if self.peek()? != b'[' {
            return self.single(cells);
        }
        self.at += 1;
        let mut items = Vec::new();
        while !self.byte(b']') {
            if !items.is_empty() && !self.byte(b',') {
                return None;
            }
            self.single(&mut items)?;
        }
        items.retain(|item| *item != Cell::Missing);
        cells.push(Cell::List(items));
        Some(())
    }

    /// Adds a value that is no list. Those that most are come from an iterator, which makes them where they stand: to move a
    /// cell that was just made takes longer than to make it.
    #[inline]
    fn single(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<()> {
        match self.peek()? {
            b'"' => {
                let text = self.string()?;
                cells.extend(Some(text).into_iter().map(|text| Cell::Text(Cow::Borrowed(text))));
            }
            b'n' => {
                self.word("null")?;
                cells.push(Cell::Missing);
            }
            b't' => {
                self.word("true")?;
                cells.push(Cell::Bool(true));
            }
            b'f' => {
                self.word("false")?;
                cells.push(Cell::Bool(false));
            }
            _ => {
                let number = self.number()?;
                cells.extend(Some(number).into_iter().map(Cell::Number));
            }
        }
        Some(())
    }

    /// A text without escapes.
    fn string(&mut self) -> Option<&'a str> {
        if !self.byte(b'"') {
            return None;
        }
        let end = self.marks.next(self.at);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        let text = &self.text[self.at..end];
        self.at = end + 1;
        Some(text)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at += usize::from(self.text.as_bytes().get(start) == Some(&b'-'));
        let first = self.text.as_bytes().get(self.at).copied();
        let whole = self.digits();
        if whole == 0 || whole > 1 && first == Some(b'0') {
            return None;
        }
        if self.text.as_bytes().get(self.at) == Some(&b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return None;
            }
        }
        // An exponent goes on after this, and is left to others.
        Some(&self.text[start..self.at])
    }

    fn digits(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.as_bytes()[self.at..].starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Whether this byte comes next, which it then passes over.
    fn byte(&mut self, byte: u8) -> bool {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.text.as_bytes().get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }
}
