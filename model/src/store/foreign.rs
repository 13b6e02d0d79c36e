//! Foreign keys: what else a delete does, and what is checked at the end of a statement.
//!
//! Cascades happen at once, so that the rest of the statement sees them. In Postgres refusals come at the end,
//! so that a statement may delete a parent before its children; SQLite refuses at once what is restricted, and
//! counts the rest (`tally`). A row that another open transaction has written and that points to a parent
//! keeps the parent from being deleted under it, and the other way round: each waits for the other's end, as
//! Postgres does with its row locks. Nothing here runs while foreign keys are off.

use std::sync::Arc;

use super::schema::{Action, Referrer};
use super::table::Slot;
use super::writer::Verb;
use super::{AnyRow, Flavour, Key, StoreError, Writer};

/// What has to hold at the end of a statement.
pub(super) enum Check {
    /// The row that this foreign key of this row points to exists.
    Parent { child: Referrer, key: Key },
    /// No row points to this key of a parent by this foreign key, or a parent has it again.
    NoChild { child: Referrer, at: Key },
}

impl Writer<'_> {
    /// A row is put in its place: its parents must exist, and whoever pointed to what it was still can.
    pub(super) fn placed(&mut self, table: usize, key: &Key, old: Option<&dyn AnyRow>, row: &dyn AnyRow) {
        if self.flavour == Flavour::Sqlite || !self.foreign_keys {
            return;
        }
        let def = self.def(table);
        for (foreign, of) in def.foreign.iter().enumerate() {
            let at = (def.indices[of.index])(row);
            if at.is_some() && old.and_then(|old| (def.indices[of.index])(old)) != at {
                let child = Referrer { table, foreign };
                self.checks.push(Check::Parent { child, key: key.clone() });
            }
        }
        let Some(old) = old else { return };
        for &child in &def.referrers {
            // A primary key never changes, so only those who go by another one can lose their parent.
            let Some(by) = self.def(child.table).foreign[child.foreign].by else { continue };
            if let Some(at) = (def.indices[by])(old)
                && (def.indices[by])(row).as_ref() != Some(&at)
            {
                self.checks.push(Check::NoChild { child, at });
            }
        }
    }

    /// A row was deleted: what pointed to it goes along, lets go, or objects.
    ///
    /// SQLite goes through the foreign keys from the last declared to the first, which matters where one of
    /// them restricts what another would take along.
    pub(super) fn deleted(&mut self, table: usize, key: &Key, old: &dyn AnyRow) -> Result<(), StoreError> {
        let def = self.def(table);
        let mut referrers = def.referrers.clone();
        if self.flavour == Flavour::Sqlite {
            referrers.reverse();
        }
        for child in referrers {
            let foreign = &self.def(child.table).foreign[child.foreign];
            let at = match foreign.by {
                None => Some(key.clone()),
                Some(by) => (def.indices[by])(old),
            };
            let Some(at) = at else { continue };
            let children: Vec<Key> = self.tables[child.table].indexed(foreign.index, &at).cloned().collect();
            for key in children {
                self.free(child.table, &key)?;
                if !self.points(child, &key, &at) {
                    continue;
                }
                match &foreign.on_delete {
                    Action::Cascade => {
                        self.remove(child.table, &key)?;
                    }
                    Action::Restrict if self.flavour == Flavour::Sqlite => {
                        self.grasp(child.table, &key)?;
                        return Err(StoreError::Foreign { constraint: foreign.name, flavour: self.flavour });
                    }
                    Action::Restrict => {
                        self.checks.push(Check::NoChild { child, at: at.clone() });
                        break;
                    }
                    Action::SetNull(null) => {
                        if let Some(row) = self.grasp(child.table, &key)? {
                            let orphan: Arc<dyn AnyRow> = null(&*row);
                            self.place(Verb::Update, child.table, &key, Some(&*row), orphan)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether everything holds that must at the end of the statement.
    pub(super) fn check(&mut self) -> Result<(), StoreError> {
        self.tally.settled(self.flavour)?;
        for check in std::mem::take(&mut self.checks) {
            match check {
                Check::Parent { child, key } => self.check_parent(child, &key)?,
                Check::NoChild { child, at } => self.check_no_child(child, &at)?,
            }
        }
        Ok(())
    }

    fn check_parent(&mut self, child: Referrer, key: &Key) -> Result<(), StoreError> {
        let def = self.def(child.table);
        let foreign = &def.foreign[child.foreign];
        // The row may have been deleted or changed again by the same statement.
        let slot = self.tables[child.table].rows.get(key);
        let row = slot.and_then(|slot| slot.visible(Some(self.tx)));
        let Some(at) = row.and_then(|row| (def.indices[foreign.index])(&**row)) else { return Ok(()) };
        if self.has_parent(child, &at)? {
            return Ok(());
        }
        self.miss_parent(child, &at);
        Err(StoreError::Foreign { constraint: foreign.name, flavour: self.flavour })
    }

    /// Joins whoever deleted the parent that was looked for.
    pub(super) fn miss_parent(&self, child: Referrer, at: &Key) {
        let foreign = &self.def(child.table).foreign[child.foreign];
        let parents = &self.tables[foreign.table];
        for (key, tombstone) in &parents.tombstones {
            if (foreign.by.is_some() || key == at) && self.answers(child, at, &*tombstone.row) {
                self.see(tombstone.by);
            }
        }
    }

    fn check_no_child(&mut self, child: Referrer, at: &Key) -> Result<(), StoreError> {
        let foreign = &self.def(child.table).foreign[child.foreign];
        let children: Vec<Key> = self.tables[child.table].indexed(foreign.index, at).cloned().collect();
        for key in children {
            self.free(child.table, &key)?;
            if self.points(child, &key, at) && !self.has_parent(child, at)? {
                self.grasp(child.table, &key)?;
                return Err(StoreError::Foreign { constraint: foreign.name, flavour: self.flavour });
            }
        }
        Ok(())
    }

    /// Whether there is a parent with this key for this foreign key.
    pub(super) fn has_parent(&mut self, child: Referrer, at: &Key) -> Result<bool, StoreError> {
        let Some(slot) = self.parent(child, at) else { return Ok(false) };
        // Another transaction may write the parent while a child is added, unless it takes away what the
        // child would point to.
        let keeps = |row: &dyn AnyRow| self.answers(child, at, row);
        let pending = slot.pending.as_ref().filter(|pending| pending.tx != self.tx);
        if let Some(pending) = pending.filter(|pending| !pending.row.as_deref().is_some_and(keeps)) {
            return Err(self.block(pending.tx));
        }
        self.look_at(slot);
        Ok(true)
    }

    /// The parent with this key for this foreign key, as the statement sees it.
    pub(super) fn parent(&self, child: Referrer, at: &Key) -> Option<&Slot> {
        let foreign = &self.def(child.table).foreign[child.foreign];
        let parents = &self.tables[foreign.table];
        let is_it =
            |slot: &&Slot| slot.visible(Some(self.tx)).is_some_and(|row| self.answers(child, at, &**row));
        match foreign.by {
            None => parents.rows.get(at).filter(is_it),
            Some(by) => parents.indexed(by, at).filter_map(|key| parents.rows.get(key)).find(is_it),
        }
    }

    /// Whether a row that may be the parent has what this foreign key points to.
    fn answers(&self, child: Referrer, at: &Key, row: &dyn AnyRow) -> bool {
        let foreign = &self.def(child.table).foreign[child.foreign];
        foreign.by.is_none_or(|by| (self.def(foreign.table).indices[by])(row).as_ref() == Some(at))
    }

    /// Waits for whoever else is writing this row.
    pub(super) fn free(&mut self, table: usize, key: &Key) -> Result<(), StoreError> {
        let holder = self.tables[table].rows.get(key).and_then(|slot| slot.held_against(self.tx));
        holder.map_or(Ok(()), |holder| Err(self.block(holder)))
    }

    /// Whether the row with this key is there and points to `at`.
    pub(super) fn points(&self, child: Referrer, key: &Key, at: &Key) -> bool {
        let def = self.def(child.table);
        let slot = self.tables[child.table].rows.get(key);
        let row = slot.and_then(|slot| slot.visible(Some(self.tx)));
        row.and_then(|row| (def.indices[def.foreign[child.foreign].index])(&**row)).as_ref() == Some(at)
    }
}
