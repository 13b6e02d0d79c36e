//! The system under test: a platform and its gateways.
//!
//! Both are ordinary async services that speak the real protocol over HTTP and WebSockets, and reach the
//! world through the narrow seams of [`cx`]: net, store, clock, random, spawn. Nothing in this crate knows of
//! faults, properties, plans or seeds.
//!
//! In reading order:
//!
//! * [`cx`]: the task context and the seams;
//! * [`store`]: the database, in memory;
//! * `ticker`: what is done at fixed distances; `tasks`: those that are ended together;
//! * [`http`] and [`ws`]: the wire's two forms;
//! * [`wire`]: what goes over it: events, lists, definitions, archives;
//! * [`design`] and [`mod@settings`]: what the real system decided, and what its operator may choose;
//! * [`platform`] and [`gateway`]: the two actors;
//! * `ordinary`: what answers the seams where the actors are ordinary services, without `--cfg madsim`.

pub mod cx;
pub mod design;
pub mod gateway;
pub mod http;
#[cfg(not(madsim))]
pub mod ordinary;
pub mod platform;
pub mod settings;
pub mod store;
mod tasks;
mod ticker;
pub mod wire;
pub mod ws;
