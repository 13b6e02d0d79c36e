//! Telling the platform which policies this gateway has (docs/spec/gateway.md sections 2 and 11).
//!
//! Sent after every connect, by a task of its own, to a cloud platform only. The last one that arrives wins, and
//! nothing keeps those of two connects in order. The policies are a fixed short list: nothing here reads policy
//! definitions, and the platform only shows what it was told.

use std::time::Duration;

use uuid::Uuid;

use crate::cx::Cx;
use crate::gateway::replica::Replica;
use crate::wire::internal::{Manifest, ManifestPolicy};

/// How long to wait after each failed attempt; after the last there is no other.
const WAITS: [Option<Duration>; 3] = [Some(Duration::from_secs(2)), Some(Duration::from_secs(4)), None];

/// Name and version of every policy.
const POLICIES: [(&str, &str); 3] =
    [("api-key-auth", "v1.0.0"), ("subscription-validation", "v1.0.0"), ("token-based-ratelimit", "v1.0.0")];

impl Replica {
    /// Tries three times at most.
    pub async fn push_manifest(&self, cx: &Cx, gateway: Uuid) {
        if self.platform.is_on_premises() {
            return;
        }
        let manifest = manifest();
        for wait in WAITS {
            let error = match self.platform.push_manifest(cx, gateway, &manifest).await {
                Ok(()) => return,
                Err(error) => error,
            };
            tracing::warn!(%error, "the manifest was not taken");
            let Some(wait) = wait else { return };
            // A client that is stopped waits for nothing any more.
            tokio::select! {
                biased;
                () = self.client.asked() => return,
                () = cx.sleep(wait) => {}
            }
        }
    }
}

fn manifest() -> Manifest {
    let policy = |(name, version): &(&str, &str)| ManifestPolicy {
        name: (*name).to_owned(),
        version: (*version).to_owned(),
        managed_by: "wso2".to_owned(),
        ..ManifestPolicy::default()
    };
    Manifest { policies: POLICIES.iter().map(policy).collect() }
}
