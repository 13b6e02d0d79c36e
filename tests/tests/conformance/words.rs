//! What a case calls things: `$(petstore)` where something is sent or expected, and `<uuid7 as d1>` where it is
//! first seen.
//!
//! An expected text or JSON value is a pattern. It says everything: an object has these members and no others,
//! a list these elements in this order. Where a value can't be known beforehand its *form* is given between
//! angle brackets, and `as NAME` keeps it for later.

use std::collections::BTreeMap;

use driftless_model::wire::time;
use serde_json::Value;
use uuid::Uuid;

/// The values of a case's names.
#[derive(Clone, Default, Debug)]
pub struct Words(BTreeMap<String, String>);

/// The first element of a list whose order says nothing.
const IN_ANY_ORDER: &str = "<in any order>";

impl Words {
    /// Gives a name its value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or_else(|| format!("the case knows no $({name})"))
    }

    /// The text with every `$(name)` replaced by its value, which may itself speak of others.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("$(") {
            let (name, behind) =
                after.split_once(')').ok_or_else(|| format!("no end of a name in {text}"))?;
            filled.push_str(before);
            filled.push_str(&self.fill(self.get(name)?)?);
            rest = behind;
        }
        Ok(filled + rest)
    }

    /// Whether a value is as the pattern has it; the pattern is JSON after its names are filled in.
    pub fn meet_json(&mut self, pattern: &str, value: &Value) -> Result<(), String> {
        let filled = self.fill(pattern)?;
        let pattern =
            serde_json::from_str(&filled).map_err(|e| format!("the case's own JSON: {e}: {filled}"))?;
        self.meet(&pattern, value).map_err(|why| format!("{why}; all of it: {value}"))
    }

    /// Whether a text is as the pattern has it.
    pub fn meet_text(&mut self, pattern: &str, text: &str) -> Result<(), String> {
        let pattern = Value::String(self.fill(pattern)?);
        self.meet(&pattern, &Value::String(text.to_owned()))
    }

    /// Whether the words of a line are as the pattern has them, one by one.
    pub fn meet_line(&mut self, pattern: &str, line: &str) -> Result<(), String> {
        let filled = self.fill(pattern)?;
        let words: Vec<_> = line.split(' ').collect();
        let patterns = patterns_of(&filled);
        if patterns.len() != words.len() {
            return Err(format!("expected '{filled}', saw '{line}'"));
        }
        for (pattern, word) in patterns.into_iter().zip(words) {
            self.meet_text(&pattern, word).map_err(|why| format!("{why} in '{line}'"))?;
        }
        Ok(())
    }

    fn meet(&mut self, pattern: &Value, value: &Value) -> Result<(), String> {
        match (pattern, value) {
            (Value::String(form), value) if form.starts_with('<') && form.ends_with('>') => {
                self.meet_form(&form[1..form.len() - 1], value)
            }
            (Value::Object(wanted), Value::Object(given)) => {
                let names = |of: &serde_json::Map<String, Value>| {
                    let mut names: Vec<_> = of.keys().cloned().collect();
                    names.sort();
                    names
                };
                if names(wanted) != names(given) {
                    return Err(format!("expected the members {:?}, saw {:?}", names(wanted), names(given)));
                }
                wanted.iter().try_for_each(|(name, pattern)| {
                    self.meet(pattern, &given[name]).map_err(|why| format!("{name}: {why}"))
                })
            }
            (Value::Array(wanted), Value::Array(given)) => match wanted.split_first() {
                Some((Value::String(first), wanted)) if first == IN_ANY_ORDER => {
                    self.meet_in_any_order(wanted, given)
                }
                _ => self.meet_in_order(wanted, given),
            },
            (pattern, value) if pattern == value => Ok(()),
            (pattern, value) => Err(format!("expected {pattern}, saw {value}")),
        }
    }

    fn meet_in_order(&mut self, wanted: &[Value], given: &[Value]) -> Result<(), String> {
        if wanted.len() != given.len() {
            return Err(format!("expected {} elements, saw {}", wanted.len(), given.len()));
        }
        wanted.iter().zip(given).try_for_each(|(pattern, value)| self.meet(pattern, value))
    }

    fn meet_in_any_order(&mut self, wanted: &[Value], given: &[Value]) -> Result<(), String> {
        let mut left: Vec<&Value> = given.iter().collect();
        for pattern in wanted {
            let found = left.iter().position(|value| self.clone().meet(pattern, value).is_ok());
            let found = found.ok_or_else(|| format!("no element is {pattern}"))?;
            self.meet(pattern, left.remove(found))?;
        }
        if left.is_empty() { Ok(()) } else { Err(format!("more elements than expected: {left:?}")) }
    }

    fn meet_form(&mut self, form: &str, value: &Value) -> Result<(), String> {
        let (form, name) = match form.split_once(" as ") {
            Some((form, name)) => (form, Some(name)),
            None => (form, None),
        };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if !has_form(form, value) {
            return Err(format!("expected <{form}>, saw {value}"));
        }
        if let Some(name) = name {
            if let Some(at) = time::parse(&text) {
                self.set_in_india(name, at);
            }
            self.set(&format!("{name} in capitals"), text.to_uppercase());
            self.set(name, text);
        }
        Ok(())
    }

    /// Gives the same instant as clocks in India and in UTC show it, and what clocks in India show when they
    /// read the same.
    fn set_in_india(&mut self, name: &str, at: time::Instant) {
        let utc = chrono::FixedOffset::east_opt(0).expect("less than a day");
        let india = chrono::FixedOffset::east_opt(19_800).expect("less than a day");
        self.set(&format!("{name} in India"), time::nanos(&at.with_timezone(&india)));
        self.set(&format!("{name} in UTC"), time::nanos(&at.with_timezone(&utc)));
        let read = at.naive_local().and_local_timezone(india).single().expect("an offset has no gaps");
        self.set(&format!("{name} read in India"), time::nanos(&read));
    }
}

