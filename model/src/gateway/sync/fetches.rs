//! The fetch stage of the sync (docs/spec/gateway.md section 6.4).
//!
//! A chunk that can't be fetched is skipped as a whole, a definition that is missing or can't be deployed by
//! itself. Nothing is tried again before the process starts again, and nothing is acknowledged.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::event_id::etag_or;
use crate::cx::Cx;
use crate::design::FetchedDefinitions;
use crate::gateway::pipeline::Deploy;
use crate::gateway::replica::Replica;
use crate::wire::internal::DeploymentEntry;
use crate::wire::kind::Kind;
use crate::wire::time;

/// Providers come before the proxies that stand before them.
const ORDER: [Kind; 4] = [Kind::LlmProvider, Kind::LlmProxy, Kind::RestApi, Kind::Mcp];

impl Replica {
    /// Fetches definitions in chunks and deploys them one by one.
    pub(super) async fn fetch_deployments(&self, cx: &Cx, wanted: Vec<DeploymentEntry>) {
        // An entry of a kind that isn't known here falls in no bucket.
        let of =
            |kind: Kind| wanted.iter().filter(move |entry| entry.kind == kind.name()).map(move |e| (kind, e));
        let wanted: Vec<_> = ORDER.into_iter().flat_map(of).collect();
        let chunk = usize::try_from(self.settings.sync_batch_size).unwrap_or(usize::MAX).max(1);
        let mut unwritten = Vec::new();
        for chunk in wanted.chunks(chunk) {
            let ids: Vec<Uuid> = chunk.iter().map(|(_, entry)| entry.deployment_id).collect();
            match self.platform.definitions(cx, &ids).await {
                Ok(definitions) => match self.design.fetched_definitions {
                    FetchedDefinitions::AreWrittenByChunk => self.deploy_chunk(cx, chunk, definitions).await,
                    FetchedDefinitions::AreWrittenAtTheEnd => unwritten.push((chunk, definitions)),
                },
                Err(error) => tracing::warn!(%error, "sync: a chunk of {} can't be fetched", chunk.len()),
            }
        }
        for (chunk, definitions) in unwritten {
            self.deploy_chunk(cx, chunk, definitions).await;
        }
    }

    async fn deploy_chunk(
        &self,
        cx: &Cx,
        chunk: &[(Kind, &DeploymentEntry)],
        mut definitions: BTreeMap<String, Vec<u8>>,
    ) {
        for (kind, entry) in chunk {
            let Some(definition) = definitions.remove(&entry.deployment_id.to_string()) else {
                tracing::warn!(deployment = %entry.deployment_id, "sync: not in the archive");
                continue;
            };
            let deploy = Deploy {
                kind: *kind,
                artifact: entry.artifact_id,
                deployment: entry.deployment_id,
                deployed_at: time::to_millis(entry.deployed_at),
                definition,
                event_id: etag_or(&entry.etag, &entry.artifact_id.to_string(), entry.deployed_at),
            };
            if let Err(error) = self.deploy(cx, deploy).await {
                tracing::warn!(%error, artifact = %entry.artifact_id, "sync: not deployed");
            }
        }
    }
}
