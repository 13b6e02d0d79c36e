//! Statements on artifacts of whatever kind.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::services::ArtifactName;
use crate::platform::tables::Artifact;
use crate::wire::kind::Kind;

impl Platform {
    /// The artifact of that handle, whatever its kind.
    pub(in crate::platform) async fn find_artifact_of_any_kind(
        &self,
        cx: &Cx,
        name: &ArtifactName,
    ) -> Outcome<Option<Arc<Artifact>>> {
        let at = At::site("store.find-artifact").about(name.handle.as_str());
        let named = |row: &Artifact| row.organisation == name.organisation && row.handle == name.handle;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    /// Whether an artifact of the kind has that name and version.
    pub(in crate::platform) async fn name_is_taken(
        &self,
        cx: &Cx,
        artifact: &ArtifactName,
        name: &str,
        version: &str,
    ) -> Outcome<bool> {
        let at = At::site("store.find-name").about(artifact.handle.as_str());
        let called = |row: &Artifact| {
            row.organisation == artifact.organisation
                && row.kind == artifact.kind
                && row.name == name
                && row.version == version
        };
        self.database.read(cx, at, |view| view.count(called) > 0).await
    }

    /// How many artifacts of the kind the organisation has.
    pub(in crate::platform) async fn count_artifacts(
        &self,
        cx: &Cx,
        organisation: Uuid,
        kind: Kind,
    ) -> Outcome<usize> {
        let at = At::site("store.count-artifacts").about(organisation);
        let of = |row: &Artifact| row.organisation == organisation && row.kind == kind;
        self.database.read(cx, at, |view| view.count(of)).await
    }

    /// Those of the identifiers that the organisation has an artifact for. One statement, however many there
    /// are: beyond what the database can bind it fails (docs/spec/platform.md section 8.3).
    pub(in crate::platform) async fn which_exist(
        &self,
        cx: &Cx,
        organisation: Uuid,
        ids: &[String],
    ) -> Outcome<BTreeSet<String>> {
        let asked: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let found = self
            .database
            .read(cx, At::site("store.find-artifacts"), |view| {
                view.parameters(ids.len() + 1);
                view.scan(|row: &Artifact| {
                    row.organisation == organisation && asked.contains(row.uuid.to_string().as_str())
                })
            })
            .await?;
        Ok(found.iter().map(|row| row.uuid.to_string()).collect())
    }
}
