//! [`Tally`]: how SQLite knows at the end of a statement whether its foreign keys hold. It counts.
//!
//! A child without a parent adds one, and whatever mends such a thing takes one away, as long as there is
//! something to take away. Sound as long as every key held before; where rows were orphaned while foreign keys
//! were off, an orphan that finds a parent can pay for a child that has none. Postgres looks at each row by
//! itself (`foreign`).

use super::schema::Referrer;
use super::writer::Verb;
use super::{AnyRow, Flavour, Key, StoreError, Writer};

/// The violations that a statement has made and not mended.
#[derive(Default)]
pub(super) struct Tally {
    violations: i64,
    /// The foreign key that was violated last.
    last: &'static str,
}

impl Tally {
    fn add(&mut self, violations: usize, constraint: &'static str) {
        if violations > 0 {
            self.violations += violations as i64;
            self.last = constraint;
        }
    }

    /// Fails unless it comes out even. To mend more than was violated is as bad; older versions, such as 3.40,
    /// let that pass.
    pub fn settled(&self, flavour: Flavour) -> Result<(), StoreError> {
        if self.violations == 0 {
            Ok(())
        } else {
            Err(StoreError::Foreign { constraint: self.last, flavour })
        }
    }
}

impl Writer<'_> {
    /// A row is about to be deleted, or to become another: its children lose their parent.
    pub(super) fn leaves(
        &mut self,
        table: usize,
        key: &Key,
        old: &dyn AnyRow,
        new: Option<(Verb, &dyn AnyRow)>,
    ) {
        if !self.counts() {
            return;
        }
        let new = new.filter(|(verb, _)| *verb == Verb::Update).map(|(_, row)| row);
        let change = new.map(|new| (old, new));
        for child in self.outgoing(table, change) {
            if self.tally.violations == 0 {
                break;
            }
            let orphan = self.target(child, old).is_some_and(|at| self.parent(child, &at).is_none());
            self.tally.violations -= i64::from(orphan);
        }
        for child in self.incoming(table, change) {
            let violations = self.children(child, key, old);
            self.tally.add(violations, self.constraint(child));
        }
    }

    /// A row was put in its place: it may lack a parent, and others may have found theirs.
    pub(super) fn arrives(
        &mut self,
        verb: Verb,
        table: usize,
        key: &Key,
        old: Option<&dyn AnyRow>,
        row: &dyn AnyRow,
    ) -> Result<(), StoreError> {
        if !self.counts() {
            return Ok(());
        }
        let change = old.filter(|_| verb == Verb::Update).map(|old| (old, row));
        for child in self.outgoing(table, change) {
            let Some(at) = self.target(child, row) else { continue };
            // A parent that the row had before is no cause of what it is now.
            let had = old.and_then(|old| self.target(child, old)).as_ref() == Some(&at);
            let has = if had { self.parent(child, &at).is_some() } else { self.has_parent(child, &at)? };
            if !has {
                self.miss_parent(child, &at);
                self.tally.add(1, self.constraint(child));
            }
        }
        if verb == Verb::Insert {
            // The insert of a single row fails at once, before anything is written.
            return self.tally.settled(self.flavour);
        }
        for child in self.incoming(table, change) {
            if self.tally.violations != 0 {
                self.tally.violations -= self.children(child, key, row) as i64;
            }
        }
        Ok(())
    }

    fn constraint(&self, child: Referrer) -> &'static str {
        self.def(child.table).foreign[child.foreign].name
    }

    fn counts(&self) -> bool {
        self.foreign_keys && self.flavour == Flavour::Sqlite
    }

    /// The foreign keys of a table that a change of a row concerns; all, if it is more than a change. Those
    /// that point into the table itself are concerned by each change of another key.
    fn outgoing(&self, table: usize, change: Option<(&dyn AnyRow, &dyn AnyRow)>) -> Vec<Referrer> {
        let def = self.def(table);
        let changed = |index: usize| self.changed(table, index, change);
        let any = def.foreign.iter().any(|foreign| changed(foreign.index))
            || !self.incoming(table, change).is_empty();
        let concerned = |foreign: &usize| {
            changed(def.foreign[*foreign].index) || (any && def.foreign[*foreign].table == table)
        };
        (0..def.foreign.len()).filter(concerned).map(|foreign| Referrer { table, foreign }).collect()
    }

    /// The foreign keys by which others point to what a change of a row concerns, the last declared first.
    fn incoming(&self, table: usize, change: Option<(&dyn AnyRow, &dyn AnyRow)>) -> Vec<Referrer> {
        let concerned = |child: &Referrer| match self.def(child.table).foreign[child.foreign].by {
            // A primary key never changes.
            None => change.is_none(),
            Some(by) => self.changed(table, by, change),
        };
        self.def(table).referrers.iter().rev().copied().filter(concerned).collect()
    }

    fn changed(&self, table: usize, index: usize, change: Option<(&dyn AnyRow, &dyn AnyRow)>) -> bool {
        let of = &self.def(table).indices[index];
        change.is_none_or(|(old, new)| of(old) != of(new))
    }

    /// Where the row points.
    fn target(&self, child: Referrer, row: &dyn AnyRow) -> Option<Key> {
        let def = self.def(child.table);
        (def.indices[def.foreign[child.foreign].index])(row)
    }

    /// How many other rows point to this one.
    fn children(&self, child: Referrer, key: &Key, row: &dyn AnyRow) -> usize {
        let foreign = &self.def(child.table).foreign[child.foreign];
        let at = match foreign.by {
            None => Some(key.clone()),
            Some(by) => (self.def(foreign.table).indices[by])(row),
        };
        let Some(at) = at else { return 0 };
        let children = self.tables[child.table].indexed(foreign.index, &at);
        let others = children.filter(|other| child.table != foreign.table || *other != key);
        others.filter(|other| self.points(child, other, &at)).count()
    }
}
