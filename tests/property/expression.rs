//! Random expressions as text, each of the type asked for: values, predicates, aggregates.

use demarche::builtin::{AGGREGATES, FUNCTIONS, Function, Takes};
use demarche::value::{Base, DomainId, Type};

use super::data::{COUNTRIES, TEXTS};
use super::random::Random;
use super::world::{Scope, World, is_word, name};

/// Writes queries and expressions about a world.
pub struct Writer<'a> {
    /// What is drawn.
    pub random: Random,
    /// What there is.
    pub world: &'a World,
    /// How deep queries may still stand in queries.
    pub depth: usize,
    named: usize,
}

const ORDERED: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const PARTS_OF_DATE: [&str; 6] = ["year", "quarter", "month", "week", "day", "weekday"];

impl<'a> Writer<'a> {
    /// A writer that draws from a seed.
    pub fn new(seed: u64, world: &'a World) -> Self {
        Self { random: Random::new(seed), world, depth: 2, named: 0 }
    }

    /// A name that no field has.
    pub fn new_name(&mut self) -> String {
        self.named += 1;
        format!("c{}", self.named)
    }

    /// A field, or a path that starts with one, of a type that fits.
    pub fn field(&mut self, scope: &Scope, fits: impl Fn(Type) -> bool) -> Option<String> {
        let mut direct: Vec<String> =
            scope.fields.iter().filter(|(_, of)| fits(*of)).map(|(field, _)| name(field)).collect();
        if scope.dated {
            let base = |part: &str| if part == "weekday" { Base::Text } else { Base::Period };
            let parts = PARTS_OF_DATE.iter().filter(|part| fits(Type::one(base(part))));
            direct.extend(parts.filter(|_| self.random.one_in(2)).map(|part| (*part).to_owned()));
        }
        if !direct.is_empty() && !self.random.one_in(5) {
            return Some(self.random.pick(&direct).clone());
        }
        for _ in 0..8 {
            let (first, mut of) = self.random.pick(&scope.fields).clone();
            let mut path = name(&first);
            for _ in 0..2 {
                let Base::Coded(domain) = of.base else { break };
                let beyond = self.world.beyond(domain);
                if beyond.is_empty() {
                    break;
                }
                let (next, next_of) = self.random.pick(&beyond).clone();
                path = format!("{path}.{}", name(&next));
                of = Type { many: of.many || next_of.many, ..next_of };
                if fits(of) {
                    return Some(path);
                }
            }
        }
        (!direct.is_empty()).then(|| self.random.pick(&direct).clone())
    }

    /// Any value; with `many`, it may be a list.
    pub fn any(&mut self, scope: &Scope, many: bool) -> String {
        if !self.random.one_in(3)
            && let Some(field) = self.field(scope, |of| many || !of.many)
        {
            return field;
        }
        let bases = [
            (4, Base::Int),
            (4, Base::Float),
            (4, Base::Text),
            (3, Base::Date),
            (3, Base::Period),
            (3, Base::Duration),
            (2, Base::Bool),
        ];
        let base = self.random.weighted(&bases);
        self.value(base, scope, 2, many)
    }

    /// A list.
    pub fn list(&mut self, scope: &Scope) -> Option<String> {
        if self.random.one_in(6) {
            let text = self.value(Base::Text, scope, 1, false);
            return Some(format!("split({text}, {})", self.random.pick(&["' '", "';'", "'a'"])));
        }
        self.field(scope, |of| of.many)
    }

    /// A value of a type; `depth` is how deep its operands may stand in one another.
    pub fn value(&mut self, base: Base, scope: &Scope, depth: usize, many: bool) -> String {
        if depth == 0 || self.random.one_in(3) {
            return self.leaf(base, scope, many);
        }
        match self.random.below(10) {
            0..5 => self.call(base, scope, depth - 1, many),
            5..9 => self.arithmetic(base, scope, depth - 1),
            _ if self.depth > 0 && self.random.one_in(2) => self.scalar(base),
            _ => self.leaf(base, scope, many),
        }
    }

