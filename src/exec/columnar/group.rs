//! Rows to groups: a number for each row that says in which group it is.

use super::coder::{Coder, by_code, recode};
use super::frame::Frame;
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::exec::evaluate::evaluate;
use crate::ir::plan::{Expr, ExprKind};
use crate::store::{Codes, Column, Interner, Sorted, Store};
use crate::value::Value;

/// A key of groups: few values, each with a code. Codes sort as their values do, and missing is the last.
pub(super) struct Key<'a> {
    labels: Labels<'a>,
    /// What each code stands for, as a code of the labels, of which 0 is missing.
    label_of: Vec<u32>,
    /// The code of each entry.
    codes: Vec<u32>,
}

/// What the codes of a key stand for.
enum Labels<'a> {
    Coder(Coder<'a>),
    Values(Vec<Value>),
}

/// The groups of a frame's rows, in the order of their keys. A row of many-valued keys has several entries, one for each
/// group that it is in.
pub(super) struct Groups<'a> {
    keys: Vec<Key<'a>>,
    /// The row of each entry; entry and row are the same without.
    pub(super) rows: Option<Vec<u32>>,
    /// The group of each entry.
    pub(super) ids: Vec<u32>,
    /// The codes of each group, key by key.
    codes: Vec<Vec<u32>>,
    /// How many entries each group has; one that has none is no group.
    pub(super) sizes: Vec<u32>,
    /// How many rows are in more than one group.
    pub(super) repeated: usize,
}

/// The groups of the rows of a frame by some keys; without keys all are one.
pub(super) fn groups<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Groups<'a>, Diagnostic> {
    let mut groups = all_but_last(run, frame, keys)?;
    if let Some(last) = groups.keys.get(groups.codes.len()) {
        let pairs = combine(&groups.ids, groups.sizes.len(), &last.codes, last.size());
        groups.ids = pairs.ids;
        groups.add_codes(&pairs.pairs);
    }
    groups.sizes.fill(0);
    groups.ids.iter().for_each(|&id| groups.sizes[id as usize] += 1);
    Ok(groups)
}

/// The groups with their sizes alone, without the group of each entry.
pub(super) fn counted<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Groups<'a>, Diagnostic> {
    let mut groups = all_but_last(run, frame, keys)?;
    match groups.keys.get(groups.codes.len()) {
        Some(last) => {
            let (pairs, sizes) = count_pairs(&groups.ids, groups.sizes.len(), &last.codes, last.size());
            groups.add_codes(&pairs);
            groups.sizes = sizes;
        }
        None => groups.ids.iter().for_each(|&id| groups.sizes[id as usize] += 1),
    }
    groups.ids.clear();
    Ok(groups)
}

/// The groups by all keys but the last; by the only key if there is one. Their sizes are not counted yet.
fn all_but_last<'a>(run: &Run<'_>, frame: &Frame<'a>, keys: &[Expr]) -> Result<Groups<'a>, Diagnostic> {
    let (rows, mut keys, repeated) = entries(run, frame, keys)?;
    let entries = rows.as_ref().map_or(frame.rows, Vec::len);
    let Some(first) = keys.first_mut() else {
        let (ids, sizes) = (vec![0; entries], vec![0]);
        return Ok(Groups { keys, rows, ids, codes: Vec::new(), sizes, repeated });
    };
    let (ids, size) = (std::mem::take(&mut first.codes), first.size());
    let codes = vec![(0..size as u32).collect()];
    let mut groups = Groups { keys, rows, ids, codes, sizes: vec![0; size], repeated };
    while groups.codes.len() + 1 < groups.keys.len() {
        let next = &groups.keys[groups.codes.len()];
        let pairs = combine(&groups.ids, groups.sizes.len(), &next.codes, next.size());
        groups.ids = pairs.ids;
        groups.add_codes(&pairs.pairs);
    }
    Ok(groups)
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
    const SMALL: usize = 1 << 16;
    let rows = frame.rows;
    if let ExprKind::Column(place) = expr.kind
        && let Some(coder) = Coder::new(run.store, &frame.columns[place], rows, rows.saturating_mul(4).max(SMALL))
    {
        let codes = coder.codes(rows);
        return Ok(Key::new(run.store, Labels::Coder(coder), codes));
    }
    if let Some((coder, values)) = by_code(run, frame, expr) {
        let (by_code, values) = recode(&values);
        let mut codes = coder.codes(rows);
        codes.iter_mut().for_each(|code| *code = by_code[*code as usize]);
        return Ok(Key::new(run.store, Labels::Values(values), codes));
    }
    let mut interner = Interner::default();
    let mut codes = Vec::with_capacity(rows);
    for row in 0..rows {
        run.check(0)?;
        codes.push(interner.code(&evaluate(run, expr, &frame.row(row))?));
    }
    Ok(Key::new(run.store, Labels::Values(interner.into_values()), codes))
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
    let keys = codes.into_iter().zip(interners);
    let keys = keys.map(|(codes, interner)| Key::new(run.store, Labels::Values(interner.into_values()), codes));
    Ok((Some(rows), keys.collect(), repeated))
}

