//! A suite as JUnit's XML, in the form that Jenkins reads, and after it everybody else.
//!
//! What was judged and is wrong is a `failure`, what could not be judged an `error`. Nothing says when it was
//! written: the same results give the same file, but for the times that were measured.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Case, End, Suite, Trouble};

/// The file's content.
///
/// # Errors
/// When the writer of XML fails.
pub fn xml(suite: &Suite) -> Result<String, SerializeError> {
    let mut cases = TestSuite::new(&*suite.name);
    cases.add_test_cases(suite.cases.iter().map(test_case));
    let took = suite.cases.iter().filter_map(|case| case.took);
    if let Some(took) = took.reduce(|sum, took| sum + took) {
        cases.set_time(took);
    }
    let mut report = Report::new("driftless");
    report.add_test_suite(cases);
    report.to_string()
}

fn test_case(case: &Case) -> TestCase {
    let mut test = TestCase::new(&*case.name, status(&case.end));
    test.set_classname(&*case.group);
    if let Some(took) = case.took {
        test.set_time(took);
    }
    if let Some(place) = &case.place {
        test.extra.insert("file".into(), (&*place.file).into());
        if let Some(line) = place.line {
            test.extra.insert("line".into(), line.to_string().into());
        }
    }
    test
}

fn status(end: &End) -> TestCaseStatus {
    match end {
        End::Passed => TestCaseStatus::success(),
        End::Failed(trouble) => non_success(NonSuccessKind::Failure, trouble),
        End::Broken(trouble) => non_success(NonSuccessKind::Error, trouble),
        End::Skipped(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(&**why);
            status
        }
    }
}

fn non_success(kind: NonSuccessKind, trouble: &Trouble) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(&*trouble.kind).set_message(&*trouble.message).set_description(trouble.text());
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Place;

    #[test]
    fn what_can_not_stand_in_xml_does_not() {
        let trouble = Trouble {
            kind: "a<b".into(),
            message: "\"quoted\" & <tagged>\nand more".into(),
            details: "bell \u{7} and ]]> end".into(),
            again: "driftless run 'a b' && true".into(),
        };
        let case = Case {
            name: "x".into(),
            group: "g".into(),
            place: Some(Place::of("dir/a&b", Some(3))),
            took: None,
            end: End::Broken(trouble),
        };
        let written = xml(&Suite { name: "run".into(), cases: vec![case] }).expect("it is written");
        let read = Report::deserialize_from_str(&written).expect("it is read again");
        let suite = &read.test_suites[0];
        assert_eq!((suite.tests, suite.errors, suite.failures), (1, 1, 0));
        let test = &suite.test_cases[0];
        assert_eq!(test.extra.get("file").map(quick_junit::XmlString::as_str), Some("dir/a&b"));
        let TestCaseStatus::NonSuccess { message, description, .. } = &test.status else {
            panic!("it is an error")
        };
        assert!(message.as_deref().is_some_and(|message| message.starts_with("\"quoted\" & <tagged>")));
        let description = description.as_deref().expect("it has one");
        assert_eq!(description.trim(), "bell  and ]]> end\n\nagain: driftless run 'a b' && true");
    }
}
