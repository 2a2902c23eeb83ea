//! Signatures as `ssh-keygen -Y sign` and git make them with keys of OpenSSH.

use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

use super::{key, limits};
use crate::model::SshKey;

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// Characters of a line of armour, as the library wants them; others wrap otherwise.
const WIDTH: usize = 70;

/// The bit by which a security key says that somebody touched it.
const TOUCHED: u8 = 1;
/// What a security key adds to a signature: a byte of such bits, and a counter.
const TRAILER: usize = 5;

/// Why a signature is not good.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Longer than a signature may be.
    #[error("it has more than {} bytes", limits::SIGNATURE_BYTES)]
    TooLarge,
    /// Not of the form that a signature has.
    #[error("it is no SSH signature as ssh-keygen makes them: {0}")]
    Malformed(String),
    /// It was made for something else.
    #[error("it was made for `{found}` and not for `{wanted}`")]
    Namespace {
        /// What it was to be for.
        wanted: String,
        /// What it is for.
        found: String,
    },
    /// It was made in a way that does not count.
    #[error("{0}")]
    Unsupported(String),
    /// A security key made it by itself.
    #[error("nobody touched the security key that made it")]
    Untouched,
    /// What was signed is something else.
    #[error("what was signed is something else, or the signature was changed")]
    Altered,
}

/// Why something cannot be signed with a private key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The key has a passphrase.
    #[error(
        "the private key is encrypted, and Abide asks for no passphrase: load it into ssh-agent and sign with ssh-keygen -Y sign"
    )]
    Encrypted,
    /// A kind of key that Abide does not sign with.
    #[error("Abide does not sign with a key of {0}; sign with ssh-keygen -Y sign")]
    Unsupported(String),
    /// Not a private key.
    #[error("this is no private key of OpenSSH: {0}; ssh-keygen -p -f FILE writes an older form anew")]
    Malformed(String),
}

/// Whether a signature in its armour is one of SSH.
pub fn is_ssh(armoured: &str) -> bool {
    armoured.trim_start().starts_with(BEGIN)
}

/// The key that made a signature over a payload in a namespace. Whose key that is, is for the caller.
///
/// # Errors
/// [`Fault`] when the signature is not good.
pub fn verify(armoured: &str, namespace: &str, payload: &[u8]) -> Result<SshKey, Fault> {
    if armoured.len() > limits::SIGNATURE_BYTES {
        return Err(Fault::TooLarge);
    }
    let signature = SshSig::from_pem(rewrapped(armoured)?).map_err(|error| unreadable(&error))?;
    if signature.version() != SshSig::VERSION {
        return Err(unreadable(&ssh_key::Error::Version { number: signature.version() }));
    }
    let (_, key) = key::of_ssh(signature.public_key()).map_err(Fault::Unsupported)?;
    if signature.namespace() != namespace {
        let found = signature.namespace().chars().take(60).collect();
        return Err(Fault::Namespace { wanted: namespace.into(), found });
    }
    check_algorithm(&signature)?;
    let public = PublicKey::from(signature.public_key().clone());
    public.verify(namespace, payload, &signature).map_err(|_| Fault::Altered)?;
    Ok(key)
}

/// Refuses what is not as strong as it looks, before anything is computed.
fn check_algorithm(signature: &SshSig) -> Result<(), Fault> {
    match signature.algorithm() {
        Algorithm::Rsa { hash: None } => {
            Err(Fault::Unsupported("it was made by RSA with SHA-1, which is broken".into()))
        }
        Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256 => {
            let bytes = signature.signature_bytes();
            let flags = bytes.len().checked_sub(TRAILER).and_then(|at| bytes.get(at)).copied().unwrap_or_default();
            if flags & TOUCHED == 0 { Err(Fault::Untouched) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn unreadable(error: &ssh_key::Error) -> Fault {
    match error {
        ssh_key::Error::Version { number } => {
            Fault::Unsupported(format!("its format has the version {number}, which Abide does not know"))
        }
        ssh_key::Error::AlgorithmUnknown => {
            Fault::Unsupported("it was made by an algorithm that Abide does not know".into())
        }
        ssh_key::Error::AlgorithmUnsupported { algorithm } => {
            Fault::Unsupported(format!("it was made by `{algorithm}`, which Abide does not check"))
        }
        // That is also all that the library says of RSA with SHA-1.
        error => Fault::Malformed(format!("{error}, or it was made by RSA with SHA-1, which does not count")),
    }
}

/// The armour with lines as long as the library wants them: some agents write longer or shorter ones.
fn rewrapped(armoured: &str) -> Result<String, Fault> {
    let inner = armoured.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let inner = inner.ok_or_else(|| Fault::Malformed("it does not begin and end as one".into()))?;
    let mut text = format!("{BEGIN}\n");
    let mut column = 0;
    for c in inner.chars().filter(|c| !c.is_ascii_whitespace()) {
        if column == WIDTH {
            text.push('\n');
            column = 0;
        }
        text.push(c);
        column += 1;
    }
    text.push('\n');
    text.push_str(END);
    text.push('\n');
    Ok(text)
}

/// Signs a payload in a namespace with a private key as OpenSSH writes it, without a passphrase. The same gives the same.
///
/// # Errors
/// [`SignError`] when the key is none, is encrypted, or is of a kind that Abide does not sign with: of RSA, because what it
/// would take tells the key to whoever can measure time well, and of security keys.
pub fn sign(payload: &[u8], namespace: &str, private_key: &str) -> Result<String, SignError> {
    let wrong = |error: ssh_key::Error| SignError::Malformed(error.to_string());
    let key = PrivateKey::from_openssh(private_key).map_err(wrong)?;
    if key.is_encrypted() {
        return Err(SignError::Encrypted);
    }
    match key.algorithm() {
        Algorithm::Ed25519 | Algorithm::Ecdsa { .. } => {}
        other => return Err(SignError::Unsupported(other.to_string())),
    }
    key::of_ssh(key.public_key().key_data()).map_err(SignError::Unsupported)?;
    let signature = SshSig::sign(&key, namespace, HashAlg::Sha512, payload).map_err(wrong)?;
    signature.to_pem(LineEnding::LF).map_err(wrong)
}
