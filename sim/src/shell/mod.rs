//! The shell: a plan typed command by command, and what each shows.
//!
//! What a person can type and what a script says is one set of commands; beyond them the shell can go on to an
//! address or a time and look around there. It needs no live world, since a run is pure and takes milliseconds:
//! it keeps a plan and how far that is to be run, runs it again after each command, and tells what is new. A
//! command typed where a run stopped in its midst begins at that moment, as `when "ADDRESS" COMMAND`. So
//! whatever was typed is a script, and a command that is wrong changes nothing.
//!
//! In reading order:
//!
//! * this file: one line after the other;
//! * `own`: the commands that only the shell has;
//! * `draft`: the plan as it grows; `stand`: where in it the shell stands, and where a command goes;
//! * `tale`: what a run has told so far, and what of it is new;
//! * `onward`: going on; `around`: looking; `saving`: the script.
//!
//! Not here: terminals. Whoever reads lines hands them over and prints the answers.

mod around;
mod draft;
mod onward;
mod own;
mod saving;
mod stand;
mod tale;

use crate::explain::seconds;
use crate::outcome::Unrunnable;
use crate::plan::{Choice, Plan};
use crate::run::run_until;
use crate::script::ScriptError;
use crate::stopped::{Stopped, Until};

pub(crate) use own::has;

use draft::{Draft, Taken};
use own::Own;
use stand::Stand;
use tale::Tale;

/// A plan as it is typed, and how far it is run.
pub struct Shell {
    draft: Draft,
    stand: Stand,
    stopped: Stopped,
    tale: Tale,
    /// What there was before each command that changed something, with that command.
    past: Vec<(String, Draft, Stand)>,
    /// How many lines were typed.
    lines: usize,
}

/// What the shell answers to a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// What it shows.
    pub lines: Vec<String>,
    /// Why nothing was done, if the line was wrong.
    pub wrong: Option<String>,
    /// Whether that was the last line.
    pub quits: bool,
}

/// Why a command was not carried out.
#[derive(Debug)]
enum Refusal {
    /// What was typed is wrong.
    Mistakes(Vec<ScriptError>),
    /// What stands behind the name of the shell's command is.
    Argument(String),
    /// It can't be done, whatever was typed.
    Impossible(String),
}

impl From<Unrunnable> for Refusal {
    fn from(Unrunnable(why): Unrunnable) -> Self {
        Refusal::Impossible(why)
    }
}

impl Shell {
    /// A shell that stands at the beginning of a plan. Every node departs from the design of the run in that
    /// manner, as does each that is set up later.
    ///
    /// # Errors
    /// When the plan can't be run.
    pub fn new(plan: Plan, manner: Vec<Choice>) -> Result<Self, Unrunnable> {
        let stand = if plan.steps.is_empty() { Stand::End } else { Stand::Time(0) };
        let draft = Draft::new(plan, manner);
        let stopped = run_until(&draft.plan, &stand.until())?;
        let tale = Tale::of(&draft.plan, &stopped);
        Ok(Shell { draft, stand, stopped, tale, past: Vec::new(), lines: 0 })
    }

    /// The plan so far.
    pub fn plan(&self) -> &Plan {
        &self.draft.plan
    }

    /// The time in the world where the shell stands.
    pub fn now(&self) -> String {
        seconds(self.stand.time_us(&self.stopped))
    }

    /// Where the shell stands, in words.
    fn place(&self) -> String {
        self.stand.words(&self.stopped)
    }

    /// Does what a line says.
    pub fn enter(&mut self, line: &str) -> Answer {
        self.lines += 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("//") {
            return Answer::default();
        }
        let (draft, stand) = (self.draft.clone(), self.stand.clone());
        match self.carry_out(line) {
            Ok((answer, can_be_undone)) => {
                if can_be_undone && (draft != self.draft || stand != self.stand) {
                    self.past.push((line.to_owned(), draft, stand));
                }
                answer
            }
            Err(refusal) => Answer { wrong: Some(self.refused(line, refusal)), ..Answer::default() },
        }
    }

    /// The answer, and whether it can be taken back: not what takes back itself.
    fn carry_out(&mut self, line: &str) -> Result<(Answer, bool), Refusal> {
        let lines = match Own::read(line)? {
            None => self.command(line)?,
            Some(Own::Quit) => return Ok((Answer { quits: true, ..Answer::default() }, false)),
            Some(Own::Undo) => return Ok((Answer { lines: self.undo()?, ..Answer::default() }, false)),
            Some(Own::Run) => self.run()?,
            Some(Own::ToTime(time_us)) => self.go_to_time(time_us)?,
            Some(Own::ToCrossing(at)) => self.go_to_crossing(at)?,
            Some(Own::Step(count)) => self.step(count)?,
            Some(Own::Look(node)) => self.look(&node)?,
            Some(Own::Pending) => self.pending(),
            Some(Own::History(count)) => self.history(count),
            Some(Own::Why(about)) => self.why(about)?,
            Some(Own::Verdicts) => self.verdicts()?,
            Some(Own::Script) => self.draft.numbered(),
            Some(Own::Save { file, over }) => self.save(&file, over)?,
            Some(Own::Help(word)) => own::help(word.as_deref())?,
        };
        Ok((Answer { lines, ..Answer::default() }, true))
    }

    /// Takes a command of scripts into the plan.
    fn command(&mut self, line: &str) -> Result<Vec<String>, Refusal> {
        let mut draft = self.draft.clone();
        let place = self.stand.place(&draft.plan, &self.stopped);
        match draft.take(line, &place).map_err(Refusal::Mistakes)? {
            Taken::Nothing => Ok(Vec::new()),
            Taken::Held(nodes) => {
                self.draft = draft;
                Ok(vec![format!("holds as soon as there is {}", nodes.join(" and "))])
            }
            Taken::Header => self.again(draft),
            Taken::Step { index, begins } => match self.stand {
                Stand::End => self.go(draft, &Until::Steps),
                // It says itself when it begins, which may be far from here.
                Stand::Crossing(_) | Stand::Time(_) if begins => self.again(draft),
                Stand::Crossing(_) | Stand::Time(_) => {
                    let mut lines = self.go(draft, &Until::Step(index))?;
                    lines.push(self.place());
                    Ok(lines)
                }
            },
        }
    }

    /// Takes the last command back.
    fn undo(&mut self) -> Result<Vec<String>, Refusal> {
        let Some((line, draft, stand)) = self.past.pop() else {
            return Err(Refusal::Impossible("there is nothing to undo".into()));
        };
        self.go(draft, &stand.until())?;
        self.stand = stand;
        Ok(vec![format!("took back: {line}"), self.place()])
    }

    fn refused(&self, line: &str, refusal: Refusal) -> String {
        let typed = |mut error: ScriptError| {
            if error.file == own::TYPED {
                error.line = Some(self.lines);
                error.excerpt = Some(line.to_owned());
            }
            error.to_string()
        };
        match refusal {
            Refusal::Mistakes(errors) => errors.into_iter().map(typed).collect::<Vec<_>>().join("\n"),
            Refusal::Argument(message) => typed(own::mistake(line, own::argument(line), message)),
            Refusal::Impossible(why) => why,
        }
    }
}
