//! The cause of a violation, as nearly as a program can tell: what signatures have in common that show one mistake.
//!
//! A mistake is made with every kind of artifact, by whatever statement of the platform it began with. What a gateway
//! did since is what went wrong, however it was told; where it did nothing, how it was told is. What says nothing is
//!
//! - in which way a gateway is out of date of which it had nothing to decide, since it missed something, or asked and
//!   got no answer,
//! - that it wrote something anew whose deletion it wasn't told of,
//! - whether what a sync wrote is to be served, if something else was done elsewhere, or anybody, if it is to be gone,
//! - whether it had a key and lost it, or never did, if the artifact came without its keys,
//! - what was changed about an artifact that is refused because something deleted is in its way,
//! - which of its replicas was the first to tell the others what it had been told,
//! - whether it asked for its first sync or when it connected again,
//! - whether what is left of an artifact was deleted with it or when memory heard of its end.

use super::News;
use super::signature::{Chain, Signature};

/// Where a gateway writes an artifact anew.
const WRITES: &str = " store.commit-upsert";

/// Where a gateway asks for an artifact that it was told of, and how that is said of any kind where nothing came.
const ASKS: &str = " http.fetch-";
const UNANSWERED: &str = " http.fetch failed";

/// Where a gateway finds what it would tell its replicas in the hub.
const FOUND: &str = " hub.find-event";

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
            Some(acted) => Last::Acted(in_short(acted, changed.as_deref(), *told)),
            None if is_of_another(decision) => Last::Told(None, None),
            None => Last::Told(work(), *told),
        };
        let is_decided = match &last {
            Last::Told(_, Some(News::Failed | News::Missed | News::Elsewhere)) => false,
            Last::Told(_, Some(News::Heard | News::Untold) | None) => true,
            Last::Acted(acted) if is_of_a_list(acted) && *told == Some(News::Elsewhere) => {
                !is_of_what_is_lacking(decision)
            }
            Last::Acted(acted) => !is_of_the_telling(decision) && !acted.ends_with(UNANSWERED),
        };
        Cause {
            property: property.clone(),
            decision: is_decided.then(|| decided(decision, &last)),
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

/// Whether a sync wrote what it had listed.
fn is_of_a_list(acted: &str) -> bool {
    acted.strip_prefix("sync").is_some_and(|site| site.starts_with(WRITES))
}

/// Whether it was decided that a gateway had not been told of a deletion.
fn is_unaware(decision: &str) -> bool {
    matches!(decision, "never told" | "sent and never arrived")
}

/// Whether what was decided is how a gateway was told of a deletion.
fn is_of_the_telling(decision: &str) -> bool {
    is_unaware(decision) || decision == "told and yet keeps it"
}

/// Whether what was decided is that something wasn't there, whatever is there instead.
fn is_of_what_is_lacking(decision: &str) -> bool {
    decision.ends_with(" served") || decision.starts_with("DEPLOYED said, ")
}

/// Whether what was decided is that something deleted was in the way: what was changed is of what it was in the way of.
fn is_of_another(decision: &str) -> bool {
    decision.contains(" of something deleted, by ")
}

/// What a gateway did, without what says nothing of the mistake.
fn in_short(acted: &str, changed: Option<&str>, told: Option<News>) -> String {
    if let Some((work, asked)) = acted.split_once(ASKS).filter(|(_, asked)| !asked.starts_with("batch")) {
        return match asked.split_once(' ') {
            None => format!("{work}{UNANSWERED}"),
            Some((_, how)) => format!("{work} http.fetch {how}"),
        };
    }
    let is_deleted = changed.is_some_and(|changed| changed.ends_with(" store.commit-delete"));
    match acted.strip_suffix(" undeployed") {
        Some(writes) if is_deleted || told == Some(News::Elsewhere) && is_of_a_list(writes) => {
            as_in_a_sync(writes)
        }
        _ => as_in_a_sync(acted),
    }
}

/// Keys are asked for at each connect, and what is left of an artifact is deleted when memory hears of its end too.
fn as_in_a_sync(acted: &str) -> String {
    match acted.split_once(' ') {
        // Each replica is told of an event, and one of them finds that another has written what comes of it.
        Some(("event", of)) if of.ends_with(FOUND) => acted.replace(FOUND, " hub.publish"),
        Some(("keys", site)) => format!("sync {site}"),
        Some(("listener", site)) if site.starts_with("store.delete-leftover-") => format!("sync {site}"),
        _ => acted.to_owned(),
    }
}

/// What was decided, in the same words for the same mistake.
fn decided(decision: &str, last: &Last) -> String {
    if let Some(what) = decision.strip_suffix(" back by keys") {
        return format!("{what} back by sync");
    }
    match last {
        Last::Acted(acted) if acted.contains(WRITES) && decision == "removed" => "never heard of".to_owned(),
        Last::Acted(_) | Last::Told(..) => decision.to_owned(),
    }
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

    #[test]
    fn what_was_asked_for_in_vain_decided_nothing() {
        let of = |kind, decision, acted| {
            Cause::of(&signature(kind, decision, "request store.set-status", News::Heard, Some(acted)))
        };
        let lost = of("rest-api", "nothing there", "event deployed http.fetch-api failed");
        assert_eq!(lost, of("mcp-proxy", "another there", "event deployed http.fetch-mcp-proxy"));
        assert_ne!(lost, of("rest-api", "nothing there", "sync http.fetch-batch failed"));
        // An answer is something to go by, of whichever kind.
        let refused = of("rest-api", "nothing there", "event deployed http.fetch-api 404");
        assert_ne!(refused, lost);
        assert_eq!(refused, of("llm-proxy", "nothing there", "event deployed http.fetch-llm-proxy 404"));
        assert_ne!(refused, of("rest-api", "another there", "event deployed http.fetch-api 404"));
    }

    #[test]
    fn of_what_is_to_be_gone_it_says_nothing_whether_it_is_to_be_served() {
        let [serves, keeps] = ["sync store.commit-upsert", "sync store.commit-upsert undeployed"];
        let of = |decision, changed, told, acted| {
            Cause::of(&signature("rest-api", decision, changed, told, Some(acted)))
        };
        let delete = "request store.commit-delete";
        let back = of("told and yet keeps it", delete, News::Heard, serves);
        assert_eq!(back, of("told and yet keeps it", delete, News::Heard, keeps));
        let deploy = "request store.set-status";
        let elsewhere = of("DEPLOYED said, another there", deploy, News::Elsewhere, serves);
        assert_eq!(elsewhere, of("DEPLOYED said, undeployed there", deploy, News::Elsewhere, keeps));
        let other = of("another deployment served", deploy, News::Elsewhere, serves);
        assert_eq!(other, of("not served", deploy, News::Elsewhere, keeps));
        assert_ne!(elsewhere, of("served although it is undeployed", deploy, News::Elsewhere, serves));
        // What was told is stored as it was told, wherever something else was done since.
        let [told, then] = ["DEPLOYED said, another there", "DEPLOYED said, undeployed there"]
            .map(|decision| of(decision, deploy, News::Elsewhere, "event deployed store.commit-upsert"));
        assert_ne!(told, then);
        // What it was told of it should have stored as it was told.
        let heard = of("another there", deploy, News::Heard, serves);
        assert_ne!(heard, of("another there", deploy, News::Heard, keeps));
        assert_ne!(heard, of("undeployed there", deploy, News::Heard, serves));
    }

    #[test]
    fn what_comes_without_its_keys_comes_without_them_whether_or_not_they_were_there() {
        let of = |decision, acted| {
            Cause::of(&signature("rest-api", decision, "request store.insert-key", News::Missed, Some(acted)))
        };
        let without = of("never heard of", "sync store.commit-upsert");
        assert_eq!(without, of("removed", "sync store.commit-upsert"));
        assert_ne!(without, of("another secret known", "sync store.commit-upsert"));
        assert_ne!(of("never heard of", "sync store.upsert-key"), of("removed", "sync store.upsert-key"));
    }

    #[test]
    fn one_of_the_replicas_is_the_first_to_tell_the_others() {
        let of = |acted| {
            Cause::of(&signature("rest-api", "kept", "request store.commit-delete", News::Heard, Some(acted)))
        };
        assert_eq!(of("event deleted hub.find-event"), of("event deleted hub.publish"));
        // What a sync tells nobody has told before.
        assert_ne!(of("sync hub.find-event"), of("sync hub.publish"));
    }

    #[test]
    fn whatever_became_of_what_is_refused_something_deleted_is_in_its_way() {
        let decision = "handle of something deleted, by event";
        let of = |changed, acted| Cause::of(&signature("rest-api", decision, changed, News::Untold, acted));
        let in_its_way = of("request store.delete-deployment", None);
        assert_eq!(in_its_way, of("timeout store.fail", None));
        assert_ne!(in_its_way, of("timeout store.fail", Some("event deleted store.commit-delete")));
        let by_sync = "handle of something deleted, by sync";
        let changed = "request store.delete-deployment";
        assert_ne!(in_its_way, Cause::of(&signature("rest-api", by_sync, changed, News::Untold, None)));
    }

    #[test]
    fn a_list_is_taken_as_in_a_sync_and_what_is_left_is_deleted_whenever_it_is() {
        let of = |decision: &str, acted: &str| {
            let request = "request store.commit-delete";
            Cause::of(&signature("rest-api", decision, request, News::Heard, Some(acted)))
        };
        assert_eq!(
            of("key back by sync", "sync store.upsert-key"),
            of("key back by keys", "keys store.upsert-key")
        );
        assert_ne!(
            of("key back by sync", "sync store.upsert-key"),
            of("key back by event", "event created store.upsert-key")
        );
        let left = |work| format!("{work} store.delete-leftover-subscriptions");
        let [sync, listener, event] = ["sync", "listener", "event deleted"].map(left);
        assert_eq!(of("removed", &sync), of("removed", &listener));
        assert_ne!(of("removed", &sync), of("removed", &event));
    }
}
