//! platform.md sections 3.1, 3.8 and 3.9 where deploys wait for an acknowledgement.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// Deploys wait.
const ON: &[(&str, &str)] = &[("deployments.transitional_status_enabled", "true")];
/// `gw1` is connected, and `d1` was asked for.
const ASKED: &[&[Step]] = &[ACME, GW1, LINE1, NEW, ASKED_D1];
/// It was confirmed too.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, ASKED_D1, CONFIRM];
/// And then its undeploy was asked for.
const ASKED_BACK: &[&[Step]] = &[ACME, GW1, LINE1, NEW, ASKED_D1, CONFIRM, UNDEPLOY_D1];

const ASKED_D1: &[Step] = &[
    ask("alice", DEPLOYMENTS, NOW),
    gives(201, deployment!("<uuid7 as d1>", "DEPLOYING")),
    Step::Hears("gw1", told!("deployed", "$(d1)")),
];
const CONFIRM: &[Step] = &[Step::Says("gw1", ack!("deploy", "success")), Step::Passes(1)];
const UNDEPLOY_D1: &[Step] = &[
    ask("alice", UNDEPLOY, ""),
    gives(200, deployment!("$(d1)", "UNDEPLOYING")),
    Step::Hears("gw1", told!("undeployed", "$(d1)", "<millis as at2>")),
];
/// An acknowledgement of that undeploy.
macro_rules! ack_back {
    ($status:literal) => {
        Step::Says("gw1", ack!("undeploy", $status, "$(d1)", "$(at2)", "$(event)"))
    };
}
/// `d1` as users see it.
macro_rules! d1 {
    ($status:literal) => {
        Step::Repeat(1, &[ask("alice", SHOW_D1, ""), gives(200, deployment!("$(d1)", $status))])
    };
    ($status:literal, $reason:literal) => {
        Step::Repeat(1, &[ask("alice", SHOW_D1, ""), gives(200, deployment!("$(d1)", $status, $reason))])
    };
}
/// The definition, for `gw1`.
const DEFINITION: &str = "GET /api/internal/v1/$(internal)/$(artifact)";
/// The subscriptions to the REST API, for `gw1`.
const SUBSCRIPTIONS: &str = "GET /api/internal/v1/apis/$(artifact)/subscriptions";
/// A key of the REST API.
const KEY: &[Step] = &[
    ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
    status(201),
];
/// The list of keys has one.
const ONE_KEY: &[Step] = &[
    ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
    gives(
        200,
        r#"[{"etag":"<any>","uuid":"<any>","name":"one","maskedApiKey":"<any>","apiKeyHashes":"<any>","artifactUuid":"$(artifact)","status":"active","createdAt":"<any>","createdBy":"<any>","updatedAt":"<any>","expiresAt":null,"source":"external","externalRefId":null}]"#,
    ),
];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-3.1-transitional-deploy", "transitional mode, deploy", "A deployment is DEPLOYING until the gateway says that it serves it.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            d1!("DEPLOYING"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYING", "$(at)"))),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments?status=DEPLOYED", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            d1!("DEPLOYED"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
            Step::Silent("gw1"),
        ]),
    case("platform-3.1-transitional-undeploy", "transitional mode, undeploy", "And UNDEPLOYING until it says that it doesn't.")
        .set(ON)
        .each()
        .given(ASKED_BACK)
        .steps(&[
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYING", "$(at2)"))),
            ack_back!("success"),
            Step::Passes(1),
            d1!("UNDEPLOYED"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "$(at2)"))),
        ]),
    case("platform-3.1-transitional-restore", "transitional mode, restore", "A restored deployment is DEPLOYING too.")
        .set(ON)
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d2>", "DEPLOYING")),
            Step::Hears("gw1", told!("deployed", "$(d2)", "<millis as at2>")),
            d1!("ARCHIVED"),
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYING")),
            Step::Hears("gw1", told!("deployed", "$(d1)", "<millis as at3>")),
            Step::Differ("at2", "at3"),
            Step::Says("gw1", ack!("deploy", "success", "$(d1)", "$(at3)", "$(event)")),
            Step::Passes(1),
            d1!("DEPLOYED"),
        ]),
    case("platform-3.1-transitional-other-action", "success ack, action", "A success confirms only the transition that it is of.")
        .set(ON)
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            Step::Says("gw1", ack!("undeploy", "success")),
            Step::Passes(1),
            d1!("DEPLOYING"),
        ]),
    case("platform-3.1-transitional-old-ack", "equal performed_at", "An acknowledgement of an earlier deploy confirms nothing.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d2>", "DEPLOYING")),
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments/$(d2)", ""),
            gives(200, deployment!("$(d2)", "DEPLOYING")),
        ]),
    case("platform-3.1-transitional-failed", "failed ack", "What the gateway couldn't do is FAILED, with the reason it gave.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            d1!("FAILED", r#""GATEWAY_PROCESSING_ERROR""#),
            // What has failed is no longer in transition.
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            d1!("FAILED", r#""GATEWAY_PROCESSING_ERROR""#),
        ]),
    case("platform-3.1-transitional-failed-undeploy", "failed ack", "So is an undeploy.")
        .set(ON)
        .of("rest-api")
        .given(ASKED_BACK)
        .steps(&[
            ack_back!("failed"),
            Step::Passes(1),
            d1!("FAILED", r#""GATEWAY_PROCESSING_ERROR""#),
            // It is still not wanted.
            ask("gw1", DEFINITION, ""),
            refused(404),
        ]),
    case("platform-3.1-delete-deploying", "delete deployment", "A DEPLOYING deployment can be deleted, and its row goes along.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            ask("alice", DELETE_D1, ""),
            Step::Gives(204, Body::Empty),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
            Step::Silent("gw1"),
        ]),
    case("platform-3.1-delete-undeploying", "delete deployment", "An UNDEPLOYING one too.")
        .set(ON)
        .of("rest-api")
        .given(ASKED_BACK)
        .steps(&[ask("alice", DELETE_D1, ""), Step::Gives(204, Body::Empty)]),
    case("platform-3.2-transitional-second-write", "step 5, transitional mode", "The first transaction says DEPLOYED even here, so that is what stays when the second write fails; who goes on answers DEPLOYING, and the acknowledgement matches nothing.")
        .set(ON)
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d1>", "DEPLOYING")),
            Step::Hears("gw1", told!("deployed", "$(d1)")),
            d1!("DEPLOYED"),
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            d1!("DEPLOYED"),
        ]),
    case("platform-3.2-transitional-second-write-llm", "step 5, transitional mode", "Who doesn't go on leaves the same row and tells nobody.")
        .set(ON)
        .of("llm-provider")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            Step::Fails("platform store.set-status"),
            ask("alice", DEPLOYMENTS, NOW),
            refused(500),
            Step::Silent("gw1"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7>", "DEPLOYED", "<nanos>"))),
        ]),
    case("platform-3.2-limit-of-none", "step 3, limit", "A limit of less than one deployment is a 500, for deploys and for lists.")
        .set(&[("deployments.max_per_api_gateway", "0")])
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            refused(500),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments", ""),
            refused(500),
        ]),
    case("platform-3.3-deploying", "restore", "What is current and DEPLOYING can be restored: only DEPLOYED is a conflict.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYING")),
            Step::Hears("gw1", told!("deployed", "$(d1)", "<millis as at2>")),
            Step::Differ("at", "at2"),
        ]),
    case("platform-3.3-undeploying", "restore", "So can what is UNDEPLOYING.")
        .set(ON)
        .of("rest-api")
        .given(ASKED_BACK)
        .steps(&[ask("alice", RESTORE, ""), gives(200, deployment!("$(d1)", "DEPLOYING"))]),
    case("platform-3.4-deploying", "undeploy", "What is DEPLOYING can't be undeployed.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[ask("alice", UNDEPLOY, ""), refused(409), Step::Silent("gw1")]),
    case("platform-3.4-undeploying", "undeploy", "Nor what is UNDEPLOYING.")
        .set(ON)
        .of("rest-api")
        .given(ASKED_BACK)
        .steps(&[ask("alice", UNDEPLOY, ""), refused(409)]),
    case("platform-3.4-failed-deploy", "undeploy", "Nor what has FAILED, though the gateway may be serving it.")
        .set(ON)
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            ask("alice", UNDEPLOY, ""),
            refused(409),
        ]),
    case("platform-3.8-timeout", "timeout job", "Who waits for more than 60 s is FAILED at the next of the looks that come every 20 s; the gateway is told nothing.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            // The job looks 80 s after the start of the process, which was at most a second ago.
            Step::Passes(78),
            d1!("DEPLOYING"),
            Step::Passes(3),
            d1!("FAILED", r#""DEPLOYMENT_TIMEOUT""#),
            Step::Silent("gw1"),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "FAILED", "$(at)"))),
            // It comes too late.
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            d1!("FAILED", r#""DEPLOYMENT_TIMEOUT""#),
            ask("alice", RESTORE, ""),
            gives(200, deployment!("$(d1)", "DEPLOYING")),
        ]),
    case("platform-3.8-undeploy", "timeout job", "An undeploy that nobody confirms is FAILED too, and still not wanted.")
        .set(ON)
        .of("rest-api")
        .given(ASKED_BACK)
        .steps(&[
            Step::Passes(81),
            d1!("FAILED", r#""DEPLOYMENT_TIMEOUT""#),
            ask("gw1", DEFINITION, ""),
            refused(404),
        ]),
    case("platform-3.8-final", "timeout job", "What is confirmed doesn't wait, and what is final from the start never did.")
        .set(ON)
        .of("rest-api")
        .given(LIVE)
        .steps(&[Step::Passes(120), d1!("DEPLOYED")]),
    case("platform-3.8-off", "timeout job", "Without transitional mode it finds nothing.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[Step::Passes(120), d1!("DEPLOYED")]),
    case("platform-3.8-disabled", "timeout job", "It can be switched off.")
        .set(&[("deployments.transitional_status_enabled", "true"), ("deployments.timeout_enabled", "false")])
        .of("rest-api")
        .given(ASKED)
        .steps(&[Step::Passes(300), d1!("DEPLOYING")]),
    case("platform-3.8-settings", "timeout job", "How often it looks and for how long one may wait are settings.")
        .set(&[
            ("deployments.transitional_status_enabled", "true"),
            ("deployments.timeout_interval", "7s"),
            ("deployments.timeout_duration", "10s"),
        ])
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            Step::Passes(12),
            d1!("DEPLOYING"),
            Step::Passes(2),
            d1!("FAILED", r#""DEPLOYMENT_TIMEOUT""#),
        ]),
    case("platform-3.8-failed-look", "timeout job", "A look that fails is made up for by the next.")
        .set(ON)
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            Step::Fails("platform timeout job store.list-stale #4"),
            Step::Passes(81),
            d1!("DEPLOYING"),
            Step::Passes(20),
            d1!("FAILED", r#""DEPLOYMENT_TIMEOUT""#),
        ]),
    case("platform-8-definition-deploying", "definitions", "What is DEPLOYING is served, and so is what has FAILED to be deployed.")
        .set(ON)
        .each()
        .given(ASKED)
        .steps(&[
            ask("gw1", DEFINITION, ""),
            status(200),
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            ask("gw1", DEFINITION, ""),
            status(200),
        ]),
    case("platform-8-definition-undeploying", "definitions", "What is UNDEPLOYING is not.")
        .set(ON)
        .each()
        .given(ASKED_BACK)
        .steps(&[ask("gw1", DEFINITION, ""), refused(404)]),
    case("platform-8.1-since-ack", "`since`", "An acknowledgement changes no instant, so it can't be seen by `since`.")
        .set(ON)
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            Step::Says("gw1", ack!("deploy", "success")),
            Step::Passes(1),
            ask("gw1", "GET /api/internal/v1/deployments?since=$(at)", ""),
            gives(200, r#"{"deployments":[]}"#),
        ]),
    case("platform-4.5-application-deploying", "`application.updated`, recipients", "Nor where it is DEPLOYING, though the gateway may be serving it.")
        .set(ON)
        .of("llm-provider")
        .given(ASKED)
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            ask("alice", "POST /api/v1/applications", r#"{"id":"assistant","name":"Assistant","type":"genai"}"#),
            status(201),
            ask("alice", "POST /api/v1/applications/assistant/api-keys", r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"openai"}}]}"#),
            status(201),
            Step::Silent("gw1"),
        ]),
    case("platform-8-subscriptions-deploying", "GET /apis/{apiId}/subscriptions", "Nor while a deploy or an undeploy waits for its acknowledgement.")
        .set(ON)
        .of("rest-api")
        .given(ASKED)
        .steps(&[
            ask("gw1", SUBSCRIPTIONS, ""),
            refuses(403, "API is not associated with this gateway"),
            Step::Repeat(1, CONFIRM),
            ask("gw1", SUBSCRIPTIONS, ""),
            gives(200, "[]"),
            Step::Repeat(1, UNDEPLOY_D1),
            ask("gw1", SUBSCRIPTIONS, ""),
            refuses(403, "API is not associated with this gateway"),
        ]),
    case("platform-8.4-transitional", "join with the status row", "Keys are listed whatever becomes of the deployment.")
        .set(ON)
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, ASKED_D1, KEY, ONE_KEY, CONFIRM, UNDEPLOY_KEYED])
        .steps(&[
            Step::Repeat(1, ONE_KEY),
            ack_back!("failed"),
            Step::Passes(1),
            Step::Repeat(1, ONE_KEY),
        ]),
];

/// The undeploy, after the line has heard of the key.
const UNDEPLOY_KEYED: &[Step] = &[
    Step::InOrder(&["gw1"], "apikey.created"),
    ask("alice", UNDEPLOY, ""),
    gives(200, deployment!("$(d1)", "UNDEPLOYING")),
    Step::Hears("gw1", told!("undeployed", "$(d1)", "<millis as at2>")),
];
