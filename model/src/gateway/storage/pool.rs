//! The pool of connections that one part of a process has to the database (docs/spec/gateway.md sections 2
//! and 15.2).
//!
//! For SQLite it holds one: whoever wants to run a statement waits, without limit, until the statement or the
//! transaction before it has let go. What the connection itself waits for, the lock of the other pool's
//! writer, is the database's business and ends after 5 s. For Postgres there are enough for everybody.
//!
//! A task holds the connection for one statement, or from the first statement of a transaction to its end,
//! and runs nothing else meanwhile, so nobody can wait for himself.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::cx::{At, CrossingId, Cx};
use crate::store::{self, Database, Flavour, Settings, StoreError, View, Writer};

/// The pool of connections that one part of a process has to the database. Clones share it.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Pool {
    database: Database,
    /// The one connection, with the last crossing of whoever had it.
    only: Option<Arc<Mutex<CrossingId>>>,
}

/// The connection while somebody has it.
struct Lease {
    connection: OwnedMutexGuard<CrossingId>,
    holder: Cx,
}

impl Drop for Lease {
    fn drop(&mut self) {
        *self.connection = self.holder.last_seen().unwrap_or_default();
    }
}

impl Pool {
    /// A pool that nobody has used.
    pub fn new(database: Database) -> Self {
        let only = match database.settings().flavour {
            Flavour::Sqlite => Some(Arc::default()),
            Flavour::Postgres => None,
        };
        Pool { database, only }
    }

    /// How the database is set up.
    pub fn settings(&self) -> &Settings {
        self.database.settings()
    }

    /// Runs a reading statement outside a transaction.
    pub async fn read<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        body: impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        let _lease = self.lease(cx).await;
        self.database.read(cx, at, body).await
    }

    /// Runs a writing statement outside a transaction, and commits it.
    pub async fn write<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let _lease = self.lease(cx).await;
        self.database.write(cx, at, body).await
    }

    /// A transaction. It has no connection until its first statement.
    pub fn begin(&self, cx: &Cx) -> Transaction {
        Transaction { open: self.database.begin(cx), lease: None, pool: self.clone() }
    }

    async fn lease(&self, cx: &Cx) -> Option<Lease> {
        let only = self.only.clone()?;
        let connection = match only.clone().try_lock_owned() {
            Ok(connection) => connection,
            Err(_) => {
                let connection = only.lock_owned().await;
                // Whoever let go of it is why this goes on.
                cx.see(*connection);
                connection
            }
        };
        Some(Lease { connection, holder: cx.clone() })
    }
}

/// A transaction on a connection of the pool. Dropping it rolls it back and gives the connection back.
#[must_use]
pub(in crate::gateway) struct Transaction {
    // Before the lease: what is open is rolled back before anybody else has the connection.
    open: store::Transaction,
    lease: Option<Lease>,
    pool: Pool,
}

impl Transaction {
    /// Runs a reading statement.
    pub async fn read<R>(
        &mut self,
        cx: &Cx,
        at: At<'_>,
        body: impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        self.connect(cx).await;
        self.open.read(cx, at, body).await
    }

    /// Runs a writing statement.
    pub async fn write<R>(
        &mut self,
        cx: &Cx,
        at: At<'_>,
        body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.connect(cx).await;
        self.open.write(cx, at, body).await
    }

    /// Commits.
    pub async fn commit(self, cx: &Cx, at: At<'_>) -> Result<(), StoreError> {
        let Transaction { open, lease, .. } = self;
        let committed = open.commit(cx, at).await;
        drop(lease);
        committed
    }

    async fn connect(&mut self, cx: &Cx) {
        if self.lease.is_none() {
            self.lease = self.pool.lease(cx).await;
        }
    }
}
