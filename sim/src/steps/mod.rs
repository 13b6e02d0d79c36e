//! The steps of a plan, carried out one after the other, together, or at their time.
//!
//! A step starts after the one before it has ended and a person has taken a breath; or with the one before
//! it; or at a time or at a crossing, beside everything else. When the last has ended, cut links carry again, processes that
//! are down are started, and the world gets its time to come to rest, and is watched there for a while.
//!
//! * this file: when each step begins, and what follows the last;
//! * `act`: what a step does; `hands`: with what an operation of one's own does it;
//! * `operate`: what is done to processes, machines and links; `local`: at a gateway itself;
//! * `rest`: waiting until nothing changes any more.

mod act;
mod hands;
mod local;
mod operate;
mod rest;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use driftless_model::cx::{At, CrossingId, Cx};
use tokio::sync::oneshot;

use crate::outcome::{Rest, Shown};
use crate::plan::{Action, Plan, Start, Step};
use crate::user::User;
use crate::world::World;

pub use act::expect;
pub use hands::Hands;

/// What the steps leave behind for the outcome.
#[derive(Default)]
pub struct Report {
    /// What each step showed.
    pub shown: Vec<Shown>,
    /// Why the world did not come to rest, if it didn't.
    pub stall: Option<String>,
    /// The last rest that it was watched in.
    pub rest: Option<Rest>,
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
        let report = Report { shown: vec![Shown::default(); plan.steps.len()], ..Report::default() };
        Arc::new(Runner { user: User::new(world.clone()), world, report: Mutex::new(report) })
    }

    /// What the steps have left behind.
    pub fn take_report(&self) -> Report {
        std::mem::take(&mut self.report())
    }

    /// Whether a step has ended.
    pub fn has_ended(&self, index: usize) -> bool {
        self.report().shown.get(index).is_some_and(|shown| shown.ended_us.is_some())
    }

    /// Carries out all steps and, if the run is to come to `rest`, what follows them; otherwise only the breath
    /// that a person takes before the next. Then sets `done`.
    pub async fn run(self: Arc<Self>, cx: Cx, steps: Vec<Step>, rest: bool, done: Arc<AtomicBool>) {
        let names = task_names(&steps);
        let (mut group, mut aside, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = true;
        let mut last = Start::After;
        let ends_at_rest = matches!(steps.last(), Some(Step { action: Action::Settle, .. }));
        for (index, (step, name)) in steps.into_iter().zip(names).enumerate() {
            // Together with a step that is beside the others means when that one begins.
            let start = match (step.start, last) {
                (Start::With, beside @ (Start::At(_) | Start::When(_))) => beside,
                (start, _) => start,
            };
            last = start.clone();
            match start {
                Start::After => {
                    join(&mut group).await;
                    if !std::mem::take(&mut first) {
                        self.breathe(&cx).await;
                    }
                    group.push(self.begin(&cx, index, name, Beginning::Now, step.action));
                }
                Start::With => group.push(self.begin(&cx, index, name, Beginning::Now, step.action)),
                Start::At(time) => {
                    aside.push(self.begin(&cx, index, name, Beginning::At(time), step.action));
                }
                Start::When(at) => {
                    let reached = Beginning::When(self.world.lock().watch_for(at));
                    waiting.push((index, self.begin(&cx, index, name, reached, step.action)));
                }
            }
        }
        join(&mut group).await;
        join(&mut aside).await;
        if !rest {
            self.join_begun(&mut waiting).await;
            if !first {
                self.breathe(&cx).await;
            }
            done.store(true, Ordering::Relaxed);
            return;
        }
        let mended = self.mend();
        let mut at_rest = ends_at_rest && !mended;
        let (mut watched, mut since) = (false, None);
        loop {
            let went_on = self.join_begun(&mut waiting).await;
            if !at_rest || went_on {
                let stall = self.settle(&cx).await;
                self.report().stall = stall;
                (at_rest, watched) = (true, false);
                continue;
            }
            if watched || self.report().stall.is_some() {
                break;
            }
            at_rest = self.stays_at_rest(&cx, &mut since).await;
            watched = true;
        }
        done.store(true, Ordering::Relaxed);
    }

    /// Takes a person's breath between two steps.
    async fn breathe(&self, cx: &Cx) {
        let pace = self.world.lock().settings.pace_us;
        cx.sleep(Duration::from_micros(pace)).await;
    }

    /// Waits for the steps whose crossing was reached; says whether one of them had still to end.
    async fn join_begun(&self, waiting: &mut Vec<(usize, oneshot::Receiver<()>)>) -> bool {
        let begun = |index: usize| self.report().shown[index].begun_us.is_some();
        let mut went_on = false;
        for (index, mut end) in std::mem::take(waiting) {
            if !begun(index) {
                waiting.push((index, end));
            } else if end.try_recv().is_err() {
                went_on = true;
                // A step whose task died has ended too.
                let _ = end.await;
            }
        }
        went_on
    }

    fn begin(
        self: &Arc<Self>,
        cx: &Cx,
        index: usize,
        name: String,
        beginning: Beginning,
        action: Action,
    ) -> oneshot::Receiver<()> {
        let (ended, end) = oneshot::channel();
        let me = self.clone();
        cx.spawn(name, |cx| async move {
            match beginning {
                Beginning::Now => {}
                Beginning::At(at) => {
                    let now = Duration::from_micros(me.world.lock().gate.now_us());
                    cx.sleep(at.saturating_sub(now)).await;
                }
                Beginning::When(reached) => match reached.await {
                    Ok(crossing) => cx.see(crossing),
                    // The run is over.
                    Err(_) => return,
                },
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

/// What a step waits for before it begins.
enum Beginning {
    Now,
    At(Duration),
    When(oneshot::Receiver<CrossingId>),
}

async fn join(group: &mut Vec<oneshot::Receiver<()>>) {
    for end in group.drain(..) {
        // A step whose task died has ended too.
        let _ = end.await;
    }
}

/// A name for the task of each step: what is done, and which of those alike.
pub(crate) fn task_names(steps: &[Step]) -> Vec<String> {
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut name = |step: &Step| {
        let words = step.action.words();
        let n = alike.entry(words.clone()).or_default();
        *n += 1;
        format!("{words} {n}")
    };
    steps.iter().map(&mut name).collect()
}
