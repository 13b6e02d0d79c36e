//! Where the services of the four kinds differ (docs/spec/platform.md section 3.6).
//!
//! The real system has one service for each kind, written alike but not equal. Here there is one, and the
//! differences are answers to these questions. Some are accidents; all are kept.

use super::refusal::{Refusal, Thing};
use crate::store::{Flavour, StoreError};
use crate::wire::kind::Kind;

/// Where a handle in a path is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lookup {
    /// In `artifacts`, so that any kind answers to it.
    AnyKind,
    /// Joined with the table of the route's kind.
    OwnKind,
}

impl Kind {
    /// How many of it an organisation may have; REST APIs are not counted.
    pub(super) fn quota(self) -> Option<usize> {
        match self {
            Kind::RestApi => None,
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => Some(5),
        }
    }

    /// Where the deployment routes look a handle up.
    pub(super) fn deployment_lookup(self) -> Lookup {
        match self {
            Kind::RestApi | Kind::Mcp => Lookup::AnyKind,
            Kind::LlmProvider | Kind::LlmProxy => Lookup::OwnKind,
        }
    }

    /// What the deployment routes say of a handle nobody has. The lookup over all kinds returns an error that
    /// its handlers don't know.
    pub(super) fn no_such_handle(self) -> Refusal {
        match self.deployment_lookup() {
            Lookup::AnyKind => Refusal::Unmapped("artifact not found".to_owned()),
            Lookup::OwnKind => Refusal::Unknown(Thing::Artifact(self)),
        }
    }

    /// Whether undeploy, delete and get of a deployment look whether the artifact is of their kind. Restore
    /// never does.
    pub(super) fn checks_kind_of_deployments(self) -> bool {
        match self {
            Kind::RestApi | Kind::LlmProvider | Kind::LlmProxy => false,
            Kind::Mcp => true,
        }
    }

    /// Whether a deploy that could not write the status row goes on and tells the gateway all the same.
    pub(super) fn deploys_without_status(self) -> bool {
        match self {
            Kind::RestApi | Kind::LlmProxy => true,
            Kind::LlmProvider | Kind::Mcp => false,
        }
    }

    /// Whether a deploy associates the artifact with the gateway.
    pub(super) fn associates(self) -> bool {
        match self {
            Kind::RestApi => true,
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => false,
        }
    }

    /// Whether a delete removes associations and deployments itself. The others leave it to the foreign keys.
    pub(super) fn deletes_deployments(self) -> bool {
        match self {
            Kind::RestApi => true,
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => false,
        }
    }

    /// What a delete says when someone else was faster.
    pub(super) fn lost_delete(self) -> Refusal {
        match self {
            Kind::RestApi => Refusal::Unmapped("no row was deleted".to_owned()),
            Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => Refusal::Unknown(Thing::Artifact(self)),
        }
    }

    /// What a failed insert means. Three of the services look for SQLite's words in the error, so only SQLite
    /// gets a 409 where another kind has the handle.
    pub(super) fn failed_insert(self, failed: StoreError) -> Refusal {
        match (self, failed) {
            (
                Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp,
                StoreError::Unique { flavour: Flavour::Sqlite, .. },
            ) => Refusal::Taken(Thing::Artifact(self)),
            (_, failed) => failed.into(),
        }
    }
}
