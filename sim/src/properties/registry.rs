//! The list of properties: those of this crate, and those that somebody has registered.
//!
//! The list is an input of every run, and closed when it is first read ([`crate::own`]).

use std::sync::OnceLock;

use crate::own::Refused;
use crate::own::registry::List;

use super::Property;
use super::a_free_handle_is_usable::AFreeHandleIsUsable;
use super::a_slow_gateway_harms_no_other::ASlowGatewayHarmsNoOther;
use super::a_success_is_durable::ASuccessIsDurable;
use super::an_error_changes_nothing::AnErrorChangesNothing;
use super::comes_to_rest::ComesToRest;
use super::deleted_stays_deleted::DeletedStaysDeleted;
use super::deletes_reach_every_gateway::DeletesReachEveryGateway;
use super::deployed_is_served::DeployedIsServed;
use super::existing_artifacts_survive::ExistingArtifactsSurvive;
use super::failed_checks_never_delete::FailedChecksNeverDelete;
use super::keys_follow_the_platform::KeysFollowThePlatform;
use super::mappings_follow_the_platform::MappingsFollowThePlatform;
use super::replicas_agree::ReplicasAgree;
use super::rest_is_lasting::RestIsLasting;
use super::status_tells_the_truth::StatusTellsTheTruth;
use super::subscriptions_follow_the_platform::SubscriptionsFollowThePlatform;
use super::tenants_are_apart::TenantsAreApart;
use super::undeployed_is_not_served::UndeployedIsNotServed;
use super::what_is_held_is_not_fetched_again::WhatIsHeldIsNotFetchedAgain;

/// Those of this crate: the three that the project exists for, and the rest of what a user expects.
#[rustfmt::skip]
const BUILT_IN: &[&dyn Property] = &[
    &DeletesReachEveryGateway,
    &ExistingArtifactsSurvive,
    &FailedChecksNeverDelete,
    &UndeployedIsNotServed,
    &DeployedIsServed,
    &KeysFollowThePlatform,
    &SubscriptionsFollowThePlatform,
    &MappingsFollowThePlatform,
    &ReplicasAgree,
    &TenantsAreApart,
    &AnErrorChangesNothing,
    &ASuccessIsDurable,
    &DeletedStaysDeleted,
    &AFreeHandleIsUsable,
    &ComesToRest,
    &RestIsLasting,
    &StatusTellsTheTruth,
    &WhatIsHeldIsNotFetchedAgain,
    &ASlowGatewayHarmsNoOther,
];

static OWN: List<dyn Property> = List::new("a property", |property| property.name());
static ALL: OnceLock<Vec<&'static dyn Property>> = OnceLock::new();
static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Adds a property to those by which every run is judged.
///
/// # Errors
/// When its name is taken or no word, or when the list has been read already.
pub fn register(property: &'static dyn Property) -> Result<(), Refused> {
    let built_in = BUILT_IN.iter().any(|other| other.name() == property.name());
    OWN.add(property, built_in, Ok(()))
}

/// Every property.
pub fn all() -> &'static [&'static dyn Property] {
    ALL.get_or_init(|| BUILT_IN.iter().chain(OWN.all()).copied().collect())
}

/// The name of every property.
pub fn names() -> &'static [&'static str] {
    NAMES.get_or_init(|| all().iter().map(|property| property.name()).collect())
}
