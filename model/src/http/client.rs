//! The calling side of an exchange.
//!
//! Connections are kept alive and used again, newest first, as Go's transport does; one that turns out to be
//! closed before the request was written is replaced by a new one without the caller noticing. Nothing else
//! is retried here.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::HeaderMap;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;

use super::call::{Answer, Call, CallError};
use crate::cx::{At, CrossingId, Cx, Passage, Phase, Turn, Wire};

struct Kept {
    request: SendRequest<Full<Bytes>>,
    wire: Arc<dyn Wire>,
}

/// A client of one service, with its pool of connections.
#[derive(Clone)]
pub struct Client {
    to: Arc<str>,
    idle: Arc<Mutex<Vec<Kept>>>,
    /// One for each connection it may have; none is no limit.
    slots: Option<Arc<Semaphore>>,
}

impl Client {
    /// A client of the node called `to`.
    pub fn new(to: &str) -> Self {
        Client { to: to.into(), idle: Arc::default(), slots: None }
    }

    /// A client that has no more than so many connections: further calls wait for one of them.
    pub fn limited(to: &str, connections_max: usize) -> Self {
        Client { slots: Some(Arc::new(Semaphore::new(connections_max))), ..Client::new(to) }
    }

    /// Makes a call and reads its whole answer.
    ///
    /// # Errors
    /// When there was no answer: connection refused, reset, closed.
    pub async fn call(&self, cx: &Cx, call: Call<'_>) -> Result<Answer, CallError> {
        let sent = send(cx, call.at(&self.to), &call).await?;
        let slot = match &self.slots {
            Some(slots) => Some(slots.acquire().await.map_err(CallError::of)?),
            None => None,
        };
        let answer = self.exchange(cx, sent, &call).await;
        drop(slot);
        receive(cx, sent.begun, answer).await
    }

    async fn exchange(&self, cx: &Cx, sent: Sent, call: &Call<'_>) -> Result<Answer, CallError> {
        let mut twice = sent.twice;
        loop {
            let (mut kept, reused) = match self.take() {
                Some(kept) => (kept, true),
                None => (dial(cx, &self.to).await?, false),
            };
            if kept.request.ready().await.is_err() {
                if reused {
                    continue;
                }
                return Err(CallError("connection closed".into()));
            }
            if std::mem::take(&mut twice) {
                send_again(cx, &self.to, sent.begun, call.request(&self.to)?);
            }
            kept.wire.outgoing(sent.begun);
            match kept.request.try_send_request(call.request(&self.to)?).await {
                Ok(response) => {
                    let answer = read(response).await?;
                    kept.wire.incoming();
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
                    return Ok(answer);
                }
                Err(mut failed) => {
                    // Only a request that was not written comes back.
                    if !reused || failed.take_message().is_none() {
                        return Err(CallError::of(describe(failed.error())));
                    }
                }
            }
        }
    }

    fn take(&self) -> Option<Kept> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| !kept.request.is_closed());
        idle.pop()
    }
}

/// Makes a call on a connection of its own that becomes a byte stream if it is answered with 101.
///
/// # Errors
/// When there was no answer.
pub async fn upgrade(
    cx: &Cx,
    to: &str,
    call: Call<'_>,
) -> Result<(Answer, Option<(hyper::upgrade::Upgraded, Arc<dyn Wire>)>), CallError> {
    let sent = send(cx, call.at(to), &call).await?;
    let result = async {
        let mut kept = dial(cx, to).await?;
        if sent.twice {
            send_again(cx, to, sent.begun, call.request(to)?);
        }
        kept.wire.outgoing(sent.begun);
        let mut response =
            kept.request.send_request(call.request(to)?).await.map_err(|e| CallError(describe(&e)))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok((read(response).await?, None));
        }
        kept.wire.incoming();
        let answer =
            Answer { status: response.status(), headers: response.headers().clone(), body: Bytes::new() };
        let stream = hyper::upgrade::on(&mut response).await.map_err(CallError::of)?;
        Ok((answer, Some((stream, kept.wire))))
    };
    let (answer, upgraded) = match result.await {
        Ok((answer, upgraded)) => (Ok(answer), upgraded),
        Err(e) => (Err(e), None),
    };
    let answer = receive(cx, sent.begun, answer).await?;
    let upgraded = upgraded.filter(|_| answer.status == StatusCode::SWITCHING_PROTOCOLS);
    Ok((answer, upgraded))
}

