//! Operations that are put at crossings: what somebody may do to the things of a plan while something else goes on.
//!
//! Only what the plan has by then is operated on: an artifact that was made, a gateway that was set up. Whether the
//! platform refuses it is a result like any other.

use std::collections::BTreeSet;

use crate::plan::{Action, Node, OfDeployment, Plan, Role, Start};

/// What a plan has once some of its steps have begun.
#[derive(Default)]
struct Things {
    artifacts: BTreeSet<String>,
    gateways: BTreeSet<String>,
    /// Artifacts with the gateways they were deployed to.
    deployed: BTreeSet<(String, String)>,
}

/// One kind of operation: the command, and what of it there is to do to the things there are.
struct Operation {
    word: &'static str,
    on: fn(&Things) -> Vec<Action>,
}

const ALL: &[Operation] = &[
    Operation { word: "delete", on: |things| things.each_artifact(|artifact| Action::Delete { artifact }) },
    Operation { word: "update", on: |things| things.each_artifact(|artifact| Action::Update { artifact }) },
    Operation { word: "deploy", on: Things::deploys },
    Operation { word: "undeploy", on: |things| things.each_deployment(Action::Undeploy) },
    Operation { word: "restore", on: |things| things.each_deployment(Action::Restore) },
    Operation { word: "delete-deployment", on: |things| things.each_deployment(Action::DeleteDeployment) },
    Operation { word: "restart", on: Things::restarts },
];

/// The commands that can be put at crossings.
pub fn words() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|operation| operation.word)
}

/// What these commands can do once the first `begun` steps of a plan have begun.
pub(super) fn of(words: &[String], plan: &Plan, begun: usize) -> Vec<Action> {
    let things = Things::after(plan, begun);
    let named = ALL.iter().filter(|operation| words.iter().any(|word| word == operation.word));
    named.flat_map(|operation| (operation.on)(&things)).collect()
}

/// Where among the steps an operation stands that begins once the first `begun` of them have: behind them and
/// those that began with the last of them, but before a last step that waits for the world to come to rest.
pub(super) fn place(plan: &Plan, begun: usize) -> usize {
    let with = plan.steps.iter().skip(begun).take_while(|step| step.start == Start::With).count();
    let place = begun + with;
    let is_last = place == plan.steps.len();
    let settles = plan.steps.last().is_some_and(|step| step.action == Action::Settle);
    if is_last && settles { place - 1 } else { place }
}

impl Things {
    fn after(plan: &Plan, begun: usize) -> Things {
        let mut things = Things::default();
        let is_gateway =
            |name: &str| plan.nodes.iter().any(|node| node.name == name && node.role == Role::Gateway);
        for step in plan.steps.iter().take(begun) {
            match &step.action {
                Action::Start { node, .. } if is_gateway(node) => {
                    things.gateways.insert(node.clone());
                }
                Action::Create { artifact, .. } => {
                    things.artifacts.insert(artifact.clone());
                }
                Action::Deploy { artifact, gateway, .. } => {
                    things.deployed.insert((artifact.clone(), gateway.clone()));
                }
                _ => {}
            }
        }
        things
    }

    fn each_artifact(&self, action: impl Fn(String) -> Action) -> Vec<Action> {
        self.artifacts.iter().cloned().map(action).collect()
    }

    fn each_deployment(&self, action: impl Fn(OfDeployment) -> Action) -> Vec<Action> {
        let of = |(artifact, gateway): &(String, String)| OfDeployment {
            artifact: artifact.clone(),
            gateway: gateway.clone(),
            deployment: None,
        };
        self.deployed.iter().map(of).map(action).collect()
    }

    fn deploys(&self) -> Vec<Action> {
        let to = |artifact: &String, gateway: &String| Action::Deploy {
            artifact: artifact.clone(),
            gateway: gateway.clone(),
            base: None,
        };
        // A replica has no deployments of its own.
        let gateways = || self.gateways.iter().filter(|name| Node::original(name) == name.as_str());
        self.artifacts
            .iter()
            .flat_map(|artifact| gateways().map(move |gateway| to(artifact, gateway)))
            .collect()
    }

    fn restarts(&self) -> Vec<Action> {
        let restart = |node: &String| Action::Restart { node: node.clone(), design: None };
        self.gateways.iter().map(restart).collect()
    }
}
