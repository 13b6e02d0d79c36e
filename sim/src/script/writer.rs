//! Writes a plan as a script.
//!
//! The text is canonical: equal plans have equal scripts, and reading one yields the plan again. It ends in
//! one `---` without a transcript.

use driftless_model::settings::Value;

use super::action::PLATFORM;
use super::quoting::quote;
use crate::plan::{
    Action, Change, Choice, FORMAT, KeyChange, LocalChange, Node, OfDeployment, Plan, PlanChange, Start,
    Step, SubscriptionChange,
};

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
        self.faults.iter().for_each(|fault| line(format!("fault {fault}")));
        self.steps.iter().for_each(|step| line(step.to_command()));
        script + "---\n"
    }
}

impl Step {
    /// The command that says this step, with its start.
    pub fn to_command(&self) -> String {
        match &self.start {
            Start::When(at) => format!("when {:?} {}", at.to_string(), self.action.to_command()),
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
            Action::Start { node, .. } if node == PLATFORM => words("platform", &[]),
            Action::Start { node, .. } if Node::original(node) != node => words("replica", &[node]),
            Action::Start { node, organisation } => {
                keyed(words("gateway", &[node]), "organisation", organisation.as_deref())
            }
            Action::Organisation { organisation } => words("organisation", &[organisation]),
            Action::Project { made, project } => {
                words(if *made { "create-project" } else { "delete-project" }, &[project])
            }
            Action::Create { kind, artifact, provider, project } => {
                let command = words("create", &[kind.word(), artifact]);
                keyed(keyed(command, "provider", provider.as_deref()), "project", project.as_deref())
            }
            Action::Update { artifact } => words("update", &[artifact]),
            Action::Associate { artifact, gateway } => words("associate", &[artifact, gateway]),
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
            Action::Plan { change, plan } => match change {
                PlanChange::Create => words("create-plan", &[plan]),
                PlanChange::Update(status) => {
                    keyed(words("update-plan", &[plan]), "status", Some(status.word()))
                }
                PlanChange::Delete => words("delete-plan", &[plan]),
            },
            Action::Subscription { change, artifact, subscriber } => {
                let of = |name| words(name, &[artifact, subscriber]);
                match change {
                    SubscriptionChange::Create { plan } => keyed(of("subscribe"), "plan", plan.as_deref()),
                    SubscriptionChange::Update(status) => {
                        keyed(of("update-subscription"), "status", Some(status.word()))
                    }
                    SubscriptionChange::Delete => of("unsubscribe"),
                }
            }
            Action::Application { change, application } => match change {
                Change::Create => words("create-application", &[application]),
                Change::Update => words("update-application", &[application]),
                Change::Delete => words("delete-application", &[application]),
            },
            Action::Mapping { mapped, application, artifact, key } => {
                words(if *mapped { "map-key" } else { "unmap-key" }, &[application, artifact, key])
            }
            Action::CreateToken { gateway } => words("create-token", &[gateway]),
            Action::RevokeToken { gateway, token } => {
                keyed(words("revoke-token", &[gateway]), "token", token.as_deref())
            }
            Action::DeleteGateway { gateway } => words("delete-gateway", &[gateway]),
            Action::Local { change, artifact, replica } => match change {
                LocalChange::Create { kind, provider } => {
                    let command = words("create-local", &[kind.word(), artifact, replica]);
                    keyed(command, "provider", provider.as_deref())
                }
                LocalChange::Update => words("update-local", &[artifact, replica]),
                LocalChange::Delete => words("delete-local", &[artifact, replica]),
                LocalChange::CreateKey(key) => words("create-local-key", &[artifact, key, replica]),
                LocalChange::RevokeKey(key) => words("revoke-local-key", &[artifact, key, replica]),
            },
            Action::Crash { node } => words("crash", &[node]),
            Action::PowerLoss { node } => words("power-loss", &[node]),
            Action::Stop { node } => words("stop", &[node]),
            Action::Restart { node, design } => keyed(words("restart", &[node]), "design", design.as_deref()),
            Action::Partition { from, to, both } => {
                keyed(words("partition", &[from, to]), "direction", (!both).then_some("to"))
            }
            Action::Heal => words("heal", &[]),
            Action::Wait(time) => words("wait", &[&time.write()]),
            Action::Settle => words("settle", &[]),
            Action::Probe { replica, artifact, key, token } => {
                let command = words("probe", &[replica, artifact]);
                keyed(keyed(command, "key", key.as_deref()), "token", token.as_deref())
            }
            Action::Show { node } => words("show", &[node]),
            Action::Own(own) => own.to_command(),
        }
    }

    /// What is done, as the command without its options: a step's work is named after it.
    pub fn words(&self) -> String {
        if let Action::Own(own) = self {
            return own.words();
        }
        let command = self.to_command();
        command.split(' ').filter(|word| !word.contains('=')).collect::<Vec<_>>().join(" ")
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