    fn leaf(&mut self, base: Base, scope: &Scope, many: bool) -> String {
        if !self.random.one_in(4)
            && let Some(field) = self.field(scope, |of| of.base == base && (many || !of.many))
        {
            return field;
        }
        if self.random.one_in(60) { "missing".to_owned() } else { self.literal(base) }
    }

    /// A value that speaks of no row.
    pub fn literal(&mut self, base: Base) -> String {
        let random = &mut self.random;
        match base {
            Base::Bool | Base::Nothing => random.pick(&["true", "false"]).to_string(),
            Base::Int => match random.below(40) {
                0 => "9223372036854775807".to_owned(),
                1 => "$number".to_owned(),
                2 => "limit".to_owned(),
                3..6 => "0".to_owned(),
                6..9 => format!("(-{})", random.below(9)),
                _ => random.below(30).to_string(),
            },
            Base::Float => match random.below(10) {
                0 => "$part".to_owned(),
                1 => "half(7)".to_owned(),
                2 => "0.0".to_owned(),
                _ => format!("{:?}", random.between(-80, 200) as f64 / 8.0),
            },
            Base::Text => match random.below(10) {
                0 => "$word".to_owned(),
                _ => format!("\"{}\"", random.pick(TEXTS)),
            },
            Base::Date => {
                random.pick(&["(today - 40 days)", "start(2024-02)", "end(2023)", "(2023-05 + 1 month)"]).to_string()
            }
            Base::Period => self.moment(),
            Base::Duration => match random.below(8) {
                0 => "stretch".to_owned(),
                _ => format!(
                    "{} {}",
                    random.below(50),
                    random.pick(&["hours", "days", "weeks", "months", "quarters", "years"])
                ),
            },
            Base::Coded(domain) => self.named_value(domain),
        }
    }

    /// A date or an extent of days that needs no clause or comparison around it.
    fn moment(&mut self) -> String {
        let (year, month) = (self.random.between(2022, 2024), self.random.between(1, 12));
        match self.random.below(12) {
            0 => format!("{year}-Q{}", self.random.between(1, 4)),
            1 => format!("{year}-W{:02}", self.random.between(1, 52)),
            2 => format!("{year}-{month:02}-16T09:30Z"),
            3 => (*self.random.pick(&["today", "yesterday", "last month", "this quarter", "last year", "this week"]))
                .to_owned(),
            4 => format!("{} {} ago", self.random.below(30), self.random.pick(&["days", "weeks", "months"])),
            5 | 6 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{:02}", self.random.pick(&[1, 9, 16, 17, 28])),
        }
    }

    /// What a clause takes, or `in` after a date.
    pub fn period(&mut self) -> String {
        let has_periods = !self.world.session.store().about.periods.is_empty();
        match self.random.below(12) {
            0 | 1 => self.random.between(2022, 2024).to_string(),
            2 => format!(
                "{}..{}",
                self.random.pick(&["2022", "2022-05", "2022-11-16"]),
                self.random.pick(&["2023-01", "2023", "today"])
            ),
            3 => (*self.random.pick(&["2023-05..", "..2023-05", "2022-Q3..2023-W20"])).to_owned(),
            4 => "$when".to_owned(),
            5 if has_periods => self.random.pick(&["\"new term\"", "\"before\""]).to_string(),
            _ => self.moment(),
        }
    }

    /// A name of a domain, in quotes unless it is a word and chance leaves them out.
    fn named_value(&mut self, domain: DomainId) -> String {
        let all = self.world.names(domain);
        let common: Vec<String> = all.iter().filter(|name| COUNTRIES.contains(&name.as_str())).cloned().collect();
        let from = if common.is_empty() || self.random.one_in(8) { all } else { common };
        if from.is_empty() {
            return "\"none\"".to_owned();
        }
        let name = self.random.pick(&from).clone();
        if is_word(&name) && self.random.one_in(2) { name } else { format!("\"{name}\"") }
    }

