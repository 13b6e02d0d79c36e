//! What every handler needs of a request.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::User;
use crate::cx::Cx;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::services::ArtifactName;
use crate::wire::kind::Kind;

/// A request of a user: its task, who serves it, who asks.
pub(super) struct Asked {
    pub cx: Cx,
    pub platform: Arc<Platform>,
    pub user: User,
}

impl FromRequestParts<Arc<Platform>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Infallible> {
        let cx = Cx::from_request_parts(parts, platform).await?;
        let user = parts.extensions.get::<User>().expect("`authenticate` stands before the routes").clone();
        Ok(Asked { cx, platform: platform.clone(), user })
    }
}

impl Asked {
    /// The artifact that the path names.
    pub fn artifact(&self, kind: Kind, handle: String) -> ArtifactName {
        ArtifactName { organisation: self.user.organisation, kind, handle }
    }
}

/// The parameters after the `?`.
pub(super) type Parameters = Query<BTreeMap<String, String>>;

/// The identifier in a parameter; the zero one is nobody's.
pub(super) fn identifier(parameters: &Parameters, name: &str) -> Result<Uuid, Refusal> {
    let given = parameters.get(name).and_then(|text| text.parse().ok());
    given.filter(|id: &Uuid| !id.is_nil()).ok_or_else(|| Refusal::Invalid(format!("{name} is required")))
}

/// The identifier of a gateway in a path.
pub(super) fn gateway(text: &str) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| Refusal::Invalid("the gateway's id must be a UUID".into()))
}

/// The identifier of a thing in a path; what is no identifier names nothing.
pub(super) fn named(text: &str, thing: Thing) -> Result<Uuid, Refusal> {
    text.parse().map_err(|_| Refusal::Unknown(thing))
}

/// A body of a known shape, whatever its content type says.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(bytes).map_err(|why| Refusal::Invalid(format!("Invalid request body: {why}")))
}
