//! From moves to steps: what can't make sense where it stands is left out.
//!
//! A deployment of something that doesn't exist, a key of an artifact that is gone. So any subsequence of the moves
//! is a plan again, which is what makes shrinking work.

use std::collections::BTreeMap;
use std::time::Duration;

use driftless_model::wire::kind::Kind;

use super::amid;
use super::deployed::{Became, Deployed, pick};
use super::moves::{LAST, Move, PLATFORM, What, When};
use crate::plan::{
    Action, Change, KeyChange, LocalChange, Node, OfDeployment, PlanChange, Start, Step, SubscriptionChange,
    SubscriptionStatus,
};

/// The artifacts of generated plans.
const ARTIFACTS: &[(&str, Kind, Option<&str>)] = &[
    ("petstore", Kind::RestApi, None),
    ("orders", Kind::RestApi, None),
    ("billing", Kind::RestApi, None),
    ("model", Kind::LlmProvider, None),
    ("chat", Kind::LlmProxy, Some("model")),
    ("tools", Kind::Mcp, None),
];
const PLANS: &[&str] = &["gold", "silver"];
const SUBSCRIBERS: &[&str] = &["alice", "bob"];
const APPLICATION: &str = "app";
/// Seconds: before and after a gateway looks at its hub, while it tries to connect again, until a silent connection
/// ends, and after the hub has forgotten what happened before.
const WAITS: &[u64] = &[1, 3, 8, 20, 45, 150];
/// An artifact that is made at a gateway itself.
const LOCAL: &str = "local";

/// What a plan under construction has so far.
#[derive(Default)]
pub(super) struct Draft {
    steps: Vec<Step>,
    gateways: Vec<String>,
    artifacts: Vec<(String, Kind)>,
    deployed: Deployed,
    /// The handle that became free last.
    freed: Option<String>,
    /// The gateway that something happened to last.
    touched: Option<String>,
    /// How often each node was started again.
    restarts: BTreeMap<String, u32>,
    /// What waits for the next gateway that is started again.
    amid: Vec<Move>,
    keys: Vec<(String, String)>,
    plans: Vec<String>,
    subscriptions: Vec<(String, String)>,
    application: bool,
    mappings: Vec<(String, String)>,
    local: Option<String>,
    cut: bool,
}

impl Draft {
    /// A plan that has only what it begins with.
    pub(super) fn new(gateways: Vec<String>, begins: Vec<Action>) -> Self {
        let step = |action| Step { start: Start::After, action };
        Draft { gateways, steps: begins.into_iter().map(step).collect(), ..Draft::default() }
    }

    /// The steps.
    pub(super) fn steps(self) -> Vec<Step> {
        self.steps
    }

    /// Does one thing more, if it makes sense.
    pub(super) fn make(&mut self, one: &Move) {
        let start = match one.when {
            When::After => Start::After,
            When::With => Start::With,
            When::At(seconds) => Start::At(Duration::from_secs(u64::from(seconds))),
            When::Amid(_) => return self.amid.push(one.clone()),
        };
        let Some(action) = self.action(one) else { return };
        let before = self.steps.len();
        if let Action::Restart { node, .. } = &action {
            self.begin_amid(node);
        }
        // Together with what waits for it, it would wait for itself.
        let start = if self.steps.len() > before && start == Start::With { Start::After } else { start };
        self.steps.push(Step { start, action });
    }

    /// A node is about to start again. What waits for that stands before it, lest its crossing be missed.
    fn begin_amid(&mut self, node: &str) {
        let life = self.restarts.entry(node.to_owned()).or_insert(1);
        *life += 1;
        let life = *life;
        if Node::original(node) == "platform" {
            return;
        }
        for one in std::mem::take(&mut self.amid) {
            let When::Amid(choice) = one.when else { continue };
            let (Some(at), Some(action)) = (amid::crossing(node, life, choice), self.action(&one)) else {
                continue;
            };
            self.steps.push(Step { start: Start::When(at), action });
        }
    }

    fn gateway(&mut self, choice: usize) -> String {
        let chosen = match &self.touched {
            Some(last) if choice == LAST => last.clone(),
            Some(_) | None => self.gateways[choice % self.gateways.len()].clone(),
        };
        self.touched = Some(chosen.clone());
        chosen
    }

    /// A gateway, or the platform.
    fn node(&mut self, choice: usize) -> String {
        if choice == PLATFORM { "platform".to_owned() } else { self.gateway(choice) }
    }

