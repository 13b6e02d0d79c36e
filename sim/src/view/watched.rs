//! What every gateway holds at every moment of a run, and how it stands beside what the platform says.
//!
//! Memory is in no history: crossings say that something was taken up, not what. So somebody looks at the world
//! whenever all wait, and notes what has changed since. What ought to be is what the oracle makes of the platform's
//! database at that moment, the same that properties judge by at rest; while a gateway has yet to hear of something
//! it differs, which is no violation.
//!
//! A key that ends by the clock alone is noticed at the next change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftless_model::gateway::tables as gateway;
use driftless_model::gateway::tables::Origin;
use driftless_model::store::Database;
use uuid::Uuid;

use super::band::{Band, Layer, Span, Stands};
use super::judge::{Held, Judge, Process};
use super::lane::{self, Lane};
use crate::boot::USER;
use crate::oracle::{Ought, Place};
use crate::outcome::Evidence;
use crate::plan::{Node, Role};
use crate::world::{State, World};

/// Watches a run.
#[derive(Debug, Default)]
pub struct Watched {
    mark: Vec<(u64, u64, bool)>,
    /// What somebody made at a gateway itself, by the gateway; it stays so after its row is gone.
    own: BTreeSet<(Arc<str>, Uuid)>,
    tracks: BTreeMap<(Arc<str>, Uuid, Layer), Vec<Span>>,
}

impl Watched {
    /// Looks at the world, and notes what has changed.
    pub fn look(&mut self, world: &World) {
        let state = world.lock();
        let mark = state.nodes.values().map(|node| {
            let stored = node.database.as_ref().map_or(0, Database::version);
            let memory = node.projections.as_ref().map_or(0, |memory| memory.version());
            (stored, memory, node.life.is_some())
        });
        let mark: Vec<_> = mark.collect();
        if mark != self.mark {
            self.mark = mark;
            self.note(&state);
        }
    }

    fn note(&mut self, state: &State) {
        let platform = state.nodes.iter().find(|(_, node)| node.role == Some(Role::Platform));
        let Some((platform, database)) =
            platform.and_then(|(name, node)| Some((name, node.database.as_ref()?)))
        else {
            return;
        };
        let (now_us, wall) = (state.gate.now_us(), state.wall(USER));
        let gateways: Vec<_> =
            state.nodes.iter().filter(|(_, node)| node.role == Some(Role::Gateway)).collect();
        let originals =
            gateways.iter().map(|(name, _)| *name).filter(|name| Node::original(name) == &***name);
        let ought: BTreeMap<&str, Ought> =
            originals.filter_map(|name| Some((&**name, Ought::of(database, name, wall)?))).collect();
        let name = |id: Uuid| state.names.of(id).map_or_else(|| id.to_string(), |name| name.to_string());
        for artifact in self.known(ought.values().flat_map(|ought| ought.artifacts.keys().copied())) {
            let says = ought.iter().filter_map(|(gateway, ought)| {
                Some(format!("{gateway}: {}", said(ought.place(artifact)?, &name)))
            });
            let says: Vec<String> = says.collect();
            self.put(platform, artifact, Layer::Says, (says.join("; "), Stands::Agrees), now_us);
        }
        for (node, at) in gateways {
            let rows = at.database.as_ref().map(rows).unwrap_or_default();
            let gateway: Arc<str> = Node::original(node).into();
            for row in rows.values() {
                let of = (gateway.clone(), row.uuid);
                match row.origin {
                    Origin::GatewayApi => self.own.insert(of),
                    Origin::ControlPlane => self.own.remove(&of),
                };
            }
            let memory = at.projections.as_deref().filter(|_| at.life.is_some());
            let process = memory.map(|memory| Process::of(memory, wall, &name));
            let ought = ought.get(Node::original(node));
            let mut artifacts: BTreeSet<Uuid> = rows.keys().copied().collect();
            let beside = at.database.as_ref().map(beside).unwrap_or_default();
            artifacts.extend(beside.keys());
            artifacts.extend(ought.iter().flat_map(|ought| ought.artifacts.keys()));
            artifacts.extend(process.iter().flat_map(Process::artifacts));
            for artifact in self.known(artifacts) {
                let own = self.own.contains(&(gateway.clone(), artifact));
                let judge = Judge { ought, artifact, own, name: &name };
                if Node::original(node) == &**node {
                    let held = match (rows.get(&artifact), beside.get(&artifact)) {
                        (None, Some(left)) => judge.left(left),
                        (row, _) => judge.stored(row),
                    };
                    self.put(node, artifact, Layer::Database, held, now_us);
                }
                let held = match &process {
                    None => [Layer::Memory, Layer::Routes, Layer::Access]
                        .map(|layer| (layer, (String::new(), Stands::Down))),
                    Some(process) => [
                        (Layer::Memory, judge.stored(process.memory.get(&artifact).map(|c| &c.artifact))),
                        (Layer::Routes, judge.routed(process.routes.get(&artifact))),
                        (Layer::Access, judge.opened(process)),
                    ],
                };
                for (layer, held) in held {
                    self.put(node, artifact, layer, held, now_us);
                }
            }
        }
    }

