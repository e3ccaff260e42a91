//! Conditions on a table answered from where each code of a column stands, without a look at its rows.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::check::{Check, check, codes_of, with_constant};
use super::coder::{add_columns, only_column};
use super::frame::Frame;
use crate::exec::Run;
use crate::ir::plan::{Comparison, Expr, ExprKind, Plan};
use crate::store::{Column, RowSet, RowsByCode, count_common};
use crate::value::{Period, Truth, Value, fold};

/// The rows of a table that are left by some conditions.
pub(super) struct Selected<'a> {
    /// The rows that can be left at all.
    range: Range<usize>,
    /// A row that is left is in each of these.
    sets: Vec<RowSet<'a>>,
}

/// What conditions leave of a table.
pub(super) struct Selection<'a> {
    pub(super) selected: Selected<'a>,
    /// For how many rows each condition is the first that is not known, if no other fails.
    pub(super) unknown: Vec<usize>,
    /// The conditions that are still to be asked, by their places.
    pub(super) rest: Vec<usize>,
}

/// The rows for which a condition holds, and those for which it is not known.
struct Answer<'a> {
    yes: Rows<'a>,
    unknown: Option<RowSet<'a>>,
}

enum Rows<'a> {
    Set(RowSet<'a>),
    Range(Range<usize>),
}

/// What conditions leave of a frame that is a table, or rows of one that stand together; `None` of any other. A condition
/// is answered at once only if none before it could fail for a row that it leaves out.
pub(super) fn select<'a>(
    run: &Run<'a>,
    frame: &Frame<'a>,
    predicates: &[Expr],
    possibly: bool,
) -> Option<Selection<'a>> {
    let range = frame.range()?;
    let fewest = predicates.iter().filter_map(|predicate| single(run, frame, predicate)).fold(range.len(), usize::min);
    let mut rest = Vec::new();
    let mut answers: Vec<(usize, Answer<'a>)> = Vec::new();
    for (place, predicate) in predicates.iter().enumerate() {
        let is_open = rest.iter().all(|&before: &usize| predicates[before].is_safe());
        match answer(run, frame, predicate, fewest).filter(|_| is_open) {
            Some(answer) => answers.push((place, answer)),
            None => rest.push(place),
        }
    }
    if !rest.is_empty() {
        let (known, unknown): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, answer)| answer.unknown.is_none());
        answers = known;
        rest.extend(unknown.into_iter().map(|(place, _)| place));
        rest.sort_unstable();
    }
    let mut unknown = vec![0; predicates.len()];
    let rows = run.store.tables[frame.table?].rows;
    if answers.iter().any(|(_, answer)| answer.unknown.is_some()) {
        count_unknown(&mut answers, range.clone(), rows, possibly, &mut unknown);
    }
    let mut selected = Selected { range, sets: Vec::new() };
    for (_, answer) in answers {
        match answer.yes {
            Rows::Set(set) => selected.sets.push(set),
            Rows::Range(within) => {
                let start = selected.range.start.max(within.start);
                selected.range = start..selected.range.end.min(within.end).max(start);
            }
        }
    }
    // The smallest comes first, so that the others are asked about few rows.
    selected.sets.sort_by_key(|set| match set {
        RowSet::Rows(rows) => rows.len(),
        RowSet::Bits(_) => usize::MAX,
    });
    Some(Selection { selected, unknown, rest })
}

