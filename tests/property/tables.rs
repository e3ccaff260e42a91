//! Random stages that take rows one by one: series, two tables, networks.

use demarche::store::EVENTS;
use demarche::value::{Base, Type};

use super::expression::Writer;
use super::query::{Piece, Query, Source};
use super::world::{Scope, name};

impl Writer<'_> {
    /// How often each of these stages stands after such rows; where rows are many, none that looks at pairs of them.
    pub fn weights_by_rows(&self, scope: &Scope) -> Vec<(usize, &'static str)> {
        let is_short = self.world.session.store().tables[EVENTS].rows < 1000;
        let is_time = scope.groups.keys.iter().any(|(_, of)| *of == Type::one(Base::Period));
        let has_members = scope.dated && scope.fields.iter().any(|(name, of)| name == "participants" && of.many);
        let stages = [
            (12, "pivot", scope.groups.keys.len() > 1),
            (12, "fill", is_time),
            (3, "rolling", scope.dated && is_short),
            (3, "running", is_short),
            (3, "followed by", scope.dated && is_short),
            (3, "preceded by", scope.dated && is_short),
            (2, "union", is_short),
            (2, "intersect", is_short),
            (2, "except", is_short),
            (3, "join", is_short),
            (3, "links", has_members),
            (3, "path", has_members),
        ];
        stages.into_iter().filter(|(.., can_stand)| *can_stand).map(|(weight, head, _)| (weight, head)).collect()
    }

    /// `pivot`, `fill`, `rolling` or `running`.
    pub fn series(&mut self, head: &'static str, scope: &Scope) -> Piece {
        match head {
            "pivot" => Piece::new(head, vec![name(&self.random.pick(&scope.groups.keys).0)], ""),
            "fill" => {
                let from = if self.random.one_in(3) { format!("from {}", self.period()) } else { String::new() };
                let to = if self.random.one_in(3) { format!("to {}", self.period()) } else { String::new() };
                Piece::new(head, vec![from], "").tail(to)
            }
            _ => {
                let window = if head == "rolling" { self.length() } else { String::new() };
                let aggregates: Vec<String> = (0..=self.random.below(2)).map(|_| self.aggregate(scope)).collect();
                let keys: Vec<String> = (0..self.random.below(3)).map(|_| self.key(scope)).collect();
                let by = if keys.is_empty() { String::new() } else { format!("by {}", keys.join(", ")) };
                let aggregates = aggregates.join(", ");
                Piece::new(head, vec![format!("{window} {aggregates}").trim().to_owned()], "").tail(by)
            }
        }
    }

    /// A length of time as a number and a unit.
    fn length(&mut self) -> String {
        let number = self.random.pick(&["0", "1", "2", "10", "45", "2.5"]);
        format!("{number} {}", self.random.pick(&["hours", "days", "weeks", "months", "quarters", "years"]))
    }

    /// `followed by Q within D on a` or `preceded by Q within D on a`.
    pub fn near(&mut self, head: &'static str, scope: &Scope) -> Piece {
        let (query, other) = self.other(|scope| scope.dated);
        let on = if self.random.one_in(3) { String::new() } else { self.shared(scope, &other).unwrap_or_default() };
        let within = if self.random.one_in(8) { "stretch".to_owned() } else { self.length() };
        Piece::new(head, vec![format!("{query} within {within}")], "").tail(on)
    }

    /// `union Q`, `intersect Q` or `except Q`, of the same query narrowed or of another table with these columns.
    pub fn combination(&mut self, head: &'static str, query: &Query, scope: &Scope) -> Piece {
        let is_table = matches!(query.source, Source::Named(_)) && query.stages.is_empty();
        let other = if is_table && self.random.one_in(2) {
            let fields = scope.fields.clone();
            self.other(|other| other.fields == fields).0
        } else {
            let count = self.random.below(8);
            match self.random.below(4) {
                0 => format!("({query} | take {count})"),
                1 => format!("({query} | skip {count})"),
                2 => format!("({query} | sort {})", self.any(scope, true)),
                _ => format!("({query} | where {})", self.predicate(scope, 1)),
            }
        };
        Piece::new(head, vec![other], "")
    }

    /// `join Q on a`.
    pub fn join(&mut self, scope: &Scope) -> Option<Piece> {
        let (query, other) = self.other(|_| true);
        let on = self.shared(scope, &other)?;
        Some(Piece::new("join", vec![query], "").tail(on))
    }

    /// Another source, narrowed or not, with its fields.
    fn other(&mut self, fits: impl Fn(&Scope) -> bool) -> (String, Scope) {
        let fitting: Vec<(String, Scope)> =
            self.world.sources.iter().filter(|(_, scope)| fits(scope)).cloned().collect();
        let from = if fitting.is_empty() { &self.world.sources } else { &fitting };
        let (source, scope) = self.random.pick(from).clone();
        let query = match self.random.below(4) {
            0 => format!("{source} where {}", self.predicate(&scope, 1)),
            1 => format!("({source} | sort {})", self.any(&scope, false)),
            2 => format!("({source} where {} | skip 1)", self.predicate(&scope, 1)),
            _ => source,
        };
        (query, scope)
    }

    /// `on a, b`: fields that both have.
    fn shared(&mut self, scope: &Scope, other: &Scope) -> Option<String> {
        let goes_with = |of: Type, other: Type| match (of.base, other.base) {
            (Base::Coded(one), Base::Coded(other)) => one == other,
            _ => of.join(other).is_some(),
        };
        let is_shared = |(name, of): &&(String, Type)| {
            other.fields.iter().any(|(other, other_of)| name == other && goes_with(*of, *other_of))
        };
        let shared: Vec<String> = scope.fields.iter().filter(is_shared).map(|(field, _)| name(field)).collect();
        if shared.is_empty() {
            return None;
        }
        let keys: Vec<String> = (0..=self.random.below(2)).map(|_| self.random.pick(&shared).clone()).collect();
        Some(format!("on {}", keys.join(", ")))
    }
}
