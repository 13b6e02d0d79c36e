//! The body by which a gateway registers an API of its own (docs/spec/platform.md section 8, `POST
//! /apis/{handle}/gateway-deployments`).

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::gateway::memory::StoredConfig;
use crate::gateway::tables::DesiredState;
use crate::wire::definition::{Definition, Spec};
use crate::wire::time;

/// The project of a definition that names none: the one that every organisation begins with.
const PROJECT: &str = "default";

/// A local API, as the platform is told of it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::gateway) struct PushedApi {
    id: Uuid,
    configuration: Value,
    status: &'static str,
    created_at: String,
    updated_at: String,
    deployed_at: Option<String>,
    /// A name, not an identifier.
    project_identifier: String,
}

impl PushedApi {
    /// What there is to tell of an artifact; `None` if its definition can't be read.
    pub fn of(config: &StoredConfig) -> Option<Self> {
        let row = &config.artifact;
        let definition = Definition::parse(&config.configuration).ok()?;
        let project = definition.spec.rest.get("projectName").and_then(Value::as_str).unwrap_or(PROJECT);
        let spec = &definition.spec;
        let configuration = json!({
            "version": definition.api_version,
            "kind": definition.kind,
            "spec": {
                "name": spec.display_name,
                "version": spec.version,
                "context": spec.context.clone().unwrap_or_default(),
                "projectName": project,
                "upstreams": upstreams(spec),
                "operations": spec.rest.get("operations").cloned().unwrap_or_else(|| json!([])),
            },
        });
        Some(PushedApi {
            id: row.uuid,
            configuration,
            status: match row.desired_state {
                DesiredState::Deployed => "deployed",
                DesiredState::Undeployed => "undeployed",
            },
            created_at: time::nanos(&row.created_at),
            updated_at: time::nanos(&row.updated_at),
            deployed_at: row.deployed_at.as_ref().map(time::nanos),
            project_identifier: project.to_owned(),
        })
    }
}

/// The main upstream of a definition, as a list.
fn upstreams(spec: &Spec) -> Value {
    let url = spec.rest.get("upstream").and_then(|upstream| upstream.get("main")?.get("url").cloned());
    url.map_or_else(|| json!([]), |url| json!([{ "url": url }]))
}
