//! A property, an operation and an effect that are written outside of the crates: `tests/src/bin/own.rs`.
//!
//! This file is a process of its own, so what it registers is known to no other test. The script is that of
//! `docs/own.md`, whose pieces of code are held to the example.

use std::process::{Command, Output};
use std::sync::OnceLock;

use driftless::bites::{self, Effectiveness};
use driftless::fault::{Effect, EffectKind, Family, Place};
use driftless::outcome::{Evidence, Outcome, Verdict};
use driftless::own::{self, Arguments, Doing, Method, Operation, Refused, Struck, serde_json};
use driftless::parting::{self, Bite};
use driftless::plan::{Action, OfDeployment, Plan};
use driftless::properties::{self, Found, Modality, Property};
use driftless::recording::Recording;
use driftless::script::{Script, golden};
use driftless::shell::Shell;
use driftless::steps::{Hands, expect};
use driftless::{run, transcript};
use driftless_model::cx::Passage;
use driftless_model::wire::kind::Kind;
use driftless_tests::{parse, program, root};

#[allow(dead_code, reason = "its main is the program's")]
#[path = "../src/bin/own.rs"]
mod example;

/// Makes, deploys and undeploys an artifact, and takes it away by requests of its own.
struct Pass;

impl Operation for Pass {
    fn usage(&self) -> &'static str {
        "pass ARTIFACT GATEWAY"
    }

    fn about(&self) -> &'static str {
        "an artifact comes and goes"
    }

    fn gives(&self) -> Option<&'static str> {
        Some("ARTIFACT")
    }

    fn carry_out<'a>(&'a self, hands: &'a Hands<'a>, arguments: &'a Arguments) -> Doing<'a> {
        let [artifact, gateway] = ["ARTIFACT", "GATEWAY"].map(|place| arguments.text(place).to_owned());
        let (kind, handle) = (Kind::RestApi, artifact.clone());
        let of = OfDeployment { artifact: artifact.clone(), gateway: gateway.clone(), deployment: None };
        let actions = [
            Action::Create { kind, artifact: artifact.clone(), provider: None, project: None },
            Action::Deploy { artifact, gateway, base: None },
            Action::Undeploy(of),
            Action::Start { node: "gw2".into(), organisation: None },
        ];
        Box::pin(async move {
            let mut shown = vec![hands.id(&handle).expect_err("it isn't there yet")];
            for action in &actions {
                shown.extend(hands.act(action).await);
            }
            let deployment = hands.id(&format!("{handle}.d1")).expect("it was deployed");
            let api = format!("/rest-apis/{handle}");
            for (site, path) in [
                ("http.delete-deployment", format!("{api}/deployments/{deployment}")),
                ("http.delete-artifact", api.clone()),
                ("http.delete-artifact", api.clone()),
                ("http.no-such", api),
            ] {
                shown.extend(expect(204, hands.request(site, Method::DELETE, &path, &handle, None).await));
            }
            shown
        })
    }
}

/// An operation that is written so, and gives that.
struct Odd(&'static str, Option<&'static str>);

impl Operation for Odd {
    fn usage(&self) -> &'static str {
        self.0
    }

    fn about(&self) -> &'static str {
        "nothing"
    }

    fn gives(&self) -> Option<&'static str> {
        self.1
    }

    fn carry_out<'a>(&'a self, _: &'a Hands<'a>, _: &'a Arguments) -> Doing<'a> {
        Box::pin(async { Vec::new() })
    }
}

/// An effect of that row, which lets pass whatever it meets in a way that can't come of it.
struct OddEffect(&'static EffectKind);

impl own::Effect for OddEffect {
    fn kind(&self) -> &'static EffectKind {
        self.0
    }

    fn strike(&self, _: &Arguments, _: &Struck<'_>) -> Option<Passage> {
        Some(Passage::Twice)
    }
}

const ROW: EffectKind = EffectKind {
    word: "odd",
    family: Family::Crossings,
    place: Place::Classes(&[driftless::sites::Class::Frame]),
    is_point: false,
    takes: &[],
    about: "nothing",
    survives: "everything",
};
const LINK: EffectKind = EffectKind { word: "link", place: Place::Link, ..ROW };
const WINDOW: EffectKind = EffectKind { word: "window", takes: &[("from", "a time", true)], ..ROW };
const BUILT_IN: EffectKind = EffectKind { word: "answer", ..ROW };

