//! The comparison: the actors and the plan of `scenarios/bench` under `turmoil`, beside `driftless bench`.
//!
//! The same source runs in both; what is measured is what the simulator beneath costs. Both read the same
//! script, and a run here counts only if its gateways route in the end what the script's transcript says, so
//! that no empty loop is timed. What is the same and what isn't is in `docs/turmoil.md` and printed at the end.
//!
//! * `script`: the plan, by the lines of `scenarios/bench`, and what its transcript says of routes;
//! * `world`: what answers the actors' seams inside a turmoil host; `counts`: what crossed them;
//! * `user`: who carries out the plan's operations;
//! * `cluster`: one run, from hosts to routes; `timing`: many, by what they have `spent`;
//! * `driftless`: the other side, as the command prints it; `report`: both, and the ratio.
//!
//! Turmoil needs the real tokio, so this is built without the simulator's flag, as the actors are wherever
//! they are ordinary services. With it, all that remains is a line that says so.

#[cfg(not(madsim))]
mod cluster;
#[cfg(not(madsim))]
mod counts;
#[cfg(not(madsim))]
mod driftless;
#[cfg(not(madsim))]
mod report;
#[cfg(not(madsim))]
mod script;
#[cfg(not(madsim))]
mod spent;
#[cfg(not(madsim))]
mod timing;
#[cfg(not(madsim))]
mod user;
#[cfg(not(madsim))]
mod world;

#[cfg(not(madsim))]
use std::process::ExitCode;
#[cfg(not(madsim))]
use std::time::Duration;

/// The allocator of the `driftless` command.
#[cfg(not(madsim))]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How far turmoil lets every host go before the next one's turn: its default, and ten times that, which
/// costs accuracy and spares it idle ticks.
#[cfg(not(madsim))]
const TICKS: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(10)];

#[cfg(madsim)]
fn main() {
    println!(
        "turmoil needs the real tokio: cargo build --release, then RUSTFLAGS= CARGO_TARGET_DIR=target/plain \
         cargo bench -p driftless-model --bench turmoil"
    );
}

#[cfg(not(madsim))]
fn main() -> ExitCode {
    match compare() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(madsim))]
fn compare() -> Result<(), String> {
    let script = script::Script::of_the_benchmark()?;
    report::print(&timing::measure(&script, &TICKS)?);
    Ok(())
}
