//! [`StoreError`]: why a statement or a commit failed, in the database's own words.
//!
//! Callers match on variants; people read the words, which are those of the driver the real system uses.

use super::Flavour;
use crate::cx::Broken;

/// Why a statement or a commit failed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row has the same value there.
    #[error("{}", match flavour {
        Flavour::Sqlite => format!("UNIQUE constraint failed: {constraint}"),
        Flavour::Postgres => format!("duplicate key value violates unique constraint \"{constraint}\""),
    })]
    Unique {
        /// The name of the constraint, or [`super::Row::PRIMARY`].
        constraint: &'static str,
        /// Whose words to use.
        flavour: Flavour,
    },
    /// The row it points to isn't there, or a row that may not be left behind points to it.
    #[error("{}", match flavour {
        Flavour::Sqlite => "FOREIGN KEY constraint failed".to_owned(),
        Flavour::Postgres => format!("statement violates foreign key constraint \"{constraint}\""),
    })]
    Foreign {
        /// The name of the foreign key.
        constraint: &'static str,
        /// Whose words to use.
        flavour: Flavour,
    },
    /// Another writer holds the store, and waiting was over or would have been in vain (SQLite).
    #[error("database is locked")]
    Busy,
    /// Waiting would have closed a circle of transactions that wait for one another (Postgres).
    #[error("deadlock detected")]
    Deadlock,
    /// An earlier statement of the transaction failed; only a rollback is left (Postgres).
    #[error("current transaction is aborted, commands ignored until end of transaction block")]
    Aborted,
    /// The transaction is over: its life has ended.
    #[error("transaction has already been committed or rolled back")]
    Over,
    /// The statement has more parameters than the database takes.
    #[error("{}", match flavour {
        Flavour::Sqlite => "too many SQL variables".to_owned(),
        Flavour::Postgres => format!("got {given} parameters but PostgreSQL only supports {most} parameters"),
    })]
    TooManyParameters {
        /// How many the statement has.
        given: usize,
        /// How many it may have.
        most: usize,
        /// Whose words to use.
        flavour: Flavour,
    },
    /// The statement must wait for another transaction and be tried again.
    ///
    /// Only the body of a statement ever sees this, and what it makes of it doesn't matter: the statement is
    /// undone and its body runs again.
    #[error("waiting for another transaction")]
    Waiting,
    /// The crossing did not take place, or its answer was lost.
    #[error("{0}")]
    Broken(String),
}

impl From<Broken> for StoreError {
    fn from(Broken(why): Broken) -> Self {
        StoreError::Broken(why)
    }
}
