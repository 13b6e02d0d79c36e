//! Answers of calls as they arrive when a fault has altered them.
//!
//! The crossing by which an answer arrives knows the one by which it was given, so what arrives instead can be
//! made of that, or of an answer that was given before it. One that would arrive as it was given isn't altered,
//! and a fault that finds nothing to alter doesn't strike. What is done to a body is in [`super::bodies`].

use bytes::Bytes;
use driftless_model::cx::{CrossingId, Passage, Phase};

use crate::history::Crossing;

use super::State;

impl State {
    /// An answer with its status and another body, if there is anything to alter in it.
    pub(super) fn altered(
        &self,
        answered: CrossingId,
        alter: impl FnOnce(&Bytes) -> Option<Bytes>,
    ) -> Option<Passage> {
        let (status, body) = given(self.history.get(answered)?)?;
        let body = alter(&body)?;
        Some(Passage::Altered { status, body })
    }

    /// What the last such call before it was answered, whichever life of the caller made it, if that was something
    /// else. Calls are such if they come from one node, to one site, about one thing.
    pub(super) fn stale(&self, answered: CrossingId) -> Option<Passage> {
        let now = self.history.get(answered)?;
        let is_such = |earlier: &&Crossing| {
            let (earlier, now) = (&earlier.address, &now.address);
            earlier.phase == Some(Phase::Answered)
                && earlier.node_name() == now.node_name()
                && earlier.site == now.site
                && earlier.subject == now.subject
        };
        let before = self.history.crossings().iter().rev().skip_while(|crossing| crossing.id >= answered);
        let (status, body) = before.filter(is_such).find_map(given)?;
        (Some((status, body.clone())) != given(now)).then_some(Passage::Altered { status, body })
    }
}

/// Status and body of an answer; none if none was given.
fn given(answered: &Crossing) -> Option<(u16, Bytes)> {
    let record = &answered.record;
    Some((record.status?, record.body.clone().unwrap_or_default()))
}
