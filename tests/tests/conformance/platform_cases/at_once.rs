//! What platform.md says of several at once, and of those who don't wait.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refuses, status};
use super::given::*;

/// A key of `petstore` whose event is larger than what a socket takes that nobody reads from.
macro_rules! large_key {
    ($name:literal) => {
        concat!(
            r#"{"apiKey":"sesame","name":""#,
            $name,
            r#"","externalRefId":"$(sixteenth)$(sixteenth)$(sixteenth)$(sixteenth)"}"#
        )
    };
}
/// The path of keys.
const KEYS: &str = "POST /api/v1/rest-apis/petstore/api-keys";
/// A write to `a` that doesn't end, since nobody reads from it.
const STUCK: &[Step] = &[
    Step::ConnectDeaf { line: "a", by: "gw1" },
    status(101),
    Step::Abandon { by: "alice", call: KEYS, body: large_key!("large") },
    Step::Passes(1),
];
/// What the library says.
const PANIC: &str = "concurrent write to websocket connection";

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-3.2-limit-unlocked", "step 3, no lock", "Two deploys at once may both find room: more than 25 are there, and none went.")
        .of("rest-api")
        .postgres()
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            Step::Repeat(23, &[ask("alice", DEPLOYMENTS, NOW), status(201)]),
            // The 25th and the 26th, of which the later one would find 25.
            Step::Together(&[("alice", DEPLOYMENTS, NOW), ("bob", DEPLOYMENTS, NOW)], &[201, 201]),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "ARCHIVED")),
        ]),
    case("platform-3.4-unlocked", "check and write are two statements", "Two undeploys at once both find it deployed, and the gateway is told twice.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Together(&[("alice", UNDEPLOY, ""), ("bob", UNDEPLOY, "")], &[200, 200]),
            Step::InOrder(&["gw1"], "$(event).undeployed"),
            Step::InOrder(&["gw1"], "$(event).undeployed"),
        ]),
    case("platform-3.5-lost-race-rest", "3. lost race", "Of two deletes of a REST API at once one is a 500.")
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Together(&[("alice", DELETE, ""), ("bob", DELETE, "")], &[204, 500]),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            Step::Silent("gw1"),
        ]),
    case("platform-3.5-lost-race-mcp", "3. lost race", "Of two deletes of an MCP proxy one is a 404.")
        .of("mcp-proxy")
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Together(&[("alice", DELETE, ""), ("bob", DELETE, "")], &[204, 404]),
            Step::InOrder(&["gw1"], "$(event).deleted"),
            Step::Silent("gw1"),
        ]),
    case("platform-6.1-rate-limit", "check 1", "An address may try so often within a minute, and is refused before anything else is looked at.")
        .set(&[("websocket.rate_limit_per_minute", "2")])
        .given(&[ACME, GW1])
        .steps(&[
            Step::Connect { line: "a", by: "nobody" },
            status(401),
            Step::Passes(30),
            Step::Connect { line: "a", by: "gw1" },
            status(101),
            Step::Connect { line: "b", by: "nobody" },
            refuses(429, "Connection rate limit exceeded. Please try again later."),
            // The minute slides: the first attempt is over, the second isn't.
            Step::Passes(31),
            Step::Connect { line: "b", by: "gw1" },
            status(101),
            Step::Connect { line: "c", by: "gw1" },
            status(429),
        ]),
    case("platform-6.1-register", "6. Register", "Of many at once that found room before the upgrade some don't find it after, and are told so in a frame.")
        .set(&[("websocket.max_connections_per_org", "1")])
        .given(&[ACME, GW1])
        .steps(&[
            Step::ConnectTogether(&["a", "b"], "gw1"),
            Step::Hears("a", ACK),
            Step::Hears("b", r#"{"type":"error","code":"ORG_CONNECTION_LIMIT_EXCEEDED","message":"Organization connection limit reached","currentCount":1,"maxAllowed":1}"#),
            Step::Ends("b", "<text as end>"),
            Step::Differ("end", "closed"),
        ]),
    case("platform-6.5-writers", "per-connection exclusion", "A message that finds another one being written to the same connection panics, which is a 500; what was committed stays.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, STUCK])
        .steps(&[
            ask("alice", DEPLOYMENTS, NOW),
            Step::Gives(500, super::super::platform::Body::Empty),
            Step::Panicked(PANIC),
            ask("gw1", LIST, ""),
            gives(200, listed!(("<uuid7 as d2>", "DEPLOYED", "<millis>"))),
            Step::Differ("d1", "d2"),
            // The first one ends once somebody reads.
            Step::Listen("a"),
            Step::Hears("a", ACK),
            Step::InOrder(&["a"], "apikey.created"),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
            Step::InOrder(&["a"], "api.deployed"),
        ]),
    case("platform-6.5-writers-gateways", "per-connection exclusion", "Whoever would have been told after it isn't.")
        .of("rest-api")
        .given(&[ACME, GW2, LINE2, GW1, NEW, D1, STUCK])
        .steps(&[
            // The newest gateway is told first.
            ask("alice", DELETE, ""),
            status(500),
            Step::Panicked(PANIC),
            Step::Silent("gw2"),
            ask("alice", "GET /api/v1/rest-apis/petstore", ""),
            status(404),
        ]),
    case("platform-6.5-ping-waits", "per-connection exclusion", "A ping is no message: it waits, and comes when somebody reads.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, STUCK])
        .steps(&[
            Step::Passes(50),
            Step::Listen("a"),
            Step::Passes(1),
            Step::Pings("a", 1),
            ask("alice", DEPLOYMENTS, NOW),
            status(201),
        ]),
    case("platform-6.5-blocked", "no write deadline", "A request that tells a gateway which doesn't read waits as long as that takes.")
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1, &[Step::ConnectDeaf { line: "a", by: "gw1" }, status(101)]])
        .steps(&[
            Step::Abandon { by: "alice", call: KEYS, body: large_key!("large") },
            Step::Passes(600),
            Step::Listen("a"),
            Step::Hears("a", ACK),
            Step::InOrder(&["a"], "apikey.created"),
        ]),
    case("platform-10-locked", "isolation", "Of two deploys at once SQLite refuses the one that has read before the other wrote: a 500 at once, and nobody is told of it.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Together(&[("alice", DEPLOYMENTS, NOW), ("bob", DEPLOYMENTS, NOW)], &[201, 500]),
            Step::InOrder(&["gw1"], "$(event).deployed"),
            Step::Silent("gw1"),
            ask("alice", "GET /api/v1/$(public)/$(handle)/deployments", ""),
            gives(200, r#"{"count":2,"list":["<any>","<any>"]}"#),
        ]),
    case("platform-10-gone", "request cancellation", "A request goes on when its client has gone.")
        .each()
        .given(&[ACME, GW1, LINE1, NEW, D1_TOLD])
        .steps(&[
            Step::Abandon { by: "alice", call: UNDEPLOY, body: "" },
            Step::Hears("gw1", told!("undeployed", "$(d1)", "<millis as at2>")),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "UNDEPLOYED", "$(at2)"))),
        ]),
];
