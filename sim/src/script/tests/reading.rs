//! What scripts say.

use std::time::Duration;

use driftless_model::wire::kind::Kind;

use crate::fault::Effect;
use crate::fault::values::Status;
use crate::plan::{Action, Choice, OfDeployment, Role, Setting, Start};
use crate::script::{COMMANDS, CommandRef, Script, agrees_with_goldenscript};

/// Every command, with everything that can be said with it.
const EVERYTHING: &str = r#"# Everything at once.
format 1
seed 7
expect before-fix deletes-reach-every-gateway existing-artifacts-survive
expect first-draft failed-checks-never-delete
set world latency.link.max=5ms
set gw1 event_hub.poll_interval=1s   # more often
design gw2 before-fix
decision gw2 orphans=ask
fault "gw1 sync http.artifacts-exists" answer status=503
fault "platform ws.send ->gw2 petstore #2 received" crash-before
fault "user http.delete-artifact" lose
platform
gateway gw1
[with] gateway gw2
---
ok

create rest-api petstore
create-key petstore key1
deploy petstore gw1
deploy petstore gw1 base=d1
undeploy petstore gw1 deployment=d2
restore petstore gw1
update-key petstore key1
revoke-key petstore key1
delete-deployment petstore gw1 deployment=d1
partition platform gw1
heal
partition gw1 platform direction=to
crash gw1
power-loss gw2
restart gw2 design=before-fix
wait 500ms
[12s] delete petstore
settle
probe gw1 petstore key=key1 token=bob
show gw1
---
404

organisation globex
gateway gw3 organisation=globex
replica gw1/b
create-project globex/pets
create rest-api globex/users project=globex/pets
associate globex/users gw3
update globex/users
delete-project globex/pets
create-plan gold
update-plan gold status=inactive
delete-plan gold
subscribe petstore bob plan=gold
update-subscription petstore bob status=revoked
unsubscribe petstore bob
create-application shop
update-application shop
map-key shop petstore key1
unmap-key shop petstore key1
delete-application shop
create-token gw1
revoke-token gw1 token=token1
delete-gateway gw2
create-local rest-api here gw1
update-local here gw1/b
create-local-key here key1 gw1
revoke-local-key here key1 gw1
delete-local here gw1
when "gw1 sync http.artifacts-exists" wait 1s
stop gw1
---
"#;

#[test]
fn every_command_is_understood() {
    let script = Script::parse("everything", EVERYTHING).expect("a script");
    for (usage, _) in COMMANDS {
        let name = usage.split(' ').next().expect("a usage begins with a name");
        assert!(EVERYTHING.lines().any(|line| line.split(' ').any(|word| word == name)), "{name}");
    }
    let plan = &script.plan;
    assert_eq!((plan.seed, plan.expect.len(), plan.expect["before-fix"].len()), (7, 2, 2));
    let names: Vec<_> = plan.nodes.iter().map(|node| (node.name.as_str(), node.role)).collect();
    let gateways = ["gw1", "gw2", "gw3", "gw1/b"].map(|name| (name, Role::Gateway));
    assert_eq!(names, [&[("platform", Role::Platform)], &gateways[..]].concat());
    assert_eq!(plan.nodes[3].organisation.as_deref(), Some("globex"));
    let orphans = Choice::Decision { name: "orphans".into(), variant: "ask".into() };
    assert_eq!(plan.nodes[2].design, [Choice::Design("before-fix".into()), orphans]);
    let poll = Setting { node: "gw1".into(), name: "event_hub.poll_interval".into(), value: "1s".into() };
    assert_eq!(plan.settings[1], poll);
    let effects: Vec<_> = plan.faults.iter().map(|fault| fault.effect.clone()).collect();
    let answer = Effect::Answer { status: Status(503) };
    assert_eq!(effects, [answer, Effect::CrashBefore { restart: None }, Effect::Lose]);
    assert_eq!(plan.steps[2].start, Start::With);
    assert_eq!(
        plan.steps[3].action,
        Action::Create { kind: Kind::RestApi, artifact: "petstore".into(), provider: None, project: None }
    );
    let of =
        OfDeployment { artifact: "petstore".into(), gateway: "gw1".into(), deployment: Some("d2".into()) };
    assert_eq!(plan.steps[7].action, Action::Undeploy(of));
    let cut = Action::Partition { from: "gw1".into(), to: "platform".into(), both: false };
    assert_eq!(plan.steps[14].action, cut);
    assert_eq!(plan.steps[19].start, Start::At(Duration::from_secs(12)));
}

#[test]
fn commands_lead_to_their_lines_and_steps() {
    let script = Script::parse("everything", EVERYTHING).expect("a script");
    assert_eq!(script.blocks, [0..14, 14..34, 34..63]);
    assert_eq!(script.commands[0], CommandRef { line: 2, step: None });
    assert_eq!(script.commands[11], CommandRef { line: 13, step: Some(0) });
    assert_eq!(script.commands[33], CommandRef { line: 38, step: Some(22) });
    assert_eq!(script.plan.steps.len(), 52);
    let shown = script.shown(&(0..52).map(|step| vec![step.to_string()]).collect::<Vec<_>>());
    assert_eq!((shown.len(), shown[0].len(), shown[33][0].as_str()), (63, 0, "22"));
}

#[test]
fn what_is_read_is_what_is_written() {
    let script = Script::parse("everything", EVERYTHING).expect("a script");
    let text = script.plan.to_script();
    assert_eq!(Script::parse("again", &text).expect("a script").plan, script.plan);
    assert_eq!(agrees_with_goldenscript(&text), Ok(()));
    assert_eq!(agrees_with_goldenscript(EVERYTHING), Ok(()));
    let bare =
        |text: &str| text.lines().filter(|line| line.starts_with("fault")).collect::<Vec<_>>().join("\n");
    assert_eq!(bare(&text), bare(EVERYTHING));
}

#[test]
fn a_refusal_is_a_result_and_no_mistake() {
    for steps in [
        "create rest-api petstore\ndelete petstore\ndelete petstore\ncreate rest-api petstore",
        "create rest-api petstore\ndelete petstore\ndeploy petstore gw1",
        "create rest-api petstore\ndeploy petstore gw1\ndelete-deployment petstore gw1",
        "probe gw1 petstore\ncreate rest-api petstore",
        "restart gw1\ncrash gw1\ncrash gw1",
    ] {
        let text = format!("format 1\nplatform\ngateway gw1\n{steps}\n---\n");
        assert!(Script::parse("refused", &text).is_ok(), "{steps}");
    }
}

#[test]
fn an_order_that_may_be_is_enough() {
    for steps in [
        "create rest-api petstore\n[60s] delete petstore\n[70s] create rest-api petstore",
        "create rest-api petstore\n[70s] create rest-api petstore\n[60s] delete petstore",
        "create rest-api petstore\ndelete petstore\n[with] create rest-api petstore",
        "[60s] heal\npartition gw1 platform",
        "[60s] create rest-api petstore\n[50s] deploy petstore gw1",
        "[60s] deploy petstore gw1\ncreate rest-api petstore",
    ] {
        let text = format!("format 1\nplatform\ngateway gw1\n{steps}\n---\n");
        assert_eq!(Script::parse("orders", &text).err(), None, "{steps}");
    }
}
