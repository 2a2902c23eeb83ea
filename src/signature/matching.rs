//! Whether a signature is somebody's.

use std::sync::Arc;

use super::Key;
use crate::model::{Signer, Timestamp};

/// Why a signature does not count as somebody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nobody signed.
    #[error("it is not signed")]
    Unsigned,
    /// The signature is not good.
    #[error("its signature is not good: {0}")]
    Bad(Arc<str>),
    /// Nobody here can tell whether the signature is good.
    #[error("its signature cannot be checked: {0}")]
    Unverifiable(Arc<str>),
    /// The key is none of theirs.
    #[error("it is signed with the key {0}, which is none of theirs")]
    NotTheirs(Arc<str>),
    /// The key is theirs, but not for this.
    #[error("it is signed with a key of theirs that does not count for `{0}`")]
    OtherPurpose(Arc<str>),
    /// The key is theirs, but was not valid yet.
    #[error("it is signed with a key of theirs that is valid only from {from}")]
    NotYetValid {
        /// From when.
        from: Timestamp,
    },
    /// The key was theirs, and was not valid any more.
    #[error("it is signed with a key of theirs that was valid until {at}, and was first seen after that")]
    Expired {
        /// Until when.
        at: Timestamp,
    },
}

/// Whether one of somebody's keys made a signature in that namespace, and was valid when the signature was first seen. The
/// date that a commit claims must never be given here: whoever has stolen an old key can write any.
///
/// # Errors
/// [`Why`] it does not count. Where the same key is declared several times, what is said is about the first of them.
pub fn matching(keys: &[Key], signer: &Signer, namespace: &str, seen: Timestamp) -> Result<(), Why> {
    let fingerprint = match signer {
        Signer::Unsigned => return Err(Why::Unsigned),
        Signer::Bad(why) => return Err(Why::Bad(why.clone())),
        Signer::Unverifiable(why) => return Err(Why::Unverifiable(why.clone())),
        Signer::Ssh(key) => &key.fingerprint,
        Signer::Gpg(fingerprint) | Signer::GpgUntil(fingerprint, _) => fingerprint,
    };
    let ended = match signer {
        Signer::GpgUntil(_, at) if seen > *at => Err(Why::Expired { at: *at }),
        _ => Ok(()),
    };
    let mut first = None;
    for key in keys.iter().filter(|key| key.is_of(signer)) {
        match counts(key, namespace, seen).and(ended.clone()) {
            Ok(()) => return Ok(()),
            Err(why) => first = first.or(Some(why)),
        }
    }
    Err(first.unwrap_or_else(|| Why::NotTheirs(fingerprint.clone())))
}

fn counts(key: &Key, namespace: &str, seen: Timestamp) -> Result<(), Why> {
    let validity = key.validity();
    if !validity.covers(namespace) {
        return Err(Why::OtherPurpose(namespace.into()));
    }
    if let Some(from) = validity.after.filter(|from| seen < *from) {
        return Err(Why::NotYetValid { from });
    }
    validity.before.filter(|until| seen > *until).map_or(Ok(()), |at| Err(Why::Expired { at }))
}
