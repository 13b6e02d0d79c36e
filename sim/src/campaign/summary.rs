//! What a campaign comes to, for people and for programs. How long it took is said apart: the same campaign comes to
//! the same on any machine, and in any number of parts.

use serde_json::{Map, Value, json};

use super::{Finding, Tally, Times};

/// The properties violated so far and how much was seen, in one line.
pub fn line(tally: &Tally) -> String {
    let by: Vec<_> = tally
        .by_property()
        .into_iter()
        .map(|(property, (signatures, runs))| format!("{property} {signatures} ({runs} runs)"))
        .collect();
    let found = if by.is_empty() { "nothing found".to_owned() } else { by.join(", ") };
    let coverage = &tally.coverage;
    format!(
        "{found}; {} addresses, {} states, {:.4} unseen",
        coverage.addresses(),
        coverage.states(),
        coverage.unseen()
    )
}

/// How long it took, all who worked on it together.
pub fn pace(tally: &Tally) -> String {
    format!("{} runs in {:.1} s, {:.0} a second", tally.runs, tally.took.as_secs_f64(), rate(tally))
}

/// What is printed at the end of a campaign.
pub fn text(tally: &Tally) -> String {
    let mut lines = vec![format!("{} of {} runs bad", tally.bad_runs, tally.runs)];
    let mut findings: Vec<_> = tally.findings.values().collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.count), finding.first_run));
    for finding in findings {
        let known = if finding.known { ", known" } else { "" };
        lines.push(format!(
            "  {}  {:>6} runs{known}  {}",
            finding.signature.id(),
            finding.count,
            finding.signature
        ));
    }
    lines.extend(known(tally).into_iter().map(|(script, runs)| format!("known: {runs} runs, {script}")));
    let coverage = &tally.coverage;
    lines.push(format!(
        "coverage: {} addresses, {} abstract states",
        coverage.addresses(),
        coverage.states()
    ));
    lines.push(format!(
        "  the next run shows something new with a chance of at most {:.4} (Good-Turing)",
        coverage.unseen()
    ));
    lines.extend(
        coverage.situations().iter().map(|(situation, runs)| format!("  {runs:>6} runs  {situation}")),
    );
    lines.extend(visibility(tally));
    if let Some(canary) = &tally.canary {
        let (design, runs) = (&canary.design, canary.runs);
        lines.push(match &canary.caught_by {
            Some(property) => format!("canary: {design} was caught by {property} after {runs} runs"),
            None => format!("canary: {design} was not caught in {runs} runs; this campaign can't be trusted"),
        });
    }
    let vacuous = tally.vacuous();
    lines.extend(vacuous.iter().map(|why| format!("vacuous: {why}")));
    lines.extend(tally.shards.missing().iter().map(|what| format!("missing: {what}")));
    lines.join("\n") + "\n"
}

/// How many runs found what each script shows, the most first.
fn known(tally: &Tally) -> Vec<(&str, u64)> {
    let mut known: Vec<_> = tally.known.iter().map(|(script, runs)| (script.as_str(), *runs)).collect();
    known.sort_by_key(|(script, runs)| (std::cmp::Reverse(*runs), *script));
    known
}

/// How long it took from the answer to a user until gateways showed what they did, by the faults that struck.
fn visibility(tally: &Tally) -> Vec<String> {
    let head = ("under", "of", "shown", "half within", "99 % within", "never");
    let row = |(kind, done, count, half, most, never): (&str, &str, &str, &str, &str, &str)| {
        format!("  {kind:<18} {done:<10} {count:>7} {half:>12} {most:>12} {never:>7}")
    };
    let within = |times: &Times, percent| {
        times.within_ms(percent).map_or("-".to_owned(), |ms| format!("{}.{:03} s", ms / 1_000, ms % 1_000))
    };
    let rows = tally.delays.iter().map(|(kind, done, times)| {
        let (count, never) = ((times.count() - times.never).to_string(), times.never.to_string());
        row((kind, done, &count, &within(times, 50), &within(times, 99), &never))
    });
    let mut rows: Vec<String> = rows.collect();
    if !rows.is_empty() {
        rows.insert(0, "visibility: from the answer until a gateway shows it".to_owned());
        rows.insert(1, row(head));
    }
    rows
}

/// The same for programs, with every finding's script.
pub fn json(tally: &Tally) -> Value {
    let finding = |finding: &Finding| {
        json!({
            "id": finding.signature.id(), "property": finding.signature.property, "signature": finding.signature,
            "runs": finding.count, "first_run": finding.first_run, "run": finding.run, "known": finding.known, "digest": finding.digest,
            "script": finding.script, "explanation": finding.explanation,
        })
    };
    let known = known(tally).into_iter().map(|(script, runs)| json!({ "script": script, "runs": runs }));
    let coverage = &tally.coverage;
    let situations: Map<_, _> =
        coverage.situations().into_iter().map(|(name, runs)| (name.to_owned(), json!(runs))).collect();
    json!({
        "runs": tally.runs,
        "bad_runs": tally.bad_runs,
        "known": known.collect::<Vec<_>>(),
        "findings": tally.findings.values().map(finding).collect::<Vec<_>>(),
        "coverage": {
            "addresses": coverage.addresses(), "states": coverage.states(), "unseen": coverage.unseen(),
            "situations": situations,
        },
        "visibility": tally.delays,
        "canary": tally.canary,
        "vacuous": tally.vacuous(),
        "missing": tally.shards.missing(),
    })
}

/// How many runs a second there were.
pub fn rate(tally: &Tally) -> f64 {
    tally.runs as f64 / tally.took.as_secs_f64().max(0.001)
}
