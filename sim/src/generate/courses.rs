//! Courses: moves that people make in one go, and that matter because they come together.
//!
//! An artifact is retired step by step; something is put in another's place; a gateway is away while things change;
//! things change while it catches up. Moves drawn one by one seldom line up so, least of all about the same
//! artifact and gateway. Each member of a course may be left out, and the others then stand as they are: so plans
//! vary, and shrinking takes a course apart.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::moves::{self, LAST, MOVES, Move, PLATFORM, What, When};

/// What comes together.
struct Course {
    name: &'static str,
    /// How often it is taken unless a profile says otherwise.
    weight: u32,
    parts: &'static [Part],
}

/// A part of a course.
#[derive(Clone, Copy)]
enum Part {
    /// One of these moves, in so many of twenty cases.
    One(u32, &'static [What], Choice),
    /// Some operations, one after the other; courses of them too.
    Operations,
    /// The same, and they begin while the gateway that is started next asks what it has missed.
    Amid,
}

/// What a move of a course is about.
#[derive(Clone, Copy)]
enum Choice {
    Any,
    Last,
    Platform,
    /// Time enough that connections end for want of an answer.
    Long,
}

use Choice::{Any, Last, Long, Platform};
use Part::{Amid, One, Operations};

/// Every course.
const COURSES: &[Course] = &[
    Course {
        name: "retire",
        weight: 10,
        parts: &[
            One(19, &[What::Undeploy], Any),
            One(18, &[What::DeleteDeployment], Last),
            One(5, &[What::Delete], Last),
            One(11, &[What::Restart], Last),
        ],
    },
    Course {
        name: "replace",
        weight: 4,
        parts: &[
            One(19, &[What::Delete], Any),
            One(18, &[What::Create], Last),
            One(17, &[What::Deploy], Last),
            One(8, &[What::CreateKey, What::Subscribe], Last),
        ],
    },
    Course {
        name: "redeploy",
        weight: 2,
        parts: &[
            One(19, &[What::Undeploy], Any),
            One(8, &[What::Wait], Any),
            One(18, &[What::Restore, What::DeployAgain], Last),
        ],
    },
    Course {
        name: "keys",
        weight: 3,
        parts: &[
            One(17, &[What::CreateKey, What::Subscribe], Any),
            One(14, &[What::UpdateKey, What::UpdateSubscription], Last),
            One(8, &[What::UpdateKey, What::RevokeKey, What::Unsubscribe], Last),
        ],
    },
    Course {
        name: "outage",
        weight: 6,
        parts: &[
            One(19, &[What::Crash, What::Stop, What::PowerLoss], Any),
            Operations,
            One(3, &[What::Wait], Long),
            One(19, &[What::Restart], Last),
        ],
    },
    Course {
        name: "key-outages",
        weight: 1,
        parts: &[
            One(19, &[What::CreateKey], Any),
            One(14, &[What::Wait], Long),
            One(19, &[What::Crash], Any),
            One(18, &[What::UpdateKey, What::RevokeKey], Last),
            One(19, &[What::Restart], Last),
            One(16, &[What::Wait], Long),
            One(19, &[What::Crash], Last),
            One(18, &[What::UpdateKey, What::CreateKey], Last),
            One(19, &[What::Restart], Last),
        ],
    },
    Course {
        name: "cut-off",
        weight: 2,
        parts: &[
            One(19, &[What::Partition], Any),
            Operations,
            One(15, &[What::Wait], Any),
            One(19, &[What::Heal], Any),
        ],
    },
    Course {
        name: "platform-outage",
        weight: 1,
        parts: &[
            One(19, &[What::Crash, What::Stop, What::PowerLoss], Platform),
            One(15, &[What::Restart], Any),
            One(14, &[What::Wait], Any),
            One(19, &[What::Restart], Platform),
        ],
    },
    Course { name: "amid-sync", weight: 6, parts: &[Amid, One(19, &[What::Restart], Any)] },
];

/// Every name that a profile can give a weight, with its weight where a profile says nothing.
pub(super) fn names() -> impl Iterator<Item = (&'static str, u32)> {
    let moves = MOVES.iter().map(|(name, _, weight)| (*name, *weight));
    moves.chain(COURSES.iter().map(|course| (course.name, course.weight)))
}

/// A move or a course, with these weights.
pub(super) fn any_of(weights: &BTreeMap<String, u32>) -> impl Strategy<Value = Vec<Move>> + use<> {
    let weight = |name: &str| weights.get(name).copied().unwrap_or_default();
    let alone = moves::one(weights, |_| true, moves::when());
    let alone = alone.map(|one| {
        let all = MOVES.iter().map(|(name, ..)| weight(name)).sum();
        (all, one.prop_map(|one| vec![one]).boxed())
    });
    let together = COURSES.iter().filter(|course| weight(course.name) > 0);
    let together = together.map(|course| (weight(course.name), course.moves(weights)));
    Union::new_weighted(alone.into_iter().chain(together).collect())
}

impl Course {
    fn moves(&self, weights: &BTreeMap<String, u32>) -> BoxedStrategy<Vec<Move>> {
        let parts: Vec<_> = self.parts.iter().map(|part| part.moves(weights)).collect();
        parts.prop_map(|parts| parts.into_iter().flatten().collect()).boxed()
    }

