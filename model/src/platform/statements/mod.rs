//! Every statement of the platform by name.
//!
//! Each is one crossing and says what it reads or writes, nothing of why. Statements of a transaction take
//! the transaction; the others go to the database. Orders that SQL leaves open are those of the primary key.

mod applications;
mod artifacts;
mod associations;
mod deployments;
mod details;
mod gateways;
mod instants;
mod keys;
mod organisations;
mod plans;
mod projects;
mod revision;
mod status;
mod subscriptions;
mod templates;
mod tokens;

pub(super) use applications::MappedKey;
pub(super) use deployments::Held;
pub(super) use details::{Detail, Found};
pub(super) use keys::{Listed, ListedKey};
pub(super) use status::ListedStatuses;

use crate::store::StoreError;

/// What a statement returns.
pub(super) type Outcome<T> = Result<T, StoreError>;

/// How many subscriptions or plans are read at once (docs/spec/platform.md section 8.5).
pub(super) const PAGE: usize = 1000;

/// `LIMIT 1000 OFFSET offset`.
fn page<T>(rows: Vec<T>, offset: usize) -> Vec<T> {
    rows.into_iter().skip(offset).take(PAGE).collect()
}
