//! Who brought a text into the repository, as far as git and signatures tell.

use std::sync::Arc;

use super::Timestamp;

/// Where the text of a spec comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// This commit brought it in.
    By(Arc<Signed>),
    /// Nobody has committed it yet.
    Uncommitted,
    /// Nobody can tell, and why.
    Unknown(Arc<str>),
}

impl Provenance {
    /// The commit that brought it in, where there is one.
    pub fn signed(&self) -> Option<&Signed> {
        match self {
            Self::By(signed) => Some(signed),
            Self::Uncommitted | Self::Unknown(_) => None,
        }
    }
}

/// A commit: what it claims, and who signed it. Only the signer is proven; anybody may write any name and any date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its id.
    pub commit: Arc<str>,
    /// Who is said to have written it.
    pub author: Person,
    /// Who is said to have committed it.
    pub committer: Person,
    /// When it is said to have been committed.
    pub claimed: Timestamp,
    /// Who signed it.
    pub signer: Signer,
}

/// Somebody as a commit names them, which proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Arc<str>,
    /// The e-mail address.
    pub email: Arc<str>,
}

/// Who signed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// Nobody.
    Unsigned,
    /// Whoever has this key.
    Ssh(SshKey),
    /// Whoever has the OpenPGP key with this fingerprint: that of the primary key, in capital hexadecimal digits.
    Gpg(Arc<str>),
    /// The same, with a key that has expired since, at that time.
    GpgUntil(Arc<str>, Timestamp),
    /// There is a signature that is not good, and why.
    Bad(Arc<str>),
    /// There is a signature of which nobody here can tell whether it is good, and why.
    Unverifiable(Arc<str>),
}

/// A public key of OpenSSH.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SshKey {
    /// `SHA256:` and the digest, as `ssh-keygen -l` prints it.
    pub fingerprint: Arc<str>,
    /// The algorithm and the key, as `.pub` files have them, without a comment.
    pub line: Arc<str>,
}
