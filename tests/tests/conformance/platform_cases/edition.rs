//! A platform on the premises, as gateway.md sections 3.4, 6.3 and 7 have it of platform.md sections 6.1 and 8.

use super::super::case::{Case, case};
use super::super::platform::{Step, ask, gives, refused, status};
use super::given::*;

/// It runs on the premises.
const ON_PREMISES: &[(&str, &str)] = &[("edition", "on-premises")];
/// Its base path, as it says itself.
const DISCOVERED: &[Step] = &[
    ask("nobody", "GET /internal/gateway/.well-known", ""),
    gives(200, r#"{"gatewayPath":"<text as base>"}"#),
];

/// The cases.
pub const CASES: &[Case<Step>] = &[
    case(
        "platform-6.1-on-premises",
        "discovery",
        "A platform on the premises says under which path it is found, and is found there.",
    )
    .set(ON_PREMISES)
    .each()
    .given(&[DISCOVERED, ACME, GW1, LINE1, NEW, D1_TOLD])
    .steps(&[
        ask("gw1", "GET $(base)/deployments", ""),
        gives(200, listed!(("$(d1)", "DEPLOYED", "$(at)"))),
        ask("gw1", "GET $(base)/$(internal)/$(artifact)", ""),
        status(200),
        Step::Accepting {
            accept: "application/x-tar+gzip",
            by: "gw1",
            call: "POST $(base)/deployments/fetch-batch",
            body: r#"{"deploymentIds":["$(d1)"]}"#,
        },
        status(200),
        ask("nobody", "GET $(base)/deployments", ""),
        refused(401),
    ]),
    case(
        "platform-6.1-on-premises-other-path",
        "discovery",
        "It is not found where one in the cloud would be: such a path is for users.",
    )
    .set(ON_PREMISES)
    .given(&[ACME, GW1])
    .steps(&[
        ask("gw1", LIST, ""),
        status(401),
        Step::Connect { line: "a", by: "gw1" },
        status(401),
        ask("alice", LIST, ""),
        status(404),
    ]),
    case(
        "platform-8-on-premises",
        "all rows",
        "It has no check of what exists, no plans, no lists of keys and no manifest: 404.",
    )
    .set(ON_PREMISES)
    .given(&[DISCOVERED, ACME, GW1])
    .steps(&[
        ask("gw1", "POST $(base)/artifacts/exists", r#"{"artifactIds":["$(nobody)"]}"#),
        status(404),
        ask("gw1", "GET $(base)/subscription-plans", ""),
        status(404),
        ask("gw1", "GET $(base)/apis/api-keys", ""),
        status(404),
        ask("gw1", "GET $(base)/llm-providers/api-keys", ""),
        status(404),
        ask("gw1", "GET $(base)/llm-proxies/api-keys", ""),
        status(404),
        ask("gw1", "POST $(base)/gateways/$(gw1)/manifest", r#"{"policies":[]}"#),
        status(404),
    ]),
];
