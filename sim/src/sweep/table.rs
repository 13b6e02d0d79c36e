//! A certificate in words and tables.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Certificate, Count, Table};

/// Findings whose signatures are printed; the rest are counted.
const FINDINGS_MOST: usize = 40;
/// Lines of the table that are printed; all of them are in the JSON.
const ROWS_MOST: usize = 100;

/// A certificate for people.
pub fn text(certificate: &Certificate) -> String {
    let mut out = String::new();
    let Certificate { plans, executed, bit, folded, wanted, .. } = certificate;
    // Writing to memory can't fail.
    let _ = writeln!(out, "sweep of {}, under {}", certificate.script, design(certificate));
    let _ = writeln!(out, "put into it: {}", said(certificate));
    let of = if certificate.complete { "" } else { " known so far" };
    let _ = writeln!(out, "{executed} of {plans} plans{of} executed; in {bit} of them what was put in bit");
    let bites: Vec<_> = certificate.bites.iter().map(|(bite, plans)| format!("{bite} {plans}")).collect();
    let _ = writeln!(out, "  {}", bites.join(", "));
    certificate.missing.iter().for_each(|what| _ = writeln!(out, "missing: {what}"));
    let sum = folded.periodic + folded.gaps + folded.equal;
    if wanted.unfolded {
        let _ = writeln!(out, "nothing folded");
    } else {
        let _ = writeln!(
            out,
            "{sum} more are folded: {} at periodic crossings, {} deaths in one gap, {} of equal effect",
            folded.periodic, folded.gaps, folded.equal
        );
    }
    for (title, counts) in [("by kind", &certificate.by_kind), ("by node", &certificate.by_node)] {
        counted(&mut out, title, counts);
    }
    if certificate.stalled > 0 {
        let _ = writeln!(out, "in {} plans the world didn't come to rest", certificate.stalled);
    }
    let violated: Vec<_> =
        certificate.violated.iter().map(|(name, plans)| format!("{name} {plans}")).collect();
    let none = "nothing that holds without";
    let _ = writeln!(
        out,
        "violated: {}",
        if violated.is_empty() { none.to_owned() } else { violated.join(", ") }
    );
    let rows = rows(&certificate.table);
    let (many, most) = (rows.lines().count(), ROWS_MOST);
    if many > 1 {
        rows.lines().take(most).for_each(|row| _ = writeln!(out, "  {row}"));
    }
    if many > most {
        let _ = writeln!(out, "  and {} more", many - most);
    }
    if !certificate.findings.is_empty() {
        let _ = writeln!(out, "found:");
    }
    let mut findings: Vec<_> = certificate.findings.iter().collect();
    findings.sort_by_key(|found| (std::cmp::Reverse(found.plans), found.first));
    for found in findings.iter().take(FINDINGS_MOST) {
        let known = if found.known { ", shown by the plan itself" } else { "" };
        let _ = writeln!(out, "  {}  {:>6} plans{known}  {}", found.id, found.plans, found.signature);
    }
    if findings.len() > FINDINGS_MOST {
        let _ = writeln!(out, "  and {} more", findings.len() - FINDINGS_MOST);
    }
    let _ = writeln!(out, "digest {}", certificate.digest);
    out
}

/// Where what was violated: a line for each property, kind of addition and site.
pub fn rows(table: &Table) -> String {
    let mut lines = vec![("property".to_owned(), "added".to_owned(), "at".to_owned(), "plans".to_owned())];
    for (property, by_kind) in table {
        for (kind, by_site) in by_kind {
            for (site, plans) in by_site {
                lines.push((property.clone(), kind.clone(), site.clone(), plans.to_string()));
            }
        }
    }
    let width = |of: fn(&(String, String, String, String)) -> &String| {
        lines.iter().map(|line| of(line).len()).max().unwrap_or(0)
    };
    let [first, second, third] = [width(|line| &line.0), width(|line| &line.1), width(|line| &line.2)];
    let line = |(property, kind, site, plans): &(String, String, String, String)| {
        format!("{property:first$}  {kind:second$}  {site:third$}  {plans:>5}\n")
    };
    lines.iter().map(line).collect()
}

fn counted(out: &mut String, title: &str, counts: &BTreeMap<String, Count>) {
    let width = counts.keys().map(String::len).max().unwrap_or(0).max(title.len());
    let _ = writeln!(out, "{title:width$}  {:>7}  {:>7}  {:>7}", "plans", "bit", "bad");
    for (name, count) in counts {
        let Count { plans, bit, bad } = count;
        let _ = writeln!(out, "{name:width$}  {plans:>7}  {bit:>7}  {bad:>7}");
    }
}

/// The design of every node, or of each.
fn design(certificate: &Certificate) -> String {
    let mut names: Vec<String> =
        certificate.design.iter().map(|(node, taken)| format!("{node}: {}", named(taken))).collect();
    let mut of: Vec<String> = certificate.design.values().map(named).collect();
    of.sort();
    of.dedup();
    match of.as_slice() {
        [one] => one.clone(),
        _ => {
            names.sort();
            names.join("; ")
        }
    }
}

fn named(taken: &BTreeMap<String, String>) -> String {
    let mut design = driftless_model::design::Design::default();
    let known = taken.iter().all(|(decision, variant)| design.set(decision, variant).is_ok());
    if known { design.to_string() } else { "a design of another build".to_owned() }
}

/// What was put into the plan.
fn said(certificate: &Certificate) -> String {
    let wanted = &certificate.wanted;
    let many = if wanted.faults < 2 { "one addition" } else { "one and two additions" };
    let kinds = match wanted.kinds.as_slice() {
        [] => "every kind of fault at crossings".to_owned(),
        kinds => kinds.join(", "),
    };
    let mut said = format!("{many}, {kinds}");
    if !wanted.operations.is_empty() {
        said.push_str(&format!("; operations {}", wanted.operations.join(", ")));
    }
    if let Some(rule) = wanted.rule {
        let name = super::Rule::ALL.iter().find(|(_, one, _)| *one == rule).map_or("", |(name, ..)| name);
        said.push_str(&format!("; rule {name}"));
    }
    if !wanted.sites.is_empty() {
        said.push_str(&format!("; at {}", wanted.sites.join(", ")));
    }
    said
}
