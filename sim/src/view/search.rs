//! What a campaign or a sweep comes to, for the eye.
//!
//! Both are many runs and what they found, so both are one page: findings by how soon and how often, what was
//! covered, counted in bars, and how long it took until gateways showed what users did.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::campaign::{Finding, Signature, Tally};
use crate::sweep::{Certificate, Count, Table};

/// Many runs, and what they found.
#[derive(Debug, Serialize)]
pub struct Search {
    /// `explore` or `sweep`.
    pub command: &'static str,
    /// What was searched.
    pub title: String,
    /// The command that does it again.
    pub again: String,
    /// What a run is called: `run` or `plan`.
    pub each: &'static str,
    /// How many there were.
    pub runs: u64,
    /// How many of them were bad.
    pub bad: u64,
    /// What else there is to know: what it is called, and what it is.
    pub facts: Vec<(String, String)>,
    /// Why the search can't be trusted, if it can't.
    pub doubts: Vec<String>,
    /// What was found, the most frequent first.
    pub findings: Vec<Found>,
    /// What was counted.
    pub charts: Vec<Chart>,
    /// How long it took until gateways showed what users did.
    pub visibility: Vec<Visible>,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Found {
    /// What it is called by.
    pub id: String,
    /// What makes it the same as others.
    pub signature: Signature,
    /// How many runs showed it.
    pub runs: u64,
    /// How many runs it took until it showed; 0 if the plan shows it by itself.
    pub first: u64,
    /// Whether it was known before.
    pub known: bool,
    /// The first plan that showed it, as a script.
    pub script: String,
    /// What was expected and seen, and what led there.
    pub explanation: String,
}

/// Bars of one kind.
#[derive(Debug, Serialize)]
pub struct Chart {
    /// What is counted.
    pub title: String,
    /// What the parts of a bar are, the whole first.
    pub parts: Vec<&'static str>,
    /// A name, and how much of each part.
    pub rows: Vec<(String, Vec<u64>)>,
}

/// How long it took until gateways showed what users did, under one kind of fault. Times in milliseconds; none if more
/// than the rest never showed it.
#[derive(Debug, Serialize)]
pub struct Visible {
    /// The kind of fault that struck in the run, or `none`.
    pub fault: String,
    /// What users did: `deletion` or `deployment`.
    pub done: String,
    /// How many there were.
    pub count: u64,
    /// How many were not shown by the end of their run.
    pub never: u64,
    /// Within what time half of them were shown.
    pub half_ms: Option<u64>,
    /// The same of nine in ten.
    pub most_ms: Option<u64>,
    /// The same of 99 in a hundred.
    pub nearly_all_ms: Option<u64>,
}

impl Search {
    /// Of a campaign.
    pub fn of_campaign(title: &str, again: &str, tally: &Tally) -> Self {
        let coverage = &tally.coverage;
        let mut facts = vec![
            ("addresses".to_owned(), coverage.addresses().to_string()),
            ("abstract states".to_owned(), coverage.states().to_string()),
            (
                "chance of something new in the next run, at most".to_owned(),
                format!("{:.4}", coverage.unseen()),
            ),
        ];
        let mut doubts = tally.vacuous();
        if let Some(canary) = &tally.canary {
            let (design, runs) = (&canary.design, canary.runs);
            match &canary.caught_by {
                Some(property) => {
                    facts.push((
                        format!("runs until the canary {design} was caught by {property}"),
                        runs.to_string(),
                    ));
                }
                None => doubts.push(format!("the canary {design} was not caught in {runs} runs")),
            }
        }
        let mut findings: Vec<Found> =
            tally.findings.values().map(|one| found(one, one.first_run + 1)).collect();
        sort(&mut findings);
        let situations = coverage.situations().into_iter().map(|(name, runs)| (name.to_owned(), vec![runs]));
        let relevant = tally.relevant.iter().map(|(name, runs)| (name.clone(), vec![*runs]));
        let charts = vec![
            Chart::of("runs that had a situation", &["runs"], situations),
            Chart::of("runs in which something could have violated a property", &["runs"], relevant),
        ];
        let visibility = tally.delays.iter().map(|(fault, done, times)| Visible {
            fault: fault.to_owned(),
            done: done.to_owned(),
            count: times.count(),
            never: times.never,
            half_ms: times.within_ms(50),
            most_ms: times.within_ms(90),
            nearly_all_ms: times.within_ms(99),
        });
        Search {
            command: "explore",
            title: title.to_owned(),
            again: again.to_owned(),
            each: "run",
            runs: tally.runs,
            bad: tally.bad_runs,
            facts,
            doubts,
            findings,
            charts: charts.into_iter().filter(|chart| !chart.rows.is_empty()).collect(),
            visibility: visibility.collect(),
        }
    }

