//! The gateway controller: one replica of it, a process that keeps a data plane in step with its platform.
//!
//! It hears of changes by events on a WebSocket that it opens, asks for what it missed when it first connects,
//! and writes both into its database. From there a hub of events, polled every few seconds by every replica on
//! that database, brings them into memory; and only what is in memory is served. So a change has three
//! lives, in the database, in the hub and in memory, and every crash, race and lost event between them is one
//! the real system has too.
//!
//! In reading order:
//!
//! * `tables`: what is durable; `memory`: what is not, and what of it is served;
//! * `boot`: how a process starts; `shutdown`: how it ends; `replica`: what its tasks share;
//! * `link`: the connection to the platform; `platform`: the calls to it;
//! * `events`: what a live event does; `sync`: what is asked for after connecting;
//! * `pipeline`: how either writes and deletes artifacts; `storage`: the statements;
//! * `hub` and `listener`: how what was written reaches memory;
//! * `local`: what somebody at the gateway itself can do.
//!
//! Deliberately not here: Envoy, secrets, and what policies do (routes say which deployment is served, and
//! that is all).

mod boot;
mod events;
mod hub;
mod link;
mod listener;
mod local;
mod memory;
mod pipeline;
mod platform;
mod replica;
mod shutdown;
mod storage;
mod sync;
pub mod tables;

#[cfg(test)]
mod tests;

pub use boot::{Config, Ended, Exit, run};
pub use local::{LocalOperation, LocalRefusal, Management};
pub use memory::{
    ConfigError, ConfigStore, Digest, LazyResources, LinkStatus, MissingPlan, PolicyKeys, Projected,
    Projections, Route, Routes, RuntimePolicies, RuntimePolicy, StoredConfig, Subscribed, Subscriptions,
    SyncProgress, digest,
};
pub use tables::schema;
