//! A script as a whole: from text to plan, with the way back from a step to its line.

use std::ops::Range;

use super::action::PLATFORM;
use super::cursor::Place;
use super::error::{Mistake, ScriptError};
use super::names::Names;
use super::order::Order;
use super::reader::{self, Command};
use super::statement::{Line, Statement};
use super::{placement, suggestion, when};
use crate::fault::Fault;
use crate::plan::{Action, Choice, FORMAT, Node, Plan, Role};

/// A script that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Script {
    /// What it says.
    pub plan: Plan,
    /// For each of its blocks, which of `commands` stand in it.
    pub blocks: Vec<Range<usize>>,
    /// Its commands in order.
    pub commands: Vec<CommandRef>,
}

/// A command of a script: where it is, and which step of the plan it became.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CommandRef {
    /// The line, from 1.
    pub line: usize,
    /// The index of the step; none for a command of the header.
    pub step: Option<usize>,
}

impl Script {
    /// Reads a script. `file` is what its mistakes are reported under.
    ///
    /// # Errors
    /// With every mistake that was found, in the order of the text. Mistakes in what commands say are looked
    /// for once the grammar is right, and mistakes between commands once each by itself is.
    pub fn parse(file: &str, text: &str) -> Result<Script, Vec<ScriptError>> {
        read(text).map_err(|mistakes| ScriptError::all(file, text, mistakes))
    }

    /// What each command showed, from what each step showed. A command of the header shows nothing.
    pub fn shown(&self, steps: &[Vec<String>]) -> Vec<Vec<String>> {
        let shown = |command: &CommandRef| command.step.and_then(|step| steps.get(step)).cloned();
        self.commands.iter().map(|command| shown(command).unwrap_or_default()).collect()
    }
}

fn read(text: &str) -> Result<Script, Vec<Mistake>> {
    let blocks: Vec<Vec<Command>> = unfolded(reader::read(text)?)?;
    let commands: Vec<_> = blocks.iter().flatten().collect();
    let lines = lines(&commands)?;
    check(&lines)?;
    let (plan, refs) = assemble(&lines);
    let mut end = 0;
    let ranges = blocks.iter().map(|block| {
        let start = end;
        end += block.len();
        start..end
    });
    Ok(Script { plan, blocks: ranges.filter(|range| !range.is_empty()).collect(), commands: refs })
}

/// The commands that are meant by those of the grammar.
fn unfolded(blocks: Vec<Vec<Command>>) -> Result<Vec<Vec<Command>>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut unfold = |command| when::unfold(command).map_err(|mistake| mistakes.push(mistake)).ok();
    let blocks =
        blocks.into_iter().map(|block| block.into_iter().filter_map(&mut unfold).collect()).collect();
    if mistakes.is_empty() { Ok(blocks) } else { Err(mistakes) }
}

/// Understands each command by itself.
fn lines<'a>(commands: &[&'a Command]) -> Result<Vec<Line<'a>>, Vec<Mistake>> {
    let mut mistakes: Vec<_> = without_format(commands).into_iter().collect();
    let mut lines = Vec::new();
    for command in commands {
        match Line::read(command) {
            Ok(line) => lines.push(line),
            Err(more) => mistakes.extend(more),
        }
    }
    if mistakes.is_empty() { Ok(lines) } else { Err(mistakes) }
}

/// Whoever reads a script must know first in which language it is written.
fn without_format(commands: &[&Command]) -> Option<Mistake> {
    let expected = format!("expected 'format {FORMAT}' as the first command");
    match commands.first() {
        None => Some(Mistake::at(Place { line: 1, column: 1 }, expected)),
        Some(first) if first.name.text == "format" || suggestion::is_near(&first.name.text, "format") => None,
        Some(first) => Some(Mistake::at(first.name.at, expected)),
    }
}

/// Looks at the commands together.
fn check(lines: &[Line<'_>]) -> Result<(), Vec<Mistake>> {
    let names = Names::of(lines);
    let named = lines.iter().flat_map(|line| names.check(line));
    let mistakes: Vec<_> = named.chain(placement::check(lines)).chain(Order::of(lines).check()).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

fn assemble(lines: &[Line<'_>]) -> (Plan, Vec<CommandRef>) {
    let (mut plan, mut refs) = (Plan::default(), Vec::new());
    for line in lines {
        let mut step = None;
        match &line.statement {
            // What a node does otherwise is part of the node.
            Statement::Format | Statement::Choose { .. } => {}
            Statement::Seed(seed) => plan.seed = *seed,
            Statement::Expect { design, properties } => {
                plan.expect.entry(design.clone()).or_default().extend(properties.iter().cloned());
            }
            Statement::Set(setting) => plan.settings.push(setting.clone()),
            Statement::Fault(fault) => plan.faults.push(Fault::clone(fault)),
            Statement::Step(next) => {
                if let Action::Start { node, organisation } = &next.action {
                    plan.nodes.push(self::node(lines, node, organisation));
                }
                step = Some(plan.steps.len());
                plan.steps.push(next.clone());
            }
        }
        refs.push(CommandRef { line: line.number(), step });
    }
    (plan, refs)
}

/// A replica is of the design of the node it is one of, unless it is given another.
fn node(lines: &[Line<'_>], name: &str, organisation: &Option<String>) -> Node {
    let choice = |line: &Line<'_>| -> Option<Choice> {
        match &line.statement {
            Statement::Choose { node, choice } if node == name => Some(choice.clone()),
            _ => None,
        }
    };
    let role = if Node::original(name) == PLATFORM { Role::Platform } else { Role::Gateway };
    let design = lines.iter().filter_map(choice).collect();
    Node { name: name.to_owned(), role, organisation: organisation.clone(), design }
}
