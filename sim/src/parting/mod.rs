//! Where two runs part: the first crossing that only one of them has, or that says something else.
//!
//! Latencies are drawn by hash of the seed and the address, so two runs under one seed are equal line by line
//! until something differs, whatever the difference between their plans is; there is nothing to align. What
//! comes after has two classes. Something else *happens*: a crossing, an answer, a row, a failure that the other
//! run doesn't have. Or the same happens at another time. The first of the former is where runs part; the latter
//! counts only if there is nothing else, since a delay by itself is no news to anybody.
//!
//! Faults are not compared, but what they did: a fault that struck and changed nothing leaves the runs equal.

mod bite;
mod pairs;
mod rest;
mod side;
mod wording;

use driftless_model::cx::{CrossingId, Phase};
use driftless_model::store::Change;
use serde::{Deserialize, Serialize};

use crate::history::Crossing;
use pairs::Pairs;

pub use bite::{Bite, Ending, bite, weigh};
pub use rest::{Rest, Thing};
pub use side::Side;
pub use wording::{Wording, named, spelled};

/// In what two runs differ at a crossing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Only the first run has it.
    OnlyInA,
    /// Only the second run has it.
    OnlyInB,
    /// It succeeds in one run and fails in the other, or fails for another reason.
    Failure,
    /// A frame or a call says something else, or is answered otherwise.
    Answer,
    /// It commits something else.
    Rows,
    /// It is the same, at another time, in another order, or following from something else.
    Time,
}

/// Where two runs part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// In what they differ there.
    pub difference: Difference,
    /// The crossing in the first run, if it has it.
    pub a: Option<CrossingId>,
    /// The crossing in the second run, if it has it.
    pub b: Option<CrossingId>,
    /// What the same work of the other run does in place of a crossing that only one has, if it goes on.
    pub instead: Option<CrossingId>,
    /// How many crossings both runs begin with, equal in everything, their time included.
    pub agreed: usize,
}

/// Where two runs part; none if they are equal.
pub fn first<'a>(a: impl Into<Side<'a>>, b: impl Into<Side<'a>>) -> Option<Parting> {
    let (a, b) = (a.into(), b.into());
    let (lines_a, lines_b) = (lines(&a), lines(&b));
    let agreed = agreed((&a, &lines_a), (&b, &lines_b));
    let pairs = Pairs::of(a.history, b.history);
    let in_a = lines_a.iter().map(|(at, crossing)| (*crossing, &pairs.of_a[*at]));
    let in_a = in_a.skip(agreed).find_map(|(crossing, other)| {
        let difference = match other.map(|other| &b.history.crossings()[other]) {
            None if a.only_goes_on(crossing, &b) => return None,
            None => Difference::OnlyInA,
            Some(other) => substance(&a, crossing, &b, other)?,
        };
        Some((crossing.at_us, difference, Some(crossing), other.map(|other| &b.history.crossings()[other])))
    });
    let in_b = lines_b.iter().map(|(at, crossing)| (*crossing, &pairs.of_b[*at]));
    let in_b = in_b.skip(agreed).find_map(|(crossing, other)| {
        let difference = match other.map(|other| &a.history.crossings()[other]) {
            None if b.only_goes_on(crossing, &a) => return None,
            None => Difference::OnlyInB,
            Some(other) => substance(&a, other, &b, crossing)?,
        };
        Some((crossing.at_us, difference, other.map(|other| &a.history.crossings()[other]), Some(crossing)))
    });
    // Whichever comes first on its own run's clock. At one instant the class decides, and then the first run.
    let first =
        [in_a, in_b].into_iter().flatten().min_by_key(|(at_us, difference, ..)| (*at_us, *difference));
    if let Some((_, difference, in_a, in_b)) = first {
        let instead = match (in_a, in_b) {
            (Some(only), None) => instead(&a, only, &pairs.of_a, &b),
            (None, Some(only)) => instead(&b, only, &pairs.of_b, &a),
            (Some(_), Some(_)) | (None, None) => None,
        };
        let id = |crossing: &Crossing| crossing.id;
        return Some(Parting { difference, a: in_a.map(id), b: in_b.map(id), instead, agreed });
    }
    let (next_a, next_b) = (lines_a.get(agreed), lines_b.get(agreed));
    (next_a.is_some() || next_b.is_some()).then(|| Parting {
        difference: Difference::Time,
        a: next_a.map(|(_, crossing)| crossing.id),
        b: match next_a {
            Some((at, _)) => pairs.of_a[*at].map(|other| b.history.crossings()[other].id),
            None => next_b.map(|(_, crossing)| crossing.id),
        },
        instead: None,
        agreed,
    })
}

