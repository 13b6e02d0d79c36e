//! Which API keys let requests in on a gateway.
//!
//! A key that is active, hasn't ended and isn't kept from this gateway by its targets opens its artifact wherever
//! that is served. One that was revoked or deleted, has ended, or is for other gateways opens nothing.

use std::collections::BTreeMap;

use driftless_model::platform::tables::{ApiKey, Gateway, KeyStatus};
use driftless_model::store::View;
use driftless_model::wire::time::{self, Instant};
use uuid::Uuid;

use super::{Kept, Standing, standing};

/// A key that opens something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyOught {
    /// The platform's identifier of it.
    pub key: Uuid,
    /// Whether it has to.
    pub standing: Standing,
}

/// The algorithm by which gateways know a secret.
const SHA_256: &str = "sha256";

pub(super) fn of(
    view: &View<'_>,
    gateway: &Gateway,
    artifacts: &BTreeMap<Uuid, Kept>,
    now: Instant,
) -> BTreeMap<(Uuid, String), KeyOught> {
    let opens = |row: &ApiKey| {
        let ended = row.expires_at.as_deref().and_then(time::parse).is_some_and(|end| end <= now);
        row.status == KeyStatus::Active && !ended && row.allowed_targets.include(&gateway.name)
    };
    let ought = |row: &ApiKey| {
        let kept = artifacts.get(&row.artifact)?;
        let hash = row.api_key_hashes.get(SHA_256)?.clone();
        Some(((row.artifact, hash), KeyOught { key: row.uuid, standing: standing(&kept.place) }))
    };
    view.scan(opens).iter().filter_map(|row| ought(row)).collect()
}
