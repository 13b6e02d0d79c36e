//! Recorded histories: what is read is what was written, and a file that is something else is told by its line.

use driftless::recording::Recording;
use driftless::{Outcome, Plan, causes, parting, run};
use driftless_tests::script;

fn ran(plan: &Plan) -> (Outcome, Recording, Vec<u8>) {
    let outcome = run(plan).expect("the plan runs");
    let content = Recording::write("test", plan, &outcome).expect("it is written");
    let recording = Recording::read(&content).expect("it is read");
    (outcome, recording, content)
}

#[test]
fn a_recorded_history_says_what_the_run_said() {
    for path in [
        "scenarios/issue-3/failed-exists",
        "scenarios/protocol/api-key",
        "scenarios/platform/two-organisations",
    ] {
        let plan = script(path).plan;
        let (outcome, recording, _) = ran(&plan);
        assert_eq!(parting::first(&outcome, &recording), None, "{path}");
        assert_eq!(parting::Ending::from(&outcome), recording.ending, "{path}");
        assert_eq!(outcome.digest, recording.header.digest, "{path}");
        let (live, read) = (&outcome.evidence.history, &recording.history);
        for crossing in live.crossings() {
            assert_eq!(causes::chain_of(live, crossing.id), causes::chain_of(read, crossing.id), "{path}");
        }
        // Of faults nothing is compared, so that has to be said by itself.
        let faults = |history: &driftless::history::History| {
            history.crossings().iter().map(|crossing| crossing.fault).collect::<Vec<_>>()
        };
        assert_eq!(faults(live), faults(read), "{path}");
    }
}

#[test]
fn two_recorded_histories_part_where_the_runs_do() {
    let plan = script("scenarios/issue-3/failed-exists").plan;
    let mut other = plan.under("first-draft");
    other.seed = 7;
    let ((a, read_a, _), (b, read_b, _)) = (ran(&plan), ran(&other));
    let parting = parting::first(&a, &b);
    assert!(parting.is_some());
    assert_eq!(parting::first(&read_a, &read_b), parting);
    assert_eq!(parting::first(&a, &read_b), parting);
}

/// What a file of that name has no identifier in, where the plan has a name.
#[test]
fn names_stand_in_place_of_identifiers() {
    let (outcome, _, content) = ran(&script("scenarios/protocol/api-key").plan);
    let text = String::from_utf8(content).expect("it is text");
    for name in ["petstore", "petstore.d1", "petstore.key1", "gw1", "acme"] {
        let id = outcome.evidence.names.id(name).expect("it was named");
        assert!(!text.contains(&id.to_string()), "{name} is there as {id}");
    }
}

/// A change to a file, and where it is told and how.
#[test]
fn a_file_that_is_something_else_is_told_by_its_line() {
    let (_, recording, content) = ran(&script("scenarios/issue-1/live-rest-api").plan);
    let text = String::from_utf8(content).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.len();
    assert_eq!(last, recording.header.crossings + 2);
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let with = |line: usize, from: &str, to: &str| {
        assert!(lines[line - 1].contains(from), "{}", lines[line - 1]);
        let changed = lines[line - 1].replacen(from, to, 1);
        let mut lines = lines.clone();
        lines[line - 1] = &changed;
        joined(&lines)
    };
    let mut swapped = lines.clone();
    swapped.swap(9, 10);
    let one_less = format!("\"crossings\":{}", last - 3);
    let all = format!("\"crossings\":{}", last - 2);
    let answered = lines.iter().position(|line| line.contains("\"status\":200")).expect("something is") + 1;
    let cases = [
        (String::new(), 1, "the file ends here; expected a header"),
        ("format 1\nplatform\n---\n".into(), 1, "this is no recorded history"),
        ("format 1".into(), 1, "this is no recorded history"),
        ("{\"format\":\"other\",\"version\":1}\n".into(), 1, "this is no recorded history"),
        (with(1, "\"version\":1", "\"version\":2"), 1, "version 2 of the format; this build reads 1"),
        (with(1, "\"version\":1", "\"version\":\"1\""), 1, "it says no version"),
        (with(1, "\"seed\":0", "\"seed\":\"0\""), 1, "this is not a header: invalid type"),
        (text[..text.len() / 2].into(), 0, "the file ends within this line"),
        (joined(&lines[..5]), 6, "the file ends here; expected a crossing"),
        (joined(&lines[..last - 1]), last, "the file ends here; expected the end"),
        (text.trim_end().into(), last, "the file ends within this line"),
        (joined(&swapped), 10, "this is crossing 10; expected crossing 9"),
        (with(5, "\"causes\"", "\"cause\""), 5, "this is not a crossing: unknown field `cause`"),
        (with(5, "{", "["), 5, "in column"),
        (
            with(7, "\"causes\":[", "\"causes\":[99,"),
            7,
            "it follows from crossing 99, which doesn't come before it",
        ),
        (with(7, "\"time_us\":", "\"time_us\":0"), 7, "this is not a crossing: invalid number"),
        (with(4, "\"fault\":null", "\"fault\":1"), 4, "fault 1 struck; the header has 0"),
        (with(4, "\"node\":\"", "\"node\":\"x"), 4, "its parts are those of 'x"),
        (with(6, "\"site\":\"", "\"site\":\"x."), 6, "there is no site 'x."),
        (
            with(answered, "\"status\":200", "\"status\":500"),
            last,
            "the hash of the lines before it is another",
        ),
        (with(1, &all, &one_less), last - 1, "this is not the end"),
        (with(last, &all, &one_less), last, "the header promises"),
        (format!("{text}\n"), last + 1, "something comes after the end"),
    ];
    for (content, line, words) in cases {
        let damaged = Recording::read(content.as_bytes()).expect_err(words);
        assert!(line == 0 || damaged.line == line, "line {} in place of {line}: {damaged}", damaged.line);
        assert!(damaged.to_string().contains(words), "'{words}' is missing in\n{damaged}");
    }
    let early = with(last - 1, "\"time_us\":", "\"time_us\":1,\"time_us\":");
    assert!(Recording::read(early.as_bytes()).is_err_and(|e| e.why.contains("duplicate field")));
    let time = format!("\"time_us\":{}", recording.history.crossings().last().expect("there are some").at_us);
    let damaged =
        Recording::read(with(last - 1, &time, "\"time_us\":1").as_bytes()).expect_err("it goes back");
    assert!(damaged.why.contains("before the one above it") && damaged.line == last - 1, "{damaged}");
}
