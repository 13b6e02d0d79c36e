//! Of which shards of some work there is something, and what is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::shard::Shard;

/// Of which shards there is something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shards {
    /// How many the work was divided into.
    of: u64,
    /// How many runs it was to have in all; none if that wasn't said beforehand.
    pub goal: Option<u64>,
    /// By index, what there is of it.
    parts: BTreeMap<u64, Part>,
}

/// What there is of a shard.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Part {
    runs: u64,
    /// What stands for what it came to; none before anybody has asked.
    seal: Option<String>,
}

impl Default for Shards {
    fn default() -> Self {
        Shards::one(Shard::WHOLE)
    }
}

impl Shards {
    /// A shard, of which there is nothing yet.
    pub fn one(shard: Shard) -> Self {
        Shards { of: shard.of(), goal: None, parts: BTreeMap::from([(shard.index(), Part::default())]) }
    }

    /// None, to unite others with.
    pub(super) fn none() -> Self {
        Shards { of: 0, goal: None, parts: BTreeMap::new() }
    }

    /// The only one there is.
    pub(crate) fn only(&self) -> Option<Shard> {
        let mut indices = self.parts.keys();
        let only = indices.next().filter(|_| indices.next().is_none())?;
        Shard::new(*only, self.of)
    }

    /// One more run of the only one there is.
    pub(crate) fn ran(&mut self) {
        if let Some(part) = self.parts.values_mut().next() {
            part.runs += 1;
        }
    }

    /// Each of which there is something.
    pub(crate) fn all(&self) -> impl Iterator<Item = Shard> {
        self.parts.keys().filter_map(|index| Shard::new(*index, self.of))
    }

    /// Whether it has a shard.
    fn has(&self, index: u64) -> bool {
        self.parts.contains_key(&index)
    }

    /// How many shards it was divided into, and how many runs it was to have.
    pub(super) fn division(&self) -> (u64, Option<u64>) {
        (self.of, self.goal)
    }

    /// How it was divided, in words.
    pub(super) fn divided(&self) -> String {
        match self.goal {
            Some(goal) => format!("{goal} runs in {} parts", self.of),
            None => format!("{} parts", self.of),
        }
    }

    /// Marks the only one there is. Those that were merged have their marks.
    pub(super) fn seal(&mut self, seal: &str) {
        for part in self.parts.values_mut() {
            part.seal.get_or_insert_with(|| seal.to_owned());
        }
    }

    /// Whether all of others are in already.
    ///
    /// # Errors
    /// When one of them is and came to something else, or some are and some aren't, in words.
    pub(super) fn holds(&self, others: &Shards) -> Result<bool, String> {
        let (held, new): (Vec<_>, Vec<_>) = others.parts.iter().partition(|(index, _)| self.has(**index));
        if let Some((index, _)) = held.iter().find(|(index, part)| self.parts[*index] != **part) {
            return Err(format!(
                "its shard {index} of {} came to something else than the one that is in",
                self.of
            ));
        }
        if let (Some((index, _)), false) = (held.first(), new.is_empty()) {
            return Err(format!(
                "its shard {index} of {} is in already, and others of it aren't; expected parts that share none",
                self.of
            ));
        }
        Ok(new.is_empty())
    }

    /// Those of the same division too.
    pub(crate) fn unite(&mut self, other: Shards) {
        self.parts.extend(other.parts);
        (self.of, self.goal) = (other.of, other.goal);
    }

    /// What isn't there of what it was to be, in words.
    pub fn missing(&self) -> Vec<String> {
        let of = self.of;
        let absent: Vec<u64> = (1..=of).filter(|index| !self.has(*index)).collect();
        let mut missing = Vec::new();
        if !absent.is_empty() {
            let (noun, verb) = if absent.len() == 1 { ("shard", "isn't") } else { ("shards", "aren't") };
            missing.push(format!("{noun} {} of {of} {verb} here", ranges(&absent)));
        }
        for (index, Part { runs, .. }) in &self.parts {
            let share = self.goal.zip(Shard::new(*index, of)).map(|(goal, shard)| shard.share(goal));
            if let Some(share) = share.filter(|share| runs < share) {
                let whose = if of == 1 { String::new() } else { format!("of shard {index} of {of} ") };
                missing.push(format!("{whose}only {runs} of {share} runs were made"));
            }
        }
        missing
    }
}

/// Numbers in their order, those that follow one another as a range.
fn ranges(numbers: &[u64]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let word = |(first, last): &(u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_words() {
        let part = |runs| Part { runs, seal: None };
        let parts = BTreeMap::from([(3, part(3)), (5, part(1)), (6, part(2))]);
        let mut shards = Shards { of: 10, goal: Some(25), parts };
        let words = ["shards 1-2, 4, 7-10 of 10 aren't here", "of shard 5 of 10 only 1 of 3 runs were made"];
        assert_eq!(shards.missing(), words);
        shards.parts = (1..=10).map(|index| (index, part(3))).collect();
        assert_eq!(shards.missing(), Vec::<String>::new());
        shards.parts.remove(&4);
        assert_eq!(shards.missing(), ["shard 4 of 10 isn't here"]);
        // A campaign that goes on for a time has as many runs as it has.
        shards = Shards::one(Shard::WHOLE);
        assert_eq!(shards.missing(), Vec::<String>::new());
    }
}
