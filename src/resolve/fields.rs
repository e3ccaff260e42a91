//! What fields there are after a query, and what type an expression has there: for whoever completes or explains a text.

use std::sync::Arc;

use super::CALENDAR;
use super::{Environment, Resolver, World};
use crate::ir::ast;
use crate::span::Span;
use crate::value::{Base, Type};

/// A field that an expression can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub of: Type,
    /// What it means, as the data set says; empty for a column that the query made.
    pub meaning: String,
    /// Whether an answer shows it when the query names no columns.
    pub is_shown: bool,
}

/// The fields of the rows that a query gives; none where something is wrong in it.
pub fn fields_after(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    query: &ast::Query,
) -> Vec<KnownField> {
    let Some(relation) = Resolver::new(world, environment, text).query(query) else { return Vec::new() };
    let scope = relation.scope;
    let table = scope.table.map(|table| &world.store.tables[table]);
    let meaning = |name: &str| {
        let stored = table.and_then(|table| table.fields.iter().find(|field| field.name == name));
        let derived = table.and_then(|table| table.derived.iter().find(|field| field.name == name));
        stored.map(|field| &field.meaning).or(derived.map(|field| &field.meaning)).cloned().unwrap_or_default()
    };
    let is_shown = |name: &str| scope.show.as_ref().is_none_or(|show| show.iter().any(|shown| shown == name));
    let named = scope.names().filter_map(|name| {
        let of = scope.field(name, Span::default())?.of;
        Some(KnownField { name: name.to_owned(), of, meaning: meaning(name), is_shown: is_shown(name) })
    });
    let mut fields: Vec<KnownField> = named.collect();
    for part in CALENDAR.iter().filter(|_| scope.date.is_some()) {
        if !fields.iter().any(|field| field.name == *part) {
            let base = if *part == "weekday" { Base::Text } else { Base::Period };
            let meaning = format!("The {part} of the date.");
            fields.push(KnownField { name: (*part).to_owned(), of: Type::one(base), meaning, is_shown: false });
        }
    }
    fields
}

/// The type of an expression about the rows that a query gives.
pub fn type_after(
    world: World<'_>,
    environment: &Environment,
    text: &Arc<str>,
    query: &ast::Query,
    expr: &ast::Expr,
) -> Option<Type> {
    let mut resolver = Resolver::new(world, environment, text);
    let relation = resolver.query(query)?;
    resolver.expression(expr, &relation.scope).map(|expr| expr.of)
}
