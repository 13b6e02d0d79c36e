//! Everything the platform says no with, and the status and body of each.
//!
//! A refusal is an answer of the protocol, in its words. What the real services don't map to a status of its
//! own comes out as a 500 with nothing told: [`Refusal::Unmapped`], which includes every failed statement.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use tracing::warn;

use crate::store::StoreError;
use crate::wire::kind::Kind;
use crate::wire::public::ErrorBody;

/// A thing that can be unknown or taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Thing {
    Organisation,
    OrganisationHandle,
    Project,
    Gateway,
    Token,
    Artifact(Kind),
    ArtifactName(Kind),
    Template,
    Provider,
    Deployment,
    BaseDeployment,
    ApiKey,
    Plan,
    Subscription,
    Application,
    /// What a key opens, of whatever kind.
    Entity,
}

impl Thing {
    fn words(self) -> &'static str {
        match self {
            Thing::Organisation => "Organization",
            Thing::OrganisationHandle => "Organization handle",
            Thing::Project => "Project",
            Thing::Gateway => "Gateway",
            Thing::Token => "Token",
            Thing::Artifact(Kind::RestApi) => "API",
            Thing::Artifact(Kind::LlmProvider) | Thing::Provider => "LLM provider",
            Thing::Artifact(Kind::LlmProxy) => "LLM proxy",
            Thing::Artifact(Kind::Mcp) => "MCP proxy",
            Thing::ArtifactName(_) => "Name and version",
            Thing::Template => "LLM provider template",
            Thing::Deployment => "Deployment",
            Thing::BaseDeployment => "Base deployment",
            Thing::ApiKey => "API key",
            Thing::Plan => "Subscription plan",
            Thing::Subscription => "Subscription",
            Thing::Application => "Application",
            Thing::Entity => "Associated entity",
        }
    }
}

/// A no.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Refusal {
    /// The user showed no token, or a bad one.
    NotAUser(&'static str),
    /// The gateway showed no token.
    NoGatewayToken,
    /// The gateway's token opens nothing.
    UnknownGatewayToken,
    /// Whether the gateway's token opens anything could not be found out.
    UncheckedGatewayToken(StoreError),
    /// The address has tried to connect as often as it may within a minute.
    TooManyAttempts,
    /// The organisation has as many connections as it may have.
    OrganisationFull { limit: u64 },
    /// The request can't be understood, or asks for what can't be.
    Invalid(String),
    /// A new REST API lacks something: the one place with a body of another shape.
    InvalidApi { field: &'static str, reason: &'static str },
    /// A thing the request names is not there.
    Unknown(Thing),
    /// A thing the request names is not there, and the route takes that for a mistake in the request.
    Dangling(Thing),
    /// Another has that identifier, handle or name.
    Taken(Thing),
    /// The organisation has as many of the kind as it may have.
    QuotaReached(Kind),
    /// The gateway has as many active tokens as it may have.
    TooManyTokens,
    /// The deployment is of another gateway than the request says.
    OtherGateway,
    /// Undeploy of what isn't deployed.
    NotDeployed,
    /// Restore of what is.
    AlreadyDeployed,
    /// Delete of a deployment that is deployed.
    StillDeployed,
    /// The caller did not make the key.
    NotTheCreator,
    /// The subscription is not of the subscriber that the caller names.
    NotTheSubscriber,
    /// Nobody to tell of a key.
    NoGateway,
    /// The gateway has no deployment of the artifact to fetch.
    NothingToFetch,
    /// The API doesn't stand on the gateway that asks for its subscriptions.
    NotOnGateway,
    /// The caller doesn't accept the one type the route answers with.
    NotAcceptable,
    /// An error that no route maps to a status of its own.
    Unmapped(String),
}

impl From<StoreError> for Refusal {
    fn from(failed: StoreError) -> Self {
        Refusal::Unmapped(failed.to_string())
    }
}

