//! The head of an imported data set: the store without its columns, and where these lie.

use std::io;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::layout::{Columns, Layout, Stored, TextParts};
use super::{BYTE_ORDER, FORMAT, VERSION};
use crate::store::{About, Damage, Derived, Domain, EVENTS, Field, Membership, Store, Table};
use crate::value::{Base, DomainId, Type};

#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    format: String,
    version: u32,
    byte_order: String,
    columns: String,
    bytes: u64,
    about: About,
    tables: Vec<TableHead>,
    domains: Vec<DomainHead>,
    memberships: Vec<Membership>,
}

#[derive(Serialize, Deserialize)]
struct TableHead {
    name: String,
    meaning: String,
    rows: usize,
    domain: Option<DomainId>,
    /// The field of exact days in whose order the rows stand.
    ordered_by: Option<usize>,
    fields: Vec<FieldHead>,
    derived: Vec<Derived>,
    show: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct FieldHead {
    name: String,
    #[serde(rename = "type")]
    of: Type,
    meaning: String,
    column: Layout,
}

#[derive(Serialize, Deserialize)]
struct DomainHead {
    name: String,
    table: Option<usize>,
    names: Names,
}

/// The names of a domain; those of the events are as many as the events, and in the file of columns.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Names {
    Listed(Vec<NameHead>),
    Stored(TextParts),
}

#[derive(Serialize, Deserialize)]
struct NameHead {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    meaning: String,
}

impl Head {
    /// The head of a store whose columns are written to a file of this name.
    pub(super) fn of(store: &Store, file: &str, columns: &mut Columns<'_>) -> io::Result<Self> {
        let mut tables = Vec::new();
        for table in &store.tables {
            let mut fields = Vec::new();
            for Field { name, of, meaning, column } in &table.fields {
                let column = columns.column(column)?;
                fields.push(FieldHead { name: name.clone(), of: *of, meaning: meaning.clone(), column });
            }
            tables.push(TableHead {
                name: table.name.clone(),
                meaning: table.meaning.clone(),
                rows: table.rows,
                domain: table.domain,
                ordered_by: store.order_of(table),
                fields,
                derived: table.derived.clone(),
                show: table.show.clone(),
            });
        }
        let domains: io::Result<Vec<DomainHead>> =
            store.domains.iter().map(|domain| DomainHead::of(domain, columns)).collect();
        Ok(Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            byte_order: BYTE_ORDER.to_owned(),
            columns: file.to_owned(),
            domains: domains?,
            bytes: columns.bytes(),
            about: store.about.clone(),
            tables,
            memberships: store.memberships.clone(),
        })
    }

    /// The store with the columns of the file; or why they are not its own.
    pub(super) fn into_store(self, bytes: &Bytes) -> Result<Store, String> {
        let mut stored = Stored { bytes, sizes: Vec::new(), damage: Damage::default() };
        let domains: Result<Vec<Domain>, String> =
            self.domains.into_iter().map(|domain| domain.into_domain(&stored)).collect();
        let domains = domains?;
        stored.sizes = domains.iter().map(Domain::len).collect();
        let damage = stored.damage.clone();
        let mut store = Store { about: self.about, domains, memberships: self.memberships, damage, ..Store::default() };
        for table in self.tables {
            store.ordered.push(table.ordered_by.into());
            store.tables.push(table.into_table(&stored)?);
        }
        check(&store)?;
        Ok(store)
    }
}

impl TableHead {
    fn into_table(self, stored: &Stored<'_>) -> Result<Table, String> {
        let mut fields = Vec::new();
        for (place, FieldHead { name, of, meaning, column }) in self.fields.into_iter().enumerate() {
            let column = stored.column(&column, of, self.rows, self.ordered_by == Some(place))?;
            fields.push(Field { name, of, meaning, column: column.into() });
        }
        let Self { name, meaning, rows, domain, derived, show, .. } = self;
        Ok(Table { name, meaning, rows, domain, fields, derived, show })
    }
}

impl DomainHead {
    fn of(domain: &Domain, columns: &mut Columns<'_>) -> io::Result<Self> {
        let names = if domain.table == Some(EVENTS) {
            Names::Stored(columns.texts(domain.texts())?)
        } else {
            let name = |(code, name): (u32, &str)| NameHead {
                name: name.to_owned(),
                also: Vec::new(),
                meaning: domain.meaning_of(code).to_owned(),
            };
            let mut listed: Vec<NameHead> = (1..).zip(domain.names()).map(name).collect();
            for (code, other) in domain.other_names() {
                listed[code as usize - 1].also.push(other.to_owned());
            }
            Names::Listed(listed)
        };
        Ok(Self { name: domain.name.clone(), table: domain.table, names })
    }

    fn into_domain(self, stored: &Stored<'_>) -> Result<Domain, String> {
        let listed = match self.names {
            Names::Stored(texts) => return Ok(Domain::of_names(&self.name, self.table, stored.texts(&texts, None)?)),
            Names::Listed(listed) => listed,
        };
        let mut domain = Domain::new(&self.name);
        domain.table = self.table;
        for NameHead { name, also, meaning } in listed {
            let code = domain.add(&name, &meaning);
            also.iter().for_each(|other| domain.alias(code, other));
        }
        Ok(domain)
    }
}

/// Whether every place that is named is there.
fn check(store: &Store) -> Result<(), String> {
    let is_domain = |id: DomainId| usize::from(id.0) < store.domains.len();
    let is_name =
        |(id, code): (DomainId, u32)| is_domain(id) && (1..=store.domain(id).len()).contains(&(code as usize));
    let is_type = |of: Type| if let Base::Coded(id) = of.base { is_domain(id) } else { true };
    let are_right = |table: &Table| {
        table.domain.is_none_or(is_domain)
            && table.fields.iter().all(|field| is_type(field.of))
            && table.derived.iter().all(|derived| derived.of.is_none_or(is_domain))
    };
    let is_entity = |domain: &Domain| match domain.table.map(|table| store.tables.get(table)) {
        None => true,
        Some(table) => table.is_some_and(|table| table.rows == domain.len()),
    };
    let ordered = |(table, place): (&Table, &OnceLock<Option<usize>>)| {
        place.get().copied().flatten().is_none_or(|place| place < table.fields.len())
    };
    let kinds = &store.about.kinds;
    let is_right = store.tables.len() > EVENTS
        && store.tables.iter().all(are_right)
        && store.domains.iter().all(is_entity)
        && store.tables.iter().zip(&store.ordered).all(ordered)
        && store.memberships.iter().all(|entry| is_name(entry.group) && is_name(entry.member))
        && store.about.focus.is_none_or(is_name)
        // The parent of a kind has none that is the kind, so no kind is found again by going up.
        && kinds.iter().all(|kind| {
            let up = |code: &u32| kinds.get((*code as usize).checked_sub(1)?).map(|kind| kind.parent);
            std::iter::successors(Some(kind.parent), up).take(kinds.len() + 2).last() == Some(0)
        });
    if is_right { Ok(()) } else { Err("the head names what is not there".to_owned()) }
}
