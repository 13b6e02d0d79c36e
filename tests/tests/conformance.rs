//! Conformance: what the pages on platform and gateway say of the wire, row by row, tried on the real actors.
//!
//! A case is data: an identifier, the row it is about, and steps that a stranger to the code could do with the
//! specification beside them. The platform is called over the wire by a scripted gateway and by users; the
//! gateway is run against a scripted platform. Both live on bare machines in the simulated world. Names, forms,
//! paths and texts are written out here a second time and never taken from the actors' own tables, and archives
//! are read and written by other code.
//!
//! `docs/conformance.md` is made from the cases (`UPDATE_CONFORMANCE=1`), and says what nothing tries yet.
//! `CONFORMANCE=platform-8.3` tries only what begins so.

#[path = "conformance/archive.rs"]
mod archive;
#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/etags.rs"]
mod etags;
#[path = "conformance/fake.rs"]
mod fake;
#[path = "conformance/gateway.rs"]
mod gateway;
#[path = "conformance/gateway_cases/mod.rs"]
mod gateway_cases;
#[path = "conformance/gateway_rows.rs"]
mod gateway_rows;
#[path = "conformance/line.rs"]
mod line;
#[path = "conformance/open.rs"]
mod open;
#[path = "conformance/page.rs"]
mod page;
#[path = "conformance/platform.rs"]
mod platform;
#[path = "conformance/platform_cases/mod.rs"]
mod platform_cases;
#[path = "conformance/runner.rs"]
mod runner;
#[path = "conformance/together.rs"]
mod together;
#[path = "conformance/words.rs"]
mod words;

use driftless::parallel;
use driftless::settings::WorldSettings;
use driftless::stage::Stage;
use driftless_tests::keeps_up;

use case::{Case, Kind};

/// The stage of every case: every way and every turn take as long as any other, so that what is sent first is
/// taken up first.
fn stage_for() -> Stage {
    let mut settings = WorldSettings::default();
    for (name, time) in [("link", "1ms"), ("local", "10us")] {
        for end in ["min", "max"] {
            settings.set(&format!("latency.{name}.{end}"), time).expect("a setting of the world");
        }
    }
    Stage::new(&settings)
}

/// Tries every case and names those that fail.
fn check<S: Copy + Sync>(
    cases: &[Case<S>],
    play: impl Fn(&Case<S>, Option<&Kind>) -> Result<(), String> + Sync,
) {
    let wanted = std::env::var("CONFORMANCE").unwrap_or_default();
    let mut trials = Vec::new();
    for case in cases {
        trials.extend(case.trials().into_iter().map(|(id, kind)| (id, *case, kind)));
    }
    trials.retain(|(id, _, _)| id.starts_with(&wanted));
    let results = parallel::map(&trials, parallel::cores(), |(id, case, kind)| {
        play(case, *kind).err().map(|why| (id.clone(), case.says, why))
    });
    let failed: Vec<_> = results.into_iter().flatten().collect();
    for (id, says, why) in &failed {
        println!("FAILED {id}\n  {says}\n  {why}");
    }
    assert!(failed.is_empty(), "{} of {} cases failed", failed.len(), trials.len());
}

#[test]
fn the_platform_does_what_the_specification_says() {
    check(&platform_cases::all(), platform::play);
}

#[test]
fn the_gateway_does_what_the_specification_says() {
    check(&gateway_cases::all(), gateway::play);
}

#[test]
fn no_identifier_is_there_twice() {
    let mut ids = page::ids();
    ids.sort();
    let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_page_says_what_is_tried() {
    keeps_up("docs/conformance.md", "UPDATE_CONFORMANCE", |_| page::text());
}

#[test]
fn the_page_on_fidelity_says_what_is_not() {
    let heading = page::UNTRIED.lines().next().unwrap_or_default();
    keeps_up("FIDELITY.md", "UPDATE_CONFORMANCE", |written| {
        let before = written.split(heading).next().unwrap_or_default();
        format!("{}\n\n{}", before.trim_end(), page::untried())
    });
}