    fn artifact(&self, choice: usize) -> Option<String> {
        let last = self.artifacts.len().checked_sub(1)?;
        Some(self.artifacts[choice.min(last)].0.clone())
    }

    fn rest_api(&self, choice: usize) -> Option<String> {
        let apis: Vec<_> = self.artifacts.iter().filter(|(_, kind)| *kind == Kind::RestApi).collect();
        Some(apis.get(choice % apis.len().max(1))?.0.clone())
    }

    fn becomes(&mut self, of: &OfDeployment, became: Option<Became>) {
        self.deployed.becomes(of, became);
        self.touched = Some(of.gateway.clone());
        // What something happened to is the newest.
        if let Some(at) = self.artifacts.iter().position(|(known, _)| *known == of.artifact) {
            let newest = self.artifacts.remove(at);
            self.artifacts.push(newest);
        }
    }

    fn action(&mut self, one: &Move) -> Option<Action> {
        let Move { what, first, second, .. } = *one;
        Some(match what {
            What::Create => self.create(first)?,
            What::Update => Action::Update { artifact: self.artifact(first)? },
            What::Deploy => {
                // Users deploy to a gateway, whichever of its replicas hears of it.
                let (artifact, replica) = (self.artifact(first)?, self.gateway(second));
                let gateway = Node::original(&replica).to_owned();
                let of = OfDeployment { artifact, gateway, deployment: None };
                self.becomes(&of, Some(Became::Deployed));
                let OfDeployment { artifact, gateway, .. } = of;
                Action::Deploy { artifact, gateway, base: None }
            }
            What::DeployAgain => {
                let of = self.deployed.choose(first, second, None)?;
                self.becomes(&of, Some(Became::Deployed));
                let OfDeployment { artifact, gateway, .. } = of;
                Action::Deploy { artifact, gateway, base: Some("d1".to_owned()) }
            }
            What::Undeploy => {
                let of = self.deployed.choose(first, second, Some(Became::Deployed))?;
                self.becomes(&of, Some(Became::Undeployed));
                Action::Undeploy(of)
            }
            What::Restore => {
                let of = self.deployed.choose(first, second, Some(Became::Undeployed))?;
                self.becomes(&of, Some(Became::Deployed));
                Action::Restore(of)
            }
            What::DeleteDeployment => {
                let of = self.deployed.choose(first, second, Some(Became::Undeployed))?;
                self.becomes(&of, None);
                Action::DeleteDeployment(of)
            }
            What::Delete => self.delete(first)?,
            What::CreateKey => {
                let (artifact, key) = (self.artifact(first)?, format!("key{}", second % 2 + 1));
                if self.keys.contains(&(artifact.clone(), key.clone())) {
                    return None;
                }
                self.keys.push((artifact.clone(), key.clone()));
                Action::Key { change: KeyChange::Create, artifact, key }
            }
            What::UpdateKey => self.key(KeyChange::Update, first)?,
            What::RevokeKey => self.key(KeyChange::Revoke, first)?,
            What::CreatePlan => {
                let plan = PLANS[first % PLANS.len()].to_owned();
                if self.plans.contains(&plan) {
                    return None;
                }
                self.plans.push(plan.clone());
                Action::Plan { change: PlanChange::Create, plan }
            }
            What::UpdatePlan => {
                let plan = self.plans.get(first % self.plans.len().max(1))?.clone();
                let status =
                    if second % 2 == 0 { SubscriptionStatus::Inactive } else { SubscriptionStatus::Active };
                Action::Plan { change: PlanChange::Update(status), plan }
            }
            What::Subscribe => {
                let (artifact, subscriber) = (self.rest_api(first)?, SUBSCRIBERS[second % 2].to_owned());
                if self.subscriptions.contains(&(artifact.clone(), subscriber.clone())) {
                    return None;
                }
                self.subscriptions.push((artifact.clone(), subscriber.clone()));
                let plan = self.plans.get(second % (self.plans.len() + 1)).cloned();
                Action::Subscription { change: SubscriptionChange::Create { plan }, artifact, subscriber }
            }
            What::UpdateSubscription => {
                let (_, status) = SubscriptionStatus::WORDS[second % 3];
                self.subscription(SubscriptionChange::Update(status), first)?
            }
            What::Unsubscribe => {
                let gone = pick(&self.subscriptions, first)?.clone();
                let action = self.subscription(SubscriptionChange::Delete, first)?;
                self.subscriptions.retain(|one| *one != gone);
                action
            }
            What::CreateApplication if !self.application => {
                self.application = true;
                Action::Application { change: Change::Create, application: APPLICATION.to_owned() }
            }
            What::DeleteApplication if self.application => {
                (self.application, self.mappings) = (false, Vec::new());
                Action::Application { change: Change::Delete, application: APPLICATION.to_owned() }
            }
            What::MapKey if self.application => {
                let (artifact, key) = self.keys.get(first % self.keys.len().max(1))?.clone();
                self.mappings.push((artifact.clone(), key.clone()));
                Action::Mapping { mapped: true, application: APPLICATION.to_owned(), artifact, key }
            }
            What::UnmapKey => {
                let (artifact, key) = self.mappings.get(first % self.mappings.len().max(1))?.clone();
                Action::Mapping { mapped: false, application: APPLICATION.to_owned(), artifact, key }
            }
            What::CreateLocal if self.local.is_none() => {
                let replica = self.gateway(second);
                self.local = Some(replica.clone());
                let change = LocalChange::Create { kind: Kind::RestApi, provider: None };
                Action::Local { change, artifact: LOCAL.to_owned(), replica }
            }
            What::DeleteLocal => {
                let replica = self.local.take()?;
                Action::Local { change: LocalChange::Delete, artifact: LOCAL.to_owned(), replica }
            }
            What::CreateApplication | What::DeleteApplication | What::MapKey | What::CreateLocal => {
                return None;
            }
            // One restart in six is the platform's.
            What::Restart if first == 5 => Action::Restart { node: "platform".into(), design: None },
            What::Restart => Action::Restart { node: self.node(first), design: None },
            What::Stop => Action::Stop { node: self.node(first) },
            What::Crash => Action::Crash { node: self.node(first) },
            What::PowerLoss => Action::PowerLoss { node: self.node(first) },
            What::Partition => {
                self.cut = true;
                let (gateway, platform) = (self.gateway(first), "platform".to_owned());
                let (from, to) = if second == 0 { (platform, gateway) } else { (gateway, platform) };
                Action::Partition { from, to, both: second > 1 }
            }
            What::Heal if self.cut => {
                self.cut = false;
                Action::Heal
            }
            What::Heal => return None,
            What::Wait => Action::Wait(Duration::from_secs(WAITS[first % WAITS.len()])),
            What::Settle => Action::Settle,
            What::Probe => {
                let (replica, artifact) = (self.gateway(second), self.artifact(first)?);
                Action::Probe { replica, artifact, key: None, token: None }
            }
        })
    }