    /// One or several names of a domain, for a clause.
    pub fn some_of(&mut self, domain: &str) -> String {
        let Some(id) = self.world.domain(domain) else { return "\"none\"".to_owned() };
        match self.random.below(8) {
            0 => format!("({}, {})", self.named_value(id), self.named_value(id)),
            1 if domain == "leader" => "$who".to_owned(),
            _ => self.named_value(id),
        }
    }

    fn call(&mut self, base: Base, scope: &Scope, depth: usize, many: bool) -> String {
        let has_places = self.world.domain("place").is_some();
        let gives = |function: &&Function| match function.gives {
            Some(gives) => gives == base,
            None => !function.takes.contains(&Takes::Number) || matches!(base, Base::Int | Base::Float),
        };
        let fits = |function: &&Function| has_places || !function.takes.contains(&Takes::Place);
        let functions: Vec<&Function> = FUNCTIONS.iter().filter(gives).filter(fits).collect();
        let function = *self.random.pick(&functions);
        let extra = if function.variadic { self.random.below(3) } else { 0 };
        let takes = function.takes.iter().chain(std::iter::repeat_n(&function.takes[function.takes.len() - 1], extra));
        let arguments: Vec<String> =
            takes.map(|takes| self.argument(*takes, function.gives, base, scope, depth, many)).collect();
        format!("{}({})", function.name, arguments.join(", "))
    }

    fn argument(
        &mut self,
        takes: Takes,
        gives: Option<Base>,
        base: Base,
        scope: &Scope,
        depth: usize,
        many: bool,
    ) -> String {
        let many = many && self.random.one_in(3);
        match takes {
            Takes::Condition => self.predicate(scope, depth),
            Takes::Any => self.value(base, scope, depth, false),
            Takes::Number if gives.is_none() => self.value(base, scope, depth, many),
            Takes::Number => {
                let base = *self.random.pick(&[Base::Int, Base::Float]);
                self.value(base, scope, depth, many)
            }
            Takes::Int => self.value(Base::Int, scope, depth, many),
            Takes::Time => {
                let base = *self.random.pick(&[Base::Date, Base::Period]);
                self.value(base, scope, depth, many)
            }
            Takes::Text => match self.field(scope, |of| matches!(of.base, Base::Coded(_)) && (many || !of.many)) {
                Some(field) if self.random.one_in(3) => field,
                _ => self.value(Base::Text, scope, depth, many),
            },
            Takes::Place => {
                let located: Vec<DomainId> =
                    ["place", "country"].into_iter().filter_map(|name| self.world.domain(name)).collect();
                let is_located = |of: Type| located.iter().any(|domain| of.base == Base::Coded(*domain));
                match self.field(scope, |of| is_located(of) && (many || !of.many)) {
                    Some(field) if !self.random.one_in(4) => field,
                    _ => self.some_place(),
                }
            }
        }
    }

    fn some_place(&mut self) -> String {
        let place = self.world.domain("place").map(|domain| self.world.names(domain)).unwrap_or_default();
        if place.is_empty() { "\"none\"".to_owned() } else { format!("\"{}\"", self.random.pick(&place)) }
    }

    fn arithmetic(&mut self, base: Base, scope: &Scope, depth: usize) -> String {
        let sum = *self.random.pick(&["+", "-"]);
        let (one, operator, other) = match base {
            Base::Int if self.random.one_in(6) => return format!("(-{})", self.value(base, scope, depth, false)),
            Base::Int => (base, *self.random.pick(&["+", "-", "*", "%"]), base),
            Base::Float => {
                let sides = [Base::Int, Base::Float];
                let (one, other) = (*self.random.pick(&sides), *self.random.pick(&sides));
                let operators =
                    if (one, other) == (Base::Int, Base::Int) { &["/"][..] } else { &["+", "-", "*", "/", "%"] };
                (one, *self.random.pick(operators), other)
            }
            Base::Date => (*self.random.pick(&[Base::Date, Base::Period]), sum, Base::Duration),
            Base::Duration => match self.random.below(5) {
                0 | 1 => (Base::Date, "-", *self.random.pick(&[Base::Date, Base::Period])),
                2 => (base, sum, base),
                3 => (base, *self.random.pick(&["*", "/"]), *self.random.pick(&[Base::Int, Base::Float])),
                _ => return format!("(-{})", self.value(base, scope, depth, false)),
            },
            Base::Text => (base, "+", *self.random.pick(&[Base::Text, Base::Int])),
            Base::Bool => return format!("({})", self.predicate(scope, depth)),
            _ => return self.leaf(base, scope, false),
        };
        let (one, other) = (self.value(one, scope, depth, false), self.value(other, scope, depth, false));
        format!("({one} {operator} {other})")
    }

