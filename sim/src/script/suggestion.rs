//! What to say about a name that doesn't exist: the nearest one that does, or all of them.

/// More names than these are listed only if none of them is near.
const LIST_MAX: usize = 8;

/// What is wrong with an unknown name, and what was expected in its place.
pub(crate) fn unknown(noun: &str, name: &str, known: &[&str]) -> String {
    expected(&format!("there is no {noun} '{name}'"), name, known)
}

/// A complaint about a name, with what was expected in its place.
pub(super) fn expected(complaint: &str, name: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    match nearest(name, known) {
        Some(near) if known.len() == 1 || known.len() > LIST_MAX => {
            format!("{complaint}; did you mean '{near}'?")
        }
        Some(near) => format!("{complaint}; did you mean '{near}'? Expected one of {list}"),
        None if known.is_empty() => format!("{complaint}; there are none in this script"),
        None => format!("{complaint}; expected one of {list}"),
    }
}

/// The name most like this one, if one is so like it that a slip of the finger explains the difference.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known.iter().copied().filter(|other| is_near(name, other)).min_by_key(|other| distance(name, other))
}

/// Whether one name was meant for the other: one slip in four letters.
pub(crate) fn is_near(one: &str, other: &str) -> bool {
    distance(one, other) <= one.chars().count().max(other.chars().count()) / 4
}

/// The slips of a finger between two words: a letter more, less or another, or two exchanged.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_slips() {
        for (one, other, slips) in [("", "", 0), ("gw1", "gw2", 1), ("deplyo", "deploy", 1), ("", "abc", 3)] {
            assert_eq!(distance(one, other), slips, "{one} {other}");
        }
    }

    #[test]
    fn a_slip_is_answered_with_the_name_meant() {
        let known = ["deploy", "delete", "gateway", "platform"];
        assert!(unknown("command", "gatway", &known).contains("did you mean 'gateway'?"));
        assert!(unknown("command", "deplyo", &known).contains("did you mean 'deploy'?"));
        assert!(!unknown("command", "wait", &known).contains("did you mean"));
    }

    #[test]
    fn short_names_are_never_taken_for_slips() {
        assert_eq!(unknown("gateway", "gw2", &["gw1"]), "there is no gateway 'gw2'; expected one of gw1");
    }

    #[test]
    fn where_nothing_is_known_that_is_said() {
        assert!(unknown("gateway", "gw1", &[]).contains("none in this script"));
    }
}
