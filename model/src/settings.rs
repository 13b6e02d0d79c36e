//! What an operator may choose, with the real system's defaults.
//!
//! The names are those a script uses (`set gw1 event_hub.poll_interval=1s`); the tables they come from are
//! docs/spec/platform.md section 1 and docs/spec/gateway.md section 2. Only what the actors act on is here.

use std::time::Duration;

use crate::store::{self, Flavour, ForeignKeys};

/// A setting, for people to read.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its default, as one would write it.
    pub default: String,
    /// What it does.
    pub about: &'static str,
}

/// A setting that doesn't exist or a value that doesn't fit, and what would.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(pub String);

/// A value that can be written in a script.
pub trait Value: Sized {
    /// What is expected, for an error message.
    const EXPECTED: &'static str;
    /// Reads it.
    fn read(text: &str) -> Option<Self>;
    /// Writes it.
    fn write(&self) -> String;
}

impl Value for Duration {
    const EXPECTED: &'static str = "a duration such as 500ms, 3s or 5min";

    fn read(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = text[..digits].parse().ok()?;
        let micros = match &text[digits..] {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "min" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return None,
        };
        Some(Duration::from_micros(count.checked_mul(micros)?))
    }

    fn write(&self) -> String {
        let micros = self.as_micros();
        let units = [(3_600_000_000, "h"), (60_000_000, "min"), (1_000_000, "s"), (1_000, "ms")];
        let unit = units.into_iter().find(|(size, _)| micros >= *size && micros.is_multiple_of(*size));
        let (size, name) = unit.unwrap_or((1, "us"));
        format!("{}{name}", micros / size)
    }
}

impl Value for u64 {
    const EXPECTED: &'static str = "a whole number";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Value for String {
    const EXPECTED: &'static str = "a text";

    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn write(&self) -> String {
        self.clone()
    }
}

impl Value for Flavour {
    const EXPECTED: &'static str = "sqlite3 or postgres";

    fn read(text: &str) -> Option<Self> {
        match text {
            "sqlite3" => Some(Flavour::Sqlite),
            "postgres" => Some(Flavour::Postgres),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Flavour::Sqlite => "sqlite3",
            Flavour::Postgres => "postgres",
        }
        .to_owned()
    }
}

impl Value for ForeignKeys {
    const EXPECTED: &'static str = "on, off or aging";

    fn read(text: &str) -> Option<Self> {
        match text {
            "on" | "true" => Some(ForeignKeys::On),
            "off" | "false" => Some(ForeignKeys::Off),
            "aging" => Some(ForeignKeys::Aging),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            ForeignKeys::On => "on",
            ForeignKeys::Off => "off",
            ForeignKeys::Aging => "aging",
        }
        .to_owned()
    }
}

/// Where a platform is run, and by whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edition {
    /// By its vendor, for many organisations.
    Cloud,
    /// By the organisation itself.
    OnPremises,
}

impl Value for Edition {
    const EXPECTED: &'static str = "cloud or on-premises";

    fn read(text: &str) -> Option<Self> {
        match text {
            "cloud" => Some(Edition::Cloud),
            "on-premises" => Some(Edition::OnPremises),
            _ => None,
        }
    }

    fn write(&self) -> String {
        match self {
            Edition::Cloud => "cloud",
            Edition::OnPremises => "on-premises",
        }
        .to_owned()
    }
}