/// Registers everything, and says what was refused.
fn registered() -> &'static [String] {
    static REFUSED: OnceLock<Vec<String>> = OnceLock::new();
    REFUSED.get_or_init(|| {
        example::register();
        own::operation::register(&Pass).expect("it is fit");
        own::effect::register(&OddEffect(&ROW)).expect("it is fit");
        let operations: [&'static dyn Operation; 9] = [
            &Odd("pass", None),
            &Odd("deploy ARTIFACT", None),
            &Odd("look", None),
            &Odd("Shout", None),
            &Odd("many ARTIFACT...", None),
            &Odd("twice ARTIFACT ARTIFACT", None),
            &Odd("nothing", Some("ARTIFACT")),
            &Odd("node GATEWAY", Some("GATEWAY")),
            &Odd("late", None),
        ];
        let effects: [&'static dyn own::Effect; 5] = [
            &OddEffect(&ROW),
            &OddEffect(&BUILT_IN),
            &OddEffect(&LINK),
            &OddEffect(&WINDOW),
            &OddEffect(&EffectKind { word: "late", ..ROW }),
        ];
        let properties = [Named("deployments-come-singly"), Named("replicas-agree"), Named("late")];
        let [mine, theirs, belated] = properties.map(|named| &*Box::leak(Box::new(named)));
        let mut refused: Vec<Refused> = Vec::new();
        let [early @ .., late] = operations;
        refused.extend(early.map(own::operation::register).into_iter().filter_map(Result::err));
        let [soon @ .., tardy] = effects;
        refused.extend(soon.map(own::effect::register).into_iter().filter_map(Result::err));
        let taken = [mine, theirs].map(|one| properties::register(one).expect_err("its name is taken"));
        read("fault \"gw1 hub.poll\" lose").expect("a script");
        assert!(properties::names().contains(&"deployments-come-singly"));
        refused.extend(own::operation::register(late).err());
        refused.extend(own::effect::register(tardy).err());
        refused.extend(taken);
        refused.extend(properties::register(belated).err());
        refused.iter().map(ToString::to_string).collect()
    })
}

/// A property of that name that is never violated.
struct Named(&'static str);

impl Property for Named {
    fn name(&self) -> &'static str {
        self.0
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "nothing is amiss"
    }

    fn judge(&self, _: &Evidence) -> Found {
        Found::default()
    }
}

/// A script of that one step, after a platform and a gateway.
fn read(step: &str) -> Result<Script, String> {
    let text = format!("format 1\nplatform\ngateway gw1\ncreate rest-api petstore\n{step}\n---\n");
    Script::parse("own", &text).map_err(|wrong| wrong.iter().map(ToString::to_string).collect())
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/own.md")).expect("the page is there")
}

/// The pieces of the page that begin with a fence like this.
fn pieces(page: &str, fence: &str) -> Vec<String> {
    let begins = |piece: &&str| piece.split_once('\n').is_some_and(|(first, _)| first == fence);
    let inside = page.split("```").skip(1).step_by(2).filter(begins);
    inside.map(|piece| piece[fence.len() + 1..].to_owned()).collect()
}

/// The script of the page.
fn story() -> String {
    let scripts = pieces(&page(), "");
    let [script] = scripts.as_slice() else { panic!("expected one script, not {}", scripts.len()) };
    script.clone()
}

fn plan() -> Plan {
    registered();
    parse("docs/own.md", &story()).plan
}

fn violated(outcome: &Outcome) -> Vec<&str> {
    let judgements = outcome.judgements.iter().filter(|judged| judged.verdict == Verdict::Violated);
    judgements.map(|judged| judged.property).collect()
}

#[test]
fn the_page_shows_the_example() {
    let example = include_str!("../src/bin/own.rs");
    let pieces = pieces(&page(), "rust");
    assert!(pieces.len() >= 4, "the start, a property, an operation, an effect");
    for piece in pieces {
        assert!(example.contains(&piece), "not in the example:\n{piece}");
    }
}

#[test]
fn a_script_with_all_three_says_what_it_says_and_does_it_again() {
    let plan = plan();
    assert_eq!(parse("written", &plan.to_script()).plan, plan);
    let json = serde_json::to_string(&plan).expect("a plan is data");
    assert_eq!(serde_json::from_str::<Plan>(&json).expect("it is read again"), plan);
    for (known, unknown) in [("paged", "pagde"), ("deploy-twice", "deploy-thrice")] {
        let wrong = serde_json::from_str::<Plan>(&json.replace(known, unknown)).expect_err("not registered");
        assert!(wrong.to_string().contains(unknown), "{wrong}");
    }
    let [one, other] = [run(&plan), run(&plan)].map(|outcome| outcome.expect("the plan runs"));
    assert_eq!(one.digest, other.digest);
    for design in plan.designs() {
        let outcome = run(&plan.under(design)).expect("the plan runs");
        let stated: Vec<_> = plan.expect[design].iter().map(String::as_str).collect();
        let mut found = violated(&outcome);
        found.sort_unstable();
        assert_eq!(found, stated, "{design}");
    }
    let shown = parse("docs/own.md", &story()).shown(&transcript::of(&plan, &one));
    let written = golden::transcript(&story(), &shown).expect("it is a script");
    assert_eq!(written, story(), "the page shows what is shown");
}

