//! driftless: a deterministic simulator and test harness for the protocol by which a platform tells its
//! gateways what to serve.
//!
//! The one idea is `run(plan) -> outcome`: pure, so that the same plan gives the same outcome byte for byte.
//! The inputs of a run are the plan, this build, and nothing else.
//!
//! In reading order:
//!
//! * [`plan`] and [`script`]: what is to happen, as data and as text;
//! * [`mod@run`] and [`outcome`]: from the one to the other; [`stopped`]: a run in its midst;
//! * [`address`], [`gate`], [`draw`], [`history`], [`names`]: crossings, their order, their times, their trace;
//! * [`own`]: operations and effects that are written elsewhere and registered;
//! * [`fault`], [`sites`], [`bites`]: what goes wrong, where it can, and what came of it;
//! * [`world`] and [`net`]: what answers on the other side of the actors' seams;
//! * [`boot`], [`driver`], [`user`], [`steps`], [`look`]: a run's moving parts;
//! * [`stage`]: the world without a plan, for tests of a part of it;
//! * [`oracle`], [`properties`], [`sometimes`], [`causes`], [`story`], [`explain`], [`transcript`], [`visibility`]: what is claimed of every run, and how a failure is told;
//! * [`recording`], [`parting`]: a history as a file; where two runs part, and how much came of it;
//! * [`mutants`]: whether a design with a defect is told from one without;
//! * [`generate`], [`campaign`]: plans made up, and what many of them find; [`mod@shrink`]: the least that shows it;
//! * [`replay`]: whether what was found is still there; [`report`]: what was judged, for machines that show tests;
//! * [`sweep`]: one plan, and everything that can be put into it;
//! * [`shard`], [`parts`]: what can be divided over machines, and the parts as one;
//! * [`view`]: a run or a campaign as something to look at;
//! * [`doctor`], [`plant`]: the proof that runs are deterministic;
//! * [`shell`]: a plan typed command by command, and what each shows;
//! * [`cli`], with [`log`], [`parallel`] and [`files`]: the command.

#[cfg(not(madsim))]
compile_error!(
    "the simulator needs `--cfg madsim`, which .cargo/config.toml sets. A RUSTFLAGS from outside replaces \
     it: unset RUSTFLAGS (and CARGO_ENCODED_RUSTFLAGS), or add `--cfg madsim` to it."
);

pub mod address;
pub mod bites;
pub mod boot;
pub mod build;
pub mod campaign;
pub mod causes;
pub mod cli;
pub mod doctor;
pub mod draw;
pub mod driver;
pub mod explain;
pub mod fault;
pub mod files;
pub mod gate;
pub mod generate;
pub mod history;
pub mod log;
pub mod look;
pub mod mutants;
pub mod names;
pub mod net;
pub mod oracle;
pub mod outcome;
pub mod own;
pub mod panics;
pub mod parallel;
pub mod parting;
pub mod parts;
pub mod plan;
pub mod plant;
pub mod properties;
pub mod recording;
pub mod replay;
pub mod report;
pub mod run;
pub mod script;
pub mod settings;
pub mod shard;
pub mod shell;
pub mod shrink;
pub mod sites;
pub mod sometimes;
pub mod stage;
pub mod steps;
pub mod stopped;
pub mod story;
pub mod sweep;
pub mod transcript;
pub mod user;
pub mod view;
pub mod visibility;
pub mod world;

pub use outcome::{Outcome, Verdict};
pub use plan::Plan;
pub use run::run;
