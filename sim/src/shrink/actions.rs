//! What steps do, said more simply: the plainest kind, no options, a restart in the place of a longer fall, and
//! waits that are as short as they can be.

use std::time::Duration;

use driftless_model::wire::kind::Kind;

use crate::outcome::Unrunnable;
use crate::plan::{Action, LocalChange, OfDeployment, Plan, SubscriptionChange};

use super::Shrinking;
use super::parts::{of_script, read};

/// Waits that are tried in the place of a longer one.
const WAITS: [u64; 5] = [1, 5, 10, 30, 60];

/// Tries simpler actions: the plainest kind for all artifacts at once, then each step by itself.
pub(super) fn simplify(shrinking: &mut Shrinking<'_>) -> Result<(), Unrunnable> {
    let plain = plain(&shrinking.plan);
    shrinking.take_first(plain.into_iter().collect())?;
    for place in (0..shrinking.plan.steps.len()).rev() {
        let plan = &shrinking.plan;
        let actions = plan.steps.get(place).map_or(Vec::new(), |step| simpler(&step.action));
        let plans = actions.into_iter().filter_map(|action| with(plan, place, action)).collect();
        shrinking.take_first(plans)?;
    }
    Ok(())
}

/// A plan of REST APIs alone. Events and calls are called after the kind, so addresses change too.
fn plain(plan: &Plan) -> Option<Plan> {
    let mut plain = plan.clone();
    for step in &mut plain.steps {
        if let Some(action) = of_plain_kind(&step.action) {
            step.action = action;
        }
    }
    let mut script = plain.to_script();
    for kind in Kind::ALL {
        let (event, word) = (kind.event_prefix(), kind.word());
        script = script.replace(&format!(" event {event}."), " event api.");
        script = script.replace(&format!(" http.fetch-{word} "), " http.fetch-api ");
        script = script.replace(&format!(" http.{word}-keys"), " http.api-keys");
    }
    of_script(&script)
}

fn with(plan: &Plan, place: usize, action: Action) -> Option<Plan> {
    let mut changed = plan.clone();
    changed.steps[place].action = action;
    read(&changed)
}

/// The same with a REST API, if it is about another kind.
fn of_plain_kind(action: &Action) -> Option<Action> {
    let kind = Kind::RestApi;
    match action {
        Action::Create { kind: is, artifact, project, .. } if *is != kind => Some(Action::Create {
            kind,
            artifact: artifact.clone(),
            provider: None,
            project: project.clone(),
        }),
        Action::Local { change: LocalChange::Create { kind: is, .. }, artifact, replica } if *is != kind => {
            Some(Action::Local {
                change: LocalChange::Create { kind, provider: None },
                artifact: artifact.clone(),
                replica: replica.clone(),
            })
        }
        _ => None,
    }
}

/// Simpler actions in the place of one, the simplest first.
fn simpler(action: &Action) -> Vec<Action> {
    let newest = |of: &OfDeployment| of.deployment.is_some().then(|| newest(of));
    let restart = |node: &String| Action::Restart { node: node.clone(), design: None };
    let without_option = match action {
        Action::Create { project: Some(_), kind, artifact, provider } => Some(Action::Create {
            kind: *kind,
            artifact: artifact.clone(),
            provider: provider.clone(),
            project: None,
        }),
        Action::Deploy { artifact, gateway, base: Some(_) } => {
            Some(Action::Deploy { artifact: artifact.clone(), gateway: gateway.clone(), base: None })
        }
        Action::Undeploy(of) => newest(of).map(Action::Undeploy),
        Action::Restore(of) => newest(of).map(Action::Restore),
        Action::DeleteDeployment(of) => newest(of).map(Action::DeleteDeployment),
        Action::Subscription {
            change: SubscriptionChange::Create { plan: Some(_) },
            artifact,
            subscriber,
        } => Some(Action::Subscription {
            change: SubscriptionChange::Create { plan: None },
            artifact: artifact.clone(),
            subscriber: subscriber.clone(),
        }),
        Action::RevokeToken { gateway, token: Some(_) } => {
            Some(Action::RevokeToken { gateway: gateway.clone(), token: None })
        }
        Action::Partition { from, to, both: false } => {
            Some(Action::Partition { from: from.clone(), to: to.clone(), both: true })
        }
        Action::Restart { node, design: Some(_) } => Some(restart(node)),
        Action::Crash { node } | Action::PowerLoss { node } | Action::Stop { node } => Some(restart(node)),
        Action::Wait(time) => {
            let shorter = WAITS.iter().map(|seconds| Duration::from_secs(*seconds));
            let shorter = shorter.filter(|shorter| shorter < time).map(Action::Wait);
            return std::iter::once(Action::Settle).chain(shorter).collect();
        }
        _ => None,
    };
    of_plain_kind(action).into_iter().chain(without_option).collect()
}

fn newest(of: &OfDeployment) -> OfDeployment {
    OfDeployment { deployment: None, ..of.clone() }
}
