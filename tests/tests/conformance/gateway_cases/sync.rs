//! gateway.md section 6: the deployment sync of the first connect.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Gives, Step, answers, refuses};
use super::given::*;

/// The request for these definitions.
const fn fetches(body: &'static str) -> Step {
    Step::AsksWith {
        call: BATCH,
        headers: &[
            ("accept", "application/x-tar+gzip"),
            ("api-key", "the-token"),
            ("content-type", "application/json"),
        ],
        body,
    }
}

/// The question about these artifacts.
const fn asks_about(body: &'static str) -> Step {
    Step::AsksWith {
        call: EXISTS,
        headers: &[("api-key", "the-token"), ("content-type", "application/json")],
        body,
    }
}

/// A row that came from the platform.
const fn holds(row: &'static str) -> Step {
    Step::Holds(row, Origin::ControlPlane)
}

/// `petstore` is here, deployed as `d1` at `t1`.
const PETSTORE: &[Step] = &[holds("RestApi petstore $(petstore) deployed $(d1) $(t1)")];
/// Its row.
const PETSTORE_ROW: &str = "RestApi petstore $(petstore) deployed $(d1) $(t1) control_plane";
/// Artifacts of all kinds are here, each with a key.
const ALL: &[Step] = &[
    holds("LlmProvider openai $(openai) deployed $(d1) $(t1)"),
    holds("LlmProxy chat $(chat) deployed $(d2) $(t1)"),
    holds("RestApi petstore $(petstore) deployed $(d3) $(t1)"),
    holds("Mcp tools $(tools) deployed $(d4) $(t1)"),
];

