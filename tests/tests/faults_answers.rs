//! Faults on calls and frames: what arrives in place of what was given, and that whatever follows is whole.

use std::collections::BTreeSet;

use driftless::address::Pattern;
use driftless::history::Crossing;
use driftless::outcome::Outcome;
use driftless::run;
use driftless_model::cx::Phase;
use driftless_model::wire::archive;
use driftless_tests::parse;
use serde_json::Value;

/// A gateway starts with nothing, then with two APIs and a key, and twice when one of them has no deployment.
const STARTS: &str = "platform
gateway gw1
create rest-api petstore
create rest-api bookshop
deploy petstore gw1
deploy bookshop gw1
create-key petstore key1
settle
restart gw1
settle
undeploy petstore gw1
delete-deployment petstore gw1
restart gw1
settle
restart gw1
settle
";

/// A gateway starts and has to fetch two APIs.
const FETCHES: &str = "platform
gateway gw1
crash gw1
create rest-api petstore
create rest-api bookshop
deploy petstore gw1
deploy bookshop gw1
restart gw1
settle
";

/// An API comes and goes.
const DELETES: &str = "platform
gateway gw1
create rest-api petstore
deploy petstore gw1
settle
delete petstore
settle
probe gw1 petstore
";

fn play(fault: &str, steps: &str) -> Outcome {
    let fault = if fault.is_empty() { String::new() } else { format!("fault {fault}\n") };
    run(&parse(fault.as_str(), &format!("format 1\n{fault}{steps}---\n")).plan).expect("the plan runs")
}

/// The crossings of that address, at whichever moment.
fn at<'a>(outcome: &'a Outcome, address: &str) -> Vec<&'a Crossing> {
    let pattern: Pattern = address.parse().expect("an address");
    let fits = |c: &&Crossing| pattern.fits_at(&c.address, c.address.phase.unwrap_or(Phase::Sent));
    outcome.evidence.history.crossings().iter().filter(fits).collect()
}

/// The moments of an exchange or a frame in their order, each with what it came to.
fn moments(outcome: &Outcome, address: &str) -> Vec<String> {
    let moment = |c: &&Crossing| {
        let phase = c.address.phase.map(|phase| format!("{phase:?}")).unwrap_or_default();
        let status = c.record.status.map(|status| format!(" {status}")).unwrap_or_default();
        format!("{phase}{status}{}", if c.record.failed.is_some() { " failed" } else { "" })
    };
    at(outcome, address).iter().map(moment).collect()
}

/// Status and content of an answer: the names in it within the brackets of its lists and objects, the names of
/// the files of an archive, or else its beginning.
fn said(outcome: &Outcome, crossing: &Crossing) -> String {
    let body = crossing.record.body.as_deref().unwrap_or_default();
    let name = |text: &str| outcome.evidence.names.of(text.parse().ok()?).map(|name| name.to_string());
    let content = if body.is_empty() {
        "nothing".to_owned()
    } else if let Ok(value) = serde_json::from_slice(body) {
        bare(&value, &name)
    } else if archive::without(body, |_| false).is_none() {
        format!("{:.14}", String::from_utf8_lossy(body))
    } else if archive::unzip(body).is_ok() {
        "a file".to_owned()
    } else {
        let files = archive::unbatch(body).unwrap_or_default();
        format!(
            "files: {}",
            files
                .keys()
                .filter_map(|id| name(id))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        )
    };
    format!("{} {content}", crossing.record.status.unwrap_or_default())
}

