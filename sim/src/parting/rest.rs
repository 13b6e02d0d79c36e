//! The state at rest: what the nodes of a run were left with, by name.
//!
//! It is what properties speak of: rows, memory, keys and subscriptions that let requests in, routes. Instants
//! are left out, since a delay changes every one of them; so are the tables that change for ever, and where a
//! gateway's link and its syncs stand.

use std::collections::BTreeMap;
use std::fmt::Debug;

use driftless_model::gateway::Projections;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wording::Wording;
use crate::history::HOUSEKEEPING;
use crate::outcome::{Evidence, Remains};

/// One thing that a node has at the end.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Thing {
    /// The node.
    pub node: String,
    /// The table it is a row of, or what of the process's memory it is in.
    pub place: String,
    /// What it is found by.
    pub key: String,
    /// Its fields, each `name: value`.
    pub fields: Vec<String>,
}

/// What every node of a run has at the end.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Rest(Vec<Thing>);

impl Rest {
    /// What a run left behind.
    pub fn of(evidence: &Evidence) -> Self {
        let wording = Wording { names: Some(&evidence.names), drawn_counts: true };
        let mut things = Vec::new();
        for (node, remains) in &evidence.nodes {
            let mut put = |place: &str, key: String, fields: Vec<String>| {
                things.push(Thing { node: node.to_string(), place: place.to_owned(), key, fields });
            };
            left(remains, wording, &mut put);
        }
        // Things without a name of their own come in the order of what they say.
        things.sort_unstable();
        Rest(things)
    }

    /// In which things two states differ: each with what the first and the second say of it, as far as they
    /// say something else.
    pub fn differences(&self, other: &Rest) -> Vec<(Thing, Option<Vec<String>>, Option<Vec<String>>)> {
        let (one, other) = (self.by_place(), other.by_place());
        let mut found = Vec::new();
        for place in one.keys().chain(other.keys().filter(|place| !one.contains_key(*place))) {
            let empty = Vec::new();
            let (in_one, in_other) = (one.get(place).unwrap_or(&empty), other.get(place).unwrap_or(&empty));
            for at in 0..in_one.len().max(in_other.len()) {
                let (a, b) = (in_one.get(at).copied(), in_other.get(at).copied());
                if a.map(|a| &a.fields) != b.map(|b| &b.fields)
                    && let Some(thing) = a.or(b)
                {
                    let but = |these: Option<&Thing>, those: Option<&Thing>| {
                        let fields = these?.fields.iter();
                        let same = |field: &&String| those.is_some_and(|those| those.fields.contains(field));
                        Some(fields.filter(|field| !same(field)).cloned().collect())
                    };
                    found.push((thing.clone(), but(a, b), but(b, a)));
                }
            }
        }
        found.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
        found
    }

    /// The same state where text that was drawn stands for nothing.
    #[must_use]
    pub fn undrawn(&self) -> Rest {
        let wording = Wording { names: None, drawn_counts: false };
        let mut things = self.0.clone();
        for thing in &mut things {
            thing.key = wording.text(&thing.key);
            thing.fields.iter_mut().for_each(|field| *field = wording.text(field));
        }
        things.sort_unstable();
        Rest(things)
    }

    fn by_place(&self) -> BTreeMap<(&str, &str, &str), Vec<&Thing>> {
        let mut places: BTreeMap<_, Vec<&Thing>> = BTreeMap::new();
        for thing in &self.0 {
            places.entry((&*thing.node, &*thing.place, &*thing.key)).or_default().push(thing);
        }
        places
    }
}

/// What one node was left with.
fn left(remains: &Remains, wording: Wording<'_>, put: &mut impl FnMut(&str, String, Vec<String>)) {
    remains.database.look(|view| {
        for (table, key, row) in view.rows().filter(|(table, ..)| !HOUSEKEEPING.contains(table)) {
            put(table, wording.key(key), fields(row, wording));
        }
    });
    if !remains.alive {
        put("process", "down".into(), Vec::new());
    } else if let Some(projections) = &remains.projections {
        in_memory(projections, wording, put);
    }
}

/// What a process held in memory, and what it served. What of a dead one is left serves nobody.
fn in_memory(of: &Projections, wording: Wording<'_>, put: &mut impl FnMut(&str, String, Vec<String>)) {
    let name = |id: uuid::Uuid| wording.text(&id.to_string());
    for config in of.artifacts() {
        put("memory", name(config.artifact.uuid), fields(&*config, wording));
    }
    for key in of.memory_keys() {
        put("memory of keys", name(key.uuid), fields(&*key, wording));
    }
    for key in of.keys() {
        put("accepted keys", name(key.uuid), fields(&*key, wording));
    }
    for subscribed in of.subscriptions() {
        put("accepted subscriptions", name(subscribed.subscription.uuid), fields(&subscribed, wording));
    }
    for (kind, handle, policy) in of.runtime_policies() {
        put("runtime policies", format!("{} {handle}", kind.name()), fields(&policy, wording));
    }
    for handle in of.templates() {
        put("templates", handle, Vec::new());
    }
    for route in of.routes() {
        put("routes", name(route.artifact), fields(&route, wording));
    }
}

/// The fields of a row, each in one line.
fn fields(row: &(impl Debug + ?Sized), wording: Wording<'_>) -> Vec<String> {
    let text = format!("{row:#?}");
    let mut fields: Vec<String> = Vec::new();
    // Between the lines that name the type; a line that is set in further belongs to the field above it.
    for line in text.lines().filter_map(|line| line.strip_prefix("    ")) {
        match fields.last_mut() {
            Some(last) if line.starts_with([' ', '}', ')', ']']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            Some(_) | None => fields.push(line.trim_end_matches(',').to_owned()),
        }
    }
    fields.iter().map(|field| wording.text(field.trim_end_matches(','))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_fields_one_a_line() {
        #[derive(Debug)]
        #[allow(dead_code)]
        struct Row {
            name: &'static str,
            inner: Option<(u8, u8)>,
            n: u8,
        }
        let wording = Wording { names: None, drawn_counts: true };
        let row = Row { name: "a, b", inner: Some((1, 2)), n: 3 };
        assert_eq!(fields(&row, wording), ["name: \"a, b\"", "inner: Some( ( 1, 2, ), )", "n: 3"]);
    }

    #[test]
    fn states_differ_by_thing_and_field() {
        let thing = |key: &str, fields: &[&str]| Thing {
            node: "gw1".into(),
            place: "artifacts".into(),
            key: key.into(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        };
        let one = Rest(vec![thing("a", &["x: 1", "y: 1"]), thing("b", &["x: 1"])]);
        let other = Rest(vec![thing("a", &["x: 1", "y: 2"]), thing("c", &[])]);
        let told: Vec<_> =
            one.differences(&other).into_iter().map(|(thing, a, b)| (thing.key, a, b)).collect();
        let fields = |field: &str| Some(vec![field.to_owned()]);
        assert_eq!(
            told,
            [
                ("a".to_owned(), fields("y: 1"), fields("y: 2")),
                ("b".to_owned(), fields("x: 1"), None),
                ("c".to_owned(), None, Some(Vec::new())),
            ]
        );
        assert!(one.differences(&one).is_empty());
    }
}
