//! A sync in turn: all questions, then one transaction with the news of it, then memory and the platform hear of it.
//!
//! What can't be stored for reasons of its own (a definition that is none, a handle that somebody at the gateway has)
//! fails by itself and is acknowledged as failed. Anything else that goes wrong takes the whole transaction along, and
//! the next ping is a reason to ask again.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::answers::{Answers, Step, Unasked, wanted};
use super::turn::Synced;
use crate::cx::Cx;
use crate::design::{SyncAcks, Unlisted};
use crate::gateway::hub::Announcement;
use crate::gateway::link::{Acknowledged, Asked, Verdict};
use crate::gateway::memory::StoredConfig;
use crate::gateway::pipeline::{Deploy, validated};
use crate::gateway::replica::Replica;
use crate::gateway::storage::{Transaction, UpsertError};
use crate::gateway::tables::{Action, Artifact, DesiredState, EntityType, SyncTurn};
use crate::store::StoreError;
use crate::wire::internal::DeploymentEntry;
use crate::wire::kind::Kind;
use crate::wire::time;

/// Providers come before the proxies that stand before them, and go after them.
const ORDER: [Kind; 4] = [Kind::LlmProvider, Kind::LlmProxy, Kind::RestApi, Kind::Mcp];

/// What one transaction has done.
#[derive(Default)]
struct Written {
    changed: Vec<(EntityType, Action, String)>,
    /// What became of what is listed.
    verdicts: Vec<(DeploymentEntry, Verdict)>,
    lacks: bool,
}

impl Replica {
    /// Asks for everything and writes it, unless another sync has begun meanwhile.
    pub(super) async fn sync_in_turn(&self, cx: &Cx) -> Synced {
        self.projections.change(|state| state.sync.begun = true);
        let synced = match self.try_sync(cx).await {
            Ok(synced) => synced,
            Err(error) => {
                tracing::warn!(%error, "sync: nothing is written");
                Synced::AsOf(None)
            }
        };
        self.projections.change(|state| {
            state.sync.ended = true;
            state.sync.key_syncs += 1;
        });
        synced
    }

    async fn try_sync(&self, cx: &Cx) -> Result<Synced, StoreError> {
        let turn = self.storage.take_turn(cx).await?;
        let answers = match self.ask_everything(cx).await {
            Ok(answers) => answers,
            Err(Unasked::Refused) => return Ok(Synced::Refused),
            Err(Unasked::Failed) => return Ok(Synced::AsOf(None)),
        };
        let Some(written) = self.write_answers(cx, &turn, &answers).await? else {
            return Ok(Synced::Overtaken);
        };
        let in_memory = self.follow(cx).await;
        let acknowledged = self.acknowledge_sync(cx, &written).await;
        let all = in_memory && !answers.lacks && !written.lacks;
        // What was acknowledged is known to have arrived when the platform lists it.
        Ok(Synced::AsOf(answers.revision.filter(|_| all && acknowledged == 0)))
    }

