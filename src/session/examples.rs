//! Questions to begin with, each with what it asks in plain English: of the data set, of a name in it, of the language.

use super::{Session, help};
use crate::store::{EVENTS, Found};
use crate::value::{Base, DomainId, fold};

/// So many are given of one name.
const MOST: usize = 8;

impl Session {
    /// Questions about a name of the data, a topic or a word of the language, or without a name about the data set: each a
    /// query, or statements, and what it asks. None if nothing is called so.
    ///
    /// # Examples
    ///
    /// ```
    /// use demarche::{dataset, session::Session, value::days};
    ///
    /// let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// for (query, _) in session.examples("Xi Jinping") {
    ///     assert!(session.ask(&query).is_ok());
    /// }
    /// assert_eq!(session.examples("gap").len(), 1);
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn examples(&self, topic: &str) -> Vec<(String, String)> {
        let words = help::examples(topic);
        if !words.is_empty() {
            return words
                .into_iter()
                .map(|(text, meaning)| (text.to_owned(), self.question(text).unwrap_or_else(|_| meaning.to_owned())))
                .collect();
        }
        let queries = if topic.is_empty() { self.of_source(&self.main_source()) } else { self.of_name(topic) };
        let asked = queries.into_iter().filter(|query| self.check(query).is_empty());
        let told = asked.filter_map(|query| self.question(&query).ok().map(|question| (query, question)));
        told.take(MOST).collect()
    }

    /// The kind with the most events, or else the table of events.
    fn main_source(&self) -> String {
        let events = self.store.tables.get(EVENTS).map_or("", |table| &table.name);
        let most = self.ask(&format!("{events} | count by kind | top 1 by count"));
        let name = most.ok().and_then(|most| Some(most.rows.first()?.first()?.to_string()));
        let kind = self.store.about.kinds.iter().find(|kind| Some(&kind.name) == name.as_ref());
        kind.map_or(events, |kind| &kind.plural).to_owned()
    }

    /// What can be asked of a source; what does not go with its fields is not asked.
    fn of_source(&self, source: &str) -> Vec<String> {
        let mut queries = vec![source.to_owned()];
        for field in self.groups() {
            queries.push(format!("{source} | count by {field} | top 5 by count"));
        }
        queries.truncate(4);
        let rest = ["count by month", "gap by leader | top 5 by gap", "first | cite", "count by year"];
        queries.extend(rest.iter().map(|stages| format!("{source} | {stages}")));
        queries
    }

    /// The fields of events by which one would count: those of names that are shown, the shown first.
    fn groups(&self) -> Vec<&str> {
        let Some(events) = self.store.tables.get(EVENTS) else { return Vec::new() };
        let names = events.fields.iter().filter(|field| match field.of.base {
            Base::Coded(domain) => Some(domain) != events.domain,
            _ => false,
        });
        let derived = events.derived.iter().map(|field| field.name.as_str());
        let mut names: Vec<&str> = names.map(|field| field.name.as_str()).chain(derived).collect();
        names.retain(|name| *name != "kind" && events.show.iter().any(|shown| shown == name));
        names
    }

    /// What can be asked of a source, a field or a value.
    fn of_name(&self, name: &str) -> Vec<String> {
        let (store, wanted) = (&self.store, fold(name));
        let is_kind = store.about.kinds.iter().find(|kind| fold(&kind.plural) == wanted || fold(&kind.name) == wanted);
        if let Some(kind) = is_kind {
            return self.of_source(&kind.plural);
        }
        if let Some(table) = store.tables.iter().find(|table| fold(&table.name) == wanted) {
            return self.of_source(&table.name);
        }
        let source = self.main_source();
        if store.about.periods.keys().any(|period| fold(period) == wanted) {
            return vec![format!("{source} during \"{name}\""), format!("{source} during \"{name}\" | count")];
        }
        let field = format!("{source} | count by {wanted} | top 5 by count");
        let mut queries = vec![field];
        for place in 0..store.domains.len() {
            let domain = DomainId(place as u16);
            if let Found::One(code) = store.domain(domain).find(name) {
                queries.extend(self.of_value(&source, domain, store.name(domain, code)));
            }
        }
        queries
    }

    /// What can be asked of a value of a domain.
    fn of_value(&self, source: &str, of: DomainId, value: &str) -> Vec<String> {
        let value = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
        let domain = &self.store.domain(of).name;
        let mut queries = vec![
            format!("{source} with {value}"),
            format!("{source} of {value}"),
            format!("{source} in {value}"),
            format!("{source} where {domain} = {value}"),
            format!("{source} where {domain} = {value} | count by month"),
        ];
        if (0..self.store.domains.len()).any(|place| self.store.group_of(DomainId(place as u16)) == Some(of)) {
            queries.push(format!("{source} where country in {value} | count by country"));
            queries.push(format!("countries where name in {value} | select name"));
        }
        queries
    }
}
