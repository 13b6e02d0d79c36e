//! Deployments: made, undeployed, restored and deleted.

use driftless_model::cx::Cx;
use driftless_model::wire::public;
use http::Method;
use serde_json::json;
use uuid::Uuid;

use super::{Seen, User};
use crate::plan::{OfDeployment, split_handle};

impl User {
    /// Deploys an artifact's current content, or that of an earlier deployment.
    pub async fn deploy(&self, cx: &Cx, artifact: &str, gateway: &str, base: Option<&str>) -> Seen {
        let base = match base {
            None => "current".to_owned(),
            Some(base) => self.deployment(artifact, gateway, Some(base))?.to_string(),
        };
        let body = public::NewDeployment {
            name: format!("{}-{gateway}", split_handle(artifact).1),
            base,
            gateway_id: self.gateway_id(gateway)?,
        };
        let path = format!("{}/deployments", self.path(artifact));
        let seen = self.about(cx, "http.deploy", Method::POST, path, artifact, Some(json!(body))).await?;
        if let Ok(made) = seen.json::<public::Deployment>() {
            let mut memory = self.memory();
            memory.deployments.entry(artifact.into()).or_default().push((gateway.into(), made.deployment_id));
        }
        Ok(seen)
    }

    /// Undeploys a deployment.
    pub async fn undeploy(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        self.move_deployment(cx, "http.undeploy", "undeploy", of).await
    }

    /// Deploys a deployment again.
    pub async fn restore(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        self.move_deployment(cx, "http.restore", "restore", of).await
    }

    async fn move_deployment(&self, cx: &Cx, site: &'static str, verb: &str, of: &OfDeployment) -> Seen {
        let OfDeployment { artifact, gateway, deployment } = of;
        let deployment = self.deployment(artifact, gateway, deployment.as_deref())?;
        let gateway = self.gateway_id(gateway)?;
        let path = self.path(artifact);
        let path = format!("{path}/deployments/{verb}?deploymentId={deployment}&gatewayId={gateway}");
        self.about(cx, site, Method::POST, path, artifact, None).await
    }

    /// Deletes a deployment.
    pub async fn delete_deployment(&self, cx: &Cx, of: &OfDeployment) -> Seen {
        let OfDeployment { artifact, gateway, deployment } = of;
        let deployment = self.deployment(artifact, gateway, deployment.as_deref())?;
        let path = format!("{}/deployments/{deployment}", self.path(artifact));
        self.about(cx, "http.delete-deployment", Method::DELETE, path, artifact, None).await
    }

    fn deployment(&self, artifact: &str, gateway: &str, which: Option<&str>) -> Result<Uuid, String> {
        let memory = self.memory();
        let known = memory.deployments.get(artifact).map(Vec::as_slice).unwrap_or_default();
        let found = match which {
            None => known.iter().rev().find(|(of, _)| of == gateway).map(|(_, id)| *id),
            Some(which) => {
                let state = self.world.lock();
                let ends = format!(".{which}");
                let mut ids = known.iter().map(|(_, id)| *id);
                ids.find(|id| state.names.of(*id).is_some_and(|name| name.ends_with(&ends)))
            }
        };
        found.ok_or_else(|| match which {
            None => format!("no deployment of {artifact} on {gateway} is known to the user"),
            Some(which) => format!("no deployment {which} of {artifact} is known to the user"),
        })
    }
}
