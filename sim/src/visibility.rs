//! Visibility: how long after the answer to a user each gateway shows what the user did.
//!
//! A deletion is shown when the last process of a gateway that routed the artifact no longer does; a deployment when
//! the last process that runs routes it. The time counts from the moment the user has the answer: what a gateway
//! shows sooner took no time. What is overtaken, by another deployment, an undeployment or a deletion, counts for
//! nobody, and neither does a process that dies before.
//!
//! Routes are what is looked at, since they are what a request meets.

use std::collections::{BTreeMap, BTreeSet};

use driftless_model::cx::Phase;
use driftless_model::gateway::Route;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::history::Crossing;
use crate::outcome::Evidence;
use crate::plan::{Node, Role};

/// What a user did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Done {
    /// Deleted an artifact.
    Deleted,
    /// Deployed one, or deployed it again.
    Deployed,
}

impl Done {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Done::Deleted => "deletion",
            Done::Deployed => "deployment",
        }
    }
}

/// When a gateway showed what a user did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// What that was.
    pub done: Done,
    /// The artifact, by name.
    pub artifact: String,
    /// The gateway.
    pub gateway: String,
    /// How long after the answer, in microseconds; none if not by the end of the run.
    pub took_us: Option<u64>,
}

/// What a user was told that gateways have yet to show.
struct Pending {
    done: Done,
    artifact: Uuid,
    gateway: String,
    /// The deployment that is to be routed; none for a deletion.
    deployment: Option<Uuid>,
    /// When the user had the answer; none before that.
    answered_us: Option<u64>,
    /// The work on the platform that did it.
    task: String,
    shown_us: Option<u64>,
}

/// Follows a history and collects what was shown when.
#[derive(Default)]
struct Watch {
    /// By process, the deployment that it routes of each artifact.
    routes: BTreeMap<String, BTreeMap<Uuid, Option<Uuid>>>,
    pending: Vec<Pending>,
}

/// When each gateway showed each deletion and deployment of a run.
pub fn of(evidence: &Evidence) -> Vec<Shown> {
    let mut watch = Watch::default();
    for crossing in evidence.history.crossings() {
        match evidence.role_of(crossing) {
            Some(Role::Platform) => watch.platform(evidence, crossing),
            Some(Role::Gateway) => watch.gateway(crossing),
            None => watch.user(crossing),
        }
    }
    let answered = watch.pending.into_iter().filter_map(|pending| Some((pending.answered_us?, pending)));
    let shown = |(answered_us, pending): (u64, Pending)| Shown {
        done: pending.done,
        artifact: evidence.name(pending.artifact),
        gateway: pending.gateway,
        took_us: pending.shown_us.map(|at_us| at_us.saturating_sub(answered_us)),
    };
    answered.map(shown).collect()
}

impl Watch {
    /// What the platform commits is what its gateways are to show, and ends what they had to show before.
    fn platform(&mut self, evidence: &Evidence, crossing: &Crossing) {
        for change in &crossing.record.changes {
            if let (Some(row), None) = (change.before_as::<platform::Artifact>(), &change.after) {
                self.forget(|pending| pending.artifact == row.uuid);
                for gateway in self.routing(row.uuid) {
                    self.wait(Done::Deleted, row.uuid, gateway, None, crossing);
                }
            }
            let before = change.before_as::<platform::DeploymentStatus>();
            let Some(row) = change.after_as::<platform::DeploymentStatus>() else { continue };
            let same = |old: &platform::DeploymentStatus| {
                (old.deployment, old.status_desired) == (row.deployment, row.status_desired)
            };
            if before.is_some_and(same) {
                continue;
            }
            let gateway = evidence.name(row.gateway);
            self.forget(|pending| pending.artifact == row.artifact && pending.gateway == gateway);
            if row.status_desired == platform::Desired::Deployed {
                self.wait(Done::Deployed, row.artifact, gateway, Some(row.deployment), crossing);
            }
        }
    }

    fn wait(&mut self, done: Done, artifact: Uuid, gateway: String, deployment: Option<Uuid>, by: &Crossing) {
        let (answered_us, shown_us, task) = (None, None, by.address.task.to_string());
        self.pending.push(Pending { done, artifact, gateway, deployment, answered_us, task, shown_us });
    }

    /// What was not shown by now, and is overtaken.
    fn forget(&mut self, overtaken: impl Fn(&Pending) -> bool) {
        self.pending.retain(|pending| pending.shown_us.is_some() || !overtaken(pending));
    }

    /// The gateways that route an artifact.
    fn routing(&self, artifact: Uuid) -> BTreeSet<String> {
        let routing = self.routes.iter().filter(|(_, routes)| routes.contains_key(&artifact));
        routing.map(|(process, _)| Node::original(process).to_owned()).collect()
    }

