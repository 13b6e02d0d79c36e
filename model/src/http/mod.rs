//! HTTP over the net seam: a client with kept-alive connections and a server around an `axum` router.
//!
//! One exchange is four crossings, all at the address of the caller: *sent*, *received*, *answered* and
//! *answer received*. The bytes in between are hyper's. There is no TLS and no timeout here: who calls
//! decides how long to wait, with [`crate::cx::Cx::timeout`].

mod call;
mod client;
mod server;

pub use call::{Answer, Call, CallError};
pub use client::{Client, upgrade};
pub use server::{Peer, serve, serve_until};
