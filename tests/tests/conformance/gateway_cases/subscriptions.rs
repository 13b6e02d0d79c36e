//! gateway.md sections 7.1, 7.2, 8.5 and 9.4: plans and subscriptions.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Step, answers, refuses};
use super::given::*;

/// The list of the subscriptions of `petstore`.
const SUBSCRIPTIONS: &str = "GET $(internal base)/apis/$(petstore)/subscriptions";
/// What the case looks at beside the keys.
const WATCHED: &[Step] = &[Step::Watches(PLANS), Step::Watches(ANY_SUBSCRIPTIONS)];
/// `petstore` is here, made by a local user, so that no sync asks about it.
const PETSTORE: &[Step] =
    &[Step::Holds("RestApi petstore $(petstore) deployed $(d1) $(t1)", Origin::GatewayApi)];
/// The gateway is connected and has `petstore`, the plan `gold`, and a subscription to both.
const LIVE: &[&[Step]] = &[
    CLOUD,
    PETSTORE,
    &[
        Step::HoldsPlan("gold $(g1) ACTIVE"),
        Step::HoldsSubscription("$(s1) $(petstore) token1 $(g1) ACTIVE"),
        refuses(PLANS, 500),
        refuses(SUBSCRIPTIONS, 500),
    ],
    UP,
    SYNCED,
];
/// The subscription's row.
const ROW: &str = "$(s1) $(petstore) token1 $(g1) ACTIVE -";

/// One plan of a list.
macro_rules! plan {
    ($id:literal, $name:literal, $status:literal, $etag:literal) => {
        concat!(
            r#"{"id":""#,
            $id,
            r#"","planName":""#,
            $name,
            r#"","stopOnQuotaReach":true,"status":""#,
            $status,
            r#"","createdAt":"$(t1)","updatedAt":"$(t2)","etag":""#,
            $etag,
            r#""}"#
        )
    };
}

/// One subscription of a list, without a plan.
macro_rules! subscription {
    ($id:literal, $token:literal, $more:literal, $etag:literal) => {
        concat!(
            r#"{"id":""#,
            $id,
            r#"","apiId":"$(petstore)","subscriptionToken":""#,
            $token,
            r#"","#,
            $more,
            r#""createdAt":"$(t1)","updatedAt":"$(t0)","etag":""#,
            $etag,
            r#""}"#
        )
    };
}

/// A live event.
macro_rules! told {
    ($event:literal, $payload:literal) => {
        Step::Tells(concat!(
            r#"{"type":""#,
            $event,
            r#"","payload":{"#,
            $payload,
            r#"},"timestamp":"$(t0)","correlationId":"$(c3)"}"#
        ))
    };
}

