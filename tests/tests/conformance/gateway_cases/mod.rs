//! The cases of the gateway, by section of its page.

mod applications;
mod events;
mod given;
mod keys;
mod local;
mod process;
mod subscriptions;
mod sync;

use super::case::Case;
use super::gateway::Step;

/// All of them.
pub fn all() -> Vec<Case<Step>> {
    [
        process::CASES,
        sync::CASES,
        keys::CASES,
        events::CASES,
        subscriptions::CASES,
        applications::CASES,
        local::CASES,
    ]
    .concat()
}
