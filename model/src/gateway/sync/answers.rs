//! What a sync asks the platform, one question after the other, before it writes anything.
//!
//! A question that goes unanswered or is refused leaves its part as it is, and the next ping is a reason to ask again.
//! One for the subscriptions of an API that is on its way or has failed is always refused, and that is all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::keys::KINDS;
use crate::cx::Cx;
use crate::design::FetchedState;
use crate::gateway::platform::RestError;
use crate::gateway::replica::Replica;
use crate::gateway::tables::{
    ApiKey, Application, Artifact, DesiredState, Origin, Subscription, SubscriptionPlan,
};
use crate::wire::internal::{DeploymentEntry, KeyEntry};
use crate::wire::kind::Kind;
use crate::wire::time;

/// What the platform has answered.
#[derive(Default)]
pub(super) struct Answers {
    /// How new it was when the list of deployments was made.
    pub revision: Option<String>,
    /// The list of deployments.
    pub deployments: Vec<DeploymentEntry>,
    /// Definitions by deployment.
    pub definitions: BTreeMap<Uuid, Vec<u8>>,
    /// Artifacts here that aren't listed and don't exist.
    pub gone: BTreeSet<Uuid>,
    /// Artifacts here that aren't listed and exist.
    pub unlisted: BTreeSet<Uuid>,
    /// Artifacts here that aren't listed and of which nobody knows.
    pub doubtful: BTreeSet<Uuid>,
    /// Plans, if they were listed.
    pub plans: Option<Vec<SubscriptionPlan>>,
    /// Subscriptions of those APIs for which they were listed.
    pub subscriptions: BTreeMap<Uuid, Vec<Subscription>>,
    /// Kinds whose keys were listed.
    pub kinds: Vec<Kind>,
    /// Their keys.
    pub keys: Vec<ApiKey>,
    /// Applications and mappings, if they were listed with the keys of every kind.
    pub mappings: Option<(BTreeMap<Uuid, Application>, BTreeSet<(Uuid, Uuid)>)>,
    /// Whether something was not answered.
    pub lacks: bool,
}

/// Why there is nothing to write.
pub(super) enum Unasked {
    /// The platform won't say what is deployed here.
    Refused,
    /// Something that may be better by the next time.
    Failed,
}

/// What the list means for one artifact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Nothing: it is as listed.
    Nothing,
    /// Nothing, since somebody at the gateway has made it their own or nobody knows what was asked for.
    NotOurs,
    /// Another state, or another instant, for the deployment that is here.
    Restate(DesiredState),
    /// Its definition is to be fetched and stored.
    Store,
}

/// What a list says that an artifact should be, if it says so.
pub(super) fn wanted(entry: &DeploymentEntry) -> Option<DesiredState> {
    entry
        .desired
        .as_deref()
        .and_then(DesiredState::from_list)
        .or_else(|| DesiredState::from_list(&entry.state))
}

impl Replica {
    /// Asks for everything. Nothing if there is no list of deployments.
    pub(super) async fn ask_everything(&self, cx: &Cx) -> Result<Answers, Unasked> {
        let listed = match self.platform.listed(cx).await {
            Ok(listed) => listed,
            Err(error) => {
                tracing::warn!(%error, "sync: no list of deployments");
                return Err(match error {
                    RestError::Status(status) if status.is_client_error() => Unasked::Refused,
                    _ => Unasked::Failed,
                });
            }
        };
        let local = match self.storage.control_plane_artifacts(cx).await {
            Ok(local) => local,
            Err(error) => {
                tracing::warn!(%error, "sync: no list of local artifacts");
                return Err(Unasked::Failed);
            }
        };
        let mut answers =
            Answers { revision: listed.revision, deployments: listed.deployments, ..Answers::default() };
        if self.has_lists() {
            self.ask_for_plans(cx, &mut answers).await;
            self.ask_for_subscriptions(cx, &mut answers).await;
            self.ask_for_keys(cx, &mut answers).await;
        }
        self.ask_for_definitions(cx, &local, &mut answers).await;
        self.ask_what_exists(cx, &local, &mut answers).await;
        Ok(answers)
    }

    /// What the list means for an artifact as it is here.
    pub(super) fn step_of(&self, entry: &DeploymentEntry, here: Option<&Artifact>) -> Step {
        let Some(wanted) = wanted(entry) else { return Step::NotOurs };
        let at = time::to_millis(entry.deployed_at);
        let Some(here) = here else {
            return match wanted {
                DesiredState::Deployed => Step::Store,
                DesiredState::Undeployed => Step::Nothing,
            };
        };
        if here.origin == Origin::GatewayApi {
            // Whoever changed it there after the deploy wants it so.
            let newer = here.deployed_at.is_none_or(|there| there < at);
            return if newer && wanted == DesiredState::Deployed { Step::Store } else { Step::NotOurs };
        }
        if here.deployment_id == Some(entry.deployment_id) {
            let as_listed = here.desired_state == wanted && here.deployed_at == Some(at);
            return if as_listed { Step::Nothing } else { Step::Restate(wanted) };
        }
        match (wanted, self.design.fetched_state) {
            (DesiredState::Deployed, _) | (DesiredState::Undeployed, FetchedState::Deployed) => Step::Store,
            (DesiredState::Undeployed, FetchedState::AsListed) if here.desired_state == wanted => {
                Step::Nothing
            }
            (DesiredState::Undeployed, FetchedState::AsListed) => Step::Restate(wanted),
        }
    }

