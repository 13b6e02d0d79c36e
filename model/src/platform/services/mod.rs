//! The operations, one file each: validate, commit, tell, reply (docs/spec/platform.md sections 3 and 4).

mod application;
mod artifact;
mod association;
mod configuration;
mod create;
mod definition;
mod delete;
mod deploy;
mod deployments;
mod gateway;
mod generated_keys;
mod new_key;
mod organisation;
mod pages;
mod plan;
mod project;
mod references;
mod registration;
mod restore;
mod secret;
mod subscription;
mod supplied_keys;
mod tell;
mod template;
mod timeout;
mod token;
mod undeploy;

pub(super) use application::{Entity, NamedKey};
pub(super) use deployments::Wanted;
pub(super) use gateway::GatewayChanges;
pub(super) use generated_keys::{Generated, NewGeneratedKey};
pub(super) use new_key::NewKey;
pub(super) use registration::Pushed;
pub(super) use token::Identity;

use uuid::Uuid;

use super::tables::Artifact;
use crate::wire::kind::Kind;

/// What a user calls an artifact: the handle, within an organisation, on the routes of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ArtifactName {
    pub organisation: Uuid,
    pub kind: Kind,
    pub handle: String,
}

impl ArtifactName {
    /// Whether that is the artifact.
    pub fn names(&self, row: &Artifact) -> bool {
        row.organisation == self.organisation && row.kind == self.kind && row.handle == self.handle
    }
}

/// A handle: lower-case letters, digits and hyphens, none at either end.
fn is_handle(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(allowed) && !text.starts_with('-') && !text.ends_with('-')
}

/// A name made into a handle, where the user gave none.
fn handle_of(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_what_stands_in_a_path_unquoted() {
        for handle in ["a", "petstore", "pet-store-2", "2"] {
            assert!(is_handle(handle), "{handle}");
        }
        for text in ["", "-", "-pets", "pets-", "Pets", "pet store", "pet_store", "pets/1", "k\u{e4}fer"] {
            assert!(!is_handle(text), "{text}");
        }
    }

    #[test]
    fn a_name_becomes_a_handle_by_its_letters_and_digits() {
        let cases = [
            ("Petstore", "petstore"),
            ("Pet Store 2.0", "pet-store-2-0"),
            ("  Pets!! (old)", "pets-old"),
            ("a--b", "a-b"),
            ("\u{2026}", ""),
        ];
        for (name, handle) in cases {
            assert_eq!(handle_of(name), handle, "{name}");
        }
    }
}
