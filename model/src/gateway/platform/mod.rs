//! The platform as a gateway calls it (docs/spec/gateway.md section 6.1).
//!
//! Every call has one try and a time limit, and anything but the expected status is an error like any other.
//! What an error means is the caller's business.

mod calls;
mod discovery;
mod push;

pub(in crate::gateway) use push::PushedApi;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use http::header::HeaderName;

use crate::cx::Cx;
use crate::http::{Answer, Call, CallError, Client};
use crate::wire::internal::{BASE, TOKEN_HEADER};

/// How many connections a gateway has to its platform at once, beside the WebSocket (docs/spec/gateway.md
/// section 2).
const CONNECTIONS_MAX: usize = 10;

/// Why a call gave nothing to go on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum RestError {
    /// There was no answer, or it can't be read.
    #[error(transparent)]
    Call(#[from] CallError),
    /// There was none in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The answer is a refusal.
    #[error("unexpected status {0}")]
    Status(StatusCode),
    /// What was to be an archive isn't one.
    #[error(transparent)]
    Archive(#[from] crate::wire::archive::BadArchive),
}

/// A client of the platform's gateway-facing API.
pub(super) struct PlatformClient {
    http: Client,
    node: Arc<str>,
    token: String,
    timeout: Duration,
    /// The path that discovery found; only an on-premises platform has one.
    discovered: Mutex<Option<String>>,
}

impl PlatformClient {
    /// A client of the platform on `node`.
    pub fn new(node: &str, token: &str, timeout: Duration) -> Self {
        let discovered = Mutex::default();
        PlatformClient {
            http: Client::limited(node, CONNECTIONS_MAX),
            node: node.into(),
            token: token.to_owned(),
            timeout,
            discovered,
        }
    }

    /// The node it dials.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Whether the platform is one on the premises, which has neither the exists check nor bulk syncs.
    pub fn is_on_premises(&self) -> bool {
        self.discovered().is_some()
    }

    /// A header that says who is calling.
    pub fn token(&self) -> (HeaderName, String) {
        (HeaderName::from_static(TOKEN_HEADER), self.token.clone())
    }

    /// The base path of the API.
    fn base(&self) -> String {
        self.discovered().unwrap_or_else(|| BASE.to_owned())
    }

    fn discovered(&self) -> Option<String> {
        self.discovered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a call with the token and the usual time limit; anything but 200 is an error.
    async fn call(&self, cx: &Cx, call: Call<'_>) -> Result<Answer, RestError> {
        self.call_for(cx, call, &[StatusCode::OK]).await
    }

    /// The same where several statuses are a success.
    async fn call_for(&self, cx: &Cx, call: Call<'_>, expected: &[StatusCode]) -> Result<Answer, RestError> {
        let (name, token) = self.token();
        let answer = cx.timeout(self.timeout, self.http.call(cx, call.header(name, token))).await;
        let answer = answer.ok_or(RestError::Timeout(self.timeout))??;
        if !expected.contains(&answer.status) {
            return Err(RestError::Status(answer.status));
        }
        Ok(answer)
    }
}
