//! A server of somebody else's, started for one test and killed with the value.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Nothing that is waited for may take longer, on however slow a machine.
const LONGEST: Duration = Duration::from_secs(60);

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// How often a server is started that finds its port taken.
const STARTS: usize = 5;

/// Whether the tests that need Prometheus are to be left out; says so.
pub(crate) fn left_out() -> bool {
    let left_out = std::env::var_os("ABIDE_TEST_WITHOUT_PROMETHEUS").is_some_and(|value| !value.is_empty());
    if left_out {
        eprintln!("SKIPPED: ABIDE_TEST_WITHOUT_PROMETHEUS is set, so nothing is held against a real Prometheus");
    }
    left_out
}

/// The program by the first of its names that can be run.
pub(crate) fn program(names: &[&'static str], package: &str) -> &'static str {
    let runs =
        |name: &&&str| Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    names.iter().find(runs).unwrap_or_else(|| {
        panic!(
            "there is no `{}`: `make test` installs Debian's package `{package}`, or set ABIDE_TEST_WITHOUT_PROMETHEUS=1",
            names[0]
        )
    })
}

/// A port that nobody has, and that no other test gets.
pub(crate) fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if GIVEN.lock().unwrap().insert(port) {
            return port;
        }
    }
}

/// The status of the answer at a path of a local server.
pub(crate) fn status(port: u16, path: &str, head: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(LONGEST)).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n{head}\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

pub(crate) struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Process {
    /// Starts a server, and waits until it is ready. Where it ends before, it is started again, on the port that `port` gives then.
    pub(crate) fn start(
        mut port: impl FnMut() -> u16,
        command: impl Fn(u16) -> Command,
        is_ready: impl Fn(u16) -> bool,
    ) -> (Self, u16) {
        let mut said = Vec::new();
        for _ in 0..STARTS {
            let port = port();
            let mut process = Self::spawn(command(port));
            let begin = Instant::now();
            while process.listen() {
                // Another server may answer at a port that this one does not get.
                if is_ready(port) && process.listen() {
                    return (process, port);
                }
                assert!(begin.elapsed() < LONGEST, "it does not become ready; it says {:#?}", process.said);
            }
            said.append(&mut process.said);
        }
        panic!("it does not start; it says {said:#?}");
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until there is something.
    pub(crate) fn until<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(begin.elapsed() < LONGEST, "it never came to be that {what}; the server says {:#?}", self.said);
            assert!(self.listen(), "the server has ended; it says {:#?}", self.said);
        }
    }

    /// Listens for a moment. False once it has ended.
    fn listen(&mut self) -> bool {
        match self.lines.recv_timeout(LOOK) {
            Ok(line) => self.said.push(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        true
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, arguments: &[&OsStr]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
