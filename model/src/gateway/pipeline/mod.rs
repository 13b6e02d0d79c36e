//! The pipelines by which an artifact is written, changed and deleted, whoever asks for it: a live event or
//! the sync at the start.
//!
//! Each ends in a database commit and an event on the hub. Memory and routes are left to the listener; only the
//! snapshot of subscriptions, which is made from the database, is also rebuilt from here.

mod delete;
mod deploy;
mod restate;
mod snapshot;
mod subscription;
mod write;

pub(in crate::gateway) use delete::Deletion;
pub(in crate::gateway) use deploy::{Deploy, DeployError, Outcome, validated};
pub(in crate::gateway) use restate::Restate;
pub(in crate::gateway) use snapshot::SnapshotError;
pub(in crate::gateway) use subscription::SubscriptionError;
