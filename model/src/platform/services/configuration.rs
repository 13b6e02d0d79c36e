//! What a user says of an artifact, and what must be said (docs/spec/platform.md section 4.2).
//!
//! The whole body is kept as it came; only what the platform acts on is looked at.

use serde_json::Value;

use super::handle_of;
use crate::platform::refusal::Refusal;
use crate::platform::tables::Object;
use crate::wire::kind::Kind;

/// What a user says of a new artifact, validated.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub handle: String,
    pub name: String,
    pub version: String,
    /// All of it.
    pub body: Object,
}

impl Configuration {
    /// Validates a body.
    pub fn read(kind: Kind, mut body: Object) -> Result<Self, Refusal> {
        for field in required(kind) {
            if is_empty(body.get(*field)) {
                return Err(lacking(kind, field, "is required"));
            }
        }
        if kind == Kind::RestApi {
            let given = text(&body, "kind").unwrap_or(kind.name());
            if !given.eq_ignore_ascii_case(kind.name()) {
                return Err(lacking(kind, "kind", "must be RestApi"));
            }
        }
        if required(kind).contains(&"upstream") && !has_upstream(kind, &body) {
            return Err(lacking(kind, "upstream", "must have a url"));
        }
        let name = text(&body, "name").unwrap_or_default().to_owned();
        let version = text(&body, "version").unwrap_or_default().to_owned();
        let handle = text(&body, "id").map_or_else(|| handle_of(&name), str::to_owned);
        if !super::is_handle(&handle) {
            return Err(lacking(kind, "id", "must be lower-case letters, digits and hyphens"));
        }
        body.insert("id".to_owned(), handle.clone().into());
        Ok(Configuration { handle, name, version, body })
    }

    /// The text under a field of an object in the body, such as `provider.id`.
    pub fn within(&self, outer: &str, field: &str) -> Option<&str> {
        self.body.get(outer)?.get(field)?.as_str()
    }

    /// The text of a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        text(&self.body, field)
    }
}

fn required(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::RestApi => &["name", "version", "context", "projectId", "upstream"],
        Kind::LlmProvider => &["id", "name", "version", "template", "upstream", "accessControl"],
        Kind::LlmProxy => &["id", "name", "version", "projectId", "provider"],
        Kind::Mcp => &["id", "name", "version", "upstream"],
    }
}

/// REST APIs may name an upstream by reference; the others need a URL, LLM providers directly or as `main`.
fn has_upstream(kind: Kind, body: &Object) -> bool {
    let upstream = body.get("upstream");
    let main = upstream.and_then(|upstream| upstream.get("main"));
    let url = |of: Option<&Value>, field| of.and_then(|of| of.get(field)).is_some_and(Value::is_string);
    match kind {
        Kind::RestApi => url(main, "url") || url(main, "ref"),
        Kind::LlmProvider => ["url", "ref"].iter().any(|field| url(main, field) || url(upstream, field)),
        Kind::Mcp => url(main, "url"),
        Kind::LlmProxy => true,
    }
}

fn text<'a>(body: &'a Object, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}

fn lacking(kind: Kind, field: &'static str, reason: &'static str) -> Refusal {
    match kind {
        Kind::RestApi => Refusal::InvalidApi { field, reason },
        Kind::LlmProvider | Kind::LlmProxy | Kind::Mcp => Refusal::Invalid(format!("{field} {reason}")),
    }
}
