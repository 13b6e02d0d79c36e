//! An audit: a sample of a certified sweep is run again, and compared.
//!
//! Which plans are in the sample is drawn by hash of the certificate's digest and of a seed, so whoever makes a
//! certificate doesn't choose what of it is looked at. What isn't in the sample is believed.

use super::certificate::{Certificate, designs};
use super::row::{self, leaf_size};
use super::{Ground, Number, Row, Subject};
use crate::draw::Draws;
use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;
use crate::script::Script;

/// What an audit comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// How many plans were run again.
    pub plans: u64,
    /// What is not as it was certified, in words.
    pub differences: Vec<String>,
}

/// Runs `percent` of a certified sweep again. If a plan is expected, the certificate must be of that.
///
/// # Errors
/// When the certificate holds no plan that can be run.
pub fn audit(
    certificate: &Certificate,
    expected: Option<&Plan>,
    percent: u8,
    seed: u64,
    jobs: usize,
) -> Result<Audit, Unrunnable> {
    let is_not = |why: String| Ok(Audit { plans: 0, differences: vec![why] });
    if let Some(why) = certificate.contradiction() {
        return is_not(why);
    }
    let script = Script::parse("plan", &certificate.plan).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Unrunnable(format!("the plan of this certificate can't be read by this build:\n{}", told.join("\n")))
    })?;
    let plan = script.plan;
    if let Some(why) = expected.map(|expected| another(certificate, expected)).transpose()?.flatten() {
        return is_not(why);
    }
    if let Some(why) = decided_otherwise(certificate, &plan)? {
        return is_not(why);
    }
    let subject = Subject { script: certificate.script.clone(), plan, wanted: certificate.wanted.clone() };
    let ground = Ground::of(&subject)?;
    if ground.base.outcome.digest != certificate.base {
        return is_not(format!(
            "the run of {} without anything added is another one{}",
            certificate.script,
            by_another(certificate)
        ));
    }
    let mut audit = Audit { plans: 0, differences: Vec::new() };
    for (number, row) in certificate.rows.iter().enumerate() {
        let sample = sample(certificate, number, row, percent, seed);
        if !sample.is_empty() {
            audit.row(certificate, &ground, number, row, &sample, jobs)?;
        }
    }
    Ok(audit)
}

/// The leaves of a row that are in the sample; of the first row at least one.
fn sample(certificate: &Certificate, number: usize, row: &Row, percent: u8, seed: u64) -> Vec<usize> {
    let draws = Draws::new(seed);
    let draw = |leaf: usize| {
        let text = format!("{} {number} {leaf}", certificate.digest);
        draws.number("audit", crate::draw::of(&text))
    };
    let leaves = (0..row.leaves.len()).filter(|leaf| row.leaves[*leaf] != row::NONE);
    let drawn: Vec<usize> = leaves.clone().filter(|leaf| draw(*leaf) % 100 < u64::from(percent)).collect();
    match (number, drawn.is_empty()) {
        (0, true) => leaves.min_by_key(|leaf| draw(*leaf)).into_iter().collect(),
        _ => drawn,
    }
}

impl Audit {
    /// Runs leaves of a row again.
    fn row(
        &mut self,
        certificate: &Certificate,
        ground: &Ground<'_>,
        number: usize,
        certified: &Row,
        sample: &[usize],
        jobs: usize,
    ) -> Result<(), Unrunnable> {
        if number >= ground.rows() {
            self.differences.push(format!("there is no row {number} of plans"));
            return Ok(());
        }
        let row = ground.row(number)?;
        if row.seconds.all.len() as u64 != certified.plans {
            self.differences.push(format!(
                "row {number} has {} plans, and {} were certified{}",
                row.seconds.all.len(),
                certified.plans,
                by_another(certificate)
            ));
            return Ok(());
        }
        let size = leaf_size(number);
        // The plans of the first row were run in parts, those of another in their order.
        let done = if number == 0 { certified.plans } else { certified.done };
        let done = usize::try_from(done).unwrap_or(usize::MAX).min(row.seconds.all.len());
        let ran = parallel::map(sample, jobs, |leaf| {
            let plans = &row.seconds.all[(leaf * size).min(done)..((leaf + 1) * size).min(done)];
            let nowhere = Number::of_run(0);
            let marks = plans.iter().map(|one| Ok(ground.run(&row, one, nowhere, |_| false)?.mark));
            Ok::<_, Unrunnable>((plans, marks.collect::<Result<Vec<_>, Unrunnable>>()?))
        });
        for (leaf, ran) in sample.iter().zip(ran) {
            let (plans, marks) = ran?;
            self.plans += plans.len() as u64;
            if certified.leaves[*leaf] == row::leaf(marks.iter()) {
                continue;
            }
            let first = row.first.map_or_else(String::new, |first| format!("{first} and "));
            let what = match plans {
                [] => "nothing".to_owned(),
                [one] => format!("{first}{one}"),
                [one, .., other] => format!("one of the plans from {first}{one} to {other}"),
            };
            self.differences.push(format!("the outcome of {what} is another one{}", by_another(certificate)));
        }
        Ok(())
    }
}

