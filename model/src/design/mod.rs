//! The decisions of the real system that could have been taken otherwise, and the designs they make.
//!
//! Each field of [`Design`] is one decision, consulted in exactly one place. A decision is what the code does;
//! what an operator may choose is a setting ([`mod@crate::settings`]). Every node of a plan has a design of its
//! own, so that old and new peers can meet.
//!
//! A few designs have names because they were states of the real system or were meant to be. A *mutant* is one of
//! them with one decision taken as the real system once took it wrongly ([`MUTANTS`]).

use std::fmt;
use std::str::FromStr;

mod decisions;
mod mutants;

pub use decisions::*;
pub use mutants::{MUTANTS, Mutant};

impl Design {
    /// The named designs: those of the real system, oldest first, and this project's own.
    pub const NAMES: &'static [&'static str] = &["before-fix", "first-draft", "as-merged", Design::HARDENED];

    /// The name of [`Design::hardened`].
    pub const HARDENED: &'static str = "hardened";

    /// The state just before the change (docs/spec/change.md).
    pub fn before_fix() -> Self {
        Design {
            delete_recipients: DeleteRecipients::StatusRows,
            exists_endpoint: ExistsEndpoint::Absent,
            orphans: Orphans::Delete,
            key_sync_source: KeySyncSource::Memory,
            unmapped_key: UnmappedKey::IsTold,
            unknown_llm_delete: UnknownLlmDelete::Warn,
            ..Design::as_merged()
        }
    }

    /// The change as it was first proposed: a failed question was taken for a "no".
    pub fn first_draft() -> Self {
        Design { failed_exists: FailedExists::MeansAbsent, ..Design::as_merged() }
    }

    /// What the real system does.
    pub fn as_merged() -> Self {
        Design {
            delete_recipients: DeleteRecipients::Organisation,
            plan_recipients: PlanRecipients::Organisation,
            quota_check: QuotaCheck::BeforeInsert,
            event_identity: EventIdentity::Uuid,
            unwritten_status: UnwrittenStatus::IsToldByKind,
            listed_instant: ListedInstant::PerformedAt,
            exists_endpoint: ExistsEndpoint::Present,
            orphans: Orphans::Ask,
            failed_exists: FailedExists::KeepsAll,
            sync_order: SyncOrder::DeletesFirst,
            unknown_deployments: UnknownDeployments::AreFetchedIfDeployed,
            fetched_definitions: FetchedDefinitions::AreWrittenByChunk,
            synced_state: SyncedState::AsListed,
            synced_state_topic: SyncedStateTopic::LocalId,
            bulk_sync_scope: BulkSyncScope::Everything,
            key_sync_source: KeySyncSource::Database,
            unmapped_key: UnmappedKey::IsTold,
            key_event_id: KeyEventId::Change,
            late_write: LateWrite::IsRefused,
            undeploy: Undeploy::Keeps,
            unfetched_definition: UnfetchedDefinition::IsAcknowledged,
            api_deleted: ApiDeleted::IsHandled,
            deleted_mcp_uuid: DeletedMcpUuid::IsLookedUp,
            deleted_api_subscriptions: DeletedApiSubscriptions::Go,
            boot_hydration: BootHydration::EveryKind,
            unknown_llm_delete: UnknownLlmDelete::CleanUp,
            untold_gateway: UntoldGateway::IsPassedOver,
            waiting_statuses: WaitingStatuses::InTransition,
            sign_of_life: SignOfLife::Ping,
            revision: Revision::IsUntold,
            listed_keys: ListedKeys::OfDeployed,
            listed_mappings: ListedMappings::None,
            deploy_writes: DeployWrites::InSeveralTransactions,
            organisation_writes: OrganisationWrites::InTwoTransactions,
            telling: Telling::WritesToSockets,
            registry: RegistryWrites::WithoutALock,
            untold_key: UntoldKey::IsRefused,
            late_success: LateSuccess::IsIgnored,
            premises_lists: PremisesLists::Absent,
            exists_calls: ExistsCalls::Unbounded,
            event_content: EventContent::IsApplied,
            full_sync: FullSync::AtFirstConnect,
            sync_writes: SyncWrites::OneByOne,
            unlisted: Unlisted::StaysAsItIs,
            fetched_state: FetchedState::Deployed,
            sync_acks: SyncAcks::None,
            memory: MemoryFollows::Events,
            hub_events: HubEvents::AfterTheChange,
            silence: Silence::WallClock,
            premises_sync: PremisesSync::Deployments,
        }
    }

    /// This project's own answer: every property holds under every fault of the stated envelope (docs/hardened.md).
    pub fn hardened() -> Self {
        Design {
            revision: Revision::IsTold,
            listed_keys: ListedKeys::OfOrganisation,
            listed_mappings: ListedMappings::WithKeys,
            deploy_writes: DeployWrites::InOneTransaction,
            organisation_writes: OrganisationWrites::InOneTransaction,
            telling: Telling::FillsQueues,
            registry: RegistryWrites::UnderALock,
            untold_key: UntoldKey::IsKept,
            late_success: LateSuccess::IsBelieved,
            premises_lists: PremisesLists::Present,
            exists_calls: ExistsCalls::Bounded,
            event_content: EventContent::IsAskedAbout,
            full_sync: FullSync::WheneverItDiffers,
            sync_writes: SyncWrites::InTurn,
            unlisted: Unlisted::IsUndeployed,
            fetched_state: FetchedState::AsListed,
            sync_acks: SyncAcks::WhatDiffers,
            memory: MemoryFollows::Database,
            hub_events: HubEvents::WithTheChange,
            silence: Silence::Uptime,
            premises_sync: PremisesSync::Everything,
            ..Design::as_merged()
        }
    }

    /// Every name that is one of a design: the few, then the mutants.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        Design::NAMES.iter().copied().chain(MUTANTS.iter().map(|mutant| mutant.name))
    }

    /// A sentence on one of the few named designs; a mutant has its own.
    pub fn about(name: &str) -> &'static str {
        match name {
            "before-fix" => "the real system just before the change that fixed issue 1 and issue 3",
            "first-draft" => "the change as first proposed: a failed exists call deletes every candidate",
            "as-merged" => "what the real system does; the default",
            Design::HARDENED => "this project's answer: every property holds under the stated envelope",
            _ => "",
        }
    }

    /// The decisions in which this design differs from `other`, as (decision, here, there).
    pub fn differences(&self, other: &Design) -> Vec<(&'static str, &'static str, &'static str)> {
        Design::decisions()
            .into_iter()
            .filter_map(|d| Some((d.name, self.get(d.name)?, other.get(d.name)?)))
            .filter(|(_, here, there)| here != there)
            .collect()
    }
}

