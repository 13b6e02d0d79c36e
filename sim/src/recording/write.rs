//! From a run to the lines of a file.

use super::line::{CrossingLine, EndLine, Header};
use crate::history::Crossing;
use crate::outcome::Outcome;
use crate::parting::Ending;

/// The content of the file.
pub fn content(
    header: &Header,
    outcome: &Outcome,
    told: impl Fn(&Crossing) -> Vec<String>,
) -> serde_json::Result<Vec<u8>> {
    let mut content = serde_json::to_vec(header)?;
    content.push(b'\n');
    for crossing in outcome.evidence.history.crossings() {
        let line = CrossingLine::of(crossing, &outcome.evidence.names, told(crossing));
        serde_json::to_writer(&mut content, &line)?;
        content.push(b'\n');
    }
    let hash = blake3::hash(&content).to_hex().to_string();
    let end = EndLine { end: Ending::from(outcome), crossings: header.crossings, hash };
    serde_json::to_writer(&mut content, &end)?;
    content.push(b'\n');
    Ok(content)
}
