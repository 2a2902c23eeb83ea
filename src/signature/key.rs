//! A public key as somebody declares it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use ssh_key::public::KeyData;
use ssh_key::{EcdsaCurve, HashAlg, PublicKey};

use super::limits;
use super::options::{self, Validity};
use crate::model::{Signer, SshKey};

/// How the line of an OpenPGP key begins.
const GPG: &str = "gpg:";

/// A public key that somebody has declared to be theirs: a line as in `.pub` files, or `gpg:` and a fingerprint; options may
/// stand before either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    algorithm: Algorithm,
    validity: Validity,
    /// The signer that it makes.
    signer: Signer,
}

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519.
    Ed25519,
    /// ECDSA over the curve P-256.
    EcdsaP256,
    /// ECDSA over the curve P-384.
    EcdsaP384,
    /// RSA with so many bits.
    Rsa(usize),
    /// Ed25519 in a security key.
    SkEd25519,
    /// ECDSA over P-256 in a security key.
    SkEcdsaP256,
    /// A key of OpenPGP, of which only the fingerprint is known.
    Gpg,
}

/// Why a text is no public key that counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is a private key, which whoever can read the specs has now.
    #[error(
        "this is a private key, and whoever could read this file has it now: make a new one, and have this one taken out wherever it is trusted"
    )]
    Private,
    /// Longer than a key may be.
    #[error("a key has at most {} bytes", limits::KEY_BYTES)]
    TooLarge,
    /// An option that is none, or that has no value that it could have.
    #[error("{0}")]
    Option(String),
    /// A kind of key that does not count.
    #[error("{0}")]
    Unsupported(String),
    /// Not a key at all.
    #[error("{0}")]
    Malformed(String),
}

impl Key {
    /// What kind of key it is.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// When and for what it counts.
    pub const fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The fingerprint, as `ssh-keygen -l` or `gpg --fingerprint` prints it, the latter without blanks.
    pub fn fingerprint(&self) -> &str {
        match &self.signer {
            Signer::Ssh(key) => &key.fingerprint,
            Signer::Gpg(fingerprint) | Signer::GpgUntil(fingerprint, _) => fingerprint,
            Signer::Unsigned | Signer::Bad(_) | Signer::Unverifiable(_) => "",
        }
    }

    /// Whether it is the key of that signer.
    pub(super) fn is_of(&self, signer: &Signer) -> bool {
        match (&self.signer, signer) {
            (Signer::Ssh(own), Signer::Ssh(other)) => own.line == other.line,
            (Signer::Gpg(own), Signer::Gpg(other) | Signer::GpgUntil(other, _)) => own.eq_ignore_ascii_case(other),
            _ => false,
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() > limits::KEY_BYTES {
            return Err(KeyError::TooLarge);
        }
        refuse_files(text)?;
        let text = text.trim();
        let (options, key) = split(text)?;
        let validity = options::read(options)?;
        let (algorithm, signer) = match key.get(..GPG.len()).filter(|begin| begin.eq_ignore_ascii_case(GPG)) {
            Some(_) => (Algorithm::Gpg, Signer::Gpg(fingerprint(&key[GPG.len()..])?)),
            None => {
                let key = PublicKey::from_openssh(key).map_err(|error| malformed(key, &error))?;
                let (algorithm, key) = of_ssh(key.key_data()).map_err(KeyError::Unsupported)?;
                (algorithm, Signer::Ssh(key))
            }
        };
        Ok(Self { algorithm, validity, signer })
    }
}

/// Refuses what people paste by mistake, in words for each.
fn refuse_files(text: &str) -> Result<(), KeyError> {
    if text.contains("PRIVATE KEY") || text.contains("PuTTY-User-Key-File") || text.contains("AGE-SECRET-KEY") {
        return Err(KeyError::Private);
    }
    let help = if text.contains("BEGIN PGP PUBLIC KEY") {
        "Abide takes the fingerprint of an OpenPGP key and no key block: `gpg:` and what `gpg --fingerprint` prints"
    } else if text.contains("BEGIN SSH2 PUBLIC KEY") || text.contains("BEGIN PUBLIC KEY") {
        "this is another form of a public key; `ssh-keygen -i -f FILE` gives the line that is wanted here"
    } else if text.trim().is_empty() {
        "it is empty; write the line of a `.pub` file, or `gpg:` and a fingerprint"
    } else if text.trim().contains(['\n', '\r']) {
        "a key is one line, and each key is an item of its own"
    } else {
        return Ok(());
    };
    Err(KeyError::Malformed(help.into()))
}

/// The options and the key. The first word is options unless it is the name of an algorithm, and blanks in quotes do not end it.
fn split(text: &str) -> Result<(&str, &str), KeyError> {
    let word = text.split([' ', '\t']).next().unwrap_or_default();
    let is_key = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].iter().any(|begin| word.starts_with(begin));
    let is_gpg = word.get(..GPG.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(GPG));
    if is_key || is_gpg {
        return Ok(("", text));
    }
    let mut quoted = false;
    let end = text.find(|c| {
        quoted ^= c == '"';
        !quoted && (c == ' ' || c == '\t')
    });
    match end {
        Some(end) => Ok((&text[..end], text[end..].trim_start())),
        None if quoted => Err(KeyError::Option("a quotation mark is not closed".into())),
        None => Err(KeyError::Malformed(NO_KEY.into())),
    }
}