/// Counts the rows of which each condition is the first that is not known; with `possibly` they are left, too.
fn count_unknown(
    answers: &mut [(usize, Answer<'_>)],
    range: Range<usize>,
    rows: usize,
    possibly: bool,
    unknown: &mut [usize],
) {
    let mut open = RowSet::of_range(range, rows);
    for (_, answer) in answers.iter_mut() {
        let either = match &answer.unknown {
            Some(unknown) => answer.yes(rows).or(unknown, rows),
            None => answer.yes(rows).or(&RowSet::NONE, rows),
        };
        open = open.and(&either);
        if possibly {
            answer.yes = Rows::Set(either);
        }
    }
    if possibly {
        return;
    }
    for (place, answer) in answers.iter() {
        if let Some(of_this) = &answer.unknown {
            let first = open.and(of_this);
            unknown[*place] = first.count(0..rows);
            open = open.minus(&first);
        }
    }
}

/// Tells whoever watches by what the conditions were answered that are not still to be asked.
pub(super) fn tell(run: &Run<'_>, plan: &Plan, table: &Frame<'_>, predicates: &[Expr], rest: &[usize]) {
    let (Some(number), Some(_)) = (table.table, run.watch) else { return };
    if rest.len() == predicates.len() {
        return;
    }
    let mut columns = Vec::new();
    let answered = predicates.iter().enumerate().filter(|(place, _)| !rest.contains(place));
    answered.for_each(|(_, predicate)| add_columns(predicate, &mut columns));
    let (mut rows, mut words, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for column in columns {
        let name = run.store.tables[number].fields[column].name.as_str();
        match &*table.columns[column].column {
            Column::Day(_) if run.store.ordered_by(number) == Some(column) => {
                parts.push("by the order of the dates".to_owned());
            }
            Column::Prose(_) => words.push(name),
            _ => rows.push(name),
        }
    }
    for (index, names) in [("rows", rows), ("words", words)].into_iter().filter(|(_, names)| !names.is_empty()) {
        parts.push(format!("by the {index} of {}", names.join(" and ")));
    }
    if !rest.is_empty() {
        parts.push("then row by row".to_owned());
    }
    run.answered_by(plan, parts.join(", "));
}

/// How many rows of a table a condition leaves, and for how many it is not known, where this can be told without them.
pub(super) fn count(table: &Frame<'_>, predicate: &Expr) -> Option<(usize, usize)> {
    let (Comparison::Contains, Value::Text(part)) = with_constant(predicate)? else { return None };
    let Some(Column::Prose(texts)) = table.columns[only_column(predicate)?].stored() else { return None };
    if table.range()? != (0..texts.len()) {
        return None;
    }
    Some((texts.count_containing(&fold(part))?, texts.missing().count(0..texts.len())))
}

/// How many rows a condition leaves that one code decides.
fn single(run: &Run<'_>, frame: &Frame<'_>, predicate: &Expr) -> Option<usize> {
    let (column, code) = only_code(frame, predicate)?;
    Some(run.store.rows_by_code(frame.table?, column)?.count(code))
}

/// The column and the code of it that decides a condition.
pub(super) fn only_code(frame: &Frame<'_>, predicate: &Expr) -> Option<(usize, u32)> {
    let column = only_column(predicate)?;
    if matches!(with_constant(predicate), Some((_, Value::List(wanted))) if wanted.len() > 1) {
        return None;
    }
    match *equal(predicate, &frame.columns[column].column)? {
        [code] => Some((column, code)),
        _ => None,
    }
}

/// What is known of a condition; `None` if that would take longer than to ask it of the `fewest` rows that others leave.
fn answer<'a>(run: &Run<'a>, frame: &Frame<'a>, predicate: &Expr, fewest: usize) -> Option<Answer<'a>> {
    let rows = run.store.tables[frame.table?].rows;
    let part = |part: &Expr| answer(run, frame, part, fewest);
    match &predicate.kind {
        ExprKind::Not(inner) => return Some(part(inner)?.not(rows)),
        ExprKind::Or(parts) if parts.iter().all(Expr::is_safe) => {
            let nots = parts.iter().map(|one| Some(part(one)?.not(rows))).collect::<Option<Vec<_>>>()?;
            return Some(nots.into_iter().reduce(|left, right| left.and(right, rows))?.not(rows));
        }
        ExprKind::And(parts) if parts.iter().all(Expr::is_safe) => {
            let parts = parts.iter().map(part).collect::<Option<Vec<_>>>()?;
            return parts.into_iter().reduce(|left, right| left.and(right, rows));
        }
        _ => {}
    }
    let column = only_column(predicate)?;
    let vector = &frame.columns[column];
    let known = |yes| Some(Answer { yes, unknown: None });
    if matches!(&*vector.column, Column::Day(_)) && run.store.ordered_by(frame.table?) == Some(column) {
        let Check::Days(_, first, last) = check(run, frame, predicate) else { return None };
        return known(Rows::Range(run.store.rows_within(frame.table?, Period { first, last })?));
    }
    if let Some(Column::Prose(texts)) = vector.stored() {
        let Some((Comparison::Contains, Value::Text(part))) = with_constant(predicate) else { return None };
        let is_quick = fewest >= rows / 64;
        let yes = is_quick.then(|| texts.containing(&fold(part))).flatten()?;
        let missing = texts.missing();
        return Some(Answer { yes: Rows::Set(yes), unknown: (!missing.is_empty()).then_some(missing) });
    }
    if !matches!(&*vector.column, Column::Text(..) | Column::Coded(..) | Column::List(..)) {
        return None;
    }
    let by_code = run.store.rows_by_code(frame.table?, column)?;
    if let Some(codes) = equal(predicate, &vector.column) {
        let rows: usize = codes.iter().map(|&code| by_code.count(code)).sum();
        let is_quick = codes.len() == 1 || rows / 4 <= fewest;
        return is_quick.then(|| by_truths(by_code, &codes, &[0]));
    }
    let truths: Vec<Truth> = match check(run, frame, predicate) {
        Check::Coded(_, truths) => truths,
        Check::IsCode(_, code, missing) => {
            return Some(by_truths(by_code, &[code], if missing == Truth::Unknown { &[0] } else { &[] }));
        }
        Check::Items(_, truths, false) => truths,
        _ => return None,
    };
    let with = |wanted: Truth| (0..).zip(&truths).filter(move |(_, truth)| **truth == wanted).map(|(code, _)| code);
    let (yes, unknown): (Vec<u32>, Vec<u32>) = (with(Truth::True).collect(), with(Truth::Unknown).collect());
    match &*vector.column {
        // A list of nothing has no value for which it could hold.
        Column::List(..) => {
            let (yes, unknown): (Vec<u32>, Vec<u32>) = (
                yes.into_iter().filter(|code| *code > 0).collect(),
                unknown.into_iter().filter(|code| *code > 0).collect(),
            );
            Some(by_truths(by_code, &yes, &unknown))
        }
        _ => Some(by_truths(by_code, &yes, &unknown)),
    }
}

impl Answer<'_> {
    fn yes(&self, rows: usize) -> RowSet<'_> {
        match &self.yes {
            Rows::Set(set) => set.clone(),
            Rows::Range(range) => RowSet::of_range(range.clone(), rows),
        }
    }

    fn not(self, rows: usize) -> Self {
        let yes = self.yes(rows);
        let either = self.unknown.as_ref().map_or_else(|| yes.clone(), |unknown| yes.or(unknown, rows));
        Self { yes: Rows::Set(either.complement(rows)), unknown: self.unknown }
    }

    fn and(self, other: Self, rows: usize) -> Self {
        let (mine, theirs) = (self.yes(rows), other.yes(rows));
        let yes = mine.and(&theirs);
        let unknown = (self.unknown.is_some() || other.unknown.is_some()).then(|| {
            let either = |yes: &RowSet<'_>, unknown: &Option<RowSet<'_>>| match unknown {
                Some(unknown) => yes.or(unknown, rows),
                None => yes.and(yes),
            };
            either(&mine, &self.unknown).and(&either(&theirs, &other.unknown)).minus(&yes)
        });
        Self { yes: Rows::Set(yes), unknown: unknown.filter(|unknown| !unknown.is_empty()) }
    }
}

fn by_truths<'a>(by_code: &'a RowsByCode, yes: &[u32], unknown: &[u32]) -> Answer<'a> {
    let yes = by_code.of_codes(yes);
    let occurring: Vec<u32> = unknown.iter().copied().filter(|&code| by_code.count(code) > 0).collect();
    let unknown = (!occurring.is_empty()).then(|| by_code.of_codes(&occurring).minus(&yes));
    let unknown = unknown.filter(|unknown| !unknown.is_empty());
    Answer { yes: Rows::Set(yes), unknown }
}