impl Refusal {
    /// What a failed write means where a unique constraint says that there is another such thing.
    pub fn taken(thing: Thing) -> impl FnOnce(StoreError) -> Self {
        move |failed| match failed {
            StoreError::Unique { .. } => Refusal::Taken(thing),
            failed => failed.into(),
        }
    }

    fn status(&self) -> StatusCode {
        use Refusal::*;
        match self {
            NotAUser(_) | NoGatewayToken | UnknownGatewayToken => StatusCode::UNAUTHORIZED,
            NotTheCreator | NotTheSubscriber | NotOnGateway => StatusCode::FORBIDDEN,
            Invalid(_) | InvalidApi { .. } | Dangling(_) | TooManyTokens | OtherGateway => {
                StatusCode::BAD_REQUEST
            }
            Unknown(_) | NothingToFetch => StatusCode::NOT_FOUND,
            NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Taken(_) | QuotaReached(_) | NotDeployed | AlreadyDeployed | StillDeployed => {
                StatusCode::CONFLICT
            }
            TooManyAttempts | OrganisationFull { .. } => StatusCode::TOO_MANY_REQUESTS,
            NoGateway => StatusCode::SERVICE_UNAVAILABLE,
            UncheckedGatewayToken(_) | Unmapped(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn description(&self) -> String {
        use Refusal::*;
        match self {
            NotAUser(why) => (*why).to_owned(),
            NoGatewayToken => "API key is required. Provide 'api-key' header.".to_owned(),
            UnknownGatewayToken => "Invalid or expired API key".to_owned(),
            UncheckedGatewayToken(_) => "Error while validating API key".to_owned(),
            TooManyAttempts => "Connection rate limit exceeded. Please try again later.".to_owned(),
            OrganisationFull { limit } => {
                format!("Organization connection limit reached. Maximum allowed connections: {limit}")
            }
            Invalid(why) => why.clone(),
            InvalidApi { field, reason } => format!("{field}: {reason}"),
            Unknown(thing) | Dangling(thing) => format!("{} not found", thing.words()),
            Taken(thing) => format!("{} already exists", thing.words()),
            QuotaReached(kind) => {
                format!("{} limit reached for the organization", Thing::Artifact(*kind).words())
            }
            TooManyTokens => "Maximum 2 active tokens allowed per gateway".to_owned(),
            OtherGateway => "Deployment is bound to a different gateway".to_owned(),
            NotDeployed => "Deployment is not currently active".to_owned(),
            AlreadyDeployed => "Deployment is already active".to_owned(),
            StillDeployed => "Cannot delete an active deployment; undeploy it first".to_owned(),
            NotTheCreator => "Only the creator of an API key may delete it".to_owned(),
            NotTheSubscriber => "The subscription is of another subscriber".to_owned(),
            NoGateway => "No gateway connections available".to_owned(),
            NothingToFetch => "No active deployment found for this API on this gateway".to_owned(),
            NotOnGateway => "API is not associated with this gateway".to_owned(),
            NotAcceptable => format!("Accept must be {}", crate::wire::internal::BATCH_TYPE),
            Unmapped(_) => "An unexpected error occurred".to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        if let Refusal::Unmapped(why) = &self {
            warn!("an operation failed: {why}");
        }
        if let Refusal::UncheckedGatewayToken(why) = &self {
            warn!("a token could not be checked: {why}");
        }
        // Two have bodies of other shapes.
        if let Refusal::NotAUser(why) = &self {
            return (status, Json(json!({ "error": why }))).into_response();
        }
        if let Refusal::InvalidApi { field, reason } = &self {
            return (status, Json(invalid_api(field, reason))).into_response();
        }
        let message = status.canonical_reason().unwrap_or_default().to_owned();
        let body = ErrorBody { code: status.as_u16(), message, description: self.description() };
        (status, Json(body)).into_response()
    }
}

fn invalid_api(field: &str, reason: &str) -> serde_json::Value {
    json!({
        "code": 400,
        "title": "Bad Request",
        "details": "Validation failed",
        "errors": [{ "field": field, "reason": reason, "message": format!("{field} {reason}") }],
    })
}
