//! The arguments of the command.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::shard::Shard;

/// A deterministic simulator and test harness for the protocol between a platform and its gateways.
///
/// Without a command: runs every scenario under every named design and prints the table of verdicts.
#[derive(Parser, Debug)]
#[command(name = "driftless", version, max_term_width = 100)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run scripts and judge them: 0 if every property held, 1 if one was violated or the world stalled.
    Run(Run),
    /// Run scripts under every named design and check what their headers state: 0 if all is true, else 1.
    Compare(Compare),
    /// Search: run many plans made up, and group what they find. 0 if nothing was found, 1 if something was, 2 if
    /// the campaign can't be trusted.
    Explore(Explore),
    /// Merge the parts of a campaign or of a sweep into one: 0 if nothing was found, 1 if something was, 2 if
    /// something is missing.
    Merge(Merge),
    /// Shrink a script that violates a property to the smallest that violates it in the same way: 0 if it was shrunk,
    /// 2 if it violates nothing.
    Shrink(Shrink),
    /// Put every fault at every crossing of one script's run, run each plan that makes, and certify it: 0 if nothing
    /// was found, 1 if something was.
    Sweep(Sweep),
    /// Tell where two runs part and how much comes of it: 0 if they are equal, 1 if they part.
    Diff(Diff),
    /// Run each mutant's script under the mutant and under its base: 0 if every two runs part, else 1.
    ///
    /// What led to where one parts is told by `driftless diff scenarios/defects/MUTANT --against MUTANT`.
    Mutants(Mutants),
    /// Type a plan command by command, see what each shows, stop anywhere, and save it as a script.
    Shell(Shell),
    /// Run a base of findings again: 0 if each still fails as it says, 1 if one passes, 2 if one no longer applies.
    ///
    /// A base is a folder that `explore --out` has written, or any folder of scripts whose headers state what is
    /// violated. docs/machines.md has more.
    Replay(Replay),
    /// Print the JSON schema of what is written for programs (docs/machines.md).
    Schema(Schema),
    /// Prove that runs are deterministic: the same plans in two processes and two orders, byte-equal.
    Doctor(Doctor),
    /// Measure how fast runs are, on one core and one pinned plan.
    Bench(Bench),
    /// List what there is.
    List(List),
    /// Print completions for a shell: `driftless completions bash > /etc/bash_completion.d/driftless`.
    Completions(Completions),
    /// Print the manual page: `driftless manual | man -l -`.
    Manual,
}

/// Reads a whole number.
fn whole<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|_| "expected a whole number")
}

/// Reads a whole number that isn't 0.
fn from_one<T: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T, &'static str> {
    whole(text).ok().filter(|n| *n >= T::from(1)).ok_or("expected a whole number from 1 on")
}

/// Run scripts.
#[derive(ClapArgs, Debug)]
pub struct Run {
    /// Scripts, or folders of scripts.
    #[arg(required = true, value_name = "SCRIPT")]
    pub scripts: Vec<PathBuf>,
    /// What is changed about their plans.
    #[command(flatten)]
    pub changes: Changes,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Write what each script shows into its file, in place of its transcript.
    #[arg(long, conflicts_with_all = ["design", "decision", "setting", "seed"])]
    pub update: bool,
    /// Say of each fault whether it bit: run the plan without it too, and compare.
    #[arg(long)]
    pub explain_faults: bool,
    /// Write the history of the run, one JSON object a line, into this file (docs/history.md).
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// The run as something to look at.
    #[command(flatten)]
    pub views: Views,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// What is given out beside that.
    #[command(flatten)]
    pub reports: Reports,
}

/// A run as something to look at (docs/views.md).
#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Views {
    /// Write the run as a page into this file: who did what, what was lost, who differed from the platform.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write what led to the first violation into this file, as a sequence diagram of Mermaid.
    #[arg(long, value_name = "FILE")]
    pub mermaid: Option<PathBuf>,
    /// Write the run into this file as trace events, for the viewers of Chrome and Perfetto.
    #[arg(long, value_name = "FILE")]
    pub perfetto: Option<PathBuf>,
}

/// Which part of the work is carried out.
#[derive(ClapArgs, Clone, Copy, Debug, Default)]
pub struct Part {
    /// Carry out one part of so many (docs/clusters.md); what Slurm or Kubernetes says is taken where it isn't given.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
}

/// What is given out for machines that show the results of tests.
#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Reports {
    /// Write what was judged into this file, as JUnit's XML, each failure with the command that shows it again.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Print annotations for hosted CI; for github unless given where GITHUB_ACTIONS is true.
    #[arg(long, value_name = "FOR")]
    pub annotate: Option<Annotate>,
}

