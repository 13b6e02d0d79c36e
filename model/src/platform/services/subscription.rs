//! Subscriptions to REST APIs (docs/spec/platform.md section 4.5).
//!
//! The gateways that the API is associated with hear of them, deployed there or not. Whether there is a plan
//! of that identifier is left to the foreign key, so a wrong one is a 500. When an API is deleted its
//! subscriptions go along, and no event says so.

use std::sync::Arc;

use serde::Deserialize;
use tracing::warn;
use uuid::Uuid;

use super::{ArtifactName, Identity, pages, secret};
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::event::Event;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::statements::Found;
use crate::platform::tables::{State, Subscription, SubscriptionStatus};
use crate::wire::kind::Kind;

/// What the user says of a new subscription. What isn't said is empty, and refused where it is needed.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NewSubscription {
    /// Handle or identifier.
    pub api_id: String,
    pub subscriber_id: String,
    #[serde(flatten)]
    pub terms: Terms,
}

/// What can be said of a subscription at any time. An empty text takes away what was said before.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct Terms {
    pub application_id: Option<String>,
    pub subscription_plan_id: Option<String>,
    pub status: Option<String>,
}

impl Terms {
    /// The subscription on these terms.
    fn applied_to(self, mut row: Subscription) -> Result<Subscription, Refusal> {
        if let Some(word) = self.status {
            let status = SubscriptionStatus::ALL.into_iter().find(|status| status.word() == word);
            row.status = status.ok_or_else(|| Refusal::Invalid(format!("'{word}' is not a status")))?;
        }
        if let Some(application) = self.application_id {
            row.application = Some(application).filter(|text| !text.is_empty());
        }
        match self.subscription_plan_id.as_deref() {
            None => {}
            Some("") => row.plan = None,
            // What is no identifier is no plan's, which the database would find out.
            Some(plan) => {
                let plan = plan.parse().map_err(|_| Refusal::Unmapped(format!("no plan '{plan}'")))?;
                row.plan = Some(plan);
            }
        }
        Ok(row)
    }
}

impl Platform {
    pub(in crate::platform) async fn subscribe(
        &self,
        cx: &Cx,
        organisation: Uuid,
        new: NewSubscription,
    ) -> Result<Subscription, Refusal> {
        if new.api_id.is_empty() || new.subscriber_id.is_empty() {
            return Err(Refusal::Invalid("apiId and subscriberId are required".into()));
        }
        let api = self.api_called(cx, organisation, new.api_id).await?.artifact.uuid;
        let (now, token) = (cx.wall(), secret::hex(&secret::random_bytes(cx, "subscription token")));
        let blank = Subscription {
            uuid: Uuid::nil(),
            api,
            subscriber: new.subscriber_id,
            application: None,
            token_hash: secret::hash(&token),
            token,
            plan: None,
            organisation,
            status: SubscriptionStatus::Active,
            created_at: now,
            updated_at: now,
        };
        let mut row = new.terms.applied_to(blank)?;
        row.uuid = cx.mint(Mint::Subscription { artifact: api, subscriber: &row.subscriber });
        self.insert_subscription(cx, &row).await.map_err(Refusal::taken(Thing::Subscription))?;
        self.tell_of_subscription(cx, &row, &Event::subscription_created(&row)).await;
        Ok(row)
    }

    pub(in crate::platform) async fn update_subscription(
        &self,
        cx: &Cx,
        organisation: Uuid,
        (uuid, subscriber): (Uuid, &str),
        terms: Terms,
    ) -> Result<Subscription, Refusal> {
        let old = self.subscription_of(cx, organisation, uuid, subscriber).await?;
        let row = Subscription { updated_at: cx.wall(), ..terms.applied_to(Subscription::clone(&old))? };
        if !self.update_subscription_row(cx, &row).await? {
            return Err(Refusal::Unknown(Thing::Subscription));
        }
        self.tell_of_subscription(cx, &row, &Event::subscription_updated(&row)).await;
        Ok(row)
    }

    pub(in crate::platform) async fn unsubscribe(
        &self,
        cx: &Cx,
        organisation: Uuid,
        (uuid, subscriber): (Uuid, &str),
    ) -> Result<(), Refusal> {
        let row = self.subscription_of(cx, organisation, uuid, subscriber).await?;
        if !self.delete_subscription_row(cx, uuid).await? {
            return Err(Refusal::Unknown(Thing::Subscription));
        }
        self.tell_of_subscription(cx, &row, &Event::subscription_deleted(&row)).await;
        Ok(())
    }

    /// The subscriptions that a gateway may have: those of an API that stands on it, and not of one that is
    /// on its way there or failed (docs/spec/platform.md section 8).
    pub(in crate::platform) async fn subscriptions_for(
        &self,
        cx: &Cx,
        identity: Identity,
        api: Uuid,
    ) -> Result<Vec<Arc<Subscription>>, Refusal> {
        let Identity { organisation, gateway } = identity;
        let found = self.load_of_kind(cx, Kind::RestApi, api).await?;
        found
            .filter(|found| found.artifact.organisation == organisation)
            .ok_or(Refusal::Unknown(Thing::Artifact(Kind::RestApi)))?;
        match self.state_on_gateway(cx, organisation, api, gateway).await? {
            Some(State::Deployed | State::Undeployed) => {}
            None | Some(State::Deploying | State::Undeploying | State::Failed) => {
                return Err(Refusal::NotOnGateway);
            }
        }
        Ok(pages::all(|offset| self.page_of_subscriptions(cx, organisation, api, offset)).await?)
    }

    /// The REST API that a user calls by its identifier or its handle.
    async fn api_called(&self, cx: &Cx, organisation: Uuid, called: String) -> Result<Found, Refusal> {
        if let Ok(uuid) = called.parse() {
            let found = self.load_of_kind(cx, Kind::RestApi, uuid).await?;
            if let Some(found) = found.filter(|found| found.artifact.organisation == organisation) {
                return Ok(found);
            }
        }
        self.artifact(cx, &ArtifactName { organisation, kind: Kind::RestApi, handle: called }).await
    }

    /// A subscription, for whoever says whose it is.
    async fn subscription_of(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
        subscriber: &str,
    ) -> Result<Arc<Subscription>, Refusal> {
        let row = self.find_subscription(cx, organisation, uuid).await?;
        let row = row.ok_or(Refusal::Unknown(Thing::Subscription))?;
        if row.subscriber == subscriber { Ok(row) } else { Err(Refusal::NotTheSubscriber) }
    }

    async fn tell_of_subscription(&self, cx: &Cx, row: &Subscription, event: &Event) {
        match self.associated_gateways(cx, row.organisation, row.api).await {
            Ok(gateways) => {
                let gateways: Vec<_> = gateways.iter().map(|row| row.uuid).collect();
                self.tell(cx, &gateways, event).await;
            }
            Err(failed) => warn!("nobody is told of the subscription: {failed}"),
        }
    }
}
