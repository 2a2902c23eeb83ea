use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use git2::{ObjectType, Oid, Repository};

use super::super::testing::{Fixture, signed_commit};
use super::*;
use crate::model::Duration;
use crate::signature::vectors::{COMMIT, COMMIT_ID, ED_FINGERPRINT, ED_KEY, PAYLOAD};

fn raw(repository: &Repository, text: &str) -> Signer {
    let id = repository.odb().unwrap().write(ObjectType::Commit, text.as_bytes()).unwrap();
    signed(repository, id, None).unwrap().signer
}

fn bad(signer: &Signer) -> &str {
    match signer {
        Signer::Bad(words) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_that_git_signed_says_who_signed_it_and_what_it_claims() {
    let fixture = Fixture::new();
    let id = fixture.repository.odb().unwrap().write(ObjectType::Commit, COMMIT.as_bytes()).unwrap();
    assert_eq!(id.to_string(), COMMIT_ID);
    let signed = signed(&fixture.repository, id, None).unwrap();
    let Signer::Ssh(key) = &signed.signer else { panic!("{signed:?}") };
    assert_eq!((&*key.fingerprint, &*signed.commit), (ED_FINGERPRINT, COMMIT_ID));
    assert_eq!((&*signed.author.name, &*signed.committer.email), ("Ada", "ada@example.org"));
    assert_eq!(signed.claimed.to_string(), "2026-02-01T09:00:00Z");
}

#[test]
fn whatever_is_changed_in_a_signed_commit_its_signature_is_bad() {
    let fixture = Fixture::new();
    let repository = &fixture.repository;
    for (from, to) in
        [("Approve", "Refuse"), ("1769936400", "1769936401"), ("author Ada", "author Bob"), ("tree 4", "tree 5")]
    {
        assert!(COMMIT.contains(from), "{from}");
        assert!(bad(&raw(repository, &COMMIT.replacen(from, to, 1))).contains("something else"), "{from}");
    }
    // A second signature beside the first is something that nobody signed.
    let second = COMMIT.replacen("\n\n", "\ngpgsig none\n\n", 1);
    assert!(bad(&raw(repository, &second)).contains("something else"));
}

#[test]
fn signatures_that_are_none_are_told_apart() {
    let fixture = Fixture::new();
    let repository = &fixture.repository;
    let begin = COMMIT.find("gpgsig").unwrap();
    let end = COMMIT.find("\n\n").unwrap();
    let with = |field: &str| raw(repository, &format!("{}{field}{}", &COMMIT[..begin], &COMMIT[end + 1..]));
    assert_eq!(with(""), Signer::Unsigned);
    assert!(matches!(with("gpgsig -----BEGIN SIGNED MESSAGE-----\n"), Signer::Unverifiable(_)));
    assert!(bad(&with("gpgsig -----BEGIN SSH SIGNATURE-----\n")).contains("no SSH signature"));
    assert!(bad(&with(&format!("gpgsig {}\n", "x".repeat(70_000)))).contains("bytes"));
    let huge = COMMIT.to_owned() + &"x".repeat(limits::COMMIT_BYTES);
    assert!(matches!(raw(repository, &huge), Signer::Unverifiable(words) if words.contains("bytes")));
    let named = COMMIT.replace("author Ada", &format!("author {}", "A".repeat(10_000)));
    let id = repository.odb().unwrap().write(ObjectType::Commit, named.as_bytes()).unwrap();
    assert_eq!(signed(repository, id, None).unwrap().author.name.len(), limits::PERSON_BYTES);
}

#[test]
fn a_commit_signed_here_is_one_that_counts() {
    let fixture = Fixture::of(&[("a", "1")]);
    let tree = fixture.repository.head().unwrap().peel_to_tree().unwrap();
    let id = signed_commit(&fixture.repository, &tree, &[], ED_KEY);
    assert!(matches!(signed(&fixture.repository, id, None).unwrap().signer, Signer::Ssh(_)));
}

/// A folder of keys, with one key in it. What runs for it ends with the value.
struct Keys(tempfile::TempDir);

impl Keys {
    /// One that holds no key.
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        Self(folder)
    }

    /// One whose key was made then, for so long.
    fn new(then: &str, long: &str) -> Self {
        let keys = Self::empty();
        keys.gpg(
            &[
                "--faked-system-time",
                then,
                "--passphrase",
                "",
                "--quick-gen-key",
                "Ada <ada@example.org>",
                "ed25519",
                "sign",
                long,
            ],
            b"",
        );
        keys
    }

    fn home(&self) -> &Path {
        self.0.path()
    }

    fn gpg(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        use std::io::Write as _;
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.home()).args(["--batch", "--quiet", "--yes"]).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect(
            "there is no `gpg`: `make test` installs Debian's package `gnupg`, or set ABIDE_TEST_WITHOUT_GNUPG=1",
        );
        child.stdin.take().unwrap().write_all(input).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "gpg {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        ended.stdout
    }

    fn sign(&self, then: &str, more: &[&str]) -> String {
        let arguments = [&["--faked-system-time", then, "--armor", "--detach-sign"], more].concat();
        String::from_utf8(self.gpg(&arguments, PAYLOAD)).unwrap()
    }

    fn fingerprint(&self) -> String {
        let listed = String::from_utf8(self.gpg(&["--with-colons", "--list-keys"], b"")).unwrap();
        listed.lines().find(|line| line.starts_with("fpr:")).unwrap().split(':').nth(9).unwrap().to_owned()
    }

    fn revocation(&self) -> PathBuf {
        self.home().join("openpgp-revocs.d").join(self.fingerprint() + ".rev")
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // Without an agent there is nothing to end.
        drop(Command::new("gpgconf").arg("--homedir").arg(self.home()).args(["--kill", "all"]).status());
    }
}

