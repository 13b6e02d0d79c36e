//! Defects that the real system once had, each a design with one decision taken wrongly again.
//!
//! A harness that can't tell a mutant from its base would not have found the defect either. So each has a script
//! of its name in `scenarios/defects`, and `driftless mutants` says where its run parts from that of the base and
//! which property sees it.
//!
//! Not here: two defects at once, which could hide each other.

use super::Design;

/// A named design with one decision changed for a wrong one of the real system's past.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mutant {
    /// Its name, which is that of a design.
    pub name: &'static str,
    /// The decision taken wrongly.
    pub decision: &'static str,
    /// How it is taken.
    pub variant: &'static str,
    /// The named design that it is otherwise.
    pub base: &'static str,
    /// What a user would have seen.
    pub about: &'static str,
    /// The change of the real system that ended it.
    pub fixed_by: &'static str,
}

/// Every mutant, in the order of the changes that ended them.
pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "broadcast-after-failed-status-write",
        decision: "unwritten-status",
        variant: "is-told",
        base: "as-merged",
        about: "A gateway deploys what the platform couldn't note down, and what it says of it is ignored.",
        fixed_by: "PR #1373",
    },
    Mutant {
        name: "event-carries-handle",
        decision: "event-identity",
        variant: "llm-handle",
        base: "as-merged",
        about: "Nothing that is done to an LLM provider, an LLM proxy or their keys reaches a gateway that runs.",
        fixed_by: "PR #1381",
    },
    Mutant {
        name: "list-uses-updated-at",
        decision: "listed-instant",
        variant: "updated-at",
        base: "as-merged",
        about: "Every restart fetches every deployment again, since no instant in the list is the one stored.",
        fixed_by: "PR #1463",
    },
    Mutant {
        name: "delete-recipients-from-status",
        decision: "delete-recipients",
        variant: "status-rows",
        base: "as-merged",
        about: "A delete is told to nobody once the last deployment is gone, so the artifact stays on its gateway.",
        fixed_by: "PR #1602",
    },
    Mutant {
        name: "orphan-without-exists-check",
        decision: "orphans",
        variant: "delete",
        base: "as-merged",
        about: "A restart deletes an artifact that exists but has no deployment, with its keys and subscriptions.",
        fixed_by: "PR #1602",
    },
    Mutant {
        name: "exists-failure-means-absent",
        decision: "failed-exists",
        variant: "means-absent",
        base: "as-merged",
        about: "A platform that can't say which artifacts exist has all of them deleted that its list lacks.",
        fixed_by: "PR #1602",
    },
    Mutant {
        name: "llm-delete-unknown-is-noop",
        decision: "unknown-llm-delete",
        variant: "warn",
        base: "as-merged",
        about: "What a delete cut short left of an LLM provider or proxy stays, however often it is told again.",
        fixed_by: "PR #1602",
    },
];

impl Mutant {
    /// The mutant of that name.
    pub fn find(name: &str) -> Option<&'static Mutant> {
        MUTANTS.iter().find(|mutant| mutant.name == name)
    }

    /// What a node of it does.
    pub fn design(&self) -> Design {
        let base = self
            .base
            .parse::<Design>()
            .map(|mut design| design.set(self.decision, self.variant).map(|()| design));
        base.and_then(|design| design)
            .expect("every mutant names a design, a decision and a variant that exist")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_differs_from_its_base_in_one_decision() {
        for mutant in MUTANTS {
            assert!(Design::NAMES.contains(&mutant.base), "{mutant:?}");
            let base: Design = mutant.base.parse().expect("its base is a named design");
            let differences = mutant.design().differences(&base);
            let [(decision, here, _)] = differences.as_slice() else { panic!("{mutant:?}: {differences:?}") };
            assert_eq!((*decision, *here), (mutant.decision, mutant.variant));
        }
    }

    #[test]
    fn a_name_means_one_design() {
        let names: Vec<_> = Design::all_names().collect();
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name), "{name} is taken");
            assert!(name.parse::<Design>().is_ok(), "{name} parses");
        }
    }

    #[test]
    fn each_says_what_a_user_saw_and_what_ended_it() {
        for mutant in MUTANTS {
            assert!(mutant.about.ends_with('.'), "{mutant:?}");
            assert!(mutant.fixed_by.starts_with("PR #"), "{mutant:?}");
        }
    }
}
