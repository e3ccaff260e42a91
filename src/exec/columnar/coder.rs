//! Vectors of few different values: each value a small number, so that what is computed of a value is computed once.

use std::ops::Range;

use multiversion::multiversion;

use super::frame::{Frame, Part, Vector};
use crate::exec::Run;
use crate::exec::evaluate::{Row, evaluate};
use crate::ir::plan::{Expr, ExprKind};
use crate::store::{Codes, Column, Interner, NO_DAY, Store};
use crate::value::{Date, Duration, Truth, Value};

/// A vector whose values have codes: 0 is missing, those from 1 to `size - 1` are values, not all of which need occur.
pub(super) struct Coder<'a> {
    vector: Vector<'a>,
    /// The value of code 1, where codes count days or integers.
    least: i64,
    pub(super) size: usize,
}

impl<'a> Coder<'a> {
    /// The codes of a vector of so many rows, if there are at most `most` of them.
    pub(super) fn new(store: &Store, vector: &Vector<'a>, rows: usize, most: usize) -> Option<Self> {
        let (least, size) = match &*vector.column {
            Column::Text(_, dictionary) => (0, dictionary.len() + 1),
            Column::Coded(domain, _) => (0, store.domain(*domain).len() + 1),
            Column::Values(_, values) => (0, values.len() + 1),
            Column::Bool(_) => (0, 3),
            Column::Day(days) | Column::Days(days) => {
                span((0..rows).map(|row| days[vector.places.of(row)]).filter(|&day| day != NO_DAY).map(i64::from))?
            }
            Column::Int(values, None) => span((0..rows).map(|row| values[vector.places.of(row)]))?,
            _ => return None,
        };
        (size <= most).then(|| Self { vector: vector.clone(), least, size })
    }

    /// The codes of a column of names, however many there are.
    pub(super) fn of_names(store: &Store, frame: &Frame<'a>, expr: &Expr) -> Option<Self> {
        let ExprKind::Column(place) = expr.kind else { return None };
        let vector = &frame.columns[place];
        let are_names = matches!(&*vector.column, Column::Text(..) | Column::Coded(..));
        are_names.then(|| Self::new(store, vector, frame.rows, usize::MAX)).flatten()
    }

    /// Writes the codes of `rows`.
    pub(super) fn fill(&self, rows: Range<usize>, out: &mut [u32]) {
        self.fill_at(self.vector.places.part(rows), out);
    }

    /// Writes the codes that stand at places of the column.
    pub(super) fn fill_at(&self, places: Part<'_>, out: &mut [u32]) {
        let least = self.least;
        match &*self.vector.column {
            Column::Text(codes, _) | Column::Coded(_, codes) | Column::Values(codes, _) => {
                fill_codes(codes, places, out);
            }
            Column::Bool(truths) => places.fill(truths, out, u32::from),
            Column::Day(days) | Column::Days(days) => places.fill(days, out, |day| match day {
                NO_DAY => 0,
                day => (i64::from(day) - least) as u32 + 1,
            }),
            Column::Int(values, _) => places.fill(values, out, |value| (value - least) as u32 + 1),
            _ => out.fill(0),
        }
    }

    /// The codes of the first `rows` rows.
    pub(super) fn codes(&self, rows: usize) -> Vec<u32> {
        let mut codes = vec![0; rows];
        self.fill(0..rows, &mut codes);
        codes
    }

    /// Writes what stands in a table at the code of each of `rows`.
    pub(super) fn look_up<T: Copy>(&self, table: &[T], rows: Range<usize>, out: &mut [T]) {
        let places = &self.vector.places;
        match self.stored() {
            Some(Codes::Narrow(codes)) => places.fill(codes, rows, out, |code| table[usize::from(code)]),
            Some(Codes::Middle(codes)) => places.fill(codes, rows, out, |code| table[usize::from(code)]),
            Some(Codes::Wide(codes)) => places.fill(codes, rows, out, |code| table[code as usize]),
            None => {
                let mut codes = vec![0; rows.len()];
                self.fill(rows, &mut codes);
                out.iter_mut().zip(codes).for_each(|(out, code)| *out = table[code as usize]);
            }
        }
    }

    /// Writes for each of `rows` whether its code is `wanted`; `missing` where it has none.
    pub(super) fn is_code(&self, wanted: u32, missing: Truth, rows: Range<usize>, out: &mut [Truth]) {
        fn choose<C: PartialEq + Default>(code: C, wanted: C, missing: Truth) -> Truth {
            let other = if code == C::default() { missing } else { Truth::False };
            if code == wanted { Truth::True } else { other }
        }
        let places = &self.vector.places;
        match self.stored() {
            Some(Codes::Narrow(codes)) => {
                let wanted = wanted as u8;
                places.fill(codes, rows, out, |code| choose(code, wanted, missing));
            }
            Some(Codes::Middle(codes)) => {
                let wanted = wanted as u16;
                places.fill(codes, rows, out, |code| choose(code, wanted, missing));
            }
            Some(Codes::Wide(codes)) => places.fill(codes, rows, out, |code| choose(code, wanted, missing)),
            None => {
                let mut codes = vec![0; rows.len()];
                self.fill(rows, &mut codes);
                out.iter_mut().zip(codes).for_each(|(out, code)| *out = choose(code, wanted, missing));
            }
        }
    }

