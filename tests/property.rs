//! Random queries on random data: every evaluator gives what the reference gives, and the laws of the language hold.
//!
//! `DEMARCHE_CASES=100000 cargo test --test property` tries more queries than usual, `DEMARCHE_SEED=7` others. A failure
//! names the seed that brings it back, and shows the query and the data in the smallest form that still fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use demarche::exec::{Run, reference};
use demarche::ir::plan::{Node, Plan};

use property::check::{Case, EVALUATORS, Evaluator, disagreement, shrink, told};
use property::data::Data;
use property::expression::Writer;
use property::laws::LAWS;
use property::random::Random;
use property::world::World;

mod property {
    pub mod check;
    pub mod data;
    pub mod expression;
    pub mod language;
    pub mod laws;
    pub mod query;
    pub mod random;
    pub mod sequence;
    pub mod subquery;
    pub mod tables;
    pub mod world;
}

/// So many queries are tried on each data set.
const QUERIES: u64 = 40;

/// What all the cases came to.
#[derive(Default)]
struct Tally {
    cases: usize,
    resolved: usize,
    words: BTreeSet<String>,
    laws: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Runs the cases once, for all the tests.
fn tally() -> &'static Tally {
    static TALLY: OnceLock<Tally> = OnceLock::new();
    TALLY.get_or_init(|| {
        let (cases, mut seed) = (number("DEMARCHE_CASES", 4000) as usize, number("DEMARCHE_SEED", 20_240_711));
        let mut tally = Tally::default();
        while tally.cases < cases && tally.failures.is_empty() {
            try_data(seed, EVALUATORS, &mut tally);
            seed += 1;
        }
        tally
    })
}

/// Tries the queries of a seed on its data.
fn try_data(seed: u64, evaluators: &[(&str, Evaluator)], tally: &mut Tally) {
    let data = Data::generate(&mut Random::new(seed));
    let world = World::new(&data);
    let how_to_run = format!("again: DEMARCHE_SEED={seed} DEMARCHE_CASES=1 cargo test --test property");
    let is_long = data.tables[0].1.len() > 1000;
    for place in 0..if is_long { QUERIES / 8 } else { QUERIES } {
        let mut writer = Writer::new(seed.wrapping_mul(1_000_003).wrapping_add(place), &world);
        let stages = writer.random.below(7);
        let (query, scope) = writer.query(stages);
        let text = query.to_string();
        tally.cases += 1;
        if world.session.plan(&text).is_err() {
            continue;
        }
        tally.resolved += 1;
        tally.words.append(&mut property::language::used(&text));
        let case = || Case { data: data.clone(), query: query.clone() };
        if disagreement(&world.session, &text, evaluators).is_some() {
            let (case, reason) = shrink(case(), |session, query| disagreement(session, query, evaluators));
            tally.failures.push(told(&case, &reason, &how_to_run));
            return;
        }
        let law = writer.law(&scope);
        match law.holds(&world.session, &text) {
            None => {}
            Some(true) => *tally.laws.entry(law.name()).or_default() += 1,
            Some(false) => {
                let broken = |holds: Option<bool>| (holds == Some(false)).then(|| format!("a law is broken: {law:?}"));
                let (case, reason) = shrink(case(), |session, query| broken(law.holds(session, query)));
                tally.failures.push(told(&case, &reason, &how_to_run));
                return;
            }
        }
    }
}

#[test]
fn evaluators_agree_and_laws_hold() {
    if let Some(failure) = tally().failures.first() {
        panic!("{failure}");
    }
    assert_eq!(tally().laws.len(), LAWS, "each law was tried: {:?}", tally().laws);
}

#[test]
fn most_queries_resolve() {
    let Tally { cases, resolved, .. } = tally();
    assert!(resolved * 100 >= cases * 75, "{resolved} of {cases} queries resolve");
}

#[test]
fn every_word_of_the_language_occurs() {
    let unused: Vec<String> = property::language::all().difference(&tally().words).cloned().collect();
    assert!(unused.is_empty() || tally().cases < 2000, "not in any query that resolves: {unused:?}");
}

#[test]
fn a_wrong_evaluator_is_found_and_its_case_shrunk() {
    /// Leaves out the last row of a gap, if there is more than one.
    fn wrong(run: &Run<'_>, plan: &Plan) -> Result<demarche::exec::Output, demarche::diagnostic::Diagnostic> {
        let mut output = reference::execute(run, plan)?;
        if matches!(plan.node, Node::Gap { .. }) && output.rows.len() > 1 {
            output.rows.pop();
        }
        Ok(output)
    }
    let mut tally = Tally::default();
    let mut seed = 1;
    while tally.failures.is_empty() {
        try_data(seed, &[("a wrong evaluator", wrong)], &mut tally);
        seed += 1;
    }
    let failure = &tally.failures[0];
    let query = failure.lines().skip_while(|line| *line != "--- query").nth(1).unwrap_or_default();
    assert!(query.split_whitespace().count() <= 5 && query.contains("gap"), "{query} is not small");
    let shows_data = failure.contains(".jsonl") || failure.contains(".csv");
    assert!(failure.contains("DEMARCHE_SEED=") && shows_data, "{failure}");
}
