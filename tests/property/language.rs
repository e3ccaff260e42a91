//! Which words of the language a query uses, read off its syntax tree; a new stage, clause or form of expression does not
//! compile here until it has a word.

use std::collections::BTreeSet;

use demarche::builtin::{AGGREGATES, FUNCTIONS};
use demarche::ir::ast::{
    BinaryOperator, Clause, Column, Combination, Condition, Expr, ExprKind, Query, Sequence, SequenceStep, Side,
    Source, Stage, StatementKind,
};
use demarche::syntax::parse;

/// Every clause, stage, operator and form of expression that must occur.
const WORDS: &[&str] = &[
    // Clauses.
    "of …",
    "of anyone",
    "with",
    "in …",
    "since",
    "until",
    "before",
    "after",
    "during",
    "where …",
    // Stages.
    "where",
    "where possibly",
    "select",
    "derive",
    "sort",
    "sort desc",
    "take",
    "skip",
    "top",
    "top per",
    "top asc",
    "first",
    "first per",
    "last",
    "last per",
    "distinct",
    "distinct by",
    "expand",
    "count",
    "count by",
    "summarize",
    "summarize by",
    "gap",
    "share",
    "cite",
    "pivot",
    "fill",
    "fill from",
    "fill to",
    "rolling",
    "rolling by",
    "running",
    "running by",
    "followed by",
    "followed by on",
    "preceded by",
    "preceded by on",
    "union",
    "intersect",
    "except",
    "join",
    "links",
    "path from to",
    // Sources.
    "a name",
    "a call",
    "a query",
    "sequence",
    "sequence all",
    "sequence by",
    "sequence within",
    "[ ]",
    "[ as a]",
    "[ ]{2}",
    "not [ ]",
    "sequence until",
    // Values.
    "word",
    "text",
    "int",
    "float",
    "bool",
    "missing",
    "date",
    "a..b",
    "a..",
    "..b",
    "duration",
    "ago",
    "today",
    "yesterday",
    "this",
    "last …",
    "$parameter",
    "list",
    "sub-query",
    "path",
    "distinct x",
    "negation",
    // Operators.
    "or",
    "and",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "contains",
    "starts with",
    "ends with",
    "matches",
    "+",
    "-",
    "*",
    "/",
    "%",
    "not",
    "every",
    "between",
    "not between",
    "in",
    "not in",
    "as of",
    "is missing",
    "is present",
];

/// Every word that must occur, with those of functions and aggregates.
pub fn all() -> BTreeSet<String> {
    let functions = FUNCTIONS.iter().map(|function| format!("{}()", function.name));
    let aggregates = AGGREGATES.iter().filter(|aggregate| aggregate.name != "sources");
    let aggregates = aggregates.map(|aggregate| format!("summarize {}()", aggregate.name));
    WORDS.iter().map(|word| (*word).to_owned()).chain(functions).chain(aggregates).collect()
}

/// The words that a query uses.
pub fn used(text: &str) -> BTreeSet<String> {
    let mut seen = Seen(BTreeSet::new());
    for statement in &parse(text).script.statements {
        if let StatementKind::Query(query) = &statement.kind {
            seen.query(query);
        }
    }
    seen.0
}

struct Seen(BTreeSet<String>);

impl Seen {
    fn word(&mut self, word: &str) {
        self.0.insert(word.to_owned());
    }

    fn query(&mut self, query: &Query) {
        match &query.source.node {
            Source::Name(_) => self.word("a name"),
            Source::Call(_, arguments) => {
                self.word("a call");
                self.exprs(arguments);
            }
            Source::Query(query) => {
                self.word("a query");
                self.query(query);
            }
            Source::Sequence(sequence) => self.sequence(sequence),
            Source::Invalid => {}
        }
        query.clauses.iter().for_each(|clause| self.clause(&clause.node));
        query.stages.iter().for_each(|stage| self.stage(&stage.node));
    }

