//! The syntax tree: what was written, with spans, before any name is looked up.
//!
//! ```text
//! meetings of Putin where venue = abroad | count by region
//! └source  └clause  └clause               └stage
//! ```

use crate::span::{Span, Spanned};

/// A query file or one REPL entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Script {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands, without the closing `;`.
    pub span: Span,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// A query on its own: `meetings | count`.
    Query(Query),
    /// `let name = …`, `let name(a, b) = …`.
    Let {
        /// The name bound.
        name: Spanned<String>,
        /// Its arguments, empty when it has none.
        parameters: Vec<Spanned<String>>,
        /// What it stands for.
        body: LetBody,
    },
    /// `expect "text": predicate`.
    Expect {
        /// The sentence checked.
        text: Option<String>,
        /// What must hold.
        predicate: Expr,
    },
    /// `use "file.dmq"`.
    Use(Spanned<String>),
}

/// The right side of a `let`. A single word or call (`x`, `met(a, b)`) that could be either is a [`LetBody::Query`].
#[derive(Debug, Clone, PartialEq)]
pub enum LetBody {
    /// A query.
    Query(Query),
    /// An expression.
    Expr(Expr),
}

/// A source, its clauses and its stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Where rows come from.
    pub source: Spanned<Source>,
    /// Clauses right after the source.
    pub clauses: Vec<Spanned<Clause>>,
    /// Stages after `|`.
    pub stages: Vec<Spanned<Stage>>,
    /// All of it.
    pub span: Span,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// `meetings`, `countries`, a `let` name.
    Name(String),
    /// `met("Xi", 2024)`: a `let` with arguments.
    Call(Spanned<String>, Vec<Expr>),
    /// `(meetings | count)`.
    Query(Box<Query>),
    /// `sequence by country [meetings] [visits]`.
    Sequence(Box<Sequence>),
    /// A source that did not parse, or is a hole, `?`; a diagnostic tells why.
    Invalid,
}

/// Events in an order: `sequence by country within 1 year [meetings] [visits as trip] until [threats]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// Whether every start is paired, rather than the latest.
    pub all: bool,
    /// What the events of a match have in common.
    pub by: Vec<Expr>,
    /// How long a match lasts at most; the span is that of all of `within D`.
    pub within: Option<Spanned<Expr>>,
    /// The steps, in order.
    pub steps: Vec<SequenceStep>,
    /// The events that end what is begun.
    pub until: Option<Query>,
}

/// A step of a sequence: `[visits as trip]`, `not [threats]`, `[calls]{3}`.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceStep {
    /// Whether there is to be no such event.
    pub absent: bool,
    /// Its events.
    pub query: Query,
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// How many of them there are running, 1 unless said.
    pub times: Option<Spanned<u64>>,
    /// Where it stands.
    pub span: Span,
}

/// A clause after the source.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `of Putin`; `None` for `of anyone`.
    Of(Option<Expr>),
    /// `with Xi`.
    With(Expr),
    /// `in Moscow`.
    In(Expr),
    /// `since 2024`.
    Since(Expr),
    /// `until 2024`.
    Until(Expr),
    /// `before 2024`.
    Before(Expr),
    /// `after 2024`.
    After(Expr),
    /// `during 2024-05`.
    During(Expr),
    /// `where P`.
    Where(Condition),
}

/// A predicate, with or without `possibly`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Whether rows for which it is unknown are kept too.
    pub possibly: bool,
    /// The predicate.
    pub predicate: Expr,
}

/// A column with an optional name of its own: `b = expr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name given, if any.
    pub name: Option<Spanned<String>>,
    /// What it holds.
    pub value: Expr,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// By what.
    pub value: Expr,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// One stage of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// `where P`.
    Where(Condition),
    /// `select a, b = expr`.
    Select(Vec<Column>),
    /// `derive b = expr`.
    Derive(Vec<Column>),
    /// `sort a, b desc`.
    Sort(Vec<SortKey>),
    /// `take N`.
    Take(Spanned<u64>),
    /// `skip N`.
    Skip(Spanned<u64>),
    /// `top N by a [asc] [per b]`.
    Top {
        /// How many.
        count: Spanned<u64>,
        /// By what; `descending` unless `asc` is said.
        by: SortKey,
        /// For each of what.
        per: Option<Expr>,
    },
    /// `first [N] [per a]`.
    First {
        /// How many, 1 unless said.
        count: u64,
        /// For each of what.
        per: Option<Expr>,
    },
    /// `last [N] [per a]`.
    Last {
        /// How many, 1 unless said.
        count: u64,
        /// For each of what.
        per: Option<Expr>,
    },
    /// `distinct [a, b]`.
    Distinct(Vec<Column>),
    /// `expand a`.
    Expand(Expr),
    /// `count [by a, b]`.
    Count(Vec<Column>),
    /// `summarize x = agg(…) [by …]`.
    Summarize {
        /// The aggregates.
        aggregates: Vec<Column>,
        /// The keys.
        by: Vec<Column>,
    },
    /// `gap by a`.
    Gap(Vec<Expr>),
    /// `share`.
    Share,
    /// `cite`.
    Cite,
    /// `pivot a`.
    Pivot(Expr),
    /// `fill [from D] [to D]`.
    Fill {
        /// The first bucket, that of the first row unless said.
        from: Option<Expr>,
        /// The last bucket, that of the last row unless said.
        to: Option<Expr>,
    },
    /// `rolling D agg [by a]`.
    Rolling {
        /// How far back.
        window: Expr,
        /// The aggregates.
        aggregates: Vec<Column>,
        /// Of the rows with the same of what.
        by: Vec<Expr>,
    },
    /// `running agg [by a]`.
    Running {
        /// The aggregates.
        aggregates: Vec<Column>,
        /// Of the rows with the same of what.
        by: Vec<Expr>,
    },
    /// `followed by Q within D [on a]`, `preceded by Q within D [on a]`.
    Near {
        /// Which side of a row is looked at.
        side: Side,
        /// The other events.
        query: Query,
        /// How far.
        within: Expr,
        /// In what both agree.
        on: Vec<Expr>,
    },
    /// `union Q`, `intersect Q`, `except Q`.
    Combine {
        /// How.
        how: Combination,
        /// The other rows.
        query: Query,
    },
    /// `join Q on a`.
    Join {
        /// The other rows.
        query: Query,
        /// In what both agree.
        on: Vec<Expr>,
    },
    /// `links`.
    Links,
    /// `path from X to Y`.
    Path {
        /// Where the chain starts.
        from: Expr,
        /// Where it ends.
        to: Expr,
    },
    /// `render bar`.
    Render(Picture),
    /// A hole, `?`; its text runs to the next `|`.
    Hole,
    /// A stage that did not parse; a diagnostic tells why.
    Invalid,
}

