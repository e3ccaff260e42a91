//! Pieces to lines: a group stays on its line if it fits there, and else each of its own breaks ends one.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// How wide a line may be.
const WIDTH: usize = 100;
/// How far a level is indented.
const INDENT: usize = 2;

/// What a text is laid out of.
#[derive(Debug, Clone)]
pub(super) enum Piece<'a> {
    /// A token.
    Text(Cow<'a, str>),
    /// A comment, after which a line ends; whether it has a line of its own.
    Comment(&'a str, bool),
    /// A blank.
    Blank,
    /// A line end where its group is broken, else a blank.
    Line,
    /// A line end where its group is broken, else nothing.
    Fold,
    /// A line end.
    Break,
    /// A group starts.
    Open,
    /// The group ends.
    Close,
    /// Lines that start from here on are indented by a level more.
    Indent,
    /// And by a level less.
    Dedent,
}

/// Where the printer is.
#[derive(Default)]
struct Printer {
    out: String,
    column: usize,
    level: usize,
    /// Whether each group that is open is flat.
    flat: Vec<bool>,
    is_line_start: bool,
    blank: bool,
    /// Whether a comment stands before, so that nothing can follow on its line.
    is_commented: bool,
}

/// The lines of `pieces`, without the end of the last.
pub(super) fn print(pieces: &[Piece<'_>]) -> String {
    let mut printer = Printer { is_line_start: true, ..Printer::default() };
    for (place, piece) in pieces.iter().enumerate() {
        printer.piece(piece, &pieces[place + 1..]);
    }
    printer.out
}

impl Printer {
    fn piece(&mut self, piece: &Piece<'_>, rest: &[Piece<'_>]) {
        match piece {
            Piece::Open => {
                let is_flat = self.flat.last() == Some(&true) || fits(rest, WIDTH.saturating_sub(self.next_column()));
                self.flat.push(is_flat);
            }
            Piece::Close => drop(self.flat.pop()),
            Piece::Indent => self.level += 1,
            Piece::Dedent => self.level -= 1,
            Piece::Blank => self.blank = true,
            Piece::Break => self.end_line(),
            Piece::Line | Piece::Fold if self.is_commented || self.flat.last() != Some(&true) => self.end_line(),
            Piece::Line => self.blank = true,
            Piece::Fold => self.blank = false,
            Piece::Text(text) => {
                if self.is_commented {
                    self.end_line();
                }
                self.write(text);
            }
            Piece::Comment(text, has_line) => {
                if (*has_line || self.is_commented) && !self.is_line_start {
                    self.end_line();
                }
                self.blank = true;
                self.write(text);
                self.is_commented = true;
            }
        }
    }

    fn next_column(&self) -> usize {
        if self.is_line_start || self.is_commented {
            self.level * INDENT
        } else {
            self.column + usize::from(self.blank)
        }
    }

    fn end_line(&mut self) {
        self.out.push('\n');
        self.is_line_start = true;
        self.is_commented = false;
        self.blank = false;
    }

    fn write(&mut self, text: &str) {
        self.column = self.next_column();
        if self.is_line_start {
            self.out.push_str(&" ".repeat(self.column));
        } else if self.blank {
            self.out.push(' ');
        }
        self.out.push_str(text);
        let before = if text.contains('\n') { 0 } else { self.column };
        self.column = before + text.rsplit('\n').next().map_or(0, UnicodeWidthStr::width);
        self.is_line_start = false;
        self.blank = false;
    }
}

/// Whether the group whose pieces start here, and what follows up to where a line can end, fits into `room` columns.
fn fits(pieces: &[Piece<'_>], room: usize) -> bool {
    let mut used = 0;
    let mut depth = 1_usize;
    let mut is_commented = false;
    for piece in pieces {
        let is_outside = depth == 0;
        match piece {
            Piece::Open if !is_outside => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            Piece::Open | Piece::Indent | Piece::Dedent => {}
            Piece::Text(_) | Piece::Line | Piece::Fold | Piece::Break | Piece::Comment(..) if is_commented => {
                return is_outside;
            }
            Piece::Text(text) => {
                used += text.split('\n').next().map_or(0, UnicodeWidthStr::width);
                if used > room || text.contains('\n') {
                    return used <= room;
                }
            }
            Piece::Line | Piece::Fold | Piece::Break | Piece::Comment(_, true) if is_outside => return true,
            Piece::Break | Piece::Comment(_, true) => return false,
            Piece::Line | Piece::Blank => used += 1,
            Piece::Fold => {}
            Piece::Comment(_, false) => is_commented = true,
        }
    }
    true
}
