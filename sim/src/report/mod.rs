//! What a command found, for machines that show the results of tests: suites of cases, each with how it ended.
//!
//! Every command that judges many things fills in the same plain structure, and knows nothing of the forms it is
//! given out in: [`junit`] for whatever reads JUnit's XML, [`annotations`] for the pages of hosted CI. The command
//! that shows a case again belongs to the case, so that no form can leave it out.
//!
//! Not here: what the cases are, which is for each command to say, and `--json`, which says more and of each
//! command something else (docs/machines.md).

pub mod annotations;
pub mod junit;

use std::time::Duration;

/// What one command found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suite {
    /// The command, such as `run`.
    pub name: String,
    /// What it judged.
    pub cases: Vec<Case>,
}

/// One thing that was judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// What it is called among the others of its group.
    pub name: String,
    /// What it belongs to, such as a script with several cases.
    pub group: String,
    /// Where in a file it is, if it is in one.
    pub place: Option<Place>,
    /// How long it took on the wall, where that was measured.
    pub took: Option<Duration>,
    /// How it ended.
    pub end: End,
}

/// A place in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// How a case ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// It is as it should be.
    Passed,
    /// It was judged, and it isn't.
    Failed(Trouble),
    /// It could not be judged.
    Broken(Trouble),
    /// Nothing was asked of it, and why.
    Skipped(String),
}

/// What is wrong with a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// Of which kind it is, in a word or a name.
    pub kind: String,
    /// In one line.
    pub message: String,
    /// The rest, for whoever looks into it.
    pub details: String,
    /// The command that shows it again.
    pub again: String,
}

impl Trouble {
    /// What there is to read about it: the details, and last the command.
    pub fn text(&self) -> String {
        match self.details.trim_end() {
            "" => format!("again: {}", self.again),
            details => format!("{details}\n\nagain: {}", self.again),
        }
    }
}

impl Suite {
    /// A command's suite.
    pub fn of(name: &str, cases: Vec<Case>) -> Self {
        Suite { name: name.to_owned(), cases }
    }
}

impl Case {
    /// A case that is in no file.
    pub fn unplaced(name: String, group: &str, end: End) -> Self {
        Case { name, group: group.to_owned(), place: None, took: None, end }
    }

    /// A script's case, in the group of its folder. `options` are what was changed about it, each after a space.
    pub fn of_script(script: &str, options: &str, end: End) -> Self {
        let (folder, file) = script.rsplit_once('/').unwrap_or((".", script));
        Case {
            name: format!("{file}{options}"),
            group: folder.to_owned(),
            place: Some(Place::of(script, None)),
            took: None,
            end,
        }
    }
}

impl Place {
    /// Somewhere in a file.
    pub fn of(file: &str, line: Option<usize>) -> Self {
        Place { file: file.to_owned(), line, column: None }
    }
}
