//! Steps: what is done on purpose, by users, by operators and by whoever unplugs machines.
//!
//! Things are called as in a script. A handle is `petstore`, or `globex/petstore` where the organisation isn't
//! the one every plan has; a node is `gw1`, or `gw1/b` for a replica.

use std::time::Duration;

use driftless_model::wire::kind::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::Pattern;
use crate::own::{self, Arguments, Given};

/// One thing that is done on purpose.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// When it begins.
    pub start: Start,
    /// What is done.
    pub action: Action,
}

/// When a step begins.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// When the one before it has ended, after the pace of a person.
    After,
    /// Together with the one before it.
    With,
    /// At that time since the run began, beside whatever else goes on.
    At(Duration),
    /// When a crossing is reached, beside whatever else goes on.
    When(#[schemars(with = "String")] Pattern),
}

/// What is done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A node is set up and started; a gateway is registered first and ends when it has synced.
    Start {
        /// The node; one with a slash is a replica, and shares the database of the one before the slash.
        node: String,
        /// The organisation of a gateway, where it isn't the one every plan has.
        organisation: Option<String>,
    },
    /// One more organisation is made.
    Organisation {
        /// Its handle.
        organisation: String,
    },
    /// A project is made or deleted.
    Project {
        /// Whether it is made.
        made: bool,
        /// Its name.
        project: String,
    },
    /// An artifact is made on the platform.
    Create {
        /// Its kind.
        #[serde(with = "super::kind")]
        #[schemars(schema_with = "super::kind::schema")]
        kind: Kind,
        /// Its handle.
        artifact: String,
        /// The handle of the provider that an LLM proxy stands before; none for the other kinds.
        provider: Option<String>,
        /// The project it belongs to, where it isn't the one its organisation begins with.
        project: Option<String>,
    },
    /// An artifact's definition is changed on the platform. What is deployed stays as it is.
    Update {
        /// The artifact's handle.
        artifact: String,
    },
    /// A REST API is associated with a gateway without being deployed there.
    Associate {
        /// The artifact's handle.
        artifact: String,
        /// The gateway.
        gateway: String,
    },
    /// An artifact is deployed to a gateway.
    Deploy {
        /// The artifact's handle.
        artifact: String,
        /// The gateway.
        gateway: String,
        /// An earlier deployment whose content is used again, such as `d1`; otherwise the current content.
        base: Option<String>,
    },
    /// A deployment is undeployed.
    Undeploy(OfDeployment),
    /// A deployment is deployed again.
    Restore(OfDeployment),
    /// A deployment is deleted.
    DeleteDeployment(OfDeployment),
    /// An artifact is deleted.
    Delete {
        /// The artifact's handle.
        artifact: String,
    },
    /// An API key is made, given a new secret, or revoked.
    Key {
        /// Which of the three.
        change: KeyChange,
        /// The artifact's handle.
        artifact: String,
        /// The key's name.
        key: String,
    },
    /// A subscription plan is made, activated or deactivated, or deleted.
    Plan {
        /// Which of them.
        change: PlanChange,
        /// The plan's name.
        plan: String,
    },
    /// Somebody subscribes to an API, or their subscription is changed or deleted.
    Subscription {
        /// Which of them.
        change: SubscriptionChange,
        /// The artifact's handle.
        artifact: String,
        /// Who subscribes; a subscription is named after them.
        subscriber: String,
    },
    /// An application is made, changed or deleted.
    Application {
        /// Which of them.
        change: Change,
        /// Its handle.
        application: String,
    },
    /// A key is mapped to an application, or no longer.
    Mapping {
        /// Whether it is from now on.
        mapped: bool,
        /// The application's handle.
        application: String,
        /// The artifact's handle.
        artifact: String,
        /// The key's name.
        key: String,
    },
    /// A gateway gets one more token, which its processes use from their next start.
    CreateToken {
        /// The gateway.
        gateway: String,
    },
    /// A token of a gateway is revoked.
    RevokeToken {
        /// The gateway.
        gateway: String,
        /// Which token, such as `token1` for its first; otherwise its newest.
        token: Option<String>,
    },
    /// A gateway is deleted on the platform. Its processes go on.
    DeleteGateway {
        /// The gateway.
        gateway: String,
    },
    /// Somebody manages an artifact at a gateway itself.
    Local {
        /// What they do.
        change: LocalChange,
        /// The artifact's handle.
        artifact: String,
        /// The process they talk to.
        replica: String,
    },
    /// A process dies; its machine stays up.
    Crash {
        /// The node.
        node: String,
    },
    /// A machine goes dark.
    PowerLoss {
        /// The node.
        node: String,
    },
    /// A process is asked to end in good order.
    Stop {
        /// The node.
        node: String,
    },
    /// A process is started again; one that still runs dies first.
    Restart {
        /// The node.
        node: String,
        /// The design of the program that is started, if it is another than before.
        design: Option<String>,
    },
    /// Nothing gets through from one node to another.
    Partition {
        /// One node.
        from: String,
        /// The other.
        to: String,
        /// Whether the way back is cut as well.
        both: bool,
    },
    /// Cut links carry again.
    Heal,
    /// Time passes.
    Wait(Duration),
    /// Time passes until nothing changes any more.
    Settle,
    /// What a request through a gateway would get.
    Probe {
        /// The gateway, or one of its replicas.
        replica: String,
        /// The artifact's handle.
        artifact: String,
        /// The name of the key the request carries.
        key: Option<String>,
        /// The subscriber whose token it carries.
        token: Option<String>,
    },
    /// What a node holds.
    Show {
        /// The node.
        node: String,
    },
    /// An operation that was written elsewhere and registered.
    Own(#[schemars(with = "(String, Arguments)")] Given<dyn own::Operation>),
}

