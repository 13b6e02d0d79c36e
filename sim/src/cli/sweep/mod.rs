//! `driftless sweep`: everything that can be put into one script, and what it finds.

mod audit;
mod screen;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use driftless_model::settings::Value;

use crate::build::Build;
use crate::campaign::Finding;
use crate::outcome::Unrunnable;
use crate::shard::Shard;
use crate::sweep::{self, Certificate, Folder, Number, Rule, Subject, Sweep, Tally, Wanted, table};
use crate::view::Search;

use super::{Exit, args, load, shard, view};
use screen::Screen;

/// Sweeps, or audits a sweep.
///
/// # Errors
/// When an argument is wrong, the script can't be run, or what was found can't be written.
pub fn sweep(args: &args::Sweep) -> Result<Exit, Unrunnable> {
    if let Some(certificate) = &args.audit {
        return audit::audit(args, certificate);
    }
    let wanted = wanted(args)?;
    let limit = match &args.for_ {
        None => None,
        Some(text) => Some(
            Duration::read(text)
                .ok_or_else(|| Unrunnable(format!("--for {text}: expected {}", Duration::EXPECTED)))?,
        ),
    };
    let Some(script) = &args.script else { return Err(Unrunnable("expected a script".into())) };
    let (script, plan) = one_plan(script, &args.changes)?;
    let subject = Subject { script, plan, wanted };
    let shard = shard::of(args.part.shard)?;
    let (folder, mut tally) = shard::begin::<Sweep>(args.out.as_deref(), args.resume, &subject, shard)?;
    // It counts from where the sweep goes on.
    let limit = limit.map(|limit| limit + tally.took);
    let mut screen = Screen::new(&subject, &tally, args.json)?;
    sweep::sweep(&subject, limit, load::jobs(args.jobs), &mut tally, folder.as_ref(), &mut screen)?;
    let rate = screen.end(&tally);
    let certificate = Certificate::of(&build(folder.as_ref()), &subject, &tally)?;
    if args.json {
        say!("{}", certificate.to_json()?.trim_end());
    } else {
        say!("{}{rate}", table::text(&certificate));
        tell_where(folder.as_ref(), shard);
    }
    // Told first: what can't be kept has at least been said.
    if let Some(folder) = &folder {
        folder.conclude(&tally)?;
    }
    view::search(args.html.as_ref(), || {
        Search::of_sweep(&again(args, &certificate), &certificate, &ranked(&tally))
    })?;
    // What a part of a sweep comes to is said of the whole.
    Ok(if shard == Shard::WHOLE && has_found(&certificate) { Exit::Bad } else { Exit::Good })
}

/// Whether a certificate tells of anything.
pub(super) fn has_found(certificate: &Certificate) -> bool {
    !certificate.findings.is_empty() || certificate.stalled > 0
}

/// By which build what a folder has is made; this one if there is none.
fn build(folder: Option<&Folder>) -> Build {
    folder.map_or_else(Build::this, |folder| folder.build().clone())
}

/// Where it is kept, and what can be done with that.
fn tell_where(folder: Option<&Folder>, shard: Shard) {
    let Some(folder) = folder else { return };
    let path = folder.path().display();
    if shard != Shard::WHOLE {
        say!("part {shard} kept in {path}; what all come to: driftless merge PARTS --out DIR");
        return;
    }
    say!("kept in {path}; a finding again: driftless run {path}/findings/ID/script");
    say!("a sample again: driftless sweep --audit {path}/certificate.json --sample 1%");
}

/// The findings, their plans numbered on from one row to the next, as a picture has them.
fn ranked(tally: &Tally) -> BTreeMap<String, Finding> {
    let rank = |finding: &Finding| tally.rank(Number::of_run(finding.run));
    let ranked = |finding: &Finding| Finding { run: rank(finding), ..finding.clone() };
    tally.findings.iter().map(|(id, finding)| (id.clone(), ranked(finding))).collect()
}

/// The one script at a path, by its name, and its plan.
fn one_plan(path: &Path, changes: &args::Changes) -> Result<(String, crate::Plan), Unrunnable> {
    let loaded = load::scripts(&[path.to_owned()])?;
    let [loaded] = loaded.as_slice() else {
        return Err(Unrunnable(format!("{}: expected one script, and this is a folder", path.display())));
    };
    Ok((loaded.name.clone(), load::plan(loaded, changes)?))
}

/// The command that does the same again.
fn again(args: &args::Sweep, certificate: &Certificate) -> String {
    let mut again = format!("driftless sweep {}{}", certificate.script, args.changes.as_options());
    if args.faults > 1 {
        again.push_str(&format!(" --faults {}", args.faults));
    }
    let lists = [("kinds", args.kinds.as_slice()), ("ops", &args.ops), ("site", &args.site)];
    let lists = lists.into_iter().chain(args.rule.as_ref().map(|rule| ("rule", std::slice::from_ref(rule))));
    for (option, words) in lists.filter(|(_, words)| !words.is_empty()) {
        again.push_str(&format!(" --{option} '{}'", words.join(",")));
    }
    if args.unfolded {
        again.push_str(" --unfolded");
    }
    again
}

fn wanted(args: &args::Sweep) -> Result<Wanted, Unrunnable> {
    let rule = match &args.rule {
        None => None,
        Some(name) => Some(Rule::named(name).ok_or_else(|| {
            let known: Vec<String> =
                Rule::ALL.iter().map(|(name, _, about)| format!("  {name}: {about}")).collect();
            Unrunnable(format!("--rule: there is no rule '{name}'; expected one of\n{}", known.join("\n")))
        })?),
    };
    let wanted = Wanted {
        faults: args.faults,
        kinds: args.kinds.clone(),
        sites: args.site.clone(),
        rule,
        operations: args.ops.clone(),
        unfolded: args.unfolded,
    };
    wanted.check()?;
    Ok(wanted)
}
