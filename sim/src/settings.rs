//! What the world itself can be set to: how long things take, and how patient the harness is.
//!
//! The settings of nodes are the actors' own ([`mod@driftless_model::settings`]); the node of these is `world`.

use std::time::Duration;

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
    }
}
