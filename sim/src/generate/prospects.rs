//! What a plan will come by, as far as its steps tell: the crossings at which a fault would decide something.
//!
//! Most plans come by few of the sites that there are. Whether a gateway asks which artifacts exist, say, depends
//! on what was retired on it before it started again. So the steps are followed with a rough idea of what each
//! gateway then holds, misses and asks. It knows neither designs nor faults, and a step that the platform refuses
//! counts as if it were carried out: a prospect that nothing comes by costs nothing but the fault that waits there.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::Pattern;
use crate::plan::{Action, Node, OfDeployment, Step};
use crate::steps::task_names;

const PLATFORM: &str = "platform";

/// A crossing that a plan will come by.
#[derive(Clone, Debug)]
pub(super) struct Prospect {
    pub(super) at: Pattern,
    /// How much hangs on it, beside the others of the plan.
    pub(super) weight: usize,
}

/// The prospects of a plan with these steps.
pub(super) fn of(steps: &[Step]) -> Vec<Prospect> {
    let mut outlook = Outlook::default();
    for (step, task) in steps.iter().zip(task_names(steps)) {
        outlook.follow(&step.action, &task);
    }
    let Outlook { told, mut asked, .. } = outlook;
    // A gateway that starts or connects again decides more at once than at any other time.
    let [all_told, all_asked] = [&told, &asked].map(|all| all.iter().map(|one| one.weight).sum::<usize>());
    let factor = (all_told / all_asked.max(1)).max(1);
    asked.iter_mut().for_each(|one| one.weight *= factor);
    asked.extend(told);
    asked
}

/// What is to be expected so far.
#[derive(Default)]
struct Outlook {
    /// Where users' operations are carried out, and gateways told of them.
    told: Vec<Prospect>,
    /// Where gateways ask what they have missed.
    asked: Vec<Prospect>,
    /// By node, which life is its newest.
    lives: BTreeMap<String, u32>,
    /// Nodes that hear nothing for now.
    away: BTreeSet<String>,
    cut: BTreeSet<String>,
    /// By gateway, what it holds.
    held: BTreeMap<String, BTreeMap<String, Held>>,
    /// Gateways with something to fetch when they are back.
    behind: BTreeSet<String>,
}

/// What a gateway holds, to the platform.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Listed,
    /// It exists and has no deployment there.
    Orphaned,
    Deleted,
}

impl Outlook {
    fn follow(&mut self, action: &Action, task: &str) {
        match action {
            Action::Start { node, .. } => {
                self.lives.insert(node.clone(), 1);
            }
            Action::Restart { node, .. } => self.restart(node),
            Action::Crash { node } | Action::PowerLoss { node } | Action::Stop { node } => {
                self.away.insert(node.clone());
            }
            Action::Partition { from, to, .. } => {
                let gateway = if from == PLATFORM { to } else { from };
                self.away.insert(gateway.clone());
                self.cut.insert(gateway.clone());
            }
            Action::Heal => self.heal(),
            Action::Deploy { artifact, gateway, .. } => {
                self.request(task, &["store.commit-deploy", "store.set-status"]);
                self.hold(gateway, artifact, Held::Listed);
                self.hear(
                    gateway,
                    artifact,
                    &["http.fetch-*", "store.commit-upsert", "hub.publish", "ws.ack"],
                );
            }
            Action::Undeploy(OfDeployment { artifact, gateway, .. })
            | Action::Restore(OfDeployment { artifact, gateway, .. }) => {
                self.request(task, &["store.set-status"]);
                self.hear(gateway, artifact, &["store.commit-upsert", "hub.publish", "ws.ack"]);
            }
            Action::DeleteDeployment(OfDeployment { artifact, gateway, .. }) => {
                self.request(task, &["store.delete-deployment"]);
                self.hold(gateway, artifact, Held::Orphaned);
            }
            Action::Delete { artifact } => self.delete(artifact, task),
            Action::Key { artifact, .. } => {
                self.request(task, &[]);
                for gateway in self.holders(artifact) {
                    self.hear(&gateway, artifact, &["hub.publish"]);
                }
            }
            Action::Create { .. }
            | Action::Update { .. }
            | Action::Plan { .. }
            | Action::Subscription { .. }
            | Action::Application { .. }
            | Action::Mapping { .. }
            | Action::CreateToken { .. }
            | Action::RevokeToken { .. }
            | Action::DeleteGateway { .. } => self.request(task, &[]),
            // What it does is its author's to know.
            Action::Own(_)
            | Action::Organisation { .. }
            | Action::Project { .. }
            | Action::Associate { .. }
            | Action::Local { .. }
            | Action::Wait(_)
            | Action::Settle
            | Action::Probe { .. }
            | Action::Show { .. } => {}
        }
    }

