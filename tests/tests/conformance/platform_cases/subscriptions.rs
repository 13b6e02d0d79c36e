//! platform.md sections 2.3, 4.5, 7, 8 and 8.5, as far as they speak of subscriptions and their plans.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// The REST API is deployed on `gw1`, which is connected, and `gw2`, where it isn't, is too.
const BOTH: &[&[Step]] = &[ACME, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD];
/// The same with a plan, of which both have heard.
const BOTH_GOLD: &[&[Step]] = &[ACME, GOLD, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD];
/// `gw1` has the API and is away.
const AWAY: &[&[Step]] = &[ACME, GW1, NEW, D1];
/// A new plan.
const PLANS: &str = "POST /api/v1/subscription-plans";
/// A new subscription.
const SUBSCRIPTIONS: &str = "POST /api/v1/subscriptions";
/// A change of the subscription `s1` by whoever it is of.
const PUT_S1: &str = "PUT /api/v1/subscriptions/$(s1)?subscriberId=bob";
/// An end of it.
const DELETE_S1: &str = "DELETE /api/v1/subscriptions/$(s1)?subscriberId=bob";
/// The list of subscriptions that a gateway asks for.
const LISTED: &str = "GET /api/internal/v1/apis/$(artifact)/subscriptions";

/// A plan as users see it.
macro_rules! plan {
    ($id:literal, $name:literal, $stop:literal, $count:literal, $unit:literal, $status:literal) => {
        concat!(
            r#"{"id":""#,
            $id,
            r#"","organizationId":"$(acme)","planName":""#,
            $name,
            r#"","billingPlan":"<any>","stopOnQuotaReach":"#,
            $stop,
            r#","throttleLimitCount":"#,
            $count,
            r#","throttleLimitUnit":"#,
            $unit,
            r#","expiryTime":"<any>","status":""#,
            $status,
            r#"","createdAt":"<nanos>","updatedAt":"<nanos>"}"#
        )
    };
}

/// A subscription as users see it.
macro_rules! subscription {
    ($id:literal, $application:literal, $plan:literal, $status:literal) => {
        concat!(
            r#"{"id":""#, $id, r#"","organizationId":"$(acme)","apiId":"<uuid7 as artifact>","subscriberId":"bob","applicationId":"#,
            $application, r#","subscriptionToken":"<hex64 as token>","subscriptionPlanId":"#, $plan, r#","status":""#, $status,
            r#"","createdAt":"<nanos>","updatedAt":"<nanos>"}"#
        )
    };
}

/// An event as it comes; nobody is said to have acted.
macro_rules! event {
    ($kind:literal, $payload:literal) => {
        concat!(
            r#"{"type":""#,
            $kind,
            r#"","payload":"#,
            $payload,
            r#","timestamp":"<seconds>","correlationId":"<uuid4>"}"#
        )
    };
}