/// The codes that a column is asked to have by `column = constant`.
fn equal<'e>(predicate: &'e Expr, column: &'e Column) -> Option<Cow<'e, [u32]>> {
    let (Comparison::Equal, value) = with_constant(predicate)? else { return None };
    match (column, value) {
        (Column::Text(_, dictionary), Value::Text(text)) => Some(Cow::Borrowed(dictionary.alike(text))),
        (Column::Text(_, dictionary), Value::List(wanted)) if !wanted.is_empty() => {
            codes_of(dictionary, wanted).map(Cow::Owned)
        }
        (Column::Coded(domain, _), Value::Coded(of, code)) if of == domain => {
            Some(Cow::Borrowed(std::slice::from_ref(code)))
        }
        _ => None,
    }
}

impl Selected<'_> {
    /// All rows of a range.
    pub(super) fn all_of(range: Range<usize>) -> Self {
        Self { range, sets: Vec::new() }
    }

    /// Whether all rows of a range are left.
    pub(super) fn is_range(&self) -> bool {
        self.sets.is_empty()
    }

    /// The rows that can be left at all.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether it is quick to say of a row if it is left.
    pub(super) fn has_bits_alone(&self) -> bool {
        self.sets.iter().all(|set| matches!(set, RowSet::Bits(_)))
    }

    /// Those of a set that are left, in their order.
    pub(super) fn of<'s>(&self, set: &'s RowSet<'_>) -> Cow<'s, [u32]> {
        let narrowed = match self.narrowed(set) {
            RowSet::Rows(rows) => rows,
            bits @ RowSet::Bits(_) => {
                let within = |row: &u32| self.range.contains(&(*row as usize));
                bits.rows().iter().copied().filter(within).collect()
            }
        };
        if self.sets.is_empty() {
            return narrowed;
        }
        narrowed.iter().copied().filter(|row| self.sets.iter().all(|set| set.contains(*row))).collect()
    }

    /// How many rows are left.
    pub(super) fn count(&self) -> usize {
        match self.sets.as_slice() {
            [] => self.range.len(),
            [set] => set.count(self.range.clone()),
            sets => {
                let bits = sets.iter().map(|set| if let RowSet::Bits(bits) = set { Some(&bits[..]) } else { None });
                match bits.collect::<Option<Vec<&[u64]>>>().as_deref() {
                    Some([first, second, rest @ ..]) => count_common(first, second, rest, self.range.clone()),
                    _ => self.set().map_or(0, |set| set.count(self.range.clone())),
                }
            }
        }
    }

    /// The rows that are left, in their order.
    pub(super) fn rows(&self) -> Arc<[u32]> {
        match self.set() {
            Some(set) => set.within(self.range()),
            None => (self.range.start as u32..self.range.end as u32).collect(),
        }
    }

    /// The rows that are left, from the first on or from the last back.
    pub(super) fn iter(&self, is_back: bool) -> Box<dyn Iterator<Item = u32> + '_> {
        let Some((first, rest)) = self.sets.split_first() else {
            let range = self.range.start as u32..self.range.end as u32;
            return if is_back { Box::new(range.rev()) } else { Box::new(range) };
        };
        let is_left =
            move |row: &u32| self.range.contains(&(*row as usize)) && rest.iter().all(|set| set.contains(*row));
        Box::new(first.iter(is_back).filter(is_left))
    }

    /// The rows that are in every set; `None` if all of the range are left.
    pub(super) fn set(&self) -> Option<RowSet<'_>> {
        let (first, rest) = self.sets.split_first()?;
        let narrowed = self.narrowed(first);
        Some(rest.iter().fold(narrowed, |left, set| left.and(set)))
    }

    /// Of few rows, those in the range.
    fn narrowed<'s>(&self, set: &'s RowSet<'_>) -> RowSet<'s> {
        match set {
            RowSet::Rows(rows) => {
                let before = |end: usize| rows.partition_point(|row| (*row as usize) < end);
                let start = before(self.range.start);
                RowSet::Rows(Cow::Borrowed(&rows[start..before(self.range.end).max(start)]))
            }
            RowSet::Bits(bits) => RowSet::Bits(bits.borrowed()),
        }
    }
}