const NO_KEY: &str =
    "this is no public key; write the line of a `.pub` file (`ssh-ed25519 AAAA...`), or `gpg:` and a fingerprint";

fn malformed(key: &str, error: &ssh_key::Error) -> KeyError {
    let word: String = key.split([' ', '\t']).next().unwrap_or_default().chars().take(60).collect();
    if word.contains("-cert-") {
        return KeyError::Unsupported(format!("`{word}` is a certificate; declare the key itself"));
    }
    if word == "ssh-dss" {
        return KeyError::Unsupported(
            "a DSA key is too weak to be believed; ssh-keygen -t ed25519 makes a good one".into(),
        );
    }
    if !word.contains('-') {
        return KeyError::Malformed(NO_KEY.into());
    }
    KeyError::Malformed(format!("this is no public key: {error}; was it copied as a whole?"))
}

/// The fingerprint of an OpenPGP key in capitals, without blanks.
fn fingerprint(text: &str) -> Result<Arc<str>, KeyError> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let digits = digits.strip_prefix("0X").unwrap_or(&digits);
    match digits.len() {
        _ if !digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Err(KeyError::Malformed("a fingerprint is 40 or 64 hexadecimal digits".into()))
        }
        40 | 64 => Ok(digits.into()),
        8 | 16 => Err(KeyError::Malformed(format!(
            "this is the short id of a key, which anybody can make another key for: gpg --fingerprint {digits} prints all 40 digits"
        ))),
        length => {
            Err(KeyError::Malformed(format!("a fingerprint has 40 or 64 hexadecimal digits, and this has {length}")))
        }
    }
}

/// What kind of key it is and how it is written, or why it does not count.
pub(super) fn of_ssh(key: &KeyData) -> Result<(Algorithm, SshKey), String> {
    let algorithm = match key {
        KeyData::Ed25519(_) => Algorithm::Ed25519,
        KeyData::SkEd25519(_) => Algorithm::SkEd25519,
        KeyData::SkEcdsaSha2NistP256(_) => Algorithm::SkEcdsaP256,
        KeyData::Ecdsa(key) => match key.curve() {
            EcdsaCurve::NistP256 => Algorithm::EcdsaP256,
            EcdsaCurve::NistP384 => Algorithm::EcdsaP384,
            EcdsaCurve::NistP521 => {
                return Err("Abide does not check signatures of ECDSA over P-521; ssh-keygen -t ed25519 makes a key that it takes".into());
            }
        },
        KeyData::Rsa(key) => Algorithm::Rsa(rsa_bits(key)?),
        KeyData::Dsa(_) => {
            return Err("a DSA key is too weak to be believed; ssh-keygen -t ed25519 makes a good one".into());
        }
        other => return Err(format!("Abide does not check signatures of `{}`", other.algorithm())),
    };
    let line = PublicKey::from(key.clone()).to_openssh().map_err(|error| error.to_string())?;
    let line = line.trim_end().into();
    Ok((algorithm, SshKey { fingerprint: key.fingerprint(HashAlg::Sha256).to_string().into(), line }))
}

fn rsa_bits(key: &ssh_key::public::RsaPublicKey) -> Result<usize, String> {
    let modulus = key.n.as_positive_bytes().unwrap_or_default();
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = (modulus.len() * 8).saturating_sub(leading);
    if limits::RSA_BITS.contains(&bits) {
        return Ok(bits);
    }
    let (least, most) = (limits::RSA_BITS.start(), limits::RSA_BITS.end());
    Err(format!("an RSA key must have {least} to {most} bits, and this has {bits}"))
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::EcdsaP256 => f.write_str("ECDSA P-256"),
            Self::EcdsaP384 => f.write_str("ECDSA P-384"),
            Self::Rsa(bits) => write!(f, "RSA with {bits} bits"),
            Self::SkEd25519 => f.write_str("Ed25519 in a security key"),
            Self::SkEcdsaP256 => f.write_str("ECDSA P-256 in a security key"),
            Self::Gpg => f.write_str("OpenPGP"),
        }
    }
}
