//! The files of a table, cut into pieces that are read at the same time and joined in their order.
//!
//! Nothing of the result depends on where files are cut: types are joined to what one reader would have seen, and a piece
//! that does not begin where the one before it ends is read again from there.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use indexmap::{IndexMap, IndexSet};

use super::block::{Filled, Limits, fill};
use super::column::{Column, Whole};
use super::source::{Opened, Source};
use super::wish::Known;
use crate::dataset::joined::Joined;
use crate::dataset::lines::MOST_ERRORS;
use crate::dataset::{File, OnError};
use crate::diagnostic::Diagnostic;
use crate::store::in_order;
use crate::value::Type;

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
    pub(super) columns: Vec<Whole>,
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
        let columns = self.look(known);
        self.columns = self.pass(columns, known, true);
        let rejected = self.rejected();
        while self.columns.iter().any(Whole::is_stale) && !known.options.progress.is_stopped() {
            let filled = self.pass(self.columns.iter().map(Whole::restarted).collect(), known, false);
            for (column, filled) in self.columns.iter_mut().zip(filled).filter(|(column, _)| column.is_stale()) {
                *column = filled;
            }
        }
        rejected
    }

    /// The columns of files that all keep them apart and say the same types of them, and how many rows all have.
    pub(super) fn typed(&mut self, known: &Known<'_>) -> Option<Vec<Column>> {
        let said = |file: &Opened<'_>| Some((file.source.names()?.clone(), file.source.typed()?));
        let (names, (types, mut rows)) = said(self.files.first()?)?;
        for file in &self.files[1..] {
            let (others, (of, more)) = said(file)?;
            rows = rows.checked_add(more).filter(|rows| u32::try_from(*rows).is_ok())?;
            let is_same =
                |(name, own): (&String, &Type)| others.get_index_of(name).is_some_and(|place| of[place] == *own);
            if others.len() != names.len() || !names.iter().zip(&types).all(is_same) {
                return None;
            }
        }
        let wish = |name: &str| self.files[0].source.wish(name);
        let columns =
            names.iter().zip(types).map(|(name, of)| Column::new(name, known, wish(name)).of_type(of)).collect();
        (self.names, self.rows) = (names, rows);
        Some(columns)
    }

    /// Reads one of these columns alone; `None` where anything is wrong.
    pub(super) fn read_only(&mut self, place: usize, columns: &[Column], known: &Known<'_>) -> Option<Joined> {
        let mut columns = self.pass(these_of(&[place], columns), known, true);
        let is_right = self.files.iter().all(|file| file.rejected.is_empty());
        let column = columns.swap_remove(place);
        (is_right && !column.is_stale()).then(|| column.into_values())
    }

    /// Gives `look` what these of the columns have in each piece, several pieces at a time, until it gives `None`; so it is
    /// where anything is wrong.
    pub(super) fn each_piece(
        &self,
        places: &[usize],
        columns: &[Column],
        known: &Known<'_>,
        look: &(dyn Fn(Vec<Joined>) -> Option<()> + Sync),
    ) -> Option<()> {
        let columns = these_of(places, columns);
        let is_over = AtomicBool::new(false);
        let limits = Limits { rows: usize::MAX, faults: 1, is_stopped: &|| is_over.load(Relaxed) };
        let look_at = |piece: Piece| {
            let start = (self.names.clone(), columns.clone());
            let filled = fill(&*self.files[piece.file].source, piece.start..piece.end, start, known, limits);
            let mut whole: Vec<Whole> = columns.iter().map(Whole::of).collect();
            whole.iter_mut().zip(filled.columns).for_each(|(whole, column)| whole.append(column));
            let is_right = filled.rejected.is_empty() && !whole.iter().any(Whole::is_stale);
            if is_right { look(places.iter().map(|&place| whole[place].take_values()).collect()) } else { None }
        };
        let unless_over = |piece: Piece| {
            if !is_over.load(Relaxed) && look_at(piece).is_none() {
                is_over.store(true, Relaxed);
            }
        };
        in_order(self.pieces.clone(), unless_over, |()| ());
        (!is_over.into_inner()).then_some(())
    }

    /// Takes the first rows of each file, for the columns that they have, of the types that their values have.
    fn look(&mut self, known: &Known<'_>) -> Vec<Column> {
        let mut columns = Vec::new();
        for (file, of) in self.files.iter().enumerate() {
            let Some(first) = self.pieces.iter().find(|piece| piece.file == file) else { continue };
            let start = (std::mem::take(&mut self.names), columns);
            let limits = Limits { rows: FIRST_LOOK, faults: usize::MAX, is_stopped: &|| false };
            let filled = fill(&*of.source, first.start..usize::MAX, start, known, limits);
            self.names = filled.names;
            columns = filled.columns.iter().map(Column::restarted).collect();
        }
        columns
    }

    /// Fills these columns from all pieces; `tells` what is wrong with rows, as long as more may be told.
    fn pass(&mut self, columns: Vec<Column>, known: &Known<'_>, tells: bool) -> Vec<Whole> {
        let progress = &known.options.progress;
        progress.begin(self.pieces.len());
        let is_prose: Vec<AtomicBool> = columns.iter().map(|_| AtomicBool::new(false)).collect();
        let faults = if known.options.on_error == OnError::Skip { usize::MAX } else { MOST_ERRORS };
        let limits = Limits { rows: usize::MAX, faults, is_stopped: &|| progress.is_stopped() };
        let names = self.names.clone();
        let sources: Vec<&dyn Source> = self.files.iter().map(|file| &*file.source).collect();
        let fill_piece = |piece: Piece| {
            let mut columns = columns.clone();
            let hinted = columns.iter_mut().zip(&is_prose).filter(|(_, is_prose)| is_prose.load(Relaxed));
            hinted.for_each(|(column, _)| column.take_as_prose());
            let start = (names.clone(), columns);
            let filled = fill(sources[piece.file], piece.start..piece.end, start, known, limits);
            let like_prose = filled.columns.iter().zip(&is_prose).filter(|(column, _)| column.is_like_prose());
            like_prose.for_each(|(_, is_prose)| is_prose.store(true, Relaxed));
            progress.advance();
            filled
        };
        let whole = columns.iter().map(Whole::of).collect();
        let mut joined = Growing { names: names.clone(), columns: whole, rows: Vec::new() };
        let mut faulty = Vec::new();
        let (mut at, mut end): (usize, Option<usize>) = (0, None);
        let (pieces, has) = (&mut self.pieces, &mut self.has);
        in_order(pieces.clone(), fill_piece, |mut filled| {
            let piece = &mut pieces[at];
            if let Some(end) = end.filter(|&end| end != piece.start) {
                piece.start = end;
                filled = fill_piece(*piece);
            }
            let is_cut = filled.rejected.len() >= faults || progress.is_stopped();
            faulty.extend(filled.rejected.drain(..).map(|fault| (piece.file, fault)));
            has[piece.file].extend(filled.met.iter().map(|&place| filled.names[place].clone()));
            let file = piece.file;
            at += 1;
            end = pieces.get(at).filter(|next| next.file == file && !is_cut).map(|_| filled.end);
            joined.append(filled, known);
        });
        for (file, fault) in faulty.into_iter().filter(|_| tells) {
            self.files[file].reject(fault);
        }
        (self.names, self.rows) = (joined.names, joined.rows.iter().sum());
        joined.columns
    }

    /// What was wrong with rows that were read.
    pub(super) fn rejected(&mut self) -> Vec<Diagnostic> {
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

/// The columns, of which all but these take nothing.
fn these_of(places: &[usize], columns: &[Column]) -> Vec<Column> {
    let all = columns.iter().enumerate();
    all.map(|(place, column)| if places.contains(&place) { column.clone() } else { column.done() }).collect()
}

/// The columns of pieces that follow one another.
struct Growing {
    names: IndexSet<String>,
    columns: Vec<Whole>,
    /// How many each piece has.
    rows: Vec<usize>,
}

impl Growing {
    fn append(&mut self, piece: Filled, known: &Known<'_>) {
        for (name, column) in piece.names.iter().zip(piece.columns) {
            let (place, is_new) = self.names.insert_full(name.clone());
            if is_new {
                self.columns.push(Whole::of(&Column::new(name, known, column.wish())));
                self.columns[place].fill(&self.rows);
            }
            self.columns[place].append(column);
        }
        self.rows.push(piece.rows);
        self.columns.iter_mut().for_each(|column| column.fill(&self.rows));
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
