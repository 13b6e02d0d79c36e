//! The `driftless` command: what people type, and what they see.

/// Prints a line. Whoever stops reading has seen enough.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stdout().lock(), $($words)*);
    }};
}

mod args;
mod back;
mod bench;
mod compare;
mod detection;
mod diff;
mod doctor;
mod exit;
mod explore;
mod findings;
mod history;
mod list;
mod load;
mod mutants;
mod progress;
mod replay;
mod report;
mod run;
mod schema;
mod shell;
mod shrink;
mod shrinking;
mod sweep;

use clap::Parser;

pub use exit::Exit;

/// Runs the command with the arguments of the process.
pub fn main() -> Exit {
    crate::log::init();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            let asked = !e.use_stderr();
            // If even this can't be printed there is nobody to tell.
            let _ = e.print();
            return if asked { Exit::Good } else { Exit::NotRun };
        }
    };
    let done = match args.command {
        None => compare::compare(&args::Compare::default()),
        Some(args::Command::Run(args)) => run::run(&args),
        Some(args::Command::Compare(args)) if args.back => back::back(&args),
        Some(args::Command::Compare(args)) => compare::compare(&compare::what_is_wrong(args)),
        Some(args::Command::Explore(args)) => explore::explore(&args),
        Some(args::Command::Shrink(args)) => shrink::shrink(&args),
        Some(args::Command::Sweep(args)) => sweep::sweep(&args),
        Some(args::Command::Diff(args)) => diff::diff(&args),
        Some(args::Command::Mutants(args)) => mutants::mutants(&args),
        Some(args::Command::Replay(args)) => replay::replay(&args),
        Some(args::Command::Schema(args)) => schema::schema(&args),
        Some(args::Command::Shell(args)) => shell::shell(&args),
        Some(args::Command::Doctor(args)) => doctor::doctor(&args),
        Some(args::Command::Bench(args)) => bench::bench(&args),
        Some(args::Command::List(args)) => list::list(&args),
    };
    done.unwrap_or_else(|e| {
        eprintln!("{e}");
        Exit::NotRun
    })
}
