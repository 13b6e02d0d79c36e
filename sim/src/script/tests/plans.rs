//! Plans are read as they were written.

use std::time::Duration;

use driftless_model::design::Design;
use driftless_model::wire::kind::Kind;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::fault::effect::sample;
use crate::fault::{Effect, Fault, Moment, Target, Window};
use crate::plan::{
    Action, Change, Choice, KeyChange, LocalChange, Node, OfDeployment, Plan, PlanChange, Role, Setting,
    Start, Step, SubscriptionChange, SubscriptionStatus,
};
use crate::script::{Script, agrees_with_goldenscript};

const GATEWAYS: [&str; 3] = ["gw1", "gw2", "far-away"];
const REPLICA: &str = "gw1/b";
const ARTIFACTS: [&str; 3] = ["petstore", "globex/users", "2nd-api"];

fn artifact() -> impl Strategy<Value = String> {
    select(&ARTIFACTS[..]).prop_map(str::to_owned)
}

fn gateway() -> impl Strategy<Value = String> {
    select(&GATEWAYS[..]).prop_map(str::to_owned)
}

fn replica() -> impl Strategy<Value = String> {
    prop_oneof![gateway(), Just(REPLICA.to_owned())]
}

fn node() -> impl Strategy<Value = String> {
    prop_oneof![gateway(), Just("platform".to_owned()), Just(REPLICA.to_owned())]
}

fn time() -> impl Strategy<Value = Duration> {
    let unit = select(vec![1, 1_000, 1_000_000, 60_000_000, 3_600_000_000]);
    (0..5_000_u64, unit).prop_map(|(count, unit)| Duration::from_micros(count * unit))
}

fn start() -> impl Strategy<Value = Start> {
    let at = ["gw1 sync http.artifacts-exists", "platform ws.send ->gw1 #2"];
    let when = select(at.to_vec()).prop_map(|at| Start::When(at.parse().expect("an address")));
    prop_oneof![
        3 => Just(Start::After),
        1 => Just(Start::With),
        1 => time().prop_map(Start::At),
        1 => when,
    ]
}

/// Everything is set up before, and everything deployed everywhere, so that any step makes sense.
fn action() -> impl Strategy<Value = Action> {
    let deployment =
        || prop::option::of(select(vec!["d1", "d2", "d3"])).prop_map(|name| name.map(str::to_owned));
    let of = move || {
        (artifact(), gateway(), deployment()).prop_map(|(artifact, gateway, deployment)| OfDeployment {
            artifact,
            gateway,
            deployment,
        })
    };
    let change = select(vec![KeyChange::Create, KeyChange::Update, KeyChange::Revoke]);
    let key = || prop::option::of(Just("key1".to_owned()));
    prop_oneof![
        (artifact(), gateway(), deployment()).prop_map(|(artifact, gateway, base)| Action::Deploy {
            artifact,
            gateway,
            base
        }),
        of().prop_map(Action::Undeploy),
        of().prop_map(Action::Restore),
        of().prop_map(Action::DeleteDeployment),
        artifact().prop_map(|artifact| Action::Delete { artifact }),
        (change, artifact()).prop_map(|(change, artifact)| Action::Key {
            change,
            artifact,
            key: "key1".to_owned()
        }),
        around(),
        node().prop_map(|node| Action::Stop { node }),
        node().prop_map(|node| Action::Crash { node }),
        node().prop_map(|node| Action::PowerLoss { node }),
        (node(), prop::option::of(Just("before-fix".to_owned())))
            .prop_map(|(node, design)| Action::Restart { node, design }),
        (gateway(), any::<bool>(), any::<bool>()).prop_map(|(gateway, both, back)| {
            let ends = ("platform".to_owned(), gateway);
            let (from, to) = if back { (ends.1, ends.0) } else { ends };
            Action::Partition { from, to, both }
        }),
        time().prop_map(Action::Wait),
        Just(Action::Settle),
        (replica(), artifact(), key(), prop::option::of(Just("bob".to_owned())))
            .prop_map(|(replica, artifact, key, token)| Action::Probe { replica, artifact, key, token }),
        node().prop_map(|node| Action::Show { node }),
    ]
}