    /// These artifacts, and those of which something was held before.
    fn known(&self, artifacts: impl IntoIterator<Item = Uuid>) -> BTreeSet<Uuid> {
        self.tracks.keys().map(|(_, artifact, _)| *artifact).chain(artifacts).collect()
    }

    fn put(&mut self, node: &Arc<str>, artifact: Uuid, layer: Layer, (holds, stands): Held, now_us: u64) {
        let track = self.tracks.entry((node.clone(), artifact, layer)).or_default();
        if let Some(last) = track.last_mut() {
            last.to_us = now_us;
            if last.holds == holds && last.stands == stands {
                return;
            }
            // Several things may happen at one instant; the last of them is what was.
            if last.from_us == now_us {
                track.pop();
            }
        }
        track.push(Span { from_us: now_us, to_us: now_us, holds, stands });
    }

    /// The artifacts of which anything was ever held, by name.
    pub(super) fn artifacts(&self, evidence: &Evidence) -> Vec<String> {
        let names: BTreeSet<String> =
            self.tracks.keys().map(|(_, artifact, _)| evidence.name(*artifact)).collect();
        names.into_iter().collect()
    }

    /// The bands: of lanes, then by artifact, then by layer. One that shows nothing is none.
    pub(super) fn bands(
        &self,
        evidence: &Evidence,
        lanes: &[Lane],
        artifacts: &[String],
        lasted_us: u64,
    ) -> Vec<Band> {
        let shows = |span: &Span| !span.holds.is_empty() || span.stands == Stands::Differs;
        let shown = self.tracks.iter().filter(|(_, spans)| spans.iter().any(shows));
        let mut bands: Vec<Band> = shown
            .filter_map(|((node, artifact, layer), spans)| {
                let name = evidence.name(*artifact);
                let mut spans = spans.clone();
                // Two that are alike came apart only because something between them lasted no time.
                spans.dedup_by(|later, earlier| {
                    let same = (&later.holds, later.stands) == (&earlier.holds, earlier.stands);
                    if same {
                        earlier.to_us = later.to_us;
                    }
                    same
                });
                if let Some(last) = spans.last_mut() {
                    last.to_us = lasted_us;
                }
                let artifact = artifacts.iter().position(|known| *known == name)?;
                Some(Band { lane: lane::find(lanes, node)?, artifact, layer: *layer, spans })
            })
            .collect();
        bands.sort_by_key(|band| (band.lane, band.artifact, band.layer));
        bands
    }
}

/// What the platform says of an artifact to a gateway.
fn said(place: &Place, name: &impl Fn(Uuid) -> String) -> String {
    match place {
        Place::Served { deployment, .. } => format!("serve {}", name(*deployment)),
        Place::Idle { deployment: Some(deployment) } => format!("{} undeployed", name(*deployment)),
        Place::Idle { deployment: None } => "not deployed".to_owned(),
        Place::Failed { deployment, .. } => format!("{} failed", name(*deployment)),
    }
}

fn rows(database: &Database) -> BTreeMap<Uuid, gateway::Artifact> {
    let rows = database.look(|view| view.scan::<gateway::Artifact>(|_| true));
    rows.into_iter().map(|row| (row.uuid, (*row).clone())).collect()
}

/// By artifact, how many keys and how many subscriptions a database has of it.
fn beside(database: &Database) -> BTreeMap<Uuid, (usize, usize)> {
    let mut beside: BTreeMap<Uuid, (usize, usize)> = BTreeMap::new();
    database.look(|view| {
        for key in view.scan::<gateway::ApiKey>(|_| true) {
            beside.entry(key.artifact_uuid).or_default().0 += 1;
        }
        for subscription in view.scan::<gateway::Subscription>(|_| true) {
            beside.entry(subscription.api_id).or_default().1 += 1;
        }
    });
    beside
}
