//! `driftless sweep`: everything that can be put into one script, and what it finds.

mod audit;
mod screen;

use std::path::Path;
use std::time::Duration;

use driftless_model::settings::Value;

use crate::outcome::Unrunnable;
use crate::sweep::{self, Certificate, Folder, Rule, Subject, Tally, Wanted, table};
use crate::view::Search;

use super::{Exit, args, load, view};
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
    let (folder, mut tally) = match (&args.out, args.resume) {
        (None, _) => (None, Tally::default()),
        (Some(path), false) => (Some(Folder::create(path, &subject)?), Tally::default()),
        (Some(path), true) => {
            let (folder, tally) = Folder::resume(path, &subject)?;
            (Some(folder), tally)
        }
    };
    // It counts from where the sweep goes on.
    let limit = limit.map(|limit| limit + tally.took);
    let mut screen = Screen::new(&subject, &tally, args.json)?;
    sweep::sweep(&subject, limit, load::jobs(args.jobs), &mut tally, folder.as_ref(), &mut screen)?;
    let rate = screen.end(&tally);
    let certificate = Certificate::of(&subject, &tally)?;
    if args.json {
        say!("{}", certificate.to_json()?.trim_end());
    } else {
        say!("{}{rate}", table::text(&certificate));
        if let Some(folder) = &folder {
            let path = folder.path().display();
            say!("kept in {path}; a finding again: driftless run {path}/findings/ID/script");
            say!("a sample again: driftless sweep --audit {path}/certificate.json --sample 1%");
        }
    }
    // Told first: what can't be kept has at least been said.
    if let Some(folder) = &folder {
        folder.conclude(&certificate)?;
    }
    view::search(args.html.as_ref(), || {
        Search::of_sweep(&again(args, &certificate), &certificate, &tally.findings)
    })?;
    let found = !certificate.findings.is_empty() || certificate.stalled > 0;
    Ok(if found { Exit::Bad } else { Exit::Good })
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
