//! [`Database`]: the store of a node as its actors use it.
//!
//! It outlives the process that uses it: what is committed stays when a life ends, and [`Database::abandon`]
//! takes back the rest. Bodies of statements run synchronously in the turn of their crossing, with the
//! database locked: they use the view or the writer they are given and nothing else.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::pool::Lease;
use super::state::{Attempt, Backup, Caller, State};
use super::table::TxId;
use super::wait::{Patience, Waiter};
use super::{Disturbance, ForeignKeys, Schema, StoreError, Transaction, View, Writer};
use crate::cx::{At, CrossingId, Cx, LifeId, Record};

/// Which database this one behaves like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flavour {
    /// One writer at a time in the whole store; others wait for a while and then fail.
    Sqlite,
    /// Read committed: transactions overlap, and wait for one another only where both write.
    Postgres,
}

impl Flavour {
    /// How many bind parameters one statement may have.
    pub fn parameters_most(self) -> usize {
        match self {
            Flavour::Sqlite => 32_766,
            Flavour::Postgres => 65_535,
        }
    }

    pub(super) fn allows(self, given: usize, most: usize) -> Result<(), StoreError> {
        if given > most { Err(StoreError::TooManyParameters { given, most, flavour: self }) } else { Ok(()) }
    }
}

/// How a database is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Which database it behaves like.
    pub flavour: Flavour,
    /// Whether foreign keys are enforced from the start.
    pub foreign_keys: ForeignKeys,
    /// How long a statement of an SQLite store waits for the writer before it.
    pub busy_timeout: Duration,
    /// How many bind parameters one statement may have.
    pub parameters_max: usize,
}

impl Settings {
    /// The settings of a fresh store of this flavour.
    pub fn of(flavour: Flavour) -> Self {
        Settings {
            flavour,
            foreign_keys: ForeignKeys::On,
            busy_timeout: Duration::from_secs(5),
            parameters_max: flavour.parameters_most(),
        }
    }
}

/// A database. Cheap to clone; clones are the same database.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    settings: Settings,
    state: Mutex<State>,
}

impl Database {
    /// An empty database.
    ///
    /// # Panics
    /// If a foreign key of the schema points to what the schema doesn't have.
    pub fn new(schema: Schema, settings: Settings) -> Self {
        let state = Mutex::new(State::new(schema, &settings));
        Database(Arc::new(Inner { settings, state }))
    }

    /// How it is set up.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Runs a reading statement outside a transaction: one crossing.
    ///
    /// # Errors
    /// [`StoreError::Broken`] and [`StoreError::TooManyParameters`].
    pub async fn read<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        mut body: impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        let _lease = Lease::take(self, cx);
        self.read_in(cx, at, None, &mut body).await
    }

    /// Runs a writing statement outside a transaction, and commits it: one crossing, or one more each time
    /// it had to wait for another transaction and is tried again. The body then runs again from the start.
    ///
    /// # Errors
    /// What the body returned or met; [`StoreError::Broken`] if the crossing failed. It then had no effect,
    /// save where the crossing took place and only its answer was lost.
    pub async fn write<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        mut body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let lease = Lease::take(self, cx);
        self.write_in(cx, at, None, &lease, &mut body).await
    }

    /// A transaction of the caller's life. It begins nothing until its first statement.
    pub fn begin(&self, cx: &Cx) -> Transaction {
        let id = self.state().begin(cx.task().life);
        Transaction::new(self.clone(), id, Lease::take(self, cx))
    }

    /// A life has crashed: its open transactions roll back and its waits end.
    pub fn abandon(&self, life: LifeId) {
        self.state().abandon(life);
    }

    /// Looks at what is committed without a crossing. For those who watch an actor, never for an actor.
    pub fn look<R>(&self, body: impl FnOnce(&View<'_>) -> R) -> R {
        body(&self.state().committed())
    }

    /// A number that grows with each commit that changed a row.
    pub fn version(&self) -> u64 {
        self.state().version
    }

    /// Enforces foreign keys otherwise from now on (`docs/spec/platform.md` section 2.4).
    pub fn set_foreign_keys(&self, keys: impl Into<ForeignKeys>) {
        self.state().foreign_keys = keys.into();
    }

    /// What is committed, to be kept elsewhere. For whoever runs the machine, never for an actor.
    pub fn backup(&self) -> Backup {
        self.state().backup()
    }

    /// Holds what a backup holds, or nothing at all. For whoever runs the machine, while nobody uses it.
    pub fn restore(&self, backup: Option<&Backup>) {
        self.state().restore(backup);
    }

    pub(super) async fn read_in<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        tx: Option<TxId>,
        body: &mut impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        let effect = |id, record: &mut Record, by: Disturbance| {
            noted(self.state().read((tx, &by), id, record, body), record)
        };
        let result = cx.cross_into(at, effect).await;
        result.map_err(|broken| self.broke(tx, broken.into()))?
    }

    pub(super) async fn write_in<R>(
        &self,
        cx: &Cx,
        at: At<'_>,
        tx: Option<TxId>,
        lease: &Lease,
        body: &mut impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let mut patience = Patience::default();
        loop {
            let (life, impatient) = (cx.task().life, patience.over);
            let effect = |id, record: &mut Record, by: Disturbance| {
                let mut state = self.state();
                if let Disturbance::Abort(why) = by {
                    return noted(state.abort(tx, id, why), record);
                }
                let caller = Caller { life, tx, impatient, enforced: lease.enforces(state.foreign_keys) };
                let attempt = state.write(caller, id, record, body);
                drop(state);
                noted(attempt.map(|attempt| self.with_waiter(attempt)), record)
            };
            match cx.cross_into(at, effect).await.map_err(|broken| self.broke(tx, broken.into()))?? {
                Attempt::Done(result) => return Ok(result),
                Attempt::Wait(waiter) => patience.wait(cx, waiter).await,
            }
        }
    }

    pub(super) async fn commit(&self, cx: &Cx, at: At<'_>, tx: TxId) -> Result<(), StoreError> {
        let effect = |id: CrossingId, record: &mut Record, by: Disturbance| {
            let mut state = self.state();
            let result = match by {
                Disturbance::Abort(why) => state.abort(Some(tx), id, why),
                Disturbance::None | Disturbance::Half | Disturbance::Without(_) => {
                    state.commit(tx, id, record)
                }
            };
            noted(result, record)
        };
        cx.cross_into(at, effect).await?
    }

    pub(super) fn roll_back(&self, tx: TxId) {
        self.state().roll_back(tx);
    }

    /// The state, locked. A body that panicked has left it whole: its statement was undone.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_waiter<R>(&self, attempt: Attempt<R, super::state::Ticket>) -> Attempt<R, Waiter> {
        match attempt {
            Attempt::Done(result) => Attempt::Done(result),
            Attempt::Wait(ticket) => Attempt::Wait(Waiter::new(self, ticket)),
        }
    }

    /// A statement of `tx` was broken on its way: to its transaction that is an error like any other.
    fn broke(&self, tx: Option<TxId>, error: StoreError) -> StoreError {
        self.state().fail(tx);
        error
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.0.settings).finish()
    }
}

/// The result, with its error in the record.
fn noted<R>(result: Result<R, StoreError>, record: &mut Record) -> Result<R, StoreError> {
    if let Err(error) = &result {
        record.failed = Some(error.to_string());
    }
    result
}
