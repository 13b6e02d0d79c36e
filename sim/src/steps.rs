//! The steps of a plan, carried out one after the other, together, or at their time.
//!
//! A step starts after the one before it has ended and a person has taken a breath; or with the one before
//! it; or at a time, beside everything else. When the last has ended, cut links carry again, processes that
//! are down are started, and the world gets its time to come to rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use driftless_model::cx::{At, Cx};
use tokio::sync::oneshot;

use crate::look;
use crate::outcome::Shown;
use crate::plan::{Action, KeyChange, OfDeployment, Plan, Role, Start, Step};
use crate::user::{Seen, User};
use crate::world::{Death, World, micros};

/// How long a step waits for a gateway that it started to have synced.
const PATIENCE_US: u64 = 60_000_000;

/// What the steps leave behind for the outcome.
#[derive(Default)]
pub struct Report {
    /// What each step showed.
    pub shown: Vec<Shown>,
    /// Why the world did not come to rest, if it didn't.
    pub stall: Option<String>,
}

/// Carries out the steps of one plan.
pub struct Runner {
    world: Arc<World>,
    user: User,
    report: Mutex<Report>,
}

impl Runner {
    /// A runner of that many steps.
    pub fn new(world: Arc<World>, plan: &Plan) -> Arc<Self> {
        let report = Report { shown: vec![Shown::default(); plan.steps.len()], stall: None };
        Arc::new(Runner { user: User::new(world.clone()), world, report: Mutex::new(report) })
    }

    /// What the steps have left behind.
    pub fn take_report(&self) -> Report {
        std::mem::take(&mut self.report())
    }

    /// Carries out all steps and what follows them, then sets `done`.
    pub async fn run(self: Arc<Self>, cx: Cx, steps: Vec<Step>, done: Arc<AtomicBool>) {
        let names = task_names(&steps);
        let (mut group, mut aside) = (Vec::new(), Vec::new());
        let mut first = true;
        let mut last_at = None;
        let ends_at_rest = matches!(steps.last(), Some(Step { action: Action::Settle, .. }));
        for (index, (step, name)) in steps.into_iter().zip(names).enumerate() {
            // Together with a step at a time means at that time.
            let start = match (step.start, last_at) {
                (Start::With, Some(at)) => Start::At(at),
                (start, _) => start,
            };
            last_at = if let Start::At(at) = start { Some(at) } else { None };
            match start {
                Start::After => {
                    join(&mut group).await;
                    if !std::mem::take(&mut first) {
                        let pace = self.world.lock().settings.pace_us;
                        cx.sleep(Duration::from_micros(pace)).await;
                    }
                    group.push(self.begin(&cx, index, name, None, step.action));
                }
                Start::With => group.push(self.begin(&cx, index, name, None, step.action)),
                Start::At(time) => aside.push(self.begin(&cx, index, name, Some(time), step.action)),
            }
        }
        join(&mut group).await;
        join(&mut aside).await;
        if self.mend() || !ends_at_rest {
            let stall = self.settle(&cx).await;
            self.report().stall = stall;
        }
        done.store(true, Ordering::Relaxed);
    }

    fn begin(
        self: &Arc<Self>,
        cx: &Cx,
        index: usize,
        name: String,
        at: Option<Duration>,
        action: Action,
    ) -> oneshot::Receiver<()> {
        let (ended, end) = oneshot::channel();
        let me = self.clone();
        cx.spawn(name, |cx| async move {
            if let Some(at) = at {
                let now = Duration::from_micros(me.world.lock().gate.now_us());
                cx.sleep(at.saturating_sub(now)).await;
            }
            // Nothing fails a step's own crossing: faults strike what it does.
            let _ = cx.cross(At::site("step.begin"), |_, _| ()).await;
            me.note(index, |shown, now| shown.begun_us = Some(now));
            let lines = me.act(&cx, &action).await;
            me.note(index, |shown, now| {
                shown.ended_us = Some(now);
                shown.lines = lines;
            });
            // Whoever waited may have been dropped with the run.
            let _ = ended.send(());
        });
        end
    }

