//! Why what somebody says of a task does not count.

use std::fmt;

macro_rules! reasons {
    ($($(#[$doc:meta])* $reason:ident $word:literal),+ $(,)?) => {
        /// Why what somebody says of a task does not count.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $reason),+ }

        impl Reason {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$reason),+];

            /// Its code, as it is printed and explained.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$reason => $word),+ }
            }
        }
    };
}

reasons! {
    /// It is their own work: they asked for it, do it or have committed it.
    Own "approval/own-work",
    /// It is the work of an agent that they own.
    Owned "approval/owned-agent",
    /// An AI agent cannot say yes.
    NotHuman "approval/not-human",
    /// No spec declares them.
    Undeclared "approval/undeclared",
    /// The policy does not ask them.
    NotAsked "approval/not-asked",
    /// No policy asks for agreement to that task.
    NoRequest "approval/no-request",
    /// It was said once already, and counts once.
    Replayed "approval/replayed",
    /// No row of the audit tells that it was said, or that it was said so.
    Forged "approval/forged",
    /// It was said to something else than what there is now.
    Changed "approval/changed",
    /// It has run out.
    Expired "approval/expired",
    /// It is dated after the start, or in the future.
    NotInTime "approval/not-in-time",
    /// Enough others have said it before.
    Decided "approval/decided",
    /// It must be signed, and is not.
    Unsigned "approval/unsigned",
    /// It is signed with somebody else's key.
    WrongSigner "approval/wrong-signer",
    /// Its signature is not good.
    BadSignature "approval/bad-signature",
    /// The key that signed it had run out when it was first seen.
    KeyExpired "approval/key-expired",
    /// Nothing shows who says so.
    NoCredential "approval/no-credential",
    /// The clock shows an earlier time than what is on record already.
    ClockBack "approval/clock-back",
    /// The policy lets nobody, or not them, go ahead without a yes.
    NoBreakGlass "approval/no-break-glass",
    /// What must be approved before it starts was not.
    Gated "approval/gated",
}

/// Why what somebody says of a task does not count, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The reason.
    pub reason: Reason,
    /// The particulars.
    pub words: String,
}

impl Denial {
    /// A denial for that reason.
    pub fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self { reason, words: words.into() }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
