//! `driftless sweep --audit`: whether a certificate is true, as far as a sample shows.

use std::path::Path;

use driftless_model::settings::Value;

use crate::fault::values::Share;
use crate::files;
use crate::outcome::Unrunnable;
use crate::sweep::{self, Certificate};

use super::super::{Exit, args, load};

/// Differences that are told; the rest are counted.
const TOLD_MOST: usize = 10;

/// Runs a sample of a certified sweep again.
pub(super) fn audit(args: &args::Sweep, path: &Path) -> Result<Exit, Unrunnable> {
    let Some(Share(percent)) = Share::read(&args.sample) else {
        return Err(Unrunnable(format!("--sample {}: expected {}", args.sample, Share::EXPECTED)));
    };
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Unrunnable(format!("--audit {name}: {}", files::words(&e))))?;
    let certificate =
        Certificate::read(&text).map_err(|Unrunnable(why)| Unrunnable(format!("{name}: {why}")))?;
    let expected = expected(args)?;
    let audit = sweep::audit(&certificate, expected.as_ref(), percent, args.draw, load::jobs(args.jobs))?;
    for difference in audit.differences.iter().take(TOLD_MOST) {
        say!("{name}: {difference}");
    }
    if audit.differences.len() > TOLD_MOST {
        say!("{name}: and {} more", audit.differences.len() - TOLD_MOST);
    }
    if !audit.differences.is_empty() {
        say!("{name} isn't true of this build");
        return Ok(Exit::Bad);
    }
    let of = certificate.executed;
    say!(
        "{} of {of} plans of {} run again: each came to what was certified",
        audit.plans,
        certificate.script
    );
    Ok(Exit::Good)
}

/// The plan that the certificate has to be of, if a script is named.
fn expected(args: &args::Sweep) -> Result<Option<crate::Plan>, Unrunnable> {
    if let Some(script) = &args.script {
        return super::one_plan(script, &args.changes).map(|(_, plan)| Some(plan));
    }
    let changes = args.changes.as_options();
    match changes.is_empty() {
        true => Ok(None),
        false => Err(Unrunnable(format!(
            "--audit with{changes}: expected the script too; a certificate says itself what its plan is"
        ))),
    }
}
