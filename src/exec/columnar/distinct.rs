//! The different rows of some values, in the order of the first of each.

use super::check::BLOCK;
use super::coder::{Coder, combine};
use super::frame::{Frame, Vector};
use super::group;
use crate::diagnostic::Diagnostic;
use crate::exec::{Output, Run};
use crate::ir::plan::{Expr, ExprKind};
use crate::store::in_parts;

/// So many combinations of codes always have a place each, be there fewer rows.
const FEW: usize = 1 << 16;

pub(super) fn distinct<'a>(
    run: &Run<'_>,
    input: &Frame<'a>,
    values: &[Expr],
    output: &mut Output,
) -> Result<Frame<'a>, Diagnostic> {
    if let Some(columns) = by_codes(run, input, values) {
        output.repeated = 0;
        let rows = columns.first().map_or(0, |vector| vector.column.len());
        run.check(rows)?;
        return Ok(Frame::new(rows, columns));
    }
    let groups = group::groups(run, input, values)?;
    output.repeated = groups.repeated;
    let mut first = vec![u32::MAX; groups.sizes.len()];
    for (entry, &id) in groups.ids.iter().enumerate().rev() {
        first[id as usize] = groups.row(entry);
    }
    let mut ids = groups.in_order();
    ids.sort_by_key(|&id| first[id as usize]);
    let columns = groups.key_columns(&ids).into_iter().map(Vector::made).collect();
    Ok(Frame::new(ids.len(), columns))
}

/// The columns of the different rows, where these are few combinations of codes: each has a place where it is known if it
/// was seen.
fn by_codes<'a>(run: &Run<'_>, input: &Frame<'a>, values: &[Expr]) -> Option<Vec<Vector<'a>>> {
    let most = input.rows.max(FEW).min(u32::MAX as usize);
    let coder = |value: &Expr| match value.kind {
        ExprKind::Column(place) if !value.of.many => Coder::new(run.store, &input.columns[place], input.rows, most),
        _ => None,
    };
    let coders: Vec<Coder<'_>> = values.iter().map(coder).collect::<Option<_>>()?;
    let size = coders.iter().map(|coder| coder.size).fold(1, usize::saturating_mul);
    if coders.is_empty() || size > most {
        return None;
    }
    let different = in_parts(input.rows, input.rows, |part| {
        let (mut cells, mut codes) = ([0; BLOCK], [0; BLOCK]);
        let (mut seen, mut different) = (vec![false; size], Vec::new());
        for start in part.clone().step_by(BLOCK) {
            let rows = start..part.end.min(start + BLOCK);
            let (cells, codes) = (&mut cells[..rows.len()], &mut codes[..rows.len()]);
            cells.fill(0);
            for coder in &coders {
                coder.fill(rows.clone(), codes);
                combine(cells, coder.size as u32, codes);
            }
            add_unseen(cells, &mut seen, &mut different);
        }
        (seen, different)
    });
    let different = different.into_iter().reduce(|(mut seen, mut before), (_, after)| {
        add_unseen(&after, &mut seen, &mut before);
        (seen, before)
    });
    let mut left = different?.1;
    let mut columns: Vec<Vector<'_>> = Vec::with_capacity(coders.len());
    for coder in coders.iter().rev() {
        let size = coder.size as u32;
        let codes: Vec<u32> = left.iter().map(|cell| cell % size).collect();
        columns.push(Vector::made(coder.column(&codes)));
        left.iter_mut().for_each(|cell| *cell /= size);
    }
    columns.reverse();
    Some(columns)
}

/// Adds each cell that was not seen before.
fn add_unseen(cells: &[u32], seen: &mut [bool], different: &mut Vec<u32>) {
    for &cell in cells {
        if !std::mem::replace(&mut seen[cell as usize], true) {
            different.push(cell);
        }
    }
}
