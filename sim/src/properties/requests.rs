//! Requests that the platform has answered by itself, each with what its work wrote.
//!
//! Each request is work of its own on the platform, named after who asked. Its answer follows from the last crossing
//! of that work. What something on the way answered in the platform's place is no JSON, as all that the platform says
//! of a write is, and is left out; so is a request whose caller gave up, which has no answer.

use std::collections::BTreeMap;

use driftless_model::cx::Phase;
use serde::de::IgnoredAny;

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::Role;

/// A request that the platform has answered.
pub(super) struct Request<'a> {
    /// The crossing by which the answer left.
    pub(super) answered: &'a Crossing,
    /// Its HTTP status.
    pub(super) status: u16,
    /// The crossings of its work that changed rows or were to, in order.
    pub(super) writes: Vec<&'a Crossing>,
}

/// A piece of work: a life and a task.
type Work<'a> = (&'a str, &'a str);

/// What the sites of statements that write begin with.
const WRITES: &[&str] =
    &["store.insert-", "store.set-", "store.update-", "store.delete-", "store.revoke-", "store.commit-"];

/// The requests for which the platform has done anything before it answered.
pub(super) fn answered(evidence: &Evidence) -> Vec<Request<'_>> {
    let (mut requests, mut writes) = (Vec::new(), BTreeMap::<Work<'_>, Vec<&Crossing>>::new());
    for crossing in evidence.history.crossings() {
        if is_for_a_request(evidence, crossing) {
            let writes = writes.entry(work_of(crossing)).or_default();
            if WRITES.iter().any(|site| crossing.address.site.starts_with(site)) {
                writes.push(crossing);
            }
            continue;
        }
        let (Some(Phase::Answered), Some(status)) = (crossing.address.phase, crossing.record.status) else {
            continue;
        };
        let writes = work_before(evidence, crossing).and_then(|work| writes.remove(&work));
        let request = writes.map(|writes| Request { answered: crossing, status, writes });
        requests.extend(request.filter(|_| is_own(crossing)));
    }
    requests
}

impl Request<'_> {
    /// What was asked for, in the words of whoever did.
    pub(super) fn asked(&self) -> &str {
        &self.answered.address.task
    }

    /// Whether somebody else took away what it was about while it was under way, so that a foreign key pointed to
    /// nothing. What it wrote before has gone with that, and what it didn't write would have.
    pub(super) fn was_overtaken(&self) -> bool {
        let mut failures = self.writes.iter().filter_map(|crossing| crossing.record.failed.as_deref());
        failures.any(|why| why.to_lowercase().contains("foreign key constraint"))
    }
}

fn is_for_a_request(evidence: &Evidence, crossing: &Crossing) -> bool {
    crossing.address.task.starts_with("request ") && evidence.role_of(crossing) == Some(Role::Platform)
}

fn work_of(crossing: &Crossing) -> Work<'_> {
    (&crossing.address.node, &crossing.address.task)
}

/// Whether an answer is its callee's own.
fn is_own(answered: &Crossing) -> bool {
    let body = answered.record.body.as_deref().unwrap_or_default();
    body.is_empty() || serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// The work that an answer ends.
fn work_before<'a>(evidence: &'a Evidence, answered: &Crossing) -> Option<Work<'a>> {
    let mut causes = answered.causes.iter().filter_map(|id| evidence.history.get(*id));
    causes.find(|cause| is_for_a_request(evidence, cause)).map(work_of)
}
