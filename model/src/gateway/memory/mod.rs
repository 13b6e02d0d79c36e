//! What one gateway process holds in memory, and what of it the data plane serves.
//!
//! Separate things, each with rules of its own: the [`ConfigStore`] of artifacts and keys, from which alone
//! routes are made; the [`PolicyKeys`], which alone decide whether a key is accepted; the [`Subscriptions`],
//! which alone decide whether a token is, and are made from the database; the [`RuntimePolicies`]; the
//! [`LazyResources`] that LLM providers are translated with; and the [`Routes`] that were last made. All of it
//! dies with the process, and nothing keeps them in step but the order in which they are written.

mod config_store;
mod lazy_resources;
mod policy_keys;
mod projections;
mod routes;
mod runtime_policies;
mod secret;
mod subscriptions;

pub use config_store::{ConfigError, ConfigStore, StoredConfig};
pub use lazy_resources::LazyResources;
pub use policy_keys::PolicyKeys;
pub use projections::{LinkStatus, Projected, Projections, SyncProgress};
pub use routes::{Digest, Route, Routes, digest};
pub use runtime_policies::{RuntimePolicies, RuntimePolicy};
pub(in crate::gateway) use secret::hash;
pub use subscriptions::{MissingPlan, Subscribed, Subscriptions};
