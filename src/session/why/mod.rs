//! Why a query has an event or has not: its rows are followed through the plan, and each node says what it made of them.

mod marked;

use super::explain::Posed;
use super::{Session, tree};
use crate::answer::{Description, Line};
use crate::diagnostic::{Code, Diagnostic, Trouble, nearest};
use crate::exec::{self, Asked, Run, Seen};
use crate::ir::plan::{Expr, ExprKind, Node, Plan, PlanColumn, Scan, Sides, Status};
use crate::span::Span;
use crate::store::{EVENTS, Membership, Store};
use crate::value::{Base, Truth, Type, Value, fold};

use marked::{Marked, column, equal, falsehood, is_marked, mark, marked, marked_by_values, passed_on, shifted};

impl Session {
    /// Says for one event, by its `id`, whether it is in the answer of a query; and for each condition on the way whether it
    /// let the event in, with the values seen, and which dated membership decided. A row of another table goes by its name.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, what stopped its run, or an `id` that no row has.
    ///
    /// # Examples
    ///
    /// ```
    /// # use demarche::{dataset, session::Session, value::days};
    /// # let session = Session::new(dataset::built_in(), days(2024, 7, 11))?;
    /// let why = session.why("putin-north-korea", "visits where leader.country in BRICS | count")?;
    /// assert_eq!(why.title, "`putin-north-korea` is not in the answer");
    /// let decided = why.lines.last().map(|line| line.meaning.as_str());
    /// let seen = "leader.country was North Korea; North Korea was never in BRICS";
    /// assert_eq!(decided, Some(seen));
    /// # Ok::<(), demarche::diagnostic::Trouble>(())
    /// ```
    pub fn why(&self, id: &str, text: &str) -> Result<Description, Trouble> {
        let posed = self.posed(text)?;
        let mut inquiry = Inquiry {
            posed: &posed,
            run: posed.session.a_run(),
            store: &self.store,
            id,
            row: None,
            step: None,
            lines: Vec::new(),
        };
        inquiry.answer().map_err(|wrong| posed.trouble(wrong))
    }
}

struct Inquiry<'a> {
    posed: &'a Posed,
    run: Run<'a>,
    store: &'a Store,
    id: &'a str,
    /// The value of the `id`, and what the row is in words, once it was found.
    row: Option<(Value, Type, String)>,
    /// Which query of a sequence or of a table that is combined is followed.
    step: Option<usize>,
    lines: Vec<Line>,
}

