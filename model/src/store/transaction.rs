//! [`Transaction`]: several statements that take effect together, or not at all.
//!
//! Each statement is a crossing of its own, and so is the commit. There are no savepoints and no locks to
//! take by hand, since the real services use neither.

use std::fmt;

use super::pool::Lease;
use super::table::TxId;
use super::{Database, StoreError, View, Writer};
use crate::cx::{At, Cx};

/// An open transaction. Dropping it rolls it back.
///
/// In SQLite its reads see the store as it was at the first of them, and its first write makes it the one
/// writer until it ends; if it has read before, that first write fails at once with [`StoreError::Busy`] when
/// another writes or has written since. In Postgres each statement sees what is committed by then, and a
/// failed statement leaves only the rollback.
#[must_use]
pub struct Transaction {
    database: Database,
    id: TxId,
    lease: Lease,
}

impl Transaction {
    pub(super) fn new(database: Database, id: TxId, lease: Lease) -> Self {
        Transaction { database, id, lease }
    }

    /// Runs a reading statement: one crossing.
    ///
    /// # Errors
    /// Those of [`Database::read`], and [`StoreError::Aborted`].
    pub async fn read<R>(
        &mut self,
        cx: &Cx,
        at: At<'_>,
        mut body: impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        self.database.read_in(cx, at, Some(self.id), &mut body).await
    }

    /// Runs a writing statement: one crossing, or one more each time it had to wait. If it fails, only what
    /// it wrote itself is undone.
    ///
    /// # Errors
    /// Those of [`Database::write`], [`StoreError::Aborted`] and [`StoreError::Deadlock`].
    pub async fn write<R>(
        &mut self,
        cx: &Cx,
        at: At<'_>,
        mut body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.database.write_in(cx, at, Some(self.id), &self.lease, &mut body).await
    }

    /// Commits: one crossing. If it fails the transaction is rolled back.
    ///
    /// # Errors
    /// [`StoreError::Aborted`] if a statement had failed (Postgres); [`StoreError::Broken`] if the crossing
    /// failed, in which case the commit took place only if its answer alone was lost.
    pub async fn commit(self, cx: &Cx, at: At<'_>) -> Result<(), StoreError> {
        self.database.commit(cx, at, self.id).await
    }
}

impl Drop for Transaction {
    /// Rolls back, unless it was committed or its life has ended.
    fn drop(&mut self) {
        self.database.roll_back(self.id);
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({})", self.id.0)
    }
}
