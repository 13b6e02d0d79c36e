//! Where operations begin that are put amid a gateway's sync: what it asks and does there in every plan.

use crate::address::Pattern;

/// Crossings of a sync, in order; what is asked first leaves most to happen beside it.
const SYNC: &[&str] = &[
    "connection http.connect answered",
    "sync http.deployments",
    "sync http.deployments answered",
    "sync http.deployments answer-received",
    "sync store.list-artifacts",
    "sync http.artifacts-exists",
    "sync http.artifacts-exists answered",
    "sync http.fetch-batch",
    "sync http.fetch-batch answered",
    "sync store.commit-upsert",
    "sync store.commit-delete",
    "sync http.subscription-plans",
    "sync http.api-keys",
    "sync http.api-keys answered",
    "boot boot.load-artifacts",
    "boot boot.routes",
];

/// A crossing of the sync of that life of a node.
pub(super) fn crossing(node: &str, life: u32, choice: usize) -> Option<Pattern> {
    format!("{node}@{life} {}", SYNC[choice % SYNC.len()]).parse().ok()
}
