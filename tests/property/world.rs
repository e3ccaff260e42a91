//! What a random query can speak of: a session on a data set, its sources, and the fields at each place of a pipeline.

use demarche::session::{Reply, Session};
use demarche::store::{EVENTS, Found};
use demarche::syntax::KEYWORDS;
use demarche::value::{Base, DomainId, Type, Value, days};

use super::data::Data;

/// Names that the queries on a folder may use.
const LETS: &str = "let far = meetings where venue = abroad
let busy = events | count by kind
let rich = countries where region = Europe | select name, capital
let met(who, from) = contacts with who since from
let of_kind(what) = events where kind = what
let limit = 3
let half(x) = x / 2
let stretch = 30 days";

/// Names that the queries on a bare file may use.
const LETS_OF_A_FILE: &str = "let some = events | take 20
let limit = 3
let half(x) = x / 2
let stretch = 30 days";

/// The fields at one place of a pipeline, and what rows there can do.
#[derive(Clone, Default)]
pub struct Scope {
    /// The names and types.
    pub fields: Vec<(String, Type)>,
    /// Whether the rows have a date.
    pub dated: bool,
    /// Whether they can be told from a side.
    pub sided: bool,
    /// Whether they can be cited.
    pub sourced: bool,
    /// What the rows are groups by.
    pub groups: Groups,
}

/// What rows are groups by.
#[derive(Clone, Default)]
pub struct Groups {
    /// The keys; none if the rows are no groups.
    pub keys: Vec<(String, Type)>,
    /// Whether there are columns that only a run knows.
    pub pivoted: bool,
}

/// A session and the sources that its queries have.
pub struct World {
    /// The session.
    pub session: Session,
    /// Every source, as it is written, with its fields.
    pub sources: Vec<(String, Scope)>,
}

impl World {
    /// A session on the data, with names bound and parameters given.
    pub fn new(data: &Data) -> Self {
        let store = data.store();
        let is_folder = data.manifest.is_some();
        let mut session = Session::new(store, days(2024, 7, 11)).expect("derived fields are expressions");
        let parameters = [
            ("who", Value::text("Ana Ábel")),
            ("word", Value::text("GAS")),
            ("when", Value::text("2023-05")),
            ("number", Value::Int(2)),
            ("part", Value::Float(0.25)),
        ];
        session.parameters.extend(parameters.map(|(name, value)| (name.to_owned(), value)));
        let lets = if is_folder { LETS } else { LETS_OF_A_FILE };
        for reply in session.run("lets", lets, &|_, _| Err("no file".to_owned())) {
            assert!(matches!(reply, Reply::Bound(_)), "{reply:?}");
        }
        let mut world = Self { session, sources: Vec::new() };
        let kinds = world.session.store().about.kinds.iter().map(|kind| name(&kind.plural)).collect::<Vec<_>>();
        let tables = world.session.store().tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        let events = world.rows_of(EVENTS);
        let met = ["far", "met(\"bo Chen\", 2023)", "met(Kenya, 2022-05)", "of_kind(visit)"];
        let of_events = kinds.into_iter().chain(met.map(str::to_owned)).filter(|_| is_folder);
        world.sources = of_events.map(|source| (source, events.clone())).collect();
        for (table, source) in tables.into_iter().enumerate() {
            world.sources.push((source, world.rows_of(table)));
        }
        for source in if is_folder { &["busy", "rich"][..] } else { &["some"] } {
            let scope = Scope { dated: *source == "some" && events.dated, ..Scope::default() };
            world.sources.push(((*source).to_owned(), Scope { fields: world.columns(source), ..scope }));
        }
        world
    }

    /// The columns that a query gives; none if it is wrong.
    pub fn columns(&self, query: &str) -> Vec<(String, Type)> {
        let columns = self.session.plan(query).map(|resolved| resolved.plan.columns).unwrap_or_default();
        columns.into_iter().map(|column| (column.name, column.of)).collect()
    }

    fn rows_of(&self, place: usize) -> Scope {
        let table = &self.session.store().tables[place];
        let mut fields: Vec<(String, Type)> = table.fields.iter().map(|field| (field.name.clone(), field.of)).collect();
        for derived in &table.derived {
            fields.extend(self.columns(&format!("{} | select {}", table.name, derived.name)));
        }
        let has = |wanted: &str, of: Type| fields.contains(&(wanted.to_owned(), of));
        let is_event = place == EVENTS;
        Scope {
            dated: is_event && has("date", Type::one(Base::Date)),
            sided: is_event && fields.iter().any(|(name, _)| name == "actor"),
            sourced: has("source", Type::many(Base::Text)),
            fields,
            ..Scope::default()
        }
    }

    /// The fields that a path can follow from a value of a domain.
    pub fn beyond(&self, domain: DomainId) -> Vec<(String, Type)> {
        let store = self.session.store();
        let Some(table) = store.table_of(domain) else { return Vec::new() };
        let mut fields: Vec<(String, Type)> =
            store.tables[table].fields.iter().map(|field| (field.name.clone(), field.of)).collect();
        let group = store.group_of(domain);
        fields.extend(group.map(|group| (store.domain(group).name.clone(), Type::many(Base::Coded(group)))));
        fields
    }

    /// The names of a domain that mean one thing alone.
    pub fn names(&self, domain: DomainId) -> Vec<String> {
        let domain = self.session.store().domain(domain);
        domain.names().filter(|name| matches!(domain.find(name), Found::One(_))).map(str::to_owned).collect()
    }

    /// The domain of this name.
    pub fn domain(&self, name: &str) -> Option<DomainId> {
        self.session.store().domain_named(name)
    }
}

/// Whether a bare word can say it.
pub fn is_word(text: &str) -> bool {
    let is_start = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let is_rest = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    is_start && is_rest && !KEYWORDS.contains(&text)
}

/// The name of a field or a source, in backquotes if it needs them.
pub fn name(text: &str) -> String {
    if is_word(text) { text.to_owned() } else { format!("`{text}`") }
}
