//! platform.md section 8: bottom-up registration.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, refuses, status};
use super::given::*;

/// An API that the gateway made.
const PUSH: &str = "POST /api/internal/v1/apis/petstore/gateway-deployments?deploymentId=$(nobody)";
/// What it says of it.
const API: &str = r#"{"id":"local-1","configuration":{"version":"v1alpha1","kind":"RestApi","spec":{"name":"Pet store","version":"v1.0","context":"/pets","upstreams":[{"url":"http://up"}],"operations":[{"method":"GET","path":"/*"}]}},"status":"deployed","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","projectIdentifier":"default"}"#;
/// The same for a project that isn't there.
const NO_PROJECT: &str = r#"{"id":"local-1","configuration":{"version":"v1alpha1","kind":"RestApi","spec":{"name":"Pet store","version":"v1.0","context":"/pets","upstreams":[{"url":"http://up"}],"operations":[]}},"status":"deployed","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","projectIdentifier":"none"}"#;
/// The answer to it.
const DONE: &str = r#"{"message":"API deployment registered successfully"}"#;
/// The REST API's own path.
const SHOW: &str = "GET /api/v1/rest-apis/petstore";
/// The gateways it is associated with.
const GATEWAYS: &str = "GET /api/v1/rest-apis/petstore/gateways";

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-8-registration", "POST /apis/{handle}/gateway-deployments", "An unknown handle makes an API in the named project, associated and deployed, and nobody is told.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, GW2, LINE2])
        .steps(&[
            ask("gw1", PUSH, API),
            gives(201, DONE),
            Step::Silent("gw1"),
            Step::Silent("gw2"),
            ask("alice", SHOW, ""),
            gives(200, r#"{"id":"petstore","name":"Pet store","version":"v1.0","context":"/pets","projectId":"$(project)","upstream":{"main":{"url":"http://up"}},"operations":[{"method":"GET","path":"/*"}],"kind":"RestApi","createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7 as d1>", "DEPLOYED", "<nanos>"))),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["kind: RestApi", "name: petstore", "context: /pets", "url: http://up"]),
            ask("alice", GATEWAYS, ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            ask("alice", "GET /api/v1/gateways/$(gw1)/live-proxy-artifacts", ""),
            gives(200, r#"{"count":1,"list":[{"id":"petstore","name":"Pet store","version":"v1.0","kind":"RestApi"}]}"#),
        ]),
    case("platform-8-registration-known", "POST /apis/{handle}/gateway-deployments", "A known handle is deployed as the platform has it.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, &[ask("alice", "PUT /api/v1/rest-apis/petstore", r#"{"context":"/mine"}"#), status(200)]])
        .steps(&[
            ask("gw1", PUSH, API),
            gives(201, DONE),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7 as d1>", "DEPLOYED", "<nanos>"))),
            ask("gw1", "GET /api/internal/v1/apis/$(artifact)", ""),
            Step::Zip("api-$(artifact).yaml", &["context: /mine"]),
        ]),
    case("platform-8-registration-twice", "POST /apis/{handle}/gateway-deployments", "What is deployed already is a 500; what was undeployed is deployed again.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("gw1", PUSH, API),
            refused(500),
            ask("alice", UNDEPLOY, ""),
            status(200),
            ask("gw1", PUSH, API),
            gives(201, DONE),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7 as d2>", "DEPLOYED", "<nanos>"))),
            Step::Differ("d1", "d2"),
        ]),
    case("platform-8-registration-second", "POST /apis/{handle}/gateway-deployments", "A second gateway deploys the same API.")
        .of("rest-api")
        .given(&[ACME, GW1, GW2])
        .steps(&[
            ask("gw1", PUSH, API),
            gives(201, DONE),
            ask("gw2", PUSH, API),
            gives(201, DONE),
            ask("alice", GATEWAYS, ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
            ask("alice", "GET /api/v1/rest-apis", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
        ]),
    case("platform-8-registration-refused", "POST /apis/{handle}/gateway-deployments", "A body that isn't one is refused, an unknown project is a 500, and nothing is made.")
        .of("rest-api")
        .given(&[ACME, GW1])
        .steps(&[
            ask("gw1", PUSH, "{}"),
            refused(400),
            ask("gw1", PUSH, r#"{"configuration":{"kind":"RestApi","spec":{"name":"","version":"v1","context":"/a"}},"projectIdentifier":"default"}"#),
            refused(400),
            ask("gw1", PUSH, r#"{"configuration":{"kind":"LlmProxy","spec":{"name":"A","version":"v1","context":"/a"}},"projectIdentifier":"default"}"#),
            refused(400),
            ask("gw1", PUSH, NO_PROJECT),
            refused(500),
            ask("nobody", PUSH, API),
            refuses(401, "API key is required. Provide 'api-key' header."),
            ask("alice", SHOW, ""),
            refused(404),
        ]),
    case("platform-8-registration-kind", "POST /apis/{handle}/gateway-deployments", "A handle of another kind is no API.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("gw1", "POST /api/internal/v1/apis/openai/gateway-deployments", API), refused(404)]),
    case("platform-8-registration-halves", "POST /apis/{handle}/gateway-deployments", "It takes several transactions: what an earlier one did stays, and another try goes on from there.")
        .of("rest-api")
        .given(&[ACME, GW1])
        .steps(&[
            Step::Fails("platform store.insert-association"),
            ask("gw1", PUSH, API),
            refused(500),
            ask("alice", SHOW, ""),
            status(200),
            ask("alice", GATEWAYS, ""),
            gives(200, r#"{"count":0,"list":[]}"#),
            Step::Fails("platform store.commit-deploy"),
            ask("gw1", PUSH, API),
            refused(500),
            ask("alice", GATEWAYS, ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            ask("gw1", LIST, ""),
            gives(200, r#"{"deployments":[]}"#),
            ask("gw1", PUSH, API),
            gives(201, DONE),
        ]),
];
