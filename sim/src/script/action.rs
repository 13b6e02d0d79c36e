//! The commands that do something: what a person or an operator does, what happens to machines, and looks.

use std::time::Duration;

use driftless_model::settings::Value;
use driftless_model::wire::kind::Kind;

use super::error::Mistake;
use super::header::known_design;
use super::quoting::Word;
use super::suggestion::{expected, unknown};
use super::usage::Bound;
use crate::own::{Given, Operation, operation};
use crate::plan::{
    Action, Change, KeyChange, LocalChange, OfDeployment, PlanChange, SubscriptionChange, SubscriptionStatus,
    split_handle,
};

/// What scripts call the platform.
pub(super) const PLATFORM: &str = "platform";
/// What addresses call whoever works with the platform's API.
pub(super) const USER: &str = "user";
/// What scripts call the world, which has settings too.
pub(super) const WORLD: &str = "world";
/// Names that mean something else already.
const RESERVED: &[&str] = &[PLATFORM, USER, WORLD];

/// What a command does.
pub(super) fn action(bound: &Bound<'_>) -> Result<Action, Mistake> {
    let text = |place| bound.text(place);
    let key_text = |key| bound.key(key).map(|word| word.text.clone());
    Ok(match bound.command.name.text.as_str() {
        "platform" => Action::Start { node: PLATFORM.to_owned(), organisation: None },
        "gateway" => {
            let node = new_name(bound.word("GATEWAY"))?;
            Action::Start { node, organisation: key_text("organisation") }
        }
        "replica" => Action::Start { node: new_replica(bound.word("REPLICA"))?, organisation: None },
        "organisation" => Action::Organisation { organisation: new_name(bound.word("ORGANISATION"))? },
        "create-project" => Action::Project { made: true, project: new_handle(bound.word("PROJECT"))? },
        "delete-project" => Action::Project { made: false, project: text("PROJECT") },
        "create" => {
            let kind = kind(bound.word("KIND"))?;
            Action::Create {
                kind,
                artifact: new_handle(bound.word("ARTIFACT"))?,
                provider: provider(bound, kind)?,
                project: key_text("project"),
            }
        }
        "update" => Action::Update { artifact: text("ARTIFACT") },
        "associate" => Action::Associate { artifact: text("ARTIFACT"), gateway: text("GATEWAY") },
        "deploy" => {
            let base = bound.key("base").map(deployment).transpose()?;
            Action::Deploy { artifact: text("ARTIFACT"), gateway: text("GATEWAY"), base }
        }
        "undeploy" => Action::Undeploy(of_deployment(bound)?),
        "restore" => Action::Restore(of_deployment(bound)?),
        "delete-deployment" => Action::DeleteDeployment(of_deployment(bound)?),
        "delete" => Action::Delete { artifact: text("ARTIFACT") },
        "create-key" => key(bound, KeyChange::Create, new_key(bound.word("KEY"))?),
        "update-key" => key(bound, KeyChange::Update, text("KEY")),
        "revoke-key" => key(bound, KeyChange::Revoke, text("KEY")),
        "create-plan" => Action::Plan { change: PlanChange::Create, plan: new_handle(bound.word("PLAN"))? },
        "update-plan" => Action::Plan { change: PlanChange::Update(status(bound, 2)?), plan: text("PLAN") },
        "delete-plan" => Action::Plan { change: PlanChange::Delete, plan: text("PLAN") },
        "subscribe" => {
            new_key(bound.word("SUBSCRIBER"))?;
            subscription(bound, SubscriptionChange::Create { plan: key_text("plan") })
        }
        "update-subscription" => subscription(bound, SubscriptionChange::Update(status(bound, 3)?)),
        "unsubscribe" => subscription(bound, SubscriptionChange::Delete),
        "create-application" => {
            let application = new_handle(bound.word("APPLICATION"))?;
            Action::Application { change: Change::Create, application }
        }
        "update-application" => {
            Action::Application { change: Change::Update, application: text("APPLICATION") }
        }
        "delete-application" => {
            Action::Application { change: Change::Delete, application: text("APPLICATION") }
        }
        "map-key" => mapping(bound, true),
        "unmap-key" => mapping(bound, false),
        "create-token" => Action::CreateToken { gateway: text("GATEWAY") },
        "revoke-token" => Action::RevokeToken { gateway: text("GATEWAY"), token: key_text("token") },
        "delete-gateway" => Action::DeleteGateway { gateway: text("GATEWAY") },
        "create-local" => {
            new_name(bound.word("ARTIFACT"))?;
            let kind = kind(bound.word("KIND"))?;
            local(bound, LocalChange::Create { kind, provider: provider(bound, kind)? })
        }
        "update-local" => local(bound, LocalChange::Update),
        "delete-local" => local(bound, LocalChange::Delete),
        "create-local-key" => local(bound, LocalChange::CreateKey(new_key(bound.word("KEY"))?)),
        "revoke-local-key" => local(bound, LocalChange::RevokeKey(text("KEY"))),
        "crash" => Action::Crash { node: text("NODE") },
        "power-loss" => Action::PowerLoss { node: text("NODE") },
        "stop" => Action::Stop { node: text("NODE") },
        "restart" => Action::Restart { node: text("NODE"), design: design(bound)? },
        "partition" => partition(bound)?,
        "heal" => Action::Heal,
        "wait" => Action::Wait(time(bound.word("TIME"))?),
        "settle" => Action::Settle,
        "probe" => Action::Probe {
            replica: text("REPLICA"),
            artifact: text("ARTIFACT"),
            key: key_text("key"),
            token: key_text("token"),
        },
        "show" => Action::Show { node: text("NODE") },
        other => match operation::named(other) {
            Some(operation) => Action::Own(own(bound, operation)?),
            None => return Err(Mistake::at(bound.command.name.at, unknown("command", other, &[]))),
        },
    })
}

