//! Subscriptions, plans and their snapshot (docs/spec/gateway.md sections 7.1, 7.2, 8.5 and 9.4): what a wire
//! doesn't show.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::fixture::{Fixture, api, at, config, id, sha256, subscription};
use super::platform::CORRELATION;
use crate::cx::{At, CrossingId};
use crate::gateway::hub::Announcement;
use crate::gateway::memory::Subscriptions;
use crate::gateway::tables::{
    Action, EntityType, PlanStatus, Subscription, SubscriptionPlan, SubscriptionStatus,
};
use crate::store::{Flavour, StoreError};
use crate::wire::kind::Kind;
use crate::wire::time;

impl Fixture {
    fn hears(&self, event: &str, payload: Value) {
        let event = json!({ "type": event, "payload": payload, "correlationId": CORRELATION });
        self.world.run(self.replica.handle_message(&self.cx, CrossingId(0), event));
    }

    fn subscriptions(&self) -> Vec<u128> {
        self.rows::<Subscription>().iter().map(|row| row.uuid.as_u128()).collect()
    }

    fn rebuild(&self) -> bool {
        let set = At::site("memory.subscriptions");
        self.world.run(self.replica.rebuild_subscriptions(&self.cx, set)).is_ok()
    }

    fn admitted(&self) -> Vec<u128> {
        let subscribed = self.projections.subscriptions();
        subscribed.iter().map(|one| one.subscription.uuid.as_u128()).collect()
    }

    fn sync_subscriptions(&self, plans: Value, listed: Value) {
        self.platform.answer_json("GET /subscription-plans", plans);
        self.platform.answer_json(&format!("GET /apis/{}/subscriptions", id(1)), listed);
        self.world.run(self.replica.later_sync(&self.cx));
    }
}

fn plan(n: u128, name: &str) -> SubscriptionPlan {
    SubscriptionPlan {
        gateway_id: crate::gateway::tables::GATEWAY_ID.into(),
        uuid: id(n),
        plan_name: name.into(),
        billing_plan: None,
        stop_on_quota_reach: true,
        throttle_limit_count: None,
        throttle_limit_unit: None,
        expiry_time: None,
        status: PlanStatus::Active,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A subscription as the platform lists it.
fn listed(n: u128, token: &str) -> Value {
    json!({ "id": id(n), "apiId": id(1), "subscriptionToken": token, "status": "ACTIVE",
        "createdAt": time::nanos(&at(0)), "updatedAt": time::nanos(&at(0)), "etag": etag(id(n)) })
}

/// As `f(subscriptionUuid, updatedAt)` of docs/spec/gateway.md section 1 is made.
fn etag(of: Uuid) -> String {
    use crate::gateway::sync::deterministic;
    deterministic(&of.to_string(), Some(at(0))).to_string()
}

fn of_plan(row: Subscription, plan: Uuid) -> Subscription {
    Subscription { subscription_plan_id: Some(plan), ..row }
}

#[test]
fn a_boot_lets_in_the_active_subscriptions_of_the_apis_that_are_here() {
    let fixture = Fixture::new();
    let mut undeployed = api(2, "orders");
    undeployed.artifact.desired_state = crate::gateway::tables::DesiredState::Undeployed;
    fixture.insert_config(api(1, "petstore"));
    fixture.insert_config(undeployed);
    fixture.insert_config(config(Kind::Mcp, 3, "tools"));
    for (n, of) in [(5, 1), (6, 2), (7, 3), (8, 4)] {
        fixture.insert(subscription(n, id(of)));
    }
    for (n, status) in [(9, SubscriptionStatus::Inactive), (10, SubscriptionStatus::Revoked)] {
        fixture.insert(Subscription { status, ..subscription(n, id(1)) });
    }
    fixture.start();
    assert_eq!(fixture.admitted(), [5, 6], "deployed or not; of no other kind, and of none that isn't here");
    assert!(fixture.projections.accepts_token(id(1), "token 5"));
    assert!(!fixture.projections.accepts_token(id(2), "token 5"), "a token opens one API");
    assert!(!fixture.projections.accepts_token(id(1), "token 9"));
}

#[test]
fn a_boot_whose_snapshot_fails_goes_on_and_lets_nobody_in() {
    for site in ["store.list-active-subscriptions", "boot.subscription-snapshot"] {
        let fixture = Fixture::new();
        fixture.insert_config(api(1, "petstore"));
        fixture.insert(subscription(5, id(1)));
        fixture.world.break_at(site);
        fixture.start();
        assert_eq!(fixture.admitted(), [0; 0]);
        assert!(fixture.projections.route("petstore").is_some());
        assert_eq!(fixture.world.count("boot.listen"), 1);
    }
}

#[test]
fn one_missing_plan_keeps_the_whole_snapshot_as_it_was() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(subscription(5, id(1)));
    assert!(fixture.rebuild());
    fixture.insert(subscription(6, id(1)));
    fixture.database.set_foreign_keys(false);
    fixture.insert(of_plan(subscription(7, id(1)), id(70)));
    assert!(!fixture.rebuild());
    assert_eq!(fixture.admitted(), [5], "6 waits for the plan of 7");
    fixture.insert(plan(70, "gold"));
    assert!(fixture.rebuild());
    assert_eq!(fixture.admitted(), [5, 6, 7]);
    let with_plan = |n: usize| fixture.projections.subscriptions()[n].plan.as_ref().map(|plan| plan.uuid);
    assert_eq!((with_plan(0), with_plan(2)), (None, Some(id(70))));
}

#[test]
fn a_missing_plan_is_named() {
    let rows = vec![Arc::new(of_plan(subscription(5, id(1)), id(70)))];
    let missing = Subscriptions::compile(rows, Vec::new()).unwrap_err();
    assert_eq!((missing.subscription, missing.plan), (id(5), id(70)));
}

#[test]
fn the_listener_rebuilds_whatever_the_event_says() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.start();
    let told = |entity, action, about| {
        let told = Announcement::of(entity, action, id(about), "");
        fixture.world.run(fixture.replica.announce(&fixture.cx, told));
        fixture.world.pass(Duration::from_secs(4));
    };
    fixture.insert(subscription(5, id(1)));
    told(EntityType::Subscription, Action::Delete, 99);
    assert_eq!(fixture.admitted(), [5]);
    fixture.insert(subscription(6, id(1)));
    told(EntityType::SubscriptionPlan, Action::Create, 99);
    assert_eq!(fixture.admitted(), [5, 6]);
    fixture.insert(subscription(7, id(1)));
    told(EntityType::Application, Action::Update, 99);
    assert_eq!(fixture.admitted(), [5, 6], "an application is only logged");
    let deleted = Announcement::artifact(Kind::RestApi, Action::Delete, id(1), "");
    fixture.world.run(fixture.replica.announce(&fixture.cx, deleted));
    fixture.world.pass(Duration::from_secs(4));
    assert_eq!(fixture.admitted(), [0; 0], "with the API its subscriptions go, and the snapshot at once");
}

