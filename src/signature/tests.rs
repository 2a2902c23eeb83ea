use ssh_key::private::Ed25519Keypair;
use ssh_key::public::{KeyData, SkEd25519};
use ssh_key::{Algorithm as Kind, HashAlg, LineEnding, Signature, SigningKey, SshSig};

use super::vectors::*;
use super::*;
use crate::model::{Signer, SshKey, Timestamp};

fn key(text: &str) -> Key {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> String {
    text.parse::<Key>().err().unwrap_or_else(|| panic!("{text} is a key")).to_string()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn what_ssh_keygen_signed_is_good_and_says_by_which_key() {
    for (public, signature, algorithm) in [
        (ED_PUB, ED_SIG, "Ed25519"),
        (P256_PUB, P256_SIG, "ECDSA P-256"),
        (P384_PUB, P384_SIG, "ECDSA P-384"),
        (RSA_PUB, RSA_SIG, "RSA with 2048 bits"),
    ] {
        let made = verify(signature, GIT, PAYLOAD).unwrap_or_else(|fault| panic!("{algorithm}: {fault}"));
        let declared = key(public);
        assert_eq!(declared.algorithm().to_string(), algorithm);
        assert_eq!(declared.fingerprint(), &*made.fingerprint);
        assert!(public.starts_with(&*made.line), "{}", made.line);
        let signer = Signer::Ssh(made);
        assert_eq!(matching(&[declared], &signer, GIT, at("2026-01-01T00:00:00Z")), Ok(()));
        assert_eq!(verify(signature, GIT, b"tree 1\nwhat was signed\n"), Err(Fault::Altered));
    }
    let made = verify(ED_SIG, GIT, PAYLOAD).unwrap();
    assert_eq!(&*made.fingerprint, ED_FINGERPRINT);
}

#[test]
fn a_signature_for_something_else_is_not_good() {
    let wrong = Fault::Namespace { wanted: "git".into(), found: "file".into() };
    assert_eq!(verify(FILE_SIG, GIT, PAYLOAD), Err(wrong));
    assert!(verify(FILE_SIG, "file", PAYLOAD).is_ok());
}

#[test]
fn weak_and_unknown_keys_do_not_count_whatever_they_signed() {
    for (public, signature, word) in [(P521_PUB, P521_SIG, "P-521"), (SHORT_RSA_PUB, SHORT_RSA_SIG, "1024")] {
        let fault = verify(signature, GIT, PAYLOAD).unwrap_err();
        assert!(matches!(&fault, Fault::Unsupported(words) if words.contains(word)), "{fault}");
        assert!(refused(public).contains(word));
    }
}

#[test]
fn a_signature_of_rsa_with_sha_1_is_refused() {
    // The name of the hash in a good signature, replaced by the name of SHA-1 as an older ssh-keygen wrote it.
    let signature: SshSig = RSA_SIG.parse().unwrap();
    assert_eq!(signature.algorithm(), Kind::Rsa { hash: Some(HashAlg::Sha512) });
    let mut bytes = Vec::new();
    ssh_encoding_of(&signature, &mut bytes);
    let at = bytes.windows(12).rposition(|window| window == b"rsa-sha2-512").unwrap();
    // The lengths before the name: of all, and of the name.
    let whole = u32::from_be_bytes(bytes[at - 8..at - 4].try_into().unwrap()) - 5;
    bytes[at - 8..at - 4].copy_from_slice(&whole.to_be_bytes());
    bytes[at - 4..at].copy_from_slice(&7u32.to_be_bytes());
    bytes.splice(at..at + 12, *b"ssh-rsa");
    let fault = verify(&armoured(&bytes), GIT, PAYLOAD).unwrap_err().to_string();
    assert!(fault.contains("SHA-1"), "{fault}");
}

/// The bytes in the armour.
fn ssh_encoding_of(signature: &SshSig, bytes: &mut Vec<u8>) {
    let pem = signature.to_pem(LineEnding::LF).unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let value =
        |c: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|x| *x == c);
    for four in text.as_bytes().chunks(4) {
        let bits = four.iter().fold(0u32, |bits, c| bits << 6 | value(*c).unwrap_or(0) as u32);
        let padding = four.iter().filter(|c| **c == b'=').count();
        bytes.extend(&bits.to_be_bytes()[1..4 - padding]);
    }
}

fn armoured(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN SSH SIGNATURE-----\n");
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, n| bits << 8 | u32::from(three.get(n).copied().unwrap_or(0)));
        for n in 0..4 {
            let c = alphabet[(bits >> (18 - 6 * n) & 63) as usize] as char;
            text.push(if n > three.len() { '=' } else { c });
        }
    }
    text + "\n-----END SSH SIGNATURE-----\n"
}