/// The cases of plans and subscriptions.
pub const CASES: &[Case<Step>] = &[
    case("gateway-7-first-connect", "order", "Deployments, plans, the subscriptions of every REST API of any origin and state, then keys.")
        .given(&[CLOUD, WATCHED, PETSTORE, &[
            Step::Holds("RestApi orders $(orders) undeployed $(d2) $(t1)", Origin::GatewayApi),
            Step::Holds("Mcp tools $(tools) deployed $(d3) $(t1)", Origin::GatewayApi),
            refuses(SUBSCRIPTIONS, 403),
        ], UP])
        .steps(&[
            Step::AsksWith { call: PLANS, headers: &[("api-key", "the-token")], body: "" },
            Step::AsksWith { call: SUBSCRIPTIONS, headers: &[("api-key", "the-token")], body: "" },
            Step::Asks(&["GET $(internal base)/apis/$(orders)/subscriptions"]),
            Step::Asks(KEYS),
        ]),
    case("gateway-7-later-connect", "order", "A later connect: plans, subscriptions, keys.")
        .given(&[CLOUD, PETSTORE, UP, SYNCED, WATCHED])
        .steps(&[
            Step::Drops,
            Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
            Step::Greets,
            Step::Asks(&[PLANS, SUBSCRIPTIONS]),
            Step::Asks(KEYS),
        ]),
    case("gateway-7.1-insert", "for each: insert", "A plan that isn't here is inserted, and told of under its etag.")
        .given(&[CLOUD, &[answers(PLANS, concat!("[", plan!("$(g1)", "gold", "ACTIVE", "$(c1)"), ",", plan!("$(g2)", "iron", "INACTIVE", "$(c2)"), "]"))], UP, SYNCED])
        .steps(&[
            Step::Plans(&["gold $(g1) ACTIVE", "iron $(g2) INACTIVE"]),
            Step::Publishes(&["SUBSCRIPTION_PLAN CREATE $(g1) $(c1)", "SUBSCRIPTION_PLAN CREATE $(g2) $(c2)"]),
        ]),
    case("gateway-7.1-update", "on unique violation update by id", "One that is here is overwritten, and told of as a create.")
        .given(&[CLOUD, &[Step::HoldsPlan("gold $(g1) ACTIVE"), answers(PLANS, concat!("[", plan!("$(g1)", "silver", "INACTIVE", "$(c1)"), "]"))], UP, SYNCED])
        .steps(&[Step::Plans(&["silver $(g1) INACTIVE"]), Step::Publishes(&["SUBSCRIPTION_PLAN CREATE $(g1) $(c1)"])]),
    case("gateway-7.1-delete", "not in the response", "One that isn't listed is deleted, and told of.")
        .given(&[CLOUD, &[Step::HoldsPlan("gold $(g1) ACTIVE")], UP, SYNCED])
        .steps(&[Step::Plans(&[]), Step::Publishes(&["SUBSCRIPTION_PLAN DELETE $(g1) <uuid7>"])]),
    case("gateway-7.1-in-use", "not in the response", "One that a subscription refers to stays, and the others go.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsPlan("gold $(g1) ACTIVE"),
            Step::HoldsPlan("iron $(g2) ACTIVE"),
            Step::HoldsSubscription("$(s1) $(petstore) token1 $(g1) ACTIVE"),
        ], UP, SYNCED])
        .steps(&[Step::Plans(&["gold $(g1) ACTIVE"]), Step::Publishes(&["SUBSCRIPTION_PLAN DELETE $(g2) <uuid7>"])]),
    case("gateway-7.1-fails", "error", "Without a list nothing is deleted, and the next steps are taken.")
        .given(&[CLOUD, WATCHED, PETSTORE, &[Step::HoldsPlan("gold $(g1) ACTIVE"), refuses(PLANS, 500)], UP])
        .steps(&[Step::Asks(&[PLANS, SUBSCRIPTIONS]), Step::Asks(KEYS), Step::Plans(&["gold $(g1) ACTIVE"]), Step::Publishes(&[])]),
    case("gateway-7.1-fetched-unwritten", "counts as fetched", "A listed plan that can't be written isn't told of, and isn't deleted either.")
        .given(&[CLOUD, &[
            Step::HoldsPlan("gold $(g1) ACTIVE"),
            answers(PLANS, concat!("[", plan!("$(g1)", "silver", "ACTIVE", "$(c1)"), "]")),
            Step::Fails("gw1 sync store.update-plan"),
        ], UP, SYNCED])
        .steps(&[Step::Plans(&["gold $(g1) ACTIVE"]), Step::Publishes(&[])]),
    case("gateway-7.1-inserts-first", "inserts precede deletes", "A plan made again under its name finds the name taken, and the old one goes after it.")
        .given(&[CLOUD, &[
            Step::HoldsPlan("gold $(g1) ACTIVE"),
            answers(PLANS, concat!("[", plan!("$(g2)", "gold", "ACTIVE", "$(c1)"), "]")),
        ], UP, SYNCED])
        .steps(&[Step::Plans(&[]), Step::Publishes(&["SUBSCRIPTION_PLAN DELETE $(g1) <uuid7>"])]),
    case("gateway-7.2-insert", "insert", "What is listed is stored with the hash of its token, and told of under its etag.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsPlan("gold $(g1) ACTIVE"),
            refuses(PLANS, 500),
            answers(SUBSCRIPTIONS, concat!("[",
                subscription!("$(s1)", "token1", r#""applicationId":"shop","subscriptionPlanId":"$(g1)","status":"ACTIVE","#, "$(c1)"), ",",
                subscription!("$(s2)", "token2", r#""status":"REVOKED","#, "$(c2)"), "]")),
        ], UP, SYNCED])
        .steps(&[
            Step::Subscriptions(&["$(s1) $(petstore) token1 $(g1) ACTIVE shop", "$(s2) $(petstore) token2 - REVOKED -"]),
            Step::Publishes(&["SUBSCRIPTION CREATE $(s1) $(c1)", "SUBSCRIPTION CREATE $(s2) $(c2)"]),
        ]),
    case("gateway-7.2-overwrite", "on unique violation", "What is here is overwritten in all fields, though the list is older.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsSubscription("$(s1) $(petstore) token1 - ACTIVE"),
            answers(SUBSCRIPTIONS, concat!("[", subscription!("$(s1)", "token9", r#""applicationId":"shop","status":"INACTIVE","#, "$(c1)"), "]")),
        ], UP, SYNCED])
        .steps(&[Step::Subscriptions(&["$(s1) $(petstore) token9 - INACTIVE shop"]), Step::Publishes(&["SUBSCRIPTION CREATE $(s1) $(c1)"])]),
    case("gateway-7.2-taken", "not found by id", "A token that another subscription has is left to it.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsSubscription("$(s1) $(petstore) token1 - ACTIVE"),
            answers(SUBSCRIPTIONS, concat!("[", subscription!("$(s2)", "token1", r#""status":"ACTIVE","#, "$(c1)"), ",", subscription!("$(s1)", "token1", r#""status":"ACTIVE","#, "$(c2)"), "]")),
        ], UP, SYNCED])
        .steps(&[Step::Subscriptions(&["$(s1) $(petstore) token1 - ACTIVE -"]), Step::Publishes(&["SUBSCRIPTION CREATE $(s1) $(c2)"])]),
    case("gateway-7.2-no-token", "token required", "An empty token and an unknown plan aren't stored, and hold up nothing.")
        .given(&[CLOUD, PETSTORE, &[
            answers(SUBSCRIPTIONS, concat!("[",
                subscription!("$(s1)", "", r#""status":"ACTIVE","#, "$(c1)"), ",",
                subscription!("$(s2)", "token2", r#""status":"ACTIVE","subscriptionPlanId":"$(g1)","#, "$(c2)"), ",",
                subscription!("$(s3)", "token3", r#""status":"ACTIVE","#, "$(c3)"), "]")),
        ], UP, SYNCED])
        .steps(&[Step::Subscriptions(&["$(s3) $(petstore) token3 - ACTIVE -"]), Step::Publishes(&["SUBSCRIPTION CREATE $(s3) $(c3)"])]),
    case("gateway-7.2-delete", "delete what is not returned", "The subscriptions of that API that aren't listed go, and are told of; those of another stay.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsSubscription("$(s1) $(petstore) token1 - ACTIVE"),
            Step::HoldsSubscription("$(s2) $(orders) token2 - ACTIVE"),
            answers(SUBSCRIPTIONS, "[]"),
        ], UP, SYNCED])
        .steps(&[Step::Subscriptions(&["$(s2) $(orders) token2 - ACTIVE -"]), Step::Publishes(&["SUBSCRIPTION DELETE $(s1) <uuid7>"])]),
    case("gateway-7.2-refused", "error: skip this API", "403 and 404 delete nothing.")
        .given(&[CLOUD, PETSTORE, &[
            Step::Holds("RestApi orders $(orders) deployed $(d2) $(t1)", Origin::GatewayApi),
            Step::HoldsSubscription("$(s1) $(petstore) token1 - ACTIVE"),
            Step::HoldsSubscription("$(s2) $(orders) token2 - ACTIVE"),
            refuses(SUBSCRIPTIONS, 403),
        ], UP, SYNCED])
        .steps(&[
            Step::Subscriptions(&["$(s1) $(petstore) token1 - ACTIVE -", "$(s2) $(orders) token2 - ACTIVE -"]),
            Step::Publishes(&[]),
        ]),
    case("gateway-8.5-created", "`subscription.created`", "It is stored and told of; nothing is acknowledged.").given(LIVE).steps(&[
        told!("subscription.created", r#""apiId":"$(petstore)","subscriptionId":"$(s2)","applicationId":"shop","subscriptionToken":"token2","subscriptionPlanId":"$(g1)","status":"ACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION CREATE $(s2) $(c3)"]),
        Step::Subscriptions(&[ROW, "$(s2) $(petstore) token2 $(g1) ACTIVE shop"]),
        Step::LetsIn { artifact: "$(petstore)", token: "token2", is: false },
        Step::Passes(4),
        Step::LetsIn { artifact: "$(petstore)", token: "token2", is: true },
    ]),
    case("gateway-8.5-created-unknown-api", "API need not exist", "A subscription may come before its API, and lets nobody in until then.").given(LIVE).steps(&[
        told!("subscription.created", r#""apiId":"$(orders)","subscriptionId":"$(s2)","subscriptionToken":"token2","status":"ACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION CREATE $(s2) $(c3)"]),
        Step::Subscriptions(&[ROW, "$(s2) $(orders) token2 - ACTIVE -"]),
        Step::Passes(4),
        Step::LetsIn { artifact: "$(orders)", token: "token2", is: false },
    ]),
    case("gateway-8.5-created-again", "same upsert", "One that is here is overwritten.").given(LIVE).steps(&[
        told!("subscription.created", r#""apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token9","status":"INACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION CREATE $(s1) $(c3)"]),
        Step::Subscriptions(&["$(s1) $(petstore) token9 - INACTIVE -"]),
    ]),
    case("gateway-8.5-created-incomplete", "required", "Without its API, its token or itself it is dropped.").given(LIVE).steps(&[
        told!("subscription.created", r#""subscriptionId":"$(s2)","subscriptionToken":"token2","status":"ACTIVE""#),
        told!("subscription.created", r#""apiId":"$(petstore)","subscriptionToken":"token2","status":"ACTIVE""#),
        told!("subscription.created", r#""apiId":"$(petstore)","subscriptionId":"$(s2)","status":"ACTIVE""#),
        Step::Publishes(&[]),
        Step::Subscriptions(&[ROW]),
    ]),
    case("gateway-8.5-created-unknown-plan", "FK error", "One with a plan that isn't here isn't stored.").given(LIVE).steps(&[
        told!("subscription.created", r#""apiId":"$(petstore)","subscriptionId":"$(s2)","subscriptionToken":"token2","subscriptionPlanId":"$(g2)","status":"ACTIVE""#),
        Step::Publishes(&[]),
        Step::Subscriptions(&[ROW]),
    ]),
    case("gateway-8.5-updated", "`subscription.updated`", "An application and a plan that are left out are cleared.").given(LIVE).steps(&[
        told!("subscription.updated", r#""apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token1","status":"INACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION UPDATE $(s1) $(c3)"]),
        Step::Subscriptions(&["$(s1) $(petstore) token1 - INACTIVE -"]),
    ]),
    case("gateway-8.5-updated-unknown", "`subscription.updated`", "Of one that isn't here it is skipped.").given(LIVE).steps(&[
        told!("subscription.updated", r#""apiId":"$(petstore)","subscriptionId":"$(s2)","subscriptionToken":"token2","status":"ACTIVE""#),
        Step::Publishes(&[]),
        Step::Subscriptions(&[ROW]),
    ]),
    case("gateway-8.5-deleted", "`subscription.deleted`", "It goes by its identifier; a second time there is nothing to tell.").given(LIVE).steps(&[
        Step::LetsIn { artifact: "$(petstore)", token: "token1", is: true },
        told!("subscription.deleted", r#""apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token1""#),
        told!("subscription.deleted", r#""apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token1""#),
        Step::Publishes(&["SUBSCRIPTION DELETE $(s1) $(c3)"]),
        Step::Subscriptions(&[]),
        Step::Passes(4),
        Step::LetsIn { artifact: "$(petstore)", token: "token1", is: false },
    ]),
    case("gateway-8.5-fails", "publish only if persist succeeded", "What can't be written isn't told of.").given(LIVE).steps(&[
        Step::Fails("gw1 store.delete-subscription"),
        told!("subscription.deleted", r#""apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token1""#),
        Step::Publishes(&[]),
        Step::Subscriptions(&[ROW]),
    ]),
    case("gateway-8.5-plan-created", "`subscriptionPlan.created`", "A plan is stored, or overwritten, and told of.").given(LIVE).steps(&[
        told!("subscriptionPlan.created", r#""planId":"$(g2)","planName":"iron","stopOnQuotaReach":true,"status":"ACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION_PLAN CREATE $(g2) $(c3)"]),
        Step::Tells(r#"{"type":"subscriptionPlan.created","payload":{"planId":"$(g2)","planName":"tin","stopOnQuotaReach":true,"status":"INACTIVE"},"timestamp":"$(t0)","correlationId":"$(c4)"}"#),
        Step::Publishes(&["SUBSCRIPTION_PLAN CREATE $(g2) $(c4)"]),
        Step::Plans(&["gold $(g1) ACTIVE", "tin $(g2) INACTIVE"]),
    ]),
    case("gateway-8.5-plan-updated", "`subscriptionPlan.updated`", "A plan that is here is overwritten; one that isn't is skipped.").given(LIVE).steps(&[
        told!("subscriptionPlan.updated", r#""planId":"$(g1)","planName":"silver","stopOnQuotaReach":true,"status":"INACTIVE""#),
        Step::Publishes(&["SUBSCRIPTION_PLAN UPDATE $(g1) $(c3)"]),
        Step::Tells(r#"{"type":"subscriptionPlan.updated","payload":{"planId":"$(g2)","planName":"tin","stopOnQuotaReach":true,"status":"INACTIVE"},"timestamp":"$(t0)","correlationId":"$(c4)"}"#),
        Step::Publishes(&[]),
        Step::Plans(&["silver $(g1) INACTIVE"]),
    ]),
    case("gateway-8.5-plan-deleted", "`subscriptionPlan.deleted`", "A plan goes once nothing refers to it.").given(LIVE).steps(&[
        told!("subscriptionPlan.deleted", r#""planId":"$(g1)","planName":"gold""#),
        Step::Publishes(&[]),
        Step::Plans(&["gold $(g1) ACTIVE"]),
        Step::Tells(r#"{"type":"subscription.deleted","payload":{"apiId":"$(petstore)","subscriptionId":"$(s1)","subscriptionToken":"token1"},"timestamp":"$(t0)","correlationId":"$(c4)"}"#),
        told!("subscriptionPlan.deleted", r#""planId":"$(g1)","planName":"gold""#),
        Step::Publishes(&["SUBSCRIPTION DELETE $(s1) $(c4)", "SUBSCRIPTION_PLAN DELETE $(g1) $(c3)"]),
        Step::Plans(&[]),
    ]),
    case("gateway-8.3-subscriptions", "`api.deleted`", "The subscriptions of a deleted API go with it, whether or not it is here, and its tokens at once.").given(LIVE).steps(&[
        told!("api.deleted", r#""apiId":"$(petstore)""#),
        Step::Publishes(&["API DELETE $(petstore) $(c3)"]),
        Step::Subscriptions(&[]),
        Step::LetsIn { artifact: "$(petstore)", token: "token1", is: false },
    ]),
];