/// An operation that was registered, with what it was given.
fn own(bound: &Bound<'_>, operation: &'static dyn Operation) -> Result<Given<dyn Operation>, Mistake> {
    match operation.gives() {
        Some("ARTIFACT") => drop(new_handle(bound.word("ARTIFACT"))?),
        Some(place) => drop(new_key(bound.word(place))?),
        None => {}
    }
    let arguments = bound.given().map(|(name, word)| (name.to_owned(), word.text.clone())).collect();
    Given::new(operation, arguments).map_err(|(name, expected)| {
        let word = bound.given().find(|(known, _)| *known == name).map(|(_, word)| word);
        let word = word.unwrap_or(&bound.command.name);
        Mistake::at(word.at, format!("'{name}' can't be '{}'; expected {expected}", word.text))
    })
}

/// The number of a deployment's name: 2 of `d2`.
pub(super) fn deployment_number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix('d')?;
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    // No sign and no leading zero: a deployment has one name.
    (digits == format!("{number}")).then_some(number)
}

fn of_deployment(bound: &Bound<'_>) -> Result<OfDeployment, Mistake> {
    let deployment = bound.key("deployment").map(deployment).transpose()?;
    Ok(OfDeployment { artifact: bound.text("ARTIFACT"), gateway: bound.text("GATEWAY"), deployment })
}

fn deployment(word: &Word) -> Result<String, Mistake> {
    let message =
        || format!("'{}' names no deployment; expected d1 for the artifact's first, d2, ...", word.text);
    match deployment_number(&word.text) {
        Some(_) => Ok(word.text.clone()),
        None => Err(Mistake::at(word.at, message())),
    }
}

fn key(bound: &Bound<'_>, change: KeyChange, key: String) -> Action {
    Action::Key { change, artifact: bound.text("ARTIFACT"), key }
}

fn subscription(bound: &Bound<'_>, change: SubscriptionChange) -> Action {
    Action::Subscription { change, artifact: bound.text("ARTIFACT"), subscriber: bound.text("SUBSCRIBER") }
}

fn mapping(bound: &Bound<'_>, mapped: bool) -> Action {
    let [application, artifact, key] = ["APPLICATION", "ARTIFACT", "KEY"].map(|place| bound.text(place));
    Action::Mapping { mapped, application, artifact, key }
}

fn local(bound: &Bound<'_>, change: LocalChange) -> Action {
    Action::Local { change, artifact: bound.text("ARTIFACT"), replica: bound.text("REPLICA") }
}