/// Whose annotations are printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Annotate {
    /// Workflow commands of GitHub Actions.
    Github,
    /// Nobody's.
    None,
}

/// What is changed about the plan of a script.
#[derive(ClapArgs, Clone, Debug, Default)]
pub struct Changes {
    /// The design of every node (NAME), or of one (NODE=NAME); may be given again.
    #[arg(long, value_name = "[NODE=]NAME")]
    pub design: Vec<String>,
    /// Take one decision otherwise, on every node (NAME=VARIANT) or on one (NODE.NAME=VARIANT).
    #[arg(long, value_name = "[NODE.]NAME=VARIANT")]
    pub decision: Vec<String>,
    /// Set something on a node, or on the world: NODE.NAME=VALUE.
    #[arg(long, value_name = "NODE.NAME=VALUE")]
    pub setting: Vec<String>,
    /// The seed of every random draw, in place of the script's.
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    pub seed: Option<u64>,
}

impl Changes {
    /// The options that say them, each after a space.
    pub fn as_options(&self) -> String {
        let many = [("design", &self.design), ("decision", &self.decision), ("setting", &self.setting)];
        let many = many.iter().flat_map(|(option, values)| values.iter().map(move |value| (option, value)));
        let mut options: String = many.map(|(option, value)| format!(" --{option} {value}")).collect();
        if let Some(seed) = self.seed {
            options.push_str(&format!(" --seed {seed}"));
        }
        options
    }
}

