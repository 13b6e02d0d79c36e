//! The commands that do something: what a person or an operator does, what happens to machines, and looks.

use std::time::Duration;

use driftless_model::settings::Value;
use driftless_model::wire::kind::Kind;

use super::error::Mistake;
use super::quoting::Word;
use super::suggestion::{expected, unknown};
use super::usage::Bound;
use crate::plan::{Action, KeyChange, OfDeployment};

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
    Ok(match bound.command.name.text.as_str() {
        "platform" => Action::Start { node: PLATFORM.to_owned() },
        "gateway" => Action::Start { node: new_name(bound.word("GATEWAY"))? },
        "create" => {
            let kind = kind(bound.word("KIND"))?;
            Action::Create {
                kind,
                artifact: new_name(bound.word("ARTIFACT"))?,
                provider: provider(bound, kind)?,
            }
        }
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
        "crash" => Action::Crash { node: text("NODE") },
        "power-loss" => Action::PowerLoss { node: text("NODE") },
        "restart" => Action::Restart { node: text("NODE") },
        "partition" => partition(bound)?,
        "heal" => Action::Heal,
        "wait" => Action::Wait(time(bound.word("TIME"))?),
        "settle" => Action::Settle,
        "probe" => {
            let key = bound.key("key").map(|key| key.text.clone());
            Action::Probe { gateway: text("GATEWAY"), artifact: text("ARTIFACT"), key }
        }
        "show" => Action::Show { node: text("NODE") },
        other => return Err(Mistake::at(bound.command.name.at, unknown("command", other, &[]))),
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

fn new_key(word: &Word) -> Result<String, Mistake> {
    let name = new_name(word)?;
    if deployment_number(&name).is_some() {
        let message = format!("'{name}' is the name of a deployment; expected another for a key");
        return Err(Mistake::at(word.at, message));
    }
    Ok(name)
}