/// What is done around artifacts: who may use them, who they belong to, where they are served.
fn around() -> impl Strategy<Value = Action> {
    let text = |text: &str| text.to_owned();
    let statuses = [SubscriptionStatus::Active, SubscriptionStatus::Inactive, SubscriptionStatus::Revoked];
    let status = || select(statuses.to_vec());
    let change = select(vec![Change::Create, Change::Update, Change::Delete]);
    let local = select(vec![
        LocalChange::Update,
        LocalChange::Delete,
        LocalChange::CreateKey(text("key2")),
        LocalChange::RevokeKey(text("key1")),
    ]);
    let plan = prop_oneof![
        Just(PlanChange::Create),
        select(statuses[..2].to_vec()).prop_map(PlanChange::Update),
        Just(PlanChange::Delete)
    ];
    let subscription = prop_oneof![
        prop::option::of(Just(text("gold"))).prop_map(|plan| SubscriptionChange::Create { plan }),
        status().prop_map(SubscriptionChange::Update),
        Just(SubscriptionChange::Delete)
    ];
    prop_oneof![
        any::<bool>().prop_map(move |made| Action::Project { made, project: text("pets") }),
        artifact().prop_map(|artifact| Action::Update { artifact }),
        (artifact(), gateway()).prop_map(|(artifact, gateway)| Action::Associate { artifact, gateway }),
        plan.prop_map(move |change| Action::Plan { change, plan: text("gold") }),
        (subscription, artifact()).prop_map(move |(change, artifact)| {
            Action::Subscription { change, artifact, subscriber: text("bob") }
        }),
        change.prop_map(move |change| Action::Application { change, application: text("shop") }),
        (any::<bool>(), artifact()).prop_map(move |(mapped, artifact)| Action::Mapping {
            mapped,
            application: text("shop"),
            artifact,
            key: text("key1"),
        }),
        gateway().prop_map(|gateway| Action::CreateToken { gateway }),
        (gateway(), prop::option::of(Just(text("token1"))))
            .prop_map(|(gateway, token)| Action::RevokeToken { gateway, token }),
        gateway().prop_map(|gateway| Action::DeleteGateway { gateway }),
        (local, artifact(), replica()).prop_map(|(change, artifact, replica)| Action::Local {
            change,
            artifact,
            replica
        }),
    ]
}

fn set_up() -> Vec<Action> {
    let start = |node: &str| Action::Start { node: node.to_owned(), organisation: None };
    let mut actions: Vec<_> =
        ["platform"].iter().chain(&GATEWAYS).chain(&[REPLICA]).map(|node| start(node)).collect();
    actions.push(Action::Organisation { organisation: "globex".into() });
    actions.push(Action::Project { made: true, project: "pets".into() });
    actions.push(Action::Plan { change: PlanChange::Create, plan: "gold".into() });
    actions.push(Action::Application { change: Change::Create, application: "shop".into() });
    for (artifact, kind) in ARTIFACTS.iter().zip(Kind::ALL) {
        let artifact = (*artifact).to_owned();
        let provider = (kind == Kind::LlmProxy).then(|| ARTIFACTS[1].to_owned());
        actions.push(Action::Create { kind, artifact: artifact.clone(), provider, project: None });
        actions.push(Action::Key {
            change: KeyChange::Create,
            artifact: artifact.clone(),
            key: "key1".into(),
        });
        actions.push(Action::Subscription {
            change: SubscriptionChange::Create { plan: None },
            artifact: artifact.clone(),
            subscriber: "bob".into(),
        });
        for gateway in GATEWAYS {
            let gateway = gateway.to_owned();
            actions.push(Action::Deploy { artifact: artifact.clone(), gateway, base: None });
        }
    }
    actions
}

