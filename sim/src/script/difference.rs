//! The difference of two transcripts, line by line, for people to read.

use std::fmt::Write;

/// Equal lines shown on either side of a difference.
const CONTEXT: usize = 2;

/// What became of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Edit<'a> {
    Kept(&'a str),
    Missing(&'a str),
    Added(&'a str),
}

/// Shows how a text differs from the expected one; nothing if it doesn't. Kinds of line ends don't count.
///
/// Lines marked `-` were expected, lines marked `+` came instead, and a number is that of the expected line.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    let edits = edits(&expected.lines().collect::<Vec<_>>(), &actual.lines().collect::<Vec<_>>());
    let changed: Vec<_> = (0..edits.len()).filter(|index| !matches!(edits[*index], Edit::Kept(_))).collect();
    if changed.is_empty() {
        return None;
    }
    let near = |index: usize| changed.iter().any(|change| change.abs_diff(index) <= CONTEXT);
    let width = edits.len().to_string().len();
    let (mut shown, mut number, mut gap) = (String::new(), 0, false);
    for (index, edit) in edits.iter().enumerate() {
        number += usize::from(!matches!(edit, Edit::Added(_)));
        if !near(index) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            shown.push_str("...\n");
        }
        // Writing to a String doesn't fail.
        let _ = match edit {
            Edit::Kept(line) => writeln!(shown, "{number:width$}   {line}"),
            Edit::Missing(line) => writeln!(shown, "{number:width$} - {line}"),
            Edit::Added(line) => writeln!(shown, "{:width$} + {line}", ""),
        };
    }
    Some(shown)
}

/// The fewest lines taken away and put in that lead from one text to the other.
fn edits<'a>(expected: &[&'a str], actual: &[&'a str]) -> Vec<Edit<'a>> {
    let start = expected.iter().zip(actual).take_while(|(one, other)| one == other).count();
    let (kept, expected, actual) = (&expected[..start], &expected[start..], &actual[start..]);
    let common = common(expected, actual);
    let (mut i, mut j) = (0, 0);
    let mut edits: Vec<_> = kept.iter().map(|line| Edit::Kept(line)).collect();
    while i < expected.len() || j < actual.len() {
        if i < expected.len() && j < actual.len() && expected[i] == actual[j] {
            edits.push(Edit::Kept(expected[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == actual.len() || (i < expected.len() && common[i + 1][j] >= common[i][j + 1]) {
            edits.push(Edit::Missing(expected[i]));
            i += 1;
        } else {
            edits.push(Edit::Added(actual[j]));
            j += 1;
        }
    }
    edits
}

/// How many lines two texts have in common, from each pair of lines on.
fn common(expected: &[&str], actual: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; actual.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..actual.len()).rev() {
            common[i][j] = match expected[i] == actual[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(difference("a\nb\n", "a\r\nb"), None);
    }

    #[test]
    fn a_difference_is_shown_among_its_neighbours() {
        let expected = "1\n2\n3\n4\n200\n6\n7\n8\n9\n";
        let shown = difference(expected, &expected.replace("200", "404")).expect("they differ");
        assert_eq!(shown, "...\n 3   3\n 4   4\n 5 - 200\n   + 404\n 6   6\n 7   7\n");
    }

    #[test]
    fn lines_that_came_or_went_are_told_from_those_that_stayed() {
        assert_eq!(
            difference("a\nb\nc\n", "a\nc\nd\n").expect("they differ"),
            "1   a\n2 - b\n3   c\n  + d\n"
        );
    }
}
