//! What a secret is kept as.

use sha2::{Digest, Sha256};

/// The SHA-256 of a key or a token, in hexadecimal.
pub(in crate::gateway) fn hash(plain: &str) -> String {
    Sha256::digest(plain.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