    /// The codes as they are stored, if they are.
    fn stored(&self) -> Option<&Codes> {
        match &*self.vector.column {
            Column::Text(codes, _) | Column::Coded(_, codes) | Column::Values(codes, _) => Some(codes),
            _ => None,
        }
    }

    /// The value of a code.
    pub(super) fn value(&self, code: u32) -> Value {
        if code == 0 {
            return Value::Missing;
        }
        let counted = self.least + (i64::from(code) - 1);
        match &*self.vector.column {
            Column::Text(_, dictionary) => Value::Text(dictionary.text(code).clone()),
            Column::Coded(domain, _) => Value::Coded(*domain, code),
            Column::Values(_, values) => values[code as usize - 1].clone(),
            Column::Bool(_) => Value::Bool(code == 2),
            Column::Day(_) => Value::Date(Date::day(counted as i32)),
            Column::Days(_) => Value::Duration(Duration::of_days(counted as i32)),
            Column::Int(..) => Value::Int(counted),
            _ => Value::Missing,
        }
    }

    /// The column that it codes, with these codes.
    pub(super) fn column(&self, codes: &[u32]) -> Column {
        let day = |code: &u32| if *code == 0 { NO_DAY } else { (self.least + (i64::from(*code) - 1)) as i32 };
        match &*self.vector.column {
            Column::Text(_, dictionary) => Column::Text(Codes::new(codes), dictionary.clone()),
            Column::Coded(domain, _) => Column::Coded(*domain, Codes::new(codes)),
            Column::Values(_, values) => Column::Values(Codes::new(codes), values.clone()),
            Column::Bool(_) => Column::Bool(codes.iter().map(|&code| code as u8).collect()),
            Column::Day(_) => Column::Day(codes.iter().map(day).collect()),
            Column::Days(_) => Column::Days(codes.iter().map(day).collect()),
            _ => Column::Int(codes.iter().map(|&code| self.least + (i64::from(code) - 1)).collect(), None),
        }
    }

    /// The rank of each code in the order of values; equal values share one, and missing comes last.
    pub(super) fn ranks(&self, store: &Store) -> Vec<u32> {
        let last = self.size as u32;
        match &*self.vector.column {
            Column::Text(_, dictionary) => [&[last], dictionary.ranks()].concat(),
            Column::Coded(domain, _) => [&[last], store.domain(*domain).ranks()].concat(),
            Column::Values(_, values) => {
                let ranks = super::order::ranks(store, values).into_iter().zip(values.iter());
                let of_values = ranks.map(|(rank, value)| if value.is_missing() { last } else { rank });
                std::iter::once(last).chain(of_values).collect()
            }
            _ => std::iter::once(last).chain(1..last).collect(),
        }
    }
}

/// Writes the codes that stand at some places.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn fill_codes(codes: &Codes, places: Part<'_>, out: &mut [u32]) {
    match codes {
        Codes::Narrow(codes) => places.fill(codes, out, u32::from),
        Codes::Middle(codes) => places.fill(codes, out, u32::from),
        Codes::Wide(codes) => places.fill(codes, out, |code| code),
    }
}

/// Makes of each cell one of so many of its own, by these codes.
#[multiversion(targets("x86_64+avx2"))]
pub(super) fn combine(cells: &mut [u32], size: u32, codes: &[u32]) {
    cells.iter_mut().zip(codes).for_each(|(cell, code)| *cell = *cell * size + code);
}

/// The least of some numbers, and how many codes count from it to the greatest.
fn span(numbers: impl Iterator<Item = i64>) -> Option<(i64, usize)> {
    let (least, greatest) =
        numbers.fold((i64::MAX, i64::MIN), |(least, greatest), number| (least.min(number), greatest.max(number)));
    if least > greatest {
        return Some((0, 1));
    }
    Some((least, usize::try_from(greatest.checked_sub(least)?).ok()?.checked_add(2)?))
}

/// A row of one column alone.
pub(super) struct OneValue {
    pub(super) place: usize,
    pub(super) value: Value,
}

impl Row for OneValue {
    fn value(&self, place: usize) -> Value {
        if place == self.place { self.value.clone() } else { Value::Missing }
    }
}

/// The one column that an expression speaks of.
pub(super) fn only_column(expr: &Expr) -> Option<usize> {
    let mut found = Vec::new();
    add_columns(expr, &mut found);
    (found.len() == 1).then(|| found[0])
}

/// Adds each column that an expression speaks of to those that were found before.
pub(super) fn add_columns(expr: &Expr, found: &mut Vec<usize>) {
    match &expr.kind {
        ExprKind::Column(place) if !found.contains(place) => found.push(*place),
        _ => expr.parts().into_iter().for_each(|part| add_columns(part, found)),
    }
}

/// What an expression of one column gives for each code of it, if there are fewer codes than rows and none gives an error.
pub(super) fn by_code<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr) -> Option<(Coder<'a>, Vec<Value>)> {
    let place = only_column(expr)?;
    let coder = Coder::new(run.store, &frame.columns[place], frame.rows, frame.rows)?;
    let value = |code| evaluate(run, expr, &OneValue { place, value: coder.value(code) }).ok();
    let values = (0..coder.size as u32).map(value).collect::<Option<_>>()?;
    Some((coder, values))
}

/// Values that stand for the codes of another coder: their own codes by those, and the distinct values.
pub(super) fn recode(values: &[Value]) -> (Vec<u32>, Vec<Value>) {
    let mut interner = Interner::default();
    let codes = values.iter().map(|value| interner.code(value)).collect();
    (codes, interner.into_values())
}
