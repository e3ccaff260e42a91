//! A column of pieces that were built one by one, put together once: in the order of the rows, and in the form that suits
//! all of its values.

use std::sync::Arc;

use super::builder::{Builder, FEW_ROWS, MOST_DISTINCT};
use super::order::{Run, gathered, sorted, unchanged};
use super::prose::Prose;
use super::words::Words;
use crate::store::{Codes, Column, NO_DAY};
use crate::value::{Date, Type};

/// The pieces of a column, all of one type.
#[derive(Debug, Clone, Default)]
pub(super) struct Joined(pub(super) Vec<Builder>);

impl From<Builder> for Joined {
    fn from(builder: Builder) -> Self {
        Self(vec![builder])
    }
}

impl Joined {
    /// So many missing values.
    pub(super) fn missing(of: Type, rows: usize) -> Self {
        let mut missing = Builder::new(of);
        missing.fill(rows);
        missing.into()
    }

    /// The order of the rows by these dates, those without one last; `None` if they stand in it.
    pub(super) fn order(&self) -> Option<Vec<Run>> {
        if let Some(days) = self.0.iter().map(Builder::days).collect::<Option<Vec<_>>>() {
            return sorted(&days, |day| (day != NO_DAY).then_some(day));
        }
        let key = |date: Option<Date>| date.map_or((true, 0, 0), |date| (false, date.earliest, date.latest));
        let keys = self.0.iter().map(|piece| piece.clone().into_dates().into_iter().map(key).collect::<Vec<_>>());
        sorted(&keys.collect::<Vec<_>>(), |_| None)
    }

    /// Whether some of its texts are kept one after another.
    pub(super) fn has_prose(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Builder::Prose(_)))
    }

    /// The column, its rows in the order given, or as they stand.
    pub(super) fn finish(self, order: Option<&[Run]>) -> Column {
        match order {
            Some(runs) => finish(self.0, runs),
            None => {
                let runs = unchanged(self.0.iter().map(Builder::len));
                finish(self.0, &runs)
            }
        }
    }
}

/// The column of all pieces, each of which has what its first one has, but texts and dates in one of two ways each.
fn finish(pieces: Vec<Builder>, runs: &[Run]) -> Column {
    /// What is in the pieces, each of which is of this variant.
    macro_rules! all {
        ($variant:ident) => {
            all!(Builder::$variant(values) => values)
        };
        ($pattern:pat => $value:expr) => {
            pieces.into_iter().map(|piece| if let $pattern = piece { $value } else { Default::default() })
        };
    }
    match pieces.first() {
        None => Column::Bool(Vec::new().into()),
        Some(Builder::Int(..)) => {
            let (values, mut missing): (Vec<_>, Vec<_>) =
                all!(Builder::Int(values, missing) => (values, missing)).unzip();
            if missing.iter().all(Vec::is_empty) {
                return Column::Int(gathered(values, runs).into(), None);
            }
            let lengths = values.iter().map(Vec::len);
            missing.iter_mut().zip(lengths).for_each(|(missing, length)| missing.resize(length, false));
            Column::of_ints(gathered(values, runs), &gathered(missing, runs))
        }
        Some(Builder::Float(_)) => Column::Float(gathered(all!(Float).collect(), runs).into()),
        Some(Builder::Bool(_)) => Column::Bool(gathered(all!(Bool).collect(), runs).into()),
        Some(Builder::Coded(domain, _)) => {
            let domain = *domain;
            let codes = gathered(all!(Builder::Coded(_, codes) => codes).collect(), runs);
            Column::Coded(domain, Codes::new(&codes))
        }
        Some(Builder::Day(_) | Builder::Date(_)) => {
            if pieces.iter().all(|piece| matches!(piece, Builder::Day(_))) {
                return Column::Day(gathered(all!(Day).collect(), runs).into());
            }
            Column::of_dates(gathered(pieces.into_iter().map(Builder::into_dates).collect(), runs))
        }
        Some(Builder::Text(..) | Builder::Prose(_)) => match repeated(&pieces) {
            Some((all, words)) => {
                let codes = match u8::try_from(words.len()) {
                    Ok(_) => Codes::Narrow(coded(&pieces, &all, runs, |code| code as u8).into()),
                    Err(_) => Codes::Middle(coded(&pieces, &all, runs, |code| code).into()),
                };
                Column::Text(codes, Arc::new(words.into_dictionary()))
            }
            None => {
                let prose = pieces.into_iter().map(Builder::into_prose);
                let prose = prose.map(|piece| if let Builder::Prose(texts) = piece { texts } else { Prose::default() });
                Column::Prose(Prose::finish(&prose.collect::<Vec<_>>(), runs))
            }
        },
        Some(Builder::List(..)) => {
            let split = |piece| match piece {
                Builder::List(starts, items) => (starts, *items),
                other => (vec![0], other),
            };
            let (starts, items): (Vec<_>, Vec<_>) = pieces.into_iter().map(split).unzip();
            let (starts, runs) = lists(&starts, runs);
            Column::List(starts.into(), Box::new(finish(items, &runs)))
        }
    }
}

