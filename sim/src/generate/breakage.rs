//! Faults of made-up plans: an effect by its weight, on a target where plans usually come by.
//!
//! A target that nothing comes by makes a fault that is never reached and costs nothing. Most of those that strike
//! at crossings wait where the steps of the plan will decide something ([`super::prospects`]); the rest at a
//! site that decides something in many plans, and a few anywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::Union;

use super::prospects::Prospect;
use crate::address::Pattern;
use crate::fault::{Effect, EffectKind, Fault, Moment, Place, Target, Window};
use crate::sites;

/// What decides something on a gateway.
const AT_GATEWAYS: &[&str] = &[
    "sync http.deployments",
    "sync http.fetch-batch",
    "sync http.artifacts-exists",
    "http.api-keys",
    "http.llm-provider-keys",
    "http.llm-proxy-keys",
    "http.subscriptions",
    "http.connect",
    "http.discovery",
    "sync store.list-artifacts",
    "sync store.delete-artifact",
    "store.upsert-artifact",
    "store.commit-upsert",
    "store.commit-delete",
    "store.find-artifact",
    "store.delete-keys",
    "hub.publish",
    "hub.poll",
    "hub.read-events",
    "hub.insert-event",
    "ws.ack",
];
/// The same on the platform.
const AT_THE_PLATFORM: &[&str] = &[
    "ws.send",
    "store.commit-delete",
    "store.commit-deploy",
    "store.list-deployments",
    "store.find-gateway",
    "store.list-gateways",
    "store.find-artifact",
];

/// What a fault is drawn from.
type Draw = (&'static EffectKind, [u32; 4], u16, u16);

/// Faults with these weights, as many as may be.
pub(super) fn faults(effects: &BTreeMap<String, u32>, [least, most]: [usize; 2]) -> BoxedStrategy<Vec<Draw>> {
    let weighted = Effect::KINDS.iter().filter_map(|kind| {
        let weight = effects.get(kind.word).copied().filter(|weight| *weight > 0)?;
        Some((weight, Just(kind)))
    });
    let weighted: Vec<_> = weighted.collect();
    if weighted.is_empty() || most == 0 {
        return Just(Vec::new()).boxed();
    }
    let draw = (Union::new_weighted(weighted), any::<[u32; 4]>(), 3..90_u16, 1..60_u16);
    proptest::collection::vec(draw, least..=most).boxed()
}

/// The fault that a draw makes among these gateways and replicas, in a plan with these prospects.
pub(super) fn fault(draw: &Draw, gateways: &[String], prospects: &[Prospect]) -> Option<Fault> {
    let (kind, numbers, from, length) = *draw;
    let [at, choice, argument, shape] = numbers.map(|number| number as usize);
    let gateway = &gateways[at % gateways.len()];
    // Of a platform that has forgotten things nothing is promised.
    let forgets = matches!(kind.word, "wipe" | "old-snapshot");
    let node = if at % 6 == 5 && !forgets { "platform" } else { gateway.as_str() };
    let effect = Effect::read(kind.word, |name| Some(sample(kind.word, name, argument))).ok()?;
    let (from, length) = (Duration::from_secs(u64::from(from)), Duration::from_secs(u64::from(length)));
    let span = Window { from: Some(Moment::Time(from)), for_: Some(length), ..Window::default() };
    let (target, window) = match kind.place {
        Place::Link => {
            let text = match shape % 4 {
                0 => format!("{gateway}->platform"),
                1 => format!("platform->{gateway}"),
                2 => format!("{gateway}<->*"),
                _ => format!("{gateway}<->platform"),
            };
            (text.parse().ok()?, span)
        }
        Place::Node => (Target::Node(node.to_owned()), span),
        Place::Crossing
        | Place::Breakable
        | Place::Call
        | Place::Members
        | Place::Statement
        | Place::Query
        | Place::Classes(_) => {
            if let Some(at) = aimed(kind, prospects, choice) {
                return Some(Fault::once(at, effect));
            }
            let (site, window) = (site(kind, node, choice)?, shape % 3);
            let life = match shape / 3 % 4 {
                0 => "",
                1 if node != "platform" => "@2",
                _ => "@*",
            };
            let number =
                if argument.is_multiple_of(4) { format!(" #{}", 2 + argument % 3) } else { String::new() };
            // One fault in three strikes whatever comes by within its window.
            let number = if window == 0 { "" } else { &number };
            let at = format!("{node}{life} {site}{number}").parse().ok()?;
            (Target::Crossing(at), if window == 0 { span } else { Window::default() })
        }
    };
    let window = match kind.is_point {
        true => Window { from: window.from, ..Window::default() },
        false => window,
    };
    Some(Fault { target, effect, window })
}

/// For three draws of four, a crossing that the plan will come by and where the effect fits, if there is one.
fn aimed(kind: &EffectKind, prospects: &[Prospect], choice: usize) -> Option<Pattern> {
    if choice.is_multiple_of(4) {
        return None;
    }
    let fitting = || prospects.iter().filter(|prospect| kind.fits_site(prospect.at.site()));
    let all: usize = fitting().map(|prospect| prospect.weight).sum();
    let mut left = choice / 4 % all.max(1);
    let chosen = fitting().find(|prospect| {
        let is_it = left < prospect.weight;
        left = left.saturating_sub(prospect.weight);
        is_it
    });
    chosen.map(|prospect| prospect.at.clone())
}

/// A site where the effect fits.
fn site(kind: &EffectKind, node: &str, choice: usize) -> Option<&'static str> {
    let likely = if node == "platform" { AT_THE_PLATFORM } else { AT_GATEWAYS };
    let bare = |site: &str| site.split(' ').next_back().is_some_and(|site| kind.fits_site(site));
    let likely: Vec<&str> = likely.iter().copied().filter(|site| bare(site)).collect();
    let any: Vec<&str> = sites::ALL.iter().copied().filter(|site| kind.fits_site(site)).collect();
    // One in five is anywhere.
    let among = if likely.is_empty() || choice.is_multiple_of(5) { any } else { likely };
    among.get(choice / 5 % among.len().max(1)).copied()
}

/// A value for an argument of an effect.
fn sample(word: &str, name: &str, choice: usize) -> &'static str {
    let of: &[&str] = match name {
        "status" => &["503", "500", "401", "404", "200", "429"],
        "as" => &["empty", "truncated", "not-json", "wrong-shape"],
        "member" => &["petstore", "orders", "model", "tools", "petstore.key1", "petstore.d1"],
        "share" => &["10%", "30%", "60%", "90%"],
        "rate" => &["200B/s", "2kB/s", "20kB/s"],
        "to" => &["+05:30", "-08:00", "+00:00"],
        "ppm" => &["+100", "-100", "+50000", "-50000"],
        "restart" => &["100ms", "2s", "10s", "40s"],
        "every" => &["500ms", "3s", "10s"],
        "taken" => &["4s", "10s", "20s"],
        "jitter" => &["50ms", "1s", "5s"],
        "by" if word == "clock-offset" => &["+500ms", "-500ms", "+30s", "-30s", "+2h", "-2h"],
        _ => &["50ms", "800ms", "4s", "20s"],
    };
    of[choice % of.len()]
}
