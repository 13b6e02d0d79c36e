//! Plans made up: sequences of operations, restarts and faults, as `proptest` strategies.
//!
//! A strategy draws simple moves with small numbers in them; folding the moves into a plan leaves out what
//! can't make sense where it stands (a deployment of something that doesn't exist). So any subsequence of the
//! moves is a plan again, which is what makes shrinking work. One generator serves the property tests and the
//! command alike.

use std::collections::BTreeMap;
use std::time::Duration;

use driftless_model::wire::kind::Kind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::fault::values::Status;
use crate::fault::{Effect, Fault};
use crate::plan::{Action, KeyChange, Node, OfDeployment, Plan, Role, Start, Step};

/// One thing that might be done, with numbers that choose among what is there.
#[derive(Clone, Debug)]
pub struct Move {
    what: What,
    when: When,
    first: usize,
    second: usize,
}

#[derive(Clone, Copy, Debug)]
enum When {
    After,
    With,
    At(u16),
}

#[derive(Clone, Copy, Debug)]
enum What {
    Create,
    Deploy,
    Undeploy,
    Restore,
    DeleteDeployment,
    Delete,
    CreateKey,
    UpdateKey,
    RevokeKey,
    Restart,
    Crash,
    PowerLoss,
    Partition,
    Heal,
    Wait,
    Settle,
    Probe,
    Show,
}

/// The artifacts of generated plans.
const ARTIFACTS: &[(&str, Kind, Option<&str>)] = &[
    ("petstore", Kind::RestApi, None),
    ("orders", Kind::RestApi, None),
    ("billing", Kind::RestApi, None),
    ("model", Kind::LlmProvider, None),
    ("chat", Kind::LlmProxy, Some("model")),
    ("tools", Kind::Mcp, None),
];

/// Sites that a generated fault may strike, with the effects that fit there.
const TARGETS: &[(&str, &[Effect])] = &[
    ("sync http.artifacts-exists", CALL),
    ("sync http.deployments", CALL),
    ("sync http.fetch-batch", CALL),
    ("sync http.api-keys", CALL),
    ("sync store.delete-artifact", STATEMENT),
    ("sync hub.publish", STATEMENT),
];
const CALL: &[Effect] =
    &[Effect::Fail, Effect::Lose, Effect::Answer { status: Status(503) }, CRASH_BEFORE, CRASH_AFTER];
const STATEMENT: &[Effect] =
    &[Effect::Fail, CRASH_BEFORE, CRASH_AFTER, Effect::PowerLossAfter { restart: None }];
const CRASH_BEFORE: Effect = Effect::CrashBefore { restart: None };
const CRASH_AFTER: Effect = Effect::CrashAfter { restart: None };

/// Plans of at most that many moves.
pub fn plans(moves_max: usize) -> impl Strategy<Value = Plan> {
    (1..=3_usize, vec(moves(), 1..=moves_max), vec(faults(), 0..=2), any::<u64>().no_shrink())
        .prop_map(|(gateways, moves, faults, seed)| fold(gateways, &moves, &faults, seed))
}

/// The plan of that number.
pub fn plan(seed: u64) -> Plan {
    let bytes = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let tree = plans(20).new_tree(&mut runner).expect("no plan is rejected");
    Plan { seed, ..tree.current() }
}

fn moves() -> impl Strategy<Value = Move> {
    let what = prop_oneof![
        4 => Just(What::Create),
        6 => Just(What::Deploy),
        3 => Just(What::Undeploy),
        1 => Just(What::Restore),
        3 => Just(What::DeleteDeployment),
        3 => Just(What::Delete),
        2 => Just(What::CreateKey),
        1 => Just(What::UpdateKey),
        1 => Just(What::RevokeKey),
        3 => Just(What::Restart),
        1 => Just(What::Crash),
        1 => Just(What::PowerLoss),
        1 => Just(What::Partition),
        1 => Just(What::Heal),
        2 => Just(What::Wait),
        1 => Just(What::Settle),
        1 => Just(What::Probe),
        1 => Just(What::Show),
    ];
    let when = prop_oneof![
        6 => Just(When::After),
        2 => Just(When::With),
        1 => (1..60_u16).prop_map(When::At),
    ];
    (what, when, 0..6_usize, 0..6_usize).prop_map(|(what, when, first, second)| Move {
        what,
        when,
        first,
        second,
    })
}

fn faults() -> impl Strategy<Value = (usize, usize, usize, usize)> {
    (0..3_usize, 1..=2_usize, 0..TARGETS.len(), 0..6_usize)
}

/// What a plan under construction has so far.
#[derive(Default)]
struct Draft {
    steps: Vec<Step>,
    gateways: Vec<String>,
    artifacts: Vec<String>,
    /// By artifact: the gateways it was deployed to since it was made.
    deployed: BTreeMap<String, Vec<String>>,
    keys: Vec<(String, String)>,
    down: Vec<String>,
    cut: bool,
}

