//! Secrets: drawn, hashed, masked (docs/spec/platform.md sections 2.1 and 4.4).

use sha2::{Digest, Sha256};

use crate::cx::Cx;

/// 32 random bytes from the task's stream of that name.
pub(super) fn random_bytes(cx: &Cx, stream: &'static str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for part in bytes.chunks_exact_mut(8) {
        part.copy_from_slice(&cx.draw(stream).to_le_bytes());
    }
    bytes
}

/// Bytes in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a secret without the space around it, in hex.
pub(super) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.trim()))
}

/// What may be shown of an API key: eight characters.
pub(super) fn mask(secret: &str) -> String {
    let hidden = "***";
    let letters: Vec<char> = secret.trim().chars().collect();
    match letters.len().checked_sub(5) {
        Some(start) => hidden.chars().chain(letters[start..].iter().copied()).collect(),
        None => hidden.to_owned(),
    }
}
