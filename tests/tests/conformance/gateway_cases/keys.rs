//! gateway.md section 7.3: the bulk sync of API keys.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Gives, Step, answers, refuses};
use super::given::*;

/// `petstore` is here, undeployed and made by a local user, so that no sync asks about it.
const PETSTORE: &[Step] =
    &[Step::Holds("RestApi petstore $(petstore) undeployed $(d1) $(t1)", Origin::GatewayApi)];
/// It has a key too, as of `t1`.
const KEYED: &[Step] = &[
    Step::Holds("RestApi petstore $(petstore) undeployed $(d1) $(t1)", Origin::GatewayApi),
    Step::HoldsKey("one $(petstore) $(k1) hash1 alice"),
];
/// The key's row.
const ROW: &str = "one $(petstore) $(k1) active hash1 alice external";
/// A later connect, as far as the keys.
const RECONNECTS: &[&str] =
    &["GET /internal/gateway/.well-known", "GET $(internal base)/ws/gateways/connect"];
/// The artifact of the case's kind is here, made by a local user.
const LOCAL: &[Step] = &[Step::Holds("$(kind) $(handle) $(id) deployed $(d1) $(t1)", Origin::GatewayApi)];

/// A key of the list: identifier, name, artifact, hash, instant of the last change, etag, status.
macro_rules! key {
    ($uuid:literal, $name:literal, $artifact:literal, $hash:literal, $at:literal, $etag:literal) => {
        key!($uuid, $name, $artifact, $hash, $at, $etag, "active")
    };
    ($uuid:literal, $name:literal, $artifact:literal, $hash:literal, $at:literal, $etag:literal, $status:literal) => {
        concat!(
            r#"{"etag":""#,
            $etag,
            r#"","uuid":""#,
            $uuid,
            r#"","name":""#,
            $name,
            r#"","maskedApiKey":"***","apiKeyHashes":{"sha256":""#,
            $hash,
            r#""},"artifactUuid":""#,
            $artifact,
            r#"","status":""#,
            $status,
            r#"","createdAt":"$(t0)","createdBy":"alice","updatedAt":""#,
            $at,
            r#"","expiresAt":null,"source":"external","externalRefId":null}"#
        )
    };
}

/// A list of these.
macro_rules! keys {
    ($first:expr $(, $more:expr)*) => {
        concat!("[", $first, $(",", $more,)* "]")
    };
}