/// Declares the settings of one kind of node once: the struct, its defaults, and access by name.
#[macro_export]
macro_rules! settings {
    ($(#[$outer:meta])* $struct:ident {
        $( $field:ident = $name:literal : $type:ty = $default:expr, $about:literal; )+
    }) => {
        $(#[$outer])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $struct { $( #[doc = $about] pub $field: $type, )+ }

        impl Default for $struct {
            fn default() -> Self {
                $struct { $( $field: $default, )+ }
            }
        }

        impl $struct {
            /// Every setting with its default.
            pub fn all() -> Vec<$crate::settings::Setting> {
                let default = $struct::default();
                vec![ $( $crate::settings::Setting { name: $name, default: $crate::settings::Value::write(&default.$field), about: $about } ),+ ]
            }

            /// Chooses a value.
            ///
            /// # Errors
            /// When there is no such setting, or the value doesn't fit it.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), $crate::settings::BadSetting> {
                match name {
                    $( $name => self.$field = <$type as $crate::settings::Value>::read(value).ok_or_else(|| $crate::settings::BadSetting(format!(
                        "setting '{name}' can't be '{value}'; expected {}", <$type as $crate::settings::Value>::EXPECTED)))?, )+
                    _ => {
                        let known: Vec<_> = Self::all().iter().map(|s| s.name).collect();
                        return Err($crate::settings::BadSetting(format!(
                            "there is no setting '{name}' here; expected one of {}", known.join(", "))));
                    }
                }
                Ok(())
            }
        }
    };
}

settings! {
    /// What the operator of a platform may choose (docs/spec/platform.md section 1).
    PlatformSettings {
        deployments_max = "deployments.max_per_api_gateway": u64 = 20,
            "deployments kept for an artifact on a gateway; five more are let in before the oldest go";
        transitional = "deployments.transitional_status_enabled": bool = false,
            "whether a deploy or undeploy waits for the gateway's acknowledgement before it counts as done";
        timeout_enabled = "deployments.timeout_enabled": bool = true,
            "whether deployments that wait for too long are failed";
        timeout_interval = "deployments.timeout_interval": Duration = Duration::from_secs(20),
            "time between two looks for deployments that wait for too long";
        timeout_duration = "deployments.timeout_duration": Duration = Duration::from_secs(60),
            "how long a deployment may wait for an acknowledgement";
        max_connections = "websocket.max_connections": u64 = 1000,
            "gateway connections of one platform process";
        max_connections_per_org = "websocket.max_connections_per_org": u64 = 3,
            "gateway connections of one organisation, replicas included";
        connection_timeout = "websocket.connection_timeout": Duration = Duration::from_secs(30),
            "how long a gateway may leave pings unanswered";
        rate_limit = "websocket.rate_limit_per_minute": u64 = 1000,
            "attempts to connect that one address may make within a minute";
        handshake_timeout = "websocket.handshake_timeout": Duration = Duration::from_secs(10),
            "how long the upgrade of a connection may take (a constant of the real system)";
        driver = "database.driver": Flavour = Flavour::Sqlite,
            "the database behind it";
        foreign_keys = "database.foreign_keys": ForeignKeys = ForeignKeys::On,
            "whether the database enforces foreign keys; the real SQLite pool forgets to after a while, which is 'aging'";
        parameters_max = "database.parameters_max": u64 = 65_535,
            "bind parameters that one statement may have, as far as its kind of database takes as many";
        edition = "edition": Edition = Edition::Cloud,
            "where it is run; on the premises it has another path, and no check of what exists, keys or plans";
        skip_artifacts = "jwt.skip_artifacts": bool = true,
            "whether /api/internal/v1/artifacts is among the paths that need no user's token, as it is by \
             default; who overrides the list may lack it";
        exists_max = "artifacts.exists_max": u64 = 1000,
            "artifacts that one exists call may ask about, where the design has a limit";
        ping_interval = "websocket.ping_interval": Duration = Duration::from_secs(20),
            "time between two pings (a constant of the real system)";
    }
}

