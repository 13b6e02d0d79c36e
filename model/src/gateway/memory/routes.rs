//! What the data plane serves: the snapshot of routes.
//!
//! A snapshot is made from the [`super::ConfigStore`] alone, never from the database, and passes over what is
//! undeployed or can't be translated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::ConfigStore;
use crate::gateway::tables::DesiredState;
use crate::store::{AnyRow, Change, Key, Row};
use crate::wire::definition::Definition;
use crate::wire::kind::Kind;

/// The SHA-256 of a definition: what is served is told from what should be by it, since the deployment that
/// an event names and the definition that was fetched for it need not belong together.
pub type Digest = [u8; 32];

/// The digest of a definition.
pub fn digest(definition: &[u8]) -> Digest {
    Sha256::digest(definition).into()
}

/// The digest of a definition that can be translated. One that can't loses its own routes only.
pub(super) fn translated(definition: &[u8]) -> Option<Digest> {
    Definition::parse(definition).is_ok().then(|| digest(definition))
}

/// An artifact that is served.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Route {
    /// The artifact.
    pub artifact: Uuid,
    /// Its kind.
    pub kind: Kind,
    /// Its handle.
    pub handle: String,
    /// The deployment that its row says it has.
    pub deployment: Option<Uuid>,
    /// The digest of the definition that is served.
    pub digest: Digest,
}

/// Not durable, and in no database; a row so that the history can say how the routes changed.
impl Row for Route {
    const TABLE: &'static str = "routes";

    fn key(&self) -> Key {
        self.artifact.into()
    }
}

/// A snapshot of routes, by artifact.
#[derive(Clone, PartialEq, Eq, Default, Hash, Debug)]
pub struct Routes(BTreeMap<Uuid, Route>);

impl Routes {
    /// What is in memory, and deployed, and can be translated.
    pub fn translate(memory: &ConfigStore) -> Self {
        let deployed =
            memory.translatable().filter(|(c, _)| c.artifact.desired_state == DesiredState::Deployed);
        let routes = deployed.map(|(config, digest)| {
            let row = &config.artifact;
            let (artifact, kind, deployment) = (row.uuid, row.kind, row.deployment_id);
            (artifact, Route { artifact, kind, handle: row.handle.clone(), deployment, digest })
        });
        Routes(routes.collect())
    }

    /// The route of an artifact.
    pub fn of(&self, artifact: Uuid) -> Option<&Route> {
        self.0.get(&artifact)
    }

    /// What setting these routes in place of `before` changes, as a commit would say it.
    pub(in crate::gateway) fn changes_from(&self, before: &Routes) -> Vec<Change> {
        let artifacts: BTreeSet<&Uuid> = before.0.keys().chain(self.0.keys()).collect();
        let row = |routes: &Routes, of: &Uuid| -> Option<Arc<dyn AnyRow>> {
            routes.0.get(of).map(|route| Arc::new(route.clone()) as Arc<dyn AnyRow>)
        };
        let changed = artifacts.into_iter().filter(|of| before.0.get(of) != self.0.get(of));
        changed
            .map(|of| Change {
                table: Route::TABLE,
                key: of.into(),
                before: row(before, of),
                after: row(self, of),
            })
            .collect()
    }

    /// Every route, by artifact.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.values()
    }
}
