//! Links against a real kernel: the same situations in the simulated world and over loopback sockets, with the
//! same answers.
//!
//! A situation is data: what two parties do, what befalls them, and what each act must answer. One table has
//! two interpreters. Where the simulator differs on purpose the table has both answers and the reason; where
//! the kernel can't be asked without privileges it says what for. `docs/links.md` is made from it
//! (`UPDATE_LINKS=1`).
//!
//! Deliberately not here: how long anything takes, and how much a buffer holds.

#[path = "links/crashes.rs"]
mod crashes;
#[path = "links/cuts.rs"]
mod cuts;
#[path = "links/dialling.rs"]
mod dialling;
#[path = "links/ends.rs"]
mod ends;
#[path = "links/page.rs"]
mod page;
#[path = "links/situation.rs"]
mod situation;
#[path = "links/sockets.rs"]
mod sockets;
#[path = "links/stage.rs"]
mod stage;

use driftless::parallel;

use situation::{Answer, Kernel, Situation};

/// The table.
const SECTIONS: &[(&str, &[Situation])] = &[
    ("Dials", dialling::ALL),
    ("Ends and transfers", ends::ALL),
    ("Crashes and losses of power", crashes::ALL),
    ("Cuts", cuts::ALL),
];

fn all() -> Vec<&'static Situation> {
    SECTIONS.iter().flat_map(|(_, situations)| *situations).collect()
}

/// Plays situations and names the first act of each that answered otherwise than it must.
fn check(
    situations: &[&Situation],
    jobs: usize,
    play: impl Fn(&Situation) -> (Vec<Answer>, Vec<Answer>) + Sync,
) {
    let wrong = parallel::map(situations, jobs, |situation| {
        let (expected, answered) = play(situation);
        let at = (0..expected.len()).find(|at| answered.get(*at) != Some(&expected[*at]))?;
        let act = situation.acts().nth(at)?;
        let got = answered.get(at).map_or_else(|| "nothing".to_owned(), ToString::to_string);
        Some(format!("{}: {act}: {got}, where it is {}", situation.name, expected[at]))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_simulator_answers_so() {
    check(&all(), parallel::cores(), |situation| (situation.simulator(), stage::play(situation)));
}

#[test]
fn the_kernel_answers_so() {
    if !sockets::is_there() {
        println!("The kernel was not asked: this is no Linux with a loopback interface.");
        return;
    }
    let mut situations = all();
    situations.retain(|situation| matches!(situation.kernel, Kernel::Tried));
    // They wait more than they work.
    check(&situations, 6, |situation| {
        let answered = sockets::play(situation).unwrap_or_else(|error| panic!("{}: {error}", situation.name));
        (situation.kernel(), answered)
    });
}

#[test]
fn the_table_says_what_it_can() {
    let mut names: Vec<&str> = all().iter().map(|situation| situation.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a name is there twice");
    for situation in all() {
        let needs_more = situation.steps.iter().any(situation::Step::needs_more);
        let tried = matches!(situation.kernel, Kernel::Tried);
        assert!(tried != needs_more, "{}: tried is what sockets of one machine can do", situation.name);
        for does in situation.acts() {
            let differs = does.kernel.is_none_or(|(answer, _)| answer != does.answer);
            assert!(differs, "{}: {does}: no difference", situation.name);
        }
    }
}

#[test]
fn the_page_says_what_was_answered() {
    let file = driftless_tests::root().join("docs/links.md");
    let made = page::text();
    if std::env::var_os("UPDATE_LINKS").is_some() {
        std::fs::write(&file, &made).expect("the page can be written");
    } else {
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            written == made,
            "docs/links.md is stale: UPDATE_LINKS=1 cargo test -p driftless-tests --test links the_page"
        );
    }
}