/// One of the first `known` statuses: a plan has one fewer than a subscription.
fn status(bound: &Bound<'_>, known: usize) -> Result<SubscriptionStatus, Mistake> {
    let word = bound.key("status").expect("binding fills every key that must be given");
    let known = &SubscriptionStatus::WORDS[..known];
    let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    let status = known.iter().find(|(name, _)| *name == word.text).map(|(_, status)| *status);
    status.ok_or_else(|| Mistake::at(word.at, unknown("status", &word.text, &names)))
}

fn kind(word: &Word) -> Result<Kind, Mistake> {
    let known = Kind::ALL.into_iter().find(|kind| kind.word() == word.text);
    known.ok_or_else(|| Mistake::at(word.at, unknown("kind", &word.text, &Kind::ALL.map(Kind::word))))
}

/// An LLM proxy stands before a provider; nothing else does.
fn provider(bound: &Bound<'_>, kind: Kind) -> Result<Option<String>, Mistake> {
    match (kind, bound.key("provider")) {
        (Kind::LlmProxy, None) => {
            let message = "an llm-proxy stands before a provider; expected 'provider=' with its handle";
            Err(Mistake::at(bound.command.name.at, message.to_owned()))
        }
        (Kind::LlmProxy, Some(word)) => Ok(Some(word.text.clone())),
        (_, None) => Ok(None),
        (kind, Some(word)) => {
            let message =
                format!("an artifact of kind {} has no provider; only an llm-proxy has", kind.word());
            Err(Mistake::at(word.at, message))
        }
    }
}

/// The design that a process is started with, if one is given.
fn design(bound: &Bound<'_>) -> Result<Option<String>, Mistake> {
    let Some(word) = bound.key("design") else { return Ok(None) };
    known_design(word)?;
    Ok(Some(word.text.clone()))
}

fn partition(bound: &Bound<'_>) -> Result<Action, Mistake> {
    let (from, to) = (bound.word("FROM"), bound.word("TO"));
    if from.text == to.text {
        return Err(Mistake::at(
            to.at,
            format!("no link leads from '{}' to itself; expected another node", to.text),
        ));
    }
    let both = match bound.key("direction") {
        None => true,
        Some(word) => match word.text.as_str() {
            "both" => true,
            "to" => false,
            other => {
                let complaint = format!("there is no direction '{other}'");
                return Err(Mistake::at(word.at, expected(&complaint, other, &["both", "to"])));
            }
        },
    };
    Ok(Action::Partition { from: from.text.clone(), to: to.text.clone(), both })
}

fn time(word: &Word) -> Result<Duration, Mistake> {
    let message = || format!("'{}' is no time; expected {}", word.text, Duration::EXPECTED);
    Duration::read(&word.text).ok_or_else(|| Mistake::at(word.at, message()))
}

/// A name that this command gives to something.
fn new_name(word: &Word) -> Result<String, Mistake> {
    let name = word.text.as_str();
    let first = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !first || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        let message =
            format!("'{name}' can't be a name; expected small letters, digits and '-', no '-' first");
        return Err(Mistake::at(word.at, message));
    }
    if RESERVED.contains(&name) {
        let message = format!("'{name}' is taken; expected a name other than {}", RESERVED.join(", "));
        return Err(Mistake::at(word.at, message));
    }
    Ok(name.to_owned())
}

/// A name, or one of another organisation: `globex/petstore`.
fn new_handle(word: &Word) -> Result<String, Mistake> {
    let (_, handle) = split_handle(&word.text);
    new_name(&Word { text: handle.to_owned(), at: word.at })?;
    Ok(word.text.clone())
}

/// A node and a letter: `gw1/b`.
fn new_replica(word: &Word) -> Result<String, Mistake> {
    let is_letter = |letter: &str| letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase());
    match word.text.split_once('/') {
        Some((_, letter)) if is_letter(letter) && letter != "a" => Ok(word.text.clone()),
        _ => {
            let message = format!(
                "'{}' can't be a replica; expected its node and a letter from b on, such as gw1/b",
                word.text
            );
            Err(Mistake::at(word.at, message))
        }
    }
}

fn new_key(word: &Word) -> Result<String, Mistake> {
    let name = new_name(word)?;
    if deployment_number(&name).is_some() {
        let message = format!("'{name}' is the name of a deployment; expected another");
        return Err(Mistake::at(word.at, message));
    }
    Ok(name)
}
