//! Bodies of answers as they are altered on the way: damaged, short of a member, with empty lists.
//!
//! A body is JSON or an archive; what else there may be stays as it is. Each way to alter one says none where
//! nothing comes of it.

use bytes::Bytes;
use driftless_model::wire::archive;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fault::values::Damage;

/// A page that a proxy might show to a person.
const PAGE: &[u8] = b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>";

/// A body that can't be read any more.
pub(crate) fn damaged(body: &Bytes, damage: Damage) -> Option<Bytes> {
    // An answer without a body has nothing to lose.
    if body.is_empty() {
        return None;
    }
    Some(match damage {
        Damage::Empty => Bytes::new(),
        Damage::Truncated => body.slice(..body.len() / 2),
        Damage::NotJson => Bytes::from_static(PAGE),
        Damage::WrongShape => {
            let other = match serde_json::from_slice(body) {
                Ok(Value::Object(object)) => json!([object]),
                Ok(list) => json!({ "items": list }),
                Err(_) => json!({ "items": [] }),
            };
            other.to_string().into()
        }
    })
}

/// A body without what is about a thing that goes by any of these names: each smallest list element that
/// mentions it, each entry of an object under its name, each file of an archive with its identifier in the path.
pub(crate) fn without(body: &Bytes, called: &[String]) -> Option<Bytes> {
    let is_it = |text: &str| called.iter().any(|name| name == text);
    // Files are named after identifiers, and a short handle may be part of any path.
    let of_it =
        |path: &str| called.iter().any(|name| Uuid::try_parse(name).is_ok() && path.contains(name.as_str()));
    altered(body, of_it, |value| {
        // What mentions it outside of any list goes by itself.
        if omit(value, &is_it) {
            omit_entries(value, &is_it);
        }
    })
}

/// A body in which every list is empty.
pub(crate) fn emptied(body: &Bytes) -> Option<Bytes> {
    altered(body, |_| true, empty)
}

/// A body without these files if it is an archive, or else altered as JSON; none if it stays what it was.
fn altered(body: &Bytes, goes: impl Fn(&str) -> bool, alter: impl FnOnce(&mut Value)) -> Option<Bytes> {
    if let Some(fewer) = archive::without(body, goes) {
        return Some(fewer.into()).filter(|fewer| fewer != body);
    }
    let value: Value = serde_json::from_slice(body).ok()?;
    let mut other = value.clone();
    alter(&mut other);
    (other != value).then(|| other.to_string().into())
}

/// Takes out the list elements and entries that are about it. Says whether the value mentions it beside those.
fn omit(value: &mut Value, is_it: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => is_it(text),
        Value::Array(elements) => {
            elements.retain_mut(|element| !omit(element, is_it));
            false
        }
        Value::Object(entries) => {
            entries.retain(|key, _| !is_it(key));
            // The rest needs no look: what mentions it goes as a whole, or entry by entry.
            entries.values_mut().any(|value| omit(value, is_it))
        }
    }
}

/// Takes out the smallest entries that mention it.
fn omit_entries(value: &mut Value, is_it: &impl Fn(&str) -> bool) {
    if let Value::Object(entries) = value {
        entries.retain(|_, value| {
            omit_entries(value, is_it);
            !omit(value, is_it)
        });
    }
}

fn empty(value: &mut Value) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        Value::Array(elements) => elements.clear(),
        Value::Object(entries) => entries.values_mut().for_each(empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: Option<Bytes>) -> Option<String> {
        body.map(|body| String::from_utf8_lossy(&body).into_owned())
    }

    fn cases(alter: impl Fn(&Bytes) -> Option<Bytes>, cases: &[(&'static str, Option<&str>)]) {
        for (body, expected) in cases {
            let altered = text(alter(&Bytes::from_static(body.as_bytes())));
            assert_eq!(altered.as_deref(), *expected, "{body}");
        }
    }

    #[test]
    fn a_damaged_body_is_empty_half_a_page_or_of_another_shape() {
        let damaged = |damage| move |body: &Bytes| damaged(body, damage);
        cases(damaged(Damage::Empty), &[("[1]", Some("")), ("", None)]);
        cases(damaged(Damage::Truncated), &[(r#"{"a":[1,2]}"#, Some(r#"{"a":"#)), ("", None)]);
        cases(damaged(Damage::NotJson), &[("[1]", Some(std::str::from_utf8(PAGE).unwrap())), ("", None)]);
        let shapes = [
            (r#"{"a":1}"#, Some(r#"[{"a":1}]"#)),
            ("[1]", Some(r#"{"items":[1]}"#)),
            ("no JSON", Some(r#"{"items":[]}"#)),
            ("", None),
        ];
        cases(damaged(Damage::WrongShape), &shapes);
    }

    #[test]
    fn what_is_omitted_is_the_smallest_list_element_or_entry_about_it() {
        let called = ["it".to_owned()];
        let bodies = [
            (r#"["it","that"]"#, Some(r#"["that"]"#)),
            (r#"{"all":[{"id":"it","n":1},{"id":"that"}]}"#, Some(r#"{"all":[{"id":"that"}]}"#)),
            // Of a list within a list only the inner element is about it.
            (r#"[{"id":"that","has":["it",1]}]"#, Some(r#"[{"has":[1],"id":"that"}]"#)),
            (r#"[{"id":"that","by":{"who":"it"}}]"#, Some("[]")),
            (r#"{"it":{"n":1},"that":{}}"#, Some(r#"{"that":{}}"#)),
            // In no list at all.
            (r#"{"id":"it","n":1}"#, Some(r#"{"n":1}"#)),
            (r#"{"of":{"id":"it","n":1}}"#, Some(r#"{"of":{"n":1}}"#)),
            (r#"["item"]"#, None),
            (r#"[]"#, None),
            ("no JSON", None),
        ];
        cases(|body| without(body, &called), &bodies);
    }

    #[test]
    fn every_list_is_emptied() {
        let bodies = [
            ("[1,2]", Some("[]")),
            (r#"{"a":[1],"b":{"c":[[2]],"d":3}}"#, Some(r#"{"a":[],"b":{"c":[],"d":3}}"#)),
            (r#"{"a":[]}"#, None),
            (r#"{"a":1}"#, None),
            ("no JSON", None),
        ];
        cases(emptied, &bodies);
    }

    #[test]
    fn an_archive_loses_files() {
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let entry = |id: Uuid| (id, format!("api-{id}.yaml"), &b"x"[..]);
        let batch: Bytes = archive::batch([entry(one), entry(two)]).into();
        let left = |body: Option<Bytes>| {
            body.map(|body| archive::unbatch(&body).unwrap().into_keys().collect::<Vec<_>>())
        };
        assert_eq!(left(without(&batch, &[one.to_string()])), Some(vec![two.to_string()]));
        assert_eq!(left(without(&batch, &["api".to_owned()])), None);
        assert_eq!(left(emptied(&batch)), Some(Vec::new()));
        let zip: Bytes = archive::zip("api-x.yaml", b"x").into();
        assert!(archive::unzip(&emptied(&zip).unwrap()).is_err());
    }
}
