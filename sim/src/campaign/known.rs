//! What is known before a campaign begins: what others have kept, and what scripts show.
//!
//! A script stands for its mistakes, not for the kinds of artifacts that it makes them with: what is found is known
//! by its [cause](Cause). Where several scripts show one, it is that of the script in which least goes wrong, of
//! those that of the one that shows least else, and of those that of the one which does least.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;

use super::signature::is_late;
use super::{Cause, Folder, Signature, Subject, finding, run_safely};

/// What is known before a campaign begins.
#[derive(Default, Debug)]
pub struct Known {
    /// The findings that other campaigns have kept, by the id of the signature.
    kept: BTreeSet<String>,
    /// What scripts show, and which script that is.
    shown: BTreeMap<Cause, Shown>,
}

/// A script that shows something, the first of those that might be named for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Shown {
    wrong: Wrong,
    /// How many causes it shows in all.
    causes: usize,
    steps: usize,
    name: String,
}

/// What goes wrong in a plan: what happens without a fault happens with one too, and isn't the fault's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Wrong {
    Nothing,
    /// Something is late, as it might be under another seed.
    Late,
    Something,
}

impl Wrong {
    fn of(plan: &Plan) -> Self {
        let wrong = plan.faults.iter().map(|fault| match is_late(&fault.effect) {
            true => Wrong::Late,
            false => Wrong::Something,
        });
        wrong.max().unwrap_or(Wrong::Nothing)
    }
}

impl Known {
    /// What another campaign has kept.
    ///
    /// # Errors
    /// When the folder holds no campaign.
    pub fn add_kept(&mut self, folder: &Path) -> Result<(), Unrunnable> {
        self.kept.extend(Folder::known(folder)?);
        Ok(())
    }

    /// What scripts show, each with its name, under the design that is explored; `step` is called after each.
    ///
    /// # Errors
    /// When one can't be run, with its name.
    pub fn add_shown(
        &mut self,
        subject: &Subject,
        scripts: &[(String, Plan)],
        jobs: usize,
        step: impl Fn() + Sync,
    ) -> Result<(), Unrunnable> {
        let shown = parallel::map(scripts, jobs, |(name, plan)| {
            let plan = subject.under_its_design(plan.clone());
            let outcome = run_safely(&plan).map_err(|Unrunnable(why)| Unrunnable(format!("{name}: {why}")));
            step();
            let signatures = outcome.map(|outcome| finding::signatures(&plan, &outcome));
            signatures.map(|all| all.iter().map(Cause::of).collect::<BTreeSet<Cause>>())
        });
        for ((name, plan), causes) in scripts.iter().zip(shown) {
            let causes = causes?;
            let by = Shown {
                wrong: Wrong::of(plan),
                causes: causes.len(),
                steps: plan.steps.len(),
                name: name.clone(),
            };
            for cause in causes {
                let shown = self.shown.entry(cause).or_insert_with(|| by.clone());
                *shown = by.clone().min(shown.clone());
            }
        }
        Ok(())
    }

    /// Whether another campaign has kept it.
    pub(super) fn is_kept(&self, signature: &Signature) -> bool {
        self.kept.contains(&signature.id())
    }

    /// The script that shows it.
    pub(super) fn script(&self, signature: &Signature) -> Option<&str> {
        self.shown.get(&Cause::of(signature)).map(|shown| shown.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Profile;
    use crate::plan::Choice;
    use crate::script::Script;

    /// The one with the fault takes fewer steps.
    #[test]
    fn a_script_without_faults_is_named_before_one_with_a_fault() {
        let [with, without] = ["faults/paused-platform", "findings/delete-while-the-connection-is-down"];
        let scripts = [with, without].map(|name| {
            let path = format!("{}/../scenarios/{name}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).expect("the scenario is there");
            let script = Script::parse(name, &text).unwrap_or_else(|errors| panic!("{}", errors[0]));
            (name.to_owned(), script.plan)
        });
        let design = vec![Choice::Design("as-merged".to_owned())];
        let subject = Subject { design, profile: Profile::default(), seed: 0 };
        let mut known = Known::default();
        known.add_shown(&subject, &scripts, 1, || ()).expect("both run");
        let names: BTreeSet<&str> = known.shown.values().map(|shown| shown.name.as_str()).collect();
        assert_eq!(names, BTreeSet::from([without]));
    }
}
