//! What the journal keeps of each movement of money.

use std::time::Duration;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A recharge or a refund: they share one set of order numbers (document of onepay, 1.3).
    Order,
    /// A deduction, by its deductionID.
    Deduction,
    /// The cancellation of the deduction with that deductionID.
    Cancellation,
}

impl EntryKind {
    /// The word in a store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Deduction => "deduction",
            Self::Cancellation => "cancellation",
        }
    }

    /// The platform that it is a matter of.
    pub fn platform(self) -> &'static str {
        if self == Self::Order { "onepay" } else { "glory" }
    }

    /// What the contract calls its number.
    pub fn number_name(self) -> &'static str {
        if self == Self::Order { "orderNo" } else { "deductionID" }
    }

    /// By its word; none for any other.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Order, Self::Deduction, Self::Cancellation].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which movement of money: asked for again, it is the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// What it is about.
    pub kind: EntryKind,
    /// Whose it is: the appId or the orgCode.
    pub account: String,
    /// The order number, the refund's own number, or the deductionID.
    pub number: String,
}

/// A movement of money that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Which it is.
    pub key: EntryKey,
    /// The `transType` or the path.
    pub service: String,
    /// The profile's name.
    pub profile: String,
    /// A digest of all that makes it this movement and no other.
    pub content: String,
    /// The amount in fen, where there is one.
    pub fen: Option<i64>,
    /// The content, sealed: a store need not be able to read it.
    pub param: Vec<u8>,
    /// How long the call may still take. Whoever is not heard of for longer is taken for dead.
    pub lease: Duration,
}

/// What is known of a movement of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    /// Somebody who is alive is sending it.
    Sending,
    /// It may have arrived; nobody knows.
    Unknown,
    /// The platform is still trading.
    Pending,
    /// Done.
    Succeeded,
    /// The platform said no.
    Failed,
    /// It surely did not arrive, or the platform, asked, does not know it: it may be sent again.
    Unsent,
}

impl EntryState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Sending, Self::Unknown, Self::Pending, Self::Succeeded, Self::Failed, Self::Unsent];

    /// The word in a store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unsent => "unsent",
        }
    }

    /// By its word; none for any other.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing is open any more.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Unsent)
    }
}

/// The right to send an entry, until somebody else takes it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim(pub i64);

/// A row of the journal. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which movement it is.
    pub key: EntryKey,
    /// The `transType` or the path.
    pub service: String,
    /// The name of the profile that sent it last.
    pub profile: String,
    /// A digest of its content.
    pub content: String,
    /// The amount in fen.
    pub fen: Option<i64>,
    /// The content, sealed.
    pub param: Vec<u8>,
    /// The machine that sent it last.
    pub host: String,
    /// The process that sent it last.
    pub process: u32,
    /// The right under which it was sent last.
    pub claim: Claim,
    /// How often it was about to be sent.
    pub sends: u32,
    /// When it was first written down.
    pub begun: i64,
    /// When it was last about to be sent.
    pub sent: i64,
    /// When its state last changed.
    pub changed: i64,
    /// What is known of it.
    pub state: EntryState,
    /// The code of the latest reply; empty before the first.
    pub code: String,
    /// The latest reply, sealed; empty before the first.
    pub outcome: Vec<u8>,
}

/// What became of a movement of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Any state but `Sending`.
    pub state: EntryState,
    /// The reply's code.
    pub code: String,
    /// The reply, sealed.
    pub outcome: Vec<u8>,
}

/// The answer to an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is written down: this call may send.
    New(Claim),
    /// It was there, and is untouched.
    Known(Box<Entry>),
}

/// Which entries to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFilter {
    /// The appId or orgCode that each kind listed goes by; other kinds and accounts are left out.
    pub accounts: Vec<(EntryKind, String)>,
    /// The states wanted; all where there is none.
    pub states: Vec<EntryState>,
    /// Begun at this moment or later.
    pub since: i64,
    /// Begun before this moment.
    pub until: i64,
    /// At most so many, the newest first.
    pub limit: u32,
}
