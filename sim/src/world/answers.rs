//! Answers of calls as they arrive when a fault has altered them.
//!
//! The crossing by which an answer arrives knows the one by which it was given, so what arrives instead can be
//! made of that, or of an answer that was given before it. One that would arrive as it was given isn't altered,
//! and a fault that finds nothing to alter doesn't strike. What is done to a body is in [`super::bodies`].

use bytes::Bytes;
use driftless_model::cx::{CrossingId, Passage, Phase};

use crate::history::{Crossing, History};

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

    /// What the last such call before it was answered, if that was something else.
    pub(super) fn stale(&self, answered: CrossingId) -> Option<Passage> {
        stale(&self.history, answered).map(|(status, body)| Passage::Altered { status, body })
    }
}

/// What the last such call before it was answered, whichever life of the caller made it, if that was something
/// else. Calls are such if they come from one node, to one site, about one thing.
pub(crate) fn stale(history: &History, answered: CrossingId) -> Option<(u16, Bytes)> {
    let now = history.get(answered)?;
    let is_such = |earlier: &&Crossing| {
        let (earlier, now) = (&earlier.address, &now.address);
        earlier.phase == Some(Phase::Answered)
            && earlier.node_name() == now.node_name()
            && earlier.site == now.site
            && earlier.subject == now.subject
    };
    let before = history.crossings().iter().rev().skip_while(|crossing| crossing.id >= answered);
    let earlier = before.filter(is_such).find_map(given)?;
    (Some(&earlier) != given(now).as_ref()).then_some(earlier)
}

/// Status and body of an answer; none if none was given.
pub(crate) fn given(answered: &Crossing) -> Option<(u16, Bytes)> {
    let record = &answered.record;
    Some((record.status?, record.body.clone().unwrap_or_default()))
}
