//! platform.md sections 4.1, 4.2, 4.4 and 8, as far as they speak of gateways, associations, templates, lists
//! of keys and manifests.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// A manifest of `gw1`.
const PUSH: &str = "POST /api/internal/v1/gateways/$(gw1)/manifest";
/// The manifest that users see.
const MANIFEST: &str = "GET /api/v1/gateways/$(gw1)/manifest";
/// The status of a gateway.
const STATUS: &str = "GET /api/v1/status/gateways?gatewayId=$(gw1)";
/// What is live on it.
const LIVE: &str = "GET /api/v1/gateways/$(gw1)/live-proxy-artifacts";
/// Nothing.
const NOTHING: &str = r#"{"count":0,"list":[]}"#;

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-4.1-change-gateway", "PUT /gateways/{id}", "Description, name for people, criticality and properties; the rest stays, and nobody hears of it.")
        .given(&[ACME, OTHER, GW1, LINE1])
        .steps(&[
            ask("alice", "PUT /api/v1/gateways/$(gw1)", r#"{"description":"first","displayName":"Uno","isCritical":true,"properties":{"a":1},"name":"other","vhost":"other","functionalityType":"ai"}"#),
            gives(200, r#"{"id":"$(gw1)","organizationId":"$(acme)","name":"gw1","displayName":"Uno","description":"first","vhost":"gw1.example.org","isCritical":true,"functionalityType":"regular","isActive":true,"properties":{"a":1},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", "PUT /api/v1/gateways/$(gw1)", r#"{"displayName":"One"}"#),
            gives(200, r#"{"id":"$(gw1)","organizationId":"$(acme)","name":"gw1","displayName":"One","description":"first","vhost":"gw1.example.org","isCritical":true,"functionalityType":"regular","isActive":true,"properties":{"a":1},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", "PUT /api/v1/gateways/$(nobody)", "{}"),
            refused(404),
            ask("mallory", "PUT /api/v1/gateways/$(gw1)", "{}"),
            refused(404),
            Step::Silent("gw1"),
        ]),
    case("platform-4.1-status", "GET /status/gateways", "Whether a gateway is connected, as it was last written down.")
        .given(&[ACME, GW1, GW2])
        .steps(&[
            ask("alice", STATUS, ""),
            gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":false,"isCritical":false}]}"#),
            Step::Repeat(1, LINE1),
            Step::Passes(1),
            ask("alice", STATUS, ""),
            gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":true,"isCritical":false}]}"#),
            Step::HangUp("gw1"),
            Step::Passes(1),
            ask("alice", STATUS, ""),
            gives(200, r#"{"count":1,"list":[{"id":"$(gw1)","name":"gw1","isActive":false,"isCritical":false}]}"#),
            ask("alice", "GET /api/v1/status/gateways", ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
            ask("alice", "GET /api/v1/status/gateways?gatewayId=$(nobody)", ""),
            refused(404),
        ]),
    case("platform-4.1-delete-live-gateway", "DELETE /gateways/{id}", "A connection of a deleted gateway stays open, and no event comes on it.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            status(204),
            Step::Silent("gw1"),
            ask("alice", DELETE, ""),
            status(204),
            Step::Silent("gw1"),
            Step::Passes(25),
            Step::Pings("gw1", 1),
        ]),
    case("platform-4.1-delete-associated-gateway", "DELETE /gateways/{id}", "Its associations go along.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            status(204),
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, NOTHING),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            refused(503),
        ]),
    case("platform-4.1-manifest", "GET /gateways/{id}/manifest", "What a gateway said of its policies; nothing before.").given(&[ACME, OTHER, GW1]).steps(&[
        ask("alice", MANIFEST, ""),
        gives(200, r#"{"policies":[]}"#),
        ask("gw1", PUSH, r#"{"policies":[{"name":"Cors","version":"v1","managedBy":"wso2"}]}"#),
        Step::Gives(204, Body::Empty),
        ask("alice", MANIFEST, ""),
        gives(200, r#"{"policies":[{"name":"cors","version":"v1","managedBy":"wso2"}]}"#),
        ask("alice", "GET /api/v1/gateways/$(nobody)/manifest", ""),
        refused(404),
        ask("mallory", MANIFEST, ""),
        refused(404),
    ]),
    case("platform-4.1-live", "GET /gateways/{id}/live-proxy-artifacts", "REST APIs that are exactly DEPLOYED on the gateway.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, GW2, NEW, D1])
        .steps(&[
            ask("alice", LIVE, ""),
            gives(200, r#"{"count":1,"list":[{"id":"petstore","name":"Pet store","version":"v1.0","kind":"RestApi"}]}"#),
            ask("alice", "GET /api/v1/gateways/$(gw2)/live-proxy-artifacts", ""),
            gives(200, NOTHING),
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("alice", LIVE, ""),
            gives(200, NOTHING),
            ask("mallory", LIVE, ""),
            refused(404),
        ]),
    case("platform-4.1-live-kind", "GET /gateways/{id}/live-proxy-artifacts", "No other kind is listed, whatever is asked for.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", LIVE, ""),
            gives(200, NOTHING),
            ask("alice", "GET /api/v1/gateways/$(gw1)/live-proxy-artifacts?artifactType=LlmProvider", ""),
            gives(200, NOTHING),
        ]),
    case("platform-4.2-template", "LLM template", "A template is shown, listed and changed; no gateway hears of it.").given(&[ACME, OTHER, GW1, LINE1]).steps(&[
        ask("alice", "GET /api/v1/llm-provider-templates/gpt", ""),
        gives(200, r#"{"id":"gpt","name":"GPT"}"#),
        ask("alice", "PUT /api/v1/llm-provider-templates/gpt", r#"{"id":"other","name":"GPT 2","limit":1}"#),
        gives(200, r#"{"id":"gpt","name":"GPT 2","limit":1}"#),
        ask("alice", "GET /api/v1/llm-provider-templates", ""),
        gives(200, r#"{"count":1,"list":[{"id":"gpt","name":"GPT 2","limit":1}]}"#),
        ask("alice", "GET /api/v1/llm-provider-templates/none", ""),
        refused(404),
        ask("alice", "PUT /api/v1/llm-provider-templates/none", r#"{"name":"x"}"#),
        refused(404),
        ask("mallory", "GET /api/v1/llm-provider-templates/gpt", ""),
        refused(404),
        Step::Silent("gw1"),
    ]),
    case("platform-4.2-proxies", "GET /llm-providers/{id}/llm-proxies", "The proxies before a provider, and before no other.").of("llm-proxy").given(&[ACME, NEW]).steps(&[
        ask("alice", "GET /api/v1/llm-providers/openai/llm-proxies", ""),
        gives(200, r#"{"count":1,"list":[{"id":"chat","name":"Chat","version":"v1.0","projectId":"$(project)","provider":{"id":"openai"},"kind":"LlmProxy","createdAt":"<nanos>","updatedAt":"<nanos>"}]}"#),
        ask("alice", "POST /api/v1/llm-providers", r#"{"id":"other","name":"Other","version":"v1.0","template":"gpt","upstream":{"main":{"url":"http://up"}},"accessControl":{"mode":"allow_all"}}"#),
        status(201),
        ask("alice", "GET /api/v1/llm-providers/other/llm-proxies", ""),
        gives(200, NOTHING),
        ask("alice", "GET /api/v1/llm-providers/none/llm-proxies", ""),
        refused(404),
    ]),
    case("platform-4.2-gateways", "GET/POST /rest-apis/{id}/gateways", "Gateways are associated by hand, each once, and listed.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, GW2, GW9, NEW])
        .steps(&[
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, NOTHING),
            ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"[{"gatewayId":"$(gw1)"}]"#),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"[{"gatewayId":"$(gw1)"},{"gatewayId":"$(gw2)"}]"#),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
            ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"[{"gatewayId":"$(gw9)"}]"#),
            refused(404),
            ask("alice", "POST /api/v1/rest-apis/none/gateways", r#"[{"gatewayId":"$(gw1)"}]"#),
            refused(404),
            ask("alice", "GET /api/v1/rest-apis/none/gateways", ""),
            refused(404),
            ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"{"gatewayId":"$(gw1)"}"#),
            refused(400),
        ]),
    case("platform-4.2-gateways-deployed", "GET/POST /rest-apis/{id}/gateways", "A deploy associates too, and a deleted deployment leaves it so.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("alice", DELETE_D1, ""),
            status(204),
            ask("alice", "GET /api/v1/rest-apis/petstore/gateways", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
        ]),
    case("platform-4.2-gateways-keys", "GET/POST /rest-apis/{id}/gateways", "A gateway associated by hand hears of keys and has nothing deployed, so that it can't list them.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/gateways", r#"[{"gatewayId":"$(gw1)"}]"#),
            status(200),
            Step::Silent("gw1"),
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, "[]"),
        ]),
    case("platform-4.4-keys", "GET /llm-providers/{id}/api-keys", "The keys of an LLM provider, without their secrets.").of("llm-provider").given(&[ACME, GW1, NEW]).steps(&[
        ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#),
        status(201),
        ask("alice", "POST /api/v1/llm-providers", r#"{"id":"other","name":"Other","version":"v1","template":"gpt","upstream":{"url":"http://up"},"accessControl":{"mode":"allow_all"}}"#),
        status(201),
        ask("alice", "POST /api/v1/llm-providers/other/api-keys", r#"{"name":"two"}"#),
        status(201),
        ask("alice", "GET /api/v1/llm-providers/openai/api-keys", ""),
        gives(200, r#"{"count":1,"list":[{"keyId":"one","associatedEntity":{"id":"openai","kind":"LlmProvider"},"maskedApiKey":"<text>","status":"active","createdBy":"alice","createdAt":"<nanos>","updatedAt":"<nanos>","expiresAt":null,"issuer":null}]}"#),
        ask("alice", "GET /api/v1/llm-providers/none/api-keys", ""),
        refused(404),
    ]),
    case("platform-4.4-own-keys", "GET /me/api-keys", "Those of the acting user in the organisation, of any artifact.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            ask("bob", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"simsim","name":"two"}"#),
            status(201),
            ask("bob", "GET /api/v1/me/api-keys", ""),
            gives(200, r#"{"count":1,"list":[{"keyId":"two","associatedEntity":{"id":"petstore","kind":"RestApi"},"maskedApiKey":"***imsim","status":"active","createdBy":"bob","createdAt":"<nanos>","updatedAt":"<nanos>","expiresAt":null,"issuer":null}]}"#),
        ]),
    case("platform-8-manifest", "POST /gateways/{gatewayId}/manifest", "The token's gateway, whatever the path says; names in lower case; the last one stays.")
        .given(&[ACME, GW1, GW2])
        .steps(&[
            ask("gw1", "POST /api/internal/v1/gateways/$(gw2)/manifest", r#"{"policies":[{"name":"One","version":"v1","managedBy":"wso2"},{"name":"TWO","version":"V2","displayName":"Two","description":"it","parameters":{"a":[1]},"systemParameters":{"B":true},"managedBy":"Customer"}]}"#),
            Step::Gives(204, Body::Empty),
            ask("alice", MANIFEST, ""),
            gives(200, r#"{"policies":[{"name":"one","version":"v1","managedBy":"wso2"},{"name":"two","version":"V2","displayName":"Two","description":"it","parameters":{"a":[1]},"systemParameters":{"B":true},"managedBy":"Customer"}]}"#),
            ask("alice", "GET /api/v1/gateways/$(gw2)/manifest", ""),
            gives(200, r#"{"policies":[]}"#),
            ask("gw1", PUSH, r#"{"policies":[]}"#),
            status(204),
            ask("alice", MANIFEST, ""),
            gives(200, r#"{"policies":[]}"#),
        ]),
    case("platform-8-manifest-refused", "POST /gateways/{gatewayId}/manifest", "A body that is none is refused, and so is who shows no token; what can't be written is a 500.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("gw1", PUSH, r#"{}"#),
            refused(400),
            ask("gw1", PUSH, r#"{"policies":[{"version":"v1"}]}"#),
            refused(400),
            ask("nobody", PUSH, r#"{"policies":[]}"#),
            refuses(401, "API key is required. Provide 'api-key' header."),
            Step::Fails("platform store.set-manifest"),
            ask("gw1", PUSH, r#"{"policies":[]}"#),
            refused(500),
        ]),
];