/// The different pairs of an id and a code that occur, in their order, and for each entry which of them it is.
struct Pairs {
    ids: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

const NONE: u32 = u32::MAX;

/// Whether a table with a place for each pair is worth its size.
fn fits_table(entries: usize, size: usize, others: usize) -> bool {
    size.saturating_mul(others) <= (entries * 4).max(1 << 16)
}

/// The pairs of ids below `size` and codes below `others`.
fn combine(ids: &[u32], size: usize, codes: &[u32], others: usize) -> Pairs {
    let mut pairs = Vec::new();
    if fits_table(ids.len(), size, others) {
        let mut numbers = vec![NONE; size * others];
        let place = |id: u32, code: u32| id as usize * others + code as usize;
        ids.iter().zip(codes).for_each(|(&id, &code)| numbers[place(id, code)] = 0);
        for (place, number) in numbers.iter_mut().enumerate().filter(|(_, number)| **number == 0) {
            *number = pairs.len() as u32;
            pairs.push(((place / others) as u32, (place % others) as u32));
        }
        let ids = ids.iter().zip(codes).map(|(&id, &code)| numbers[place(id, code)]).collect();
        return Pairs { ids, pairs };
    }
    let members = Sorted::of_numbers(size, ids, |entry| (entry as u32, codes[entry]));
    let mut both = vec![0; ids.len()];
    let mut numbers = vec![NONE; others];
    let mut different = Vec::new();
    for id in 0..size {
        let entries = members.of(id);
        for &(_, code) in entries {
            if std::mem::replace(&mut numbers[code as usize], 0) == NONE {
                different.push(code);
            }
        }
        different.sort_unstable();
        for code in &different {
            numbers[*code as usize] = pairs.len() as u32;
            pairs.push((id as u32, *code));
        }
        entries.iter().for_each(|&(entry, code)| both[entry as usize] = numbers[code as usize]);
        different.drain(..).for_each(|code| numbers[code as usize] = NONE);
    }
    Pairs { ids: both, pairs }
}

/// The pairs of ids below `size` and codes below `others`, and how often each occurs.
fn count_pairs(ids: &[u32], size: usize, codes: &[u32], others: usize) -> (Vec<(u32, u32)>, Vec<u32>) {
    let (mut pairs, mut sizes) = (Vec::new(), Vec::new());
    if fits_table(ids.len(), size, others) {
        let mut counts = vec![0_u32; size * others];
        ids.iter().zip(codes).for_each(|(&id, &code)| counts[id as usize * others + code as usize] += 1);
        for (place, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            pairs.push(((place / others) as u32, (place % others) as u32));
            sizes.push(count);
        }
        return (pairs, sizes);
    }
    let members = Sorted::of_numbers(size, ids, |entry| codes[entry]);
    let mut counts = vec![0_u32; others];
    let mut different = Vec::new();
    for id in 0..size {
        for &code in members.of(id) {
            let count = &mut counts[code as usize];
            if *count == 0 {
                different.push(code);
            }
            *count += 1;
        }
        different.sort_unstable();
        for code in different.drain(..) {
            pairs.push((id as u32, code));
            sizes.push(std::mem::take(&mut counts[code as usize]));
        }
    }
    (pairs, sizes)
}

/// How many different codes each id has, those of missing values left out.
pub(super) fn count_distinct(ids: &[u32], size: usize, key: &Key<'_>, rows: Option<&[u32]>) -> Vec<i64> {
    const LARGEST_TABLE: usize = 1 << 28;
    let others = key.size();
    let is_value: Vec<bool> = key.label_of.iter().map(|&label| label != 0).collect();
    let spread: Vec<u32>;
    let codes = match rows {
        Some(rows) => {
            spread = rows.iter().map(|&row| key.codes[row as usize]).collect();
            &spread
        }
        None => &key.codes,
    };
    let mut counts = vec![0; size];
    if size.saturating_mul(others) > LARGEST_TABLE {
        let (pairs, _) = count_pairs(ids, size, codes, others);
        let values = pairs.iter().filter(|(_, code)| is_value[*code as usize]);
        values.for_each(|(id, _)| counts[*id as usize] += 1);
        return counts;
    }
    let mut seen = vec![0_u64; (size * others).div_ceil(64)];
    for (&id, &code) in ids.iter().zip(codes) {
        let place = id as usize * others + code as usize;
        let (word, bit) = (&mut seen[place / 64], 1 << (place % 64));
        counts[id as usize] += i64::from(*word & bit == 0 && is_value[code as usize]);
        *word |= bit;
    }
    counts
}

impl<'a> Key<'a> {
    /// The key of entries with these codes of its labels, made to sort as the values do.
    fn new(store: &Store, labels: Labels<'a>, mut codes: Vec<u32>) -> Self {
        let ranks = match &labels {
            Labels::Coder(coder) => coder.ranks(store),
            Labels::Values(values) => {
                let last = values.len() as u32 + 1;
                [&[last], super::order::ranks(store, values).as_slice()].concat()
            }
        };
        // Of the labels those of the entries are enough.
        let mut label_of = if codes.len() < ranks.len() / 4 {
            let mut label_of = codes.clone();
            label_of.sort_unstable();
            label_of.dedup();
            label_of
        } else {
            let mut occurs = vec![false; ranks.len()];
            codes.iter().for_each(|code| occurs[*code as usize] = true);
            (0..).zip(occurs).filter(|(_, occurs)| *occurs).map(|(label, _)| label).collect::<Vec<u32>>()
        };
        label_of.sort_unstable_by_key(|&label| (ranks[label as usize], label));
        let mut code_of = ranks;
        label_of.iter().enumerate().for_each(|(code, &label)| code_of[label as usize] = code as u32);
        codes.iter_mut().for_each(|code| *code = code_of[*code as usize]);
        Self { labels, label_of, codes }
    }