settings! {
    /// What the operator of a gateway may choose (docs/spec/gateway.md section 2).
    GatewaySettings {
        reconnect_initial = "reconnect_initial": Duration = Duration::from_secs(1),
            "base of the back-off between attempts to connect; the first wait is twice this";
        reconnect_max = "reconnect_max": Duration = Duration::from_secs(300),
            "longest wait between attempts to connect";
        sync_batch_size = "sync_batch_size": u64 = 50,
            "deployments asked for in one fetch-batch call";
        sync_exists_batch = "sync_exists_batch": u64 = 500,
            "artifacts asked about in one exists call, where the design asks in chunks";
        poll_interval = "event_hub.poll_interval": Duration = Duration::from_secs(3),
            "time between two polls of the event hub";
        cleanup_interval = "event_hub.cleanup_interval": Duration = Duration::from_secs(600),
            "time between two clean-ups of the event hub";
        retention_period = "event_hub.retention_period": Duration = Duration::from_secs(3600),
            "age at which hub events are deleted, and the horizon of deduplication";
        channel = "event_hub.channel": u64 = 100,
            "hub events that may wait for a listener, at least one (a constant of the real system)";
        rest_timeout = "rest_timeout": Duration = Duration::from_secs(30),
            "how long a call to the platform may take (a constant of the real system)";
        handshake_timeout = "handshake_timeout": Duration = Duration::from_secs(10),
            "how long the WebSocket handshake may take (a constant of the real system)";
        heartbeat_timeout = "heartbeat_timeout": Duration = Duration::from_secs(35),
            "how long the platform may leave a gateway without a ping (a constant of the real system)";
        deployment_push = "deployment_push_enabled": bool = false,
            "whether REST APIs made at the gateway itself are registered with the platform";
        driver = "storage.type": Flavour = Flavour::Sqlite,
            "the database behind it";
        foreign_keys = "storage.foreign_keys": bool = true,
            "whether the database enforces foreign keys";
        skip_invalid = "skip_invalid_deployments_on_startup": bool = false,
            "whether a boot goes on when something stored can't be loaded";
    }
}

impl PlatformSettings {
    /// How the database behind a platform is set up.
    pub fn database(&self) -> store::Settings {
        let usual = store::Settings::of(self.driver);
        let parameters_max = usize::try_from(self.parameters_max).unwrap_or(usize::MAX);
        store::Settings {
            foreign_keys: self.foreign_keys,
            parameters_max: usual.parameters_max.min(parameters_max),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_they_are_written() {
        for text in ["0us", "1us", "1500ms", "3s", "90s", "5min", "1h"] {
            assert_eq!(Duration::read(text).map(|d| d.write()).as_deref(), Some(text));
        }
        for text in ["", "s", "3", "3 s", "-1s", "3days", "99999999999999999999s", "9999999999999999h"] {
            assert_eq!(Duration::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_setting_says_what_was_expected() {
        let mut settings = GatewaySettings::default();
        settings.set("event_hub.poll_interval", "1s").expect("a known setting");
        assert_eq!(settings.poll_interval, Duration::from_secs(1));
        let wrong = settings.set("event_hub.poll_interval", "soon").unwrap_err().to_string();
        assert!(wrong.contains("500ms"), "{wrong}");
        assert!(settings.set("poll", "1s").unwrap_err().to_string().contains("event_hub.poll_interval"));
    }

    /// A second writing of docs/spec/platform.md section 1.
    #[test]
    fn a_platform_begins_with_the_defaults_of_the_real_one() {
        let defaults = [
            ("deployments.max_per_api_gateway", "20"),
            ("deployments.transitional_status_enabled", "false"),
            ("deployments.timeout_enabled", "true"),
            ("deployments.timeout_interval", "20s"),
            ("deployments.timeout_duration", "1min"),
            ("websocket.max_connections", "1000"),
            ("websocket.max_connections_per_org", "3"),
            ("websocket.connection_timeout", "30s"),
            ("websocket.rate_limit_per_minute", "1000"),
            ("websocket.handshake_timeout", "10s"),
            ("websocket.ping_interval", "20s"),
            ("database.driver", "sqlite3"),
            ("jwt.skip_artifacts", "true"),
        ];
        let all = PlatformSettings::all();
        for (name, default) in defaults {
            let setting = all.iter().find(|setting| setting.name == name).expect(name);
            assert_eq!(setting.default, default, "{name}");
        }
    }
}
