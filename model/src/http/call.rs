//! A call and its answer, as data: what is asked, how its crossing is called, and what came of it.
//!
//! How it gets there is the [client](super::client)'s business.

use std::fmt;

use bytes::Bytes;
use http::header::{HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, StatusCode};
use http_body_util::Full;

use crate::cx::{At, Subject};

/// A request, and how its crossing is called.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The site of the crossing, such as `http.fetch-deployments`.
    pub site: &'static str,
    /// What it is about.
    pub subject: Subject<'a>,
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers beside `host`.
    pub headers: Vec<(HeaderName, String)>,
    /// The body; empty for none.
    pub body: Bytes,
}

impl<'a> Call<'a> {
    /// A call without headers and body.
    pub fn new(site: &'static str, method: Method, path: impl Into<String>) -> Self {
        Call {
            site,
            subject: Subject::None,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// The same call, about `subject`.
    pub fn about(mut self, subject: impl Into<Subject<'a>>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The same call with one more header.
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same call with a JSON body.
    pub fn json(mut self, body: &impl serde::Serialize) -> Self {
        self.headers.push((http::header::CONTENT_TYPE, "application/json".into()));
        self.body = serde_json::to_vec(body).expect("a wire type serialises").into();
        self
    }

    /// Where it is sent.
    pub(super) fn at<'b>(&'b self, to: &'b str) -> At<'b> {
        At::Site { site: self.site, peer: Some(to), subject: self.subject, nth: None }
    }

    /// The request as hyper sends it.
    ///
    /// # Errors
    /// When a header or the path can't be written.
    pub(super) fn request(&self, to: &str) -> Result<Request<Full<Bytes>>, CallError> {
        let mut request = Request::builder().method(self.method.clone()).uri(self.path.as_str());
        request = request.header(HOST, to);
        for (name, value) in &self.headers {
            let value = HeaderValue::from_str(value).map_err(|e| CallError(e.to_string()))?;
            request = request.header(name, value);
        }
        request.body(Full::new(self.body.clone())).map_err(|e| CallError(e.to_string()))
    }
}

/// A complete answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON of a known shape.
    ///
    /// # Errors
    /// When it isn't JSON, or not of that shape.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|e| CallError(format!("undecodable answer: {e}")))
    }
}

/// Why there was no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct CallError(pub String);

impl CallError {
    /// The words of another error.
    pub(super) fn of(e: impl fmt::Display) -> Self {
        CallError(e.to_string())
    }
}
