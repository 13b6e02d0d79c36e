//! Entity tags: digests in the form of a UUID of version 7 (docs/spec/platform.md sections 8.1 and 8.4,
//! docs/spec/gateway.md section 1).

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid, Variant, Version};

use crate::platform::tables::{ApiKey, Subscription, SubscriptionPlan};
use crate::wire::time::Instant;

/// The deployment, and when it became current as the list has it.
pub(super) fn of_deployment(deployment: Uuid, at: &Instant) -> Uuid {
    stamped(deployment, at)
}

/// The subscription, and when it was last changed.
pub(super) fn of_subscription(subscription: &Subscription) -> Uuid {
    stamped(subscription.uuid, &subscription.updated_at)
}

/// The plan, and when it was last changed.
pub(super) fn of_plan(plan: &SubscriptionPlan) -> Uuid {
    stamped(plan.uuid, &plan.updated_at)
}

/// The instant in milliseconds, then a digest of the identifier.
fn stamped(id: Uuid, at: &Instant) -> Uuid {
    let digest = Sha256::digest(id.to_string());
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest[..10]);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// A digest of the artifact, the name and the time of the last change.
pub(super) fn of_key(key: &ApiKey) -> Uuid {
    // An i64 holds nanoseconds until 2262.
    let updated = key.updated_at.timestamp_nanos_opt().unwrap_or_default();
    let digest = Sha256::digest(format!("{}:{}:{updated}", key.artifact, key.name));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_bytes(bytes).with_version(Version::SortRand).with_variant(Variant::RFC4122).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::platform::tables::{KeyStatus, Targets};
    use crate::wire::time;

    #[test]
    fn tags_are_version_7_and_follow_what_they_are_of() {
        let at = time::parse("2026-03-31T12:17:43.123Z").expect("an instant");
        let tag = of_deployment(Uuid::from_u128(4), &at);
        assert_eq!(tag.get_version_num(), 7);
        // The first 48 bits are the milliseconds of the instant.
        assert_eq!(tag.as_u128() >> 80, at.timestamp_millis() as u128);
        assert_ne!(of_deployment(Uuid::from_u128(5), &at), tag);

        let key = ApiKey {
            uuid: Uuid::from_u128(6),
            artifact: Uuid::from_u128(1),
            name: "one".into(),
            masked_api_key: String::new(),
            api_key_hashes: BTreeMap::new(),
            status: KeyStatus::Active,
            created_by: String::new(),
            created_at: at,
            updated_at: at,
            expires_at: None,
            issuer: None,
            allowed_targets: Targets::All,
        };
        let tag = of_key(&key);
        assert_eq!(tag.get_version_num(), 7);
        let later = ApiKey { updated_at: at + chrono::Duration::nanoseconds(1), ..key };
        assert_ne!(of_key(&later), tag);
    }
}
