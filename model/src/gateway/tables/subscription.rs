//! Subscriptions and their plans.
//!
//! So far only deletes touch them here: neither their sync nor their events are.

use uuid::Uuid;

use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// A row of `subscription_plans`.
#[derive(Clone, PartialEq, Debug)]
pub struct SubscriptionPlan {
    /// The partition.
    pub gateway_id: String,
    /// The plan.
    pub uuid: Uuid,
    /// Its name.
    pub plan_name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
}

impl Row for SubscriptionPlan {
    const TABLE: &'static str = "subscription_plans";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "subscription_plans.gateway_id, subscription_plans.plan_name",
        key: |row| Some((&row.gateway_id, &row.plan_name).into()),
    }];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}

/// A row of `subscriptions`.
#[derive(Clone, PartialEq, Debug)]
pub struct Subscription {
    /// The partition.
    pub gateway_id: String,
    /// The subscription.
    pub uuid: Uuid,
    /// The REST API it is for.
    pub api_id: Uuid,
    /// Who uses it.
    pub application_id: Option<String>,
    /// The SHA-256 of its token, in hexadecimal.
    pub subscription_token_hash: String,
    /// Its plan.
    pub subscription_plan_id: Option<Uuid>,
    /// `ACTIVE`, `INACTIVE` or `REVOKED`.
    pub status: String,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for Subscription {
    const TABLE: &'static str = "subscriptions";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "subscriptions.gateway_id, subscriptions.api_id, subscriptions.subscription_token_hash",
        key: |row| Some((&row.gateway_id, row.api_id, &row.subscription_token_hash).into()),
    }];
    // No action on delete: a plan stays while a subscription refers to it.
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "subscriptions.subscription_plan_id",
        parent: SubscriptionPlan::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some((&row.gateway_id, row.subscription_plan_id?).into()),
        on_delete: OnDelete::Restrict,
    }];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}
