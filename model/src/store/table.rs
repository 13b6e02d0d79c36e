//! One table: its rows with their versions, its indices, and what is remembered of deleted rows.
//!
//! A row has at most two versions: the committed one, and one that a single open transaction has written.
//! An index leads to every row one of whose versions has the key, so whoever uses it looks at the version it
//! may see. Which transaction may write is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::schema::TableDef;
use super::{AnyRow, Change, Key};
use crate::cx::CrossingId;

/// Deleted rows are remembered only to explain later absences, so forgetting the oldest costs an arrow in an
/// explanation and nothing else.
const TOMBSTONES_MOST: usize = 256;

/// A transaction of one store, numbered in the order in which they began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct TxId(pub u64);

/// A committed version of a row, and the crossing that committed it.
#[derive(Clone)]
pub(super) struct Version {
    pub row: Arc<dyn AnyRow>,
    pub by: CrossingId,
}

/// What an open transaction has made of a row; no row if it deleted it.
#[derive(Clone)]
pub(super) struct Pending {
    pub tx: TxId,
    pub row: Option<Arc<dyn AnyRow>>,
}

/// The place of one primary key.
#[derive(Clone, Default)]
pub(super) struct Slot {
    pub committed: Option<Version>,
    pub pending: Option<Pending>,
}

impl Slot {
    /// The row as `reader` sees it: its own version, else the committed one.
    pub fn visible(&self, reader: Option<TxId>) -> Option<&Arc<dyn AnyRow>> {
        match &self.pending {
            Some(pending) if Some(pending.tx) == reader => pending.row.as_ref(),
            _ => self.committed.as_ref().map(|version| &version.row),
        }
    }

    /// The other transaction that has written here, if there is one.
    pub fn held_against(&self, tx: TxId) -> Option<TxId> {
        self.pending.as_ref().map(|pending| pending.tx).filter(|holder| *holder != tx)
    }

    fn versions(&self) -> impl Iterator<Item = &Arc<dyn AnyRow>> {
        let committed = self.committed.as_ref().map(|version| &version.row);
        committed.into_iter().chain(self.pending.as_ref().and_then(|pending| pending.row.as_ref()))
    }
}

/// The rows of a table.
#[derive(Clone, Default)]
pub(super) struct Table {
    pub rows: BTreeMap<Key, Slot>,
    /// Rows that were deleted and have not come back, with the deleting crossing.
    pub tombstones: BTreeMap<Key, Version>,
    buried: VecDeque<Key>,
    indices: Vec<BTreeSet<(Key, Key)>>,
}

impl Table {
    pub fn new(def: &TableDef) -> Self {
        Table { indices: vec![BTreeSet::new(); def.indices.len()], ..Table::default() }
    }

    /// The primary keys of the rows one of whose versions has `key` in this index.
    pub fn indexed<'a>(&'a self, index: usize, key: &'a Key) -> impl Iterator<Item = &'a Key> {
        let from = (key.clone(), Key::lowest());
        self.indices[index].range(from..).take_while(move |(at, _)| at == key).map(|(_, primary)| primary)
    }

    /// Puts an uncommitted version, or none, in place of the one that is there, which it returns.
    pub fn set_pending(&mut self, def: &TableDef, key: &Key, pending: Option<Pending>) -> Option<Pending> {
        if let Some(row) = pending.as_ref().and_then(|pending| pending.row.as_deref()) {
            for (index, of) in self.indices.iter_mut().zip(&def.indices) {
                if let Some(at) = of(row) {
                    index.insert((at, key.clone()));
                }
            }
        }
        let slot = match self.rows.get_mut(key) {
            Some(slot) => slot,
            None => self.rows.entry(key.clone()).or_default(),
        };
        let previous = std::mem::replace(&mut slot.pending, pending);
        if let Some(row) = previous.as_ref().and_then(|previous| previous.row.as_deref()) {
            self.unindex(def, key, row);
        }
        self.tidy(key);
        previous
    }

    /// Makes the uncommitted version of `key` the committed one; says what that changed.
    pub fn settle(&mut self, def: &TableDef, key: &Key, by: CrossingId) -> Option<Change> {
        let slot = self.rows.get_mut(key)?;
        let after = slot.pending.take()?.row;
        let version = after.as_ref().map(|row| Version { row: row.clone(), by });
        let before = std::mem::replace(&mut slot.committed, version).map(|version| version.row);
        if after.is_some() {
            if self.tombstones.remove(key).is_some() {
                self.buried.retain(|buried| buried != key);
            }
        } else if let Some(row) = &before {
            self.bury(key, Version { row: row.clone(), by });
        }
        if let Some(row) = &before {
            self.unindex(def, key, &**row);
        }
        self.tidy(key);
        let changed = match (&before, &after) {
            (Some(before), Some(after)) => !before.same(&**after),
            (None, None) => false,
            (Some(_), None) | (None, Some(_)) => true,
        };
        changed.then(|| Change { table: def.name, key: key.clone(), before, after })
    }

    fn bury(&mut self, key: &Key, version: Version) {
        self.tombstones.insert(key.clone(), version);
        self.buried.push_back(key.clone());
        if self.buried.len() > TOMBSTONES_MOST
            && let Some(oldest) = self.buried.pop_front()
        {
            self.tombstones.remove(&oldest);
        }
    }

    /// Takes a version that is gone out of the indices, unless another version has the same key there.
    fn unindex(&mut self, def: &TableDef, key: &Key, gone: &dyn AnyRow) {
        let slot = self.rows.get(key);
        for (index, of) in self.indices.iter_mut().zip(&def.indices) {
            let Some(at) = of(gone) else { continue };
            let kept = slot.is_some_and(|slot| slot.versions().any(|row| of(&**row).as_ref() == Some(&at)));
            if !kept {
                index.remove(&(at, key.clone()));
            }
        }
    }

    fn tidy(&mut self, key: &Key) {
        if self.rows.get(key).is_some_and(|slot| slot.committed.is_none() && slot.pending.is_none()) {
            self.rows.remove(key);
        }
    }
}