#[test]
fn armour_may_wrap_its_lines_anywhere_and_end_them_as_elsewhere() {
    let inner: String = ED_SIG.lines().filter(|line| !line.starts_with('-')).collect();
    for width in [64, 76, 1000] {
        let lines: Vec<&str> = inner.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let text = format!("-----BEGIN SSH SIGNATURE-----\r\n{}\r\n-----END SSH SIGNATURE-----", lines.join("\r\n"));
        assert!(is_ssh(&text) && verify(&text, GIT, PAYLOAD).is_ok(), "{width}");
    }
}

#[test]
fn hostile_signatures_are_refused_in_words() {
    assert_eq!(verify(&"x".repeat(limits::SIGNATURE_BYTES + 1), GIT, PAYLOAD), Err(Fault::TooLarge));
    let body: Vec<&str> = ED_SIG.lines().filter(|line| !line.starts_with('-')).collect();
    let with = |inner: &str| format!("-----BEGIN SSH SIGNATURE-----\n{inner}\n-----END SSH SIGNATURE-----\n");
    let texts = ["", "AAAA", "\u{1f600}", "=", "====", body[0], &body.concat()[..200], &(body.concat() + "AAAA")];
    for text in texts.iter().map(|inner| with(inner)).chain([
        "".into(),
        ED_SIG[1..].into(),
        "-----BEGIN SSH SIGNATURE-----".into(),
    ]) {
        let fault = verify(&text, GIT, PAYLOAD).unwrap_err();
        assert!(matches!(fault, Fault::Malformed(_)), "{text}: {fault:?}");
    }
    // Whatever is changed, nobody else has signed it: some lengths are told twice, and one of them is enough.
    let own = verify(ED_SIG, GIT, PAYLOAD).unwrap();
    let mut good = Vec::new();
    ssh_encoding_of(&ED_SIG.parse().unwrap(), &mut good);
    for n in 0..good.len() {
        let mut changed = good.clone();
        changed[n] ^= 1;
        let changed = verify(&armoured(&changed), GIT, PAYLOAD);
        assert!(changed.is_err() || changed == Ok(own.clone()), "byte {n}");
    }
}

/// What a key makes of those bytes as they are.
fn raw(key: &impl SigningKey, bytes: &[u8]) -> Signature {
    key.try_sign(bytes).unwrap()
}

/// A signature as a security key makes it, with those flags.
fn of_security_key(flags: u8) -> (String, SshKey) {
    let pair = Ed25519Keypair::from_seed(&[7; 32]);
    let key = KeyData::SkEd25519(SkEd25519::new(pair.public, "ssh:"));
    let message = SshSig::signed_data(GIT, HashAlg::Sha512, PAYLOAD).unwrap();
    let digest = |bytes: &[u8]| {
        let hex = crate::model::Digest::of(bytes).to_string();
        (0..32).map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap()).collect::<Vec<u8>>()
    };
    let trailer = [flags, 0, 0, 0, 9];
    let signed = [digest(b"ssh:"), trailer.to_vec(), digest(&message)].concat();
    let own = raw(&ssh_key::PrivateKey::from(pair), &signed);
    let signature = Signature::new(Kind::SkEd25519, [own.as_bytes(), &trailer].concat()).unwrap();
    let pem = SshSig::new(key.clone(), GIT, HashAlg::Sha512, signature).unwrap().to_pem(LineEnding::LF).unwrap();
    (pem, super::key::of_ssh(&key).unwrap().1)
}

#[test]
fn a_security_key_counts_when_it_was_touched() {
    let (pem, public) = of_security_key(1);
    assert_eq!(verify(&pem, GIT, PAYLOAD).unwrap(), public);
    assert_eq!(key(&public.line).algorithm(), Algorithm::SkEd25519);
    assert_eq!(verify(&of_security_key(0).0, GIT, PAYLOAD), Err(Fault::Untouched));
}

#[test]
fn what_is_signed_here_is_what_ssh_keygen_would_have_signed() {
    // Ed25519 leaves nothing to chance, so that both must make the same.
    assert_eq!(sign(PAYLOAD, GIT, ED_KEY).unwrap(), ED_SIG);
    for private in [ED_KEY, P256_KEY, P384_KEY] {
        let signed = sign(b"a request", "abide-approval", private).unwrap();
        assert!(verify(&signed, "abide-approval", b"a request").is_ok());
        assert!(matches!(verify(&signed, GIT, b"a request"), Err(Fault::Namespace { .. })));
    }
    assert_eq!(sign(PAYLOAD, GIT, LOCKED_KEY), Err(SignError::Encrypted));
    assert!(matches!(sign(PAYLOAD, GIT, RSA_KEY), Err(SignError::Unsupported(_))));
    assert!(matches!(sign(PAYLOAD, GIT, ED_PUB), Err(SignError::Malformed(_))));
    assert!(sign(PAYLOAD, "", ED_KEY).is_err());
}

