//! Where the history last changed something: what explanations begin with.

use driftless_model::cx::CrossingId;
use driftless_model::gateway::{Route, tables};
use driftless_model::platform::tables::DeploymentStatus;
use driftless_model::store::{Change, Row};
use uuid::Uuid;

use crate::causes::chain_of;
use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Node;

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

/// The last crossing in which a gateway changed its row of an artifact, whichever replica it was.
pub fn last_row<'a>(evidence: &'a Evidence, gateway: &str, artifact: Uuid) -> Option<&'a Crossing> {
    let there = |crossing: &Crossing| Node::original(crossing.address.node_name()) == gateway;
    last_change(evidence, there, |row: &tables::Artifact| row.uuid == artifact)
}

/// The last crossing in which a gateway wrote or removed a row of a thing: an artifact, a key or a subscription.
pub fn last_touch<'a>(evidence: &'a Evidence, gateway: &str, thing: Uuid) -> Option<&'a Crossing> {
    let there = |crossing: &Crossing| Node::original(crossing.address.node_name()) == gateway;
    let artifact = last_row(evidence, gateway, thing);
    let key = last_change(evidence, there, |row: &tables::ApiKey| row.uuid == thing);
    let subscription = last_change(evidence, there, |row: &tables::Subscription| row.uuid == thing);
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
