//! New identifiers, and what they are for.

use uuid::Uuid;

use super::Subject;

/// A new identifier is drawn for one of these; from it the world knows what to call the thing.
#[derive(Clone, Copy, Debug)]
pub enum Mint<'a> {
    /// An artifact, by its organisation and handle.
    Artifact {
        /// The organisation's identifier.
        organisation: Uuid,
        /// The handle the user chose.
        handle: &'a str,
    },
    /// A deployment of an artifact.
    Deployment(Uuid),
    /// An API key of an artifact, by its name.
    Key {
        /// The artifact it opens.
        artifact: Uuid,
        /// Its name, unique within the artifact.
        name: &'a str,
    },
    /// A gateway, by its name.
    Gateway(&'a str),
    /// A subscription to an API, by its subscriber.
    Subscription {
        /// The API.
        artifact: Uuid,
        /// Who subscribes.
        subscriber: &'a str,
    },
    /// A subscription plan, by its name.
    Plan {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its name.
        name: &'a str,
    },
    /// An application, by its handle.
    Application {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its handle.
        handle: &'a str,
    },
    /// A project, by its name.
    Project {
        /// The organisation's identifier.
        organisation: Uuid,
        /// Its name.
        name: &'a str,
    },
    /// An artifact that was made at a gateway itself, by its handle.
    LocalArtifact {
        /// The handle the user chose.
        handle: &'a str,
    },
    /// Anything else that belongs to `of` and is never spoken of by name.
    Other {
        /// What it is, such as `correlation`.
        what: &'static str,
        /// What it belongs to.
        of: Subject<'a>,
    },
}
