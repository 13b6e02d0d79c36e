//! `driftless completions` and `driftless manual`: what a shell and `man` want to know of the command, made from its
//! own description.

use clap::CommandFactory;
use clap_mangen::Man;

use crate::outcome::Unrunnable;

use super::{Exit, args};

/// Prints the completions for a shell.
pub fn completions(args: &args::Completions) -> Exit {
    let mut completions = Vec::new();
    clap_complete::generate(args.shell, &mut args::Args::command(), "driftless", &mut completions);
    say!("{}", String::from_utf8_lossy(&completions).trim_end());
    Exit::Good
}

/// Prints the manual page: the command, and then the options of each of its commands.
///
/// # Errors
/// When it can't be put into words.
pub fn manual() -> Result<Exit, Unrunnable> {
    let mut command = args::Args::command();
    command.build();
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).map_err(Unrunnable::of)?;
    say!("{}", String::from_utf8_lossy(&page).trim_end());
    for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
        let mut options = Vec::new();
        Man::new(one.clone()).render_options_section(&mut options).map_err(Unrunnable::of)?;
        let options = String::from_utf8_lossy(&options);
        // They stand under a heading that says whose they are.
        let options = options.split_once(".SH OPTIONS").map_or("", |(_, options)| options);
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        let heading = format!("driftless {}", one.get_name()).to_uppercase();
        say!(".SH {heading}\n{about}\n.PP{}", options.trim_end());
    }
    Ok(Exit::Good)
}