    /// A predicate; `depth` is how deep others may stand in it.
    pub fn predicate(&mut self, scope: &Scope, depth: usize) -> String {
        if depth == 0 {
            return self.comparison(scope, 0);
        }
        match self.random.below(12) {
            0 => format!("not ({})", self.predicate(scope, depth - 1)),
            1 => format!("({} and {})", self.predicate(scope, depth - 1), self.predicate(scope, depth - 1)),
            2 => format!("({} or {})", self.predicate(scope, depth - 1), self.predicate(scope, depth - 1)),
            3 => {
                let value = self.any(scope, true);
                format!("{value} is {}", self.random.pick(&["missing", "present"]))
            }
            4 => match self.field(scope, |of| of == Type::one(Base::Bool)) {
                Some(field) if self.random.one_in(2) => field,
                _ => format!("({})", self.call(Base::Bool, scope, depth - 1, false)),
            },
            _ => self.comparison(scope, depth),
        }
    }

    /// One comparison, of a field most times.
    fn comparison(&mut self, scope: &Scope, depth: usize) -> String {
        let (mut base, mut many) = (Base::Int, false);
        let field = self.field(scope, |_| true);
        let of = field.as_ref().and_then(|field| self.type_of(scope, field));
        let left = match (field, of) {
            (Some(field), Some(of)) => {
                (base, many) = (of.base, of.many);
                field
            }
            _ => self.value(base, scope, depth, false),
        };
        let every = if many && self.random.one_in(3) { "every " } else { "" };
        if every.is_empty() && self.random.one_in(4) {
            return self.membership(&left, base, scope);
        }
        let textual = matches!(base, Base::Text | Base::Coded(_));
        if textual && self.random.one_in(3) {
            let operator = *self.random.pick(&["contains", "starts with", "ends with", "matches"]);
            let right = match operator {
                "matches" => {
                    self.random.pick(&["\"(?i)gas|oil\"", "'^.o'", "\"ó\"", "'[A-Z]'", "\"d+z?$\""]).to_string()
                }
                _ => format!("\"{}\"", self.random.pick(&["l", "GAS", "ó", "e", "oil;", "a", "talk", "Meet"])),
            };
            return format!("{every}{left} {operator} {right}");
        }
        let right = self.beside(base, scope, depth);
        if self.random.one_in(6) && !matches!(base, Base::Bool) && every.is_empty() {
            let not = *self.random.pick(&["", "not "]);
            return format!("{left} {not}between {right} and {}", self.beside(base, scope, depth));
        }
        let operator = *self.random.pick(&ORDERED);
        if self.random.one_in(6) && every.is_empty() {
            return format!("{right} {operator} {left}");
        }
        format!("{every}{left} {operator} {right}")
    }

    /// What stands beside a value of a type in a comparison.
    fn beside(&mut self, base: Base, scope: &Scope, depth: usize) -> String {
        let literal = !self.random.one_in(3);
        match base {
            Base::Date | Base::Period if literal => {
                if self.random.one_in(4) {
                    self.random.between(2022, 2024).to_string()
                } else {
                    self.moment()
                }
            }
            Base::Coded(_) if literal => self.literal(base),
            Base::Coded(_) => self.leaf(base, scope, true),
            Base::Date | Base::Period => {
                let base = *self.random.pick(&[Base::Date, Base::Period]);
                self.value(base, scope, depth, false)
            }
            _ if literal => self.literal(base),
            _ => self.value(base, scope, depth, true),
        }
    }

