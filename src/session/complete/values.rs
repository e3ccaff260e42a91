//! Values and dates to complete with: those of the data, the ones that occur in the rows at hand first.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use indexmap::IndexMap;

use super::cursor::Cursor;
use super::matching::is_plain;
use super::offer::{Group, Offer, word};
use super::typed::Typed;
use crate::exec::{self, Run};
use crate::ir::ast::{Column, Expr, ExprKind, Stage};
use crate::resolve;
use crate::session::Session;
use crate::span::{Span, Spanned};
use crate::store::EVENTS;
use crate::value::{Base, Type, Value};

/// The weight of a value that occurs in no row; one that does weighs a bit more for each.
const UNSEEN: i64 = 10;
/// Looking at a row takes as long as looking at so many names.
const NAMES: usize = 20;
/// More than any count of rows.
const FAR: i64 = 1_000_000;

impl Session {
    /// The values of a field that holds a person or a place, and of the country, region and bloc of it.
    pub(super) fn reached(
        &self,
        text: &Arc<str>,
        cursor: &Cursor,
        start: &str,
        taken: &dyn Fn(&str) -> bool,
    ) -> Vec<Offer> {
        let country = self.store.domain_named("country").and_then(|country| self.store.group_of(country));
        let group = country.map_or("", |group| self.store.domain(group).name.as_str());
        let paths: [&[&str]; 4] =
            [&[start], &[start, "country"], &[start, "country", "region"], &[start, "country", group]];
        // Of what occurs, persons and places come before the countries and groups that hold them.
        let nearer = |steps: i64| {
            move |offer: Offer| {
                let occurs = i64::from(offer.weight > UNSEEN);
                Offer { weight: offer.weight + occurs * (4 - steps) * FAR, ..offer }
            }
        };
        let values = |(names, steps): (&&[&str], i64)| {
            self.values(text, cursor, &path(names), taken).into_iter().map(nearer(steps)).collect::<Vec<_>>()
        };
        paths.iter().zip(0..).flat_map(values).collect()
    }

    /// What an expression is compared with.
    pub(super) fn compared(
        &self,
        text: &Arc<str>,
        cursor: &Cursor,
        left: &Expr,
        typed: &Typed<'_>,
        taken: &dyn Fn(&str) -> bool,
    ) -> Vec<Offer> {
        match self.type_of(text, cursor, left) {
            Some(of) if of.is_time() => self.times(text, cursor, typed),
            Some(Type { base: Base::Bool, .. }) => ["true", "false"].map(|truth| word(truth, "", 0)).into(),
            Some(Type { base: Base::Coded(_) | Base::Text, .. }) => self.values(text, cursor, left, taken),
            _ => Vec::new(),
        }
    }

    /// The values that an expression can have; those that occur in the rows first.
    pub(super) fn values(
        &self,
        text: &Arc<str>,
        cursor: &Cursor,
        of: &Expr,
        taken: &dyn Fn(&str) -> bool,
    ) -> Vec<Offer> {
        const LONGEST: usize = 60;
        let counted = self.counted(text, cursor, of);
        let rows = |count: i64| format!("{count} {}", if count == 1 { "row" } else { "rows" });
        let offer = |name: &str, what: &str, weight: i64| Offer { group: Group::Value, ..word(name, what, weight) };
        let Some(Type { base: Base::Coded(domain), .. }) = self.type_of(text, cursor, of) else {
            let texts = counted.into_iter().filter_map(|(value, count)| match value {
                Value::Text(text) if text.chars().count() <= LONGEST => {
                    Some(Offer { is_quoted: true, ..offer(&text, &rows(count), UNSEEN + count) })
                }
                _ => None,
            });
            return texts.collect();
        };
        let mut counts: IndexMap<u32, i64> = IndexMap::new();
        for (value, count) in counted {
            if let Value::Coded(_, code) = value {
                counts.insert(code, count);
            }
        }
        let values = self.store.domain(domain);
        if values.len() > self.most_counted.saturating_mul(NAMES) {
            return Vec::new();
        }
        let one = |code: u32| {
            let name = values.name_of(code);
            let count = counts.get(&code).copied().unwrap_or(0);
            let seen = if count > 0 { rows(count) } else { String::new() };
            let parts = [values.meaning_of(code), &seen].map(str::to_owned).into_iter().filter(|part| !part.is_empty());
            let what = parts.collect::<Vec<_>>().join(" · ");
            Offer { is_quoted: !is_plain(name) || taken(name), ..offer(name, &what, UNSEEN + count) }.kind(&values.name)
        };
        let all = (1..=values.len() as u32).map(one);
        let others = values.other_names().map(|(code, name)| {
            let offer = one(code);
            let what = format!("`{name}`{}{}", if offer.what.is_empty() { "" } else { " · " }, offer.what);
            Offer { name: name.to_owned(), fit: Some(2), what, ..offer }
        });
        all.chain(others).collect()
    }

