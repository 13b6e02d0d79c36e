//! The calls, one method each.

use std::collections::BTreeMap;

use http::header::ACCEPT;
use http::{Method, StatusCode};
use uuid::Uuid;

use super::{PlatformClient, PushedApi, RestError};
use crate::cx::Cx;
use crate::http::Call;
use crate::wire::archive;
use crate::wire::internal::{
    ArtifactExists, BATCH_TYPE, BatchRequest, DeploymentEntry, DeploymentList, ExistsAnswer, ExistsRequest,
    KeyEntry, Manifest, PlanEntry, SubscriptionEntry,
};
use crate::wire::kind::Kind;

impl PlatformClient {
    /// Every status row of this gateway.
    pub async fn deployments(&self, cx: &Cx) -> Result<Vec<DeploymentEntry>, RestError> {
        Ok(self.listed(cx).await?.deployments)
    }

    /// The same with how new it is, where the platform says so.
    pub async fn listed(&self, cx: &Cx) -> Result<DeploymentList, RestError> {
        let call = Call::new("http.deployments", Method::GET, self.path("/deployments"));
        Ok(self.call(cx, call).await?.json()?)
    }

    /// The definitions of these deployments; those that the platform doesn't know are missing.
    pub async fn definitions(
        &self,
        cx: &Cx,
        deployments: &[Uuid],
    ) -> Result<BTreeMap<String, Vec<u8>>, RestError> {
        let deployment_ids = deployments.iter().map(Uuid::to_string).collect();
        let call = Call::new("http.fetch-batch", Method::POST, self.path("/deployments/fetch-batch"))
            .header(ACCEPT, BATCH_TYPE)
            .json(&BatchRequest { deployment_ids });
        Ok(archive::unbatch(&self.call(cx, call).await?.body)?)
    }

    /// Whether the organisation has these artifacts, as far as the answer says.
    pub async fn artifacts_exist(
        &self,
        cx: &Cx,
        artifacts: &[Uuid],
    ) -> Result<Vec<ArtifactExists>, RestError> {
        let artifact_ids = artifacts.iter().map(Uuid::to_string).collect();
        let call = Call::new("http.artifacts-exists", Method::POST, self.path("/artifacts/exists"))
            .json(&ExistsRequest { artifact_ids });
        Ok(self.call(cx, call).await?.json::<ExistsAnswer>()?.artifacts)
    }

    /// The current definition of an artifact, whatever deployment an event named.
    pub async fn definition(&self, cx: &Cx, kind: Kind, artifact: Uuid) -> Result<Vec<u8>, RestError> {
        let site = match kind {
            Kind::RestApi => "http.fetch-api",
            Kind::LlmProvider => "http.fetch-llm-provider",
            Kind::LlmProxy => "http.fetch-llm-proxy",
            Kind::Mcp => "http.fetch-mcp-proxy",
        };
        let path = self.path(&format!("/{}/{artifact}", kind.internal_path()));
        let answer = self.call(cx, Call::new(site, Method::GET, path).about(artifact)).await?;
        Ok(archive::unzip(&answer.body)?)
    }

    /// The keys of a kind's artifacts that have a status row on this gateway.
    pub async fn api_keys(&self, cx: &Cx, kind: Kind) -> Result<Vec<KeyEntry>, RestError> {
        let site = match kind {
            Kind::RestApi => "http.api-keys",
            Kind::LlmProvider => "http.llm-provider-keys",
            Kind::LlmProxy => "http.llm-proxy-keys",
            Kind::Mcp => "http.mcp-proxy-keys",
        };
        let path = self.path(&format!("/{}/api-keys", kind.internal_path()));
        Ok(self.call(cx, Call::new(site, Method::GET, path)).await?.json()?)
    }

    /// Every plan of the organisation, whatever its status.
    pub async fn subscription_plans(&self, cx: &Cx) -> Result<Vec<PlanEntry>, RestError> {
        let call = Call::new("http.subscription-plans", Method::GET, self.path("/subscription-plans"));
        Ok(self.call(cx, call).await?.json()?)
    }

    /// The subscriptions to an API that has a status row on this gateway.
    pub async fn subscriptions(&self, cx: &Cx, api: Uuid) -> Result<Vec<SubscriptionEntry>, RestError> {
        let path = self.path(&format!("/apis/{api}/subscriptions"));
        let call = Call::new("http.subscriptions", Method::GET, path).about(api);
        Ok(self.call(cx, call).await?.json()?)
    }

    /// Says which policies this gateway has, under the identifier that the platform greeted it by.
    pub async fn push_manifest(&self, cx: &Cx, gateway: Uuid, manifest: &Manifest) -> Result<(), RestError> {
        let path = self.path(&format!("/gateways/{gateway}/manifest"));
        let call = Call::new("http.manifest", Method::POST, path).json(manifest);
        self.call_for(cx, call, &[StatusCode::OK, StatusCode::NO_CONTENT]).await.map(drop)
    }

    /// Registers an API that was made here.
    pub async fn push_api(
        &self,
        cx: &Cx,
        handle: &str,
        about: Uuid,
        pushed: &PushedApi,
    ) -> Result<(), RestError> {
        let path = self.path(&format!("/apis/{handle}/gateway-deployments"));
        let call = Call::new("http.push-api", Method::POST, path).about(about).json(pushed);
        self.call_for(cx, call, &[StatusCode::OK, StatusCode::CREATED]).await.map(drop)
    }

    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base())
    }
}
