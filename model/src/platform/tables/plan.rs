//! Subscription plans: what a subscriber may ask for, and how often.
//!
//! A plan belongs to an organisation and to no API. Every gateway of the organisation has all of them, and a
//! plan that a subscription names can't be deleted (docs/spec/platform.md sections 2.2 and 4.5).

use uuid::Uuid;

use super::Organisation;
use crate::store::{Foreign, Key, OnDelete, Row, Target, Unique};
use crate::wire::time::Instant;

/// Whether a plan can be had.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PlanStatus {
    /// It can.
    Active,
    /// It can't; gateways have it all the same.
    Inactive,
}

impl PlanStatus {
    /// Every status.
    pub const ALL: [PlanStatus; 2] = [PlanStatus::Active, PlanStatus::Inactive];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            PlanStatus::Active => "ACTIVE",
            PlanStatus::Inactive => "INACTIVE",
        }
    }
}

/// How many requests a plan lets through, and in which time: said together or not at all.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Throttle {
    /// Requests in each unit.
    pub count: i64,
    /// The unit, as the user wrote it.
    pub unit: String,
}

/// A row of `subscription_plans`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct SubscriptionPlan {
    /// The plan.
    pub uuid: Uuid,
    /// Whose it is.
    pub organisation: Uuid,
    /// Its name, unique within the organisation, at most 40 characters.
    pub plan_name: String,
    /// How it is paid for.
    pub billing_plan: Option<String>,
    /// Whether requests above the quota are refused.
    pub stop_on_quota_reach: bool,
    /// The quota.
    pub throttle: Option<Throttle>,
    /// When it ends, as the user wrote it.
    pub expiry_time: Option<String>,
    /// Whether it can be had.
    pub status: PlanStatus,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Row for SubscriptionPlan {
    const TABLE: &'static str = "subscription_plans";
    const UNIQUE: &'static [Unique<Self>] = &[
        Unique {
            name: "subscription_plans.plan_name",
            key: |row| Some(Key::from((row.organisation, row.plan_name.as_str()))),
        },
        Unique {
            name: "subscription_plans.uuid-organization",
            key: |row| Some(Key::from((row.uuid, row.organisation))),
        },
    ];
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "subscription_plans.organization_uuid",
        parent: Organisation::TABLE,
        target: Target::PrimaryKey,
        key: |row| Some(row.organisation.into()),
        on_delete: OnDelete::Cascade,
    }];

    fn key(&self) -> Key {
        self.uuid.into()
    }
}
