//! platform.md section 7: the events.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, status};
use super::given::*;

/// A gateway has `d1` and is connected, and another is connected.
const BOTH: &[&[Step]] = &[ACME, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD];
/// The keys of the artifact.
const KEYS: &str = "POST /api/v1/$(public)/$(handle)/api-keys";

/// The cases of section 7.
pub const CASES: &[Case<Step>] = &[
    case("platform-7-deployed", "`*.deployed`", "Artifact, deployment, instant; to the gateway it goes to and no other.")
        .each()
        .given(&[ACME, GW1, LINE1, GW2, LINE2, NEW])
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::Hears("gw1", r#"{"type":"$(event).deployed","payload":{"$(field)":"<uuid7>","deploymentId":"<uuid7>","performedAt":"<millis>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
            Step::Silent("gw2"),
        ]),
    case("platform-7-undeployed", "`*.undeployed`", "The same three, to the deployment's gateway.").each().given(BOTH).steps(&[
        ask("alice", UNDEPLOY, ""),
        status(200),
        Step::Hears("gw1", r#"{"type":"$(event).undeployed","payload":{"$(field)":"$(artifact)","deploymentId":"$(d1)","performedAt":"<millis as later>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
        Step::Differ("at", "later"),
        Step::Silent("gw2"),
    ]),
    case("platform-7-deleted", "`*.deleted`", "The artifact alone, to every gateway of the organisation.").each().given(BOTH).steps(&[
        ask("alice", DELETE, ""),
        status(204),
        Step::Hears("gw1", r#"{"type":"$(event).deleted","payload":{"$(field)":"$(artifact)"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
        Step::Hears("gw2", r#"{"type":"$(event).deleted","payload":{"$(field)":"$(artifact)"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
    ]),
    case("platform-7-deleted-tenant", "`*.deleted`", "A gateway of another organisation hears nothing.")
        .each()
        .given(&[ACME, OTHER, GW9, NEW, &[Step::Connect { line: "gw9", by: "gw9" }, status(101), Step::Hears("gw9", "\"<any>\"")]])
        .steps(&[ask("alice", DELETE, ""), status(204), Step::Silent("gw9")]),
    case("platform-7-key-created-rest", "`apikey.created`", "A REST API's key: hashes are JSON in a text; instants have whole seconds; what isn't there is left out.")
        .of("rest-api")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"hello","name":"one"}"#),
            status(201),
            Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"{\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"}","maskedApiKey":"***hello","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
            Step::Silent("gw2"),
        ]),
    case("platform-7-key-created-all", "`apikey.created`", "With everything that may be said of it.")
        .of("rest-api")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"hello","name":"one","issuer":"us","externalRefId":"ref","expiresAt":"2030-01-01T00:00:00Z"}"#),
            status(201),
            Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"***hello","externalRefId":"ref","expiresAt":"2030-01-01T00:00:00Z","issuer":"us","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        ]),
    case("platform-7-key-expires-in", "`apikey.created`", "A duration becomes an instant.").of("rest-api").given(BOTH).steps(&[
        ask("alice", KEYS, r#"{"apiKey":"hello","name":"one","expiresIn":{"duration":31,"unit":"days"}}"#),
        status(201),
        Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"***hello","expiresAt":"2026-02-01T00:00:00Z","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
    ]),
    case("platform-7-key-created-llm-provider", "`apikey.created`", "An LLM provider's key, under `apiId` too, to every gateway.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, r#"{"name":"one"}"#),
            status(201),
            Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"<text>","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
            Step::InOrder(&["gw2"], "apikey.created"),
        ]),
    case("platform-7-key-created-llm-proxy", "`apikey.created`", "An LLM proxy's key.").of("llm-proxy").given(BOTH).steps(&[
        ask("alice", KEYS, r#"{"name":"one"}"#),
        status(201),
        Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"<text>","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        Step::InOrder(&["gw2"], "apikey.created"),
    ]),
    case("platform-7-key-updated", "`apikey.updated`", "It goes by the key's name and has no identifier.").of("rest-api").given(BOTH).steps(&[
        ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        ask("bob", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello"}"#),
        status(200),
        Step::Hears("gw1", r#"{"type":"apikey.updated","payload":{"apiId":"$(artifact)","keyName":"one","apiKeyHashes":"{\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"}","maskedApiKey":"***hello","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"bob"}"#),
        Step::Silent("gw2"),
    ]),
    case("platform-7-key-revoked", "`apikey.revoked`", "Artifact and name alone.").of("rest-api").given(BOTH).steps(&[
        ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
        status(204),
        Step::Hears("gw1", r#"{"type":"apikey.revoked","payload":{"apiId":"$(artifact)","keyName":"one"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        Step::Silent("gw2"),
    ]),
    case("platform-7-key-revoked-llm", "`apikey.revoked`", "The same when an LLM key is deleted, to every gateway.").of("llm-provider").given(BOTH).steps(&[
        ask("alice", KEYS, r#"{"name":"one"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        Step::InOrder(&["gw2"], "apikey.created"),
        ask("alice", "DELETE /api/v1/llm-providers/openai/api-keys/one", ""),
        status(204),
        Step::Hears("gw1", r#"{"type":"apikey.revoked","payload":{"apiId":"$(artifact)","keyName":"one"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        Step::InOrder(&["gw2"], "apikey.revoked"),
    ]),
    case("platform-7-no-event", "no events", "Nobody hears of creates, updates, templates, deployment deletes, tokens or gateways.")
        .each()
        .given(&[ACME, GW1, LINE1, GW2])
        .steps(&[
            ask("alice", "$(first)", "$(a llm-provider)"),
            ask("alice", "POST /api/v1/$(public)", "$(new)"),
            status(201),
            ask("alice", "PUT /api/v1/$(public)/$(handle)", r#"{"context":"/b"}"#),
            status(200),
            ask("alice", "POST /api/v1/llm-provider-templates", r#"{"id":"other","name":"Other"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/llm-provider-templates/other", ""),
            status(204),
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments", r#"{"name":"one","base":"current","gatewayId":"$(gw2)"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(token1)", ""),
            status(200),
            ask("alice", "DELETE /api/v1/gateways/$(gw2)", ""),
            status(204),
            Step::Silent("gw1"),
        ]),
];
