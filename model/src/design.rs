//! The decisions of the real system that could have been taken otherwise.
//!
//! Each field is one decision, an enum whose variants say what they mean and who decides so; each is
//! consulted in exactly one place. A decision is what the code does; what an operator may choose is a setting
//! ([`mod@crate::settings`]). Every node of a plan has a design of its own, so that old and new peers can meet.

use std::fmt;
use std::str::FromStr;

/// Declares the decisions once: the enums, the struct, and access by name.
macro_rules! decisions {
    ($( $(#[$doc:meta])* $field:ident = $name:literal : $type:ident {
        $( $(#[$vdoc:meta])* $variant:ident = $vname:literal, )+
    } )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
            pub enum $type { $( $(#[$vdoc])* $variant, )+ }

            impl $type {
                /// Every variant with its name.
                pub const ALL: &'static [(&'static str, $type)] = &[ $( ($vname, $type::$variant), )+ ];
            }
        )+

        /// What a node's code does wherever it could do otherwise.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct Design { $( $(#[$doc])* pub $field: $type, )+ }

        /// One decision, for people to read.
        #[derive(Clone, Debug)]
        pub struct Decision {
            /// Its name.
            pub name: &'static str,
            /// What it is about.
            pub about: String,
            /// Its variants by name, with what they mean.
            pub variants: Vec<(&'static str, String)>,
        }

        impl Design {
            /// Every decision with its variants.
            pub fn decisions() -> Vec<Decision> {
                vec![ $( Decision {
                    name: $name,
                    about: doc(&[$( stringify!($doc) ),*]),
                    variants: vec![ $( ($vname, doc(&[$( stringify!($vdoc) ),*])), )+ ],
                } ),+ ]
            }

            /// The name of the variant that a decision has here.
            pub fn get(&self, decision: &str) -> Option<&'static str> {
                match decision {
                    $( $name => $type::ALL.iter().find(|(_, v)| *v == self.$field).map(|(n, _)| *n), )+
                    _ => None,
                }
            }

            /// Takes a decision otherwise.
            ///
            /// # Errors
            /// When there is no such decision, or no such variant of it.
            pub fn set(&mut self, decision: &str, variant: &str) -> Result<(), UnknownDecision> {
                match decision {
                    $( $name => {
                        self.$field = $type::ALL.iter().find(|(n, _)| *n == variant).map(|(_, v)| *v)
                            .ok_or_else(|| UnknownDecision::variant($name, variant,
                                $type::ALL.iter().map(|(n, _)| *n)))?;
                    } )+
                    _ => return Err(UnknownDecision::decision(decision)),
                }
                Ok(())
            }
        }
    };
}

decisions! {
    /// To whom the platform sends the delete event of an artifact (docs/spec/platform.md section 3.5).
    delete_recipients = "delete-recipients": DeleteRecipients {
        /// Gateways that have a `deployment_status` row for it, read before the delete. Before the change.
        StatusRows = "status-rows",
        /// Every gateway of the organisation. As merged.
        Organisation = "organisation",
    }
    /// Whether the platform answers `POST /artifacts/exists` (docs/spec/platform.md section 8.3).
    exists_endpoint = "exists-endpoint": ExistsEndpoint {
        /// There is no such route, and its path is not exempt from the user's token: 401. Before the change.
        Absent = "absent",
        /// It answers for every id whether the artifact exists in the organisation. As merged.
        Present = "present",
    }
    /// What startup sync does with artifacts that the platform's list lacks (docs/spec/gateway.md section 6.3).
    orphans = "orphans": Orphans {
        /// Deletes them. Before the change.
        Delete = "delete",
        /// Asks the platform whether they exist and keeps those that do. As merged.
        Ask = "ask",
    }
    /// What startup sync makes of a failed exists call (docs/spec/gateway.md section 6.3).
    failed_exists = "failed-exists": FailedExists {
        /// None of the artifacts exists, so all are deleted. The first draft.
        MeansAbsent = "means-absent",
        /// Nothing is known, so nothing is deleted in this sync. As merged.
        KeepsAll = "keeps-all",
    }
    /// Where key sync takes the list of local artifacts from (docs/spec/gateway.md section 7.3).
    key_sync_source = "key-sync-source": KeySyncSource {
        /// The in-memory store, which may still be empty. Before the change.
        Memory = "memory",
        /// The database. As merged.
        Database = "database",
    }
    /// What a delete event for an unknown LLM provider or proxy does (docs/spec/gateway.md section 8.3).
    unknown_llm_delete = "unknown-llm-delete": UnknownLlmDelete {
        /// Nothing but a warning. Before the change.
        Warn = "warn",
        /// Removes leftover keys and tells the other replicas. As merged.
        CleanUp = "clean-up",
    }
}

impl Design {
    /// The named designs, oldest first.
    pub const NAMES: &'static [&'static str] = &["before-fix", "first-draft", "as-merged"];

    /// The state just before the change (docs/spec/change.md).
    pub fn before_fix() -> Self {
        Design {
            delete_recipients: DeleteRecipients::StatusRows,
            exists_endpoint: ExistsEndpoint::Absent,
            orphans: Orphans::Delete,
            failed_exists: FailedExists::KeepsAll,
            key_sync_source: KeySyncSource::Memory,
            unknown_llm_delete: UnknownLlmDelete::Warn,
        }
    }

    /// The change as it was first proposed: a failed question was taken for a "no".
    pub fn first_draft() -> Self {
        Design { failed_exists: FailedExists::MeansAbsent, ..Design::as_merged() }
    }

    /// What the real system does.
    pub fn as_merged() -> Self {
        Design {
            delete_recipients: DeleteRecipients::Organisation,
            exists_endpoint: ExistsEndpoint::Present,
            orphans: Orphans::Ask,
            failed_exists: FailedExists::KeepsAll,
            key_sync_source: KeySyncSource::Database,
            unknown_llm_delete: UnknownLlmDelete::CleanUp,
        }
    }

    /// A sentence on a named design.
    pub fn about(name: &str) -> &'static str {
        match name {
            "before-fix" => "the real system just before the change that fixed issue 1 and issue 3",
            "first-draft" => "the change as first proposed: a failed exists call deletes every candidate",
            "as-merged" => "what the real system does; the default",
            _ => "",
        }
    }

    /// The decisions in which this design differs from `other`, as (decision, here, there).
    pub fn differences(&self, other: &Design) -> Vec<(&'static str, &'static str, &'static str)> {
        Design::decisions()
            .into_iter()
            .filter_map(|d| Some((d.name, self.get(d.name)?, other.get(d.name)?)))
            .filter(|(_, here, there)| here != there)
            .collect()
    }
}