/// The cases of section 6.
pub const CASES: &[Case<Step>] = &[
    case("gateway-6.1-order", "calls", "Discovery, connect, then deployments and the keys of three kinds, one after the other, and nothing else.")
        .given(&[CLOUD])
        .steps(&[
            Step::Boots,
            Step::Asks(&["GET /internal/gateway/.well-known"]),
            Step::AsksWith { call: "GET $(internal base)/ws/gateways/connect", headers: &[("api-key", "the-token"), ("upgrade", "websocket"), ("sec-websocket-version", "13")], body: "" },
            Step::Greets,
            Step::AsksWith { call: LIST, headers: &[("api-key", "the-token")], body: "" },
            Step::AsksWith { call: API_KEYS, headers: &[("api-key", "the-token")], body: "" },
            Step::AsksWith { call: PROVIDER_KEYS, headers: &[("api-key", "the-token")], body: "" },
            Step::AsksWith { call: PROXY_KEYS, headers: &[("api-key", "the-token")], body: "" },
        ]),
    case("gateway-6.1-after-ack", "calls", "Nothing is asked before the platform has greeted.").given(&[CLOUD]).steps(&[
        Step::Boots,
        Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
        Step::Passes(4),
        Step::Greets,
        Step::Asks(&[LIST]),
        Step::Asks(KEYS),
    ]),
    case("gateway-6.1-fetch-batch", "POST /deployments/fetch-batch", "Identifiers in JSON, the type in `Accept`; what comes is deployed.")
        .each()
        .given(&[CLOUD, PROVIDER, &[
            answers(LIST, list!(entry!("$(id)", "$(d1)", "$(kind)", "DEPLOYED", "$(t1)", "$(c1)"))),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/$(file)-$(id).yaml", "$(definition)")])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d1)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane", PROVIDER_ROW]),
            Step::Publishes(&["$(hub) CREATE $(id) $(c1)"]),
        ]),
    case("gateway-6.1-batch-names", "tar.gz", "The deployment is the parent directory; directories, `..` and what is no YAML are passed over.")
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(orders)", "$(d2)", "RestApi", "DEPLOYED", "$(t1)", "$(c2)"),
                entry!("$(tools)", "$(d3)", "Mcp", "DEPLOYED", "$(t1)", "$(c3)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[
                ("$(d1)/", ""),
                ("$(d1)/whatever.yml", "RestApi petstore petstore v1.0"),
                // Behind the definition, where it would stand in its place.
                ("$(d1)/readme.txt", "no definition"),
                ("../$(d2)/api.yaml", "RestApi orders orders v1.0"),
                ("deep/$(d3)/mcp.yaml", "Mcp tools tools v1.0"),
            ])),
        ], UP])
        .steps(&[
            Step::Asks(&[BATCH]),
            Step::Asks(KEYS),
            Step::Artifacts(&[
                "RestApi petstore $(petstore) deployed $(d1) $(t1) control_plane",
                "Mcp tools $(tools) deployed $(d3) $(t1) control_plane",
            ]),
        ]),
    case("gateway-6.1-definition", "GET /apis/{id} and its siblings", "By the collection of the kind, with the token.")
        .each()
        .given(&[CLOUD, PROVIDER, UP, SYNCED, &[Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")]))]])
        .steps(&[
            Step::Tells(event!("deployed", "$(d1)", "$(t1)")),
            Step::AsksWith { call: DEFINITION, headers: &[("api-key", "the-token")], body: "" },
            Step::Acks(ack!("deploy", "$(d1)", "$(t1)")),
        ]),
    case("gateway-6.1-zip", "GET /apis/{id} and its siblings", "The first .yaml or .yml entry of the zip is used.")
        .of("rest-api")
        .given(&[CLOUD, UP, SYNCED, &[Step::Answers(DEFINITION, 200, Gives::Zip(&[
            ("readme.txt", "no definition"),
            ("first.yml", "RestApi petstore petstore v1.0"),
            ("second.yaml", "RestApi orders orders v1.0"),
        ]))]])
        .steps(&[
            Step::Tells(event!("deployed", "$(d1)", "$(t1)")),
            Step::Asks(&[DEFINITION]),
            Step::Acks(ack!("deploy", "$(d1)", "$(t1)")),
            Step::Artifacts(&[PETSTORE_ROW]),
        ]),
    case("gateway-6.2-no-list", "GET /deployments fails", "Without a list nothing is done, and the keys are asked for all the same.")
        .given(&[CLOUD, PETSTORE, &[Step::Answers(LIST, 500, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW]), Step::Publishes(&[])]),
    case("gateway-6.2-refused-list", "GET /deployments fails", "A 401 is no list.")
        .given(&[CLOUD, PETSTORE, &[Step::Answers(LIST, 401, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.2-unreadable-list", "GET /deployments fails", "What can't be read is no list.")
        .given(&[CLOUD, PETSTORE, &[answers(LIST, r#"{"deployments":[{"artifactId""#)], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.2-other-success", "GET /deployments fails", "A 201 is no list.")
        .given(&[CLOUD, PETSTORE, &[Step::Answers(LIST, 201, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.2-late-list", "GET /deployments fails", "A list that takes longer than 30 s is none.")
        .given(&[CLOUD, PETSTORE, &[Step::AnswersAfter(31, LIST, 200, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[Step::Passes(29), Step::Artifacts(&[PETSTORE_ROW]), Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.2-local-fails", "DB artifacts", "When the rows here can't be read nothing is done.")
        .given(&[CLOUD, PETSTORE, &[Step::Fails("gw1 sync store.list-artifacts")], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.2-unchanged", "diff: equal", "What is as it is listed is left alone.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, LISTED, UP])
        .steps(&[Step::Asks(KEYS), Step::Publishes(&[])]),
    case("gateway-6.2-same-instant", "diff: equal", "Instants are compared, not their texts.")
        .of("rest-api")
        .given(&[CLOUD, HERE, &[answers(LIST, list!(entry!("$(id)", "$(d1)", "RestApi", "DEPLOYED", "2026-01-01T05:30:01.120+05:30", "$(c1)")))], UP])
        .steps(&[Step::Asks(KEYS), Step::Publishes(&[])]),
    case("gateway-6.2-absent-undeployed", "diff: not here", "What isn't here and isn't DEPLOYED is ignored.")
        .given(&[CLOUD, &[answers(LIST, list!(
            entry!("$(petstore)", "$(d1)", "RestApi", "UNDEPLOYED", "$(t1)", "$(c1)"),
            entry!("$(orders)", "$(d2)", "RestApi", "FAILED", "$(t1)", "$(c2)"),
            entry!("$(openai)", "$(d3)", "LlmProvider", "DEPLOYING", "$(t1)", "$(c3)"),
            entry!("$(tools)", "$(d4)", "Mcp", "UNDEPLOYING", "$(t1)", "$(c4)")
        ))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.2-other-deployment", "diff: deploymentId differs", "Another deployment is fetched, whatever its state, and is deployed.")
        .of("rest-api")
        .given(&[CLOUD, HERE, &[
            answers(LIST, list!(entry!("$(id)", "$(d2)", "RestApi", "UNDEPLOYED", "$(t2)", "$(c1)"))),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d2)/x.yaml", "$(definition)")])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d2)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["RestApi petstore $(petstore) deployed $(d2) $(t2) control_plane"]),
            Step::Publishes(&["API UPDATE $(petstore) $(c1)"]),
        ]),
    case("gateway-6.2-other-instant", "diff: deployed_at differs", "The same deployment at another instant is fetched; if that is older it is stale.")
        .of("rest-api")
        .given(&[CLOUD, HERE, &[
            answers(LIST, list!(entry!("$(id)", "$(d1)", "RestApi", "DEPLOYED", "$(t0)", "$(c1)"))),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "$(definition)")])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d1)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&[PETSTORE_ROW]),
            Step::Publishes(&[]),
        ]),
    case("gateway-6.2-transitional", "diff: state does not parse", "FAILED, DEPLOYING and UNDEPLOYING say nothing of what is here under that deployment.")
        .given(&[CLOUD, &[
            holds("RestApi petstore $(petstore) deployed $(d1) $(t1)"),
            holds("LlmProvider openai $(openai) deployed $(d2) $(t1)"),
            holds("Mcp tools $(tools) undeployed $(d3) $(t1)"),
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "FAILED", "$(t2)", "$(c1)"),
                entry!("$(openai)", "$(d2)", "LlmProvider", "UNDEPLOYING", "$(t2)", "$(c2)"),
                entry!("$(tools)", "$(d3)", "Mcp", "DEPLOYING", "$(t2)", "$(c3)")
            )),
        ], UP])
        .steps(&[Step::Asks(KEYS), Step::Publishes(&[])]),
    case("gateway-6.2-origin", "L = origin control_plane", "What a local user made is no orphan.")
        .given(&[CLOUD, &[Step::Holds("RestApi petstore $(petstore) deployed $(d1) $(t1)", Origin::GatewayApi)], UP])
        .steps(&[Step::Asks(KEYS), Step::Publishes(&[])]),
    case("gateway-6.2-stages", "order", "Deletions, then fetches, then states.")
        .given(&[CLOUD, &[
            holds("RestApi orders $(orders) deployed $(d1) $(t1)"),
            holds("Mcp tools $(tools) deployed $(d2) $(t1)"),
            answers(LIST, list!(
                entry!("$(tools)", "$(d2)", "Mcp", "UNDEPLOYED", "$(t2)", "$(c2)"),
                entry!("$(petstore)", "$(d3)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)")
            )),
            answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(orders)","exists":false}]}"#),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d3)/x.yaml", "RestApi petstore petstore v1.0")])),
        ], UP])
        .steps(&[
            asks_about(r#"{"artifactIds":["$(orders)"]}"#),
            fetches(r#"{"deploymentIds":["$(d3)"]}"#),
            Step::Asks(KEYS),
            Step::Publishes(&["API DELETE $(orders) <uuid7>", "API CREATE $(petstore) $(c1)", "MCP_PROXY UPDATE $(tools) $(c2)"]),
        ]),
    case("gateway-6.3-retained", "exists: true", "What exists is kept, with its keys, and nothing is written.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[
            answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(id)","exists":true}]}"#),
        ], UP])
        .steps(&[
            asks_about(r#"{"artifactIds":["$(id)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane", PROVIDER_ROW]),
            Step::Publishes(&[]),
        ]),
    case("gateway-6.3-absent", "exists: false", "What doesn't is deleted, and nothing is acknowledged.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[
            Step::HoldsKey("one $(id) $(k1) hash1 alice"),
            answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(id)","exists":false}]}"#),
        ], UP])
        .steps(&[
            asks_about(r#"{"artifactIds":["$(id)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&[PROVIDER_ROW]),
            Step::Keys(&[]),
            Step::Publishes(&["$(hub) DELETE $(id) <uuid7>"]),
        ]),
    case("gateway-6.3-left-out", "exists: not in the answer", "What the answer leaves out counts as absent.")
        .given(&[CLOUD, PETSTORE, &[
            holds("Mcp tools $(tools) deployed $(d2) $(t1)"),
            answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(tools)","exists":true}]}"#),
        ], UP])
        .steps(&[
            asks_about(r#"{"artifactIds":["<in any order>","$(petstore)","$(tools)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["Mcp tools $(tools) deployed $(d2) $(t1) control_plane"]),
        ]),
    case("gateway-6.3-one-call", "no chunking", "All are asked about in one call, whatever the size of a batch.")
        .set(&[("sync_batch_size", "1")])
        .given(&[CLOUD, ALL, &[answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(openai)","exists":true},{"artifactId":"$(chat)","exists":true},{"artifactId":"$(petstore)","exists":true},{"artifactId":"$(tools)","exists":true}]}"#)], UP])
        .steps(&[asks_about(r#"{"artifactIds":["<in any order>","$(openai)","$(chat)","$(petstore)","$(tools)"]}"#), Step::Asks(KEYS)]),
    case("gateway-6.3-error", "exists: call error", "When the question fails nothing is deleted.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[refuses(EXISTS, 500)], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane", PROVIDER_ROW]),
        ]),
    case("gateway-6.3-unknown-route", "exists: call error", "A platform that has no such route answers 401 or 404, and nothing is deleted.")
        .given(&[CLOUD, PETSTORE, &[refuses(EXISTS, 401)], UP])
        .steps(&[Step::Asks(&[EXISTS]), Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.3-undecodable", "exists: call error", "An answer that can't be read is none.")
        .given(&[CLOUD, PETSTORE, &[answers(EXISTS, r#"{"artifacts":[{"artifactId""#)], UP])
        .steps(&[Step::Asks(&[EXISTS]), Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.3-wrong-shape", "exists: call error", "Nor is one in which a member has another type.")
        .given(&[CLOUD, PETSTORE, &[answers(EXISTS, r#"{"artifacts":{"exists":false}}"#)], UP])
        .steps(&[Step::Asks(&[EXISTS]), Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.3-late", "exists: call error", "Nor one that takes longer than 30 s.")
        .given(&[CLOUD, PETSTORE, &[Step::AnswersAfter(31, EXISTS, 200, Gives::Text(r#"{"artifacts":[]}"#))], UP])
        .steps(&[Step::Asks(&[EXISTS]), Step::Passes(29), Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW])]),
    case("gateway-6.3-first-draft", "exists: call error", "In the first draft a failed question deleted everything.")
        .design("first-draft")
        .given(&[CLOUD, PETSTORE, &[refuses(EXISTS, 500)], UP])
        .steps(&[Step::Asks(&[EXISTS]), Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.3-no-orphan", "1. toDelete non-empty", "Nobody is asked when there is nothing to ask about.")
        .given(&[CLOUD, UP])
        .steps(&[Step::Asks(KEYS)]),
    case("gateway-6.3-order", "order", "MCP proxies, REST APIs, LLM proxies, and providers last.")
        .given(&[CLOUD, ALL, &[answers(EXISTS, r#"{"artifacts":[]}"#)], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            Step::Artifacts(&[]),
            Step::Publishes(&["MCP_PROXY DELETE $(tools) <uuid7>", "API DELETE $(petstore) <uuid7>", "LLM_PROXY DELETE $(chat) <uuid7>", "LLM_PROVIDER DELETE $(openai) <uuid7>"]),
        ]),
    case("gateway-6.3-on-premises", "on-prem", "A platform on the premises isn't asked: everything is deleted. No keys are asked for either.")
        .given(&[CLOUD, PETSTORE, &[
            answers("GET /internal/gateway/.well-known", r#"{"gatewayPath":"gw"}"#),
            answers("GET /gw/deployments", r#"{"deployments":[]}"#),
        ]])
        .steps(&[
            Step::Boots,
            Step::Asks(&["GET /internal/gateway/.well-known", "GET /gw/ws/gateways/connect"]),
            Step::Greets,
            Step::Asks(&["GET /gw/deployments"]),
            Step::Publishes(&["API DELETE $(petstore) <uuid7>"]),
            Step::Artifacts(&[]),
        ]),
    case("gateway-6.3-before-fix", "PRE", "Before the fix nobody was asked.")
        .design("before-fix")
        .given(&[CLOUD, PETSTORE, UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[]), Step::Publishes(&["API DELETE $(petstore) <uuid7>"])]),
    case("gateway-6.3-reread", "re-read from DB", "An orphan that can't be read again stays.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[answers(EXISTS, r#"{"artifacts":[]}"#), Step::Fails("gw1 sync store.find-artifact")], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane", PROVIDER_ROW]),
            Step::Publishes(&[]),
        ]),
    case("gateway-6.3-reread-again", "re-read, other error", "Nor does it go if it can be read that once only.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[answers(EXISTS, r#"{"artifacts":[]}"#), Step::Fails("gw1 sync store.find-artifact #2")], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t1) control_plane", PROVIDER_ROW]),
            Step::Publishes(&[]),
        ]),
    case("gateway-6.3-unreadable-row", "each item", "An orphan that can't be deleted stays; the others go.")
        .given(&[CLOUD, PETSTORE, &[
            holds("Mcp tools $(tools) deployed $(d2) $(t1)"),
            answers(EXISTS, r#"{"artifacts":[]}"#),
            Step::Fails("gw1 sync store.delete-artifact"),
        ], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            // The MCP proxy goes first and fails; it tells nobody.
            Step::Artifacts(&["Mcp tools $(tools) deployed $(d2) $(t1) control_plane"]),
            Step::Publishes(&["API DELETE $(petstore) <uuid7>"]),
        ]),
    case("gateway-6.4-order", "order", "Providers, LLM proxies, REST APIs, MCP proxies, in chunks over all of them.")
        .set(&[("sync_batch_size", "3")])
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(tools)", "$(d4)", "Mcp", "DEPLOYED", "$(t1)", "$(c4)"),
                entry!("$(chat)", "$(d3)", "LlmProxy", "DEPLOYED", "$(t1)", "$(c3)"),
                entry!("$(openai)", "$(d2)", "LlmProvider", "DEPLOYED", "$(t1)", "$(c2)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[
                ("$(d1)/x.yaml", "RestApi petstore petstore v1.0"),
                ("$(d2)/x.yaml", "LlmProvider openai openai v1.0"),
                ("$(d3)/x.yaml", "LlmProxy chat chat v1.0 openai"),
                ("$(d4)/x.yaml", "Mcp tools tools v1.0"),
            ])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d2)","$(d3)","$(d1)"]}"#),
            fetches(r#"{"deploymentIds":["$(d4)"]}"#),
            Step::Asks(KEYS),
            Step::Publishes(&["LLM_PROVIDER CREATE $(openai) $(c2)", "LLM_PROXY CREATE $(chat) $(c3)", "API CREATE $(petstore) $(c1)", "MCP_PROXY CREATE $(tools) $(c4)"]),
        ]),
    case("gateway-6.4-chunk-fails", "chunk failure", "A chunk that can't be fetched is skipped, once and for all; the next goes on.")
        .set(&[("sync_batch_size", "1")])
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(tools)", "$(d4)", "Mcp", "DEPLOYED", "$(t1)", "$(c4)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d4)/x.yaml", "Mcp tools tools v1.0")])),
            Step::Fails("gw1 sync http.fetch-batch"),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d4)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["Mcp tools $(tools) deployed $(d4) $(t1) control_plane"]),
        ]),
    case("gateway-6.4-refused", "chunk failure", "So is one that is refused.")
        .given(&[CLOUD, &[answers(LIST, list!(entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"))), refuses(BATCH, 406)], UP])
        .steps(&[Step::Asks(&[BATCH]), Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.4-no-archive", "chunk failure", "And one that is no archive.")
        .given(&[CLOUD, &[answers(LIST, list!(entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"))), answers(BATCH, "not an archive")], UP])
        .steps(&[Step::Asks(&[BATCH]), Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.4-missing", "per deployment: missing in archive", "What isn't in the archive is skipped by itself.")
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(tools)", "$(d4)", "Mcp", "DEPLOYED", "$(t1)", "$(c4)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d4)/x.yaml", "Mcp tools tools v1.0")])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d1)","$(d4)"]}"#),
            Step::Asks(KEYS),
            Step::Artifacts(&["Mcp tools $(tools) deployed $(d4) $(t1) control_plane"]),
        ]),
    case("gateway-6.4-bad-definition", "per deployment: errors", "So is a definition that can't be deployed.")
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(tools)", "$(d4)", "Mcp", "DEPLOYED", "$(t1)", "$(c4)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "nonsense"), ("$(d4)/x.yaml", "Mcp tools tools v1.0")])),
        ], UP])
        .steps(&[
            Step::Asks(&[BATCH]),
            Step::Asks(KEYS),
            Step::Artifacts(&["Mcp tools $(tools) deployed $(d4) $(t1) control_plane"]),
        ]),
    case("gateway-6.4-no-provider", "no dependency retry", "A proxy whose provider isn't here is skipped.")
        .given(&[CLOUD, &[
            answers(LIST, list!(entry!("$(chat)", "$(d3)", "LlmProxy", "DEPLOYED", "$(t1)", "$(c3)"))),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d3)/x.yaml", "LlmProxy chat chat v1.0 openai")])),
        ], UP])
        .steps(&[Step::Asks(&[BATCH]), Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.4-no-etag", "event id", "Without an etag the event has an identifier made from artifact and instant.")
        .given(&[CLOUD, &[
            answers(LIST, list!(entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", ""))),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "RestApi petstore petstore v1.0")])),
        ], UP])
        .steps(&[Step::Asks(&[BATCH]), Step::Asks(KEYS), Step::Publishes(&["API CREATE $(petstore) <uuid7>"])]),
    case("gateway-6.4-unknown-kind", "bucket", "What is of another kind is not asked for.")
        .given(&[CLOUD, &[answers(LIST, list!(entry!("$(petstore)", "$(d1)", "WebSubApi", "DEPLOYED", "$(t1)", "$(c1)")))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[])]),
    case("gateway-6.4-batch-size", "chunks", "Fifty at a time unless set; here two.")
        .set(&[("sync_batch_size", "2")])
        .given(&[CLOUD, &[
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "DEPLOYED", "$(t1)", "$(c1)"),
                entry!("$(orders)", "$(d2)", "RestApi", "DEPLOYED", "$(t1)", "$(c2)"),
                entry!("$(tools)", "$(d3)", "RestApi", "DEPLOYED", "$(t1)", "$(c3)")
            )),
            Step::Answers(BATCH, 200, Gives::Batch(&[])),
        ], UP])
        .steps(&[
            fetches(r#"{"deploymentIds":["$(d1)","$(d2)"]}"#),
            fetches(r#"{"deploymentIds":["$(d3)"]}"#),
            Step::Asks(KEYS),
        ]),
    case("gateway-6.5-undeploy", "status stage", "What is deployed here and UNDEPLOYED there is undeployed, with its keys and without a fetch.")
        .each()
        .given(&[CLOUD, PROVIDER, HERE, &[
            Step::HoldsKey("one $(id) $(k1) hash1 alice"),
            answers(LIST, list!(entry!("$(id)", "$(d1)", "$(kind)", "UNDEPLOYED", "$(t2)", "$(c1)"))),
            // So that the key sync has no opinion.
            refuses(API_KEYS, 500), refuses(PROVIDER_KEYS, 500), refuses(PROXY_KEYS, 500),
        ], UP])
        .steps(&[
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) undeployed $(d1) $(t2) control_plane", PROVIDER_ROW]),
            Step::Keys(&["one $(id) $(k1) active hash1 alice external"]),
            Step::Publishes(&["$(hub) UPDATE $(id) $(c1)"]),
        ]),
    case("gateway-6.5-deploy", "status stage", "And the other way round, whatever the case of the letters.")
        .each()
        .given(&[CLOUD, PROVIDER, &[
            holds("$(kind) $(handle) $(id) undeployed $(d1) $(t1)"),
            answers(LIST, list!(entry!("$(id)", "$(d1)", "$(kind)", "Deployed", "$(t2)", "$(c1)"))),
        ], UP])
        .steps(&[
            Step::Asks(KEYS),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d1) $(t2) control_plane", PROVIDER_ROW]),
        ]),
    case("gateway-6.5-stale", "guarded upsert", "An instant that is not newer changes nothing.")
        .of("rest-api")
        .given(&[CLOUD, HERE, &[answers(LIST, list!(entry!("$(id)", "$(d1)", "RestApi", "UNDEPLOYED", "$(t1)", "$(c1)")))], UP])
        .steps(&[Step::Asks(KEYS), Step::Artifacts(&[PETSTORE_ROW]), Step::Publishes(&[])]),
    case("gateway-6.5-fails", "status stage", "One that can't be read or written is skipped; the others are restated.")
        .given(&[CLOUD, &[
            holds("RestApi petstore $(petstore) deployed $(d1) $(t1)"),
            holds("RestApi orders $(orders) deployed $(d2) $(t1)"),
            holds("Mcp tools $(tools) deployed $(d3) $(t1)"),
            answers(LIST, list!(
                entry!("$(petstore)", "$(d1)", "RestApi", "UNDEPLOYED", "$(t2)", "$(c1)"),
                entry!("$(orders)", "$(d2)", "RestApi", "UNDEPLOYED", "$(t2)", "$(c2)"),
                entry!("$(tools)", "$(d3)", "Mcp", "UNDEPLOYED", "$(t2)", "$(c3)")
            )),
            Step::Fails("gw1 sync store.find-artifact"),
            Step::Fails("gw1 sync store.commit-upsert"),
        ], UP])
        .steps(&[Step::Asks(KEYS), Step::Publishes(&["MCP_PROXY UPDATE $(tools) $(c3)"])]),
    case("gateway-6.6-subscriptions", "deletion and undeploy", "Subscriptions go with an orphan, and stay with what is retained or undeployed.")
        .given(&[CLOUD, PETSTORE, &[
            holds("RestApi orders $(orders) deployed $(d2) $(t1)"),
            holds("RestApi users $(chat) deployed $(d3) $(t1)"),
            Step::HoldsSubscription("$(s1) $(petstore) token1 - ACTIVE"),
            Step::HoldsSubscription("$(s2) $(orders) token2 - ACTIVE"),
            Step::HoldsSubscription("$(s3) $(chat) token3 - ACTIVE"),
            answers(LIST, list!(entry!("$(chat)", "$(d3)", "RestApi", "UNDEPLOYED", "$(t2)", "$(c1)"))),
            answers(EXISTS, r#"{"artifacts":[{"artifactId":"$(orders)","exists":true}]}"#),
        ], UP])
        .steps(&[
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
            Step::Subscriptions(&["$(s2) $(orders) token2 - ACTIVE -", "$(s3) $(chat) token3 - ACTIVE -"]),
        ]),
    case("gateway-6.6-reconnect", "first connect only", "A later connect asks for keys and not for deployments.")
        .given(&[CLOUD, UP, SYNCED])
        .steps(&[
            Step::Drops,
            Step::Asks(&["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"]),
            Step::Greets,
            Step::Asks(KEYS),
        ]),
];
