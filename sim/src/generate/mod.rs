//! Plans made up: topologies, operations, restarts and faults, as `proptest` strategies.
//!
//! A strategy draws simple moves with small numbers in them; folding the moves into a plan leaves out what
//! can't make sense where it stands. One generator serves the property tests and the command alike.
//!
//! * [`profile`]: what plans are made of, as data; `named`: those with a name; `swarm`: what is off for one plan;
//! * `moves`, `courses`: what might be done, by itself or in one go; `draft`: how it becomes steps, `amid`
//!   those that begin while a gateway catches up;
//! * `breakage`: what goes wrong; `prospects`: where it would hurt, as far as the steps tell;
//! * `topology`: what a plan is set up with.

mod amid;
mod breakage;
mod courses;
mod deployed;
mod draft;
mod moves;
mod named;
pub mod profile;
mod prospects;
mod swarm;
mod topology;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::draw::Draws;
use crate::plan::Plan;

use draft::Draft;
use topology::SetUp;

pub use named::NAMED;
pub use profile::Profile;

/// Plans of a profile. What is off by the profile's swarm is drawn for each plan and not shrunk.
pub fn plans(profile: &Profile) -> impl Strategy<Value = Plan> + use<> {
    let profile = profile.clone();
    any::<u64>().no_shrink().prop_flat_map(move |seed| of_seed(&profile, seed))
}

/// The plans that a profile and a seed leave.
fn of_seed(profile: &Profile, seed: u64) -> impl Strategy<Value = Plan> + use<> {
    let draws = Draws::new(seed);
    let (mut weights, mut effects) = (profile.weights.clone(), profile.effects.clone());
    if profile.swarm {
        weights = swarm::weights(draws, "moves", &profile.weights);
        effects = swarm::weights(draws, "effects", &profile.effects);
    }
    let set_up = SetUp::of(&profile.topology, draws);
    let [least, most] = profile.gateways;
    let [moves_least, moves_most] = profile.moves;
    let [artifacts_least, artifacts_most] = profile.artifacts;
    let foundations = vec(moves::foundations(), artifacts_least..=artifacts_most);
    let moves = vec(courses::any_of(&weights), moves_least..=moves_most);
    let faults = breakage::faults(&effects, profile.faults);
    (least..=most, foundations, moves, faults).prop_map(move |(gateways, foundations, moves, faults)| {
        let (mut plan, names, begins) = set_up.plan(gateways);
        let mut draft = Draft::new(names.clone(), begins);
        foundations.iter().chain(&moves).flatten().for_each(|one| draft.make(one));
        plan.seed = seed;
        plan.steps = draft.steps();
        let prospects = prospects::of(&plan.steps);
        plan.faults = faults.iter().filter_map(|draw| breakage::fault(draw, &names, &prospects)).collect();
        plan
    })
}

/// The plan that a profile makes of a number.
pub fn plan_of(profile: &Profile, seed: u64) -> Plan {
    let bytes = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let tree = of_seed(profile, seed).new_tree(&mut runner).expect("no plan is rejected");
    tree.current()
}

/// The plan of that number, with everything in it.
pub fn plan(seed: u64) -> Plan {
    plan_of(&Profile::default(), seed)
}
