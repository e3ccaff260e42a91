//! Events as a scan tells them: of some kinds, by their status, each from the sides that are asked for.

use std::sync::Arc;

use super::frame::{Frame, Held, Places, Vector};
use crate::diagnostic::Diagnostic;
use crate::exec::Run;
use crate::ir::plan::{Scan, Sides, Status};
use crate::store::{Codes, Column, EVENTS, Table};
use crate::value::{Base, DomainId};

/// The rows of a scan.
pub(super) fn scan<'a>(run: &Run<'a>, scan: &Scan) -> Result<Frame<'a>, Diagnostic> {
    let table = &run.store.tables[scan.table];
    let narrowed = scan.period.and_then(|period| run.store.rows_within(scan.table, period));
    let range = narrowed.unwrap_or(0..table.rows);
    let frame = Frame::of_table(run.store, scan.table, range.clone());
    if scan.table != EVENTS {
        return Ok(frame);
    }
    let frame = match wanted(table, scan) {
        Some(is_wanted) => {
            let rows = range.filter(|&place| is_wanted(place)).map(|place| (place - range_start(&frame)) as u32);
            frame.keep(rows.collect::<Arc<[u32]>>())
        }
        None => frame,
    };
    run.check(frame.rows)?;
    told(run, table, scan, frame)
}

fn range_start(frame: &Frame<'_>) -> usize {
    frame.columns.first().map_or(0, |vector| vector.places.of(0))
}

/// Whether a place of the table is of the kinds and the status that are asked for; `None` if every one is.
fn wanted<'a>(table: &'a Table, scan: &'a Scan) -> Option<impl Fn(usize) -> bool + 'a> {
    if scan.kinds.is_none() && scan.status == Status::Any {
        return None;
    }
    let codes = |name: &str| match table.field(name).map(|field| &*table.fields[field].column) {
        Some(Column::Coded(_, codes)) => Some(codes),
        _ => None,
    };
    let (kinds, status) = (codes("kind"), codes("status"));
    let code = |codes: Option<&Codes>, place: usize| codes.map_or(0, |codes| codes.get(place));
    Some(move |place| {
        let fits = match scan.status {
            Status::Any => true,
            Status::Only(held) => code(status, place) == held,
            Status::Except(held) => code(status, place) != held,
        };
        fits && scan.kinds.as_ref().is_none_or(|wanted| wanted.contains(&code(kinds, place)))
    })
}

/// The events told from the sides that are asked for: `actor` is the side, `leader` the others.
fn told<'a>(run: &Run<'a>, table: &'a Table, scan: &Scan, frame: Frame<'a>) -> Result<Frame<'a>, Diagnostic> {
    let Sides::Of(sides) = &scan.sides else { return Ok(frame) };
    let fields = (table.field("actor"), table.field("participants"), table.field("leader"));
    let (Some(actor), Some(participants), Some(leader)) = fields else { return Ok(frame) };
    let (Base::Coded(domain), Column::Coded(_, actors), Column::List(starts, items)) =
        (table.fields[actor].of.base, &*table.fields[actor].column, &*table.fields[participants].column)
    else {
        return Ok(frame);
    };
    let Column::Coded(_, people) = &**items else { return Ok(frame) };
    let kinds = match table.field("kind").map(|field| &*table.fields[field].column) {
        Some(Column::Coded(_, kinds)) => Some(kinds),
        _ => None,
    };
    let is_symmetric = |place: usize| {
        let kind = kinds.and_then(|kinds| (kinds.get(place) as usize).checked_sub(1));
        kind.and_then(|kind| run.store.about.kinds.get(kind)).is_some_and(|kind| kind.symmetric)
    };
    let mut rows = Vec::new();
    let mut told_by = Vec::new();
    let mut others = Lists { starts: vec![0], codes: Vec::new() };
    for row in 0..frame.rows {
        run.check(rows.len())?;
        let place = frame.columns[actor].places.of(row);
        let taking_part = || (starts[place]..starts[place + 1]).map(|item| people.get(item as usize));
        for &side in sides {
            if actors.get(place) == side || is_symmetric(place) && taking_part().any(|one| one == side) {
                rows.push(row as u32);
                told_by.push(side);
                others.push(taking_part().filter(|&one| one != side));
            }
        }
    }
    let mut frame = frame.keep(rows);
    frame.columns[actor] = Vector::made(Column::Coded(domain, Codes::new(&told_by)));
    frame.columns[leader] = Vector { column: Held::Made(Arc::new(others.column(domain))), places: Places::From(0) };
    Ok(frame)
}

/// Lists of names, one after another.
struct Lists {
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Lists {
    fn push(&mut self, codes: impl Iterator<Item = u32>) {
        self.codes.extend(codes);
        self.starts.push(self.codes.len() as u32);
    }

    fn column(self, domain: DomainId) -> Column {
        Column::List(self.starts.into(), Box::new(Column::Coded(domain, Codes::new(&self.codes))))
    }
}
