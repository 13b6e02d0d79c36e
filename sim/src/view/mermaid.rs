//! A run as a sequence diagram of Mermaid, to paste into an issue.
//!
//! By default it is cut to what led to the first violation. A run without one shows what travelled between its nodes,
//! up to a limit: a diagram of everything is one that nobody reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Chain, Fate, Message, Picture, Seen, What};

/// Arrows of a run without a violation, at most.
const ARROWS_MOST: usize = 40;
/// Characters of a text, at most.
const TEXT_MOST: usize = 140;

/// The diagram.
pub fn text(picture: &Picture) -> String {
    let mut out = String::from("sequenceDiagram\n");
    let (lines, lanes) = match picture.chains.first() {
        Some(chain) => of_chain(picture, chain),
        None => of_run(picture),
    };
    for lane in &lanes {
        // Writing to a string can't fail.
        let _ = writeln!(out, "  participant n{lane} as {}", plain(&picture.lanes[*lane].name));
    }
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
    out
}

type Diagram = (Vec<String>, BTreeSet<usize>);

/// What led to a violation: its crossings in order, messages as arrows, whatever else tells something as a note.
fn of_chain(picture: &Picture, chain: &Chain) -> Diagram {
    let (mut lines, mut lanes) = (Vec::new(), BTreeSet::new());
    let by_end = ends(picture);
    let mut drawn: BTreeSet<usize> = BTreeSet::new();
    for crossing in chain.crossings.iter().filter_map(|n| picture.crossing(*n)) {
        lanes.insert(crossing.lane);
        let mut told = crossing.line.told.clone();
        let messages = by_end.get(&crossing.line.n).into_iter().flatten();
        for (at, message) in messages.map(|at| (*at, &picture.messages[*at])) {
            lanes.extend([message.from, message.to]);
            if drawn.insert(at) {
                lines.push(arrow(message));
            }
            told.retain(|line| !line.contains(" -> ") || message.what != What::Frame);
        }
        let step = crossing.line.at.site == "step.begin";
        let noted = match (step, told.is_empty()) {
            (true, _) => vec![crossing.line.at.task.clone()],
            (false, false) => told,
            (false, true) if by_end.contains_key(&crossing.line.n) => Vec::new(),
            (false, true) => vec![format!("{} {}", crossing.line.at.task, did(crossing))],
        };
        lines.extend(noted.iter().map(|text| note(&[crossing.lane], &seconds(crossing), text)));
        // A step by itself is no more than a wish; what it asks of the platform comes with it.
        let asked = picture.messages.iter().enumerate().filter(|(_, message)| {
            step && picture.crossing(message.sent).is_some_and(|sent| sent.work == crossing.work)
        });
        for (at, message) in asked {
            lanes.extend([message.from, message.to]);
            if drawn.insert(at) {
                lines.push(arrow(message));
            }
        }
    }
    let over: Vec<usize> = chain.lane.into_iter().collect();
    let (first, last) = (lanes.first().copied(), lanes.last().copied());
    let over = if over.is_empty() { first.into_iter().chain(last).collect() } else { over };
    lanes.extend(&over);
    let end =
        [&format!("seen: {}", chain.seen), &format!("expected: {}", chain.expected)].map(|text| plain(text));
    lines.push(
        note(&over, chain.property, "").trim_end_matches("<br/>").to_owned() + "<br/>" + &end.join("<br/>"),
    );
    (lines, lanes)
}

/// What travelled between nodes, without what timers send, and what happened to nodes.
fn of_run(picture: &Picture) -> Diagram {
    let (mut lines, mut lanes) = (Vec::new(), BTreeSet::new());
    let by_end = ends(picture);
    let mut left = 0;
    let mut arrows = 0;
    for crossing in &picture.crossings {
        let fate = crossing.line.at.site.starts_with("life.") || crossing.line.fault.is_some();
        for text in crossing.line.told.iter().filter(|_| fate && arrows < ARROWS_MOST) {
            lanes.insert(crossing.lane);
            lines.push(note(&[crossing.lane], &seconds(crossing), text));
        }
        let begun = by_end.get(&crossing.line.n).into_iter().flatten();
        let begun = begun.map(|at| &picture.messages[*at]);
        let is_begun = |message: &&Message| message.sent == crossing.line.n;
        for message in begun.filter(is_begun).filter(|message| !message.idle) {
            if arrows == ARROWS_MOST {
                left += 1;
                continue;
            }
            arrows += 1;
            lanes.extend([message.from, message.to]);
            lines.push(arrow(message));
        }
    }
    if let (Some(first), Some(last), true) = (lanes.first(), lanes.last(), left > 0) {
        let more = format!("and {left} more messages");
        lines.push(format!("Note over n{first},n{last}: {more}"));
    }
    (lines, lanes)
}

/// By crossing, the messages that leave or arrive with it.
fn ends(picture: &Picture) -> BTreeMap<u64, Vec<usize>> {
    let mut ends: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, message) in picture.messages.iter().enumerate() {
        for end in std::iter::once(message.sent).chain(message.received) {
            ends.entry(end).or_default().push(at);
        }
    }
    ends
}

fn arrow(message: &Message) -> String {
    let head = match (message.what, message.fate) {
        (What::Answer, Fate::Lost) => "--x",
        (What::Answer, Fate::Arrived | Fate::Underway) => "-->>",
        (What::Call | What::Frame, Fate::Lost) => "-x",
        (What::Call, Fate::Arrived | Fate::Underway) => "->>",
        (What::Frame, Fate::Arrived | Fate::Underway) => "-)",
    };
    format!("n{}{head}n{}: {}", message.from, message.to, plain(&message.says))
}

fn note(lanes: &[usize], head: &str, text: &str) -> String {
    let mut over: Vec<String> = lanes.iter().map(|lane| format!("n{lane}")).collect();
    over.dedup();
    format!("Note over {}: {}<br/>{}", over.join(","), plain(head), plain(text))
}

fn seconds(crossing: &Seen) -> String {
    crate::explain::seconds(crossing.line.time_us)
}

/// What a crossing did that tells nothing by itself.
fn did(crossing: &Seen) -> String {
    let at = &crossing.line.at;
    let subject = at.subject.as_deref().unwrap_or_default();
    let failed = crossing.line.failed.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{} {subject}", at.site).trim_end().to_owned() + &failed
}

/// A text without what Mermaid would take for its own: what ends a statement, begins an entity or a tag.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(TEXT_MOST) {
        match c {
            '#' | ';' | '<' | '>' | '&' | '"' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    if text.chars().nth(TEXT_MOST).is_some() {
        out.push('…');
    }
    // A word of its own would be one of the language's.
    if out == "end" { "(end)".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_mermaid_would_take_for_its_own_is_written_as_an_entity() {
        assert_eq!(plain("a; b #2 <i>\n&"), "a#59; b #35;2 #60;i#62; #38;");
        assert_eq!(plain("end"), "(end)");
        assert_eq!(plain(&"x".repeat(200)).chars().count(), 141);
    }
}
