//! A run as trace events, the JSON that the viewers of Chrome and Perfetto read.
//!
//! A process for each node, a thread for each piece of work, and on it a slice from its first crossing to its last;
//! an instant for each crossing, with all that is known of it; flows for messages; instants for faults, wide across
//! the process they concern; and for each gateway and layer a counter of the artifacts that differ from what the
//! platform says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Fate, Layer, Picture, Seen, Stands};

/// The trace, one event a line.
///
/// # Errors
/// When an event can't be put into words.
pub fn text(picture: &Picture) -> serde_json::Result<String> {
    let mut events = Vec::new();
    processes(picture, &mut events);
    works(picture, &mut events);
    crossings(picture, &mut events);
    flows(picture, &mut events);
    faults(picture, &mut events);
    counters(picture, &mut events);
    let lines: Vec<String> = events.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let about =
        json!({ "script": picture.header.script, "digest": picture.header.digest, "again": picture.again });
    let about = serde_json::to_string(&about)?;
    let lines = lines.join(",\n");
    Ok(format!("{{\"displayTimeUnit\":\"ms\",\"otherData\":{about},\"traceEvents\":[\n{lines}\n]}}\n"))
}

/// Processes are counted from 1: viewers take 0 for the machine itself.
fn pid(lane: usize) -> usize {
    lane + 1
}

fn tid(work: usize) -> usize {
    work + 1
}

fn processes(picture: &Picture, events: &mut Vec<Value>) {
    for (lane, named) in picture.lanes.iter().enumerate() {
        let pid = pid(lane);
        events.push(json!({ "ph": "M", "name": "process_name", "pid": pid, "args": { "name": named.name } }));
        events.push(
            json!({ "ph": "M", "name": "process_sort_index", "pid": pid, "args": { "sort_index": lane } }),
        );
    }
    for (work, named) in picture.works.iter().enumerate() {
        let name = match named.name.as_str() {
            "" => named.life.clone(),
            name if named.life == picture.lanes[named.lane].name => name.to_owned(),
            name => format!("{} {name}", named.life),
        };
        let (pid, tid) = (pid(named.lane), tid(work));
        events.push(
            json!({ "ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": { "name": name } }),
        );
        events.push(json!({
            "ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "args": { "sort_index": work },
        }));
    }
}

fn works(picture: &Picture, events: &mut Vec<Value>) {
    for (index, work) in picture.works.iter().enumerate() {
        let name = if work.name.is_empty() { &work.life } else { &work.name };
        // A slice without a width is one that nobody sees, and that no flow can be tied to.
        let dur = (work.to_us - work.from_us).max(1);
        events.push(json!({
            "ph": "X", "cat": "work", "name": name, "pid": pid(work.lane), "tid": tid(index),
            "ts": work.from_us, "dur": dur, "args": { "life": work.life },
        }));
    }
}

fn crossings(picture: &Picture, events: &mut Vec<Value>) {
    for seen in &picture.crossings {
        let at = &seen.line.at;
        let mut name = at.site.clone();
        for part in [&at.subject, &at.phase].into_iter().flatten().filter(|part| *part != "sent") {
            name = format!("{name} {part}");
        }
        events.push(json!({
            "ph": "i", "s": "t", "cat": at.site.split('.').next(), "name": name, "pid": pid(seen.lane),
            "tid": tid(seen.work), "ts": seen.line.time_us, "args": seen.line,
        }));
    }
}

/// A message that arrived is a flow from slice to slice; one that didn't is an instant where it was sent.
fn flows(picture: &Picture, events: &mut Vec<Value>) {
    for (id, message) in picture.messages.iter().enumerate() {
        let Some(sent) = picture.crossing(message.sent) else { continue };
        match (message.received.and_then(|n| picture.crossing(n)), message.fate) {
            (Some(received), _) => {
                for (ph, end) in [("s", sent), ("f", received)] {
                    let mut event = json!({
                        "ph": ph, "id": id + 1, "cat": "message", "name": message.says, "pid": pid(end.lane),
                        "tid": tid(end.work), "ts": end.line.time_us,
                    });
                    if ph == "f" {
                        event["bp"] = "e".into();
                    }
                    events.push(event);
                }
            }
            (None, Fate::Lost) => events.push(instant("lost", &format!("lost: {}", message.says), sent)),
            (None, Fate::Arrived | Fate::Underway) => {}
        }
    }
}

fn instant(cat: &str, name: &str, seen: &Seen) -> Value {
    json!({
        "ph": "i", "s": "t", "cat": cat, "name": name, "pid": pid(seen.lane), "tid": tid(seen.work),
        "ts": seen.line.time_us,
    })
}

fn faults(picture: &Picture, events: &mut Vec<Value>) {
    for region in &picture.regions {
        for lane in &region.lanes {
            let begun = region.spans.iter().map(|(from_us, _)| (*from_us, ""));
            let ended = region
                .spans
                .iter()
                .filter_map(|(from_us, to_us)| Some((to_us.filter(|to| to > from_us)?, ": over")));
            for (ts, how) in begun.chain(ended) {
                events.push(json!({
                    "ph": "i", "s": "p", "cat": "fault", "name": format!("{}{how}", region.says), "pid": pid(*lane),
                    "tid": 0, "ts": ts,
                }));
            }
        }
    }
}

fn counters(picture: &Picture, events: &mut Vec<Value>) {
    let mut steps: BTreeMap<(usize, Layer, u64), i64> = BTreeMap::new();
    for band in &picture.bands {
        for span in band.spans.iter().filter(|span| span.stands == Stands::Differs) {
            *steps.entry((band.lane, band.layer, span.from_us)).or_default() += 1;
            *steps.entry((band.lane, band.layer, span.to_us)).or_default() -= 1;
        }
    }
    let mut counts: BTreeMap<(usize, Layer), i64> = BTreeMap::new();
    for ((lane, layer, ts), step) in steps {
        let count = counts.entry((lane, layer)).or_default();
        *count += step;
        // What still differs when the run ends hasn't ended with it.
        if ts < picture.lasted_us {
            events.push(json!({
                "ph": "C", "name": format!("{} differs", word(layer)), "pid": pid(lane), "ts": ts,
                "args": { "artifacts": count },
            }));
        }
    }
}

fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::Says => "platform",
        Layer::Database => "database",
        Layer::Memory => "memory",
        Layer::Routes => "routes",
        Layer::Access => "access",
    }
}
