//! Every decision: an enum whose variants say what they mean and who decides so.
//!
//! They are declared once, and the enums, the struct, the access by name and what `driftless list decisions`
//! prints follow. Which design takes which variant is said in [`super`], and which variant was a defect of the
//! real system once in [`super::MUTANTS`].

use super::UnknownDecision;

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
    /// To whom the platform sends the events of a subscription plan (docs/spec/platform.md sections 4.5 and 7).
    plan_recipients = "plan-recipients": PlanRecipients {
        /// Every gateway there is, whosever it is. Never.
        EveryGateway = "every-gateway",
        /// Every gateway of the organisation. As merged.
        Organisation = "organisation",
    }
    /// When a new artifact is counted against what its organisation may have (docs/spec/platform.md section 3.6).
    quota_check = "quota-check": QuotaCheck {
        /// When it is there, so one too many is refused and stays. Never.
        AfterInsert = "after-insert",
        /// Before anything is written. As merged.
        BeforeInsert = "before-insert",
    }
    /// By what an event of the platform names its artifact (docs/spec/platform.md section 7).
    event_identity = "event-identity": EventIdentity {
        /// LLM providers and proxies by their handle, in events of their keys too; a gateway looks up UUIDs. Once.
        LlmHandle = "llm-handle",
        /// Every artifact by its UUID. As merged.
        Uuid = "uuid",
    }
    /// Which deploys tell the gateway although their status wasn't written (docs/spec/platform.md section 3.2).
    unwritten_status = "unwritten-status": UnwrittenStatus {
        /// Those of every kind, and the gateway's ack then repeats an instant that no row has. Once.
        IsTold = "is-told",
        /// Those of REST APIs and LLM proxies; LLM providers and MCP proxies refuse. As merged.
        IsToldByKind = "is-told-by-kind",
    }
    /// Which instant the platform's list gives a deployment (docs/spec/platform.md section 8.1).
    listed_instant = "listed-instant": ListedInstant {
        /// When its row was last written, which an acknowledgement does too; no event ever had it. Once.
        UpdatedAt = "updated-at",
        /// When the user asked, as the event said. As merged.
        PerformedAt = "performed-at",
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
        /// A refusal is asked again, and a second one means that none of them exists; what isn't answered keeps
        /// everything. Never.
        SecondRefusalMeansAbsent = "second-refusal-means-absent",
    }
    /// Which startup sync does first, fetch what came or delete what left (docs/spec/gateway.md section 6.2).
    sync_order = "sync-order": SyncOrder {
        /// It fetches what came, which is refused while what left still has its handle. Once.
        FetchesFirst = "fetches-first",
        /// It deletes what left, so that its handle is free. As merged.
        DeletesFirst = "deletes-first",
    }
    /// Which deployments startup sync fetches of artifacts not here (docs/spec/gateway.md section 6.2).
    unknown_deployments = "unknown-deployments": UnknownDeployments {
        /// All of them; what is fetched is stored as deployed, undeployed or not. Once.
        AreFetched = "are-fetched",
        /// Those that the platform lists as deployed. As merged.
        AreFetchedIfDeployed = "are-fetched-if-deployed",
    }
    /// When startup sync writes what it has fetched (docs/spec/gateway.md section 6.4).
    fetched_definitions = "fetched-definitions": FetchedDefinitions {
        /// When all of it is fetched; by then some of it may be gone. Never.
        AreWrittenAtTheEnd = "are-written-at-the-end",
        /// Chunk by chunk, before the next is asked for. As merged.
        AreWrittenByChunk = "are-written-by-chunk",
    }
    /// What startup sync makes of a state that is another on the platform (docs/spec/gateway.md section 6.5).
    synced_state = "synced-state": SyncedState {
        /// That the artifact is undeployed, whichever way it changed. Once.
        AlwaysUndeployed = "always-undeployed",
        /// What the platform lists. As merged.
        AsListed = "as-listed",
    }
    /// Under which identifier startup sync publishes a changed state (docs/spec/gateway.md sections 1 and 6.5).
    synced_state_topic = "synced-state-topic": SyncedStateTopic {
        /// The platform's for this gateway, to which no replica listens. Once.
        PlatformUuid = "platform-uuid",
        /// The one that the operator chose and the replicas listen to. As merged.
        LocalId = "local-id",
    }
    /// What subscription and key sync ask about (docs/spec/gateway.md sections 7.2 and 7.3).
    bulk_sync_scope = "bulk-sync-scope": BulkSyncScope {
        /// Artifacts in memory; of a kind that memory has none of, no keys are fetched at all. Once.
        Memory = "memory",
        /// All artifacts here, and keys of every kind. As merged.
        Everything = "everything",
    }
    /// Who hears that a key was taken from an application (docs/spec/platform.md section 4.5).
    unmapped_key = "unmapped-key": UnmappedKey {
        /// Nobody, until the application is changed otherwise. The real system never did so.
        IsNotTold = "is-not-told",
        /// The gateways that have an artifact of one of its keys, the removed one among them. As merged.
        IsTold = "is-told",
    }
    /// Where key sync takes the list of local artifacts from (docs/spec/gateway.md section 7.3).
    key_sync_source = "key-sync-source": KeySyncSource {
        /// The in-memory store, which may still be empty. Before the change.
        Memory = "memory",
        /// The database. As merged.
        Database = "database",
    }
    /// What identifies the hub event of a key that was synced (docs/spec/gateway.md sections 7.3 and 9.1).
    key_event_id = "key-event-id": KeyEventId {
        /// The artifact and the name, so the next change of that key goes for a duplicate. Once.
        Name = "name",
        /// The platform's etag, which is another for each change. As merged.
        Change = "change",
    }
    /// What a late change of an artifact does to a newer one (docs/spec/gateway.md section 5.1).
    late_write = "late-write": LateWrite {
        /// It overwrites it, is published and acknowledged: whoever comes last wins. Once.
        Overwrites = "overwrites",
        /// Nothing: the write is refused, and the event is neither published nor acknowledged. As merged.
        IsRefused = "is-refused",
    }
    /// What a gateway does with an artifact that is undeployed (docs/spec/gateway.md section 8.2).
    undeploy = "undeploy": Undeploy {
        /// Deletes it with its keys and its definition. Once.
        Deletes = "deletes",
        /// Keeps all of it and no longer serves it. As merged.
        Keeps = "keeps",
    }
    /// What a gateway tells the platform when it couldn't get a definition (docs/spec/gateway.md section 8.1).
    unfetched_definition = "unfetched-definition": UnfetchedDefinition {
        /// Nothing. Once.
        IsSilent = "is-silent",
        /// That it failed to deploy it. As merged.
        IsAcknowledged = "is-acknowledged",
    }
    /// Whether a gateway knows the event that a REST API was deleted (docs/spec/gateway.md section 8.3).
    api_deleted = "api-deleted": ApiDeleted {
        /// It drops it like those of any unknown type. Once.
        IsUnknown = "is-unknown",
        /// It deletes the API. As merged.
        IsHandled = "is-handled",
    }
    /// What a gateway does with the UUID in the delete event of an MCP proxy (docs/spec/gateway.md section 8.3).
    deleted_mcp_uuid = "deleted-mcp-uuid": DeletedMcpUuid {
        /// Takes it for a handle, under which there is nothing. Once.
        IsTakenForHandle = "is-taken-for-handle",
        /// Looks the proxy up by it and deletes it by its handle. As merged.
        IsLookedUp = "is-looked-up",
    }
    /// What becomes of the subscriptions of a deleted REST API (docs/spec/gateway.md sections 5.3 and 9.4).
    deleted_api_subscriptions = "deleted-api-subscriptions": DeletedApiSubscriptions {
        /// Their rows stay, and their tokens until somebody else has the snapshot rebuilt. Once.
        Stay = "stay",
        /// They go with it, on every replica. As merged.
        Go = "go",
    }
    /// Which kinds a booting gateway makes routes and policies of (docs/spec/gateway.md section 3.1).
    boot_hydration = "boot-hydration": BootHydration {
        /// REST APIs and MCP proxies; LLM providers and proxies wait until something happens to them. Once.
        WithoutLlm = "without-llm",
        /// All of them. As merged.
        EveryKind = "every-kind",
    }
    /// What a delete event for an unknown LLM provider or proxy does (docs/spec/gateway.md section 8.3).
    unknown_llm_delete = "unknown-llm-delete": UnknownLlmDelete {
        /// Nothing but a warning. Before the change.
        Warn = "warn",
        /// Removes leftover keys and tells the other replicas. As merged.
        CleanUp = "clean-up",
    }
    /// What the platform does about the others when a gateway can't be told (docs/spec/platform.md section 3.5).
    untold_gateway = "untold-gateway": UntoldGateway {
        /// Those behind it in the list aren't told either. Never.
        EndsTheTelling = "ends-the-telling",
        /// It tells them all the same. As merged.
        IsPassedOver = "is-passed-over",
    }
    /// Which statuses wait for too long in the eyes of the platform (docs/spec/platform.md section 3.8).
    waiting_statuses = "waiting-statuses": WaitingStatuses {
        /// Those that aren't what was asked for, failed ones among them: they fail again at every look. Never.
        NotAsAsked = "not-as-asked",
        /// Those in transition. As merged.
        InTransition = "in-transition",
    }
    /// What a gateway takes for a sign that its platform is there (docs/spec/gateway.md section 3.5).
    sign_of_life = "sign-of-life": SignOfLife {
        /// That it could connect, and no ping since. Never.
        Connect = "connect",
        /// Every ping. As merged.
        Ping = "ping",
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