#[test]
fn a_delete_in_full_refreshes_the_snapshot_and_an_orphan_s_does_not() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert(subscription(5, id(1)));
    assert!(fixture.rebuild());
    fixture.hears("api.deleted", json!({ "apiId": id(1) }));
    assert_eq!(fixture.admitted(), [0; 0], "before any poll");
    fixture.world.take_sites();
    fixture.hears("api.deleted", json!({ "apiId": id(2) }));
    assert_eq!(fixture.world.count("memory.subscriptions"), 0);
}

#[test]
fn a_known_subscription_is_read_and_overwritten_in_steps_of_their_own() {
    let fixture = Fixture::new();
    fixture.insert(Subscription { updated_at: at(900), ..subscription(5, id(1)) });
    fixture.world.take_sites();
    let payload = json!({ "apiId": id(2), "subscriptionId": id(5), "subscriptionToken": "new",
        "applicationId": "shop", "status": "INACTIVE" });
    fixture.hears("subscription.created", payload);
    let steps = [
        "store.insert-subscription",
        "store.find-subscription",
        "store.update-subscription",
        "hub.insert-event",
        "hub.bump-version",
        "hub.publish",
    ];
    assert_eq!(fixture.world.take_sites(), steps);
    let row = &fixture.rows::<Subscription>()[0];
    assert_eq!((row.api_id, row.status, row.updated_at), (id(2), SubscriptionStatus::Inactive, at(0)));
    assert_eq!(row.subscription_token_hash, sha256("new"));
    assert_eq!(row.application_id.as_deref(), Some("shop"));
    fixture.hears("subscription.updated", json!({ "subscriptionId": id(5) }));
    let row = &fixture.rows::<Subscription>()[0];
    assert_eq!(row.application_id, None, "what is left out is taken away");
    assert_eq!((row.api_id, row.status), (id(2), SubscriptionStatus::Inactive), "but for what it must have");
    assert_eq!(row.subscription_token_hash, sha256("new"));
}