/// Before or after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `followed by`
    After,
    /// `preceded by`
    Before,
}

/// How the rows of two tables with the same columns become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// `union`
    Union,
    /// `intersect`
    Intersect,
    /// `except`
    Except,
}

/// A wish how rows be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// `bar`
    Bar,
    /// `line`
    Line,
    /// `timeline`
    Timeline,
    /// `heatmap`
    Heatmap,
    /// `map`
    Map,
    /// `network`
    Network,
}

impl Picture {
    /// Every picture and how it is written.
    pub const ALL: [(&'static str, Picture); 6] = [
        ("bar", Self::Bar),
        ("line", Self::Line),
        ("timeline", Self::Timeline),
        ("heatmap", Self::Heatmap),
        ("map", Self::Map),
        ("network", Self::Network),
    ];

    /// How it is written.
    pub fn text(self) -> &'static str {
        Self::ALL.iter().find(|(_, picture)| *picture == self).map_or("", |(name, _)| name)
    }
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// Where it stands.
    pub span: Span,
}

impl Expr {
    /// `kind` at `span`.
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Self { kind: Box::new(kind), span }
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A bare word or a backquoted name: a field, a `let` or a value.
    Name(String),
    /// `.region`: a field for certain.
    Field(String),
    /// `"Xi Jinping"`, unescaped.
    Text(String),
    /// `12`.
    Int(i64),
    /// `2.5`.
    Float(f64),
    /// `true`, `false`.
    Bool(bool),
    /// `missing`.
    Missing,
    /// A date as written: `2024-05`, `2024-Q2`, `2024-W20`, `2024-05-16T09:30Z`.
    Date(String),
    /// `a..b`, `a..`, `..b`.
    Range(Option<Expr>, Option<Expr>),
    /// `30 days`.
    Duration(f64, Unit),
    /// `30 days ago`.
    Ago(f64, Unit),
    /// `today`.
    Today,
    /// `yesterday`.
    Yesterday,
    /// `this month`, `last year`: `true` for `this`.
    Relative(bool, Unit),
    /// `$name`.
    Parameter(String),
    /// `(a, b)`: two or more values, or one with a trailing comma.
    List(Vec<Expr>),
    /// `(meetings | count)`.
    Query(Query),
    /// `leader.country`.
    Path(Expr, Spanned<String>),
    /// `year(date)`; `count(distinct x)` has `distinct`.
    Call {
        /// The function.
        name: Spanned<String>,
        /// Whether `distinct` stands before the argument.
        distinct: bool,
        /// The arguments.
        arguments: Vec<Expr>,
    },
    /// `-x`.
    Negate(Expr),
    /// `not p`.
    Not(Expr),
    /// `every p`.
    Every(Expr),
    /// `a and b`, `a + b`, `a = b`.
    Binary(BinaryOperator, Expr, Expr),
    /// `x between a and b`; `true` for `not between`.
    Between(bool, Expr, Expr, Expr),
    /// `x in y [as of D]`.
    In {
        /// Whether `not` stands before.
        negated: bool,
        /// What is looked for.
        value: Expr,
        /// Where it is looked for.
        within: Expr,
        /// The date of membership.
        as_of: Option<Expr>,
    },
    /// `x is missing`, `x is present`: `true` for `present`.
    Is(bool, Expr),
    /// A hole, `?`.
    Hole,
    /// An expression that did not parse; a diagnostic tells why.
    Invalid,
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `matches`
    Matches,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl BinaryOperator {
    /// How it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
            Self::Matches => "matches",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// A unit of calendar time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `hour`
    Hour,
    /// `day`
    Day,
    /// `week`
    Week,
    /// `month`
    Month,
    /// `quarter`
    Quarter,
    /// `year`
    Year,
}
