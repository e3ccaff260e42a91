//! Rows to groups: a number for each row that says in which group it is.

use std::ops::Range;

use super::coder::{Coder, by_code, recode};
use super::frame::Frame;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::plan::{Expr, ExprKind};
use crate::store::{Codes, Column, Interner, Store};
use crate::value::Value;

/// A key of groups: few values, each with a code; missing is 0.
pub(super) struct Key<'a> {
    labels: Labels<'a>,
    size: usize,
    /// The code of each entry.
    codes: Vec<u32>,
}

/// What the codes of a key stand for.
enum Labels<'a> {
    Coder(Coder<'a>),
    Values(Vec<Value>),
}

/// The groups of a frame's rows. A row of many-valued keys has several entries, one for each group that it is in.
pub(super) struct Groups<'a> {
    keys: Vec<Key<'a>>,
    /// The row of each entry; entry and row are the same without.
    pub(super) rows: Option<Vec<u32>>,
    /// The group of each entry.
    pub(super) ids: Vec<u32>,
    /// The codes of each group, key by key.
    pub(super) codes: Vec<Vec<u32>>,
    /// How many entries each group has; one that has none is no group.
    pub(super) sizes: Vec<u32>,
    /// How many rows are in more than one group.
    pub(super) repeated: usize,
}

/// The entries of each group together, in their order.
pub(super) struct Members {
    starts: Vec<u32>,
    entries: Vec<u32>,
}

/// The groups of the rows of a frame by some keys; without keys all are one.
pub(super) fn groups<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Groups<'a>, Diagnostic> {
    let (rows, keys, repeated) = entries(run, frame, keys)?;
    let count = rows.as_ref().map_or(frame.rows, Vec::len);
    let mut ids = vec![0; count];
    let mut size = 1;
    let mut codes: Vec<Vec<u32>> = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        if place == 0 {
            ids.clone_from(&key.codes);
            size = key.size;
            codes.push((0..size as u32).collect());
            continue;
        }
        let (both, pairs) = combine(&ids, size, &key.codes, key.size);
        codes = codes.iter().map(|codes| pairs.iter().map(|pair| codes[pair.0 as usize]).collect()).collect();
        codes.push(pairs.iter().map(|pair| pair.1).collect());
        (ids, size) = (both, pairs.len());
    }
    let mut sizes = vec![0; size];
    ids.iter().for_each(|&id| sizes[id as usize] += 1);
    Ok(Groups { keys, rows, ids, codes, sizes, repeated })
}

type Entries<'a> = (Option<Vec<u32>>, Vec<Key<'a>>, usize);

/// The entries of the rows, their keys, and how many rows have several.
fn entries<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Entries<'a>, Diagnostic> {
    if keys.iter().any(|key| key.of.many) {
        return lists(run, frame, keys);
    }
    let keys: Vec<Key<'_>> = keys.iter().map(|key| self::key(run, frame, key)).collect::<Result<_, _>>()?;
    Ok((None, keys, 0))
}

/// The key of single values that an expression gives.
pub(super) fn key<'a>(run: &Run<'_>, frame: &Frame<'a>, expr: &Expr) -> Result<Key<'a>, Diagnostic> {
    let rows = frame.rows;
    if let ExprKind::Column(place) = expr.kind
        && let Some(coder) = Coder::new(run.store, &frame.columns[place], rows, rows.saturating_mul(4) + 1024)
    {
        let (size, codes) = (coder.size, coder.codes(rows));
        return Ok(Key { labels: Labels::Coder(coder), size, codes });
    }
    if let Some((coder, values)) = by_code(run, frame, expr) {
        let (by_code, values) = recode(&values);
        let mut codes = coder.codes(rows);
        codes.iter_mut().for_each(|code| *code = by_code[*code as usize]);
        return Ok(Key { size: values.len() + 1, labels: Labels::Values(values), codes });
    }
    let mut interner = Interner::default();
    let mut codes = Vec::with_capacity(rows);
    for row in 0..rows {
        run.check(0)?;
        codes.push(interner.code(&evaluate(run, expr, &frame.row(row))?));
    }
    let values = interner.into_values();
    Ok(Key { size: values.len() + 1, labels: Labels::Values(values), codes })
}

