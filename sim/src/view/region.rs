//! Regions: what goes wrong, from when to when, and whom it concerns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lane::{self, Lane};
use crate::fault::Target;
use crate::outcome::Evidence;
use crate::plan::Plan;

/// Something that goes wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Region {
    /// What it is.
    pub sort: Sort,
    /// As a script says it.
    pub says: String,
    /// The lanes it concerns.
    pub lanes: Vec<usize>,
    /// When it was at work, each time from when to when; none if it never was.
    pub spans: Vec<(u64, Option<u64>)>,
    /// The crossings at which it struck.
    pub struck: Vec<u64>,
}

/// Where a region comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A fault of the plan.
    Fault,
    /// A link that a step has cut.
    Cut,
}

/// Every fault of the plan, and every link that was cut.
pub(super) fn all(plan: &Plan, evidence: &Evidence, lanes: &[Lane]) -> Vec<Region> {
    let mut faults: Vec<Region> = plan
        .faults
        .iter()
        .map(|fault| Region {
            sort: Sort::Fault,
            says: format!("fault {fault}"),
            lanes: aimed_at(&fault.target, lanes),
            spans: Vec::new(),
            struck: Vec::new(),
        })
        .collect();
    let mut cuts: BTreeMap<(&str, &str), Region> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        let (address, at_us) = (&crossing.address, crossing.at_us);
        if let Some(region) = crossing.fault.and_then(|fault| faults.get_mut(fault)) {
            match address.site {
                "fault.begin" => region.spans.push((at_us, None)),
                "fault.end" => end(region, at_us),
                _ => region.struck.push(crossing.id.0),
            }
            // One without a window is at work where it strikes.
            if region.spans.is_empty() {
                region.spans.push((at_us, Some(at_us)));
            }
        }
        let link = (&*address.node, address.peer.as_deref().unwrap_or("everyone"));
        match address.site {
            "link.cut" => {
                let ends = [lane::find(lanes, link.0), lane::find(lanes, link.1)];
                let cut = cuts.entry(link).or_insert_with(|| Region {
                    sort: Sort::Cut,
                    says: format!("link {} -> {} is cut", link.0, link.1),
                    lanes: ends.into_iter().flatten().collect(),
                    spans: Vec::new(),
                    struck: Vec::new(),
                });
                cut.spans.push((at_us, None));
                cut.struck.push(crossing.id.0);
            }
            "link.heal" => cuts.get_mut(&link).into_iter().for_each(|cut| end(cut, at_us)),
            _ => {}
        }
    }
    faults.into_iter().chain(cuts.into_values()).collect()
}

fn end(region: &mut Region, at_us: u64) {
    if let Some((_, to_us @ None)) = region.spans.last_mut() {
        *to_us = Some(at_us);
    }
}

/// The lanes that a fault is aimed at. An empty group of a link is everybody else.
fn aimed_at(target: &Target, lanes: &[Lane]) -> Vec<usize> {
    let everybody = match target {
        Target::Link(link) => link.from.is_empty() || link.to.is_empty(),
        Target::Crossing(_) | Target::Node(_) => false,
    };
    if everybody {
        return (0..lanes.len()).collect();
    }
    let mut aimed: Vec<usize> = target.nodes().iter().filter_map(|node| lane::find(lanes, node)).collect();
    aimed.sort_unstable();
    aimed.dedup();
    aimed
}
