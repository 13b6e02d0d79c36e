//! Artifacts: made, changed, associated and deleted.

use driftless_model::cx::Cx;
use driftless_model::wire::kind::Kind;
use http::Method;
use serde_json::{Value, json};

use super::{Request, Seen, User, organisation_of};
use crate::plan::{LocalChange, split_handle};

/// The template from which every LLM provider is made: one that every gateway is built with, since no gateway
/// hears of the others.
const TEMPLATE: &str = "mistralai";

impl User {
    /// Makes an artifact; for the first LLM provider of an organisation also the template that it is made
    /// from.
    pub async fn create(
        &self,
        cx: &Cx,
        kind: Kind,
        artifact: &str,
        provider: Option<&str>,
        project: Option<&str>,
    ) -> Seen {
        let organisation = organisation_of(artifact);
        if kind == Kind::LlmProvider && self.needs_template(organisation) {
            let request = Request {
                site: "http.create-template",
                organisation,
                method: Method::POST,
                path: "/llm-provider-templates".to_owned(),
                subject: TEMPLATE,
                body: Some(json!({ "id": TEMPLATE, "name": TEMPLATE })),
            };
            self.call(cx, request).await?;
        }
        let body = {
            let mut memory = self.memory();
            memory.kinds.insert(artifact.into(), kind);
            memory.deployments.remove(artifact);
            let of_tenant = memory.tenants.get(organisation).map(|tenant| tenant.project.clone());
            let provider = split_handle(provider.unwrap_or_default()).1;
            let project_id = of_tenant.unwrap_or_default();
            let mut body = definition(kind, split_handle(artifact).1, provider, &project_id);
            if let Some(project) = project {
                body["projectId"] = memory.projects.get(project).cloned().unwrap_or_default().into();
            }
            memory.definitions.insert(artifact.to_owned(), body.clone());
            body
        };
        let path = format!("/{}", kind.public_path());
        self.about(cx, "http.create-artifact", Method::POST, path, artifact, Some(body)).await
    }

    /// Changes where an artifact's requests go.
    pub async fn update(&self, cx: &Cx, artifact: &str) -> Seen {
        let n = self.next_revision();
        let body = {
            let mut memory = self.memory();
            let body = memory.definitions.entry(artifact.to_owned()).or_default();
            body["description"] = format!("revision {n}").into();
            if let Some(url) = body.pointer_mut("/upstream/main/url") {
                *url = format!("http://revision-{n}.example.org").into();
            }
            body.clone()
        };
        self.about(cx, "http.update-artifact", Method::PUT, self.path(artifact), artifact, Some(body)).await
    }

    /// What an artifact is that somebody manages at a gateway itself: its kind, and the provider that a proxy
    /// stands before.
    pub fn local(&self, change: &LocalChange, artifact: &str) -> (Kind, Option<String>) {
        let mut memory = self.memory();
        if let LocalChange::Create { kind, provider } = change {
            memory.local.insert(artifact.to_owned(), (*kind, provider.clone()));
        }
        let known = memory.kinds.get(artifact).copied().unwrap_or(Kind::RestApi);
        memory.local.get(artifact).cloned().unwrap_or((known, None))
    }

    /// What tells one definition from the one before it.
    pub fn next_revision(&self) -> u64 {
        let mut memory = self.memory();
        memory.updates += 1;
        memory.updates
    }

    /// Deletes an artifact.
    pub async fn delete(&self, cx: &Cx, artifact: &str) -> Seen {
        self.about(cx, "http.delete-artifact", Method::DELETE, self.path(artifact), artifact, None).await
    }

    /// Associates a REST API with a gateway.
    pub async fn associate(&self, cx: &Cx, artifact: &str, gateway: &str) -> Seen {
        let body = json!([{ "gatewayId": self.gateway_id(gateway)? }]);
        let path = format!("{}/gateways", self.path(artifact));
        self.about(cx, "http.associate", Method::POST, path, artifact, Some(body)).await
    }

    /// A call about an artifact.
    pub async fn about(
        &self,
        cx: &Cx,
        site: &'static str,
        method: Method,
        path: String,
        artifact: &str,
        body: Option<Value>,
    ) -> Seen {
        let organisation = organisation_of(artifact);
        self.call(cx, Request { site, organisation, method, path, subject: artifact, body }).await
    }

    fn needs_template(&self, organisation: &str) -> bool {
        let mut memory = self.memory();
        let tenant = memory.tenants.entry(organisation.to_owned()).or_default();
        !std::mem::replace(&mut tenant.has_template, true)
    }
}

/// The body that makes an artifact (docs/spec/platform.md section 4.2).
fn definition(kind: Kind, handle: &str, provider: &str, project: &str) -> Value {
    let mut body = json!({
        "id": handle,
        "name": handle,
        "version": "v1.0",
        "context": format!("/{handle}"),
    });
    let url = format!("http://{handle}.example.org");
    let more = match kind {
        Kind::RestApi => json!({
            "projectId": project,
            "upstream": { "main": { "url": url } },
            "operations": [{ "method": "GET", "path": "/*" }],
        }),
        Kind::LlmProvider => json!({
            "template": TEMPLATE,
            "upstream": { "main": { "url": url } },
            "accessControl": { "mode": "allow_all" },
        }),
        Kind::LlmProxy => json!({ "projectId": project, "provider": { "id": provider } }),
        Kind::Mcp => json!({ "upstream": { "main": { "url": url } } }),
    };
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}
