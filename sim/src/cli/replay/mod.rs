//! `driftless replay`: a base of findings run again, and which of them still fail, now pass, or no longer apply.
//!
//! This file runs them and tells people and programs; `base` knows what lies in a folder. What becomes of a
//! finding is judged in [`crate::replay`].

mod base;

use serde::Serialize;

use crate::files::stopwatch;
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::replay::{Fate, Judged, judge};
use crate::report::{Case, End, Suite, Trouble};

use super::progress::Progress;
use super::{Exit, args, load, report, shard};
use base::Entry;

/// One property that is said to be violated, and what became of it.
#[derive(Serialize)]
struct Line {
    script: String,
    /// The design that the header names.
    design: Option<String>,
    property: String,
    /// `still-fails`, `now-passes`, `no-longer-applies` or `states-nothing`.
    fate: Fate,
    notes: Vec<String>,
    digest: Option<String>,
    again: String,
    #[serde(skip)]
    explanation: String,
    #[serde(skip)]
    took: std::time::Duration,
}

/// How many there are of each fate.
#[derive(Serialize)]
struct Counts {
    still_fail: usize,
    now_pass: usize,
    no_longer_apply: usize,
    state_nothing: usize,
}

/// Replays.
///
/// # Errors
/// When there is no base, or an argument is wrong.
pub fn replay(args: &args::Replay) -> Result<Exit, Unrunnable> {
    let entries = shard::of(args.part.shard)?.select(base::entries(&args.bases, &args.changes)?);
    let progress = Progress::new("replayed", entries.len());
    let judged = parallel::map(&entries, load::jobs(args.jobs), |entry| {
        let begun = stopwatch();
        let judged = match &entry.work {
            Ok((plan, claim)) => judge(plan, claim),
            Err(why) => Ok(Judged::no_longer(["all that it states".to_owned()], why)),
        };
        progress.step();
        judged.map(|judged| (judged, begun.elapsed()))
    });
    let mut lines = Vec::new();
    for (entry, judged) in entries.iter().zip(judged) {
        let (judged, took) = judged?;
        lines.extend(lines_of(entry, judged, took, &args.changes));
    }
    let counts = Counts::of(&lines);
    if args.json {
        let found = serde_json::json!({ "statements": lines, "counts": counts });
        say!("{found:#}");
    } else {
        tell(&lines, &counts, args.fixed);
    }
    report::give_out(&args.reports, args.json, || Suite::of("replay", cases(&lines, args.fixed)))?;
    Ok(match &counts {
        Counts { no_longer_apply: 1.., .. } => Exit::NotRun,
        _ if lines.iter().any(|line| !line.is_as_wanted(args.fixed)) => Exit::Bad,
        _ => Exit::Good,
    })
}

fn lines_of(entry: &Entry, judged: Judged, took: std::time::Duration, changes: &args::Changes) -> Vec<Line> {
    let Judged { properties, notes, digest, explanation } = judged;
    let design = entry.design.as_ref().map(|design| format!(" --design {design}")).unwrap_or_default();
    let line = |(property, fate)| Line {
        script: entry.script.clone(),
        design: entry.design.clone(),
        property,
        fate,
        notes: notes.clone(),
        digest: digest.clone(),
        again: format!("driftless run {}{design}{}", entry.script, changes.as_options()),
        explanation: explanation.clone(),
        took,
    };
    properties.into_iter().map(line).collect()
}

impl Line {
    /// Whether what is said is still true, or, where all are to be `fixed`, no longer.
    fn is_as_wanted(&self, fixed: bool) -> bool {
        match self.fate {
            Fate::StillFails => !fixed,
            Fate::NowPasses => fixed,
            Fate::NoLongerApplies(_) => false,
            Fate::StatesNothing => true,
        }
    }

    /// What is said.
    fn claim(&self) -> String {
        let under = self.design.as_ref().map(|design| format!(" under {design}")).unwrap_or_default();
        format!("{}{under}", self.property)
    }

    /// Why it no longer applies, and what else there is to say.
    fn remarks(&self) -> impl Iterator<Item = &str> {
        let why = match &self.fate {
            Fate::NoLongerApplies(why) => Some(why.as_str()),
            Fate::StillFails | Fate::NowPasses | Fate::StatesNothing => None,
        };
        why.into_iter().chain(self.notes.iter().map(String::as_str))
    }
}

impl Counts {
    fn of(lines: &[Line]) -> Self {
        let count = |is: fn(&Fate) -> bool| lines.iter().filter(|line| is(&line.fate)).count();
        Counts {
            still_fail: count(|fate| *fate == Fate::StillFails),
            now_pass: count(|fate| *fate == Fate::NowPasses),
            no_longer_apply: count(|fate| matches!(fate, Fate::NoLongerApplies(_))),
            state_nothing: count(|fate| *fate == Fate::StatesNothing),
        }
    }
}

fn tell(lines: &[Line], counts: &Counts, fixed: bool) {
    let mut script = "";
    for line in lines {
        if line.script != script {
            script = &line.script;
            say!("{script}");
        }
        say!("  {:<17}  {}", line.fate.words(), line.claim());
        for remark in line.remarks().flat_map(str::lines) {
            say!("  {:<17}    {remark}", "");
        }
    }
    let Counts { still_fail, now_pass, no_longer_apply, state_nothing } = counts;
    let stated = lines.len() - state_nothing;
    say!(
        "{stated} statements: {still_fail} still fail, {now_pass} now pass, {no_longer_apply} no longer apply; \
         {state_nothing} scripts state nothing and hold"
    );
    if let Some(line) = lines.iter().find(|line| !line.is_as_wanted(fixed)) {
        say!("again: {}", line.again);
    }
}

/// A case for each statement, which passes where it is as it should be.
fn cases(lines: &[Line], fixed: bool) -> Vec<Case> {
    let case = |line: &Line| {
        let trouble = |message: &str| Trouble {
            kind: line.fate.words().replace(' ', "-"),
            message: format!("{}: {message}", line.claim()),
            details: line.remarks().chain([line.explanation.as_str()]).collect::<Vec<_>>().join("\n"),
            again: line.again.clone(),
        };
        let end = match &line.fate {
            Fate::StillFails if fixed => End::Failed(trouble("it is still violated")),
            Fate::NowPasses if !fixed => End::Failed(trouble("it is no longer violated")),
            Fate::StillFails | Fate::NowPasses => End::Passed,
            Fate::NoLongerApplies(why) => End::Broken(trouble(why)),
            Fate::StatesNothing => End::Skipped("the script states nothing, and all holds".to_owned()),
        };
        let mut case = Case::of_script(&line.script, "", end);
        (case.group, case.name) = (line.script.clone(), line.claim());
        case.took = Some(line.took);
        case
    };
    lines.iter().map(case).collect()
}