    /// Whether users do several things in it, and no other course is within it.
    fn is_of_operations(&self) -> bool {
        let is_operation = |part: &&Part| match part {
            One(_, whats, _) => whats.iter().all(|what| what.is_operation()),
            Operations | Amid => false,
        };
        let is_flat = self.parts.iter().all(|part| matches!(part, One(..)));
        is_flat && self.parts.iter().filter(is_operation).count() > 1
    }

    /// What users do in it.
    fn operations(&self, weights: &BTreeMap<String, u32>) -> BoxedStrategy<Vec<Move>> {
        let moves = self.moves(weights);
        moves.prop_map(|moves| moves.into_iter().filter(|one| one.what.is_operation()).collect()).boxed()
    }
}

impl Part {
    fn moves(self, weights: &BTreeMap<String, u32>) -> BoxedStrategy<Vec<Move>> {
        match self {
            One(of_twenty, whats, choice) => {
                let one = (proptest::sample::select(whats), choice.strategy(), 0..6_usize);
                let one = one.prop_map(|(what, first, second)| vec![Move::after(what, first, second)]);
                prop_oneof![20 - of_twenty => Just(Vec::new()), of_twenty => one].boxed()
            }
            Operations => operations(weights).boxed(),
            Amid => {
                let amid = (operations(weights), vec(0..64_usize, 16));
                let put = |(moves, crossings): (Vec<Move>, Vec<usize>)| {
                    let moves = moves.into_iter().zip(crossings);
                    moves.map(|(one, crossing)| Move { when: When::Amid(crossing), ..one }).collect()
                };
                amid.prop_map(put).boxed()
            }
        }
    }
}

impl Choice {
    fn strategy(self) -> BoxedStrategy<usize> {
        match self {
            Any => (0..6_usize).boxed(),
            Last => Just(LAST).boxed(),
            Platform => Just(PLATFORM).boxed(),
            Long => (4..6_usize).boxed(),
        }
    }
}

/// Up to three operations or courses of them.
fn operations(weights: &BTreeMap<String, u32>) -> impl Strategy<Value = Vec<Move>> + use<> {
    let weight = |name: &str| weights.get(name).copied().unwrap_or_default();
    let alone = moves::one(weights, What::is_operation, Just(When::After));
    let alone = alone.map(|one| {
        let operations = MOVES.iter().filter(|(_, what, _)| what.is_operation());
        (operations.map(|(name, ..)| weight(name)).sum(), one.prop_map(|one| vec![one]).boxed())
    });
    let together = COURSES.iter().filter(|course| weight(course.name) > 0 && course.is_of_operations());
    // Of what users do, courses are a larger part where they are all that is wanted.
    let together = together.map(|course| (2 * weight(course.name), course.operations(weights)));
    let some: Vec<_> = alone.into_iter().chain(together).collect();
    let some = if some.is_empty() { vec![(1, Just(Vec::new()).boxed())] } else { some };
    vec(Union::new_weighted(some), 1..=3).prop_map(|moves| moves.into_iter().flatten().collect())
}