/// Shrink a script.
#[derive(ClapArgs, Debug)]
pub struct Shrink {
    /// The script.
    #[arg(value_name = "SCRIPT")]
    pub script: PathBuf,
    /// What is changed about its plan before anything is shrunk.
    #[command(flatten)]
    pub changes: Changes,
    /// The property whose violation is to stay; the first that is violated unless given.
    #[arg(long, value_name = "NAME")]
    pub property: Option<String>,
    /// A design for every node under which the same plan must hold that property.
    #[arg(long, value_name = "NAME")]
    pub held_under: Option<String>,
    /// Write the script into this file instead of printing it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How many smaller plans to run at most.
    #[arg(long, value_name = "MOST", default_value_t = 1000, value_parser = from_one::<u64>)]
    pub runs: u64,
    /// Under how many other seeds to run what is left.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = whole::<u64>)]
    pub seeds: u64,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Tell where two runs part.
#[derive(ClapArgs, Debug)]
pub struct Diff {
    /// A script or a recorded history (`.jsonl`).
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// Another one; without it, A is compared with itself changed by --against or --without-faults.
    #[arg(value_name = "B", conflicts_with_all = ["against", "without_faults"])]
    pub b: Option<PathBuf>,
    /// What is changed about the plans of both.
    #[command(flatten)]
    pub changes: Changes,
    /// What is changed about the second alone: a design (NAME or NODE=NAME), a decision, a setting, or seed=N, each
    /// written as its own option takes it; may be given again.
    #[arg(long, value_name = "WHAT")]
    pub against: Vec<String>,
    /// Take away the faults of the second.
    #[arg(long)]
    pub without_faults: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Run scripts under every named design.
#[derive(ClapArgs, Debug, Default)]
pub struct Compare {
    /// Scripts, or folders of scripts; what the merged change gets wrong and the two issues unless given.
    #[arg(value_name = "SCRIPT")]
    pub scripts: Vec<PathBuf>,
    /// Take each decision of `hardened` back alone, and say what comes back of what it repairs.
    #[arg(long, conflicts_with_all = ["junit", "annotate"])]
    pub back: bool,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Write what was compared into this file, as a page to look at (docs/views.md).
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// What is given out beside that.
    #[command(flatten)]
    pub reports: Reports,
}

/// Search.
#[derive(ClapArgs, Debug)]
pub struct Explore {
    /// How many runs; 1000 unless given.
    #[arg(long, value_name = "N", conflicts_with = "for_", value_parser = from_one::<u64>)]
    pub runs: Option<u64>,
    /// How long, such as 10min, in place of a number of runs.
    #[arg(long = "for", value_name = "DURATION")]
    pub for_: Option<String>,
    /// The seed of the first run; the others use those that follow.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>)]
    pub seed: u64,
    /// The design of every node.
    #[arg(long, value_name = "NAME")]
    pub design: Option<String>,
    /// Take one decision otherwise, on every node.
    #[arg(long, value_name = "NAME=VARIANT")]
    pub decision: Vec<String>,
    /// What plans are made of: a named profile or a file; `everything` unless said, and `envelope` for `hardened`.
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,
    /// Keep plans, findings and the state of the campaign in a folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print the plan of run N as a script, and run nothing.
    #[arg(long, value_name = "N", conflicts_with = "out", value_parser = whole::<u64>)]
    pub plan: Option<u64>,
    /// Shrink what was found when the campaign has ended: with --out into a file `shrunk` beside each finding's
    /// script.
    #[arg(long, conflicts_with = "plan")]
    pub shrink: bool,
    /// Go on with the campaign that the folder holds. With --shard, begin where there is nothing to go on with.
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Which part of it is carried out, and kept in a folder of its own in that of --out (docs/clusters.md).
    #[command(flatten)]
    pub part: Part,
    /// Count what that campaign has found, or what the scripts in that folder show, and don't tell it again.
    #[arg(long, value_name = "DIR")]
    pub known: Vec<PathBuf>,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Write what was found into this file, as a page to look at (docs/views.md).
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub html: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// What is given out beside that.
    #[command(flatten)]
    pub reports: Reports,
}

/// Merge the parts of a campaign or of a sweep.
#[derive(ClapArgs, Debug)]
pub struct Merge {
    /// The folders of parts, or folders of such.
    #[arg(required = true, value_name = "DIR")]
    pub parts: Vec<PathBuf>,
    /// Where the whole is kept: a folder that isn't there yet or is empty.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Put everything at every crossing of a run.
///
/// With --audit: run a sample of a certified sweep again, and compare. 0 if all is as certified, 1 if something isn't.
#[derive(ClapArgs, Debug)]
pub struct Sweep {
    /// The script; its own faults and operations stay. With --audit, what the certificate has to be of.
    #[arg(value_name = "SCRIPT", required_unless_present = "audit")]
    pub script: Option<PathBuf>,
    /// What is changed about its plan.
    #[command(flatten)]
    pub changes: Changes,
    /// How many things are put into a plan: one, or also every two.
    #[arg(long, value_name = "1|2", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub faults: u8,
    /// The kinds of faults, such as answer,crash-before; every kind that strikes crossings unless given.
    #[arg(long, value_name = "KIND,...", value_delimiter = ',')]
    pub kinds: Vec<String>,
    /// Operations that are put at crossings too, such as delete,undeploy; none unless given.
    #[arg(long, value_name = "COMMAND,...", value_delimiter = ',')]
    pub ops: Vec<String>,
    /// The sites, such as http.artifacts-exists or http.*; every site unless given.
    #[arg(long, value_name = "SITE,...", value_delimiter = ',')]
    pub site: Vec<String>,
    /// Only the faults of one rule: intermediate, stale or unobserved.
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Run also the plans that another stands for.
    #[arg(long)]
    pub unfolded: bool,
    /// End after so long, such as 1h; --resume goes on.
    #[arg(long = "for", value_name = "DURATION")]
    pub for_: Option<String>,
    /// Keep findings, the state of the sweep and its certificate in a folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the sweep that the folder holds. With --shard, begin where there is nothing to go on with.
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Which part of it is carried out, and kept in a folder of its own in that of --out (docs/clusters.md).
    #[command(flatten)]
    pub part: Part,
    /// Run a sample of this certified sweep again, and compare.
    #[arg(
        long, value_name = "CERTIFICATE",
        conflicts_with_all = ["faults", "kinds", "ops", "site", "rule", "unfolded", "for_", "out", "resume", "shard", "json", "html"]
    )]
    pub audit: Option<PathBuf>,
    /// With --audit: how much of it.
    #[arg(long, value_name = "PERCENT", default_value = "1%", requires = "audit")]
    pub sample: String,
    /// With --audit: another sample for another number.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "audit")]
    pub draw: u64,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Write what was found into this file, as a page to look at (docs/views.md).
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print the certificate as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Tell mutants from the designs that they are otherwise.
#[derive(ClapArgs, Debug)]
pub struct Mutants {
    /// Mutants by name; all of them unless given.
    #[arg(value_name = "MUTANT")]
    pub mutants: Vec<String>,
    /// Run plans made up instead of the scripts, until a property catches the mutant and holds under its base, and no
    /// more than RUNS of them.
    #[arg(long, value_name = "RUNS", value_parser = from_one::<u64>)]
    pub explore: Option<u64>,
    /// With --explore: how often, each time from another seed.
    #[arg(long, value_name = "K", default_value_t = 30, value_parser = from_one::<u64>, requires = "explore")]
    pub seeds: u64,
    /// With --explore: the seed of the first run.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "explore", value_parser = whole::<u64>)]
    pub seed: u64,
    /// With --explore: what plans are made of, a named profile or a file.
    #[arg(long, value_name = "NAME|FILE", requires = "explore")]
    pub profile: Option<String>,
    /// With --explore: print the table in Markdown.
    #[arg(long, requires = "explore", conflicts_with = "json")]
    pub markdown: bool,
    /// With --explore: shrink the first plan that catches each, in place of counting runs from several seeds.
    #[arg(long, requires = "explore", conflicts_with = "seeds")]
    pub shrink: bool,
    /// Which part of it is carried out.
    #[command(flatten)]
    pub part: Part,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// What is given out beside that.
    #[command(flatten)]
    pub reports: Reports,
}

/// Run a base of findings again.
#[derive(ClapArgs, Debug)]
pub struct Replay {
    /// Folders of campaigns, folders of scripts, or scripts.
    #[arg(required = true, value_name = "DIR")]
    pub bases: Vec<PathBuf>,
    /// What is changed about their plans; then each is run once, whatever designs its header names.
    #[command(flatten)]
    pub changes: Changes,
    /// Demand that none of them fails any more: 0 if all pass, 1 if one still fails.
    #[arg(long)]
    pub fixed: bool,
    /// Which part of it is carried out.
    #[command(flatten)]
    pub part: Part,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// What is given out beside that.
    #[command(flatten)]
    pub reports: Reports,
}

/// Print completions for a shell.
#[derive(ClapArgs, Debug)]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Print a JSON schema.
#[derive(ClapArgs, Debug)]
pub struct Schema {
    /// What it describes.
    #[arg(value_enum)]
    pub document: Document,
}

/// What is written for programs.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Document {
    /// A plan, as it stands in an outcome.
    Plan,
    /// What `run --json` prints.
    Outcome,
    /// A line of a recorded history (docs/history.md).
    History,
    /// The summary of a campaign: what `explore --json` prints (docs/campaigns.md).
    Summary,
}

/// Type a plan command by command.
///
/// Takes every command of scripts, and those that `help` lists. Reads lines from a terminal or a pipe.
#[derive(ClapArgs, Debug)]
pub struct Shell {
    /// The script to begin with, at its beginning; an empty one unless given.
    #[arg(value_name = "SCRIPT")]
    pub script: Option<PathBuf>,
    /// The design of every node, also in the script that is saved.
    #[arg(long, value_name = "NAME")]
    pub design: Option<String>,
    /// Take one decision otherwise on every node, also in the script that is saved; may be given again.
    #[arg(long, value_name = "NAME=VARIANT")]
    pub decision: Vec<String>,
    /// The seed of every random draw, in place of the script's.
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    pub seed: Option<u64>,
}

/// Prove that runs are deterministic.
#[derive(ClapArgs, Debug)]
pub struct Doctor {
    /// Scripts, or folders of scripts, to be run beside the plans made up; all of `scenarios` if it is there.
    #[arg(value_name = "SCRIPT")]
    pub scripts: Vec<PathBuf>,
    /// How many plans to make up.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = whole::<u32>)]
    pub plans: u32,
    /// The seed of the first plan made up.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>)]
    pub seed: u64,
    /// How many runs at once; as many as there are cores unless given.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub jobs: Option<u16>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Put non-determinism in on purpose, to see it found.
    #[arg(long, value_name = "KIND")]
    pub plant: Option<String>,
    /// Be the other process.
    #[arg(long, hide = true)]
    pub elsewhere: bool,
}

/// Measure how fast runs are.
#[derive(ClapArgs, Debug)]
pub struct Bench {
    /// The script to measure; `scenarios/bench` unless given.
    #[arg(value_name = "SCRIPT")]
    pub script: Option<PathBuf>,
    /// Compare runs with the layer of faults and without it instead, in so many pairs one after the other.
    #[arg(long, value_name = "N", value_parser = from_one::<u16>)]
    pub fault_layer: Option<u16>,
    /// How long to measure, in seconds.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = whole::<u16>)]
    pub seconds: u16,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// List what there is.
#[derive(ClapArgs, Debug)]
pub struct List {
    /// What to list.
    #[arg(value_enum)]
    pub topic: Topic,
    /// With `sites`: the script whose crossings to list.
    #[arg(value_name = "SCRIPT")]
    pub script: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What can be listed.
#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum Topic {
    /// The named designs and the mutants.
    Designs,
    /// The decisions of a design and their variants.
    Decisions,
    /// The settings of nodes and of the world.
    Settings,
    /// The properties.
    Properties,
    /// The situations that a campaign has to have seen.
    Situations,
    /// The named profiles of exploration.
    Profiles,
    /// What can go wrong.
    Faults,
    /// Where it can: the crossings of a script, or every site, with the effects that fit.
    Sites,
    /// The commands of scripts.
    Commands,
}