    async fn act(&self, cx: &Cx, action: &Action) -> Vec<String> {
        let user = &self.user;
        match action {
            Action::Start { node } => self.start(cx, node).await,
            Action::Create { kind, artifact, provider } => {
                expect(201, user.create(cx, *kind, artifact, provider.as_deref()).await)
            }
            Action::Deploy { artifact, gateway, base } => {
                expect(201, user.deploy(cx, artifact, gateway, base.as_deref()).await)
            }
            Action::Undeploy(of) => expect(200, user.undeploy(cx, of).await),
            Action::Restore(of) => expect(200, user.restore(cx, of).await),
            Action::DeleteDeployment(of) => expect(204, user.delete_deployment(cx, of).await),
            Action::Delete { artifact } => expect(204, user.delete(cx, artifact).await),
            Action::Key { change, artifact, key } => {
                let status = match change {
                    KeyChange::Create => 201,
                    KeyChange::Update => 200,
                    KeyChange::Revoke => 204,
                };
                expect(status, user.key(cx, *change, artifact, key).await)
            }
            Action::Crash { node } => self.kill(cx, node, Death::Crash),
            Action::PowerLoss { node } => self.kill(cx, node, Death::PowerLoss),
            Action::Restart { node } => self.restart(cx, node).await,
            Action::Partition { from, to, both } => self.cut(cx, from, to, *both),
            Action::Heal => {
                self.heal();
                Vec::new()
            }
            Action::Wait(time) => {
                cx.sleep(*time).await;
                Vec::new()
            }
            Action::Settle => {
                let stall = self.settle(cx).await;
                self.report().stall.clone_from(&stall);
                stall.into_iter().collect()
            }
            Action::Probe { gateway, artifact, key } => {
                let secret = key.as_deref().map(|key| user.secret(artifact, key).unwrap_or_default());
                vec![look::probe(&self.world.lock(), gateway, artifact, secret.as_deref())]
            }
            Action::Show { node } => look::show(&self.world.lock(), node),
        }
    }

    async fn start(&self, cx: &Cx, node: &str) -> Vec<String> {
        let role = self.world.lock().nodes.get(node).and_then(|node| node.role);
        match role {
            Some(Role::Platform) => {
                self.world.lock().start(node, cx.task().take_seen());
                expect(201, self.user.set_up(cx).await)
            }
            Some(Role::Gateway) => {
                let shown = expect(201, self.user.register(cx, node).await);
                self.world.lock().start(node, cx.task().take_seen());
                self.synced(cx, node).await;
                shown
            }
            None => Vec::new(),
        }
    }

    async fn restart(&self, cx: &Cx, node: &str) -> Vec<String> {
        {
            let mut state = self.world.lock();
            let causes = cx.task().take_seen();
            state.kill(node, Death::Crash, causes.clone());
            state.start(node, causes);
        }
        self.synced(cx, node).await;
        Vec::new()
    }

    fn kill(&self, cx: &Cx, node: &str, death: Death) -> Vec<String> {
        self.world.lock().kill(node, death, cx.task().take_seen());
        Vec::new()
    }

    /// Waits until a gateway's process has asked the platform for everything it asks at its start, or has
    /// died, or takes too long.
    async fn synced(&self, cx: &Cx, node: &str) {
        let until = self.world.lock().gate.now_us() + PATIENCE_US;
        loop {
            {
                let state = self.world.lock();
                let Some(at) = state.nodes.get(node) else { return };
                let waits = at.role == Some(Role::Gateway) && at.life.is_some();
                let started = state.requests.is_empty();
                let synced = at.projections.as_ref().is_some_and(|p| p.sync().key_syncs > 0);
                if !waits || (started && synced) || state.gate.now_us() >= until {
                    return;
                }
            }
            cx.sleep(Duration::from_millis(20)).await;
        }
    }

    fn cut(&self, cx: &Cx, from: &str, to: &str, both: bool) -> Vec<String> {
        let mut state = self.world.lock();
        let causes = cx.task().take_seen();
        let ways = if both { vec![(from, to), (to, from)] } else { vec![(from, to)] };
        for (from, to) in ways {
            state.net.cuts.insert((from.into(), to.into()));
            state.happened(from, "link.cut", Some(to), causes.clone());
        }
        Vec::new()
    }

    fn heal(&self) -> bool {
        let mut state = self.world.lock();
        let cuts: BTreeSet<_> = std::mem::take(&mut state.net.cuts);
        for (from, to) in &cuts {
            state.happened(from, "link.heal", Some(to), Vec::new());
        }
        !cuts.is_empty()
    }

    /// Ends what is still wrong: faults that are still to come, cut links, processes that are down. Says
    /// whether a link or a process was.
    fn mend(&self) -> bool {
        let healed = self.heal();
        let mut state = self.world.lock();
        state.armed = false;
        let down = |node: &crate::world::NodeState| node.life.is_none() && node.lives > 0;
        let nodes: Vec<_> =
            state.nodes.iter().filter(|(_, node)| down(node)).map(|(n, _)| n.clone()).collect();
        for node in &nodes {
            state.start(node, Vec::new());
        }
        healed || !nodes.is_empty()
    }