impl Inquiry<'_> {
    fn answer(&mut self) -> Result<Description, Diagnostic> {
        let plan = self.posed.resolved.plan.clone();
        let marked = self.follow(&plan)?;
        let Some((_, _, meaning)) = self.row.take() else { return Err(self.unknown_id(&plan)) };
        let rows = exec::execute(&self.run, &marked.0)?.rows;
        let places: Vec<String> =
            (1..).zip(&rows).filter(|(_, row)| is_marked(row)).map(|(place, _)| place.to_string()).collect();
        let lines = std::mem::take(&mut self.lines);
        let is = |kind: &str| lines.iter().any(|line| line.kind == kind);
        let title = match places.as_slice() {
            [] if is("unknown") && !is("no") => {
                format!("`{}` is possibly in the answer; `where possibly` keeps it", self.id)
            }
            [] => format!("`{}` is not in the answer", self.id),
            [place] => format!("`{}` is in the answer, in row {place} of {}", self.id, rows.len()),
            [places @ .., last] => {
                format!("`{}` is in the answer, in rows {} and {last} of {}", self.id, places.join(", "), rows.len())
            }
        };
        let meaning = if meaning.is_empty() { Vec::new() } else { vec![meaning] };
        Ok(Description { title, meaning, lines })
    }

    fn unknown_id(&self, plan: &Plan) -> Diagnostic {
        let mut bottom = plan;
        while let Some(input) = bottom.input() {
            bottom = input;
        }
        let Node::Scan(scan) = &bottom.node else { return Diagnostic::new(Code::UNKNOWN_VALUE, Span::default(), "") };
        let table = &self.store.tables[scan.table];
        let message = format!("no row of `{}` has the id `{}`", table.name, self.id);
        let diagnostic = Diagnostic::new(Code::UNKNOWN_VALUE, Span::default(), message);
        let ids: Vec<String> = key(bottom).map_or_else(Vec::new, |column| {
            (0..table.rows).map(|row| self.store.text(&table.fields[column].column.value(row))).collect()
        });
        match nearest(self.id, ids.iter().map(String::as_str)).as_slice() {
            [] => diagnostic.help("the column `id` has them: `| select id`"),
            near => diagnostic.help(format!("did you mean `{}`?", near.join("`, `"))),
        }
    }

    fn follow(&mut self, plan: &Plan) -> Result<Marked, Diagnostic> {
        match &plan.node {
            Node::Scan(scan) => return self.scan(plan, scan),
            Node::Sequence(_) => {
                for (place, input) in (1..).zip(&plan.inputs) {
                    self.step = Some(place);
                    self.follow(input)?;
                }
                self.step = None;
                return Ok(self.shown(plan));
            }
            _ => {}
        }
        let Some(input) = plan.input() else { return Ok(self.shown(plan)) };
        let before = self.follow(input)?;
        let rows = self.rows(&before)?;
        match &plan.node {
            Node::Filter { predicates, possibly } => {
                for predicate in predicates {
                    for row in &rows {
                        let seen = exec::seen(&self.run, predicate, row)?;
                        self.tell_seen(input, &seen, 0, *possibly);
                    }
                }
            }
            Node::Group { keys, .. } | Node::Distinct { values: keys } => {
                let columns: Vec<usize> = (0..keys.len()).collect();
                let values = self.values(&before, keys)?;
                let marked = marked_by_values(plan, &columns, &values);
                return self.counted(plan, marked, !rows.is_empty());
            }
            Node::Pivot { rows: kept, .. } => {
                let columns: Vec<usize> = (0..kept.len()).collect();
                let values: Vec<Vec<Value>> =
                    rows.iter().map(|row| kept.iter().map(|&column| row[column].clone()).collect()).collect();
                return Ok(marked_by_values(plan, &columns, &values));
            }
            Node::Fill { keys, .. } => {
                let values: Vec<Vec<Value>> =
                    rows.iter().map(|row| keys.iter().map(|&column| row[column].clone()).collect()).collect();
                return Ok(marked_by_values(plan, keys, &values));
            }
            Node::Combine(_) => {
                let mut values = rows.clone();
                self.step = Some(2);
                let other = self.follow(&plan.inputs[1])?;
                self.step = None;
                values.extend(self.rows(&other)?);
                let columns: Vec<usize> = (0..plan.columns.len()).collect();
                let marked = marked_by_values(plan, &columns, &values);
                return self.counted(plan, marked, !values.is_empty());
            }
            Node::Links { members, .. } => {
                let members = self.values(&before, std::slice::from_ref(members))?;
                let pairs: Vec<Vec<Value>> = members.into_iter().map(|row| [row.as_slice(), &row].concat()).collect();
                let marked = marked_by_values(plan, &[0, 1], &pairs);
                return self.counted(plan, marked, !rows.is_empty());
            }
            Node::Path { .. } => {
                let marked = self.shown(plan);
                return self.counted(plan, marked, !rows.is_empty());
            }
            _ => {}
        }
        let seen = self.order(plan, &before)?;
        let marked = passed_on(plan, before);
        match &plan.node {
            Node::Slice { .. } | Node::Top { .. } if !rows.is_empty() => {
                let is_left = !self.rows(&marked)?.is_empty();
                self.tell(&tree::line(self.store, plan), if is_left { Truth::True } else { Truth::False }, seen);
                Ok(marked)
            }
            Node::Expand { .. } | Node::Join { .. } => self.counted(plan, marked, !rows.is_empty()),
            Node::Near { .. } => self.also_shown(plan, marked),
            _ => Ok(marked),
        }
    }

    /// By what a node that takes some of the rows decides about those of the event.
    fn order(&self, plan: &Plan, before: &Marked) -> Result<String, Diagnostic> {
        match &plan.node {
            Node::Slice { .. } => {
                let rows = exec::execute(&self.run, &before.0)?.rows;
                let mine = (1..).zip(&rows).filter(|(_, row)| is_marked(row));
                let places: Vec<String> = mine.map(|(place, _): (usize, _)| place.to_string()).collect();
                Ok(format!("it is row {} of {}", places.join(", "), rows.len()))
            }
            Node::Top { keys, per, .. } => {
                let keys: Vec<Expr> = keys.iter().map(|key| &key.value).chain(per).cloned().collect();
                let name = |key: &Expr| tree::expression(self.store, plan.input(), key);
                let row = |row: Vec<Value>| {
                    let pairs =
                        keys.iter().zip(&row).map(|(key, value)| format!("{} is {}", name(key), self.known(value)));
                    pairs.collect::<Vec<_>>().join(", ")
                };
                Ok(self.values(before, &keys)?.into_iter().map(row).collect::<Vec<_>>().join("; "))
            }
            _ => Ok(String::new()),
        }
    }

    fn known(&self, value: &Value) -> String {
        if value.is_missing() { "not known".to_owned() } else { self.store.text(value) }
    }

    fn scan(&mut self, plan: &Plan, scan: &Scan) -> Result<Marked, Diagnostic> {
        let Some(column) = key(plan) else { return Ok(marked(plan.clone(), falsehood())) };
        let fields = &self.store.tables[scan.table].fields;
        let row = (0..self.store.tables[scan.table].rows)
            .find(|&row| fold(&self.store.text(&fields[column].column.value(row))) == fold(self.id));
        let Some(row) = row else { return Ok(marked(plan.clone(), falsehood())) };
        let row: Vec<Value> = fields.iter().map(|field| field.column.value(row)).collect();
        let facts = ["date", "kind", "summary"].iter().filter_map(|name| self.store.tables[scan.table].field(name));
        let facts: Vec<String> =
            facts.map(|field| self.store.text(&row[field])).filter(|text| !text.is_empty()).collect();
        let of = plan.columns[column].of;
        self.row = Some((row[column].clone(), of, facts.join(": ")));
        let marked = marked(plan.clone(), equal(column, of, &row[column]));
        if scan.table == EVENTS {
            self.tell_scan(plan, scan, &row, &equal(column, of, &row[column]))?;
        }
        Ok(marked)
    }

    /// What of a source let the event in, and what kept it out.
    fn tell_scan(&mut self, plan: &Plan, scan: &Scan, row: &[Value], is_it: &Expr) -> Result<(), Diagnostic> {
        let table = &self.store.tables[EVENTS];
        let text = |name: &str| table.field(name).map(|field| self.store.text(&row[field])).unwrap_or_default();
        let any = Scan { kinds: None, sides: Sides::Recorded, status: Status::Any, ..scan.clone() };
        let mut lines = Vec::new();
        if let Some(kinds) = &scan.kinds {
            let names = kinds.iter().filter_map(|&kind| self.store.about.kinds.get(kind as usize - 1));
            let names: Vec<&str> = names.map(|kind| kind.name.as_str()).collect();
            let seen = format!("its kind is {}", text("kind"));
            lines.push((format!("kind {}", names.join(", ")), Scan { kinds: scan.kinds.clone(), ..any.clone() }, seen));
        }
        if let Status::Only(_) = scan.status {
            let seen = match text("status") {
                status if status.is_empty() => "it has no status".to_owned(),
                status => format!("its status is {status}"),
            };
            lines.push(("status held".to_owned(), Scan { status: scan.status, ..any.clone() }, seen));
        }
        if let (Sides::Of(sides), Some(Base::Coded(domain))) =
            (&scan.sides, table.field("actor").map(|field| table.fields[field].of.base))
        {
            let names: Vec<&str> = sides.iter().map(|&side| self.store.name(domain, side)).collect();
            let name = format!("from the side of {}", names.join(", "));
            let is_symmetric = self.store.about.kinds.iter().any(|kind| kind.name == text("kind") && kind.symmetric);
            let seen = if is_symmetric {
                format!("{} took part", text("participants"))
            } else {
                format!("its actor is {}, and it is told from no other side", text("actor"))
            };
            lines.push((name, Scan { sides: scan.sides.clone(), ..any }, seen));
        }
        for (name, alone, seen) in lines {
            let source = Plan { node: Node::Scan(alone), ..plan.clone() };
            let is_in = !self.rows(&marked(source, is_it.clone()))?.is_empty();
            self.tell(&name, if is_in { Truth::True } else { Truth::False }, seen);
        }
        Ok(())
    }

    fn tell(&mut self, name: &str, truth: Truth, meaning: String) {
        let kind = match truth {
            Truth::True => "yes",
            Truth::False => "no",
            Truth::Unknown => "unknown",
        };
        let name = self.step.map_or_else(|| name.to_owned(), |step| format!("{step}: {name}"));
        let line = Line::new(name, kind, meaning);
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// What was seen of a condition, and below it of its parts.
    fn tell_seen(&mut self, input: &Plan, seen: &Seen, depth: usize, possibly: bool) {
        let written = seen.predicate.span.of(&self.posed.text);
        let is_name = self.posed.session.environment.names().any(|name| name == written.trim_matches('`'));
        let text = if written.is_empty() || is_name {
            tree::expression(self.store, Some(input), &seen.predicate)
        } else {
            written.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        // `a != b` is the one predicate `not a = b`.
        let (values, parts) = match seen.parts.as_slice() {
            [part] if part.predicate.span == seen.predicate.span => (part, part.parts.as_slice()),
            parts => (seen, parts),
        };
        let verb = if values.membership.is_some() { "was" } else { "is" };
        let value = |(expr, value): &(Expr, Value)| {
            let is_computed = !matches!(expr.kind, ExprKind::Column(_) | ExprKind::Follow { .. });
            let name = match expr.span.of(&self.posed.text) {
                name if is_computed && !is_name && !name.is_empty() => name.to_owned(),
                _ => tree::expression(self.store, Some(input), expr),
            };
            format!("{name} {verb} {}", self.known(value))
        };
        let mut meaning: Vec<String> = values.values.iter().map(value).collect();
        meaning.extend(values.membership.iter().map(|asked| self.membership(asked)));
        meaning.extend(match &values.predicate.kind {
            ExprKind::And(_) => Some("both of these".to_owned()),
            ExprKind::Or(_) => Some("one of these".to_owned()),
            ExprKind::Not(_) => Some("not this".to_owned()),
            _ => None,
        });
        if seen.truth == Truth::Unknown && depth == 0 && possibly {
            meaning.push("`possibly` keeps it".to_owned());
        }
        self.tell(&format!("{}{text}", "  ".repeat(depth)), seen.truth, meaning.join("; "));
        for part in parts {
            self.tell_seen(input, part, depth + 1, possibly);
        }
    }

    /// The spells of membership that decided.
    fn membership(&self, asked: &Asked) -> String {
        let name = |value: &Value| self.store.text(value);
        if asked.spells.is_empty() {
            return format!("{} was never in {}", name(&asked.members), name(&asked.groups));
        }
        let one = |spell: &Membership| {
            let (member, group) = (spell.member, spell.group);
            let mut text = format!("{} in {}", self.store.name(member.0, member.1), self.store.name(group.0, group.1));
            if spell.from.earliest != i32::MIN {
                text.push_str(&format!(" from {}", spell.from));
            }
            if spell.to.latest != i32::MAX {
                text.push_str(&format!(" until {}", spell.to));
            }
            text
        };
        let spells: Vec<String> = asked.spells.iter().map(one).collect();
        format!("{}; asked of {}", spells.join(", "), name(&asked.on))
    }

    /// Tells whether a node has rows of the event, where the one below has.
    fn counted(&mut self, plan: &Plan, marked: Marked, had_rows: bool) -> Result<Marked, Diagnostic> {
        if !had_rows {
            return Ok(marked);
        }
        let all = exec::execute(&self.run, &marked.0)?.rows;
        let mine: Vec<_> = all.iter().filter(|row| is_marked(row)).collect();
        let truth = if mine.is_empty() { Truth::False } else { Truth::True };
        let meaning = match &plan.node {
            Node::Group { keys, .. } if keys.is_empty() => "it is in the one group".to_owned(),
            Node::Group { keys, .. } | Node::Distinct { values: keys } => {
                let key = |row: &&Vec<Value>| {
                    let values = row[1..=keys.len()].iter().map(|value| self.known(value));
                    values.collect::<Vec<_>>().join(", ")
                };
                format!(
                    "it is in {} of {} groups: {}",
                    mine.len(),
                    all.len(),
                    mine.iter().map(key).collect::<Vec<_>>().join("; ")
                )
            }
            _ => format!("it is in {} of {} rows", mine.len(), all.len()),
        };
        self.tell(&tree::line(self.store, plan), truth, meaning);
        Ok(marked)
    }

    /// The rows of the event, without the mark.
    fn rows(&self, marked: &Marked) -> Result<Vec<Vec<Value>>, Diagnostic> {
        let filter = Node::Filter { predicates: vec![mark()], possibly: false };
        let rows = exec::execute(&self.run, &marked.0.clone().then_same(filter))?.rows;
        Ok(rows.into_iter().map(|row| row[1..].to_vec()).collect())
    }

    /// What expressions are for the rows of the event.
    fn values(&self, marked: &Marked, values: &[Expr]) -> Result<Vec<Vec<Value>>, Diagnostic> {
        let filter = Node::Filter { predicates: vec![mark()], possibly: false };
        let columns = values.iter().map(|value| PlanColumn { name: String::new(), of: value.of }).collect();
        let values = values.iter().cloned().map(shifted).collect();
        let plan = marked.0.clone().then_same(filter).then(Node::Project { values }, columns);
        Ok(exec::execute(&self.run, &plan)?.rows)
    }

    /// The rows of a plan that name the event in a column.
    fn shown(&self, plan: &Plan) -> Marked {
        let is_of_a_step = |place: &usize| plan.columns[*place].name.rsplit('.').next() == Some("id");
        let all = 0..plan.columns.len();
        let named = match plan.node {
            Node::Sequence(_) => self.is_named(&plan.columns, all.filter(is_of_a_step)),
            _ => self.is_named(&plan.columns, all),
        };
        marked(plan.clone(), named.unwrap_or_else(falsehood))
    }

    /// What is marked, and what has the event beside it.
    fn also_shown(&mut self, near: &Plan, before: Marked) -> Result<Marked, Diagnostic> {
        let Marked(plan) = before;
        let own = 1 + near.input().map_or(0, |input| input.columns.len());
        let Some(named) = self.is_named(&plan.columns, own..plan.columns.len()) else { return Ok(Marked(plan)) };
        let is_other = Expr { kind: ExprKind::Not(Box::new(mark())), ..mark() };
        let beside = Node::Filter { predicates: vec![is_other, named.clone()], possibly: false };
        let beside = exec::execute(&self.run, &plan.clone().then_same(beside))?.rows.len();
        if beside > 0 {
            let what = tree::line(self.store, near);
            self.tell(&what, Truth::True, format!("it is the event found for {beside} of the rows"));
        }
        let either = Expr { kind: ExprKind::Or(vec![mark(), named]), ..mark() };
        let columns = plan.columns.clone();
        let rest = (1..columns.len()).map(|place| column(place, columns[place].of));
        let values = std::iter::once(either).chain(rest).collect();
        Ok(Marked(plan.then(Node::Project { values }, columns)))
    }

    /// Whether one of the columns at these places is the event.
    fn is_named(&self, columns: &[PlanColumn], places: impl Iterator<Item = usize>) -> Option<Expr> {
        let (id, of, _) = self.row.as_ref()?;
        let Base::Coded(_) = of.base else { return None };
        let places = places.filter(|&place| columns[place].of == *of);
        let equals: Vec<Expr> = places.map(|place| equal(place, *of, id)).collect();
        (!equals.is_empty()).then(|| Expr {
            kind: ExprKind::Or(equals),
            of: Type::one(Base::Bool),
            span: Span::default(),
        })
    }
}

/// The column by which rows of a table are told apart.
fn key(scan: &Plan) -> Option<usize> {
    ["id", "name"].iter().find_map(|name| scan.columns.iter().position(|column| column.name == *name))
}
