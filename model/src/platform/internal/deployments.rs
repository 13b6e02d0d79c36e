//! `GET /deployments` and `POST /deployments/fetch-batch` (docs/spec/platform.md sections 8.1 and 8.2).
//!
//! The list has every status row of the gateway in whatever state. It can't say that one is gone: an artifact
//! whose row was deleted with its deployment is simply not in it, which is what issue 3 is about.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

use super::caller::Caller;
use super::etag;
use crate::design::{Design, ListedInstant, Revision};
use crate::platform::refusal::Refusal;
use crate::platform::statements::ListedStatuses;
use crate::platform::tables::{Artifact, DeploymentStatus, Desired, State};
use crate::wire::archive;
use crate::wire::internal::{BATCH_TYPE, BatchRequest, DeploymentEntry, DeploymentList};
use crate::wire::kind::Kind;
use crate::wire::time::{self, Instant};

pub(super) async fn list(
    caller: Caller,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<DeploymentList>, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let since = query.get("since").map(|text| {
        time::parse(text).ok_or_else(|| Refusal::Invalid("since must be an RFC 3339 time".into()))
    });
    let since = since.transpose()?;
    let listed = platform.list_status(&cx, identity.organisation, identity.gateway).await?;
    let ListedStatuses { mut rows, revision } = listed;
    rows.retain(|(status, _)| since.is_none_or(|since| status.performed_at > since));
    rows.sort_by_key(|(status, artifact)| (rank(artifact.kind), Reverse(status.performed_at)));
    let (at, desired) = (listed_instant(&platform.design), listed_desire(&platform.design));
    let entry = |(status, artifact): &(Arc<DeploymentStatus>, Arc<Artifact>)| DeploymentEntry {
        desired: desired(status),
        ..entry(status, artifact, at(status))
    };
    let deployments = rows.iter().map(entry).collect();
    Ok(Json(DeploymentList { deployments, revision }))
}

pub(super) async fn batch(caller: Caller, headers: HeaderMap, bytes: Bytes) -> Result<Response, Refusal> {
    let Caller { cx, platform, identity } = caller;
    if headers.get(ACCEPT).is_none_or(|accept| accept != BATCH_TYPE) {
        return Err(Refusal::NotAcceptable);
    }
    let request: Option<BatchRequest> = serde_json::from_slice(&bytes).ok();
    let ids = request.map(|request| request.deployment_ids).filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| {
        Refusal::Invalid("Invalid request body: deploymentIds is required and must be non-empty".into())
    })?;
    let found = platform.batch_of_deployments(&cx, identity.organisation, identity.gateway, &ids).await?;
    let entries = found.iter().map(|(deployment, artifact)| {
        let name = archive::file_name(artifact.kind, artifact.uuid);
        (deployment.deployment_id, name, &deployment.content[..])
    });
    Ok(([(CONTENT_TYPE, BATCH_TYPE)], archive::batch(entries)).into_response())
}

/// Where a kind stands in the list: providers before the proxies that stand before them.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::RestApi => 1,
        Kind::LlmProvider => 2,
        Kind::LlmProxy => 3,
        Kind::Mcp => 4,
    }
}

/// What a gateway is given to compare with the instant that it has stored.
fn listed_instant(design: &Design) -> fn(&DeploymentStatus) -> Instant {
    match design.listed_instant {
        ListedInstant::UpdatedAt => |status| status.updated_at,
        ListedInstant::PerformedAt => |status| status.performed_at,
    }
}

/// What a gateway is told was asked for, if it is told.
fn listed_desire(design: &Design) -> fn(&DeploymentStatus) -> Option<String> {
    match design.revision {
        Revision::IsUntold => |_| None,
        Revision::IsTold => |status| {
            let asked = match status.status_desired {
                Desired::Deployed => State::Deployed,
                Desired::Undeployed => State::Undeployed,
            };
            Some(asked.word().to_owned())
        },
    }
}

fn entry(status: &DeploymentStatus, artifact: &Artifact, deployed_at: Instant) -> DeploymentEntry {
    DeploymentEntry {
        artifact_id: status.artifact,
        deployment_id: status.deployment,
        kind: artifact.kind.name().to_owned(),
        state: status.status.word().to_owned(),
        desired: None,
        deployed_at,
        etag: etag::of_deployment(status.deployment, &deployed_at).to_string(),
    }
}
