//! Laws that tie a query to longer ones: what one answers says what the others must answer.

use demarche::session::Session;
use demarche::value::Value;

use super::check::{are_same_rows, rows};
use super::expression::Writer;
use super::world::Scope;

type Rows = Vec<Vec<Value>>;

/// A law, with what it adds to a query.
#[derive(Clone, Debug)]
pub enum Law {
    /// `where P`, `where not P` and what is only possible are all the rows, each once.
    Partition(String),
    /// `where A | where B` is `where A and B`.
    Conjunction(String, String),
    /// `count` is the number of rows.
    Count,
    /// `sort` gives the same rows.
    Permutation(String),
    /// `take` gives the first rows, `skip` the others.
    Slices(usize),
    /// `top N by a` is `sort a desc | take N`.
    Top(String, usize),
    /// `distinct` twice is `distinct` once, and no row stands in it twice.
    Distinct,
    /// `count by a` counts each row once where `a` has one value; its shares make one.
    CountBy(String),
}

/// How many laws there are.
pub const LAWS: usize = 8;

impl Writer<'_> {
    /// A law about a query that gives these fields.
    pub fn law(&mut self, scope: &Scope) -> Law {
        let count = self.random.below(6);
        match self.random.below(LAWS) {
            0 => Law::Partition(self.predicate(scope, 2)),
            1 => Law::Conjunction(self.predicate(scope, 1), self.predicate(scope, 1)),
            2 => Law::Count,
            3 => Law::Permutation(self.any(scope, true)),
            4 => Law::Slices(count),
            5 => Law::Top(self.any(scope, true), count),
            6 => Law::Distinct,
            _ => Law::CountBy(self.any(scope, false)),
        }
    }
}

impl Law {
    /// How it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Partition(_) => "partition",
            Self::Conjunction(..) => "conjunction",
            Self::Count => "count",
            Self::Permutation(_) => "permutation",
            Self::Slices(_) => "slices",
            Self::Top(..) => "top",
            Self::Distinct => "distinct",
            Self::CountBy(_) => "count by",
        }
    }

    /// Whether it holds for a query; `None` where it says nothing, as of a query that cannot go on.
    pub fn holds(&self, session: &Session, query: &str) -> Option<bool> {
        // To speak of `status` changes what the source gives.
        let speaks = |text: &str| text.contains("status");
        let then = |stages: &str| rows(session, &format!("{query} | {stages}"));
        Some(match self {
            Self::Partition(predicate) if speaks(predicate) => return None,
            Self::Partition(predicate) => {
                let all = rows(session, query)?;
                let [holds, fails] = [then(&format!("where {predicate}"))?, then(&format!("where not ({predicate})"))?];
                let possible = then(&format!("where possibly {predicate}"))?;
                let not_certain = then(&format!("where possibly not ({predicate})"))?;
                is_same_bag(&all, [possible, fails].concat()) && is_same_bag(&all, [not_certain, holds].concat())
            }
            Self::Conjunction(one, other) => {
                let both = then(&format!("where ({one}) and ({other})"))?;
                are_same_rows(&both, &then(&format!("where {one} | where {other}"))?)
            }
            Self::Count => match then("count")?.as_slice() {
                [row] => row[0] == Value::Int(rows(session, query)?.len() as i64),
                _ => false,
            },
            Self::Permutation(key) if speaks(key) => return None,
            Self::Permutation(key) => {
                let (up, down) = (then(&format!("sort {key}"))?, then(&format!("sort {key} desc"))?);
                is_same_bag(&rows(session, query)?, up.clone()) && is_same_bag(&up, down)
            }
            Self::Slices(count) => {
                let (first, rest) = (then(&format!("take {count}"))?, then(&format!("skip {count}"))?);
                are_same_rows(&rows(session, query)?, &[first, rest].concat())
            }
            Self::Top(key, count) => {
                let top = then(&format!("top {count} by {key}"))?;
                are_same_rows(&top, &then(&format!("sort {key} desc | take {count}"))?)
            }
            Self::Distinct => {
                let once = then("distinct")?;
                are_same_rows(&once, &then("distinct | distinct")?) && is_without_repeats(&once)
            }
            Self::CountBy(key) if speaks(key) => return None,
            Self::CountBy(key) => {
                let plan = session.plan(&format!("{query} | select a = {key}")).ok()?.plan;
                if plan.columns.iter().any(|column| column.name == "a" && column.of.many) {
                    return None;
                }
                let all = rows(session, query)?.len() as i64;
                let counted = then(&format!("count by a = {key} | share"))?;
                let count = |row: &Vec<Value>| if let Value::Int(count) = row[1] { count } else { 0 };
                let shares: f64 = counted.iter().filter_map(|row| row[2].as_float()).sum();
                counted.iter().map(count).sum::<i64>() == all && (all == 0 || (shares - 1.0).abs() < 1e-9)
            }
        })
    }
}

fn lines(rows: &Rows) -> Vec<String> {
    let mut lines: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    lines.sort();
    lines
}

/// Whether both have the same rows, in whatever order.
fn is_same_bag(left: &Rows, right: Rows) -> bool {
    lines(left) == lines(&right)
}

fn is_without_repeats(rows: &Rows) -> bool {
    lines(rows).windows(2).all(|pair| pair[0] != pair[1])
}