/// How the texts of a piece become codes of all.
enum Recoding {
    /// By what each of its own codes becomes.
    ByCode(Vec<u16>),
    /// They had none of their own: the codes of its rows.
    Rows(Vec<u16>),
}

/// The texts of all pieces, if they repeat: what is kept of them does not depend on where the pieces were cut.
fn repeated(pieces: &[Builder]) -> Option<(Vec<Recoding>, Words)> {
    let rows: usize = pieces.iter().map(Builder::len).sum();
    let most = if rows > FEW_ROWS { MOST_DISTINCT.min(rows / 2) } else { MOST_DISTINCT };
    let mut words = Words::default();
    let mut all = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let mut codes = vec![0];
        let recoding = match piece {
            Builder::Text(_, own) => {
                codes.extend((1..=own.len() as u32).map(|code| words.insert(own.text(code)) as u16));
                Recoding::ByCode(codes)
            }
            Builder::Prose(texts) => {
                codes.clear();
                for place in 0..texts.len() {
                    codes.push(texts.get(place).map_or(0, |text| words.insert(text)) as u16);
                    if words.len() > most {
                        return None;
                    }
                }
                Recoding::Rows(codes)
            }
            _ => return None,
        };
        if words.len() > most {
            return None;
        }
        all.push(recoding);
    }
    Some((all, words))
}

/// The codes of the rows in the order of the runs.
fn coded<T>(pieces: &[Builder], all: &[Recoding], runs: &[Run], narrow: impl Fn(u16) -> T) -> Vec<T> {
    let mut codes = Vec::with_capacity(pieces.iter().map(Builder::len).sum());
    for run in runs {
        match (&pieces[run.piece as usize], &all[run.piece as usize]) {
            (Builder::Text(own, _), Recoding::ByCode(by_code)) => {
                codes.extend(own[run.rows()].iter().map(|&code| narrow(by_code[usize::from(code)])));
            }
            (_, Recoding::ByCode(rows) | Recoding::Rows(rows)) => {
                codes.extend(rows[run.rows()].iter().map(|&code| narrow(code)));
            }
        }
    }
    codes
}

/// Where lists start whose rows are put in order, and the runs of their items.
fn lists(starts: &[Vec<u32>], runs: &[Run]) -> (Vec<u32>, Vec<Run>) {
    let mut all = vec![0];
    let mut items = Vec::with_capacity(runs.len());
    let mut end = 0;
    for run in runs {
        let (piece, rows) = (run.piece as usize, run.rows());
        let own = &starts[piece][rows.start..=rows.end];
        let first = own[0];
        all.extend(own[1..].iter().map(|start| end + (start - first)));
        items.push(Run::new(piece, first as usize..own[own.len() - 1] as usize));
        end = all.last().copied().unwrap_or(0);
    }
    (all, items)
}
