//! The cases of the platform, by section of its page.

mod events;
mod given;
mod internal;
mod lifecycle;
mod public;
mod socket;

use super::case::Case;
use super::platform::Step;

/// All of them.
pub fn all() -> Vec<Case<Step>> {
    [lifecycle::CASES, public::CASES, socket::CASES, events::CASES, internal::CASES].concat()
}
