//! The cases of the platform, by section of its page.

mod applications;
mod at_once;
mod edition;
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
mod transitional;

use super::case::Case;
use super::platform::Step;

/// All of them.
pub fn all() -> Vec<Case<Step>> {
    [
        lifecycle::CASES,
        transitional::CASES,
        public::CASES,
        socket::CASES,
        at_once::CASES,
        events::CASES,
        internal::CASES,
        edition::CASES,
        subscriptions::CASES,
        applications::CASES,
        projects::CASES,
        inventory::CASES,
        registration::CASES,
    ]
    .concat()
}
