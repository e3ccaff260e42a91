//! Predicates made ready for a frame: whether each holds, for a block of rows at a time.
//!
//! A predicate of one column with few values is asked once for each value; a comparison of a number or a date with a
//! constant is a range; text is searched in one buffer; whatever is left is evaluated row by row, for rows that need it.

use std::ops::Range;

use memchr::memmem::Finder;
use regex::Regex;
use rustc_hash::FxHashSet;

use super::coder::{Coder, by_code, only_column};
use super::frame::{Frame, Places, Vector};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::holds;
use crate::ir::plan::{Comparison, Expr, ExprKind};
use crate::store::{Column, Dictionary, NO_DAY, Texts, in_parts};
use crate::value::{DomainId, Truth, Type, Value, fold};

/// How many rows are looked at together.
pub(super) const BLOCK: usize = 4096;

/// A predicate made ready.
pub(super) enum Check<'a> {
    /// The truth of each code.
    Coded(Coder<'a>, Vec<Truth>),
    /// True of one code alone; and the truth of what is missing.
    IsCode(Coder<'a>, u32, Truth),
    Ints(Vector<'a>, i64, i64),
    Floats(Vector<'a>, f64, f64),
    Days(Vector<'a>, i32, i32),
    Text(Vector<'a>, TextTest),
    /// Of lists: the truth of each item's code, and whether every item must hold.
    Items(Vector<'a>, Vec<Truth>, bool),
    Missing(Vector<'a>),
    And(Vec<Check<'a>>),
    Or(Vec<Check<'a>>),
    Not(Box<Check<'a>>),
    Rows(Box<Expr>),
}

/// A test of texts that do not repeat.
pub(super) enum TextTest {
    Contains(Box<Finder<'static>>),
    Folded(Comparison, String),
    Matches(Regex),
}

/// The predicate made ready for a frame.
pub(super) fn check<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr) -> Check<'a> {
    let all = |parts: &[Expr]| parts.iter().map(|part| check(run, frame, part)).collect();
    match &expr.kind {
        ExprKind::And(parts) => return Check::And(all(parts)),
        ExprKind::Or(parts) => return Check::Or(all(parts)),
        ExprKind::Not(part) => return Check::Not(Box::new(check(run, frame, part))),
        _ => {}
    }
    let Some(column) = only_column(expr) else { return Check::Rows(Box::new(expr.clone())) };
    let vector = &frame.columns[column];
    let special = match &*vector.column {
        Column::Prose(_) => text(vector, expr),
        Column::Text(_, dictionary) => by_folded_text(run, frame, expr, dictionary),
        Column::List(..) => items(run, vector, expr),
        _ => range(vector, expr),
    };
    let missing = || match &expr.kind {
        ExprKind::IsMissing(inner) if matches!(inner.kind, ExprKind::Column(_)) => Some(Check::Missing(vector.clone())),
        _ => None,
    };
    special
        .or_else(missing)
        .or_else(|| among(run, frame, expr).map(|(coder, truths)| coded(coder, truths)))
        .or_else(|| {
            let (coder, values) = by_code(run, frame, expr)?;
            Some(coded(coder, values.iter().map(Value::truth).collect()))
        })
        .unwrap_or_else(|| Check::Rows(Box::new(expr.clone())))
}

/// A check by the truth of each code.
fn coded(coder: Coder<'_>, truths: Vec<Truth>) -> Check<'_> {
    let mut holding = (1..truths.len()).filter(|&code| truths[code] != Truth::False);
    match (holding.next(), holding.next()) {
        (Some(one), None) if truths[one] == Truth::True => Check::IsCode(coder, one as u32, truths[0]),
        _ => Check::Coded(coder, truths),
    }
}

/// `column operator constant`
pub(super) fn with_constant(expr: &Expr) -> Option<(Comparison, &Value)> {
    match &expr.kind {
        ExprKind::Compare { operator, left, right, .. } => match (&left.kind, &right.kind) {
            (ExprKind::Column(_), ExprKind::Literal(value)) => Some((*operator, value)),
            _ => None,
        },
        _ => None,
    }
}

/// A comparison of a number or a day with a constant.
fn range<'a>(vector: &Vector<'a>, expr: &Expr) -> Option<Check<'a>> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let (operator, value) = with_constant(expr)?;
    match (&*vector.column, value) {
        (Column::Int(..), Value::Int(value)) => {
            let (low, high) = match operator {
                Equal => (*value, *value),
                Less => (i64::MIN, value.checked_sub(1)?),
                LessOrEqual => (i64::MIN, *value),
                Greater => (value.checked_add(1)?, i64::MAX),
                GreaterOrEqual => (*value, i64::MAX),
                _ => return None,
            };
            Some(Check::Ints(vector.clone(), low, high))
        }
        (Column::Float(_), Value::Int(_) | Value::Float(_)) => {
            let value = value.as_float()?;
            let (low, high) = match operator {
                Equal => (value, value),
                Less => (f64::NEG_INFINITY, value.next_down()),
                LessOrEqual => (f64::NEG_INFINITY, value),
                Greater => (value.next_up(), f64::INFINITY),
                GreaterOrEqual => (value, f64::INFINITY),
                _ => return None,
            };
            // Next to zero stands the other zero, which is equal to it.
            let (low, high) = match operator {
                Less if value == 0.0 => (low, (0.0_f64).next_down()),
                Greater if value == 0.0 => ((0.0_f64).next_up(), high),
                _ => (low, high),
            };
            Some(Check::Floats(vector.clone(), low, high))
        }
        (Column::Day(_), Value::Period(period)) => {
            let (low, high) = match operator {
                Equal => (period.first, period.last),
                Less => (i32::MIN, period.first.checked_sub(1)?),
                LessOrEqual => (i32::MIN, period.last),
                Greater => (period.last.checked_add(1)?, i32::MAX),
                GreaterOrEqual => (period.first, i32::MAX),
                _ => return None,
            };
            Some(Check::Days(vector.clone(), low, high))
        }
        (Column::Days(_), Value::Duration(duration)) if duration.spread == 0 => {
            let length = duration.nominal();
            let (low, high) = match operator {
                Equal if length.fract() != 0.0 => return None,
                Equal => (length, length),
                Less => (f64::MIN, length.ceil() - 1.0),
                LessOrEqual => (f64::MIN, length.floor()),
                Greater => (length.floor() + 1.0, f64::MAX),
                GreaterOrEqual => (length.ceil(), f64::MAX),
                _ => return None,
            };
            Some(Check::Days(vector.clone(), low as i32, high as i32))
        }
        _ => None,
    }
}

fn text<'a>(vector: &Vector<'a>, expr: &Expr) -> Option<Check<'a>> {
    let test = match &expr.kind {
        ExprKind::Matches { value, pattern, .. } if matches!(value.kind, ExprKind::Column(_)) => {
            TextTest::Matches((**pattern).clone())
        }
        _ => match with_constant(expr)? {
            (Comparison::Contains, Value::Text(part)) => {
                TextTest::Contains(Box::new(Finder::new(fold(part).as_bytes()).into_owned()))
            }
            (operator, Value::Text(other)) => TextTest::Folded(operator, fold(other)),
            _ => return None,
        },
    };
    Some(Check::Text(vector.clone(), test))
}

/// A comparison of texts that repeat with a constant: one for each different text.
fn by_folded_text<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr, dictionary: &Dictionary) -> Option<Check<'a>> {
    let (operator, Value::Text(other)) = with_constant(expr)? else { return None };
    let coder = Coder::new(run.store, &frame.columns[only_column(expr)?], frame.rows, usize::MAX)?;
    let other = fold(other);
    let truths = dictionary.folded().iter().map(|text| Truth::from_bool(compare_folded(operator, text, &other)));
    let truths = std::iter::once(Truth::Unknown).chain(truths).collect();
    Some(coded(coder, truths))
}

fn compare_folded(operator: Comparison, text: &str, other: &str) -> bool {
    match operator {
        Comparison::Equal => text == other,
        Comparison::Less => text < other,
        Comparison::LessOrEqual => text <= other,
        Comparison::Greater => text > other,
        Comparison::GreaterOrEqual => text >= other,
        Comparison::Contains => text.contains(other),
        Comparison::StartsWith => text.starts_with(other),
        Comparison::EndsWith => text.ends_with(other),
    }
}

/// A predicate about each item of a list.
fn items<'a>(run: &Run<'_>, vector: &Vector<'a>, expr: &Expr) -> Option<Check<'a>> {
    let mut of_item = expr.clone();
    let (list, every) = match &mut of_item.kind {
        ExprKind::Compare { left, every, right, .. } if matches!(right.kind, ExprKind::Literal(_)) => (left, every),
        ExprKind::Matches { value, every, .. } => (value, every),
        _ => return None,
    };
    if !matches!(list.kind, ExprKind::Column(_)) {
        return None;
    }
    let is_every = std::mem::replace(every, false);
    list.kind = ExprKind::Column(0);
    list.of = Type { many: false, ..list.of };
    let Column::List(_, stored) = &*vector.column else { return None };
    let items = Vector { places: Places::From(0), ..vector.items(Vec::new()) };
    let frame = Frame::new(stored.len(), vec![items]);
    let truths = match among(run, &frame, &of_item) {
        Some((_, truths)) => truths,
        None => by_code(run, &frame, &of_item)?.1.iter().map(Value::truth).collect(),
    };
    match &**stored {
        Column::Text(..) | Column::Coded(..) => Some(Check::Items(vector.clone(), truths, is_every)),
        _ => None,
    }
}

/// `column = (a, b, …)`, by one look at a set for each value of the column.
fn among<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr) -> Option<(Coder<'a>, Vec<Truth>)> {
    let (Comparison::Equal, Value::List(wanted)) = with_constant(expr)? else { return None };
    if let (Column::Text(_, dictionary), false) = (&*frame.columns[only_column(expr)?].column, wanted.is_empty()) {
        let coder = Coder::new(run.store, &frame.columns[only_column(expr)?], frame.rows, usize::MAX)?;
        let mut truths = vec![Truth::False; coder.size];
        truths[0] = Truth::Unknown;
        codes_of(dictionary, wanted)?.into_iter().for_each(|code| truths[code as usize] = Truth::True);
        return Some((coder, truths));
    }
    let coder = Coder::new(run.store, &frame.columns[only_column(expr)?], frame.rows, frame.rows)?;
    let key = |value: &Value| match value {
        Value::Coded(domain, code) => Some(Key::Name(*domain, *code)),
        Value::Text(text) => Some(Key::Text(fold(text))),
        _ => None,
    };
    let wanted: FxHashSet<Key> = wanted.iter().map(key).collect::<Option<_>>()?;
    let is_text = wanted.iter().any(|key| matches!(key, Key::Text(_)));
    let is_of = |domain: DomainId| wanted.iter().all(|key| matches!(key, Key::Name(of, _) if *of == domain));
    let truth = |code: u32| {
        let value = coder.value(code);
        match (&value, key(&value)) {
            (Value::Missing, _) if wanted.is_empty() => Some(Truth::False),
            (Value::Missing, _) => Some(Truth::Unknown),
            (Value::Coded(domain, _), Some(_)) if !is_of(*domain) => None,
            (Value::Text(_), Some(_)) if !is_text && !wanted.is_empty() => None,
            (_, Some(key)) => Some(Truth::from_bool(wanted.contains(&key))),
            _ => None,
        }
    };
    let truths = (0..coder.size as u32).map(truth).collect::<Option<_>>()?;
    Some((coder, truths))
}

/// The codes of the texts that are one of `wanted`.
pub(super) fn codes_of(dictionary: &Dictionary, wanted: &[Value]) -> Option<Vec<u32>> {
    let mut codes = Vec::with_capacity(wanted.len());
    for value in wanted {
        let Value::Text(text) = value else { return None };
        codes.extend_from_slice(dictionary.alike(text));
    }
    Some(codes)
}

/// What equal names and texts have in common.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Name(DomainId, u32),
    Text(String),
}

impl Check<'_> {
    /// Writes whether it holds for each of `rows`; where `needed` is false it need not be right.
    pub(super) fn fill(
        &self,
        run: &Run<'_>,
        frame: &Frame<'_>,
        rows: Range<usize>,
        needed: &[bool],
        out: &mut [Truth],
    ) -> Result<(), Diagnostic> {
        let among = |low: bool, high: bool| Truth::from_bool(low & high);
        match self {
            Self::Coded(coder, truths) => coder.look_up(truths, rows, out),
            Self::IsCode(coder, code, missing) => {
                coder.is_code(*code, *missing, rows, out);
            }
            Self::Ints(vector, low, high) => match &*vector.column {
                Column::Int(values, None) => {
                    vector.places.fill(values, rows, out, |value| among(*low <= value, value <= *high));
                }
                Column::Int(values, Some(missing)) => {
                    vector.places.fill(values, rows.clone(), out, |value| among(*low <= value, value <= *high));
                    rows.zip(out)
                        .filter(|(row, _)| missing[vector.places.of(*row)] != 0)
                        .for_each(|(_, out)| *out = Truth::Unknown);
                }
                _ => {}
            },
            Self::Floats(vector, low, high) => {
                if let Column::Float(values) = &*vector.column {
                    vector.places.fill(values, rows, out, |value| {
                        if value.is_nan() { Truth::Unknown } else { among(*low <= value, value <= *high) }
                    });
                }
            }
            Self::Days(vector, low, high) => {
                if let Column::Day(days) | Column::Days(days) = &*vector.column {
                    vector.places.fill(days, rows, out, |day| {
                        if day == NO_DAY { Truth::Unknown } else { among(*low <= day, day <= *high) }
                    });
                }
            }
            Self::Text(vector, test) => {
                if let Column::Prose(texts) = &*vector.column {
                    search(texts, &vector.places, test, rows, out);
                }
            }
            Self::Items(vector, truths, every) => of_items(vector, truths, *every, rows, out),
            Self::Missing(vector) => rows.zip(out).for_each(|(row, out)| {
                *out = Truth::from_bool(vector.column.is_missing(vector.places.of(row)));
            }),
            Self::And(parts) => together(run, frame, parts, rows, needed, out, Truth::True)?,
            Self::Or(parts) => together(run, frame, parts, rows, needed, out, Truth::False)?,
            Self::Not(part) => {
                part.fill(run, frame, rows, needed, out)?;
                out.iter_mut().for_each(|truth| *truth = !*truth);
            }
            Self::Rows(expr) => {
                for ((row, out), needed) in rows.zip(out).zip(needed) {
                    if *needed {
                        run.check(0)?;
                        *out = holds(run, expr, &frame.row(row))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// `and` for a start of true, `or` for a start of false: a part is asked only where those before leave it open.
fn together(
    run: &Run<'_>,
    frame: &Frame<'_>,
    parts: &[Check<'_>],
    rows: Range<usize>,
    needed: &[bool],
    out: &mut [Truth],
    start: Truth,
) -> Result<(), Diagnostic> {
    out.fill(start);
    let mut open = needed.to_vec();
    let mut part_truths = vec![Truth::False; out.len()];
    for part in parts {
        part.fill(run, frame, rows.clone(), &open, &mut part_truths)?;
        for ((out, truth), open) in out.iter_mut().zip(&part_truths).zip(&mut open) {
            *out = if start == Truth::True { out.and(*truth) } else { out.or(*truth) };
            *open &= *out == start || *out == Truth::Unknown;
        }
    }
    Ok(())
}

fn of_items(vector: &Vector<'_>, truths: &[Truth], every: bool, rows: Range<usize>, out: &mut [Truth]) {
    let Column::List(starts, items) = &*vector.column else { return };
    let (Column::Text(codes, _) | Column::Coded(_, codes)) = &**items else { return };
    for (row, out) in rows.zip(out) {
        let place = vector.places.of(row);
        let items = (starts[place]..starts[place + 1]).map(|item| truths[codes.get(item as usize) as usize]);
        *out = match every {
            true if items.len() == 0 => Truth::Unknown,
            true => items.fold(Truth::True, Truth::and),
            false => items.fold(Truth::False, Truth::or),
        };
    }
}

fn search(texts: &Texts, places: &Places, test: &TextTest, rows: Range<usize>, out: &mut [Truth]) {
    for (row, out) in rows.zip(out) {
        let place = places.of(row);
        let holds = match test {
            TextTest::Contains(finder) => texts.folded(place).map(|text| finder.find(text.as_bytes()).is_some()),
            TextTest::Matches(pattern) => texts.get(place).map(|text| pattern.is_match(text)),
            TextTest::Folded(operator, other) => {
                texts.folded(place).map(|text| compare_folded(*operator, &text, other))
            }
        };
        *out = holds.map_or(Truth::Unknown, Truth::from_bool);
    }
}

/// Whether any of them is unknown; all are counted, which is faster than to stop at the first.
fn any_unknown(truths: &[Truth]) -> bool {
    truths.iter().filter(|truth| **truth == Truth::Unknown).count() > 0
}

/// The rows of a frame for which predicates hold, or with `possibly` may hold, found in as many parts as there are
/// processors: `keep` is told of each block where it starts and which of its rows are kept, and says how many rows its part
/// has so far. Gives what was kept of each part, and for how many rows each predicate is the first that leaves them unknown.
pub(super) fn filter<T: Default + Send>(
    run: &Run<'_>,
    frame: &Frame<'_>,
    predicates: &[Expr],
    possibly: bool,
    keep: impl Fn(&mut T, usize, &[bool]) -> usize + Sync,
) -> Result<(Vec<T>, Vec<usize>), Diagnostic> {
    let checks: Vec<Check<'_>> = predicates.iter().map(|predicate| check(run, frame, predicate)).collect();
    let (store, interrupt, most_rows) = (run.store, run.interrupt, run.most_rows);
    let of_part = |part: Range<usize>| {
        let run = Run::new(store, interrupt, most_rows);
        let mut of_part = T::default();
        let unknown = blocks(&run, frame, &checks, possibly, part, |start, kept| keep(&mut of_part, start, kept))?;
        Ok((of_part, unknown))
    };
    // Of rows that are asked together the first that fails tells its error.
    let is_safe = predicates.iter().all(Expr::is_safe);
    let parts = if is_safe { in_parts(frame.rows, frame.rows, of_part) } else { vec![of_part(0..frame.rows)] };
    let (parts, unknown): (Vec<T>, Vec<Vec<usize>>) =
        parts.into_iter().collect::<Result<Vec<_>, Diagnostic>>()?.into_iter().unzip();
    let of_predicate = |place: usize| unknown.iter().map(|unknown| unknown[place]).sum();
    Ok((parts, (0..predicates.len()).map(of_predicate).collect()))
}

/// Asks rows block by block, and gives for how many each check is the first that leaves them unknown.
fn blocks(
    run: &Run<'_>,
    frame: &Frame<'_>,
    checks: &[Check<'_>],
    possibly: bool,
    rows: Range<usize>,
    mut keep: impl FnMut(usize, &[bool]) -> usize,
) -> Result<Vec<usize>, Diagnostic> {
    let mut unknown = vec![0; checks.len()];
    let mut truths = [Truth::True; BLOCK];
    let mut part = [Truth::True; BLOCK];
    let mut first = [0_u16; BLOCK];
    let mut kept = [true; BLOCK];
    for start in rows.clone().step_by(BLOCK) {
        run.check(0)?;
        let length = BLOCK.min(rows.end - start);
        let (truths, part) = (&mut truths[..length], &mut part[..length]);
        let (first, kept) = (&mut first[..length], &mut kept[..length]);
        truths.fill(Truth::True);
        for (place, check) in checks.iter().enumerate() {
            kept.iter_mut().zip(truths.iter()).for_each(|(kept, truth)| *kept = *truth != Truth::False);
            if !kept.contains(&true) {
                break;
            }
            check.fill(run, frame, start..start + length, kept, part)?;
            // Of one predicate alone it is known which is the first.
            if checks.len() > 1 && any_unknown(part) {
                let open = part.iter().zip(truths.iter()).zip(first.iter_mut());
                open.filter(|((part, truth), _)| (**part, **truth) == (Truth::Unknown, Truth::True))
                    .for_each(|(_, first)| *first = place as u16);
            }
            truths.iter_mut().zip(part.iter()).for_each(|(truth, part)| *truth = truth.and(*part));
        }
        if let ([only], false) = (unknown.as_mut_slice(), possibly) {
            *only += truths.iter().filter(|truth| **truth == Truth::Unknown).count();
        } else if !possibly && any_unknown(truths) {
            let open = truths.iter().zip(first.iter()).filter(|(truth, _)| **truth == Truth::Unknown);
            open.for_each(|(_, first)| unknown[usize::from(*first)] += 1);
        }
        let least = if possibly { Truth::Unknown } else { Truth::True };
        kept.iter_mut().zip(truths.iter()).for_each(|(kept, truth)| *kept = *truth >= least);
        run.check(keep(start, kept))?;
    }
    Ok(unknown)
}
