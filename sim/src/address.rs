//! Addresses: where a crossing is, in words that depend on no time and no random draw.
//!
//! *(node, task, site, peer, subject, n)*, and for the later moments of an exchange a phase. The text form
//! reads from the left to the right and leaves out what says nothing:
//!
//! ```text
//! gw1 sync http.artifacts-exists
//! gw1@2 sync store.delete-artifact petstore
//! platform request delete petstore 1 ws.send ->gw2 petstore #2 received
//! ```
//!
//! A life after the first is `@2`, a peer `->gw2`, the second and later of the same `#2`; the peer of a call
//! to the platform goes without saying, and so does the phase `sent`.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use driftless_model::cx::Phase;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

thread_local! {
    /// What is hashed of an address, kept for its memory: every crossing is hashed several times.
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where a crossing is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Address {
    /// The life of a node: `gw1`, `gw1@2`.
    pub node: Arc<str>,
    /// The work, named by its cause.
    pub task: Arc<str>,
    /// What is done.
    pub site: &'static str,
    /// The node at the other end.
    pub peer: Option<Arc<str>>,
    /// The plan's name for what it is about.
    pub subject: Option<Arc<str>>,
    /// Which of several that are alike in all else, from 1.
    pub n: u64,
    /// Which moment of an exchange; none for a crossing that is a moment by itself.
    pub phase: Option<Phase>,
}

impl Address {
    /// A number of 128 bits that stands for the address, the same in every run of this build or another.
    pub fn hash(&self) -> u128 {
        self.hashed(|bytes| {
            bytes.extend_from_slice(&self.n.to_le_bytes());
            bytes.push(self.phase.map_or(0, |phase| 1 + phase as u8));
        })
    }

    /// What stands for all that are alike but for `n`, to count them.
    pub fn series_hash(&self) -> u128 {
        self.hashed(|_| ())
    }

    /// The hash of all but `n`, and of what `more` adds.
    fn hashed(&self, more: impl FnOnce(&mut Vec<u8>)) -> u128 {
        let peer = self.peer.as_deref().unwrap_or_default();
        let subject = self.subject.as_deref().unwrap_or_default();
        BYTES.with_borrow_mut(|bytes| {
            bytes.clear();
            for part in [&*self.node, &*self.task, self.site, peer, subject] {
                bytes.extend_from_slice(part.as_bytes());
                bytes.push(0);
            }
            more(bytes);
            xxh3_128(bytes)
        })
    }

    /// The same exchange at another moment.
    pub fn at(&self, phase: Phase) -> Address {
        Address { phase: Some(phase), ..self.clone() }
    }

    /// The node's name without its life.
    pub fn node_name(&self) -> &str {
        crate::names::before(&self.node, b'@')
    }
}

/// The word for a phase.
pub fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Sent => "sent",
        Phase::Received => "received",
        Phase::Answered => "answered",
        Phase::AnswerReceived => "answer-received",
    }
}

/// Every phase, in order.
pub const PHASES: [Phase; 4] = [Phase::Sent, Phase::Received, Phase::Answered, Phase::AnswerReceived];

/// The first parts of site names; no word of a task's name begins with one of them.
pub const SITES: &[&str] =
    &["http.", "ws.", "store.", "hub.", "boot.", "memory.", "life.", "link.", "step.", "fault."];

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.node)?;
        for part in [&*self.task, self.site] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        if let Some(peer) = self.peer.as_deref().filter(|peer| *peer != "platform") {
            write!(f, " ->{peer}")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        if self.n != 1 {
            write!(f, " #{}", self.n)?;
        }
        match self.phase {
            None | Some(Phase::Sent) => Ok(()),
            Some(phase) => write!(f, " {}", phase_word(phase)),
        }
    }
}

/// An address as a person writes it. What is left out fits anything, but for the number and the phase, which
/// are then the first of each: `#1` and `sent`. `gw1@*` is any life of a node, `store.*` any site of that kind,
/// `#*` any number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    node: String,
    task: String,
    site: String,
    peer: Option<String>,
    subject: Option<String>,
    n: Number,
    phase: Option<Phase>,
}

/// Which of several that are alike in all else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Number {
    /// Nothing is said of it.
    Unsaid,
    /// Any.
    Any,
    /// That one.
    Is(u64),
}

/// A text that isn't an address, and what is missing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadAddress(String);

impl BadAddress {
    /// With that to say.
    pub fn new(words: impl Into<String>) -> Self {
        BadAddress(words.into())
    }
}

impl Pattern {
    /// Whether the address is the one meant. A crossing has one moment, so `sent` fits it too.
    pub fn fits(&self, address: &Address) -> bool {
        self.fits_at(address, Phase::Sent)
    }

    /// The same, where a pattern that names no phase means `phase`.
    pub fn fits_at(&self, address: &Address, phase: Phase) -> bool {
        let numbered = match self.n {
            Number::Unsaid => address.n == 1,
            Number::Any => true,
            Number::Is(n) => address.n == n,
        };
        numbered && self.fits_any_at(address, phase)
    }

    /// The same, where a pattern that names no number means every one.
    pub fn fits_each_at(&self, address: &Address, phase: Phase) -> bool {
        (self.n == Number::Unsaid && self.fits_any_at(address, phase)) || self.fits_at(address, phase)
    }

    fn fits_any_at(&self, address: &Address, phase: Phase) -> bool {
        let site = match self.site.strip_suffix('*') {
            Some(kind) => address.site.starts_with(kind),
            None => self.site == address.site,
        };
        let node = match self.node.strip_suffix("@*") {
            Some(node) => node == address.node_name(),
            None => self.node == *address.node,
        };
        site && node
            && address.phase.is_none_or(|is| is == self.phase.unwrap_or(phase))
            && (self.task.is_empty() || self.task == *address.task)
            && self.subject.as_deref().is_none_or(|subject| Some(subject) == address.subject.as_deref())
            && self.peer.as_deref().is_none_or(|peer| Some(peer) == address.peer.as_deref())
    }

