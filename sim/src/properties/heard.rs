//! What a piece of a gateway's work had heard of the platform by some moment, and when that was made.
//!
//! An answer says what the platform read last before it answered, an event what it had done before it told. What
//! happened between that and the moment the gateway acts on it, it can't know.

use driftless_model::cx::{CrossingId, Phase};

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Role;

/// When the newest answer or event was made that the work of a crossing had heard by then; none if it had heard
/// of the platform not at all.
pub fn newest(evidence: &Evidence, by: &Crossing) -> Option<CrossingId> {
    let until = evidence.history.crossings().iter().take_while(|crossing| crossing.id <= by.id);
    let mine = until.filter(|c| c.address.node == by.address.node && c.address.task == by.address.task);
    mine.filter_map(|crossing| made(evidence, crossing)).max()
}

/// When what a crossing heard was made, if it heard something.
fn made(evidence: &Evidence, crossing: &Crossing) -> Option<CrossingId> {
    let causes = || crossing.causes.iter().filter_map(|id| evidence.history.get(*id));
    if crossing.address.phase == Some(Phase::AnswerReceived) {
        let answered = causes().find(|cause| cause.address.phase == Some(Phase::Answered))?;
        // The last that the platform's work did before is what it read.
        return answered.causes.iter().max().copied().or(Some(answered.id));
    }
    // The work of an event begins with the frame that told it.
    causes().filter(|cause| is_told(evidence, cause)).map(|cause| cause.id).max()
}

fn is_told(evidence: &Evidence, crossing: &Crossing) -> bool {
    let sent = crossing.address.site == "ws.send" && crossing.address.phase == Some(Phase::Sent);
    sent && evidence.role_of(crossing) == Some(Role::Platform)
}
