//! The ground of a removal: what the gateway knew when it removed something.
//!
//! Read from the history alone: what this work had asked by then and what it was answered, or which event it
//! was handling. An actor's own word is not asked for.

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::gateway::tables as gateway;
use driftless_model::wire::internal::{ExistsAnswer, ExistsRequest};
use driftless_model::wire::kind::Kind;
use uuid::Uuid;

use super::removal::Removed;
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
/// The sites of the lists of keys, one for each kind that has keys.
const KEYS: &[(Kind, &str)] = &[
    (Kind::RestApi, "http.api-keys"),
    (Kind::LlmProvider, "http.llm-provider-keys"),
    (Kind::LlmProxy, "http.llm-proxy-keys"),
];
/// The site of the list of an API's subscriptions.
const SUBSCRIPTIONS: &str = "http.subscriptions";

/// The ground on which `removal` removed something of `artifact`.
pub fn of(evidence: &Evidence, removal: &Crossing, (what, artifact): (Removed, Uuid)) -> Ground {
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
    // The newest question about it that this work has asked decides. A task asks one after the other.
    let keys = key_list(evidence, artifact);
    let is_about = |question: &Crossing| match question.address.site {
        EXISTS => was_asked_about(question, artifact),
        SUBSCRIPTIONS => {
            what == Removed::Subscription
                && question.address.subject.as_deref() == Some(&*evidence.name(artifact))
        }
        site => matches!(what, Removed::Key | Removed::LocalKey) && keys == Some(site),
    };
    let mut asked: Option<&Crossing> = None;
    let mut ended = None;
    let mut waits = false;
    for crossing in mine {
        match crossing.address.phase {
            Some(Phase::Sent) if is_about(crossing) => (asked, ended, waits) = (Some(crossing), None, true),
            Some(Phase::Sent) => waits = false,
            Some(Phase::AnswerReceived) if waits => (ended, waits) = (Some(crossing), false),
            _ => {}
        }
    }
    let Some(asked) = asked else { return Ground::Inferred };
    let end = ended.unwrap_or(asked);
    if asked.address.site != EXISTS {
        let usable = ended.is_some_and(|e| e.record.status == Some(200) && is_list(e));
        return if usable { Ground::Inferred } else { Ground::Unanswered(end.id) };
    }
    match ended.map(|ended| answer_for(ended, artifact)) {
        Some(Some(false)) => Ground::Answered,
        Some(Some(true)) => Ground::Contradicted,
        Some(None) | None => Ground::Unanswered(end.id),
    }
}

/// The site of the list that has an artifact's keys, if its kind has one.
fn key_list(evidence: &Evidence, artifact: Uuid) -> Option<&'static str> {
    let mut changes = evidence.history.crossings().iter().flat_map(|crossing| &crossing.record.changes);
    let kind = changes.find_map(|change| {
        let row = change.after_as::<gateway::Artifact>().filter(|row| row.uuid == artifact);
        row.map(|row| row.kind)
    })?;
    KEYS.iter().find(|(of, _)| *of == kind).map(|(_, list)| *list)
}

/// Whether any question of a gateway about what exists ended without a usable answer.
pub fn any_unanswered(evidence: &Evidence) -> bool {
    let ended = evidence.history.crossings().iter().filter(|c| {
        let site = c.address.site;
        let question = [EXISTS, SUBSCRIPTIONS].contains(&site) || KEYS.iter().any(|(_, list)| *list == site);
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
