//! platform.md sections 2.3 and 4.1, as far as they speak of projects, and what becomes of an artifact whose
//! project is deleted.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, status};
use super::given::*;

/// A second project.
const SECOND: &[Step] = &[
    ask("alice", "POST /api/v1/projects", r#"{"name":"second"}"#),
    gives(
        201,
        r#"{"id":"<uuid7 as second>","name":"second","organizationId":"$(acme)","createdAt":"<nanos>"}"#,
    ),
];
/// An end of the project in which the artifacts are.
const DELETE_PROJECT: &str = "DELETE /api/v1/projects/$(project)";
/// The question whether the artifact exists.
const EXISTS: &str = "POST /api/internal/v1/artifacts/exists";

/// The LLM proxy is deployed, has a key, and its project is gone.
const GHOST: &[&[Step]] = &[
    ACME,
    SECOND,
    GW1,
    LINE1,
    NEW,
    D1_TOLD,
    &[
        ask("alice", "POST /api/v1/llm-proxies/chat/api-keys", r#"{"name":"one"}"#),
        status(201),
        Step::InOrder(&["gw1"], "apikey.created"),
        ask("alice", DELETE_PROJECT, ""),
        Step::Gives(204, Body::Empty),
    ],
];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-4.1-project-shown", "GET /projects/{projectId}", "One is shown; one that doesn't exist, or is another's, is unknown.")
        .given(&[ACME, OTHER, SECOND])
        .steps(&[
            ask("alice", "GET /api/v1/projects/$(second)", ""),
            gives(200, r#"{"id":"$(second)","name":"second","organizationId":"$(acme)","createdAt":"<nanos>"}"#),
            ask("alice", "GET /api/v1/projects/$(nobody)", ""),
            refused(404),
            ask("mallory", "GET /api/v1/projects/$(second)", ""),
            refused(404),
        ]),
    case("platform-4.1-project-renamed", "PUT /projects/{projectId}", "A project gets another name, unless it is taken.")
        .given(&[ACME, SECOND])
        .steps(&[
            ask("alice", "PUT /api/v1/projects/$(second)", r#"{"name":"third"}"#),
            gives(200, r#"{"id":"$(second)","name":"third","organizationId":"$(acme)","createdAt":"<nanos>"}"#),
            ask("alice", "PUT /api/v1/projects/$(second)", r#"{"name":"default"}"#),
            refused(409),
            ask("alice", "PUT /api/v1/projects/$(nobody)", r#"{"name":"x"}"#),
            refused(404),
        ]),
    case("platform-4.1-delete-project", "DELETE /projects/{projectId}", "A project that is empty and not the last goes, and nobody hears of it.")
        .of("rest-api")
        .given(&[ACME, SECOND, GW1, LINE1, NEW])
        .steps(&[
            ask("alice", "DELETE /api/v1/projects/$(second)", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", "DELETE /api/v1/projects/$(second)", ""),
            refused(404),
            ask("alice", "GET /api/v1/projects", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            Step::Silent("gw1"),
        ]),
    case("platform-4.1-delete-last-project", "DELETE /projects/{projectId}", "The last one stays.").given(&[ACME, OTHER]).steps(&[
        ask("alice", DELETE_PROJECT, ""),
        refused(400),
        ask("mallory", DELETE_PROJECT, ""),
        refused(404),
    ]),
    case("platform-4.1-delete-full-project", "DELETE /projects/{projectId}", "One with a REST API stays.")
        .of("rest-api")
        .given(&[ACME, SECOND, NEW])
        .steps(&[
            ask("alice", DELETE_PROJECT, ""),
            refused(400),
            ask("alice", DELETE, ""),
            status(204),
            ask("alice", DELETE_PROJECT, ""),
            status(204),
        ]),
    case("platform-4.1-delete-mcp-project", "DELETE /projects/{projectId}", "And one with an MCP proxy, but not for one that is in none.")
        .of("mcp-proxy")
        .given(&[ACME, SECOND, NEW])
        .steps(&[
            ask("alice", "POST /api/v1/mcp-proxies", r#"{"id":"more","name":"More","version":"v1","context":"/more","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
            ask("alice", DELETE_PROJECT, ""),
            refused(400),
            ask("alice", "DELETE /api/v1/mcp-proxies/more", ""),
            status(204),
            ask("alice", DELETE_PROJECT, ""),
            status(204),
            ask("alice", "GET /api/v1/mcp-proxies/tools", ""),
            status(200),
        ]),
    case("platform-2.3-project-applications", "delete of a project", "Applications in it go along.").given(&[ACME, SECOND]).steps(&[
        ask("alice", "POST /api/v1/applications", r#"{"id":"in","name":"In","type":"genai","projectId":"$(second)"}"#),
        status(201),
        ask("alice", "POST /api/v1/applications", r#"{"id":"out","name":"Out","type":"genai"}"#),
        status(201),
        ask("alice", "DELETE /api/v1/projects/$(second)", ""),
        status(204),
        ask("alice", "GET /api/v1/applications/in", ""),
        refused(404),
        ask("alice", "GET /api/v1/applications/out", ""),
        status(200),
    ]),
    case("platform-2.3-project-proxy", "delete of a project", "The details of LLM proxies go along, unasked, and nobody is told.")
        .of("llm-proxy")
        .given(GHOST)
        .steps(&[
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/llm-proxies/chat", ""),
            refused(404),
            ask("alice", "GET /api/v1/llm-proxies", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            ask("alice", "PUT /api/v1/llm-proxies/chat", "{}"),
            refused(404),
        ]),
    case("platform-2.3-project-proxy-exists", "delete of a project", "The artifact stays: it exists, is listed with its deployment and its keys, and its definition is served.")
        .of("llm-proxy")
        .given(GHOST)
        .steps(&[
            ask("gw1", EXISTS, r#"{"artifactIds":["$(artifact)"]}"#),
            gives(200, r#"{"artifacts":[{"artifactId":"$(artifact)","exists":true}]}"#),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
            ask("gw1", "GET /api/internal/v1/llm-proxies/$(artifact)", ""),
            Step::Zip("llm-proxy-$(artifact).yaml", &["name: chat"]),
            ask("gw1", "GET /api/internal/v1/llm-proxies/api-keys", ""),
            gives(200, r#"["<any>"]"#),
        ]),
    case("platform-2.3-project-proxy-routes", "delete of a project", "No route of its kind finds it: it can be neither undeployed nor deleted.")
        .of("llm-proxy")
        .given(GHOST)
        .steps(&[
            ask("alice", DELETE, ""),
            refused(404),
            ask("alice", UNDEPLOY, ""),
            refused(404),
            ask("alice", DEPLOYMENTS, NOW),
            refused(404),
            ask("alice", DELETE_D1, ""),
            refused(404),
            ask("alice", "GET /api/v1/llm-proxies/chat/deployments", ""),
            refused(404),
            ask("alice", "DELETE /api/v1/llm-proxies/chat/api-keys/one", ""),
            refused(404),
            Step::Silent("gw1"),
        ]),
    case("platform-2.3-project-proxy-handle", "delete of a project", "Its handle stays taken.").of("llm-proxy").given(GHOST).steps(&[
        ask("alice", "POST /api/v1/llm-proxies", r#"{"id":"chat","name":"Chat again","version":"v1.0","projectId":"$(second)","provider":{"id":"openai"}}"#),
        refused(409),
    ]),
    case("platform-2.3-project-proxy-provider", "delete of a project", "What held its provider is gone.").of("llm-proxy").given(GHOST).steps(&[
        ask("alice", "DELETE /api/v1/llm-providers/openai", ""),
        Step::Gives(204, Body::Empty),
        Step::InOrder(&["gw1"], "llmprovider.deleted"),
    ]),
    case("platform-2.3-project-proxy-gateway", "delete of a project", "Only with its gateway its deployments go.").of("llm-proxy").given(GHOST).steps(&[
        ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
        status(204),
        ask("gw1", LIST, ""),
        refused(401),
    ]),
];
