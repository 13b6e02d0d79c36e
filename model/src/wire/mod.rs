//! What goes over the wire, to the letter: shared by the platform, the gateways and whoever plays the user.
//!
//! JSON names and forms are those of docs/spec/platform.md sections 3 to 8 and docs/spec/gateway.md
//! sections 6 to 8.

pub mod archive;
pub mod definition;
pub mod event;
pub mod expiry;
pub mod internal;
pub mod kind;
pub mod public;
pub mod time;
