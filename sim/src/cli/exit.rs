//! How the command ends.

use std::process::{ExitCode, Termination};

/// How the command ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Everything held, or every statement is true.
    Good,
    /// Something was violated or stalled, differs, or isn't true.
    Bad,
    /// It could not run.
    NotRun,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        match self {
            Exit::Good => ExitCode::SUCCESS,
            Exit::Bad => ExitCode::from(1),
            Exit::NotRun => ExitCode::from(2),
        }
    }
}
