//! What of everything that can be put into a plan is to be tried.

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use super::{effects, operations};
use crate::fault::Effect;
use crate::outcome::Unrunnable;
use crate::sites::{self, Class};

/// What is to be tried. Whatever isn't restricted is tried whole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// How many additions a plan has at most: one or two.
    pub faults: u8,
    /// The kinds of effects, by their words; every kind if there is none.
    pub kinds: Vec<String>,
    /// The sites, or patterns of them such as `http.*`; every site if there is none.
    pub sites: Vec<String>,
    /// The rule that selects among them.
    pub rule: Option<Rule>,
    /// The operations that are put at crossings too.
    pub operations: Vec<String>,
    /// Whether what another plan stands for is run all the same.
    pub unfolded: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted {
            faults: 1,
            kinds: Vec::new(),
            sites: Vec::new(),
            rule: None,
            operations: Vec::new(),
            unfolded: false,
        }
    }
}

impl Wanted {
    /// Whether it names only what there is.
    ///
    /// # Errors
    /// What doesn't exist, and what does.
    pub fn check(&self) -> Result<(), Unrunnable> {
        let tried: Vec<&str> =
            Effect::kinds().iter().filter(|kind| effects::is_tried(kind)).map(|kind| kind.word).collect();
        for word in &self.kinds {
            if tried.contains(&word.as_str()) {
                continue;
            }
            let exists = Effect::kinds().iter().any(|kind| kind.word == word);
            let why = match exists {
                true => "strikes no crossing, or takes what a sweep can't make up",
                false => "is no kind of fault",
            };
            return Err(Unrunnable(format!("--kinds: '{word}' {why}; expected one of {}", tried.join(", "))));
        }
        for site in &self.sites {
            if sites::meant_by(site).next().is_none() {
                return Err(Unrunnable(format!(
                    "--site: there is no site '{site}'; expected one of `driftless list sites`, or a pattern such \
                     as http.*"
                )));
            }
        }
        let operations: Vec<&str> = operations::words().collect();
        for word in &self.operations {
            if !operations.contains(&word.as_str()) {
                return Err(Unrunnable(format!(
                    "--ops: '{word}' is no operation that can be put at crossings; expected one of {}",
                    operations.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Whether an effect is to be tried at a site.
    pub(super) fn has(&self, effect: &Effect, class: Class, site: &str) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.iter().any(|word| word == effect.word());
        kind && self.has_site(site) && self.rule.is_none_or(|rule| rule.selects(effect, class))
    }

    /// Whether anything is to be tried at a site.
    pub(super) fn has_site(&self, site: &str) -> bool {
        let fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(kind) => site.starts_with(kind),
            None => site == wanted,
        };
        self.sites.is_empty() || self.sites.iter().any(fits)
    }
}
