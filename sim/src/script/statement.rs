//! What one command says, before anybody has looked at the others.

use std::time::Duration;

use driftless_model::settings::Value;

use super::error::Mistake;
use super::quoting::Word;
use super::reader::Command;
use super::usage::{Bound, Usage};
use super::{action, fault, header};
use crate::fault::Fault;
use crate::plan::{Choice, Setting, Start, Step};

/// One command of a script, understood.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Its arguments.
    pub(super) bound: Bound<'a>,
    /// What it says.
    pub(super) statement: Statement,
}

/// What a command says.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Statement {
    /// The version of the format is the one we read.
    Format,
    /// Where random draws come from.
    Seed(u64),
    /// What is violated under a design.
    Expect {
        /// The design.
        design: String,
        /// The properties.
        properties: Vec<String>,
    },
    /// A setting.
    Set(Setting),
    /// A departure of a node from the design of the run.
    Choose {
        /// The node.
        node: String,
        /// What it does otherwise.
        choice: Choice,
    },
    /// Something that goes wrong.
    Fault(Box<Fault>),
    /// Something that is done.
    Step(Step),
}

impl<'a> Line<'a> {
    /// Reads one command.
    pub(super) fn read(command: &'a Command) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = undressed(command);
        let usage = match Usage::of(&command.name) {
            Ok(usage) => usage,
            Err(unknown) => {
                mistakes.push(unknown);
                return Err(mistakes);
            }
        };
        let line = usage.bind(command).and_then(|bound| {
            let statement = statement(&bound)?;
            Ok(Line { bound, statement })
        });
        match line {
            Ok(line) if mistakes.is_empty() => Ok(line),
            Ok(_) => Err(mistakes),
            Err(more) => Err([mistakes, more].concat()),
        }
    }

    /// The line it stands in.
    pub(super) fn number(&self) -> usize {
        self.bound.command.name.at.line
    }

    /// A mistake of the command as a whole.
    pub(super) fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake::at(self.bound.command.name.at, message)
    }
}

fn statement(bound: &Bound<'_>) -> Result<Statement, Vec<Mistake>> {
    let tags = &bound.command.tags;
    let when = bound.command.when.as_ref();
    if let Some(statement) = header::statement(bound) {
        return match (tags.first(), when) {
            (None, None) => statement,
            (None, Some(when)) => Err(vec![Mistake::at(
                when.at,
                format!("'{}' is no step; expected no 'when' before it", bound.command.name.text),
            )]),
            (Some(tag), _) => Err(vec![Mistake::at(
                tag.at,
                format!("'{}' is no step; expected no '[{}]' before it", bound.command.name.text, tag.text),
            )]),
        };
    }
    let (action, start) = (action::action(bound), start(tags, when));
    match (action, start) {
        (Ok(action), Ok(start)) => Ok(Statement::Step(Step { start, action })),
        (action, start) => Err(action.err().into_iter().chain(start.err()).collect()),
    }
}

/// When a step with these tags begins.
fn start(tags: &[Word], when: Option<&Word>) -> Result<Start, Mistake> {
    let expected = "expected [with], or a time since the run began such as [500ms] or [12s]";
    match tags {
        [] => when.map_or(Ok(Start::After), |when| fault::address(when).map(Start::When)),
        [tag, ..] if when.is_some() => {
            Err(Mistake::at(tag.at, "a step that waits for a crossing can't begin otherwise too".to_owned()))
        }
        [tag] if tag.text == "with" => Ok(Start::With),
        [tag] => match Duration::read(&tag.text) {
            Some(time) => Ok(Start::At(time)),
            None => Err(Mistake::at(tag.at, format!("a step can't begin at '{}'; {expected}", tag.text))),
        },
        [_, second, ..] => Err(Mistake::at(second.at, format!("a step begins only once; {expected}"))),
    }
}

/// What goldenscript's grammar has and a plan has no use for.
fn undressed(command: &Command) -> Vec<Mistake> {
    let because = "a script is a plan that is run as a whole";
    let says = |at, what: &str| Mistake::at(at, format!("{what} has no meaning here: {because}"));
    let prefix = command.prefix.as_ref().map(|prefix| says(prefix.at, "a prefix before a command"));
    let silent = command.silent.map(|at| says(at, "silencing a command with ( )"));
    let fails = command.fails.map(|at| says(at, "'!' before a command"));
    let literal = command.literal.map(|at| says(at, "'>' before a command"));
    [prefix, silent, fails, literal].into_iter().flatten().collect()
}
