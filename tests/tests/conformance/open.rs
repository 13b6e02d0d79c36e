//! What no case tries, and why; and where the specification leaves open what is right.

use super::case::{Open, open};

/// Not built yet.
const NOT_BUILT: &str = "not built yet";
/// Tried from within.
pub const ACTOR_TEST: &str = "the wire can't show it; an actor test has it";

/// What no case tries.
pub const OPEN: &[Open] = &[
    open(
        "platform-1",
        "the limit of 25 open connections to the database, of which 10 stay",
        "not built: a statement never waits for a connection",
    ),
    open("platform-1", "counters every 10 s", "in logs only"),
    open("platform-1", "shutdown", ACTOR_TEST),
    open("platform-2.1", "custom policies, developer portals", NOT_BUILT),
    open("platform-2.1", "`lifecycle_status`, `status` pending, `salt`", "no answer shows them"),
    open(
        "platform-2.2",
        "organisations and what they have",
        "no route deletes one (section 2.3); an actor test deletes the row",
    ),
    open("platform-2.2", "publication_mappings, gateway_custom_policy_usages", NOT_BUILT),
    open(
        "platform-2.3",
        "project: REST APIs and MCP proxies that are made between the checks and the delete",
        ACTOR_TEST,
    ),
    open("platform-2.4", "a second connection while the first is in use", "tests of the store have it"),
    open("platform-3.5", "a gateway that is made between the list of recipients and the commit", ACTOR_TEST),
    open("platform-3.6", "LLM kinds: update sets the status to pending", "no answer shows that status"),
    open("platform-3.6", "LLM kinds and MCP proxies: no association on a deploy", ACTOR_TEST),
    open("platform-3.6", "WebSubApi by registration", NOT_BUILT),
    open("platform-3.8", "several processes at once; a process without transitional mode", ACTOR_TEST),
    open(
        "platform-6.1",
        "5. a handshake that takes longer than 10 s",
        "a handshake is one write to a fresh connection, which takes no time here; an actor test has it",
    ),
    open("platform-6.2", "registered before it is greeted", ACTOR_TEST),
    open("platform-6.5", "2. a payload that is none", "no event is without one"),
    open("platform-6.5", "delivery statistics and metrics", "in memory and logs only"),
    open(
        "platform-6.6",
        "a panic in the read loop",
        "nothing on the wire makes it panic; an actor test does",
    ),
    open("platform-6.6", "a write holds up the reading behind it, pongs included", ACTOR_TEST),
    open(
        "platform-6.7",
        "a crash leaves `is_active`",
        "scenarios restart platforms; no part of a play does; an actor test stops one",
    ),
    open("platform-7", "`gateway.config.updated`", "never sent"),
    open("platform-8.1", "WebSubApi sorts last", NOT_BUILT),
    open(
        "platform-8.2",
        "random order of the entries",
        "a batch is in the order of the deployments' identifiers, which is one of them",
    ),
    open("platform-8.3", "templates are no artifacts", ACTOR_TEST),
    open("platform-8.4", "keys with unreadable hashes are skipped", "no request makes one"),
    open("platform-8.5", "pages of 1000", "a play would be long; the platform's own tests turn pages"),
    open("platform-8.5", "a token that can't be decrypted", "not built: tokens are kept as they are"),
    open("platform-10", "several processes over one database", ACTOR_TEST),
    open(
        "gateway-2",
        "an empty `controller.controlplane.host`, `insecure_skip_verify`",
        "a platform is a node and speaks without TLS",
    ),
    open("gateway-2", "xDS snapshot rebuild timeout", "no Envoy: a rebuild is two steps in memory"),
    open("gateway-3.1", "2. refuse other versions", "a schema is as old as its database"),
    open("gateway-3.1", "9. secrets, policy definition files", NOT_BUILT),
    open("gateway-3.1", "15. admin and metrics servers", "they decide nothing"),
    open("gateway-4.1", "`websub_apis`, `certificates`, `secrets`", NOT_BUILT),
    open("gateway-5.2", "4. unresolved policies and secrets", NOT_BUILT),
    open("gateway-5.2", "7. topics of a WebSubApi", "not built: WebSub APIs can't be stored"),
    open("gateway-5.2", "LlmProvider hides the text of an error", "logs only"),
    open("gateway-6.2", "a random order of orphans", "drawn; a case can't know the order"),
    open("gateway-6.3", "WebSubApi is never deleted", "not built: it can't be stored"),
    open("gateway-7.3", "issuer filter", "not built: no issuer is configured"),
    open(
        "gateway-8.1",
        "identifiers that are no UUID",
        "the actors know only UUIDs; the platform makes no others",
    ),
    open("gateway-8.4", "what a valid name is", "the rule is not given; any name is taken"),
    open(
        "gateway-8.5",
        "a snapshot set over a newer one, and one spoilt by a missing plan",
        "it needs two tasks at once, or foreign keys that are off; unit tests have them",
    ),
    open(
        "gateway-8.6",
        "keys pushed to the key snapshot as they were before the change",
        "a wire can't see when a key is pushed; unit tests do",
    ),
    open(
        "gateway-10",
        "SQLite with several replicas",
        "not supported, and not refused: plans say `postgres`",
    ),
    open(
        "gateway-11",
        "an ack on a newer connection than its event came from",
        "unreachable: the loop that handles the event is the one that connects again",
    ),
    open("gateway-11", "an API that never comes into memory isn't pushed", "a unit test has it"),
];