/// Every effect on what it fits, with a window or without.
fn fault() -> impl Strategy<Value = Fault> {
    let addresses = vec![
        "gw1 sync http.artifacts-exists",
        "gw2@2 store.delete-artifact petstore",
        "platform request delete petstore 1 ws.send ->far-away petstore #2 received",
        "user http.create-artifact answered",
        "gw1@* boot.* #*",
        "gw1 hub.publish #1",
    ];
    let moment = || {
        let crossing =
            select(addresses.clone()).prop_map(|at| Moment::Crossing(at.parse().expect("an address")));
        prop_oneof![(0..100_u64).prop_map(|s| Moment::Time(Duration::from_secs(s))), crossing]
    };
    let window = (option::of(moment()), option::of(moment()), option::of(1..100_u64), any::<bool>())
        .prop_map(|(from, until, seconds, ends)| {
            let time = seconds.map(Duration::from_secs);
            let at_crossing = matches!(until, Some(Moment::Crossing(_)));
            match ends {
                true => Window { from, dwell: time.filter(|_| at_crossing), until, for_: None },
                false => Window { from, until: None, for_: time, dwell: None },
            }
        });
    let links = ["gw1->platform", "gw1,gw2<->*"].map(|link| link.parse().expect("a link"));
    let nodes = ["gw1", "platform"].map(|node| Target::Node(node.into()));
    let crossings = addresses.clone().into_iter().map(|at| Target::Crossing(at.parse().expect("an address")));
    let targets: Vec<_> = crossings.chain(links).chain(nodes).collect();
    (select(targets), any::<prop::sample::Index>(), window).prop_map(|(target, effect, window)| {
        let kinds: Vec<_> = Effect::KINDS.iter().filter(|kind| kind.fits(&target)).collect();
        let kind = effect.get(&kinds);
        let effect = Effect::read(kind.word, |name| Some(sample(kind.word, name))).expect("a sample fits");
        let begins = kind.is_point || kind.needs_beginning();
        let from = window.from.clone().or(begins.then_some(Moment::Time(Duration::from_secs(1))));
        let window = match kind.is_point {
            true => Window { from, ..Window::default() },
            false => Window { from, ..window },
        };
        let window = if window.wrong().is_some() { Window { until: None, ..window } } else { window };
        Fault { target, effect, window }
    })
}

fn setting() -> impl Strategy<Value = Setting> {
    let known = vec![
        ("world", "latency.boot.max", "2s"),
        ("platform", "websocket.max_connections_per_org", "9"),
        ("gw1", "event_hub.poll_interval", "1500ms"),
        ("far-away", "skip_invalid_deployments_on_startup", "true"),
    ];
    select(known).prop_map(|(node, name, value)| Setting {
        node: node.into(),
        name: name.into(),
        value: value.into(),
    })
}

fn choice() -> impl Strategy<Value = Choice> {
    let decisions = Design::decisions().into_iter().flat_map(|decision| {
        let variants = decision.variants.into_iter().map(|(variant, _)| variant);
        variants.map(move |variant| Choice::Decision { name: decision.name.into(), variant: variant.into() })
    });
    let designs = Design::all_names().map(|name| Choice::Design(name.into()));
    select(decisions.chain(designs).collect::<Vec<_>>())
}

prop_compose! {
    fn plan()(
        seed in prop_oneof![Just(0), any::<u64>()],
        expect in prop::collection::btree_map(
            select(Design::all_names().collect::<Vec<_>>()).prop_map(str::to_owned),
            subsequence(crate::properties::names(), 1..=3)
                .prop_map(|names| names.into_iter().map(str::to_owned).collect()),
            0..3,
        ),
        designs in prop::collection::vec(prop::collection::vec(choice(), 0..3), 5),
        settings in prop::collection::vec(setting(), 0..4),
        faults in prop::collection::vec(fault(), 0..3),
        steps in prop::collection::vec((start(), action()), 0..12),
    ) -> Plan {
        let names = ["platform"].into_iter().chain(GATEWAYS).chain([REPLICA]);
        let nodes = names.zip(designs).map(|(name, design)| {
            let role = if name == "platform" { Role::Platform } else { Role::Gateway };
            Node { name: name.to_owned(), role, organisation: None, design }
        });
        let set_up = set_up().into_iter().map(|action| (Start::After, action));
        let steps = set_up.chain(steps).map(|(start, action)| Step { start, action });
        Plan { expect, seed, nodes: nodes.collect(), settings, steps: steps.collect(), faults }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_is_read_as_it_was_written(plan in plan()) {
        let text = plan.to_script();
        let script = Script::parse("generated", &text);
        prop_assert_eq!(script.map(|script| script.plan), Ok(plan));
        prop_assert_eq!(agrees_with_goldenscript(&text), Ok(()));
    }
}
