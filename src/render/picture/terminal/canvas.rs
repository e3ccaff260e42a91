//! Lines drawn in the dots of Braille letters, or in ASCII, with signs over them.

use super::{DIM, Look};

/// Dots of a letter: two beside and four below one another.
const ACROSS: usize = 2;
const DOWN: usize = 4;

/// A field of letters.
pub(super) struct Canvas {
    width: usize,
    cells: Vec<Cell>,
    look: Look,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    dots: u8,
    /// What stands over the dots.
    letter: Option<char>,
    /// Whose colour it has.
    series: Option<usize>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, look: Look) -> Self {
        Self { width, cells: vec![Cell::default(); width * height], look }
    }

    fn height(&self) -> usize {
        self.cells.len() / self.width.max(1)
    }

    /// A line between two places, each from 0 at the left and the top to 1.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), series: Option<usize>) {
        let (across, down) = ((self.width * ACROSS - 1) as f64, (self.height() * DOWN - 1) as f64);
        let (x, y) = (from.0 * across, from.1 * down);
        let (right, below) = (to.0 * across - x, to.1 * down - y);
        let steps = right.abs().max(below.abs()).ceil().max(1.0);
        for step in 0..=steps as usize {
            let part = step as f64 / steps;
            self.dot((x + right * part).round() as usize, (y + below * part).round() as usize, series);
        }
    }

    fn dot(&mut self, x: usize, y: usize, series: Option<usize>) {
        const DOTS: [[u8; ACROSS]; DOWN] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        if let Some(cell) = self.cells.get_mut(y / DOWN * self.width + x / ACROSS) {
            cell.dots |= DOTS[y % DOWN][x % ACROSS];
            cell.series = series;
        }
    }

    /// The column and the row of a place.
    pub(super) fn cell(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let of = |part: f64, count: usize| ((part * count as f64) as usize).min(count.saturating_sub(1));
        (of(x, self.width), of(y, self.height()))
    }

    /// A sign in a cell.
    pub(super) fn sign(&mut self, (column, row): (usize, usize), sign: char, series: Option<usize>) {
        if let Some(cell) = self.cells.get_mut(row * self.width + column) {
            (cell.letter, cell.series) = (Some(sign), series);
        }
    }

    /// Its lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let letter = |cell: &Cell| match (cell.letter, cell.dots) {
            (Some(letter), _) => letter,
            (None, 0) => ' ',
            (None, _) if self.look.ascii => '.',
            (None, dots) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
        };
        let kind = |cell: &Cell| (cell.series, cell.letter.is_none());
        let line = |cells: &[Cell]| -> String {
            let runs = cells.chunk_by(|one, other| kind(one) == kind(other));
            runs.map(|run| {
                let text: String = run.iter().map(letter).collect();
                match kind(&run[0]) {
                    (Some(series), _) => self.look.in_series(&text, series),
                    (None, true) if !text.trim().is_empty() => self.look.paint(&text, DIM),
                    (None, _) => text,
                }
            })
            .collect()
        };
        self.cells.chunks(self.width.max(1)).map(line).collect()
    }
}
