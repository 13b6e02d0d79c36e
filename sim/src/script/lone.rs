//! One command by itself, as it is typed: what it says before anybody has looked at the others.
//!
//! Whether it fits the rest of a script is seen when it stands in one.

use super::error::{Mistake, ScriptError};
use super::statement::{Line, Statement};
use super::{reader, when};
use crate::fault::Moment;
use crate::plan::Start;

/// What kind of command it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lone {
    /// It says in which version of the format a script is written.
    Format,
    /// It holds for the whole run, and speaks of these nodes.
    Header(Vec<String>),
    /// It is a step, and says by itself when it begins or doesn't.
    Step {
        /// Whether it does.
        begins: bool,
    },
}

impl Lone {
    /// Reads one command.
    ///
    /// # Errors
    /// With every mistake that can be told without the rest of the script.
    pub fn read(file: &str, text: &str) -> Result<Lone, Vec<ScriptError>> {
        read(text).map_err(|mistakes| ScriptError::all(file, text, mistakes))
    }
}

fn read(text: &str) -> Result<Lone, Vec<Mistake>> {
    let blocks = reader::read(&format!("{text}\n---\n"))?;
    let start = super::cursor::Place { line: 1, column: 1 };
    let command = blocks.into_iter().flatten().next();
    let command = command.ok_or_else(|| vec![Mistake::at(start, "expected a command")])?;
    let command = when::unfold(command).map_err(|mistake| vec![mistake])?;
    Ok(match Line::read(&command)?.statement {
        Statement::Format => Lone::Format,
        Statement::Seed(_) | Statement::Expect { .. } => Lone::Header(Vec::new()),
        Statement::Set(setting) => Lone::Header(vec![setting.node]),
        Statement::Choose { node, .. } => Lone::Header(vec![node]),
        Statement::Fault(fault) => {
            let moments = [&fault.window.from, &fault.window.until].into_iter().flatten();
            let moments = moments.filter_map(|moment| match moment {
                Moment::Crossing(at) => Some(at.node_name()),
                Moment::Time(_) | Moment::Never => None,
            });
            let nodes = fault.target.nodes().into_iter().chain(moments);
            Lone::Header(nodes.map(str::to_owned).collect())
        }
        Statement::Step(step) => Lone::Step { begins: step.start != Start::After },
    })
}