    fn size(&self) -> usize {
        self.label_of.len()
    }

    fn column(&self, codes: impl Iterator<Item = u32>) -> Column {
        let labels: Vec<u32> = codes.map(|code| self.label_of[code as usize]).collect();
        match &self.labels {
            Labels::Coder(coder) => coder.column(&labels),
            Labels::Values(values) => Column::Values(Codes::new(&labels), values.as_slice().into()),
        }
    }
}

impl Groups<'_> {
    /// Makes each group one of the pairs of a group so far and a code of the next key.
    fn add_codes(&mut self, pairs: &[(u32, u32)]) {
        let so_far = self.codes.iter().map(|codes| pairs.iter().map(|pair| codes[pair.0 as usize]).collect());
        self.codes = so_far.chain([pairs.iter().map(|pair| pair.1).collect()]).collect();
        self.sizes = vec![0; pairs.len()];
    }

    /// The row of an entry.
    pub(super) fn row(&self, entry: usize) -> u32 {
        self.rows.as_ref().map_or(entry as u32, |rows| rows[entry])
    }

    /// The entries of each group together.
    pub(super) fn members(&self) -> Sorted<u32> {
        Sorted::of_numbers(self.sizes.len(), &self.ids, |entry| entry as u32)
    }

    /// The ids of the groups in the order of their keys.
    pub(super) fn in_order(&self) -> Vec<u32> {
        (0..self.sizes.len() as u32).filter(|&id| self.sizes[id as usize] > 0).collect()
    }

    /// The keys of these groups, a column each.
    pub(super) fn key_columns(&self, ids: &[u32]) -> Vec<Column> {
        let keys = self.keys.iter().zip(&self.codes);
        keys.map(|(key, codes)| key.column(ids.iter().map(|&id| codes[id as usize]))).collect()
    }
}
