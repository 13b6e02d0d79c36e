//! What commands name: whether everything a script speaks of exists in it.
//!
//! The place that a name fills in its command's usage says what it names, and which command it stands in says
//! whether the name is given there or used. Whether it exists *yet* is [`super::order`]'s question.

use super::action::{PLATFORM, USER};
use super::error::Mistake;
use super::quoting::Word;
use super::setting;
use super::statement::{Line, Statement};
use super::suggestion::{expected, unknown};
use crate::fault::Moment;
use crate::own::operation;
use crate::plan::{Node, Start, Step, split_handle};

/// What a name is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Noun {
    /// A process: the platform, a gateway, or a replica of either.
    Node,
    /// A registered gateway.
    Gateway,
    /// A gateway or one of its replicas.
    Replica,
    /// A tenant.
    Organisation,
    /// A project.
    Project,
    /// An artifact, by its handle.
    Artifact,
    /// A key of an artifact.
    Key,
    /// A subscription plan.
    Plan,
    /// Who has subscribed to an artifact.
    Subscriber,
    /// An application.
    Application,
}

impl Noun {
    /// What stands in a place of a usage, if it is a name of something that a command gives.
    fn of(place: &str) -> Option<Noun> {
        Some(match place {
            "NODE" | "FROM" | "TO" => Noun::Node,
            "GATEWAY" => Noun::Gateway,
            "REPLICA" => Noun::Replica,
            "ORGANISATION" => Noun::Organisation,
            "PROJECT" => Noun::Project,
            "ARTIFACT" => Noun::Artifact,
            "KEY" => Noun::Key,
            "PLAN" => Noun::Plan,
            "SUBSCRIBER" => Noun::Subscriber,
            "APPLICATION" => Noun::Application,
            _ => return None,
        })
    }

    /// As messages call it.
    fn word(self) -> &'static str {
        match self {
            Noun::Node => "node",
            Noun::Gateway | Noun::Replica => "gateway",
            Noun::Organisation => "organisation",
            Noun::Project => "project",
            Noun::Artifact => "artifact",
            Noun::Key => "key",
            Noun::Plan => "plan",
            Noun::Subscriber => "subscriber",
            Noun::Application => "application",
        }
    }

    /// Whether such a thing belongs to an artifact.
    fn is_of_artifact(self) -> bool {
        matches!(self, Noun::Key | Noun::Subscriber)
    }

    /// What comes into being in a line that gives the name.
    pub(super) fn made(self) -> &'static str {
        match self {
            Noun::Node | Noun::Gateway | Noun::Replica => "set up",
            Noun::Subscriber => "subscribed",
            Noun::Organisation
            | Noun::Project
            | Noun::Artifact
            | Noun::Key
            | Noun::Plan
            | Noun::Application => "created",
        }
    }
}

/// A name in a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a> {
    /// What it is of.
    pub(super) noun: Noun,
    /// The artifact it belongs to, if it belongs to one.
    pub(super) of: Option<&'a str>,
    /// Where it stands.
    pub(super) word: &'a Word,
}

impl<'a> Name<'a> {
    /// The organisation before its slash, where it has one.
    pub(super) fn tenant(&self) -> Option<&'a str> {
        if is_node(self.noun) { None } else { split_handle(&self.word.text).0 }
    }

    /// Whether the line that gives `self` gives what `other` uses.
    pub(super) fn is(&self, other: &Name<'_>) -> bool {
        let fits = match other.noun {
            Noun::Node | Noun::Replica => is_node(self.noun),
            noun => self.noun == noun,
        };
        fits && self.of == other.of && self.word.text == other.word.text
    }
}

fn is_node(noun: Noun) -> bool {
    matches!(noun, Noun::Node | Noun::Gateway | Noun::Replica)
}

/// The commands that give a name, and the place in which it stands.
const GIVES: &[(&str, &str)] = &[
    ("gateway", "GATEWAY"),
    ("replica", "REPLICA"),
    ("organisation", "ORGANISATION"),
    ("create-project", "PROJECT"),
    ("create", "ARTIFACT"),
    ("create-local", "ARTIFACT"),
    ("create-key", "KEY"),
    ("create-local-key", "KEY"),
    ("create-plan", "PLAN"),
    ("subscribe", "SUBSCRIBER"),
    ("create-application", "APPLICATION"),
];

/// The place in which a command gives a name.
fn given(command: &str) -> Option<&'static str> {
    let built_in = GIVES.iter().find(|(name, _)| *name == command).map(|(_, place)| *place);
    built_in.or_else(|| operation::named(command)?.gives())
}

impl<'a> Line<'a> {
    /// The name that this line gives to something.
    pub(super) fn gives(&'a self) -> Option<Name<'a>> {
        let command = &self.bound.command.name;
        if command.text == PLATFORM {
            return Some(Name { noun: Noun::Node, of: None, word: command });
        }
        let place = given(&command.text)?;
        self.name(place, self.bound.word(place))
    }

    /// The names that this line uses.
    pub(super) fn takes(&'a self) -> Vec<Name<'a>> {
        let given = given(&self.bound.command.name.text);
        let free = self.bound.words().filter(|(place, word)| {
            let gives = given == Some(*place) && std::ptr::eq(self.bound.word(place), *word);
            !gives
        });
        free.filter_map(|(place, word)| self.name(place, word)).collect()
    }

    fn name(&'a self, place: &str, word: &'a Word) -> Option<Name<'a>> {
        let noun = Noun::of(place)?;
        let artifact = self.bound.place("ARTIFACT").map(|word| word.text.as_str());
        Some(Name { noun, of: artifact.filter(|_| noun.is_of_artifact()), word })
    }
}

/// The node at whose crossing a step begins.
fn started_at(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Step(Step { start: Start::When(at), .. }) => Some(at.node_name()),
        _ => None,
    }
}