    async fn ask_for_definitions(&self, cx: &Cx, local: &[Arc<Artifact>], answers: &mut Answers) {
        let here: BTreeMap<Uuid, &Artifact> = local.iter().map(|row| (row.uuid, &**row)).collect();
        let lacks = |entry: &&DeploymentEntry| {
            self.step_of(entry, here.get(&entry.artifact_id).copied()) == Step::Store
        };
        let known = |entry: &&DeploymentEntry| Kind::ALL.iter().any(|kind| kind.name() == entry.kind);
        let ids: Vec<Uuid> =
            answers.deployments.iter().filter(known).filter(lacks).map(|entry| entry.deployment_id).collect();
        let most = usize::try_from(self.settings.sync_batch_size).unwrap_or(usize::MAX).max(1);
        for chunk in ids.chunks(most) {
            match self.platform.definitions(cx, chunk).await {
                Ok(definitions) => {
                    let by_id = |(id, definition): (String, _)| Some((id.parse().ok()?, definition));
                    answers.definitions.extend(definitions.into_iter().filter_map(by_id));
                }
                Err(error) => {
                    tracing::warn!(%error, "sync: a chunk of {} can't be fetched", chunk.len());
                    answers.lacks = true;
                }
            }
        }
    }

    async fn ask_what_exists(&self, cx: &Cx, local: &[Arc<Artifact>], answers: &mut Answers) {
        let listed: BTreeSet<Uuid> = answers.deployments.iter().map(|entry| entry.artifact_id).collect();
        let orphans: Vec<Uuid> =
            local.iter().map(|row| row.uuid).filter(|uuid| !listed.contains(uuid)).collect();
        if !self.has_lists() {
            // As merged: nobody is asked on the premises.
            answers.gone.extend(orphans);
            return;
        }
        for chunk in self.chunks_of_question(&orphans) {
            match self.platform.artifacts_exist(cx, chunk).await {
                Ok(said) => {
                    for uuid in chunk {
                        let id = uuid.to_string();
                        match said.iter().find(|one| one.artifact_id == id).map(|one| one.exists) {
                            Some(true) => drop(answers.unlisted.insert(*uuid)),
                            Some(false) => drop(answers.gone.insert(*uuid)),
                            // An answer that leaves it out is none.
                            None => {
                                answers.lacks = true;
                                answers.doubtful.insert(*uuid);
                            }
                        }
                    }
                }
                Err(error) => {
                    answers.unanswered(&error);
                    answers.doubtful.extend(chunk);
                }
            }
        }
    }

    async fn ask_for_plans(&self, cx: &Cx, answers: &mut Answers) {
        match self.platform.subscription_plans(cx).await {
            Ok(listed) => {
                answers.plans =
                    Some(listed.iter().filter_map(|entry| self.listed_plan(entry).ok()).collect());
            }
            Err(error) => answers.unanswered(&error),
        }
    }

    /// Asks for the subscriptions of the APIs that are listed: of others the platform says nothing.
    async fn ask_for_subscriptions(&self, cx: &Cx, answers: &mut Answers) {
        let is_api = |entry: &&DeploymentEntry| entry.kind == Kind::RestApi.name();
        // Of what is on its way or has failed the platform lists none (docs/spec/platform.md section 8.5).
        let is_settled = |entry: &DeploymentEntry| DesiredState::from_list(&entry.state).is_some();
        let apis: Vec<(Uuid, bool)> = answers
            .deployments
            .iter()
            .filter(is_api)
            .map(|entry| (entry.artifact_id, is_settled(entry)))
            .collect();
        for (api, settled) in apis {
            match self.platform.subscriptions(cx, api).await {
                Ok(listed) => {
                    let rows =
                        listed.iter().filter_map(|entry| self.listed_subscription(entry).ok()).collect();
                    answers.subscriptions.insert(api, rows);
                }
                Err(RestError::Status(status)) if status.is_client_error() && !settled => {}
                Err(error) => answers.unanswered(&error),
            }
        }
    }

    async fn ask_for_keys(&self, cx: &Cx, answers: &mut Answers) {
        let mut listed = Vec::new();
        for kind in KINDS {
            match self.platform.api_keys(cx, kind).await {
                Ok(keys) => {
                    answers.kinds.push(kind);
                    listed.extend(keys);
                }
                Err(error) => answers.unanswered(&error),
            }
        }
        // A revoked one is kept as revoked, so that it is there when it is good again.
        let row = |entry| Some(ApiKey { source: ApiKey::EXTERNAL.to_owned(), ..self.listed_key(entry)? });
        answers.keys = listed.iter().filter_map(row).collect();
        if answers.kinds.len() == KINDS.len() && listed.iter().all(|entry| entry.applications.is_some()) {
            answers.mappings = Some(self.mappings(cx, &listed));
        }
    }

    fn mappings(
        &self,
        cx: &Cx,
        listed: &[KeyEntry],
    ) -> (BTreeMap<Uuid, Application>, BTreeSet<(Uuid, Uuid)>) {
        let (mut applications, mut mappings) = (BTreeMap::new(), BTreeSet::new());
        let now = cx.wall();
        for entry in listed {
            for said in entry.applications.iter().flatten() {
                let row = Application {
                    gateway_id: self.storage.gateway_id().to_owned(),
                    uuid: said.uuid,
                    application_id: said.id.clone(),
                    name: said.name.clone(),
                    kind: said.kind.clone(),
                    created_at: now,
                    updated_at: now,
                };
                applications.insert(said.uuid, row);
                mappings.insert((said.uuid, entry.uuid));
            }
        }
        (applications, mappings)
    }
}

impl Answers {
    fn unanswered(&mut self, error: &RestError) {
        tracing::warn!(%error, "sync: a question goes unanswered");
        self.lacks = true;
    }
}
