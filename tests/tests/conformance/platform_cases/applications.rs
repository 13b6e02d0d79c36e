//! platform.md sections 2.3, 4.5 and 7, as far as they speak of applications and the keys mapped to them.

use super::super::case::{Case, case};
use super::super::platform::{Body, Step, ask, gives, refused, status};
use super::given::*;

/// The artifact is deployed on `gw1`; `gw2` is connected too, and nothing is deployed there. It has a key.
const BOTH: &[&[Step]] = &[ACME, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD, KEY, APP];
/// A new application.
const NEW_APP: &str = "POST /api/v1/applications";
/// The keys of the application.
const KEYS: &str = "POST /api/v1/applications/assistant/api-keys";
/// The key of the artifact, to be mapped.
const ONE: &str = r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"$(handle)"}}]}"#;
/// The key, to be taken away.
const UNMAP: &str = "DELETE /api/v1/applications/assistant/api-keys/one?entityID=$(handle)";

/// A key of the artifact, of which `gw1` and, for an LLM artifact, `gw2` have heard.
const KEY: &[Step] = &[
    ask("alice", "POST /api/v1/$(public)/$(handle)/api-keys", r#"{"apiKey":"sesame","name":"one"}"#),
    status(201),
    Step::Hears(
        "gw1",
        r#"{"type":"apikey.created","payload":{"uuid":"<uuid7 as k1>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"<text>","createdAt":"<seconds>","updatedAt":"<seconds>"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#,
    ),
];

/// The application `assistant`.
const APP: &[Step] = &[
    ask("alice", NEW_APP, r#"{"id":"assistant","name":"Assistant","type":"genai"}"#),
    gives(
        201,
        r#"{"id":"assistant","name":"Assistant","type":"genai","projectId":null,"description":null,"createdAt":"<nanos>","updatedAt":"<nanos>"}"#,
    ),
];

/// What an LLM key's create made `gw2` hear.
const TOLD2: &[Step] = &[Step::InOrder(&["gw2"], "apikey.created")];

/// `application.updated` by `alice` with these mappings.
macro_rules! updated {
    ($name:literal, $mappings:literal) => {
        concat!(
            r#"{"type":"application.updated","payload":{"applicationId":"assistant","applicationUuid":"<uuid4>","applicationName":""#,
            $name, r#"","applicationType":"genai","mappings":"#, $mappings,
            r#"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#
        )
    };
}

/// The list of mappings with that of the key.
const MAPPED: &str = r#"{"count":1,"list":[{"keyId":"one","associatedEntity":{"id":"$(handle)","kind":"$(kind)"},"status":"active"}]}"#;

/// A list without anything.
const NOTHING: &str = r#"{"count":0,"list":[]}"#;

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-2.1-application-type", "applications", "Only `genai` is accepted.").given(&[ACME, APP]).steps(&[
        ask("alice", NEW_APP, r#"{"name":"Assistant","type":"web"}"#),
        refused(400),
        ask("alice", NEW_APP, r#"{"name":"Assistant"}"#),
        refused(400),
        ask("alice", NEW_APP, r#"{"type":"genai"}"#),
        refused(400),
        ask("alice", "PUT /api/v1/applications/assistant", r#"{"type":"web"}"#),
        refused(400),
    ]),
    case("platform-2.1-application-handle", "applications", "A handle is taken within the organisation.").given(&[ACME, OTHER, APP]).steps(&[
        ask("alice", NEW_APP, r#"{"id":"assistant","name":"Other","type":"genai"}"#),
        refused(409),
        ask("mallory", NEW_APP, r#"{"id":"assistant","name":"Assistant","type":"genai"}"#),
        status(201),
    ]),
    case("platform-2.1-application-name", "applications", "A name is taken within its project, and among those without one.")
        .given(&[ACME, APP])
        .steps(&[
            ask("alice", NEW_APP, r#"{"id":"b","name":"Assistant","type":"genai"}"#),
            refused(409),
            ask("alice", NEW_APP, r#"{"id":"b","name":"Assistant","type":"genai","projectId":"$(project)"}"#),
            status(201),
            ask("alice", NEW_APP, r#"{"id":"c","name":"Assistant","type":"genai","projectId":"$(project)"}"#),
            refused(409),
            ask("alice", "POST /api/v1/projects", r#"{"name":"second"}"#),
            gives(201, r#"{"id":"<any as second>","name":"second","organizationId":"$(acme)","createdAt":"<nanos>"}"#),
            ask("alice", NEW_APP, r#"{"id":"c","name":"Assistant","type":"genai","projectId":"$(second)"}"#),
            status(201),
        ]),
    case("platform-2.1-application-project", "applications", "A project must be one of the organisation.").given(&[ACME, OTHER]).steps(&[
        ask("alice", NEW_APP, r#"{"name":"Assistant","type":"genai","projectId":"$(nobody)"}"#),
        refused(404),
        ask("mallory", NEW_APP, r#"{"name":"Assistant","type":"genai","projectId":"$(project)"}"#),
        refused(404),
    ]),
    case("platform-2.3-application", "delete of an application", "Its mappings go along, and nobody is told.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            Step::Repeat(1, TOLD2),
            ask("alice", KEYS, ONE),
            status(201),
            Step::InOrder(&["gw1"], "application.updated"),
            ask("alice", "DELETE /api/v1/applications/assistant", ""),
            Step::Gives(204, Body::Empty),
            Step::Silent("gw1"),
            ask("alice", "DELETE /api/v1/applications/assistant", ""),
            refused(404),
            Step::Repeat(1, APP),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, NOTHING),
        ]),
    case("platform-2.3-mapped-key", "delete of an API key", "A mapping goes with its key, and nobody is told of the application.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            Step::Repeat(1, TOLD2),
            ask("alice", KEYS, ONE),
            status(201),
            Step::InOrder(&["gw1"], "application.updated"),
            ask("alice", "DELETE /api/v1/llm-providers/openai/api-keys/one", ""),
            status(204),
            Step::InOrder(&["gw1"], "apikey.revoked"),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, NOTHING),
        ]),
    case("platform-2.3-mapped-artifact", "delete of an artifact", "A mapping goes with the key's artifact; only the artifact's event is sent.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            Step::Repeat(1, TOLD2),
            ask("alice", KEYS, ONE),
            status(201),
            Step::InOrder(&["gw1"], "application.updated"),
            ask("alice", DELETE, ""),
            status(204),
            Step::InOrder(&["gw1"], "llmprovider.deleted"),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, NOTHING),
        ]),
    case("platform-4.5-application", "/applications", "An application is made, shown, listed, changed and deleted.")
        .given(&[ACME, OTHER, APP])
        .steps(&[
            ask("alice", "GET /api/v1/applications/assistant", ""),
            status(200),
            ask("alice", "GET /api/v1/applications", ""),
            gives(200, r#"{"count":1,"list":["<any>"]}"#),
            ask("mallory", "GET /api/v1/applications/assistant", ""),
            refused(404),
            ask("mallory", "GET /api/v1/applications", ""),
            gives(200, NOTHING),
            ask("alice", "PUT /api/v1/applications/assistant", r#"{"name":"Helper","description":"helps"}"#),
            gives(200, r#"{"id":"assistant","name":"Helper","type":"genai","projectId":null,"description":"helps","createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", NEW_APP, r#"{"name":"Other one","type":"genai"}"#),
            gives(201, r#"{"id":"other-one","name":"Other one","type":"genai","projectId":null,"description":null,"createdAt":"<nanos>","updatedAt":"<nanos>"}"#),
            ask("alice", "PUT /api/v1/applications/assistant", r#"{"name":"Other one"}"#),
            refused(409),
            ask("alice", "PUT /api/v1/applications/none", r#"{"name":"Other"}"#),
            refused(404),
            ask("alice", "DELETE /api/v1/applications/assistant", ""),
            Step::Gives(204, Body::Empty),
            ask("alice", "GET /api/v1/applications/assistant", ""),
            refused(404),
        ]),
    case("platform-4.5-map", "/applications/{appId}/api-keys", "A key is mapped by its name and its artifact, listed, and taken away.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, ONE),
            gives(201, MAPPED),
            ask("alice", KEYS, ONE),
            gives(201, MAPPED),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, MAPPED),
            ask("alice", UNMAP, ""),
            Step::Gives(204, Body::Empty),
            ask("alice", UNMAP, ""),
            refused(404),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, NOTHING),
        ]),
    case("platform-4.5-map-unknown", "/applications/{appId}/api-keys", "Application, artifact and key must be there; one unknown key and none is mapped.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", "POST /api/v1/applications/none/api-keys", ONE),
            refused(404),
            ask("alice", "GET /api/v1/applications/none/api-keys", ""),
            refused(404),
            ask("alice", KEYS, r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"none"}}]}"#),
            refused(404),
            ask("alice", KEYS, r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"openai"}},{"keyId":"two","associatedEntity":{"id":"openai"}}]}"#),
            refused(404),
            ask("alice", KEYS, r#"{"apiKeys":[]}"#),
            refused(400),
            ask("alice", "DELETE /api/v1/applications/assistant/api-keys/one", ""),
            refused(400),
            ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
            gives(200, NOTHING),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-application-create", "`application.updated`", "Not on create.").of("llm-provider").given(BOTH).steps(&[
        ask("alice", NEW_APP, r#"{"name":"Other","type":"genai"}"#),
        status(201),
        Step::Silent("gw1"),
    ]),
    case("platform-4.5-application-revoked", "`application.updated`", "Not on a revoked key, which stays mapped.").of("rest-api").given(BOTH).steps(&[
        ask("alice", KEYS, ONE),
        status(201),
        ask("alice", "DELETE /api/v1/rest-apis/petstore/api-keys/one", ""),
        status(204),
        Step::InOrder(&["gw1"], "apikey.revoked"),
        Step::Silent("gw1"),
        ask("alice", "GET /api/v1/applications/assistant/api-keys", ""),
        gives(200, r#"{"count":1,"list":[{"keyId":"one","associatedEntity":{"id":"petstore","kind":"RestApi"},"status":"revoked"}]}"#),
    ]),
    case("platform-4.5-application-unmapped", "`application.updated`", "A change of an application without keys reaches nobody.").of("llm-provider").given(BOTH).steps(&[
        ask("alice", "PUT /api/v1/applications/assistant", r#"{"name":"Helper"}"#),
        status(200),
        Step::Silent("gw1"),
    ]),
    case("platform-4.5-application-undeployed", "`application.updated`, recipients", "Where the artifact isn't exactly DEPLOYED nobody hears.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", UNDEPLOY, ""),
            status(200),
            Step::InOrder(&["gw1"], "llmprovider.undeployed"),
            ask("alice", KEYS, ONE),
            status(201),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-application-failed", "`application.updated`, recipients", "Nor where it FAILED.").of("llm-provider").given(BOTH).steps(&[
        Step::Says("gw1", r#"{"type":"deployment.ack","payload":{"deploymentId":"$(d1)","artifactId":"$(artifact)","resourceType":"llmprovider","action":"deploy","status":"failed","performedAt":"$(at)","errorCode":"X"}}"#),
        Step::Passes(1),
        ask("alice", KEYS, ONE),
        status(201),
        Step::Silent("gw1"),
    ]),
    case("platform-4.5-application-rest", "`application.updated`, recipients", "A REST API's key is mapped, and alone reaches nobody.")
        .of("rest-api")
        .given(BOTH)
        .steps(&[ask("alice", KEYS, ONE), gives(201, MAPPED), Step::Silent("gw1"), ask("alice", UNMAP, ""), status(204), Step::Silent("gw1")]),
    case("platform-4.5-application-rest-among", "`application.updated`, recipients", "Beside an LLM key it is among the mappings.")
        .of("rest-api")
        .given(&[
            ACME, GW1, LINE1, GW2, LINE2, NEW, D1_TOLD, KEY, APP,
            &[
                ask("alice", "POST /api/v1/llm-providers", "$(a llm-provider)"),
                status(201),
                ask("alice", "POST /api/v1/llm-providers/openai/api-keys", r#"{"name":"two"}"#),
                status(201),
                Step::InOrder(&["gw1"], "apikey.created"),
                Step::InOrder(&["gw2"], "apikey.created"),
                ask("alice", "POST /api/v1/llm-providers/openai/deployments", r#"{"name":"one","base":"current","gatewayId":"$(gw2)"}"#),
                status(201),
                Step::InOrder(&["gw2"], "llmprovider.deployed"),
            ],
        ])
        .steps(&[
            ask("alice", KEYS, r#"{"apiKeys":[{"keyId":"one","associatedEntity":{"id":"petstore"}},{"keyId":"two","associatedEntity":{"id":"openai"}}]}"#),
            status(201),
            Step::Hears("gw2", updated!("Assistant", r#"["<in any order>",{"apiKeyUuid":"$(k1)"},{"apiKeyUuid":"<uuid7>"}]"#)),
            Step::Silent("gw1"),
        ]),
    case("platform-4.5-application-failing", "`application.updated`, recipients", "Where they can't be found out nobody hears, and the change stands.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            Step::Fails("platform store.list-deployed-gateways"),
            ask("alice", KEYS, ONE),
            gives(201, MAPPED),
            Step::Silent("gw1"),
        ]),
    case("platform-6.5-application-again", "retry", "`application.updated` is tried twice.").of("llm-provider").given(BOTH).steps(&[
        Step::Fails("platform ws.send"),
        ask("alice", KEYS, ONE),
        status(201),
        Step::Hears("gw1", updated!("Assistant", r#"[{"apiKeyUuid":"$(k1)"}]"#)),
        Step::Silent("gw1"),
    ]),
    case("platform-7-application-mapped", "`application.updated`", "Handle, identifier, name, type and all mappings, to gateways where the LLM artifact is deployed; it says who acted.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            Step::Repeat(1, TOLD2),
            ask("alice", KEYS, ONE),
            status(201),
            Step::Hears("gw1", updated!("Assistant", r#"[{"apiKeyUuid":"$(k1)"}]"#)),
            Step::Silent("gw2"),
        ]),
    case("platform-7-application-mapped-proxy", "`application.updated`", "The same with an LLM proxy.")
        .of("llm-proxy")
        .given(BOTH)
        .steps(&[
            Step::Repeat(1, TOLD2),
            ask("alice", KEYS, ONE),
            status(201),
            Step::Hears("gw1", updated!("Assistant", r#"[{"apiKeyUuid":"$(k1)"}]"#)),
            Step::Silent("gw2"),
        ]),
    case("platform-7-application-renamed", "`application.updated`", "A change of the application says all of it again.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, ONE),
            status(201),
            Step::InOrder(&["gw1"], "application.updated"),
            ask("alice", "PUT /api/v1/applications/assistant", r#"{"name":"Helper"}"#),
            status(200),
            Step::Hears("gw1", updated!("Helper", r#"[{"apiKeyUuid":"$(k1)"}]"#)),
        ]),
    case("platform-7-application-unmapped", "`application.updated`", "Where only the removed key's artifact is deployed it is heard too, with nothing mapped.")
        .of("llm-provider")
        .given(BOTH)
        .steps(&[
            ask("alice", KEYS, ONE),
            status(201),
            Step::InOrder(&["gw1"], "application.updated"),
            ask("alice", UNMAP, ""),
            status(204),
            Step::Hears("gw1", updated!("Assistant", "[]")),
        ]),
];
