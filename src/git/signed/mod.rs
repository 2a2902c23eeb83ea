//! Who signed a commit. What git says of a signature is never asked: only what was signed, and the keys that made it, count.

pub(super) mod gpg;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use git2::{ErrorCode, Oid, Repository};

use super::limits;
use crate::model::{Person, Signed, Signer, Timestamp};
use crate::signature;

/// A commit, and who signed it. `home` is where gpg has its keys, where that is not where it has them by itself.
pub(super) fn signed(repository: &Repository, id: Oid, home: Option<&Path>) -> Result<Signed, git2::Error> {
    let commit = repository.find_commit(id)?;
    Ok(Signed {
        commit: id.to_string().into(),
        author: person(&commit.author()),
        committer: person(&commit.committer()),
        claimed: Timestamp::from_secs(commit.time().seconds()),
        signer: signer(repository, id, home)?,
    })
}

/// Whoever wrote the commit decides what stands there, and how long it is.
fn person(signature: &git2::Signature<'_>) -> Person {
    let text = |bytes: &[u8]| -> Arc<str> {
        String::from_utf8_lossy(bytes.get(..limits::PERSON_BYTES).unwrap_or(bytes)).as_ref().into()
    };
    Person { name: text(signature.name_bytes()), email: text(signature.email_bytes()) }
}

fn signer(repository: &Repository, id: Oid, home: Option<&Path>) -> Result<Signer, git2::Error> {
    let (bytes, _) = repository.odb()?.read_header(id)?;
    if bytes > limits::COMMIT_BYTES {
        return Ok(Signer::Unverifiable(format!("the commit has {bytes} bytes, more than anybody writes").into()));
    }
    let (signature, payload) = match repository.extract_signature(&id, None) {
        Ok(found) => found,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(Signer::Unsigned),
        Err(error) => return Ok(Signer::Bad(format!("git cannot read it: {}", error.message().trim()).into())),
    };
    let Ok(signature) = std::str::from_utf8(&signature) else { return Ok(Signer::Bad("it is no text".into())) };
    if signature.len() > signature::limits::SIGNATURE_BYTES {
        return Ok(Signer::Bad(signature::Fault::TooLarge.to_string().into()));
    }
    if signature::is_ssh(signature) {
        return Ok(match signature::verify(signature, signature::GIT, &payload) {
            Ok(key) => Signer::Ssh(key),
            Err(fault) => Signer::Bad(fault.to_string().into()),
        });
    }
    if signature.trim_start().starts_with("-----BEGIN PGP ") {
        return Ok(gpg::verify(signature, &payload, home));
    }
    let words = "it is neither one of SSH nor one of OpenPGP, and Abide checks no others";
    Ok(Signer::Unverifiable(words.into()))
}
