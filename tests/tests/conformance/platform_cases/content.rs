//! platform.md section 5: what a definition says; and what a deploy may override in it (section 3.2).

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, status};
use super::given::*;

/// The definition, for `gw1`.
const DEFINITION: &str = "GET /api/internal/v1/$(internal)/$(artifact)";
/// Its file in the zip.
const FILE: &str = "$(file)-$(artifact).yaml";

/// A deploy with this metadata.
macro_rules! with {
    ($metadata:literal) => {
        ask(
            "alice",
            DEPLOYMENTS,
            concat!(r#"{"name":"one","base":"current","gatewayId":"$(gw1)","metadata":"#, $metadata, "}"),
        )
    };
}

/// The artifact says this of itself, is deployed, and its definition has been asked for.
macro_rules! served {
    ($changes:literal) => {
        &[
            ask("alice", "PUT /api/v1/$(public)/$(handle)", $changes),
            status(200),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("gw1", DEFINITION, ""),
            status(200),
        ]
    };
}

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-5-identifier", "definition", "The identifier that gateways use is not in it.")
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[ask("gw1", DEFINITION, ""), status(200), Step::ZipNowhere("$(artifact)"), Step::ZipNowhere("$(d1)")]),
    case("platform-5-rest-api", "REST `spec`", "Name, version, context, plans, virtual hosts, upstreams, policies and operations; the project is a label.")
        .of("rest-api")
        .given(&[
            ACME,
            GW1,
            NEW,
            D1,
            served!(r#"{"subscriptionPlans":["gold"],"upstream":{"main":{"url":"http://main"},"sandbox":{"ref":"sand"}},"policies":[{"name":"cors","version":"v1"}],"operations":[{"method":"GET","path":"/cats","policies":[{"name":"quota","version":"v2"}]}]}"#),
        ])
        .steps(&[
            Step::Zip(FILE, &[
                "project-id: $(project)",
                "displayName: Pet store",
                "version: v1.0",
                "context: /pets",
                "subscriptionPlans:",
                "- gold",
                "vhosts:",
                "main: _gateway_default_",
                "sandbox: _gateway_default_",
                "url: http://main",
                "ref: sand",
                "- name: cors",
                "path: /cats",
                "- name: quota",
            ]),
            Step::ZipNowhere("projectId"),
        ]),
    case("platform-5-rest-api-little", "REST `spec`", "What isn't there isn't said.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("gw1", DEFINITION, ""),
            Step::Zip(FILE, &["vhosts:", "url: http://up"]),
            Step::ZipNowhere("sandbox"),
            Step::ZipNowhere("subscriptionPlans"),
            Step::ZipNowhere("policies"),
        ]),
    case("platform-5-llm-provider", "LLM provider `spec`", "The template by its handle, the upstream without a level between, access control and policies; no label.")
        .of("llm-provider")
        .given(&[
            ACME,
            GW1,
            NEW,
            D1,
            served!(r#"{"context":"/ai","vhost":"ai.example.org","upstream":{"main":{"url":"http://model","auth":{"type":"api-key","header":"x-key"}}},"policies":[{"name":"guard","version":"v1"}],"rateLimiting":{"a":1}}"#),
        ])
        .steps(&[
            Step::Zip(FILE, &[
                "displayName: OpenAI",
                "version: v1.0",
                "context: /ai",
                "vhost: ai.example.org",
                "template: gpt",
                "url: http://model",
                "auth:",
                "header: x-key",
                "accessControl:",
                "mode: allow_all",
                "- name: guard",
            ]),
            Step::ZipNowhere("project-id"),
            Step::ZipNowhere("main:"),
            Step::ZipNowhere("rateLimiting"),
        ]),
    case("platform-5-llm-proxy", "LLM proxy `spec`", "The provider by its handle, and no upstream; no label.")
        .of("llm-proxy")
        .given(&[
            ACME,
            GW1,
            NEW,
            D1,
            served!(r#"{"context":"/chat","vhost":"chat.example.org","provider":{"id":"openai","auth":{"type":"api-key","header":"x-key"}},"policies":[{"name":"guard","version":"v1"}]}"#),
        ])
        .steps(&[
            Step::Zip(FILE, &[
                "displayName: Chat",
                "version: v1.0",
                "context: /chat",
                "vhost: chat.example.org",
                "provider:",
                "id: openai",
                "auth:",
                "header: x-key",
                "- name: guard",
            ]),
            Step::ZipNowhere("upstream"),
            Step::ZipNowhere("project"),
        ]),
    case("platform-5-mcp-proxy", "MCP `spec`", "The upstream without a level between, and the version of its specification; no label.")
        .of("mcp-proxy")
        .given(&[
            ACME,
            GW1,
            NEW,
            D1,
            served!(r#"{"vhost":"mcp.example.org","mcpSpecVersion":"2025-06-18","upstream":{"main":{"url":"http://tools","auth":{"type":"api-key","header":"x-key"}}},"policies":[{"name":"guard","version":"v1"}],"capabilities":{"tools":true}}"#),
        ])
        .steps(&[
            Step::Zip(FILE, &[
                "displayName: Tools",
                "version: v1.0",
                "context: /tools",
                "vhost: mcp.example.org",
                "specVersion: 2025-06-18",
                "url: http://tools",
                "auth:",
                "header: x-key",
                "- name: guard",
            ]),
            Step::ZipNowhere("main:"),
            Step::ZipNowhere("project-id"),
            Step::ZipNowhere("mcpSpecVersion"),
            Step::ZipNowhere("capabilities"),
        ]),
    case("platform-3.2-sandbox-override", "step 2, metadata", "The virtual host of the sandbox is overridden by itself.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, served!(r#"{"upstream":{"main":{"url":"http://main"},"sandbox":{"url":"http://sand"}}}"#)])
        .steps(&[
            with!(r#"{"vhostSandbox":"sand.example.org"}"#),
            status(201),
            ask("gw1", DEFINITION, ""),
            Step::Zip(FILE, &["main: _gateway_default_", "sandbox: sand.example.org", "url: http://main", "url: http://sand"]),
        ]),
    case("platform-3.2-rest-bad-vhost", "step 2, metadata", "A virtual host that is no text is a 500, and nothing is deployed.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            with!(r#"{"vhostMain":7}"#),
            refused(500),
            with!(r#"{"vhostSandbox":{}}"#),
            refused(500),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
    case("platform-3.2-base-override", "step 2, metadata", "Overrides are for the content of a base, too.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", DEPLOYMENTS, r#"{"name":"two","base":"$(d1)","gatewayId":"$(gw1)","metadata":{"endpointUrl":"http://there"}}"#),
            status(201),
            ask("gw1", DEFINITION, ""),
            Step::Zip(FILE, &["url: http://there"]),
            Step::ZipLacks(&["url: http://up"]),
        ]),
    case("platform-3.2-mcp-vhost", "step 2, metadata", "An MCP proxy's endpoint is all that can be overridden.")
        .of("mcp-proxy")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            with!(r#"{"vhostMain":7,"endpointUrl":"http://there"}"#),
            status(201),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7>", "DEPLOYED", "<millis>"))),
            ask("gw1", DEFINITION, ""),
            Step::Zip(FILE, &["url: http://there"]),
            Step::ZipNowhere("vhosts"),
        ]),
    case("platform-3.2-llm-proxy-metadata", "step 2, metadata", "The metadata of LLM proxies is kept and not interpreted.")
        .of("llm-proxy")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            with!(r#"{"endpointUrl":7}"#),
            gives(201, r#"{"deploymentId":"<uuid7>","name":"one","gatewayId":"$(gw1)","status":"DEPLOYED","statusReason":null,"baseDeploymentId":null,"metadata":{"endpointUrl":7},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
        ]),
];
