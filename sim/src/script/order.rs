//! Whether the steps of a script can make sense in their order.
//!
//! Only what never can is a mistake: a node used before it is set up, a deployment that nothing has made. What
//! the platform would refuse is no mistake: a refusal is a result. Steps that begin together or at a time may
//! come in several orders; one that makes sense is enough, and that in which they stand is always one of them.

use super::action::{PLATFORM, deployment_number};
use super::error::Mistake;
use super::moment::Moment;
use super::quoting::Word;
use super::statement::{Line, Statement};
use crate::plan::{Action, KeyChange, OfDeployment, Start};

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

    fn step(&self, step: &Placed<'a>) -> Vec<Option<Mistake>> {
        let word = |place| step.line.bound.word(place);
        let node = |place| self.node(step, word(place));
        let gateway = || node("GATEWAY");
        let artifact = || self.artifact(step, word("ARTIFACT"));
        match step.action {
            Action::Start { node } => vec![self.once(step, node), self.platform(step, node != PLATFORM)],
            Action::Create { artifact, .. } => {
                let provider = step.line.bound.key("provider").and_then(|word| self.artifact(step, word));
                vec![self.free(step, artifact), self.platform(step, true), provider]
            }
            Action::Deploy { artifact: handle, .. } => {
                vec![artifact(), gateway(), self.deployment(step, handle, step.line.bound.key("base"))]
            }
            Action::Undeploy(of) | Action::Restore(of) | Action::DeleteDeployment(of) => {
                let deployment = self.deployment(step, &of.artifact, step.line.bound.key("deployment"));
                vec![artifact().or_else(gateway).or_else(|| self.deployed(step, of)).or(deployment)]
            }
            Action::Delete { .. } | Action::Key { change: KeyChange::Create, .. } => vec![artifact()],
            Action::Key { change: KeyChange::Update | KeyChange::Revoke, artifact: handle, key } => {
                vec![artifact().or_else(|| self.key(step, handle, key))]
            }
            Action::Crash { .. }
            | Action::PowerLoss { .. }
            | Action::Restart { .. }
            | Action::Show { .. } => {
                vec![node("NODE")]
            }
            Action::Partition { .. } => vec![node("FROM"), node("TO")],
            Action::Heal => vec![self.cut(step)],
            // What isn't there yet can be asked for: the answer says so.
            Action::Probe { .. } => vec![gateway()],
            Action::Wait(_) | Action::Settle => vec![],
        }
    }

    /// What this step needs and what gives it: a mistake if some step does, and none of them in time. That
    /// nothing gives it at all is found by its name.
    fn needs(&self, step: &Placed<'a>, gives: impl Fn(&Action) -> bool) -> Option<&Placed<'a>> {
        let mut givers = self.steps.iter().filter(|other| gives(other.action));
        let first = givers.clone().next()?;
        (!givers.any(|giver| giver.may_precede(step))).then_some(first)
    }

    fn node(&self, step: &Placed<'a>, word: &Word) -> Option<Mistake> {
        let late =
            self.needs(step, |action| matches!(action, Action::Start { node } if *node == word.text))?;
        Some(Mistake::at(word.at, format!("'{}' is set up only in line {}", word.text, late.line.number())))
    }

    fn artifact(&self, step: &Placed<'a>, word: &Word) -> Option<Mistake> {
        let creates =
            |action: &Action| matches!(action, Action::Create { artifact, .. } if *artifact == word.text);
        let late = self.needs(step, creates)?;
        Some(Mistake::at(word.at, format!("'{}' is created only in line {}", word.text, late.line.number())))
    }

    fn key(&self, step: &Placed<'a>, handle: &str, name: &str) -> Option<Mistake> {
        let creates = |action: &Action| {
            matches!(action, Action::Key { change: KeyChange::Create, artifact, key }
                if artifact == handle && key == name)
        };
        let late = self.needs(step, creates)?;
        let message = format!("key '{name}' of '{handle}' is created only in line {}", late.line.number());
        Some(Mistake::at(step.line.bound.word("KEY").at, message))
    }

    /// A gateway registers with the platform, and artifacts are made there.
    fn platform(&self, step: &Placed<'a>, needed: bool) -> Option<Mistake> {
        let starts = |action: &Action| matches!(action, Action::Start { node } if node == PLATFORM);
        let any = self.steps.iter().any(|other| starts(other.action));
        if !needed || (any && self.needs(step, starts).is_none()) {
            return None;
        }
        Some(step.line.mistake(format!("there is no platform yet; expected '{PLATFORM}' in a line above")))
    }

    /// A node is set up once.
    fn once(&self, step: &Placed<'a>, name: &str) -> Option<Mistake> {
        let starts = |other: &&Placed<'_>| matches!(other.action, Action::Start { node } if node == name);
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
        (!deleted).then(|| Mistake::at(step.line.bound.word("ARTIFACT").at, message()))
    }

    /// Whether the artifact was deployed to the gateway at all.
    fn deployed(&self, step: &Placed<'a>, of: &OfDeployment) -> Option<Mistake> {
        let deploys = |action: &Action| {
            matches!(action, Action::Deploy { artifact, gateway, .. }
                if *artifact == of.artifact && *gateway == of.gateway)
        };
        let any = self.steps.iter().any(|other| deploys(other.action));
        if any && self.needs(step, deploys).is_none() {
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
        if deployment_number(&name.text)? <= made {
            return None;
        }
        let expected = match made {
            0 => "there are none yet".to_owned(),
            1 => "expected d1".to_owned(),
            _ => format!("expected one of d1 to d{made}"),
        };
        Some(Mistake::at(name.at, format!("'{handle}' has no deployment '{}' here; {expected}", name.text)))
    }

    fn cut(&self, step: &Placed<'a>) -> Option<Mistake> {
        let cuts = |action: &Action| matches!(action, Action::Partition { .. });
        let any = self.steps.iter().any(|other| cuts(other.action));
        let missing = !any || self.needs(step, cuts).is_some();
        missing.then(|| step.line.mistake("nothing is cut yet; expected 'partition' in a line above"))
    }
}
