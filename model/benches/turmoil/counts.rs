//! What crossed the seams in one run, counted as `driftless bench` counts it.

use std::ops::AddAssign;

use serde::Deserialize;

/// Crossings by what they are. Named as the command prints them with `--json`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Deserialize)]
pub struct Counts {
    /// Requests that were sent.
    pub http_requests: u64,
    /// WebSocket frames that were sent.
    pub frames: u64,
    /// Statements, commits and hub operations but for polls.
    pub storage_crossings: u64,
    /// Looks of the gateways at their hubs.
    pub hub_polls: u64,
}

impl Counts {
    /// One crossing that begins at that site.
    pub fn of(site: &str) -> Self {
        let mut counts = Counts::default();
        let counter = match site {
            "hub.poll" => &mut counts.hub_polls,
            // The end of a write is no frame of its own.
            "ws.written" => return counts,
            _ if site.starts_with("http.") => &mut counts.http_requests,
            _ if site.starts_with("ws.") => &mut counts.frames,
            _ if site.starts_with("store.") || site.starts_with("hub.") => &mut counts.storage_crossings,
            // Boot steps, memory and routes.
            _ => return counts,
        };
        *counter = 1;
        counts
    }

    /// Whether both are counts of the same work: within a tenth of one another, each of them.
    pub fn alike(self, other: Self) -> bool {
        self.rows().iter().zip(other.rows()).all(|((_, one), (_, other))| one.abs_diff(other) * 10 <= other)
    }

    /// Each with what it counts.
    pub fn rows(self) -> [(&'static str, u64); 4] {
        [
            ("HTTP requests", self.http_requests),
            ("frames", self.frames),
            ("storage crossings", self.storage_crossings),
            ("hub polls", self.hub_polls),
        ]
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.http_requests += other.http_requests;
        self.frames += other.frames;
        self.storage_crossings += other.storage_crossings;
        self.hub_polls += other.hub_polls;
    }
}
