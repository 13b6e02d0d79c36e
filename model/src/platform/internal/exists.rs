//! `POST /artifacts/exists` (docs/spec/platform.md section 8.3): which artifacts the organisation has.
//!
//! Only the table of artifacts is asked, for all kinds at once and for the whole organisation; it says nothing
//! of deployments. A `false` is for ever, a `true` may be over an instant later.

use axum::Json;
use axum::body::Bytes;

use super::caller::Caller;
use crate::design::ExistsCalls;
use crate::platform::Platform;
use crate::platform::refusal::Refusal;
use crate::wire::internal::{ArtifactExists, ExistsAnswer, ExistsRequest};

pub(super) async fn answer(caller: Caller, bytes: Bytes) -> Result<Json<ExistsAnswer>, Refusal> {
    let Caller { cx, platform, identity } = caller;
    let request: Option<ExistsRequest> = serde_json::from_slice(&bytes).ok();
    let ids = request.map(|request| request.artifact_ids).filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| {
        Refusal::Invalid("Invalid request body: artifactIds is required and must be a non-empty array".into())
    })?;
    let most = most(&platform);
    if ids.len() > most {
        let why = format!("Invalid request body: artifactIds must have at most {most} identifiers");
        return Err(Refusal::Invalid(why));
    }
    let found = platform.which_exist(&cx, identity.organisation, &ids).await?;
    let one = |id: String| ArtifactExists { exists: found.contains(&id), artifact_id: id };
    Ok(Json(ExistsAnswer { artifacts: ids.into_iter().map(one).collect() }))
}

/// How many artifacts may be asked about at once.
fn most(platform: &Platform) -> usize {
    match platform.design.exists_calls {
        ExistsCalls::Unbounded => usize::MAX,
        ExistsCalls::Bounded => usize::try_from(platform.settings.exists_max).unwrap_or(usize::MAX),
    }
}
