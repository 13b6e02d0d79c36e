//! [`Writer`]: what one writing statement sees and does.
//!
//! What it writes is uncommitted and remembered in an undo log, so that a statement that fails or has to
//! wait leaves nothing behind. Foreign keys are in [`super::foreign`]; locks and commits in [`super::state`].

use std::ops::Deref;
use std::sync::Arc;

use super::foreign::Check;
use super::schema::TableDef;
use super::table::{Pending, TxId};
use super::tally::Tally;
use super::view::{Tables, View};
use super::{AnyRow, Flavour, Key, Row, StoreError};
use crate::cx::CrossingId;

/// What one writing statement sees and does. It sees its own writes at once.
pub struct Writer<'a> {
    pub(super) view: View<'a>,
    pub(super) tx: TxId,
    pub(super) flavour: Flavour,
    parameters_max: usize,
    pub(super) foreign_keys: bool,
    pub(super) checks: Vec<Check>,
    pub(super) tally: Tally,
    undo: Vec<Undo>,
    blocked: Option<TxId>,
    dirty: bool,
}

/// How to take back one write.
struct Undo {
    table: usize,
    key: Key,
    previous: Option<Pending>,
}

/// By which statement a row is put in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Insert,
    /// It names the columns that it changes.
    Update,
    /// It names all columns, whether or not they change.
    Put,
}

/// A row that a transaction has written: its table and its primary key.
pub(super) type Written = (usize, Key);

/// How a writing statement ended.
pub(super) struct Ended<R> {
    pub result: Result<R, StoreError>,
    /// It was undone, and has to wait for this transaction.
    pub blocked: Option<TxId>,
    /// What it wrote that its transaction had not written before.
    pub written: Vec<Written>,
    /// Whether an SQLite file would differ in a page if this were committed, even if no row did.
    pub dirty: bool,
    pub seen: Vec<CrossingId>,
}

