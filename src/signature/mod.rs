//! Public keys as people declare them, and signatures held against them. Pure: what was signed, with what and when it was
//! first seen are arguments.
//!
//! A signature proves a key and nothing else: not the name in a commit, and not its date, which anybody may write. So the
//! key is looked for among those that somebody declared, and must have been valid when the signature was first seen.

mod key;
mod matching;
mod options;
mod sshsig;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod vectors;

pub use key::{Algorithm, Key, KeyError};
pub use matching::{Why, matching};
pub use options::Validity;
pub use sshsig::{Fault, SignError, is_ssh, sign, verify};

/// The namespace in which git signs commits.
pub const GIT: &str = "git";

/// What a key or a signature may have at most. Whoever writes to a repository decides how long they are.
pub mod limits {
    /// Bytes of a declared key, with its options and comment.
    pub const KEY_BYTES: usize = 16 << 10;
    /// Bytes of a signature in its armour.
    pub const SIGNATURE_BYTES: usize = 64 << 10;
    /// Bits of an RSA key: fewer can be broken, and more are more work than anybody needs.
    pub const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
}
