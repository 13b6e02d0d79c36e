//! What two runs say differently, put side by side: of one crossing, of the whole story, of the state at rest.

use super::operand::Operand;
use crate::history::Crossing;
use crate::parting::{Difference, Thing, Wording};

/// How much of a long text is shown.
const SHOWN_MOST: usize = 120;
/// How much of what both say is shown before the place where they differ.
const BEFORE: usize = 40;

/// What either run says of the same crossing, as far as it explains how they differ.
pub fn of_both(
    (a, in_a): (&Operand, &Crossing),
    (b, in_b): (&Operand, &Crossing),
    what: Difference,
) -> (Vec<String>, Vec<String>) {
    let (side_a, side_b) = (a.side(), b.side());
    let drawn_counts = side_a.draws == side_b.draws;
    let wording_a = Wording { names: side_a.names, drawn_counts };
    let wording_b = Wording { names: side_b.names, drawn_counts };
    let (said_a, said_b) = match what {
        Difference::Failure => (failure(in_a), failure(in_b)),
        Difference::Answer if in_a.record.status != in_b.record.status => (status(in_a), status(in_b)),
        Difference::Answer => {
            let body = |wording: &Wording<'_>, of: &Crossing| wording.body(of.record.body.as_ref());
            side_by_side(body(&wording_a, in_a).as_slice(), body(&wording_b, in_b).as_slice())
        }
        Difference::Rows => {
            side_by_side(&wording_a.rows(&in_a.record.changes), &wording_b.rows(&in_b.record.changes))
        }
        Difference::Time => (microseconds(in_a), microseconds(in_b)),
        Difference::OnlyInA | Difference::OnlyInB => (Vec::new(), Vec::new()),
    };
    // In the words of the domain, where they are others; by the letter in any case.
    let (told_a, told_b) = (a.telling()(in_a), b.telling()(in_b));
    let differs = what != Difference::Time && told_a != told_b;
    let with = |told: Vec<String>, said| told.into_iter().filter(|_| differs).chain(said).collect();
    (with(told_a, said_a), with(told_b, said_b))
}

fn microseconds(of: &Crossing) -> Vec<String> {
    vec![format!("{} us", of.at_us)]
}

fn failure(of: &Crossing) -> Vec<String> {
    let failed = of.record.failed.as_ref();
    vec![failed.map_or_else(|| "succeeds".into(), |why| format!("fails: {why}"))]
}

fn status(of: &Crossing) -> Vec<String> {
    vec![of.record.status.map_or_else(|| "no status".into(), |status| format!("status {status}"))]
}

/// Of two lists of texts what the other hasn't, each from shortly before where they first differ.
fn side_by_side(a: &[String], b: &[String]) -> (Vec<String>, Vec<String>) {
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|text| !those.contains(text)).cloned().collect::<Vec<_>>()
    };
    let (a, b) = (only(a, b), only(b, a));
    let shown = |these: &[String], those: &[String]| {
        let clipped = these.iter().enumerate().map(|(at, text)| clip(text, those.get(at)));
        let clipped: Vec<String> = clipped.collect();
        if clipped.is_empty() { vec!["nothing".to_owned()] } else { clipped }
    };
    (shown(&a, &b), shown(&b, &a))
}

/// A part of a text, from shortly before where it differs from another.
fn clip(text: &str, other: Option<&String>) -> String {
    let alike = other.map_or(0, |other| text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count());
    let skipped = if text.chars().count() <= SHOWN_MOST { 0 } else { alike.saturating_sub(BEFORE) };
    let mut shown: String = text.chars().skip(skipped).take(SHOWN_MOST).collect();
    if skipped > 0 {
        shown.insert_str(0, "...");
    }
    if text.chars().count() > skipped + SHOWN_MOST {
        shown.push_str("...");
    }
    shown
}

/// A line of the story, and when.
type Line = (u64, String);

/// The first line of the story in which two runs differ, in either; none if their stories are the same.
pub fn first_shown(a: &Operand, b: &Operand) -> Option<(Option<Line>, Option<Line>)> {
    let (a, b) = (story(a), story(b));
    let at = a.iter().zip(&b).take_while(|((_, a), (_, b))| a == b).count();
    let (a, b) = (a.get(at).cloned(), b.get(at).cloned());
    (a.is_some() || b.is_some()).then_some((a, b))
}

fn story(of: &Operand) -> Vec<Line> {
    let told = of.telling();
    let crossings = of.side().history.crossings().iter();
    crossings.flat_map(|crossing| told(crossing).into_iter().map(|line| (crossing.at_us, line))).collect()
}

/// What of the state at rest differs: each thing with what it is in either.
pub fn things(a: &Operand, b: &Operand) -> Vec<(Thing, Option<Vec<String>>, Option<Vec<String>>)> {
    let (rest_a, rest_b) = (&a.ending().rest, &b.ending().rest);
    if a.side().draws == b.side().draws {
        rest_a.differences(rest_b)
    } else {
        rest_a.undrawn().differences(&rest_b.undrawn())
    }
}

/// The same in lines.
pub fn states(a: &Operand, b: &Operand) -> Vec<String> {
    let line = |(thing, a, b): &(Thing, Option<Vec<String>>, Option<Vec<String>>)| {
        let what = format!("{} {} {}", thing.node, thing.place, thing.key);
        let fields = |fields: &[String]| clip(&fields.join(", "), None);
        match (a, b) {
            (Some(_), None) => format!("only in A: {what}"),
            (None, Some(_)) => format!("only in B: {what}"),
            (Some(a), Some(b)) => format!("{what}: {} in A, {} in B", fields(a), fields(b)),
            (None, None) => what,
        }
    };
    things(a, b).iter().map(line).collect()
}