/// Why a certificate isn't one of a plan, if it isn't.
fn another(certificate: &Certificate, expected: &Plan) -> Result<Option<String>, Unrunnable> {
    if let Some(why) = decided_otherwise(certificate, expected)? {
        return Ok(Some(why));
    }
    Ok((certificate.plan != expected.to_script())
        .then(|| format!("it is the certificate of another plan, from {}", certificate.script)))
}

/// In what the nodes of a plan decide otherwise than was certified, if they do.
fn decided_otherwise(certificate: &Certificate, plan: &Plan) -> Result<Option<String>, Unrunnable> {
    let here = designs(plan)?;
    if here.keys().ne(certificate.design.keys()) {
        return Ok(Some("it is of other nodes than the plan has".to_owned()));
    }
    for (node, decisions) in &here {
        let certified = &certificate.design[node];
        for (decision, variant) in decisions {
            match certified.get(decision) {
                Some(then) if then == variant => {}
                then => {
                    let then = then.map_or("not a decision", String::as_str);
                    return Ok(Some(format!(
                        "the design of {node} is another: {decision} is {variant}, and was certified as {then}"
                    )));
                }
            }
        }
    }
    Ok(None)
}

/// By what else it may have been made, if that is known.
fn by_another(certificate: &Certificate) -> String {
    let then = &certificate.build;
    let commit = then.commit.as_deref().map(|commit| format!(", commit {commit}")).unwrap_or_default();
    format!("; it was certified by version {}{commit}", then.version)
}

#[cfg(test)]
mod tests {
    use super::super::certificate::digest;
    use super::super::{Tally, Wanted, Watcher, sweep};
    use super::*;
    use crate::build::Build;

    struct Nobody;

    impl Watcher for Nobody {}

    fn certified() -> Certificate {
        let text = "format 1\nplatform\ngateway gw1\nsettle\n---\n";
        let plan = Script::parse("small", text).expect("a script").plan;
        let kinds = vec!["fail".to_owned(), "answer".to_owned()];
        let wanted = Wanted { sites: vec!["http.discovery".to_owned()], kinds, ..Wanted::default() };
        let subject = Subject { script: "small".to_owned(), plan, wanted };
        let mut tally = Tally::default();
        sweep(&subject, None, 1, &mut tally, None, &mut Nobody).expect("the plan can be swept");
        Certificate::of(&Build::this(), &subject, &tally).expect("its nodes have designs")
    }

    #[test]
    fn an_outcome_that_never_was_is_told_by_its_plan() {
        let certificate = certified();
        // It fails as it is sent; it is answered 503 or 404 as it arrives, or as its answer does.
        assert_eq!(certificate.rows[0].leaves.len(), 5);
        let audit_all =
            |certificate: &Certificate| audit(certificate, None, 100, 1, 1).expect("it can be run");
        assert_eq!(audit_all(&certificate), Audit { plans: 5, differences: Vec::new() });
        let forged = |sealed: bool| {
            let mut forged = certificate.clone();
            forged.rows[0].leaves[0] = "0".repeat(12);
            if sealed {
                forged.digest = digest(&forged.rows);
            }
            forged.seal = forged.sealed().expect("it can be written");
            audit_all(&forged).differences
        };
        assert!(forged(false)[0].contains("its digest is not that of the outcomes"), "{:?}", forged(false));
        let told = forged(true);
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(
            one.starts_with("the outcome of fault \"gw1 connection http.discovery\" fail is another"),
            "{one}"
        );
    }

    #[test]
    fn a_sample_is_at_least_one_plan_and_another_for_another_number() {
        let certificate = certified();
        let row = Row { leaves: (0..1000).map(|leaf| leaf.to_string()).collect(), ..Row::default() };
        let of = |percent, seed| sample(&certificate, 0, &row, percent, seed);
        assert_eq!(of(100, 1).len(), 1000);
        assert!((60..140).contains(&of(10, 1).len()), "{}", of(10, 1).len());
        assert_ne!(of(10, 1), of(10, 2));
        let few = Row { leaves: row.leaves[..3].to_vec(), ..Row::default() };
        assert!((0..20).all(|seed| !sample(&certificate, 0, &few, 1, seed).is_empty()));
        assert!((0..20).all(|seed| sample(&certificate, 1, &few, 1, seed).len() < 3));
    }
}