    fn tells(&mut self, at: &str) {
        self.told.extend(prospect(at, 1));
    }

    fn asks(&mut self, at: &str, weight: usize) {
        self.asked.extend(prospect(at, weight));
    }

    fn life(&self, node: &str) -> String {
        match self.lives.get(node) {
            None | Some(1) => node.to_owned(),
            Some(life) => format!("{node}@{life}"),
        }
    }

    /// The platform serves a request and tells gateways of it.
    fn request(&mut self, task: &str, sites: &[&str]) {
        let platform = self.life(PLATFORM);
        for site in sites.iter().chain(&["ws.send"]) {
            self.tells(&format!("{platform} request {task} {site}"));
        }
    }

    /// The replicas of a gateway hear of an artifact, but for those that are away.
    fn hear(&mut self, gateway: &str, artifact: &str, sites: &[&str]) {
        let replicas: Vec<_> =
            self.lives.keys().filter(|node| Node::original(node) == gateway).cloned().collect();
        for replica in replicas {
            if self.away.contains(&replica) {
                self.behind.insert(gateway.to_owned());
                continue;
            }
            let life = self.life(&replica);
            for site in sites {
                self.tells(&format!("{life} {site} {artifact}"));
            }
        }
    }

    fn hold(&mut self, gateway: &str, artifact: &str, held: Held) {
        self.held.entry(gateway.to_owned()).or_default().insert(artifact.to_owned(), held);
    }

    fn holders(&self, artifact: &str) -> Vec<String> {
        let holds = |held: &BTreeMap<String, Held>| held.contains_key(artifact);
        self.held.iter().filter(|(_, held)| holds(held)).map(|(gateway, _)| gateway.clone()).collect()
    }

    fn delete(&mut self, artifact: &str, task: &str) {
        self.request(task, &["store.commit-delete"]);
        for gateway in self.holders(artifact) {
            self.hear(&gateway, artifact, &["store.commit-delete", "store.delete-artifact", "hub.publish"]);
            if self.away.contains(&gateway) {
                self.hold(&gateway, artifact, Held::Deleted);
            } else if let Some(held) = self.held.get_mut(&gateway) {
                held.remove(artifact);
            }
        }
    }

    /// A node starts again; a gateway asks what it has missed.
    fn restart(&mut self, node: &str) {
        *self.lives.entry(node.to_owned()).or_default() += 1;
        self.away.remove(node);
        let original = Node::original(node).to_owned();
        if original == PLATFORM {
            return;
        }
        let life = self.life(node);
        let platform = self.life(PLATFORM);
        let behind = self.behind.remove(&original);
        let held = self.held.get(&original).cloned().unwrap_or_default();
        if held.is_empty() && !behind {
            return;
        }
        for site in ["http.deployments", "store.list-artifacts", "http.subscriptions", "http.api-keys"] {
            self.asks(&format!("{life} sync {site}"), 1);
        }
        self.asks(&format!("{platform} request {life} sync deployments 1 store.list-status"), 1);
        if behind {
            for site in ["http.fetch-batch", "store.commit-upsert", "hub.publish"] {
                self.asks(&format!("{life} sync {site}"), 1);
            }
        }
        // It asks whether they exist, whichever they are: it can't tell.
        if held.values().any(|held| *held != Held::Listed) {
            self.asks(&format!("{life} sync http.artifacts-exists"), 6);
            self.asks(&format!("{platform} request {life} sync artifacts-exists 1 store.find-artifacts"), 2);
        }
        if held.values().any(|held| *held == Held::Deleted) {
            self.asks(&format!("{life} sync store.commit-delete"), 1);
            self.asks(&format!("{life} sync store.delete-keys"), 1);
        }
        if let Some(held) = self.held.get_mut(&original) {
            held.retain(|_, held| *held != Held::Deleted);
        }
    }

    /// Cut gateways connect again and ask about keys and subscriptions.
    fn heal(&mut self) {
        for gateway in std::mem::take(&mut self.cut) {
            self.away.remove(&gateway);
            self.behind.remove(&gateway);
            let life = self.life(&gateway);
            for site in ["http.subscriptions", "http.api-keys"] {
                self.asks(&format!("{life} keys at connect 2 {site}"), 1);
            }
        }
    }
}

fn prospect(at: &str, weight: usize) -> Option<Prospect> {
    // Names of the plan are words, so this is always an address.
    at.parse().ok().map(|at| Prospect { at, weight })
}
