//! A case: what one row of the specification says, as something that can be tried.
//!
//! Cases are data. What a step means is in the two `play` functions, one for each actor.

/// Something to try. `S` is what can be done with the actor it is about.
#[derive(Clone, Copy)]
pub struct Case<S: 'static> {
    /// Page, section and a word: `platform-8.3-empty-list`. One that is tried for each kind gets the kind's word
    /// behind it.
    pub id: &'static str,
    /// The row of the specification.
    pub row: &'static str,
    /// What it says.
    pub says: &'static str,
    /// What must be so before.
    pub given: &'static [&'static [S]],
    /// What is done, and what is seen.
    pub steps: &'static [S],
    /// What the actor is, where it isn't the usual one.
    pub under: Under,
    /// The kinds it is tried for.
    pub kinds: Kinds,
}

/// Which kinds a case is tried for.
#[derive(Clone, Copy)]
pub enum Kinds {
    /// It speaks of none, or of several by name.
    None,
    /// One, by its word.
    One(&'static str),
    /// Each of the four by itself.
    Each,
}

/// How an actor differs from the usual one.
#[derive(Clone, Copy)]
pub struct Under {
    /// The named design.
    pub design: &'static str,
    /// Settings by name.
    pub settings: &'static [(&'static str, &'static str)],
    /// Whether the database is Postgres.
    pub postgres: bool,
}

/// The usual actor.
const USUAL: Under = Under { design: "as-merged", settings: &[], postgres: false };

/// A case that is not yet said how to try.
pub const fn case<S>(id: &'static str, row: &'static str, says: &'static str) -> Case<S> {
    Case { id, row, says, given: &[], steps: &[], under: USUAL, kinds: Kinds::None }
}

impl<S> Case<S> {
    /// Tried where this is so.
    pub const fn given(self, given: &'static [&'static [S]]) -> Self {
        Case { given, ..self }
    }

    /// Tried like this.
    pub const fn steps(self, steps: &'static [S]) -> Self {
        Case { steps, ..self }
    }

    /// Tried for each kind.
    pub const fn each(self) -> Self {
        Case { kinds: Kinds::Each, ..self }
    }

    /// Tried for one kind.
    pub const fn of(self, kind: &'static str) -> Self {
        Case { kinds: Kinds::One(kind), ..self }
    }

    /// Tried under another design.
    pub const fn design(self, design: &'static str) -> Self {
        Case { under: Under { design, ..self.under }, ..self }
    }

    /// Tried with other settings.
    pub const fn set(self, settings: &'static [(&'static str, &'static str)]) -> Self {
        Case { under: Under { settings, ..self.under }, ..self }
    }

    /// Tried on Postgres.
    pub const fn postgres(self) -> Self {
        Case { under: Under { postgres: true, ..self.under }, ..self }
    }

    /// The identifiers under which it is tried, each with its kind.
    pub fn trials(&self) -> Vec<(String, Option<&'static Kind>)> {
        match self.kinds {
            Kinds::None => vec![(self.id.to_owned(), None)],
            Kinds::One(word) => vec![(self.id.to_owned(), KINDS.iter().find(|kind| kind.word == word))],
            Kinds::Each => {
                KINDS.iter().map(|kind| (format!("{}-{}", self.id, kind.word), Some(kind))).collect()
            }
        }
    }
}

/// The words of a kind, as the specification has them.
pub struct Kind {
    /// What a person calls it.
    pub word: &'static str,
    /// `$(kind)`: in lists and definitions (platform.md section 2).
    pub kind: &'static str,
    /// `$(public)`: the collection for users (platform.md section 4.2).
    pub public: &'static str,
    /// `$(internal)`: the collection for gateways (platform.md section 8).
    pub internal: &'static str,
    /// `$(event)`: the family of its events (platform.md section 7).
    pub event: &'static str,
    /// `$(field)`: the member of an event that says which artifact (platform.md section 7).
    pub field: &'static str,
    /// `$(file)`: the prefix of file names (platform.md section 12).
    pub file: &'static str,
    /// `$(hub)`: the type of its hub events (gateway.md section 5.2).
    pub hub: &'static str,
    /// `$(handle)`: the handle of the artifact that cases speak of.
    pub handle: &'static str,
}

/// The four kinds.
pub const KINDS: [Kind; 4] = [
    Kind {
        word: "rest-api",
        kind: "RestApi",
        public: "rest-apis",
        internal: "apis",
        event: "api",
        field: "apiId",
        file: "api",
        hub: "API",
        handle: "petstore",
    },
    Kind {
        word: "llm-provider",
        kind: "LlmProvider",
        public: "llm-providers",
        internal: "llm-providers",
        event: "llmprovider",
        field: "providerId",
        file: "llm-provider",
        hub: "LLM_PROVIDER",
        handle: "openai",
    },
    Kind {
        word: "llm-proxy",
        kind: "LlmProxy",
        public: "llm-proxies",
        internal: "llm-proxies",
        event: "llmproxy",
        field: "proxyId",
        file: "llm-proxy",
        hub: "LLM_PROXY",
        handle: "chat",
    },
    Kind {
        word: "mcp-proxy",
        kind: "Mcp",
        public: "mcp-proxies",
        internal: "mcp-proxies",
        event: "mcpproxy",
        field: "proxyId",
        file: "mcp-proxy",
        hub: "MCP_PROXY",
        handle: "tools",
    },
];

impl Kind {
    /// Its words by name.
    pub fn words(&self) -> [(&'static str, &'static str); 8] {
        [
            ("kind", self.kind),
            ("public", self.public),
            ("internal", self.internal),
            ("event", self.event),
            ("field", self.field),
            ("file", self.file),
            ("hub", self.hub),
            ("handle", self.handle),
        ]
    }
}

/// A row of the specification that nothing tries, and why.
pub struct Open {
    /// Page and section: `platform-8.5`.
    pub section: &'static str,
    /// The row.
    pub row: &'static str,
    /// Why not.
    pub why: &'static str,
}

/// A row of the specification that nothing tries, and why.
pub const fn open(section: &'static str, row: &'static str, why: &'static str) -> Open {
    Open { section, row, why }
}
