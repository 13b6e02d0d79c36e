//! The deletion stage of the sync (docs/spec/gateway.md section 6.3): where issue 3 and its cure are.
//!
//! An artifact that the platform's list lacks may have lost its deployment only, and still exist. Whether
//! anybody asks, and what is made of a question that fails, are decisions of the design.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::event_id::deterministic;
use crate::cx::Cx;
use crate::design::{ExistsCalls, FailedExists, Orphans};
use crate::gateway::platform::RestError;
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

/// Proxies go before the providers they stand before.
const ORDER: [Kind; 4] = [Kind::Mcp, Kind::RestApi, Kind::LlmProxy, Kind::LlmProvider];

impl Replica {
    /// Deletes what the platform's list lacks, as far as the design goes.
    pub(super) async fn delete_orphans(&self, cx: &Cx, orphans: Vec<Uuid>) {
        let orphans = in_random_order(cx, orphans);
        let orphans = self.drop_existing(cx, orphans).await;
        let mut by_kind: BTreeMap<Kind, Vec<Uuid>> = BTreeMap::new();
        for uuid in orphans {
            match self.storage.find(cx, uuid).await {
                Ok(Some(config)) => by_kind.entry(config.artifact.kind).or_default().push(uuid),
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "sync: an orphan can't be read"),
            }
        }
        for kind in ORDER {
            for uuid in by_kind.remove(&kind).unwrap_or_default() {
                self.delete_orphan(cx, kind, uuid).await;
            }
        }
    }

    /// The orphans without those of which the platform says that they exist.
    async fn drop_existing(&self, cx: &Cx, orphans: Vec<Uuid>) -> Vec<Uuid> {
        let asks = match self.design.orphans {
            Orphans::Delete => false,
            // A platform on the premises has nobody to ask.
            Orphans::Ask => self.has_lists(),
        };
        if !asks || orphans.is_empty() {
            return orphans;
        }
        let existing = match self.existing(cx, &orphans).await {
            Ok(existing) => existing,
            Err(error) => {
                tracing::warn!(%error, "sync: nobody knows which orphans exist");
                match (self.design.failed_exists, error) {
                    (FailedExists::MeansAbsent, _) => return orphans,
                    (FailedExists::SecondRefusalMeansAbsent, RestError::Status(_)) => {
                        match self.existing(cx, &orphans).await {
                            Ok(existing) => existing,
                            Err(RestError::Status(_)) => return orphans,
                            Err(_) => return Vec::new(),
                        }
                    }
                    (FailedExists::KeepsAll | FailedExists::SecondRefusalMeansAbsent, _) => {
                        return Vec::new();
                    }
                }
            }
        };
        // What the answer leaves out counts as absent.
        orphans.into_iter().filter(|uuid| !existing.contains(&uuid.to_string())).collect()
    }

    /// Those of the orphans of which the platform says that they exist.
    async fn existing(&self, cx: &Cx, orphans: &[Uuid]) -> Result<BTreeSet<String>, RestError> {
        let mut existing = BTreeSet::new();
        for chunk in self.chunks_of_question(orphans) {
            let answers = self.platform.artifacts_exist(cx, chunk).await?;
            let those = answers.into_iter().filter(|answer| answer.exists);
            existing.extend(those.map(|answer| answer.artifact_id));
        }
        Ok(existing)
    }

    /// What is asked about in one call.
    pub(super) fn chunks_of_question<'a>(&self, artifacts: &'a [Uuid]) -> std::slice::Chunks<'a, Uuid> {
        let most = match self.design.exists_calls {
            ExistsCalls::Unbounded => usize::MAX,
            ExistsCalls::Bounded => usize::try_from(self.settings.sync_exists_batch).unwrap_or(usize::MAX),
        };
        artifacts.chunks(most.max(1))
    }

    async fn delete_orphan(&self, cx: &Cx, kind: Kind, uuid: Uuid) {
        let event_id = deterministic(&uuid.to_string(), Some(cx.wall())).to_string();
        if let Err(error) = self.delete_artifact(cx, kind, uuid, event_id).await {
            tracing::warn!(%error, "sync: an orphan stays");
        }
    }
}

/// The real gateway walks a map, in an order that differs from run to run.
fn in_random_order(cx: &Cx, mut uuids: Vec<Uuid>) -> Vec<Uuid> {
    let salt = cx.draw("deletion-order");
    uuids.sort_by_cached_key(|uuid| {
        let (high, low) = uuid.as_u64_pair();
        scrambled(scrambled(salt ^ high) ^ low)
    });
    uuids
}

/// The finaliser of SplitMix64: every bit of the result depends on every bit of `x`.
fn scrambled(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::scrambled;

    /// What SplitMix64 gives first from the states 0 and 1234567: a step adds its constant, then finalises.
    #[test]
    fn scrambled_is_the_finaliser_of_splitmix64() {
        let step = 0x9e37_79b9_7f4a_7c15_u64;
        assert_eq!(scrambled(step), 0xe220_a839_7b1d_cdaf);
        assert_eq!(scrambled(1_234_567_u64.wrapping_add(step)), 6_457_827_717_110_365_317);
    }
}