#[test]
fn keys_may_have_options() {
    let bounded =
        key(&format!("valid-after=\"20260101\",namespaces=\"git,file\",valid-before=\"20261231235959Z\" {ED_PUB}"));
    assert_eq!(bounded.validity().after, Some(at("2026-01-01T00:00:00Z")));
    assert_eq!(bounded.validity().before, Some(at("2026-12-31T23:59:59Z")));
    let gpg = key("valid-before=\"202612310800\" gpg: 0123 4567 89ab cdef 0123  4567 89AB CDEF 0123 4567");
    assert_eq!((gpg.algorithm(), gpg.fingerprint()), (Algorithm::Gpg, "0123456789ABCDEF0123456789ABCDEF01234567"));
    assert_eq!(gpg.validity().before, Some(at("2026-12-31T08:00:00Z")));
    assert_eq!(*key(&format!("  {ED_PUB}\n")).validity(), Validity::default());
}

#[test]
fn what_is_no_key_is_refused_in_words() {
    assert_eq!(ED_KEY.parse::<Key>(), Err(KeyError::Private));
    assert_eq!("x".repeat(limits::KEY_BYTES + 1).parse::<Key>(), Err(KeyError::TooLarge));
    for (text, word) in [
        ("", "empty"),
        ("ada", "no public key"),
        ("ssh-ed25519", "no public key"),
        ("ssh-ed25519 AAAA", "no public key"),
        ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIB9nimMmYju3kjhQTtamQ6ZKsP55FTvOhi3XbhAfXiyS", "no public key"),
        ("ssh-ed25519 AAAA\nssh-ed25519 BBBB", "one line"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "fingerprint"),
        ("---- BEGIN SSH2 PUBLIC KEY ----", "ssh-keygen -i"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "private"),
        ("gpg:0123456789ABCDEF", "gpg --fingerprint"),
        ("gpg:0123456789ABCDEF012345678", "25"),
        ("gpg:not a fingerprint", "hexadecimal"),
        ("ssh-dss AAAA", "DSA"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"),
    ] {
        assert!(refused(text).contains(word), "{text}: {}", refused(text));
    }
    for (options, word) in [
        ("cert-authority", "no option"),
        ("ada@example.org", "leave out for whom"),
        ("ada@example.org,valid-after=\"20260101\"", "leave out for whom"),
        ("valid-after=20260101", "quotes"),
        ("valid-after=\"2026-01-01\"", "YYYYMMDD"),
        ("valid-after=\"20261301\"", "YYYYMMDD"),
        ("valid-after=\"20260101\",valid-after=\"20260102\"", "twice"),
        ("valid-after=\"20260102\",valid-before=\"20260101\"", "never"),
        ("valid-after=\"20260101\",", "no option"),
        ("valid-after=\"20260101", "not closed"),
        ("namespaces=\"git*\"", "patterns"),
        ("namespaces=\"\"", "patterns"),
    ] {
        let text = format!("{options} {ED_PUB}");
        assert!(refused(&text).contains(word), "{text}: {}", refused(&text));
    }
}

#[test]
fn a_key_counts_for_whose_it_is_while_it_is_valid_and_for_what_it_is() {
    let signer = Signer::Ssh(verify(ED_SIG, GIT, PAYLOAD).unwrap());
    let early = key(&format!("valid-before=\"20260301\" {ED_PUB}"));
    let late = key(&format!("valid-after=\"20260601\" {ED_PUB}"));
    let keys = [key(P256_PUB), early, late];
    let count = |seen: &str| matching(&keys, &signer, GIT, at(seen));
    assert_eq!(count("2026-03-01T00:00:00Z"), Ok(()));
    assert_eq!(count("2026-03-01T00:00:01Z"), Err(Why::Expired { at: at("2026-03-01T00:00:00Z") }));
    assert_eq!(count("2026-06-01T00:00:00Z"), Ok(()));
    let from = at("2026-06-01T00:00:00Z");
    assert_eq!(matching(&keys[2..], &signer, GIT, at("2026-05-31T23:59:59Z")), Err(Why::NotYetValid { from }));
    let other = key(&format!("namespaces=\"file\" {ED_PUB}"));
    assert_eq!(matching(&[other], &signer, GIT, from), Err(Why::OtherPurpose("git".into())));
    assert!(matches!(matching(&keys[..1], &signer, GIT, from), Err(Why::NotTheirs(_))));
    assert_eq!(matching(&keys, &Signer::Unsigned, GIT, from), Err(Why::Unsigned));
    assert_eq!(matching(&keys, &Signer::Bad("x".into()), GIT, from), Err(Why::Bad("x".into())));
    assert!(matches!(matching(&keys, &Signer::Unverifiable("x".into()), GIT, from), Err(Why::Unverifiable(_))));
    let gpg = [key("gpg:0123456789ABCDEF0123456789ABCDEF01234567")];
    let signer = |digits: &str| Signer::Gpg(digits.into());
    assert_eq!(matching(&gpg, &signer("0123456789ABCDEF0123456789ABCDEF01234567"), GIT, from), Ok(()));
    assert!(matching(&gpg, &signer("0123456789ABCDEF0123456789ABCDEF01234568"), GIT, from).is_err());
}
