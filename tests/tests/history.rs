//! The history of a short run, whole: what crosses, in which order, because of what.

use driftless::run;
use driftless_tests::parse;

#[test]
fn of_a_delete_that_reaches_a_gateway() {
    let script = "format 1\nplatform\ngateway gw1\ncreate rest-api petstore\ndeploy petstore gw1\nsettle\ndelete petstore\nsettle\n---\n";
    let outcome = run(&parse("test", script).plan).expect("the plan runs");
    let crossings = outcome.evidence.history.crossings();
    let from = crossings.iter().position(|c| &*c.address.task == "delete petstore 1").expect("it is deleted");
    let since = &crossings[from..];
    let interesting =
        since.iter().filter(|c| !c.address.site.starts_with("ws.p") && c.address.site != "hub.poll");
    let mut told = String::new();
    for crossing in interesting {
        let causes: Vec<String> = crossing
            .causes
            .iter()
            .filter_map(|id| outcome.evidence.history.get(*id))
            .map(|cause| cause.address.to_string())
            .collect();
        told.push_str(&format!("{}\n", crossing.address));
        causes.iter().for_each(|cause| told.push_str(&format!("    after {cause}\n")));
    }
    insta::assert_snapshot!(told);
}
