//! Each situation is seen where it is, and not where it isn't.

use super::{ALL, of};
use crate::run;
use crate::script::Script;

fn seen(head: &str, steps: &str) -> Vec<&'static str> {
    let text = format!("format 1\n{head}\nplatform\ngateway gw1\ngateway gw2\n{steps}\n---\n");
    let plan = Script::parse("steps", &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
    of(&run(&plan).expect("it runs").evidence)
}

/// An API on one gateway, and nothing that happens to it.
const PLAIN: &str = "create rest-api petstore\ndeploy petstore gw1\nsettle";

/// What makes each of them, beside a little that lacks it: what stands above the nodes, what makes it, what doesn't.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("delete-while-a-gateway-is-away", "", "crash gw1\ndelete petstore", "crash gw2\ndelete petstore"),
    ("delete-told-to-several", "", "delete petstore", "crash gw2\nwait 2min\ndelete petstore"),
    (
        "delete-beside-a-deployment",
        "fault \"gw1 event api.deployed petstore 2 http.fetch-api answered\" delay by=1s",
        "when \"gw1 event api.deployed petstore 2 http.fetch-api received\" delete petstore\ndeploy petstore gw1",
        "create rest-api orders\n\
         when \"gw1 event api.deployed petstore 2 http.fetch-api received\" delete orders\ndeploy petstore gw1",
    ),
    (
        "delete-beside-a-deployment",
        "fault \"gw1@2 sync http.fetch-batch answered\" delay by=1s",
        "crash gw1\nupdate petstore\ndeploy petstore gw1\n\
         when \"gw1@2 sync http.fetch-batch received\" delete petstore\nrestart gw1",
        "create rest-api orders\ncrash gw1\nupdate petstore\ndeploy petstore gw1\n\
         when \"gw1@2 sync http.fetch-batch received\" delete orders\nrestart gw1",
    ),
    (
        "handle-reused",
        "",
        "delete petstore\ncreate rest-api petstore",
        "delete petstore\ncreate rest-api orders",
    ),
    ("undeployed", "", "undeploy petstore gw1", "deploy petstore gw1"),
    ("content-replaced", "", "update petstore\ndeploy petstore gw1", "update petstore\ndeploy petstore gw2"),
    ("key-taken-back", "", "create-key petstore key1\nrevoke-key petstore key1", "create-key petstore key1"),
    ("subscribed", "", "subscribe petstore alice", "create-key petstore alice"),
    (
        "key-mapped",
        "",
        "create-key petstore key1\ncreate-application app\nmap-key app petstore key1",
        "create-key petstore key1\ncreate-application app",
    ),
    (
        "deployment-failed",
        "fault \"gw1 event api.deployed petstore 2 http.fetch-api\" fail",
        "deploy petstore gw1",
        "deploy petstore gw2",
    ),
    ("request-failed", "", "crash gw1\nwait 2min\ncreate-key petstore key1", "create-key petstore key1"),
    (
        "two-tenants",
        "",
        "organisation globex\ngateway gw3 organisation=globex\ncreate rest-api globex/petstore\n\
         deploy globex/petstore gw3",
        "organisation globex\ngateway gw3 organisation=globex\ncreate rest-api globex/petstore",
    ),
    (
        "two-replicas-write",
        "set gw1 storage.type=postgres\nset platform websocket.max_connections_per_org=9",
        "replica gw1/b\nsettle\ncrash gw1\nundeploy petstore gw1",
        "replica gw1/b\nsettle\ncrash gw1/b\nundeploy petstore gw1",
    ),
    ("restart-with-artifacts", "", "restart gw1", "restart gw2"),
    ("nothing-to-fetch", "", "restart gw1", "crash gw1\ndeploy petstore gw1\nrestart gw1"),
    (
        "orphan-kept",
        "",
        "undeploy petstore gw1\ndelete-deployment petstore gw1\nrestart gw1",
        "undeploy petstore gw1\nrestart gw1",
    ),
    ("orphan-truly-deleted", "", "crash gw1\ndelete petstore\nrestart gw1", "delete petstore\nrestart gw1"),
    (
        "failed-exists-with-orphans",
        "fault \"gw1@2 http.artifacts-exists\" answer status=503 from=1s",
        "crash gw1\ndelete petstore\nrestart gw1",
        "delete petstore\nrestart gw1",
    ),
    (
        "sync-beside-an-event",
        "",
        "when \"gw1@2 sync http.deployments\" create-key petstore key1\nrestart gw1",
        "create-key petstore key1\nrestart gw1",
    ),
    (
        "sync-beside-an-event",
        "design platform hardened\ndesign gw1 hardened\ndesign gw2 hardened",
        "when \"gw1@2 sync http.deployments\" create-key petstore key1\nrestart gw1",
        "create-key petstore key1\nrestart gw1",
    ),
];

#[test]
fn each_is_seen_where_it_is_and_nowhere_else() {
    for (name, head, with, without) in CASES {
        let [with, without] = [with, without].map(|steps| seen(head, &format!("{PLAIN}\n{steps}\nsettle")));
        assert!(with.contains(name), "{name} isn't seen: {with:?}");
        assert!(!without.contains(name), "{name} is seen where it isn't");
    }
    let mut names: Vec<_> = CASES.iter().map(|(name, ..)| *name).collect();
    names.dedup();
    assert!(ALL.iter().map(|situation| situation.name).eq(names));
}
