//! A row of a recorded history: what its type said of it, as text.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use driftless_model::store::AnyRow;

/// What a row said of itself.
pub struct TextRow(String);

impl TextRow {
    /// The row of that text.
    pub fn of(text: String) -> Arc<dyn AnyRow> {
        Arc::new(TextRow(text))
    }
}

impl fmt::Debug for TextRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AnyRow for TextRow {
    fn same(&self, other: &dyn AnyRow) -> bool {
        (other as &dyn Any).downcast_ref::<TextRow>().is_some_and(|other| self.0 == other.0)
    }

    fn hash_to(&self, mut hasher: &mut dyn Hasher) {
        self.0.hash(&mut hasher);
    }
}
