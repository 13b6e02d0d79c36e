//! Writes a plan as a script.
//!
//! The text is canonical: equal plans have equal scripts, and reading one yields the plan again. It ends in
//! one `---` without a transcript.

use driftless_model::settings::Value;

use super::action::PLATFORM;
use super::quoting::quote;
use crate::plan::{Action, Choice, FORMAT, Fault, KeyChange, OfDeployment, Plan, Start, Step};

impl Plan {
    /// The script that says this plan.
    ///
    /// A script sets a node up by a step, so a node that no step starts isn't written, nor an expectation
    /// without properties: it says what no expectation says.
    pub fn to_script(&self) -> String {
        let mut script = format!("format {FORMAT}\n");
        let mut line = |text: String| script.extend([text.as_str(), "\n"]);
        if self.seed != 0 {
            line(format!("seed {}", self.seed));
        }
        for (design, properties) in self.expect.iter().filter(|(_, properties)| !properties.is_empty()) {
            let properties =
                properties.iter().fold(String::new(), |all, property| all + " " + &quote(property));
            line(format!("expect {}{properties}", quote(design)));
        }
        for setting in &self.settings {
            line(format!("set {} {}={}", quote(&setting.node), quote(&setting.name), quote(&setting.value)));
        }
        for node in &self.nodes {
            node.design.iter().for_each(|choice| line(choice_line(&node.name, choice)));
        }
        self.faults.iter().for_each(|fault| line(fault.to_command()));
        self.steps.iter().for_each(|step| line(step.to_command()));
        script + "---\n"
    }
}

impl Fault {
    /// The command that says this fault.
    pub fn to_command(&self) -> String {
        // An address stands in quotes even if it is a single word.
        format!("fault {:?} {}", self.at.to_string(), self.effect)
    }
}

impl Step {
    /// The command that says this step, with its start.
    pub fn to_command(&self) -> String {
        match self.start {
            Start::After => self.action.to_command(),
            Start::With => format!("[with] {}", self.action.to_command()),
            Start::At(time) => format!("[{}] {}", time.write(), self.action.to_command()),
        }
    }
}

impl Action {
    /// The command that does this.
    pub fn to_command(&self) -> String {
        let of = |name: &str, of: &OfDeployment| {
            let command = words(name, &[&of.artifact, &of.gateway]);
            keyed(command, "deployment", of.deployment.as_deref())
        };
        match self {
            Action::Start { node } if node == PLATFORM => words("platform", &[]),
            Action::Start { node } => words("gateway", &[node]),
            Action::Create { kind, artifact, provider } => {
                keyed(words("create", &[kind.word(), artifact]), "provider", provider.as_deref())
            }
            Action::Deploy { artifact, gateway, base } => {
                keyed(words("deploy", &[artifact, gateway]), "base", base.as_deref())
            }
            Action::Undeploy(deployment) => of("undeploy", deployment),
            Action::Restore(deployment) => of("restore", deployment),
            Action::DeleteDeployment(deployment) => of("delete-deployment", deployment),
            Action::Delete { artifact } => words("delete", &[artifact]),
            Action::Key { change, artifact, key } => match change {
                KeyChange::Create => words("create-key", &[artifact, key]),
                KeyChange::Update => words("update-key", &[artifact, key]),
                KeyChange::Revoke => words("revoke-key", &[artifact, key]),
            },
            Action::Crash { node } => words("crash", &[node]),
            Action::PowerLoss { node } => words("power-loss", &[node]),
            Action::Restart { node } => words("restart", &[node]),
            Action::Partition { from, to, both } => {
                keyed(words("partition", &[from, to]), "direction", (!both).then_some("to"))
            }
            Action::Heal => words("heal", &[]),
            Action::Wait(time) => words("wait", &[&time.write()]),
            Action::Settle => words("settle", &[]),
            Action::Probe { gateway, artifact, key } => {
                keyed(words("probe", &[gateway, artifact]), "key", key.as_deref())
            }
            Action::Show { node } => words("show", &[node]),
        }
    }
}

fn choice_line(node: &str, choice: &Choice) -> String {
    match choice {
        Choice::Design(design) => words("design", &[node, design]),
        Choice::Decision { name, variant } => keyed(words("decision", &[node]), name, Some(variant)),
    }
}

fn words(name: &str, arguments: &[&str]) -> String {
    arguments.iter().fold(name.to_owned(), |command, argument| command + " " + &quote(argument))
}

fn keyed(command: String, key: &str, value: Option<&str>) -> String {
    match value {
        None => command,
        Some(value) => format!("{command} {}={}", quote(key), quote(value)),
    }
}
