//! [`Schema`]: the tables of a database and how they refer to one another.
//!
//! Here the typed declarations of the rows become functions of any row, and names of tables become indices.
//! There are no migrations: a schema is as old as its database.

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use super::row::typed;
use super::{AnyRow, Key, OnDelete, Row, Target};

/// The tables of a database.
#[derive(Default)]
pub struct Schema {
    pub(super) tables: Vec<TableDef>,
}

/// What is declared of one table.
pub(super) struct TableDef {
    row: TypeId,
    pub name: &'static str,
    pub primary: &'static str,
    /// What the table is indexed by: its unique constraints, then its foreign keys.
    pub indices: Vec<Box<dyn Fn(&dyn AnyRow) -> Option<Key> + Send + Sync>>,
    /// The names of the unique constraints, in the order of their indices.
    pub unique: Vec<&'static str>,
    pub foreign: Vec<ForeignDef>,
    /// The foreign keys that point here.
    pub referrers: Vec<Referrer>,
}

/// What is declared of one foreign key.
pub(super) struct ForeignDef {
    pub name: &'static str,
    /// Its index among those of its own table.
    pub index: usize,
    parent: &'static str,
    target: Target,
    pub on_delete: Action,
    /// The parent's table.
    pub table: usize,
    /// The parent's index that it goes by; none is the primary key.
    pub by: Option<usize>,
}

/// What becomes of a row when the one it points to is deleted.
pub(super) enum Action {
    Cascade,
    Restrict,
    SetNull(Box<dyn Fn(&dyn AnyRow) -> Arc<dyn AnyRow> + Send + Sync>),
}

/// A foreign key, seen from the table it points to.
#[derive(Clone, Copy)]
pub(super) struct Referrer {
    pub table: usize,
    pub foreign: usize,
}

impl Schema {
    /// A schema without tables.
    pub fn new() -> Self {
        Schema::default()
    }

    /// The schema with the table of `T` too. A child may come before its parent. Where a cascade takes along
    /// what another foreign key restricts, the order decides in SQLite whether the delete is refused.
    #[must_use]
    pub fn table<T: Row>(mut self) -> Self {
        fn erase<T: Row>(
            key: fn(&T) -> Option<Key>,
        ) -> Box<dyn Fn(&dyn AnyRow) -> Option<Key> + Send + Sync> {
            Box::new(move |row| key(typed::<T>(row)?))
        }
        let unique = T::UNIQUE.iter().map(|unique| erase(unique.key));
        let foreign = T::FOREIGN.iter().map(|foreign| erase(foreign.key));
        let indices = unique.chain(foreign).collect();
        let foreign = |(n, foreign): (usize, &'static super::Foreign<T>)| ForeignDef {
            name: foreign.name,
            index: T::UNIQUE.len() + n,
            parent: foreign.parent,
            target: foreign.target,
            on_delete: match foreign.on_delete {
                OnDelete::Cascade => Action::Cascade,
                OnDelete::Restrict => Action::Restrict,
                OnDelete::SetNull(null) => Action::SetNull(Box::new(move |row| {
                    let mut row = typed::<T>(row).expect("a table holds rows of its own type").clone();
                    null(&mut row);
                    Arc::new(row)
                })),
            },
            table: 0,
            by: None,
        };
        self.tables.push(TableDef {
            row: TypeId::of::<T>(),
            name: T::TABLE,
            primary: T::PRIMARY,
            indices,
            unique: T::UNIQUE.iter().map(|unique| unique.name).collect(),
            foreign: T::FOREIGN.iter().enumerate().map(foreign).collect(),
            referrers: Vec::new(),
        });
        self
    }

    /// The schema with every foreign key tied to what it points to.
    pub(super) fn resolved(mut self) -> Self {
        for child in 0..self.tables.len() {
            for foreign in 0..self.tables[child].foreign.len() {
                let ForeignDef { name, parent, target, .. } = self.tables[child].foreign[foreign];
                let table = self.tables.iter().position(|table| table.name == parent);
                let table = table.unwrap_or_else(|| panic!("foreign key {name}: there is no table {parent}"));
                let by = match target {
                    Target::PrimaryKey => None,
                    Target::Unique(unique) => {
                        let by = self.tables[table].unique.iter().position(|name| *name == unique);
                        Some(by.unwrap_or_else(|| panic!("foreign key {name}: {parent} has no {unique}")))
                    }
                };
                let def = &mut self.tables[child].foreign[foreign];
                (def.table, def.by) = (table, by);
                self.tables[table].referrers.push(Referrer { table: child, foreign });
            }
        }
        self
    }

    /// Where the table of `T` is. The tables of a store are few: a walk is faster than a map.
    pub(super) fn index_of<T: Row>(&self) -> usize {
        let id = TypeId::of::<T>();
        let found = self.tables.iter().position(|table| table.row == id);
        found.unwrap_or_else(|| panic!("the schema has no table {}", T::TABLE))
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tables.iter().map(|table| table.name)).finish()
    }
}
