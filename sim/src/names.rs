//! The plan's names for things: `petstore`, `petstore@2`, `petstore.d1`, `petstore.key1`.
//!
//! The actors know things by identifiers, people by names. Each identifier is drawn here and given its name,
//! so that addresses, histories and transcripts can speak of `petstore.d2` and nobody meets a UUID.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftless_model::cx::{Mint, Subject};
use uuid::Uuid;

use crate::draw::Draws;

/// The organisation that every plan has.
pub const HOME: &str = "acme";

/// Every identifier that has a name.
#[derive(Debug)]
pub struct Names {
    draws: Draws,
    by_id: BTreeMap<Uuid, Arc<str>>,
    made: BTreeMap<String, u64>,
}

impl Names {
    /// No names yet.
    pub fn new(draws: Draws) -> Self {
        Names { draws, by_id: BTreeMap::new(), made: BTreeMap::new() }
    }

    /// What the identifiers are drawn from.
    pub fn draws(&self) -> Draws {
        self.draws
    }

    /// The name of an identifier.
    pub fn of(&self, id: Uuid) -> Option<&Arc<str>> {
        self.by_id.get(&id)
    }

    /// Every name that was given, in order.
    pub fn all(&self) -> BTreeSet<&str> {
        self.by_id.values().map(|name| &**name).collect()
    }

    /// The name of what a crossing is about. An identifier that nobody was given has none.
    pub fn subject(&self, subject: Subject<'_>) -> Option<Arc<str>> {
        match subject {
            Subject::None => None,
            Subject::Id(id) => self.of(id).cloned(),
            Subject::Name(name) => Some(name.into()),
        }
    }

    /// The identifier of a name, if it was given.
    pub fn id(&self, name: &str) -> Option<Uuid> {
        self.by_id.iter().find(|(_, known)| &***known == name).map(|(id, _)| *id)
    }

    /// What the thing of that name is called where the plan isn't known: by its identifier and, if it is an
    /// artifact, by its handle.
    pub fn called(&self, name: &str) -> Vec<String> {
        let id = self.id(name).map(|id| id.to_string());
        let handle = name.rsplit('/').next().unwrap_or(name);
        let handle = handle.split('@').next().unwrap_or(handle);
        let handle = Some(handle.to_owned()).filter(|handle| !handle.contains('.'));
        id.into_iter().chain(handle).collect()
    }

    /// Gives an identifier that was chosen elsewhere its name.
    pub fn give(&mut self, id: Uuid, name: &str) {
        self.by_id.insert(id, name.into());
    }

    /// Draws an identifier. `within` tells apart what has no name of its own.
    pub fn mint(&mut self, mint: Mint<'_>, within: &str) -> Uuid {
        // What the identifier is drawn from, and what the thing is called.
        let (kind, name) = match mint {
            Mint::Artifact { organisation, handle } => {
                let name = self.of_artifact(&self.within(organisation), handle);
                (format!("artifact {organisation}"), name)
            }
            // It has no organisation, and is told apart from those of the one that every plan has.
            Mint::LocalArtifact { handle } => ("local artifact".to_owned(), self.of_artifact("", handle)),
            Mint::Deployment(artifact) => {
                let n = self.count(format!("deployment {artifact}"));
                (format!("deployment {artifact}"), format!("{}.d{n}", self.name_or_unknown(artifact)))
            }
            Mint::Key { artifact, name } => {
                let n = self.count(format!("key {artifact} {name}"));
                (format!("key {artifact}"), format!("{}.{name}{}", self.name_or_unknown(artifact), again(n)))
            }
            Mint::Gateway(name) => {
                let n = self.count(format!("gateway {name}"));
                (format!("gateway {n}"), name.to_owned())
            }
            Mint::Subscription { artifact, subscriber } => {
                let n = self.count(format!("subscription {artifact} {subscriber}"));
                let name = format!("{}.{subscriber}{}", self.name_or_unknown(artifact), again(n));
                (format!("subscription {artifact}"), name)
            }
            Mint::Plan { organisation, name } => self.of_organisation("plan", organisation, name),
            Mint::Application { organisation, handle } => {
                self.of_organisation("application", organisation, handle)
            }
            Mint::Project { organisation, name } => self.of_organisation("project", organisation, name),
            Mint::Other { what, of } => {
                let of = self.subject(of).unwrap_or_default();
                let key = format!("{what} {of} {within}");
                let n = self.count(key.clone());
                return self.draws.uuid(4, &format!("{key} {n}"));
            }
        };
        // docs/spec/platform.md section 2: subscriptions and applications have random identifiers.
        let version = match mint {
            Mint::Subscription { .. } | Mint::Application { .. } => 4,
            Mint::Artifact { .. }
            | Mint::LocalArtifact { .. }
            | Mint::Deployment(_)
            | Mint::Key { .. }
            | Mint::Gateway(_)
            | Mint::Plan { .. }
            | Mint::Project { .. }
            | Mint::Other { .. } => 7,
        };
        let id = self.draws.uuid(version, &format!("{kind} {name}"));
        self.give(id, &name);
        id
    }

