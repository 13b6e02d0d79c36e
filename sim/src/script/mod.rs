//! Scripts: the text form of a plan, with its transcript.
//!
//! A script is read by people first. One line is one command; the commands end in a line `---`, below which
//! stands what they showed, up to an empty line. Reading a script runs nothing: it yields a [`Script`] with
//! its plan, or every mistake with line, column and what was expected ([`ScriptError`]). The way back is
//! [`Plan::to_script`](crate::plan::Plan::to_script), and what was read is what is written:
//!
//! ```text
//! # A delete reaches a gateway whose deployment is already gone (issue 1).
//! format 1
//! expect before-fix deletes-reach-every-gateway
//! platform
//! gateway gw1
//! create rest-api petstore
//! deploy petstore gw1
//! undeploy petstore gw1
//! delete-deployment petstore gw1
//! [with] crash gw1
//! delete petstore
//! settle
//! probe gw1 petstore
//! ---
//! 404
//! ```
//!
//! # The grammar
//!
//! It is goldenscript's:
//!
//! * A command stands at the beginning of a line: its name, then arguments `value` and `key=value`.
//! * A word begins with a letter, a digit or `_` and goes on with those and `-`, `.`, `/` and `@`. Any other
//!   stands in `"` or `'`, with `\"`, `\\`, `\n`, `\x41` or `\u{1F600}` for what can't stand there.
//! * `#` and `//` begin a comment. Empty lines are free among commands; below `---` one ends the transcript,
//!   and another block may follow.
//! * A tag says when a step begins: `[with]` with the one before it, `[12s]` 12 seconds into the run; without
//!   one, when the one before it has ended.
//! * Prefixes (`x: command`), `!`, `>` and silencing parentheses are read, and refused: they mean something
//!   where commands are run one by one, and a plan is run as a whole.
//!
//! # The commands
//!
//! [`commands`] lists them: [`COMMANDS`], and what was registered ([`crate::own`]). `format` is the first. What holds for the whole run stands before the first step,
//! what holds for a node before it is set up. Faults hold for the whole run wherever they stand. Names are
//! small letters, digits and `-`; `petstore` is an artifact by its handle, `d2` its second deployment.
//!
//! # In reading order
//!
//! * `usage`: how each command is written, as data;
//! * `reader` on `cursor` and `quoting`: from text to commands that know their places;
//! * `statement`, with `header` and `action`: from a command to what it says;
//! * `names`, `setting`, `placement`, `order` on `moment`: whether the commands fit together;
//! * `document`: all of these in a row, up to the plan; `lone`: one command by itself;
//! * `error` and `suggestion`: how mistakes are told;
//! * `writer`: from a plan to its script;
//! * `golden` and `difference`: from a run to the transcript, and how it differs from the old one;
//! * `agreement`: our reader compared with goldenscript's.
//!
//! Not here: running a plan, and what a step shows. That a step makes sense is not judged beyond what never
//! can: a refusal by the platform is a result.

mod action;
mod agreement;
mod cursor;
mod difference;
mod document;
mod error;
mod fault;
pub mod golden;
mod header;
mod lone;
mod moment;
mod names;
mod order;
mod placement;
mod quoting;
mod reader;
mod setting;
mod statement;
mod suggestion;
mod usage;
mod when;
mod writer;

#[cfg(test)]
mod tests;

pub use agreement::agrees_with_goldenscript;
pub use document::{CommandRef, Script};
pub use error::ScriptError;
pub use lone::Lone;
pub(crate) use quoting::quote;
pub(crate) use suggestion::{is_near, unknown};
pub(crate) use usage::name;
pub use usage::{COMMANDS, commands};

use crate::address::Pattern;
use crate::plan::Action;

/// The action that a command says, read without the rest of a script; otherwise what was expected.
pub(crate) fn action(text: &str) -> Result<Action, String> {
    let told = |mistakes: Vec<error::Mistake>| {
        mistakes.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; ")
    };
    let blocks = reader::read(&format!("{text}\n---\n")).map_err(told)?;
    let command = blocks.into_iter().flatten().next().ok_or("expected a command")?;
    match statement::Line::read(&command).map_err(told)?.statement {
        statement::Statement::Step(step) => Ok(step.action),
        _ => Err(format!("'{text}' is no step")),
    }
}

/// The address that a text says, of a crossing whose site exists; otherwise what was expected.
pub(crate) fn address(text: &str) -> Result<Pattern, String> {
    let at = cursor::Place { line: 1, column: 1 };
    fault::address(&quoting::Word { text: text.to_owned(), at }).map_err(|mistake| mistake.message)
}