impl<'a> Deref for Writer<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &View<'a> {
        &self.view
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        view: View<'a>,
        tx: TxId,
        (flavour, parameters_max): (Flavour, usize),
        foreign_keys: bool,
    ) -> Self {
        let (checks, undo, tally) = (Vec::new(), Vec::new(), Tally::default());
        let (blocked, dirty) = (None, false);
        Writer { view, tx, flavour, parameters_max, foreign_keys, checks, tally, undo, blocked, dirty }
    }

    /// Inserts a row.
    ///
    /// # Errors
    /// [`StoreError::Unique`] if its primary key or another unique value is taken.
    pub fn insert<T: Row>(&mut self, row: T) -> Result<(), StoreError> {
        let table = self.schema.index_of::<T>();
        let key = row.key();
        self.free(table, &key)?;
        if self.grasp(table, &key)?.is_some() {
            if self.flavour == Flavour::Sqlite {
                self.unique(table, None, &row)?;
            }
            let constraint = self.def(table).primary;
            return Err(StoreError::Unique { constraint, flavour: self.flavour });
        }
        self.place(Verb::Insert, table, &key, None, Arc::new(row))
    }

    /// Replaces the row with the same primary key; false if there is none.
    ///
    /// # Errors
    /// [`StoreError::Unique`] if one of its unique values is taken.
    pub fn update<T: Row>(&mut self, row: T) -> Result<bool, StoreError> {
        let table = self.schema.index_of::<T>();
        let key = row.key();
        let Some(old) = self.grasp(table, &key)? else { return Ok(false) };
        self.place(Verb::Update, table, &key, Some(&*old), Arc::new(row))?;
        Ok(true)
    }

    /// Inserts a row, or replaces the one with the same primary key where it stands.
    ///
    /// This is `ON CONFLICT (primary key) DO UPDATE` of all columns. SQLite's `REPLACE` instead deletes every
    /// row that stands in the way, by any unique constraint, with the actions of the foreign keys that point
    /// to it. For a table to which no foreign key points and which has no other unique constraint, such as
    /// `deployment_status`, both are the same.
    ///
    /// # Errors
    /// [`StoreError::Unique`] if one of its other unique values is taken.
    pub fn put<T: Row>(&mut self, row: T) -> Result<(), StoreError> {
        let table = self.schema.index_of::<T>();
        let key = row.key();
        // Unlike an update, an upsert waits for a row that another transaction is inserting.
        self.free(table, &key)?;
        let old = self.grasp(table, &key)?;
        self.place(Verb::Put, table, &key, old.as_deref(), Arc::new(row))
    }

    /// Changes every row of which `wanted` holds; says how many there were.
    ///
    /// # Errors
    /// [`StoreError::Unique`] if one of their unique values is taken.
    pub fn update_where<T: Row>(
        &mut self,
        wanted: impl Fn(&T) -> bool,
        change: impl Fn(&mut T),
    ) -> Result<usize, StoreError> {
        let rows = self.scan(wanted);
        for row in &rows {
            let mut row = T::clone(row);
            change(&mut row);
            self.update(row)?;
        }
        Ok(rows.len())
    }

    /// Deletes the row with this primary key; false if there is none.
    ///
    /// # Errors
    /// None of its own, but the statement fails in the end with [`StoreError::Foreign`] if a row that may
    /// not be left behind still points to it.
    pub fn delete<T: Row>(&mut self, key: impl Into<Key>) -> Result<bool, StoreError> {
        self.remove(self.schema.index_of::<T>(), &key.into())
    }

    /// Deletes every row of which `wanted` holds; says how many there were, without those that went along.
    ///
    /// # Errors
    /// As for [`Writer::delete`].
    pub fn delete_where<T: Row>(&mut self, wanted: impl Fn(&T) -> bool) -> Result<usize, StoreError> {
        let table = self.schema.index_of::<T>();
        let mut count = 0;
        for key in self.keys(wanted) {
            count += usize::from(self.remove(table, &key)?);
        }
        Ok(count)
    }

    /// Deletes a row, and does what the foreign keys that point to it declare.
    pub(super) fn remove(&mut self, table: usize, key: &Key) -> Result<bool, StoreError> {
        let Some(old) = self.grasp(table, key)? else { return Ok(false) };
        self.leaves(table, key, &*old, None);
        self.set(table, key, None);
        self.dirty = true;
        if self.foreign_keys {
            self.deleted(table, key, &*old)?;
        }
        Ok(true)
    }

    /// Puts a row in its place, once it is known that nothing unique stands in its way.
    pub(super) fn place(
        &mut self,
        verb: Verb,
        table: usize,
        key: &Key,
        old: Option<&dyn AnyRow>,
        row: Arc<dyn AnyRow>,
    ) -> Result<(), StoreError> {
        self.unique(table, Some(key), &*row)?;
        if let Some(old) = old {
            self.leaves(table, key, old, Some((verb, &*row)));
        }
        self.placed(table, key, old, &*row);
        // SQLite doesn't write a row over with the same bytes; but a put names all columns, so that at least
        // the indices are written anew.
        let same = verb != Verb::Put && old.is_some_and(|old| old.same(&*row));
        self.set(table, key, Some(row.clone()));
        self.arrives(verb, table, key, old, &*row)?;
        self.dirty |= !same;
        Ok(())
    }

    /// The row with this key, if the statement sees it and no other transaction is writing it.
    pub(super) fn grasp(&mut self, table: usize, key: &Key) -> Result<Option<Arc<dyn AnyRow>>, StoreError> {
        let Some(slot) = self.view.tables[table].rows.get(key) else {
            self.miss(&self.tables[table], key);
            return Ok(None);
        };
        let old = self.view.look_at(slot).cloned();
        // A row that another transaction is inserting isn't there yet: there is nothing to wait for.
        if old.is_some()
            && let Some(holder) = slot.held_against(self.tx)
        {
            return Err(self.block(holder));
        }
        Ok(old)
    }

    /// Whether no row has one of this row's unique values, except the one with the key `but`.
    ///
    /// Where several are taken, Postgres names the first that was declared, the primary key before all. SQLite
    /// names the last, and the primary key only if nothing else is taken.
    fn unique(&mut self, table: usize, but: Option<&Key>, row: &dyn AnyRow) -> Result<(), StoreError> {
        let schema = self.view.schema;
        let def = &schema.tables[table];
        let mut order: Vec<usize> = (0..def.unique.len()).collect();
        if self.flavour == Flavour::Sqlite {
            order.reverse();
        }
        for index in order {
            let name = def.unique[index];
            let Some(at) = (def.indices[index])(row) else { continue };
            let mut taken = None;
            for other in self.view.tables[table].indexed(index, &at).filter(|other| Some(*other) != but) {
                let slot = &self.view.tables[table].rows[other];
                if let Some(holder) = slot.held_against(self.tx) {
                    taken = Some(Err(holder));
                } else if slot.visible(Some(self.tx)).and_then(|row| (def.indices[index])(&**row)).as_ref()
                    == Some(&at)
                {
                    self.view.look_at(slot);
                    taken = Some(Ok(()));
                    break;
                }
            }
            match taken {
                None => {}
                Some(Ok(())) => return Err(StoreError::Unique { constraint: name, flavour: self.flavour }),
                Some(Err(holder)) => return Err(self.block(holder)),
            }
        }
        Ok(())
    }

    fn set(&mut self, table: usize, key: &Key, row: Option<Arc<dyn AnyRow>>) {
        let pending = Some(Pending { tx: self.tx, row });
        let previous = self.set_pending(table, key, pending);
        self.undo.push(Undo { table, key: key.clone(), previous });
    }

    fn set_pending(&mut self, table: usize, key: &Key, pending: Option<Pending>) -> Option<Pending> {
        let Tables::Mine(tables) = &mut self.view.tables else { unreachable!("a writer has its own tables") };
        Arc::make_mut(&mut tables[table]).set_pending(&self.view.schema.tables[table], key, pending)
    }

    /// Notes that the statement has to wait for `holder`, whatever its body makes of the error.
    pub(super) fn block(&mut self, holder: TxId) -> StoreError {
        self.blocked.get_or_insert(holder);
        StoreError::Waiting
    }

    pub(super) fn def(&self, table: usize) -> &'a TableDef {
        &self.view.schema.tables[table]
    }

    /// Ends the statement: checks what is checked in the end, and takes everything back if it failed.
    pub(super) fn end<R>(mut self, mut result: Result<R, StoreError>) -> Ended<R> {
        if result.is_ok() && self.blocked.is_none() {
            result =
                self.flavour.allows(self.parameters.get(), self.parameters_max).and(self.check()).and(result);
        }
        let blocked = self.blocked;
        let mut written = Vec::new();
        if result.is_ok() && blocked.is_none() {
            let new = self.undo.drain(..).filter(|undo| undo.previous.is_none());
            written.extend(new.map(|undo| (undo.table, undo.key)));
        }
        Ended { result, blocked, written, dirty: self.dirty, seen: self.take_seen() }
    }
}

impl Drop for Writer<'_> {
    /// Takes back what is left in the undo log: the statement failed, waits or panicked.
    fn drop(&mut self) {
        while let Some(Undo { table, key, previous }) = self.undo.pop() {
            self.set_pending(table, &key, previous);
        }
    }
}
