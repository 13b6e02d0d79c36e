//! Whether everything a script speaks of exists in it.
//!
//! The place that a name fills in its command's usage says what it names. Whether it exists *yet* is
//! [`super::order`]'s question.

use super::action::{PLATFORM, USER};
use super::error::Mistake;
use super::quoting::Word;
use super::setting;
use super::statement::{Line, Statement};
use super::suggestion::{expected, unknown};
use crate::plan::{Action, KeyChange};

/// The names that a script gives, each once, in its order.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    nodes: Vec<&'a str>,
    artifacts: Vec<&'a str>,
    keys: Vec<(&'a str, &'a str)>,
}

impl<'a> Names<'a> {
    /// The names that these lines give.
    pub(super) fn of(lines: &'a [Line<'_>]) -> Self {
        let mut names = Names::default();
        for line in lines {
            let Statement::Step(step) = &line.statement else { continue };
            match &step.action {
                Action::Start { node } if !names.nodes.contains(&node.as_str()) => names.nodes.push(node),
                Action::Create { artifact, .. } if !names.artifacts.contains(&artifact.as_str()) => {
                    names.artifacts.push(artifact);
                }
                Action::Key { change: KeyChange::Create, artifact, key }
                    if !names.keys.contains(&(artifact, key)) =>
                {
                    names.keys.push((artifact, key));
                }
                _ => {}
            }
        }
        names
    }

    /// What is wrong with the names that a line uses.
    pub(super) fn check(&self, line: &Line<'_>) -> Vec<Mistake> {
        let node = || self.exists("node", line.bound.word("NODE"), &self.nodes);
        match &line.statement {
            Statement::Format | Statement::Seed(_) | Statement::Expect { .. } => Vec::new(),
            Statement::Set(set) => setting::check(set, &self.nodes, &line.bound).into_iter().collect(),
            Statement::Choose { .. } => node().into_iter().collect(),
            Statement::Fault(fault) => {
                self.struck(fault.at.node_name(), line.bound.word("ADDRESS")).into_iter().collect()
            }
            Statement::Step(step) => self.step(&step.action, line).into_iter().flatten().collect(),
        }
    }

    fn step(&self, action: &Action, line: &Line<'_>) -> Vec<Option<Mistake>> {
        let bound = &line.bound;
        let node = |place| self.exists("node", bound.word(place), &self.nodes);
        let gateway = || self.gateway(bound.word("GATEWAY"));
        let artifact = || self.exists("artifact", bound.word("ARTIFACT"), &self.artifacts);
        match action {
            Action::Start { .. } => Vec::new(),
            Action::Create { .. } => {
                vec![bound.key("provider").and_then(|word| self.exists("artifact", word, &self.artifacts))]
            }
            Action::Heal | Action::Wait(_) | Action::Settle => Vec::new(),
            Action::Deploy { .. }
            | Action::Undeploy(_)
            | Action::Restore(_)
            | Action::DeleteDeployment(_) => {
                vec![artifact(), gateway()]
            }
            Action::Delete { .. } | Action::Key { change: KeyChange::Create, .. } => vec![artifact()],
            Action::Key { change: KeyChange::Update | KeyChange::Revoke, .. } => {
                vec![artifact(), self.key(bound.word("ARTIFACT"), bound.word("KEY"))]
            }
            Action::Crash { .. }
            | Action::PowerLoss { .. }
            | Action::Restart { .. }
            | Action::Show { .. } => {
                vec![node("NODE")]
            }
            Action::Partition { .. } => vec![node("FROM"), node("TO")],
            Action::Probe { .. } => {
                let key = bound.key("key").and_then(|key| self.key(bound.word("ARTIFACT"), key));
                vec![gateway(), artifact(), key]
            }
        }
    }

    fn exists(&self, noun: &str, word: &Word, names: &[&str]) -> Option<Mistake> {
        let known = names.contains(&word.text.as_str());
        (!known).then(|| Mistake::at(word.at, unknown(noun, &word.text, names)))
    }

    fn gateway(&self, word: &Word) -> Option<Mistake> {
        let gateways: Vec<_> = self.nodes.iter().copied().filter(|node| *node != PLATFORM).collect();
        if word.text == PLATFORM {
            let complaint = format!("'{PLATFORM}' is not a gateway");
            return Some(Mistake::at(word.at, expected(&complaint, &word.text, &gateways)));
        }
        self.exists("gateway", word, &gateways)
    }

    /// A key is unknown only of an artifact that is known, lest one slip be told twice.
    fn key(&self, artifact: &Word, key: &Word) -> Option<Mistake> {
        let of = |(owner, _): &&(&str, &str)| *owner == artifact.text;
        let keys: Vec<_> = self.keys.iter().filter(of).map(|(_, key)| *key).collect();
        if !self.artifacts.contains(&artifact.text.as_str()) || keys.contains(&key.text.as_str()) {
            return None;
        }
        let complaint = format!("'{}' has no key '{}'", artifact.text, key.text);
        Some(Mistake::at(key.at, expected(&complaint, &key.text, &keys)))
    }

    /// Faults also strike what the user does.
    fn struck(&self, node: &str, address: &Word) -> Option<Mistake> {
        let nodes: Vec<_> = self.nodes.iter().copied().chain([USER]).collect();
        let known = nodes.contains(&node);
        (!known).then(|| Mistake::at(address.at, unknown("node", node, &nodes)))
    }
}
