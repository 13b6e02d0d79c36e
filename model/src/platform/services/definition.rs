//! How an artifact is rendered into the definition that gateways download (docs/spec/platform.md section 5),
//! and what a deploy may override in it (section 3.2, step 2).

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::platform::refusal::Refusal;
use crate::platform::statements::Found;
use crate::platform::tables::Object;
use crate::wire::definition::{API_VERSION, Definition, Metadata, Spec};
use crate::wire::kind::Kind;

/// Stands for the gateway's own virtual host, which the platform doesn't know.
const GATEWAY_VHOST: &str = "_gateway_default_";

/// What each kind takes over from its configuration beside name, version and context.
fn taken_over(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::RestApi => &["subscriptionPlans", "upstream", "policies", "operations"],
        Kind::LlmProvider => &["vhost", "template", "upstream", "accessControl", "policies"],
        Kind::LlmProxy => &["vhost", "provider", "policies"],
        Kind::Mcp => &["vhost", "policies"],
    }
}

/// The definition of an artifact as it is configured now.
pub(super) fn render(found: &Found) -> Definition {
    let (artifact, said) = (&found.artifact, found.detail.configuration());
    let mut rest = Object::new();
    for field in taken_over(artifact.kind) {
        if let Some(value) = said.get(*field) {
            rest.insert((*field).to_owned(), value.clone());
        }
    }
    rest.extend(computed(artifact.kind, said));
    let mut labels = Object::new();
    if let (Kind::RestApi, Some(project)) = (artifact.kind, found.detail.project()) {
        labels.insert("project-id".to_owned(), project.to_string().into());
    }
    Definition {
        api_version: API_VERSION.to_owned(),
        kind: artifact.kind.name().to_owned(),
        metadata: Metadata { name: artifact.handle.clone(), labels },
        spec: Spec {
            display_name: artifact.name.clone(),
            version: artifact.version.clone(),
            context: said.get("context").and_then(Value::as_str).map(str::to_owned),
            rest,
        },
    }
}

/// What a definition says in other words than the configuration.
fn computed(kind: Kind, said: &Object) -> Object {
    let mut rest = Object::new();
    match kind {
        Kind::RestApi => {
            let mut vhosts = json!({ "main": GATEWAY_VHOST });
            if said.get("upstream").and_then(|upstream| upstream.get("sandbox")).is_some() {
                vhosts["sandbox"] = GATEWAY_VHOST.into();
            }
            rest.insert("vhosts".to_owned(), vhosts);
        }
        Kind::LlmProvider => {
            // The configuration may say `upstream.main`; the definition has no such level.
            if let Some(main) = said.get("upstream").and_then(|upstream| upstream.get("main")) {
                rest.insert("upstream".to_owned(), main.clone());
            }
        }
        Kind::LlmProxy => {}
        Kind::Mcp => {
            let main = said.get("upstream").and_then(|upstream| upstream.get("main"));
            rest.insert("upstream".to_owned(), main.cloned().unwrap_or_default());
            if let Some(version) = said.get("mcpSpecVersion") {
                rest.insert("specVersion".to_owned(), version.clone());
            }
        }
    }
    rest
}

/// Where each kind lets a deploy's metadata override its definition: what is named, and the path to it.
fn overridable(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    match kind {
        Kind::RestApi => &[
            ("endpointUrl", &["upstream", "main", "url"]),
            ("vhostMain", &["vhosts", "main"]),
            ("vhostSandbox", &["vhosts", "sandbox"]),
        ],
        Kind::Mcp => &[("endpointUrl", &["upstream", "url"])],
        Kind::LlmProvider | Kind::LlmProxy => &[],
    }
}

/// The definition with what the deploy's metadata says otherwise. Left as it is, byte by byte, if there is
/// nothing of that.
pub(super) fn overridden(kind: Kind, yaml: Bytes, metadata: Option<&Object>) -> Result<Bytes, Refusal> {
    let Some(metadata) = metadata else { return Ok(yaml) };
    let mut overrides = Vec::new();
    for (name, path) in overridable(kind) {
        match metadata.get(*name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if !text.is_empty() => overrides.push((*path, text.clone())),
            Some(_) => return Err(bad_override(kind, name)),
        }
    }
    if overrides.is_empty() {
        return Ok(yaml);
    }
    let read = Definition::parse(&yaml).map_err(|e| Refusal::Unmapped(e.to_string()))?;
    let mut definition = Arc::unwrap_or_clone(read);
    for (path, text) in overrides {
        set(&mut definition.spec.rest, path, text);
    }
    Ok(definition.to_yaml().into())
}

/// The REST service doesn't map the error, so it is a 500.
fn bad_override(kind: Kind, name: &str) -> Refusal {
    let why = format!("metadata.{name} is not a text");
    if kind == Kind::RestApi { Refusal::Unmapped(why) } else { Refusal::Invalid(why) }
}

fn set(object: &mut Object, path: &[&str], text: String) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        object.insert((*first).to_owned(), text.into());
        return;
    }
    let inner = object.entry((*first).to_owned()).or_insert_with(|| Value::Object(Object::new()));
    if let Value::Object(inner) = inner {
        set(inner, rest, text);
    }
}
