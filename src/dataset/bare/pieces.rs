//! The files of a table, cut into pieces that are read at the same time and joined in their order.
//!
//! Nothing of the result depends on where files are cut: types are joined to what one reader would have seen, and a piece
//! that does not begin where the one before it ends is read again from there.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use indexmap::{IndexMap, IndexSet};

use super::block::{Filled, Limits, fill};
use super::column::Column;
use super::source::Opened;
use super::wish::Known;
use crate::dataset::lines::MOST_ERRORS;
use crate::dataset::{File, OnError};
use crate::diagnostic::Diagnostic;
use crate::store::in_turn;

/// So many rows of each file are looked at before columns are filled, so that the first full pass is mostly the last.
const FIRST_LOOK: usize = 1000;

/// As many columns or files are told by name.
const MOST_TOLD: usize = 6;

/// Rows of a file, by the places of its source.
#[derive(Debug, Clone, Copy)]
struct Piece {
    file: usize,
    start: usize,
    end: usize,
}

/// All files of a table.
pub(super) struct Table<'a> {
    files: Vec<Opened<'a>>,
    pieces: Vec<Piece>,
    pub(super) names: IndexSet<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    /// The columns that each file has.
    has: Vec<IndexSet<String>>,
}

impl<'a> Table<'a> {
    /// The files, in pieces of about so many bytes, or what is wrong with all of one.
    pub(super) fn of(files: &'a [File], known: &Known<'_>, piece: usize) -> Result<Self, Vec<Diagnostic>> {
        let (mut opened, mut errors) = (Vec::new(), Vec::new());
        for file in files {
            match Opened::of(file, known) {
                Ok(mut file) => {
                    if known.options.on_error == OnError::Skip {
                        file.rejected.tell_all();
                    }
                    opened.push(file);
                }
                Err(found) => errors.extend(found),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut pieces = Vec::new();
        for (file, of) in opened.iter().enumerate() {
            let starts = of.source.pieces(piece);
            let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
            pieces.extend(starts.iter().zip(ends).map(|(&start, end)| Piece { file, start, end }));
        }
        let has = vec![IndexSet::new(); opened.len()];
        Ok(Self { files: opened, pieces, names: IndexSet::new(), columns: Vec::new(), rows: 0, has })
    }

    /// Reads everything, and says what is wrong with the rows that were left out.
    pub(super) fn read(&mut self, known: &Known<'_>) -> Vec<Diagnostic> {
        self.look(known);
        let columns = std::mem::take(&mut self.columns);
        self.columns = self.pass(columns.iter().map(Column::restarted).collect(), known, true);
        let rejected = self.rejected();
        while self.columns.iter().any(Column::is_stale) && !known.options.progress.is_stopped() {
            let again = |column: &Column| if column.is_stale() { column.restarted() } else { column.done() };
            let filled = self.pass(self.columns.iter().map(again).collect(), known, false);
            for (column, filled) in self.columns.iter_mut().zip(filled).filter(|(column, _)| column.is_stale()) {
                *column = filled;
            }
        }
        rejected
    }

    /// Takes the first rows of each file, for the types that they have.
    fn look(&mut self, known: &Known<'_>) {
        for (file, of) in self.files.iter().enumerate() {
            let Some(first) = self.pieces.iter().find(|piece| piece.file == file) else { continue };
            let start = (std::mem::take(&mut self.names), std::mem::take(&mut self.columns));
            let limits = Limits { rows: FIRST_LOOK, faults: usize::MAX, is_stopped: &|| false };
            let filled = fill(&*of.source, first.start..usize::MAX, start, known, limits);
            (self.names, self.columns) = (filled.names, filled.columns);
            self.columns = self.columns.iter().map(Column::restarted).collect();
        }
    }

    /// Fills these columns from all pieces; `tells` what is wrong with rows, as long as more may be told.
    fn pass(&mut self, columns: Vec<Column>, known: &Known<'_>, tells: bool) -> Vec<Column> {
        let progress = &known.options.progress;
        progress.begin(self.pieces.len());
        let is_prose: Vec<AtomicBool> = columns.iter().map(|_| AtomicBool::new(false)).collect();
        let faults = if known.options.on_error == OnError::Skip { usize::MAX } else { MOST_ERRORS };
        let limits = Limits { rows: usize::MAX, faults, is_stopped: &|| progress.is_stopped() };
        let fill_piece = |files: &[Opened<'_>], names: &IndexSet<String>, piece: Piece| {
            let mut columns = columns.clone();
            let hinted = columns.iter_mut().zip(&is_prose).filter(|(_, is_prose)| is_prose.load(Relaxed));
            hinted.for_each(|(column, _)| column.take_as_prose());
            let start = (names.clone(), columns);
            let filled = fill(&*files[piece.file].source, piece.start..piece.end, start, known, limits);
            let like_prose = filled.columns.iter().zip(&is_prose).filter(|(column, _)| column.is_like_prose());
            like_prose.for_each(|(_, is_prose)| is_prose.store(true, Relaxed));
            progress.advance();
            filled
        };
        let (files, names) = (&self.files, &self.names);
        let mut filled = in_turn(self.pieces.clone(), |piece| fill_piece(files, names, piece));
        for place in 0..filled.len() {
            let piece = self.pieces[place];
            let is_cut = filled[place].rejected.len() >= faults || progress.is_stopped();
            if let Some(next) = self.pieces.get_mut(place + 1).filter(|next| next.file == piece.file && !is_cut)
                && next.start != filled[place].end
            {
                next.start = filled[place].end;
                filled[place + 1] = fill_piece(&self.files, &self.names, *next);
            }
            let rejected = std::mem::take(&mut filled[place].rejected);
            if tells && !self.files[piece.file].rejected.is_full() {
                rejected.into_iter().for_each(|fault| self.files[piece.file].reject(fault));
            }
        }
        for (piece, filled) in self.pieces.iter().zip(&filled) {
            self.names.extend(filled.names.iter().cloned());
            self.has[piece.file].extend(filled.met.iter().map(|&place| filled.names[place].clone()));
        }
        self.rows = filled.iter().map(|filled| filled.rows).sum();
        self.joined(filled, &columns, known)
    }

    /// One column of each name, of those of the pieces.
    fn joined(&self, filled: Vec<Filled>, columns: &[Column], known: &Known<'_>) -> Vec<Column> {
        let mut by_name: Vec<Vec<Column>> = self.names.iter().map(|_| Vec::with_capacity(filled.len())).collect();
        for piece in filled {
            let rows = piece.rows;
            for (name, column) in piece.names.iter().zip(piece.columns) {
                let place = self.names.get_index_of(name).unwrap_or(0);
                by_name[place].push(column);
            }
            for ((place, name), of_name) in self.names.iter().enumerate().zip(&mut by_name) {
                if !piece.names.contains(name) {
                    let mut column =
                        columns.get(place).map_or_else(|| Column::new(name, known, None), Column::restarted);
                    column.fill(rows);
                    of_name.push(column);
                }
            }
        }
        in_turn(by_name, Column::joined).into_iter().flatten().collect()
    }

    fn rejected(&mut self) -> Vec<Diagnostic> {
        self.files.iter_mut().flat_map(Opened::take_rejected).collect()
    }

    /// Which columns only some files have, in a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let lacking = |name: &String| {
            let without = self.files.iter().zip(&self.has).filter(|(_, has)| !has.contains(name));
            without.map(|(file, _)| file.name).collect::<Vec<_>>()
        };
        let mut notes: IndexMap<Vec<&str>, Vec<&str>> = IndexMap::new();
        for name in &self.names {
            notes.entry(lacking(name)).or_default().push(name);
        }
        let without = notes.into_iter().filter(|(files, _)| !files.is_empty());
        without
            .map(|(files, columns)| {
                format!("Missing in {}: {}.", several(&files, "files"), several(&columns, "columns"))
            })
            .collect()
    }
}

/// Them by name, as far as they are few.
fn several(names: &[&str], what: &str) -> String {
    let told: Vec<String> = names.iter().take(MOST_TOLD).map(|name| format!("`{name}`")).collect();
    match names.len() - told.len() {
        0 => told.join(", "),
        more => format!("{} and {more} more {what}", told.join(", ")),
    }
}
