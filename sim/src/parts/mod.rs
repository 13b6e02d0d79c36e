//! Work in parts: a campaign or a sweep of which each machine carries out one part, keeps it in a folder, and hands
//! it to a merge.
//!
//! What a part came to is its *count*: it knows of which shards it is, and counts can be united in any order and
//! grouping. Which part of the work a shard has is told by numbers alone ([`crate::shard`]).
//!
//! * `shards`: of which shards there is something, and what is missing; `label`: what a folder says that it is;
//! * `folder`: what is kept on disk; `saving`: when it is saved; `merge`: parts as one.
//!
//! Not here: what is counted, which is for the kind of work to say ([`Kind`]), and how parts are placed on machines,
//! which engines do (docs/clusters.md).

mod folder;
mod label;
mod merge;
mod saving;
mod shards;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::build::Build;
use crate::campaign::Finding;
use crate::draw;
use crate::outcome::Unrunnable;
use crate::shard::Shard;

pub use folder::Folder;
pub use merge::{Merged, folders_in, merge};
pub use shards::Shards;

pub(crate) use saving::Saving;

/// A kind of work that can be divided.
pub trait Kind {
    /// What people call it.
    const NOUN: &'static str;
    /// What the first file of its folder says that it is.
    const FORMAT: &'static str;
    /// The version of what is written there.
    const VERSION: u32;
    /// The name of that file.
    const LABEL: &'static str;
    /// What the work is about.
    type Subject: Clone + Serialize + DeserializeOwned;
    /// What it has so far.
    type Count: Count;

    /// In what two subjects differ.
    fn differences(one: &Self::Subject, other: &Self::Subject) -> Vec<&'static str>;

    /// The files that say what it comes to, by name.
    ///
    /// # Errors
    /// When they can't be put into words.
    fn conclusion(
        build: &Build,
        subject: &Self::Subject,
        count: &Self::Count,
    ) -> Result<Vec<(&'static str, Vec<u8>)>, Unrunnable>;
}

/// What work has come to so far.
pub trait Count: Clone + Default + Serialize + DeserializeOwned {
    /// Of which shards it is.
    fn shards(&self) -> &Shards;
    /// The same, to be changed.
    fn shards_mut(&mut self) -> &mut Shards;
    /// What was found, by the id of the signature.
    fn findings(&self) -> &BTreeMap<String, Finding>;
    /// The same, to be changed.
    fn findings_mut(&mut self) -> &mut BTreeMap<String, Finding>;
    /// The same without the time that it took, which differs each time.
    #[must_use]
    fn without_time(self) -> Self;
    /// What other parts have too. What is in both counts twice.
    #[must_use]
    fn united(self, other: Self) -> Self;
    /// In what another can't be of the same work, although it says so.
    fn contradiction(&self, other: &Self) -> Option<String>;

    /// Nothing yet, of one shard.
    fn of_shard(shard: Shard) -> Self {
        let mut count = Self::default();
        *count.shards_mut() = Shards::one(shard);
        count
    }

    /// Nothing of no shard, to unite others with.
    fn none() -> Self {
        let mut count = Self::default();
        *count.shards_mut() = Shards::none();
        count
    }

    /// The same without the texts of findings; of those that are known only if `known` is set, since they have no
    /// file of their own here.
    #[must_use]
    fn without_texts(&self, known: bool) -> Self {
        let mut light = self.clone();
        for finding in light.findings_mut().values_mut().filter(|finding| known || !finding.known) {
            *finding = finding.without_texts();
        }
        light
    }

    /// Takes the findings of other parts too. One that every part has, whatever it ran, counts once.
    fn take_findings(&mut self, others: BTreeMap<String, Finding>, is_everyones: impl Fn(&Finding) -> bool) {
        for (id, finding) in others {
            match self.findings_mut().entry(id) {
                Entry::Vacant(place) => _ = place.insert(finding),
                Entry::Occupied(place) if is_everyones(place.get()) => {}
                Entry::Occupied(mut place) => place.get_mut().unite(finding),
            }
        }
    }

    /// Marks what there is of each shard by what it came to, to tell whether another says the same of it.
    fn seal(&mut self) {
        let came_to = self.without_texts(true).without_time();
        let words = serde_json::to_string(&came_to).unwrap_or_default();
        self.shards_mut().seal(&format!("{:032x}", draw::of(&words)));
    }
}