fn fold(gateways: usize, moves: &[Move], faults: &[(usize, usize, usize, usize)], seed: u64) -> Plan {
    let names: Vec<String> = (1..=gateways).map(|n| format!("gw{n}")).collect();
    let mut draft = Draft { gateways: names.clone(), ..Draft::default() };
    draft.push(When::After, Action::Start { node: "platform".into(), organisation: None });
    for gateway in &names {
        draft.push(When::After, Action::Start { node: gateway.clone(), organisation: None });
    }
    for one in moves {
        if let Some(action) = draft.action(one) {
            draft.push(one.when, action);
        }
    }
    let node =
        |name: &str, role| Node { name: name.to_owned(), role, organisation: None, design: Vec::new() };
    let platform = node("platform", Role::Platform);
    let gateway = |name: &String| node(name, Role::Gateway);
    let faults = faults.iter().filter_map(|(gateway, life, target, effect)| {
        let node = names.get(*gateway)?;
        let (site, effects) = TARGETS.get(*target)?;
        let life = if *life == 1 { String::new() } else { format!("@{life}") };
        let at = format!("{node}{life} {site}").parse().expect("a generated address is well-formed");
        Some(Fault::once(at, effects[effect % effects.len()].clone()))
    });
    Plan {
        seed,
        faults: faults.collect(),
        nodes: std::iter::once(platform).chain(names.iter().map(gateway)).collect(),
        steps: draft.steps,
        ..Plan::default()
    }
}

impl Draft {
    fn push(&mut self, when: When, action: Action) {
        let start = match when {
            When::With if !self.steps.is_empty() => Start::With,
            When::After | When::With => Start::After,
            When::At(seconds) => Start::At(Duration::from_secs(u64::from(seconds))),
        };
        self.steps.push(Step { start, action });
    }

    fn gateway(&self, choice: usize) -> String {
        self.gateways[choice % self.gateways.len()].clone()
    }

    fn artifact(&self, choice: usize) -> Option<String> {
        let last = self.artifacts.len().checked_sub(1)?;
        Some(self.artifacts[choice.min(last)].clone())
    }

    fn of_deployment(&self, first: usize, second: usize) -> Option<OfDeployment> {
        let artifact = self.artifact(first)?;
        let gateways = self.deployed.get(&artifact)?;
        let gateway = gateways.get(second % gateways.len().max(1))?.clone();
        Some(OfDeployment { artifact, gateway, deployment: None })
    }

    fn action(&mut self, one: &Move) -> Option<Action> {
        let Move { what, first, second, .. } = *one;
        Some(match what {
            What::Create => self.create(first)?,
            What::Deploy => {
                let (artifact, gateway) = (self.artifact(first)?, self.gateway(second));
                self.deployed.entry(artifact.clone()).or_default().push(gateway.clone());
                Action::Deploy { artifact, gateway, base: None }
            }
            What::Undeploy => Action::Undeploy(self.of_deployment(first, second)?),
            What::Restore => Action::Restore(self.of_deployment(first, second)?),
            What::DeleteDeployment => Action::DeleteDeployment(self.of_deployment(first, second)?),
            What::Delete => {
                let artifact = self.artifact(first)?;
                self.artifacts.retain(|known| *known != artifact);
                self.deployed.remove(&artifact);
                self.keys.retain(|(of, _)| *of != artifact);
                Action::Delete { artifact }
            }
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
            What::Restart => {
                // One restart in six is the platform's.
                let node = if first == 5 { "platform".into() } else { self.gateway(first) };
                self.down.retain(|down| *down != node);
                Action::Restart { node, design: None }
            }
            What::Crash => Action::Crash { node: self.take_down(first) },
            What::PowerLoss => Action::PowerLoss { node: self.take_down(first) },
            What::Partition => {
                self.cut = true;
                Action::Partition { from: self.gateway(first), to: "platform".into(), both: second % 3 > 0 }
            }
            What::Heal if self.cut => {
                self.cut = false;
                Action::Heal
            }
            What::Heal => return None,
            What::Wait => Action::Wait(Duration::from_secs(1 + 4 * first as u64)),
            What::Settle => Action::Settle,
            What::Probe => {
                let (replica, artifact) = (self.gateway(second), self.artifact(first)?);
                Action::Probe { replica, artifact, key: None, token: None }
            }
            What::Show => Action::Show { node: self.gateway(first) },
        })
    }

    /// One of six artifacts, three of them REST APIs; a proxy only where its provider is.
    fn create(&mut self, choice: usize) -> Option<Action> {
        let (artifact, kind, provider) = ARTIFACTS[choice % ARTIFACTS.len()];
        let known = |handle: &str| self.artifacts.iter().any(|known| known == handle);
        if known(artifact) || provider.is_some_and(|provider| !known(provider)) {
            return None;
        }
        self.artifacts.push(artifact.to_owned());
        let provider = provider.map(str::to_owned);
        Some(Action::Create { kind, artifact: artifact.to_owned(), provider, project: None })
    }

    fn key(&self, change: KeyChange, choice: usize) -> Option<Action> {
        let (artifact, key) = self.keys.get(choice % self.keys.len().max(1))?.clone();
        Some(Action::Key { change, artifact, key })
    }

    fn take_down(&mut self, choice: usize) -> String {
        let node = self.gateway(choice);
        self.down.push(node.clone());
        node
    }
}
