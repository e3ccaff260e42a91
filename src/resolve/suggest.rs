//! What is said of a name that means nothing where it stands: the nearest names, what else it is, or what there is.

use super::scope::Scope;
use super::{CALENDAR, IT, Resolver};
use crate::builtin::{AGGREGATES, FUNCTIONS, aggregate, function};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::span::{Span, Spanned};
use crate::store::{Domain, EVENTS, Found};
use crate::value::{Base, DomainId, Type, fold};

/// Columns that a stage makes, and how it is written.
const MADE: &[(&str, &str)] =
    &[("gap", "gap by leader"), ("previous", "gap by leader"), ("count", "count by leader"), ("share", "share")];

impl Resolver<'_> {
    /// Says that the rows have no such field.
    pub(super) fn unknown_field<T>(&mut self, name: &str, span: Span, scope: &Scope) -> Option<T> {
        let calendar = if scope.date.is_some() { CALENDAR } else { &[] };
        let own: Vec<&str> = scope.names().chain(calendar.iter().copied()).collect();
        let bound = self.environment.names().chain(self.arguments.keys().map(String::as_str));
        let near = nearest(name, own.iter().copied().chain(bound));
        let made = MADE.iter().find(|(column, _)| *column == name).map(|(_, stage)| stage);
        let help = if let Some(stage) = made {
            format!("the stage `{stage}` makes it")
        } else if !near.is_empty() {
            did_you_mean(near)
        } else if let Some(meaning) = self.meaning_elsewhere(name, scope) {
            meaning
        } else if own.is_empty() {
            "fields stand in queries: `(meetings | count)`; a text stands in quotes".to_owned()
        } else {
            format!("fields: {}", several(&own))
        };
        self.fail(Diagnostic::new(Code::UNKNOWN_FIELD, span, format!("there is no field `{name}`")).help(help))
    }

    /// Says that none of the domains has a value of this name.
    pub(super) fn unknown_value<T>(&mut self, domains: &[DomainId], word: &str, span: Span) -> Option<T> {
        let store = self.world.store;
        let called: Vec<&str> = domains.iter().map(|domain| store.domain(*domain).name.as_str()).collect();
        let message = match domains {
            [domain] if store.domain(*domain).table.is_none() => format!("`{}` has no value `{word}`", called[0]),
            _ => format!("there is no {} `{word}`", either(&called)),
        };
        let mut help: Vec<String> = Vec::new();
        let near = self.nearest_values(domains, word);
        if !near.is_empty() {
            help.push(did_you_mean(near));
        } else if let Some(meaning) = self.meaning_elsewhere(word, &Scope::default()) {
            help.push(meaning);
        }
        let tables: Vec<usize> = domains.iter().filter_map(|domain| store.table_of(*domain)).collect();
        if tables.is_empty() {
            let mut all: Vec<&str> = domains.iter().flat_map(|domain| store.domain(*domain).names()).collect();
            all.sort_unstable();
            help.push(format!("values: {}", several(&all)));
        } else if help.is_empty() {
            let sources: Vec<String> = tables.iter().map(|&table| format!("`{}`", store.tables[table].name)).collect();
            let (noun, verb) = if sources.len() == 1 { ("source", "lists") } else { ("sources", "list") };
            help.push(format!("the {noun} {} {verb} them", listed(&sources, "and")));
        }
        self.fail(Diagnostic::new(Code::UNKNOWN_VALUE, span, message).help(help.join(" ")))
    }

    /// The names that are nearest to a word, by any name or the last word of one, as they are written in a query.
    fn nearest_values(&self, domains: &[DomainId], word: &str) -> Vec<String> {
        let domains: Vec<&Domain> = domains.iter().map(|domain| self.world.store.domain(*domain)).collect();
        let mut found: Vec<String> = Vec::new();
        let mut add = |name: String| {
            if !found.contains(&name) {
                found.push(name);
            }
        };
        let bound = self.environment.names();
        let is_plain = fold(word).is_ascii();
        let same_script = |name: &&str| name.is_ascii() == is_plain;
        let names = domains.iter().flat_map(|domain| domain.all_names()).filter(same_script);
        let near = nearest(word, names.chain(bound.clone()));
        for near in &near {
            for domain in &domains {
                if let Found::One(code) = domain.find(near) {
                    add(spelled(domain.name_of(code)));
                }
            }
            bound.clone().filter(|name| name == near).for_each(|name| add(name.to_owned()));
        }
        if near.is_empty() {
            let last = |name: &str| name.rsplit(' ').next().map(fold).unwrap_or_default();
            let names = || domains.iter().flat_map(|domain| domain.names());
            let ends: Vec<String> = names().map(last).collect();
            let near = nearest(word, ends.iter().map(String::as_str));
            let folded = fold(word);
            let starts = |name: &str| folded.len() > 2 && name.split(' ').any(|part| part.starts_with(&folded));
            let fits = |name: &&str| near.contains(&last(name)) || near.is_empty() && starts(&fold(name));
            names().filter(fits).for_each(|name| add(spelled(name)));
        }
        found
    }

    /// Says that there is no such source.
    pub(super) fn unknown_source<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let store = self.world.store;
        let kinds = store.about.kinds.iter().map(|kind| kind.plural.as_str());
        let tables = store.tables.iter().map(|table| table.name.as_str());
        let names: Vec<&str> = tables.chain(kinds).chain(self.environment.names()).collect();
        let singular = store.about.kinds.iter().find(|kind| kind.name == name);
        let near = singular.map_or_else(|| nearest(name, names.iter().copied()), |kind| vec![kind.plural.clone()]);
        let events = &store.tables[EVENTS];
        let is_field =
            events.fields.iter().map(|field| &field.name).chain(events.derived.iter().map(|field| &field.name));
        let help = if name == IT {
            format!("`{IT}` is what was answered last, and no query was answered yet")
        } else if !near.is_empty() {
            did_you_mean(near)
        } else if is_field.into_iter().any(|field| field == name) {
            format!("`{name}` is a field of events: `events | count by {name}`")
        } else if let Some((domain, _)) = self.value_anywhere(name) {
            let domain = store.domain(domain);
            let query = match domain.name.as_str() {
                "place" => format!("events in {}", spelled(name)),
                "leader" | "country" | "region" | "bloc" => format!("events with {}", spelled(name)),
                field => format!("events where {field} = {}", spelled(name)),
            };
            format!("`{name}` is {}: `{query}`", an(&domain.name))
        } else {
            format!("sources: {}", several(&names))
        };
        let message = format!("there is no source `{name}`");
        self.fail(Diagnostic::new(Code::UNKNOWN_SOURCE, span, message).help(help))
    }

    /// Says that there is no such function, or that it is an aggregate, which stands elsewhere.
    pub(super) fn unknown_function<T>(&mut self, name: &Spanned<String>, distinct: bool) -> Option<T> {
        if aggregate(&name.node).is_some() || distinct {
            let message = format!("`{}` is computed of many rows, and stands in `summarize`", name.node);
            let help = format!("such as `summarize x = {}(…)`", name.node);
            return self.fail(Diagnostic::new(Code::MISPLACED_AGGREGATE, name.span, message).help(help));
        }
        let message = format!("there is no function `{}`", name.node);
        let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        let aggregates = AGGREGATES.iter().map(|record| record.name).filter(|name| *name != "sources");
        let near = nearest(&name.node, names.iter().copied().chain(aggregates).chain(self.environment.names()));
        let help = if near.is_empty() { format!("functions: {}", several(&names)) } else { did_you_mean(near) };
        self.fail(Diagnostic::new(Code::UNKNOWN_FUNCTION, name.span, message).help(help))
    }

    /// Says that there is no such aggregate.
    pub(super) fn unknown_aggregate<T>(&mut self, name: &Spanned<String>) -> Option<T> {
        let names: Vec<&str> = AGGREGATES.iter().map(|record| record.name).filter(|name| *name != "sources").collect();
        let near = nearest(&name.node, names.iter().copied());
        let help = match function(&name.node) {
            Some(_) => format!("`{}` is a function of one row; `derive` it first", name.node),
            None if near.is_empty() => format!("aggregates: {}", several(&names)),
            None => did_you_mean(near),
        };
        let message = format!("there is no aggregate `{}`", name.node);
        self.fail(Diagnostic::new(Code::UNKNOWN_FUNCTION, name.span, message).help(help))
    }

    /// What a name is that means no field here: a source, a value, a function, a period.
    fn meaning_elsewhere(&self, name: &str, scope: &Scope) -> Option<String> {
        let store = self.world.store;
        let is_source = store.tables.iter().any(|table| table.name == name)
            || store.about.kinds.iter().any(|kind| kind.plural == name);
        if is_source {
            return Some(format!("`{name}` is a source of rows"));
        }
        if let Some((domain, _)) = self.value_anywhere(name) {
            let called = &store.domain(domain).name;
            let mut fields = scope.columns.iter().filter(|column| column.of.base == Base::Coded(domain));
            let field = fields.clone().find(|column| column.name == *called).or_else(|| fields.next());
            let query = field.map(|field| format!(": `{} = {}`", field.name, spelled(name))).unwrap_or_default();
            return Some(format!("`{name}` is {}{query}", an(called)));
        }
        if let Some(function) = function(name) {
            return Some(format!("`{name}` is a function: `{}`", function.form));
        }
        let wanted = fold(name);
        let period = store.about.periods.keys().find(|period| fold(period) == wanted)?;
        Some(format!("`{period}` is a period: `during {}`", spelled(period)))
    }

    /// The one value of this name in the first domain that has it.
    fn value_anywhere(&self, name: &str) -> Option<(DomainId, u32)> {
        self.world.store.domains.iter().enumerate().find_map(|(place, domain)| match domain.find(name) {
            Found::One(code) => Some((DomainId(place as u16), code)),
            _ => None,
        })
    }

    /// A type with its article: `an int`, `a leader`, `a list of leaders`.
    pub(super) fn a(&self, of: Type) -> String {
        let store = self.world.store;
        let one = store.type_name(Type::one(of.base));
        if of.base == Base::Nothing {
            return "`missing`".to_owned();
        }
        if !of.many {
            return an(&one);
        }
        let table = match of.base {
            Base::Coded(domain) => store.table_of(domain),
            _ => None,
        };
        format!("a list of {}", table.map_or_else(|| format!("{one}s"), |table| store.tables[table].name.clone()))
    }

    /// One value of a type with its article, whether there are many or not.
    pub(super) fn one(&self, of: Type) -> String {
        self.a(Type::one(of.base))
    }
}

/// A noun with its article.
pub(super) fn an(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// A name as it is written in a query: in quotes unless it is one word.
pub(super) fn spelled(name: &str) -> String {
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_word { name.to_owned() } else { format!("\"{name}\"") }
}

/// `did you mean …?`, of at most three names.
pub(super) fn did_you_mean(mut names: Vec<String>) -> String {
    names.truncate(3);
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("did you mean {}?", listed(&names, "or"))
}

/// `a, b or c`
fn listed(names: &[String], last: &str) -> String {
    match names {
        [most @ .., end] if !most.is_empty() => format!("{} {last} {end}", most.join(", ")),
        _ => names.join(""),
    }
}

fn either(names: &[&str]) -> String {
    listed(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), "or")
}

/// At most six names, and how many more there are.
pub(super) fn several(names: &[&str]) -> String {
    const MOST: usize = 6;
    let mut list = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        list.push_str(&format!(" and {} more", names.len() - MOST));
    }
    list
}
