//! The label of a folder: what it is, which part of it, and by which build it is made.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::build::Build;
use crate::outcome::Unrunnable;
use crate::shard::Shard;

use super::Kind;

/// What a folder is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Label<S> {
    format: String,
    version: u32,
    /// By which build it is made.
    pub build: Build,
    pub subject: S,
    /// Which part of it this is; none where parts were merged.
    pub shard: Option<Shard>,
}

impl<S: Clone> Label<S> {
    /// The label of a part that this build makes.
    pub fn new<K: Kind<Subject = S>>(subject: &S, shard: Shard) -> Self {
        Label {
            format: K::FORMAT.into(),
            version: K::VERSION,
            build: Build::this(),
            subject: subject.clone(),
            shard: Some(shard),
        }
    }

    /// That of the work of which this is a part.
    pub fn of_the_whole(self) -> Self {
        Label { shard: None, ..self }
    }

    /// That of another part, of that or of other work.
    pub fn instead(&self, subject: &S, shard: Shard) -> Self {
        Label { subject: subject.clone(), shard: Some(shard), ..self.clone() }
    }

    /// In what another is of other work.
    pub fn differences<K: Kind<Subject = S>>(&self, other: &Self) -> Vec<&'static str> {
        let (one, two) = (&self.build, &other.build);
        let by_build = [("version", one.version != two.version), ("commit", one.commit != two.commit)];
        let by_build = by_build.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name);
        let shard = (self.shard != other.shard).then_some("shard");
        by_build.chain(K::differences(&self.subject, &other.subject)).chain(shard).collect()
    }
}

impl<S: serde::de::DeserializeOwned> Label<S> {
    /// The label of a folder.
    ///
    /// # Errors
    /// When it has none, or that of something else or of another version, or one that is damaged.
    pub fn read<K: Kind<Subject = S>>(folder: &Path) -> Result<Self, Unrunnable> {
        let (noun, file) = (K::NOUN, folder.join(K::LABEL));
        let bad = |why: String| Unrunnable(format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => bad(format!("there is no {noun} here")),
            _ => bad(e.to_string()),
        })?;
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| bad(format!("this isn't a {noun}: {e}")))?;
        if value["format"] != K::FORMAT {
            return Err(bad(format!("this isn't a {noun}; expected the format \"{}\"", K::FORMAT)));
        }
        if value["version"] != K::VERSION {
            let (found, expected) = (&value["version"], K::VERSION);
            return Err(bad(format!("this {noun} is of version {found}; expected {expected}")));
        }
        serde_json::from_value(value).map_err(|e| bad(format!("this is damaged: {e}")))
    }
}