    /// Waits until only what never ends is pending and nothing has changed for a while. What is still
    /// pending when that takes too long, in words; the last time it is asked decides whether a run stalled.
    async fn settle(&self, cx: &Cx) -> Option<String> {
        let begun = self.world.lock().gate.now_us();
        loop {
            let pause = {
                let state = self.world.lock();
                let now = state.gate.now_us();
                let rest = state.changed_us.max(begun) + state.settings.settle_quiet_us;
                let busy = state.gate.progressing() > 0;
                if now >= rest && !busy {
                    return None;
                }
                if now >= begun + state.settings.settle_limit_us {
                    return Some(self.stalled(&state));
                }
                if busy { rest.saturating_sub(now).max(1_000_000) } else { rest - now }
            };
            cx.tick(Duration::from_micros(pause)).await;
        }
    }

    fn stalled(&self, state: &crate::world::State) -> String {
        let limit = Duration::from_micros(state.settings.settle_limit_us);
        let mut pending: BTreeMap<String, usize> = BTreeMap::new();
        for (_, what) in state.gate.pending() {
            let words = match what {
                crate::gate::What::Task(address) => format!("{} {}", address.node, address.task),
                crate::gate::What::Transit { from, to } => format!("bytes from {from} to {to}"),
            };
            *pending.entry(words).or_default() += 1;
        }
        let what = match pending.len() {
            0 => "the state kept changing".to_owned(),
            _ => format!("still pending: {}", pending.into_keys().collect::<Vec<_>>().join(", ")),
        };
        format!("the world did not come to rest within {}s; {what}", limit.as_secs())
    }

    fn note(&self, index: usize, write: impl FnOnce(&mut Shown, u64)) {
        let now = self.world.lock().gate.now_us();
        if let Some(shown) = self.report().shown.get_mut(index) {
            write(shown, now);
        }
    }

    fn report(&self) -> std::sync::MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn join(group: &mut Vec<oneshot::Receiver<()>>) {
    for end in group.drain(..) {
        // A step whose task died has ended too.
        let _ = end.await;
    }
}

/// Nothing, if the answer is the expected one; otherwise what it was.
fn expect(status: u16, seen: Seen) -> Vec<String> {
    match seen {
        Ok(answer) if answer.status.as_u16() == status => Vec::new(),
        Ok(answer) => {
            let body: serde_json::Value = answer.json().unwrap_or_default();
            let words = ["description", "message", "error", "details"];
            let said = words.iter().find_map(|word| body.get(word)?.as_str().filter(|said| !said.is_empty()));
            vec![match said {
                Some(said) => format!("{}: {said}", answer.status.as_u16()),
                None => answer.status.as_u16().to_string(),
            }]
        }
        Err(why) => vec![format!("no answer: {why}")],
    }
}

/// A name for the task of each step: what is done, and which of those alike.
fn task_names(steps: &[Step]) -> Vec<String> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = |step: &Step| {
        let words = words(&step.action);
        let n = alike.entry(words.clone()).or_default();
        *n += 1;
        format!("{words} {n}")
    };
    steps.iter().map(&mut name).collect()
}

/// What a step does, in the words of a script.
pub fn words(action: &Action) -> String {
    let of = |verb: &str, of: &OfDeployment| format!("{verb} {} {}", of.artifact, of.gateway);
    match action {
        Action::Start { node } => format!("start {node}"),
        Action::Create { artifact, .. } => format!("create {artifact}"),
        Action::Deploy { artifact, gateway, .. } => format!("deploy {artifact} {gateway}"),
        Action::Undeploy(deployment) => of("undeploy", deployment),
        Action::Restore(deployment) => of("restore", deployment),
        Action::DeleteDeployment(deployment) => of("delete-deployment", deployment),
        Action::Delete { artifact } => format!("delete {artifact}"),
        Action::Key { change: KeyChange::Create, artifact, key } => format!("create-key {artifact} {key}"),
        Action::Key { change: KeyChange::Update, artifact, key } => format!("update-key {artifact} {key}"),
        Action::Key { change: KeyChange::Revoke, artifact, key } => format!("revoke-key {artifact} {key}"),
        Action::Crash { node } => format!("crash {node}"),
        Action::PowerLoss { node } => format!("power-loss {node}"),
        Action::Restart { node } => format!("restart {node}"),
        Action::Partition { from, to, .. } => format!("partition {from} {to}"),
        Action::Heal => "heal".into(),
        Action::Wait(time) => format!("wait {}us", micros(*time)),
        Action::Settle => "settle".into(),
        Action::Probe { gateway, artifact, .. } => format!("probe {gateway} {artifact}"),
        Action::Show { node } => format!("show {node}"),
    }
}