    /// Nothing if the turn is another's by now.
    async fn write_answers(
        &self,
        cx: &Cx,
        turn: &SyncTurn,
        answers: &Answers,
    ) -> Result<Option<Written>, StoreError> {
        let mut tx = self.storage.begin(cx);
        if !self.storage.keep_turn(cx, &mut tx, turn.turn).await? {
            return Ok(None);
        }
        let mut written = Written::default();
        let rows = self.storage.artifacts_in(cx, &mut tx).await?;
        let here: BTreeMap<Uuid, Arc<Artifact>> = rows.into_iter().map(|row| (row.uuid, row)).collect();
        for kind in ORDER.into_iter().rev() {
            let of_kind = |uuid: &&Uuid| here.get(uuid).is_some_and(|row| row.kind == kind);
            for uuid in answers.gone.iter().filter(of_kind) {
                if self.storage.take_away(cx, &mut tx, *uuid).await? {
                    written.changed.push((kind.into(), Action::Delete, uuid.to_string()));
                }
            }
        }
        self.write_unlisted(cx, &mut tx, (answers, &here), &mut written).await?;
        let doubtful: Vec<Arc<Artifact>> =
            answers.doubtful.iter().filter_map(|uuid| here.get(uuid)).cloned().collect();
        for kind in ORDER {
            for entry in answers.deployments.iter().filter(|entry| entry.kind == kind.name()) {
                let row = here.get(&entry.artifact_id).map(|row| &**row);
                self.write_listed(cx, &mut tx, (kind, entry, row), (answers, &doubtful), &mut written)
                    .await?;
            }
        }
        let (plans, subscriptions) = (answers.plans.as_deref(), &answers.subscriptions);
        let (changed, lacks) = self.storage.put_subscriptions(cx, &mut tx, plans, subscriptions).await?;
        written.changed.extend(changed);
        written.lacks |= lacks;
        let listed = (&*answers.kinds, &*answers.keys);
        written.changed.extend(self.storage.put_keys(cx, &mut tx, listed, &answers.doubtful).await?);
        if let Some((applications, mappings)) = &answers.mappings {
            let listed = (applications, mappings);
            written.changed.extend(self.storage.put_applications(cx, &mut tx, listed).await?);
        }
        let news = self.news(written.changed.iter().map(announcement).collect());
        news.within(cx, &mut tx).await?;
        tx.commit(cx, crate::cx::At::site("store.commit-sync")).await?;
        news.afterwards(cx).await;
        Ok(Some(written))
    }

    /// What exists and isn't listed has no deployment here.
    async fn write_unlisted(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        (answers, here): (&Answers, &BTreeMap<Uuid, Arc<Artifact>>),
        written: &mut Written,
    ) -> Result<(), StoreError> {
        match self.design.unlisted {
            Unlisted::StaysAsItIs => return Ok(()),
            Unlisted::IsUndeployed => {}
        }
        let served =
            |uuid: &&Uuid| here.get(uuid).is_some_and(|row| row.desired_state == DesiredState::Deployed);
        for uuid in answers.unlisted.iter().filter(served) {
            self.storage.restate_in(cx, tx, *uuid, (DesiredState::Undeployed, None)).await?;
            written.changed.push((here[uuid].kind.into(), Action::Update, uuid.to_string()));
        }
        Ok(())
    }

    async fn write_listed(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        (kind, entry, here): (Kind, &DeploymentEntry, Option<&Artifact>),
        (answers, doubtful): (&Answers, &[Arc<Artifact>]),
        written: &mut Written,
    ) -> Result<(), StoreError> {
        let changed = |action| (kind.into(), action, entry.artifact_id.to_string());
        let verdict = match self.step_of(entry, here) {
            Step::NotOurs => return Ok(()),
            Step::Nothing => Verdict::Success,
            Step::Restate(state) => {
                let to = (state, Some(time::to_millis(entry.deployed_at)));
                self.storage.restate_in(cx, tx, entry.artifact_id, to).await?;
                written.changed.push(changed(Action::Update));
                Verdict::Success
            }
            Step::Store => {
                let Some(definition) = answers.definitions.get(&entry.deployment_id) else {
                    tracing::warn!(deployment = %entry.deployment_id, "sync: not in the archive");
                    written.lacks = true;
                    return Ok(());
                };
                let Some(verdict) = self.store_listed(cx, tx, (kind, entry), definition, doubtful).await?
                else {
                    written.lacks = true;
                    return Ok(());
                };
                if verdict == Verdict::Success {
                    written.changed.push(changed(if here.is_some() {
                        Action::Update
                    } else {
                        Action::Create
                    }));
                }
                verdict
            }
        };
        written.verdicts.push((entry.clone(), verdict));
        Ok(())
    }