#[test]
fn work_is_named_after_the_operation_and_the_fault_bites() {
    let plan = plan();
    let outcome = run(&plan).expect("the plan runs");
    let deploys = outcome.evidence.history.crossings().iter().filter(|crossing| {
        *crossing.address.task == *"deploy-twice petstore gw1 1" && crossing.address.site == "http.deploy"
    });
    assert_eq!(deploys.count(), 8, "the four moments of two requests");
    let struck = outcome.faults[0].and_then(|id| outcome.evidence.history.get(id)).expect("it struck");
    assert_eq!(struck.address.to_string(), "gw1@2 sync http.deployments answer-received");
    let bites = bites::of(&plan, &outcome).expect("the plan runs");
    assert!(matches!(bites[0], Effectiveness::Bit(bite) if bite >= Bite::Path), "{bites:?}");
}

#[test]
fn a_window_holds_for_it_and_what_cannot_come_of_a_crossing_does_not() {
    registered();
    let play = |fault: &str| {
        let text = story().replace("paged size=1", "paged size=9");
        let script = parse("own", &text.replace("platform\n", &format!("{fault}\nplatform\n")));
        run(&script.plan).expect("the plan runs")
    };
    let strikes = |outcome: &Outcome| {
        outcome.evidence.history.crossings().iter().filter(|crossing| crossing.fault == Some(1)).count()
    };
    let always = play("fault \"gw1@* http.deployments\" paged size=1 from=0s until=never");
    assert_eq!((always.faults[0], strikes(&always)), (None, 1), "only one list is longer than its page");
    let early = play("fault \"gw1@* http.deployments\" paged size=1 until=1s");
    assert_eq!(strikes(&early), 0);
    let frames = play("fault \"platform ws.send\" odd from=0s");
    assert_eq!(strikes(&frames), 0, "a frame can't be sent twice");
}

#[test]
fn what_an_operation_reaches_it_shows() {
    registered();
    let script = read("pass visitor gw1\nsettle\nprobe gw1 visitor").expect("what it gives can be used");
    let outcome = run(&script.plan).expect("the plan runs");
    assert_eq!(
        outcome.steps[3].lines,
        [
            "nothing is called 'visitor' yet",
            "'gw2' is set up by a step of its own",
            "404: API not found",
            "no answer: 'http.no-such' is no site of a call; expected one that `list sites` has",
        ]
    );
    assert_eq!(outcome.steps[5].lines, ["404"]);
}

#[test]
fn the_shell_and_recorded_histories_know_them() {
    let plan = plan();
    let outcome = run(&plan).expect("the plan runs");
    let content = Recording::write("own", &plan, &outcome).expect("it is written");
    let recording = Recording::read(&content).expect("it is read");
    assert_eq!(parting::first(&outcome, &recording), None);
    let mut shell = Shell::new(Plan::default(), Vec::new()).expect("a plan of nothing can be run");
    for line in plan.to_script().lines().filter(|line| !line.starts_with("expect") && *line != "---") {
        let answer = shell.enter(line);
        assert_eq!(answer.wrong, None, "{line}");
    }
    assert_eq!((&shell.plan().steps, &shell.plan().faults), (&plan.steps, &plan.faults));
    assert_eq!(shell.enter("help pass").lines, ["pass ARTIFACT GATEWAY an artifact comes and goes"]);
}

