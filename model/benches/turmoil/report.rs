//! Both sides beside each other, the ratio, and what it doesn't say.

use std::time::Duration;

use super::driftless::Figures;
use super::spent;
use super::timing::Measured;

/// Prints what was measured.
pub fn print(measured: &Measured) {
    let Measured { figures, own, turmoil } = measured;
    let Figures { plan, operations, deploys, simulated_seconds, .. } = figures;
    println!(
        "{plan}: {operations} operations, {deploys} of them deploys; {simulated_seconds:.0} s simulated\n"
    );
    let heads = turmoil.iter().map(|turmoil| format!("turmoil, {:?} ticks", turmoil.tick));
    row("", "driftless".to_owned(), heads);
    let a_second = |took: &[Duration]| format!("{:.2}", median(took).as_secs_f64().recip());
    row("runs a second and core", a_second(own), turmoil.iter().map(|turmoil| a_second(&turmoil.took)));
    let millis = |took: &[Duration]| format!("{} ms", median(took).as_millis());
    row("one run", millis(own), turmoil.iter().map(|turmoil| millis(&turmoil.took)));
    for (index, (what, count)) in figures.counts.rows().into_iter().enumerate() {
        let others = turmoil.iter().map(|turmoil| turmoil.counts.rows()[index].1.to_string());
        row(what, count.to_string(), others);
    }
    println!();
    for turmoil in turmoil {
        let rounds = own.iter().zip(&turmoil.took);
        let mut ratios = rounds.map(|(own, took)| took.as_secs_f64() / own.as_secs_f64()).collect::<Vec<_>>();
        ratios.sort_by(f64::total_cmp);
        let [least, .., most] = ratios[..] else { continue };
        let (ratio, tick) = (ratios[ratios.len() / 2], turmoil.tick);
        println!(
            "driftless is {ratio:.1} times as fast as turmoil with {tick:?} ticks ({least:.1} to {most:.1} in {} rounds)",
            ratios.len(),
        );
        if !turmoil.counts.alike(figures.counts) {
            println!("  but a count is more than a tenth from driftless's, so this is not the same work");
        }
    }
    let measure = if spent::is_processor_time() { "processor time" } else { "the clock on the wall" };
    println!("Measured by {measure}; medians of rounds in which both sides take turns.\n\n{SAME_AND_NOT}");
}

fn row(what: &str, own: String, others: impl Iterator<Item = String>) {
    let others = others.map(|cell| format!("{cell:>24}")).collect::<String>();
    println!("{what:<24}{own:>12}{others}");
}

fn median(took: &[Duration]) -> Duration {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// What the figures compare.
const SAME_AND_NOT: &str = "\
The same: the source of platform, gateways, stores, HTTP and WebSockets; designs and settings; the plan's
operations, partition, restart and heal at the same simulated times; the simulated end; the range of latencies
of links; what each gateway routes in the end of the artifacts that exist; allocator and profile of the build.
Not under turmoil: a turn for every crossing, times of storage and boot steps, a history, its digest, causes,
properties and verdicts, faults at crossings, segments that are sent again, dials that hang while a link is cut.
docs/turmoil.md has more.";