    /// Nothing if it has to wait until it is known whether what is in its way exists.
    async fn store_listed(
        &self,
        cx: &Cx,
        tx: &mut Transaction,
        (kind, entry): (Kind, &DeploymentEntry),
        definition: &[u8],
        doubtful: &[Arc<Artifact>],
    ) -> Result<Option<Verdict>, StoreError> {
        let parsed = match validated(kind, definition) {
            Ok(parsed) => parsed,
            Err(error) => {
                tracing::warn!(%error, artifact = %entry.artifact_id, "sync: not deployed");
                return Ok(Some(Verdict::ProcessingError));
            }
        };
        let deploy = Deploy {
            kind,
            artifact: entry.artifact_id,
            deployment: entry.deployment_id,
            deployed_at: time::to_millis(entry.deployed_at),
            definition: definition.to_vec(),
            event_id: String::new(),
        };
        let artifact = self.row(cx, &deploy, &parsed);
        let config = StoredConfig { artifact, configuration: Bytes::from(deploy.definition) };
        let row = &config.artifact;
        let in_the_way = |other: &Arc<Artifact>| {
            other.kind == kind
                && (other.handle == row.handle
                    || (&other.display_name, &other.version) == (&row.display_name, &row.version))
        };
        if doubtful.iter().any(in_the_way) {
            return Ok(None);
        }
        if let Some(template) = config.template()
            && !self.storage.has_template_in(cx, tx, &template).await?
        {
            return Ok(Some(Verdict::ProcessingError));
        }
        if let Some(provider) = config.provider()
            && !self.storage.has_provider_in(cx, tx, &provider).await?
        {
            return Ok(Some(Verdict::ProcessingError));
        }
        if let Some(taken) = self.storage.taken_in(cx, tx, &config.artifact).await? {
            tracing::warn!(?taken, artifact = %entry.artifact_id, "sync: not deployed");
            return Ok(Some(Verdict::ProcessingError));
        }
        self.storage.put_artifact(cx, tx, &config.artifact).await?;
        match self.storage.write_configuration(cx, tx, &config).await {
            Ok(()) => Ok(Some(Verdict::Success)),
            Err(UpsertError::Store(error)) => Err(error),
            // The provider was there a moment ago, in this very transaction.
            Err(UpsertError::NoProvider(_) | UpsertError::NoHandle) => Err(StoreError::Busy),
        }
    }

    /// Acknowledges what the platform doesn't know; says how many.
    async fn acknowledge_sync(&self, cx: &Cx, written: &Written) -> usize {
        match self.design.sync_acks {
            SyncAcks::None => return 0,
            SyncAcks::WhatDiffers => {}
        }
        let mut count = 0;
        for (entry, verdict) in &written.verdicts {
            let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == entry.kind) else { continue };
            let (asked, done) = match wanted(entry) {
                Some(DesiredState::Deployed) => (Asked::Deploy, "DEPLOYED"),
                Some(DesiredState::Undeployed) => (Asked::Undeploy, "UNDEPLOYED"),
                None => continue,
            };
            let is = if *verdict == Verdict::Success { done } else { "FAILED" };
            if entry.state.eq_ignore_ascii_case(is) {
                continue;
            }
            count += 1;
            let (deployment, at) = (entry.deployment_id.to_string(), time::nanos(&entry.deployed_at));
            let of = Acknowledged {
                kind,
                asked,
                artifact: entry.artifact_id,
                deployment: &deployment,
                performed_at: &at,
            };
            self.acknowledge(cx, of, *verdict).await;
        }
        count
    }
}

/// What the replicas are told of something that a sync has changed.
fn announcement((entity, action, entity_id): &(EntityType, Action, String)) -> Announcement {
    let subject = entity_id.rsplit(':').next().and_then(|id| id.parse().ok()).unwrap_or_default();
    Announcement {
        entity_id: entity_id.clone(),
        ..Announcement::of(*entity, *action, subject, String::new())
    }
}
