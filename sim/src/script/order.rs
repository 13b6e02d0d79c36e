//! Whether the steps of a script can make sense in their order.
//!
//! Only what never can is a mistake: a node used before it is set up, a deployment that nothing has made. What
//! the platform would refuse is no mistake: a refusal is a result. Steps that begin together or at a time may
//! come in several orders; one that makes sense is enough, and that in which they stand is always one of them.

use super::action::{PLATFORM, deployment_number};
use super::error::Mistake;
use super::moment::Moment;
use super::names::{Name, Noun};
use super::quoting::Word;
use super::statement::{Line, Statement};
use crate::plan::{Action, Node, OfDeployment, Start};

/// The steps of a script, each with its moment.
#[derive(Debug)]
pub(super) struct Order<'a> {
    steps: Vec<Placed<'a>>,
}

/// A step in its place.
#[derive(Clone, Copy, Debug)]
struct Placed<'a> {
    index: usize,
    moment: Moment,
    line: &'a Line<'a>,
    start: &'a Start,
    action: &'a Action,
}

impl Placed<'_> {
    /// Whether this step may come before another.
    fn may_precede(&self, other: &Placed<'_>) -> bool {
        self.index < other.index || (self.index != other.index && self.moment.may_precede(other.moment))
    }
}

impl<'a> Order<'a> {
    /// The steps among these lines.
    pub(super) fn of(lines: &'a [Line<'a>]) -> Self {
        let step = |line: &'a Line<'a>| match &line.statement {
            Statement::Step(step) => Some((line, step)),
            _ => None,
        };
        let steps: Vec<_> = lines.iter().filter_map(step).collect();
        let moments = Moment::of(steps.iter().map(|(_, step)| *step));
        let placed = steps.into_iter().zip(moments).enumerate().map(|(index, ((line, step), moment))| {
            Placed { index, moment, line, start: &step.start, action: &step.action }
        });
        Order { steps: placed.collect() }
    }

    /// Everything that can't make sense.
    pub(super) fn check(&self) -> Vec<Mistake> {
        let first = self.steps.first().filter(|step| *step.start == Start::With);
        let alone = first
            .map(|step| step.line.mistake("the first step has no other to begin with; expected no '[with]'"));
        let checks = self.steps.iter().flat_map(|step| self.step(step)).flatten();
        alone.into_iter().chain(checks).collect()
    }

    /// Whether an operation of one's own may come before a step. Nobody here knows what it leaves behind.
    fn unforeseen(&self, step: &Placed<'a>) -> bool {
        self.steps.iter().any(|other| matches!(other.action, Action::Own(_)) && other.may_precede(step))
    }

    fn step(&self, step: &Placed<'a>) -> Vec<Option<Mistake>> {
        let names = step.line.takes().into_iter().chain(step.line.gives());
        let tenants = names.map(|name| self.tenant(step, &name));
        tenants.chain(self.action(step)).collect()
    }

    fn action(&self, step: &Placed<'a>) -> Vec<Option<Mistake>> {
        let late = || step.line.takes().iter().find_map(|name| self.late(step, name));
        match step.action {
            Action::Start { node, .. } => {
                vec![
                    late(),
                    self.once(step, node),
                    self.original(step, node),
                    self.platform(step, node != PLATFORM),
                ]
            }
            Action::Organisation { .. }
            | Action::Plan { .. }
            | Action::Project { .. }
            | Action::Application { .. } => {
                vec![late(), self.platform(step, true)]
            }
            Action::Create { artifact, .. } => {
                vec![self.free(step, artifact), self.platform(step, true), late()]
            }
            Action::Deploy { artifact, .. } => {
                let deployment = self.deployment(step, artifact, step.line.bound.key("base"));
                step.line.takes().iter().map(|name| self.late(step, name)).chain([deployment]).collect()
            }
            Action::Undeploy(of) | Action::Restore(of) | Action::DeleteDeployment(of) => {
                let deployment = self.deployment(step, &of.artifact, step.line.bound.key("deployment"));
                vec![late().or_else(|| self.deployed(step, of)).or(deployment)]
            }
            Action::RevokeToken { gateway, .. } => {
                vec![late().or_else(|| self.token(step, gateway, step.line.bound.key("token")))]
            }
            Action::Heal => vec![self.cut(step)],
            // What isn't there yet can be asked for: the answer says so.
            Action::Probe { .. } => {
                let takes = step.line.takes();
                let node = takes.iter().find(|name| name.noun == Noun::Replica);
                vec![node.and_then(|name| self.late(step, name))]
            }
            Action::Update { .. }
            | Action::Associate { .. }
            | Action::Delete { .. }
            | Action::Key { .. }
            | Action::Subscription { .. }
            | Action::Mapping { .. }
            | Action::CreateToken { .. }
            | Action::DeleteGateway { .. }
            | Action::Local { .. }
            | Action::Crash { .. }
            | Action::PowerLoss { .. }
            | Action::Stop { .. }
            | Action::Restart { .. }
            | Action::Show { .. }
            | Action::Wait(_)
            | Action::Settle => vec![late()],
            Action::Partition { .. } => step.line.takes().iter().map(|name| self.late(step, name)).collect(),
            Action::Own(_) => {
                let late = step.line.takes().into_iter().map(|name| self.late(step, &name));
                late.chain([self.platform(step, true)]).collect()
            }
        }
    }

    /// What this step needs and what gives it: a mistake if some step does, and none of them in time. That
    /// nothing gives it at all is found by its name.
    fn needs(&self, step: &Placed<'a>, gives: impl Fn(&Placed<'a>) -> bool) -> Option<&Placed<'a>> {
        let mut givers = self.steps.iter().filter(|other| gives(other));
        let first = givers.clone().next()?;
        (!givers.any(|giver| giver.may_precede(step))).then_some(first)
    }

    /// A name that is given only further down.
    fn late(&self, step: &Placed<'a>, name: &Name<'_>) -> Option<Mistake> {
        let gives = |other: &Placed<'a>| other.line.gives().is_some_and(|given| given.is(name));
        let number = self.needs(step, gives)?.line.number();
        let (what, made) = (&name.word.text, name.noun.made());
        let message = match (name.noun, name.of) {
            (Noun::Key, Some(artifact)) => {
                format!("key '{what}' of '{artifact}' is {made} only in line {number}")
            }
            (_, Some(artifact)) => format!("'{what}' is {made} to '{artifact}' only in line {number}"),
            (_, None) => format!("'{what}' is {made} only in line {number}"),
        };
        Some(Mistake::at(name.word.at, message))
    }

    /// A gateway registers with the platform, and artifacts are made there.
    fn platform(&self, step: &Placed<'a>, needed: bool) -> Option<Mistake> {
        let starts =
            |other: &Placed<'a>| matches!(other.action, Action::Start { node, .. } if node == PLATFORM);
        let any = self.steps.iter().any(starts);
        if !needed || (any && self.needs(step, starts).is_none()) {
            return None;
        }
        Some(step.line.mistake(format!("there is no platform yet; expected '{PLATFORM}' in a line above")))
    }

    /// What belongs to an organisation comes after it.
    fn tenant(&self, step: &Placed<'a>, name: &Name<'_>) -> Option<Mistake> {
        let organisation = name.tenant()?;
        let makes = |other: &Placed<'a>| matches!(other.action, Action::Organisation { organisation: made } if made == organisation);
        let number = self.needs(step, makes)?.line.number();
        Some(Mistake::at(name.word.at, format!("'{organisation}' is created only in line {number}")))
    }

    /// A replica shares what the node it is one of was set up with.
    fn original(&self, step: &Placed<'a>, name: &str) -> Option<Mistake> {
        let original = Node::original(name);
        let starts =
            |other: &Placed<'a>| matches!(other.action, Action::Start { node, .. } if node == original);
        let number = self.needs(step, starts).filter(|_| original != name)?.line.number();
        let word = step.line.bound.place("REPLICA")?;
        Some(Mistake::at(word.at, format!("'{original}' is set up only in line {number}")))
    }

    /// A node is set up once.
    fn once(&self, step: &Placed<'a>, name: &str) -> Option<Mistake> {
        let starts = |other: &&Placed<'_>| matches!(other.action, Action::Start { node, .. } if node == name);
        let first = self.steps[..step.index].iter().find(starts)?;
        let number = first.line.number();
        Some(
            step.line.mistake(format!("'{name}' is set up in line {number}; expected 'restart {name}' here")),
        )
    }

    /// A handle is free again once its artifact has been deleted.
    fn free(&self, step: &Placed<'a>, handle: &str) -> Option<Mistake> {
        let creates = |other: &&Placed<'_>| matches!(other.action, Action::Create { artifact, .. } if artifact == handle);
        let before = self.steps[..step.index].iter().rfind(creates)?;
        let deleted = self.steps.iter().any(|other| {
            matches!(other.action, Action::Delete { artifact } if artifact == handle)
                && before.may_precede(other)
                && other.may_precede(step)
        });
        let message = || {
            let number = before.line.number();
            format!("'{handle}' is created in line {number}; expected 'delete {handle}' in between")
        };
        let taken = !deleted && !self.unforeseen(step);
        taken.then(|| Mistake::at(step.line.bound.word("ARTIFACT").at, message()))
    }

    /// Whether the artifact was deployed to the gateway at all.
    fn deployed(&self, step: &Placed<'a>, of: &OfDeployment) -> Option<Mistake> {
        let deploys = |other: &Placed<'a>| {
            matches!(other.action, Action::Deploy { artifact, gateway, .. }
                if *artifact == of.artifact && *gateway == of.gateway)
        };
        let any = self.steps.iter().any(deploys);
        if (any && self.needs(step, deploys).is_none()) || self.unforeseen(step) {
            return None;
        }
        let (artifact, gateway) = (&of.artifact, &of.gateway);
        let message = format!(
            "'{artifact}' has no deployment on '{gateway}' yet; expected 'deploy {artifact} {gateway}' above"
        );
        Some(step.line.mistake(message))
    }

    /// Whether as many deployments of the artifact can have been made as a name says.
    fn deployment(&self, step: &Placed<'a>, handle: &str, name: Option<&Word>) -> Option<Mistake> {
        let name = name?;
        let made = self.steps.iter().filter(|other| {
            matches!(other.action, Action::Deploy { artifact, .. } if artifact == handle)
                && other.may_precede(step)
        });
        let made = made.count();
        if deployment_number(&name.text)? <= made || self.unforeseen(step) {
            return None;
        }
        let expected = match made {
            0 => "there are none yet".to_owned(),
            1 => "expected d1".to_owned(),
            _ => format!("expected one of d1 to d{made}"),
        };
        Some(Mistake::at(name.at, format!("'{handle}' has no deployment '{}' here; {expected}", name.text)))
    }

    /// Whether as many tokens of the gateway can have been made as a name says; the first comes with it.
    fn token(&self, step: &Placed<'a>, of: &str, name: Option<&Word>) -> Option<Mistake> {
        let name = name?;
        let more = self.steps.iter().filter(|other| {
            matches!(other.action, Action::CreateToken { gateway } if gateway == of)
                && other.may_precede(step)
        });
        let made = 1 + more.count();
        let number = name.text.strip_prefix("token").and_then(|digits| digits.parse::<usize>().ok());
        if number.is_some_and(|number| (1..=made).contains(&number)) || self.unforeseen(step) {
            return None;
        }
        let expected = if made == 1 { "token1".to_owned() } else { format!("one of token1 to token{made}") };
        Some(Mistake::at(name.at, format!("'{of}' has no token '{}' here; expected {expected}", name.text)))
    }

    fn cut(&self, step: &Placed<'a>) -> Option<Mistake> {
        let cuts = |other: &Placed<'a>| matches!(other.action, Action::Partition { .. });
        let any = self.steps.iter().any(cuts);
        let missing = (!any || self.needs(step, cuts).is_some()) && !self.unforeseen(step);
        missing.then(|| step.line.mistake("nothing is cut yet; expected 'partition' in a line above"))
    }
}
