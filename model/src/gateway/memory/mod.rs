//! What one gateway process holds in memory, and what of it the data plane serves.
//!
//! Three separate things, each with rules of its own: the [`ConfigStore`] of artifacts and keys, from which
//! alone routes are made; the [`PolicyKeys`], which alone decide whether a key is accepted; and the
//! [`Routes`] that were last made. All of it dies with the process, and nothing keeps the three in step but
//! the order in which the listener writes them.

mod config_store;
mod policy_keys;
mod projections;
mod routes;

pub use config_store::{ConfigError, ConfigStore, StoredConfig};
pub use policy_keys::PolicyKeys;
pub use projections::{LinkStatus, Projected, Projections, SyncProgress};
pub use routes::{Digest, Route, Routes, digest};
