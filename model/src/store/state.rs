//! What a database holds: its tables, its open transactions, and who waits for whom.
//!
//! The rules of the two flavours are here. SQLite has one writer at a time in the whole store, and a
//! transaction that has read sees the store as it was then. In Postgres every statement sees what is
//! committed, and writers meet at single rows. There is no time here: how long to wait is the waiter's
//! business (`wait.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::schema::Schema;
use super::table::{Table, TxId};
use super::view::{Tables, View};
use super::writer::{Ended, Writer, Written};
use super::{Disturbance, Flavour, ForeignKeys, Settings, StoreError};
use crate::cx::{CrossingId, LifeId, Record};

/// What a database holds.
pub(super) struct State {
    schema: Schema,
    flavour: Flavour,
    parameters_max: usize,
    pub foreign_keys: ForeignKeys,
    /// The lives whose first connection is in use.
    pub first_in_use: BTreeSet<LifeId>,
    pub tables: Vec<Arc<Table>>,
    /// Commits that changed a row.
    pub version: u64,
    /// Commits that wrote to the file, whether or not that changed a row (SQLite).
    commits: u64,
    last: u64,
    open: BTreeMap<TxId, Open>,
    /// Who holds the writer's lock of an SQLite store.
    writer: Option<TxId>,
    /// By arrival.
    waiting: Vec<Waiting>,
}

/// An open transaction.
struct Open {
    life: LifeId,
    written: Vec<Written>,
    snapshot: Option<Snapshot>,
    failed: bool,
    /// Whether its commit will write to the file.
    dirty: bool,
    /// Its last crossing, which is the cause if its end lets others go on.
    last: CrossingId,
}

impl Open {
    fn of(life: LifeId, last: CrossingId) -> Self {
        Open { life, written: Vec::new(), snapshot: None, failed: false, dirty: false, last }
    }
}

/// What a database held at some time.
#[derive(Clone)]
pub struct Backup(Vec<Arc<Table>>);

/// What an SQLite transaction that has only read sees. Tables are shared until somebody writes to them.
struct Snapshot {
    tables: Vec<Arc<Table>>,
    commits: u64,
}

/// A statement that waits for a transaction to end.
struct Waiting {
    ticket: u64,
    life: LifeId,
    tx: Option<TxId>,
    on: TxId,
    wake: oneshot::Sender<CrossingId>,
}

/// A place among those who wait.
pub(super) struct Ticket {
    pub number: u64,
    pub released: oneshot::Receiver<CrossingId>,
}

/// Who runs a statement.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub life: LifeId,
    /// Its transaction; none is a statement on its own.
    pub tx: Option<TxId>,
    /// It has waited long enough.
    pub impatient: bool,
    /// Whether its connection enforces foreign keys.
    pub enforced: bool,
}

/// How an attempt at a statement went.
pub(super) enum Attempt<R, W> {
    Done(R),
    Wait(W),
}

impl State {
    pub fn new(schema: Schema, settings: &Settings) -> Self {
        let schema = schema.resolved();
        let tables = schema.tables.iter().map(|def| Arc::new(Table::new(def))).collect();
        State {
            schema,
            flavour: settings.flavour,
            parameters_max: settings.parameters_max,
            foreign_keys: settings.foreign_keys,
            first_in_use: BTreeSet::new(),
            tables,
            version: 0,
            commits: 0,
            last: 0,
            open: BTreeMap::new(),
            writer: None,
            waiting: Vec::new(),
        }
    }

    pub fn begin(&mut self, life: LifeId) -> TxId {
        let tx = TxId(self.number());
        self.open.insert(tx, Open::of(life, CrossingId::default()));
        tx
    }

    /// What is committed, to be kept.
    pub fn backup(&self) -> Backup {
        let mut tables = self.tables.clone();
        for (table, key) in self.open.values().flat_map(|open| &open.written) {
            Arc::make_mut(&mut tables[*table]).set_pending(&self.schema.tables[*table], key, None);
        }
        Backup(tables)
    }

