//! The cases of the platform, by section of its page.

mod applications;
mod events;
mod given;
mod internal;
mod inventory;
mod lifecycle;
mod projects;
mod public;
mod registration;
mod socket;
mod subscriptions;

use super::case::Case;
use super::platform::Step;

/// All of them.
pub fn all() -> Vec<Case<Step>> {
    [
        lifecycle::CASES,
        public::CASES,
        socket::CASES,
        events::CASES,
        internal::CASES,
        subscriptions::CASES,
        applications::CASES,
        projects::CASES,
        inventory::CASES,
        registration::CASES,
    ]
    .concat()
}
