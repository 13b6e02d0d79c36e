//! Names: those that everybody uses, one organisation, and one process in the place of several.
//!
//! A name also stands in addresses and in the names of other things, so it is changed in the text of the script.

use std::collections::BTreeMap;

use crate::outcome::Unrunnable;
use crate::plan::{Action, KeyChange, Node, Plan, SubscriptionChange};

use super::Shrinking;
use super::parts::of_script;

/// What artifacts, keys and subscribers are called where it doesn't matter.
const ARTIFACTS: &[&str] = &["petstore", "orders", "users", "weather"];
const SUBSCRIBERS: &[&str] = &["bob", "alice"];

/// Tries the usual names.
pub(super) fn usual(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let renamed = renamed(&shrinking.plan);
    let script = shrinking.plan.to_script();
    let plans: Vec<Plan> = of_script(&replace(&script, &renamed)).into_iter().collect();
    if shrinking.take_first(plans)?.is_some() {
        return Ok(());
    }
    for (from, to) in renamed {
        let script = shrinking.plan.to_script();
        // The other may be somebody's already.
        let both = BTreeMap::from([(from.clone(), to.clone()), (to, from)]);
        shrinking.take_first(of_script(&replace(&script, &both)).into_iter().collect())?;
    }
    Ok(())
}

/// Tries one organisation, and one process in the place of a replica and the node it is one of.
pub(super) fn merge(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let mut plans = Vec::new();
    for step in &shrinking.plan.steps {
        match &step.action {
            Action::Organisation { organisation } => {
                plans.push(without_organisation(shrinking, organisation))
            }
            Action::Start { node, .. } if Node::original(node) != node => {
                plans.push(without_replica(shrinking, node));
            }
            _ => {}
        }
    }
    shrinking.take_first(plans.into_iter().flatten().collect())?;
    Ok(())
}

fn without_organisation(shrinking: &Shrinking<'_>, organisation: &str) -> Option<Plan> {
    let script = shrinking.plan.to_script().replace(&format!("organisation {organisation}\n"), "");
    let script = script.replace(&format!(" organisation={organisation}"), "");
    of_script(&script.replace(&format!("{organisation}/"), ""))
}

fn without_replica(shrinking: &Shrinking<'_>, replica: &str) -> Option<Plan> {
    let script = shrinking.plan.to_script().replace(&format!("replica {replica}\n"), "");
    of_script(&script.replace(replica, Node::original(replica)))
}

/// The usual names for those that a plan uses.
fn renamed(plan: &Plan) -> BTreeMap<String, String> {
    let (mut artifacts, mut gateways, mut keys, mut subscribers) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let add = |names: &mut Vec<String>, name: &str| {
        let bare = name.rsplit('/').next().unwrap_or_default().to_owned();
        if !names.contains(&bare) {
            names.push(bare);
        }
    };
    for step in &plan.steps {
        match &step.action {
            Action::Create { artifact, .. } | Action::Local { artifact, .. } => add(&mut artifacts, artifact),
            Action::Start { node, .. } if node != "platform" && Node::original(node) == node => {
                add(&mut gateways, node);
            }
            Action::Key { change: KeyChange::Create, key, .. } => add(&mut keys, key),
            Action::Subscription { change: SubscriptionChange::Create { .. }, subscriber, .. } => {
                add(&mut subscribers, subscriber);
            }
            _ => {}
        }
    }
    let numbered = |prefix: &str, names: Vec<String>| -> Vec<(String, String)> {
        names.into_iter().enumerate().map(|(n, name)| (name, format!("{prefix}{}", n + 1))).collect()
    };
    let listed = |usual: &[&str], names: Vec<String>| -> Vec<(String, String)> {
        names.into_iter().zip(usual).map(|(name, usual)| (name, (*usual).to_owned())).collect()
    };
    let all = listed(ARTIFACTS, artifacts).into_iter().chain(listed(SUBSCRIBERS, subscribers));
    let all = all.chain(numbered("gw", gateways)).chain(numbered("key", keys));
    all.filter(|(from, to)| from != to).collect()
}

/// A script with some of its names replaced by others, all at once.
fn replace(script: &str, names: &BTreeMap<String, String>) -> String {
    let mut replaced = String::with_capacity(script.len());
    let mut rest = script;
    while !rest.is_empty() {
        let is_part = |(at, c): (usize, char)| {
            // The hyphen of an arrow belongs to no name.
            let arrow = rest[at..].starts_with("->");
            (c.is_ascii_alphanumeric() || c == '-') && !arrow
        };
        let end = rest.char_indices().find(|at| !is_part(*at)).map_or(rest.len(), |(at, _)| at);
        let word = &rest[..end];
        replaced.push_str(names.get(word).map_or(word, String::as_str));
        let next = rest[end..].chars().next();
        replaced.extend(next);
        rest = &rest[end + next.map_or(0, char::len_utf8)..];
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_wherever_they_stand_and_nothing_else_is() {
        let names = BTreeMap::from([("gw2".into(), "gw1".into()), ("tools".into(), "petstore".into())]);
        let script = "fault \"platform->gw2\" cut\nwhen \"gw2@2 event api.deleted tools 1 store.find tools@2\" \
                      probe gw2/b acme/tools\ncreate rest-api tools-2\n";
        let expected = "fault \"platform->gw1\" cut\nwhen \"gw1@2 event api.deleted petstore 1 store.find \
                        petstore@2\" probe gw1/b acme/petstore\ncreate rest-api tools-2\n";
        assert_eq!(replace(script, &names), expected);
    }
}
