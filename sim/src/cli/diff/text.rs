//! What was found, for people.

use std::fmt::Write;

use super::operand::Operand;
use super::said;
use super::{Compared, Parting};
use crate::causes;
use crate::explain::{self, seconds};
use crate::history::Crossing;
use crate::outcome::Verdict;
use crate::parting::{Bite, Difference};

/// How many things of the state at rest are printed.
const THINGS_MOST: usize = 20;

/// What was found.
pub fn of(compared: &Compared) -> String {
    let Compared { a, b, parting, bite } = compared;
    let mut text = format!("A  {}\nB  {}\n\n", a.name, b.name);
    match parting {
        None => equal(&mut text, a, b),
        Some(parting) => parted(&mut text, a, b, parting),
    }
    end(&mut text, a, b, *bite);
    text
}

fn equal(text: &mut String, a: &Operand, b: &Operand) {
    let crossings = a.side().history.crossings().len();
    let digests = match a.digest() == b.digest() {
        true => format!("their digest is {}", a.digest()),
        false => "their digests differ all the same, since faults by their place and nameless things are hashed too".into(),
    };
    // Writing to a string can't fail, here and below.
    let _ = writeln!(text, "They are equal in all of their {crossings} crossings; {digests}.");
}

fn parted(text: &mut String, a: &Operand, b: &Operand, parting: &Parting) {
    let history_a = a.side().history;
    match parting.agreed.checked_sub(1).and_then(|last| history_a.crossings().get(last)) {
        None => text.push_str("They differ from their first crossing on.\n"),
        Some(last) => {
            let (agreed, until) = (parting.agreed, seconds(last.at_us));
            let _ = match agreed {
                1 => writeln!(text, "Their first crossing is equal."),
                _ => writeln!(text, "Their first {agreed} crossings are equal, up to {until}."),
            };
        }
    }
    let in_a = parting.a.and_then(|id| history_a.get(id));
    let in_b = parting.b.and_then(|id| b.side().history.get(id));
    let next = in_a.or(in_b).is_none_or(|at| at.id.0 == parting.agreed as u64 + 1);
    if parting.difference != Difference::Time && !next {
        text.push_str("After them some happen at other times.\n");
    }
    match (in_a, in_b) {
        (Some(in_a), Some(in_b)) => in_both(text, (a, in_a), (b, in_b), parting.difference),
        (Some(only), None) => in_one(text, ("A", a, only), ("B", b), parting),
        (None, Some(only)) => in_one(text, ("B", b, only), ("A", a), parting),
        (None, None) => {}
    }
    if let Some((in_a, in_b)) = said::first_shown(a, b).filter(|_| parting.difference != Difference::Time) {
        text.push_str("\nWhat shows first:\n");
        for (which, shown) in [("A", in_a), ("B", in_b)] {
            let _ = match shown {
                Some((at_us, line)) => writeln!(text, "  {which} {:>10}  {line}", seconds(at_us)),
                None => writeln!(text, "  {which}          -  nothing more"),
            };
        }
    }
}

fn in_both(
    text: &mut String,
    (a, in_a): (&Operand, &Crossing),
    (b, in_b): (&Operand, &Crossing),
    what: Difference,
) {
    let words = match what {
        Difference::Time => "The same happens in both, at other times. The first is",
        Difference::Failure => "The first that fails in one of them, or fails otherwise, is",
        Difference::Answer => "The first that says something else is",
        Difference::Rows => "The first that changes other rows is",
        Difference::OnlyInA | Difference::OnlyInB => "The first is",
    };
    let _ = writeln!(text, "{words}\n    {}", in_a.address);
    let (said_a, said_b) = said::of_both((a, in_a), (b, in_b), what);
    for (which, crossing, said) in [("A", in_a, said_a), ("B", in_b, said_b)] {
        let mut when = seconds(crossing.at_us);
        for line in said {
            let _ = writeln!(text, "  {which} {when:>10}  {line}");
            when.clear();
        }
    }
    if what != Difference::Time {
        led(text, "", a, in_a);
    }
}

fn in_one(
    text: &mut String,
    (which, has, only): (&str, &Operand, &Crossing),
    (other, lacks): (&str, &Operand),
    parting: &Parting,
) {
    let when = seconds(only.at_us);
    let _ =
        writeln!(text, "The first that only one of them has is in {which}, at {when}:\n    {}", only.address);
    for line in has.telling()(only) {
        let _ = writeln!(text, "        {line}");
    }
    if let Some(instead) = parting.instead.and_then(|id| lacks.side().history.get(id)) {
        let when = seconds(instead.at_us);
        let _ =
            writeln!(text, "The same work goes on otherwise in {other}, at {when}:\n    {}", instead.address);
        for line in lacks.telling()(instead) {
            let _ = writeln!(text, "        {line}");
        }
    }
    led(text, &format!(" in {which}"), has, only);
}

/// What led to a crossing.
fn led(text: &mut String, which: &str, of: &Operand, crossing: &Crossing) {
    let history = of.side().history;
    let chain = causes::chain_of(history, crossing.id);
    let before: Vec<_> = chain.into_iter().filter(|id| *id != crossing.id).collect();
    if !before.is_empty() {
        let _ = write!(text, "What led there{which}:\n{}", explain::chain(history, &before, of.telling()));
    }
}

/// How the two end.
fn end(text: &mut String, a: &Operand, b: &Operand, bite: Bite) {
    let words = match bite {
        Bite::Nothing => return,
        Bite::Timing => "In the end nothing differs but times.",
        Bite::Path => "In the end they come to the same state, by another path.",
        Bite::State => "In the end their states differ; neither violates what the other holds.",
        Bite::Verdict => "In the end their verdicts differ.",
    };
    let _ = writeln!(text, "\n{words}");
    let (end_a, end_b) = (a.ending(), b.ending());
    for (property, verdict) in &end_a.verdicts {
        let other = end_b.verdicts.get(property);
        let other = other.copied().unwrap_or(Verdict::NotJudged);
        if *verdict != other {
            let _ = writeln!(text, "  {verdict} in A, {other} in B: {property}");
        } else if other == Verdict::Violated {
            let _ = writeln!(text, "  {verdict} in both: {property}");
        }
    }
    for (which, end) in [("A", end_a), ("B", end_b)] {
        let stall = end.stall.iter().map(|why| format!("does not come to rest: {why}"));
        let panics = end.panics.iter().map(|panic| format!("panicked: {panic}"));
        stall.chain(panics).for_each(|line| {
            let _ = writeln!(text, "  {which} {line}");
        });
    }
    let things = said::states(a, b);
    for line in things.iter().take(THINGS_MOST) {
        let _ = writeln!(text, "  {line}");
    }
    if let Some(more) = things.len().checked_sub(THINGS_MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more (--json has them all)");
    }
}
