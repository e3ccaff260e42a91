//! The event store: tables of columns, the domains that name their values, memberships, and what a data set says of itself.

mod bits;
mod buffer;
mod column;
mod days;
mod domain;
mod fill;
mod indexes;
mod interner;
mod later;
mod parts;
mod rows;
mod sorted;
mod text;
mod words;

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use bits::{Bits, count_common};
pub use buffer::Buffer;
pub use column::{Codes, Column, Dictionary, NO_DAY, StoredDate};
pub use days::DayStarts;
pub use domain::{Domain, Found};
pub(crate) use fill::fill_in_parts;
pub use indexes::Indexes;
pub use interner::Interner;
pub use later::{Damage, Parts, StoredColumn};
pub(crate) use parts::{in_order, in_parts, processors};
pub use rows::{RowSet, RowsByCode};
pub(crate) use sorted::Sorted;
pub use text::{Ends, Texts};

use crate::value::{Base, Date, DomainId, Period, Type, Value};

/// A data set in memory.
///
/// ```
/// use demarche::store::EVENTS;
///
/// let store = demarche::dataset::built_in();
/// let events = &store.tables[EVENTS];
/// let place = events.field("place").unwrap();
/// assert_eq!(store.type_name(events.fields[place].of), "place");
/// let moscow = (0..events.rows).filter(|&row| store.text(&events.fields[place].column.value(row)) == "Moscow");
/// assert!(moscow.count() > 10);
///
/// let country = store.domain_named("country").unwrap();
/// assert_eq!(store.domain(country).find("türkiye"), store.domain(country).find("Turkey"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Store {
    /// What it says of itself.
    pub about: About,
    /// The events first, then the tables of entities.
    pub tables: Vec<Table>,
    /// The names of symbols and entities; a [`DomainId`] is a place here.
    pub domains: Vec<Domain>,
    /// Which entities belong to which, and when.
    pub memberships: Vec<Membership>,
    /// The field of exact days in whose order the rows of each table stand, found when it is first asked for, see
    /// [`Store::index`].
    pub ordered: Vec<OnceLock<Option<usize>>>,
    /// What turned out wrong with columns that were read later: an answer of them is none.
    pub damage: Damage,
    /// The events in parts, as long as their columns are still to be read.
    pub parts: Parts,
    /// Where each code of a column stands, table by table, made when it is first asked for.
    pub indexes: Indexes,
}

/// The place of the table of events in [`Store::tables`].
pub const EVENTS: usize = 0;

/// What a data set says of itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it holds, in a sentence.
    pub description: String,
    /// The day up to which it tells.
    pub as_of: Option<i32>,
    /// The column of the events that says when, if it is not `date`.
    pub date: Option<String>,
    /// The side from which events are told unless a query says otherwise.
    pub focus: Option<(DomainId, u32)>,
    /// Its licence.
    pub licence: String,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Extents of days with a name.
    pub periods: IndexMap<String, Period>,
    /// The works that `source` cites, by their ids.
    pub sources: IndexMap<String, Source>,
    /// The kinds of events; code 1 is the first.
    pub kinds: Vec<Kind>,
    /// How it is said in a sentence that a field of events is a value, which stands for `{}`: `with leaders of {}`; by the
    /// field, and by the value where one has words of its own.
    #[serde(with = "indexmap::map::serde_seq")]
    pub phrases: IndexMap<(String, Option<String>), String>,
}

/// A work that events cite.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub date: String,
    /// Where it is found.
    pub address: String,
}

/// A kind of events.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kind {
    /// One such event: `meeting`.
    pub name: String,
    /// The source of them: `meetings`.
    pub plural: String,
    /// Whether it belongs to each of its participants, rather than to its actor alone.
    pub symmetric: bool,
    /// The code of the kind that includes it, 0 if there is none.
    pub parent: u32,
    /// What such an event is.
    pub meaning: String,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The source of its rows: `leaders`.
    pub name: String,
    /// What its rows are.
    pub meaning: String,
    /// How many rows.
    pub rows: usize,
    /// The domain of its rows, if they are entities: code 1 is the first row.
    pub domain: Option<DomainId>,
    /// Its columns.
    pub fields: Vec<Field>,
    /// What is computed of them.
    pub derived: Vec<Derived>,
    /// The columns that an answer shows when a query names none.
    pub show: Vec<String>,
}

/// A stored column and what it means.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: Type,
    /// What it means.
    pub meaning: String,
    /// Its values.
    pub column: StoredColumn,
}

/// A field that is an expression of others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// The domain of its values, if they are names.
    pub of: Option<DomainId>,
    /// What it means.
    pub meaning: String,
    /// How it is computed, in the language itself.
    pub expression: String,
}

/// One spell of membership.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Membership {
    /// Of what.
    pub group: (DomainId, u32),
    /// Who.
    pub member: (DomainId, u32),
    /// From when it may have begun to when it may have ended.
    pub from: Date,
    /// Its last day.
    pub to: Date,
}

impl Store {
    /// Makes room for what makes answers fast and does not change them: where each code stands, and which tables stand in the
    /// order of their dates, unless that is known already.
    pub fn index(&mut self) {
        self.indexes = Indexes::of(&self.tables);
        if self.ordered.len() != self.tables.len() {
            self.ordered = vec![OnceLock::new(); self.tables.len()];
        }
    }