/// The names that a script gives.
pub(super) struct Names<'a> {
    given: Vec<Name<'a>>,
}

impl<'a> Names<'a> {
    /// The names that these lines give.
    pub(super) fn of(lines: &'a [Line<'_>]) -> Self {
        Names { given: lines.iter().filter_map(Line::gives).collect() }
    }

    /// What is wrong with the names that a line uses.
    pub(super) fn check(&self, line: &Line<'_>) -> Vec<Mistake> {
        match &line.statement {
            Statement::Format | Statement::Seed(_) | Statement::Expect { .. } => Vec::new(),
            Statement::Set(set) => setting::check(set, &self.nodes(), &line.bound).into_iter().collect(),
            Statement::Fault(fault) => {
                let target = line.bound.word("TARGET");
                let wrong = |node: &&str| self.struck(node, target);
                let named = fault.target.nodes();
                let moments = line.bound.free.iter().filter_map(|(key, value)| {
                    let moment = [("from", &fault.window.from), ("until", &fault.window.until)];
                    let moment = moment.into_iter().find(|(name, _)| key.text == *name)?.1.as_ref()?;
                    match moment {
                        Moment::Crossing(at) => self.struck(at.node_name(), value),
                        Moment::Time(_) | Moment::Never => None,
                    }
                });
                named.iter().filter_map(wrong).chain(moments).collect()
            }
            Statement::Choose { .. } | Statement::Step(_) => {
                let taken = line.takes();
                let wrong = |name: &Name<'_>| self.tenant(name).or_else(|| self.unknown(name, &taken));
                let given = line.gives().and_then(|name| self.tenant(&name));
                let begins = line.bound.command.when.as_ref();
                let begins = begins.and_then(|when| self.struck(started_at(&line.statement)?, when));
                taken.iter().filter_map(wrong).chain(given).chain(self.original(line)).chain(begins).collect()
            }
        }
    }

    /// The names that would do in the place of this one, each once, in the order of the script.
    fn known(&self, name: &Name<'_>) -> Vec<&'a str> {
        let fits = |given: &&Name<'a>| match name.noun {
            Noun::Node => is_node(given.noun),
            Noun::Replica => is_node(given.noun) && Node::original(&given.word.text) != PLATFORM,
            noun => given.noun == noun && given.of == name.of,
        };
        let mut known: Vec<&'a str> = Vec::new();
        for given in self.given.iter().filter(fits) {
            if !known.contains(&given.word.text.as_str()) {
                known.push(&given.word.text);
            }
        }
        known
    }

    fn unknown(&self, name: &Name<'_>, taken: &[Name<'_>]) -> Option<Mistake> {
        let (word, known) = (name.word, self.known(name));
        if known.contains(&word.text.as_str()) {
            return None;
        }
        let message = match (name.noun, name.of) {
            (Noun::Gateway | Noun::Replica, _) if Node::original(&word.text) == PLATFORM => {
                expected(&format!("'{}' is not a gateway", word.text), &word.text, &known)
            }
            (noun, Some(artifact)) => {
                // Unknown only of an artifact that is known, lest one slip be told twice.
                let owner = taken.iter().find(|other| other.noun == Noun::Artifact);
                if owner.is_some_and(|owner| !self.known(owner).contains(&owner.word.text.as_str())) {
                    return None;
                }
                let complaint = format!("'{artifact}' has no {} '{}'", noun.word(), word.text);
                expected(&complaint, &word.text, &known)
            }
            (noun, None) => unknown(noun.word(), &word.text, &known),
        };
        Some(Mistake::at(word.at, message))
    }

    /// The organisation before a slash must exist.
    fn tenant(&self, name: &Name<'_>) -> Option<Mistake> {
        let organisation = name.tenant()?;
        let given = self.given.iter().filter(|given| given.noun == Noun::Organisation);
        let known: Vec<_> = given.map(|given| given.word.text.as_str()).collect();
        (!known.contains(&organisation))
            .then(|| Mistake::at(name.word.at, unknown("organisation", organisation, &known)))
    }

    /// A replica needs the node it is one of.
    fn original(&self, line: &Line<'_>) -> Option<Mistake> {
        let replica = line.gives().filter(|name| name.noun == Noun::Replica)?;
        let original = Node::original(&replica.word.text);
        let mut nodes = self.nodes();
        nodes.retain(|node| Node::original(node) == *node);
        (!nodes.contains(&original)).then(|| Mistake::at(replica.word.at, unknown("node", original, &nodes)))
    }

    fn nodes(&self) -> Vec<&'a str> {
        let mut nodes: Vec<&'a str> = Vec::new();
        for given in self.given.iter().filter(|given| is_node(given.noun)) {
            if !nodes.contains(&given.word.text.as_str()) {
                nodes.push(&given.word.text);
            }
        }
        nodes
    }

    /// Faults also strike what the user does.
    fn struck(&self, node: &str, address: &Word) -> Option<Mistake> {
        let nodes: Vec<_> = self.nodes().into_iter().chain([USER]).collect();
        let known = nodes.contains(&node);
        (!known).then(|| Mistake::at(address.at, unknown("node", node, &nodes)))
    }
}