impl Action {
    /// Whether it is what a user does through the platform's API once a plan's nodes are set up.
    pub fn is_operation(&self) -> bool {
        match self {
            Action::Organisation { .. }
            | Action::Project { .. }
            | Action::Create { .. }
            | Action::Update { .. }
            | Action::Associate { .. }
            | Action::Deploy { .. }
            | Action::Undeploy(_)
            | Action::Restore(_)
            | Action::DeleteDeployment(_)
            | Action::Delete { .. }
            | Action::Key { .. }
            | Action::Plan { .. }
            | Action::Subscription { .. }
            | Action::Application { .. }
            | Action::Mapping { .. }
            | Action::CreateToken { .. }
            | Action::RevokeToken { .. }
            | Action::DeleteGateway { .. }
            | Action::Own(_) => true,
            Action::Start { .. }
            | Action::Local { .. }
            | Action::Crash { .. }
            | Action::PowerLoss { .. }
            | Action::Stop { .. }
            | Action::Restart { .. }
            | Action::Partition { .. }
            | Action::Heal
            | Action::Wait(_)
            | Action::Settle
            | Action::Probe { .. }
            | Action::Show { .. } => false,
        }
    }
}

/// A step about one deployment of an artifact on a gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OfDeployment {
    /// The artifact's handle.
    pub artifact: String,
    /// The gateway.
    pub gateway: String,
    /// Which deployment, such as `d1`; otherwise the newest of that artifact on that gateway.
    pub deployment: Option<String>,
}

/// What is done to a thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is deleted.
    Delete,
}

/// What is done to a subscription plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlanChange {
    /// It is made.
    Create,
    /// It gets this status.
    Update(SubscriptionStatus),
    /// It is deleted.
    Delete,
}

/// What is done to a subscription.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubscriptionChange {
    /// It is made.
    Create {
        /// The name of its plan, if it has one.
        plan: Option<String>,
    },
    /// It gets this status.
    Update(SubscriptionStatus),
    /// It is deleted.
    Delete,
}

/// What is done to a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// It is made.
    Create,
    /// It gets a new secret.
    Update,
    /// It is revoked.
    Revoke,
}

/// What is done at a gateway itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LocalChange {
    /// An artifact is made.
    Create {
        /// Its kind.
        #[serde(with = "super::kind")]
        #[schemars(schema_with = "super::kind::schema")]
        kind: Kind,
        /// The handle of the provider that an LLM proxy stands before; none for the other kinds.
        provider: Option<String>,
    },
    /// It is changed.
    Update,
    /// It is deleted.
    Delete,
    /// It gets a key of that name.
    CreateKey(String),
    /// It loses it.
    RevokeKey(String),
}

/// Whether a subscription or a plan counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubscriptionStatus {
    /// It does.
    Active,
    /// It doesn't, for now.
    Inactive,
    /// It never will again; plans have no such status.
    Revoked,
}

impl SubscriptionStatus {
    /// The statuses by the words a script uses.
    pub const WORDS: [(&'static str, SubscriptionStatus); 3] = [
        ("active", SubscriptionStatus::Active),
        ("inactive", SubscriptionStatus::Inactive),
        ("revoked", SubscriptionStatus::Revoked),
    ];

    /// As a script says it.
    pub fn word(self) -> &'static str {
        match self {
            SubscriptionStatus::Active => "active",
            SubscriptionStatus::Inactive => "inactive",
            SubscriptionStatus::Revoked => "revoked",
        }
    }
}

/// The organisation and the handle of `globex/petstore`; the organisation that every plan has isn't written.
pub fn split_handle(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((organisation, handle)) => (Some(organisation), handle),
        None => (None, name),
    }
}
