//! The real daemon, and what it says.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::organisation::Organisation;

/// Nothing that the daemon follows may take longer, on however slow a machine.
const LONGEST: Duration = Duration::from_secs(40);

/// How often a state is looked at that the daemon says nothing about.
const LOOK: Duration = Duration::from_millis(20);

/// A running `abide run`; killed with the value.
pub(crate) struct Daemon {
    child: Child,
    lines: Receiver<String>,
    /// What it has said so far, each a JSON object.
    pub(crate) said: Vec<serde_json::Value>,
}

impl Daemon {
    pub(crate) fn start(org: &Organisation) -> Self {
        let mut command = org.command(&["run", "--log-format", "json"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until something holds, listening to the daemon meanwhile.
    pub(crate) fn until(&mut self, what: &str, mut holds: impl FnMut() -> bool) {
        let begin = Instant::now();
        while !holds() {
            assert!(begin.elapsed() < LONGEST, "it never came to be that {what}; the daemon said {:#?}", self.said);
            self.listen(LOOK);
        }
    }

    /// Waits until it says something with these words, after what it has said already.
    pub(crate) fn until_it_says(&mut self, words: &str) {
        let (begin, from) = (Instant::now(), self.said.len());
        while !self.said[from..].iter().any(|line| message(line).contains(words)) {
            assert!(begin.elapsed() < LONGEST, "it never said `{words}`, but {:#?}", self.said);
            self.listen(LOOK);
        }
    }

    /// How many of its lines have these words.
    pub(crate) fn times(&self, words: &str) -> usize {
        self.said.iter().filter(|line| message(line).contains(words)).count()
    }

    fn listen(&mut self, most: Duration) {
        match self.lines.recv_timeout(most) {
            Ok(line) => self.said.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => panic!("the daemon has ended: {:#?}", self.said),
        }
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// The code that it ends with; none where a signal ended it.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

fn message(line: &serde_json::Value) -> &str {
    line["fields"]["message"].as_str().unwrap_or_default()
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
