//! `driftless shell`: reads lines from a person or a pipe, and prints what the shell answers.
//!
//! A prompt, with the time in the world, is shown only to a person. History and editing of lines are left to
//! `rlwrap` and the like.

use std::io::{BufRead, IsTerminal, Write};

use driftless_model::design::Design;

use crate::outcome::Unrunnable;
use crate::plan::{Choice, Plan};
use crate::shell::Shell;

use super::{Exit, args, load};

/// Reads commands until the last.
///
/// # Errors
/// When the script or an argument is wrong, or the lines can't be read.
pub fn shell(args: &args::Shell) -> Result<Exit, Unrunnable> {
    let mut plan =
        args.script.as_ref().map_or(Ok(Plan::default()), |path| Ok(load::script(path)?.script.plan))?;
    plan.seed = args.seed.unwrap_or(plan.seed);
    let mut shell = Shell::new(plan, manner(args)?)?;
    let person = std::io::stdin().is_terminal();
    if person {
        say!("`help` lists the commands, `quit` ends.");
    }
    let mut lines = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        if person {
            prompt(&shell);
        }
        line.clear();
        let read = lines.read_until(b'\n', &mut line).map_err(Unrunnable::of)?;
        if read == 0 {
            return Ok(Exit::Good);
        }
        let answer = shell.enter(&String::from_utf8_lossy(&line));
        answer.lines.iter().for_each(|line| say!("{line}"));
        if let Some(wrong) = answer.wrong {
            eprintln!("{wrong}");
        }
        if answer.quits {
            return Ok(Exit::Good);
        }
    }
}

/// What the arguments say of every node.
fn manner(args: &args::Shell) -> Result<Vec<Choice>, Unrunnable> {
    let mut manner: Vec<Choice> = args.design.iter().cloned().map(Choice::Design).collect();
    for text in &args.decision {
        let (name, variant) = text
            .split_once('=')
            .ok_or_else(|| Unrunnable(format!("--decision {text}: expected NAME=VARIANT")))?;
        manner.push(Choice::Decision { name: name.to_owned(), variant: variant.to_owned() });
    }
    let mut design = Design::default();
    manner.iter().try_for_each(|choice| choice.apply(&mut design)).map_err(Unrunnable::of)?;
    Ok(manner)
}

fn prompt(shell: &Shell) {
    let mut out = std::io::stdout().lock();
    // Whoever doesn't see it can still type.
    let _ = write!(out, "{}> ", shell.now());
    let _ = out.flush();
}