    /// One of six artifacts, three of them REST APIs; a proxy only where its provider is.
    fn create(&mut self, choice: usize) -> Option<Action> {
        let of = |handle: &str| ARTIFACTS.iter().position(|(name, ..)| *name == handle);
        let again = if choice == LAST { self.freed.as_deref().and_then(of) } else { None };
        let (artifact, kind, provider) = ARTIFACTS[again.unwrap_or(choice % ARTIFACTS.len())];
        let known = |handle: &str| self.artifacts.iter().any(|(known, _)| known == handle);
        if known(artifact) || provider.is_some_and(|provider| !known(provider)) {
            return None;
        }
        self.artifacts.push((artifact.to_owned(), kind));
        let provider = provider.map(str::to_owned);
        Some(Action::Create { kind, artifact: artifact.to_owned(), provider, project: None })
    }

    fn delete(&mut self, choice: usize) -> Option<Action> {
        let artifact = self.artifact(choice)?;
        self.artifacts.retain(|(known, _)| *known != artifact);
        self.deployed.forget(&artifact);
        self.freed = Some(artifact.clone());
        for of in [&mut self.keys, &mut self.subscriptions, &mut self.mappings] {
            of.retain(|(of, _)| *of != artifact);
        }
        Some(Action::Delete { artifact })
    }

    fn key(&self, change: KeyChange, choice: usize) -> Option<Action> {
        let (artifact, key) = pick(&self.keys, choice)?.clone();
        Some(Action::Key { change, artifact, key })
    }

    fn subscription(&self, change: SubscriptionChange, choice: usize) -> Option<Action> {
        let (artifact, subscriber) = pick(&self.subscriptions, choice)?.clone();
        Some(Action::Subscription { change, artifact, subscriber })
    }
}
