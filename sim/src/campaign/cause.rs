//! The cause of a violation, as nearly as a program can tell: what signatures have in common that show one mistake.
//!
//! A mistake is made with every kind of artifact, by whatever statement of the platform it began with. What a gateway
//! did since is what went wrong, however it was told; where it did nothing, how it was told is. Of what it missed it
//! had nothing to decide: in which way it is out of date then says nothing. Nor does it that it wrote something anew
//! whose deletion it wasn't told of. What it asks for when it connects again, it asks for and takes as in its first
//! sync.

use super::News;
use super::signature::{Chain, Signature};

/// Where a gateway writes an artifact anew.
const WRITES: &str = " store.commit-upsert";

/// What signatures have in common that show one mistake.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cause {
    property: String,
    /// What was decided; none if there was nothing to decide.
    decision: Option<String>,
    last: Last,
    struck: Vec<String>,
}

/// What came last before it was wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Last {
    /// What the gateway did.
    Acted(String),
    /// In which sort of work the platform changed something, and how the gateway was told; none if it changed nothing.
    Told(Option<String>, Option<News>),
}

impl Cause {
    /// The cause that a signature shows.
    pub fn of(signature: &Signature) -> Self {
        let Signature { property, kind: _, decision, chain: Chain { changed, told, acted, struck } } =
            signature;
        let work = || changed.as_deref().and_then(|changed| Some(changed.split_once(' ')?.0.to_owned()));
        let last = match acted {
            Some(acted) if is_unaware(decision) && acted.contains(WRITES) => Last::Told(work(), *told),
            Some(acted) => Last::Acted(as_in_a_sync(acted)),
            None => Last::Told(work(), *told),
        };
        let is_decided = match last {
            Last::Told(_, Some(News::Failed | News::Missed | News::Elsewhere)) => false,
            Last::Told(_, Some(News::Heard | News::Untold) | None) => true,
            Last::Acted(_) => !is_of_the_telling(decision),
        };
        Cause {
            property: property.clone(),
            decision: is_decided.then(|| decision.clone()),
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

/// Whether it was decided that a gateway had not been told of a deletion.
fn is_unaware(decision: &str) -> bool {
    matches!(decision, "never told" | "sent and never arrived")
}

/// Whether what was decided is how a gateway was told of a deletion.
fn is_of_the_telling(decision: &str) -> bool {
    is_unaware(decision) || decision == "told and yet keeps it"
}

fn as_in_a_sync(acted: &str) -> String {
    acted.strip_prefix("keys ").map_or(acted.to_owned(), |site| format!("sync {site}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(kind: &str, decision: &str, changed: &str, told: News, acted: Option<&str>) -> Signature {
        let (changed, acted) = (Some(changed.to_owned()), acted.map(str::to_owned));
        Signature {
            property: "a-property".to_owned(),
            kind: kind.to_owned(),
            decision: decision.to_owned(),
            chain: Chain { changed, told: Some(told), acted, struck: Vec::new() },
        }
    }

    #[test]
    fn signatures_of_one_mistake_have_one_cause() {
        let of = |kind, decision, changed, told, acted| {
            Cause::of(&signature(kind, decision, changed, told, acted))
        };
        let request = "request store.insert-key";
        let acted = of("rest-api", "removed", request, News::Heard, Some("sync store.delete-stale-keys"));
        let again = "keys store.delete-stale-keys";
        assert_eq!(acted, of("mcp-proxy", "removed", "request store.update-key", News::Missed, Some(again)));
        assert_ne!(acted, of("rest-api", "removed", request, News::Heard, Some("sync store.upsert-key")));
        assert_ne!(acted, of("rest-api", "kept", request, News::Heard, Some(again)));
        let missed = of("rest-api", "never heard of", request, News::Missed, None);
        assert_eq!(missed, of("rest-api", "another secret known", request, News::Missed, None));
        assert_ne!(missed, of("rest-api", "never heard of", request, News::Untold, None));
        assert_ne!(missed, of("rest-api", "never heard of", "timeout store.fail", News::Missed, None));
        // Who isn't told of a deletion may go on with what it was at; one that it was told of it should have heeded.
        let writes = Some("sync store.commit-upsert");
        let untold = of("rest-api", "never told", request, News::Elsewhere, None);
        assert_eq!(untold, of("rest-api", "never told", request, News::Elsewhere, writes));
        let told = of("rest-api", "told and yet keeps it", request, News::Heard, None);
        assert_ne!(told, of("rest-api", "told and yet keeps it", request, News::Heard, writes));
        // What brings something back brings it back however that was told.
        let routes = Some("routes memory.routes");
        let back = of("rest-api", "told and yet keeps it", request, News::Heard, routes);
        assert_eq!(back, of("rest-api", "sent and never arrived", request, News::Missed, routes));
        let heard = of("rest-api", "never heard of", request, News::Heard, None);
        assert_ne!(heard, of("rest-api", "another secret known", request, News::Heard, None));
    }
}
