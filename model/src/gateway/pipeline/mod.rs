//! The pipelines by which an artifact is written, changed and deleted, whoever asks for it: a live event or
//! the sync at the start.
//!
//! Each ends in a database commit and an event on the hub. Memory and routes are left to the listener.

mod delete;
mod deploy;
mod restate;

pub(in crate::gateway) use delete::Deletion;
pub(in crate::gateway) use deploy::{Deploy, Outcome};
pub(in crate::gateway) use restate::Restate;
