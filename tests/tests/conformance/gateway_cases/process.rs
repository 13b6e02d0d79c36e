//! gateway.md section 3: the life of the process and of its connection, as a platform sees them.

use driftless_model::gateway::tables::Origin;

use super::super::case::{Case, case};
use super::super::gateway::{Gives, Step, answers, refuses};
use super::given::*;

/// Where the gateway asks for the path of its platform.
const DISCOVERY: &str = "GET /internal/gateway/.well-known";
/// Where it connects to a platform in the cloud.
const CONNECT: &str = "GET $(internal base)/ws/gateways/connect";
/// A platform on the premises that has nothing.
const ON_PREMISES: &[Step] =
    &[answers(DISCOVERY, r#"{"gatewayPath":"gw"}"#), answers("GET /gw/deployments", r#"{"deployments":[]}"#)];

/// The cases of section 3.
pub const CASES: &[Case<Step>] = &[
    case("gateway-3.1-served-first", "boot", "What can't be translated at the boot keeps the process from ever calling the platform.")
        .given(&[CLOUD, &[Step::Holds("LlmProvider openai $(openai) deployed $(d1) $(t1) nobody", Origin::ControlPlane)]])
        .steps(&[Step::Boots, Step::Passes(60)]),
    case("gateway-3.1-skip", "boot", "Unless the operator says to go on without.")
        .set(&[("skip_invalid_deployments_on_startup", "true")])
        .given(&[CLOUD, &[
            Step::Holds("LlmProvider openai $(openai) deployed $(d1) $(t1) nobody", Origin::GatewayApi),
        ], UP, SYNCED])
        .steps(&[Step::Artifacts(&["LlmProvider openai $(openai) deployed $(d1) $(t1) gateway_api"])]),
    case("gateway-3.2-close", "shutdown", "A process that is asked to end says goodbye and calls nobody any more.")
        .given(&[CLOUD, UP, SYNCED])
        // The last steps of the boot come after the first call.
        .steps(&[Step::Passes(1), Step::Stops, Step::Ends("closed by the peer: 1000 normal closure"), Step::Passes(60)]),
    case("gateway-3.2-waits", "shutdown", "An event that is being handled is finished; its acknowledgement is lost, and no replica hears of it.")
        .of("rest-api")
        .given(&[CLOUD, UP, SYNCED])
        .steps(&[
            Step::AnswersAfter(10, DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")])),
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Passes(1),
            Step::Stops,
            Step::Ends("closed by the peer: 1000 normal closure"),
            Step::Passes(11),
            Step::Artifacts(&["$(kind) $(handle) $(id) deployed $(d2) $(t2) control_plane"]),
            Step::Publishes(&[]),
        ]),
    case("gateway-3.2-patience", "shutdown", "But nobody waits longer than 15 s.").of("rest-api").given(&[CLOUD, UP, SYNCED]).steps(&[
        Step::AnswersAfter(20, DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")])),
        Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
        Step::Asks(&[DEFINITION]),
        Step::Passes(1),
        Step::Stops,
        Step::Passes(30),
        Step::Artifacts(&[]),
    ]),
    case("gateway-3.3-refused", "HTTP 401", "A refused token is tried again like every other failure; discovery is, too.")
        .given(&[CLOUD, &[refuses(CONNECT, 401)]])
        .steps(&[
            Step::Boots,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Passes(1),
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Passes(2),
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Passes(1),
        ]),
    case("gateway-3.3-lost", "no delay", "A lost connection is made again at once.").given(&[CLOUD, UP, SYNCED]).steps(&[
        Step::Drops,
        Step::Asks(&[DISCOVERY, CONNECT]),
        Step::Greets,
        Step::Asks(KEYS),
    ]),
    case("gateway-3.4-path", "2. resolve URL", "A discovered path is kept: nobody asks for it again, and nobody asks for keys.")
        .given(&[ON_PREMISES])
        .steps(&[
            Step::Boots,
            Step::Asks(&[DISCOVERY, "GET /gw/ws/gateways/connect"]),
            Step::Greets,
            Step::Asks(&["GET /gw/deployments"]),
            Step::Drops,
            Step::Asks(&["GET /gw/ws/gateways/connect"]),
            Step::Greets,
            Step::Passes(1),
        ]),
    case("gateway-3.4-empty-path", "2. resolve URL", "An empty path means the cloud, and so does an answer that can't be read.")
        .given(&[CLOUD, &[answers(DISCOVERY, r#"{"gatewayPath":""}"#)]])
        .steps(&[
            Step::Boots,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(&[LIST]),
            Step::Asks(KEYS),
            answers(DISCOVERY, "no JSON"),
            Step::Drops,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(KEYS),
        ]),
    case("gateway-3.4-late-path", "2. resolve URL", "A path that is found later is kept from then on.")
        .given(&[CLOUD, UP, SYNCED])
        .steps(&[
            answers(DISCOVERY, r#"{"gatewayPath":"/gw/"}"#),
            Step::Drops,
            Step::Asks(&[DISCOVERY, "GET /gw/ws/gateways/connect"]),
            Step::Greets,
            Step::Drops,
            Step::Asks(&["GET /gw/ws/gateways/connect"]),
            Step::Greets,
            Step::Passes(1),
        ]),
    case("gateway-3.4-error-frame", "5. first message", "An error in the place of the acknowledgement ends the attempt; the first that succeeds is the one that syncs.")
        .given(&[CLOUD])
        .steps(&[
            Step::Boots,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Tells(r#"{"type":"error","code":"ORG_CONNECTION_LIMIT_EXCEEDED","message":"no"}"#),
            Step::Passes(1),
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(&[LIST]),
            Step::Asks(KEYS),
        ]),
    case("gateway-3.4-no-ack", "5. first message", "So does silence for 5 s.").given(&[CLOUD]).steps(&[
        Step::Boots,
        Step::Asks(&[DISCOVERY, CONNECT]),
        Step::Passes(6),
        Step::Asks(&[DISCOVERY, CONNECT]),
        Step::Greets,
        Step::Asks(&[LIST]),
        Step::Asks(KEYS),
    ]),
    case("gateway-3.4-handshake", "2: WS handshake timeout", "A platform that doesn't answer the upgrade within 10 s is called again.")
        .given(&[CLOUD, &[Step::AnswersAfter(60, CONNECT, 503, Gives::Text(""))]])
        .steps(&[Step::Boots, Step::Asks(&[DISCOVERY, CONNECT]), Step::Passes(5), Step::Asks(&[DISCOVERY, CONNECT])]),
    case("gateway-3.4-live", "11. live events", "Events are handled while the sync is under way.")
        .of("rest-api")
        .given(&[CLOUD, &[Step::AnswersAfter(20, LIST, 200, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[
            Step::Answers(DEFINITION, 200, Gives::Zip(&[("x.yaml", "$(definition)")])),
            Step::Tells(event!("deployed", "$(d2)", "$(t2)")),
            Step::Asks(&[DEFINITION]),
            Step::Acks(ack!("deploy", "$(d2)", "$(t2)")),
            refuses(EXISTS, 500),
            Step::Passes(15),
            // The list was made before the deploy, and is held against the rows after it.
            Step::Asks(&[EXISTS]),
            Step::Asks(KEYS),
        ]),
    case("gateway-3.4-both-syncs", "8. no mutual exclusion", "A later connect's syncs don't wait for the first one's.")
        .given(&[CLOUD, &[Step::AnswersAfter(20, LIST, 200, Gives::Text(r#"{"deployments":[]}"#))], UP])
        .steps(&[
            Step::Drops,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(KEYS),
            Step::Passes(15),
            Step::Asks(KEYS),
        ]),
    case("gateway-3.4-later-syncs", "8. no mutual exclusion", "Nor for another later one's.")
        .given(&[CLOUD, UP, SYNCED, &[Step::AnswersAfter(20, API_KEYS, 200, Gives::Text("[]"))]])
        .steps(&[
            Step::Overlooks(PROVIDER_KEYS),
            Step::Overlooks(PROXY_KEYS),
            Step::Drops,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(&[API_KEYS]),
            Step::Drops,
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(&[API_KEYS]),
            Step::Passes(1),
        ]),
    case("gateway-3.4-sync-once", "7. sync once", "A sync that failed is not made up for by a later connect.")
        .given(&[CLOUD, &[refuses(LIST, 500)], UP, SYNCED])
        .steps(&[Step::Drops, Step::Asks(&[DISCOVERY, CONNECT]), Step::Greets, Step::Asks(KEYS)]),
    case("gateway-3.5-silence", "heartbeat", "A platform that sends no ping for 35 s is left and called again.")
        .given(&[CLOUD, UP, SYNCED])
        .steps(&[
            Step::Passes(34),
            Step::Asks(&[DISCOVERY, CONNECT]),
            Step::Greets,
            Step::Asks(KEYS),
        ]),
];
