//! Where the history last changed something: what explanations begin with.

use driftless_model::cx::CrossingId;
use driftless_model::gateway::{Route, tables};
use driftless_model::platform::tables::DeploymentStatus;
use driftless_model::store::{Change, Row};
use uuid::Uuid;

use crate::causes::{chain_of, join};
use crate::history::Crossing;
use crate::outcome::{Evidence, Violation};
use crate::plan::Node;

use super::rest::AtRest;

/// The last crossing on a node that changed a row which fits, as it was or as it became.
pub fn last_change<T: Row>(
    evidence: &Evidence,
    is_there: impl Fn(&Crossing) -> bool,
    fits: impl Fn(&T) -> bool,
) -> Option<&Crossing> {
    let touches = |change: &Change| {
        change.after_as::<T>().is_some_and(&fits) || change.before_as::<T>().is_some_and(&fits)
    };
    let mut crossings = evidence.history.crossings().iter().rev();
    crossings.find(|crossing| is_there(crossing) && crossing.record.changes.iter().any(touches))
}

/// The last crossing in which a process changed its route to an artifact.
pub fn last_route<'a>(evidence: &'a Evidence, process: &str, artifact: Uuid) -> Option<&'a Crossing> {
    let there = |crossing: &Crossing| crossing.address.node_name() == process;
    last_change(evidence, there, |route: &Route| route.artifact == artifact)
}

/// The last crossing in which a gateway changed a row which fits, whichever replica it was.
pub fn last_at<'a, T: Row>(
    evidence: &'a Evidence,
    gateway: &str,
    fits: impl Fn(&T) -> bool,
) -> Option<&'a Crossing> {
    let there = |crossing: &Crossing| Node::original(crossing.address.node_name()) == gateway;
    last_change(evidence, there, fits)
}

/// The last crossing in which a gateway changed its row of an artifact.
pub fn last_row<'a>(evidence: &'a Evidence, gateway: &str, artifact: Uuid) -> Option<&'a Crossing> {
    last_at(evidence, gateway, |row: &tables::Artifact| row.uuid == artifact)
}

/// The last crossing in which a gateway wrote or removed a row of a thing: an artifact, a key or a subscription.
pub fn last_touch<'a>(evidence: &'a Evidence, gateway: &str, thing: Uuid) -> Option<&'a Crossing> {
    let artifact = last_row(evidence, gateway, thing);
    let key = last_at(evidence, gateway, |row: &tables::ApiKey| row.uuid == thing);
    let subscription = last_at(evidence, gateway, |row: &tables::Subscription| row.uuid == thing);
    [artifact, key, subscription].into_iter().flatten().max_by_key(|crossing| crossing.id)
}

/// The last crossing in which the platform changed what is to become of an artifact on a gateway.
pub fn last_status(evidence: &Evidence, artifact: Uuid, gateway: Uuid) -> Option<&Crossing> {
    let fits = |row: &DeploymentStatus| row.artifact == artifact && row.gateway == gateway;
    last_change(evidence, |_| true, fits)
}

/// How the gateway came to hold an artifact, if that was later than a crossing.
pub fn stored_since(
    evidence: &Evidence,
    gateway: &str,
    artifact: Uuid,
    since: CrossingId,
) -> Vec<CrossingId> {
    let stored = last_row(evidence, gateway, artifact).filter(|stored| stored.id > since);
    stored.map(|stored| chain_of(&evidence.history, stored.id)).unwrap_or_default()
}

/// What is said of a thing that a gateway has otherwise than it ought to: when the platform last changed it, whom it
/// told of that, and what the gateway did last. What was expected and seen is for its property to say.
pub fn of_thing(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    thing: Uuid,
    changed: Option<&Crossing>,
    last: Option<&Crossing>,
) -> Violation {
    let subject = evidence.name(thing);
    let since = changed.map(|crossing| crossing.id).unwrap_or_default();
    let told = told_since(evidence, gateway.gateway(), &subject, since).map(|crossing| crossing.id);
    let mut chain = chain_of(&evidence.history, since);
    if let Some(last) = last {
        chain = join(chain, chain_of(&evidence.history, last.id));
    }
    Violation {
        at_us: changed.map_or(0, |crossing| crossing.at_us),
        node: gateway.name.to_owned(),
        expected: String::new(),
        seen: String::new(),
        decision: String::new(),
        chain: join(chain, told),
        subject,
    }
}

/// The frames that the platform sent to a gateway about something since a crossing.
pub fn told_since<'a>(
    evidence: &'a Evidence,
    gateway: &'a str,
    subject: &'a str,
    since: CrossingId,
) -> impl Iterator<Item = &'a Crossing> {
    let after = evidence.history.crossings().iter().filter(move |crossing| crossing.id > since);
    after.filter(move |crossing| {
        let address = &crossing.address;
        address.site == "ws.send"
            && address.peer.as_deref().is_some_and(|peer| Node::original(peer) == gateway)
            && address.subject.as_deref() == Some(subject)
    })
}
