//! Shards: the parts of a campaign, a sweep or a base that machines carry out without knowing of one another.
//!
//! To which shard something belongs is told by its number alone, so that any machine can tell, and nothing need be
//! handed out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of several parts: it holds every number that leaves the same rest when divided by how many there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// Which it is, from 1.
    index: u64,
    /// How many there are.
    of: u64,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { index: 1, of: 1 };

    /// The shard of that index, from 1, of so many.
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&index).then_some(Shard { index, of })
    }

    /// Which it is, from 1.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many there are.
    pub fn of(self) -> u64 {
        self.of
    }

    /// Whether a number, counted from 0, belongs to it.
    pub fn holds(self, number: u64) -> bool {
        number % self.of == self.index - 1
    }

    /// How many of the first `all` numbers it holds.
    pub fn share(self, all: u64) -> u64 {
        all.saturating_sub(self.index - 1).div_ceil(self.of)
    }

    /// Its number at a place, both counted from 0; the highest there is where it would be beyond that.
    pub fn at(self, place: u64) -> u64 {
        place.saturating_mul(self.of).saturating_add(self.index - 1)
    }

    /// The items at the places whose numbers it holds.
    pub fn select<T>(self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        (0..).zip(items).filter(|(number, _)| self.holds(*number)).map(|(_, item)| item).collect()
    }

    /// The shard that an engine says it has given to this task, with the variable that says so: Slurm to a task of
    /// an array, Kubernetes to a pod of an indexed job, where the manifest has to say how many completions there are.
    ///
    /// # Errors
    /// When an engine says one half of it, or what can't be.
    pub fn assigned(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<(Self, &'static str)>, String> {
        const SLURM: [&str; 3] = ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"];
        const KUBERNETES: [&str; 2] = ["JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"];
        let number = |name: &str| {
            let text = variable(name).ok_or_else(|| format!("{name} isn't set"))?;
            text.parse::<u64>().map_err(|_| format!("{name} is '{text}', which is no number"))
        };
        let set = |first: &str| variable(first).is_some();
        let wrong = |why: String| format!("{why}; expected --shard I/N, or an engine that says both");
        if set(SLURM[0]) {
            let [id, least, most] = [number(SLURM[0]), number(SLURM[1]), number(SLURM[2])];
            let (id, least, most) = (id.map_err(wrong)?, least.map_err(wrong)?, most.map_err(wrong)?);
            let shard = most.checked_sub(least).zip(id.checked_sub(least));
            let shard = shard.and_then(|(last, place)| Shard::new(place + 1, last + 1));
            let shard = shard.ok_or_else(|| wrong(format!("task {id} isn't one of {least} to {most}")))?;
            return Ok(Some((shard, SLURM[0])));
        }
        if set(KUBERNETES[0]) {
            let (index, of) = (number(KUBERNETES[0]).map_err(wrong)?, number(KUBERNETES[1]).map_err(wrong)?);
            let shard = Shard::new(index.saturating_add(1), of);
            let shard =
                shard.ok_or_else(|| wrong(format!("index {index} isn't one of {of} completions, from 0")))?;
            return Ok(Some((shard, KUBERNETES[0])));
        }
        Ok(None)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("'{text}' is no shard; expected I/N, I from 1 to N, such as 3/200");
        let (index, of) = text.split_once('/').ok_or_else(expected)?;
        let number = |text: &str| text.parse().map_err(|_| expected());
        Shard::new(number(index)?, number(of)?).ok_or_else(expected)
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> String {
        shard.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_belongs_to_one_shard() {
        for of in 1..=7 {
            let shards: Vec<_> =
                (1..=of).map(|index| Shard::new(index, of).expect("it is one of them")).collect();
            for number in 0..50 {
                assert_eq!(shards.iter().filter(|shard| shard.holds(number)).count(), 1);
            }
            for all in 0..50 {
                assert_eq!(shards.iter().map(|shard| shard.share(all)).sum::<u64>(), all);
                for shard in &shards {
                    let held: Vec<u64> = (0..all).filter(|number| shard.holds(*number)).collect();
                    assert_eq!((0..shard.share(all)).map(|place| shard.at(place)).collect::<Vec<_>>(), held);
                    assert_eq!(shard.select(0..all), held);
                }
            }
        }
    }

    #[test]
    fn a_shard_is_read_as_it_is_written() {
        let shard: Shard = "3/200".parse().expect("it is one");
        assert_eq!((shard.index(), shard.of(), shard.to_string().as_str()), (3, 200, "3/200"));
        for wrong in ["0/3", "4/3", "3", "3/", "/3", "a/b", "1/0", "-1/3", "1/3/5"] {
            let why = wrong.parse::<Shard>().expect_err(wrong);
            assert!(why.starts_with(&format!("'{wrong}' is no shard; expected I/N")), "{why}");
        }
    }

    #[test]
    fn engines_say_which_shard_it_is() {
        let assigned = |said: &[(&str, &str)]| {
            Shard::assigned(|name| {
                said.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let slurm = |id, least, most| {
            let of = |name, value| (name, value);
            assigned(&[
                of("SLURM_ARRAY_TASK_ID", id),
                of("SLURM_ARRAY_TASK_MIN", least),
                of("SLURM_ARRAY_TASK_MAX", most),
            ])
        };
        let shard = |index, of| Shard::new(index, of);
        assert_eq!(slurm("5", "1", "200").expect("it is").map(|(one, _)| one), shard(5, 200));
        assert_eq!(slurm("0", "0", "99").expect("it is").map(|(one, _)| one), shard(1, 100));
        assert!(slurm("7", "1", "5").expect_err("beyond").contains("task 7 isn't one of 1 to 5"));
        assert!(slurm("x", "1", "5").expect_err("no number").contains("SLURM_ARRAY_TASK_ID is 'x'"));
        let pod = [("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "64")];
        assert_eq!(assigned(&pod).expect("it is").map(|(one, _)| one), shard(1, 64));
        let why = assigned(&pod[..1]).expect_err("half of it");
        assert!(why.contains("JOB_COMPLETIONS isn't set; expected --shard I/N"), "{why}");
        assert!(assigned(&[("JOB_COMPLETION_INDEX", "64"), pod[1]]).is_err());
        assert_eq!(assigned(&[]), Ok(None));
    }
}