/// The entries of rows of which some keys are lists: one for each choice of different values, `missing` for a list of none.
fn lists<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Entries<'a>, Diagnostic> {
    let mut interners: Vec<Interner> = keys.iter().map(|_| Interner::default()).collect();
    let mut codes: Vec<Vec<u32>> = vec![Vec::new(); keys.len()];
    let mut rows = Vec::new();
    let mut repeated = 0;
    for row in 0..frame.rows {
        run.check(rows.len())?;
        let mut choices: Vec<Vec<u32>> = vec![Vec::new()];
        for (key, interner) in keys.iter().zip(&mut interners) {
            let value = evaluate(run, key, &frame.row(row))?;
            let items = if value.is_missing() { &[Value::Missing][..] } else { value.items() };
            let mut different: Vec<u32> = Vec::with_capacity(items.len());
            for code in items.iter().map(|item| interner.code(item)) {
                if !different.contains(&code) {
                    different.push(code);
                }
            }
            choices = choices
                .iter()
                .flat_map(|before| different.iter().map(move |code| [before.as_slice(), &[*code]].concat()))
                .collect();
        }
        repeated += usize::from(choices.len() > 1);
        for choice in choices {
            rows.push(row as u32);
            codes.iter_mut().zip(choice).for_each(|(codes, code)| codes.push(code));
        }
    }
    let keys = codes.into_iter().zip(interners).map(|(codes, interner)| {
        let values = interner.into_values();
        Key { size: values.len() + 1, labels: Labels::Values(values), codes }
    });
    Ok((Some(rows), keys.collect(), repeated))
}

/// One number for each different pair of an id and a code that occurs, and the pairs.
pub(super) fn combine(ids: &[u32], size: usize, codes: &[u32], others: usize) -> (Vec<u32>, Vec<(u32, u32)>) {
    const NONE: u32 = u32::MAX;
    let mut both = vec![0; ids.len()];
    let mut pairs = Vec::new();
    let mut number = |known: &mut u32, pair: (u32, u32)| {
        if *known == NONE {
            *known = pairs.len() as u32;
            pairs.push(pair);
        }
        *known
    };
    if size.saturating_mul(others) <= (ids.len() * 4).max(1 << 16) {
        let mut known = vec![NONE; size * others];
        for ((both, &id), &code) in both.iter_mut().zip(ids).zip(codes) {
            *both = number(&mut known[id as usize * others + code as usize], (id, code));
        }
        return (both, pairs);
    }
    // A table of all pairs would be too large: those of one id at a time.
    let members = members(ids, size);
    let mut known = vec![NONE; others];
    for id in 0..size {
        let entries = members.of(id);
        for &entry in entries {
            let code = codes[entry as usize];
            both[entry as usize] = number(&mut known[code as usize], (id as u32, code));
        }
        entries.iter().for_each(|&entry| known[codes[entry as usize] as usize] = NONE);
    }
    (both, pairs)
}

/// The entries of each of `size` groups together.
pub(super) fn members(ids: &[u32], size: usize) -> Members {
    let mut starts = vec![0_u32; size + 1];
    ids.iter().for_each(|&id| starts[id as usize + 1] += 1);
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut next = starts.clone();
    let mut entries = vec![0; ids.len()];
    for (entry, &id) in ids.iter().enumerate() {
        let place = &mut next[id as usize];
        entries[*place as usize] = entry as u32;
        *place += 1;
    }
    Members { starts, entries }
}

impl Members {
    /// The entries of a group.
    pub(super) fn of(&self, id: usize) -> &[u32] {
        &self.entries[self.range(id)]
    }

    fn range(&self, id: usize) -> Range<usize> {
        self.starts[id] as usize..self.starts[id + 1] as usize
    }
}

impl Key<'_> {
    /// The code of each row, and how many codes there are.
    pub(super) fn into_codes(self) -> (Vec<u32>, usize) {
        (self.codes, self.size)
    }

    fn ranks(&self, store: &Store) -> Vec<u32> {
        match &self.labels {
            Labels::Coder(coder) => coder.ranks(store),
            Labels::Values(values) => [&[self.size as u32], super::order::ranks(store, values).as_slice()].concat(),
        }
    }

    fn column(&self, codes: &[u32]) -> Column {
        match &self.labels {
            Labels::Coder(coder) => coder.column(codes),
            Labels::Values(values) => Column::Values(Codes::new(codes), values.as_slice().into()),
        }
    }
}

impl Groups<'_> {
    /// The row of an entry.
    pub(super) fn row(&self, entry: usize) -> u32 {
        self.rows.as_ref().map_or(entry as u32, |rows| rows[entry])
    }

    /// The ids of the groups in the order of their keys.
    pub(super) fn in_order(&self, store: &Store) -> Vec<u32> {
        let ranks: Vec<Vec<u32>> = self.keys.iter().map(|key| key.ranks(store)).collect();
        let rank = |key: usize, id: u32| ranks[key][self.codes[key][id as usize] as usize];
        let mut ids: Vec<u32> = (0..self.sizes.len() as u32).filter(|&id| self.sizes[id as usize] > 0).collect();
        ids.sort_unstable_by(|&left, &right| {
            let ranks = (0..ranks.len()).map(|key| rank(key, left).cmp(&rank(key, right)));
            ranks.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then).then(left.cmp(&right))
        });
        ids
    }

    /// The keys of these groups, a column each.
    pub(super) fn key_columns(&self, ids: &[u32]) -> Vec<Column> {
        let columns = self.keys.iter().zip(&self.codes).map(|(key, codes)| {
            let codes: Vec<u32> = ids.iter().map(|&id| codes[id as usize]).collect();
            key.column(&codes)
        });
        columns.collect()
    }
}
