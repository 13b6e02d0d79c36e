//! What is wrong with a script, where, and what was expected there.
//!
//! A reader of a script finds [`Mistake`]s; with the file's name and the line they are about they become
//! [`ScriptError`]s. All of them are reported in one go, in the order of the script.

use std::fmt;

use super::cursor::Place;

/// Something wrong at a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Mistake {
    pub(super) at: Place,
    pub(super) message: String,
}

impl Mistake {
    pub(super) fn at(at: Place, message: impl Into<String>) -> Self {
        Mistake { at, message: message.into() }
    }
}

/// A mistake in a script, for people to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// The script's file, as it was named.
    pub file: String,
    /// The line, from 1; none where the mistake is the whole file's.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// What is wrong, and what was expected.
    pub message: String,
    /// The line as it stands in the file.
    pub excerpt: Option<String>,
}

impl ScriptError {
    /// A mistake that no line is to blame for, such as a file that can't be read.
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        ScriptError {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            excerpt: None,
        }
    }

    /// The errors that stand for mistakes in a text, in its order.
    pub(super) fn all(file: &str, text: &str, mut mistakes: Vec<Mistake>) -> Vec<ScriptError> {
        mistakes.sort();
        mistakes.dedup();
        let line = |at: Place| text.lines().nth(at.line - 1).filter(|line| !line.is_empty());
        mistakes
            .into_iter()
            .map(|Mistake { at, message }| ScriptError {
                file: file.to_owned(),
                line: Some(at.line),
                column: Some(at.column),
                message,
                excerpt: line(at).map(str::to_owned),
            })
            .collect()
    }
}

impl std::error::Error for ScriptError {}

impl fmt::Display for ScriptError {
    /// `file:line:column: message`, then the line with a caret under the column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        write!(f, ": {}", self.message)?;
        let (Some(line), Some(column), Some(excerpt)) = (self.line, self.column, &self.excerpt) else {
            return Ok(());
        };
        // Tabs stay tabs, so that the caret stands where the eye expects it.
        let before = excerpt.chars().chain(std::iter::repeat(' ')).take(column - 1);
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let number = line.to_string();
        write!(f, "\n  {number} | {excerpt}\n  {} | {indent}^", " ".repeat(number.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_the_line_with_a_caret() {
        let text = "format 1\nplatform\ndeploy petstore\tgw2\n";
        let mistake = Mistake::at(Place { line: 3, column: 17 }, "there is no gateway 'gw2'");
        let errors = ScriptError::all("scenarios/x", text, vec![mistake]);
        let shown = errors[0].to_string();
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines[0], "scenarios/x:3:17: there is no gateway 'gw2'");
        assert_eq!(lines[1], "  3 | deploy petstore\tgw2");
        assert_eq!(lines[2], "    |                \t^");
    }

    #[test]
    fn an_error_of_the_whole_file_shows_no_line() {
        assert_eq!(ScriptError::of_file("x", "can't be read").to_string(), "x: can't be read");
    }

    #[test]
    fn mistakes_come_in_the_order_of_the_text_and_once() {
        let at = |line| Mistake::at(Place { line, column: 1 }, "wrong");
        let errors = ScriptError::all("x", "a\nb\n", vec![at(2), at(1), at(2)]);
        assert_eq!(errors.iter().map(|e| e.line).collect::<Vec<_>>(), [Some(1), Some(2)]);
    }
}
