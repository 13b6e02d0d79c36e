//! platform.md section 2.1: what must be unique, and within what.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, status};
use super::given::*;

/// A new MCP proxy that is called as the pet store is.
const TOOLS_CALLED_PET_STORE: Step = ask(
    "alice",
    "POST /api/v1/mcp-proxies",
    r#"{"id":"other","name":"Pet store","version":"v1.0","upstream":{"main":{"url":"http://up"}}}"#,
);
/// A new LLM provider that is called so.
const PROVIDER_CALLED_PET_STORE: Step = ask(
    "alice",
    "POST /api/v1/llm-providers",
    r#"{"id":"other","name":"Pet store","version":"v1.0","template":"gpt","upstream":{"url":"http://up"},"accessControl":{}}"#,
);
/// A new LLM proxy that is called so.
const PROXY_CALLED_PET_STORE: Step = ask(
    "alice",
    "POST /api/v1/llm-proxies",
    r#"{"id":"other","name":"Pet store","version":"v1.0","projectId":"$(project)","provider":{"id":"openai"}}"#,
);
/// The pet store, and the LLM provider `openai`.
const PET_STORE: &[Step] = &[
    ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"),
    status(201),
    ask("alice", "POST /api/v1/rest-apis", "$(a rest-api)"),
    status(201),
];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-2.1-name-across-kinds", "artifacts", "Name and version are unique across kinds; it is the database that says so, and three services know SQLite's words.")
        .given(&[ACME, PET_STORE])
        .steps(&[
            TOOLS_CALLED_PET_STORE,
            refused(409),
            PROVIDER_CALLED_PET_STORE,
            refused(409),
            PROXY_CALLED_PET_STORE,
            refused(409),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"OpenAI","version":"v1.0","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            refused(500),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"OpenAI","version":"v1.1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
        ]),
    case("platform-2.1-name-across-kinds-postgres", "artifacts", "They don't know those of Postgres: a 500.")
        .postgres()
        .given(&[ACME, PET_STORE])
        .steps(&[TOOLS_CALLED_PET_STORE, refused(500), PROVIDER_CALLED_PET_STORE, refused(500), PROXY_CALLED_PET_STORE, refused(500)]),
    case("platform-2.1-artifact-tenants", "artifacts", "Another organisation may have the same handle, name and version.")
        .of("mcp-proxy")
        .given(&[ACME, OTHER, NEW])
        .steps(&[
            ask("mallory", "POST /api/v1/mcp-proxies", "$(a mcp-proxy)"),
            status(201),
            ask("mallory", DELETE, ""),
            status(204),
            ask("alice", "GET /api/v1/mcp-proxies/tools", ""),
            status(200),
        ]),
    case("platform-2.1-gateway-tenants", "gateways", "Another organisation may have a gateway of the same name.")
        .given(&[ACME, OTHER, GW1])
        .steps(&[
            ask("mallory", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            status(201),
        ]),
    case("platform-2.1-template", "llm_provider_templates", "A handle is taken within the organisation.").given(&[ACME, OTHER]).steps(&[
        ask("alice", "POST /api/v1/llm-provider-templates", r#"{"id":"gpt","name":"Another"}"#),
        refused(409),
        ask("mallory", "POST /api/v1/llm-provider-templates", r#"{"id":"gpt","name":"GPT"}"#),
        status(201),
    ]),
    case("platform-2.1-template-deployments", "llm_provider_templates", "A template is no artifact: it has no deployments and no keys.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "POST /api/v1/llm-provider-templates/gpt/deployments", NOW),
            status(404),
            ask("alice", "POST /api/v1/llm-provider-templates/gpt/api-keys", r#"{"name":"one"}"#),
            status(404),
            ask("alice", "POST /api/v1/llm-providers/gpt/deployments", NOW),
            refused(404),
        ]),
    case("platform-2.1-key-name", "api_keys", "A name has at most 63 characters.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"$(63 letters)"}"#),
            status(201),
            ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"$(63 letters)a"}"#),
            refused(400),
        ]),
    case("platform-2.1-key-artifacts", "api_keys", "It is taken within the artifact.").of("llm-proxy").given(&[ACME, GW1, NEW]).steps(&[
        ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#),
        status(201),
        ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"one"}"#),
        status(201),
        ask("alice", "GET /api/v1/me/api-keys", ""),
        gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
    ]),
    case("platform-2.1-tokens-shown-once", "gateway_tokens", "A token is shown once: a list has identifiers and states.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "GET /api/v1/gateways/$(gw1)/tokens", ""),
            gives(200, r#"[{"id":"$(token1)","status":"active","createdAt":"<nanos>","revokedAt":null}]"#),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(token1)", ""),
            status(200),
            ask("alice", "GET /api/v1/gateways/$(gw1)/tokens", ""),
            gives(200, r#"[{"id":"$(token1)","status":"revoked","createdAt":"<nanos>","revokedAt":"<nanos>"}]"#),
            ask("alice", "GET /api/v1/gateways/$(nobody)/tokens", ""),
            refused(404),
        ]),
    case("platform-3.6-handle-of-another-kind-proxy", "handle taken by another kind", "An LLM proxy's service knows SQLite's words: a 409.")
        .given(&[ACME, PET_STORE])
        .steps(&[
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"petstore","name":"a","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            refused(409),
        ]),
    case("platform-3.6-handle-of-another-kind-proxy-postgres", "handle taken by another kind", "And not those of Postgres: a 500.")
        .postgres()
        .given(&[ACME, PET_STORE])
        .steps(&[
            ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"petstore","name":"a","version":"v1","projectId":"$(project)","provider":{"id":"openai"}}"#),
            refused(500),
        ]),
];
