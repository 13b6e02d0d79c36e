//! Going on: to the end, to a crossing, to a time, or crossing by crossing.
//!
//! Beyond the last step nothing would pass but the end of the run. So whoever goes on from there waits: a step
//! `wait` is added that lasts beyond the moment in question, and the script says what the shell did.

use std::time::Duration;

use crate::address::Pattern;
use crate::boot::USER;
use crate::explain::seconds;
use crate::plan::{Action, Start, Step};
use crate::run::run_until;
use crate::script::unknown;
use crate::stopped::Until;

use super::draft::Draft;
use super::stand::Stand;
use super::tale::Tale;
use super::{Refusal, Shell};

/// How long is waited for a crossing beyond the last step.
const PATIENCE: Duration = Duration::from_secs(900);

/// How far beyond the last step anybody may go at once.
const FAR: Duration = Duration::from_secs(3_600);

impl Shell {
    /// Runs a draft up to a moment, stands there, and tells what is new.
    pub(super) fn go(&mut self, draft: Draft, until: &Until) -> Result<Vec<String>, Refusal> {
        let stopped = run_until(&draft.plan, until)?;
        let tale = Tale::of(&draft.plan, &stopped);
        let new = tale.beyond(&self.tale);
        self.stand = match until {
            Until::Time(time_us) if !stopped.ended() => Stand::Time(*time_us),
            _ => Stand::of(&stopped),
        };
        (self.draft, self.stopped, self.tale) = (draft, stopped, tale);
        Ok(new)
    }

    /// Runs another draft up to where the shell stands.
    pub(super) fn again(&mut self, draft: Draft) -> Result<Vec<String>, Refusal> {
        let last =
            |shell: &Shell| shell.stopped.crossings().last().map(|last| (last.at_us, last.address.clone()));
        let (before, now_us) = (last(self), self.stand.time_us(&self.stopped));
        let stand = self.stand.clone();
        let told = Tale::of(&self.draft.plan, &self.stopped);
        let mut lines = self.go(draft.clone(), &stand.until())?;
        // Where the past is another, so many crossings say nothing, and the time does.
        if matches!(stand, Stand::Crossing(_)) && last(self) != before {
            self.tale = told;
            lines = self.go(draft, &Until::Time(now_us))?;
        }
        Ok(lines)
    }

    /// Goes on to the end of the last step.
    pub(super) fn run(&mut self) -> Result<Vec<String>, Refusal> {
        let mut lines = self.go(self.draft.clone(), &Until::Steps)?;
        lines.push(self.place());
        Ok(lines)
    }

    /// Goes to a time.
    pub(super) fn go_to_time(&mut self, time_us: u64) -> Result<Vec<String>, Refusal> {
        let far = format!("expected a time within {} s of the last step", FAR.as_secs());
        let reached = self.reach(&Until::Time(time_us), FAR)?.ok_or(Refusal::Argument(far))?;
        Ok(reached.added.into_iter().chain(reached.new).chain([self.place()]).collect())
    }

    /// Goes on to the next crossing that fits.
    pub(super) fn go_to_crossing(&mut self, at: Pattern) -> Result<Vec<String>, Refusal> {
        let mut nodes: Vec<&str> = self.draft.plan.nodes.iter().map(|node| node.name.as_str()).collect();
        nodes.push(USER);
        if !nodes.contains(&at.node_name()) {
            return Err(Refusal::Argument(unknown("node", at.node_name(), &nodes)));
        }
        let before = self.stopped.last_that_fits(&at).map(|last| seconds(last.at_us));
        let before = before.map_or(String::new(), |at| format!("; it was last reached at {at}"));
        let patience = PATIENCE.as_secs();
        let never = format!("\"{at}\" isn't reached from here to {patience} s after the last step{before}");
        let until = Until::Fits { at, after: self.stopped.crossings().len() };
        let reached = self.reach(&until, PATIENCE)?.ok_or(Refusal::Argument(never))?;
        Ok(reached.added.into_iter().chain(reached.new).chain([self.place()]).collect())
    }

    /// Goes on for some crossings, and shows each.
    pub(super) fn step(&mut self, count: usize) -> Result<Vec<String>, Refusal> {
        let seen = self.stopped.crossings().len();
        let until = Until::Crossing(seen.saturating_add(count));
        let mut lines = Vec::new();
        match self.stand {
            Stand::End => {
                let few = format!("nothing like {count} crossings follow the last step");
                lines.extend(self.reach(&until, PATIENCE)?.ok_or(Refusal::Argument(few))?.added);
            }
            Stand::Crossing(_) | Stand::Time(_) => {
                self.go(self.draft.clone(), &until)?;
            }
        }
        lines.extend(self.stopped.crossings().iter().skip(seen).flat_map(|crossing| self.told(crossing)));
        if self.stand == Stand::End {
            lines.push(self.place());
        }
        Ok(lines)
    }

    /// Goes to a moment, waiting for it beyond the last step if need be, but no longer than that; nothing if it
    /// doesn't come.
    fn reach(&mut self, until: &Until, patience: Duration) -> Result<Option<Reached>, Refusal> {
        let stopped = run_until(&self.draft.plan, until)?;
        let (mut draft, mut added) = (self.draft.clone(), None);
        if stopped.ended() {
            let wait = |time| Step { start: Start::After, action: Action::Wait(time) };
            let mut trial = draft.plan.clone();
            trial.steps.push(wait(patience));
            let reached = run_until(&trial, until)?;
            if reached.ended() {
                return Ok(None);
            }
            let at_us = match until {
                Until::Time(time_us) => *time_us,
                Until::Rest | Until::Steps | Until::Step(_) | Until::Crossing(_) | Until::Fits { .. } => {
                    reached.now_us
                }
            };
            let more_us = at_us.saturating_sub(stopped.now_us);
            let step = wait(Duration::from_secs(more_us / 1_000_000 + 1));
            added = Some(format!("added `{}`", step.to_command()));
            draft.plan.steps.push(step);
        }
        let new = self.go(draft, until)?;
        Ok(Some(Reached { added, new }))
    }
}

/// How a moment was reached.
struct Reached {
    /// What was waited for it, in words.
    added: Option<String>,
    /// What is new.
    new: Vec<String>,
}