    fn membership(&mut self, left: &str, base: Base, scope: &Scope) -> String {
        let not = *self.random.pick(&["in", "in", "not in"]);
        if self.depth > 0
            && self.random.one_in(4)
            && let Some(column) = self.column_of(base)
        {
            return format!("{left} {not} {column}");
        }
        let list = |writer: &mut Self| (0..3).map(|_| writer.literal(base)).collect::<Vec<_>>().join(", ");
        let within = match base {
            Base::Date | Base::Period if self.random.one_in(3) => format!("({}, {})", self.period(), self.period()),
            Base::Date | Base::Period => self.period(),
            Base::Int | Base::Float if self.random.one_in(2) => {
                let low = self.random.below(10);
                format!("{low}..{}", low + self.random.below(20))
            }
            Base::Coded(domain) if self.world.session.store().group_of(domain).is_some() => {
                let blocs = self.world.domain("bloc").map(|bloc| self.world.names(bloc)).unwrap_or_default();
                let bloc = if self.random.one_in(2) {
                    self.random.pick(&["Pact", "BRICS", "\"Union of Ä\"", "NATO"]).to_string()
                } else {
                    format!("\"{}\"", self.random.pick(&blocs))
                };
                match self.random.below(4) {
                    0 => format!("{bloc} as of {}", self.period()),
                    1 => format!("({bloc}, {})", self.literal(base)),
                    _ => bloc,
                }
            }
            Base::Coded(domain) => match self.world.beyond(domain).iter().find(|(field, _)| field == "country") {
                Some(_) if self.random.one_in(2) => self.random.pick(COUNTRIES).to_string(),
                _ => format!("({})", list(self)),
            },
            Base::Bool | Base::Nothing => return format!("{left} = {}", self.beside(base, scope, 0)),
            _ => format!("({})", list(self)),
        };
        format!("{left} {not} {within}")
    }

    /// The type of a field or path of a scope.
    fn type_of(&self, scope: &Scope, path: &str) -> Option<Type> {
        let mut steps = path.split('.').map(|step| step.trim_matches('`'));
        let first = steps.next()?;
        let field = scope.fields.iter().find(|(name, _)| name == first || *name == path.trim_matches('`'));
        let part = if first == "weekday" { Base::Text } else { Base::Period };
        let mut of = field.map_or(Type::one(part), |(_, of)| *of);
        if field.is_some_and(|(name, _)| name == path.trim_matches('`')) {
            return Some(of);
        }
        for step in steps {
            let Base::Coded(domain) = of.base else { return None };
            let next = self.world.beyond(domain).into_iter().find(|(name, _)| name == step)?.1;
            of = Type { many: of.many || next.many, ..next };
        }
        Some(of)
    }

    /// An aggregate, by one of the forms that its record shows.
    pub fn aggregate_call(&mut self, scope: &Scope) -> String {
        let fits = |name: &str| name != "sources" && (scope.dated || !matches!(name, "first" | "last"));
        let shown: Vec<_> = AGGREGATES.iter().filter(|aggregate| fits(aggregate.name)).collect();
        let aggregate = *self.random.pick(&shown);
        let forms: Vec<&str> = aggregate.form.split("), ").map(|form| form.trim_end_matches(')')).collect();
        let form = *self.random.pick(&forms);
        let arguments = form.split_once('(').map_or("", |(_, arguments)| arguments);
        let numeric = aggregate.gives == Some(Base::Float) || aggregate.name == "sum";
        let arguments: Vec<String> = arguments
            .split(", ")
            .filter(|argument| !argument.is_empty())
            .map(|argument| match argument {
                "P" => self.predicate(scope, 1),
                "p" => self.random.pick(&["0", "0.25", "0.5", "1", "0.9", "$part"]).to_string(),
                _ if numeric => {
                    let base = *self.random.pick(&[Base::Int, Base::Float]);
                    self.value(base, scope, 1, true)
                }
                "distinct x" => format!("distinct {}", self.any(scope, true)),
                _ => self.any(scope, true),
            })
            .collect();
        format!("{}({})", aggregate.name, arguments.join(", "))
    }
}
