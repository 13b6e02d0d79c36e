//! The cases of the platform, by section of its page.

mod at_once;
mod edition;
mod events;
mod given;
mod internal;
mod lifecycle;
mod public;
mod socket;
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
    ]
    .concat()
}
