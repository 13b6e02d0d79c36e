//! The application that a key belongs to is the same on the platform and wherever the key opens something.
//!
//! Judged at rest, for keys that a gateway has and that open what it serves. A gateway counts requests by
//! application, so a mapping that is missing, or that outlives its application, puts them on nobody's or on
//! somebody else's account.

use std::collections::BTreeSet;

use driftless_model::gateway::tables::{ApiKey, ApplicationKey};
use driftless_model::platform::tables::ApplicationApiKey;
use uuid::Uuid;

use crate::oracle::Standing;
use crate::outcome::{Evidence, Violation};

use super::rest::{self, AtRest};
use super::{Found, Modality, Property, trail};

/// Keys belong to the applications that the platform says.
pub(super) struct MappingsFollowThePlatform;

impl Property for MappingsFollowThePlatform {
    fn name(&self) -> &'static str {
        "mappings-follow-the-platform"
    }

    fn modality(&self) -> Modality {
        Modality::Eventually
    }

    fn sentence(&self) -> &'static str {
        "a key that opens something belongs, on its gateway, to the applications that the platform says"
    }

    fn companions(&self) -> &'static [&'static str] {
        &["key-mapped"]
    }

    fn mutants(&self) -> &'static [&'static str] {
        &["unmapped-key-is-not-told"]
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        rest::judge(evidence, |gateway, found| {
            if !gateway.is_original() {
                return;
            }
            let must = gateway.ought.keys.values().filter(|ought| ought.standing == Standing::Must);
            let opening: BTreeSet<Uuid> = must.map(|ought| ought.key).collect();
            let (keys, here) = gateway.remains.database.look(|view| {
                let keys = view.scan::<ApiKey>(|row| opening.contains(&row.uuid));
                let mapped = view.scan::<ApplicationKey>(|row| opening.contains(&row.api_key));
                let keys: BTreeSet<Uuid> = keys.iter().map(|row| row.uuid).collect();
                let mapped: BTreeSet<_> = mapped.iter().map(|row| (row.application, row.api_key)).collect();
                (keys, mapped)
            });
            let there = gateway.ought.mappings.iter().filter(|(_, key)| keys.contains(key)).copied();
            let there: BTreeSet<(Uuid, Uuid)> = there.collect();
            found.relevant |= !there.is_empty() || !here.is_empty();
            let missing = there.difference(&here).map(|mapping| (mapping, true));
            let left = here.difference(&there).map(|mapping| (mapping, false));
            found.violations.extend(
                missing.chain(left).map(|(mapping, missing)| violation(evidence, gateway, *mapping, missing)),
            );
        })
    }
}

fn violation(
    evidence: &Evidence,
    gateway: &AtRest<'_>,
    (application, key): (Uuid, Uuid),
    missing: bool,
) -> Violation {
    let (name, subject) = (gateway.name, evidence.name(key));
    let owner = evidence.name(application);
    let changed = trail::last_change(
        evidence,
        |_| true,
        |row: &ApplicationApiKey| row.application == application && row.api_key == key,
    );
    let last = trail::last_at(evidence, gateway.gateway(), |row: &ApplicationKey| {
        row.application == application && row.api_key == key
    });
    let (expected, seen, decision) = if missing {
        let seen = format!("there {subject} doesn't belong to {owner}");
        (format!("{name} knows that {subject} belongs to {owner}"), seen, "a mapping unknown")
    } else {
        let seen = format!("there {subject} belongs to {owner}");
        (format!("{name} knows that {subject} doesn't belong to {owner}"), seen, "a mapping left")
    };
    let decision = decision.to_owned();
    Violation { expected, seen, decision, ..trail::of_thing(evidence, gateway, key, changed, last) }
}
