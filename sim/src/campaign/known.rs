//! What is known before a campaign begins: what others have kept, and what scripts show.
//!
//! A script stands for its mistakes, not for the kinds of artifacts that it makes them with: what is found is known
//! by its [cause](Cause). Where several scripts show one, it is that of the script that shows least else, and of
//! those that of the one which does least.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::outcome::Unrunnable;
use crate::parallel;
use crate::plan::Plan;

use super::{Cause, Folder, Signature, Subject, finding, run_safely};

/// What is known before a campaign begins.
#[derive(Default, Debug)]
pub struct Known {
    /// The findings that other campaigns have kept, by the id of the signature.
    kept: BTreeSet<String>,
    /// What scripts show: how many causes the script shows in all, how many steps it takes, and its name.
    shown: BTreeMap<Cause, (usize, usize, String)>,
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
            let by = (causes.len(), plan.steps.len(), name.clone());
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
        self.shown.get(&Cause::of(signature)).map(|(_, _, name)| name.as_str())
    }
}