#[test]
fn its_mistakes_are_told_like_those_of_built_in_commands() {
    registered();
    for (step, expected) in [
        ("deploy-twice petstroe gw1", "own:5:14: there is no artifact 'petstroe'"),
        ("deploy-twice petstore gw1 pause=soon", "own:5:33: 'pause' can't be 'soon'; expected a duration"),
        (
            "deploy-twice petstore",
            "GATEWAY is missing; expected `deploy-twice ARTIFACT GATEWAY [pause=TIME]`",
        ),
        (
            "deploy-twcie petstore gw1",
            "own:5:1: there is no command 'deploy-twcie'; did you mean 'deploy-twice'?",
        ),
        ("pass Petstore gw1", "own:5:6: 'Petstore' can't be a name"),
        ("fault \"gw1 http.api-keys\" paged size=0", "'size' can't be '0'; expected how many to a page"),
        ("fault \"gw1 http.api-keys\" paged", "'size=' is missing; expected `paged size=SIZE`"),
        ("fault \"gw1 http.api-keys\" pagde size=1", "there is no effect 'pagde'; did you mean 'paged'?"),
        ("fault \"gw1 hub.poll\" paged size=1", "'paged' doesn't fit a crossing at hub.poll"),
        ("probe gw1 guest\npass guest gw1", ""),
        ("deploy guest gw1\npass guest gw1", "own:5:8: 'guest' is created only in line 6"),
    ] {
        match read(step) {
            Ok(_) => assert!(expected.is_empty(), "{step} is read; expected {expected}"),
            Err(wrong) => assert!(!expected.is_empty() && wrong.contains(expected), "{wrong}"),
        }
    }
    for step in ["undeploy petstore gw1 deployment=d2", "[12s] deploy petstore gw1"] {
        read(&format!("deploy-twice petstore gw1\n{step}")).expect("what is left behind can be used");
    }
    for start in ["[with] ", "[12s] ", "when \"gw1 sync http.deployments\" "] {
        let script =
            read(&format!("{start}deploy-twice petstore gw1 pause=2s")).expect("it begins like others");
        assert_eq!(parse("written", &script.plan.to_script()).plan, script.plan);
    }
}

#[test]
fn what_is_taken_unfit_or_late_is_refused() {
    let told = registered();
    let expected = [
        "there is an operation 'pass' already",
        "there is an operation 'deploy' already",
        "there is an operation 'look' already",
        "an operation 'Shout' can't be registered: expected small letters",
        "an operation 'many' can't be registered: its usage has 'ARTIFACT...'",
        "an operation 'twice' can't be registered: its usage has 'ARTIFACT' twice",
        "an operation 'nothing' can't be registered: it gives 'ARTIFACT'",
        "an operation 'node' can't be registered: it gives 'GATEWAY'",
        "there is an effect 'odd' already",
        "there is an effect 'answer' already",
        "an effect 'link' can't be registered: expected an effect on crossings",
        "an effect 'window' can't be registered: it takes 'from='",
        "an operation 'late' comes too late",
        "an effect 'late' comes too late",
        "there is a property 'deployments-come-singly' already",
        "there is a property 'replicas-agree' already",
        "a property 'late' comes too late",
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told}; expected {expected}");
    }
}

/// What a program says about the script of the page: all of its lines, and whether it is content.
fn says(program: &str, arguments: &[&str]) -> (String, Option<i32>) {
    let file = root().join("target").join(format!("own-{}", std::process::id()));
    let file = file.with_extension(arguments.join("-"));
    std::fs::create_dir_all(root().join("target")).expect("the folder of the build is writable");
    std::fs::write(&file, story()).expect("it is writable");
    let file_name = file.display().to_string();
    let arguments = arguments.iter().map(|argument| if *argument == "FILE" { &file_name } else { *argument });
    let output: Output = Command::new(program).args(arguments).output().expect("the program runs");
    std::fs::remove_file(&file).expect("it is ours");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (text.concat(), output.status.code())
}

#[test]
fn the_command_knows_them_where_they_are_registered_and_nowhere_else() {
    let own = env!("CARGO_BIN_EXE_own");
    let (said, code) = says(own, &["compare", "FILE"]);
    assert_eq!(code, Some(0), "{said}");
    for (topic, word) in [
        ("commands", "deploy-twice ARTIFACT GATEWAY [pause=TIME]"),
        ("faults", "paged size=SIZE"),
        ("sites", "paged"),
        ("properties", "deployments-come-singly"),
    ] {
        let (said, _) = says(own, &["list", topic]);
        assert!(said.contains(word), "{said}");
        let (said, _) = says(&program().display().to_string(), &["list", topic]);
        assert!(!said.contains(word), "{said}");
    }
    let (said, code) = says(&program().display().to_string(), &["compare", "FILE"]);
    assert_eq!(code, Some(2), "{said}");
    for (place, wrong) in [
        (":3:20", "there is no property 'deployments-come-singly'"),
        (":6:37", "there is no effect 'paged'"),
        (":12:1", "there is no command 'deploy-twice'"),
    ] {
        assert!(said.contains(place) && said.contains(wrong), "{said}");
    }
}

#[test]
fn every_effect_that_is_registered_is_among_all_of_them() {
    registered();
    let words: Vec<_> = Effect::kinds().iter().map(|kind| kind.word).collect();
    assert_eq!(words[Effect::KINDS.len()..], ["paged", "odd"]);
}
