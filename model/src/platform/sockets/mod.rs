//! The WebSockets that gateways hold open (docs/spec/platform.md section 6).
//!
//! What is known of them is in the memory of one process: an event reaches only the gateways whose sockets
//! end there. Nothing here survives a crash except `gateways.is_active`, which nobody sets right.

mod ack;
mod attempts;
mod broadcast;
mod connection;
mod heartbeat;
mod limits;
mod registry;
mod session;

pub(super) use attempts::Attempts;
pub(super) use connection::{Connection, Waiting};
pub(super) use registry::Registry;
