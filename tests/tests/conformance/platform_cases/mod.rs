//! The cases of the platform, by section of its page.

mod applications;
mod at_once;
mod content;
mod edition;
mod events;
mod failing;
mod foreign_keys;
mod given;
mod internal;
mod inventory;
mod lifecycle;
mod projects;
mod public;
mod registration;
mod routes;
mod sending;
mod socket;
mod subscriptions;
mod taken;
mod transitional;
mod zones;

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
        taken::CASES,
        foreign_keys::CASES,
        routes::CASES,
        content::CASES,
        failing::CASES,
        sending::CASES,
        zones::CASES,
    ]
    .concat()
}