/// The crossings of a run with their places, but for the lines that say that a fault begins or ends: what it did
/// is compared, not that it was there.
fn lines<'a>(side: &Side<'a>) -> Vec<(usize, &'a Crossing)> {
    let all = side.history.crossings().iter().enumerate();
    all.filter(|(_, crossing)| !crossing.address.site.starts_with("fault.")).collect()
}

/// How many crossings two runs begin with, equal in everything.
fn agreed(
    (a, lines_a): (&Side<'_>, &[(usize, &Crossing)]),
    (b, lines_b): (&Side<'_>, &[(usize, &Crossing)]),
) -> usize {
    let both = lines_a.iter().map(|(_, one)| *one).zip(lines_b.iter().map(|(_, other)| *other));
    let same = both.take_while(|(one, other)| {
        one.at_us == other.at_us
            && one.address == other.address
            && places(lines_a, one).eq(places(lines_b, other))
            && substance(a, one, b, other).is_none()
    });
    same.count()
}

/// Where the causes of a crossing stand among the lines of its run. A fault's own lines are none of them.
fn places<'a>(lines: &'a [(usize, &Crossing)], of: &'a Crossing) -> impl Iterator<Item = usize> + 'a {
    let place = |cause: &CrossingId| {
        let index = usize::try_from(cause.0).ok()?.checked_sub(1)?;
        lines.binary_search_by_key(&index, |(at, _)| *at).ok()
    };
    of.causes.iter().filter_map(place)
}

/// What happens otherwise at the same crossing of two runs, whatever the time.
fn substance(a: &Side<'_>, one: &Crossing, b: &Side<'_>, other: &Crossing) -> Option<Difference> {
    let drawn_counts = a.draws == b.draws;
    let (in_a, in_b) = (Wording { names: a.names, drawn_counts }, Wording { names: b.names, drawn_counts });
    let (one, other) = (&one.record, &other.record);
    let text = |wording: &Wording<'_>, text: &Option<String>| text.as_deref().map(|text| wording.text(text));
    if one.failed != other.failed && text(&in_a, &one.failed) != text(&in_b, &other.failed) {
        return Some(Difference::Failure);
    }
    let body = || in_a.body(one.body.as_ref()) != in_b.body(other.body.as_ref());
    if one.status != other.status || (one.body != other.body && body()) {
        return Some(Difference::Answer);
    }
    let differ =
        !same_rows(&one.changes, &other.changes) && in_a.rows(&one.changes) != in_b.rows(&other.changes);
    differ.then_some(Difference::Rows)
}

/// Whether two commits made the same of the same rows, to the letter.
fn same_rows(one: &[Change], other: &[Change]) -> bool {
    let same = |(one, other): (&Change, &Change)| {
        one.table == other.table
            && one.key == other.key
            && match (&one.after, &other.after) {
                (Some(one), Some(other)) => one.same(&**other),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// What the work of a crossing that only one run has goes on with in the other: there, what comes after the last
/// that both have.
fn instead(has: &Side<'_>, only: &Crossing, pairs: &[Option<usize>], lacks: &Side<'_>) -> Option<CrossingId> {
    // The moments at the other end of an exchange are called after the work that began it and are none of it.
    let is_work = |crossing: &&Crossing| {
        crossing.address.node == only.address.node
            && crossing.address.task == only.address.task
            && !matches!(crossing.address.phase, Some(Phase::Received | Phase::Answered))
    };
    let before = has.history.crossings().iter().zip(pairs).take_while(|(crossing, _)| crossing.id < only.id);
    let shared = before.filter(|(crossing, _)| is_work(crossing)).filter_map(|(_, pair)| *pair).max()?;
    let mut after = lacks.history.crossings().iter().skip(shared + 1);
    after.find(is_work).map(|crossing| crossing.id)
}
