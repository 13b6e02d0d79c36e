//! platform.md section 4: the API for users.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, refuses, status};
use super::given::*;

/// A gateway has `d1` and is connected.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, D1_TOLD];
/// A key of the REST API.
const KEYS: &str = "POST /api/v1/$(public)/$(handle)/api-keys";

/// The cases of section 4.
pub const CASES: &[Case<Step>] = &[
    case("platform-4-no-token", "auth", "Without a token a user is nobody.").given(&[]).steps(&[
        ask("nobody", "GET /api/v1/gateways", ""),
        gives(401, r#"{"error":"Authorization header is required"}"#),
    ]),
    case("platform-4-bad-header", "auth", "A header of another form is refused.").steps(&[
        ask("authorization: Basic YWxpY2U6", "GET /api/v1/gateways", ""),
        gives(401, r#"{"error":"<text>"}"#),
    ]),
    case("platform-4-undecodable", "auth", "A token that can't be decoded is refused.").steps(&[
        ask("authorization: Bearer not-a-token", "GET /api/v1/gateways", ""),
        gives(401, r#"{"error":"<text>"}"#),
    ]),
    case("platform-4-no-organisation", "auth", "A token without an organisation is refused.").steps(&[
        // The claims are `{}`.
        ask("authorization: Bearer e30.e30.e30", "GET /api/v1/gateways", ""),
        gives(401, r#"{"error":"<text>"}"#),
    ]),
    case("platform-4-no-route", "unknown path", "A path that nobody serves is a 401 to nobody and a 404 to users.")
        .steps(&[
            ask("nobody", "GET /internal/gateway/.well-known", ""),
            gives(401, r#"{"error":"Authorization header is required"}"#),
            ask("alice", "GET /internal/gateway/.well-known", ""),
            status(404),
        ]),
    case("platform-4-skip-prefix", "unknown path", "Below a prefix that is exempt it is a 404 to nobody too.")
        .steps(&[ask("nobody", "GET /api/internal/v1/apis/a/b/c", ""), status(404)]),
    case("platform-4-error", "errors", "A refusal has code, reason phrase and description.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "GET /api/v1/gateways/$(nobody)", ""),
            gives(404, r#"{"code":404,"message":"Not Found","description":"<text>"}"#),
        ]),
    case("platform-4-rest-validation", "errors", "A REST API that lacks something is refused in another shape.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","version":"v1","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            gives(400, r#"{"code":400,"title":"Bad Request","details":"<text>","errors":[{"field":"name","reason":"<text>","message":"<text>"}]}"#),
        ]),
    case("platform-4-tenants", "organisation", "Another organisation's artifacts and gateways are unknown.")
        .of("rest-api")
        .given(&[ACME, OTHER, GW1, NEW, D1])
        .steps(&[
            ask("mallory", "GET /api/v1/rest-apis/petstore", ""),
            refused(404),
            ask("mallory", "DELETE /api/v1/rest-apis/petstore", ""),
            refused(404),
            ask("mallory", "GET /api/v1/gateways/$(gw1)", ""),
            refused(404),
            ask("mallory", "POST /api/v1/gateways/$(gw1)/tokens", ""),
            refused(404),
            ask("mallory", "DELETE /api/v1/gateways/$(gw1)", ""),
            refused(404),
        ]),
    case("platform-4.1-organisation", "POST /organizations", "An organisation is made, with a project `default`.")
        .steps(&[
            ask("alice", "POST /api/v1/organizations", r#"{"id":"$(acme)","handle":"acme","name":"Acme","region":"eu"}"#),
            gives(201, r#"{"id":"$(acme)","handle":"acme","name":"Acme","region":"eu","createdAt":"<nanos>"}"#),
            ask("alice", "GET /api/v1/organizations", ""),
            gives(200, r#"{"id":"$(acme)","handle":"acme","name":"Acme","region":"eu","createdAt":"<nanos>"}"#),
            ask("alice", "GET /api/v1/projects", ""),
            gives(200, r#"{"count":1,"list":[{"id":"<any>","name":"default","organizationId":"$(acme)","createdAt":"<nanos>"}]}"#),
        ]),
    case("platform-4.1-organisation-missing", "POST /organizations", "One without a field it needs is refused.").steps(&[
        ask("alice", "POST /api/v1/organizations", r#"{"id":"$(acme)","handle":"acme","region":"eu"}"#),
        refused(400),
        ask("alice", "POST /api/v1/organizations", r#"{"handle":"acme","name":"Acme","region":"eu"}"#),
        refused(400),
    ]),
    case("platform-4.1-organisation-handle", "POST /organizations", "One with a bad handle is refused.").steps(&[
        ask("alice", "POST /api/v1/organizations", r#"{"id":"$(acme)","handle":"Ac me","name":"Acme","region":"eu"}"#),
        refused(400),
    ]),
    case("platform-4.1-organisation-taken", "POST /organizations", "Identifier and handle can be taken.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/organizations", r#"{"id":"$(acme)","handle":"new","name":"A","region":"eu"}"#),
            refused(409),
            ask("alice", "POST /api/v1/organizations", r#"{"id":"$(other)","handle":"acme","name":"A","region":"eu"}"#),
            refused(409),
        ]),
    case("platform-4.1-organisation-unknown", "GET /organizations", "An organisation that doesn't exist is unknown.")
        .steps(&[ask("alice", "GET /api/v1/organizations", ""), refused(404)]),
    case("platform-4.1-project", "POST/GET /projects", "A project is made once.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/projects", r#"{"name":"second"}"#),
        status(201),
        ask("alice", "POST /api/v1/projects", r#"{"name":"second"}"#),
        refused(409),
    ]),
    case("platform-4.1-gateway", "POST /gateways", "A gateway is made, listed and shown.").given(&[ACME, GW1]).steps(&[
        ask("alice", "GET /api/v1/gateways/$(gw1)", ""),
        gives(200, r#"{"id":"$(gw1)","organizationId":"$(acme)","name":"gw1","displayName":"One","vhost":"gw1.example.org","isCritical":false,"functionalityType":"regular","isActive":false,"properties":{},"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
        ask("alice", "GET /api/v1/gateways", ""),
        gives(200, r#"{"count":1,"list":["<any>"]}"#),
    ]),
    case("platform-4.1-gateway-name", "POST /gateways", "A name has 3 to 64 lower-case letters, digits and hyphens, none at an edge.")
        .given(&[ACME])
        .steps(&[
            ask("alice", "POST /api/v1/gateways", r#"{"name":"gw","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            refused(400),
            ask("alice", "POST /api/v1/gateways", r#"{"name":"GW1","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            refused(400),
            ask("alice", "POST /api/v1/gateways", r#"{"name":"-gw1","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            refused(400),
            ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1-","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            refused(400),
            ask("alice", "POST /api/v1/gateways", r#"{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            refused(400),
            ask("alice", "POST /api/v1/gateways", r#"{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
            status(201),
        ]),
    case("platform-4.1-gateway-type", "POST /gateways", "The type is regular, ai or event.").given(&[ACME]).steps(&[
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v","functionalityType":"other"}"#),
        refused(400),
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v","functionalityType":"event"}"#),
        status(201),
    ]),
    case("platform-4.1-gateway-taken", "POST /gateways", "A name can be taken.").given(&[ACME, GW1]).steps(&[
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
        refused(409),
    ]),
    case("platform-4.1-gateway-organisation", "POST /gateways", "A gateway of an unknown organisation is refused.").steps(&[
        ask("alice", "POST /api/v1/gateways", r#"{"name":"gw1","displayName":"G","vhost":"v","functionalityType":"regular"}"#),
        refused(404),
    ]),
    case("platform-4.1-gateway-id", "GET /gateways/{id}", "What is no UUID is a mistake in the request.").given(&[ACME]).steps(&[
        ask("alice", "GET /api/v1/gateways/gw1", ""),
        refused(400),
        ask("alice", "DELETE /api/v1/gateways/gw1", ""),
        refused(400),
    ]),
    case("platform-4.1-delete-gateway", "DELETE /gateways/{id}", "A gateway goes with its tokens and deployments, and without a check.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            refused(404),
            ask("gw1", LIST, ""),
            refuses(401, "Invalid or expired API key"),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
    case("platform-4.1-tokens", "POST /gateways/{id}/tokens", "Two tokens may be active; a third is refused.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "POST /api/v1/gateways/$(gw1)/tokens", ""),
            gives(201, r#"{"id":"<any as second>","token":"<secret as gw1b.token>","createdAt":"<nanos>","message":"<text>"}"#),
            ask("alice", "POST /api/v1/gateways/$(gw1)/tokens", ""),
            refused(400),
            ask("gw1", LIST, ""),
            status(200),
            ask("gw1b", LIST, ""),
            status(200),
            ask("alice", "POST /api/v1/gateways/$(nobody)/tokens", ""),
            refused(404),
        ]),
    case("platform-4.1-revoke", "DELETE /gateways/{id}/tokens/{tokenId}", "A revoked token opens nothing, and makes room for another.")
        .given(&[ACME, GW1])
        .steps(&[
            ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(token1)", ""),
            gives(200, r#"{"message":"<text>"}"#),
            ask("gw1", LIST, ""),
            refuses(401, "Invalid or expired API key"),
            ask("alice", "GET /api/v1/gateways/$(gw1)/tokens", ""),
            gives(200, r#"["<any>"]"#),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)/tokens/$(nobody)", ""),
            refused(404),
            Step::Repeat(2, &[ask("alice", "POST /api/v1/gateways/$(gw1)/tokens", ""), status(201)]),
        ]),
    case("platform-4.2-create", "create", "An artifact is made under its handle, and shown.").each().given(&[ACME]).steps(&[
        ask("alice", "$(first)", "$(a llm-provider)"),
        ask("alice", "POST /api/v1/$(public)", "$(new)"),
        status(201),
        ask("alice", "GET /api/v1/$(public)/$(handle)", ""),
        status(200),
    ]),
    case("platform-4.2-unknown", "read, update, delete", "One that doesn't exist is unknown.").each().given(&[ACME]).steps(&[
        ask("alice", "GET /api/v1/$(public)/none", ""),
        refused(404),
        ask("alice", "PUT /api/v1/$(public)/none", "{}"),
        refused(404),
        ask("alice", "DELETE /api/v1/$(public)/none", ""),
        refused(404),
    ]),
    case("platform-4.2-name-and-version", "create REST API", "Name and version together can be taken.")
        .of("rest-api")
        .given(&[ACME, NEW])
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"Pet store","version":"v1.0","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            refused(409),
            ask("alice", "POST /api/v1/rest-apis", r#"{"id":"b","name":"Pet store","version":"v2.0","context":"/b","projectId":"$(project)","upstream":{"main":{"url":"http://up"}}}"#),
            status(201),
        ]),
    case("platform-4.2-handle-again", "delete", "What was deleted gives its handle back, and the next under it is another.")
        .each()
        .given(LIVE)
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::Hears("gw1", r#"{"type":"$(event).deleted","payload":{"$(field)":"<uuid7 as old>"},"timestamp":"<seconds>","correlationId":"<uuid4>"}"#),
            ask("alice", "POST /api/v1/$(public)", "$(new)"),
            status(201),
            ask("alice", DEPLOYMENTS, NOW),
            gives(201, deployment!("<uuid7 as d2>", "DEPLOYED")),
            Step::Hears("gw1", told!("deployed", "$(d2)")),
            Step::Differ("old", "artifact"),
        ]),
    case("platform-4.2-templates", "LLM template", "A template is made and deleted, but not while a provider uses it.")
        .of("llm-provider")
        .given(&[ACME, NEW])
        .steps(&[
            ask("alice", "DELETE /api/v1/llm-provider-templates/gpt", ""),
            refused(500),
            ask("alice", DELETE, ""),
            status(204),
            ask("alice", "DELETE /api/v1/llm-provider-templates/gpt", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", "DELETE /api/v1/llm-provider-templates/gpt", ""),
            refused(404),
        ]),
    case("platform-4.3-list", "GET /deployments", "A list has a count; it can be asked for one gateway and one status.")
        .each()
        .given(&[ACME, GW1, GW2, NEW, D1, D2])
        .steps(&[
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments", ""),
            gives(200, concat!(r#"{"count":2,"list":["#, deployment!("$(d2)", "DEPLOYED"), ",", deployment!("$(d1)", "ARCHIVED"), "]}")),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments?status=ARCHIVED", ""),
            gives(200, concat!(r#"{"count":1,"list":["#, deployment!("$(d1)", "ARCHIVED"), "]}")),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments?gatewayId=$(gw2)", ""),
            gives(200, r#"{"count":0,"list":[]}"#),
        ]),
    case("platform-4.3-current-first", "GET /deployments", "The current one comes first, then the newest.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, D2])
        .steps(&[
            ask("alice", RESTORE, ""),
            status(200),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments", ""),
            gives(200, concat!(r#"{"count":2,"list":["#, deployment!("$(d1)", "DEPLOYED"), ",", deployment!("$(d2)", "ARCHIVED"), "]}")),
        ]),
    case("platform-4.3-list-bad-status", "GET /deployments", "A status that isn't one is refused.")
        .each()
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", "GET /api/v1/$(public)/$(handle)/deployments?status=GONE", ""), refused(400)]),
    case("platform-4.3-list-limit", "GET /deployments", "At most 20 for a gateway, and the status is looked at after that cut.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            Step::Repeat(22, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments", ""),
            gives(200, r#"{"count":20,"list":["<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>"]}"#),
            ask("alice", "GET /api/v1/rest-apis/petstore/deployments?status=ARCHIVED", ""),
            gives(200, r#"{"count":19,"list":["<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>","<any>"]}"#),
        ]),
    case("platform-4.3-show", "GET /deployments/{deploymentId}", "One is shown; one that doesn't exist is unknown.")
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments/$(nobody)", ""),
            refused(404),
        ]),
    case("platform-4.3-parameters", "POST /deployments/undeploy, restore", "Both parameters are needed, and the zero UUID is none.")
        .each()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(d1)", ""),
            refused(400),
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?gatewayId=$(gw1)", ""),
            refused(400),
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/undeploy?deploymentId=$(zero)&gatewayId=$(gw1)", ""),
            refused(400),
            ask("alice", "POST /api/v1/$(public)/$(handle)/deployments/restore?deploymentId=$(d1)&gatewayId=$(zero)", ""),
            refused(400),
        ]),
    case("platform-4.4-create", "POST /rest-apis/{id}/api-keys", "A key is made with the caller's secret, and what is kept of it is a hash and a mask.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":" open sesame ","name":"one"}"#),
            gives(201, r#"{"status":"success","keyId":"<text>","message":"<text>"}"#),
            Step::InOrder(&["gw1"], "apikey.created"),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"[{"etag":"<uuid7>","uuid":"<uuid7>","name":"one","maskedApiKey":"***esame","apiKeyHashes":{"sha256":"41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb"},"artifactUuid":"$(artifact)","status":"active","createdAt":"<nanos>","createdBy":"alice","updatedAt":"<nanos>","expiresAt":null,"source":"external","externalRefId":null}]"#),
        ]),
    case("platform-4.4-no-associated", "POST /rest-apis/{id}/api-keys", "An API that was never deployed has nobody to tell: 503, and nothing is written.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            refused(503),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, "[]"),
        ]),
    case("platform-4.4-unknown-api", "POST /rest-apis/{id}/api-keys", "A key of an unknown API is refused.")
        .of("rest-api")
        .given(&[ACME])
        .steps(&[ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#), refused(404)]),
    case("platform-4.4-nobody-reached", "POST /rest-apis/{id}/api-keys", "When no gateway is reached it is a 500, and the row stays.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            refused(500),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"["<any>"]"#),
        ]),
    case("platform-4.4-same-name", "POST /rest-apis/{id}/api-keys", "A name can be taken, by a revoked key too: 500.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", KEYS, r#"{"apiKey":"another","name":"one"}"#),
            refused(500),
        ]),
    case("platform-4.4-recipients", "recipients", "Keys of REST APIs go to the gateways the API was deployed to, undeployed or not, and to no others.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD, GW2, LINE2])
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::Hears("gw1", told!("undeployed", "$(d1)")),
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            Step::Silent("gw2"),
        ]),
    case("platform-4.4-update", "PUT /rest-apis/{id}/api-keys/{keyName}", "A key has another secret, and is active again if it was revoked.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            status(204),
            ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello","issuer":"us"}"#),
            status(200),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"[{"etag":"<uuid7>","uuid":"<uuid7>","name":"one","maskedApiKey":"***hello","apiKeyHashes":{"sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"},"artifactUuid":"$(artifact)","status":"active","createdAt":"<nanos>","createdBy":"alice","updatedAt":"<nanos>","expiresAt":null,"source":"external","externalRefId":null,"issuer":"us"}]"#),
        ]),
    case("platform-4.4-unknown-key", "PUT, DELETE /rest-apis/{id}/api-keys/{keyName}", "An unknown name is a 500.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", "PUT /api/v1/rest-apis/petstore/api-keys/one", r#"{"apiKey":"hello"}"#),
            refused(500),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            refused(500),
        ]),
    case("platform-4.4-revoke-unassociated", "DELETE /rest-apis/{id}/api-keys/{keyName}", "Nobody to tell is found out before the write: 503, and the key stays active.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            ask("alice", "DELETE /api/v1/gateways/$(gw1)", ""),
            status(204),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            refused(503),
        ]),
    case("platform-4.4-revoke-unreached", "DELETE /rest-apis/{id}/api-keys/{keyName}", "When no gateway is reached it is a 500, and the key is revoked.")
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#),
            status(201),
            Step::HangUp("gw1"),
            Step::Passes(1),
            ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
            refused(500),
            ask("gw1", "GET /api/internal/v1/apis/api-keys", ""),
            gives(200, r#"[{"etag":"<any>","uuid":"<any>","name":"one","maskedApiKey":"<any>","apiKeyHashes":"<any>","artifactUuid":"<any>","status":"revoked","createdAt":"<any>","createdBy":"<any>","updatedAt":"<any>","expiresAt":"<any>","source":"<any>","externalRefId":"<any>"}]"#),
        ]),
    case("platform-4.4-generate-provider", "POST /llm-providers/{id}/api-keys", "The platform makes the secret, and nobody needs to be reached.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", KEYS, r#"{"name":"one"}"#),
            gives(201, r#"{"status":"success","message":"<text>","keyId":"<text>","apiKey":"<hex64>"}"#),
        ]),
    case("platform-4.4-generate-proxy", "POST /llm-proxies/{id}/api-keys", "The same for LLM proxies.")
        .of("llm-proxy")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", KEYS, r#"{"name":"one"}"#),
            gives(201, r#"{"status":"success","message":"<text>","keyId":"<text>","apiKey":"<hex64>"}"#),
        ]),
    case("platform-4.4-generate-no-gateway", "POST /llm-providers/{id}/api-keys", "An organisation without gateways has nobody to tell: 503.")
        .of("llm-provider")
        .given(&[ACME, NEW])
        .steps(&[ask("alice", KEYS, r#"{"name":"one"}"#), refused(503)]),
    case("platform-4.4-targets", "allowedTargets", "Keys of LLM artifacts go to the gateways that are named, deployed there or not, or to all.")
        .of("llm-provider")
        .given(&[ACME, GW1, LINE1, GW2, LINE2, NEW])
        .steps(&[
            ask("alice", KEYS, r#"{"name":"one","allowedTargets":"gw2"}"#),
            status(201),
            Step::InOrder(&["gw2"], "apikey.created"),
            Step::Silent("gw1"),
            ask("alice", KEYS, r#"{"name":"two","allowedTargets":"ALL"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            Step::InOrder(&["gw2"], "apikey.created"),
            ask("alice", KEYS, r#"{"name":"three","allowedTargets":"gw1,gw2"}"#),
            status(201),
            Step::InOrder(&["gw1"], "apikey.created"),
            Step::InOrder(&["gw2"], "apikey.created"),
            ask("alice", "DELETE /api/v1/llm-providers/openai/api-keys/one", ""),
            status(204),
            Step::InOrder(&["gw2"], "apikey.revoked"),
            Step::Silent("gw1"),
        ]),
    case("platform-4.4-delete-generated", "DELETE /llm-providers/{id}/api-keys/{keyName}", "The row goes, so the name is free again; only the creator may, and nobody needs to be reached.")
        .of("llm-provider")
        .given(&[ACME, GW1, NEW])
        .steps(&[
            ask("alice", KEYS, r#"{"name":"one"}"#),
            status(201),
            ask("bob", "DELETE /api/v1/llm-providers/openai/api-keys/one", ""),
            refused(403),
            ask("alice", "DELETE /api/v1/llm-providers/openai/api-keys/one", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", KEYS, r#"{"name":"one"}"#),
            status(201),
        ]),
    case("platform-4.4-no-mcp-keys", "MCP proxies", "MCP proxies have no key routes.")
        .of("mcp-proxy")
        .given(&[ACME, GW1, NEW])
        .steps(&[ask("alice", KEYS, r#"{"apiKey":"sesame","name":"one"}"#), status(404), ask("alice", "DELETE /api/v1/$(public)/$(handle)/api-keys/one", ""), status(404)]),
];
