//! [`Row`]: what a type says of itself to be kept in a table.
//!
//! Constraints are declared beside the type, as functions of the row; there are no columns here. Column
//! types, `NOT NULL` and defaults are Rust's.

use std::any::Any;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

use super::Key;

/// A row of a table.
///
/// ```ignore
/// impl Row for Artifact {
///     const TABLE: &'static str = "artifacts";
///     const PRIMARY: &'static str = "artifacts.uuid";
///     const UNIQUE: &'static [Unique<Self>] =
///         &[Unique { name: "artifacts.handle", key: |row| Some((&row.handle, row.organisation).into()) }];
///     fn key(&self) -> Key {
///         self.uuid.into()
///     }
/// }
/// ```
pub trait Row: Clone + Debug + Hash + PartialEq + Send + Sync + 'static {
    /// The name of its table.
    const TABLE: &'static str;
    /// The name of its primary key, as errors say it.
    const PRIMARY: &'static str = Self::TABLE;
    /// Its unique constraints beside the primary key, in the order of the real schema: where several are
    /// violated, it decides which one an error names.
    const UNIQUE: &'static [Unique<Self>] = &[];
    /// Its foreign keys.
    const FOREIGN: &'static [Foreign<Self>] = &[];

    /// Its primary key. A row never changes it: an update finds its row by it.
    fn key(&self) -> Key;
}

/// A unique constraint.
pub struct Unique<T> {
    /// Its name, as errors say it, such as `artifacts.handle, artifacts.organization_uuid`.
    pub name: &'static str,
    /// What must be unique; `None` where a part of it is `NULL`, which constrains nothing.
    pub key: fn(&T) -> Option<Key>,
}

/// A foreign key.
pub struct Foreign<T> {
    /// Its name, as errors say it.
    pub name: &'static str,
    /// The table it points into, which may be its own.
    pub parent: &'static str,
    /// By what it finds the row there.
    pub target: Target,
    /// Where it points; `None` where a part of it is `NULL`, which points nowhere and is fine.
    pub key: fn(&T) -> Option<Key>,
    /// What becomes of this row when the other is deleted.
    pub on_delete: OnDelete<T>,
}

/// What a foreign key finds its parent by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The parent's primary key.
    PrimaryKey,
    /// The parent's unique constraint of this name.
    Unique(&'static str),
}

/// What becomes of a row when the one it points to is deleted.
pub enum OnDelete<T> {
    /// It is deleted too.
    Cascade,
    /// The delete is refused.
    Restrict,
    /// It stays, and points nowhere: the function takes the reference out.
    SetNull(fn(&mut T)),
}

/// A row of whatever table.
pub trait AnyRow: Any + Debug + Send + Sync {
    /// Whether both are the same row with the same values.
    fn same(&self, other: &dyn AnyRow) -> bool;

    /// Gives its values to a hasher. Of an instant the offset isn't among them.
    fn hash_to(&self, hasher: &mut dyn Hasher);
}

impl<T: Row> AnyRow for T {
    fn same(&self, other: &dyn AnyRow) -> bool {
        typed::<T>(other) == Some(self)
    }

    fn hash_to(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

/// The row as what it is, if it is a `T`.
pub(super) fn typed<T: Row>(row: &dyn AnyRow) -> Option<&T> {
    (row as &dyn Any).downcast_ref()
}
