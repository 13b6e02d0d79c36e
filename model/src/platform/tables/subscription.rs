//! Subscriptions to REST APIs. Whoever subscribes is named by a text that the platform knows nothing of, and
//! so is the application it is for.
//!
//! A subscription goes with its API by two foreign keys, one on the detail and one on the artifact together
//! with its organisation, so it also goes where a project's delete takes the detail and leaves the artifact.

use uuid::Uuid;

use super::{Artifact, Organisation, RestApi, SubscriptionPlan};
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// Whether a subscription opens its API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SubscriptionStatus {
    /// It does.
    Active,
    /// Not now.
    Inactive,
    /// It did.
    Revoked,
}

impl SubscriptionStatus {
    /// Every status.
    pub const ALL: [SubscriptionStatus; 3] =
        [SubscriptionStatus::Active, SubscriptionStatus::Inactive, SubscriptionStatus::Revoked];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            SubscriptionStatus::Active => "ACTIVE",
            SubscriptionStatus::Inactive => "INACTIVE",
            SubscriptionStatus::Revoked => "REVOKED",
        }
    }
}

/// A row of `subscriptions`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Subscription {
    /// The subscription.
    pub uuid: Uuid,
    /// The REST API subscribed to.
    pub api: Uuid,
    /// Who subscribes.
    pub subscriber: String,
    /// The application it is for: free text, which points nowhere.
    pub application: Option<String>,
    /// The token. The real system keeps it encrypted and decrypts it for gateways; here it is plain.
    pub token: String,
    /// SHA-256 of the token in hex.
    pub token_hash: String,
    /// Its plan. Whether there is one is asked by the foreign key alone.
    pub plan: Option<Uuid>,
    /// Whose it is.
    pub organisation: Uuid,
    /// Whether it opens the API.
    pub status: SubscriptionStatus,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for Subscription {
    const TABLE: &'static str = "subscriptions";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "subscriptions.subscription_token_hash",
            key: |row| Some(Key::from((row.api, row.token_hash.as_str()))),
        },
        Unique {
            name: "subscriptions.subscriber_id",
            key: |row| Some(Key::from((row.api, row.subscriber.as_str(), row.organisation))),
        },
    ];
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "subscriptions.organization_uuid",
            parent: Organisation::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.organisation.into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "subscriptions.api_uuid",
            parent: RestApi::TABLE,
            target: Target::PrimaryKey,
            key: |row| Some(row.api.into()),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "subscriptions.api_uuid-organization_uuid",
            parent: Artifact::TABLE,
            target: Target::Unique("artifacts.uuid-organization"),
            key: |row| Some(Key::from((row.api, row.organisation))),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "subscriptions.subscription_plan_uuid-organization_uuid",
            parent: SubscriptionPlan::TABLE,
            target: Target::Unique("subscription_plans.uuid-organization"),
            key: |row| Some(Key::from((row.plan?, row.organisation))),
            on_delete: OnDelete::Restrict,
        },
    ];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