    /// Of a sweep. `found` are its findings with what the certificate leaves out.
    pub fn of_sweep(again: &str, certificate: &Certificate, findings: &BTreeMap<String, Finding>) -> Self {
        let Certificate { plans, executed, bit, folded, stalled, complete, .. } = certificate;
        let mut doubts = Vec::new();
        if !complete {
            doubts.push(format!("{executed} of {plans} plans were run so far"));
        }
        if *stalled > 0 {
            doubts.push(format!("in {stalled} plans the world didn't come to rest"));
        }
        let sum = folded.periodic + folded.gaps + folded.equal;
        let facts = vec![
            ("plans in which what was put in bit".to_owned(), bit.to_string()),
            ("more plans that another stands for".to_owned(), sum.to_string()),
            ("digest".to_owned(), certificate.digest.clone()),
        ];
        let mut found: Vec<Found> = findings.values().map(|one| found(one, one.run)).collect();
        sort(&mut found);
        let counts = |counts: &BTreeMap<String, Count>| {
            let rows = counts
                .iter()
                .map(|(name, Count { plans, bit, bad })| (name.clone(), vec![*plans, *bit, *bad]));
            rows.collect::<Vec<_>>()
        };
        let bites = certificate.bites.iter().map(|(bite, plans)| (bite.clone(), vec![*plans]));
        let charts = vec![
            Chart::of("plans by what was put in", &["plans", "bit", "bad"], counts(&certificate.by_kind)),
            Chart::of("plans by node", &["plans", "bit", "bad"], counts(&certificate.by_node)),
            Chart::of("plans by how deep it bit", &["plans"], bites),
            Chart::of("violations by where and what", &["plans"], places(&certificate.table)),
        ];
        Search {
            command: "sweep",
            title: certificate.script.clone(),
            again: again.to_owned(),
            each: "plan",
            runs: *executed,
            bad: certificate.by_kind.values().map(|count| count.bad).sum(),
            facts,
            doubts,
            findings: found,
            charts: charts.into_iter().filter(|chart| !chart.rows.is_empty()).collect(),
            visibility: Vec::new(),
        }
    }
}

impl Chart {
    /// The longest bars first.
    fn of(title: &str, parts: &[&'static str], rows: impl IntoIterator<Item = (String, Vec<u64>)>) -> Self {
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Chart { title: title.to_owned(), parts: parts.to_vec(), rows }
    }
}

fn found(finding: &Finding, first: u64) -> Found {
    Found {
        id: finding.signature.id(),
        signature: finding.signature.clone(),
        runs: finding.count,
        first,
        known: finding.known,
        script: finding.script.clone(),
        explanation: finding.explanation.clone(),
    }
}

fn sort(findings: &mut [Found]) {
    findings.sort_by(|one, other| other.runs.cmp(&one.runs).then(one.first.cmp(&other.first)));
}

/// By property, what was put in, and where.
fn places(table: &Table) -> Vec<(String, Vec<u64>)> {
    let rows = table.iter().flat_map(|(property, by_kind)| {
        by_kind.iter().flat_map(move |(kind, by_site)| {
            by_site.iter().map(move |(site, plans)| (format!("{property}: {kind} at {site}"), vec![*plans]))
        })
    });
    rows.collect()
}