/// A call that has left.
#[derive(Clone, Copy, Debug)]
struct Sent {
    begun: CrossingId,
    /// Whether it arrives twice.
    twice: bool,
}

async fn send(cx: &Cx, at: At<'_>, call: &Call<'_>) -> Result<Sent, CallError> {
    let mut turn = cx.turn(at).await;
    let sent = Sent { begun: turn.id, twice: matches!(turn.passage, Passage::Twice) };
    turn.record.body = Some(call.body.clone());
    let broken = match &turn.passage {
        Passage::Through | Passage::Altered { .. } | Passage::Twice | Passage::Disturbed(_) => None,
        Passage::Broken(why) | Passage::Lost(why) => Some(why.clone()),
        Passage::Instead { status, .. } => Some(format!("answered {status}")),
    };
    turn.record.failed = broken.clone();
    cx.end(turn).await;
    broken.map_or(Ok(sent), |why| Err(CallError(why)))
}

/// Sends a request once more, on a connection of its own that is closed as soon as it is answered. It leaves
/// after the dial, hence behind the first, and nobody hears what becomes of it.
fn send_again(cx: &Cx, to: &str, begun: CrossingId, request: Request<Full<Bytes>>) {
    let (of, to) = (cx.clone(), to.to_owned());
    cx.spawn_as_is(async move {
        let Ok(mut kept) = dial(&of, &to).await else { return };
        kept.wire.outgoing(begun);
        if let Ok(response) = kept.request.send_request(request).await {
            let _ = read(response).await;
        }
    });
}

async fn receive(cx: &Cx, begun: CrossingId, answer: Result<Answer, CallError>) -> Result<Answer, CallError> {
    let mut turn = cx.turn(At::Phase { begun, phase: Phase::AnswerReceived }).await;
    let answer = interpose(&turn, answer);
    match &answer {
        Ok(answer) => {
            turn.record.status = Some(answer.status.as_u16());
            turn.record.body = Some(answer.body.clone());
        }
        Err(CallError(why)) => turn.record.failed = Some(why.clone()),
    }
    cx.end(turn).await;
    answer
}

fn interpose(turn: &Turn, answer: Result<Answer, CallError>) -> Result<Answer, CallError> {
    match &turn.passage {
        Passage::Through | Passage::Twice | Passage::Disturbed(_) => answer,
        Passage::Broken(why) | Passage::Lost(why) => Err(CallError(why.clone())),
        Passage::Instead { status, body } => Ok(Answer {
            status: StatusCode::from_u16(*status).map_err(CallError::of)?,
            headers: HeaderMap::new(),
            body: body.clone(),
        }),
        Passage::Altered { status, body } => Ok(Answer {
            status: StatusCode::from_u16(*status).map_err(CallError::of)?,
            body: body.clone(),
            // What says of what type the body is still does, and an answer that never came isn't made up.
            headers: answer?.headers,
        }),
    }
}

async fn dial(cx: &Cx, to: &str) -> Result<Kept, CallError> {
    let connection = cx.connect(to).await.map_err(CallError::of)?;
    let wire = connection.wire;
    let (request, driver) =
        http1::handshake(TokioIo::new(connection.stream)).await.map_err(|e| CallError(describe(&e)))?;
    cx.spawn_as_is(async move {
        // An error here also ends the pending request, which reports it.
        let _ = driver.with_upgrades().await;
    });
    Ok(Kept { request, wire })
}

async fn read(response: Response<Incoming>) -> Result<Answer, CallError> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|e| CallError(describe(&e)))?.to_bytes();
    Ok(Answer { status: head.status, headers: head.headers, body })
}

/// hyper's error with its cause, which holds what the socket said.
fn describe(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
