//! Publishing (docs/spec/gateway.md section 9.1).
//!
//! The event's row and the new version are one transaction, as merged apart from the one that changed what the event
//! is about. The event's identifier is an idempotency key: a second event of that identifier is dropped as a
//! duplicate while the first is kept, whatever either of them says.

use uuid::Uuid;

use super::Hub;
use crate::cx::{At, Cx, Mint, Subject};
use crate::gateway::storage::Transaction;
use crate::gateway::tables::{Action, EntityType, Event, GatewayState};
use crate::store::StoreError;
use crate::wire::kind::Kind;

/// What there is to tell.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Announcement {
    /// What kind of thing it is about.
    pub entity: EntityType,
    /// What happened to it.
    pub action: Action,
    /// Which thing.
    pub entity_id: String,
    /// The idempotency key; drawn if it is empty.
    pub event_id: String,
    /// What the crossings are about.
    pub subject: Uuid,
    /// The gateway whose replicas are told, if not this one.
    pub topic: Option<Uuid>,
}

impl Announcement {
    /// Something happened to an artifact.
    pub fn artifact(kind: Kind, action: Action, artifact: Uuid, event_id: impl Into<String>) -> Self {
        Announcement {
            entity: kind.into(),
            action,
            entity_id: artifact.to_string(),
            event_id: event_id.into(),
            subject: artifact,
            topic: None,
        }
    }

    /// Something happened to a key of an artifact.
    pub fn key(action: Action, artifact: Uuid, key: Uuid, event_id: impl Into<String>) -> Self {
        Announcement {
            entity: EntityType::ApiKey,
            action,
            entity_id: format!("{artifact}{SEPARATOR}{key}"),
            event_id: event_id.into(),
            subject: key,
            topic: None,
        }
    }

    /// Something happened to a thing that is no artifact and no key.
    pub fn of(entity: EntityType, action: Action, thing: Uuid, event_id: impl Into<String>) -> Self {
        let (entity_id, event_id) = (thing.to_string(), event_id.into());
        Announcement { entity, action, entity_id, event_id, subject: thing, topic: None }
    }
}

/// Between the artifact and the key in the entity of a key's event.
const SEPARATOR: char = ':';

/// The artifact and the key that a key's event is about.
pub(in crate::gateway) fn key_of(entity_id: &str) -> Option<(Uuid, Uuid)> {
    let (artifact, key) = entity_id.split_once(SEPARATOR)?;
    Some((artifact.parse().ok()?, key.parse().ok()?))
}

/// Lets every poll see that there is something new.
async fn bump(
    cx: &Cx,
    transaction: &mut Transaction,
    gateway_id: &str,
    subject: Uuid,
) -> Result<(), StoreError> {
    let state = GatewayState {
        gateway_id: gateway_id.to_owned(),
        version_id: cx.mint(Mint::Other { what: "hub-version", of: Subject::None }).to_string(),
        updated_at: cx.wall(),
    };
    let at = At::site("hub.bump-version").about(subject);
    transaction.write(cx, at, |w| w.update(state.clone())).await.map(drop)
}

impl Hub {
    /// Tells every replica, and goes on whatever becomes of it: what was written stays written.
    pub async fn announce(&self, cx: &Cx, announcement: Announcement) {
        if let Err(error) = self.publish(cx, announcement).await {
            tracing::warn!(%error, "failed to publish an event");
        }
    }

    /// Tells every replica.
    pub async fn publish(&self, cx: &Cx, announcement: Announcement) -> Result<(), StoreError> {
        let subject = announcement.subject;
        let event = self.event(cx, &announcement);
        let mut transaction = self.database()?.begin(cx);
        let at = At::site("hub.insert-event").about(subject);
        if let Err(error) = transaction.write(cx, at, |w| w.insert(event.clone())).await {
            drop(transaction);
            return self.forgive_duplicate(cx, &event, subject, error).await;
        }
        bump(cx, &mut transaction, &event.gateway_id, subject).await?;
        transaction.commit(cx, At::site("hub.publish").about(subject)).await
    }

    /// Tells every replica, if the transaction is committed.
    pub async fn publish_in(
        &self,
        cx: &Cx,
        transaction: &mut Transaction,
        announcements: &[Announcement],
    ) -> Result<(), StoreError> {
        self.database()?;
        let Some(last) = announcements.last() else { return Ok(()) };
        for announcement in announcements {
            let event = self.event(cx, announcement);
            let at = At::site("hub.insert-event").about(announcement.subject);
            transaction.write(cx, at, |w| w.insert(event.clone())).await?;
        }
        bump(cx, transaction, &self.gateway_id, last.subject).await
    }

    /// An insert that failed because the event is already there has done its work, whatever the error was.
    async fn forgive_duplicate(
        &self,
        cx: &Cx,
        event: &Event,
        subject: Uuid,
        error: StoreError,
    ) -> Result<(), StoreError> {
        let at = At::site("hub.find-event").about(subject);
        let key = (&event.gateway_id, &event.event_id);
        if self.database()?.read(cx, at, |view| view.get::<Event>(key).is_some()).await? {
            tracing::debug!(event = event.event_id, "duplicate event, skipped");
            return Ok(());
        }
        Err(error)
    }

    fn event(&self, cx: &Cx, announcement: &Announcement) -> Event {
        let Announcement { entity, action, entity_id, event_id, subject, topic } = announcement;
        let drawn = || cx.mint(Mint::Other { what: "hub-event", of: Subject::Id(*subject) }).to_string();
        let now = cx.wall();
        Event {
            gateway_id: topic.map_or_else(|| self.gateway_id.clone(), |topic| topic.to_string()),
            processed_timestamp: now,
            originated_timestamp: now,
            entity_type: *entity,
            action: *action,
            entity_id: entity_id.clone(),
            event_id: if event_id.is_empty() { drawn() } else { event_id.clone() },
            event_data: "{}".to_owned(),
        }
    }
}