fn bare(value: &Value, name: &impl Fn(&str) -> Option<String>) -> String {
    let all = |values: &mut dyn Iterator<Item = &Value>| {
        let told: BTreeSet<_> =
            values.map(|value| bare(value, name)).filter(|told| !told.is_empty()).collect();
        told.into_iter().collect::<Vec<_>>().join(" ")
    };
    match value {
        Value::Array(elements) => format!("[{}]", all(&mut elements.iter())),
        Value::Object(entries) => match all(&mut entries.values()).as_str() {
            "" => String::new(),
            told => format!("{{{told}}}"),
        },
        Value::String(text) => name(text).unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

/// Each row: where, what, the answer as it was given, and as it arrived.
#[test]
fn an_altered_answer_arrives_and_no_other_is() {
    const LIST: &str = "200 {[{bookshop bookshop.d1} {petstore petstore.d1}]}";
    const KEYS: &str = "200 [{petstore petstore.key1}]";
    let deployments = "gw1@2 sync http.deployments";
    let keys = "gw1@2 sync http.api-keys";
    let exists = "gw1@3 sync http.artifacts-exists";
    let (batch, file) = ("gw1@2 sync http.fetch-batch", "gw1 http.fetch-api petstore");
    let files = "200 files: bookshop.d1 petstore.d1";
    for (steps, call, effect, given, arrives) in [
        (STARTS, deployments, "body as=empty", LIST, "200 nothing"),
        (STARTS, deployments, "body as=truncated", LIST, "200 {\"deployments\""),
        (STARTS, deployments, "body as=not-json", LIST, "200 <!DOCTYPE html"),
        (
            STARTS,
            deployments,
            "body as=wrong-shape",
            LIST,
            "200 [{[{bookshop bookshop.d1} {petstore petstore.d1}]}]",
        ),
        (STARTS, deployments, "omit member=petstore", LIST, "200 {[{bookshop bookshop.d1}]}"),
        (STARTS, deployments, "omit member=bookshop.d1", LIST, "200 {[{petstore petstore.d1}]}"),
        (STARTS, deployments, "empty-list", LIST, "200 {[]}"),
        (STARTS, deployments, "stale", LIST, "200 {[]}"),
        (STARTS, "gw1@3 sync http.deployments", "stale", "200 {[{bookshop bookshop.d1}]}", LIST),
        (STARTS, keys, "body as=wrong-shape", KEYS, "200 {[{petstore petstore.key1}]}"),
        (STARTS, keys, "omit member=petstore.key1", KEYS, "200 []"),
        (STARTS, keys, "omit member=petstore", KEYS, "200 []"),
        (STARTS, keys, "stale", KEYS, "200 []"),
        (STARTS, exists, "omit member=petstore", "200 {[{petstore}]}", "200 {[]}"),
        (STARTS, exists, "empty-list", "200 {[{petstore}]}", "200 {[]}"),
        (FETCHES, batch, "omit member=petstore.d1", files, "200 files: bookshop.d1"),
        (FETCHES, batch, "omit member=bookshop", files, "200 files: petstore.d1"),
        (FETCHES, batch, "empty-list", files, "200 files: "),
        (FETCHES, batch, "body as=wrong-shape", files, "200 {[]}"),
        (STARTS, file, "omit member=petstore", "200 a file", "200 files: "),
        (STARTS, file, "empty-list", "200 a file", "200 files: "),
    ] {
        let outcome = play(&format!("{call:?} {effect}"), steps);
        let mut others = outcome.evidence.history.crossings().iter().filter(|c| c.fault.is_none());
        let is_as_given = |arrived: &Crossing| {
            let given = arrived.address.at(Phase::Answered);
            let mut given = outcome.evidence.history.crossings().iter().filter(|c| c.address == given);
            given.next().is_none_or(|given| {
                (given.record.status, &given.record.body) == (arrived.record.status, &arrived.record.body)
            })
        };
        let answer = |phase| {
            let mut of = at(&outcome, &format!("{call} {phase}")).into_iter();
            of.next().map(|crossing| said(&outcome, crossing)).unwrap_or_default()
        };
        assert_eq!(
            (answer("answered").as_str(), answer("answer-received").as_str()),
            (given, arrives),
            "{call} {effect}"
        );
        let struck = outcome.faults[0].and_then(|id| outcome.evidence.history.get(id));
        assert_eq!(struck.map(|c| c.address.phase), Some(Some(Phase::AnswerReceived)), "{call} {effect}");
        let arrived =
            |c: &&Crossing| c.address.phase == Some(Phase::AnswerReceived) && c.record.status.is_some();
        let changed: Vec<_> = others.by_ref().filter(arrived).filter(|c| !is_as_given(c)).collect();
        assert!(changed.is_empty(), "{call} {effect}: {changed:?}");
    }
}

#[test]
fn what_has_nothing_to_alter_is_not_struck() {
    let without = play("", STARTS).digest;
    for (fault, why) in [
        ("\"gw1 sync http.deployments\" stale", "it was never asked before"),
        ("\"gw1@4 sync http.deployments\" stale", "it is answered as before"),
        ("\"gw1 sync http.deployments\" empty-list", "the list is empty"),
        ("\"gw1@2 sync http.deployments\" omit member=petstore.key1", "the list has no keys"),
        ("\"user http.delete-deployment petstore\" body as=truncated", "204 has no body"),
        ("\"gw1 http.connect\" body as=not-json", "101 has no body"),
        ("\"gw1@2 sync http.deployments answered\" empty-list", "it doesn't arrive there"),
        ("\"gw1@2 sync http.deployments received\" twice", "it has been sent"),
    ] {
        let outcome = play(fault, STARTS);
        assert_eq!(outcome.faults, [None], "{fault}: {why}");
        assert_eq!(outcome.digest, without, "{fault}: {why}");
    }
}

/// Each row: what goes wrong, the moments of the request to delete and of the frame that tells of it, how many
/// seconds that took, and whether the gateway still serves what was deleted or was to be.
#[test]
fn a_call_or_a_frame_fails_is_lost_waits_or_arrives_twice() {
    const CALL: &str = "user http.delete-artifact petstore";
    const FRAME: &str = "platform request delete petstore 1 ws.send ->gw1 petstore";
    let whole: &[&str] = &["Sent", "Received", "Answered 204", "AnswerReceived 204"];
    let told: &[&str] = &["Sent", "Received"];
    let lost: &[&str] = &["Sent", "Received", "Answered", "AnswerReceived failed"];
    let refused: &[&str] = &["Sent", "Received", "Answered 503", "AnswerReceived 503"];
    let twice: &[&str] =
        &["Sent", "Received", "Received", "Answered 204", "AnswerReceived 204", "Answered 500"];
    let (gone, served) = ("404", "200 petstore.d1");
    for (at_fault, effect, call, frame, seconds, probe) in [
        (CALL, "fail", &["Sent failed"][..], &[][..], 0, served),
        (CALL, "lose", lost, told, 0, gone),
        (CALL, "delay by=5s", whole, told, 5, gone),
        (CALL, "answer status=503", refused, &[], 0, served),
        (CALL, "twice", twice, told, 0, gone),
        (FRAME, "fail", whole, &["Sent failed"], 0, served),
        (FRAME, "lose", whole, &["Sent"], 0, served),
        (FRAME, "delay by=5s", whole, told, 5, gone),
        // Nothing of it is left for the first exchange of the same kind, which is about something else.
        ("user http.deploy petstore", "delay by=5s", whole, told, 0, gone),
    ] {
        let outcome = play(&format!("{at_fault:?} {effect}"), DELETES);
        assert!(outcome.faults[0].is_some(), "{at_fault} {effect} is reached");
        assert_eq!(moments(&outcome, CALL), call, "{at_fault} {effect}");
        assert_eq!(moments(&outcome, FRAME), frame, "{at_fault} {effect}");
        let begun = at(&outcome, "user delete petstore 1 step.begin")[0].at_us;
        let last = [at(&outcome, CALL), at(&outcome, FRAME)].concat().iter().map(|c| c.at_us).max();
        assert_eq!(last.map(|last| (last - begun) / 1_000_000), Some(seconds), "{at_fault} {effect}");
        let probed = outcome.steps.last().map(|shown| shown.lines.clone());
        assert_eq!(probed, Some(vec![probe.to_owned()]), "{at_fault} {effect}");
    }
}

/// The copy of a request to connect is answered too, and its connection leaves the registry again.
#[test]
fn of_a_connect_that_arrives_twice_one_connection_stays() {
    let outcome = play("\"gw1 http.connect\" twice", DELETES);
    let connect = ["Sent", "Received", "Answered 101", "Received", "AnswerReceived 101", "Answered 101"];
    assert_eq!(moments(&outcome, "gw1 http.connect"), connect);
    // A connection enters the registry by one store and leaves it by another.
    let stores = |connection: u8| {
        let stores = format!("platform connection gw1 {connection} memory.registry-store gw1 #*");
        at(&outcome, &stores).len()
    };
    assert_eq!((stores(1), stores(2)), (1, 2));
}

#[test]
fn a_connect_whose_answer_is_replaced_is_no_connection() {
    let outcome = play("\"gw1 http.connect answer-received\" answer status=503", DELETES);
    let again = ["Sent", "Received", "Answered 101", "AnswerReceived 101"];
    assert_eq!(moments(&outcome, "gw1 http.connect #2"), again);
}

/// The answer to the copy is given while that to the first is still on its way.
#[test]
fn of_two_answers_the_first_is_heard() {
    const CALL: &str = "user http.deploy petstore";
    let delayed = format!("{CALL:?} twice\nfault \"{CALL} answer-received\" delay by=1s");
    let outcome = play(&delayed, DELETES);
    let given: Vec<_> = at(&outcome, &format!("{CALL} answered")).iter().map(|c| c.id).collect();
    let arrived = at(&outcome, &format!("{CALL} answer-received"));
    let [first, second] = given[..] else { panic!("given were {given:?}") };
    assert!(second < arrived[0].id, "both were given before one arrived");
    assert!(arrived[0].causes.contains(&first) && !arrived[0].causes.contains(&second));
}

/// The platform dies when it has given its answer, which is to be damaged and never arrives.
#[test]
fn an_answer_that_never_came_is_not_made_up() {
    const CALL: &str = "gw1@2 sync http.deployments";
    let both = format!("\"{CALL} answered\" crash-after\nfault {CALL:?} body as=wrong-shape");
    let outcome = play(&both, STARTS);
    let ended = ["Sent", "Received", "Answered 200", "AnswerReceived failed"];
    assert_eq!(moments(&outcome, CALL), ended);
}
