//! `driftless schema`: the JSON schemas of what is written for programs.
//!
//! They are derived from the types that are written, and with that say what they say, comments included. Every
//! object is closed: a field that isn't described is refused, so a schema that has gone stale is noticed by the
//! first document that has one more. `docs/schemas` holds what is printed here.

mod summary;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};

use crate::outcome::Unrunnable;
use crate::plan::Plan;
use crate::recording::AnyLine;

use super::Exit;
use super::args::{self, Document};
use super::run::json::Outcomes;

/// Prints a schema.
///
/// # Errors
/// When it can't be written as JSON.
pub fn schema(args: &args::Schema) -> Result<Exit, Unrunnable> {
    let schema = match args.document {
        Document::Plan => of::<Plan>("A plan of driftless"),
        Document::Outcome => of::<Outcomes<'_>>("What `driftless run --json` prints"),
        Document::History => of::<AnyLine>("A line of a recorded history"),
        Document::Summary => of::<summary::Summary>("What `driftless explore --json` prints"),
    };
    say!("{}", serde_json::to_string_pretty(&schema).map_err(Unrunnable::of)?);
    Ok(Exit::Good)
}

fn of<T: JsonSchema>(title: &str) -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema =
        settings.with_transform(RecursiveTransform(close)).into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

/// An object has the fields that it is said to have, and no other.
fn close(schema: &mut Schema) {
    let is_open = schema.get("properties").is_some() && schema.get("additionalProperties").is_none();
    if is_open {
        schema.insert("additionalProperties".to_owned(), false.into());
    }
}
