//! gateway.md section 8.6: applications.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Step, refuses};
use super::given::*;

/// `petstore` is here with two keys.
const KEYED: &[&[Step]] = &[
    CLOUD,
    &[
        Step::Holds("RestApi petstore $(petstore) deployed $(d1) $(t1)", Origin::GatewayApi),
        Step::HoldsKey("one $(petstore) $(k1) hash1 alice"),
        Step::HoldsKey("two $(petstore) $(k2) hash2 alice"),
        refuses(API_KEYS, 500),
    ],
    UP,
    SYNCED,
];

/// An event of the application `shop` with these mappings.
macro_rules! updated {
    ($correlation:literal, $mappings:literal) => {
        Step::Tells(concat!(
            r#"{"type":"application.updated","payload":{"applicationId":"shop","applicationUuid":"$(a1)","applicationName":"Shop","applicationType":"genai","mappings":["#,
            $mappings,
            r#"]},"timestamp":"$(t0)","correlationId":""#,
            $correlation,
            r#"","userId":"alice"}"#
        ))
    };
}

/// The cases of applications.
pub const CASES: &[Case<Step>] = &[
    case("gateway-8.6-updated", "one transaction", "The application is stored with its keys, and told of.").given(KEYED).steps(&[
        updated!("$(c3)", r#"{"apiKeyUuid":"$(k1)"},{"apiKeyUuid":"$(k2)"}"#),
        Step::Publishes(&["APPLICATION UPDATE $(a1) $(c3)"]),
        Step::Applications(&["shop $(a1) Shop genai", "$(a1) $(k1)", "$(a1) $(k2)"]),
    ]),
    case("gateway-8.6-replaces", "replaces all mappings", "The keys of the event are all it has.").given(KEYED).steps(&[
        updated!("$(c3)", r#"{"apiKeyUuid":"$(k1)"}"#),
        updated!("$(c4)", r#"{"apiKeyUuid":"$(k2)"}"#),
        Step::Publishes(&["APPLICATION UPDATE $(a1) $(c3)", "APPLICATION UPDATE $(a1) $(c4)"]),
        Step::Applications(&["shop $(a1) Shop genai", "$(a1) $(k2)"]),
    ]),
    case("gateway-8.6-unknown-keys", "unknown key UUIDs", "Keys that aren't here are skipped.").given(KEYED).steps(&[
        updated!("$(c3)", r#"{"apiKeyUuid":"$(k3)"},{"apiKeyUuid":""},{"apiKeyUuid":"$(k1)"}"#),
        Step::Publishes(&["APPLICATION UPDATE $(a1) $(c3)"]),
        Step::Applications(&["shop $(a1) Shop genai", "$(a1) $(k1)"]),
    ]),
    case("gateway-8.6-required", "all four strings required", "Without one of them it is dropped.").given(KEYED).steps(&[
        Step::Tells(r#"{"type":"application.updated","payload":{"applicationId":"","applicationUuid":"$(a1)","applicationName":"Shop","applicationType":"genai","mappings":[]},"timestamp":"$(t0)","correlationId":"$(c3)"}"#),
        Step::Tells(r#"{"type":"application.updated","payload":{"applicationId":"shop","applicationUuid":"","applicationName":"Shop","applicationType":"genai","mappings":[]},"timestamp":"$(t0)","correlationId":"$(c3)"}"#),
        Step::Tells(r#"{"type":"application.updated","payload":{"applicationId":"shop","applicationUuid":"$(a1)","applicationType":"genai","mappings":[]},"timestamp":"$(t0)","correlationId":"$(c3)"}"#),
        Step::Tells(r#"{"type":"application.updated","payload":{"applicationId":"shop","applicationUuid":"$(a1)","applicationName":"Shop","mappings":[]},"timestamp":"$(t0)","correlationId":"$(c3)"}"#),
        Step::Publishes(&[]),
        Step::Applications(&[]),
    ]),
    case("gateway-8.6-fails", "a storage error aborts", "When the transaction fails all is as it was, and nothing is told.").given(KEYED).steps(&[
        updated!("$(c3)", r#"{"apiKeyUuid":"$(k1)"}"#),
        Step::Publishes(&["APPLICATION UPDATE $(a1) $(c3)"]),
        Step::Fails("gw1 store.commit-application"),
        updated!("$(c4)", r#"{"apiKeyUuid":"$(k2)"}"#),
        Step::Publishes(&[]),
        Step::Applications(&["shop $(a1) Shop genai", "$(a1) $(k1)"]),
    ]),
    case("gateway-8.6-revoked-key", "4.1, mapping → api_keys CASCADE", "A key that goes takes its mapping along.").given(KEYED).steps(&[
        updated!("$(c3)", r#"{"apiKeyUuid":"$(k1)"}"#),
        Step::Tells(r#"{"type":"apikey.revoked","payload":{"apiId":"$(petstore)","keyName":"one"},"timestamp":"$(t0)","correlationId":"$(c4)","userId":"alice"}"#),
        Step::Publishes(&["APPLICATION UPDATE $(a1) $(c3)", "API_KEY DELETE $(petstore):$(k1) $(c4)"]),
        Step::Applications(&["shop $(a1) Shop genai"]),
    ]),
];