impl Default for Design {
    fn default() -> Self {
        Design::as_merged()
    }
}

impl FromStr for Design {
    type Err = UnknownDecision;

    fn from_str(name: &str) -> Result<Self, UnknownDecision> {
        match name {
            "before-fix" => Ok(Design::before_fix()),
            "first-draft" => Ok(Design::first_draft()),
            "as-merged" => Ok(Design::as_merged()),
            Design::HARDENED => Ok(Design::hardened()),
            _ => Mutant::find(name).map(Mutant::design).ok_or_else(|| {
                let named = Design::NAMES.join(", ");
                UnknownDecision(format!("there is no design '{name}'; expected one of {named}, or a mutant"))
            }),
        }
    }
}

impl fmt::Display for Design {
    /// The named design, or `as-merged` with the decisions in which this one differs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Design::NAMES.iter().find(|name| name.parse().as_ref() == Ok(self)) {
            Some(name) => f.write_str(name),
            None => {
                f.write_str("as-merged")?;
                for (name, here, _) in self.differences(&Design::as_merged()) {
                    write!(f, " {name}={here}")?;
                }
                Ok(())
            }
        }
    }
}

/// A design, decision or variant that doesn't exist, and what does.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnknownDecision(pub String);

impl UnknownDecision {
    fn decision(name: &str) -> Self {
        let known: Vec<_> = Design::decisions().iter().map(|d| d.name).collect();
        UnknownDecision(format!("there is no decision '{name}'; expected one of {}", known.join(", ")))
    }

    fn variant(decision: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        let known: Vec<_> = known.collect();
        UnknownDecision(format!(
            "decision '{decision}' has no variant '{name}'; expected one of {}",
            known.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_design_is_found_by_its_name() {
        for name in Design::NAMES {
            let design: Design = name.parse().expect("a named design parses");
            assert_eq!(&design.to_string(), name);
            assert!(!Design::about(name).is_empty());
        }
    }

    #[test]
    fn decisions_explain_themselves() {
        for decision in Design::decisions() {
            assert!(decision.about.ends_with('.'), "{decision:?}");
            assert!(decision.variants.iter().all(|(_, about)| about.ends_with('.')), "{decision:?}");
        }
    }

    #[test]
    fn setting_a_decision_by_name_shows_in_the_name_of_the_design() {
        let mut design = Design::as_merged();
        design.set("orphans", "delete").expect("a known variant");
        assert_eq!(design.to_string(), "as-merged orphans=delete");
        assert!(design.set("orphans", "keep").unwrap_err().to_string().contains("delete, ask"));
        assert!(design.set("orphan", "keep").unwrap_err().to_string().contains("orphans"));
    }
}
