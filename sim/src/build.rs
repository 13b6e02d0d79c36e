//! By which build something was made.

use serde::{Deserialize, Serialize};

/// A build of driftless.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Build {
    /// Its version.
    pub version: String,
    /// Its commit, where whoever built it said so (`DRIFTLESS_COMMIT`).
    pub commit: Option<String>,
}

impl Build {
    /// This one.
    pub fn this() -> Self {
        let commit = option_env!("DRIFTLESS_COMMIT").map(str::to_owned);
        Build { version: env!("CARGO_PKG_VERSION").to_owned(), commit }
    }
}