/// The cases of section 7.3.
pub const CASES: &[Case<Step>] = &[
    case("gateway-7.3-apis", "3. for each key", "A listed key is written, and told of under its etag; the artifact's state and origin don't matter.")
        .given(&[CLOUD, PETSTORE, &[answers(API_KEYS, keys!(key!("$(k1)", "one", "$(petstore)", "hash1", "$(t2)", "$(c1)")))], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY CREATE $(petstore):$(k1) $(c1)"]), Step::Keys(&[ROW])]),
    case("gateway-7.3-providers", "2. for kind in", "So are those of LLM providers.")
        .of("llm-provider")
        .given(&[CLOUD, LOCAL, &[answers(PROVIDER_KEYS, keys!(key!("$(k1)", "one", "$(id)", "hash1", "$(t2)", "$(c1)")))], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY CREATE $(id):$(k1) $(c1)"])]),
    case("gateway-7.3-proxies", "2. for kind in", "And those of LLM proxies.")
        .of("llm-proxy")
        .given(&[CLOUD, PROVIDER, LOCAL, &[answers(PROXY_KEYS, keys!(key!("$(k1)", "one", "$(id)", "hash1", "$(t2)", "$(c1)")))], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY CREATE $(id):$(k1) $(c1)"])]),
    case("gateway-7.3-mcp", "Mcp has no key sync", "Keys of MCP proxies are left alone.")
        .of("mcp-proxy")
        .given(&[CLOUD, LOCAL, &[Step::HoldsKey("one $(id) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[Step::Publishes(&[]), Step::Keys(&["one $(id) $(k1) active hash1 alice external"])]),
    case("gateway-7.3-as-new", "3. only if stored updated_at < incoming", "One that isn't newer than what is here changes nothing, and is told of all the same.")
        .given(&[CLOUD, KEYED, &[answers(API_KEYS, keys!(key!("$(k1)", "one", "$(petstore)", "hash2", "$(t1)", "$(c1)")))], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY CREATE $(petstore):$(k1) $(c1)"]), Step::Keys(&[ROW])]),
    case("gateway-7.3-newer", "3. including uuid", "One that is takes the place of the key with its name, identifier and all.")
        .given(&[CLOUD, KEYED, &[answers(API_KEYS, keys!(key!("$(k2)", "one", "$(petstore)", "hash2", "$(t2)", "$(c1)")))], UP, SYNCED])
        .steps(&[
            Step::Publishes(&["API_KEY CREATE $(petstore):$(k2) $(c1)"]),
            Step::Keys(&["one $(petstore) $(k2) active hash2 alice external"]),
        ]),
    case("gateway-7.3-older-namesake", "3. and 4.", "One that is older and has another identifier is not written, and the one that stands in its way is stale: neither is left.")
        .given(&[CLOUD, KEYED, &[answers(API_KEYS, keys!(key!("$(k2)", "one", "$(petstore)", "hash2", "$(t0)", "$(c1)")))], UP, SYNCED])
        .steps(&[
            Step::Publishes(&["API_KEY CREATE $(petstore):$(k2) $(c1)", "API_KEY DELETE $(petstore):$(k1) <uuid7>"]),
            Step::Keys(&[]),
        ]),
    case("gateway-7.3-made-up", "3. and 4.", "So a key that `apikey.updated` made is gone after the next connect, and comes with the one after that.")
        .given(&[CLOUD, PETSTORE, UP, SYNCED])
        .steps(&[
            Step::Passes(5),
            Step::Tells(r#"{"type":"apikey.updated","payload":{"apiId":"$(petstore)","keyName":"one","apiKeyHashes":"{\"sha256\":\"hash1\"}","maskedApiKey":"***","updatedAt":"$(t2)"},"timestamp":"$(t0)","correlationId":"$(c2)","userId":"alice"}"#),
            Step::Publishes(&["API_KEY UPDATE <text> $(c2)"]),
            Step::Keys(&["one $(petstore) <uuid7> active hash1 alice external"]),
            answers(API_KEYS, keys!(key!("$(k1)", "one", "$(petstore)", "hash1", "$(t2)", "$(c1)"))),
            Step::Drops,
            Step::Asks(RECONNECTS),
            Step::Greets,
            Step::Asks(KEYS),
            Step::Passes(1),
            Step::Keys(&[]),
            Step::Drops,
            Step::Asks(RECONNECTS),
            Step::Greets,
            Step::Asks(KEYS),
            Step::Passes(1),
            Step::Keys(&[ROW]),
        ]),
    case("gateway-7.3-dropped", "2. dropped", "One that isn't active, or has no SHA-256, is as if it weren't listed.")
        .given(&[CLOUD, KEYED, &[answers(API_KEYS, concat!(
            "[",
            key!("$(k1)", "one", "$(petstore)", "hash1", "$(t2)", "$(c1)", "revoked"),
            ",",
            key!("$(k2)", "two", "$(petstore)", "", "$(t2)", "$(c2)"),
            r#",{"etag":"$(c3)","uuid":"$(k3)","name":"three","maskedApiKey":"***","apiKeyHashes":{"md5":"hash3"},"artifactUuid":"$(petstore)","status":"active","createdAt":"$(t0)","createdBy":"alice","updatedAt":"$(t2)","expiresAt":null,"source":"external","externalRefId":null}]"#
        ))], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY DELETE $(petstore):$(k1) <uuid7>"]), Step::Keys(&[])]),
    case("gateway-7.3-unwritten", "3. success", "One whose hash another artifact's key has is not written or told of, and its namesake is stale.")
        .given(&[CLOUD, PETSTORE, &[
            Step::HoldsKey("other $(orders) $(k2) hash2 alice"),
            answers(API_KEYS, keys!(
                key!("$(k1)", "one", "$(petstore)", "hash2", "$(t2)", "$(c1)"),
                key!("$(k3)", "three", "$(petstore)", "hash3", "$(t2)", "$(c3)")
            )),
        ], UP, SYNCED])
        .steps(&[
            Step::Publishes(&["API_KEY CREATE $(petstore):$(k3) $(c3)"]),
            Step::Keys(&["other $(orders) $(k2) active hash2 alice external", "three $(petstore) $(k3) active hash3 alice external"]),
        ]),
    case("gateway-7.3-stale", "4. stale", "What isn't listed is deleted, and told of key by key; keys of artifacts that aren't here stay.")
        .given(&[CLOUD, KEYED, &[
            Step::HoldsKey("two $(petstore) $(k2) hash2 bob"),
            Step::HoldsKey("three $(orders) $(k3) hash3 alice"),
        ], UP, SYNCED])
        .steps(&[
            Step::Publishes(&["API_KEY DELETE $(petstore):$(k1) <uuid7>", "API_KEY DELETE $(petstore):$(k2) <uuid7>"]),
            Step::Keys(&["three $(orders) $(k3) active hash3 alice external"]),
        ]),
    case("gateway-7.3-one-statement", "4. in one statement", "When the statement fails all stay, and nothing is told.")
        .given(&[CLOUD, KEYED, &[
            Step::HoldsKey("two $(petstore) $(k2) hash2 alice"),
            Step::Fails("gw1 sync store.delete-stale-keys"),
        ], UP, SYNCED])
        .steps(&[Step::Publishes(&[]), Step::Keys(&[ROW, "two $(petstore) $(k2) active hash2 alice external"])]),
    case("gateway-7.3-no-artifacts", "4. the group has no artifacts", "Without an artifact of the kind nothing is deleted.")
        .given(&[CLOUD, &[Step::HoldsKey("one $(petstore) $(k1) hash1 alice")], UP, SYNCED])
        .steps(&[Step::Publishes(&[]), Step::Keys(&[ROW])]),
    case("gateway-7.3-list-fails", "2. error", "A list that can't be had leaves the keys of its kind alone, and no other's.")
        .given(&[CLOUD, KEYED, &[
            Step::Holds("LlmProvider openai $(openai) deployed $(d2) $(t1)", Origin::GatewayApi),
            Step::HoldsKey("two $(openai) $(k2) hash2 alice"),
            refuses(API_KEYS, 500),
        ], UP, SYNCED])
        .steps(&[Step::Publishes(&["API_KEY DELETE $(openai):$(k2) <uuid7>"]), Step::Keys(&[ROW])]),
    case("gateway-7.3-local-fails", "1. DB error", "When the artifacts here can't be read nobody asks for keys.")
        .given(&[CLOUD, KEYED, &[Step::Fails("gw1 sync store.list-artifacts #2")], UP])
        .steps(&[Step::Passes(2), Step::Keys(&[ROW])]),
    case("gateway-7.3-no-limit", "2: not on bulk syncs", "A user's eleventh key is written by a sync.")
        .given(&[CLOUD, PETSTORE, &[answers(API_KEYS, keys!(
            key!("00000000-0000-7000-8000-000000000001", "n1", "$(petstore)", "h1", "$(t1)", "e1"),
            key!("00000000-0000-7000-8000-000000000002", "n2", "$(petstore)", "h2", "$(t1)", "e2"),
            key!("00000000-0000-7000-8000-000000000003", "n3", "$(petstore)", "h3", "$(t1)", "e3"),
            key!("00000000-0000-7000-8000-000000000004", "n4", "$(petstore)", "h4", "$(t1)", "e4"),
            key!("00000000-0000-7000-8000-000000000005", "n5", "$(petstore)", "h5", "$(t1)", "e5"),
            key!("00000000-0000-7000-8000-000000000006", "n6", "$(petstore)", "h6", "$(t1)", "e6"),
            key!("00000000-0000-7000-8000-000000000007", "n7", "$(petstore)", "h7", "$(t1)", "e7"),
            key!("00000000-0000-7000-8000-000000000008", "n8", "$(petstore)", "h8", "$(t1)", "e8"),
            key!("00000000-0000-7000-8000-000000000009", "n9", "$(petstore)", "h9", "$(t1)", "e9"),
            key!("00000000-0000-7000-8000-00000000000a", "n10", "$(petstore)", "h10", "$(t1)", "e10"),
            key!("00000000-0000-7000-8000-00000000000b", "n11", "$(petstore)", "h11", "$(t1)", "e11")
        ))], UP, SYNCED])
        .steps(&[
            Step::Passes(1),
            Step::Keys(&[
                "n1 $(petstore) <uuid7> active h1 alice external",
                "n2 $(petstore) <uuid7> active h2 alice external",
                "n3 $(petstore) <uuid7> active h3 alice external",
                "n4 $(petstore) <uuid7> active h4 alice external",
                "n5 $(petstore) <uuid7> active h5 alice external",
                "n6 $(petstore) <uuid7> active h6 alice external",
                "n7 $(petstore) <uuid7> active h7 alice external",
                "n8 $(petstore) <uuid7> active h8 alice external",
                "n9 $(petstore) <uuid7> active h9 alice external",
                "n10 $(petstore) <uuid7> active h10 alice external",
                "n11 $(petstore) <uuid7> active h11 alice external",
            ]),
        ]),
    case("gateway-7.3-zero-time", "4. (artifact, name, zero time)", "The second delete of a name within the hour counts as the first, and is not told of.")
        .given(&[CLOUD, KEYED, UP, SYNCED])
        .steps(&[
            Step::Publishes(&["API_KEY DELETE $(petstore):$(k1) <uuid7>"]),
            Step::Tells(r#"{"type":"apikey.created","payload":{"uuid":"$(k2)","apiId":"$(petstore)","name":"one","apiKeyHashes":"{\"sha256\":\"hash2\"}","maskedApiKey":"***","createdAt":"$(t2)","updatedAt":"$(t2)"},"timestamp":"$(t0)","correlationId":"$(c2)","userId":"alice"}"#),
            Step::Publishes(&["API_KEY CREATE $(petstore):$(k2) $(c2)"]),
            Step::Drops,
            Step::Asks(RECONNECTS),
            Step::Greets,
            Step::Asks(KEYS),
            Step::Publishes(&[]),
            Step::Keys(&[]),
        ]),
    case("gateway-7.3-database", "1. configs, POST", "The keys of an artifact that the sync has just brought are synced too.")
        .of("rest-api")
        .given(&[CLOUD, LISTED, &[
            Step::HoldsKey("one $(petstore) $(k1) hash1 alice"),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "$(definition)")])),
        ], UP])
        .steps(&[
            Step::Asks(&[BATCH]),
            Step::Asks(KEYS),
            Step::Publishes(&["API CREATE $(petstore) $(c1)", "API_KEY DELETE $(petstore):$(k1) <uuid7>"]),
        ]),
    case("gateway-7.3-memory", "1. configs, PRE", "Before the fix memory was asked, which doesn't have it yet.")
        .of("rest-api")
        .design("before-fix")
        .given(&[CLOUD, LISTED, &[
            Step::HoldsKey("one $(petstore) $(k1) hash1 alice"),
            Step::Answers(BATCH, 200, Gives::Batch(&[("$(d1)/x.yaml", "$(definition)")])),
        ], UP])
        .steps(&[
            Step::Asks(&[BATCH]),
            Step::Asks(KEYS),
            Step::Publishes(&["API CREATE $(petstore) $(c1)"]),
            Step::Keys(&[ROW]),
        ]),
];
