//! An artifact's definition: the YAML that a deployment holds (docs/spec/platform.md section 5).
//!
//! The identifier is not in it; it travels in the URL, the file name or the list. Only what the gateway acts
//! on has fields here; the rest of a definition is carried along unread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The `apiVersion` of every definition.
pub const API_VERSION: &str = "gateway.api-platform.wso2.com/v1alpha1";

/// A definition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Always [`API_VERSION`].
    pub api_version: String,
    /// A kind's name on the wire.
    pub kind: String,
    /// The handle, and labels.
    pub metadata: Metadata,
    /// What is to be served.
    pub spec: Spec,
}

/// The head of a definition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Metadata {
    /// The handle.
    pub name: String,
    /// REST APIs carry their project here.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub labels: serde_json::Map<String, serde_json::Value>,
}

/// The body of a definition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// The name, unique with the version within a kind.
    pub display_name: String,
    /// The version.
    pub version: String,
    /// The path it is served under; may be taken twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, serde_json::Value>,
}

/// Texts that a thread remembers having read at most; then it forgets them all.
const REMEMBERED: usize = 256;

thread_local! {
    /// The same few texts are read at each step of a deployment, by every gateway, in run after run.
    static READ: RefCell<BTreeMap<Box<[u8]>, Arc<Definition>>> = const { RefCell::new(BTreeMap::new()) };
}

impl Definition {
    /// Reads a definition, or remembers what it read in the same text before.
    ///
    /// # Errors
    /// When it isn't YAML of this shape.
    pub fn parse(yaml: &[u8]) -> Result<Arc<Self>, serde_yaml_ng::Error> {
        if let Some(read) = READ.with_borrow(|read| read.get(yaml).cloned()) {
            return Ok(read);
        }
        let definition = Arc::new(serde_yaml_ng::from_slice::<Definition>(yaml)?);
        READ.with_borrow_mut(|read| {
            if read.len() == REMEMBERED {
                read.clear();
            }
            read.insert(yaml.into(), definition.clone());
        });
        Ok(definition)
    }

    /// Writes it.
    pub fn to_yaml(&self) -> Vec<u8> {
        serde_yaml_ng::to_string(self).expect("a definition is plain data").into_bytes()
    }
}