    /// The field of exact days in whose order the rows of a table stand, found by looking at all of them.
    pub fn order_of(&self, table: &Table) -> Option<usize> {
        // A missing date may lie in any period, so it keeps a table out; it would stand last.
        let is_ordered = |place: &usize| match &*table.fields[*place].column {
            Column::Day(days) => days.is_sorted() && days.last() != Some(&NO_DAY),
            _ => false,
        };
        self.date_of(table).filter(is_ordered)
    }

    /// The field of a table that says when.
    pub fn date_of(&self, table: &Table) -> Option<usize> {
        table.field(self.about.date.as_deref().unwrap_or("date"))
    }

    /// The field of exact days in whose order the rows of a table stand.
    pub fn ordered_by(&self, table: usize) -> Option<usize> {
        *self.ordered.get(table)?.get_or_init(|| self.order_of(&self.tables[table]))
    }

    /// Whether a column is one in whose order the rows of its table stand.
    pub fn is_order(&self, column: &Column) -> bool {
        let is_it = |field: &Field| field.column.there().is_some_and(|there| std::ptr::eq(there, column));
        let mut places = self.tables.iter().map(|table| table.fields.iter().position(is_it)).enumerate();
        places.any(|(table, place)| place.is_some() && self.ordered_by(table) == place)
    }

    /// The last day on which an event began, as far as exact days say.
    pub fn last_day(&self) -> Option<i32> {
        let events = self.tables.get(EVENTS)?;
        let place = events.field("date")?;
        match &*events.fields[place].column {
            Column::Day(days) if self.ordered_by(EVENTS) == Some(place) => days.last().copied(),
            Column::Day(days) => days.iter().copied().filter(|&day| day != NO_DAY).max(),
            column => (0..column.len())
                .filter_map(|row| match column.value(row) {
                    Value::Date(date) if date.latest != i32::MAX => Some(date.latest),
                    _ => None,
                })
                .max(),
        }
    }

    /// The table whose rows are the entities of a domain.
    pub fn table_of(&self, domain: DomainId) -> Option<usize> {
        self.domains.get(usize::from(domain.0)).and_then(|domain| domain.table)
    }

    /// The domain of this name.
    pub fn domain_named(&self, name: &str) -> Option<DomainId> {
        self.domains.iter().position(|domain| domain.name == name).map(|place| DomainId(place as u16))
    }

    /// The domain with this id.
    pub fn domain(&self, id: DomainId) -> &Domain {
        &self.domains[usize::from(id.0)]
    }

    /// The domain that groups the entities of `member`, as blocs do countries.
    pub fn group_of(&self, member: DomainId) -> Option<DomainId> {
        self.memberships.iter().find(|entry| entry.member.0 == member).map(|entry| entry.group.0)
    }

    /// The name of a symbol or an entity.
    pub fn name(&self, domain: DomainId, code: u32) -> &str {
        self.domain(domain).name_of(code)
    }

    /// The name of a symbol or an entity, shared with the domain.
    pub fn shared_name(&self, domain: DomainId, code: u32) -> Arc<str> {
        self.domain(domain).shared_name(code)
    }

    /// A value as text: a name, a number or a date as it is written.
    pub fn text(&self, value: &Value) -> String {
        match value {
            Value::Missing => String::new(),
            Value::Bool(value) => value.to_string(),
            Value::Int(value) => value.to_string(),
            Value::Float(value) => value.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Period(period) => period.to_string(),
            Value::Duration(duration) => duration.to_string(),
            Value::Coded(domain, code) => self.name(*domain, *code).to_owned(),
            Value::List(items) => items.iter().map(|item| self.text(item)).collect::<Vec<_>>().join(", "),
        }
    }

    /// The value as one of a wider type: an int as a float, a name as text, one value as a list.
    pub fn widened(&self, value: Value, of: Type) -> Value {
        match (&value, of.base) {
            (Value::List(items), Base::Float | Base::Text) => {
                let of_item = Type { many: false, ..of };
                Value::list(items.iter().map(|item| self.widened(item.clone(), of_item)))
            }
            (Value::Missing | Value::List(_), _) => value,
            _ if of.many => Value::list([self.widened(value, Type { many: false, ..of })]),
            (Value::Int(value), Base::Float) => Value::Float(*value as f64),
            (Value::Coded(..), Base::Text) => Value::text(self.text(&value)),
            _ => value,
        }
    }

    /// How a type is called: `text`, `date`, `leader`, `list of country`.
    pub fn type_name(&self, of: Type) -> String {
        let base = match of.base {
            Base::Coded(domain) => self.domain(domain).name.clone(),
            base => base.to_string(),
        };
        if of.many { format!("list of {base}") } else { base }
    }

    /// Whether a member belongs to a group on a date.
    pub fn is_member(&self, member: (DomainId, u32), group: (DomainId, u32), on: Date) -> crate::value::Truth {
        let spells = self.memberships.iter().filter(|entry| entry.member == member && entry.group == group);
        spells.fold(crate::value::Truth::False, |truth, entry| truth.or(entry.covers(on)))
    }
}

impl Membership {
    /// Whether a date lies in this spell.
    pub fn covers(&self, on: Date) -> crate::value::Truth {
        (!on.less(self.from)).and(!self.to.less(on))
    }
}

impl Table {
    /// The stored field of this name.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}
