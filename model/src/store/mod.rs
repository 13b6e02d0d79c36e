//! The store: an in-memory database with what the protocol's races depend on, and no more.
//!
//! Tables are typed: a row is a Rust value that says its primary key, its unique constraints and its foreign
//! keys ([`Row`]). Statements are functions of a [`View`] or a [`Writer`], each of them one crossing, alone
//! or in a [`Transaction`]. A database behaves like SQLite or like Postgres ([`Flavour`]): who waits for
//! whom, who fails at once, what a reader sees meanwhile.
//!
//! It also knows causes. Every row remembers the crossing that committed it, and a table the crossings that
//! deleted rows, so that a statement that sees a row, or misses one, has them among its causes; the rows a
//! commit changed go into the record of its crossing ([`Change`]).
//!
//! In reading order: `key`, `row`, `schema`; `table`, `view`, `writer`, `foreign`, `tally`; `state`, `wait`,
//! `pool`, `disturbance`, `database`, `transaction`; `change`, `error`, `instant`.
//!
//! Deliberately not here: SQL, columns, indices to choose, savepoints, isolation levels beyond the two
//! defaults, disks. Failing statements and lost answers are the world's doing, at the crossing.

mod change;
mod database;
mod disturbance;
mod error;
mod foreign;
mod instant;
mod key;
mod pool;
mod row;
mod schema;
mod state;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod transaction;
mod view;
mod wait;
mod writer;

pub use change::Change;
pub use database::{Database, Flavour, Settings};
pub use disturbance::Disturbance;
pub use error::StoreError;
pub use instant::sqlite_text;
pub use key::Key;
pub use pool::ForeignKeys;
pub use row::{AnyRow, Foreign, OnDelete, Row, Target, Unique};
pub use schema::Schema;
pub use state::Backup;
pub use transaction::Transaction;
pub use view::View;
pub use writer::Writer;
