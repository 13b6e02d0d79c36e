//! `driftless doctor`: the proof that runs are deterministic, for people.

use std::path::PathBuf;

use crate::doctor::{self, Finding, Patient};
use crate::outcome::Unrunnable;
use crate::parting;
use crate::plant::Plant;
use crate::run::{Executor, run_on};

use super::{Exit, args, load};

/// Runs plans twice and compares their digests.
///
/// # Errors
/// When a script is wrong, or the other process can't be run.
pub fn doctor(args: &args::Doctor) -> Result<Exit, Unrunnable> {
    if args.elsewhere {
        doctor::serve().map_err(Unrunnable::of)?;
        return Ok(Exit::Good);
    }
    let plant = args.plant.as_deref().map(plant).transpose()?;
    let mut patients = scripts(&args.scripts)?;
    let scripts = patients.len();
    patients.extend(doctor::made_up(args.seed, args.plans as usize));
    let differences = doctor::compare(&patients, plant, load::jobs(args.jobs))?;
    if args.json {
        let report =
            serde_json::json!({ "plans": patients.len(), "scripts": scripts, "differences": differences });
        say!("{report:#}");
    } else {
        say!(
            "{} plans ({scripts} scripts, {} made up) in two processes, two orders and under two seeds of the executor",
            patients.len(),
            args.plans
        );
        for difference in &differences {
            say!("  {} differs", difference.name);
            say!("    here   {}", in_words(&difference.here));
            say!("    there  {}", in_words(&difference.there));
        }
        match differences.first() {
            None => say!("{} digests, all equal, and so are the bytes on the links", patients.len()),
            Some(first) => {
                say!(
                    "{} of {} runs are not equal; no other result can be trusted",
                    differences.len(),
                    patients.len()
                );
                parting(&patients, &first.name)?;
                say!("again: driftless doctor --plans {} --seed {}", args.plans, args.seed);
            }
        }
    }
    Ok(if differences.is_empty() { Exit::Good } else { Exit::Bad })
}

fn in_words(finding: &Finding) -> String {
    let bytes = finding.bytes.as_deref().unwrap_or("unknown");
    format!("{} ({} crossings), bytes {bytes}", finding.digest, finding.crossings)
}

/// Where two runs of a plan part, if they do so in this process too.
fn parting(patients: &[Patient], name: &str) -> Result<(), Unrunnable> {
    let Some(patient) = patients.iter().find(|patient| patient.name == name) else { return Ok(()) };
    let one = run_on(&patient.plan, Executor::default())?;
    let other = run_on(&patient.plan, Executor { seed: 1, ..Executor::default() })?;
    let Some(parting) = parting::first(&one, &other) else {
        say!("  within this process it does not part before its end");
        return Ok(());
    };
    say!("  {name} parts at crossing {}:", parting.agreed + 1);
    for history in [&one.evidence.history, &other.evidence.history] {
        match history.crossings().get(parting.agreed) {
            Some(crossing) => say!("    {:>12} us  {}", crossing.at_us, crossing.address),
            None => say!("    {:>12}     there is no more", ""),
        }
    }
    Ok(())
}

fn plant(word: &str) -> Result<Plant, Unrunnable> {
    let known = Plant::ALL.iter().find(|(known, _)| *known == word).map(|(_, plant)| *plant);
    known.ok_or_else(|| {
        let words: Vec<_> = Plant::ALL.iter().map(|(word, _)| *word).collect();
        Unrunnable(format!("--plant {word}: expected one of {}", words.join(", ")))
    })
}

fn scripts(asked: &[PathBuf]) -> Result<Vec<Patient>, Unrunnable> {
    let all = PathBuf::from("scenarios");
    let paths = if asked.is_empty() && all.is_dir() { vec![all] } else { asked.to_vec() };
    let loaded = load::scripts(&paths)?;
    let mut patients = Vec::new();
    for one in loaded {
        for design in one.script.plan.designs() {
            let plan = one.script.plan.under(design);
            patients.push(Patient { name: format!("{} under {design}", one.name), plan });
        }
    }
    Ok(patients)
}
