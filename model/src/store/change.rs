//! [`Change`]: one row before and after a commit, as it goes into the history.
//!
//! Uncommitted writes are never a change, nor is a write that left the row as it was.

use std::sync::Arc;

use super::row::typed;
use super::{AnyRow, Key, Row};

/// What a commit did to one row.
#[derive(Clone, Debug)]
pub struct Change {
    /// The row's table.
    pub table: &'static str,
    /// Its primary key.
    pub key: Key,
    /// The row as it was; `None` if it is new.
    pub before: Option<Arc<dyn AnyRow>>,
    /// The row as it is; `None` if it was deleted.
    pub after: Option<Arc<dyn AnyRow>>,
}

impl Change {
    /// The row as it was, if it was there and is of this type.
    pub fn before_as<T: Row>(&self) -> Option<&T> {
        self.before.as_deref().and_then(typed)
    }

    /// The row as it is, if it is there and of this type.
    pub fn after_as<T: Row>(&self) -> Option<&T> {
        self.after.as_deref().and_then(typed)
    }
}
