//! `driftless list`: what there is to choose from.

use driftless_model::design::{Design, MUTANTS};
use driftless_model::settings::{GatewaySettings, PlatformSettings, Setting};
use serde_json::{Value, json};

use crate::outcome::Unrunnable;
use crate::plan::Effect;
use crate::properties::{self, Modality};
use crate::script;
use crate::settings::{MachineSettings, WorldSettings};

use super::Exit;
use super::args::{self, Topic};

/// Lists what there is of a topic.
///
/// # Errors
/// None so far; the type is that of every command.
pub fn list(args: &args::List) -> Result<Exit, Unrunnable> {
    let rows = match args.topic {
        Topic::Designs => designs(),
        Topic::Decisions => decisions(),
        Topic::Settings => settings(),
        Topic::Properties => properties(),
        Topic::Faults => faults(),
        Topic::Commands => commands(),
    };
    if args.json {
        let rows: Vec<Value> = rows.into_iter().map(|row| row.json).filter(|row| !row.is_null()).collect();
        say!("{:#}", Value::Array(rows));
    } else {
        let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        for row in rows {
            say!("{}", format!("{:width$}  {}", row.name, row.about).trim_end());
        }
    }
    Ok(Exit::Good)
}

struct Row {
    name: String,
    about: String,
    json: Value,
}

fn row(name: &str, about: &str) -> Row {
    Row { name: name.into(), about: about.into(), json: json!({ "name": name, "about": about }) }
}

fn designs() -> Vec<Row> {
    let mut rows: Vec<Row> = Design::NAMES.iter().map(|name| row(name, Design::about(name))).collect();
    let heading = "designs with one decision taken as it once was, wrongly";
    rows.push(Row { name: "mutants:".into(), about: heading.into(), json: Value::Null });
    rows.extend(MUTANTS.iter().map(|mutant| Row {
        name: format!("  {}", mutant.name),
        about: format!("{} ({}={}, {})", mutant.about, mutant.decision, mutant.variant, mutant.fixed_by),
        json: json!({
            "name": mutant.name,
            "about": mutant.about,
            "base": mutant.base,
            "decision": mutant.decision,
            "variant": mutant.variant,
            "fixed_by": mutant.fixed_by,
        }),
    }));
    rows
}

fn decisions() -> Vec<Row> {
    let mut rows = Vec::new();
    for decision in Design::decisions() {
        let json: Vec<Value> =
            decision.variants.iter().map(|(name, about)| json!({ "name": name, "about": about })).collect();
        let json = json!({ "name": decision.name, "about": decision.about, "variants": json });
        rows.push(Row { name: decision.name.into(), about: decision.about, json });
        for (variant, about) in decision.variants {
            rows.push(Row { name: format!("  {variant}"), about, json: Value::Null });
        }
    }
    rows
}

fn settings() -> Vec<Row> {
    let of = |node: &str, all: Vec<Setting>| {
        let row = |setting: Setting| Row {
            name: format!("{node}.{}={}", setting.name, setting.default),
            about: setting.about.into(),
            json: json!({ "node": node, "name": setting.name, "default": setting.default, "about": setting.about }),
        };
        all.into_iter().map(row).collect::<Vec<_>>()
    };
    let mut rows = of("platform", PlatformSettings::all());
    rows.extend(of("GATEWAY", GatewaySettings::all()));
    rows.extend(of("NODE", MachineSettings::all()));
    rows.extend(of("world", WorldSettings::all()));
    rows
}

fn properties() -> Vec<Row> {
    let row = |property: &properties::Property| {
        let when = match property.modality {
            Modality::Always => "always",
            Modality::Eventually => "eventually",
        };
        Row {
            name: property.name.into(),
            about: format!("{when}: {}", property.sentence),
            json: json!({ "name": property.name, "modality": when, "sentence": property.sentence }),
        }
    };
    properties::ALL.iter().map(row).collect()
}

fn faults() -> Vec<Row> {
    let mut rows =
        vec![row("answer status=N", "something on the way answers an HTTP call in the callee's place")];
    rows.extend(Effect::WORDS.iter().map(|(word, _, about)| row(word, about)));
    rows
}

fn commands() -> Vec<Row> {
    script::COMMANDS.iter().map(|(usage, about)| row(usage, about)).collect()
}