/// The words of a line; a form between angle brackets is one.
fn patterns_of(line: &str) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match patterns.last_mut() {
            Some(open) if open.starts_with('<') && !open.ends_with('>') => *open = format!("{open} {word}"),
            _ => patterns.push(word.to_owned()),
        }
    }
    patterns
}

fn has_form(form: &str, value: &Value) -> bool {
    if form == "any" {
        return true;
    }
    let Some(text) = value.as_str() else { return false };
    let is_uuid = |version| {
        let parsed = text.parse::<Uuid>().ok();
        parsed.is_some_and(|id| id.to_string() == text && id.get_version_num() == version)
    };
    let all = |length: usize, allowed: fn(char) -> bool| text.len() == length && text.chars().all(allowed);
    match form {
        "text" => !text.is_empty(),
        "uuid4" => is_uuid(4),
        "uuid7" => is_uuid(7),
        "seconds" => digits_of_a_second(text) == Some(0),
        "millis" => digits_of_a_second(text).is_some_and(|digits| digits <= 3),
        "finer" => digits_of_a_second(text).is_some_and(|digits| digits > 3),
        "nanos" => digits_of_a_second(text).is_some_and(|digits| digits <= 9),
        "hex64" => all(64, |c| c.is_ascii_digit() || ('a'..='f').contains(&c)),
        "secret" => all(43, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
        _ => false,
    }
}

/// How many digits of the second an instant in RFC 3339 has; none if it isn't one, or ends in a zero that Go
/// would have trimmed.
fn digits_of_a_second(text: &str) -> Option<usize> {
    time::parse(text)?;
    let behind = text.get("2026-01-01T00:00:00".len()..)?;
    let Some(fraction) = behind.strip_prefix('.') else { return Some(0) };
    let digits = fraction.trim_end_matches('Z').split(['+', '-']).next()?;
    (!digits.ends_with('0')).then_some(digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn meets(pattern: &str, value: Value) -> bool {
        let mut words = Words::default();
        words.set("one", "1");
        words.meet_json(pattern, &value).is_ok()
    }

    #[test]
    fn a_pattern_says_everything() {
        assert!(meets(r#"{"a":"$(one)"}"#, json!({ "a": "1" })));
        assert!(!meets(r#"{"a":"$(one)"}"#, json!({ "a": "1", "b": null })));
        assert!(!meets(r#"{"a":"1","b":null}"#, json!({ "a": "1" })));
        assert!(!meets(r#"["1","2"]"#, json!(["2", "1"])));
        assert!(meets(r#"["<in any order>","1","2"]"#, json!(["2", "1"])));
        assert!(!meets(r#"["<in any order>","1"]"#, json!(["1", "1"])));
        assert!(!meets(r#"{"a":1}"#, json!({ "a": "1" })));
    }

    #[test]
    fn forms_are_exact() {
        let good = ["2026-01-01T00:00:00.12Z", "2026-01-01T00:00:00+05:30"];
        assert!(good.iter().all(|at| has_form("millis", &json!(at))));
        let bad = ["2026-01-01T00:00:00.120Z", "2026-01-01T00:00:00.1234Z", "2026-01-01"];
        assert!(!bad.iter().any(|at| has_form("millis", &json!(at))));
        assert!(!has_form("seconds", &json!("2026-01-01T00:00:00.1Z")));
        assert!(!has_form("uuid7", &json!("00000000-0000-4000-8000-000000000001")));
        assert!(!has_form("no such form", &json!("x")));
    }
}
