//! From the lines of a file to a history, with every reason not to believe them.

use std::collections::BTreeMap;

use driftless_model::cx::{CrossingId, Record};
use driftless_model::store::{Change, Key};
use serde::de::DeserializeOwned;

use super::line::{AddressLine, ChangeLine, CrossingLine, EndLine, Header};
use super::row::TextRow;
use super::{FORMAT, Recording, VERSION};
use crate::address::{Address, PHASES, SITES, phase_word};
use crate::history::History;

/// Why a file isn't the recorded history that it should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct Damaged {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub why: String,
}

/// Reads a whole file.
pub fn recording(content: &[u8]) -> Result<Recording, Damaged> {
    let mut lines = Lines { content, at: 0, line: 0 };
    let first = lines.next("a header")?;
    let header = header(first).map_err(|why| lines.damaged(why))?;
    let (mut history, mut told, mut words) = (History::default(), Vec::new(), Words::default());
    for _ in 0..header.crossings {
        let text = lines.next("a crossing")?;
        let crossing: CrossingLine = read(text, "a crossing").map_err(|why| lines.damaged(why))?;
        let (faults, last_us) =
            (header.faults.len(), history.crossings().last().map_or(0, |last| last.at_us));
        told.push(
            take(&mut history, crossing, faults, last_us, &mut words).map_err(|why| lines.damaged(why))?,
        );
    }
    let before = &content[..lines.at];
    let last = lines.next("the end")?;
    let end: EndLine = read(last, "the end").map_err(|why| lines.damaged(why))?;
    if end.crossings != header.crossings {
        let why =
            format!("it ends after {} crossings; the header promises {}", end.crossings, header.crossings);
        return Err(lines.damaged(why));
    }
    if end.hash != blake3::hash(before).to_hex().as_str() {
        return Err(
            lines.damaged("the hash of the lines before it is another; something in them was changed".into())
        );
    }
    if lines.at != content.len() {
        lines.line += 1;
        return Err(lines.damaged("something comes after the end".into()));
    }
    Ok(Recording { header, history, told, ending: end.end })
}

/// The lines of a file, one after the other.
struct Lines<'a> {
    content: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self, expected: &str) -> Result<&'a [u8], Damaged> {
        self.line += 1;
        let rest = &self.content[self.at..];
        if rest.is_empty() {
            return Err(self.damaged(format!("the file ends here; expected {expected}")));
        }
        let Some(len) = rest.iter().position(|byte| *byte == b'\n') else {
            // A foreign file is told as such, and not as one that was cut short.
            let foreign = self.line == 1 && serde_json::from_slice::<Header>(rest).is_err();
            let why = if foreign { not_a_history() } else { "the file ends within this line".into() };
            return Err(self.damaged(why));
        };
        self.at += len + 1;
        Ok(&rest[..len])
    }

    fn damaged(&self, why: String) -> Damaged {
        Damaged { line: self.line, why }
    }
}

fn not_a_history() -> String {
    format!("this is no recorded history; expected {{\"format\":\"{FORMAT}\", ...}}")
}

fn read<T: DeserializeOwned>(line: &[u8], expected: &str) -> Result<T, String> {
    serde_json::from_slice(line).map_err(|e| {
        let (column, e) = (e.column(), e.to_string());
        // It says where in what it was given, which is always its first line.
        let what = e.rsplit_once(" at line").map_or(&*e, |(what, _)| what);
        format!("this is not {expected}: {what}, in column {column}")
    })
}

/// Reads the first line. The version is looked at before anything else that it says.
fn header(line: &[u8]) -> Result<Header, String> {
    let any: serde_json::Value = serde_json::from_slice(line).map_err(|_| not_a_history())?;
    if any.get("format").and_then(serde_json::Value::as_str) != Some(FORMAT) {
        return Err(not_a_history());
    }
    match any.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => read(line, "a header"),
        Some(version) => Err(format!("this is version {version} of the format; this build reads {VERSION}")),
        None => Err(format!("it says no version; expected \"version\":{VERSION}")),
    }
}

/// Puts a crossing at the end of a history, and gives back what it tells.
fn take(
    history: &mut History,
    line: CrossingLine,
    faults: usize,
    last_us: u64,
    words: &mut Words,
) -> Result<Vec<String>, String> {
    let id = history.next_id();
    if line.n != id.0 {
        return Err(format!("this is crossing {}; expected crossing {}", line.n, id.0));
    }
    if line.time_us < last_us {
        return Err(format!("it took place at {} us, before the one above it", line.time_us));
    }
    if let Some(cause) = line.causes.iter().find(|cause| **cause == 0 || **cause >= line.n) {
        return Err(format!("it follows from crossing {cause}, which doesn't come before it"));
    }
    if let Some(fault) = line.fault.filter(|fault| *fault == 0 || *fault > faults) {
        return Err(format!("fault {fault} struck; the header has {faults}"));
    }
    let address = address(line.at, words)?;
    if address.to_string() != line.address {
        return Err(format!("its parts are those of '{address}', not of '{}'", line.address));
    }
    let causes = line.causes.into_iter().map(CrossingId).collect();
    history.begin(line.time_us, address, causes, line.fault.map(|fault| fault - 1));
    let changes = line.changes.into_iter().flat_map(|(table, changes)| {
        let table = words.word(&table);
        changes.into_iter().map(move |line| change(table, line))
    });
    let record = Record {
        seen: Vec::new(),
        changes: changes.collect(),
        status: line.status,
        body: line.body.map(Into::into),
        failed: line.failed,
    };
    history.end(id, record);
    Ok(line.told)
}

fn address(line: AddressLine, words: &mut Words) -> Result<Address, String> {
    if !SITES.iter().any(|prefix| line.site.starts_with(prefix)) {
        let prefixes: Vec<_> = SITES.iter().map(|prefix| format!("{prefix}*")).collect();
        return Err(format!("there is no site '{}'; expected one of {}", line.site, prefixes.join(", ")));
    }
    let phase = match line.phase {
        None => None,
        Some(word) => {
            let known = PHASES.into_iter().find(|phase| phase_word(*phase) == word);
            Some(known.ok_or_else(|| format!("there is no phase '{word}'"))?)
        }
    };
    Ok(Address {
        node: line.node.into(),
        task: line.task.into(),
        site: words.word(&line.site),
        peer: line.peer.map(Into::into),
        subject: line.subject.map(Into::into),
        n: line.nth,
        phase,
    })
}

fn change(table: &'static str, line: ChangeLine) -> Change {
    let parts: Vec<&dyn std::fmt::Display> =
        line.key.iter().map(|part| part as &dyn std::fmt::Display).collect();
    Change {
        table,
        key: Key::of(&parts),
        before: line.before.map(TextRow::of),
        after: line.after.map(TextRow::of),
    }
}

/// Sites and tables are words of the program elsewhere. Those of a file are kept for as long as it runs, each
/// once.
#[derive(Default)]
struct Words(BTreeMap<Box<str>, &'static str>);

impl Words {
    fn word(&mut self, word: &str) -> &'static str {
        if let Some(known) = self.0.get(word) {
            return known;
        }
        let kept: &'static str = Box::leak(word.into());
        self.0.insert(word.into(), kept);
        kept
    }
}
