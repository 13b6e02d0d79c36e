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
    /// Whether a platform tells what it wants beside what has become of it: with its list of deployments what was asked
    /// for of each, and, with that list and in the body of each ping, a digest of all that the gateway ought to have.
    ///
    /// Answers `another-instance-tells-only-its-own` and whatever event was lost: a gateway learns within a ping that
    /// it lacks something, or that its last sync failed. Costs no message; a field for each row of the list, 32 bytes in
    /// a ping that is sent anyway, and one query for each ping, or a counter for each organisation that every write
    /// raises. An older gateway ignores all of it; with an older platform a newer gateway goes by the state, and does
    /// nothing about empty pings.
    revision = "revision": Revision {
        /// It doesn't. As merged.
        IsUntold = "is-untold",
        /// It does. `hardened`.
        IsTold = "is-told",
    }
    /// Of which artifacts the platform lists keys to a gateway (docs/spec/platform.md section 8.4).
    ///
    /// Answers `reconnect-loses-keys` and `retained-artifact-loses-its-keys`: a list that is silent about an artifact
    /// can't say that its keys are gone. Costs the keys of what is deployed elsewhere, as events of LLM keys do already.
    /// An older gateway stores those too, and drops them with the artifact's delete; an older platform takes the keys of
    /// what it doesn't list, as it did.
    listed_keys = "listed-keys": ListedKeys {
        /// Those with a status row on it, whatever the keys' targets. As merged.
        OfDeployed = "of-deployed",
        /// All of its organisation, as far as the keys' targets include it. `hardened`.
        OfOrganisation = "of-organisation",
    }
    /// Whether the platform's lists of keys say to which applications each belongs.
    ///
    /// Answers `a-deleted-application-keeps-its-keys` and `a-mapping-of-an-apis-key-is-told-nobody`: events of
    /// applications go by what is deployed, and no list repairs them. Costs some 100 bytes for each key that is mapped.
    /// An older gateway ignores it; from an older platform a newer gateway keeps what it has.
    listed_mappings = "listed-mappings": ListedMappings {
        /// No. As merged.
        None = "none",
        /// Yes. `hardened`.
        WithKeys = "with-keys",
    }
    /// In how many transactions the platform writes a deploy (docs/spec/platform.md section 3.2).
    ///
    /// Answers `refused-deploy-counts-as-deployed`, `a-refused-deploy-is-served`, `a-failure-of-an-unknown-instant`,
    /// `a-sync-between-the-two-writes-of-a-deploy`, `a-deployed-api-without-a-gateway`,
    /// `unwritten-status-is-fetched-at-every-start` and `a-deploy-that-crosses-a-delete`. Costs nothing: a transaction
    /// less. No peer sees it.
    deploy_writes = "deploy-writes": DeployWrites {
        /// The deployment with its status, the association, and the status once more with its final instant. As merged.
        InSeveralTransactions = "in-several-transactions",
        /// All of it in one, if the artifact is there by then. `hardened`.
        InOneTransaction = "in-one-transaction",
    }
    /// In how many transactions the platform makes an organisation with its first project (docs/spec/platform.md
    /// section 2.1).
    ///
    /// Answers `an-organisation-without-its-project`. Costs nothing: a transaction less. No peer sees it.
    organisation_writes = "organisation-writes": OrganisationWrites {
        /// The organisation, then the project. As merged.
        InTwoTransactions = "in-two-transactions",
        /// Both in one. `hardened`.
        InOneTransaction = "in-one-transaction",
    }
    /// What a request that tells gateways waits for (docs/spec/platform.md section 6.5).
    ///
    /// Answers `slow-gateway-keeps-a-delete-from-others`, `slow-gateway-makes-a-delete-panic` and
    /// `two-writers-on-one-connection`. Costs a task and at most 256 frames of memory for each connection; one that
    /// leaves more waiting is closed, connects again and asks. No peer sees it.
    telling = "telling": Telling {
        /// For each socket in turn to take the bytes; nothing keeps two writers apart. As merged.
        WritesToSockets = "writes-to-sockets",
        /// For nobody: each connection has a queue and one writer. `hardened`.
        FillsQueues = "fills-queues",
    }
    /// How the platform adds a connection to those of its gateway, and takes one off (docs/spec/platform.md section 6.4).
    ///
    /// Answers `a-dead-connection-takes-a-place`. Costs a lock that is held for a few instructions. No peer sees it.
    registry = "registry": RegistryWrites {
        /// It reads them and writes them back, and of two at once one is lost. As merged.
        WithoutALock = "without-a-lock",
        /// The same, one after the other. `hardened`.
        UnderALock = "under-a-lock",
    }
    /// What becomes of a REST API's key of which no gateway could be told (docs/spec/platform.md section 4.4).
    ///
    /// Answers `a-refused-key-is-there`: the row is written before anybody is told. Costs nothing; a success no longer
    /// says that somebody has heard of it, which it said of one gateway only. No peer sees it.
    untold_key = "untold-key": UntoldKey {
        /// It is refused, and stays. As merged.
        IsRefused = "is-refused",
        /// It counts, and gateways have it from their next list. `hardened`.
        IsKept = "is-kept",
    }
    /// What the platform makes of a success that it had given up waiting for (docs/spec/platform.md section 3.8).
    ///
    /// Answers `a-timeout-is-never-taken-back` and `an-acknowledgement-is-sent-once`. Costs nothing. To an older gateway
    /// it makes no difference but that a late acknowledgement counts.
    late_success = "late-success": LateSuccess {
        /// Nothing: what has failed stays so. As merged.
        IsIgnored = "is-ignored",
        /// That it was done after all, if it is what was asked for last. `hardened`.
        IsBelieved = "is-believed",
    }
    /// Whether a platform on the premises has the lists of keys and plans and the exists check (docs/spec/gateway.md
    /// sections 6.3 and 7).
    ///
    /// Answers the findings on the premises, with `premises-sync`. Costs what they cost in the cloud. An older gateway
    /// doesn't ask.
    premises_lists = "premises-lists": PremisesLists {
        /// It hasn't. As merged.
        Absent = "absent",
        /// It has, as in the cloud. `hardened`.
        Present = "present",
    }
    /// How many artifacts one exists call is about (docs/spec/change.md, the review's second remark).
    ///
    /// Answers `more-orphans-than-a-statement-binds`, which is that remark: one statement is made of as many identifiers
    /// as anybody sends. Costs a comparison on the platform, and a call for each 500 orphans. An older gateway with more
    /// orphans than the platform lets it ask about is refused and deletes none of them, as it was beyond what the
    /// database binds; to an older platform it makes no difference.
    exists_calls = "exists-calls": ExistsCalls {
        /// Any number: a gateway asks about all at once. As merged.
        Unbounded = "unbounded",
        /// As many as the setting `artifacts.exists_max` says, above it is a 400; a gateway asks in chunks of
        /// `sync_exists_batch`, each of which decides for its own. `hardened`.
        Bounded = "bounded",
    }
    /// What a gateway does with an event of the platform (docs/spec/gateway.md section 8).
    ///
    /// Answers what comes late or out of order: `a-key-outlives-its-api`, `a-subscription-outlives-its-api`,
    /// `delete-during-a-sync`, `a-handle-taken-up-at-once`, `a-late-revocation-takes-a-key-that-is-good-again`,
    /// `keys-made-before-a-deployment`, `what-is-written-last-is-told-first`, `a-key-newer-than-the-list-is-taken` and
    /// others. Costs a sync for each burst of events: the list of deployments, three
    /// of keys, one of plans, one of subscriptions for each REST API. An older platform is asked the same.
    event_content = "event-content": EventContent {
        /// Does what it says. As merged.
        IsApplied = "is-applied",
        /// Takes it for a sign that something has changed, and asks what is the case. `hardened`.
        IsAskedAbout = "is-asked-about",
    }
    /// When a gateway asks for its deployments, and not only for keys, plans and subscriptions (docs/spec/gateway.md
    /// section 3.4).
    ///
    /// Answers `deploy-while-the-connection-is-down`, `delete-while-the-connection-is-down`,
    /// `a-lost-delete-keeps-the-handle` and, with `revision`, whatever else was not told. Costs a list for each connect
    /// and for each ping after a change. From an older platform, whose pings say nothing, it has the connects.
    full_sync = "full-sync": FullSync {
        /// At the first connect of a process. As merged.
        AtFirstConnect = "at-first-connect",
        /// At every connect, and when a ping has another revision than its last sync. `hardened`.
        WheneverItDiffers = "whenever-it-differs",
    }
    /// How a sync writes what it was answered (docs/spec/gateway.md sections 6.2 to 7.3).
    ///
    /// Answers `a-slow-replica-brings-it-back`, `keys-are-not-fetched-with-a-deployment-on-premises`,
    /// `a-key-outlives-a-proxy-that-never-came` and, with
    /// `event-content`, whatever an old answer overwrites. Costs a row for the turn, and that all of an answer is in
    /// memory before any of it is written. Replicas of an older design write beside it without taking turns.
    sync_writes = "sync-writes": SyncWrites {
        /// Step by step, beside everything else. As merged.
        OneByOne = "one-by-one",
        /// In one transaction, if no other sync of the gateway has begun since this one asked. `hardened`.
        InTurn = "in-turn",
    }
    /// What a sync does with an artifact that exists and isn't listed (docs/spec/gateway.md section 6.3).
    ///
    /// Answers `a-deployment-deleted-under-way`, `a-deployment-that-ended-while-a-gateway-was-away` and
    /// `a-deployment-that-ends-during-a-sync`. Costs nothing.
    /// No peer sees it.
    unlisted = "unlisted": Unlisted {
        /// Keeps it as it is. As merged.
        StaysAsItIs = "stays-as-it-is",
        /// Keeps it, and serves it no more. `hardened`.
        IsUndeployed = "is-undeployed",
    }
    /// As what a sync stores a deployment that is another than the one here (docs/spec/gateway.md section 6.2).
    ///
    /// Answers `deployed-and-undeployed-while-away`. Costs nothing, and saves a fetch. No peer sees it.
    fetched_state = "fetched-state": FetchedState {
        /// As deployed, whatever the list says. As merged.
        Deployed = "deployed",
        /// As the list says. `hardened`.
        AsListed = "as-listed",
    }
    /// Whether a sync acknowledges what it did (docs/spec/gateway.md section 11).
    ///
    /// Answers `synced-deployment-counts-as-failed` and `an-acknowledgement-is-sent-once`. Costs a frame for each row of
    /// the list that doesn't say what is the case. An older platform takes them for those of events.
    sync_acks = "sync-acks": SyncAcks {
        /// No. As merged.
        None = "none",
        /// Wherever the platform says something else. `hardened`.
        WhatDiffers = "what-differs",
    }
    /// What a process's memory is made after (docs/spec/gateway.md section 9.4).
    ///
    /// Answers `an-old-snapshot-of-routes`, `a-key-given-back-to-two-replicas`, `a-key-made-anew-during-a-sync`,
    /// `a-handle-taken-up-while-a-start-frees-it`, `a-key-is-told-in-another-order-than-it-changed` and others. Costs that all is read for whatever is new, once for each
    /// poll. No peer sees it, replicas neither.
    memory = "memory": MemoryFollows {
        /// One event of the hub after the other; what it can't take up it drops. As merged.
        Events = "events",
        /// The database as a whole, in one step. `hardened`.
        Database = "database",
    }
    /// When a gateway that changes its database tells its replicas, itself among them (docs/spec/gateway.md section 9.1).
    ///
    /// Answers `what-is-made-at-a-gateway-is-told-nobody`: a change that is kept whose event is lost. Costs nothing: a
    /// transaction less, since events lie in the same database; a delete then goes as a whole or not at all. No peer
    /// sees it, replicas neither.
    hub_events = "hub-events": HubEvents {
        /// When the change is made, in a transaction of its own. As merged.
        AfterTheChange = "after-the-change",
        /// In the transaction of the change: in syncs, and in what somebody does at the gateway. `hardened`.
        WithTheChange = "with-the-change",
    }
    /// By which clock a gateway finds that its platform is silent (docs/spec/gateway.md section 3.5).
    ///
    /// Answers `a-clock-set-back-hides-a-silent-platform`. Costs nothing. No peer sees it.
    silence = "silence": Silence {
        /// The machine's, which may be set back. As merged.
        WallClock = "wall-clock",
        /// One that only goes on. `hardened`.
        Uptime = "uptime",
    }
    /// What a gateway on the premises asks for (docs/spec/gateway.md sections 6.3 and 7).
    ///
    /// Answers `keys-made-while-a-gateway-on-premises-is-away`, `a-plan-made-while-a-gateway-on-premises-is-away`,
    /// `on-premises-subscriptions-go-with-their-api` and others, with `premises-lists`. Costs what it costs in
    /// the cloud. An older platform refuses; then orphans, keys and plans stay.
    premises_sync = "premises-sync": PremisesSync {
        /// Deployments. What isn't listed is deleted unasked. As merged.
        Deployments = "deployments",
        /// All that a gateway in the cloud asks for. `hardened`.
        Everything = "everything",
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
