//! The conformance suite of docs/spec/gateway.md section 14, as far as the gateway goes, and what the
//! decisions change.
//!
//! `world` stands in for the simulator, `platform` for the other actor and `fixture` puts a gateway between
//! them; `together` has the other actor itself; the rest are cases.

mod fixture;
mod platform;
mod world;

mod applications;
mod boot;
mod connection;
mod delete;
mod deploy;
mod diff;
mod durability;
mod hub;
mod hub_events;
mod hub_limits;
mod keys;
mod kinds;
mod listener;
mod listener_keys;
mod local;
mod manifest;
mod memory;
mod orphans;
mod partition;
mod policies;
mod pools;
mod replicas;
mod shutdown;
mod subscriptions;
mod templates;
mod together;
mod undeploy;
mod upsert;
mod whole;
