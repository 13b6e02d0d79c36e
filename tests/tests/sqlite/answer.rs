//! [`Answer`]: what one step came to, in terms that both stores know.

use super::table::Cell;

/// What one step came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub result: Result<Told, String>,
    /// Whether it would have waited for another writer, had it been given time to.
    pub waits: bool,
}

/// What a step that went well tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// Nothing.
    Done,
    /// How many rows it wrote, without those that went along.
    Count(usize),
    /// The rows of every table that is not empty, in order.
    Rows(Rows),
}

/// The rows of every table that is not empty, in order.
pub type Rows = Vec<(&'static str, Vec<Vec<Cell>>)>;
