//! The ground of a removal: what the gateway knew when it removed something.
//!
//! Read from the history alone: what this work had asked by then and what it was answered, or which event it
//! was handling. An actor's own word is not asked for.

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::wire::internal::{ExistsAnswer, ExistsRequest};
use uuid::Uuid;

use crate::history::Crossing;
use crate::outcome::Evidence;

/// What a gateway knew when it removed something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ground {
    /// A delete or revoke event.
    Told,
    /// A well-formed answer, complete for it, that says that it is gone.
    Answered,
    /// A well-formed answer, complete for it, that says that it exists.
    Contradicted,
    /// It was absent from a list, and nobody asked about it.
    Inferred,
    /// Somebody asked and got no usable answer; the crossing is where the question ended.
    Unanswered(CrossingId),
    /// Somebody who manages the gateway itself wanted it.
    Ordered,
}

impl Ground {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Ground::Told => "told",
            Ground::Answered => "answered",
            Ground::Contradicted => "contradicted",
            Ground::Inferred => "inferred",
            Ground::Unanswered(_) => "unanswered",
            Ground::Ordered => "ordered",
        }
    }
}

/// What the name of work begins with that somebody at the gateway itself has ordered.
pub const ORDER: &str = "order ";

/// The site of the question whether artifacts exist.
const EXISTS: &str = "http.artifacts-exists";
/// The sites of the lists of keys, one for each kind that has keys, and of subscriptions.
const LISTS: &[&str] =
    &["http.api-keys", "http.llm-provider-keys", "http.llm-proxy-keys", "http.subscriptions"];

/// The ground on which `removal` removed something of `artifact`.
pub fn of(evidence: &Evidence, removal: &Crossing, artifact: Uuid) -> Ground {
    let task = &*removal.address.task;
    if let Some(event) = task.strip_prefix("event ").and_then(|event| event.split(' ').next()) {
        let told = event.ends_with(".deleted") || event.ends_with(".revoked");
        return if told { Ground::Told } else { Ground::Inferred };
    }
    if task.starts_with(ORDER) {
        return Ground::Ordered;
    }
    let earlier = evidence.history.crossings().iter().take_while(|crossing| crossing.id < removal.id);
    let mine = earlier.filter(|c| c.address.node == removal.address.node && *c.address.task == *task);
    let last = mine.filter(|c| c.address.site == EXISTS || LISTS.contains(&c.address.site));
    // The newest question that this work has asked decides; what came before it was about something else.
    let mut asked = None;
    let mut ended = None;
    for crossing in last {
        match crossing.address.phase {
            Some(Phase::Sent) => (asked, ended) = (Some(crossing), None),
            Some(Phase::AnswerReceived) => ended = Some(crossing),
            _ => {}
        }
    }
    let Some(asked) = asked else { return Ground::Inferred };
    let end = ended.unwrap_or(asked);
    if asked.address.site != EXISTS {
        let usable = ended.is_some_and(|e| e.record.status == Some(200) && is_list(e));
        return if usable { Ground::Inferred } else { Ground::Unanswered(end.id) };
    }
    if !was_asked_about(asked, artifact) {
        return Ground::Inferred;
    }
    match ended.map(|ended| answer_for(ended, artifact)) {
        Some(Some(false)) => Ground::Answered,
        Some(Some(true)) => Ground::Contradicted,
        Some(None) | None => Ground::Unanswered(end.id),
    }
}

/// Whether any question of a gateway about what exists ended without a usable answer.
pub fn any_unanswered(evidence: &Evidence) -> bool {
    let ended = evidence.history.crossings().iter().filter(|c| {
        let question = c.address.site == EXISTS || LISTS.contains(&c.address.site);
        question && (c.address.phase == Some(Phase::AnswerReceived) || c.record.failed.is_some())
    });
    let mut ended = ended.filter(|c| c.record.failed.is_some() || c.record.status != Some(200));
    ended.next().is_some()
}

fn was_asked_about(asked: &Crossing, artifact: Uuid) -> bool {
    let body = asked.record.body.as_deref().unwrap_or_default();
    serde_json::from_slice::<ExistsRequest>(body)
        .is_ok_and(|request| request.artifact_ids.contains(&artifact.to_string()))
}

/// What the answer says of this artifact: that it exists, that it doesn't, or nothing.
fn answer_for(ended: &Crossing, artifact: Uuid) -> Option<bool> {
    if ended.record.status != Some(200) || ended.record.failed.is_some() {
        return None;
    }
    let answer: ExistsAnswer = serde_json::from_slice(ended.record.body.as_deref()?).ok()?;
    let asked = artifact.to_string();
    answer.artifacts.iter().find(|one| one.artifact_id == asked).map(|one| one.exists)
}

fn is_list(ended: &Crossing) -> bool {
    let body = ended.record.body.as_deref().unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(body).is_ok_and(|body| body.is_array())
}
