//! The `driftless` command with three things of one's own: a property, an operation and an effect.
//!
//! It is what a crate beside this project looks like, in one file; `docs/own.md` tells how it is built up.

use std::time::Duration;

use driftless::causes::chain_of;
use driftless::fault::{EffectKind, Family, Place};
use driftless::history::Crossing;
use driftless::outcome::{Evidence, Violation};
use driftless::own::{self, Arguments, Doing, Effect, Operation, Struck, serde_json};
use driftless::plan::Action;
use driftless::properties::{self, Found, Modality, Property};
use driftless::steps::Hands;
use driftless_model::cx::{Passage, Phase};
use driftless_model::settings::Value as _;
use driftless_model::wire::event::Envelope;
use serde_json::Value;

fn main() -> driftless::cli::Exit {
    register();
    driftless::cli::main()
}

/// Makes them known, before anything is read.
pub fn register() {
    properties::register(&DeploymentsComeSingly).expect("nothing was read yet");
    own::operation::register(&DeployTwice).expect("nothing was read yet, and no other has the word");
    own::effect::register(&Paged).expect("nothing was read yet, and no other has the word");
}

/// A gateway isn't told of two deployments of one artifact in the same breath.
struct DeploymentsComeSingly;

/// Less than the second that a person takes between two steps.
const BREATH_US: u64 = 500_000;

impl Property for DeploymentsComeSingly {
    fn name(&self) -> &'static str {
        "deployments-come-singly"
    }

    fn modality(&self) -> Modality {
        Modality::Always
    }

    fn sentence(&self) -> &'static str {
        "a gateway isn't told of two deployments of one artifact within half a second"
    }

    fn judge(&self, evidence: &Evidence) -> Found {
        let crossings = evidence.history.crossings();
        let told: Vec<&Crossing> =
            crossings.iter().filter(|crossing| tells_of_deployment(crossing)).collect();
        let mut found = Found { relevant: told.len() > 1, ..Found::default() };
        for (index, second) in told.iter().enumerate() {
            let address = &second.address;
            let same = |first: &&&Crossing| {
                (&first.address.peer, &first.address.subject) == (&address.peer, &address.subject)
            };
            let Some(first) = told[..index].iter().rfind(same) else { continue };
            if second.at_us - first.at_us < BREATH_US {
                let subject = address.subject.as_deref().unwrap_or_default().to_owned();
                found.violations.push(Violation {
                    at_us: second.at_us,
                    node: address.peer.as_deref().unwrap_or_default().to_owned(),
                    expected: format!("half a second between two deployments of {subject}"),
                    seen: format!("{} us", second.at_us - first.at_us),
                    decision: "told in a burst".to_owned(),
                    subject,
                    chain: chain_of(&evidence.history, second.id),
                });
            }
        }
        found
    }
}

fn tells_of_deployment(crossing: &Crossing) -> bool {
    let sent = crossing.address.site == "ws.send" && crossing.address.phase == Some(Phase::Sent);
    let frame = || serde_json::from_slice::<Envelope>(crossing.record.body.as_ref()?).ok();
    sent && frame().is_some_and(|frame| frame.kind.ends_with(".deployed"))
}

/// Deploys without taking a breath in between, as a script of a pipeline might.
struct DeployTwice;

impl Operation for DeployTwice {
    fn usage(&self) -> &'static str {
        "deploy-twice ARTIFACT GATEWAY [pause=TIME]"
    }

    fn about(&self) -> &'static str {
        "deploys twice, at once or with a pause in between"
    }

    fn refuses(&self, name: &str, text: &str) -> Option<&'static str> {
        (name == "pause" && Duration::read(text).is_none()).then_some(Duration::EXPECTED)
    }

    fn carry_out<'a>(&'a self, hands: &'a Hands<'a>, arguments: &'a Arguments) -> Doing<'a> {
        let [artifact, gateway] = ["ARTIFACT", "GATEWAY"].map(|place| arguments.text(place).to_owned());
        let deploy = Action::Deploy { artifact, gateway, base: None };
        Box::pin(async move {
            let mut shown = hands.act(&deploy).await;
            if let Some(pause) = arguments.get("pause").and_then(Duration::read) {
                hands.wait(pause).await;
            }
            shown.extend(hands.act(&deploy).await);
            shown
        })
    }
}

/// Something on the way answers in pages, and whoever asked doesn't know.
struct Paged;

impl Effect for Paged {
    fn kind(&self) -> &'static EffectKind {
        &EffectKind {
            word: "paged",
            family: Family::Answers,
            place: Place::Call,
            is_point: false,
            takes: &[("size", "how many to a page, 1 or more", true)],
            about: "the answer of a call is well formed, and each list in it ends with the first page",
            survives: "what the next complete answer puts right; no removal of what exists",
        }
    }

    fn fits(&self, _name: &str, text: &str) -> bool {
        text.parse().is_ok_and(|size: usize| size > 0)
    }

    fn phase(&self) -> Phase {
        Phase::AnswerReceived
    }

    fn strike(&self, arguments: &Arguments, struck: &Struck<'_>) -> Option<Passage> {
        let whole: Value = serde_json::from_slice(struck.body?).ok()?;
        let mut page = whole.clone();
        cut(&mut page, arguments.text("size").parse().ok()?);
        let body = page.to_string().into();
        (page != whole).then_some(Passage::Altered { status: struck.status?, body })
    }
}

fn cut(value: &mut Value, size: usize) {
    match value {
        Value::Array(elements) => elements.truncate(size),
        Value::Object(entries) => entries.values_mut().for_each(|value| cut(value, size)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
