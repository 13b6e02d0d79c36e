//! A server that isn't in UTC: platform.md sections 3.9, 6.8, 7, 8.1 and 8.4.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, status};
use super::given::*;

/// Its clocks are those of India.
const INDIA: &[(&str, &str)] = &[("machine.utc_offset", "+05:30")];

/// `gw1` is connected and has `d1`.
const LIVE: &[&[Step]] = &[ACME, GW1, LINE1, NEW, D1_TOLD];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case("platform-6.8-zone", "`timestamp`", "The instant of an envelope is in the server's own zone.")
        .set(INDIA)
        .of("rest-api")
        .given(&[ACME, GW1, LINE1, NEW])
        .steps(&[
            ask("alice", DELETE, ""),
            status(204),
            Step::Hears("gw1", r#"{"type":"api.deleted","payload":"<any>","timestamp":"2026-01-01T05:30:00+05:30","correlationId":"<uuid4>"}"#),
        ]),
    case("platform-6.2-zone", "ack frame", "So is that of the first frame.").set(INDIA).given(&[ACME, GW1]).steps(&[
        Step::Connect { line: "a", by: "gw1" },
        Step::Hears("a", r#"{"type":"connection.ack","gatewayId":"$(gw1)","connectionId":"<uuid4>","timestamp":"2026-01-01T05:30:00+05:30"}"#),
    ]),
    case("platform-7-zone", "performedAt", "An event's instant has the server's offset, and the list has the same text.")
        .set(INDIA)
        .each()
        .given(LIVE)
        .steps(&[
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
            // It is written as clocks in India show it.
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at in India)"))),
        ]),
    case("platform-3.9-zone-kept", "performedAt on SQLite", "An acknowledgement with the text of the event matches; the same instant in UTC doesn't.")
        .set(INDIA)
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
            Step::Says("gw1", ack!("deploy", "failed", "$(d1)", "$(at in UTC)", "api")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "DEPLOYED")),
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            ask("alice", SHOW_D1, ""),
            gives(200, deployment!("$(d1)", "FAILED", r#""GATEWAY_PROCESSING_ERROR""#)),
        ]),
    case("platform-3.9-zone-dropped", "performedAt on Postgres", "Postgres drops the offset, so the list speaks of another instant than the event; an acknowledgement of the event still matches.")
        .set(INDIA)
        .postgres()
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "<millis as listed>"))),
            Step::Differ("listed", "at"),
            Step::Differ("listed", "at in UTC"),
            Step::Says("gw1", ack!("deploy", "failed")),
            Step::Passes(1),
            ask("gw1", LIST, ""),
            gives(200, listed!(("$(d1)", "FAILED", "$(listed)"))),
        ]),
    case("platform-7-zone-keys", "`apikey.created`", "The instants of keys are in the server's zone too.")
        .set(INDIA)
        .of("rest-api")
        .given(LIVE)
        .steps(&[
            ask("alice", "POST /api/v1/rest-apis/petstore/api-keys", r#"{"apiKey":"hello","name":"one"}"#),
            status(201),
            Step::Hears("gw1", r#"{"type":"apikey.created","payload":{"uuid":"<uuid7>","apiId":"$(artifact)","name":"one","apiKeyHashes":"<text>","maskedApiKey":"<text>","createdAt":"2026-01-01T05:30:00+05:30","updatedAt":"2026-01-01T05:30:00+05:30"},"timestamp":"<seconds>","correlationId":"<uuid4>","userId":"alice"}"#),
        ]),
    case("platform-8.1-since-offset", "`since`", "The plus of an offset must be encoded: as it stands it is a space, and no instant.")
        .set(INDIA)
        .of("rest-api")
        .given(&[ACME, GW1, NEW, D1])
        .steps(&[
            ask("gw1", "GET /api/internal/v1/deployments?since=2026-01-01T05:30:00+05:30", ""),
            refused(400),
            ask("gw1", "GET /api/internal/v1/deployments?since=2026-01-01T05:29:59%2B05:30", ""),
            gives(200, listed!(("$(d1)", "DEPLOYED", "$(at1)"))),
            ask("gw1", "GET /api/internal/v1/deployments?since=2026-01-01T05:30:59%2B05:30", ""),
            gives(200, r#"{"deployments":[]}"#),
        ]),
];
