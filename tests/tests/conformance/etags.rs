//! Etags as the specification has them, made a second time to compare with.

use driftless_model::wire::time::Instant;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid, Variant, Version};

use super::words::Words;

/// Whether an etag is the digest of a deployment and an instant (platform.md section 8.1), all three by name.
pub fn of_deployment(words: &Words, etag: &str, deployment: &str, at: &str) -> Result<(), String> {
    let digest = Sha256::digest(words.get(deployment)?);
    let random: [u8; 10] = digest[..10].try_into().expect("a digest is longer");
    let millis = u64::try_from(instant(words, at)?.timestamp_millis()).expect("after 1970");
    is(words, etag, Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Whether an etag is the digest of an artifact, a key's name and an instant (platform.md section 8.4).
pub fn of_key(words: &Words, etag: &str, artifact: &str, name: &str, updated: &str) -> Result<(), String> {
    let nanos = instant(words, updated)?.timestamp_nanos_opt().expect("before 2262");
    let digest = Sha256::digest(format!("{}:{name}:{nanos}", words.get(artifact)?));
    let bytes: [u8; 16] = digest[..16].try_into().expect("a digest is longer");
    let wanted = Builder::from_bytes(bytes).with_version(Version::SortRand).with_variant(Variant::RFC4122);
    is(words, etag, wanted.into_uuid())
}

fn instant(words: &Words, name: &str) -> Result<Instant, String> {
    words.get(name)?.parse().map_err(|e| format!("$({name}): {e}"))
}

fn is(words: &Words, etag: &str, wanted: Uuid) -> Result<(), String> {
    let etag = words.get(etag)?;
    if etag == wanted.to_string() { Ok(()) } else { Err(format!("expected the etag {wanted}, saw {etag}")) }
}
