//! Subscriptions and their plans (docs/spec/gateway.md section 4.1).
//!
//! A subscription is found by the hash of the token that a request carries. There is no foreign key to its API:
//! it may arrive before it. There is one to its plan, so a subscription to an unknown plan can't be stored and a
//! plan that is in use can't go.

use std::fmt;

use uuid::Uuid;

use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// Whether a plan can be subscribed to. Nothing else can be stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PlanStatus {
    /// It can.
    Active,
    /// It no longer can. Who has it keeps it.
    Inactive,
}

impl PlanStatus {
    /// The status of that name on the wire.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ACTIVE" => Some(PlanStatus::Active),
            "INACTIVE" => Some(PlanStatus::Inactive),
            _ => None,
        }
    }
}

impl fmt::Display for PlanStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PlanStatus::Active => "ACTIVE",
            PlanStatus::Inactive => "INACTIVE",
        })
    }
}

/// A row of `subscription_plans`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct SubscriptionPlan {
    /// The partition.
    pub gateway_id: String,
    /// The plan.
    pub uuid: Uuid,
    /// Its name.
    pub plan_name: String,
    /// How it is paid for.
    pub billing_plan: Option<String>,
    /// Whether requests above the quota are refused.
    pub stop_on_quota_reach: bool,
    /// Requests in each unit of time.
    pub throttle_limit_count: Option<i64>,
    /// The unit.
    pub throttle_limit_unit: Option<String>,
    /// When it ends, as the platform wrote it.
    pub expiry_time: Option<String>,
    /// Whether it can be subscribed to.
    pub status: PlanStatus,
    /// When it was made: by the platform's clock if a sync brought it, by this gateway's if an event did.
    pub created_at: Instant,
    /// When it was last changed, by the same clock.
    pub updated_at: Instant,
}

impl Row for SubscriptionPlan {
    const TABLE: &'static str = "subscription_plans";
    const PRIMARY: &'static str = "subscription_plans.gateway_id, subscription_plans.uuid";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "subscription_plans.gateway_id, subscription_plans.plan_name",
        key: |row| Some((&row.gateway_id, &row.plan_name).into()),
    }];

    fn key(&self) -> Key {
        (&self.gateway_id, self.uuid).into()
    }
}

/// Whether a subscription lets requests in. Nothing else can be stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SubscriptionStatus {
    /// It does.
    Active,
    /// It doesn't at present.
    Inactive,
    /// It never will again.
    Revoked,
}

impl SubscriptionStatus {
    /// The status of that name on the wire.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ACTIVE" => Some(SubscriptionStatus::Active),
            "INACTIVE" => Some(SubscriptionStatus::Inactive),
            "REVOKED" => Some(SubscriptionStatus::Revoked),
            _ => None,
        }
    }
}

impl fmt::Display for SubscriptionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SubscriptionStatus::Active => "ACTIVE",
            SubscriptionStatus::Inactive => "INACTIVE",
            SubscriptionStatus::Revoked => "REVOKED",
        })
    }
}

/// A row of `subscriptions`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Subscription {
    /// The partition.
    pub gateway_id: String,
    /// The subscription.
    pub uuid: Uuid,
    /// The REST API it is for.
    pub api_id: Uuid,
    /// Who uses it: free text.
    pub application_id: Option<String>,
    /// The SHA-256 of its token, in hexadecimal.
    pub subscription_token_hash: String,
    /// Its plan.
    pub subscription_plan_id: Option<Uuid>,
    /// Whether it lets requests in.
    pub status: SubscriptionStatus,
    /// When it was made: by the platform's clock if a sync brought it, by this gateway's if an event did.
    pub created_at: Instant,
    /// When it was last changed, by the same clock.
    pub updated_at: Instant,
}

impl Row for Subscription {
    const TABLE: &'static str = "subscriptions";
    const PRIMARY: &'static str = "subscriptions.gateway_id, subscriptions.uuid";
    const UNIQUE: &'static [Unique<Self>] = &[Unique {
        name: "subscriptions.gateway_id, subscriptions.api_id, subscriptions.subscription_token_hash",
        key: |row| Some((&row.gateway_id, row.api_id, &row.subscription_token_hash).into()),
    }];
    // No action on delete: a plan stays while a subscription refers to it. That differs from a restriction only
    // where one statement deletes both, and none does.
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
