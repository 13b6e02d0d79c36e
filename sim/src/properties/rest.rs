//! The world at rest: the processes of gateways that are judged there, each beside what it ought to hold.
//!
//! Not judged are a process that is down at the end or that something keeps from the platform to the last, a gateway
//! that has no token because it couldn't be set up, and one that the platform has deleted, which is none of its
//! organisation's any more. Where no platform runs at the end nothing is said at all: nobody could have told the
//! gateways anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use driftless_model::gateway::Projections;

use crate::oracle::Ought;
use crate::outcome::{Evidence, Remains};
use crate::plan::{Node, Role};

use super::Found;

/// A process of a gateway in a world at rest.
pub struct AtRest<'a> {
    /// Its name: the gateway's, or that of one of its replicas.
    pub name: &'a str,
    /// Its disk, and whatever else is left of it.
    pub remains: &'a Remains,
    /// What it holds in memory and serves.
    pub projections: &'a Projections,
    /// What its gateway ought to hold.
    pub ought: &'a Ought,
}

impl AtRest<'_> {
    /// The gateway that it is a process of.
    pub fn gateway(&self) -> &str {
        Node::original(self.name)
    }

    /// Whether it stands for the database that it shares with the other replicas of its gateway.
    pub fn is_original(&self) -> bool {
        self.gateway() == self.name
    }
}

/// A process of a gateway that runs on a sound machine, whatever lies between it and the platform.
pub struct Process<'a> {
    /// Its name: the gateway's, or that of one of its replicas.
    pub name: &'a str,
    /// Its disk, and whatever else is left of it.
    pub remains: &'a Remains,
    /// What it holds in memory and serves.
    pub projections: &'a Projections,
}

impl Process<'_> {
    /// The gateway that it is a process of.
    pub fn gateway(&self) -> &str {
        Node::original(self.name)
    }
}

/// The processes that have only themselves to blame for what they serve.
pub fn processes(evidence: &Evidence) -> impl Iterator<Item = Process<'_>> {
    let sound = |node: &Remains| node.role == Role::Gateway && node.alive && node.sound;
    evidence.nodes.iter().filter(move |(_, node)| sound(node)).filter_map(|(name, remains)| {
        Some(Process { name, remains, projections: remains.projections.as_deref()? })
    })
}

/// The processes that are judged at rest, or why none is.
///
/// # Errors
/// When no platform runs at the end that gateways could have got anything from.
pub fn gateways(evidence: &Evidence) -> Result<Vec<AtRest<'_>>, String> {
    let mut platforms = evidence.nodes.values().filter(|node| node.role == Role::Platform);
    if !platforms.any(|node| node.alive && node.healed) {
        return Err("no platform runs at the end".into());
    }
    let ought = evidence.ought();
    let within_reach = |node: &Remains| node.role == Role::Gateway && node.alive && node.healed;
    let judged =
        evidence.nodes.iter().filter(|(_, node)| within_reach(node)).filter_map(|(name, remains)| {
            let (projections, ought) = (remains.projections.as_deref()?, ought.get(Node::original(name))?);
            Some(AtRest { name, remains, projections, ought })
        });
    Ok(judged.collect())
}

/// Judges each of them; where there is none that can be judged, says why.
pub fn judge(evidence: &Evidence, mut judge: impl FnMut(&AtRest<'_>, &mut Found)) -> Found {
    match gateways(evidence) {
        Ok(gateways) => {
            let mut found = Found::default();
            gateways.iter().for_each(|gateway| judge(gateway, &mut found));
            found
        }
        Err(why) => Found::unjudged(why),
    }
}

impl Evidence {
    /// What each gateway that the platform knows ought to hold at the end, by its name.
    pub fn ought(&self) -> &BTreeMap<Arc<str>, Ought> {
        self.ought.get_or_init(|| {
            let Some(platform) = self.nodes.values().find(|node| node.role == Role::Platform) else {
                return BTreeMap::new();
            };
            let gateways = self.nodes.iter().filter(|(_, node)| node.role == Role::Gateway);
            let names = gateways.map(|(name, _)| name).filter(|name| Node::original(name) == &***name);
            let of = |name: &Arc<str>| Some((name.clone(), Ought::of(&platform.database, name, self.wall)?));
            names.filter_map(of).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::outcome::Verdict;
    use crate::script::Script;

    /// The verdict about subscriptions, where a plan is made for a gateway.
    fn verdict(fault: &str) -> Verdict {
        let text = format!("format 1\n{fault}\nplatform\ngateway gw1\ncreate-plan gold\nsettle\n---\n");
        let plan = Script::parse("set-up", &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
        let outcome = crate::run(&plan).expect("it runs");
        let of = |property: &str| outcome.judgements.iter().find(|one| one.property == property);
        of("subscriptions-follow-the-platform").expect("it is judged").verdict
    }

    #[test]
    fn nothing_is_expected_of_a_gateway_that_could_not_be_set_up() {
        assert_eq!(verdict(""), Verdict::Held);
        let fault = "fault \"user gateway gw1 1 http.create-token gw1\" answer status=503";
        assert_eq!(verdict(fault), Verdict::Vacuous);
    }
}
