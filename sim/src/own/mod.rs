//! One's own: operations and effects of faults that are written in another crate, beside those of this one.
//!
//! Whoever has any implements a trait and registers it before anything is read or run; then scripts, messages,
//! lists, the shell and histories know it by its word like a built-in one. What stands in a plan is a [`Given`]:
//! the thing and its arguments as text, so that a plan stays data that can be compared, written and read again,
//! and none can hold what isn't registered. [`docs/own.md`](../../../docs/own.md) is the guide.
//!
//! * [`operation`]: what a step does; [`effect`]: what a fault does to a crossing;
//! * `registry`: the lists of them, closed when they are first read, since they are an input of every run.
//!
//! Not here: properties, which are registered in [`crate::properties`]; effects on links and nodes, which the
//! world carries out over time; made-up plans, which draw built-in effects and operations only.

pub mod effect;
pub mod operation;
pub(crate) mod registry;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use effect::{Effect, Struck};
pub use operation::{Doing, Operation};
pub use registry::Refused;

// What the traits speak of, so that a crate of one's own has the versions that fit.
pub use bytes::Bytes;
pub use http::Method;
pub use serde_json;

/// What an operation or an effect was given, by the names of its places and keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// What was given under a name, if something was.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same where it must be given; otherwise nothing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}

impl FromIterator<(String, String)> for Arguments {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(given: I) -> Self {
        Arguments(given.into_iter().collect())
    }
}

/// What a plan can hold of one's own.
pub trait Kind: Sync + 'static {
    /// Its word.
    fn word(&self) -> &'static str;
    /// The registered one of that word, if these arguments fit it; otherwise what is wrong.
    ///
    /// # Errors
    /// When there is none, or what it was given doesn't fit.
    fn of(word: &str, arguments: &Arguments) -> Result<&'static Self, String>;
}

/// An operation or an effect with what it was given. It exists only if it is registered and the rest fits.
pub struct Given<T: ?Sized + 'static> {
    what: &'static T,
    arguments: Arguments,
}

impl<T: ?Sized + Kind> Given<T> {
    /// What was given.
    pub fn arguments(&self) -> &Arguments {
        &self.arguments
    }

    /// What it was given to.
    pub fn what(&self) -> &'static T {
        self.what
    }

    fn key(&self) -> (&'static str, &Arguments) {
        (self.what.word(), &self.arguments)
    }
}

impl<T: ?Sized> Clone for Given<T> {
    fn clone(&self) -> Self {
        Given { what: self.what, arguments: self.arguments.clone() }
    }
}

impl<T: ?Sized + Kind> PartialEq for Given<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T: ?Sized + Kind> Eq for Given<T> {}

impl<T: ?Sized + Kind> PartialOrd for Given<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized + Kind> Ord for Given<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T: ?Sized + Kind> Hash for Given<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl<T: ?Sized + Kind> fmt::Debug for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.what.word()).field(&self.arguments.0).finish()
    }
}

impl<T: ?Sized + Kind> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.key().serialize(to)
    }
}

impl<'de, T: ?Sized + Kind> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (word, arguments) = <(String, Arguments)>::deserialize(from)?;
        let what = T::of(&word, &arguments).map_err(serde::de::Error::custom)?;
        Ok(Given { what, arguments })
    }
}
