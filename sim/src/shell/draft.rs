//! The plan as it grows: each command is read where it would stand in the script of all before it.
//!
//! Settings, designs and faults of a node must be said before it is set up, so those of a node that isn't there
//! yet are held until it comes. They are tried as if it were there, so that a slip is told at once.

use crate::boot::{USER, WORLD};
use crate::plan::{Choice, Node, Plan};
use crate::script::{Lone, Script, ScriptError};

use super::own::TYPED;
use super::stand::Place;

/// What mistakes in what was typed before are reported under.
const SCRIPT: &str = "script";

/// A plan as it grows.
#[derive(Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) plan: Plan,
    held: Vec<Held>,
    /// How every node departs from the design of the run.
    manner: Vec<Choice>,
}

/// A command of the header about nodes that aren't there yet.
#[derive(Clone, PartialEq)]
struct Held {
    line: String,
    nodes: Vec<String>,
}

/// What became of a command.
pub(super) enum Taken {
    /// It says what goes without saying.
    Nothing,
    /// It waits for these nodes.
    Held(Vec<String>),
    /// It holds for the whole run.
    Header,
    /// It is a step.
    Step {
        /// Its place among the steps.
        index: usize,
        /// Whether it says by itself when it begins.
        begins: bool,
    },
}

impl Draft {
    pub(super) fn new(mut plan: Plan, manner: Vec<Choice>) -> Self {
        plan.nodes.iter_mut().for_each(|node| dispose(node, &manner));
        Draft { plan, held: Vec::new(), manner }
    }

    /// Takes a command into the plan, a step at that place.
    pub(super) fn take(&mut self, line: &str, place: &Place) -> Result<Taken, Vec<ScriptError>> {
        match Lone::read(TYPED, line)? {
            Lone::Format => Ok(Taken::Nothing),
            Lone::Header(nodes) => {
                let missing: Vec<String> = nodes.into_iter().filter(|node| !self.has(node)).collect();
                if missing.is_empty() {
                    let plan = self.read(&[], self.plan.steps.len(), "", line)?;
                    self.adopt(plan);
                    return Ok(Taken::Header);
                }
                self.try_with(&missing, line)?;
                self.held.push(Held { line: line.to_owned(), nodes: missing.clone() });
                Ok(Taken::Held(missing))
            }
            Lone::Step { begins } => {
                let begin = if begins { "" } else { &place.begin };
                let plan = self.read(&[], place.index, begin, line)?;
                let has = |name: &String| plan.nodes.iter().any(|node| node.name == *name);
                let (ready, held): (Vec<_>, Vec<_>) =
                    self.held.iter().cloned().partition(|held| held.nodes.iter().all(has));
                let ready: Vec<&str> = ready.iter().map(|held| held.line.as_str()).collect();
                let plan = self.read(&ready, place.index, begin, line)?;
                self.held = held;
                self.adopt(plan);
                Ok(Taken::Step { index: place.index, begins })
            }
        }
    }

    /// The commands so far, numbered as mistakes call them.
    pub(super) fn numbered(&self) -> Vec<String> {
        let (header, steps) = self.lines();
        let lines = header.iter().chain(&steps).enumerate();
        let numbered = lines.map(|(index, line)| format!("{:>3}  {line}", index + 1));
        numbered.chain(self.unsaid().map(|line| format!("  -  {line}"))).collect()
    }

    /// What was typed about nodes that aren't there.
    pub(super) fn unsaid(&self) -> impl Iterator<Item = &str> {
        self.held.iter().map(|held| held.line.as_str())
    }

    fn has(&self, name: &str) -> bool {
        name == WORLD || name == USER || self.plan.nodes.iter().any(|node| node.name == name)
    }

    fn adopt(&mut self, plan: Plan) {
        let known: Vec<String> = self.plan.nodes.iter().map(|node| node.name.clone()).collect();
        self.plan = plan;
        let new = self.plan.nodes.iter_mut().filter(|node| !known.contains(&node.name));
        new.for_each(|node| dispose(node, &self.manner));
    }

    /// The commands of the header, and the steps.
    fn lines(&self) -> (Vec<String>, Vec<String>) {
        let script = self.plan.to_script();
        let mut header: Vec<String> =
            script.lines().filter(|line| *line != "---").map(str::to_owned).collect();
        let steps = header.split_off(header.len().saturating_sub(self.plan.steps.len()));
        (header, steps)
    }

    /// The plan with more in its header and a command among its steps, put so that it begins in its time.
    fn read(&self, more: &[&str], index: usize, begin: &str, line: &str) -> Result<Plan, Vec<ScriptError>> {
        let (mut header, mut steps) = self.lines();
        header.extend(more.iter().map(|line| (*line).to_owned()));
        let at = header.len() + index + 1;
        steps.insert(index, format!("{begin}{line}"));
        parse(&[header, steps].concat(), at, begin)
    }

    /// Whether a command of the header could stand if these nodes were there.
    fn try_with(&self, nodes: &[String], line: &str) -> Result<(), Vec<ScriptError>> {
        let (mut lines, steps) = self.lines();
        lines.push(line.to_owned());
        let at = lines.len();
        lines.extend(steps);
        let mut known: Vec<&str> = self.plan.nodes.iter().map(|node| node.name.as_str()).collect();
        for name in ["platform"].into_iter().chain(nodes.iter().flat_map(|name| [Node::original(name), name]))
        {
            if !known.contains(&name) {
                known.push(name);
                lines.push(match name {
                    "platform" => name.to_owned(),
                    name if name.contains('/') => format!("replica {name}"),
                    name => format!("gateway {name}"),
                });
            }
        }
        parse(&lines, at, "").map(|_| ())
    }
}

fn dispose(node: &mut Node, manner: &[Choice]) {
    node.design.splice(0..0, manner.iter().cloned());
}

/// Reads lines as a script. Mistakes in the line that was just typed are told as it was typed.
fn parse(lines: &[String], typed: usize, begin: &str) -> Result<Plan, Vec<ScriptError>> {
    let text = format!("{}\n---\n", lines.join("\n"));
    let begin = begin.chars().count();
    let script = Script::parse(SCRIPT, &text).map_err(|mut errors| {
        for error in errors.iter_mut().filter(|error| error.line == Some(typed)) {
            error.file = TYPED.to_owned();
            error.column = error.column.map(|column| column.saturating_sub(begin).max(1));
        }
        errors
    })?;
    Ok(script.plan)
}
