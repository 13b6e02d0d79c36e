//! Messages: what travels from one lane to another, and what became of it.

use std::collections::BTreeMap;

use driftless_model::cx::Phase;
use serde::Serialize;

use super::lane::{self, Lane};
use super::seen::Seen;
use crate::address::Address;
use crate::history::Crossing;
use crate::outcome::Evidence;

/// What was sent less than this before the end of a run, in microseconds, is still on its way.
const UNDERWAY_US: u64 = 1_000_000;

/// Something that travels from one lane to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Message {
    /// What it is.
    pub what: What,
    /// The lane it leaves.
    pub from: usize,
    /// The lane it is for.
    pub to: usize,
    /// The crossing with which it left.
    pub sent: u64,
    /// The crossing with which it arrived, if it did.
    pub received: Option<u64>,
    /// When it left.
    pub from_us: u64,
    /// When it arrived.
    pub to_us: Option<u64>,
    /// What became of it.
    pub fate: Fate,
    /// What it says, in a few words.
    pub says: String,
    /// Whether it comes again and again by a timer.
    pub idle: bool,
}

/// What travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// An HTTP request.
    Call,
    /// The answer to one.
    Answer,
    /// A WebSocket frame.
    Frame,
}

/// What became of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It arrived.
    Arrived,
    /// It never did.
    Lost,
    /// The run ended before it could.
    Underway,
}

/// The moments of one exchange, or of one frame.
#[derive(Default)]
struct Moments<'a> {
    sent: Option<&'a Crossing>,
    received: Vec<&'a Crossing>,
    answered: Vec<&'a Crossing>,
    back: Option<&'a Crossing>,
}

/// Every message of a run, in the order in which they were sent.
pub(super) fn all(evidence: &Evidence, seen: &[Seen], lanes: &[Lane], lasted_us: u64) -> Vec<Message> {
    let mut exchanges: BTreeMap<Address, Moments<'_>> = BTreeMap::new();
    for crossing in evidence.history.crossings() {
        let Some(phase) = crossing.address.phase else { continue };
        let moments = exchanges.entry(Address { phase: None, ..crossing.address.clone() }).or_default();
        match phase {
            Phase::Sent => moments.sent = Some(crossing),
            Phase::Received => moments.received.push(crossing),
            Phase::Answered => moments.answered.push(crossing),
            Phase::AnswerReceived => moments.back = Some(crossing),
        }
    }
    let mut messages: Vec<Message> = exchanges
        .iter()
        .flat_map(|(address, moments)| {
            let ends = (lane::find(lanes, &address.node), lane::find(lanes, address.peer.as_deref()?));
            let (Some(from), Some(to)) = ends else { return None };
            Some(Route { from, to, seen, lasted_us }.of(address, moments))
        })
        .flatten()
        .collect();
    messages.sort_by_key(|message| (message.sent, message.received));
    messages
}

/// From where to where the messages of an exchange go.
struct Route<'a> {
    from: usize,
    to: usize,
    seen: &'a [Seen],
    lasted_us: u64,
}

impl Route<'_> {
    fn of(&self, address: &Address, moments: &Moments<'_>) -> Vec<Message> {
        let Some(sent) = moments.sent else { return Vec::new() };
        // That a frame is written down says nothing of its way.
        if address.site == "ws.written" {
            return Vec::new();
        }
        let call = address.site.starts_with("http.");
        let what = if call { What::Call } else { What::Frame };
        let says = if call { question(address) } else { self.frame(sent, address) };
        let mut messages = Vec::new();
        let there = |sent: &Crossing, received: Option<&Crossing>, sure: bool| {
            self.message(what, (self.from, self.to), sent, received, says.clone(), sure)
        };
        match moments.received.as_slice() {
            // Whoever has heard that it failed knows that it isn't on its way any more.
            [] => messages.push(there(sent, None, moments.back.is_some() || sent.record.failed.is_some())),
            all => messages.extend(all.iter().map(|received| there(sent, Some(received), true))),
        }
        let way_back = (self.to, self.from);
        for (n, answered) in moments.answered.iter().enumerate() {
            // Of a call that arrives twice, the first answer is the one that is heard.
            let back = moments.back.filter(|back| n == 0 && back.record.failed.is_none());
            let says = answer(back.unwrap_or(answered));
            let sure = moments.back.is_some() || n > 0;
            messages.push(self.message(What::Answer, way_back, answered, back, says, sure));
        }
        messages
    }

    fn message(
        &self,
        what: What,
        (from, to): (usize, usize),
        sent: &Crossing,
        received: Option<&Crossing>,
        says: String,
        sure: bool,
    ) -> Message {
        let fate = match received {
            Some(_) => Fate::Arrived,
            None if !sure && sent.at_us + UNDERWAY_US > self.lasted_us => Fate::Underway,
            None => Fate::Lost,
        };
        Message {
            what,
            from,
            to,
            sent: sent.id.0,
            received: received.map(|crossing| crossing.id.0),
            from_us: sent.at_us,
            to_us: received.map(|crossing| crossing.at_us),
            fate,
            says,
            idle: self.at(sent).is_some_and(|seen| seen.idle),
        }
    }

    fn at(&self, crossing: &Crossing) -> Option<&Seen> {
        self.seen.get(usize::try_from(crossing.id.0).ok()?.checked_sub(1)?)
    }

    /// What a frame says: as the story tells it, or its type.
    fn frame(&self, sent: &Crossing, address: &Address) -> String {
        let told = self.at(sent).and_then(|seen| seen.line.told.iter().find(|line| line.contains(" -> ")));
        let told = told.and_then(|line| line.split_once(": ")).map(|(_, says)| {
            ["never received", "arrives late"]
                .iter()
                .fold(says.to_owned(), |says, how| says.trim_end_matches(&format!(" ({how})")).to_owned())
        });
        let body = || serde_json::from_slice::<serde_json::Value>(sent.record.body.as_deref()?).ok();
        let kind = || body()?.get("type")?.as_str().map(|kind| with_subject(kind, address));
        told.or_else(kind).unwrap_or_else(|| with_subject(address.site.trim_start_matches("ws."), address))
    }
}

fn question(address: &Address) -> String {
    with_subject(address.site.trim_start_matches("http."), address)
}

fn with_subject(word: &str, address: &Address) -> String {
    match &address.subject {
        Some(subject) => format!("{word} {subject}"),
        None => word.to_owned(),
    }
}

fn answer(crossing: &Crossing) -> String {
    match (&crossing.record.failed, crossing.record.status) {
        (Some(why), _) => why.clone(),
        (None, Some(status)) => status.to_string(),
        (None, None) => "answer".to_owned(),
    }
}
