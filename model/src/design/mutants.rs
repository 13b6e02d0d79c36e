//! Defects that the real system once had, and some made up: each a design with one decision taken wrongly.
//!
//! A property that none of them violates has a mutant that was made for it: one that the real system never had and
//! might have had.
//!
//! A harness that can't tell a mutant from its base would not have found the defect either. So each has a script
//! of its name in `scenarios/defects`, and `driftless mutants` says where its run parts from that of the base and
//! which property sees it.
//!
//! Not here: two defects at once, which could hide each other.

use super::Design;

/// A named design with one decision changed for a wrong one.
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
    /// The change of the real system that ended it, or [`Mutant::MADE`].
    pub fixed_by: &'static str,
}

/// Every mutant, in the order of the changes that ended them; last those that were made up.
pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "undeploy-hard-deletes",
        decision: "undeploy",
        variant: "deletes",
        base: "as-merged",
        about: "An API that is undeployed and restored has lost its keys.",
        fixed_by: "PR #997",
    },
    Mutant {
        name: "no-delete-handler",
        decision: "api-deleted",
        variant: "is-unknown",
        base: "as-merged",
        about: "A deleted REST API stays on its gateway and is served, and its handle can't be used again.",
        fixed_by: "PR #1079",
    },
    Mutant {
        name: "delete-by-uuid-as-handle",
        decision: "deleted-mcp-uuid",
        variant: "is-taken-for-handle",
        base: "as-merged",
        about: "A deleted MCP proxy stays on its gateway and is served.",
        fixed_by: "PR #1332",
    },
    Mutant {
        name: "failure-paths-skip-ack",
        decision: "unfetched-definition",
        variant: "is-silent",
        base: "as-merged",
        about: "A deploy that failed at once looks as if it were under way, until it times out.",
        fixed_by: "PR #1373",
    },
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
        name: "key-event-id-without-version",
        decision: "key-event-id",
        variant: "name",
        base: "as-merged",
        about: "A key that was changed twice while its gateway was away opens nothing: the older secret does.",
        fixed_by: "PR #1436",
    },
    Mutant {
        name: "unguarded-config-write",
        decision: "late-write",
        variant: "overwrites",
        base: "as-merged",
        about: "An older deployment that comes late replaces the newer one, and then can't be undeployed.",
        fixed_by: "PR #1463",
    },
    Mutant {
        name: "sync-status-always-undeploy",
        decision: "synced-state",
        variant: "always-undeployed",
        base: "as-merged",
        about: "What is restored while its gateway is away isn't served when it is back.",
        fixed_by: "PR #1463",
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
        name: "sync-fetch-before-delete",
        decision: "sync-order",
        variant: "fetches-first",
        base: "as-merged",
        about: "An artifact made anew under the handle of a deleted one isn't served after a restart.",
        fixed_by: "PR #1497",
    },
    Mutant {
        name: "publish-to-cp-gateway-uuid",
        decision: "synced-state-topic",
        variant: "platform-uuid",
        base: "as-merged",
        about: "What is undeployed while its gateway is away is served on.",
        fixed_by: "PR #1497",
    },
    Mutant {
        name: "fetch-unknown-regardless-of-state",
        decision: "unknown-deployments",
        variant: "are-fetched",
        base: "as-merged",
        about: "A gateway that comes without a database serves what was undeployed.",
        fixed_by: "PR #1507",
    },
    Mutant {
        name: "startup-no-hydration",
        decision: "boot-hydration",
        variant: "without-llm",
        base: "as-merged",
        about: "LLM providers and proxies aren't served after a restart.",
        fixed_by: "PR #1529",
    },
    Mutant {
        name: "delete-leaves-subscriptions",
        decision: "deleted-api-subscriptions",
        variant: "stay",
        base: "as-merged",
        about: "The subscriptions of a deleted API stay, and their tokens stay valid.",
        fixed_by: "PR #1594",
    },
    Mutant {
        name: "key-sync-enumerates-memory",
        decision: "bulk-sync-scope",
        variant: "memory",
        base: "as-merged",
        about: "A gateway that comes without a database lets nobody in: it has no keys and no subscriptions.",
        fixed_by: "PR #1602",
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
    Mutant {
        name: "plans-told-to-everybody",
        decision: "plan-recipients",
        variant: "every-gateway",
        base: "as-merged",
        about: "The gateways of every organisation have the plans of every other.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "quota-counted-afterwards",
        decision: "quota-check",
        variant: "after-insert",
        base: "as-merged",
        about: "What was refused because there are too many of it is there, and its handle is taken.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "sync-writes-at-the-end",
        decision: "fetched-definitions",
        variant: "are-written-at-the-end",
        base: "as-merged",
        about: "What is deleted while its gateway starts comes back there and is served.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "untold-gateway-ends-the-telling",
        decision: "untold-gateway",
        variant: "ends-the-telling",
        base: "as-merged",
        about: "A gateway that can't be told keeps those behind it from hearing that something was deleted.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "failed-statuses-time-out",
        decision: "waiting-statuses",
        variant: "not-as-asked",
        base: "as-merged",
        about: "A deployment that failed fails again at every look, and the reason why it did is lost.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "second-refusal-means-absent",
        decision: "failed-exists",
        variant: "second-refusal-means-absent",
        base: "as-merged",
        about: "A platform that refuses twice to say which artifacts exist has all of them deleted that its list lacks.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "pings-are-no-sign-of-life",
        decision: "sign-of-life",
        variant: "connect",
        base: "as-merged",
        about: "A gateway ends a connection that is in order every 40 s, and asks for everything again.",
        fixed_by: Mutant::MADE,
    },
    Mutant {
        name: "unmapped-key-is-not-told",
        decision: "unmapped-key",
        variant: "is-not-told",
        base: "as-merged",
        about: "A key that was taken from an application is counted for it at the gateways.",
        fixed_by: Mutant::MADE,
    },
];

impl Mutant {
    /// In the place of the change that ended it: the real system never had it.
    pub const MADE: &str = "made";

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
            let ended = mutant.fixed_by.starts_with("PR #");
            assert!(ended || mutant.fixed_by == Mutant::MADE, "{mutant:?}");
        }
    }
}
