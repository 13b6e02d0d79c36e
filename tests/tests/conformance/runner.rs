//! How a case is played, whichever actor it is about: the actor on one machine, on another whoever takes the
//! case's steps, and nobody else in the world.
//!
//! What a step means is not here: that is the business of the two scenes, one for each actor.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use driftless::fault::{Effect, Fault};
use driftless::stage::{Part, Stage};
use driftless_model::cx::Cx;
use driftless_model::design::Design;
use driftless_model::store::{Flavour, Settings};

use super::case::{Case, Kind, Under};
use super::stage_for;
use super::words::Words;

/// How long a play may take before it counts as stalled.
const PLAY_MAX: Duration = Duration::from_secs(3600);

/// What became of a step, when it has been taken; an error says what was not as expected.
pub type Taken<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// A case while it is played: what a step is, and how it is taken.
pub trait Scene: Send + 'static {
    /// What can be done with the actor, and seen of it.
    type Step: Copy + Send + Sync + 'static;

    /// What is there before the first step.
    fn open(&mut self) -> Taken<'_> {
        Box::pin(async { Ok(()) })
    }

    /// Takes a step.
    fn take<'a>(&'a mut self, step: &'a Self::Step) -> Taken<'a>;

    /// How many panics of the actor the case has spoken of.
    fn panics(&self) -> usize {
        0
    }

    /// Whether nothing is left over after the last step.
    fn close(&mut self) -> Taken<'_> {
        Box::pin(async { Ok(()) })
    }
}

impl Under {
    /// The named design.
    pub fn design(&self) -> Design {
        self.design.parse().expect("a named design")
    }

    /// The settings of the actor's database.
    pub fn database(&self) -> Settings {
        Settings::of(if self.postgres { Flavour::Postgres } else { Flavour::Sqlite })
    }
}

/// Plays a case with an actor on its machine and a scene on another; an error says what was not as expected.
pub fn play<S: Scene>(
    case: &Case<S::Step>,
    (actor, part): (&str, Part),
    (other, scene): (&str, impl FnOnce(Stage, Cx) -> S + 'static),
) -> Result<(), String> {
    let stage = stage_for();
    let result = Arc::new(Mutex::new((Err("the play took too long".to_owned()), 0)));
    let (seen, case) = (result.clone(), *case);
    let steps: Part = Box::new(move |stage, cx| {
        let mut scene = scene(stage.clone(), cx);
        Box::pin(async move {
            let result = run(&mut scene, &case).await;
            *seen.lock().expect("one thread plays") = (result, scene.panics());
            stage.end();
        })
    });
    let ended = stage.play(PLAY_MAX, vec![(actor, part), (other, steps)]);
    let (result, expected) = result.lock().expect("one thread plays").clone();
    let panics: Vec<_> = stage.panics().into_iter().skip(expected).collect();
    if !panics.is_empty() {
        return Err(format!("{actor} panicked: {panics:?}; {result:?}"));
    }
    if ended || result.is_err() { result } else { Err("the play stalled".into()) }
}

async fn run<S: Scene>(scene: &mut S, case: &Case<S::Step>) -> Result<(), String> {
    scene.open().await?;
    for steps in case.given {
        for step in *steps {
            scene.take(step).await.map_err(|why| format!("before the case: {why}"))?;
        }
    }
    for (n, step) in (1..).zip(case.steps) {
        scene.take(step).await.map_err(|why| format!("step {n}: {why}"))?;
    }
    scene.close().await
}

/// Lets the next crossing at an address fail.
pub fn fail(stage: &Stage, at: &str) -> Result<(), String> {
    let at = at.parse().map_err(|e| format!("{e}"))?;
    stage.fault(Fault::once(at, Effect::Fail));
    Ok(())
}

/// Gives a case the words of its kind.
pub fn add_words_of(kind: &Kind, words: &mut Words) {
    for (name, word) in kind.words() {
        words.set(name, word);
    }
}