/// Where the specification is silent or can be read in two ways.
pub const SILENT: &[(&str, &str)] = &[
    (
        "platform.md 3.2, step 1",
        "whether gateway or handle is looked up first; here the handle, so for an unknown REST API the 500 wins over the 404 of an unknown gateway",
    ),
    (
        "platform.md 3.6",
        "what a REST API's deploy route makes of the handle of another kind (it finds it); here 404",
    ),
    (
        "platform.md 4.3 and 8.1",
        "a parameter that is there and empty (`gatewayId=`, `status=`, `since=`); here 400, but for `issuer`, which is passed over",
    ),
    ("platform.md 2.1", "what a template's taken handle is; here 409"),
    ("platform.md 3.9", "the reason of a failure without `errorCode`; here an empty text"),
    (
        "platform.md 4",
        "the words of all refusals but those of tokens, of the connection limit, of `artifacts/exists` and of a definition that isn't there",
    ),
    (
        "platform.md 4.4",
        "the mask: section 2.1 has 8 characters, section 4.4 an asterisk and the last 5; here three asterisks and the last 5",
    ),
    ("platform.md 4.4", "what `keyId` is; here the key's name, by which the other routes go"),
    ("platform.md 4.4", "the name of a REST API's key without `name`; here from `displayName`, else drawn"),
    ("platform.md 4.4", "a second LLM key under a name; here 409"),
    (
        "platform.md 8.1",
        "which bits of the SHA-256 are in the etag; here the first ten bytes, as `GenerateDeterministicUUIDv7` of the gateway has them",
    ),
    (
        "platform.md 2.1",
        "the default of a plan's `stopOnQuotaReach`; here true; whether a plan goes back to having no throttle; here not",
    ),
    (
        "platform.md 2.3",
        "whether an organisation's quota counts an LLM proxy whose project was deleted; here it does",
    ),
    (
        "platform.md 4.1",
        "`artifactType` of live-proxy-artifacts; here anything but `RestApi` is an empty list",
    ),
    (
        "platform.md 4.2",
        "an association that is there already, or an empty list of them; here passed over, and 400",
    ),
    (
        "platform.md 4.5",
        "the form of a subscription's token (here 64 hex digits), what a PUT may change (here application, plan and status; an empty text takes away), and a missing `subscriberId` (here 400)",
    ),
    ("platform.md 4.5", "GET of subscriptions for users; here there is none"),
    (
        "platform.md 4.5",
        "whether the recipients are read before or after the write; here after it, so whoever comes in between is told",
    ),
    (
        "platform.md 4.5",
        "what `keyId` of a mapping is (here the key's name), a key that is mapped already (here it stays so), the status of the POST (here 201), and whether one unknown key fails all (here it does)",
    ),
    ("platform.md 8", "a manifest without `policies`, or a policy without name or version; here 400"),
    (
        "platform.md 8",
        "what a registration deploys where the handle is known (here what the platform has), which artifact its 404 speaks of (here one of another kind under the handle), and whether it must have an `id` (here not)",
    ),
    ("platform.md 8", "what identifiers that are no UUID are on `/apis/{apiId}`; here unknown"),
    (
        "gateway.md 6.2",
        "what a list is whose members are missing or null: `{}`, `{\"deployments\":null}`, an entry without `deployedAt`. Go's decoder takes them for empty and zero, so `{}` would make an orphan of everything; here they can't be decoded",
    ),
    (
        "gateway.md 6.3",
        "the same for the answer of the exists check: for Go's decoder `{}` and `{\"artifacts\":null}` say of nothing that it exists, and everything asked about would be deleted; here they can't be decoded, and nothing is",
    ),
    (
        "gateway.md 7.3",
        "the same for lists of keys, of plans and of subscriptions: `null` is an empty list for Go's decoder, and everything stale; here it can't be decoded",
    ),
    (
        "gateway.md 8.1",
        "a deploy event whose `performedAt` is no instant: here it can't be parsed, so it is dropped without an ack",
    ),
    (
        "gateway.md 7.1 and 7.2",
        "what `updated_at` of a row is; here the platform's where a sync wrote it and the gateway's clock where an event did. So the DELETE of what a sync brought has the identifier of its CREATE",
    ),
    (
        "gateway.md 7.1",
        "the identifier of a plan's DELETE; here as that of a subscription's, from plan and local `updated_at`",
    ),
    (
        "gateway.md 8.5",
        "an unknown or empty status; here it can't be stored. In `subscription.updated` an empty token, API or status leaves the old one",
    ),
    (
        "gateway.md 8.4",
        "the units of `expiresIn` (here seconds, minutes, hours, days, weeks and months, as for the platform's users), which of it and `expiresAt` goes first (here the instant), and what becomes of an end that can't be understood (here the event is dropped)",
    ),
    (
        "gateway.md 8.4",
        "whether the limit of ten keys holds where `apikey.updated` makes one; here it doesn't",
    ),
    ("gateway.md 8.5", "whether a delete of what isn't here is told of; here it isn't"),
    ("gateway.md 8.6", "which keys are affected; here those that the application had and those that it has"),
    (
        "gateway.md 11",
        "deployed_at, deployment and state of what a local PUT makes its own; here now, none and deployed",
    ),
    ("gateway.md 11", "what a local DELETE of a REST API does; here the full deletion of section 5.3"),
];