    /// A gateway changes its routes, or one of its processes is no more.
    fn gateway(&mut self, crossing: &Crossing) {
        let process = crossing.address.node_name();
        if crossing.address.site.starts_with("life.") {
            self.routes.insert(process.to_owned(), BTreeMap::new());
        }
        let mut changed = crossing.address.site.starts_with("life.");
        for change in &crossing.record.changes {
            let routes = self.routes.entry(process.to_owned()).or_default();
            if let Some(route) = change.after_as::<Route>() {
                routes.insert(route.artifact, route.deployment);
                changed = true;
            } else if let Some(route) = change.before_as::<Route>() {
                routes.remove(&route.artifact);
                changed = true;
            }
        }
        if changed {
            self.look(Node::original(process), crossing.at_us);
        }
    }

    /// Whether what a gateway has to show is shown.
    fn look(&mut self, gateway: &str, at_us: u64) {
        let processes: Vec<_> =
            self.routes.iter().filter(|(name, _)| Node::original(name) == gateway).collect();
        for pending in self.pending.iter_mut().filter(|one| one.gateway == gateway && one.shown_us.is_none())
        {
            let shows = |routes: &BTreeMap<Uuid, Option<Uuid>>| match pending.done {
                Done::Deleted => !routes.contains_key(&pending.artifact),
                Done::Deployed => routes.get(&pending.artifact) == Some(&pending.deployment),
            };
            // A process that routes nothing at all has only just begun, or is no more.
            let mut running = processes.iter().filter(|(_, routes)| !routes.is_empty()).peekable();
            let nothing = running.peek().is_none();
            let all = running.all(|(_, routes)| shows(routes));
            if all && (pending.done == Done::Deleted || !nothing) {
                pending.shown_us = Some(at_us);
            }
        }
    }

    /// The user has an answer to what the platform did: the two share the name of the work.
    fn user(&mut self, crossing: &Crossing) {
        let good = crossing.record.status.is_some_and(|status| (200..300).contains(&status));
        if crossing.address.phase != Some(Phase::AnswerReceived) || !good {
            return;
        }
        let work = format!("request {}", crossing.address.task);
        let is_of = |task: &str| {
            task.strip_prefix(&work).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let told = |pending: &&mut Pending| pending.answered_us.is_none() && is_of(&pending.task);
        for pending in self.pending.iter_mut().filter(told) {
            pending.answered_us = Some(crossing.at_us);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;
    use crate::script::Script;

    /// What became visible when: at once, within the 4 s that a poll and the making of routes take at most, later,
    /// or never.
    fn check(steps: &str, expected: &[&str]) {
        let text = format!(
            "format 1\nset world pace=100ms\nset gw1 storage.type=postgres\nplatform\ngateway gw1\n{steps}\n---\n"
        );
        let plan = Script::parse("steps", &text).unwrap_or_else(|errors| panic!("{}", errors[0])).plan;
        let evidence = run(&plan).expect("it runs").evidence;
        let when = |shown: &Shown| match shown.took_us {
            None => "never",
            Some(0) => "at once",
            Some(..=4_000_000) => "soon",
            Some(_) => "late",
        };
        let said =
            |one: &Shown| format!("{} {} {} {}", one.done.word(), one.artifact, one.gateway, when(one));
        let said: Vec<_> = of(&evidence).iter().map(said).collect();
        assert_eq!(said, expected, "{steps}");
    }

    #[test]
    fn a_poll_later_what_is_deployed_and_deleted_shows() {
        let steps = "create rest-api petstore\ndeploy petstore gw1\nsettle\ndelete petstore";
        check(steps, &["deployment petstore gw1 soon", "deletion petstore gw1 soon"]);
    }

    #[test]
    fn what_is_overtaken_counts_for_nobody() {
        let steps = "create rest-api petstore\ndeploy petstore gw1\ndelete petstore\nsettle";
        check(steps, &[]);
        let steps = "create rest-api petstore\ndeploy petstore gw1\ndeploy petstore gw1\nsettle";
        check(steps, &["deployment petstore gw1 soon"]);
    }

    #[test]
    fn a_lost_event_shows_at_the_next_start_or_never() {
        let steps = "create rest-api petstore\ncreate rest-api orders\ndeploy petstore gw1\nsettle\n\
                     partition gw1 platform\nwait 2min\ndelete petstore\ndeploy orders gw1\nheal\nsettle";
        check(
            steps,
            &["deployment petstore gw1 soon", "deletion petstore gw1 never", "deployment orders gw1 never"],
        );
        check(
            &format!("{steps}\nrestart gw1\nsettle"),
            &["deployment petstore gw1 soon", "deletion petstore gw1 late", "deployment orders gw1 late"],
        );
    }

    /// A process that has only just begun shows nothing yet.
    #[test]
    fn a_start_alone_shows_nothing() {
        let steps = "fault \"gw1@2 sync http.deployments\" fail\ncreate rest-api petstore\ncrash gw1\n\
                     deploy petstore gw1\nrestart gw1\nsettle";
        check(steps, &["deployment petstore gw1 never"]);
    }

    #[test]
    fn the_last_replica_counts() {
        // The other one hears of it by the hub of the first, which is slow to tell.
        let steps =
            "replica gw1/b\ncreate rest-api petstore\ndeploy petstore gw1\nsettle\ndelete petstore\nsettle";
        check(steps, &["deployment petstore gw1 soon", "deletion petstore gw1 soon"]);
    }
}