    fn sequence(&mut self, sequence: &Sequence) {
        self.word(if sequence.all { "sequence all" } else { "sequence" });
        if !sequence.by.is_empty() {
            self.word("sequence by");
            self.exprs(&sequence.by);
        }
        if let Some(within) = &sequence.within {
            self.word("sequence within");
            self.expr(&within.node);
        }
        for step in &sequence.steps {
            self.word(match step {
                SequenceStep { absent: true, .. } => "not [ ]",
                SequenceStep { times: Some(_), .. } => "[ ]{2}",
                SequenceStep { name: Some(_), .. } => "[ as a]",
                _ => "[ ]",
            });
            self.query(&step.query);
        }
        if let Some(until) = &sequence.until {
            self.word("sequence until");
            self.query(until);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        let (word, operand) = match clause {
            Clause::Of(None) => return self.word("of anyone"),
            Clause::Of(Some(side)) => ("of …", side),
            Clause::With(who) => ("with", who),
            Clause::In(place) => ("in …", place),
            Clause::Since(when) => ("since", when),
            Clause::Until(when) => ("until", when),
            Clause::Before(when) => ("before", when),
            Clause::After(when) => ("after", when),
            Clause::During(when) => ("during", when),
            Clause::Where(condition) => ("where …", &condition.predicate),
        };
        self.word(word);
        self.expr(operand);
    }

    fn condition(&mut self, condition: &Condition) {
        self.word(if condition.possibly { "where possibly" } else { "where" });
        self.expr(&condition.predicate);
    }

    fn stage(&mut self, stage: &Stage) {
        match stage {
            Stage::Where(condition) => self.condition(condition),
            Stage::Select(columns) => self.columns("select", columns),
            Stage::Derive(columns) => self.columns("derive", columns),
            Stage::Sort(keys) => {
                for key in keys {
                    self.word(if key.descending { "sort desc" } else { "sort" });
                    self.expr(&key.value);
                }
            }
            Stage::Take(_) => self.word("take"),
            Stage::Skip(_) => self.word("skip"),
            Stage::Top { by, per, .. } => {
                self.word(if by.descending { "top" } else { "top asc" });
                self.expr(&by.value);
                self.per("top per", per.as_ref());
            }
            Stage::First { per, .. } => {
                self.word("first");
                self.per("first per", per.as_ref());
            }
            Stage::Last { per, .. } => {
                self.word("last");
                self.per("last per", per.as_ref());
            }
            Stage::Distinct(columns) => {
                self.columns(if columns.is_empty() { "distinct" } else { "distinct by" }, columns);
            }
            Stage::Expand(value) => {
                self.word("expand");
                self.expr(value);
            }
            Stage::Count(by) => self.columns(if by.is_empty() { "count" } else { "count by" }, by),
            Stage::Summarize { aggregates, by } => {
                self.columns(if by.is_empty() { "summarize" } else { "summarize by" }, by);
                for column in aggregates {
                    if let ExprKind::Call { name, distinct, arguments } = &*column.value.kind {
                        self.word(&format!("summarize {}()", name.node));
                        self.word(if *distinct { "distinct x" } else { "summarize" });
                        self.exprs(arguments);
                    }
                }
            }
            Stage::Gap(by) => {
                self.word("gap");
                self.exprs(by);
            }
            Stage::Pivot(key) => {
                self.word("pivot");
                self.expr(key);
            }
            Stage::Fill { from, to } => {
                self.word("fill");
                self.per("fill from", from.as_ref());
                self.per("fill to", to.as_ref());
            }
            Stage::Rolling { aggregates, by, .. } => {
                self.word(if by.is_empty() { "rolling" } else { "rolling by" });
                self.columns("rolling", aggregates);
                self.exprs(by);
            }
            Stage::Running { aggregates, by } => {
                self.word(if by.is_empty() { "running" } else { "running by" });
                self.columns("running", aggregates);
                self.exprs(by);
            }
            Stage::Near { side, query, within, on } => {
                self.word(match (side, on.is_empty()) {
                    (Side::After, true) => "followed by",
                    (Side::After, false) => "followed by on",
                    (Side::Before, true) => "preceded by",
                    (Side::Before, false) => "preceded by on",
                });
                self.query(query);
                self.expr(within);
                self.exprs(on);
            }
            Stage::Combine { how, query } => {
                self.word(match how {
                    Combination::Union => "union",
                    Combination::Intersect => "intersect",
                    Combination::Except => "except",
                });
                self.query(query);
            }
            Stage::Join { query, on } => {
                self.word("join");
                self.query(query);
                self.exprs(on);
            }
            Stage::Links => self.word("links"),
            Stage::Path { from, to } => {
                self.word("path from to");
                self.expr(from);
                self.expr(to);
            }
            Stage::Render(_) => self.word("render"),
            Stage::Share => self.word("share"),
            Stage::Cite => self.word("cite"),
            Stage::Hole | Stage::Invalid => {}
        }
    }

    fn per(&mut self, word: &str, per: Option<&Expr>) {
        if let Some(per) = per {
            self.word(word);
            self.expr(per);
        }
    }

    fn columns(&mut self, word: &str, columns: &[Column]) {
        self.word(word);
        columns.iter().for_each(|column| self.expr(&column.value));
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        let word = match &*expr.kind {
            ExprKind::Name(_) => "word",
            ExprKind::Text(_) => "text",
            ExprKind::Int(_) => "int",
            ExprKind::Float(_) => "float",
            ExprKind::Bool(_) => "bool",
            ExprKind::Missing => "missing",
            ExprKind::Date(_) => "date",
            ExprKind::Range(Some(_), Some(_)) => "a..b",
            ExprKind::Range(Some(_), None) => "a..",
            ExprKind::Range(None, _) => "..b",
            ExprKind::Duration(..) => "duration",
            ExprKind::Ago(..) => "ago",
            ExprKind::Today => "today",
            ExprKind::Yesterday => "yesterday",
            ExprKind::Relative(true, _) => "this",
            ExprKind::Relative(false, _) => "last …",
            ExprKind::Parameter(_) => "$parameter",
            ExprKind::List(_) => "list",
            ExprKind::Query(_) => "sub-query",
            ExprKind::Path(..) => "path",
            ExprKind::Call { name, .. } => &format!("{}()", name.node),
            ExprKind::Negate(_) => "negation",
            ExprKind::Not(_) => "not",
            ExprKind::Every(_) => "every",
            ExprKind::Binary(operator, ..) => operator_word(*operator),
            ExprKind::Between(true, ..) => "not between",
            ExprKind::Between(false, ..) => "between",
            ExprKind::In { as_of: Some(_), .. } => "as of",
            ExprKind::In { negated: true, .. } => "not in",
            ExprKind::In { .. } => "in",
            ExprKind::Is(true, _) => "is present",
            ExprKind::Is(false, _) => "is missing",
            ExprKind::Field(_) | ExprKind::Hole | ExprKind::Invalid => "",
        };
        self.word(word);
        match &*expr.kind {
            ExprKind::Range(from, to) => from.iter().chain(to).for_each(|side| self.expr(side)),
            ExprKind::List(items) => self.exprs(items),
            ExprKind::Query(query) => self.query(query),
            ExprKind::Call { arguments, .. } => self.exprs(arguments),
            ExprKind::Path(one, _) | ExprKind::Negate(one) | ExprKind::Not(one) | ExprKind::Every(one) => {
                self.expr(one);
            }
            ExprKind::Is(_, one) => self.expr(one),
            ExprKind::Binary(_, left, right) | ExprKind::In { value: left, within: right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Between(_, value, from, to) => [value, from, to].into_iter().for_each(|part| self.expr(part)),
            _ => {}
        }
    }
}

fn operator_word(operator: BinaryOperator) -> &'static str {
    operator.text()
}
