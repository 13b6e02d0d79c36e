//! What ought to be, by what users have done: each case is a few operations and what they oblige a gateway to.

use super::{Ought, Place, Standing};
use crate::outcome::Evidence;
use crate::plan::Role;
use crate::run;
use crate::script::Script;

/// What is said of a gateway, by name: `must` and what it has to serve or let in, `may` and what it may.
fn check(steps: &str, gateway: &str, expected: &[&str]) {
    let text = format!("format 1\nplatform\ngateway gw1\ngateway gw2\n{steps}\n---\n");
    let plan = Script::parse("steps", &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
    let evidence = run(&plan).expect("it runs").evidence;
    assert_eq!(said(&evidence, gateway), expected, "{steps}");
}

fn said(evidence: &Evidence, gateway: &str) -> Vec<String> {
    let platform = evidence.nodes.values().find(|node| node.role == Role::Platform).expect("there is one");
    let Some(ought) = Ought::of(&platform.database, gateway, evidence.wall) else {
        return vec!["unknown".to_owned()];
    };
    let mut said = Vec::new();
    for (artifact, kept) in &ought.artifacts {
        let name = evidence.name(*artifact);
        said.push(match &kept.place {
            Place::Served { deployment, .. } => format!("must serve {}", evidence.name(*deployment)),
            Place::Idle { .. } => format!("may keep {name}"),
            Place::Failed { .. } => format!("may serve {name}"),
        });
    }
    let word = |standing| match standing {
        Standing::Must => "must",
        Standing::May => "may",
    };
    let keys = ought.keys.values();
    said.extend(keys.map(|key| format!("{} accept {}", word(key.standing), evidence.name(key.key))));
    let subscriptions = ought.subscriptions.values();
    said.extend(
        subscriptions.map(|one| format!("{} accept {}", word(one.standing), evidence.name(one.subscription))),
    );
    said.extend(ought.plans.keys().map(|plan| format!("must know {}", evidence.name(*plan))));
    let mapped = |of: &(_, _)| format!("must map {} to {}", evidence.name(of.1), evidence.name(of.0));
    said.extend(ought.mappings.iter().map(mapped));
    said.sort();
    said
}

#[test]
fn what_is_deployed_must_be_served_there_and_may_be_kept_elsewhere() {
    let steps = "create rest-api petstore\ndeploy petstore gw1\ndeploy petstore gw1";
    check(steps, "gw1", &["must serve petstore.d2"]);
    check(steps, "gw2", &["may keep petstore"]);
}

#[test]
fn what_is_undeployed_or_has_lost_its_deployment_may_be_kept_and_what_is_deleted_must_not() {
    let undeployed = "create rest-api petstore\ndeploy petstore gw1\nundeploy petstore gw1";
    check(undeployed, "gw1", &["may keep petstore"]);
    check(&format!("{undeployed}\ndelete-deployment petstore gw1"), "gw1", &["may keep petstore"]);
    check(&format!("{undeployed}\ndelete petstore"), "gw1", &[]);
    check(&format!("{undeployed}\nrestore petstore gw1"), "gw1", &["must serve petstore.d1"]);
}

#[test]
fn a_deployment_that_is_said_to_have_failed_obliges_to_nothing() {
    // The one process of gw1 gives up on a definition that it can't get, and says so.
    let steps = "fault \"gw1 event api.deployed petstore 1 http.fetch-api\" fail\n\
                 create rest-api petstore\ndeploy petstore gw1\ncreate-key petstore alice";
    check(steps, "gw1", &["may accept petstore.alice", "may serve petstore"]);
}

#[test]
fn keys_open_what_is_served_unless_they_are_revoked() {
    let keys = "create rest-api petstore\ndeploy petstore gw1\ncreate-key petstore alice\n\
                create-key petstore bob\nrevoke-key petstore bob";
    check(keys, "gw1", &["must accept petstore.alice", "must serve petstore.d1"]);
    check(keys, "gw2", &["may accept petstore.alice", "may keep petstore"]);
}

#[test]
fn subscriptions_open_what_is_served_while_they_are_active() {
    let steps = "create rest-api petstore\ndeploy petstore gw1\ncreate-plan gold\n\
                 subscribe petstore bob plan=gold\nsubscribe petstore eve\n\
                 update-subscription petstore eve status=inactive";
    check(steps, "gw1", &["must accept petstore.bob", "must know plan.gold", "must serve petstore.d1"]);
    check(steps, "gw2", &["may accept petstore.bob", "may keep petstore", "must know plan.gold"]);
}

#[test]
fn a_tenant_has_nothing_of_another_and_a_deleted_gateway_nothing_at_all() {
    let steps = "organisation globex\ncreate rest-api globex/petstore\ncreate-plan gold\ndelete-gateway gw2";
    check(steps, "gw1", &["must know plan.gold"]);
    check(steps, "gw2", &["unknown"]);
}

#[test]
fn keys_are_mapped_to_applications() {
    let steps = "create llm-provider model\ndeploy model gw1\ncreate-key model alice\n\
                 create-application assistant\nmap-key assistant model alice";
    let ought = ["must accept model.alice", "must map model.alice to application.assistant", "must serve model.d1"];
    check(steps, "gw1", &ought);
    check(
        &format!("{steps}\nunmap-key assistant model alice"),
        "gw1",
        &ought[..1].iter().chain(&ought[2..]).copied().collect::<Vec<_>>(),
    );
}
