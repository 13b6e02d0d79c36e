//! What the world itself can be set to: how long things take, and how patient the harness is.
//!
//! The settings of nodes are the actors' own ([`mod@driftless_model::settings`]); the node of these is `world`.

use std::time::Duration;

use driftless_model::settings::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

driftless_model::settings! {
    /// How long things take in the world, and how patient the harness is.
    WorldSettings {
        pace = "pace": Duration = Duration::from_secs(1),
            "how long a person waits between the end of a step and the next";
        storage_min = "latency.storage.min": Duration = Duration::from_micros(100),
            "shortest time of a statement, a commit or a hub operation";
        storage_max = "latency.storage.max": Duration = Duration::from_micros(1_000),
            "longest time of a statement, a commit or a hub operation";
        link_min = "latency.link.min": Duration = Duration::from_micros(500),
            "shortest time of one way over a link";
        link_max = "latency.link.max": Duration = Duration::from_micros(2_000),
            "longest time of one way over a link";
        boot_min = "latency.boot.min": Duration = Duration::from_millis(1),
            "shortest time of a boot step";
        boot_max = "latency.boot.max": Duration = Duration::from_millis(50),
            "longest time of a boot step";
        local_min = "latency.local.min": Duration = Duration::from_micros(1),
            "shortest time until a process takes up what it has to do";
        local_max = "latency.local.max": Duration = Duration::from_micros(20),
            "longest time until a process takes up what it has to do";
        connection_buffer_bytes = "connection.buffer_bytes": u64 = 131_072,
            "bytes of one direction of a connection that may be written and not yet read: 64 KiB of send \
             buffer and 64 KiB of receive window";
        settle_quiet = "settle.quiet": Duration = Duration::from_secs(25),
            "how long nothing may change before the world counts as at rest";
        settle_limit = "settle.limit": Duration = Duration::from_secs(900),
            "how long the world may take to come to rest";
        settle_window = "settle.window": Duration = Duration::from_secs(35),
            "how long the world is watched at the end of a run, once it has come to rest";
    }
}

/// What the names of a machine's own settings begin with.
pub const MACHINE: &str = "machine.";

driftless_model::settings! {
    /// What a node's machine can be set to, whatever runs on it.
    MachineSettings {
        utc_offset = "machine.utc_offset": UtcOffset = UtcOffset(0),
            "the offset of its local time from UTC, such as +05:30";
        dials = "machine.dials": String = String::new(),
            "the instance of the platform that it reaches, such as platform/b; whichever the load balancer \
             gives it unless set";
    }
}

/// An offset from UTC in minutes.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize, JsonSchema,
)]
pub struct UtcOffset(pub i32);

impl Value for UtcOffset {
    const EXPECTED: &'static str = "an offset from UTC such as +05:30 or -08:00";

    fn read(text: &str) -> Option<Self> {
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let digits = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok())?.map(i32::from);
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        (hours < 24 && minutes < 60).then_some(UtcOffset(sign * (hours * 60 + minutes)))
    }

    fn write(&self) -> String {
        let sign = if self.0 < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", self.0.abs() / 60, self.0.abs() % 60)
    }
}
