//! `driftless list`: what there is to choose from.

use std::collections::BTreeSet;
use std::path::Path;

use driftless_model::design::{Design, MUTANTS};
use driftless_model::settings::{GatewaySettings, PlatformSettings, Setting};
use serde_json::{Value, json};

use crate::fault::{Effect, EffectKind, Family};
use crate::generate::NAMED;
use crate::outcome::Unrunnable;
use crate::properties;
use crate::run::run;
use crate::script;
use crate::settings::{MachineSettings, WorldSettings};
use crate::sites::{self, Class};
use crate::sometimes::{self, Situation};

use super::Exit;
use super::args::{self, Topic};

/// Lists what there is of a topic.
///
/// # Errors
/// When the script whose crossings are asked for can't be read or run.
pub fn list(args: &args::List) -> Result<Exit, Unrunnable> {
    let rows = match args.topic {
        Topic::Designs => designs(),
        Topic::Decisions => decisions(),
        Topic::Settings => settings(),
        Topic::Properties => properties(),
        Topic::Situations => situations(),
        Topic::Profiles => NAMED.iter().map(|(name, about)| row(name, about)).collect(),
        Topic::Faults => faults(),
        Topic::Commands => commands(),
        Topic::Sites => match &args.script {
            Some(script) => crossings(script)?,
            None => sites(),
        },
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
    let row = |property: &&dyn properties::Property| {
        let (name, when, sentence) = (property.name(), property.modality().word(), property.sentence());
        let (companions, mutants) = (property.companions(), property.mutants());
        Row {
            name: name.into(),
            about: format!(
                "{when}: {sentence}\n  interesting with  {}\n  violated by       {}",
                listed(companions),
                listed(mutants)
            ),
            json: json!({
                "name": name, "modality": when, "sentence": sentence, "companions": companions, "mutants": mutants,
            }),
        }
    };
    properties::all().iter().map(row).collect()
}

fn situations() -> Vec<Row> {
    let row = |situation: &Situation| {
        let Situation { name, about, within, .. } = situation;
        Row {
            name: (*name).into(),
            about: format!("{about}; within {within} runs"),
            json: json!({ "name": name, "about": about, "within": within }),
        }
    };
    sometimes::ALL.iter().map(row).collect()
}

/// Names in a line, or a stroke where there is none.
fn listed(names: &[&str]) -> String {
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

fn faults() -> Vec<Row> {
    let row = |kind: &&EffectKind| {
        let family =
            Family::ALL.iter().find(|(_, family)| *family == kind.family).map_or("", |(name, _)| name);
        let takes: Vec<_> = kind
            .takes
            .iter()
            .map(|(name, expected, required)| json!({ "name": name, "expected": expected, "required": required }))
            .collect();
        Row {
            name: kind.usage(),
            about: format!("{}. Should be survived: {}", kind.about, kind.survives),
            json: json!({ "name": kind.word, "family": family, "takes": takes, "about": kind.about,
                          "survives": kind.survives, "is_point": kind.is_point }),
        }
    };
    Effect::kinds().iter().map(row).collect()
}

/// The classes of sites with the effects that fit each, and then every site with its class.
fn sites() -> Vec<Row> {
    let rows = sites::ALL.iter().map(|site| {
        let json = json!({ "site": site, "class": class(site), "effects": fitting(site) });
        Row { name: (*site).into(), about: class(site).into(), json }
    });
    classes().into_iter().chain(rows).collect()
}

/// The same for the crossings of a script's run in their order, of those that never end the first.
fn crossings(script: &Path) -> Result<Vec<Row>, Unrunnable> {
    let loaded = super::load::scripts(&[script.to_owned()])?;
    let [loaded] = loaded.as_slice() else {
        return Err(Unrunnable("expected one script whose crossings to list".into()));
    };
    let outcome = run(&loaded.script.plan)?;
    let mut periodic = BTreeSet::new();
    let mut rows = classes();
    for crossing in outcome.evidence.history.crossings() {
        let address = &crossing.address;
        let never_ends = matches!(address.site, "hub.poll" | "ws.ping" | "ws.pong");
        let again = never_ends && !periodic.insert((address.node.clone(), address.site, address.phase));
        if again || fitting(address.site).is_empty() {
            continue;
        }
        rows.push(Row {
            name: address.to_string(),
            about: class(address.site).into(),
            json: json!({ "address": address.to_string(), "at_us": crossing.at_us, "class": class(address.site),
                          "effects": fitting(address.site) }),
        });
    }
    Ok(rows)
}

/// What fits each class of sites.
fn classes() -> Vec<Row> {
    let row = |(name, class): &(&str, Class)| {
        let fits = |kind: &&&EffectKind| kind.fits_class(*class);
        let fit: Vec<_> = Effect::kinds().iter().filter(fits).map(|kind| kind.word).collect();
        let about =
            if fit.is_empty() { "can only open and close windows".to_owned() } else { fit.join(", ") };
        Row { name: format!("[{name}]"), about, json: Value::Null }
    };
    Class::ALL.iter().map(row).collect()
}

/// The effects that fit a site.
fn fitting(site: &str) -> Vec<&'static str> {
    Effect::kinds().iter().filter(|kind| kind.fits_site(site)).map(|kind| kind.word).collect()
}

/// What a site is one of.
fn class(site: &str) -> &'static str {
    Class::of(site).name()
}

fn commands() -> Vec<Row> {
    script::commands().iter().map(|(usage, about)| row(usage, about)).collect()
}
