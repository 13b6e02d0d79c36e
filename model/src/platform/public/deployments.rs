//! Routes of deployments, the same for every kind (docs/spec/platform.md section 4.3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, Path};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use uuid::Uuid;

use super::request::{Asked, Parameters, body, identifier, named};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::services::Wanted;
use crate::platform::statements::Held;
use crate::platform::tables::State;
use crate::wire::kind::Kind;
use crate::wire::public::{BASE, Deployment, DeploymentPage};
use crate::wire::time;

/// The routes of a kind.
pub(super) fn routes(kind: Kind) -> Router<Arc<Platform>> {
    let all = format!("{BASE}/{}/{{handle}}/deployments", kind.public_path());
    Router::new()
        .route(&all, post(deploy).get(list))
        .route(&format!("{all}/undeploy"), post(undeploy))
        .route(&format!("{all}/restore"), post(restore))
        .route(&format!("{all}/{{deployment}}"), get(show).delete(remove))
        .route_layer(Extension(kind))
}

async fn deploy(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Deployment>), Refusal> {
    let name = asked.artifact(kind, handle);
    let held = asked.platform.deploy(&asked.cx, &name, body(&bytes)?).await?;
    Ok((StatusCode::CREATED, Json(shown(&held))))
}

async fn undeploy(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    parameters: Parameters,
) -> Result<Json<Deployment>, Refusal> {
    let name = asked.artifact(kind, handle);
    let (deployment, gateway) = both(&parameters)?;
    let held = asked.platform.undeploy(&asked.cx, &name, deployment, gateway).await?;
    Ok(Json(shown(&held)))
}

async fn restore(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    parameters: Parameters,
) -> Result<Json<Deployment>, Refusal> {
    let name = asked.artifact(kind, handle);
    let (deployment, gateway) = both(&parameters)?;
    let held = asked.platform.restore(&asked.cx, &name, deployment, gateway).await?;
    Ok(Json(shown(&held)))
}

async fn list(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path(handle): Path<String>,
    parameters: Parameters,
) -> Result<Json<DeploymentPage>, Refusal> {
    let gateway = match parameters.get("gatewayId") {
        Some(_) => Some(identifier(&parameters, "gatewayId")?),
        None => None,
    };
    let state = parameters.get("status").map(|word| state(word)).transpose()?;
    let name = asked.artifact(kind, handle);
    let held = asked.platform.deployments(&asked.cx, &name, Wanted { gateway, state }).await?;
    let list: Vec<_> = held.iter().map(shown).collect();
    Ok(Json(DeploymentPage { count: list.len(), list }))
}

async fn show(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path((handle, deployment)): Path<(String, String)>,
) -> Result<Json<Deployment>, Refusal> {
    let name = asked.artifact(kind, handle);
    let deployment = named(&deployment, Thing::Deployment)?;
    let held = asked.platform.deployment(&asked.cx, &name, deployment).await?;
    Ok(Json(shown(&held)))
}

async fn remove(
    asked: Asked,
    Extension(kind): Extension<Kind>,
    Path((handle, deployment)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let name = asked.artifact(kind, handle);
    let deployment = named(&deployment, Thing::Deployment)?;
    asked.platform.delete_deployment(&asked.cx, &name, deployment).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The deployment and the gateway that a query names.
fn both(parameters: &Parameters) -> Result<(Uuid, Uuid), Refusal> {
    Ok((identifier(parameters, "deploymentId")?, identifier(parameters, "gatewayId")?))
}

const ARCHIVED: &str = "ARCHIVED";

fn state(word: &str) -> Result<Option<State>, Refusal> {
    use State::*;
    if word == ARCHIVED {
        return Ok(None);
    }
    let all = [Deployed, Undeployed, Deploying, Undeploying, Failed];
    let found = all.into_iter().find(|state| state.word() == word);
    found.map(Some).ok_or_else(|| Refusal::Invalid(format!("'{word}' is not a status")))
}

fn shown(held: &Held) -> Deployment {
    let row = &held.deployment;
    let status = held.status.as_deref();
    Deployment {
        deployment_id: row.deployment_id,
        name: row.name.clone(),
        gateway_id: row.gateway,
        status: held.state().map_or(ARCHIVED, State::word).to_owned(),
        status_reason: status.and_then(|status| status.status_reason.clone()),
        base_deployment_id: row.base_deployment,
        metadata: row.metadata.clone(),
        created_at: time::nanos(&row.created_at),
        updated_at: status.map(|status| time::nanos(&status.updated_at)),
    }
}
