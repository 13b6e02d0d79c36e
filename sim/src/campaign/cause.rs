//! The cause of a violation, as nearly as a program can tell: what signatures have in common that show one mistake.
//!
//! A mistake is made with every kind of artifact, by whatever statement of the platform it began with. What a gateway
//! did since is what went wrong, however it was told; where it did nothing, how it was told is. Of what it missed it
//! had nothing to decide: in which way it is out of date then says nothing. What it asks for when it connects again,
//! it asks for and takes as in its first sync.

use super::News;
use super::signature::{Chain, Signature};

/// What signatures have in common that show one mistake.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cause {
    property: String,
    /// What was decided; none if there was nothing to decide.
    decision: Option<String>,
    /// The sort of work in which the platform changed it.
    work: Option<String>,
    last: Last,
    struck: Vec<String>,
}

/// What came last before it was wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Last {
    /// What the gateway did.
    Acted(String),
    /// How it was told, if it was the platform that changed something.
    Told(Option<News>),
}

impl Cause {
    /// The cause that a signature shows.
    pub fn of(signature: &Signature) -> Self {
        let Signature { property, kind: _, decision, chain: Chain { changed, told, acted, struck } } =
            signature;
        let last = acted.as_deref().map_or(Last::Told(*told), |acted| Last::Acted(as_in_a_sync(acted)));
        let is_decided = match last {
            Last::Told(Some(News::Failed | News::Missed | News::Elsewhere)) => false,
            Last::Told(Some(News::Heard | News::Untold) | None) | Last::Acted(_) => true,
        };
        Cause {
            property: property.clone(),
            decision: is_decided.then(|| decision.clone()),
            work: changed.as_deref().and_then(|changed| Some(changed.split_once(' ')?.0.to_owned())),
            last,
            struck: struck.clone(),
        }
    }

    /// Whether it is the same mistake as another, made with no more faults than that.
    pub fn is_within(&self, other: &Cause) -> bool {
        let fewer = self.struck.iter().all(|strike| other.struck.contains(strike));
        fewer && Cause { struck: other.struck.clone(), ..self.clone() } == *other
    }
}

fn as_in_a_sync(acted: &str) -> String {
    acted.strip_prefix("keys ").map_or(acted.to_owned(), |site| format!("sync {site}"))
}
