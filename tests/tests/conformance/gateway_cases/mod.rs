//! The cases of the gateway, by section of its page.

mod events;
mod given;
mod process;
mod sync;

use super::case::Case;
use super::gateway::Step;

/// All of them.
pub fn all() -> Vec<Case<Step>> {
    [process::CASES, sync::CASES, events::CASES].concat()
}