    /// Holds what a backup holds, or nothing. Whoever still had a transaction here has it no more.
    pub fn restore(&mut self, backup: Option<&Backup>) {
        self.tables = match backup {
            Some(Backup(tables)) => tables.clone(),
            None => self.schema.tables.iter().map(|def| Arc::new(Table::new(def))).collect(),
        };
        self.open.clear();
        self.writer = None;
        self.waiting.clear();
        self.version += 1;
        self.commits += 1;
    }

    /// What is committed.
    pub fn committed(&self) -> View<'_> {
        View::new(&self.schema, Tables::Shared(&self.tables), None)
    }

    /// Runs a reading statement.
    pub fn read<R>(
        &mut self,
        (tx, disturbed): (Option<TxId>, &Disturbance),
        id: CrossingId,
        record: &mut Record,
        body: &mut impl FnMut(&View<'_>) -> R,
    ) -> Result<R, StoreError> {
        if let Disturbance::Abort(why) = disturbed {
            return self.abort(tx, id, why.clone());
        }
        let mut tables = &self.tables;
        if let Some(tx) = tx {
            let open = usable(&mut self.open, tx)?;
            open.last = id;
            if self.flavour == Flavour::Sqlite && self.writer != Some(tx) {
                let snapshot = || Snapshot { tables: self.tables.clone(), commits: self.commits };
                tables = &open.snapshot.get_or_insert_with(snapshot).tables;
            }
        }
        let view = View::new(&self.schema, Tables::Shared(tables), tx).disturbed(disturbed);
        let result = body(&view);
        record.seen.extend(view.take_seen());
        let allowed = self.flavour.allows(view.parameters.get(), self.parameters_max);
        if allowed.is_err() {
            self.fail(tx);
        }
        allowed.map(|()| result)
    }

    /// Tries a writing statement; a statement on its own is committed with it.
    pub fn write<R>(
        &mut self,
        caller: Caller,
        id: CrossingId,
        record: &mut Record,
        body: &mut impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
    ) -> Result<Attempt<R, Ticket>, StoreError> {
        if let Some(tx) = caller.tx {
            usable(&mut self.open, tx)?.last = id;
        }
        let tx = caller.tx.unwrap_or(TxId(self.last + 1));
        if let Some(holder) = self.admit(tx, caller)? {
            return Ok(Attempt::Wait(self.wait(caller, holder)));
        }
        self.last = self.last.max(tx.0);
        let view = View::new(&self.schema, Tables::Mine(&mut self.tables), Some(tx));
        let mut writer = Writer::new(view, tx, (self.flavour, self.parameters_max), caller.enforced);
        let result = body(&mut writer);
        let Ended { result, blocked, written, dirty, seen } = writer.end(result);
        record.seen.extend(seen);
        if let Some(holder) = blocked {
            if self.closes_circle(caller.tx, holder) {
                self.fail(caller.tx);
                return Err(StoreError::Deadlock);
            }
            return Ok(Attempt::Wait(self.wait(caller, holder)));
        }
        if let Some(open) = caller.tx.and_then(|tx| self.open.get_mut(&tx)) {
            open.written.extend(written);
            // The pages that a failed statement wrote to and put right again are committed with the others.
            open.dirty |= dirty;
        } else if result.is_ok() {
            self.settle(written, dirty, id, record);
        }
        if result.is_err() {
            self.fail(caller.tx);
        }
        result.map(Attempt::Done)
    }

    /// Commits a transaction.
    pub fn commit(&mut self, tx: TxId, id: CrossingId, record: &mut Record) -> Result<(), StoreError> {
        usable(&mut self.open, tx)?;
        if let Some(open) = self.open.remove(&tx) {
            self.settle(open.written, open.dirty, id, record);
            self.release(tx, id);
        }
        Ok(())
    }

    /// Rolls a transaction back, unless it is over.
    pub fn roll_back(&mut self, tx: TxId) {
        let Some(open) = self.open.remove(&tx) else { return };
        for (table, key) in open.written {
            let def = &self.schema.tables[table];
            Arc::make_mut(&mut self.tables[table]).set_pending(def, &key, None);
        }
        self.release(tx, open.last);
    }

    /// Gives up a transaction at one of its crossings, whose caller is told why. A statement on its own just
    /// fails. Postgres still waits for the transaction's end.
    pub fn abort<R>(&mut self, tx: Option<TxId>, id: CrossingId, why: String) -> Result<R, StoreError> {
        if let Some(tx) = tx {
            let open = usable(&mut self.open, tx)?;
            open.last = id;
            let life = open.life;
            self.roll_back(tx);
            if self.flavour == Flavour::Postgres {
                self.open.insert(tx, Open { failed: true, ..Open::of(life, id) });
            }
        }
        Err(StoreError::Broken(why))
    }

    /// Ends everything of a life: it crashed.
    pub fn abandon(&mut self, life: LifeId) {
        self.waiting.retain(|waiting| waiting.life != life);
        let its: Vec<TxId> =
            self.open.iter().filter(|(_, open)| open.life == life).map(|(tx, _)| *tx).collect();
        for tx in its {
            self.roll_back(tx);
        }
    }

    /// Gives up a place among those who wait.
    pub fn leave(&mut self, ticket: u64) {
        self.waiting.retain(|waiting| waiting.ticket != ticket);
    }

    /// After an error Postgres takes nothing more from a transaction but its end.
    pub fn fail(&mut self, tx: Option<TxId>) {
        if self.flavour == Flavour::Postgres
            && let Some(open) = tx.and_then(|tx| self.open.get_mut(&tx))
        {
            open.failed = true;
        }
    }

    /// Lets a writer in, or says whom it has to wait for.
    fn admit(&mut self, tx: TxId, caller: Caller) -> Result<Option<TxId>, StoreError> {
        if self.flavour == Flavour::Postgres || self.writer == Some(tx) {
            return Ok(None);
        }
        let open = caller.tx.and_then(|tx| self.open.get_mut(&tx));
        if let Some(open) = open {
            // SQLite doesn't let a reader wait to become the writer: what it has read would be outdated by
            // then, or already is.
            if let Some(snapshot) = &open.snapshot
                && (self.writer.is_some() || snapshot.commits != self.commits)
            {
                return Err(StoreError::Busy);
            }
            if self.writer.is_none() {
                open.snapshot = None;
                self.writer = Some(tx);
            }
        }
        match self.writer {
            Some(holder) if holder != tx && caller.impatient => Err(StoreError::Busy),
            holder => Ok(holder.filter(|holder| *holder != tx)),
        }
    }

    fn wait(&mut self, caller: Caller, on: TxId) -> Ticket {
        let number = self.number();
        let (wake, released) = oneshot::channel();
        self.waiting.push(Waiting { ticket: number, life: caller.life, tx: caller.tx, on, wake });
        Ticket { number, released }
    }

    /// Whether `tx` would wait for itself if it waited for `holder`.
    fn closes_circle(&self, tx: Option<TxId>, holder: TxId) -> bool {
        let mut next = Some(holder);
        while let Some(holder) = next {
            if Some(holder) == tx {
                return true;
            }
            next = self.waiting.iter().find(|waiting| waiting.tx == Some(holder)).map(|waiting| waiting.on);
        }
        false
    }

    fn settle(&mut self, written: Vec<Written>, dirty: bool, by: CrossingId, record: &mut Record) {
        self.commits += u64::from(dirty);
        let before = record.changes.len();
        for (table, key) in written {
            let def = &self.schema.tables[table];
            record.changes.extend(Arc::make_mut(&mut self.tables[table]).settle(def, &key, by));
        }
        self.version += u64::from(record.changes.len() > before);
    }

    /// Wakes all who wait for `tx`. Each tries again when its turn comes, and waits again if another was
    /// faster: to wake only the first would strand the rest behind one that is paused.
    fn release(&mut self, tx: TxId, by: CrossingId) {
        if self.writer == Some(tx) {
            self.writer = None;
        }
        for waiting in self.waiting.extract_if(.., |waiting| waiting.on == tx) {
            // It may have given up in the meantime.
            let _ = waiting.wake.send(by);
        }
    }

    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

/// An open transaction that takes statements.
fn usable(open: &mut BTreeMap<TxId, Open>, tx: TxId) -> Result<&mut Open, StoreError> {
    let open = open.get_mut(&tx).ok_or(StoreError::Over)?;
    if open.failed { Err(StoreError::Aborted) } else { Ok(open) }
}
