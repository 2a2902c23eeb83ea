//! Git's protocol through the `ssh` program, with the keys, agents and hosts that it is set up with.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use super::super::address::Address;
use super::{Advertised, Conversation, FetchError, advertisement};

/// So much of what `ssh` complains about is kept.
const COMPLAINT_BYTES: u64 = 4096;

/// A running `ssh`. It ends with the value.
pub(super) struct Ssh {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

/// Asks what the repository has.
pub(super) fn connect(address: &Address) -> Result<(Advertised, Ssh), FetchError> {
    converse(command(address)?)
}

/// Starts the program and reads what it has to say first.
pub(super) fn converse(mut command: Command) -> Result<(Advertised, Ssh), FetchError> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| FetchError::Connection(format!("`ssh` cannot be started: {error}")))?;
    let complaint = child.stderr.take().map(|mut stderr| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            // What cannot be read is no complaint; the rest must be drained, or `ssh` would wait.
            drop((&mut stderr).take(COMPLAINT_BYTES).read_to_end(&mut text));
            drop(std::io::copy(&mut stderr, &mut std::io::sink()));
            String::from_utf8_lossy(&text).trim().to_owned()
        })
    });
    let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(FetchError::Connection("`ssh` has no pipes".into()));
    };
    let mut ssh = Ssh { child, to: Some(to), from: BufReader::new(from) };
    match advertisement(&mut ssh.from) {
        Ok(advertised) => Ok((advertised, ssh)),
        Err(error) => {
            drop(ssh);
            Err(explained(error, complaint))
        }
    }
}

/// The command line; an address that `ssh` could take for an option is refused.
fn command(address: &Address) -> Result<Command, FetchError> {
    let (destination, port, path) = address.ssh();
    if destination.starts_with('-') || path.starts_with('-') || port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(FetchError::Connection("the address has no host that `ssh` could take".into()));
    }
    let mut command = Command::new("ssh");
    command.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-T"]);
    if let Some(port) = port {
        command.args(["-p", port]);
    }
    command.args(["--", &destination, &format!("git-upload-pack '{}'", path.replace('\'', r"'\''"))]);
    Ok(command)
}

/// The error with what `ssh` says of it.
fn explained(error: FetchError, complaint: Option<JoinHandle<String>>) -> FetchError {
    match complaint.and_then(|thread| thread.join().ok()).filter(|text| !text.is_empty()) {
        Some(text) => FetchError::Connection(format!("ssh says: {text}")),
        None => error,
    }
}

impl Conversation for Ssh {
    fn ask(&mut self, request: Vec<u8>) -> Result<Box<dyn BufRead + '_>, FetchError> {
        if let Some(to) = &mut self.to {
            to.write_all(&request)?;
            to.flush()?;
        }
        Ok(Box::new(&mut self.from))
    }

    fn done(&mut self) -> Result<(), FetchError> {
        match &mut self.to {
            Some(to) => Ok(to.write_all(b"0000")?),
            None => Ok(()),
        }
    }
}

impl Drop for Ssh {
    fn drop(&mut self) {
        self.to = None;
        // It may have ended by itself; that is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(address: &str) -> Result<Vec<String>, FetchError> {
        let command = command(&Address::parse(address).unwrap())?;
        Ok(command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn the_path_is_quoted_and_options_are_refused() {
        let arguments_of = arguments("ssh://git@h:2222/it's.git").unwrap();
        assert_eq!(arguments_of[7..], ["-p", "2222", "--", "git@h", r"git-upload-pack '/it'\''s.git'"]);
        for wrong in ["ssh://-oProxyCommand=x/a", "-x:a", "ssh://h:x/a", "host:-a"] {
            assert!(arguments(wrong).is_err(), "{wrong}");
        }
    }
}
