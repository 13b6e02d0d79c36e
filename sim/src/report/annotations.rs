//! A suite as annotations of hosted CI: lines that a page of changes shows beside the file they are about.
//!
//! The form is that of workflow commands, `::error file=F,line=L,title=T::MESSAGE`. A line feed would end the
//! command, so it is escaped, and in what stands before the message also what separates there.

use super::{Case, End, Suite};

/// A line for each case that isn't as it should be.
pub fn github(suite: &Suite) -> Vec<String> {
    suite.cases.iter().filter_map(|case| line(suite, case)).collect()
}

fn line(suite: &Suite, case: &Case) -> Option<String> {
    let trouble = match &case.end {
        End::Passed | End::Skipped(_) => return None,
        End::Failed(trouble) | End::Broken(trouble) => trouble,
    };
    let mut properties = Vec::new();
    if let Some(place) = &case.place {
        properties.push(format!("file={}", property(&place.file)));
        let numbers = [("line", place.line), ("col", place.column)];
        properties.extend(numbers.iter().filter_map(|(name, n)| n.map(|n| format!("{name}={n}"))));
    }
    let title = format!("driftless {}: {}", suite.name, case.name);
    properties.push(format!("title={}", property(&title)));
    let message = format!("{}\n{}", trouble.message, trouble.text());
    Some(format!("::error {}::{}", properties.join(","), data(&message)))
}

/// What stands behind the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Place, Trouble};

    fn case(place: Option<Place>, end: fn(Trouble) -> End) -> Case {
        let trouble = Trouble {
            kind: "k".into(),
            message: "50% of it\r\nis: wrong".into(),
            details: String::new(),
            again: "driftless run x".into(),
        };
        Case { name: "a,b: 1%".into(), group: "g".into(), place, took: None, end: end(trouble) }
    }

    #[test]
    fn what_would_end_or_part_a_command_is_escaped() {
        let place = Place { file: "c:\\a,b".into(), line: Some(7), column: Some(2) };
        let cases = vec![
            case(Some(place), End::Failed),
            case(None, End::Broken),
            case(None, |_| End::Passed),
            case(None, |_| End::Skipped("nobody asks".into())),
        ];
        let lines = github(&Suite { name: "run".into(), cases });
        assert_eq!(
            lines,
            [
                "::error file=c%3A\\a%2Cb,line=7,col=2,title=driftless run%3A a%2Cb%3A 1%25::50%25 of it%0D%0Ais: wrong%0Aagain: driftless run x",
                "::error title=driftless run%3A a%2Cb%3A 1%25::50%25 of it%0D%0Ais: wrong%0Aagain: driftless run x",
            ]
        );
    }
}