    /// The values of an expression and how many rows have each.
    pub(super) fn counted(&self, text: &Arc<str>, cursor: &Cursor, of: &Expr) -> Vec<(Value, i64)> {
        let Some(mut query) = cursor.rows.clone() else { return Vec::new() };
        if self.store.tables.get(EVENTS).is_none_or(|events| events.rows > self.most_counted) {
            return Vec::new();
        }
        let name = Some(Spanned::new("value".to_owned(), Span::default()));
        let count = Stage::Count(vec![Column { name, value: of.clone() }]);
        query.stages.push(Spanned::new(count, Span::default()));
        let Ok(resolved) = resolve::resolve_query(self.world(), &self.environment, text, &query) else {
            return Vec::new();
        };
        let never = AtomicBool::new(false);
        let run = Run::new(&self.store, &never, self.most_rows);
        let rows = exec::execute(&run, &resolved.plan).map(|output| output.rows).unwrap_or_default();
        let pair = |row: Vec<Value>| match row.as_slice() {
            [value, Value::Int(count)] => Some((value.clone(), *count)),
            _ => None,
        };
        rows.into_iter().filter_map(pair).collect()
    }

    /// The named periods, words of time, and the dates that occur.
    pub(super) fn times(&self, text: &Arc<str>, cursor: &Cursor, typed: &Typed<'_>) -> Vec<Offer> {
        const WORDS: &[&str] =
            &["today", "yesterday", "this month", "last month", "this year", "last year", "this week"];
        let time = |name: &str, what: &str, weight: i64| Offer { group: Group::Time, ..word(name, what, weight) };
        let periods = self.store.about.periods.iter().zip(0..);
        let mut offers: Vec<Offer> = periods
            .map(|((name, period), place)| {
                let offer = word(name, &period.to_string(), 90 - place).kind("period");
                Offer { group: Group::Value, is_quoted: true, ..offer }
            })
            .collect();
        offers.extend(WORDS.iter().zip(0..).map(|(name, place)| time(name, "", 10 - place)));
        let buckets: &[&str] = if typed.text.len() > 7 { &["day"] } else { &["month", "year"] };
        for bucket in buckets {
            let counted = self.counted(text, cursor, &path(&[bucket]));
            let dated = counted.into_iter().rev().filter(|(value, _)| !value.is_missing()).zip(0..);
            offers.extend(dated.map(|((value, count), place)| {
                let name = self.store.text(&value);
                let rows = if count == 1 { "row" } else { "rows" };
                time(&name, &format!("{count} {rows}"), 50 - place)
            }));
        }
        offers
    }
}

/// `a.b.c`
pub(super) fn path(names: &[&str]) -> Expr {
    let name = Expr::new(ExprKind::Name(names[0].to_owned()), Span::default());
    names[1..].iter().fold(name, |base, name| {
        Expr::new(ExprKind::Path(base, Spanned::new((*name).to_owned(), Span::default())), Span::default())
    })
}
