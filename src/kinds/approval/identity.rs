//! Who it is that says something: what was signed, by whose key, and when that was first seen.

use super::Signature;
use super::request::Request;
use super::voice::agent;
use crate::kinds::Spec;
use crate::model::{Denial, Digest, Provenance, Reason, Said, Signer, TaskId, Timestamp};
use crate::signature::{self, GIT, Why};

/// What a person signs for who says something by command; another thing than a commit, so that neither stands in for the other.
pub const NAMESPACE: &str = "abide-approval";

/// What somebody says by command, as they sign it.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'p> {
    /// Of which task.
    pub task: &'p TaskId,
    /// What.
    pub said: Said,
    /// Who.
    pub by: &'p str,
    /// The digest of what they have seen.
    pub seen: Option<Digest>,
    /// Makes it count once.
    pub nonce: &'p str,
    /// Until when it holds.
    pub expires: Option<Timestamp>,
}

impl Payload<'_> {
    /// The text that is signed: a line for each part. No part holds an end of line that another could begin after.
    pub fn text(&self) -> String {
        let Self { task, said, by, seen, nonce, expires } = self;
        let seen = seen.map(|seen| format!("sha256:{seen}")).unwrap_or_default();
        let expires = expires.map(|at| at.to_string()).unwrap_or_default();
        format!(
            "abide-approval/1\ntask {:?}\nsaid {}\nby {by:?}\nseen {seen}\nnonce {nonce:?}\nexpires {expires}\n",
            task.0,
            said.word()
        )
    }
}

/// Why the document of an approval is not of whom it names, if so. Where the policy does not want signatures, one that is missing
/// is no fault; one that is somebody else's always is.
pub(super) fn impostor(request: &Request<'_>, spec: &Spec, by: &str) -> Option<Denial> {
    let must_sign = request.policy.signature == Signature::Required;
    let unsigned = |why: String| must_sign.then(|| Denial::new(Reason::Unsigned, format!("{}: {why}", spec.id)));
    let signed = match request.specs.provenance(&spec.id) {
        None => return unsigned("nothing shows who has written it".into()),
        Some(Provenance::Uncommitted) => return unsigned("it is not committed".into()),
        Some(Provenance::Unknown(why)) => return unsigned(format!("who has written it cannot be told: {why}")),
        Some(Provenance::By(signed)) => signed,
    };
    if signed.signer == Signer::Unsigned {
        return unsigned(format!("commit {} is not signed", short(&signed.commit)));
    }
    let keys = agent(request.specs, by).map(crate::kinds::agent::Agent::public_keys).unwrap_or_default();
    if let Signer::Bad(why) = &signed.signer {
        let words = format!("{}: the signature of commit {} is not good: {why}", spec.id, short(&signed.commit));
        return Some(Denial::new(Reason::BadSignature, words));
    }
    // Nobody can tell whose an unknown key is where the person declares none.
    if keys.is_empty() && !must_sign && !is_of_another(request, &signed.signer) {
        return None;
    }
    let seen = request.specs.sighting(&signed.commit).unwrap_or(Timestamp::from_millis(i64::MAX));
    let why = signature::matching(&keys, &signed.signer, GIT, seen).err()?;
    if matches!(why, Why::Unverifiable(_)) && !must_sign {
        return None;
    }
    let words = format!("{}, in commit {}: agent/{by}: {why}", spec.id, short(&signed.commit));
    Some(Denial::new(reason_of(&why), words))
}

/// Whether a key is one that somebody else declares.
fn is_of_another(request: &Request<'_>, signer: &Signer) -> bool {
    let of = |spec: &std::sync::Arc<Spec>| match &spec.body {
        crate::kinds::Body::Agent(agent) => {
            // A key of theirs that is not valid is theirs all the same.
            let theirs = signature::matching(&agent.public_keys(), signer, GIT, Timestamp::default());
            !matches!(theirs, Err(Why::NotTheirs(_) | Why::Unsigned | Why::Bad(_) | Why::Unverifiable(_)))
        }
        _ => false,
    };
    request.specs.of_kind(crate::model::Kind::Agent).any(of)
}

/// The code of what is wrong with a signature.
pub const fn reason_of(why: &Why) -> Reason {
    match why {
        Why::Unsigned => Reason::Unsigned,
        Why::Bad(_) | Why::Unverifiable(_) | Why::OtherPurpose(_) => Reason::BadSignature,
        Why::NotTheirs(_) => Reason::WrongSigner,
        Why::NotYetValid { .. } | Why::Expired { .. } => Reason::KeyExpired,
    }
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