    /// The node's name without its life.
    pub fn node_name(&self) -> &str {
        crate::names::before(&self.node, b'@')
    }

    /// The site.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The moment of an exchange, if one is named.
    pub fn phase(&self) -> Option<Phase> {
        self.phase
    }

    /// The node at the other end, if one is named.
    pub fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// What it is about, if that is named.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }
}

impl From<&Address> for Pattern {
    fn from(address: &Address) -> Self {
        Pattern {
            node: address.node.to_string(),
            task: address.task.to_string(),
            site: address.site.to_owned(),
            peer: address.peer.as_deref().filter(|peer| *peer != "platform").map(str::to_owned),
            subject: address.subject.as_deref().map(str::to_owned),
            n: if address.n == 1 { Number::Unsaid } else { Number::Is(address.n) },
            phase: address.phase.filter(|phase| *phase != Phase::Sent),
        }
    }
}

impl FromStr for Pattern {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let mut words = text.split_whitespace();
        let bad = |what: &str| BadAddress(format!("'{text}' is not an address: {what}"));
        let node = words.next().ok_or_else(|| bad("it is empty; expected 'NODE TASK SITE ...'"))?;
        let is_site = |word: &str| SITES.iter().any(|prefix| word.starts_with(prefix));
        if is_site(node) {
            return Err(bad(&format!(
                "it begins with a site; expected the node first, such as 'gw1 {text}'"
            )));
        }
        let (mut task, mut site) = (Vec::new(), None);
        for word in words.by_ref() {
            if is_site(word) {
                site = Some(word);
                break;
            }
            task.push(word);
        }
        let site = site.ok_or_else(|| {
            let prefixes: Vec<_> = SITES.iter().map(|prefix| format!("{prefix}*")).collect();
            bad(&format!("it names no site; expected one of {} after the task", prefixes.join(", ")))
        })?;
        let mut pattern = Pattern {
            node: node.to_owned(),
            task: task.join(" "),
            site: site.to_owned(),
            peer: None,
            subject: None,
            n: Number::Unsaid,
            phase: None,
        };
        for word in words {
            if let Some(peer) = word.strip_prefix("->") {
                pattern.peer = Some(peer.to_owned());
            } else if word == "#*" {
                pattern.n = Number::Any;
            } else if let Some(n) = word.strip_prefix('#') {
                let n = n.parse().ok().filter(|n| *n > 0);
                pattern.n = Number::Is(
                    n.ok_or_else(|| bad(&format!("'{word}' is not a number from #1 on, nor #*")))?,
                );
            } else if let Some(phase) = PHASES.into_iter().find(|phase| phase_word(*phase) == word) {
                pattern.phase = Some(phase).filter(|phase| *phase != Phase::Sent);
            } else if pattern.subject.replace(word.to_owned()).is_some() {
                return Err(bad(&format!("'{word}' is a second subject")));
            }
        }
        Ok(pattern)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.node)?;
        for part in [&self.task, &self.site] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        if let Some(peer) = &self.peer {
            write!(f, " ->{peer}")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        match self.n {
            Number::Unsaid => {}
            Number::Any => f.write_str(" #*")?,
            Number::Is(n) => write!(f, " #{n}")?,
        }
        self.phase.map_or(Ok(()), |phase| write!(f, " {}", phase_word(phase)))
    }
}

impl TryFrom<String> for Pattern {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            node: "platform".into(),
            task: "request delete petstore 1".into(),
            site: "ws.send",
            peer: Some("gw2".into()),
            subject: Some("petstore".into()),
            n: 2,
            phase: Some(Phase::Received),
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_written() {
        let address = address();
        let text = address.to_string();
        assert_eq!(text, "platform request delete petstore 1 ws.send ->gw2 petstore #2 received");
        let pattern: Pattern = text.parse().expect("an address");
        assert!(pattern.fits(&address));
        assert_eq!(pattern, Pattern::from(&address));
        assert_eq!(pattern.to_string(), text);
    }

    #[test]
    fn what_is_left_out_fits_anything_but_the_number_and_the_phase() {
        let pattern: Pattern = "platform ws.send #2 received".parse().expect("an address");
        assert!(pattern.fits(&address()));
        let first: Pattern = "platform ws.send received".parse().expect("an address");
        assert!(!first.fits(&address()));
        let sent: Pattern = "platform ws.send #2".parse().expect("an address");
        assert!(!sent.fits(&address()));
    }

    #[test]
    fn every_part_counts_in_the_hash() {
        let one = address();
        let changed = [
            Address { node: "platform@2".into(), ..one.clone() },
            Address { task: "request delete petstore 2".into(), ..one.clone() },
            Address { site: "ws.ping", ..one.clone() },
            Address { peer: None, ..one.clone() },
            Address { subject: None, ..one.clone() },
            Address { n: 3, ..one.clone() },
            Address { phase: None, ..one.clone() },
        ];
        assert!(changed.iter().all(|other| other.hash() != one.hash()));
    }

    #[test]
    fn a_text_without_a_site_is_refused_with_what_was_expected() {
        for (text, expected) in [
            ("", "NODE TASK SITE"),
            ("gw1 sync", "http.*"),
            ("gw1 sync store.delete-artifact #0", "#1"),
            ("gw1 sync store.delete-artifact a b", "second subject"),
        ] {
            let error = text.parse::<Pattern>().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