impl Default for Design {
    fn default() -> Self {
        Design::as_merged()
    }
}

impl FromStr for Design {
    type Err = UnknownDecision;

    fn from_str(name: &str) -> Result<Self, UnknownDecision> {
        match name {
            "before-fix" => Ok(Design::before_fix()),
            "first-draft" => Ok(Design::first_draft()),
            "as-merged" => Ok(Design::as_merged()),
            _ => Err(UnknownDecision(format!(
                "there is no design '{name}'; expected one of {}",
                Design::NAMES.join(", ")
            ))),
        }
    }
}

impl fmt::Display for Design {
    /// The named design, or `as-merged` with the decisions in which this one differs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Design::NAMES.iter().find(|name| name.parse().as_ref() == Ok(self));
        match named {
            Some(name) => f.write_str(name),
            None => {
                f.write_str("as-merged")?;
                for (name, here, _) in self.differences(&Design::as_merged()) {
                    write!(f, " {name}={here}")?;
                }
                Ok(())
            }
        }
    }
}

/// A design, decision or variant that doesn't exist, and what does.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnknownDecision(pub String);

impl UnknownDecision {
    fn decision(name: &str) -> Self {
        let known: Vec<_> = Design::decisions().iter().map(|d| d.name).collect();
        UnknownDecision(format!("there is no decision '{name}'; expected one of {}", known.join(", ")))
    }

    fn variant(decision: &str, name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        let known: Vec<_> = known.collect();
        UnknownDecision(format!(
            "decision '{decision}' has no variant '{name}'; expected one of {}",
            known.join(", ")
        ))
    }
}

/// The text of a doc comment, from the attribute as the macro sees it: `doc = r" …"`.
fn doc(attributes: &[&str]) -> String {
    let lines = attributes.iter().filter_map(|a| a.split_once('"')).map(|(_, rest)| {
        let end = rest.rfind('"').unwrap_or(rest.len());
        rest[..end].trim().to_owned()
    });
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_design_is_found_by_its_name() {
        for name in Design::NAMES {
            let design: Design = name.parse().expect("a named design parses");
            assert_eq!(&design.to_string(), name);
            assert!(!Design::about(name).is_empty());
        }
    }

    #[test]
    fn decisions_explain_themselves() {
        for decision in Design::decisions() {
            assert!(decision.about.ends_with('.'), "{decision:?}");
            assert!(decision.variants.iter().all(|(_, about)| about.ends_with('.')), "{decision:?}");
        }
    }

    #[test]
    fn setting_a_decision_by_name_shows_in_the_name_of_the_design() {
        let mut design = Design::as_merged();
        design.set("orphans", "delete").expect("a known variant");
        assert_eq!(design.to_string(), "as-merged orphans=delete");
        assert!(design.set("orphans", "keep").unwrap_err().to_string().contains("delete, ask"));
        assert!(design.set("orphan", "keep").unwrap_err().to_string().contains("orphans"));
    }
}
