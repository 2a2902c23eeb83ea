//! Signatures of OpenPGP, checked by the `gpg` program with the keys that it has. It is asked for nothing else, and never
//! goes to the network for a key: whoever writes commits must not decide whom Abide calls.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::model::{Signer, Timestamp};

/// So long may one check take.
const LONGEST: Duration = Duration::from_secs(10);

/// So much of what `gpg` says of one signature is read.
const STATUS_BYTES: u64 = 64 << 10;

/// What every line begins with that is meant for programs.
const STATUS: &str = "[GNUPG:] ";

/// Who made a signature over a payload.
pub(in crate::git) fn verify(signature: &str, payload: &[u8], home: Option<&Path>) -> Signer {
    let unverifiable = |words: String| Signer::Unverifiable(words.into());
    // Of which of them is spoken could not be told.
    if signature.matches("-----BEGIN PGP ").count() > 1 {
        return Signer::Bad("there are several in one".into());
    }
    // `gpg` takes only the payload from a pipe. The file is for this user alone and goes with the value.
    let file = tempfile::Builder::new().prefix("abide-signature-").tempfile().and_then(|mut file| {
        file.write_all(signature.as_bytes())?;
        file.flush()?;
        Ok(file)
    });
    let file = match file {
        Ok(file) => file,
        Err(error) => return unverifiable(format!("it cannot be laid down for gpg: {error}")),
    };
    match command(file.path(), home).spawn() {
        Ok(child) => match listen(child, payload.to_vec()) {
            Some(status) => judge(&status),
            None => unverifiable(format!("gpg has not answered within {} seconds", LONGEST.as_secs())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            unverifiable("it is one of OpenPGP, and gpg is not installed here".into())
        }
        Err(error) => unverifiable(format!("gpg cannot be started: {error}")),
    }
}

fn command(signature: &Path, home: Option<&Path>) -> Command {
    let mut command = Command::new("gpg");
    if let Some(home) = home {
        command.arg("--homedir").arg(home);
    }
    command.args(["--batch", "--no-tty", "--status-fd", "1", "--no-auto-key-retrieve", "--disable-dirmngr"]);
    // As git's own objects may be, but a signature may not rest on a hash for which others can find a second text.
    command.args(["--weak-digest", "SHA1", "--verify", "--"]).arg(signature).arg("-");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What the program says; nothing where it takes too long. It has ended after that.
fn listen(mut child: Child, payload: Vec<u8>) -> Option<String> {
    let (sender, receiver) = channel();
    if let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) {
        // One that has heard enough closes its end, which is no failure.
        std::thread::spawn(move || drop(stdin.write_all(&payload)));
        std::thread::spawn(move || {
            let mut said = Vec::new();
            drop(stdout.take(STATUS_BYTES).read_to_end(&mut said));
            // Nobody listens any more where it took too long.
            drop(sender.send(String::from_utf8_lossy(&said).into_owned()));
        });
    }
    let said = receiver.recv_timeout(LONGEST).ok();
    // It has said all that it will say, and may have ended already.
    drop(child.kill());
    drop(child.wait());
    said
}

/// What the lines for programs come to. Any that speaks against the signature outweighs those that speak for it.
fn judge(status: &str) -> Signer {
    let lines: Vec<(&str, Vec<&str>)> = status
        .lines()
        .filter_map(|line| line.strip_prefix(STATUS)?.split_once(' ').or(Some((line.strip_prefix(STATUS)?, ""))))
        .map(|(keyword, rest)| (keyword, rest.split(' ').collect()))
        .collect();
    let of = |keyword: &str| lines.iter().find(|(word, _)| *word == keyword).map(|(_, fields)| fields);
    let key = |fields: &[&str]| hexadecimal(fields.first().copied().unwrap_or_default());
    let bad = |words: String| Signer::Bad(words.into());
    if lines.iter().filter(|(word, _)| *word == "NEWSIG").count() > 1 {
        return bad("there are several in one".into());
    }
    if of("BADSIG").is_some() {
        return bad("what was signed is something else, or the signature was changed".into());
    }
    if let Some(fields) = of("REVKEYSIG") {
        return bad(format!("its key {} was revoked", key(fields)));
    }
    if of("EXPSIG").is_some() {
        return bad("it was made to hold for a time, which is over".into());
    }
    if let Some(fields) = of("NO_PUBKEY") {
        let key = key(fields);
        return Signer::Unverifiable(format!("gpg has not its key {key} here: gpg --import").into());
    }
    if of("ERRSIG").is_some() {
        return Signer::Unverifiable("gpg does not know its algorithm, or holds its hash for too weak".into());
    }
    let primary = of("VALIDSIG").and_then(|fields| fields.get(9)).map(|primary| hexadecimal(primary));
    let primary = primary.filter(|primary| matches!(primary.len(), 40 | 64));
    if let Some(fields) = of("EXPKEYSIG") {
        // Of several keys that have expired it is not told which one signed: the first to do so counts.
        let times =
            lines.iter().filter(|(word, _)| *word == "KEYEXPIRED").map(|(_, fields)| fields.first()?.parse().ok());
        return match (primary, times.min().flatten()) {
            (Some(primary), Some(at)) => Signer::GpgUntil(primary.into(), Timestamp::from_secs(at)),
            _ => bad(format!("its key {} has expired", key(fields))),
        };
    }
    match (of("GOODSIG"), primary) {
        (Some(_), Some(primary)) => Signer::Gpg(primary.into()),
        _ if of("NODATA").is_some() => bad("it is no signature of OpenPGP".into()),
        _ => Signer::Unverifiable("gpg says nothing of it".into()),
    }
}

/// The hexadecimal digits at the beginning, in capitals.
fn hexadecimal(text: &str) -> String {
    text.chars().take_while(char::is_ascii_hexdigit).take(64).collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIMARY: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

    fn words(status: &str) -> String {
        match judge(status) {
            Signer::Bad(words) => format!("bad: {words}"),
            Signer::Unverifiable(words) => format!("unverifiable: {words}"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_speaks_against_a_signature_outweighs_what_speaks_for_it() {
        let valid = format!("[GNUPG:] VALIDSIG {0} 2026-01-01 1 0 4 0 22 10 00 {PRIMARY}\n", "F".repeat(40));
        let good = format!("[GNUPG:] NEWSIG ada@example.org\n[GNUPG:] GOODSIG 89ABCDEF Ada\n{valid}");
        assert_eq!(judge(&good), Signer::Gpg(PRIMARY.into()));
        for (line, says) in [
            ("NEWSIG", "bad: there are several"),
            ("BADSIG 89ABCDEF Ada", "bad: what was signed"),
            ("REVKEYSIG 89abcdef Ada", "bad: its key 89ABCDEF was revoked"),
            ("EXPKEYSIG 89ABCDEF Ada", "bad: its key 89ABCDEF has expired"),
            ("EXPSIG 89ABCDEF Ada", "bad: it was made to hold"),
            ("ERRSIG 89ABCDEF 22 10 00 1 4", "unverifiable: gpg does not know"),
            ("NO_PUBKEY 89ABCDEF", "unverifiable: gpg has not its key 89ABCDEF"),
        ] {
            let said = words(&format!("{good}[GNUPG:] {line}\n"));
            assert!(said.starts_with(says), "{line}: {said}");
        }
        let since = format!(
            "{good}[GNUPG:] KEYEXPIRED 1700000000\n[GNUPG:] KEYEXPIRED 1600000000\n[GNUPG:] EXPKEYSIG 89ABCDEF Ada\n"
        );
        assert_eq!(judge(&since), Signer::GpgUntil(PRIMARY.into(), Timestamp::from_secs(1_600_000_000)));
        assert!(words(&format!("{since}[GNUPG:] KEYEXPIRED never\n")).starts_with("bad: its key 89ABCDEF has expired"));
        assert!(words("").starts_with("unverifiable"));
        assert!(words("[GNUPG:] NODATA 4\n").starts_with("bad"));
        assert!(words(&valid).starts_with("unverifiable"), "valid, but not said to be good");
        assert!(words("GOODSIG 89ABCDEF\n[GNUPG:] GOODSIG a\n[GNUPG:] VALIDSIG a b").starts_with("unverifiable"));
    }
}
