//! [`Disturbance`]: what a database does with a statement other than it was told.
//!
//! A database gives a transaction up to save another, or because its disk is full; a damaged index or a stale
//! snapshot lets a query return fewer rows than there are, and no error. Which statement meets with that is for
//! the world to say, in the passage of its crossing; what it means is here and in [`State`](super::state).
//!
//! Rows are missed by readers only. A writing statement that doesn't see what it is to change would be another
//! database.

use uuid::Uuid;

use super::Key;

/// What a database does with a statement other than it was told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Disturbance {
    /// Nothing.
    #[default]
    None,
    /// It gives up the transaction that the statement or commit belongs to, for this reason. What the transaction
    /// wrote is undone at once. Postgres then takes nothing more from it but its end, and in SQLite it is gone.
    Abort(String),
    /// Each list that the statement reads ends after the first half of its rows, rounded down. A row that is
    /// looked for by itself is found.
    Half,
    /// The statement sees no row that goes by this identifier: whose primary key is that or contains it.
    Without(Uuid),
}

impl Disturbance {
    /// Whether a reader misses the row with this primary key.
    pub(super) fn hides(&self, key: &Key) -> bool {
        match self {
            Disturbance::Without(id) => key.parts().contains(&id.to_string()),
            Disturbance::None | Disturbance::Abort(_) | Disturbance::Half => false,
        }
    }

    /// How many rows are left of a list of so many.
    pub(super) fn left_of(&self, rows: usize) -> usize {
        match self {
            Disturbance::Half => rows / 2,
            Disturbance::None | Disturbance::Abort(_) | Disturbance::Without(_) => rows,
        }
    }
}
