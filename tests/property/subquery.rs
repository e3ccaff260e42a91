//! Random queries in parentheses: of one value, or of one column.

use demarche::value::{Base, Type};

use super::expression::Writer;
use super::world::name;

impl Writer<'_> {
    /// A field of some source, and the source.
    fn field_elsewhere(&mut self, fits: impl Fn(Type) -> bool) -> Option<(String, String)> {
        let mut found = Vec::new();
        for (source, scope) in &self.world.sources {
            found.extend(scope.fields.iter().filter(|(_, of)| fits(*of)).map(|(field, _)| (source, name(field))));
        }
        if found.is_empty() {
            return None;
        }
        let (source, field) = self.random.pick(&found).clone();
        Some((source.clone(), field))
    }

    /// A source and what narrows it.
    fn narrowed(&mut self, source: String) -> String {
        let scope = self.world.sources.iter().find(|(name, _)| *name == source).map(|(_, scope)| scope.clone());
        let Some(scope) = scope.filter(|_| self.random.one_in(2)) else { return source };
        self.depth -= 1;
        let predicate = self.predicate(&scope, 1);
        self.depth += 1;
        format!("{source} where {predicate}")
    }

    /// A query of one value in parentheses.
    pub fn scalar(&mut self, base: Base) -> String {
        if base == Base::Int && self.random.one_in(2) {
            let source = self.random.pick(&self.world.sources).0.clone();
            return format!("({} | count)", self.narrowed(source));
        }
        let Some((source, field)) = self.field_elsewhere(|of| of.base == base) else { return self.literal(base) };
        let source = self.narrowed(source);
        match self.random.below(5) {
            0 => format!("({source} | take 1 | select {field})"),
            1 => format!("({source} | select {field} | take 1)"),
            _ => format!("({source} | summarize x = {}({field}))", self.random.pick(&["min", "max"])),
        }
    }

    /// A query of one column in parentheses.
    pub fn column_of(&mut self, base: Base) -> Option<String> {
        let (source, field) = self.field_elsewhere(|of| of.base == base)?;
        let source = self.narrowed(source);
        Some(format!("({source} | {} {field})", self.random.pick(&["select", "distinct"])))
    }
}
