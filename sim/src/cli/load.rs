//! Scripts from files and folders, and what the arguments change about their plans.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use driftless_model::settings::{GatewaySettings, PlatformSettings};

use crate::boot::WORLD;
use crate::files;
use crate::outcome::Unrunnable;
use crate::plan::{Choice, Plan, Role, Setting};
use crate::script::{Script, ScriptError};
use crate::settings::WorldSettings;

use super::args;

/// A script and where it comes from.
pub struct Loaded {
    /// Its path, as people say it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub script: Script,
}

/// What is wrong with a file that should be a script.
pub struct Unreadable(pub Vec<ScriptError>);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&told.join("\n"))
    }
}

/// Reads every script, going into folders.
///
/// # Errors
/// When a file can't be read, isn't text, or isn't a script; every script is read before any error is told.
pub fn scripts(paths: &[PathBuf]) -> Result<Vec<Loaded>, Unrunnable> {
    let (loaded, unreadable) = sorted(paths)?;
    if unreadable.is_empty() { Ok(loaded) } else { Err(together(&unreadable)) }
}

/// Reads every script, going into folders: those that are scripts, and what is wrong with the others.
///
/// # Errors
/// When a path isn't there, or is a folder without any script.
pub fn sorted(paths: &[PathBuf]) -> Result<(Vec<Loaded>, Vec<Unreadable>), Unrunnable> {
    let mut files = Vec::new();
    for path in paths {
        let found = files.len();
        collect(path, &mut files)?;
        if files.len() == found {
            return Err(Unrunnable(format!("{}: there is no script in this folder", path.display())));
        }
    }
    let (mut loaded, mut unreadable) = (Vec::new(), Vec::new());
    for file in files {
        match read(&file) {
            Ok(script) => loaded.push(script),
            Err(wrong) => unreadable.push(wrong),
        }
    }
    Ok((loaded, unreadable))
}

/// All that is wrong, in one error.
pub fn together(unreadable: &[Unreadable]) -> Unrunnable {
    let told: Vec<String> = unreadable.iter().map(ToString::to_string).collect();
    Unrunnable(told.join("\n"))
}

/// Reads one script.
///
/// # Errors
/// As [`scripts`], and when there are several.
pub fn script(path: &Path) -> Result<Loaded, Unrunnable> {
    let loaded = scripts(&[path.to_owned()])?;
    <[_; 1]>::try_from(loaded).map(|[one]| one).map_err(|many| {
        let why = format!("this is a folder of {} scripts; expected a script", many.len());
        Unrunnable(format!("{}: {why}", path.display()))
    })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Unrunnable> {
    let unreadable = |e: std::io::Error| Unrunnable(format!("{}: {}", path.display(), files::words(&e)));
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in entries(path)? {
        collect(&entry, files)?;
    }
    Ok(())
}

/// What a folder holds, in order.
///
/// # Errors
/// When it can't be read.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Unrunnable> {
    let unreadable = |e: std::io::Error| Unrunnable(format!("{}: {}", folder.display(), files::words(&e)));
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    // What an editor leaves behind is nobody's script.
    entries.retain(|entry| !entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    entries.sort();
    Ok(entries)
}

/// Reads one script.
///
/// # Errors
/// When it can't be read, isn't text, or isn't a script.
pub fn read(path: &Path) -> Result<Loaded, Unreadable> {
    let name = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|e| Unreadable(vec![ScriptError::of_file(&name, files::words(&e))]))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = 1 + e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        let wrong = ScriptError::of_file(&name, "this is not UTF-8 text; expected a script");
        Unreadable(vec![ScriptError { line: Some(line), ..wrong }])
    })?;
    let script = Script::parse(&name, &text).map_err(Unreadable)?;
    Ok(Loaded { name, text, script })
}

/// The plan of a script with what the arguments change, and the name of the design it then has.
///
/// # Errors
/// When an argument names what doesn't exist, or doesn't fit.
pub fn plan(loaded: &Loaded, args: &args::Changes) -> Result<Plan, Unrunnable> {
    let mut plan = loaded.script.plan.clone();
    if let Some(seed) = args.seed {
        plan.seed = seed;
    }
    let (one, all): (Vec<_>, Vec<_>) = args.design.iter().partition(|design| design.contains('='));
    if let [_, second, ..] = all.as_slice() {
        return Err(Unrunnable(format!("--design {second}: a design for every node was already given")));
    }
    for design in all {
        plan = plan.under(design);
    }
    for design in one {
        let (node, name) = design.split_once('=').unwrap_or_default();
        node_mut(&mut plan, node, "--design")?.design.push(Choice::Design(name.to_owned()));
    }
    for decision in &args.decision {
        decide(&mut plan, decision)?;
    }
    for node in &plan.nodes {
        let mut design = driftless_model::design::Design::default();
        for choice in &node.design {
            choice.apply(&mut design).map_err(Unrunnable::of)?;
        }
    }
    for setting in &args.setting {
        set(&mut plan, setting)?;
    }
    Ok(plan)
}

fn decide(plan: &mut Plan, text: &str) -> Result<(), Unrunnable> {
    let Some((name, variant)) = text.split_once('=') else {
        return Err(Unrunnable(format!("--decision {text}: expected NAME=VARIANT or NODE.NAME=VARIANT")));
    };
    let choice = |name: &str| Choice::Decision { name: name.to_owned(), variant: variant.to_owned() };
    match name.split_once('.') {
        Some((node, name)) => node_mut(plan, node, "--decision")?.design.push(choice(name)),
        None => plan.nodes.iter_mut().for_each(|node| node.design.push(choice(name))),
    }
    Ok(())
}

fn node_mut<'a>(
    plan: &'a mut Plan,
    name: &str,
    option: &str,
) -> Result<&'a mut crate::plan::Node, Unrunnable> {
    let known: Vec<String> = plan.nodes.iter().map(|node| node.name.clone()).collect();
    plan.nodes.iter_mut().find(|node| node.name == name).ok_or_else(|| {
        Unrunnable(format!("{option}: there is no node '{name}'; expected one of {}", known.join(", ")))
    })
}

fn set(plan: &mut Plan, text: &str) -> Result<(), Unrunnable> {
    let split = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
    let Some(((node, name), value)) = split else {
        return Err(Unrunnable(format!("--setting {text}: expected NODE.NAME=VALUE")));
    };
    let checked = if node == WORLD {
        WorldSettings::default().set(name, value)
    } else {
        match node_mut(plan, node, "--setting")?.role {
            Role::Platform => PlatformSettings::default().set(name, value),
            Role::Gateway => GatewaySettings::default().set(name, value),
        }
    };
    checked.map_err(|e| Unrunnable(format!("--setting {text}: {e}")))?;
    plan.settings.push(Setting { node: node.into(), name: name.into(), value: value.into() });
    Ok(())
}

/// As many workers as were asked for.
pub fn jobs(jobs: Option<u16>) -> usize {
    jobs.map_or_else(crate::parallel::cores, usize::from)
}
