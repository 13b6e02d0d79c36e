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

impl What {
    /// Whether a user does it through the platform's API.
    pub(super) fn is_operation(self) -> bool {
        match self {
            What::Create
            | What::Update
            | What::Deploy
            | What::DeployAgain
            | What::Undeploy
            | What::Restore
            | What::DeleteDeployment
            | What::Delete
            | What::CreateKey
            | What::UpdateKey
            | What::RevokeKey
            | What::CreatePlan
            | What::UpdatePlan
            | What::Subscribe
            | What::UpdateSubscription
            | What::Unsubscribe
            | What::CreateApplication
            | What::DeleteApplication
            | What::MapKey
            | What::UnmapKey => true,
            What::CreateLocal
            | What::DeleteLocal
            | What::Restart
            | What::Stop
            | What::Crash
            | What::PowerLoss
            | What::Partition
            | What::Heal
            | What::Wait
            | What::Settle
            | What::Probe => false,
        }
    }
}

impl Move {
    /// Something done after whatever comes before it.
    pub(super) fn after(what: What, first: usize, second: usize) -> Self {
        Move { what, when: When::After, first, second }
    }
}

/// When it is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    /// When the one before it has ended.
    After,
    /// Together with the one before it.
    With,
    /// So many seconds into the run.
    At(u16),
    /// While the gateway that is started again next asks what it has missed; the number chooses the crossing.
    Amid(usize),
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
pub(super) fn foundations() -> impl Strategy<Value = Vec<Move>> {
    let made = |(artifact, gateway)| {
        vec![Move::after(What::Create, artifact, 0), Move::after(What::Deploy, LAST, gateway)]
    };
    (0..6_usize, 0..6_usize).prop_map(made)
}

/// The choice of what was done last: the artifact that was made, the deployment that became something else, the
/// gateway it was on or that went down, the handle that became free.
pub(super) const LAST: usize = usize::MAX;
/// Where a gateway can be chosen, the choice of the platform.
pub(super) const PLATFORM: usize = usize::MAX - 1;

/// One of the moves that `fits`, with these weights; none if all of them are off.
pub(super) fn one(
    weights: &BTreeMap<String, u32>,
    fits: impl Fn(What) -> bool,
    when: impl Strategy<Value = When> + 'static,
) -> Option<BoxedStrategy<Move>> {
    let weighted = MOVES.iter().filter(|(_, what, _)| fits(*what)).filter_map(|(name, what, _)| {
        let weight = weights.get(*name).copied().filter(|weight| *weight > 0)?;
        Some((weight, Just(*what)))
    });
    let weighted: Vec<_> = weighted.collect();
    if weighted.is_empty() {
        return None;
    }
    let drawn = (Union::new_weighted(weighted), when, 0..6_usize, 0..6_usize);
    Some(drawn.prop_map(|(what, when, first, second)| Move { what, when, first, second }).boxed())
}

/// When a move by itself is done.
pub(super) fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        6 => Just(When::After),
        2 => Just(When::With),
        1 => (1..60_u16).prop_map(When::At),
    ]
}
