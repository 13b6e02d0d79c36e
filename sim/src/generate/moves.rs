//! Moves: things that might be done, each with numbers that choose among what is there.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::Union;

/// One thing that might be done.
#[derive(Clone, Debug)]
pub struct Move {
    pub(super) what: What,
    pub(super) when: When,
    pub(super) first: usize,
    pub(super) second: usize,
}

/// When it is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    After,
    With,
    At(u16),
}

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Create,
    Update,
    Deploy,
    DeployAgain,
    Undeploy,
    Restore,
    DeleteDeployment,
    Delete,
    CreateKey,
    UpdateKey,
    RevokeKey,
    CreatePlan,
    UpdatePlan,
    Subscribe,
    UpdateSubscription,
    Unsubscribe,
    CreateApplication,
    DeleteApplication,
    MapKey,
    UnmapKey,
    CreateLocal,
    DeleteLocal,
    Restart,
    Stop,
    Crash,
    PowerLoss,
    Partition,
    Heal,
    Wait,
    Settle,
    Probe,
}

/// Every move with its name and how often it is made unless a profile says otherwise.
pub(super) const MOVES: &[(&str, What, u32)] = &[
    ("create", What::Create, 8),
    ("update", What::Update, 2),
    ("deploy", What::Deploy, 10),
    ("deploy-again", What::DeployAgain, 2),
    ("undeploy", What::Undeploy, 6),
    ("restore", What::Restore, 3),
    ("delete-deployment", What::DeleteDeployment, 6),
    ("delete", What::Delete, 6),
    ("create-key", What::CreateKey, 4),
    ("update-key", What::UpdateKey, 2),
    ("revoke-key", What::RevokeKey, 2),
    ("create-plan", What::CreatePlan, 1),
    ("update-plan", What::UpdatePlan, 1),
    ("subscribe", What::Subscribe, 3),
    ("update-subscription", What::UpdateSubscription, 1),
    ("unsubscribe", What::Unsubscribe, 1),
    ("create-application", What::CreateApplication, 1),
    ("delete-application", What::DeleteApplication, 1),
    ("map-key", What::MapKey, 1),
    ("unmap-key", What::UnmapKey, 1),
    ("create-local", What::CreateLocal, 1),
    ("delete-local", What::DeleteLocal, 1),
    ("restart", What::Restart, 6),
    ("stop", What::Stop, 1),
    ("crash", What::Crash, 2),
    ("power-loss", What::PowerLoss, 1),
    ("partition", What::Partition, 2),
    ("heal", What::Heal, 2),
    ("wait", What::Wait, 4),
    ("settle", What::Settle, 2),
    ("probe", What::Probe, 1),
];

/// Moves that make an artifact and deploy it to a gateway.
pub(super) fn foundations() -> impl Strategy<Value = [Move; 2]> {
    let one = |what, first, second| Move { what, when: When::After, first, second };
    (0..6_usize, 0..6_usize).prop_map(move |(artifact, gateway)| {
        [one(What::Create, artifact, 0), one(What::Deploy, LAST, gateway)]
    })
}

/// The artifact that was made last.
const LAST: usize = usize::MAX;

/// Moves with these weights.
pub(super) fn moves(weights: &BTreeMap<String, u32>) -> impl Strategy<Value = Move> + use<> {
    let weighted = MOVES.iter().filter_map(|(name, what, _)| {
        let weight = weights.get(*name).copied().filter(|weight| *weight > 0)?;
        Some((weight, Just(*what)))
    });
    let what = Union::new_weighted(weighted.collect());
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
