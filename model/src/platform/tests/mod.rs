//! The platform on a tiny world: turns are given at once, connections are pipes, and nothing fails that a test
//! doesn't break.

// A test that finds something else than it expects should panic there and then. The tiny world has no gate:
// its clock is the executor's.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod exists;
mod gateway;
mod instances;
mod keys;
mod kinds;
mod lifecycle;
mod panics;
mod pull;
mod recipients;
mod resources;
mod rig;
mod shutdown;
mod sockets;
mod tables;
mod transitional;
mod world;
