//! [`View`]: what one statement sees, and the crossings it saw the effects of.
//!
//! Reading a row joins the crossing that committed it. An absence has a cause too: whoever looks for a row
//! and doesn't find it joins the crossing that deleted it, as far as the table remembers.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::sync::Arc;

use super::row::typed;
use super::schema::Schema;
use super::table::{Slot, Table, TxId};
use super::{AnyRow, Disturbance, Key, Row};
use crate::cx::CrossingId;

/// What one statement sees.
pub struct View<'a> {
    pub(super) schema: &'a Schema,
    pub(super) tables: Tables<'a>,
    /// Whose uncommitted rows count.
    pub(super) reader: Option<TxId>,
    pub(super) seen: RefCell<Vec<CrossingId>>,
    pub(super) parameters: Cell<usize>,
    disturbed: Disturbance,
}

/// The tables, borrowed as the statement needs them.
pub(super) enum Tables<'a> {
    Shared(&'a [Arc<Table>]),
    Mine(&'a mut [Arc<Table>]),
}

impl Deref for Tables<'_> {
    type Target = [Arc<Table>];

    fn deref(&self) -> &[Arc<Table>] {
        match self {
            Tables::Shared(tables) => tables,
            Tables::Mine(tables) => tables,
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn new(schema: &'a Schema, tables: Tables<'a>, reader: Option<TxId>) -> Self {
        let (seen, parameters) = (RefCell::default(), Cell::new(0));
        View { schema, tables, reader, seen, parameters, disturbed: Disturbance::None }
    }

    /// The same view of a reader that doesn't see everything.
    pub(super) fn disturbed(self, by: &Disturbance) -> Self {
        View { disturbed: by.clone(), ..self }
    }

    /// The row with this primary key.
    pub fn get<T: Row>(&self, key: impl Into<Key>) -> Option<Arc<T>> {
        let key = key.into();
        let table = &self.tables[self.schema.index_of::<T>()];
        let slot = table.rows.get(&key).filter(|_| !self.disturbed.hides(&key));
        let row = slot.and_then(|slot| self.look_at(slot));
        if row.is_none() {
            self.miss(table, &key);
        }
        row.map(owned)
    }

    /// The rows of which `wanted` holds, by primary key.
    pub fn scan<T: Row>(&self, wanted: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
        let table = &self.tables[self.schema.index_of::<T>()];
        let mut slots = self.slots(table, &wanted);
        // Who reads a part has seen nothing of the rest.
        slots.truncate(self.disturbed.left_of(slots.len()));
        let rows = slots.into_iter().filter_map(|(_, slot)| self.look_at(slot)).map(owned).collect();
        self.see_deleted(table, &wanted);
        rows
    }

    /// The first of the rows of which `wanted` holds, by primary key.
    pub fn first<T: Row>(&self, wanted: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let table = &self.tables[self.schema.index_of::<T>()];
        let is_it =
            |slot: &Slot| slot.visible(self.reader).and_then(|row| typed(&**row)).is_some_and(&wanted);
        let found = table.rows.iter().find(|(key, slot)| is_it(slot) && !self.disturbed.hides(key));
        for (key, tombstone) in &table.tombstones {
            if found.is_none_or(|(first, _)| key < first) && typed(&*tombstone.row).is_some_and(&wanted) {
                self.see(tombstone.by);
            }
        }
        found.and_then(|(_, slot)| self.look_at(slot)).map(owned)
    }

    /// How many rows there are of which `wanted` holds.
    pub fn count<T: Row>(&self, wanted: impl Fn(&T) -> bool) -> usize {
        let mut count = 0;
        self.walk(&wanted, |_, _| count += 1);
        count
    }

    /// Every row of every table, by table and primary key. For those who watch an actor: a statement knows
    /// its tables.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, &Key, &dyn AnyRow)> {
        let tables = self.schema.tables.iter().zip(self.tables.iter());
        tables.flat_map(|(def, table)| {
            let seen = table.rows.iter().filter_map(|(key, slot)| Some((key, slot.visible(self.reader)?)));
            seen.map(|(key, row)| (def.name, key, &**row))
        })
    }

    /// Says how many bind parameters the statement has; it fails if the database doesn't take as many.
    pub fn parameters(&self, given: usize) {
        self.parameters.set(self.parameters.get() + given);
    }

    /// The primary keys of the rows of which `wanted` holds.
    pub(super) fn keys<T: Row>(&self, wanted: impl Fn(&T) -> bool) -> Vec<Key> {
        let mut keys = Vec::new();
        self.walk(&wanted, |key, _| keys.push(key.clone()));
        keys
    }

    fn walk<T: Row>(&self, wanted: &impl Fn(&T) -> bool, mut each: impl FnMut(&Key, &Arc<dyn AnyRow>)) {
        let table = &self.tables[self.schema.index_of::<T>()];
        for (key, slot) in self.slots(table, wanted) {
            if let Some(row) = self.look_at(slot) {
                each(key, row);
            }
        }
        self.see_deleted(table, wanted);
    }

    /// Where the rows are of which `wanted` holds, by primary key.
    fn slots<'t, T: Row>(&self, table: &'t Table, wanted: &impl Fn(&T) -> bool) -> Vec<(&'t Key, &'t Slot)> {
        let is_it = |slot: &Slot| slot.visible(self.reader).and_then(|row| typed(&**row)).is_some_and(wanted);
        table.rows.iter().filter(|(key, slot)| is_it(slot) && !self.disturbed.hides(key)).collect()
    }

    /// Joins whoever deleted rows of which `wanted` held.
    fn see_deleted<T: Row>(&self, table: &Table, wanted: &impl Fn(&T) -> bool) {
        for tombstone in table.tombstones.values() {
            if typed(&*tombstone.row).is_some_and(wanted) {
                self.see(tombstone.by);
            }
        }
    }

    /// The row in this slot as the statement sees it; what it saw of others joins its causes.
    pub(super) fn look_at<'s>(&self, slot: &'s Slot) -> Option<&'s Arc<dyn AnyRow>> {
        if let Some(version) = &slot.committed {
            self.see(version.by);
        }
        slot.visible(self.reader)
    }

    /// Joins whoever deleted the row that was looked for.
    pub(super) fn miss(&self, table: &Table, key: &Key) {
        if let Some(tombstone) = table.tombstones.get(key) {
            self.see(tombstone.by);
        }
    }

    pub(super) fn see(&self, crossing: CrossingId) {
        let mut seen = self.seen.borrow_mut();
        // Rows that lie together were often written together; the rest is made unique in the end.
        if seen.last() != Some(&crossing) {
            seen.push(crossing);
        }
    }

    /// The crossings whose effects the statement saw, each once.
    pub(super) fn take_seen(&self) -> Vec<CrossingId> {
        let mut seen = self.seen.take();
        seen.sort_unstable();
        seen.dedup();
        seen
    }
}

/// A row for the caller to keep.
fn owned<T: Row>(row: &Arc<dyn AnyRow>) -> Arc<T> {
    let row: Arc<dyn Any + Send + Sync> = row.clone();
    row.downcast().expect("a table holds rows of its own type")
}