/// Whether the tests that need gpg are to be left out; says so.
#[allow(clippy::print_stderr, reason = "whoever leaves tests out should see it")]
fn left_out() -> bool {
    let left_out = std::env::var_os("ABIDE_TEST_WITHOUT_GNUPG").is_some_and(|value| !value.is_empty());
    if left_out {
        eprintln!("SKIPPED: ABIDE_TEST_WITHOUT_GNUPG is set, so no signature is held against a real gpg");
    }
    left_out
}

const YEAR_AGO: &str = "20251101T000000";

#[test]
fn what_gpg_signed_is_good_where_the_key_is_known() {
    if left_out() {
        return;
    }
    let keys = Keys::new(YEAR_AGO, "never");
    let signature = keys.sign("20251102T000000", &[]);
    let check = |payload: &[u8]| gpg::verify(&signature, payload, Some(keys.home()));
    assert_eq!(check(PAYLOAD), Signer::Gpg(keys.fingerprint().into()));
    assert!(bad(&check(b"something else")).contains("something else"));
    let stranger = gpg::verify(&signature, PAYLOAD, Some(Keys::empty().home()));
    assert!(matches!(&stranger, Signer::Unverifiable(words) if words.contains("gpg --import")), "{stranger:?}");
    let twice = keys.sign("20251102T000000", &[]) + &signature;
    assert!(bad(&gpg::verify(&twice, PAYLOAD, Some(keys.home()))).contains("several"));
    let weak = gpg::verify(&keys.sign("20251102T000000", &["--digest-algo", "SHA1"]), PAYLOAD, Some(keys.home()));
    assert!(!matches!(weak, Signer::Gpg(_)), "{weak:?}");
    let nonsense =
        gpg::verify("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n", PAYLOAD, Some(keys.home()));
    assert!(!matches!(nonsense, Signer::Gpg(_)), "{nonsense:?}");

    let revocation = std::fs::read_to_string(keys.revocation()).unwrap().replace(":-----BEGIN", "-----BEGIN");
    keys.gpg(&["--import"], revocation.as_bytes());
    assert!(bad(&check(PAYLOAD)).contains("revoked"));
}

#[test]
fn a_key_that_has_expired_is_told() {
    if left_out() {
        return;
    }
    let keys = Keys::new("20200101T000000", "1y");
    let signature = keys.sign("20200201T000000", &[]);
    let signer = gpg::verify(&signature, PAYLOAD, Some(keys.home()));
    let Signer::GpgUntil(fingerprint, at) = &signer else { panic!("{signer:?}") };
    assert_eq!((fingerprint.to_string(), at.date().to_string().get(..4)), (keys.fingerprint(), Some("2020")));
    // What was first seen while the key was good stays good.
    let key = [format!("gpg:{fingerprint}").parse().unwrap()];
    let seen = |seen| crate::signature::matching(&key, &signer, "git", seen);
    assert_eq!(seen(at.minus(Duration::from_days(1))), Ok(()));
    assert_eq!(seen(at.plus(Duration::from_days(1))), Err(crate::signature::Why::Expired { at: *at }));
}

#[test]
fn a_commit_signed_by_gpg_is_checked_with_its_keys() {
    if left_out() {
        return;
    }
    let fixture = Fixture::of(&[("a", "1")]);
    let keys = Keys::new(YEAR_AGO, "never");
    let head = fixture.repository.head().unwrap().peel_to_commit().unwrap();
    let who = head.author();
    let content = fixture.repository.commit_create_buffer(&who, &who, "signed", &head.tree().unwrap(), &[]).unwrap();
    let content = std::str::from_utf8(&content).unwrap();
    let signature = String::from_utf8(keys.gpg(&["--armor", "--detach-sign"], content.as_bytes())).unwrap();
    let id: Oid = fixture.repository.commit_signed(content, signature.trim_end(), None).unwrap();
    let signed = signed(&fixture.repository, id, Some(keys.home())).unwrap();
    assert_eq!(signed.signer, Signer::Gpg(keys.fingerprint().into()));
}
