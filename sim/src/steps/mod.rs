//! The steps of a plan, carried out one after the other, together, or at their time.
//!
//! A step starts after the one before it has ended and a person has taken a breath; or with the one before
//! it; or at a time, beside everything else. When the last has ended, cut links carry again, processes that
//! are down are started, and the world gets its time to come to rest.
//!
//! * this file: when each step begins, and what follows the last;
//! * `act`: what a step does;
//! * `operate`: what is done to processes, machines and links; `local`: at a gateway itself;
//! * `rest`: waiting until nothing changes any more.

mod act;
mod local;
mod operate;
mod rest;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use driftless_model::cx::{At, Cx};
use tokio::sync::oneshot;

use crate::outcome::Shown;
use crate::plan::{Action, Plan, Start, Step};
use crate::user::User;
use crate::world::World;

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

/// A name for the task of each step: what is done, and which of those alike.
fn task_names(steps: &[Step]) -> Vec<String> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = |step: &Step| {
        let words = step.action.words();
        let n = alike.entry(words.clone()).or_default();
        *n += 1;
        format!("{words} {n}")
    };
    steps.iter().map(&mut name).collect()
}