    /// The name of the next artifact under a handle, whoever makes it.
    fn of_artifact(&mut self, within: &str, handle: &str) -> String {
        let n = self.count(format!("artifact {within}{handle}"));
        format!("{within}{handle}{}", again(n))
    }

    /// What is called after its kind, since an artifact may have the same name: `plan.gold`.
    fn of_organisation(&mut self, what: &str, organisation: Uuid, name: &str) -> (String, String) {
        let n = self.count(format!("{what} {organisation} {name}"));
        let name = format!("{}{what}.{name}{}", self.within(organisation), again(n));
        (format!("{what} {organisation}"), name)
    }

    /// What stands before the name of a thing of an organisation: nothing for the one every plan has.
    fn within(&self, organisation: Uuid) -> String {
        match self.of(organisation).map(|name| &**name) {
            None | Some(HOME) => String::new(),
            Some(name) => format!("{name}/"),
        }
    }

    fn count(&mut self, key: String) -> u64 {
        let n = self.made.entry(key).or_insert(0);
        *n += 1;
        *n
    }

    fn name_or_unknown(&self, id: Uuid) -> Arc<str> {
        self.of(id).cloned().unwrap_or_else(|| "unknown".into())
    }
}

/// What tells the second of a name and the later ones from the first.
fn again(n: u64) -> String {
    if n == 1 { String::new() } else { format!("@{n}") }
}

/// A name up to a mark in it, or all of it. Names are short, and this is asked a hundred thousand times in a run,
/// so their bytes are looked at one by one.
pub(crate) fn before(name: &str, mark: u8) -> &str {
    let end = name.bytes().position(|byte| byte == mark).unwrap_or(name.len());
    name.get(..end).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_called_after_what_they_belong_to() {
        let mut names = Names::new(Draws::new(0));
        let organisation = Uuid::nil();
        let artifact =
            |names: &mut Names| names.mint(Mint::Artifact { organisation, handle: "petstore" }, "");
        let (first, second) = (artifact(&mut names), artifact(&mut names));
        names.mint(Mint::Deployment(second), "");
        let deployment = names.mint(Mint::Deployment(second), "");
        let key = names.mint(Mint::Key { artifact: first, name: "key1" }, "");
        let local = names.mint(Mint::LocalArtifact { handle: "petstore" }, "");
        assert_eq!(names.of(local).map(|name| &**name), Some("petstore@3"));
        let called = [first, second, deployment, key].map(|id| names.of(id).map(|n| n.to_string()));
        let expected = ["petstore", "petstore@2", "petstore@2.d2", "petstore.key1"];
        assert_eq!(called, expected.map(|name| Some(name.to_owned())));
        assert_eq!(names.id("petstore@2"), Some(second));
        assert_eq!(names.called("petstore@2"), [second.to_string(), "petstore".to_owned()]);
        assert_eq!(names.called("petstore.key1"), [key.to_string()]);
    }

    #[test]
    fn an_identifier_depends_on_its_name_and_not_on_what_was_drawn_before() {
        let mut one = Names::new(Draws::new(0));
        let mut other = Names::new(Draws::new(0));
        other.mint(Mint::Gateway("gw9"), "");
        other.mint(Mint::Other { what: "correlation", of: Subject::None }, "elsewhere");
        assert_eq!(one.mint(Mint::Gateway("gw1"), ""), other.mint(Mint::Gateway("gw1"), ""));
        let mint = Mint::Other { what: "correlation", of: Subject::None };
        assert_eq!(one.mint(mint, "here"), other.mint(mint, "here"));
    }
}