#[test]
fn what_can_not_be_stored_is_not_published() {
    let fixture = Fixture::new();
    let created = |fields: Value| {
        let mut payload = json!({ "apiId": id(1), "subscriptionId": id(5), "subscriptionToken": "t",
            "status": "ACTIVE" });
        payload.as_object_mut().expect("an object").extend(fields.as_object().expect("one").clone());
        fixture.hears("subscription.created", payload);
    };
    created(json!({ "subscriptionToken": "" }));
    created(json!({ "apiId": "" }));
    created(json!({ "status": "PAUSED" }));
    created(json!({ "subscriptionPlanId": id(70) }));
    assert_eq!(fixture.subscriptions(), [0; 0], "no token, no API, no such status, no such plan");
    fixture.insert(Subscription { subscription_token_hash: sha256("t"), ..subscription(6, id(1)) });
    created(json!({}));
    assert_eq!(fixture.subscriptions(), [6], "another has the token");
    fixture.hears(
        "subscription.updated",
        json!({ "apiId": id(1), "subscriptionId": id(5), "status": "ACTIVE" }),
    );
    fixture.hears("subscription.deleted", json!({ "apiId": id(1), "subscriptionId": id(5) }));
    fixture
        .hears("subscriptionPlan.updated", json!({ "planId": id(70), "planName": "x", "status": "ACTIVE" }));
    fixture.hears("subscriptionPlan.deleted", json!({ "planId": id(70), "planName": "x" }));
    fixture.world.break_at("store.delete-subscription");
    fixture.hears("subscription.deleted", json!({ "apiId": id(1), "subscriptionId": id(6) }));
    assert_eq!(fixture.subscriptions(), [6]);
    assert_eq!(fixture.published(), [""; 0]);
}

#[test]
fn a_plan_made_again_under_its_name_is_lost_with_the_old_one() {
    let fixture = Fixture::new();
    fixture.insert(plan(70, "gold"));
    let entry = json!({ "id": id(71), "planName": "gold", "status": "ACTIVE", "createdAt": time::nanos(&at(0)),
        "updatedAt": time::nanos(&at(0)), "etag": etag(id(71)) });
    fixture.sync_subscriptions(json!([entry.clone()]), json!([]));
    assert_eq!(fixture.rows::<SubscriptionPlan>(), [], "its insert came before the old one's delete");
    fixture.sync_subscriptions(json!([entry]), json!([]));
    assert_eq!(fixture.rows::<SubscriptionPlan>()[0].uuid, id(71), "the next sync has its place");
}

#[test]
fn a_subscription_that_a_sync_brought_goes_untold_within_the_hour() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.start();
    fixture.sync_subscriptions(json!([]), json!([listed(5, "t")]));
    fixture.world.pass(Duration::from_secs(4));
    assert!(fixture.projections.accepts_token(id(1), "t"));
    fixture.sync_subscriptions(json!([]), json!([]));
    fixture.world.pass(Duration::from_secs(60));
    assert_eq!(fixture.subscriptions(), [0; 0]);
    let told: Vec<_> =
        fixture.published().into_iter().filter(|event| event.starts_with("SUBSCRIPTION ")).collect();
    assert_eq!(told, [format!("SUBSCRIPTION CREATE {}", etag(id(5)))], "the delete goes for a duplicate");
    assert!(fixture.projections.accepts_token(id(1), "t"), "and the token still opens the API");
}

#[test]
fn a_list_that_can_not_be_had_deletes_no_subscription_of_its_api() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.insert_config(api(2, "orders"));
    fixture.insert(subscription(5, id(1)));
    fixture.insert(subscription(6, id(2)));
    fixture.platform.answer(&format!("GET /apis/{}/subscriptions", id(2)), 403, "");
    fixture.sync_subscriptions(json!([]), json!([]));
    assert_eq!(fixture.subscriptions(), [6]);
}

#[test]
fn nothing_is_asked_of_a_platform_on_the_premises_and_the_syncs_end_all_the_same() {
    let fixture = Fixture::new();
    fixture.insert_config(api(1, "petstore"));
    fixture.platform.answer_json("GET /internal/gateway/.well-known", json!({ "gatewayPath": "/gw" }));
    fixture.world.run(fixture.replica.platform.connect_path(&fixture.cx));
    fixture.world.take_sites();
    fixture.world.run(fixture.replica.later_sync(&fixture.cx));
    assert_eq!(fixture.world.take_sites(), [""; 0]);
    assert_eq!(fixture.projections.sync().key_syncs, 1);
}

#[test]
fn a_plan_in_use_stays() {
    let fixture = Fixture::new();
    fixture.insert(plan(70, "gold"));
    fixture.insert(of_plan(subscription(5, id(1)), id(70)));
    fixture.hears("subscriptionPlan.deleted", json!({ "planId": id(70), "planName": "gold" }));
    assert_eq!((fixture.rows::<SubscriptionPlan>().len(), fixture.published()), (1, vec![]));
    let refused = fixture.world.run(fixture.replica.storage.delete_plan(&fixture.cx, id(70)));
    let constraint = "subscriptions.subscription_plan_id";
    assert_eq!(refused, Err(StoreError::Foreign { constraint, flavour: Flavour::Sqlite }));
    fixture.hears("subscription.updated", json!({ "subscriptionId": id(5) }));
    assert_eq!(
        fixture.rows::<Subscription>()[0].subscription_plan_id,
        None,
        "what is left out is taken away"
    );
    fixture.hears("subscriptionPlan.deleted", json!({ "planId": id(70), "planName": "gold" }));
    assert_eq!(fixture.rows::<SubscriptionPlan>(), []);
}