/// The plan `gold`, before anybody is there to hear of it.
const GOLD: &[Step] = &[
    ask("alice", PLANS, r#"{"planName":"gold"}"#),
    gives(201, plan!("<uuid7 as gold>", "gold", "true", "null", "null", "ACTIVE")),
];

/// The subscription `s1` of `bob` to the API, which `gw1` hears of where it is connected.
const S1: &[Step] = &[
    ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob"}"#),
    gives(201, subscription!("<uuid4 as s1>", "null", "null", "ACTIVE")),
];

/// The same where `gw1` is connected.
const S1_TOLD: &[Step] = &[Step::Repeat(1, S1), Step::InOrder(&["gw1"], "subscription.created")];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-2.1-plan-name", "subscription_plans", "A plan's name has at most 40 characters.").given(&[ACME]).steps(&[
        ask("alice", PLANS, r#"{"planName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#),
        status(201),
        ask("alice", PLANS, r#"{"planName":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#),
        refused(400),
        ask("alice", PLANS, r#"{}"#),
        refused(400),
    ]),
    case("platform-2.1-plan-throttle", "subscription_plans", "Count and unit of the throttle are said together or not at all.")
        .given(&[ACME])
        .steps(&[
            ask("alice", PLANS, r#"{"planName":"gold","throttleLimitCount":5}"#),
            refused(400),
            ask("alice", PLANS, r#"{"planName":"gold","throttleLimitUnit":"minute"}"#),
            refused(400),
            ask("alice", PLANS, r#"{"planName":"gold","throttleLimitCount":5,"throttleLimitUnit":"minute"}"#),
            gives(201, plan!("<uuid7>", "gold", "true", "5", r#""minute""#, "ACTIVE")),
        ]),
    case("platform-2.1-plan-status", "subscription_plans", "A plan is ACTIVE or INACTIVE.").given(&[ACME]).steps(&[
        ask("alice", PLANS, r#"{"planName":"gold","status":"REVOKED"}"#),
        refused(400),
        ask("alice", PLANS, r#"{"planName":"gold","status":"INACTIVE"}"#),
        gives(201, plan!("<uuid7>", "gold", "true", "null", "null", "INACTIVE")),
    ]),
    case("platform-2.1-plan-tenants", "subscription_plans", "A name is taken within an organisation.").given(&[ACME, OTHER, GOLD]).steps(&[
        ask("mallory", PLANS, r#"{"planName":"gold"}"#),
        status(201),
        ask("mallory", "GET /api/v1/subscription-plans/$(gold)", ""),
        refused(404),
        ask("mallory", "DELETE /api/v1/subscription-plans/$(gold)", ""),
        refused(404),
    ]),
    case("platform-2.1-subscription-status", "subscriptions", "A subscription is ACTIVE, INACTIVE or REVOKED.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","status":"GONE"}"#),
            refused(400),
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","status":"INACTIVE"}"#),
            gives(201, subscription!("<uuid4 as s1>", "null", "null", "INACTIVE")),
            ask("alice", PUT_S1, r#"{"status":"REVOKED"}"#),
            gives(200, subscription!("$(s1)", "null", "null", "REVOKED")),
            ask("alice", PUT_S1, r#"{"status":"revoked"}"#),
            refused(400),
        ]),
    case("platform-2.2-plan-of-another", "subscriptions.(subscription_plan_uuid, organization_uuid)", "A plan of another organisation is none.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, NEW, &[ask("mallory", PLANS, r#"{"planName":"gold"}"#), gives(201, r#"{"id":"<uuid7 as gold>","organizationId":"$(other)","planName":"gold","billingPlan":null,"stopOnQuotaReach":true,"throttleLimitCount":null,"throttleLimitUnit":null,"expiryTime":null,"status":"ACTIVE","createdAt":"<nanos>","updatedAt":"<nanos>"}"#)]])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"$(gold)"}"#),
            refused(500),
        ]),
    case("platform-2.3-api-subscriptions", "delete of a REST API", "Its subscriptions go along, and only `api.deleted` says so.")
        .of("rest-api")
        .given(&[ACME, GOLD, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"$(gold)"}"#),
            gives(201, subscription!("<uuid4 as s1>", "null", r#""$(gold)""#, "ACTIVE")),
            Step::InOrder(&["gw1"], "subscription.created"),
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "api.deleted"),
            Step::Silent("gw1"),
            ask("alice", DELETE_S1, ""),
            refused(404),
            // What held the plan is gone.
            ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
            status(204),
        ]),
    case("platform-2.3-plan", "delete of a subscription plan", "It is refused while a subscription names it, with a 500, and nobody is told.")
        .of("rest-api")
        .given(BOTH_GOLD)
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"$(gold)","status":"REVOKED"}"#),
            gives(201, subscription!("<uuid4 as s1>", "null", r#""$(gold)""#, "REVOKED")),
            Step::InOrder(&["gw1"], "subscription.created"),
            ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
            refused(500),
            Step::Silent("gw1"),
            Step::Silent("gw2"),
            ask("alice", "GET /api/v1/subscription-plans/$(gold)", ""),
            status(200),
            ask("alice", PUT_S1, r#"{"subscriptionPlanId":""}"#),
            gives(200, subscription!("$(s1)", "null", "null", "REVOKED")),
            Step::InOrder(&["gw1"], "subscription.updated"),
            ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
            Step::Gives(204, Body::Empty),
            Step::InOrder(&["gw1"], "subscriptionPlan.deleted"),
        ]),
    case("platform-4.5-plan", "/subscription-plans", "A plan is made, shown, listed, changed and deleted.").given(&[ACME, GOLD]).steps(&[
        ask("alice", "GET /api/v1/subscription-plans/$(gold)", ""),
        gives(200, plan!("$(gold)", "gold", "true", "null", "null", "ACTIVE")),
        ask("alice", "GET /api/v1/subscription-plans", ""),
        gives(200, concat!(r#"{"count":1,"list":["#, plan!("$(gold)", "gold", "true", "null", "null", "ACTIVE"), "]}")),
        ask("alice", "PUT /api/v1/subscription-plans/$(gold)", r#"{"planName":"silver","stopOnQuotaReach":false,"throttleLimitCount":7,"throttleLimitUnit":"hour","status":"INACTIVE"}"#),
        gives(200, plan!("$(gold)", "silver", "false", "7", r#""hour""#, "INACTIVE")),
        ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
        Step::Gives(204, Body::Empty),
        ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
        refused(404),
        ask("alice", "PUT /api/v1/subscription-plans/$(gold)", "{}"),
        refused(404),
        ask("alice", "GET /api/v1/subscription-plans/gold", ""),
        refused(404),
    ]),
    case("platform-4.5-plan-taken", "/subscription-plans", "A name can be taken, by create and by change; nobody hears of either.")
        .given(&[ACME, GOLD, GW1, LINE1])
        .steps(&[
            ask("alice", PLANS, r#"{"planName":"gold"}"#),
            refused(409),
            ask("alice", PLANS, r#"{"planName":"silver"}"#),
            status(201),
            Step::InOrder(&["gw1"], "subscriptionPlan.created"),
            ask("alice", "PUT /api/v1/subscription-plans/$(gold)", r#"{"planName":"silver"}"#),
            refused(409),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-plan-unreached", "/subscription-plans", "A plan is made though no gateway is there.").given(&[ACME, GW1]).steps(&[
        ask("alice", PLANS, r#"{"planName":"gold"}"#),
        status(201),
    ]),
    case("platform-4.5-plan-no-recipients", "/subscription-plans", "And where the gateways can't be listed; then nobody is told.")
        .given(&[ACME, GW1, LINE1])
        .steps(&[
            Step::Fails("platform store.list-gateways"),
            ask("alice", PLANS, r#"{"planName":"gold"}"#),
            status(201),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-subscribe", "POST /subscriptions", "To a REST API by its handle or its identifier; the platform makes the token.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","applicationId":"any text"}"#),
            gives(201, subscription!("<uuid4 as s1>", r#""any text""#, "null", "ACTIVE")),
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"$(artifact)","subscriberId":"carol"}"#),
            gives(201, r#"{"id":"<uuid4>","organizationId":"$(acme)","apiId":"$(artifact)","subscriberId":"carol","applicationId":null,"subscriptionToken":"<hex64 as other>","subscriptionPlanId":null,"status":"ACTIVE","createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            Step::Differ("token", "other"),
        ]),
    case("platform-4.5-subscribe-missing", "POST /subscriptions", "API and subscriber must be named.").of("rest-api").given(AWAY).steps(&[
        ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore"}"#),
        refused(400),
        ask("alice", SUBSCRIPTIONS, r#"{"subscriberId":"bob"}"#),
        refused(400),
    ]),
    case("platform-4.5-subscribe-unknown", "POST /subscriptions", "An API that doesn't exist, or is another's, is unknown.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, NEW, D1])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"none","subscriberId":"bob"}"#),
            refused(404),
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"$(nobody)","subscriberId":"bob"}"#),
            refused(404),
            ask("mallory", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob"}"#),
            refused(404),
            ask("mallory", SUBSCRIPTIONS, r#"{"apiId":"$(artifact)","subscriberId":"bob"}"#),
            refused(404),
        ]),
    case("platform-4.5-subscribe-kind", "POST /subscriptions", "Nor is an artifact of another kind one.").of("llm-provider").given(AWAY).steps(&[
        ask("alice", SUBSCRIPTIONS, r#"{"apiId":"openai","subscriberId":"bob"}"#),
        refused(404),
        ask("alice", SUBSCRIPTIONS, r#"{"apiId":"$(artifact)","subscriberId":"bob"}"#),
        refused(404),
    ]),
    case("platform-4.5-subscribe-twice", "POST /subscriptions", "Nobody subscribes twice to an API, and nobody hears of a try.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, S1_TOLD])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob"}"#),
            refused(409),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-subscribe-plan", "POST /subscriptions", "Whether there is such a plan is left to the foreign key: 500, and nothing is kept.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"$(nobody)"}"#),
            refused(500),
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","subscriptionPlanId":"gold"}"#),
            refused(500),
            ask("gw1", LISTED, ""),
            gives(200, "[]"),
        ]),
    case("platform-4.5-other-subscriber", "PUT/DELETE /subscriptions/{id}", "Only under the name of its subscriber.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, S1])
        .steps(&[
            ask("alice", "PUT /api/v1/subscriptions/$(s1)?subscriberId=carol", r#"{"status":"REVOKED"}"#),
            refused(403),
            ask("alice", "DELETE /api/v1/subscriptions/$(s1)?subscriberId=carol", ""),
            refused(403),
            ask("alice", "DELETE /api/v1/subscriptions/$(nobody)?subscriberId=bob", ""),
            refused(404),
            ask("alice", "PUT /api/v1/subscriptions/$(nobody)?subscriberId=bob", "{}"),
            refused(404),
            ask("alice", DELETE_S1, ""),
            Step::Gives(204, Body::Empty),
            ask("alice", DELETE_S1, ""),
            refused(404),
            // What was freed can be had again.
            Step::Repeat(1, S1),
        ]),
    case("platform-4.5-subscription-tenant", "PUT/DELETE /subscriptions/{id}", "Another organisation's are unknown.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, NEW, D1, S1])
        .steps(&[ask("mallory", PUT_S1, "{}"), refused(404), ask("mallory", DELETE_S1, ""), refused(404)]),
    case("platform-4.5-associated", "events to associated gateways", "A gateway that is associated hears of subscriptions, whether or not anything is deployed there.")
        .of("rest-api")
        .given(BOTH)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", DELETE_D1, ""),
            status(204),
            Step::Repeat(1, S1),
            Step::InOrder(&["gw1"], "subscription.created"),
            Step::Silent("gw2"),
        ]),
    case("platform-4.5-not-associated", "events to associated gateways", "Without one a subscription is made all the same.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[Step::Repeat(1, S1), Step::Silent("gw1")]),
    case("platform-4.5-subscription-no-recipients", "events to associated gateways", "And where the gateways can't be listed; then nobody is told.")
        .of("rest-api")
        .given(BOTH)
        .steps(&[
            Step::Fails("platform store.list-associations"),
            Step::Repeat(1, S1),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-resubscribe-plan", "PUT /subscriptions/{id}", "A plan that isn't there is a 500 here too, and nothing is changed.")
        .of("rest-api")
        .given(&[ACME, GOLD, GW1, LINE1, NEW, D1_TOLD, S1_TOLD])
        .steps(&[
            ask("alice", PUT_S1, r#"{"subscriptionPlanId":"$(nobody)","status":"REVOKED"}"#),
            refused(500),
            Step::Silent("gw1"),
            ask("gw1", LISTED, ""),
            gives(200, r#"[{"id":"$(s1)","apiId":"$(artifact)","subscriptionToken":"$(token)","status":"ACTIVE","createdAt":"<nanos>","updatedAt":"<nanos>","etag":"<uuid7>"}]"#),
        ]),
    case("platform-6.5-subscription-once", "retry", "Events of subscriptions are tried once.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Fails("platform ws.send"),
            Step::Repeat(1, S1),
            Step::Silent("gw1"),
        ]),
    case("platform-6.5-plan-once", "retry", "Those of plans too, and the next gateway hears all the same.")
        .given(&[ACME, GW1, LINE1, GW2, LINE2])
        .steps(&[
            // The newest gateway is told first.
            Step::Fails("platform ws.send"),
            ask("alice", PLANS, r#"{"planName":"gold"}"#),
            status(201),
            Step::InOrder(&["gw1"], "subscriptionPlan.created"),
            Step::Silent("gw2"),
        ]),
    case("platform-7-subscription-created", "`subscription.created`", "With the plain token; what wasn't said is left out.").of("rest-api").given(BOTH_GOLD).steps(&[
        Step::Repeat(1, S1),
        Step::Hears("gw1", event!("subscription.created", r#"{"apiId":"$(artifact)","subscriptionId":"$(s1)","subscriptionToken":"$(token)","status":"ACTIVE"}"#)),
        ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"carol","applicationId":"app","subscriptionPlanId":"$(gold)"}"#),
        status(201),
        Step::Hears("gw1", event!("subscription.created", r#"{"apiId":"$(artifact)","subscriptionId":"<uuid4>","applicationId":"app","subscriptionToken":"<hex64>","subscriptionPlanId":"$(gold)","status":"ACTIVE"}"#)),
        Step::Silent("gw2"),
    ]),
    case("platform-7-subscription-updated", "`subscription.updated`", "As it is now; what was taken away is left out.").of("rest-api").given(BOTH_GOLD).steps(&[
        Step::Repeat(1, S1_TOLD),
        ask("alice", PUT_S1, r#"{"applicationId":"app","subscriptionPlanId":"$(gold)","status":"REVOKED"}"#),
        gives(200, subscription!("$(s1)", r#""app""#, r#""$(gold)""#, "REVOKED")),
        Step::Hears("gw1", event!("subscription.updated", r#"{"apiId":"$(artifact)","subscriptionId":"$(s1)","applicationId":"app","subscriptionToken":"$(token)","subscriptionPlanId":"$(gold)","status":"REVOKED"}"#)),
        ask("alice", PUT_S1, r#"{"applicationId":"","subscriptionPlanId":""}"#),
        gives(200, subscription!("$(s1)", "null", "null", "REVOKED")),
        Step::Hears("gw1", event!("subscription.updated", r#"{"apiId":"$(artifact)","subscriptionId":"$(s1)","subscriptionToken":"$(token)","status":"REVOKED"}"#)),
        Step::Silent("gw2"),
    ]),
    case("platform-7-subscription-deleted", "`subscription.deleted`", "Without plan and status.").of("rest-api").given(BOTH_GOLD).steps(&[
        ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"bob","applicationId":"app","subscriptionPlanId":"$(gold)"}"#),
        gives(201, subscription!("<uuid4 as s1>", r#""app""#, r#""$(gold)""#, "ACTIVE")),
        Step::InOrder(&["gw1"], "subscription.created"),
        ask("alice", DELETE_S1, ""),
        status(204),
        Step::Hears("gw1", event!("subscription.deleted", r#"{"apiId":"$(artifact)","subscriptionId":"$(s1)","applicationId":"app","subscriptionToken":"$(token)"}"#)),
        Step::Silent("gw2"),
    ]),
    case("platform-7-plan-created", "`subscriptionPlan.created`", "To every gateway of the organisation.")
        .given(&[ACME, GW1, LINE1, GW2, LINE2])
        .steps(&[
            ask("alice", PLANS, r#"{"planName":"gold"}"#),
            status(201),
            Step::Hears("gw1", event!("subscriptionPlan.created", r#"{"planId":"<uuid7 as gold>","planName":"gold","stopOnQuotaReach":true,"status":"ACTIVE"}"#)),
            Step::Hears("gw2", event!("subscriptionPlan.created", r#"{"planId":"$(gold)","planName":"gold","stopOnQuotaReach":true,"status":"ACTIVE"}"#)),
            ask("alice", PLANS, r#"{"planName":"all","billingPlan":"FREE","stopOnQuotaReach":false,"throttleLimitCount":5,"throttleLimitUnit":"minute","expiryTime":"2030-01-01T00:00:00Z","status":"INACTIVE"}"#),
            status(201),
            Step::Hears("gw1", event!("subscriptionPlan.created", r#"{"planId":"<uuid7>","planName":"all","billingPlan":"FREE","stopOnQuotaReach":false,"throttleLimitCount":5,"throttleLimitUnit":"minute","expiryTime":"2030-01-01T00:00:00Z","status":"INACTIVE"}"#)),
        ]),
    case("platform-7-plan-updated", "`subscriptionPlan.updated`", "The same members, to every gateway of the organisation and of no other.")
        .given(&[ACME, OTHER, GOLD, GW1, LINE1, GW2, LINE2, GW9, &[Step::Connect { line: "gw9", by: "gw9" }, status(101), Step::Hears("gw9", "\"<any>\"")]])
        .steps(&[
            ask("alice", "PUT /api/v1/subscription-plans/$(gold)", r#"{"throttleLimitCount":5,"throttleLimitUnit":"minute"}"#),
            status(200),
            Step::Hears("gw1", event!("subscriptionPlan.updated", r#"{"planId":"$(gold)","planName":"gold","stopOnQuotaReach":true,"throttleLimitCount":5,"throttleLimitUnit":"minute","status":"ACTIVE"}"#)),
            Step::InOrder(&["gw2"], "subscriptionPlan.updated"),
            Step::Silent("gw9"),
        ]),
    case("platform-7-plan-deleted", "`subscriptionPlan.deleted`", "Identifier and name alone.").given(&[ACME, GOLD, GW1, LINE1, GW2, LINE2]).steps(&[
        ask("alice", "DELETE /api/v1/subscription-plans/$(gold)", ""),
        status(204),
        Step::Hears("gw1", event!("subscriptionPlan.deleted", r#"{"planId":"$(gold)","planName":"gold"}"#)),
        Step::Hears("gw2", event!("subscriptionPlan.deleted", r#"{"planId":"$(gold)","planName":"gold"}"#)),
    ]),
    case("platform-8-subscriptions-unknown", "GET /apis/{apiId}/subscriptions", "An API that doesn't exist, or is another's, is unknown.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, GW9, NEW, D1])
        .steps(&[
            ask("gw1", "GET /api/internal/v1/apis/$(nobody)/subscriptions", ""),
            refused(404),
            ask("gw1", "GET /api/internal/v1/apis/petstore/subscriptions", ""),
            refused(404),
            ask("gw9", LISTED, ""),
            refused(404),
            ask("nobody", LISTED, ""),
            refuses(401, "API key is required. Provide 'api-key' header."),
        ]),
    case("platform-8-subscriptions-elsewhere", "GET /apis/{apiId}/subscriptions", "Where no status row is the API isn't associated, though it is.")
        .of("rest-api")
        .given(&[ACME, GW1, GW2, NEW, D1])
        .steps(&[
            ask("gw2", LISTED, ""),
            refuses(403, "API is not associated with this gateway"),
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("gw1", LISTED, ""),
            gives(200, "[]"),
            ask("alice", DELETE_D1, ""),
            status(204),
            // The association is still there, and its events still come.
            ask("gw1", LISTED, ""),
            refuses(403, "API is not associated with this gateway"),
        ]),
    case("platform-8-subscriptions-failed", "GET /apis/{apiId}/subscriptions", "Nor where the deployment FAILED.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Says("gw1", r#"{"type":"deployment.ack","payload":{"deploymentId":"$(d1)","artifactId":"$(artifact)","resourceType":"api","action":"deploy","status":"failed","performedAt":"$(at)","errorCode":"X"}}"#),
            Step::Passes(1),
            ask("gw1", LISTED, ""),
            refuses(403, "API is not associated with this gateway"),
        ]),
    case("platform-8-subscriptions-broken", "GET /apis/{apiId}/subscriptions", "A list that can't be read is a 500.")
        .of("rest-api")
        .given(AWAY)
        .steps(&[Step::Fails("platform store.list-subscriptions"), ask("gw1", LISTED, ""), refused(500)]),
    case("platform-8-plans-broken", "GET /subscription-plans", "A list that can't be read is a 500.")
        .given(&[ACME, GW1])
        .steps(&[Step::Fails("platform store.list-plans"), ask("gw1", "GET /api/internal/v1/subscription-plans", ""), refused(500)]),
    case("platform-8.5-subscription", "subscription item", "With the plain token, newest first, whatever the status.")
        .of("rest-api")
        .given(&[ACME, GOLD, GW1, NEW, D1, S1])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"petstore","subscriberId":"carol","applicationId":"app","subscriptionPlanId":"$(gold)","status":"REVOKED"}"#),
            status(201),
            ask("gw1", LISTED, ""),
            gives(200, r#"[
                {"id":"<uuid4>","apiId":"$(artifact)","applicationId":"app","subscriptionToken":"<hex64>","subscriptionPlanId":"$(gold)","status":"REVOKED","createdAt":"<nanos>","updatedAt":"<nanos>","etag":"<uuid7>"},
                {"id":"$(s1)","apiId":"$(artifact)","subscriptionToken":"$(token)","status":"ACTIVE","createdAt":"<nanos as created>","updatedAt":"<nanos as updated>","etag":"<uuid7 as etag>"}]"#),
            Step::DeploymentEtag("etag", "s1", "updated"),
            ask("alice", PUT_S1, r#"{"status":"INACTIVE"}"#),
            status(200),
            ask("gw1", LISTED, ""),
            gives(200, r#"["<any>",
                {"id":"$(s1)","apiId":"$(artifact)","subscriptionToken":"$(token)","status":"INACTIVE","createdAt":"$(created)","updatedAt":"<nanos as later>","etag":"<uuid7 as next>"}]"#),
            Step::Differ("updated", "later"),
            Step::DeploymentEtag("next", "s1", "later"),
        ]),
    case("platform-8.5-subscription-api", "subscription item", "Those of the API and of no other.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, &[ask("alice", "POST /api/v1/rest-apis", r#"{"id":"orders","name":"Orders","version":"v1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#), status(201)]])
        .steps(&[
            ask("alice", SUBSCRIPTIONS, r#"{"apiId":"orders","subscriberId":"bob"}"#),
            status(201),
            ask("gw1", LISTED, ""),
            gives(200, "[]"),
        ]),
    case("platform-8.5-plan", "plan item", "Every plan of the organisation, newest first, whatever the status; what wasn't said is left out.")
        .given(&[ACME, OTHER, GOLD, GW1, GW9])
        .steps(&[
            ask("alice", PLANS, r#"{"planName":"all","billingPlan":"FREE","stopOnQuotaReach":false,"throttleLimitCount":5,"throttleLimitUnit":"minute","expiryTime":"2030-01-01T00:00:00Z","status":"INACTIVE"}"#),
            status(201),
            ask("gw1", "GET /api/internal/v1/subscription-plans", ""),
            gives(200, r#"[
                {"id":"<uuid7>","planName":"all","billingPlan":"FREE","stopOnQuotaReach":false,"throttleLimitCount":5,"throttleLimitUnit":"minute","expiryTime":"2030-01-01T00:00:00Z","status":"INACTIVE","createdAt":"<nanos>","updatedAt":"<nanos>","etag":"<uuid7>"},
                {"id":"$(gold)","planName":"gold","stopOnQuotaReach":true,"status":"ACTIVE","createdAt":"<nanos>","updatedAt":"<nanos as updated>","etag":"<uuid7 as etag>"}]"#),
            Step::DeploymentEtag("etag", "gold", "updated"),
            ask("alice", "PUT /api/v1/subscription-plans/$(gold)", r#"{"status":"INACTIVE"}"#),
            status(200),
            ask("gw1", "GET /api/internal/v1/subscription-plans", ""),
            gives(200, r#"["<any>",
                {"id":"$(gold)","planName":"gold","stopOnQuotaReach":true,"status":"INACTIVE","createdAt":"<nanos>","updatedAt":"<nanos as later>","etag":"<uuid7 as next>"}]"#),
            Step::Differ("updated", "later"),
            Step::DeploymentEtag("next", "gold", "later"),
            ask("gw9", "GET /api/internal/v1/subscription-plans", ""),
            gives(200, "[]"),
            ask("nobody", "GET /api/internal/v1/subscription-plans", ""),
            refuses(401, "API key is required. Provide 'api-key' header."),
        ]),
];
