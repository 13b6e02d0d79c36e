//! How lists are shown: what is in them, and how much. Nobody asks for a part of one.

use axum::Json;
use serde_json::{Value, json};

/// The answer that has all of a list.
pub(super) fn listed(shown: impl IntoIterator<Item = Value>) -> Json<Value> {
    let list: Vec<_> = shown.into_iter().collect();
    Json(json!({ "count": list.len(), "list": list }))
}
